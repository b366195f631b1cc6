/* Hosts that paths read, from octets in a vector. Included by straight.c alone.
 * SPDX-License-Identifier: MIT */
#ifndef SIPWIRE_STRAIGHT_HOST_H
#define SIPWIRE_STRAIGHT_HOST_H

#include "straight.h"

/* Where 32 octets can be loaded that begin with those at p; copy: 32 octets, used near the end only. */
RUN_INLINE const uint8_t *loadable(const surroundings *s, const uint8_t *p, uint8_t *copy)
{
    return RUN_LIKELY((uintptr_t)p <= s->wide) ? p : SIPWIRE_LEVELED(straight_near_end)(s, p, copy);
}

/* One bit for each octet of a text of 1 to 63 letters, digits, dots and hyphens. */
struct host_octets {
    uint64_t dots, hyphens;
};

/* Whether four numbers up to 255 without leading zeros stand between dots (RFC 5954 section 4.1 IPv4address). text: at
 * least len octets, which are digits but for the dots, of which there are three. Bit n of each set is for octet n. */
RUN_COLD bool ipv4_right(run_text text, uint32_t dots, unsigned len)
{
    uint32_t ends = dots | UINT32_C(1) << len, starts = dots << 1 | 1;
    uint32_t two = starts & ~(ends >> 1), three = two & ~(ends >> 2), four = three & ~(ends >> 3);
    uint32_t below_5 = run_text_below(text, '5') >> 1, is_5 = run_text_equal(text, '5') >> 1;
    uint32_t below_200 = run_text_equal(text, '1'),
             below_256 = run_text_equal(text, '2') & (below_5 | (is_5 & run_text_below(text, '6') >> 2));
    uint32_t wrong = (starts & ends) | (two & run_text_equal(text, '0')) | (three & ~(below_200 | below_256)) | four;
    return wrong == 0;
}

/* The type of the host that such a text is (RFC 3261 section 25.1), SIPWIRE_HOST_NONE also for a name that ends in a
 * dot: labels do not begin or end in a hyphen and are not empty, the last one begins with a letter; or it is an
 * IPv4address. p: its octets, text: the first 32 that can be loaded there. */
RUN_INLINE uint32_t host_type(const uint8_t *p, run_text text, unsigned len, const struct host_octets *o)
{
    uint64_t all = (UINT64_C(1) << len) - 1, ends = UINT64_C(1) | UINT64_C(1) << (len - 1);
    uint64_t dots = o->dots & all, joints = (o->dots | o->hyphens) & all;
    if ((joints & ends) | (dots & joints >> 1) | (joints & dots >> 1))
        return SIPWIRE_HOST_NONE;
    unsigned last_label = dots ? 64 - (unsigned)__builtin_clzll(dots) : 0;
    if (p[last_label] >= 'A')
        return SIPWIRE_HOST_NAME;
    uint64_t others = all & ~dots & (run_text_bit40(text) | o->hyphens);
    if (others || run_count(dots) != 3 || len > 15 || !ipv4_right(text, (uint32_t)dots, len))
        return SIPWIRE_HOST_NONE;
    return SIPWIRE_HOST_IPV4;
}

/* What runs a machine for a part of the value. */
static struct machine part_machine(const surroundings *s, const uint8_t *p, const uint8_t *end)
{
    struct machine m = {.at = p, .end = end, .set = &SIPWIRE_LEVELED(machine_set)};
    m.max_uri = s->options->max_uri;
    m.max_params = s->options->max_params;
    return m;
}

/* An IPv6 address of which all octets are hexadecimal digits and colons, and 32 can be loaded; NULL for every other
 * one. */
RUN_INLINE const uint8_t *short_ipv6(const surroundings *s, const uint8_t *p)
{
    if ((uintptr_t)p > s->wide)
        return NULL;
    run_text text = run_text32(p);
    uint32_t colons = run_text_equal(text, ':');
    unsigned len = run_lowest_or_64(run_text_others(text, &SIPWIRE_LEVELED(straight_hex_octets)) & ~colons);
    return len < 32 && straight_ipv6(colons & ((UINT32_C(1) << len) - 1), len) ? p + len : NULL;
}

RUN_COLD const uint8_t *host_in_brackets(const surroundings *s, const uint8_t *p, sipwire_host *out)
{
    if (*p != '[')
        return NULL;
    const uint8_t *close = short_ipv6(s, p + 1);
    if (close && *close == ']') {
        *out = (sipwire_host){straight_str(p + 1, close), SIPWIRE_HOST_IPV6, 0};
        return close + 1;
    }
    close = p + 1;
    while (close != s->end && *close != ']' && close - p < 48)
        close++;
    struct machine m = part_machine(s, p + 1, close);
    if (*close != ']' || SIPWIRE_LEVELED(machine_set).ipv6(&m, NULL) != SIPWIRE_OK)
        return NULL;
    *out = (sipwire_host){straight_str(p + 1, close), SIPWIRE_HOST_IPV6, 0};
    return close + 1;
}

/* A name of 32 to 63 octets: the first 32 could be loaded. */
RUN_COLD const uint8_t *host_long(const surroundings *s, const uint8_t *p, sipwire_host *out)
{
    uint8_t copy[32];
    run_text first = run_text32(p), second = run_text32(loadable(s, p + 32, copy));
    unsigned more = run_text_outside(second, &SIPWIRE_LEVELED(straight_host_octets));
    if (more > 31)
        return NULL;
    struct host_octets octets = {
        .dots = run_text_equal(first, '.') | (uint64_t)run_text_equal(second, '.') << 32,
        .hyphens = run_text_equal(first, '-') | (uint64_t)run_text_equal(second, '-') << 32,
    };
    *out = (sipwire_host){straight_str(p, p + 32 + more), host_type(p, first, 32 + more, &octets), 0};
    return out->type ? p + 32 + more : NULL;
}

RUN_INLINE const uint8_t *host_at(const surroundings *s, const uint8_t *p, sipwire_host *out)
{
    uint8_t copy[32];
    const uint8_t *loaded = loadable(s, p, copy);
    run_text text = run_text32(loaded);
    unsigned len = run_text_outside(text, &SIPWIRE_LEVELED(straight_host_octets));
    if (RUN_UNLIKELY(len == 0))
        return host_in_brackets(s, p, out);
    if (RUN_UNLIKELY(len > 31))
        return host_long(s, p, out);
    struct host_octets octets = {run_text_equal(text, '.'), run_text_equal(text, '-')};
    uint32_t type = host_type(loaded, text, len, &octets);
    *out = (sipwire_host){straight_str(p, p + len), type, 0};
    return RUN_LIKELY(type) ? p + len : NULL;
}

#endif
