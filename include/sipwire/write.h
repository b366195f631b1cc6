/* sipwire: writing messages from typed values (writers.h has a function for each shape of value and each field).
 *
 *     sipwire_writer w;
 *     sipwire_writer_init(&w, buf, sizeof buf, NULL);
 *     sipwire_write_response(&w, 180, (sipwire_str){0});
 *     sipwire_write_field_via(&w, &via);
 *     sipwire_write_field_to(&w, &to);
 *     sipwire_write_param(&w, SIPWIRE_LITERAL("tag"), &tag);
 *     ...
 *     if (sipwire_write_end(&w, (sipwire_str){0}, &needed, &err) == SIPWIRE_OK) send(buf, needed);
 *
 * What is written was checked against the grammar, member by member: no octet of a member can end the value, the field
 * or the head that it stands in. The first refusal sticks: later calls do nothing and return it, so that it is enough
 * to look at what sipwire_write_end returns. docs/writing.md has the rules in full.
 * SPDX-License-Identifier: MIT */
#ifndef SIPWIRE_WRITE_H
#define SIPWIRE_WRITE_H

#include "message.h"
#include "values.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Which of its names a header field gets (RFC 3261 section 7.3.3). */
typedef enum sipwire_names {
    SIPWIRE_NAMES_LONG = 0,     /* "Via"; sipwire_write_row and sipwire_write_field keep the name given */
    SIPWIRE_NAMES_COMPACT = 1,  /* "v", where there is a compact form; everywhere */
    SIPWIRE_NAMES_CANONICAL = 2 /* "Via", everywhere */
} sipwire_names;

/* How consecutive values of a comma list are laid out. */
typedef enum sipwire_lists {
    SIPWIRE_LISTS_USUAL = 0, /* values that take parameters each in a row of their own, as proxies do; others joined */
    SIPWIRE_LISTS_ROWS = 1,  /* each in a row of its own */
    SIPWIRE_LISTS_JOINED = 2 /* all in one row, separated by ", " */
} sipwire_lists;

/* What becomes of the order of fields (RFC 3261 section 7.3.1: those a proxy needs towards the top), which is that of
 * the column "order" of the table of fields; fields that are not in it stand before those about the body. */
typedef enum sipwire_order {
    SIPWIRE_ORDER_AS_CALLED = 0,
    SIPWIRE_ORDER_CHECKED = 1, /* E_ORDER for a field that should stand before one written already */
    SIPWIRE_ORDER_APPLIED = 2  /* each field is put where it should stand, behind those of the same place */
} sipwire_order;

/* How a message is written. Fill it with SIPWIRE_WRITE_OPTIONS_INIT. */
typedef struct sipwire_write_options {
    uint32_t size;  /* sizeof(sipwire_write_options) */
    uint32_t names; /* sipwire_names */
    uint32_t lists; /* sipwire_lists */
    uint32_t order; /* sipwire_order */
    sipwire_options
        limits; /* nothing is written that a parser with these limits would refuse; mode and accept do not count */
    uint32_t reserved[8];
} sipwire_write_options;

/* SIPWIRE_LITERAL: a sipwire_str of a string literal. */
#ifdef __cplusplus
#define SIPWIRE_WRITE_OPTIONS_INIT (sipwire_write_options_make())
#define SIPWIRE_LITERAL(text) (sipwire_str{(text), sizeof(text) - 1})
#else
#define SIPWIRE_WRITE_OPTIONS_INIT                                                                                     \
    ((sipwire_write_options){.size = sizeof(sipwire_write_options), .limits = SIPWIRE_OPTIONS_INIT})
#define SIPWIRE_LITERAL(text) ((sipwire_str){(text), sizeof(text) - 1})
#endif

#ifdef __cplusplus
/* SIPWIRE_WRITE_OPTIONS_INIT for C++, which has no compound literals. */
static inline sipwire_write_options sipwire_write_options_make(void)
{
    sipwire_write_options options = sipwire_write_options();
    options.size = static_cast<uint32_t>(sizeof options);
    options.limits = SIPWIRE_OPTIONS_INIT;
    return options;
}
#endif

/* A message being written. The caller's; members are private. */
typedef struct sipwire_writer {
    char *buf;
    uint64_t cap;
    uint64_t len;  /* octets so far, whether or not they had room; without the line end of the last line */
    uint64_t line; /* where the last line begins */
    const void *set;
    uint64_t seen;      /* parameters of the last value, by place in its scope */
    uint64_t typed[4];  /* fields that were written from values or text */
    uint64_t copied[4]; /* fields that were copied */
    sipwire_error error;
    sipwire_write_options options;
    uint32_t fields;
    uint32_t params; /* of the last value */
    uint16_t header; /* of the last line */
    uint16_t order;  /* of the last line */
    uint8_t state;
    uint8_t after; /* what may follow in the last line */
    uint8_t place; /* of the rule of the last value, which place its parameters are of */
    const void *row;
    int64_t wide;   /* the last place where 64 octets have room; below 0 when there is none */
    int64_t usual;  /* the same for a field that may follow and is named and ordered as most are */
    uint16_t alone; /* the field whose value was "*"; 0: none */
    uint16_t reserved16[3];
    uint64_t region; /* where the parameters of the last value begin */
    uint64_t reserved[2];
} sipwire_writer;

