/* sipwire: the names that SIP registers, their numbers and back (IANA "Session Initiation Protocol (SIP) Parameters").
 * The enumerations are generated from the tables in grammar/.
 * SPDX-License-Identifier: MIT */
#ifndef SIPWIRE_NAMES_H
#define SIPWIRE_NAMES_H

#include "base.h"
#include <sipwire/ids.h> /* generated: SIPWIRE_HEADER_*, SIPWIRE_METHOD_*, SIPWIRE_PARAM_* and their X-macros */

#ifdef __cplusplus
extern "C" {
#endif

/* The header field with this name or compact form, in any letter case (RFC 3261 section 7.3.1); the whole name is compared.
 * SIPWIRE_HEADER_UNKNOWN (0) when there is none. */
SIPWIRE_API uint16_t sipwire_header_lookup(sipwire_str name);

/* Canonical name ("Call-ID") and compact form ("i") of a header field; len 0 when the id has none. Static. */
SIPWIRE_API sipwire_str sipwire_header_name(uint16_t header);
SIPWIRE_API sipwire_str sipwire_header_compact(uint16_t header);

/* The request method with this name, which is case-sensitive (section 7.1); SIPWIRE_METHOD_UNKNOWN (0) when there is none. */
SIPWIRE_API uint16_t sipwire_method_lookup(sipwire_str name);
SIPWIRE_API sipwire_str sipwire_method_name(uint16_t method);

/* The parameter with this name, in any letter case; SIPWIRE_PARAM_UNKNOWN (0) when there is none. */
SIPWIRE_API uint16_t sipwire_param_lookup(sipwire_str name);
SIPWIRE_API sipwire_str sipwire_param_name(uint16_t param);

/* The transport with this name ("TLS-SCTP"), in any letter case; SIPWIRE_TRANSPORT_UNKNOWN (0) when there is none. */
SIPWIRE_API uint16_t sipwire_transport_lookup(sipwire_str name);
SIPWIRE_API sipwire_str sipwire_transport_name(uint16_t transport);

/* The registered reason phrase of a status code ("OK"); len 0 when the code is not registered. */
SIPWIRE_API sipwire_str sipwire_reason_phrase(uint16_t status);

/* The name of the grammar rule that an error names ("sent-by"), and the RFC that defines it ("RFC 3261 section 25.1").
 * Rule numbers may change between versions of the library, names do not. Empty strings for 0. Static. */
SIPWIRE_API const char *sipwire_rule_name(uint16_t rule);
SIPWIRE_API const char *sipwire_rule_reference(uint16_t rule);

#ifdef __cplusplus
}
#endif

#endif
