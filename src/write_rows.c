/* Copying what a parsed message holds, the usual way: rows and start lines as they stand. What is judged is the copy:
 * of a row's id, lengths and flags none is trusted. Compiled once for each SIMD level; level scalar leaves all to
 * write_field.c.
 * SPDX-License-Identifier: MIT */
#include "classes.h"
#include "names_internal.h"
#include "write_put.h"

#if SIPWIRE_LEVEL == 0

bool SIPWIRE_LEVELED(put_rows)(sipwire_writer *w, const char *buf, const sipwire_row *rows, uint32_t count)
{
    (void)w;
    (void)buf;
    (void)rows;
    (void)count;
    return false;
}

bool SIPWIRE_LEVELED(put_start_line)(const sipwire_writer *w, sipwire_str line)
{
    (void)w;
    (void)line;
    return false;
}

#else

#include "line_name_scan.h"
#include "start_line_scan.h"

/* Rows that stand one behind the other in their message, and the copy of them all. */
struct stretch {
    const sipwire_row *rows;
    uint32_t count;
    uint8_t *copy;
    size_t len;      /* without the line end of the last one, which stands in the copy */
    size_t from, to; /* in the copy: the line of a Content-Length; to 0: there is none */
    size_t last;     /* where the last other line begins */
    uint16_t header; /* and which it is */
    uint64_t present[4];
};

/* More rows at once are rarely in the nearest cache. */
enum { MOST_OCTETS = 8192 };

/* The same for fewer octets than are looked at at once. */
RUN_COLD unsigned copy_few_counting(uint8_t *to, const uint8_t *text, size_t len)
{
    uint8_t few[64] = {0};
    memcpy(few, text, len);
    memcpy(to, few, sizeof few);
    return run_count(run_text_either(run_text32(few), '\r', '\n') |
                     (uint64_t)run_text_either(run_text32(few + 32), '\r', '\n') << 32);
}

/* Copies 64 octets; which of them are CR or LF. */
RUN_INLINE uint64_t copy_64(uint8_t *to, const uint8_t *text)
{
    run_text low = run_text32(text), high = run_text32(text + 32);
    run_text_store(to, low);
    run_text_store(to + 32, high);
    return run_text_either(low, '\r', '\n') | (uint64_t)run_text_either(high, '\r', '\n') << 32;
}

/* Copies a text to where 64 octets more have room; returns how many CRs and LFs it has. */
RUN_INLINE unsigned copy_counting(uint8_t *to, const uint8_t *text, size_t len)
{
    size_t at = 0;
    unsigned count = 0;
    if (RUN_UNLIKELY(len < 64))
        return copy_few_counting(to, text, len);
    for (; at < len - 64; at += 64)
        count += run_count(copy_64(to + at, text + at));
    return count + run_count(copy_64(to + len - 64, text + len - 64) >> (64 - (len - at)));
}

/* As name_at, for a name that is in no table or has no blank behind its colon. */
RUN_COLD const sipwire_line_name *other_name_at(const uint8_t *p, size_t len)
{
    bool known;
    if (len - 1 > 29 || p[len] != ':')
        return NULL;
    run_text text = run_text32(p);
    const sipwire_line_name *name = line_name_without_blank(p, text, (unsigned)len, &known);
    if (known)
        return name;
    return name->other || run_text_outside(text, &token_class) != len ? NULL : sipwire_header_lines.names;
}

/* The name of the table, or that of no name for one that is in no table, which begins at p, behind CR LF, with a colon
 * behind it; NULL for what is unusual. 32 octets can be loaded. */
RUN_INLINE const sipwire_line_name *name_at(const uint8_t *p, size_t len)
{
    run_text text = run_text32(p);
    uint32_t slot = LINE_NAME_SLOT(HEADER, name_load32(p), name_load32(p + len - 3));
    const sipwire_line_name *name = line_name_at(&sipwire_header_lines, sipwire_header_lines.slots[slot]);
    if (RUN_LIKELY(run_text_is(text, name->lower, name->letters)))
        return name->row.name_len == len ? name : NULL;
    return other_name_at(p, len);
}

/* Takes a row, whose line begins at `at`: its name and colon stand there in `text`, and it ends within. Returns where
 * its value ends, or 0. */
RUN_INLINE size_t take_row(struct stretch *s, const sipwire_row *row, size_t at, const uint8_t *text, run_bits *present)
{
    const size_t behind = (size_t)row->value_off + row->value_len - s->rows->name_off;
    if (behind > s->len || at + row->name_len + 2 > behind)
        return 0;
    const sipwire_line_name *name = name_at(text + at, row->name_len);
    if (RUN_UNLIKELY(!name) || (name->row.id == SIPWIRE_HEADER_CONTENT_LENGTH && s->to))
        return 0;
    *present = run_bits_or(*present, name->present);
    if (name->row.id == SIPWIRE_HEADER_CONTENT_LENGTH) {
        s->from = at;
        s->to = behind + 2;
    } else {
        s->last = at;
        s->header = name->row.id;
    }
    return behind;
}

