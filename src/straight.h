/* Straight paths: the commonest form of a value read from left to right without a machine. tools/straight.py derives
 * one from a shape's plan by leaving out what is rare (blanks in some places, of two alternatives that begin alike all
 * but one, or but two where a URI may stand without angle brackets). So what a path takes, the machine takes with the
 * same captures; whatever else stands there a path gives up, and the machine reads the value from its beginning. Level
 * scalar has no paths: its machines are what paths are tested against.
 * SPDX-License-Identifier: MIT */
#ifndef SIPWIRE_STRAIGHT_H
#define SIPWIRE_STRAIGHT_H

#include "hints.h"
#include "level.h"
#include "machine.h"

/* What a path knows of its surroundings. end: of the text; an octet stands there that no path takes (straight_stops).
 * wide: the last place from which 32 octets may be loaded, if there is any. row: how the field is read, NULL for a URI
 * alone. */
typedef struct sipwire_surroundings surroundings;

/* The last place from which 32 octets may be loaded. */
static inline uintptr_t straight_wide(const uint8_t *readable)
{
    return (uintptr_t)readable - 32;
}

static inline const struct row_type *straight_type(const surroundings *s)
{
    return s->row;
}

/* All functions of paths return where they stopped, or NULL when they gave up: *out is then undefined. */
typedef const uint8_t *straight_function(const surroundings *s, const uint8_t *p, void *out);

/* The paths of one SIMD level. */
struct straight_set {
    straight_function *uri;         /* into a sipwire_uri that is all zeros */
    straight_function *const *rows; /* by header id, into the row's struct; NULL where there is none */
};

extern const struct straight_set sipwire_straight_set_ssse3, sipwire_straight_set_avx2, sipwire_straight_set_neon;

/* The set for the level in force, or NULL. */
static inline const struct straight_set *straight_set_current(void)
{
#if defined(SIPWIRE_HAS_X86)
    static const struct straight_set *const sets[] = {NULL, &sipwire_straight_set_ssse3, &sipwire_straight_set_avx2};
    return sets[level_now()];
#elif defined(SIPWIRE_HAS_NEON)
    return level_now() == SIPWIRE_LEVEL_NEON ? &sipwire_straight_set_neon : NULL;
#else
    return NULL;
#endif
}

/* Whether an octet stands at the end of a text at which every path stops. readable: the end of what may be loaded, or
 * NULL. */
static inline bool straight_stops(const uint8_t *end, const uint8_t *readable)
{
    return readable && end < readable && (*end == '\r' || *end == '\n' || *end == ' ');
}

/* The comma behind the blanks that stand at p in a list, or NULL. */
const uint8_t *straight_comma(const surroundings *s, const uint8_t *p);

/* Reads an element of a row by its path. begin: where it begins, or the end of the text. Returns where it ends, and in
 * *behind the comma or the end of the row that stands there, blanks between them or none; NULL for what is unusual. */
static inline const uint8_t *straight_value(const surroundings *s, straight_function *path, const uint8_t *begin,
                                            void *out, const uint8_t **behind)
{
    if (!path || *begin <= ' ')
        return NULL;
    const uint8_t *p = path(s, begin, out);
    if (!p || p[-1] <= ' ')
        return NULL;
    *behind = p;
    if (RUN_UNLIKELY(p != s->end && (*p != ',' || straight_type(s)->cardinality != ROW_LIST))) {
        *behind = straight_comma(s, p);
        return *behind ? p : NULL;
    }
    return p;
}

#ifdef SIPWIRE_LEVEL
#include "run.h"
struct write_scope;

straight_function SIPWIRE_LEVELED(straight_host); /* into a sipwire_host */
straight_function SIPWIRE_LEVELED(straight_uri);  /* these into a sipwire_uri that is all zeros */
straight_function SIPWIRE_LEVELED(straight_sip_uri);
straight_function SIPWIRE_LEVELED(straight_bare_uri);      /* the same, for one without angle brackets */
straight_function SIPWIRE_LEVELED(straight_quoted_string); /* behind the closing quote; out is not used */

