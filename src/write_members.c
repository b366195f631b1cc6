/* Writing the members of values: text, hosts, numbers. Compiled once for each SIMD level.
 * SPDX-License-Identifier: MIT */
#include "nesting.h"
#include "straight.h"
#include "write_put.h"

#if SIPWIRE_LEVEL
#include "write_bits.h"
#endif

/* Folds become one SP with the blanks around them (RFC 3261 section 7.3.1). The text is right: a CR begins a fold.
 * pairs: a backslash takes the octet behind it along. */
static uint64_t put_unfolded(const sipwire_writer *w, uint64_t n, const char *p, const char *end, bool pairs)
{
    while (p < end) {
        const char *blank = p;
        while (blank < end && (*blank == ' ' || *blank == '\t'))
            blank++;
        if (blank < end && *blank == '\r') {
            while (blank < end && (*blank == ' ' || *blank == '\t' || *blank == '\r' || *blank == '\n'))
                blank++;
            n = put_octet(w, n, ' ');
            p = blank;
            continue;
        }
        if (blank == p && pairs && *p == '\\' && end - p > 1)
            n = put_octet(w, n, *p++);
        if (blank > p) {
            n = put_copy(w, n, p, (size_t)(blank - p));
            p = blank;
            continue;
        }
        n = put_octet(w, n, *p++);
    }
    return n;
}

/* The state behind an octet; a dead one stays dead. */
static inline uint32_t step(const struct write_dfa *dfa, uint32_t state, uint8_t octet)
{
    return dfa->next[state + dfa->kinds[octet]];
}

uint32_t SIPWIRE_LEVELED(write_dfa_run)(const struct write_dfa *dfa, uint32_t state, const char *text, size_t len,
                                        size_t *at)
{
    const uint8_t *p = (const uint8_t *)text, *end = p + len;
    while (p < end) {
        uint32_t next = step(dfa, state, *p);
        if (!next) {
            *at = (size_t)((const char *)p - text);
            return 0;
        }
        p++;
#if SIPWIRE_LEVEL
        unsigned run = RUN_UNLIKELY(next == state && end - p >= 32) ? dfa->next[next + dfa->width - 1] >> 1 : 0;
        if (run)
            p = run_skip(p, end, write_runs[run - 1]);
#endif
        state = next;
    }
    return state;
}

#if SIPWIRE_LEVEL

/* write_dfa_run where 32 octets more can be loaded: runs are skipped at once. 0 for a text that is refused. */
static uint32_t run_in_copy(const struct write_dfa *dfa, const uint8_t *p, size_t len)
{
    const uint8_t *end = p + len;
    uint32_t state = dfa->width;
    while (p < end) {
        uint32_t next = step(dfa, state, *p++);
        if (next == state) {
            unsigned run = dfa->next[next + dfa->width - 1] >> 1;
            unsigned more = run ? run_text_outside(run_text32(p), write_runs[run - 1]) : 0;
            p += more < 32 ? more : 32;
        }
        state = next;
        if (RUN_UNLIKELY(!state))
            return 0;
    }
    return state;
}

/* Whether one of these follows another one of them, with none of the others between. */
static inline bool any_in_row(uint64_t these, uint64_t others)
{
    bool before = false;
    for (uint64_t all = these | others; all; all &= all - 1) {
        bool now = (all & (~all + 1) & these) != 0;
        if (now && before)
            return true;
        before = now;
    }
    return false;
}

/* Puts a text that the sets of its language show to be right, where there is room for more. */
static bool put_by_sets(const sipwire_writer *w, uint64_t n, sipwire_str text, const struct write_language *language)
{
    if (text.len - 1 >= MOST_BITS || !put_wide(w, n))
        return false;
    const struct text_bits t = bits_of((const uint8_t *)text.ptr, text.len);
    uint64_t inside = ~bits_behind(&t), others = bits_outside(&t, language->octets) & inside;
    bits_store(&t, w->buf + n);
    if (language->utf8 && others == (bits_high(&t) & inside))
        return bits_are_utf8(&t, others);
    uint64_t joints = language->joint ? bits_equal(&t, language->joint) & inside : 0,
             inner = language->inner ? bits_equal(&t, language->inner) & inside : 0, all = joints | inner;
    return all == others && !(all & 1) && !(all >> (t.len - 1)) && !(all & all >> 1) && !any_in_row(inner, joints);
}

