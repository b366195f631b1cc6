/* URIs: the scheme picks the machine, and for sip and sips the "@" parts the userinfo from the rest.
 * grammar/shapes/uri.shape says the same to the equivalence proof.
 * SPDX-License-Identifier: MIT */
#include "alone.h"
#include "by_itself.h"
#include "machine.h"
#include "options.h"
#include "straight.h"
#include "tolerant.h"

#include <string.h>

static bool scheme_is(const uint8_t *p, size_t len, const char *name)
{
    if (len != strlen(name))
        return false;
    for (size_t i = 0; i < len; i++) {
        if ((p[i] | 0x20) != name[i])
            return false;
    }
    return true;
}

static uint32_t scheme_of(const uint8_t *p, size_t len)
{
    if (scheme_is(p, len, "sip"))
        return SIPWIRE_SCHEME_SIP;
    if (scheme_is(p, len, "sips"))
        return SIPWIRE_SCHEME_SIPS;
    return scheme_is(p, len, "tel") ? SIPWIRE_SCHEME_TEL : SIPWIRE_SCHEME_OTHER;
}

/* Runs one of the machines over [at, end); on failure m has the error. */
static bool run(struct machine *m, machine_function *machine, const uint8_t *at, const uint8_t *end, sipwire_uri *out)
{
    struct machine inner = *m;
    inner.at = at;
    inner.end = end;
    inner.scope = m->tolerance ? sipwire_tolerant_uri_scope : uri_scope;
    inner.state = NULL;
    if (machine(&inner, out) == SIPWIRE_OK)
        return true;
    machine_fail(m, inner.status, inner.at, inner.rule);
    m->state = inner.state;
    return false;
}

/* The text may have been meant for the other machine: the error is where the last of the two gives up. */
static bool blame_later(struct machine *m, machine_function *other, const uint8_t *p, const uint8_t *end)
{
    struct machine second = *m;
    sipwire_uri scratch = {.port = -1};
    if (m->status == SIPWIRE_E_SYNTAX && !run(&second, other, p, end, &scratch) && second.status == SIPWIRE_E_SYNTAX &&
        second.at > m->at)
        *m = second;
    return false;
}

static bool read_sip(struct machine *m, const uint8_t *p, const uint8_t *end, sipwire_uri *out)
{
    const uint8_t *at = memchr(p, '@', (size_t)(end - p));
    if (at && !run(m, m->set->userinfo, p, at + 1, out))
        return blame_later(m, m->set->hostport, p, end);
    if (!run(m, m->set->hostport, at ? at + 1 : p, end, out))
        return at ? false : blame_later(m, m->set->userinfo, p, end);
    if (out->headers.ptr)
        out->headers = (sipwire_str){out->headers.ptr + 1, out->headers.len - 1};
    return true;
}

sipwire_status uri_check_tel(const sipwire_params *params, uint32_t most, uint32_t *count, sipwire_str *name)
{
    static const uint16_t single[] = {SIPWIRE_PARAM_ISUB,          SIPWIRE_PARAM_EXT,
                                      SIPWIRE_PARAM_PHONE_CONTEXT, SIPWIRE_PARAM_RN,
                                      SIPWIRE_PARAM_RN_CONTEXT,    SIPWIRE_PARAM_CIC,
                                      SIPWIRE_PARAM_CIC_CONTEXT,   SIPWIRE_PARAM_NPDI,
                                      SIPWIRE_PARAM_ENUMDI,        SIPWIRE_PARAM_ISUB_ENCODING,
                                      SIPWIRE_PARAM_TGRP,          SIPWIRE_PARAM_TRUNK_CONTEXT};
    enum { SINGLE = sizeof single / sizeof single[0] };
    bool seen[SINGLE] = {false};
    uint32_t cursor = 0;
    sipwire_param param;
    for (*count = 0; sipwire_param_next(params, &cursor, &param) == SIPWIRE_OK;) {
        *name = param.name;
        if (++*count > most)
            return SIPWIRE_E_LIMIT_PARAMS;
        for (size_t i = 0; i < SINGLE; i++) {
            if (param.id == single[i] && seen[i])
                return SIPWIRE_E_DUPLICATE_PARAM;
            seen[i] = seen[i] || param.id == single[i];
        }
    }
    return SIPWIRE_OK;
}