extern const run_class SIPWIRE_LEVELED(straight_host_octets), SIPWIRE_LEVELED(straight_hex_octets),
    SIPWIRE_LEVELED(straight_scheme_octets), SIPWIRE_LEVELED(straight_bare_octets),
    SIPWIRE_LEVELED(straight_bare_uric_octets);

/* Reads parameters from p, where one begins or the separator before it stands; out: the struct that their members are
 * in. */
const uint8_t *SIPWIRE_LEVELED(straight_params)(const surroundings *s, const struct param_scope *scope,
                                                const uint8_t *p, void *out, sipwire_params *params);

/* The type of a text of 1 to 31 octets that is a host, without brackets; SIPWIRE_HOST_NONE for one that is none. */
uint32_t SIPWIRE_LEVELED(straight_host_type)(sipwire_str host);

uint32_t SIPWIRE_LEVELED(straight_name_type)(const uint8_t *p, unsigned len, uint64_t dots, uint64_t hyphens);

/* A region of parameters as a writer has it. */
struct straight_region {
    const char *text;
    const void *value; /* the struct that has members; NULL when there is none */
    const struct write_scope *scope;
    int members;    /* how many of the members are set */
    uint32_t count; /* how many parameters there are; before: in front of the text */
    uint64_t seen;  /* a bit for each rule that was used; before: there */
    uint64_t names; /* a bit for each name without a rule, some share one; before: 0 */
    bool maybe_twice;
};

/* Whether parameters are right and would be written as they stand, all members among them. begin: a copy of the text up
 * to s->end, with 32 octets behind it of which the first is CR. */
bool SIPWIRE_LEVELED(straight_same)(const surroundings *s, const struct param_scope *scope, const uint8_t *begin,
                                    struct straight_region *region);

/* copy, with the octets from p on that may be loaded, and 00 behind them. */
const uint8_t *SIPWIRE_LEVELED(straight_near_end)(const surroundings *s, const uint8_t *p, uint8_t *copy);

/* Behind the blanks and folds at p that are one SWS (RFC 3261 section 25.1); p when there are none. */
const uint8_t *SIPWIRE_LEVELED(straight_blanks)(const surroundings *s, const uint8_t *p);

/* Behind the octets of the class at p, 32 or more of which are there or cannot be loaded at once. */
const uint8_t *SIPWIRE_LEVELED(straight_scan_on)(const surroundings *s, const uint8_t *p, const run_class *c);

/* straight_number for one of more than 7 digits, or of none, or near the end. */
const uint8_t *SIPWIRE_LEVELED(straight_long_number)(const surroundings *s, const uint8_t *p, int64_t low, int64_t high,
                                                     int64_t *out);

#if SIPWIRE_LEVEL != 0

/* Whether a text of len octets, at most 31, is an IPv6 address (RFC 5954 section 4.1), when all that are no colons are
 * hexadecimal digits: groups of up to four, eight of them or, with one "::", up to seven. */
RUN_INLINE bool straight_ipv6(uint32_t colons, unsigned len)
{
    if (len < 2)
        return false;
    uint32_t digits = ~colons & ((UINT32_C(1) << len) - 1), twice = colons & colons >> 1;
    uint32_t five = digits & digits >> 1 & digits >> 2 & digits >> 3 & digits >> 4;
    uint32_t begins = colons & 1, ends = colons >> (len - 1);
    unsigned groups = run_count(digits & ~(digits << 1));
    if (twice == 0)
        return groups == 8 && !five && !begins && !ends;
    if ((twice & (twice - 1)) || (begins & ~twice) || (ends & ~(twice >> (len - 2))))
        return false;
    return groups <= 7 && !five;
}

