/* What is measured: pieces of work on one message, shared by the benchmarks and the instruction counts. */
#ifndef BENCH_WORK_H
#define BENCH_WORK_H

#include "mix.h"

#ifdef __cplusplus
extern "C" {
#else
#include <stdbool.h>
#endif

typedef struct work {
    const char *name;
    bool levels; /* it runs at each SIMD level of the library; else it does not use the library */
    /* Does the work; returns something that depends on all of it, or 0 when the message was refused. */
    size_t (*run)(const mix_message *message);
} work;

/* What everything is compared with: glibc's memchr finds every LF of the header block. */
size_t work_floor(const mix_message *message);
/* The whole message copied. */
size_t work_memcpy(const mix_message *message);
/* sipwire_parse of a datagram. */
size_t work_index(const mix_message *message);
/* sipwire_framer_scan, with the rest of the stream before it. */
size_t work_frame(const mix_message *message);
/* The same, then sipwire_parse of what was framed. */
size_t work_frame_index(const mix_message *message);

/* sipwire_parse, then what a proxy looks at: Request-URI, top Via, Max-Forwards, Route, Proxy-Require, and what names
 * the dialog and transaction: From, To, Call-ID, CSeq. */
size_t work_proxy(const mix_message *message);
/* sipwire_parse, then every value of every typed header field, and the Request-URI. */
size_t work_all_values(const mix_message *message);
/* All values of one shape, from an index made before. */
size_t work_read_address(const mix_message *message);
size_t work_read_call_id(const mix_message *message);
size_t work_read_cseq(const mix_message *message);
size_t work_read_media_type(const mix_message *message);
size_t work_read_number(const mix_message *message);
size_t work_read_request_uri(const mix_message *message);
size_t work_read_text(const mix_message *message);
size_t work_read_token(const mix_message *message);
size_t work_read_via(const mix_message *message);

/* sipwire_value_parse of one value by itself: data is the value, kind the name of its header field. */
size_t work_value(const mix_message *message);

/* The message written from typed values that were read before; a field without a type from its text. */
size_t work_write(const mix_message *message);
/* The message written from its index: start line and rows as they stand, and the body. */
size_t work_write_rows(const mix_message *message);
/* The octets that work_write writes, copied. */
size_t work_write_copy(const mix_message *message);

#ifdef __cplusplus
}
#endif

#endif
