/* What other libraries do with one message, as pieces of work beside ours. Each returns 0 when it refuses the
 * message. */
#ifndef BENCH_PEERS_H
#define BENCH_PEERS_H

#include "mix.h"

#ifdef __cplusplus
extern "C" {
#endif

/* GNU oSIP: osip_message_parse into a new message, which is freed. Copies every header field; Via, the address fields
 * with their URIs, CSeq, Call-ID, media types and the digest fields become structs, the others stay name and text. */
size_t peer_osip(const mix_message *message);

/* Sofia-SIP: msg_make. Copies the message and makes a struct of each header field that its parser's table knows, with
 * URIs and lists of parameters; the others stay name and text. */
size_t peer_sofia(const mix_message *message);

/* libre: sip_msg_decode. An object for each header field on a list and in a hash; start line, Request-URI, the first
 * Via, To, From and CSeq become structs, the others stay text. */
size_t peer_re(const mix_message *message);

/* http-parser on the same header fields behind an HTTP request line, since it takes no other: splits names from values,
 * and types Content-Length. */
size_t peer_http_parser(const mix_message *message);

#ifdef __cplusplus
}
#endif

#endif
