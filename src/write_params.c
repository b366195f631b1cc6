/* Writing the parameters of values and URIs. Compiled once for each SIMD level.
 *
 * A region of parameters is text that nobody vouches for: it is taken apart here, and every name and value is checked. What
 * ends a name or value is found first, so that a check sees all of it.
 * SPDX-License-Identifier: MIT */
#include "octets.h"
#include "write_put.h"

/* The parameters of one value while they are written. */
struct region {
    const struct write_scope *scope;
    const void *value; /* the struct that has members; NULL for URIs */
    uint64_t seen;
    uint32_t count;
    bool free; /* the catch-all reads them all */
};

/* One parameter as it stands in a region. */
struct piece {
    sipwire_str name;
    sipwire_text value; /* form WIRE or WIRE_QUOTED; ptr NULL: there is none */
};

static bool is_present(const void *member, uint8_t kind)
{
    switch (kind) {
    case SIPWIRE_KIND_TEXT:
        return ((const sipwire_text *)member)->ptr != NULL;
    case SIPWIRE_KIND_HOST:
        return ((const sipwire_host *)member)->type != SIPWIRE_HOST_NONE;
    case SIPWIRE_KIND_NUMBER32:
    case SIPWIRE_KIND_QVALUE:
    case SIPWIRE_KIND_TRUTH:
        return *(const int32_t *)member != -1;
    case SIPWIRE_KIND_NUMBER64:
    case SIPWIRE_KIND_HEX:
        return *(const int64_t *)member != -1;
    default:
        return ((const sipwire_str *)member)->ptr != NULL;
    }
}

static uint64_t put_hex(struct out *o, uint64_t n, int64_t number, const struct write_param *param)
{
    if (number < param->low || number > param->high)
        return put_refuse(o, SIPWIRE_E_RANGE, 0, param->value.rule);
    unsigned digits = param->digits ? param->digits : 1; /* 0: as many as it needs */
    while (!param->digits && digits < 16 && number >> (4 * digits) != 0)
        digits++;
    for (unsigned digit = digits; digit-- > 0;)
        n = put_octet(o, n, "0123456789abcdef"[number >> (4 * digit) & 15]);
    return n;
}

static uint64_t put_truth(struct out *o, uint64_t n, int32_t truth, const struct write_param *param)
{
    if (truth != 0 && truth != 1)
        return put_refuse(o, SIPWIRE_E_RANGE, 0, param->value.rule);
    return truth ? put_copy(o, n, "true", 4) : put_copy(o, n, "false", 5);
}

static uint64_t put_member(struct out *o, uint64_t n, const struct write_param *param, const void *member)
{
    switch (param->kind) {
    case SIPWIRE_KIND_TEXT:
        return SIPWIRE_LEVELED(put_text)(o, n, member, &param->value);
    case SIPWIRE_KIND_HOST:
        return SIPWIRE_LEVELED(put_host)(o, n, member, &param->value);
    case SIPWIRE_KIND_NUMBER32:
        return put_number(o, n, *(const int32_t *)member, param->low, param->high, param->value.rule);
    case SIPWIRE_KIND_HEX:
        return put_hex(o, n, *(const int64_t *)member, param);
    case SIPWIRE_KIND_TRUTH:
        return put_truth(o, n, *(const int32_t *)member, param);
    case SIPWIRE_KIND_QVALUE:
        return put_qvalue(o, n, *(const int32_t *)member, param->value.rule);
    case SIPWIRE_KIND_NUMBER64:
        return put_number(o, n, *(const int64_t *)member, param->low, param->high, param->value.rule);
    default:
        return SIPWIRE_LEVELED(put_str)(o, n, member, &param->value);
    }
}

/* The rule of a parameter by its name; NULL after an error. */
static const struct write_param *param_of(struct out *o, struct region *r, sipwire_str name, bool valued)
{
    uint8_t place = r->free ? 0 : r->scope->index[sipwire_param_lookup(name)];
    if (++r->count > o->limits->max_params) {
        put_refuse(o, SIPWIRE_E_LIMIT_PARAMS, 0, r->scope->catch_all->value.rule);
        return NULL;
    }
    if (place == 0)
        return r->scope->catch_all;
    const struct write_param *param = &r->scope->params[place - 1];
    uint64_t bit = UINT64_C(1) << ((place - 1) & 63);
    if (r->seen & bit) {
        put_refuse(o, SIPWIRE_E_DUPLICATE_PARAM, 0, param->value.rule);
        return NULL;
    }
    r->seen |= bit;
    return param->no_value && valued ? r->scope->catch_all : param;
}

