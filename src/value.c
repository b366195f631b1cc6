/* Reading header fields as typed values: which machine, over which octets, and what its end means.
 * SPDX-License-Identifier: MIT */
#include "machine.h"
#include "octets.h"
#include "options.h"
#include "shape_info.h"
#include "straight.h"

#include <string.h>

/* One reading of one element. Offsets in errors and origins are from base. */
struct reading {
    const struct row_type *row;
    const uint8_t *base;
    const uint8_t *at; /* in: where the element begins, blanks before it included; out: behind its comma, or the end */
    const uint8_t *end;
    const uint8_t *readable; /* the end of the octets that may be loaded */
    const sipwire_options *options;
    uint32_t row_index;
    uint16_t header;
    bool first; /* the first element of the row */
    bool comma; /* out: a further element must follow */
};

static const struct row_type *row_of(uint16_t header)
{
    static const struct row_type untyped = {0};
    return header <= SIPWIRE_HIGHEST_HEADER ? &machine_rows[header] : &untyped;
}

static sipwire_status report(sipwire_error *err, const struct reading *r, sipwire_status status, const uint8_t *at,
                             uint16_t rule)
{
    if (err)
        *err = (sipwire_error){.status = status,
                               .offset = (uint32_t)(at - r->base),
                               .rule = rule,
                               .header = r->header,
                               .row = r->row_index};
    return status;
}

static sipwire_status plain_status(sipwire_error *err, sipwire_status status, uint16_t header)
{
    if (err)
        *err = (sipwire_error){.status = status, .header = header, .row = UINT32_MAX};
    return status;
}

static const uint8_t *skip_wsp(const uint8_t *p, const uint8_t *end)
{
    while (p < end && (*p == ' ' || *p == '\t'))
        p++;
    return p;
}

/* SWS: blanks with at most one fold among them (RFC 3261 section 25.1). */
static const uint8_t *skip_sws(const uint8_t *p, const uint8_t *end)
{
    p = skip_wsp(p, end);
    if (end - p > 2 && p[0] == '\r' && p[1] == '\n' && (p[2] == ' ' || p[2] == '\t'))
        p = skip_wsp(p + 2, end);
    return p;
}

/* Where a fold that stands here breaks off, or NULL: a fold goes on in a blank. */
static const uint8_t *broken_fold(const uint8_t *p, const uint8_t *end)
{
    static const char fold[] = "\r\n";
    size_t at = 0;
    while (at < 2 && p + at < end && p[at] == (uint8_t)fold[at])
        at++;
    bool whole = at == 2 && p + at < end && (p[at] == ' ' || p[at] == '\t');
    return at == 0 || whole ? NULL : p + at;
}

static const uint8_t *trim(const uint8_t *start, const uint8_t *end)
{
    while (end > start && octet_is_lws(end[-1]))
        end--;
    return end;
}

static struct machine machine_for(const struct reading *r)
{
    struct machine m = {0};
    m.at = r->at;
    m.end = r->end;
    m.set = machine_set_current();
    m.scope = r->row->scope;
    m.states = r->row->states;
    m.low = r->row->low;
    m.high = r->row->high;
    m.max_uri = r->options->max_uri;
    m.max_params = r->options->max_params;
    m.rule = r->row->rule;
    return m;
}

static void place(const struct reading *r, const uint8_t *begin, const uint8_t *behind, void *out)
{
    sipwire_origin *origin = out;
    origin->row = r->row_index;
    origin->offset = (uint32_t)(begin - r->base);
    origin->length = (uint32_t)(behind - begin);
    origin->header = r->header;
}

/* The machine may have taken a "*" for a display name until the value ended. */
static bool take_star(const struct reading *r, sipwire_address *out)
{
    if (r->row->shape != SIPWIRE_SHAPE_ADDRESS || !out->star)
        return false;
    out->display_name = (sipwire_text){0};
    return true;
}

/* A "*" must be the whole field: it is refused behind a comma (its machine refuses a comma behind it). */
static bool misplaced_star(const struct reading *r, void *out)
{
    return take_star(r, out) && !r->first;
}

/* It might have been a display name up to the end, but not if there are blanks of its own before it. */
static sipwire_status report_star(sipwire_error *err, const struct reading *r, const uint8_t *start)
{
    const uint8_t *at = *start == '*' ? r->end : memchr(start, '*', (size_t)(r->end - start));
    return report(err, r, SIPWIRE_E_SYNTAX, at, r->row->rule);
}

/* A field that may be empty, and is: its text is there and has no octets. */
static sipwire_status read_empty(const struct reading *r, void *out)
{
    const struct shape_info *shape = &shape_infos[r->row->shape];
    shape->clear(out);
    for (size_t i = 0; i < shape->member_count; i++) {
        if (shape->members[i].whole && shape->members[i].kind == SIPWIRE_KIND_TEXT)
            ((sipwire_text *)(void *)((char *)out + shape->members[i].offset))->ptr = (const char *)r->at;
    }
    place(r, r->at, r->at, out);
    return SIPWIRE_OK;
}

