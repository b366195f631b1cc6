/* Writing the parameters of values and URIs. Compiled once for each SIMD level.
 *
 * A region of parameters is text that nobody vouches for: it is taken apart here, and every name and value is checked.
 * What ends a name or value is found first, so that a check sees all of it.
 * SPDX-License-Identifier: MIT */
#include "octets.h"
#include "straight.h"
#include "write_put.h"

static uint64_t refuse_repeated(sipwire_writer *w, const sipwire_params *params, const char *name,
                                const struct write_scope *scope)
{
    return put_refuse(w, SIPWIRE_E_DUPLICATE_PARAM, (size_t)(name - params->ptr), scope->catch_all->value.rule);
}

/* The parameters of one value while they are written. */
struct region {
    const struct write_scope *scope;
    const void *value; /* the struct that has members; NULL for URIs */
    uint64_t seen;     /* a bit for each rule that was used, */
    uint64_t left_out; /* and for those of them of which nothing was written */
    uint32_t count;
    bool without_rule; /* the parameter counted last */
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
        return ((const sipwire_host *)member)->type != SIPWIRE_HOST_NONE || ((const sipwire_host *)member)->text.ptr;
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

static uint64_t put_hex(sipwire_writer *w, uint64_t n, int64_t number, const struct write_param *param)
{
    if (number < param->low || number > param->high)
        return put_refuse(w, SIPWIRE_E_RANGE, 0, param->value.rule);
    unsigned digits = param->digits ? param->digits : 1; /* 0: as many as it needs */
    while (!param->digits && digits < 16 && number >> (4 * digits) != 0)
        digits++;
    for (unsigned digit = digits; digit-- > 0;)
        n = put_octet(w, n, "0123456789abcdef"[number >> (4 * digit) & 15]);
    return n;
}

static uint64_t put_truth(sipwire_writer *w, uint64_t n, int32_t truth, const struct write_param *param)
{
    if (truth != 0 && truth != 1)
        return put_refuse(w, SIPWIRE_E_RANGE, 0, param->value.rule);
    return truth ? put_copy(w, n, "true", 4) : put_copy(w, n, "false", 5);
}

static uint64_t put_member(sipwire_writer *w, uint64_t n, const struct write_param *param, const void *member)
{
    switch (param->kind) {
    case SIPWIRE_KIND_TEXT:
        return SIPWIRE_LEVELED(put_text)(w, n, member, &param->value);
    case SIPWIRE_KIND_HOST:
        return SIPWIRE_LEVELED(put_host)(w, n, member, &param->value);
    case SIPWIRE_KIND_NUMBER32:
        return put_number(w, n, *(const int32_t *)member, param->low, param->high, param->value.rule);
    case SIPWIRE_KIND_HEX:
        return put_hex(w, n, *(const int64_t *)member, param);
    case SIPWIRE_KIND_TRUTH:
        return put_truth(w, n, *(const int32_t *)member, param);
    case SIPWIRE_KIND_QVALUE:
        return put_qvalue(w, n, *(const int32_t *)member, param->value.rule);
    case SIPWIRE_KIND_NUMBER64:
        return put_number(w, n, *(const int64_t *)member, param->low, param->high, param->value.rule);
    default:
        return SIPWIRE_LEVELED(put_str)(w, n, member, &param->value);
    }
}

/* The rule of a parameter by its name; NULL after an error. */
static const struct write_param *param_of(sipwire_writer *w, struct region *r, sipwire_str name, bool valued)
{
    uint8_t place = param_scopes[r->scope->reader]->index[sipwire_param_lookup(name)];
    if (++r->count > w->options.limits.max_params) {
        put_refuse(w, SIPWIRE_E_LIMIT_PARAMS, 0, r->scope->catch_all->value.rule);
        return NULL;
    }
    r->without_rule = place == 0;
    if (place == 0)
        return r->scope->catch_all;
    const struct write_param *param = &r->scope->params[place - 1];
    uint64_t bit = UINT64_C(1) << ((place - 1) & 63);
    if (r->seen & bit) {
        put_refuse(w, SIPWIRE_E_DUPLICATE_PARAM, 0, param->value.rule);
        return NULL;
    }
    r->seen |= bit;
    return param->no_value && valued ? r->scope->catch_all : param;
}

/* Before a parameter, which is counted already. */
static uint64_t put_separator(const sipwire_writer *w, uint64_t n, const struct region *r)
{
    if (r->scope->leads && r->count == 1)
        return n;
    return r->scope->separator == ';' ? put_octet(w, n, ';') : put_copy(w, n, ", ", 2);
}

static uint64_t put_name(sipwire_writer *w, uint64_t n, sipwire_str name, const struct region *r)
{
    const struct write_rule rule = {.bare = r->scope->name, .rule = r->scope->catch_all->value.rule};
    return SIPWIRE_LEVELED(put_octets)(w, put_separator(w, n, r), name, &rule);
}

/* A text for a parameter that is a host or number elsewhere: the same bounds hold. */
static uint64_t put_param_value(sipwire_writer *w, uint64_t n, const sipwire_text *value,
                                const struct write_param *param)
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
        return SIPWIRE_LEVELED(put_host)(w, n, &host, &param->value);
    }
    uint64_t behind = SIPWIRE_LEVELED(put_text)(w, n, value, &param->value);
    if (!behind || (param->kind != SIPWIRE_KIND_NUMBER32 && param->kind != SIPWIRE_KIND_NUMBER64))
        return behind;
    for (uint32_t i = 0; i < value->len && number <= param->high; i++)
        number = number * 10 + (value->ptr[i] - '0');
    return number < param->low || number > param->high ? put_refuse(w, SIPWIRE_E_RANGE, 0, param->value.rule) : behind;
}

