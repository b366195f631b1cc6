/* Writing the members of values: text, hosts, URIs. Compiled once for each SIMD level.
 * SPDX-License-Identifier: MIT */
#include "nesting.h"
#include "straight.h"
#include "write_put.h"

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

/* Whether it is two such texts with the language's joint between them. */
static bool is_joined(sipwire_str text, const struct write_language *language)
{
    const char *joint = text.len && language->joint ? memchr(text.ptr, language->joint, text.len) : NULL;
    if (!joint)
        return false;
    size_t before = (size_t)(joint - text.ptr);
    return all_in((sipwire_str){text.ptr, before}, language) &&
           all_in((sipwire_str){joint + 1, text.len - before - 1}, language);
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
    if (all_in(text, language) || is_joined(text, language))
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

/* Whether a host of this type is surely right. */
static inline bool is_plain_host(const sipwire_host *host, const struct write_rule *rule)
{
#if SIPWIRE_LEVEL
    if (!host->text.ptr || host->text.len - 1 > 30)
        return false;
    uint32_t type = SIPWIRE_LEVELED(straight_host_type)(host->text);
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

/* URIs (RFC 3261 section 19.1.1, RFC 3966), composed from their members. */

/* Whether it is the name of a scheme in lower case, of 3 or 4 letters, in any letter case. */
static inline bool same_scheme(sipwire_str text, sipwire_str name)
{
    const char *p = text.ptr, *q = name.ptr;
    if (text.len != name.len || (p[0] | 0x20) != q[0] || (p[1] | 0x20) != q[1] || (p[2] | 0x20) != q[2])
        return false;
    return text.len == 3 || (p[3] | 0x20) == q[3];
}

/* The scheme with its colon, in the letters given. */
static uint64_t put_scheme(sipwire_writer *w, uint64_t n, const sipwire_uri *uri)
{
    static const sipwire_str names[] = {{0}, {"sip", 3}, {"sips", 4}, {"tel", 3}};
    if (uri->scheme == SIPWIRE_SCHEME_OTHER) {
        n = put_language(w, n, uri->scheme_text, &write_uri_parts.scheme, false);
        return n ? put_octet(w, n, ':') : 0;
    }
    sipwire_str text = uri->scheme_text.ptr ? uri->scheme_text : names[uri->scheme];
    if (!same_scheme(text, names[uri->scheme]))
        return put_refuse(w, SIPWIRE_E_SYNTAX, 0, write_uri_parts.scheme.rule);
    n = put_copy(w, n, text.ptr, text.len);
    return put_octet(w, n, ':');
}

static uint64_t put_sip(sipwire_writer *w, uint64_t n, const sipwire_uri *uri)
{
    const struct write_uri_parts *parts = &write_uri_parts;
    if (uri->number.ptr || uri->rest.ptr || (uri->password.ptr && !uri->user.ptr))
        return put_refuse(w, SIPWIRE_E_MEMBER, 0, parts->user.rule);
    if (uri->user.ptr) {
        n = put_language(w, n, uri->user, &parts->user, false);
        if (n && uri->password.ptr)
            n = put_language(w, put_octet(w, n, ':'), uri->password, &parts->password, false);
        if (!n)
            return 0;
        n = put_octet(w, n, '@');
    }
    if (!(n = SIPWIRE_LEVELED(put_host)(w, n, &uri->host, &parts->host)))
        return 0;
    if (uri->port != -1 && !(n = put_number(w, put_octet(w, n, ':'), uri->port, 0, 65535, parts->host.rule)))
        return 0;
    if (!(n = SIPWIRE_LEVELED(put_region)(w, n, &uri->params, parts->params)))
        return 0;
    if (uri->headers.ptr)
        n = put_language(w, put_octet(w, n, '?'), uri->headers, &parts->headers, false);
    return n;
}

/* Whether a parameter that may stand once (RFC 3966 section 3) stands twice; its place in *at. The text is right. */
static bool tel_repeats(const sipwire_params *params, uint32_t *count, size_t *at)
{
    static const uint16_t single[] = {SIPWIRE_PARAM_ISUB, SIPWIRE_PARAM_EXT, SIPWIRE_PARAM_PHONE_CONTEXT};
    bool seen[3] = {false, false, false};
    uint32_t cursor = 0;
    sipwire_param param;
    while (sipwire_param_next(params, &cursor, &param) == SIPWIRE_OK) {
        ++*count;
        for (size_t i = 0; i < 3; i++) {
            if (param.id == single[i] && seen[i]) {
                *at = (size_t)(param.name.ptr - params->ptr);
                return true;
            }
            seen[i] = seen[i] || param.id == single[i];
        }
    }
    return false;
}

/* The number and its parameters have one rule: its automaton reads both. */
static uint64_t put_tel(sipwire_writer *w, uint64_t n, const sipwire_uri *uri)
{
    const struct write_rule *rule = &write_uri_parts.tel;
    const struct write_dfa *dfa = language_of(rule, false)->dfa;
    const sipwire_params *params = &uri->params;
    if (!uri->number.ptr || uri->user.ptr || uri->password.ptr || uri->host.type || uri->port != -1 ||
        uri->headers.ptr || uri->rest.ptr)
        return put_refuse(w, SIPWIRE_E_MEMBER, 0, rule->rule);
    if (uri->number.len > w->options.limits.max_field || params->len > w->options.limits.max_field)
        return put_refuse(w, SIPWIRE_E_LIMIT_FIELD, 0, rule->rule);
    const char *semicolon = uri->number.len ? memchr(uri->number.ptr, ';', uri->number.len) : NULL;
    if (semicolon || (params->len && (!params->ptr || *params->ptr != ';')))
        return put_refuse(w, SIPWIRE_E_SYNTAX, semicolon ? (size_t)(semicolon - uri->number.ptr) : 0, rule->rule);
    size_t at = uri->number.len;
    uint32_t state = SIPWIRE_LEVELED(write_dfa_run)(dfa, dfa->width, uri->number.ptr, uri->number.len, &at);
    if (state && params->len) {
        at = params->len;
        state = SIPWIRE_LEVELED(write_dfa_run)(dfa, state, params->ptr, params->len, &at);
    }
    if (!write_dfa_ends(dfa, state))
        return put_refuse(w, SIPWIRE_E_SYNTAX, at, rule->rule);
    uint32_t count = 0;
    if (params->len && tel_repeats(params, &count, &at))
        return put_refuse(w, SIPWIRE_E_DUPLICATE_PARAM, at, rule->rule);
    if (count > w->options.limits.max_params)
        return put_refuse(w, SIPWIRE_E_LIMIT_PARAMS, 0, rule->rule);
    n = put_copy(w, n, uri->number.ptr, uri->number.len);
    return params->len ? put_copy(w, n, params->ptr, params->len) : n;
}

static uint64_t put_other(sipwire_writer *w, uint64_t n, const sipwire_uri *uri)
{
    if (uri->number.ptr || uri->user.ptr || uri->password.ptr || uri->host.type || uri->port != -1 ||
        uri->headers.ptr || uri->params.len)
        return put_refuse(w, SIPWIRE_E_MEMBER, 0, write_uri_parts.rest.rule);
    if (uri->rest.len == 0 && put_same(uri->scheme_text, "data", 4)) /* the null data URI of RFC 9796 */
        return n;
    return put_language(w, n, uri->rest, &write_uri_parts.rest, false);
}

uint64_t SIPWIRE_LEVELED(put_uri)(sipwire_writer *w, uint64_t n, const sipwire_uri *uri, const struct write_rule *rule)
{
    uint64_t first = n;
    if (uri->scheme == SIPWIRE_SCHEME_NONE || uri->scheme > SIPWIRE_SCHEME_OTHER)
        return put_refuse(w, SIPWIRE_E_MEMBER, 0, rule->rule);
    n = put_scheme(w, n, uri);
    if (n) {
        n = uri->scheme == SIPWIRE_SCHEME_TEL     ? put_tel(w, n, uri)
            : uri->scheme == SIPWIRE_SCHEME_OTHER ? put_other(w, n, uri)
                                                  : put_sip(w, n, uri);
    }
    if (n && n - first > w->options.limits.max_uri)
        return put_refuse(w, SIPWIRE_E_LIMIT_URI, 0, rule->rule);
    return n;
}