/* The number's machine checks the parameters too; what stands behind the digits is their region. */
static bool read_tel(struct machine *m, const uint8_t *p, const uint8_t *end, sipwire_uri *out)
{
    if (!run(m, m->set->tel, p, end, out))
        return false;
    const char *first = out->number.ptr + out->number.len;
    out->params = (sipwire_params){first, (uint32_t)((const char *)end - first), 0};
    if (out->params.len == 0) {
        out->params.ptr = NULL;
        return true;
    }
    sipwire_str name;
    sipwire_status status = uri_check_tel(&out->params, m->max_params, &out->params.count, &name);
    if (status == SIPWIRE_OK)
        return true;
    machine_fail(m, status, (const uint8_t *)name.ptr, RULE_RFC3966_PAR);
    return false;
}

/* The scheme by its rule: ALPHA *( ALPHA / DIGIT / "+" / "-" / "." ). Returns the octet behind it. */
static const uint8_t *skip_scheme(const uint8_t *p, const uint8_t *end)
{
    const uint8_t *first = p;
    for (; p < end; p++) {
        bool letter = (*p | 0x20) >= 'a' && (*p | 0x20) <= 'z';
        bool other = (*p >= '0' && *p <= '9') || *p == '+' || *p == '-' || *p == '.';
        if (!letter && (p == first || !other))
            break;
    }
    return p;
}

/* A URI as usual, by its straight path. */
static bool read_straight(const struct machine *m, sipwire_uri *out)
{
    const struct straight_set *set = straight_set_current();
    if (!set)
        return false;
    sipwire_options limits;
    limits.max_uri = m->max_uri;
    limits.max_params = m->max_params;
    surroundings s = {m->end, straight_wide(m->readable), NULL, &limits};
    *out = (sipwire_uri){0};
    if (!straight_stops(m->end, m->readable))
        return alone_uri(&s, set->uri, m->at, m->end, out);
    return set->uri(&s, m->at, out) == m->end;
}

sipwire_status uri_read(struct machine *m, sipwire_uri *out)
{
    if (read_straight(m, out))
        return m->status = SIPWIRE_OK;
    const uint8_t *p = m->at, *end = m->end;
    *out = (sipwire_uri){.port = -1, .raw = machine_str(SPAN(p, end))};
    if ((size_t)(end - p) > m->max_uri)
        return machine_fail(m, SIPWIRE_E_LIMIT_URI, p + m->max_uri, RULE_RFC3261_ADDR_SPEC);
    const uint8_t *colon = skip_scheme(p, end);
    if (colon == p || colon == end || *colon != ':')
        return machine_fail(m, SIPWIRE_E_SYNTAX, colon, RULE_RFC3261_SCHEME);
    out->scheme = scheme_of(p, (size_t)(colon - p));
    out->scheme_text = machine_str(SPAN(p, colon));
    bool ok;
    switch (out->scheme) {
    case SIPWIRE_SCHEME_SIP:
    case SIPWIRE_SCHEME_SIPS:
        ok = read_sip(m, colon + 1, end, out);
        break;
    case SIPWIRE_SCHEME_TEL:
        ok = read_tel(m, colon + 1, end, out);
        break;
    default:
        ok = (colon + 1 == end && scheme_is(p, (size_t)(colon - p), "data")) ||
             run(m, m->set->absolute, colon + 1, end, out);
        out->rest = machine_str(SPAN(colon + 1, end));
    }
    return ok ? (m->status = SIPWIRE_OK) : m->status;
}

sipwire_status uri_of_text(sipwire_str text, const sipwire_options *limits, sipwire_uri *out, sipwire_error *err)
{
    struct machine m = {0};
    static const uint8_t nothing[1];
    m.at = text.ptr ? (const uint8_t *)text.ptr : nothing;
    const uint8_t *start = m.at;
    m.end = m.at + text.len;
    m.set = machine_set_current();
    m.max_uri = limits->max_uri;
    m.max_params = limits->max_params;
    sipwire_status status = uri_read(&m, out);
    if (status != SIPWIRE_OK && err) {
        uint16_t rule = status == SIPWIRE_E_SYNTAX && m.state ? m.state->rule : m.rule;
        *err = (sipwire_error){.status = status, .offset = (uint32_t)(m.at - start), .rule = rule, .row = UINT32_MAX};
    }
    return status;
}

sipwire_status sipwire_uri_parse(sipwire_str text, sipwire_uri *out, sipwire_error *err)
{
    const sipwire_options limits = options_resolve(NULL);
    return uri_of_text(text, &limits, out, err);
}