/* Before a parameter, which is counted already. */
static uint64_t put_separator(const struct out *o, uint64_t n, const struct region *r)
{
    if (r->scope->leads && r->count == 1)
        return n;
    return r->scope->separator == ';' ? put_octet(o, n, ';') : put_copy(o, n, ", ", 2);
}

static uint64_t put_name(struct out *o, uint64_t n, sipwire_str name, const struct region *r)
{
    const struct write_rule rule = {.bare = r->scope->name, .rule = r->scope->catch_all->value.rule};
    return SIPWIRE_LEVELED(put_octets)(o, put_separator(o, n, r), name, &rule);
}

static uint64_t put_piece(struct out *o, uint64_t n, const struct piece *piece, struct region *r)
{
    const struct write_param *param = param_of(o, r, piece->name, piece->value.ptr != NULL);
    if (!param)
        return 0;
    const void *member = param->offset && r->value ? (const char *)r->value + param->offset : NULL;
    bool valued = piece->value.ptr != NULL;
    if (member && (valued || is_present(member, param->kind))) {
        if (!is_present(member, param->kind)) {
            r->count--;
            return n;
        }
        n = put_name(o, n, piece->name, r);
        return n ? put_member(o, put_octet(o, n, '='), param, member) : 0;
    }
    if (!valued && !param->may_be_flag)
        return put_refuse(o, SIPWIRE_E_SYNTAX, 0, param->value.rule);
    n = put_name(o, n, piece->name, r);
    if (!n || !valued)
        return n;
    return SIPWIRE_LEVELED(put_text)(o, put_octet(o, n, '='), &piece->value, &param->value);
}

static const char *skip_blanks(const char *p, const char *end, const struct write_scope *scope)
{
    while (scope->blanks && p < end && octet_is_lws((uint8_t)*p))
        p++;
    return p;
}

/* Behind the octets up to the next one that ends a name or value. */
static const char *piece_end(const char *p, const char *end, const struct write_scope *scope, bool name)
{
    const run_class *octets = name ? scope->name.octets : scope->catch_all->value.bare.octets;
    if (octets)
        p = (const char *)run_skip((const uint8_t *)p, (const uint8_t *)end, octets);
    while (p < end && *p != scope->separator && !(name && *p == '=') && !octet_is_lws((uint8_t)*p))
        p++;
    return p;
}

/* Behind the closing quote, or NULL. */
static const char *quoted_end(const char *p, const char *end)
{
    for (p++; p < end && *p != '"'; p++) {
        if (*p == '\\' && ++p == end)
            return NULL;
    }
    return p < end ? p + 1 : NULL;
}

/* Takes the piece behind a separator; returns what is behind it, NULL when there is none in that text. */
static const char *take_piece(const char *p, const char *end, const struct write_scope *scope, struct piece *out)
{
    const char *name = p;
    p = piece_end(p, end, scope, true);
    *out = (struct piece){.name = {name, (size_t)(p - name)}};
    p = skip_blanks(p, end, scope);
    if (p == end || *p != '=')
        return p;
    const char *value = p = skip_blanks(p + 1, end, scope);
    if (p < end && *p == '"') {
        p = quoted_end(p, end);
        if (!p)
            return NULL;
        out->value = (sipwire_text){value + 1, (uint32_t)(p - value - 2), SIPWIRE_WIRE_QUOTED};
    } else {
        p = piece_end(p, end, scope, false);
        out->value = (sipwire_text){value, (uint32_t)(p - value), SIPWIRE_WIRE};
    }
    return skip_blanks(p, end, scope);
}

static uint64_t put_pieces(struct out *o, uint64_t n, const sipwire_params *params, struct region *r)
{
    if (params->len == 0)
        return n;
    if (!params->ptr || params->len > o->limits->max_field)
        return put_refuse(o, params->ptr ? SIPWIRE_E_LIMIT_FIELD : SIPWIRE_E_MEMBER, 0,
                          r->scope->catch_all->value.rule);
    const char *end = params->ptr + params->len;
    const char *p = skip_blanks(params->ptr, end, r->scope);
    for (bool first = r->scope->leads; p < end; first = false) {
        struct piece piece;
        const char *next = NULL;
        if (*p == r->scope->separator)
            next = take_piece(skip_blanks(p + 1, end, r->scope), end, r->scope, &piece);
        else if (first)
            next = take_piece(p, end, r->scope, &piece);
        if (!next)
            return put_refuse(o, SIPWIRE_E_SYNTAX, (size_t)(p - params->ptr), r->scope->catch_all->value.rule);
        if (!(n = put_piece(o, n, &piece, r)))
            return 0;
        p = next;
    }
    return n;
}