/* How many of the octets are this one, where 32 octets more can be loaded. */
static unsigned count_in_copy(const uint8_t *p, size_t len, char octet)
{
    unsigned count = 0;
    for (; len > 32; len -= 32, p += 32)
        count += run_count(run_text_equal(run_text32(p), octet));
    return count + run_count(run_text_equal(run_text32(p), octet) & ((UINT64_C(1) << len) - 1));
}

/* Puts a text that is not empty, if the automaton takes it as it stands and there is room for more. */
static bool put_as_taken(const sipwire_writer *w, uint64_t n, sipwire_str text, const struct write_dfa *dfa)
{
    if (!put_wide(w, n + text.len) || !text.len)
        return false;
    uint8_t *copy = (uint8_t *)w->buf + n;
    put_octets_to((char *)copy, text.ptr, text.len);
    return write_dfa_ends(dfa, run_in_copy(dfa, copy, text.len)) && !count_in_copy(copy, text.len, '\r');
}

#endif

static bool too_deep(sipwire_str text, uint32_t most)
{
    const uint8_t *p = (const uint8_t *)text.ptr;
    return nested_too_deep(p, p + text.len, most) != NULL;
}

static uint64_t put_by_automaton(sipwire_writer *w, uint64_t n, sipwire_str text, const struct write_rule *rule,
                                 bool inner)
{
    const struct write_dfa *dfa = language_of(rule, inner)->dfa;
    size_t at = text.len;
    uint32_t state = SIPWIRE_LEVELED(write_dfa_run)(dfa, dfa->width, text.ptr, text.len, &at);
    if (!write_dfa_ends(dfa, state))
        return put_refuse(w, SIPWIRE_E_SYNTAX, at, rule->rule);
    if (text.len && memchr(text.ptr, '\r', text.len))
        return put_unfolded(w, n, text.ptr, text.ptr + text.len, inner);
    return put_copy(w, n, text.ptr, text.len);
}

static uint64_t put_by_machine(sipwire_writer *w, uint64_t n, sipwire_str text, const struct write_rule *rule,
                               bool inner)
{
    const uint8_t *p = (const uint8_t *)text.ptr;
    struct machine m = {.at = p, .end = p + text.len, .set = machine_set_current()};
    m.max_uri = w->options.limits.max_uri;
    m.max_params = w->options.limits.max_params;
    sipwire_status status = SIPWIRE_LEVELED(write_machines)[language_of(rule, inner)->machine](&m, NULL);
    return status == SIPWIRE_OK ? put_copy(w, n, text.ptr, text.len)
                                : put_refuse(w, status, (size_t)(m.at - p), rule->rule);
}

static bool takes_any(const struct write_language *language)
{
    return language->dfa || language->machine;
}

/* Whether the octets of the language's own set alone make up a text that is not empty. */
static inline bool all_in(sipwire_str text, const struct write_language *language)
{
    const uint8_t *p = (const uint8_t *)text.ptr, *end = p + text.len;
    return text.len && run_skip(p, end, language->octets) == end;
}

#if SIPWIRE_LEVEL

/* Stores a text of 1 to 32 octets where 64 have room; whether all of them are in the class. */
RUN_INLINE bool store_if_in(char *to, sipwire_str text, const run_class *c)
{
    const uint8_t *p = (const uint8_t *)text.ptr, *end = p + text.len;
    uint8_t first[16], last[16];
    if (text.len >= 16) {
        memcpy(first, p, 16);
        memcpy(last, end - 16, 16);
        memcpy(to, first, 16);
        memcpy(to + text.len - 16, last, 16);
        return run_outside16and16(first, last, c) == 0;
    }
    if (text.len >= 8) {
        memcpy(first, p, 8);
        memcpy(first + 8, end - 8, 8);
        memcpy(to, first, 8);
        memcpy(to + text.len - 8, first + 8, 8);
        return run_outside8and8(first, first + 8, c) == 0;
    }
    if (text.len >= 4) {
        memcpy(first, p, 4);
        memcpy(first + 4, end - 4, 4);
        memcpy(to, first, 4);
        memcpy(to + text.len - 4, first + 4, 4);
    } else {
        uint32_t middle = p[text.len / 2],
                 octets = p[0] | middle << 8 | (uint32_t)end[-1] << 16 | (uint32_t)end[-1] << 24;
        to[0] = (char)p[0];
        to[text.len / 2] = (char)middle;
        to[text.len - 1] = (char)end[-1];
        memcpy(first, &octets, 4);
        memcpy(first + 4, &octets, 4);
    }
    return run_outside8and8(first, first, c) == 0;
}

