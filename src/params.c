/* Parameters: checked while a machine finds them, read one by one afterwards.
 * SPDX-License-Identifier: MIT */
#include "machine.h"
#include "octets.h"
#include "shape_info.h"
#include "tolerant.h"

#include <string.h>

/* The rule that a matcher's error names: 0 stands for that of the parameter. */
static uint16_t blamed_rule(const struct machine *inner, const struct param_rule *rule)
{
    return inner->state && inner->state->rule ? inner->state->rule : rule->rule;
}

/* Runs the machine that the parameter's value must satisfy; on failure m has the error. */
static bool value_matches(struct machine *m, const struct param_rule *rule, struct machine_span value)
{
    struct machine inner = machine_inner(m, value);
    if (rule->match(&inner, NULL) == SIPWIRE_OK)
        return true;
    machine_fail(m, inner.status, inner.at, blamed_rule(&inner, rule));
    return false;
}

/* The octet behind a parameter's name and the blanks there. */
static const uint8_t *behind_name(const struct param_reader *params, const uint8_t *end)
{
    const uint8_t *p = params->name.to;
    while (p < end && octet_is_lws(*p))
        p++;
    return p;
}

/* Where the value that failed at m->at would begin, when p is at "=" and a whole fold stands behind: EQUAL takes one,
 * so what follows is the value's. NULL when there is no such fold. */
static const uint8_t *behind_fold(const struct machine *m, const uint8_t *p)
{
    if (p == m->at || *p != '=')
        return NULL;
    const uint8_t *value = octets_skip_sws(p + 1, m->at);
    return value == octets_skip_wsp(p + 1, m->at) ? NULL : value;
}

/* The value that failed at m->at may have been wrong before, by its own rule. */
static bool blame_value(struct machine *m, const struct param_rule *rule, struct machine_span value)
{
    struct machine inner = machine_inner(m, value);
    if (!rule->match || rule->match(&inner, NULL) != SIPWIRE_E_SYNTAX || inner.at >= m->at)
        return false;
    machine_fail(m, SIPWIRE_E_SYNTAX, inner.at, blamed_rule(&inner, rule));
    return true;
}

static bool quoted_matches(struct machine *m, const struct param_rule *rule, const struct param_reader *params)
{
    const uint8_t *at = params->value.at;
    if (value_matches(m, rule, params->value))
        return true;
    const uint8_t *value = m->at == at ? behind_fold(m, behind_name(params, at)) : NULL;
    if (value)
        blame_value(m, rule, SPAN(value, at));
    return false;
}

static bool value_allowed(struct machine *m, const struct param_rule *rule, const struct param_reader *params,
                          const uint8_t *limit)
{
    if (param_right(rule, params->kind))
        return true;
    if (params->kind == PARAM_FLAG) {
        machine_fail(m, SIPWIRE_E_SYNTAX, behind_name(params, limit), rule->rule);
        return false;
    }
    return params->kind == PARAM_QUOTED ? quoted_matches(m, rule, params) : value_matches(m, rule, params->value);
}

static int32_t thousandths(struct machine_span value)
{
    int32_t out = 0, weight = 1000;
    for (const uint8_t *p = value.at; p < value.to; p++) {
        if (*p == '.')
            continue;
        out += weight * (*p - '0');
        weight /= 10;
    }
    return out;
}

/* Of at most 8 digits, which its rule has checked. */
static int64_t hexadecimal(struct machine_span value)
{
    int64_t out = 0;
    for (const uint8_t *p = value.at; p < value.to; p++)
        out = out * 16 + (*p <= '9' ? *p - '0' : (*p | 0x20) - 'a' + 10);
    return out;
}

bool param_store(struct machine *m, const struct param_rule *rule, struct machine_span value, void *out)
{
    void *member = (char *)out + rule->offset;
    int64_t number = -1;
    switch (rule->kind) {
    case SIPWIRE_KIND_TEXT:
        *(sipwire_text *)member = machine_text(value);
        return true;
    case SIPWIRE_KIND_HOST:
        *(sipwire_host *)member = host_of(value);
        return true;
    case SIPWIRE_KIND_QVALUE:
        *(int32_t *)member = thousandths(value);
        return true;
    case SIPWIRE_KIND_TRUTH:
        *(int32_t *)member = (*value.at | 0x20) == 't';
        return true;
    case SIPWIRE_KIND_HEX:
        *(int64_t *)member = hexadecimal(value);
        return true;
    case SIPWIRE_KIND_NUMBER32:
    case SIPWIRE_KIND_NUMBER64:
        m->rule = rule->rule;
        if (!machine_number(m, value, rule->low, rule->high, &number))
            return false;
        if (rule->kind == SIPWIRE_KIND_NUMBER32)
            *(int32_t *)member = (int32_t)number;
        else
            *(int64_t *)member = number;
        return true;
    default:
        *(sipwire_str *)member = machine_str(value);
        return true;
    }
}

