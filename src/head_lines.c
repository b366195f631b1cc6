/* The lines of a well-formed head, for the framer. Compiled once per SIMD level.
 * SPDX-License-Identifier: MIT */
#include "head.h"
#include "run.h"

#if SIPWIRE_LEVEL == 0

/* The plain reader is the one in head.c. */
head_scan_result sipwire_head_scan_lines_scalar(head_scan *s)
{
    (void)s;
    return HEAD_SCAN_ODD;
}

#else

#include "head_field.h"
#include "head_scan.h"

/* One bit per length that the name Content-Length has in its forms. */
#define LENGTHS(id, number, name, compact)                                                                             \
    | (number == SIPWIRE_HEADER_CONTENT_LENGTH                                                                         \
           ? UINT64_C(1) << ((sizeof(name) - 1) & 63) | UINT64_C(1) << ((sizeof(compact) - 1) & 63)                    \
           : 0)
static const uint64_t length_lengths = 0 SIPWIRE_HEADER_LIST(LENGTHS);

/* Any well-formed field. */
RUN_COLD bool read_rare_line(head_scan *s, uint32_t off, uint32_t next)
{
    const uint8_t *p = s->buf + off, *colon, *name_end = read_name(p, s->buf + next, &colon);
    if (!name_end)
        return false;
    if (name_find(&header_table, p, (size_t)(name_end - p))->id != SIPWIRE_HEADER_CONTENT_LENGTH)
        return true;
    const uint8_t *end = s->buf + next - 2;
    return read_length(s, skip_hcolon(colon + 1, end), end);
}

/* The ordinary field: not Content-Length, and a colon right behind a name of at most 31 octets. */
RUN_INLINE bool read_line(head_scan *s, uint32_t octets, uint32_t off, uint32_t next)
{
    const uint8_t *p = s->buf + off;
    if (RUN_UNLIKELY(octets - off < 32))
        return read_rare_line(s, off, next);
    unsigned len = run_text_outside(run_text32(p), &token_class);
    if (RUN_UNLIKELY(len - 1u > 30u || (length_lengths >> len & 1)) || RUN_UNLIKELY(p[len] != ':'))
        return read_rare_line(s, off, next);
    return true;
}

/* Passes the lines that continue the field before line `next`. Returns the line behind them, which is the batch's count
 * when that is not known yet; UINT32_MAX when one of them ends wrong. */
RUN_COLD uint32_t pass_folds(const uint8_t *buf, const line_batch *batch, uint32_t next)
{
    for (; next < batch->count && octet_is_blank(buf[batch->starts[next]]); next++)
        if (buf[batch->starts[next] - 2] != '\r')
            return UINT32_MAX;
    return next;
}

/* Reads the fields of a batch whose ends are known. Returns the number of the first line not read, or UINT32_MAX. */
RUN_INLINE uint32_t read_lines(head_scan *s, const line_batch *batch)
{
    const uint8_t *const buf = s->buf;
    const uint32_t octets = s->len, max_field = s->options->max_field;
    const uint32_t *start = batch->starts, *const last = start + batch->count - 1;
    if (batch->count - 1 > s->capacity - s->facts.fields) /* the other reader sees which lines continue fields */
        return UINT32_MAX;
    if (RUN_UNLIKELY(*last - *start > max_field) && any_longer(start, last, max_field))
        return UINT32_MAX;
    uint32_t continued = 0;
    for (; start < last; start++) {
        uint32_t off = start[0], next = start[1];
        if (RUN_UNLIKELY(buf[next] <= ' ') && octet_is_blank(buf[next])) {
            uint32_t line = (uint32_t)(start - batch->starts), behind = pass_folds(buf, batch, line + 1);
            if (behind == batch->count)
                break;
            if (behind == UINT32_MAX)
                return UINT32_MAX;
            next = batch->starts[behind];
            continued += behind - line - 1;
            start = batch->starts + behind - 1;
            if (buf[next - 2] != '\r' || next - off > max_field || !read_rare_line(s, off, next))
                return UINT32_MAX;
            continue;
        }
        if (RUN_UNLIKELY(buf[next - 2] != '\r') || RUN_UNLIKELY(!read_line(s, octets, off, next)))
            return UINT32_MAX;
    }
    uint32_t done = (uint32_t)(start - batch->starts);
    s->facts.fields += done - continued;
    return done;
}

head_scan_result SIPWIRE_LEVELED(head_scan_lines)(head_scan *s)
{
    line_batch batch;
    batch_begin(&batch, s->from);
    s->resume = s->from;
    for (;;) {
        head_scan_result result = collect_lines(s, &batch);
        bool last = result == HEAD_SCAN_DONE || batch.base >= s->stop;
        if (result == HEAD_SCAN_ODD)
            return result;
        if (last && batch.count != 0 && batch.starts[batch.count - 1] >= s->stop)
            batch.count--;
        if (batch.count != 0) {
            if (s->facts.start_line_len == 0 && !start_line_ends(s, batch.starts[0]))
                return HEAD_SCAN_ODD;
            uint32_t done = read_lines(s, &batch);
            if (done == UINT32_MAX)
                return HEAD_SCAN_ODD;
            s->resume = batch.starts[done];
            if (batch.count - done > MOST_LEFT && !last)
                return HEAD_SCAN_ODD;
            batch_shift(&batch, done);
        }
        if (result == HEAD_SCAN_DONE)
            s->facts.head_len = s->resume + 2;
        if (last)
            return result;
    }
}

#endif