#endif

/* put_language for what is not a short text of the language's own octets where there is room. */
static uint64_t put_checked(sipwire_writer *w, uint64_t n, sipwire_str text, const struct write_rule *rule, bool inner)
{
    const struct write_language *language = language_of(rule, inner);
    if (!text.ptr || !takes_any(language))
        return put_refuse(w, text.ptr ? SIPWIRE_E_SYNTAX : SIPWIRE_E_MEMBER, 0, rule->rule);
    if (text.len > w->options.limits.max_field)
        return put_refuse(w, SIPWIRE_E_LIMIT_FIELD, 0, rule->rule);
#if SIPWIRE_LEVEL
    if (put_by_sets(w, n, text, language) || (language->dfa && put_as_taken(w, n, text, language->dfa)))
        return n + text.len;
#endif
    if (all_in(text, language))
        return put_copy(w, n, text.ptr, text.len);
    return language->dfa ? put_by_automaton(w, n, text, rule, inner) : put_by_machine(w, n, text, rule, inner);
}

/* A text as it stands, by what the rule says of such a text: bare, or between delimiters. */
static inline uint64_t put_language(sipwire_writer *w, uint64_t n, sipwire_str text, const struct write_rule *rule,
                                    bool inner)
{
#if SIPWIRE_LEVEL
    if (RUN_LIKELY(put_wide(w, n) && text.len - 1 < 32 && text.ptr) &&
        RUN_LIKELY(store_if_in(w->buf + n, text, language_of(rule, inner)->octets)))
        return n + text.len;
#endif
    return put_checked(w, n, text, rule, inner);
}

uint64_t SIPWIRE_LEVELED(put_octets)(sipwire_writer *w, uint64_t n, sipwire_str text, const struct write_rule *rule)
{
    return put_language(w, n, text, rule, false);
}

/* Between delimiters, as it stands. */
static uint64_t put_between(sipwire_writer *w, uint64_t n, sipwire_str text, const struct write_rule *rule,
                            const char delimiters[2])
{
    n = put_octet(w, n, delimiters[0]);
    n = put_language(w, n, text, rule, true);
    return n ? put_octet(w, n, delimiters[1]) : 0;
}

/* Whether an octet can stand between these delimiters as a quoted-pair only. */
static bool must_be_escaped(char octet, const char delimiters[2])
{
    uint8_t code = (uint8_t)octet;
    return octet == delimiters[0] || octet == delimiters[1] || octet == '\\' || code == 0x7F ||
           (code < 0x20 && octet != '\t');
}

/* Between delimiters, with quoted-pairs where they are needed (RFC 3261 section 25.1). */
static uint64_t put_escaped(sipwire_writer *w, uint64_t n, sipwire_str text, const struct write_rule *rule,
                            const char delimiters[2])
{
    const struct write_dfa *dfa = language_of(rule, true)->dfa;
    uint32_t state = dfa->width;
    n = put_octet(w, n, delimiters[0]);
    for (size_t i = 0; i < text.len; i++) {
        bool escaped = must_be_escaped(text.ptr[i], delimiters);
        if (escaped)
            state = step(dfa, state, '\\');
        state = step(dfa, state, (uint8_t)text.ptr[i]);
        if (!state)
            return put_refuse(w, SIPWIRE_E_SYNTAX, i, rule->rule);
        if (escaped)
            n = put_octet(w, n, '\\');
        n = put_octet(w, n, text.ptr[i]);
    }
    if (!write_dfa_ends(dfa, state))
        return put_refuse(w, SIPWIRE_E_SYNTAX, text.len, rule->rule);
    return put_octet(w, n, delimiters[1]);
}

