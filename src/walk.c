/* Walks over values: of a field, of a row, of a whole message.
 * SPDX-License-Identifier: MIT */
#include "nesting.h"
#include "options.h"
#include "reading.h"

enum { AT_ROW_BEGIN, IN_ROW, AT_END };
enum { OVER_FIELD, OVER_ROW, OVER_ALL };

static sipwire_iter begin(const sipwire_msg *msg, const char *buf, uint8_t over)
{
    const struct straight_set *set = straight_set_current();
    return (sipwire_iter){.msg = msg, .buf = buf, .paths = set ? set->rows : NULL, .over = over, .state = AT_END};
}

/* A row to read, whose field is in the table. */
static inline void stand_at(sipwire_iter *it, const sipwire_row *row, const struct row_type *type)
{
    const sipwire_options *options = &it->msg->options;
    straight_function *const *paths = it->paths;
    const uint8_t *at = (const uint8_t *)it->buf + row->value_off;
    struct straight s = straight_over(at + row->value_len, reading_readable(it->msg, it->buf));
    it->end = (const char *)s.end;
    it->wide = s.wide;
    it->type = type;
    bool limited = options->max_nesting < HIGHEST_NESTING && shape_nests(type->shape);
    it->path = (void (*)(void))(paths && !limited ? paths[row->id] : NULL);
    it->at = (const char *)at;
    it->row = row;
    it->state = AT_ROW_BEGIN;
}

/* There is nothing to read; of such a type. */
static void stand_at_end(sipwire_iter *it, const struct row_type *type)
{
    it->type = type;
    it->state = AT_END;
}

/* The first row with a type from one on, which may be the end of the rows. */
static inline void stand_at_typed(sipwire_iter *it, const sipwire_row *row)
{
    const sipwire_row *end = it->msg->rows + it->msg->count;
    for (; row != end; row++) {
        const struct row_type *type = reading_row(row->id);
        if (type->machine) {
            stand_at(it, row, type);
            return;
        }
    }
    stand_at_end(it, reading_row(SIPWIRE_HEADER_UNKNOWN));
}

static void stand_at_one(sipwire_iter *it, const sipwire_row *row, uint16_t header)
{
    const struct row_type *type = reading_row(header);
    if (row && type->machine)
        stand_at(it, row, type);
    else
        stand_at_end(it, type);
}

void sipwire_iter_begin(sipwire_iter *it, const sipwire_msg *msg, const char *buf, uint16_t header)
{
    *it = begin(msg, buf, OVER_FIELD);
    it->header = header;
    stand_at_one(it, sipwire_find(msg, header), header);
}

void sipwire_iter_begin_row(sipwire_iter *it, const sipwire_msg *msg, const char *buf, const sipwire_row *row)
{
    *it = begin(msg, buf, OVER_ROW);
    it->header = row->id;
    stand_at_one(it, row, row->id);
}

void sipwire_iter_begin_all(sipwire_iter *it, const sipwire_msg *msg, const char *buf)
{
    *it = begin(msg, buf, OVER_ALL);
    stand_at_typed(it, msg->rows);
}

static inline void next_row(sipwire_iter *it)
{
    const struct row_type *type = it->type;
    if (it->over == OVER_ALL) {
        stand_at_typed(it, it->row + 1);
        return;
    }
    const sipwire_row *row = it->over == OVER_FIELD ? sipwire_find_next(it->msg, it->row) : NULL;
    if (row)
        stand_at(it, row, type);
    else
        it->state = AT_END;
}

static uint16_t header_of(const sipwire_iter *it)
{
    return it->over == OVER_ALL && it->row ? it->row->id : it->header;
}

static sipwire_status end_of_walk(const sipwire_iter *it, sipwire_error *err)
{
    const struct row_type *type = it->type;
    if (!type->machine && it->over != OVER_ALL)
        return reading_status(err, SIPWIRE_E_UNTYPED, header_of(it));
    if (err)
        err->status = SIPWIRE_END;
    return SIPWIRE_END;
}

/* Whether the row is empty and has no values, as the field lets it. */
static bool has_none(const sipwire_iter *it)
{
    const struct row_type *type = it->type;
    return it->state == AT_ROW_BEGIN && it->row->value_len == 0 && type->cardinality == ROW_LIST && type->may_be_empty;
}

/* END: there is no value up to the end of the row. */
static sipwire_status read_by_machine(sipwire_iter *it, void *out, sipwire_error *err)
{
    sipwire_status status = SIPWIRE_END;
    struct reading r = reading_of(it->msg, it->buf, it->row, it->type);
    r.first = it->state == AT_ROW_BEGIN;
    r.at = (const uint8_t *)it->at;
    if (!has_none(it))
        status = reading_by_machine(&r, out, err);
    it->at = (const char *)r.at;
    it->state = IN_ROW;
    if (status != SIPWIRE_OK || !r.comma)
        next_row(it);
    return status;
}

/* Reads a value by its path; false when it is left to the machine. */
static inline bool read_usual(sipwire_iter *it, void *out)
{
    const sipwire_row *row = it->row;
    const uint8_t *base = (const uint8_t *)it->buf, *at = (const uint8_t *)it->at;
    struct straight s = {(const uint8_t *)it->end, it->wide, it->type, &it->msg->options};
    at += it->state == IN_ROW && at != s.end && *at == ' ';
    const uint8_t *p = straight_value(&s, (straight_function *)it->path, at, out);
    if (!p)
        return false;
    place_value(out, (uint32_t)(row - it->msg->rows), row->id, (uint32_t)(at - base), (uint32_t)(p - at));
    it->at = (const char *)p + 1;
    it->state = IN_ROW;
    if (p == s.end)
        next_row(it);
    return true;
}

/* The rows of a walk over a whole message have different types. */
static bool is_of(const sipwire_iter *it, sipwire_shape shape)
{
    const struct row_type *type = it->type;
    return !type->machine || type->shape == shape;
}

/* What read_usual left. */
static sipwire_status next_shaped(sipwire_iter *it, sipwire_shape shape, void *out, sipwire_error *err)
{
    sipwire_status status = SIPWIRE_END;
    while (status == SIPWIRE_END) {
        if (!is_of(it, shape))
            return reading_status(err, SIPWIRE_E_USAGE, header_of(it));
        if (it->state == AT_END)
            return end_of_walk(it, err);
        status = read_by_machine(it, out, err);
    }
    return status;
}

static sipwire_status next(sipwire_iter *it, sipwire_value *out, sipwire_error *err)
{
    sipwire_status status = SIPWIRE_END;
    while (status == SIPWIRE_END) {
        out->shape = ((const struct row_type *)it->type)->shape;
        if (it->state == AT_END)
            return end_of_walk(it, err);
        status = read_by_machine(it, &out->as, err);
    }
    return status;
}

sipwire_status sipwire_next_shaped(sipwire_iter *it, sipwire_shape shape, void *out, sipwire_error *err)
{
    if (it->state != AT_END && is_of(it, shape) && read_usual(it, out))
        return SIPWIRE_OK;
    return next_shaped(it, shape, out, err);
}

sipwire_status sipwire_next(sipwire_iter *it, sipwire_value *out, sipwire_error *err)
{
    if (it->state == AT_END)
        return next(it, out, err);
    out->shape = ((const struct row_type *)it->type)->shape;
    return read_usual(it, &out->as) ? SIPWIRE_OK : next(it, out, err);
}
