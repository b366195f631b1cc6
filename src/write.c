/* Writing messages: start line, lines, values, end.
 * SPDX-License-Identifier: MIT */
#include "by_itself.h"
#include "level.h"
#include "options.h"
#include "start_line.h"
#include "write_line.h"

static const struct write_set *current_set(void)
{
#if defined(SIPWIRE_HAS_X86)
    static const struct write_set *const sets[] = {&sipwire_write_set_scalar, &sipwire_write_set_ssse3,
                                                   &sipwire_write_set_avx2};
    return sets[level_now()];
#elif defined(SIPWIRE_HAS_NEON)
    return level_now() == SIPWIRE_LEVEL_NEON ? &sipwire_write_set_neon : &sipwire_write_set_scalar;
#else
    return &sipwire_write_set_scalar;
#endif
}

enum { WIDE = 64 };

/* Member by member: the struct as a whole would be cleared by a loop that takes longer than all else. */
static void clear_writer(sipwire_writer *w)
{
    w->len = w->line = w->seen = 0;
    memset(w->typed, 0, sizeof w->typed);
    memset(w->copied, 0, sizeof w->copied);
    w->error = (sipwire_error){0};
    w->fields = w->params = 0;
    w->header = w->order = 0;
    w->state = WRITING_START_LINE;
    w->after = AFTER_NOTHING;
    w->place = 0;
    w->row = NULL;
    w->wide = w->usual = -1;
    w->alone = 0;
    w->region = 0;
    memset(w->reserved16, 0, sizeof w->reserved16);
    memset(w->reserved, 0, sizeof w->reserved);
}

static void take_options(sipwire_write_options *to, const sipwire_write_options *options)
{
    *to = SIPWIRE_WRITE_OPTIONS_INIT;
    memcpy(to, options, options->size < sizeof *options ? options->size : sizeof *options);
    to->limits = options_resolve(&to->limits);
}

static void usual_options(sipwire_write_options *to)
{
    to->size = sizeof *to;
    to->names = to->lists = to->order = 0;
    to->limits = options_resolve(NULL);
    memset(to->reserved, 0, sizeof to->reserved);
}

void sipwire_writer_init(sipwire_writer *w, char *buf, size_t cap, const sipwire_write_options *options)
{
    clear_writer(w);
    w->buf = buf;
    w->cap = buf ? cap : 0;
    w->set = current_set();
    if (options)
        take_options(&w->options, options);
    else
        usual_options(&w->options);
    if (w->cap >= WIDE && w->options.limits.max_field >= WIDE)
        w->wide = w->cap < INT64_MAX ? (int64_t)w->cap - WIDE : INT64_MAX - WIDE;
}

sipwire_status write_fail(sipwire_writer *w, sipwire_status status, uint16_t header)
{
    w->usual = -1;
    if (w->error.status == SIPWIRE_OK)
        w->error = (sipwire_error){.status = status, .header = header, .row = w->fields};
    return (sipwire_status)w->error.status;
}

/* Ends the last line, if one is open. */
static uint64_t end_line(sipwire_writer *w)
{
    uint64_t n = put_literal(w, w->len, "\r\n", 2);
    if (w->options.order == SIPWIRE_ORDER_APPLIED && w->line && n <= w->cap)
        write_place_line(w, w->line, n, w->order);
    return n;
}

/* Start lines. */

static sipwire_status took_start_line(sipwire_writer *w, uint64_t n)
{
    if (n) {
        w->len = n;
        w->state = WRITING_FIELDS;
        if (w->options.names != SIPWIRE_NAMES_COMPACT && w->options.order == SIPWIRE_ORDER_AS_CALLED)
            w->usual = w->wide;
    }
    w->error.row = UINT32_MAX;
    return (sipwire_status)w->error.status;
}

static bool may_start(sipwire_writer *w)
{
    if (w->error.status == SIPWIRE_OK && w->state != WRITING_START_LINE)
        write_fail(w, SIPWIRE_E_USAGE, SIPWIRE_HEADER_UNKNOWN);
    return w->error.status == SIPWIRE_OK;
}

sipwire_status sipwire_write_request(sipwire_writer *w, sipwire_str method, const sipwire_uri *uri)
{
    if (!may_start(w))
        return (sipwire_status)w->error.status;
    const struct write_set *set = w->set;
    uint64_t n = set->octets(w, 0, method, &write_method_rule);
    if (n)
        n = set->uri(w, put_octet(w, n, ' '), uri, &write_uri_parts.scheme);
    return took_start_line(w, n ? put_literal(w, n, " SIP/2.0", 8) : 0);
}

