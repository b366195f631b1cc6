/* Writing messages: start line, lines, values, end.
 * SPDX-License-Identifier: MIT */
#include "level.h"
#include "options.h"
#include "write_line.h"

static const struct write_set *current_set(void)
{
    switch (level_now()) {
#if defined(SIPWIRE_HAS_X86)
    case SIPWIRE_LEVEL_AVX2:
        return &sipwire_write_set_avx2;
    case SIPWIRE_LEVEL_SSSE3:
        return &sipwire_write_set_ssse3;
#elif defined(SIPWIRE_HAS_NEON)
    case SIPWIRE_LEVEL_NEON:
        return &sipwire_write_set_neon;
#endif
    default:
        return &sipwire_write_set_scalar;
    }
}

void sipwire_writer_init(sipwire_writer *w, char *buf, size_t cap, const sipwire_write_options *options)
{
    *w = (sipwire_writer){.buf = buf, .cap = buf ? cap : 0, .set = current_set()};
    w->options = SIPWIRE_WRITE_OPTIONS_INIT;
    if (options)
        memcpy(&w->options, options, options->size < sizeof *options ? options->size : sizeof *options);
    w->options.limits = options_resolve(&w->options.limits);
}

sipwire_status write_fail(sipwire_writer *w, sipwire_status status, uint16_t header)
{
    if (w->error.status == SIPWIRE_OK)
        w->error = (sipwire_error){.status = status, .header = header, .row = w->fields};
    return (sipwire_status)w->error.status;
}

/* Ends the last line, if one is open. */
static uint64_t end_line(sipwire_writer *w, const struct out *o)
{
    uint64_t n = put_literal(o, w->len, "\r\n", 2);
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
    struct out o = out_of(w, SIPWIRE_HEADER_UNKNOWN);
    const struct write_set *set = w->set;
    uint64_t n = set->octets(&o, 0, method, &write_method_rule);
    if (n)
        n = set->uri(&o, put_octet(&o, n, ' '), uri, &write_uri_parts.scheme);
    return took_start_line(w, n ? put_literal(&o, n, " SIP/2.0", 8) : 0);
}

