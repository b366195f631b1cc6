/* Reading header fields as typed values: which machine, over which octets, and what its end means.
 * SPDX-License-Identifier: MIT */
#include "alone.h"
#include "by_itself.h"
#include "hints.h"
#include "nesting.h"
#include "options.h"
#include "reading.h"
#include "start_line.h"
#include "straight.h"

#include <string.h>

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

sipwire_status reading_status(sipwire_error *err, sipwire_status status, uint16_t header)
{
    if (err)
        *err = (sipwire_error){.status = status, .header = header, .row = UINT32_MAX};
    return status;
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
    place_value(out, r->row_index, r->header, (uint32_t)(r->at - r->base), 0);
    return SIPWIRE_OK;
}

/* Reads the element by its machine, strictly. */
static sipwire_status read_strictly(struct reading *r, void *out, sipwire_error *err)
{
    if (!r->first) {
        const uint8_t *broken = broken_fold(octets_skip_wsp(r->at, r->end), r->end);
        if (broken)
            return report(err, r, SIPWIRE_E_SYNTAX, broken, r->row->rule);
        r->at = octets_skip_sws(r->at, r->end);
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
    const uint8_t *begin = octets_skip_sws(start, m.at);
    const uint8_t *behind = trim(begin, m.comma ? m.at - 1 : m.at);
    place_value(out, r->row_index, r->header, (uint32_t)(begin - r->base), (uint32_t)(behind - begin));
    return SIPWIRE_OK;
}

/* What stands deeper than the limit is refused for that; deeper than the grammar unrolls, it was refused by its
 * machine. */
static sipwire_status limit_nesting(const struct reading *r, const uint8_t *begin, sipwire_status status,
                                    sipwire_error *err)
{
    const uint8_t *end = status == SIPWIRE_OK ? r->at : NULL;
    if (status == SIPWIRE_E_SYNTAX && err)
        end = r->base + err->offset + (r->base + err->offset < r->end);
    const uint8_t *at = end ? nested_too_deep(begin, end, r->options->max_nesting) : NULL;
    return at ? report(err, r, SIPWIRE_E_LIMIT_NESTING, at, RULE_RFC3261_COMMENT) : status;
}

/* Content-Length frames what comes on streams and WebSockets: there it has one reading. */
static bool tolerates(const struct reading *r)
{
    bool frames = r->header == SIPWIRE_HEADER_CONTENT_LENGTH && r->options->mode != SIPWIRE_DATAGRAM;
    return r->options->accept != 0 && !frames;
}

/* Reads once more, tolerantly, what was refused for its syntax; END when it is tolerated that there is none. Else the
 * error stays, and r is as before. */
static sipwire_status read_once_more(struct reading *r, const uint8_t *at, void *out, sipwire_error *error)
{
    struct reading again = *r;
    struct tolerance nowhere = {.accept = r->options->accept, .base = r->base, .row = r->row_index};
    struct tolerance *t = r->tolerance ? r->tolerance : &nowhere;
    size_t noted = t->count;
    again.at = at;
    sipwire_status status = tolerant_element(&again, t, out);
    if (status == SIPWIRE_OK && shape_nests(r->row->shape))
        status = limit_nesting(&again, at, status, error);
    else if (status < 0 && status != SIPWIRE_E_SYNTAX)
        report(error, r, status, t->at, t->rule);
    if (status == SIPWIRE_OK || status == SIPWIRE_END)
        *r = again;
    else
        t->count = noted;
    return status < 0 ? (sipwire_status)error->status : status;
}

/* Reads the element by its machine; END when it is tolerated that there is none. */
sipwire_status reading_by_machine(struct reading *r, void *out, sipwire_error *err)
{
    const uint8_t *at = r->at;
    sipwire_error error;
    sipwire_status status = read_strictly(r, out, &error);
    if (shape_nests(r->row->shape))
        status = limit_nesting(r, at, status, &error);
    if (status == SIPWIRE_E_SYNTAX && tolerates(r))
        status = read_once_more(r, at, out, &error);
    if (status < 0 && err)
        *err = error;
    return status;
}

const uint8_t *straight_comma(const surroundings *s, const uint8_t *p)
{
    p = octets_skip_sws(p, s->end);
    return p != s->end && *p == ',' && straight_type(s)->cardinality == ROW_LIST ? p : NULL;
}

static sipwire_status read_element(struct reading *r, void *out, sipwire_error *err)
{
    const struct straight_set *set = straight_set_current();
    const uint8_t *begin = r->first ? r->at : octets_skip_sws(r->at, r->end), *p = NULL, *behind = NULL;
    if (set) {
        surroundings s = {r->end, straight_wide(r->readable), r->row, r->options};
        straight_function *path = set->rows[r->header];
        p = straight_stops(r->end, r->readable) ? straight_value(&s, path, begin, out, &behind)
                                                : alone_value(&s, path, begin, out, &behind);
    }
    if (!p)
        return reading_by_machine(r, out, err);
    place_value(out, r->row_index, r->header, (uint32_t)(begin - r->base), (uint32_t)(p - begin));
    r->comma = behind != r->end;
    r->at = behind + r->comma;
    return SIPWIRE_OK;
}

struct reading reading_of(const sipwire_msg *msg, const char *buf, const sipwire_row *row, const struct row_type *type)
{
    struct reading r = {0};
    r.row = type;
    r.base = (const uint8_t *)buf;
    r.at = r.base + row->value_off;
    r.end = r.at + row->value_len;
    r.readable = reading_readable(msg, buf);
    r.options = &msg->options;
    r.row_index = (uint32_t)(row - msg->rows);
    r.header = row->id;
    r.first = true;
    return r;
}

/* Reads the value that a row of a message has, if it is as usual. */
RUN_INLINE bool read_usual_row(const sipwire_msg *msg, const char *buf, const sipwire_row *row,
                               const struct row_type *type, void *out)
{
    const struct straight_set *set = straight_set_current();
    const uint8_t *begin = (const uint8_t *)buf + row->value_off;
    surroundings s = {begin + row->value_len, straight_wide(reading_readable(msg, buf)), type, &msg->options};
    if (!set || msg->start_line_len == 0) /* sipwire_msg_of_value: nothing stands behind the row */
        return false;
    const uint8_t *behind;
    if (straight_value(&s, set->rows[row->id], begin, out, &behind) != s.end)
        return false;
    place_value(out, (uint32_t)(row - msg->rows), row->id, row->value_off, row->value_len);
    return true;
}

/* What sipwire_get_shaped finds unusual. */
RUN_COLD sipwire_status get_unusual(const sipwire_msg *msg, const char *buf, uint16_t header, sipwire_shape shape,
                                    void *out, sipwire_error *err)
{
    const struct row_type *type = reading_row(header);
    if (type->machine && (type->shape != shape || type->cardinality != ROW_ONE))
        return reading_status(err, SIPWIRE_E_USAGE, header);
    const sipwire_row *row = sipwire_find(msg, header);
    if (!type->machine && (!row || header == SIPWIRE_HEADER_UNKNOWN || type->cardinality != ROW_ONE))
        return reading_status(err, SIPWIRE_E_UNTYPED, header);
    if (!row)
        return reading_status(err, SIPWIRE_ABSENT, header);
    const sipwire_row *second = sipwire_find_next(msg, row);
    if (second) {
        struct reading r = reading_of(msg, buf, second, type);
        return report(err, &r, SIPWIRE_E_DUPLICATE, r.base + second->name_off, type->rule);
    }
    if (!type->machine)
        return reading_status(err, SIPWIRE_E_UNTYPED, header);
    struct reading r = reading_of(msg, buf, row, type);
    return read_element(&r, out, err);
}

sipwire_status sipwire_get_shaped(const sipwire_msg *msg, const char *buf, uint16_t header, sipwire_shape shape,
                                  void *out, sipwire_error *err)
{
    const struct row_type *type = reading_row(header);
    buf = reading_buffer(buf);
    if (type->machine && type->shape == shape && type->cardinality == ROW_ONE) {
        const sipwire_row *row = sipwire_find(msg, header);
        if (row && !sipwire_find_next(msg, row) && read_usual_row(msg, buf, row, type, out))
            return SIPWIRE_OK;
    }
    return get_unusual(msg, buf, header, shape, out, err);
}

sipwire_status sipwire_get(const sipwire_msg *msg, const char *buf, uint16_t header, sipwire_value *out,
                           sipwire_error *err)
{
    out->shape = reading_row(header)->shape;
    return sipwire_get_shaped(msg, buf, header, (sipwire_shape)out->shape, &out->as, err);
}

sipwire_status value_of_text(const struct value_text *from, sipwire_value *out, sipwire_str *rest, sipwire_error *err)
{
    static const uint8_t nothing[1];
    const sipwire_str text = from->text;
    const uint16_t header = from->header;
    sipwire_options options = *from->limits;
    options.accept = 0;
    struct reading r = {0};
    r.row = reading_row(header);
    r.base = text.ptr ? (const uint8_t *)text.ptr : nothing;
    r.at = r.base;
    r.end = r.base + text.len;
    r.readable = r.end;
    r.options = &options;
    r.row_index = UINT32_MAX;
    r.header = header;
    r.first = from->first;
    out->shape = r.row->shape;
    if (!r.row->machine)
        return reading_status(err, SIPWIRE_E_UNTYPED, header);
    if (text.len > UINT32_MAX)
        return reading_status(err, SIPWIRE_E_LIMIT_FIELD, header);
    if (r.first && text.len == 0 && r.row->cardinality == ROW_LIST && r.row->may_be_empty)
        return reading_status(err, SIPWIRE_END, header);
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

sipwire_status sipwire_value_parse(uint16_t header, sipwire_str text, bool first, sipwire_value *out, sipwire_str *rest,
                                   sipwire_error *err)
{
    const sipwire_options limits = options_resolve(NULL);
    return value_of_text(&(struct value_text){text, &limits, header, first}, out, rest, err);
}

static sipwire_status read_request_uri(const sipwire_msg *msg, const char *buf, struct tolerance *t, sipwire_uri *out,
                                       sipwire_error *err)
{
    if (msg->kind != SIPWIRE_REQUEST)
        return reading_status(err, SIPWIRE_ABSENT, SIPWIRE_HEADER_UNKNOWN);
    struct reading r = {.base = (const uint8_t *)buf, .row_index = UINT32_MAX};
    r.at = r.base + msg->uri.off;
    r.end = r.at + msg->uri.len;
    struct machine m = {0};
    m.at = r.at;
    m.end = r.end;
    m.readable = reading_readable(msg, buf);
    m.set = machine_set_current();
    m.max_uri = msg->options.max_uri;
    m.max_params = msg->options.max_params;
    if (uri_read(&m, out) == SIPWIRE_OK)
        return SIPWIRE_OK;
    struct machine again = m;
    again.at = r.at;
    if (m.status == SIPWIRE_E_SYNTAX && t->accept != 0) {
        if (tolerant_uri(&again, t, out) == SIPWIRE_OK)
            return SIPWIRE_OK;
        if (again.status != SIPWIRE_E_SYNTAX)
            m = again;
    }
    return report(err, &r, m.status, m.at, m.status == SIPWIRE_E_SYNTAX && m.state ? m.state->rule : m.rule);
}

/* Whether it is as usual; *out is then right. */
static bool read_usual_request_uri(const sipwire_msg *msg, const char *buf, sipwire_uri *out)
{
    const struct straight_set *set = straight_set_current();
    const uint8_t *begin = (const uint8_t *)buf + msg->uri.off, *readable = reading_readable(msg, buf);
    surroundings s = {begin + msg->uri.len, straight_wide(readable), NULL, &msg->options};
    if (!set || msg->kind != SIPWIRE_REQUEST || !straight_stops(s.end, readable))
        return false;
    *out = (sipwire_uri){0};
    return set->uri(&s, begin, out) == s.end;
}

sipwire_status sipwire_request_uri(const sipwire_msg *msg, const char *buf, sipwire_uri *out, sipwire_error *err)
{
    buf = reading_buffer(buf);
    if (read_usual_request_uri(msg, buf, out))
        return SIPWIRE_OK;
    struct tolerance nowhere = {.accept = msg->options.accept, .base = (const uint8_t *)buf};
    return read_request_uri(msg, buf, &nowhere, out, err);
}

static void list_values(const sipwire_msg *msg, const char *buf, const sipwire_row *row, struct tolerance *t)
{
    sipwire_value value;
    struct reading r = reading_of(msg, buf, row, reading_row(row->id));
    r.tolerance = t;
    t->row = r.row_index;
    if (!r.row->machine || (row->value_len == 0 && r.row->cardinality == ROW_LIST && r.row->may_be_empty))
        return;
    do {
        if (read_element(&r, &value.as, NULL) != SIPWIRE_OK)
            return;
        r.first = false;
    } while (r.comma);
}

/* A start line that does not end has none. */
static void list_start_line(const sipwire_msg *msg, struct tolerance *t)
{
    sipwire_msg scratch;
    bool bare = msg->deviations & SIPWIRE_ACCEPT_BARE_LF;
    if (msg->start_line_len == 0)
        return;
    if (bare)
        tolerance_use(t, SIPWIRE_ACCEPT_BARE_LF, memchr(t->base, '\n', msg->start_line_len));
    if (msg->deviations & (SIPWIRE_ACCEPT_START_LINE_BLANKS | SIPWIRE_ACCEPT_REASON_PHRASE_CHARS)) {
        const uint8_t *end = t->base + msg->start_line_len - (bare ? 1 : 2);
        sipwire_start_line_tolerantly(t->base + msg->leading, end, &scratch, t);
    }
}

static void list_lines(const sipwire_msg *msg, const char *buf, struct tolerance *t)
{
    sipwire_error err;
    sipwire_uri uri;
    t->accept = msg->deviations;
    if (t->accept & SIPWIRE_ACCEPT_LEADING_LINES)
        tolerance_use(t, SIPWIRE_ACCEPT_LEADING_LINES, t->base);
    list_start_line(msg, t);
    t->accept = msg->options.accept;
    read_request_uri(msg, buf, t, &uri, &err);
}

size_t sipwire_deviations(const sipwire_msg *msg, const char *buf, const sipwire_row *row, sipwire_deviation *out,
                          size_t n)
{
    buf = reading_buffer(buf);
    struct tolerance t = {.accept = msg->options.accept, .base = (const uint8_t *)buf, .out = out, .room = n};
    t.row = UINT32_MAX;
    if (t.accept == 0)
        return 0;
    if (row)
        list_values(msg, buf, row, &t);
    else
        list_lines(msg, buf, &t);
    return t.count;
}

const sipwire_member *sipwire_shape_members(sipwire_shape shape, size_t *count)
{
    bool known = (unsigned)shape < shape_count;
    *count = known ? shape_infos[shape].member_count : 0;
    return known ? shape_infos[shape].members : NULL;
}

sipwire_shape sipwire_header_shape(uint16_t header)
{
    return (sipwire_shape)reading_row(header)->shape;
}

const char *sipwire_header_value_rule(uint16_t header)
{
    return header <= SIPWIRE_HIGHEST_HEADER ? value_rules[header] : "";
}
