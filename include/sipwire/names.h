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

/* The header field with this name or compact form, in any letter case (RFC 3261 section 7.3.1); the whole name is
 * compared. SIPWIRE_HEADER_UNKNOWN (0) when there is none. */
SIPWIRE_API uint16_t sipwire_header_lookup(sipwire_str name);

/* Canonical name ("Call-ID") and compact form ("i") of a header field; len 0 when the id has none. Static. */
SIPWIRE_API sipwire_str sipwire_header_name(uint16_t header);
SIPWIRE_API sipwire_str sipwire_header_compact(uint16_t header);

/* The request method with this name, which is case-sensitive (section 7.1); SIPWIRE_METHOD_UNKNOWN (0) when there is
 * none. */
SIPWIRE_API uint16_t sipwire_method_lookup(sipwire_str name);
SIPWIRE_API sipwire_str sipwire_method_name(uint16_t method);

/* The parameter with this name, in any letter case; SIPWIRE_PARAM_UNKNOWN (0) when there is none. */
SIPWIRE_API uint16_t sipwire_param_lookup(sipwire_str name);
SIPWIRE_API sipwire_str sipwire_param_name(uint16_t param);

/* The transport with this name ("TLS-SCTP"), in any letter case; SIPWIRE_TRANSPORT_UNKNOWN (0) when there is none. */
SIPWIRE_API uint16_t sipwire_transport_lookup(sipwire_str name);
SIPWIRE_API sipwire_str sipwire_transport_name(uint16_t transport);

/* What the body of a request is for. */
typedef enum sipwire_body_kind {
    SIPWIRE_BODY_NONE = 0,    /* it has none */
    SIPWIRE_BODY_ANY = 1,     /* of no set purpose */
    SIPWIRE_BODY_SESSION = 2, /* a session description; in OPTIONS a capability */
    SIPWIRE_BODY_EVENT = 3,   /* the state of an event package */
    SIPWIRE_BODY_FILTER = 4,  /* a filter of notifications */
    SIPWIRE_BODY_MESSAGE = 5, /* a message for people */
    SIPWIRE_BODY_INFO = 6     /* as its Info-Package says */
} sipwire_body_kind;

typedef struct sipwire_method_traits {
    uint16_t rfc;  /* the number of the RFC that defines the method */
    uint16_t body; /* sipwire_body_kind */
    /* Outside a dialog it can make one (RFC 3261 section 12.1, RFC 6665 section 4.4.1, RFC 3515 section 2). */
    bool dialog;
    bool refresh;  /* it is a target refresh request (RFC 5057 section 5.4) */
    bool answered; /* it has responses: ACK has none */
    uint8_t reserved[9];
} sipwire_method_traits;

/* What a method does; false, and all members 0, for SIPWIRE_METHOD_UNKNOWN and numbers of no method. */
SIPWIRE_API bool sipwire_method_traits_get(uint16_t method, sipwire_method_traits *out);

/* The option tag with this name ("100rel"), in any letter case (RFC 3261 section 19.2); SIPWIRE_OPTION_TAG_UNKNOWN (0)
 * when there is none. */
SIPWIRE_API uint16_t sipwire_option_tag_lookup(sipwire_str name);
SIPWIRE_API sipwire_str sipwire_option_tag_name(uint16_t option_tag);

/* The event package or template-package with this name ("presence"), compared octet by octet (RFC 6665 section 8.2.1);
 * SIPWIRE_EVENT_PACKAGE_UNKNOWN (0) when there is none. */
SIPWIRE_API uint16_t sipwire_event_package_lookup(sipwire_str name);
SIPWIRE_API sipwire_str sipwire_event_package_name(uint16_t event_package);

/* The protocol of Reason with this name ("Q.850"), in any letter case (RFC 3326); SIPWIRE_REASON_PROTOCOL_UNKNOWN (0)
 * when there is none. */
SIPWIRE_API uint16_t sipwire_reason_protocol_lookup(sipwire_str name);
SIPWIRE_API sipwire_str sipwire_reason_protocol_name(uint16_t reason_protocol);

/* The value of Privacy with this name ("id"), in any letter case (RFC 3323 section 4.2); SIPWIRE_PRIV_VALUE_UNKNOWN (0)
 * when there is none. */
SIPWIRE_API uint16_t sipwire_priv_value_lookup(sipwire_str name);
SIPWIRE_API sipwire_str sipwire_priv_value_name(uint16_t priv_value);

/* What a warn code of Warning means ("Incompatible media format"); len 0 when the code is not registered (RFC 3261
 * section 20.43). Static. */
SIPWIRE_API sipwire_str sipwire_warn_text(uint16_t warn_code);

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
