/* Walks over values: of a field, of a row, of a whole message.
 * SPDX-License-Identifier: MIT */
#include "hints.h"
#include "reading.h"

enum { OVER_FIELD, OVER_ROW, OVER_ALL };

RUN_INLINE void begin(sipwire_iter *it, const sipwire_msg *msg, const char *buf, uint16_t header)
{
    static straight_function *const none[SIPWIRE_HIGHEST_HEADER + 1];
    const struct straight_set *set = straight_set_current();
    buf = reading_buffer(buf);
    it->around.wide = straight_wide(reading_readable(msg, buf));
    it->around.options = &msg->options;
    it->rows_end = msg->rows + msg->count;
    it->paths =
        set && msg->start_line_len != 0 ? set->rows : none; /* sipwire_msg_of_value: nothing stands behind the row */
    it->msg = msg;
    it->buf = buf;
    it->header = header;
}

RUN_INLINE void stand_at(sipwire_iter *it, const sipwire_row *row, uint32_t number)
{
    it->row = row;
    it->number = number;
    it->around.row = &machine_rows[row->id];
    it->at = (const uint8_t *)it->buf + row->value_off;
    it->around.end = it->at + row->value_len;
}

/* At the end of the walk. */
RUN_INLINE void stand_nowhere(sipwire_iter *it)
{
    it->row = NULL;
}

/* The row is NULL, or of the field. */
RUN_INLINE void stand_at_one(sipwire_iter *it, const sipwire_row *row)
{
    if (row)
        stand_at(it, row, (uint32_t)(row - it->msg->rows));
    else
        stand_nowhere(it);
}

/* The row may be behind the last one, or of a field without type. */
RUN_INLINE void stand_at_any(sipwire_iter *it, const sipwire_row *row, uint32_t number)
{
    if (row != it->rows_end)
        stand_at(it, row, number);
    else
        stand_nowhere(it);
}

void sipwire_iter_begin(sipwire_iter *it, const sipwire_msg *msg, const char *buf, uint16_t header)
{
    begin(it, msg, buf, header);
    it->over = OVER_FIELD;
    stand_at_one(it, reading_row(header)->machine ? sipwire_find(msg, header) : NULL);
}

void sipwire_iter_begin_row(sipwire_iter *it, const sipwire_msg *msg, const char *buf, const sipwire_row *row)
{
    begin(it, msg, buf, row->id);
    it->over = OVER_ROW;
    stand_at_one(it, reading_row(row->id)->machine ? row : NULL);
}

void sipwire_iter_begin_all(sipwire_iter *it, const sipwire_msg *msg, const char *buf)
{
    begin(it, msg, buf, SIPWIRE_HEADER_UNKNOWN);
    it->over = OVER_ALL;
    if (msg->count != 0 && msg->rows->id > SIPWIRE_HIGHEST_HEADER) /* sipwire_msg_of_value was told so */
        it->rows_end = msg->rows;
    stand_at_any(it, msg->rows, 0);
}

RUN_INLINE void next_row(sipwire_iter *it)
{
    if (it->over == OVER_ALL)
        stand_at_any(it, it->row + 1, it->number + 1);
    else
        stand_at_one(it, it->over == OVER_FIELD ? sipwire_find_next(it->msg, it->row) : NULL);
}

/* Reads a value by its path, if it is as usual. Behind a row stands the end of its line, and before its first value no
 * blank. */
RUN_INLINE bool read_usual(sipwire_iter *it, void *out)
{
    straight_function *path = ((straight_function *const *)it->paths)[it->row->id];
    if (RUN_UNLIKELY(!path)) /* a value by itself has none: nothing may be loaded behind it */
        return false;
    const uint8_t *at = it->at;
    at += *at == ' ';
    const uint8_t *behind, *p = straight_value(&it->around, path, at, out, &behind);
    if (RUN_UNLIKELY(!p))
        return false;
    place_value(out, it->number, it->row->id, (uint32_t)(at - (const uint8_t *)it->buf), (uint32_t)(p - at));
    it->at = behind + 1;
    if (behind == it->around.end)
        next_row(it);
    return true;
}

/* The same for a value that is not the first of its row, with more than a blank before it. */
static bool read_usual_behind_blanks(sipwire_iter *it, void *out)
{
    const uint8_t *at = it->at;
    if (at == (const uint8_t *)it->buf + it->row->value_off) /* what stands before the first one is skipped already */
        return false;
    it->at = octets_skip_sws(at, it->around.end);
    if (it->at != at && read_usual(it, out))
        return true;
    it->at = at;
    return false;
}

/* What is left of a row. END: there is no value in it. */
static sipwire_status read_unusual(sipwire_iter *it, void *out, sipwire_error *err)
{
    if (read_usual_behind_blanks(it, out))
        return SIPWIRE_OK;
    const struct row_type *type = reading_row(it->row->id);
    struct reading r = reading_of(it->msg, it->buf, it->row, type);
    bool may_be_empty = type->cardinality == ROW_LIST && type->may_be_empty;
    sipwire_status status = SIPWIRE_END;
    r.first = r.at == it->at;
    r.at = it->at;
    if (type->machine && (!r.first || r.at != r.end || !may_be_empty))
        status = reading_by_machine(&r, out, err);
    it->at = r.at;
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
    if (it->over != OVER_ALL && !reading_row(it->header)->machine)
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
RUN_COLD sipwire_status next_shaped(sipwire_iter *it, sipwire_shape shape, void *out, sipwire_error *err)
{
    sipwire_status status = SIPWIRE_END;
    while (status == SIPWIRE_END) {
        const struct row_type *type = reading_row(it->row ? it->row->id : it->header);
        if (type->machine && type->shape != shape)
            return refuse_shape(it, err);
        if (!it->row)
            return end_of_walk(it, err);
        status = read_unusual(it, out, err);
    }
    return status;
}

RUN_COLD sipwire_status next(sipwire_iter *it, sipwire_value *out, sipwire_error *err)
{
    sipwire_status status = SIPWIRE_END;
    while (status == SIPWIRE_END) {
        out->shape = reading_row(it->row ? it->row->id : it->header)->shape;
        if (!it->row)
            return end_of_walk(it, err);
        status = read_unusual(it, &out->as, err);
    }
    return status;
}

sipwire_status sipwire_next_shaped(sipwire_iter *it, sipwire_shape shape, void *out, sipwire_error *err)
{
    if (it->row && straight_type(&it->around)->shape == shape && read_usual(it, out))
        return SIPWIRE_OK;
    return next_shaped(it, shape, out, err);
}

sipwire_status sipwire_next(sipwire_iter *it, sipwire_value *out, sipwire_error *err)
{
    if (it->row) {
        out->shape = straight_type(&it->around)->shape;
        if (read_usual(it, &out->as))
            return SIPWIRE_OK;
    }
    return next(it, out, err);
}
