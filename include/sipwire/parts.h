/* sipwire: parts of typed values that are more than text: decimal numbers, the products of Server and User-Agent.
 * SPDX-License-Identifier: MIT */
#ifndef SIPWIRE_PARTS_H
#define SIPWIRE_PARTS_H

#include "uri.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A decimal number with its fraction (RFC 3261 section 20.38). */
typedef struct sipwire_decimal {
    sipwire_str
        text;      /* as written, which is what is to be sent back; ptr NULL when absent, len 0 when there but empty */
    int64_t whole; /* before the point, under 10^17; -1 when absent or empty */
    uint32_t nano; /* behind the point, in billionths; further digits are only in text */
    uint32_t reserved;
} sipwire_decimal;

/* The products and comments of Server or User-Agent (RFC 3261 sections 20.35, 20.41), checked when the value was
 * parsed. */
typedef struct sipwire_products {
    const char *ptr; /* NULL when absent */
    uint32_t len;
    uint32_t reserved;
} sipwire_products;

/* One of them: a product, or a comment. */
typedef struct sipwire_product {
    sipwire_str name;     /* ptr NULL for a comment */
    sipwire_str version;  /* ptr NULL when absent */
    sipwire_text comment; /* between the outer parentheses; ptr NULL for a product */
} sipwire_product;

/* The next product or comment. cursor: 0 at first; kept by the caller. Returns OK or END. Linear in its octets. */
SIPWIRE_API sipwire_status sipwire_product_next(const sipwire_products *products, uint32_t *cursor,
                                                sipwire_product *out);

#ifdef __cplusplus
}
#endif

#endif