/* The rule of a parameter by its name; marks it as seen. NULL after an error. */
static const struct param_rule *rule_of(struct machine *m, struct param_reader *params)
{
    const struct param_scope *scope = m->scope;
    uint16_t id = sipwire_param_lookup(machine_str(params->name));
    uint8_t place = scope->index[id];
    if (place == 0)
        return &scope->catch_all;
    const struct param_rule *rule = &scope->rules[place - 1];
    uint64_t bit = UINT64_C(1) << ((place - 1) & 63);
    if (params->seen & bit) {
        machine_fail(m, SIPWIRE_E_DUPLICATE_PARAM, params->name.at, rule->rule);
        return NULL;
    }
    params->seen |= bit;
    return rule->no_value && params->kind != PARAM_FLAG ? &scope->catch_all : rule;
}

/* A name, "=" and nothing is the name alone, tolerantly. A strict text has a value behind the blanks there: in a URI,
 * what stands there instead need not be the limit. */
static bool flag_allowed(struct machine *m, const struct param_rule *rule, const struct param_reader *params,
                         const uint8_t *limit)
{
    const uint8_t *p = behind_name(params, limit);
    if (params->kind != PARAM_FLAG || !param_right(rule, PARAM_FLAG) || p == limit || *p != '=')
        return true;
    for (p++; p < limit && octet_is_lws(*p); p++)
        ;
    return machine_tolerate(m, SIPWIRE_ACCEPT_FLAG_EQUALS, p);
}

/* Of a value in quotes that the strict rule wants without, what is between them. */
static struct machine_span unquoted(const struct param_reader *params, const struct param_rule *rule)
{
    struct machine_span value = params->value;
    bool text = rule->kind == SIPWIRE_KIND_TEXT || rule->kind == SIPWIRE_KIND_HOST;
    if (params->kind != PARAM_QUOTED || text)
        return value;
    while (*value.at != '"')
        value.at++;
    return SPAN(value.at + 1, value.to - 1);
}

/* As take, in a tolerant reading, where the rule is right for the value. */
static bool take_tolerantly(struct machine *m, struct param_reader *params, const struct param_rule *rule,
                            const uint8_t *limit)
{
    m->tolerance->latest = 0;
    if (!flag_allowed(m, rule, params, limit) || !value_allowed(m, rule, params, limit))
        return false;
    if (m->tolerance->latest == SIPWIRE_ACCEPT_DIGEST_QUOTING)
        params->value = unquoted(params, rule);
    return true;
}

static bool take(struct machine *m, struct param_reader *params, const uint8_t *limit)
{
    if (++params->count > m->max_params) {
        machine_fail(m, SIPWIRE_E_LIMIT_PARAMS, params->name.at, m->scope->catch_all.rule);
        return false;
    }
    const struct param_rule *rule = rule_of(m, params);
    if (!rule)
        return false;
    const uint8_t *value_end = params->value.to;
    if (m->tolerance ? !take_tolerantly(m, params, rule, limit) : !value_allowed(m, rule, params, limit))
        return false;
    params->end = params->kind == PARAM_FLAG ? params->name.to : value_end;
    params->name.at = NULL;
    return rule->offset == 0 || params->kind == PARAM_FLAG || param_store(m, rule, params->value, params->out);
}

bool param_flush(struct machine *m, struct param_reader *params, const uint8_t *limit)
{
    m->state = NULL;
    bool empty = !params->name.at && params->first && m->tolerance;
    if (params->name.at ? !take(m, params, limit) : empty && !machine_tolerate(m, SIPWIRE_ACCEPT_EMPTY_PARAMS, limit))
        return false;
    if (!params->first)
        params->first = limit;
    return true;
}

