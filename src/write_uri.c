/* Writing URIs (RFC 3261 section 19.1.1, RFC 3966). Compiled once for each SIMD level.
 * SPDX-License-Identifier: MIT */
#include "straight.h"
#include "write_put.h"

/* URIs composed from their members. */

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
        n = SIPWIRE_LEVELED(put_octets)(w, n, uri->scheme_text, &write_uri_parts.scheme);
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
        n = SIPWIRE_LEVELED(put_octets)(w, n, uri->user, &parts->user);
        if (n && uri->password.ptr)
            n = SIPWIRE_LEVELED(put_octets)(w, put_octet(w, n, ':'), uri->password, &parts->password);
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
        n = SIPWIRE_LEVELED(put_octets)(w, put_octet(w, n, '?'), uri->headers, &parts->headers);
    return n;
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
    uint32_t count;
    sipwire_str name;
    sipwire_status status =
        params->len ? uri_check_tel(params, w->options.limits.max_params, &count, &name) : SIPWIRE_OK;
    if (status != SIPWIRE_OK)
        return put_refuse(w, status, status == SIPWIRE_E_DUPLICATE_PARAM ? (size_t)(name.ptr - params->ptr) : 0,
                          rule->rule);
    const char *twice = params->len ? write_name_twice(NULL, params) : NULL;
    if (twice)
        return put_refuse(w, SIPWIRE_E_DUPLICATE_PARAM, (size_t)(twice - params->ptr), rule->rule);
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
    return SIPWIRE_LEVELED(put_octets)(w, n, uri->rest, &write_uri_parts.rest);
}

#if SIPWIRE_LEVEL

#include "write_bits.h"

/* A URI of 8 to 63 octets as a parser left it: what is outside of some class, and what is some octet; bit n is for
 * octet n. */
struct raw_uri {
    const uint8_t *p;
    unsigned len, at; /* its octets, and how many of them were found to be right */
    uint64_t not_user, not_host, dots, hyphens;
};

static inline void read_raw(struct raw_uri *r, char *to)
{
    const struct text_bits t = bits_of(r->p, r->len);
    uint64_t end = bits_behind(&t);
    bits_store(&t, to);
    r->not_user = bits_outside(&t, write_languages[write_uri_parts.user.bare].octets) | end;
    r->not_host = bits_outside(&t, &SIPWIRE_LEVELED(straight_host_octets)) | end;
    r->dots = bits_equal(&t, '.');
    r->hyphens = bits_equal(&t, '-');
}

/* Whether a member is what begins at the octet reached, up to the first one of a set. */
static inline bool next_is(struct raw_uri *r, sipwire_str member, uint64_t others)
{
    unsigned len = run_lowest(others >> r->at);
    bool same = member.ptr == (const char *)r->p + r->at && member.len == len && len != 0;
    r->at += len;
    return same;
}

/* Whether scheme and userinfo begin it. */
static inline bool userinfo_is(struct raw_uri *r, const sipwire_uri *uri)
{
    uint32_t scheme;
    memcpy(&scheme, r->p, sizeof scheme);
    r->at = uri->scheme + 3;
    if (uri->scheme_text.len != uri->scheme + 2 || r->p[r->at - 1] != ':' ||
        (scheme | 0x20202020) != (uri->scheme == SIPWIRE_SCHEME_SIP ? UINT32_C(0x3A706973) : UINT32_C(0x73706973)))
        return false;
    return !uri->user.ptr || (next_is(r, uri->user, r->not_user) && r->at < r->len && r->p[r->at++] == '@');
}

/* Whether the host is next. */
static inline bool host_is(struct raw_uri *r, const sipwire_host *host)
{
    unsigned at = r->at;
    return host->type - 1 < SIPWIRE_HOST_IPV4 && r->at < r->len && next_is(r, host->text, r->not_host) &&
           SIPWIRE_LEVELED(straight_name_type)(r->p + at, r->at - at, r->dots >> at, r->hyphens >> at) !=
               SIPWIRE_HOST_NONE;
}

