/* Straight paths: those generated, and what they share: hosts, parameters, URIs. Compiled once per SIMD level.
 * SPDX-License-Identifier: MIT */
#include "straight.h"

#if SIPWIRE_LEVEL != 0

#include "octets.h"
#include "straight_host.h"
#include "straight_same.h"

#include <string.h>

/* Into a sipwire_uri. */
RUN_INLINE straight_function SIPWIRE_LEVELED(straight_userinfo), SIPWIRE_LEVELED(straight_hostport);
static straight_function SIPWIRE_LEVELED(straight_tel), SIPWIRE_LEVELED(straight_absolute);

RUN_FAR const uint8_t *SIPWIRE_LEVELED(straight_near_end)(const surroundings *s, const uint8_t *p, uint8_t *copy)
{
    memset(copy, 0, 32);
    memcpy(copy, p, (size_t)(s->wide + 32 - (uintptr_t)p));
    return copy;
}

RUN_FAR const uint8_t *SIPWIRE_LEVELED(straight_blanks)(const surroundings *s, const uint8_t *p)
{
    return octets_skip_sws(p, s->end);
}

RUN_FAR const uint8_t *SIPWIRE_LEVELED(straight_scan_on)(const surroundings *s, const uint8_t *p, const run_class *c)
{
    for (; (uintptr_t)p <= s->wide; p += 32) {
        unsigned n = run_text_outside(run_text32(p), c);
        if (n < 32)
            return p + n;
    }
    while (p != s->end && run_has(c, *p))
        p++;
    return p;
}

RUN_FAR const uint8_t *SIPWIRE_LEVELED(straight_long_number)(const surroundings *s, const uint8_t *p, int64_t low,
                                                             int64_t high, int64_t *out)
{
    const uint8_t *begin = p;
    int64_t value = 0;
    for (; p != s->end && *p >= '0' && *p <= '9'; p++) {
        value = value * 10 + (*p - '0');
        if (value > high)
            return NULL;
    }
    *out = value;
    return p == begin || value < low ? NULL : p;
}

/* Hosts: see straight_host.h. */

const uint8_t *SIPWIRE_LEVELED(straight_host)(const surroundings *s, const uint8_t *p, void *out)
{
    return host_at(s, p, out);
}

/* The type of the name or IPv4address of 1 to 63 letters, digits, dots and hyphens at p, SIPWIRE_HOST_NONE for what is
 * neither. dots, hyphens: bit n is for octet n; what is set behind does not count. */
uint32_t SIPWIRE_LEVELED(straight_name_type)(const uint8_t *p, unsigned len, uint64_t dots, uint64_t hyphens)
{
    struct host_octets octets = {dots, hyphens};
    uint64_t before = dots & ((UINT64_C(1) << len) - 1);
    unsigned last_label = before ? run_highest(before) + 1 : 0;
    bool asked = len <= 15 && last_label < len && p[last_label] < 'A'; /* else no octets are looked at for an address */
    return host_type(p, run_text_of(p, asked ? len : 0), len, &octets);
}

/* The type of a host of 1 to 31 octets that is written as it stands: without brackets. */
uint32_t SIPWIRE_LEVELED(straight_host_type)(sipwire_str host)
{
    const uint8_t *p = (const uint8_t *)host.ptr;
    unsigned len = (unsigned)host.len;
    run_text text = run_text_of(p, len);
    struct host_octets octets = {run_text_equal(text, '.'), run_text_equal(text, '-')};
    if (run_text_outside(text, &SIPWIRE_LEVELED(straight_host_octets)) == len)
        return host_type(p, text, len, &octets);
    uint32_t all = (UINT32_C(1) << len) - 1, colons = run_text_equal(text, ':') & all;
    bool right =
        ((run_text_others(text, &SIPWIRE_LEVELED(straight_hex_octets)) & all) == colons) && straight_ipv6(colons, len);
    return right ? SIPWIRE_HOST_IPV6 : SIPWIRE_HOST_NONE;
}

/* Parameters. */

static uint64_t load64(const uint8_t *p)
{
    uint64_t x;
    memcpy(&x, p, sizeof x);
    return x;
}

/* 1 + the place of the rule for a name, 0 for that of the catch-all. Letters, digits and "+-." are all that names in
 * the table have, and no other octet that may stand in a name becomes one of them by setting bit 0x20. */