void param_blame(struct machine *m, struct param_reader *params, const uint8_t *value)
{
    if (!params->name.at)
        return;
    const struct param_scope *scope = m->scope;
    uint8_t place = scope->index[sipwire_param_lookup(machine_str(params->name))];
    const struct param_rule *rule = place ? &scope->rules[place - 1] : &scope->catch_all;
    if (rule->no_value)
        rule = &scope->catch_all;
    if (!value && params->kind == PARAM_FLAG) {
        const uint8_t *p = behind_name(params, m->at);
        if (!param_right(rule, PARAM_FLAG) && p < m->at && *p != '=')
            machine_fail(m, SIPWIRE_E_SYNTAX, p, rule->rule);
        value = behind_fold(m, p);
        if (!value)
            return;
    }
    if (blame_value(m, rule, value ? SPAN(value, m->at) : params->value))
        m->state = NULL;
}

sipwire_params param_region(const struct param_reader *params)
{
    if (params->count == 0)
        return (sipwire_params){0};
    return (sipwire_params){(const char *)params->first, (uint32_t)(params->end - params->first), params->count};
}

/* Reading them back: the text is known to be right, so the separators can be hopped. */

static const char *skip_blanks(const char *p, const char *end)
{
    while (p < end && octet_is_lws((uint8_t)*p))
        p++;
    return p;
}

/* Neither may stand in a name, nor in a value outside quotes. */
static bool is_separator(char octet)
{
    return octet == ';' || octet == ',';
}

static const char *value_end(const char *p, const char *end)
{
    if (p == end || *p != '"') {
        while (p < end && !is_separator(*p) && !octet_is_lws((uint8_t)*p))
            p++;
        return p;
    }
    for (p++; *p != '"'; p++) {
        if (*p == '\\')
            p++;
    }
    return p + 1;
}

sipwire_status sipwire_param_next(const sipwire_params *params, uint32_t *cursor, sipwire_param *out)
{
    const char *end = params->ptr ? params->ptr + params->len : NULL;
    const char *p = params->ptr ? params->ptr + *cursor : NULL;
    if (p == end)
        return SIPWIRE_END;
    p = skip_blanks(p, end);
    while (is_separator(*p)) /* several where SIPWIRE_ACCEPT_EMPTY_PARAMS lets them */
        p = skip_blanks(p + 1, end);
    const char *name = p;
    while (p < end && *p != '=' && !is_separator(*p) && !octet_is_lws((uint8_t)*p))
        p++;
    *out = (sipwire_param){.name = {name, (size_t)(p - name)}};
    out->id = sipwire_param_lookup(out->name);
    const char *next = skip_blanks(p, end);
    if (next < end && *next == '=') {
        const char *value = skip_blanks(next + 1, end);
        next = value_end(value, end);
        if (next != value) /* else SIPWIRE_ACCEPT_FLAG_EQUALS has made it one without a value */
            out->value = machine_text(SPAN((const uint8_t *)value, (const uint8_t *)next));
    }
    *cursor = (uint32_t)(next - params->ptr);
    return SIPWIRE_OK;
}

/* The only one with this id, or name where id is that of no name. A second one is refused here, because a value that is
 * only parsed is not looked through for it. */
static sipwire_status only_one(const sipwire_params *params, uint16_t id, sipwire_str name, sipwire_param *out)
{
    uint32_t cursor = 0;
    sipwire_param param;
    sipwire_status status = SIPWIRE_ABSENT;
    *out = (sipwire_param){0};
    while (sipwire_param_next(params, &cursor, &param) == SIPWIRE_OK) {
        if (id != SIPWIRE_PARAM_UNKNOWN ? param.id != id : !sipwire_same_name(param.name, name))
            continue;
        if (status == SIPWIRE_OK) {
            *out = (sipwire_param){0};
            return SIPWIRE_E_DUPLICATE_PARAM;
        }
        *out = param;
        status = SIPWIRE_OK;
    }
    return status;
}

sipwire_status sipwire_param_get(const sipwire_params *params, uint16_t id, sipwire_param *out)
{
    return only_one(params, id, (sipwire_str){0}, out);
}

sipwire_status sipwire_param_find(const sipwire_params *params, sipwire_str name, sipwire_param *out)
{
    return only_one(params, SIPWIRE_PARAM_UNKNOWN, name, out);
}

void param_split(const sipwire_params *all, uint16_t id, sipwire_params *before, sipwire_params *behind)
{
    uint32_t cursor = 0, count = 0;
    sipwire_param param;
    for (uint32_t at = 0; sipwire_param_next(all, &cursor, &param) == SIPWIRE_OK; at = cursor, count++) {
        if (param.id != id)
            continue;
        if (count != 0)
            *before = (sipwire_params){all->ptr, at, count};
        *behind = (sipwire_params){all->ptr + at, all->len - at, all->count - count};
        return;
    }
    *before = *all;
}