/* Begins a message. buf, cap: where it goes, used until sipwire_write_end; octets behind the message, up to cap, are
 * scratch. NULL or 0: it is checked and measured only. options: NULL for the defaults; copied. */
SIPWIRE_API void sipwire_writer_init(sipwire_writer *writer, char *buf, size_t cap,
                                     const sipwire_write_options *options);

/* Texts whose ptr is NULL are absent, whatever their len. Every function below returns OK, an earlier error again, or
 *   E_USAGE             a call that makes no sense here: a field (Content-Length too) before the start line, a
 *                       parameter without a value, anything after sipwire_write_end, a value of another shape than the
 *                       field's
 *   E_SYNTAX            octets that the member's rule does not allow, the first of them at error.offset of that member
 *   E_RANGE             a number outside its RFC's bounds
 *   E_MEMBER            a member that is needed is absent, or one is set that the value has no place for
 *   E_DUPLICATE         a field that may occur once was written before; another Contact beside "*", which stands alone
 *                       in its message (RFC 3261 section 10.3)
 *   E_DUPLICATE_PARAM   a parameter occurs twice in one value or URI. Of those that have no rule of their own there,
 *                       the first 32 are compared; one of sipwire_write_param only where the value had room, so that
 *                       such a message may be measured, and is refused when it is written
 *   E_ORDER             see sipwire_order
 *   E_LIMIT_*           see sipwire_write_options.limits
 * A buffer that is too short is no error before sipwire_write_end. error.rule is the member's grammar rule,
 * error.header the field, error.row the number of the field from 0. Each is linear in the octets that it writes. */

/* The Request-Line (RFC 3261 section 7.1). method: any token. uri: composed from its members; raw does not count. */
SIPWIRE_API sipwire_status sipwire_write_request(sipwire_writer *writer, sipwire_str method, const sipwire_uri *uri);

/* The same with a URI that is text yet: sipwire_uri_parse with the limits of the writer. E_LIMIT_URI and E_LIMIT_PARAMS
 * have their error.offset in uri. */
SIPWIRE_API sipwire_status sipwire_write_request_text(sipwire_writer *writer, sipwire_str method, sipwire_str uri);

/* The Status-Line (RFC 3261 section 7.2). status: 100 to 699. reason: ptr NULL for the registered phrase. */
SIPWIRE_API sipwire_status sipwire_write_response(sipwire_writer *writer, uint16_t status, sipwire_str reason);

/* The start line of a parsed message as it stands there: only its structure is checked, as sipwire_parse does
 * (E_START_LINE, E_RANGE, E_LIMIT_URI; error.offset is from its first octet). buf: the message's octets. E_USAGE when
 * msg holds no start line. */
SIPWIRE_API sipwire_status sipwire_write_start_line(sipwire_writer *writer, const char *buf, const sipwire_msg *msg);

/* One value of a field. value: the struct of the shape, which must be the field's; from the parser or of the caller's
 * own making. Parameters that are members are written from the members: one that stands in params too is replaced
 * there, or left out when the member is absent; the others are copied in their order; new ones follow. A Content-Length
 * is passed over, since sipwire_write_end writes it. */
SIPWIRE_API sipwire_status sipwire_write_shaped(sipwire_writer *writer, uint16_t header, sipwire_shape shape,
                                                const void *value);

/* One value of any shape. */
SIPWIRE_API sipwire_status sipwire_write_value(sipwire_writer *writer, uint16_t header, const sipwire_value *value);

/* A further parameter of the value just written. value: NULL for one without "="; a PLAIN one that is no token is
 * quoted where the rule allows. */
SIPWIRE_API sipwire_status sipwire_write_param(sipwire_writer *writer, sipwire_str name, const sipwire_text *value);

/* A field by name with a value that is text: a private one, or one of the table, whose value must then satisfy its own
 * grammar, all of it: sipwire_value_parse with the limits of the writer. error.offset is from the first octet of value
 * that is no blank. Blanks around the value are left out, a fold becomes one SP. An empty value writes an empty field,
 * where it may be empty. A Content-Length is passed over. */
SIPWIRE_API sipwire_status sipwire_write_field(sipwire_writer *writer, sipwire_str name, sipwire_str value);

/* A field of a message as it stands there, folds and all, whatever its value means: only its structure is checked
 * (E_NAME, E_LINE_END), so that it stays one field. Repetitions among copied fields stay; E_DUPLICATE when the field
 * was written otherwise too. A Content-Length is passed over. */
SIPWIRE_API sipwire_status sipwire_write_row(sipwire_writer *writer, const char *buf, const sipwire_row *row);

/* Consecutive rows of a message, as sipwire_write_row writes each, in a third of the time. count: how many; 0 writes
 * none. The first that is refused ends it. */
SIPWIRE_API sipwire_status sipwire_write_rows(sipwire_writer *writer, const char *buf, const sipwire_row *rows,
                                              uint32_t count);

/* Content-Length, the empty line and the body. needed: octets of the whole message, set on OK and E_SPACE; may be NULL.
 * err: may be NULL. Returns OK; E_SPACE when cap is less than needed (buf then holds nothing of use); the first
 * error. */
SIPWIRE_API sipwire_status sipwire_write_end(sipwire_writer *writer, sipwire_str body, size_t *needed,
                                             sipwire_error *err);

#ifdef __cplusplus
}
#endif

#endif