sipwire_status sipwire_write_request_text(sipwire_writer *w, sipwire_str method, sipwire_str uri)
{
    sipwire_uri parsed;
    sipwire_error err;
    if (!may_start(w))
        return (sipwire_status)w->error.status;
    if (sipwire_uri_parse(uri, &parsed, &err) != SIPWIRE_OK) {
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
    struct out o = out_of(w, SIPWIRE_HEADER_UNKNOWN);
    uint64_t n = put_digits(&o, put_literal(&o, 0, "SIP/2.0 ", 8), status);
    const struct write_set *set = w->set;
    n = set->octets(&o, put_octet(&o, n, ' '), reason.ptr ? reason : sipwire_reason_phrase(status), &write_reason_rule);
    return took_start_line(w, n);
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

uint64_t write_begin_line(sipwire_writer *w, struct out *o, uint16_t header, sipwire_str name, uint64_t *occurs)
{
    if (w->error.status != SIPWIRE_OK)
        return 0;
    if (w->state != WRITING_FIELDS)
        return put_refuse(o, SIPWIRE_E_USAGE, 0, 0);
    uint64_t bit = UINT64_C(1) << (header & 63);
    uint64_t elsewhere = w->typed[header >> 6] | (occurs == w->typed ? w->copied[header >> 6] : 0);
    if (o->row->cardinality == ROW_ONE && (elsewhere & bit))
        return put_refuse(o, SIPWIRE_E_DUPLICATE, 0, o->row->rule);
    if (w->options.order == SIPWIRE_ORDER_CHECKED && o->row->order < w->order)
        return put_refuse(o, SIPWIRE_E_ORDER, 0, o->row->rule);
    if (w->fields == w->options.limits.max_fields)
        return put_refuse(o, SIPWIRE_E_LIMIT_FIELDS, 0, o->row->rule);
    occurs[header >> 6] |= bit;
    uint64_t n = end_line(w, o);
    w->line = n;
    w->order = o->row->order;
    name = name_of(w, header, name);
    return put_octet(o, put_copy(o, n, name.ptr, name.len), ':');
}

sipwire_status write_took_line(sipwire_writer *w, uint64_t n, uint16_t header, uint8_t after)
{
    if (n && n - w->line + 2 > w->options.limits.max_field) {
        write_fail(w, SIPWIRE_E_LIMIT_FIELD, header);
        n = 0;
    }
    if (!n) {
        w->error.header = header;
        w->error.row = w->fields;
        return (sipwire_status)w->error.status;
    }
    w->len = n;
    w->header = header;
    w->after = after;
    return SIPWIRE_OK;
}

/* Values. */

static bool joins(const sipwire_writer *w, const struct out *o, uint16_t header, bool always)
{
    bool wanted = always || w->options.lists == SIPWIRE_LISTS_JOINED ||
                  (w->options.lists == SIPWIRE_LISTS_USUAL && o->row->joined);
    return wanted && o->row->cardinality == ROW_LIST && w->header == header && (w->after & AFTER_VALUE) &&
           w->error.status == SIPWIRE_OK && w->state == WRITING_FIELDS;
}

/* A "*" stands alone in its field (RFC 3261 section 20.10). */
static bool is_star(const struct out *o, const void *value)
{
    return o->row->shape == SIPWIRE_SHAPE_ADDRESS && ((const sipwire_address *)value)->star;
}

sipwire_status write_typed(sipwire_writer *w, uint16_t header, const void *value, sipwire_str given, bool join)
{
    struct out o = out_of(w, header);
    const struct write_set *set = w->set;
    o.free = false;
    bool star = is_star(&o, value), same = !star && joins(w, &o, header, join);
    bool blank = !same || o.row->comma == ',';
    uint64_t n = same ? put_octet(&o, w->len, o.row->comma) : write_begin_line(w, &o, header, given, w->typed);
    if (n)
        n = set->shapes[o.row->shape](&o, blank ? put_octet(&o, n, ' ') : n, value);
    if (n && !same)
        w->fields++;
    w->seen = o.seen;
    w->params = o.params;
    return write_took_line(
        w, n, header,
        (uint8_t)((o.row->scope && !star ? AFTER_PARAM : 0) | (star ? 0 : AFTER_VALUE) | (o.free ? AFTER_FREE : 0)));
}

sipwire_status sipwire_write_shaped(sipwire_writer *w, uint16_t header, sipwire_shape shape, const void *value)
{
    if (w->error.status != SIPWIRE_OK)
        return (sipwire_status)w->error.status;
    if (header > SIPWIRE_HIGHEST_HEADER || shape == SIPWIRE_SHAPE_NONE || write_rows[header].shape != shape) {
        bool untyped = header <= SIPWIRE_HIGHEST_HEADER && !write_rows[header].shape;
        return write_fail(w, untyped ? SIPWIRE_E_UNTYPED : SIPWIRE_E_USAGE, header);
    }
    if (header != SIPWIRE_HEADER_CONTENT_LENGTH)
        return write_typed(w, header, value, (sipwire_str){0}, false);
    w->after = AFTER_NOTHING;
    return SIPWIRE_OK;
}

sipwire_status sipwire_write_value(sipwire_writer *w, uint16_t header, const sipwire_value *value)
{
    return sipwire_write_shaped(w, header, (sipwire_shape)value->shape, &value->as);
}

sipwire_status sipwire_write_param(sipwire_writer *w, sipwire_str name, const sipwire_text *value)
{
    if (w->error.status != SIPWIRE_OK || w->state != WRITING_FIELDS || !(w->after & AFTER_PARAM))
        return write_fail(w, SIPWIRE_E_USAGE, w->header);
    struct out o = out_of(w, w->header);
    const struct write_set *set = w->set;
    uint64_t n = set->param(&o, w->len, name, value);
    w->seen = o.seen;
    w->params = o.params;
    return write_took_line(w, n, w->header, w->after);
}

/* The end. */

/* Content-Length and the empty line. */
static uint64_t end_head(sipwire_writer *w, size_t body)
{
    const sipwire_options *limits = &w->options.limits;
    struct out o = out_of(w, SIPWIRE_HEADER_CONTENT_LENGTH);
    uint64_t n = write_begin_line(w, &o, SIPWIRE_HEADER_CONTENT_LENGTH, (sipwire_str){0}, w->typed);
    if (n)
        n = put_digits(&o, put_octet(&o, n, ' '), body);
    if (write_took_line(w, n, SIPWIRE_HEADER_CONTENT_LENGTH, AFTER_NOTHING) != SIPWIRE_OK)
        return 0;
    n = put_literal(&o, end_line(w, &o), "\r\n", 2);
    if (n > limits->max_head)
        write_fail(w, SIPWIRE_E_LIMIT_HEAD, SIPWIRE_HEADER_UNKNOWN);
    else if (n > limits->max_message || body > limits->max_message - n)
        write_fail(w, SIPWIRE_E_LIMIT_MESSAGE, SIPWIRE_HEADER_UNKNOWN);
    return w->error.status == SIPWIRE_OK ? n : 0;
}

sipwire_status sipwire_write_end(sipwire_writer *w, sipwire_str body, size_t *needed, sipwire_error *err)
{
    uint64_t n = w->error.status == SIPWIRE_OK ? end_head(w, body.len) : 0;
    if (n) {
        const struct out o = out_of(w, SIPWIRE_HEADER_UNKNOWN);
        if (body.len)
            n = put_copy(&o, n, body.ptr, body.len);
        w->state = WRITTEN;
        if (needed)
            *needed = (size_t)n;
        if (n > w->cap)
            w->error = (sipwire_error){.status = SIPWIRE_E_SPACE, .row = UINT32_MAX, .needed = n};
    }
    if (err && w->error.status != SIPWIRE_OK)
        *err = w->error;
    return (sipwire_status)w->error.status;
}