uint64_t SIPWIRE_LEVELED(put_region)(struct out *o, uint64_t n, const sipwire_params *params,
                                     const struct write_scope *scope, const void *value)
{
    struct region r = {.scope = scope, .value = value};
    return put_pieces(o, n, params, &r);
}

/* Members that do not stand in the region yet. */
static uint64_t put_new_members(struct out *o, uint64_t n, struct region *r)
{
    for (uint8_t i = 0; i < r->scope->count; i++) {
        const struct write_param *param = &r->scope->params[i];
        uint64_t bit = UINT64_C(1) << (i & 63);
        if (!param->offset || (r->seen & bit) || !is_present((const char *)r->value + param->offset, param->kind))
            continue;
        if (r->free)
            return put_refuse(o, SIPWIRE_E_MEMBER, 0, o->row->rule);
        r->seen |= bit;
        r->count++;
        n = put_copy(o, put_separator(o, n, r), param->name.ptr, param->name.len);
        if (!(n = put_member(o, put_octet(o, n, '='), param, (const char *)r->value + param->offset)))
            return 0;
    }
    return n;
}

uint64_t SIPWIRE_LEVELED(put_params)(struct out *o, uint64_t n, const sipwire_params *params, const void *value,
                                     bool free)
{
    const struct write_row *row = o->row;
    for (uint8_t i = 0; i < row->absent_count; i++) {
        if (is_present((const char *)value + row->absent[i].offset, (uint8_t)row->absent[i].kind))
            return put_refuse(o, SIPWIRE_E_MEMBER, 0, row->rule);
    }
    if (!row->scope) /* as in P-Asserted-Identity: an address, but no parameters */
        return params->len ? put_refuse(o, SIPWIRE_E_MEMBER, 0, row->rule) : n;
    struct region r = {.scope = row->scope, .value = value, .free = free};
    if (!(n = put_pieces(o, n, params, &r)) || !(n = put_new_members(o, n, &r)))
        return 0;
    o->seen = r.seen;
    o->params = r.count;
    o->free = free;
    if (r.count == 0 && r.scope->leads)
        return put_refuse(o, SIPWIRE_E_MEMBER, 0, row->rule);
    return r.count <= o->limits->max_params ? n : put_refuse(o, SIPWIRE_E_LIMIT_PARAMS, 0, row->rule);
}

/* A text for a parameter that is a host or number elsewhere: the same bounds hold. */
static uint64_t put_param_value(struct out *o, uint64_t n, const sipwire_text *value, const struct write_param *param)
{
    int64_t number = 0;
    if (param->offset && param->kind == SIPWIRE_KIND_HOST && value->ptr && value->len) {
        bool brackets = value->len > 1 && value->ptr[0] == '[' && value->ptr[value->len - 1] == ']';
        bool address = memchr(value->ptr, ':', value->len) != NULL;
        sipwire_host host = {.text = {value->ptr, value->len}, .type = SIPWIRE_HOST_NAME};
        if (address)
            host.type = SIPWIRE_HOST_IPV6;
        if (address && brackets && param->value.brackets)
            host.text = (sipwire_str){value->ptr + 1, value->len - 2};
        return SIPWIRE_LEVELED(put_host)(o, n, &host, &param->value);
    }
    uint64_t behind = SIPWIRE_LEVELED(put_text)(o, n, value, &param->value);
    if (!behind || (param->kind != SIPWIRE_KIND_NUMBER32 && param->kind != SIPWIRE_KIND_NUMBER64))
        return behind;
    for (uint32_t i = 0; i < value->len && number <= param->high; i++)
        number = number * 10 + (value->ptr[i] - '0');
    return number < param->low || number > param->high ? put_refuse(o, SIPWIRE_E_RANGE, 0, param->value.rule) : behind;
}

uint64_t SIPWIRE_LEVELED(put_param)(struct out *o, uint64_t n, sipwire_str name, const sipwire_text *value)
{
    struct region r = {.scope = o->row->scope, .seen = o->seen, .count = o->params, .free = o->free};
    const struct write_param *param = param_of(o, &r, name, value != NULL);
    if (!param || !(n = put_name(o, n, name, &r)))
        return 0;
    if (!value && !param->may_be_flag)
        return put_refuse(o, SIPWIRE_E_MEMBER, 0, param->value.rule);
    if (value && !(n = put_param_value(o, put_octet(o, n, '='), value, param)))
        return 0;
    o->seen = r.seen;
    o->params = r.count;
    return n;
}