sipwire_status sipwire_write_request_text(sipwire_writer *w, sipwire_str method, sipwire_str uri)
{
    sipwire_uri parsed;
    sipwire_error err;
    if (!may_start(w))
        return (sipwire_status)w->error.status;
    if (uri_of_text(uri, &w->options.limits, &parsed, &err) != SIPWIRE_OK) {
        w->error = err;
        return (sipwire_status)err.status;
    }
    return sipwire_write_request(w, method, &parsed);
}

sipwire_status sipwire_write_response(sipwire_writer *w, uint16_t status, sipwire_str reason)
{
    if (!may_start(w))
        return (sipwire_status)w->error.status;
    if (status < 100 || status > 699)
        return write_fail(w, SIPWIRE_E_RANGE, SIPWIRE_HEADER_UNKNOWN);
    uint64_t n = put_digits(w, put_literal(w, 0, "SIP/2.0 ", 8), status);
    const struct write_set *set = w->set;
    n = set->octets(w, put_octet(w, n, ' '), reason.ptr ? reason : sipwire_reason_phrase(status), &write_reason_rule);
    return took_start_line(w, n);
}

/* Copies a start line that is not as most are. */
static sipwire_status copy_start_line(sipwire_writer *w, sipwire_str line)
{
    const uint8_t *p = (const uint8_t *)line.ptr;
    const uint32_t max_uri = w->options.limits.max_uri;
    sipwire_msg read = {0};
    if (sipwire_start_line(p, p + line.len, &read, &w->error) != SIPWIRE_OK)
        return (sipwire_status)w->error.status;
    if (read.uri.len > max_uri) {
        write_fail(w, SIPWIRE_E_LIMIT_URI, SIPWIRE_HEADER_UNKNOWN);
        w->error.offset = read.uri.off + max_uri;
        w->error.rule = RULE_RFC3261_ADDR_SPEC;
        w->error.row = UINT32_MAX;
        return SIPWIRE_E_LIMIT_URI;
    }
    put_copy(w, 0, line.ptr, line.len);
    return SIPWIRE_OK;
}

sipwire_status sipwire_write_start_line(sipwire_writer *w, const char *buf, const sipwire_msg *msg)
{
    const struct write_set *set = w->set;
    if (!may_start(w))
        return (sipwire_status)w->error.status;
    if (msg->start_line_len < (uint64_t)msg->leading + 2)
        return write_fail(w, SIPWIRE_E_USAGE, SIPWIRE_HEADER_UNKNOWN);
    sipwire_str line = {buf + msg->leading, msg->start_line_len - msg->leading - 1};
    line.len -= line.ptr[line.len - 1] == '\r';
    bool usual = line.len <= w->options.limits.max_uri && set->start_line(w, line);
    if (!usual && copy_start_line(w, line) != SIPWIRE_OK)
        return (sipwire_status)w->error.status;
    return took_start_line(w, line.len);
}

/* Lines. */

static sipwire_str name_of(const sipwire_writer *w, uint16_t header, sipwire_str given)
{
    sipwire_str compact = sipwire_header_compact(header);
    if (w->options.names == SIPWIRE_NAMES_COMPACT && compact.len)
        return compact;
    bool as_given = given.ptr && (w->options.names == SIPWIRE_NAMES_LONG || header == SIPWIRE_HEADER_UNKNOWN);
    return as_given ? given : sipwire_header_name(header);
}

/* Whether a field may stand here; notes the error. */
static bool may_begin(sipwire_writer *w, uint16_t header, const uint64_t *occurs)
{
    const struct write_row *row = row_of(w);
    if (w->usual < 0 && w->error.status != SIPWIRE_OK)
        return false;
    if (w->usual < 0 && w->state != WRITING_FIELDS)
        return put_refuse(w, SIPWIRE_E_USAGE, 0, 0) != 0;
    if (row->cardinality == ROW_ONE) {
        uint64_t elsewhere = w->typed[header >> 6] | (occurs == w->typed ? w->copied[header >> 6] : 0);
        if (elsewhere >> (header & 63) & 1)
            return put_refuse(w, SIPWIRE_E_DUPLICATE, 0, row->rule) != 0;
    }
    if (w->alone != 0 && w->alone == header)
        return put_refuse(w, SIPWIRE_E_DUPLICATE, 0, row->rule) != 0;
    if (w->usual < 0 && w->options.order == SIPWIRE_ORDER_CHECKED && row->order < w->order)
        return put_refuse(w, SIPWIRE_E_ORDER, 0, row->rule) != 0;
    if (w->fields == w->options.limits.max_fields)
        return put_refuse(w, SIPWIRE_E_LIMIT_FIELDS, 0, row->rule) != 0;
    return true;
}

