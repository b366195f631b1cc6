/* Reading one well-formed field in all its forms, without haste; for the fields that the quick ways of head_rows.c and
 * head_lines.c leave.
 * SPDX-License-Identifier: MIT */
#ifndef SIPWIRE_HEAD_FIELD_H
#define SIPWIRE_HEAD_FIELD_H

#include "classes.h"
#include "head.h"
#include "names_internal.h"
#include "octets.h"

static const sipwire_name_table header_table = {sipwire_header_slots, sipwire_header_spellings,
                                                SIPWIRE_HEADER_MULTIPLIER, SIPWIRE_HEADER_SHIFT};

/* Behind the colon: blanks, at most one fold, blanks (HCOLON). In a well-formed field CR begins a fold. */
RUN_COLD const uint8_t *skip_hcolon(const uint8_t *p, const uint8_t *end)
{
    while (p < end && octet_is_blank(*p))
        p++;
    if (p == end || *p != '\r')
        return p;
    p += 3;
    while (p < end && octet_is_blank(*p))
        p++;
    return p;
}

/* A number of 1 to 8 digits before end, behind 8 - n octets or more of other text; more than 99999999 when one is no
 * digit. */
static inline uint64_t read_digits(const uint8_t *end, size_t n)
{
    uint64_t x;
    memcpy(&x, end - 8, sizeof x);
    x = (x ^ UINT64_C(0x3030303030303030)) >> (8 * (8 - n)) << (8 * (8 - n)); /* what is before the digits becomes 0 */
    if (((x + UINT64_C(0x7676767676767676)) | x) & UINT64_C(0x8080808080808080))
        return UINT64_MAX;
    x = x * 10 + (x >> 8); /* neighbours, then pairs, then halves */
    x = (((x & UINT64_C(0x000000FF000000FF)) * (100 + (UINT64_C(1000000) << 32))) +
         ((x >> 16 & UINT64_C(0x000000FF000000FF)) * (1 + (UINT64_C(10000) << 32)))) >>
        32;
    return x;
}

/* The number of a Content-Length. false when it is no plain one, or too large, or the second: not for this reader. The
 * start line is behind the 8 octets before any field. */
RUN_COLD bool read_length(head_scan *s, const uint8_t *p, const uint8_t *end)
{
    size_t n = (size_t)(end - p);
    if (s->facts.content_length != HEAD_NO_LENGTH || n - 1 > 7)
        return false;
    s->facts.content_length_off = (uint32_t)(p - s->buf);
    s->facts.content_length = read_digits(end, n);
    return s->facts.content_length <= s->options->max_message;
}

/* The end of the name at p, which is a token; NULL when it is none, or too long, or no colon follows. */
static const uint8_t *read_name(const uint8_t *p, const uint8_t *next, const uint8_t **colon)
{
    const uint8_t *end = run_skip(p, next, &token_class);
    *colon = end;
    while (RUN_UNLIKELY(octet_is_blank(**colon))) /* CR, at the latest, ends this */
        ++*colon;
    return **colon == ':' && end != p && end - p <= UINT16_MAX ? end : NULL;
}

/* Looks at where the first line behind the start line begins. false: not for this reader. Short start lines are not
 * either, so that 4 octets before the end of any name can be loaded. */
static inline bool start_line_ends(head_scan *s, uint32_t len)
{
    s->facts.start_line_len = len;
    return len >= 8 && s->buf[len - 2] == '\r' && !octet_is_blank(s->buf[len]);
}

RUN_COLD bool any_longer(const uint32_t *start, const uint32_t *last, uint32_t most)
{
    for (; start < last; start++)
        if (start[1] - start[0] > most)
            return true;
    return false;
}

#endif