/* Reads the element by its straight path, if it has one and is as usual; *out is cleared. */
static bool read_straight(struct reading *r, void *out)
{
    const struct straight_set *set = straight_set_current();
    if (!set || !set->rows[r->header])
        return false;
    const uint8_t *begin = r->at;
    if (!r->first && begin != r->end && *begin == ' ')
        begin++;
    if (begin == r->end || *begin <= ' ')
        return false;
    struct straight s = straight_over(set, r->end, r->readable);
    s.row = r->row;
    s.options = r->options;
    const uint8_t *p = set->rows[r->header](&s, begin, out);
    if (!p || p[-1] == ' ')
        return false;
    r->comma = p != r->end;
    if (r->comma && (*p != ',' || r->row->cardinality != ROW_LIST))
        return false;
    r->at = p + r->comma;
    place(r, begin, p, out);
    return true;
}

/* Reads the element by its machine. */
static sipwire_status read_by_machine(struct reading *r, void *out, sipwire_error *err)
{
    if (!r->first) {
        const uint8_t *broken = broken_fold(skip_wsp(r->at, r->end), r->end);
        if (broken)
            return report(err, r, SIPWIRE_E_SYNTAX, broken, r->row->rule);
        r->at = skip_sws(r->at, r->end);
    }
    if (r->at == r->end && r->row->may_be_empty && r->row->cardinality != ROW_LIST)
        return read_empty(r, out);
    const uint8_t *start = r->at;
    shape_infos[r->row->shape].clear(out);
    struct machine m = machine_for(r);
    if (r->row->machine(&m, out) != SIPWIRE_OK) {
        uint16_t rule = m.status == SIPWIRE_E_SYNTAX && m.state ? m.state->rule : m.rule;
        return report(err, r, m.status, m.at, rule);
    }
    if (misplaced_star(r, out))
        return report_star(err, r, start);
    r->at = m.at;
    r->comma = m.comma;
    const uint8_t *begin = skip_sws(start, m.at);
    place(r, begin, trim(begin, m.comma ? m.at - 1 : m.at), out);
    return SIPWIRE_OK;
}

static inline sipwire_status read_element(struct reading *r, void *out, sipwire_error *err)
{
    shape_infos[r->row->shape].clear(out);
    return read_straight(r, out) ? SIPWIRE_OK : read_by_machine(r, out, err);
}

/* Walking the rows. */

enum { ITER_ROW_BEGIN, ITER_IN_ROW, ITER_END };

void sipwire_iter_begin(sipwire_iter *it, const sipwire_msg *msg, const char *buf, uint16_t header)
{
    *it = (sipwire_iter){.msg = msg, .buf = buf, .header = header};
    it->row = sipwire_find(msg, header);
    it->state = it->row ? ITER_ROW_BEGIN : ITER_END;
}

void sipwire_iter_begin_row(sipwire_iter *it, const sipwire_msg *msg, const char *buf, const sipwire_row *row)
{
    *it = (sipwire_iter){.msg = msg, .buf = buf, .header = row->id, .row = row, .alone = true};
}

static void next_row(sipwire_iter *it)
{
    it->row = it->alone ? NULL : sipwire_find_next(it->msg, it->row);
    it->state = it->row ? ITER_ROW_BEGIN : ITER_END;
}

static inline struct reading reading_of(const sipwire_msg *msg, const char *buf, const sipwire_row *row,
                                        const struct row_type *type)
{
    struct reading r;
    r.row = type;
    r.base = (const uint8_t *)buf;
    r.at = r.base + row->value_off;
    r.end = r.at + row->value_len;
    r.readable = r.base + msg->body.off + msg->body.len;
    r.options = &msg->options;
    r.row_index = (uint32_t)(row - msg->rows);
    r.header = row->id;
    r.first = true;
    r.comma = false;
    return r;
}

static sipwire_status read_next(sipwire_iter *it, const struct row_type *type, void *out, sipwire_error *err)
{
    if (!type->machine)
        return plain_status(err, SIPWIRE_E_UNTYPED, it->header);
    while (it->state == ITER_ROW_BEGIN && it->row->value_len == 0 && type->cardinality == ROW_LIST && type->may_be_empty)
        next_row(it);
    if (it->state == ITER_END)
        return plain_status(err, SIPWIRE_END, it->header);
    struct reading r = reading_of(it->msg, it->buf, it->row, type);
    if (it->state == ITER_IN_ROW) {
        r.first = false;
        r.at = r.base + it->offset;
    }
    sipwire_status status = read_element(&r, out, err);
    it->offset = (uint32_t)(r.at - r.base);
    it->state = ITER_IN_ROW;
    if (status != SIPWIRE_OK || !r.comma)
        next_row(it);
    return status;
}

sipwire_status sipwire_next_shaped(sipwire_iter *it, sipwire_shape shape, void *out, sipwire_error *err)
{
    const struct row_type *type = row_of(it->header);
    if (type->machine && type->shape != shape)
        return plain_status(err, SIPWIRE_E_USAGE, it->header);
    return read_next(it, type, out, err);
}