static uint64_t put_piece(sipwire_writer *w, uint64_t n, const struct piece *piece, struct region *r)
{
    const struct write_param *param = param_of(w, r, piece->name, piece->value.ptr != NULL);
    if (!param)
        return 0;
    const void *member = param->offset && r->value ? (const char *)r->value + param->offset : NULL;
    bool valued = piece->value.ptr != NULL;
    if (member && (valued || is_present(member, param->kind))) {
        if (!is_present(member, param->kind)) {
            r->count--;
            r->left_out |= UINT64_C(1) << ((param - r->scope->params) & 63);
            return n;
        }
        n = put_name(w, n, piece->name, r);
        return n ? put_member(w, put_octet(w, n, '='), param, member) : 0;
    }
    if (!valued && !param->may_be_flag)
        return put_refuse(w, SIPWIRE_E_SYNTAX, 0, param->value.rule);
    n = put_name(w, n, piece->name, r);
    if (!n || !valued)
        return n;
    return put_param_value(w, put_octet(w, n, '='), &piece->value, param);
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
    const run_class *octets = write_languages[name ? scope->name : scope->catch_all->value.bare].octets;
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

#if SIPWIRE_LEVEL

static inline uint64_t load_octets(const uint8_t *p)
{
    uint64_t octets;
    memcpy(&octets, p, sizeof octets);
    return octets;
}

/* The length of the first parameter of a copied region, if it is the first member, which is a text and would be written
 * so; else 0. */
static inline uint32_t first_stands(const uint8_t *copy, const sipwire_params *params, const void *value,
                                    const struct write_scope *scope)
{
    const struct write_param *param = &scope->params[scope->members[0]];
    const sipwire_text *text = (const void *)((const char *)value + param->offset);
    const uint32_t begin = scope->begin_len;
    if (begin == 0 || text->ptr != params->ptr + begin || text->form != SIPWIRE_WIRE || text->len - 1 > 30 ||
        begin + text->len > params->len)
        return 0;
    uint32_t others =
        run_text_others(run_text_of((const uint8_t *)text->ptr, text->len), write_languages[param->value.bare].octets);
    if ((others & ((UINT32_C(1) << text->len) - 1)) != 0 ||
        ((load_octets(params->len >= 8 ? (const uint8_t *)params->ptr : copy) | scope->letters) & scope->used) !=
            scope->begin)
        return 0;
    uint32_t len = begin + text->len;
    return len == params->len || copy[len] == ';' ? len : 0;
}

/* Behind a region that is right: n, or 0 when a name stands twice in it. */
RUN_COLD uint64_t names_apart(sipwire_writer *w, uint64_t n, const sipwire_params *params,
                              const struct write_scope *scope)
{
    const char *name = write_name_twice(param_scopes[scope->reader], params);
    return name ? refuse_repeated(w, params, name, scope) : n;
}

/* Puts a region as it stands, if it is right and that is how it would be written. Most regions are as a parser left
 * them, but nobody vouches for that: the copy is read once, by the path of the parser. */
static bool put_as_it_stands(sipwire_writer *w, uint64_t n, const sipwire_params *params,
                             struct straight_region *region)
{
    static const uint8_t stops[32] = "\r";
    if (!params->ptr || !put_wide(w, n + params->len) || params->len - 1 >= w->options.limits.max_field)
        return false;
    uint8_t *copy = (uint8_t *)w->buf + n, *end = copy + params->len;
    put_stretch_to((char *)copy, params->ptr, params->len);
    memcpy(end, stops, sizeof stops);
    uint32_t first = region->value ? first_stands(copy, params, region->value, region->scope) : 0;
    if (first) {
        region->text += first;
        region->seen = UINT64_C(1) << (region->scope->members[0] & 63);
        region->count = 1;
        region->members--;
        if (first == params->len)
            return region->members == 0;
    }
    surroundings s = {.end = end, .wide = (uintptr_t)end};
    s.options = &w->options.limits;
    return SIPWIRE_LEVELED(straight_same)(&s, param_scopes[region->scope->reader], copy + first, region);
}

#endif

static uint64_t put_pieces(sipwire_writer *w, uint64_t n, const sipwire_params *params, struct region *r)
{
    if (params->len == 0)
        return n;
    if (!params->ptr || params->len > w->options.limits.max_field)
        return put_refuse(w, params->ptr ? SIPWIRE_E_LIMIT_FIELD : SIPWIRE_E_MEMBER, 0,
                          r->scope->catch_all->value.rule);
    const char *end = params->ptr + params->len;
    const char *p = skip_blanks(params->ptr, end, r->scope);
    struct write_names names;
    names.count = 0;
    for (bool first = r->scope->leads; p < end; first = false) {
        struct piece piece;
        const char *next = NULL;
        if (*p == r->scope->separator)
            next = take_piece(skip_blanks(p + 1, end, r->scope), end, r->scope, &piece);
        else if (first)
            next = take_piece(p, end, r->scope, &piece);
        if (!next)
            return put_refuse(w, SIPWIRE_E_SYNTAX, (size_t)(p - params->ptr), r->scope->catch_all->value.rule);
        if (!(n = put_piece(w, n, &piece, r)))
            return 0;
        if (r->without_rule && !write_name_is_new(&names, piece.name))
            return refuse_repeated(w, params, piece.name.ptr, r->scope);
        p = next;
    }
    return n;
}

uint64_t SIPWIRE_LEVELED(put_region)(sipwire_writer *w, uint64_t n, const sipwire_params *params,
                                     const struct write_scope *scope)
{
    if (params->len == 0)
        return n;
#if SIPWIRE_LEVEL
    struct straight_region region = {.text = params->ptr, .scope = scope};
    if (put_as_it_stands(w, n, params, &region))
        return region.maybe_twice ? names_apart(w, n + params->len, params, scope) : n + params->len;
#endif
    struct region r = {.scope = scope};
    return put_pieces(w, n, params, &r);
}

/* Members that do not stand in the region yet. */
static uint64_t put_new_members(sipwire_writer *w, uint64_t n, struct region *r)
{
    for (const uint8_t *place = r->scope->members, *end = place + r->scope->member_count; place < end; place++) {
        const struct write_param *param = &r->scope->params[*place];
        const char *member = (const char *)r->value + param->offset;
        uint64_t bit = UINT64_C(1) << (*place & 63);
        if ((r->seen & bit) || !is_present(member, param->kind))
            continue;
        r->seen |= bit;
        r->count++;
        n = put_copy(w, put_separator(w, n, r), param->name.ptr, param->name.len);
        if (!(n = put_member(w, put_octet(w, n, '='), param, member)))
            return 0;
    }
    return n;
}

/* The parameters of a place in the rule of the row's values. */
static const struct write_scope *scope_of(const struct write_row *row, uint8_t place)
{
    const struct write_scope *scope = row->scope;
    while (place-- > 0)
        scope = scope->next;
    return scope;
}

static uint64_t put_all(sipwire_writer *w, uint64_t n, const sipwire_params *params, const void *value, uint8_t place)
{
    const struct write_row *row = row_of(w);
    for (uint8_t i = 0; i < row->absent_count; i++) {
        if (is_present((const char *)value + row->absent[i].offset, (uint8_t)row->absent[i].kind))
            return put_refuse(w, SIPWIRE_E_MEMBER, 0, row->rule);
    }
    if (!row->scope) /* as in P-Asserted-Identity: an address, but no parameters */
        return params->len ? put_refuse(w, SIPWIRE_E_MEMBER, 0, row->rule) : n;
    struct region r = {.scope = scope_of(row, place), .value = value};
    if (!(n = put_pieces(w, n, params, &r)) || !(n = put_new_members(w, n, &r)))
        return 0;
    w->seen = r.seen & ~r.left_out;
    w->params = r.count;
    w->place = place;
    if (r.count == 0 && r.scope->leads)
        return put_refuse(w, SIPWIRE_E_MEMBER, 0, row->rule);
    return r.count <= w->options.limits.max_params ? n : put_refuse(w, SIPWIRE_E_LIMIT_PARAMS, 0, row->rule);
}

uint64_t SIPWIRE_LEVELED(put_params)(sipwire_writer *w, uint64_t n, const sipwire_params *params, const void *value,
                                     int members)
{
    const struct write_scope *scope = row_of(w)->scope;
    w->region = n;
    if (params->len == 0 && members == 0 && !(scope && scope->leads)) {
        w->seen = w->params = 0;
        return n;
    }
#if SIPWIRE_LEVEL
    struct straight_region region = {.text = params->ptr, .value = value, .scope = scope, .members = members};
    if (scope && members >= 0 && put_as_it_stands(w, n, params, &region)) {
        w->seen = region.seen;
        w->params = region.count;
        return region.maybe_twice ? names_apart(w, n + params->len, params, scope) : n + params->len;
    }
#endif
    return put_all(w, n, params, value, members < 0 ? (uint8_t)-members : 0);
}

/* Whether the value has a parameter of this name, which has no rule of its own; notes the error. Of a value that had no
 * room nothing is known: that message will be refused for it. */
static bool stands(sipwire_writer *w, uint64_t n, const struct region *r, sipwire_str name)
{
    const struct param_scope *scope = param_scopes[r->scope->reader];
    if (n > w->cap || scope->index[sipwire_param_lookup(name)] != 0)
        return false;
    const sipwire_params region = {w->buf + w->region, (uint32_t)(n - w->region), w->params};
    if (!write_name_stands(scope, &region, name))
        return false;
    put_refuse(w, SIPWIRE_E_DUPLICATE_PARAM, 0, r->scope->catch_all->value.rule);
    return true;
}

uint64_t SIPWIRE_LEVELED(put_param)(sipwire_writer *w, uint64_t n, sipwire_str name, const sipwire_text *value)
{
    struct region r = {.scope = scope_of(row_of(w), w->place), .seen = w->seen, .count = w->params};
    const struct write_param *param = param_of(w, &r, name, value != NULL);
    if (!param || stands(w, n, &r, name) || !(n = put_name(w, n, name, &r)))
        return 0;
    if (!value && !param->may_be_flag)
        return put_refuse(w, SIPWIRE_E_MEMBER, 0, param->value.rule);
    if (value && !(n = put_param_value(w, put_octet(w, n, '='), value, param)))
        return 0;
    w->seen = r.seen;
    w->params = r.count;
    return n;
}