static const char quotes[2] = {'"', '"'}, parentheses[2] = {'(', ')'};

/* Decoded text: as it stands where that is sure to be read back as it is, else quoted, where the rule has quotes. */
static uint64_t put_plain(sipwire_writer *w, uint64_t n, sipwire_str text, const struct write_rule *rule)
{
    if (text.len > w->options.limits.max_field)
        return put_refuse(w, SIPWIRE_E_LIMIT_FIELD, 0, rule->rule);
    const struct write_language *bare = language_of(rule, false), *inner = language_of(rule, true);
    if (takes_any(bare) && all_in(text, bare))
        return put_copy(w, n, text.ptr, text.len);
    if (inner->machine || (inner->dfa && all_in(text, inner)))
        return put_between(w, n, text, rule, quotes);
    if (inner->dfa)
        return put_escaped(w, n, text, rule, quotes);
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '\r' || text.ptr[i] == '\n')
            return put_refuse(w, SIPWIRE_E_SYNTAX, i, rule->rule);
    }
    return put_language(w, n, text, rule, false);
}

uint64_t SIPWIRE_LEVELED(put_text)(sipwire_writer *w, uint64_t n, const sipwire_text *text,
                                   const struct write_rule *rule)
{
    sipwire_str octets = {text->ptr, text->len};
    if (!text->ptr)
        return put_refuse(w, SIPWIRE_E_MEMBER, 0, rule->rule);
    switch (text->form) {
    case SIPWIRE_WIRE:
        return put_language(w, n, octets, rule, false);
    case SIPWIRE_WIRE_QUOTED:
        return put_between(w, n, octets, rule, quotes);
    case SIPWIRE_PLAIN:
        return put_plain(w, n, octets, rule);
    default:
        return put_refuse(w, SIPWIRE_E_USAGE, 0, rule->rule);
    }
}

uint64_t SIPWIRE_LEVELED(put_comment)(sipwire_writer *w, uint64_t n, const sipwire_text *text,
                                      const struct write_rule *rule)
{
    sipwire_str octets = {text->ptr, text->len};
    if (!text->ptr)
        return put_refuse(w, SIPWIRE_E_MEMBER, 0, rule->rule);
    if (text->len > w->options.limits.max_field)
        return put_refuse(w, SIPWIRE_E_LIMIT_FIELD, 0, rule->rule);
    if (text->form == SIPWIRE_PLAIN)
        return put_escaped(w, n, octets, rule, parentheses);
    if (too_deep(octets, w->options.limits.max_nesting - 1))
        return put_refuse(w, SIPWIRE_E_LIMIT_NESTING, 0, rule->rule);
    return text->form == SIPWIRE_WIRE_QUOTED ? put_between(w, n, octets, rule, parentheses)
                                             : put_refuse(w, SIPWIRE_E_SYNTAX, 0, rule->rule);
}

/* Quoted-pairs stand in the comments, and no backslash elsewhere. */
uint64_t SIPWIRE_LEVELED(put_products)(sipwire_writer *w, uint64_t n, const sipwire_products *products,
                                       const struct write_rule *rule)
{
    sipwire_str octets = {products->ptr, products->len};
    if (!octets.ptr || octets.len > w->options.limits.max_field)
        return put_refuse(w, octets.ptr ? SIPWIRE_E_LIMIT_FIELD : SIPWIRE_E_MEMBER, 0, rule->rule);
#if SIPWIRE_LEVEL
    if (put_by_sets(w, n, octets, language_of(rule, true)) && !memchr(octets.ptr, '(', octets.len))
        return n + octets.len;
    if (put_wide(w, n + octets.len) && octets.len - 1 < 255 &&
        put_as_taken(w, n, octets, language_of(rule, true)->dfa) &&
        count_in_copy((uint8_t *)w->buf + n, octets.len, '(') <= w->options.limits.max_nesting)
        return n + octets.len;
#endif
    if (too_deep(octets, w->options.limits.max_nesting))
        return put_refuse(w, SIPWIRE_E_LIMIT_NESTING, 0, rule->rule);
    return put_by_automaton(w, n, octets, rule, true);
}

