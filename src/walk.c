/* Walks over values: of a field, of a row, of a whole message.
 * SPDX-License-Identifier: MIT */
#include "reading.h"

/* For what has two callers, each of which would save all registers for it. */
#if defined(__GNUC__)
#define WALK_INLINE static inline __attribute__((always_inline))
#else
#define WALK_INLINE static inline
#endif

enum { OVER_FIELD, OVER_ROW, OVER_ALL };

WALK_INLINE void begin(sipwire_iter *it, const sipwire_msg *msg, const char *buf, uint16_t header)
{
    static straight_function *const none[SIPWIRE_HIGHEST_HEADER + 1];
    const struct straight_set *set = straight_set_current();
    it->msg = msg;
    it->buf = buf;
    it->rows_end = msg->rows + msg->count;
    it->paths =
        set && msg->start_line_len != 0 ? set->rows : none; /* sipwire_msg_of_value: nothing stands behind the row */
    it->wide = (uintptr_t)reading_readable(msg, buf) - 32;
    it->header = header;
    it->reserved = 0;
}

WALK_INLINE void stand_at(sipwire_iter *it, const sipwire_row *row, const struct row_type *type)
{
    it->row = row;
    it->type = type;
    it->at = it->buf + row->value_off;
}

/* At the end of the walk. */
WALK_INLINE void stand_nowhere(sipwire_iter *it)
{
    it->row = NULL;
    it->at = NULL;
    it->type = reading_row(it->header);
}

/* The row is NULL, or of the field, which may not be in the table. */
WALK_INLINE void stand_at_one(sipwire_iter *it, const sipwire_row *row)
{
    const struct row_type *type = reading_row(it->header);
    if (row && type->machine)
        stand_at(it, row, type);
    else
        stand_nowhere(it);
}

/* The first row with a type from one on. */
WALK_INLINE void stand_at_typed(sipwire_iter *it, const sipwire_row *row)
{
    for (; row != it->rows_end; row++) {
        const struct row_type *type = reading_row(row->id);
        if (type->machine) {
            stand_at(it, row, type);
            return;
        }
    }
    stand_nowhere(it);
}

void sipwire_iter_begin(sipwire_iter *it, const sipwire_msg *msg, const char *buf, uint16_t header)
{
    begin(it, msg, buf, header);
    it->over = OVER_FIELD;
    stand_at_one(it, sipwire_find(msg, header));
}

void sipwire_iter_begin_row(sipwire_iter *it, const sipwire_msg *msg, const char *buf, const sipwire_row *row)
{
    begin(it, msg, buf, row->id);
    it->over = OVER_ROW;
    stand_at_one(it, row);
}

void sipwire_iter_begin_all(sipwire_iter *it, const sipwire_msg *msg, const char *buf)
{
    begin(it, msg, buf, SIPWIRE_HEADER_UNKNOWN);
    it->over = OVER_ALL;
    stand_at_typed(it, msg->rows);
}

WALK_INLINE void next_row(sipwire_iter *it)
{
    if (it->over == OVER_ALL)
        stand_at_typed(it, it->row + 1);
    else
        stand_at_one(it, it->over == OVER_FIELD ? sipwire_find_next(it->msg, it->row) : NULL);
}

/* Reads a value by its path, if it is as usual. Behind a row stands the end of its line, and before its first value no blank. */
WALK_INLINE bool read_usual(sipwire_iter *it, void *out)
{
    const sipwire_row *row = it->row;
    straight_function *path = ((straight_function *const *)it->paths)[row->id];
    if (!path)
        return false;
    const uint8_t *base = (const uint8_t *)it->buf, *at = (const uint8_t *)it->at;
    struct straight s = {base + row->value_off + row->value_len, it->wide, it->type, &it->msg->options};
    at += *at == ' ';
    const uint8_t *p = straight_value(&s, path, at, out);
    if (!p)
        return false;
    place_value(out, (uint32_t)(row - it->msg->rows), row->id, (uint32_t)(at - base), (uint32_t)(p - at));
    it->at = (const char *)p + 1;
    if (p == s.end)
        next_row(it);
    return true;
}

/* What is left of a row. END: there is no value in it. */
static sipwire_status read_by_machine(sipwire_iter *it, void *out, sipwire_error *err)
{
    struct reading r = reading_of(it->msg, it->buf, it->row, it->type);
    bool may_be_empty = r.row->cardinality == ROW_LIST && r.row->may_be_empty;
    sipwire_status status = SIPWIRE_END;
    r.first = r.at == (const uint8_t *)it->at;
    r.at = (const uint8_t *)it->at;
    if (!r.first || r.at != r.end || !may_be_empty)
        status = reading_by_machine(&r, out, err);
    it->at = (const char *)r.at;
    if (status != SIPWIRE_OK || !r.comma)
        next_row(it);
    return status;
}

/* The walk is not one that makes sense: it ends behind the error. */
static sipwire_status give_up(sipwire_iter *it, sipwire_status status, sipwire_error *err)
{
    uint16_t header = it->header;
    it->over = OVER_ALL;
    it->header = SIPWIRE_HEADER_UNKNOWN;
    stand_nowhere(it);
    return reading_status(err, status, header);
}

static sipwire_status end_of_walk(sipwire_iter *it, sipwire_error *err)
{
    const struct row_type *type = it->type;
    if (it->over != OVER_ALL && !type->machine)
        return give_up(it, SIPWIRE_E_UNTYPED, err);
    if (err)
        err->status = SIPWIRE_END;
    return SIPWIRE_END;
}

/* A value of another shape than that asked for. A walk over all goes on behind its row. */
static sipwire_status refuse_shape(sipwire_iter *it, sipwire_error *err)
{
    if (it->over != OVER_ALL)
        return give_up(it, SIPWIRE_E_USAGE, err);
    uint16_t header = it->row->id;
    next_row(it);
    return reading_status(err, SIPWIRE_E_USAGE, header);
}

/* What read_usual left. */
static sipwire_status next_shaped(sipwire_iter *it, sipwire_shape shape, void *out, sipwire_error *err)
{
    sipwire_status status = SIPWIRE_END;
    while (status == SIPWIRE_END) {
        const struct row_type *type = it->type;
        if (type->machine && type->shape != shape)
            return refuse_shape(it, err);
        if (!it->row)
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
        if (!it->row)
            return end_of_walk(it, err);
        status = read_by_machine(it, &out->as, err);
    }
    return status;
}

sipwire_status sipwire_next_shaped(sipwire_iter *it, sipwire_shape shape, void *out, sipwire_error *err)
{
    const struct row_type *type = it->type;
    if (it->row && type->shape == shape && read_usual(it, out))
        return SIPWIRE_OK;
    return next_shaped(it, shape, out, err);
}

sipwire_status sipwire_next(sipwire_iter *it, sipwire_value *out, sipwire_error *err)
{
    out->shape = ((const struct row_type *)it->type)->shape;
    if (it->row && read_usual(it, &out->as))
        return SIPWIRE_OK;
    return next(it, out, err);
}