/* Whether the rows say where lines of the text begin and end, one behind the other. The last one, which is a
 * Content-Length more often than not, is taken by itself, so that what is usual of each can be foretold; there 32
 * octets are in the copy only. */
RUN_INLINE bool rows_stand(struct stretch *s, const uint8_t *text)
{
    const sipwire_row *row = s->rows, *last = row + s->count - 1;
    run_bits present = run_bits_none();
    size_t at = 0;
    for (; row < last; row++) {
        size_t behind = take_row(s, row, at, RUN_LIKELY(s->len - at >= 32) ? text : s->copy, &present);
        at = behind + 2;
        if (RUN_UNLIKELY(!behind) || row[1].name_off - (size_t)s->rows->name_off != at || at > s->len ||
            memcmp(text + behind, "\r\n", 2) != 0)
            return false;
    }
    if (!take_row(s, row, at, s->copy, &present))
        return false;
    run_bits_store(present, s->present);
    return true;
}

/* How many CRs and LFs the folds have, of rows that stand and are said to be folded: if there are no others, but for
 * the ends of lines, each row is one line with its folds. */
RUN_COLD unsigned returns_of_folds(const struct stretch *s)
{
    unsigned folds = 0;
    for (const sipwire_row *row = s->rows; row < s->rows + s->count; row++) {
        const uint8_t *p = s->copy + (row->name_off - s->rows->name_off);
        const uint8_t *end = s->copy + (row->value_off + row->value_len - s->rows->name_off);
        while ((row->flags & SIPWIRE_ROW_FOLDED) && (p = memchr(p, '\r', (size_t)(end - p))) != NULL) {
            folds += octets_fold(p, end);
            p++;
        }
    }
    return 2 * folds;
}

/* Whether a field is among them that may occur once and was written otherwise. */
static inline bool any_twice(const uint64_t *present, const uint64_t *typed)
{
    uint64_t twice = 0;
    for (int i = 0; i < 4; i++)
        twice |= present[i] & typed[i] & write_single[i];
    return twice != 0;
}

/* Takes the line of a Content-Length out of the copy. */
RUN_COLD void leave_length_out(struct stretch *s)
{
    if (s->to < s->len)
        memmove(s->copy + s->from, s->copy + s->to, s->len - s->to);
    s->len -= s->to - s->from;
    s->last -= s->last > s->from ? s->to - s->from : 0;
    s->count--;
    s->present[SIPWIRE_HEADER_CONTENT_LENGTH >> 6] &= ~(UINT64_C(1) << (SIPWIRE_HEADER_CONTENT_LENGTH & 63));
}

bool SIPWIRE_LEVELED(put_rows)(sipwire_writer *w, const char *buf, const sipwire_row *rows, uint32_t count)
{
    const sipwire_options *limits = &w->options.limits;
    const sipwire_row *last = rows + count - 1;
    struct stretch s = {.rows = rows, .count = count, .copy = (uint8_t *)w->buf + w->len + 2};
    s.len = (size_t)last->value_off + last->value_len - rows->name_off; /* one that wraps around is too large */
    /* 3 octets before a name's end are looked at: before the first row stands a start line, or something as long */
    if (rows->name_off < 3 || s.len > limits->max_field - 2 || (count > 1 && s.len > MOST_OCTETS) ||
        !put_wide(w, w->len + 2 + s.len) || count > limits->max_fields - w->fields ||
        w->options.names != SIPWIRE_NAMES_LONG)
        return false;
    const uint8_t *text = (const uint8_t *)buf + rows->name_off;
    memcpy(s.copy - 2, "\r\n", 2);
    unsigned returns = copy_counting(s.copy, text, s.len), expected = 2 * (count - 1);
    if (!rows_stand(&s, text) || (returns != expected && returns != expected + returns_of_folds(&s)) ||
        any_twice(s.present, w->typed))
        return false;
    w->after = AFTER_NOTHING;
    if (s.to)
        leave_length_out(&s);
    if (s.count == 0)
        return true;
    for (int i = 0; i < 4; i++)
        w->copied[i] |= s.present[i];
    w->fields += s.count;
    w->line = w->len + 2 + s.last;
    w->len += 2 + s.len;
    w->header = s.header;
    return true;
}

bool SIPWIRE_LEVELED(put_start_line)(const sipwire_writer *w, sipwire_str line)
{
    if (!put_wide(w, line.len))
        return false;
    put_octets_to(w->buf, line.ptr, line.len);
    memcpy(w->buf + line.len, "\r\n", 2);
    sipwire_msg msg;
    head_scan s;
    msg.kind = 0;
    s.buf = (const uint8_t *)w->buf;
    s.len = (uint32_t)line.len + 64; /* what has room; the CR ends what is read */
    s.facts.start_line_len = (uint32_t)line.len + 2;
    scan_start_line(&s, &msg);
    return msg.kind != 0;
}

#endif