static const int64_t highest_decimal = INT64_C(99999999999999999); /* as the parser has it (sipwire_decimal) */

/* Whether the digits before the point are more than a decimal takes. */
static bool decimal_overflows(sipwire_str text)
{
    int64_t whole = 0;
    for (size_t i = 0; i < text.len && text.ptr[i] >= '0' && text.ptr[i] <= '9' && whole <= highest_decimal; i++)
        whole = whole * 10 + (text.ptr[i] - '0');
    return whole > highest_decimal;
}

/* The text where there is one: it is what is to be sent back (RFC 3261 section 8.2.6.1). */
uint64_t SIPWIRE_LEVELED(put_decimal)(sipwire_writer *w, uint64_t n, const sipwire_decimal *decimal,
                                      const struct write_rule *rule)
{
    if (decimal->text.ptr &&
        decimal->text.len == 0) /* a delay may have no digits, but then a blank would end the field */
        return put_refuse(w, SIPWIRE_E_SYNTAX, 0, rule->rule);
    if (decimal->text.ptr && decimal_overflows(decimal->text))
        return put_refuse(w, SIPWIRE_E_RANGE, 0, rule->rule);
    if (decimal->text.ptr)
        return put_language(w, n, decimal->text, rule, false);
    if (decimal->nano > 999999999)
        return put_refuse(w, SIPWIRE_E_RANGE, 0, rule->rule);
    n = put_number(w, n, decimal->whole, 0, highest_decimal, rule->rule);
    if (!n || decimal->nano == 0)
        return n;
    char digits[10] = {'.'};
    uint32_t rest = decimal->nano;
    size_t len = 10;
    for (size_t i = 9; i > 0; i--, rest /= 10)
        digits[i] = (char)('0' + rest % 10);
    while (digits[len - 1] == '0')
        len--;
    return put_copy(w, n, digits, len);
}

#if SIPWIRE_LEVEL

/* straight_host_type for 32 to 63 octets. */
static uint32_t long_host_type(sipwire_str host)
{
    const uint8_t *p = (const uint8_t *)host.ptr;
    const struct text_bits t = bits_of(p, host.len);
    if (bits_outside(&t, &SIPWIRE_LEVELED(straight_host_octets)) & ~bits_behind(&t))
        return SIPWIRE_HOST_NONE;
    return SIPWIRE_LEVELED(straight_name_type)(p, t.len, bits_equal(&t, '.'), bits_equal(&t, '-'));
}

#endif

/* Whether a host of this type is surely right. */
static inline bool is_plain_host(const sipwire_host *host, const struct write_rule *rule)
{
#if SIPWIRE_LEVEL
    if (!host->text.ptr || host->text.len - 1 >= MOST_BITS)
        return false;
    uint32_t type = host->text.len > 31 ? long_host_type(host->text) : SIPWIRE_LEVELED(straight_host_type)(host->text);
    return (rule->hosts >> type & 1) && (type == SIPWIRE_HOST_IPV6) == (host->type == SIPWIRE_HOST_IPV6);
#else
    (void)host;
    (void)rule;
    return false;
#endif
}

uint64_t SIPWIRE_LEVELED(put_host)(sipwire_writer *w, uint64_t n, const sipwire_host *host,
                                   const struct write_rule *rule)
{
    bool address = host->type == SIPWIRE_HOST_IPV6;
    if (host->type != SIPWIRE_HOST_NAME && host->type != SIPWIRE_HOST_IPV4 && !address)
        return put_refuse(w, SIPWIRE_E_MEMBER, 0, rule->rule);
    if (address && rule->brackets)
        n = put_octet(w, n, '[');
    if (is_plain_host(host, rule))
        n = put_copy(w, n, host->text.ptr, host->text.len);
    else
        n = put_language(w, n, host->text, rule, address);
    return n && address && rule->brackets ? put_octet(w, n, ']') : n;
}