sipwire_status sipwire_next(sipwire_iter *it, sipwire_value *out, sipwire_error *err)
{
    const struct row_type *type = row_of(it->header);
    out->shape = type->shape;
    return read_next(it, type, &out->as, err);
}

sipwire_status sipwire_get_shaped(const sipwire_msg *msg, const char *buf, uint16_t header, sipwire_shape shape,
                                  void *out, sipwire_error *err)
{
    const struct row_type *type = row_of(header);
    if (type->machine && (type->shape != shape || type->cardinality != ROW_ONE))
        return plain_status(err, SIPWIRE_E_USAGE, header);
    const sipwire_row *row = sipwire_find(msg, header);
    if (!type->machine && (!row || header == SIPWIRE_HEADER_UNKNOWN || type->cardinality != ROW_ONE))
        return plain_status(err, SIPWIRE_E_UNTYPED, header);
    if (!row)
        return plain_status(err, SIPWIRE_ABSENT, header);
    const sipwire_row *second = sipwire_find_next(msg, row);
    if (second) {
        struct reading r = reading_of(msg, buf, second, type);
        return report(err, &r, SIPWIRE_E_DUPLICATE, r.base + second->name_off, type->rule);
    }
    if (!type->machine)
        return plain_status(err, SIPWIRE_E_UNTYPED, header);
    struct reading r = reading_of(msg, buf, row, type);
    return read_element(&r, out, err);
}

sipwire_status sipwire_get(const sipwire_msg *msg, const char *buf, uint16_t header, sipwire_value *out,
                           sipwire_error *err)
{
    out->shape = row_of(header)->shape;
    return sipwire_get_shaped(msg, buf, header, (sipwire_shape)out->shape, &out->as, err);
}

sipwire_status sipwire_value_parse(uint16_t header, sipwire_str text, bool first, sipwire_value *out, sipwire_str *rest,
                                   sipwire_error *err)
{
    static const uint8_t nothing[1];
    const sipwire_options options = options_resolve(NULL);
    struct reading r = {0};
    r.row = row_of(header);
    r.base = text.ptr ? (const uint8_t *)text.ptr : nothing;
    r.at = r.base;
    r.end = r.base + text.len;
    r.readable = r.end;
    r.options = &options;
    r.row_index = UINT32_MAX;
    r.header = header;
    r.first = first;
    out->shape = r.row->shape;
    if (!r.row->machine)
        return plain_status(err, SIPWIRE_E_UNTYPED, header);
    if (text.len > UINT32_MAX)
        return plain_status(err, SIPWIRE_E_LIMIT_FIELD, header);
    if (first && text.len == 0 && r.row->cardinality == ROW_LIST && r.row->may_be_empty)
        return plain_status(err, SIPWIRE_END, header);
    sipwire_status status = read_element(&r, &out->as, err);
    if (status != SIPWIRE_OK)
        return status;
    if (rest)
        *rest = (sipwire_str){(const char *)r.at, r.comma ? (size_t)(r.end - r.at) : 0};
    if (r.comma && (!rest || r.at == r.end)) {
        const uint8_t *at = rest ? r.end : r.at - 1;
        return report(err, &r, SIPWIRE_E_SYNTAX, at, r.row->rule);
    }
    return SIPWIRE_OK;
}

sipwire_status sipwire_request_uri(const sipwire_msg *msg, const char *buf, sipwire_uri *out, sipwire_error *err)
{
    if (msg->kind != SIPWIRE_REQUEST)
        return plain_status(err, SIPWIRE_ABSENT, SIPWIRE_HEADER_UNKNOWN);
    struct reading r = {.base = (const uint8_t *)buf, .row_index = UINT32_MAX};
    r.at = r.base + msg->uri.off;
    r.end = r.at + msg->uri.len;
    struct machine m = {0};
    m.at = r.at;
    m.end = r.end;
    m.readable = r.base + msg->body.off + msg->body.len;
    m.set = machine_set_current();
    m.max_uri = msg->options.max_uri;
    m.max_params = msg->options.max_params;
    if (uri_read(&m, out) == SIPWIRE_OK)
        return SIPWIRE_OK;
    return report(err, &r, m.status, m.at, m.status == SIPWIRE_E_SYNTAX && m.state ? m.state->rule : m.rule);
}

const sipwire_member *sipwire_shape_members(sipwire_shape shape, size_t *count)
{
    bool known = (unsigned)shape < shape_count;
    *count = known ? shape_infos[shape].member_count : 0;
    return known ? shape_infos[shape].members : NULL;
}

sipwire_shape sipwire_header_shape(uint16_t header)
{
    return (sipwire_shape)row_of(header)->shape;
}

const char *sipwire_header_value_rule(uint16_t header)
{
    return header <= SIPWIRE_HIGHEST_HEADER ? value_rules[header] : "";
}
