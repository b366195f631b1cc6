/* sipwire: what every other header needs: status, error, borrowed text, options.
 * SPDX-License-Identifier: MIT */
#ifndef SIPWIRE_BASE_H
#define SIPWIRE_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SIPWIRE_VERSION_MAJOR 0
#define SIPWIRE_VERSION_MINOR 1
#define SIPWIRE_VERSION_PATCH 0

/* The library is built with every other symbol hidden. */
#if defined(__GNUC__)
#define SIPWIRE_API __attribute__((visibility("default")))
#else
#define SIPWIRE_API
#endif

/* Status of a call. 0 is success; positive values are no errors: there is nothing (more) to return, or more
 * octets are needed; negative values are errors. The numbers are frozen and append-only (docs/abi.md).
 *       name                      number  text */
#define SIPWIRE_STATUS_LIST(X)                                                                                         \
    X(OK, 0, "success")                                                                                                \
    X(END, 1, "no more values")                                                                                        \
    X(ABSENT, 2, "the message has no such header field")                                                               \
    X(MORE, 3, "the message is not complete yet")                                                                      \
    X(KEEP_ALIVE, 4, "line ends alone, which keep a connection alive")                                                 \
    X(E_USAGE, -1, "an argument breaks the function's contract")                                                       \
    X(E_SYNTAX, -2, "the text does not match its grammar rule")                                                        \
    X(E_RANGE, -3, "a number is outside the range its RFC allows")                                                     \
    X(E_DUPLICATE, -4, "a header field that may occur once occurs again")                                              \
    X(E_DUPLICATE_PARAM, -5, "a parameter occurs twice in one value")                                                  \
    X(E_LINE_END, -6, "CR or LF outside a CRLF line end")                                                              \
    X(E_CONTROL, -7, "a control octet where none may stand")                                                           \
    X(E_FOLD, -8, "a continuation line before the first header field")                                                 \
    X(E_NAME, -9, "a header line has no token followed by a colon")                                                    \
    X(E_START_LINE, -10, "the start line is neither a Request-Line nor a Status-Line")                                 \
    X(E_CONTENT_LENGTH, -11, "Content-Length is not a plain number")                                                   \
    X(E_CONTENT_LENGTH_REPEATED, -12, "Content-Length occurs more than once")                                          \
    X(E_CONTENT_LENGTH_MISSING, -13, "a message on a stream has no Content-Length")                                    \
    X(E_BODY_SHORT, -14, "the datagram ends before the body's Content-Length")                                         \
    X(E_HEAD_UNENDED, -15, "the message ends before the empty line that ends its head")                                \
    X(E_TRAILING, -16, "octets follow the message where none may")                                                     \
    X(E_SLOTS, -17, "the caller's array has too few rows")                                                             \
    X(E_SPACE, -18, "the caller's buffer is too short")                                                                \
    X(E_LIMIT_MESSAGE, -19, "the message is longer than options.max_message")                                          \
    X(E_LIMIT_HEAD, -20, "the head is longer than options.max_head")                                                   \
    X(E_LIMIT_FIELDS, -21, "there are more header fields than options.max_fields")                                     \
    X(E_LIMIT_FIELD, -22, "a header field is longer than options.max_field")                                           \
    X(E_LIMIT_URI, -23, "a URI is longer than options.max_uri")                                                        \
    X(E_LIMIT_PARAMS, -24, "a value has more parameters than options.max_params")                                      \
    X(E_UNTYPED, -25, "the header field has no typed value")                                                           \
    X(E_MEMBER, -26, "a member that is needed is absent, or one is set that the value has no place for")               \
    X(E_ORDER, -27, "a header field should stand before one that was written already")                                 \
    X(E_LIMIT_NESTING, -28, "comments stand in comments deeper than options.max_nesting")                              \
    X(E_LIMIT_LEADING, -29, "more blank lines stand before the start line than options.max_leading has octets")

typedef enum sipwire_status {
#define SIPWIRE_STATUS_ENUM(name, number, text) SIPWIRE_##name = number,
    SIPWIRE_STATUS_LIST(SIPWIRE_STATUS_ENUM)
#undef SIPWIRE_STATUS_ENUM
} sipwire_status;

/* The name of a status without its prefix ("E_SYNTAX"), and a sentence about it. Never NULL; static. */
SIPWIRE_API const char *sipwire_status_name(sipwire_status status);
SIPWIRE_API const char *sipwire_status_text(sipwire_status status);

/* Octets that somebody else owns. Not NUL-terminated. ptr is NULL when the thing is absent; an empty one that is
 * there has a pointer and len 0. */
typedef struct sipwire_str {
    const char *ptr;
    size_t len;
} sipwire_str;

/* Octets of a message, by position, so that an index can be moved or sent to another process. */
typedef struct sipwire_span {
    uint32_t off;
    uint32_t len;
} sipwire_span;

/* How the octets of a sipwire_text are to be read. */
typedef enum sipwire_form {
    SIPWIRE_WIRE = 0, /* as on the wire; a token or TEXT-UTF8, which may hold folds */
    SIPWIRE_WIRE_QUOTED =
        1,            /* as on the wire, from between the quotes of a quoted-string: may hold quoted-pairs, folds */
    SIPWIRE_PLAIN = 2 /* decoded; what a caller writes */
} sipwire_form;

