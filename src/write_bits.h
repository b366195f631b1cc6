/* A text of up to 63 octets in registers: judged as sets of octets, one bit for each, before it is stored. What was
 * stored in pieces cannot be loaded at once before it is in the cache. Compiled once for each SIMD level but scalar.
 * SPDX-License-Identifier: MIT */
#ifndef SIPWIRE_WRITE_BITS_H
#define SIPWIRE_WRITE_BITS_H

#include "run.h"

enum { MOST_BITS = 63 };

/* Its first 32 octets, and its last 32, which begin at octet `behind`. */
struct text_bits {
    run_text low, high;
    unsigned behind, len;
};

/* Bit n of a set is for octet n; bits behind the text are not said. */
RUN_INLINE struct text_bits bits_of(const uint8_t *p, size_t len)
{
    struct text_bits t;
    t.len = (unsigned)len;
    t.behind = len > 32 ? (unsigned)len - 32 : 0;
    t.low = len >= 32 ? run_text32(p) : run_text_of(p, len);
    t.high = t.behind ? run_text32(p + t.behind) : t.low;
    return t;
}

/* Where 64 octets have room. */
RUN_INLINE void bits_store(const struct text_bits *t, char *to)
{
    run_text_store((uint8_t *)to, t->low);
    run_text_store((uint8_t *)to + t->behind, t->high);
}

/* Those outside of a class, which has none above 7F. */
RUN_INLINE uint64_t bits_outside(const struct text_bits *t, const run_class *c)
{
    return run_text_others(t->low, c) | (uint64_t)run_text_others(t->high, c) << t->behind;
}

RUN_INLINE uint64_t bits_equal(const struct text_bits *t, char octet)
{
    return run_text_equal(t->low, octet) | (uint64_t)run_text_equal(t->high, octet) << t->behind;
}

/* Those above 7F and below this octet, which is above 7F too; of others nothing is said. */
RUN_INLINE uint64_t bits_below(const struct text_bits *t, uint8_t octet)
{
    return run_text_below(t->low, (char)octet) | (uint64_t)run_text_below(t->high, (char)octet) << t->behind;
}

/* Those above 7F. */
RUN_INLINE uint64_t bits_high(const struct text_bits *t)
{
    return run_text_high(t->low) | (uint64_t)run_text_high(t->high) << t->behind;
}

/* Those behind the text. */
RUN_INLINE uint64_t bits_behind(const struct text_bits *t)
{
    return ~UINT64_C(0) << t->len;
}

/* Whether each of these octets, all above 7F, is part of a whole UTF8-NONASCII (RFC 3261 section 25.1). */
RUN_INLINE bool bits_are_utf8(const struct text_bits *t, uint64_t high)
{
    uint64_t two = high & ~bits_below(t, 0xC0), three = high & ~bits_below(t, 0xE0), four = high & ~bits_below(t, 0xF0),
             five = high & ~bits_below(t, 0xF8), six = high & ~bits_below(t, 0xFC), none = high & ~bits_below(t, 0xFE);
    uint64_t wanted = two << 1 | three << 2 | four << 3 | five << 4 | six << 5;
    return (high & ~two) == wanted && none == 0; /* a last one that is cut wants an octet behind the text */
}

#endif