RUN_INLINE unsigned place_of(const struct param_scope *scope, const uint8_t *name, unsigned len, const uint8_t *loaded)
{
    const uint64_t bit = UINT64_C(0x2020202020202020);
    uint64_t first = load64(loaded) | bit, last = 0;
    if (len <= 8)
        first <<= 64 - 8 * len;
    else if (len <= 16)
        last = load64(loaded + len - 8) | bit;
    else
        return scope->index[sipwire_param_lookup(straight_str(name, name + len))];
    const struct param_word *word = &scope->words[(first ^ last) * scope->multiplier >> scope->shift];
    return word->first == first && word->last == last && word->length == len ? word->place : 0;
}

static bool is_run(const surroundings *s, const struct param_run *run, struct machine_span value)
{
    unsigned around = run->frame;
    size_t len = (size_t)(value.to - value.at) - 2 * around;
    if (value.to - value.at < 2 * (ptrdiff_t)around || len - run->least > (size_t)run->most - run->least)
        return false;
    if (around == 2 && (value.at[1] != '<' || value.to[-2] != '>'))
        return false;
    return straight_scan(s, value.at + around, run->octets) >= value.to - around;
}

/* Whether a value is right by its rule, of which not all of its kind are; only OK, or it is left to the machine to say
 * what is wrong. */
RUN_COLD bool value_right(const surroundings *s, const struct param_rule *rule, struct machine_span value,
                          enum param_kind kind)
{
    sipwire_host host;
    unsigned run = kind == PARAM_PLAIN ? rule->plain_run : kind == PARAM_QUOTED ? rule->quoted_run : 0;
    if (run != 0 && is_run(s, &param_runs[run], value))
        return true;
    if (rule->hosts && SIPWIRE_LEVELED(straight_host)(s, value.at, &host) == value.to && rule->hosts >> host.type & 1)
        return true;
    struct machine m = part_machine(s, value.at, value.to);
    return kind != PARAM_FLAG && rule->match && rule->match(&m, NULL) == SIPWIRE_OK;
}

/* Reads the name and the value of a parameter; NULL for what is unusual. */
RUN_INLINE const uint8_t *read_param(const surroundings *s, const struct param_scope *scope, const uint8_t *p,
                                     struct found *found, unsigned *place)
{
    uint8_t copy[32];
    const uint8_t *name = p, *loaded = loadable(s, p, copy);
    uint32_t ends = run_text_others(run_text32(loaded), scope->name);
    unsigned len = run_lowest_or_64(ends);
    if (RUN_UNLIKELY(len - 1 > 30))
        return NULL;
    *place = place_of(scope, name, len, loaded);
    p += len;
    *found = (struct found){p, p, PARAM_FLAG, NULL};
    if (*p != '=')
        return p;
    found->value = ++p;
    if (*p == '"' && scope->quoted) {
        found->kind = PARAM_QUOTED;
        p = SIPWIRE_LEVELED(straight_quoted_string)(s, p, NULL);
    } else {
        found->kind = PARAM_PLAIN;
        ends &= ends - 1;
        if (ends != 0 && scope->plain == scope->name) /* name and value within 32 octets */
            p = name + run_lowest(ends);
        else
            p = straight_scan(s, p, scope->plain);
        if (RUN_UNLIKELY(*p != scope->separator && run_has(scope->other, *p))) {
            found->kind = PARAM_OTHER;
            p = straight_scan(s, p, scope->other);
        }
    }
    found->end = p;
    return p == found->value ? NULL : p;
}

RUN_INLINE bool store(const surroundings *s, const struct param_rule *rule, const struct found *found, void *member)
{
    int64_t number = -1;
    struct machine m;
    switch (rule->kind) {
    case SIPWIRE_KIND_TEXT:
        *(sipwire_text *)member = straight_text(found->value, found->end);
        return true;
    case SIPWIRE_KIND_STR:
        *(sipwire_str *)member = straight_str(found->value, found->end);
        return true;
    case SIPWIRE_KIND_NUMBER32:
        if (straight_number(s, found->value, rule->low, rule->high, &number) != found->end)
            return false;
        *(int32_t *)member = (int32_t)number;
        return true;
    default:
        return param_store(&m, rule, SPAN(found->value, found->end), (char *)member - rule->offset);
    }
}

/* How far the parameters of a value were read. */
struct progress {
    uint64_t seen;
    uint32_t count;
};

/* Reads a parameter and checks its value; the rule in found. */
RUN_INLINE const uint8_t *take_param(const surroundings *s, const struct param_scope *scope, const uint8_t *p,
                                     struct progress *at, struct found *found)
{
    unsigned place;
    p = read_param(s, scope, p, found, &place);
    if (!p || ++at->count > s->options->max_params || (place == 0 && scope->closed))
        return NULL;
    found->rule = &scope->catch_all;
    if (RUN_LIKELY(place != 0)) {
        uint64_t bit = UINT64_C(1) << ((place - 1) & 63);
        if (at->seen & bit)
            return NULL;
        at->seen |= bit;
        found->rule = &scope->rules[place - 1];
        if (RUN_UNLIKELY(found->rule->no_value) && found->kind != PARAM_FLAG)
            found->rule = &scope->catch_all;
    }
    bool right = RUN_LIKELY(param_right(found->rule, found->kind)) ||
                 value_right(s, found->rule, SPAN(found->value, found->end), found->kind);
    return right ? p : NULL;
}