/* A textual member of a typed value. ptr is NULL when it is absent. */
typedef struct sipwire_text {
    const char *ptr;
    uint32_t len;
    uint32_t form; /* sipwire_form */
} sipwire_text;

/* What went wrong and where. Every function that takes one accepts NULL, and fills it only when it returns a negative
 * status (or MORE, END, ABSENT: then only status is meaningful). */
typedef struct sipwire_error {
    int32_t status; /* sipwire_status */
    /* From the start of the buffer given to the call. The octets before it begin some valid text: it is the first octet
     * that cannot stand where it does, or the end of the text when that is incomplete. Where the grammar is satisfied
     * and a limit is not (E_RANGE, E_DUPLICATE*, E_LIMIT_URI, E_LIMIT_PARAMS): the first octet of the number, name, URI
     * or field concerned. */
    uint32_t offset;
    uint16_t rule;   /* innermost grammar rule being read, for sipwire_rule_name(); 0 when none */
    uint16_t header; /* sipwire_header of the field; 0 when none or unknown */
    uint32_t row;    /* index of the field's row; UINT32_MAX when none */
    uint64_t needed; /* E_SLOTS: rows needed; E_SPACE: octets needed; else 0 */
    uint64_t reserved;
} sipwire_error;

/* The status of the response that a request with this error calls for (RFC 3261 sections 8.2 and 21.4, 21.5):
 *   513  Message Too Large: E_LIMIT_MESSAGE, E_LIMIT_HEAD, E_LIMIT_FIELDS, E_LIMIT_FIELD, E_LIMIT_PARAMS,
 *        E_LIMIT_NESTING, E_LIMIT_LEADING; E_LIMIT_URI in a field, where a URI within its grammar is not malformed, but
 *        more than is taken
 *   414  Request-URI Too Long: E_LIMIT_URI without a field (section 21.4.12 is about the Request-URI alone)
 *   400  Bad Request: every other error of a message
 *   0    none: no error, or one of the call (E_USAGE, E_SLOTS, E_SPACE, E_UNTYPED, E_MEMBER, E_ORDER)
 * No response is sent to ACK, nor to a response; a stream that cannot be framed is closed behind it. err: not NULL. */
SIPWIRE_API uint16_t sipwire_error_response(const sipwire_error *err);

/* How the octets reached us: whether the message's end is known from outside.
 * DATAGRAM: one datagram (RFC 3261 section 18.3), Content-Length is optional, further octets are not part of the
 * message.
 * STREAM: Content-Length is required, and nothing may follow the message given to sipwire_parse.
 * WEBSOCKET: one WebSocket message (RFC 7118 section 5), Content-Length is optional; it holds one SIP message and
 * nothing behind it, or a keep-alive (section 6). */
typedef enum sipwire_transport_mode {
    SIPWIRE_DATAGRAM = 0,
    SIPWIRE_STREAM = 1,
    SIPWIRE_WEBSOCKET = 2
} sipwire_transport_mode;

/* What is accepted, and how much. Fill it with SIPWIRE_OPTIONS_INIT, then change what is needed. A limit of 0 stands
 * for its default; no limit may exceed 2^32-1. */
typedef struct sipwire_options {
    uint32_t size;        /* sizeof(sipwire_options) */
    uint32_t mode;        /* sipwire_transport_mode */
    uint64_t accept;      /* named tolerances; 0 is strict */
    uint32_t max_message; /* octets of one message; default 16,777,216 */
    uint32_t max_head;    /* octets of start line, header fields and empty line; default 262,144 */
    uint32_t max_fields;  /* header fields; default 4,096 */
    uint32_t max_field;   /* octets of one header field, from its name to its line end; default 131,072 */
    uint32_t max_uri;     /* octets of one URI; default 65,536 */
    uint32_t max_params;  /* parameters of one value; default 16,384 */
    uint32_t max_nesting; /* comments within each other; default 8, which is also the most there may be */
    uint32_t
        max_leading; /* octets of blank lines before a datagram's start line, where SIPWIRE_ACCEPT_LEADING_LINES takes
                             them; default 64. They count in max_head and max_message too */
    uint32_t reserved[4];
} sipwire_options;

#ifdef __cplusplus
#define SIPWIRE_OPTIONS_INIT (sipwire_options_make())
#else
#define SIPWIRE_OPTIONS_INIT ((sipwire_options){.size = sizeof(sipwire_options)})
#endif

/* The version of the library linked, as "MAJOR.MINOR.PATCH". Static. */
SIPWIRE_API const char *sipwire_version(void);

#ifdef __cplusplus
/* SIPWIRE_OPTIONS_INIT for C++, which has no compound literals. */
static inline sipwire_options sipwire_options_make(void)
{
    sipwire_options options = sipwire_options();
    options.size = static_cast<uint32_t>(sizeof options);
    return options;
}
#endif

#ifdef __cplusplus
}
#endif

#endif
