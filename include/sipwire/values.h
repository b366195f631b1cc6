/* sipwire: reading header fields as typed values. The structs are in shapes.h, a getter for each of them in getters.h.
 *
 * A field that may occur once is read with a getter:
 *
 *     sipwire_cseq cseq;
 *     if (sipwire_get_cseq(&msg, buf, SIPWIRE_HEADER_CSEQ, &cseq, &err) == SIPWIRE_OK) ...
 *
 * A field that may occur often, or holds a comma list, with an iterator that crosses commas and repeated rows:
 *
 *     sipwire_iter it;
 *     sipwire_via via;
 *     sipwire_iter_begin(&it, &msg, buf, SIPWIRE_HEADER_VIA);
 *     while ((status = sipwire_via_next(&it, &via, &err)) != SIPWIRE_END) ...
 *
 * A whole message, value by value, with sipwire_iter_begin_all and sipwire_next.
 *
 * Whatever is returned has been checked against the field's whole grammar rule. Values borrow from buf.
 * SPDX-License-Identifier: MIT */
#ifndef SIPWIRE_VALUES_H
#define SIPWIRE_VALUES_H

#include "message.h"
#include <sipwire/shapes.h> /* generated: sipwire_via, sipwire_address, ..., sipwire_value */

#ifdef __cplusplus
extern "C" {
#endif

/* The text that a value is read from, and its limits. Members are private. */
struct sipwire_surroundings {
    const uint8_t *end;
    uintptr_t wide;
    const void *row;
    const sipwire_options *options;
};

/* A walk over values. The caller owns it; msg and buf must outlive it. Members are private. */
typedef struct sipwire_iter {
    struct sipwire_surroundings around;
    const uint8_t *at;
    const sipwire_row *row;
    const sipwire_row *rows_end;
    const void *paths;
    const sipwire_msg *msg;
    const char *buf;
    uint32_t number;
    uint16_t header;
    uint16_t over;
    uint64_t reserved[2];
} sipwire_iter;

/* Begins a walk over the values of a header field (sipwire_header), in the order of the message. */
SIPWIRE_API void sipwire_iter_begin(sipwire_iter *it, const sipwire_msg *msg, const char *buf, uint16_t header);

/* Begins a walk over the values of one row of msg. */
SIPWIRE_API void sipwire_iter_begin_row(sipwire_iter *it, const sipwire_msg *msg, const char *buf,
                                        const sipwire_row *row);

/* Begins a walk over all values of msg, row by row as they stand: the fastest way to read a message whole. Rows whose
 * field is not typed are passed over. as.at.header and as.at.row of a value say where it stands, err->header and
 * err->row where a malformed one does. Of a field that may occur once each row is read: that it stands twice is for the
 * caller to see. */
SIPWIRE_API void sipwire_iter_begin_all(sipwire_iter *it, const sipwire_msg *msg, const char *buf);

/* The next value. Returns OK;
 *   END          there is no further one;
 *   E_SYNTAX, E_RANGE, E_DUPLICATE_PARAM, E_LIMIT_URI, E_LIMIT_PARAMS
 *                the value at err->offset (from buf) is malformed. What is left of its row is given up, because where
 *                its next element begins is not known; the walk can go on and does so at the next row.
 *                E_DUPLICATE_PARAM is about the parameters that have a rule of their own in this field;
 *                sipwire_param_find tells of others;
 *   E_UNTYPED    the table has no shape for this field; END afterwards.
 * Linear in the octets of the value. */
SIPWIRE_API sipwire_status sipwire_next(sipwire_iter *it, sipwire_value *out, sipwire_error *err);

/* The value of a field that may occur once. Returns as sipwire_next, and
 *   ABSENT       there is no such field;
 *   E_DUPLICATE  there is a second one (err->row, err->offset): neither is believed (RFC 3261 section 7.3.1). A field
 *                that has no shape is looked at for this too, before E_UNTYPED;
 *   E_USAGE      the field is a list: use sipwire_next. */
SIPWIRE_API sipwire_status sipwire_get(const sipwire_msg *msg, const char *buf, uint16_t header, sipwire_value *out,
                                       sipwire_error *err);

/* As sipwire_next and sipwire_get, into the struct of a shape; E_USAGE when the field has another shape: a walk over a
 * field or a row has ended then, one over all values goes on behind the row. getters.h wraps them in typed
 * functions. */
SIPWIRE_API sipwire_status sipwire_next_shaped(sipwire_iter *it, sipwire_shape shape, void *out, sipwire_error *err);
SIPWIRE_API sipwire_status sipwire_get_shaped(const sipwire_msg *msg, const char *buf, uint16_t header,
                                              sipwire_shape shape, void *out, sipwire_error *err);

/* Parses one value of a field from a text by itself. rest: what follows the comma behind it (in Privacy perhaps a
 * semicolon); len 0 when it was the last one; NULL: nothing may follow, no comma either. first: whether this is the
 * first value of the text. Strict, with the default limits; for others there is sipwire_msg_of_value. err->offset is
 * from text.ptr. Returns as sipwire_next; END for an empty text where the field is a list that may be empty. */
SIPWIRE_API sipwire_status sipwire_value_parse(uint16_t header, sipwire_str text, bool first, sipwire_value *out,
                                               sipwire_str *rest, sipwire_error *err);

/* The Request-URI of a request. Returns OK, ABSENT (a response), E_SYNTAX, E_RANGE, E_DUPLICATE_PARAM, E_LIMIT_*. */
SIPWIRE_API sipwire_status sipwire_request_uri(const sipwire_msg *msg, const char *buf, sipwire_uri *out,
                                               sipwire_error *err);

/* The kind of a struct member, for those who read structs by description: bindings, printers. */
typedef enum sipwire_kind_of_member {
    SIPWIRE_KIND_STR = 1,       /* sipwire_str */
    SIPWIRE_KIND_TEXT = 2,      /* sipwire_text */
    SIPWIRE_KIND_HOST = 3,      /* sipwire_host */
    SIPWIRE_KIND_URI = 4,       /* sipwire_uri */
    SIPWIRE_KIND_FLAG = 5,      /* bool */
    SIPWIRE_KIND_NUMBER32 = 6,  /* int32_t, -1 when absent */
    SIPWIRE_KIND_NUMBER64 = 7,  /* int64_t, -1 when absent */
    SIPWIRE_KIND_QVALUE = 8,    /* int32_t, thousandths, -1 when absent */
    SIPWIRE_KIND_METHOD = 9,    /* sipwire_str, and the method's number in the member behind it */
    SIPWIRE_KIND_PARAMS = 10,   /* sipwire_params */
    SIPWIRE_KIND_COMMENT = 11,  /* sipwire_text, what stands between the parentheses of a comment */
    SIPWIRE_KIND_PRODUCTS = 12, /* sipwire_products */
    SIPWIRE_KIND_DECIMAL = 13,  /* sipwire_decimal */
    SIPWIRE_KIND_HEX = 14,      /* int64_t, on the wire in hexadecimal digits, -1 when absent */
    SIPWIRE_KIND_TRUTH = 15,    /* int32_t, 0 false, 1 true, -1 when absent */
    SIPWIRE_KIND_ORDINAL = 16   /* int32_t, which of the rule's words it is, -1 when absent */
} sipwire_kind_of_member;

/* A member of a shape's struct. */
typedef struct sipwire_member {
    const char *name;
    uint16_t kind;   /* sipwire_kind_of_member */
    uint16_t whole;  /* 1: it is the whole value */
    uint32_t offset; /* in the struct */
} sipwire_member;

/* The members of a shape's struct, count of them; NULL and 0 for a number that is no shape. Static. */
SIPWIRE_API const sipwire_member *sipwire_shape_members(sipwire_shape shape, size_t *count);

/* The shape of a header field's values; SIPWIRE_SHAPE_NONE when they are not typed. */
SIPWIRE_API sipwire_shape sipwire_header_shape(uint16_t header);

/* The grammar rule of one value of a header field ("option-tag"), or "" when it has no name of its own. Static. */
SIPWIRE_API const char *sipwire_header_value_rule(uint16_t header);

#ifdef __cplusplus
}
#endif

#endif