const uint8_t *SIPWIRE_LEVELED(straight_params)(const surroundings *s, const struct param_scope *scope,
                                                const uint8_t *p, void *out, sipwire_params *params)
{
    const uint8_t *begin = p;
    struct progress at = {0, 0};
    bool leading = *p == scope->separator;
    for (;;) {
        struct found found;
        if (leading) {
            p++;
            if (RUN_UNLIKELY(*p <= ' ') && scope->blanks)
                p = p[0] == ' ' && p[1] > ' ' ? p + 1 : SIPWIRE_LEVELED(straight_blanks)(s, p);
        }
        leading = true;
        p = take_param(s, scope, p, &at, &found);
        if (!p)
            return NULL;
        const struct param_rule *rule = found.rule;
        if (rule->offset != 0 && found.kind != PARAM_FLAG && !store(s, rule, &found, (char *)out + rule->offset))
            return NULL;
        if (!straight_separates(s, scope, &p))
            break;
    }
    *params = (sipwire_params){(const char *)begin, (uint32_t)(p - begin), at.count};
    return p;
}

/* Parameters that are written as they stand. */

/* Notes a name without a rule, which ends before its value: equal names have the same bit. 32 octets can be loaded at
 * name. */
RUN_INLINE void note_name(struct straight_region *region, const uint8_t *name, const struct found *found)
{
    const uint64_t letters = UINT64_C(0x2020202020202020);
    unsigned len = (unsigned)(found->value - name) - (found->kind != PARAM_FLAG);
    uint64_t first = load64(name) | letters, last = 0;
    if (len >= 8)
        last = load64(name + len - 8) | letters;
    else
        first <<= 64 - 8 * len;
    uint64_t bit = UINT64_C(1) << ((first + 3 * last + len) * UINT64_C(0x9E3779B97F4A7C15) >> 58);
    region->maybe_twice |= (region->names & bit) != 0;
    region->names |= bit;
}

bool SIPWIRE_LEVELED(straight_same)(const surroundings *s, const struct param_scope *scope, const uint8_t *begin,
                                    struct straight_region *region)
{
    const uint8_t *p = begin;
    struct progress at = {region->seen, region->count};
    int members = 0;
    bool spaced = scope->separator == ',', separated = *p == scope->separator;
    if (separated == scope->leads)
        return false;
    for (;;) {
        struct found found;
        p += separated;
        if (separated && spaced && *p++ != ' ')
            return false;
        separated = true;
        const uint8_t *name = p;
        p = take_param(s, scope, p, &at, &found);
        if (!p)
            return false;
        if (found.rule == &scope->catch_all)
            note_name(region, name, &found);
        if (found.rule->offset != 0 && region->value) {
            const struct write_param *param = &region->scope->params[found.rule - scope->rules];
            if (!same_member(s, &found, region->text + (found.value - begin),
                             (const char *)region->value + param->offset, param))
                return false;
            members += found.kind != PARAM_FLAG;
        }
        if (*p != scope->separator)
            break;
    }
    region->seen = at.seen;
    region->count = at.count;
    return p == s->end && members == region->members;
}

/* URIs: see uri.c. */

RUN_INLINE const uint8_t *end_uri(const surroundings *s, const uint8_t *begin, const uint8_t *end, sipwire_uri *out)
{
    if (!end || (size_t)(end - begin) > s->options->max_uri)
        return NULL;
    out->raw = straight_str(begin, end);
    return end;
}

/* Of a scheme of 3 or 4 octets that takes a SIP URI: up to its host. */
RUN_INLINE const uint8_t *begin_sip_uri(const surroundings *s, const uint8_t *begin, unsigned scheme_len,
                                        sipwire_uri *out)
{
    const uint8_t *p = begin + scheme_len + 1, *host = SIPWIRE_LEVELED(straight_userinfo)(s, p, out);
    out->scheme = scheme_len == 3 ? SIPWIRE_SCHEME_SIP : SIPWIRE_SCHEME_SIPS;
    out->scheme_text = straight_str(begin, begin + scheme_len);
    out->port = -1;
    if (host)
        return host;
    out->user = out->password = (sipwire_str){0};
    return p;
}