uint64_t write_begin_line(sipwire_writer *w, uint16_t header, sipwire_str name, uint64_t *occurs)
{
    const struct write_row *row = row_of(w);
    uint64_t n = w->len;
    if (!may_begin(w, header, occurs))
        return 0;
    occurs[header >> 6] |= UINT64_C(1) << (header & 63);
    if (!name.ptr && row->lead_len && (int64_t)n <= w->usual) {
        memcpy(w->buf + n, &write_leads[row->lead], 48);
        w->line = n + 2;
        return n + row->lead_len - 1;
    }
    w->line = n = end_line(w);
    w->order = row->order;
    name = name_of(w, header, name);
    return put_octet(w, put_copy(w, n, name.ptr, name.len), ':');
}

static inline sipwire_status took_line(sipwire_writer *w, uint64_t n, uint16_t header, uint8_t after)
{
    if (n && n - w->line + 2 <= w->options.limits.max_field) {
        w->len = n;
        w->header = header;
        w->after = after;
        return SIPWIRE_OK;
    }
    if (n)
        write_fail(w, SIPWIRE_E_LIMIT_FIELD, header);
    w->error.header = header;
    w->error.row = w->fields;
    return (sipwire_status)w->error.status;
}

sipwire_status write_took_line(sipwire_writer *w, uint64_t n, uint16_t header, uint8_t after)
{
    return took_line(w, n, header, after);
}

/* Values. */

/* Whether a value goes behind the last one, in its line. */
static bool joins(const sipwire_writer *w, uint16_t header, bool always)
{
    const struct write_row *row = row_of(w);
    if (row->cardinality != ROW_LIST || w->header != header || !(w->after & AFTER_VALUE))
        return false;
    bool wanted =
        always || w->options.lists == SIPWIRE_LISTS_JOINED || (w->options.lists == SIPWIRE_LISTS_USUAL && row->joined);
    return wanted && w->error.status == SIPWIRE_OK && w->state == WRITING_FIELDS;
}

/* A "*" is all that a message has of its field (RFC 3261 sections 10.2.2 and 10.3). */
static bool is_star(const struct write_row *row, const void *value)
{
    return row->shape == SIPWIRE_SHAPE_ADDRESS && ((const sipwire_address *)value)->star;
}

static uint64_t begin_star(sipwire_writer *w, uint16_t header, sipwire_str given)
{
    bool before = (w->typed[header >> 6] | w->copied[header >> 6]) >> (header & 63) & 1;
    if (before && w->error.status == SIPWIRE_OK)
        return put_refuse(w, SIPWIRE_E_DUPLICATE, 0, row_of(w)->rule);
    return write_begin_line(w, header, given, w->typed);
}

sipwire_status write_typed(sipwire_writer *w, uint16_t header, const void *value, sipwire_str given, bool join)
{
    const struct write_row *row = set_row(w, header);
    const struct write_set *set = w->set;
    bool star = is_star(row, value), same = !star && joins(w, header, join);
    uint64_t n = same   ? put_octet(w, w->len, row->comma)
                 : star ? begin_star(w, header, given)
                        : write_begin_line(w, header, given, w->typed);
    w->place = 0;
    if (n && (!same || row->comma == ','))
        n = put_octet(w, n, ' ');
    if (n)
        n = set->shapes[row->shape](w, n, value);
    sipwire_status status = took_line(w, n, header, star ? AFTER_NOTHING : row->after);
    w->fields += status == SIPWIRE_OK && !same;
    return status;
}

/* Ends the last line, of another field, and writes the beginning of one; 0 when that is not as usual. */
static inline uint64_t put_usual_lead(sipwire_writer *w, const struct write_row *row, uint16_t header)
{
    uint64_t *typed = &w->typed[header >> 6];
    if (((*typed | w->copied[header >> 6]) & row->once) != 0 || w->fields == w->options.limits.max_fields)
        return 0;
    uint64_t n = w->len;
    memcpy(w->buf + n, &write_leads[row->lead], 48);
    *typed |= UINT64_C(1) << (header & 63);
    w->line = n + 2;
    return n + row->lead_len;
}

/* The same, or what stands between two values of one line. Where the last line is of this field. */
static uint64_t put_next_lead(sipwire_writer *w, const struct write_row *row, uint16_t header)
{
    bool joins = row->joined && (w->after & AFTER_VALUE);
    if (row->cardinality != ROW_ONE && (w->options.lists != SIPWIRE_LISTS_USUAL || (joins && row->comma != ',')))
        return 0;
    return joins ? put_literal(w, w->len, ", ", 2) : put_usual_lead(w, row, header);
}

/* write_typed for what is usual. */
static inline sipwire_status write_usual(sipwire_writer *w, const struct write_row *row, uint16_t header,
                                         const void *value)
{
    const struct write_set *set = w->set;
    uint64_t n = 0, before = w->len;
    if ((int64_t)before <= w->usual)
        n = w->header != header ? put_usual_lead(w, row, header) : put_next_lead(w, row, header);
    if (n == 0)
        return write_typed(w, header, value, (sipwire_str){0}, false);
    w->row = row;
    w->place = 0;
    w->after = row->after;
    n = set->shapes[row->shape](w, n, value);
    uint64_t line = w->line;
    if (n == 0 || n - line + 2 > w->options.limits.max_field)
        return took_line(w, n, header, row->after);
    w->fields += line >= before;
    w->len = n;
    w->header = header;
    return SIPWIRE_OK;
}