/* The first octet from p on that is outside the class. */
RUN_INLINE const uint8_t *straight_scan(const surroundings *s, const uint8_t *p, const run_class *c)
{
    if (RUN_LIKELY((uintptr_t)p <= s->wide)) {
        unsigned n = run_text_outside(run_text32(p), c);
        if (RUN_LIKELY(n < 32))
            return p + n;
    }
    return SIPWIRE_LEVELED(straight_scan_on)(s, p, c);
}

/* The number that up to 8 digits are: length of the first octets of text, which is little-endian. */
RUN_INLINE uint64_t straight_digits(uint64_t text, unsigned length)
{
    text = text << (63 - 8 * length) << 1 & UINT64_C(0x0F0F0F0F0F0F0F0F);
    text = text * 10 + (text >> 8);
    text = ((text & UINT64_C(0x000000FF000000FF)) * (100 + (UINT64_C(1000000) << 32)) +
            (text >> 16 & UINT64_C(0x000000FF000000FF)) * (1 + (UINT64_C(10000) << 32))) >>
           32;
    return text & UINT32_MAX;
}

/* Behind a number from low to high, or NULL. */
RUN_INLINE const uint8_t *straight_number(const surroundings *s, const uint8_t *p, int64_t low, int64_t high,
                                          int64_t *out)
{
    if (RUN_LIKELY((uintptr_t)p <= s->wide)) {
        uint64_t text, others;
        memcpy(&text, p, sizeof text);
        others = ((text ^ UINT64_C(0x3030303030303030)) + UINT64_C(0x7676767676767676)) |
                 (text ^ UINT64_C(0x3030303030303030));
        others &= UINT64_C(0x8080808080808080);
        unsigned length = others ? run_lowest(others) / 8 : 8;
        if (RUN_LIKELY(length - 1 < 7)) {
            *out = (int64_t)straight_digits(text, length);
            return *out < low || *out > high ? NULL : p + length;
        }
    }
    return SIPWIRE_LEVELED(straight_long_number)(s, p, low, high, out);
}

/* Behind a number of so many digits, or NULL. */
RUN_INLINE const uint8_t *straight_fixed_number(const surroundings *s, const uint8_t *p, int digits, int32_t *out)
{
    int32_t value = 0;
    if (s->end - p < digits)
        return NULL;
    for (int i = 0; i < digits; i++) {
        unsigned digit = (unsigned)p[i] - '0';
        if (digit > 9)
            return NULL;
        value = value * 10 + (int32_t)digit;
    }
    *out = value;
    return p + digits;
}

/* Behind LWS (RFC 3261 section 25.1), or NULL. */
RUN_INLINE const uint8_t *straight_gap(const surroundings *s, const uint8_t *p)
{
    if (RUN_LIKELY(*p == ' ' && p[1] > ' '))
        return p + 1;
    const uint8_t *behind = SIPWIRE_LEVELED(straight_blanks)(s, p);
    return behind == p ? NULL : behind;
}

/* Whether a separator of parameters stands at *p, or behind blanks, which are then skipped. */
RUN_INLINE bool straight_separates(const surroundings *s, const struct param_scope *scope, const uint8_t **p)
{
    if (**p == scope->separator)
        return true;
    if (RUN_LIKELY(*p == s->end || **p > ' ') || !scope->blanks)
        return false;
    const uint8_t *behind = SIPWIRE_LEVELED(straight_blanks)(s, *p);
    if (*behind != scope->separator)
        return false;
    *p = behind;
    return true;
}

RUN_INLINE sipwire_str straight_str(const uint8_t *from, const uint8_t *to)
{
    return (sipwire_str){(const char *)from, (size_t)(to - from)};
}

RUN_INLINE sipwire_text straight_text(const uint8_t *from, const uint8_t *to)
{
    if (*from == '"' && to - from >= 2)
        return (sipwire_text){(const char *)from + 1, (uint32_t)(to - from) - 2, SIPWIRE_WIRE_QUOTED};
    return (sipwire_text){(const char *)from, (uint32_t)(to - from), SIPWIRE_WIRE};
}

#endif
#endif
#endif
