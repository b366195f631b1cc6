/* Whether two values mean the same, wherever their octets stand and however they are spelled: for what was written and
 * read back. Used by tests and fuzz targets.
 * SPDX-License-Identifier: MIT */
#ifndef SIPWIRE_TESTS_EQUAL_VALUES_H
#define SIPWIRE_TESTS_EQUAL_VALUES_H

#include <sipwire/sipwire.h>
#include <string.h>

static inline bool equal_str(sipwire_str a, sipwire_str b)
{
    return (a.ptr == NULL) == (b.ptr == NULL) && a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static inline bool equal_host(const sipwire_host *a, const sipwire_host *b)
{
    return a->type == b->type && equal_str(a->text, b->text);
}

/* A number without needless zeros: what numbers that are members are written as. */
static inline bool equal_number(sipwire_text a, sipwire_text b)
{
    int64_t values[2];
    sipwire_text texts[2] = {a, b};
    for (int i = 0; i < 2; i++) {
        int64_t weight = 0;
        values[i] = 0;
        for (uint32_t at = 0; at < texts[i].len; at++) {
            char octet = texts[i].ptr[at];
            if (octet == '.' && weight == 0)
                weight = 1000;
            else if (octet < '0' || octet > '9' || values[i] > INT64_MAX / 100000)
                return false;
            else
                values[i] = values[i] * 10 + (octet - '0'), weight /= 10;
        }
        for (weight = weight == 0 && !memchr(texts[i].ptr, '.', texts[i].len) ? 1000 : weight; weight > 1; weight /= 10)
            values[i] *= 10;
    }
    return values[0] == values[1];
}

/* Members that are no text are written in one way: other spellings of the same. */
static inline bool equal_spelling(sipwire_text a, sipwire_text b)
{
    static const sipwire_text yes = {"true", 4, SIPWIRE_PLAIN}, no = {"false", 5, SIPWIRE_PLAIN};
    if (!a.ptr || !b.ptr)
        return false;
    bool word = sipwire_text_equal_any_case(a, yes) || sipwire_text_equal_any_case(a, no);
    return equal_number(a, b) || (word && sipwire_text_equal_any_case(a, b));
}

/* The same parameters in the same order. */
static inline bool equal_params(const sipwire_params *a, const sipwire_params *b)
{
    uint32_t at[2] = {0, 0};
    sipwire_param x, y;
    while (sipwire_param_next(a, &at[0], &x) == SIPWIRE_OK) {
        if (sipwire_param_next(b, &at[1], &y) != SIPWIRE_OK || !equal_str(x.name, y.name))
            return false;
        if (!sipwire_text_equal(x.value, y.value) && !equal_spelling(x.value, y.value))
            return false;
    }
    return sipwire_param_next(b, &at[1], &y) == SIPWIRE_END;
}

static inline bool equal_uri(const sipwire_uri *a, const sipwire_uri *b)
{
    return a->scheme == b->scheme && equal_str(a->scheme_text, b->scheme_text) && a->port == b->port &&
           equal_str(a->user, b->user) && equal_str(a->password, b->password) && equal_host(&a->host, &b->host) &&
           equal_str(a->number, b->number) && equal_params(&a->params, &b->params) &&
           equal_str(a->headers, b->headers) && equal_str(a->rest, b->rest);
}

static inline bool equal_products(const sipwire_products *a, const sipwire_products *b)
{
    uint32_t at[2] = {0, 0};
    sipwire_product x, y;
    while (sipwire_product_next(a, &at[0], &x) == SIPWIRE_OK) {
        if (sipwire_product_next(b, &at[1], &y) != SIPWIRE_OK || !equal_str(x.name, y.name) ||
            !equal_str(x.version, y.version) || !sipwire_text_equal(x.comment, y.comment))
            return false;
    }
    return sipwire_product_next(b, &at[1], &y) == SIPWIRE_END;
}

static inline bool equal_decimal(const sipwire_decimal *a, const sipwire_decimal *b)
{
    bool same_text = a->text.ptr == NULL || b->text.ptr == NULL || equal_str(a->text, b->text);
    return same_text && a->whole == b->whole && a->nano == b->nano;
}

static inline bool equal_member(const sipwire_member *member, const void *a, const void *b)
{
    switch (member->kind) {
    case SIPWIRE_KIND_STR:
        return equal_str(*(const sipwire_str *)a, *(const sipwire_str *)b);
    case SIPWIRE_KIND_METHOD:
        return equal_str(*(const sipwire_str *)a, *(const sipwire_str *)b) &&
               *(const uint16_t *)(const void *)((const sipwire_str *)a + 1) ==
                   *(const uint16_t *)(const void *)((const sipwire_str *)b + 1);
    case SIPWIRE_KIND_TEXT:
    case SIPWIRE_KIND_COMMENT:
        return sipwire_text_equal(*(const sipwire_text *)a, *(const sipwire_text *)b);
    case SIPWIRE_KIND_HOST:
        return equal_host(a, b);
    case SIPWIRE_KIND_URI:
        return equal_uri(a, b);
    case SIPWIRE_KIND_FLAG:
        return *(const bool *)a == *(const bool *)b;
    case SIPWIRE_KIND_NUMBER64:
    case SIPWIRE_KIND_HEX:
        return *(const int64_t *)a == *(const int64_t *)b;
    case SIPWIRE_KIND_PRODUCTS:
        return equal_products(a, b);
    case SIPWIRE_KIND_DECIMAL:
        return equal_decimal(a, b);
    case SIPWIRE_KIND_PARAMS:
        return equal_params(a, b);
    default:
        return *(const int32_t *)a == *(const int32_t *)b;
    }
}

/* The first member that differs, or NULL. */
static inline const sipwire_member *different_member(const sipwire_value *a, const sipwire_value *b)
{
    static const sipwire_member shape = {.name = "shape"};
    size_t count;
    const sipwire_member *members = sipwire_shape_members((sipwire_shape)a->shape, &count);
    if (a->shape != b->shape)
        return &shape;
    for (size_t i = 0; i < count; i++) {
        if (!equal_member(&members[i], (const char *)&a->as + members[i].offset,
                          (const char *)&b->as + members[i].offset))
            return &members[i];
    }
    return NULL;
}

#endif