/* Why a value of this shape is not written. */
static sipwire_status refuse_shape(sipwire_writer *w, uint16_t header)
{
    if (w->error.status != SIPWIRE_OK)
        return (sipwire_status)w->error.status;
    bool untyped = header <= SIPWIRE_HIGHEST_HEADER && !write_fields[header].shape;
    return write_fail(w, untyped ? SIPWIRE_E_UNTYPED : SIPWIRE_E_USAGE, header);
}

sipwire_status write_pass_over_length(sipwire_writer *w)
{
    if (w->state != WRITING_FIELDS)
        return write_fail(w, SIPWIRE_E_USAGE, SIPWIRE_HEADER_CONTENT_LENGTH);
    if (w->error.status == SIPWIRE_OK)
        w->after = AFTER_NOTHING;
    return (sipwire_status)w->error.status;
}

/* sipwire_write_shaped for a Content-Length and for what is refused. */
static sipwire_status write_none(sipwire_writer *w, uint16_t header, sipwire_shape shape)
{
    if (header != SIPWIRE_HEADER_CONTENT_LENGTH || write_fields[header].shape != shape)
        return refuse_shape(w, header);
    return write_pass_over_length(w);
}

sipwire_status sipwire_write_shaped(sipwire_writer *w, uint16_t header, sipwire_shape shape, const void *value)
{
    if (header > SIPWIRE_HIGHEST_HEADER || write_fields[header].called != (unsigned)shape)
        return write_none(w, header, shape);
    return write_usual(w, &write_fields[header], header, value);
}

sipwire_status sipwire_write_value(sipwire_writer *w, uint16_t header, const sipwire_value *value)
{
    return sipwire_write_shaped(w, header, (sipwire_shape)value->shape, &value->as);
}

sipwire_status sipwire_write_param(sipwire_writer *w, sipwire_str name, const sipwire_text *value)
{
    if (!name.ptr)
        name.len = 0;
    bool takes = (w->after & AFTER_PARAM) && w->place != WRITE_NO_PLACE;
    if (w->error.status != SIPWIRE_OK || w->state != WRITING_FIELDS || !takes)
        return write_fail(w, SIPWIRE_E_USAGE, w->header);
    const struct write_set *set = w->set;
    set_row(w, w->header);
    uint64_t n = set->param(w, w->len, name, value);
    return write_took_line(w, n, w->header, w->after);
}

/* The end. */

/* Content-Length and the empty line. */
static uint64_t end_head(sipwire_writer *w, size_t body)
{
    const sipwire_options *limits = &w->options.limits;
    const struct write_row *row = set_row(w, SIPWIRE_HEADER_CONTENT_LENGTH);
    uint64_t n = (int64_t)w->len <= w->usual ? put_usual_lead(w, row, SIPWIRE_HEADER_CONTENT_LENGTH) : 0;
    if (!n && (n = write_begin_line(w, SIPWIRE_HEADER_CONTENT_LENGTH, (sipwire_str){0}, w->typed)) != 0)
        n = put_octet(w, n, ' ');
    if (took_line(w, n ? put_digits(w, n, body) : 0, SIPWIRE_HEADER_CONTENT_LENGTH, AFTER_NOTHING) != SIPWIRE_OK)
        return 0;
    n = put_literal(w, end_line(w), "\r\n", 2);
    if (n > limits->max_head)
        write_fail(w, SIPWIRE_E_LIMIT_HEAD, SIPWIRE_HEADER_UNKNOWN);
    else if (n > limits->max_message || body > limits->max_message - n)
        write_fail(w, SIPWIRE_E_LIMIT_MESSAGE, SIPWIRE_HEADER_UNKNOWN);
    return w->error.status == SIPWIRE_OK ? n : 0;
}

sipwire_status sipwire_write_end(sipwire_writer *w, sipwire_str body, size_t *needed, sipwire_error *err)
{
    if (!body.ptr)
        body.len = 0;
    uint64_t n = w->error.status == SIPWIRE_OK ? end_head(w, body.len) : 0;
    if (n) {
        if (body.len)
            n = put_copy(w, n, body.ptr, body.len);
        w->state = WRITTEN;
        w->usual = -1;
        if (needed)
            *needed = (size_t)n;
        if (n > w->cap)
            w->error = (sipwire_error){.status = SIPWIRE_E_SPACE, .row = UINT32_MAX, .needed = n};
    }
    if (err && w->error.status != SIPWIRE_OK)
        *err = w->error;
    return (sipwire_status)w->error.status;
}