RUN_INLINE const uint8_t *sip_uri(const surroundings *s, const uint8_t *begin, unsigned scheme_len, sipwire_uri *out)
{
    const uint8_t *p = begin_sip_uri(s, begin, scheme_len, out);
    p = SIPWIRE_LEVELED(straight_hostport)(s, p, out);
    if (out->headers.ptr)
        out->headers = (sipwire_str){out->headers.ptr + 1, out->headers.len - 1};
    return end_uri(s, begin, p, out);
}

/* Of any other scheme; a telephone number without parameters. bare_uri: one without angle brackets; without escapes. */
RUN_COLD const uint8_t *other_uri(const surroundings *s, const uint8_t *begin, bool bare_uri, sipwire_uri *out)
{
    const uint8_t *p = straight_scan(s, begin, &SIPWIRE_LEVELED(straight_scheme_octets)), *end;
    bool letter = p != begin && (*begin | 0x20) >= 'a' && (*begin | 0x20) <= 'z';
    if (!letter || *p != ':')
        return NULL;
    out->scheme_text = straight_str(begin, p);
    out->port = -1;
    if (p - begin == 3 && (begin[0] | 0x20) == 't' && (begin[1] | 0x20) == 'e' && (begin[2] | 0x20) == 'l') {
        out->scheme = SIPWIRE_SCHEME_TEL;
        end = SIPWIRE_LEVELED(straight_tel)(s, p + 1, out);
        bool bare = end && end == (const uint8_t *)out->number.ptr + out->number.len && *end != ';';
        return end_uri(s, begin, bare ? end : NULL, out);
    }
    out->scheme = SIPWIRE_SCHEME_OTHER;
    if (bare_uri)
        end = straight_scan(s, p + 1, &SIPWIRE_LEVELED(straight_bare_uric_octets));
    else
        end = SIPWIRE_LEVELED(straight_absolute)(s, p + 1, out);
    if (end == p + 1)
        return NULL;
    out->rest = end ? straight_str(p + 1, end) : (sipwire_str){0};
    return end_uri(s, begin, end, out);
}

static uint32_t load32(const uint8_t *p)
{
    uint32_t x;
    memcpy(&x, p, sizeof x);
    return x;
}

/* The length of the scheme of a SIP URI, 0 for every other one. */
RUN_INLINE unsigned sip_scheme(const surroundings *s, const uint8_t *p)
{
    uint8_t copy[32];
    const uint8_t *loaded = loadable(s, p, copy);
    uint32_t word = load32(loaded);
    if ((word | 0x202020) == 0x3A706973) /* "sip:" */
        return 3;
    return (word | 0x20202020) == 0x73706973 && loaded[4] == ':' ? 4 : 0; /* "sips:" */
}

const uint8_t *SIPWIRE_LEVELED(straight_uri)(const surroundings *s, const uint8_t *p, void *out)
{
    unsigned scheme_len = sip_scheme(s, p);
    return RUN_LIKELY(scheme_len) ? sip_uri(s, p, scheme_len, out) : other_uri(s, p, false, out);
}

const uint8_t *SIPWIRE_LEVELED(straight_sip_uri)(const surroundings *s, const uint8_t *p, void *out)
{
    return sip_scheme(s, p) ? SIPWIRE_LEVELED(straight_uri)(s, p, out) : NULL;
}

const uint8_t *SIPWIRE_LEVELED(straight_bare_uri)(const surroundings *s, const uint8_t *p, void *into)
{
    sipwire_uri *out = into;
    const uint8_t *begin = p, *end = straight_scan(s, p, &SIPWIRE_LEVELED(straight_bare_octets));
    unsigned scheme_len = sip_scheme(s, p);
    if (!scheme_len)
        return other_uri(s, p, true, out) == end ? end : NULL;
    p = begin_sip_uri(s, p, scheme_len, out);
    if (p > end) { /* what looked like a user goes on behind the URI */
        out->user = out->password = (sipwire_str){0};
        p = begin + scheme_len + 1;
    }
    p = host_at(s, p, &out->host);
    if (p && *p == ':') {
        int64_t port;
        p = straight_number(s, p + 1, 0, 65535, &port);
        out->port = (int32_t)port;
    }
    return p == end ? end_uri(s, begin, p, out) : NULL;
}

RUN_COLD bool decimal(const uint8_t *from, const uint8_t *to, sipwire_decimal *out)
{
    struct machine m = {0};
    return from == to || machine_decimal(&m, SPAN(from, to), out);
}

#include "paths.inc"

#else

typedef int straight_is_for_vectors;

#endif
