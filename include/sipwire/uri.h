/* sipwire: URIs, hosts, and the parameters of URIs and header fields.
 * SPDX-License-Identifier: MIT */
#ifndef SIPWIRE_URI_H
#define SIPWIRE_URI_H

#include "base.h"
#include "names.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum sipwire_host_type {
    SIPWIRE_HOST_NONE = 0,
    SIPWIRE_HOST_NAME = 1,
    SIPWIRE_HOST_IPV4 = 2,
    SIPWIRE_HOST_IPV6 = 3
} sipwire_host_type;

/* A host (RFC 3261 section 25.1, addresses by RFC 5954). */
typedef struct sipwire_host {
    sipwire_str text; /* as written; an IPv6 address without its brackets */
    uint32_t type;    /* sipwire_host_type; SIPWIRE_HOST_NONE when absent */
    uint32_t reserved;
} sipwire_host;

/* The parameters of one value or URI, checked when the value was parsed, read with the functions below. That none
 * stands twice (RFC 3261 sections 7.3.1, 19.1.1) is checked there of those that have a rule of their own, of others
 * when they are looked for. */
typedef struct sipwire_params {
    const char *ptr; /* from the first ";"; NULL when there are none */
    uint32_t len;
    uint32_t count;
} sipwire_params;

/* One parameter. Names compare in any letter case (RFC 3261 section 7.3.1). */
typedef struct sipwire_param {
    sipwire_str name;   /* as written */
    sipwire_text value; /* ptr NULL for a parameter without "=" */
    uint16_t id;        /* sipwire_param_id; SIPWIRE_PARAM_UNKNOWN for a name that is not in the table */
    uint16_t reserved[3];
} sipwire_param;

/* The next parameter. cursor: 0 at first; kept by the caller. Returns OK or END. */
SIPWIRE_API sipwire_status sipwire_param_next(const sipwire_params *params, uint32_t *cursor, sipwire_param *out);

/* The parameter with this id or this name. Returns OK; ABSENT, or E_DUPLICATE_PARAM when there are several, none of
 * which is believed: both with an empty out. Linear in the parameters. */
SIPWIRE_API sipwire_status sipwire_param_get(const sipwire_params *params, uint16_t id, sipwire_param *out);
SIPWIRE_API sipwire_status sipwire_param_find(const sipwire_params *params, sipwire_str name, sipwire_param *out);

typedef enum sipwire_scheme {
    SIPWIRE_SCHEME_NONE = 0,
    SIPWIRE_SCHEME_SIP = 1,  /* RFC 3261 section 19.1 */
    SIPWIRE_SCHEME_SIPS = 2, /* RFC 3261 section 19.1 */
    SIPWIRE_SCHEME_TEL = 3,  /* RFC 3966 */
    SIPWIRE_SCHEME_OTHER = 4 /* absoluteURI */
} sipwire_scheme;

/* A URI, taken apart. Nothing is decoded: escapes (%41) stand as written. */
typedef struct sipwire_uri {
    sipwire_str raw;         /* the whole URI */
    sipwire_str scheme_text; /* before the first ":" */
    uint32_t scheme;         /* sipwire_scheme */
    int32_t port;            /* sip, sips: 0 to 65535; -1 when absent */
    sipwire_str user;        /* sip, sips: ptr NULL when there is no userinfo */
    sipwire_str password;    /* sip, sips: ptr NULL when absent; may be empty */
    sipwire_host host;       /* sip, sips */
    sipwire_str number;      /* tel: the digits with their visual separators, "+" first in a global number */
    sipwire_params params;   /* sip, sips, tel */
    sipwire_str headers;     /* sip, sips: behind the "?" */
    sipwire_str rest;        /* other schemes: behind the ":" */
    uint64_t reserved[4];
} sipwire_uri;

/* Parses a URI by itself (RFC 3261 section 25.1 addr-spec; RFC 3966 for tel). Strict, with the default limits; for
 * others there is sipwire_msg_of_uri.
 * out: borrows from text. err->offset is from text.ptr.
 * Returns OK, E_SYNTAX, E_RANGE (port, ttl), E_DUPLICATE_PARAM (of parameters that have a rule of their own),
 * E_LIMIT_URI, E_LIMIT_PARAMS. Linear. */
SIPWIRE_API sipwire_status sipwire_uri_parse(sipwire_str text, sipwire_uri *out, sipwire_error *err);

/* One header of a URI (RFC 3261 section 19.1.1): a header field of the request made from it. As written: escaped. */
typedef struct sipwire_uri_header {
    sipwire_str name;
    sipwire_str value; /* may be empty */
} sipwire_uri_header;

/* The next header of a URI. cursor: 0 at first; kept by the caller. out: borrows from the URI's text. OK or END. */
SIPWIRE_API sipwire_status sipwire_uri_header_next(const sipwire_uri *uri, uint32_t *cursor, sipwire_uri_header *out);

/* The first header with this name, escapes decoded, in any letter case: "Reason" or "Privacy" of an entry of
 * History-Info (RFC 7044 section 5), "Replaces" of Refer-To (RFC 3891 section 6.1). Returns OK, or ABSENT with an empty
 * out. Linear. */
SIPWIRE_API sipwire_status sipwire_uri_header_find(const sipwire_uri *uri, sipwire_str name, sipwire_uri_header *out);

/* Copies a part of a URI with its escapes decoded (RFC 3261 section 25.1 escaped).
 * buf, cap: the caller's buffer; cap may be 0. needed: octets of the decoded text; may be NULL.
 * Returns OK, or E_SPACE when cap is less than that; buf then holds the first cap octets. What is decoded may hold any
 * octet, CR LF and NUL included: a header's value is one of its field only when sipwire_value_parse says so. "%"
 * without two hexadecimal digits, which no URI that was parsed has, stays. */
SIPWIRE_API sipwire_status sipwire_uri_unescape(sipwire_str text, char *buf, size_t cap, size_t *needed);

/* Copies a text decoded: without quotes' escapes, a fold with its blanks as one SP (RFC 3261 sections 7.3.1, 25.1).
 * buf, cap: the caller's buffer; cap may be 0. needed: octets of the decoded text; may be NULL.
 * Returns OK, or E_SPACE when cap is less than that; buf then holds the first cap octets. Decoded text may hold any
 * octet but CR and LF, NUL included. An absent text is empty. */
SIPWIRE_API sipwire_status sipwire_text_copy(sipwire_text text, char *buf, size_t cap, size_t *needed);

/* Whether two texts mean the same, whatever their forms: compared as sipwire_text_copy would decode them, without
 * decoding them anywhere. sipwire_text_equal_any_case: ASCII letters are equal in both cases, as in tokens (RFC 3261
 * section 7.3.1). An absent text is equal to an absent one only. Linear in the shorter one. */
SIPWIRE_API bool sipwire_text_equal(sipwire_text a, sipwire_text b);
SIPWIRE_API bool sipwire_text_equal_any_case(sipwire_text a, sipwire_text b);

/* A text of the caller's own, decoded: for writing, and for comparing. Borrows. */
static inline sipwire_text sipwire_text_plain(sipwire_str octets)
{
    sipwire_text text = {octets.ptr, (uint32_t)octets.len, SIPWIRE_PLAIN};
    return text;
}

#ifdef __cplusplus
}
#endif

#endif