/* Whether ":" and the port are next, as they are written, and reach up to params. */
static inline bool port_is(struct raw_uri *r, int32_t port, unsigned params)
{
    unsigned digits = params - r->at - 1;
    uint64_t text;
    if (params <= r->at || params < sizeof text || digits - 1 > 4 || r->p[r->at] != ':' ||
        (r->p[r->at + 1] == '0' && digits > 1))
        return false;
    memcpy(&text, r->p + params - 8, sizeof text);
    text >>= 64 - 8 * digits;
    uint64_t zeros = UINT64_C(0x3030303030303030) >> (64 - 8 * digits), over = text ^ zeros;
    r->at = params;
    return ((over | (over + UINT64_C(0x7676767676767676))) & UINT64_C(0x8080808080808080)) == 0 &&
           straight_digits(text, digits) == (uint64_t)port && port <= 65535;
}

/* Whether a text covers the members from the first one on, with nothing behind them but a port. */
static inline bool raw_covers(const sipwire_uri *uri)
{
    uintptr_t end = (uintptr_t)uri->raw.ptr + uri->raw.len;
    uintptr_t last = uri->params.len ? (uintptr_t)uri->params.ptr + uri->params.len
                                     : (uintptr_t)uri->host.text.ptr + uri->host.text.len;
    return uri->raw.ptr && uri->scheme_text.ptr == uri->raw.ptr && end - last <= sizeof ":65535" - 1;
}

/* Puts a URI as it stands in raw, if that is right and how it would be written: all members are there, one behind the
 * other. Most are as a parser left them, but nobody vouches for that. */
static bool put_raw(sipwire_writer *w, uint64_t n, const sipwire_uri *uri)
{
    static const uint8_t stops[32] = "\r";
    struct raw_uri r = {.p = (const uint8_t *)uri->raw.ptr, .len = (unsigned)uri->raw.len};
    const unsigned params = r.len - uri->params.len;
    if (!raw_covers(uri) || uri->raw.len - 8 > MOST_BITS - 8 || !put_wide(w, n + r.len) || uri->password.ptr ||
        uri->headers.ptr || uri->number.ptr || uri->rest.ptr || r.len > w->options.limits.max_uri)
        return false;
    uint8_t *copy = (uint8_t *)w->buf + n;
    read_raw(&r, (char *)copy);
    if (!userinfo_is(&r, uri) || !host_is(&r, &uri->host) || (uri->port != -1 && !port_is(&r, uri->port, params)))
        return false;
    if (uri->params.len == 0 || r.at != params || uri->params.ptr != (const char *)r.p + r.at)
        return uri->params.len == 0 && r.at == r.len;
    memcpy(copy + r.len, stops, sizeof stops);
    surroundings s = {.end = copy + r.len, .wide = (uintptr_t)(copy + r.len)};
    struct straight_region region = {.text = uri->params.ptr, .scope = write_uri_parts.params};
    s.options = &w->options.limits;
    const struct param_scope *scope = param_scopes[write_uri_parts.params->reader];
    return SIPWIRE_LEVELED(straight_same)(&s, scope, copy + params, &region) &&
           (!region.maybe_twice || !write_name_twice(scope, &uri->params));
}

#endif

uint64_t SIPWIRE_LEVELED(put_uri)(sipwire_writer *w, uint64_t n, const sipwire_uri *uri, const struct write_rule *rule)
{
    uint64_t first = n;
    if (uri->scheme == SIPWIRE_SCHEME_NONE || uri->scheme > SIPWIRE_SCHEME_OTHER)
        return put_refuse(w, SIPWIRE_E_MEMBER, 0, rule->rule);
#if SIPWIRE_LEVEL
    if (uri->scheme <= SIPWIRE_SCHEME_SIPS && put_raw(w, n, uri))
        return n + uri->raw.len;
#endif
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
