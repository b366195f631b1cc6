/* The rows and the start line of a well-formed head, for the index. Compiled once per SIMD level.
 * SPDX-License-Identifier: MIT */
#include "head.h"
#include "run.h"

#if SIPWIRE_LEVEL == 0

/* The plain reader is the one in head.c. */
bool sipwire_head_scan_rows_scalar(head_scan *s, sipwire_msg *msg)
{
    (void)s;
    (void)msg;
    return false;
}

#else

#include "head_field.h"
#include "head_scan.h"
#include "line_name_scan.h"
#include "start_line_scan.h"

/* Where reading rows is: the next line, NULL after what is not for this reader; and the next row. */
typedef struct row_place {
    const uint32_t *start;
    sipwire_row *row;
} row_place;

static const row_place not_for_this_reader = {NULL, NULL};

static void note_present(sipwire_msg *msg, uint32_t id)
{
    if (id < 256)
        msg->present[id >> 6] |= UINT64_C(1) << (id & 63);
}

/* Any well-formed field. */
RUN_COLD bool read_rare_row(head_scan *s, sipwire_msg *msg, uint32_t off, uint32_t next, sipwire_row *row)
{
    const uint8_t *name = s->buf + off, *end = s->buf + next - 2, *colon;
    const uint8_t *name_end = read_name(name, s->buf + next, &colon);
    if (!name_end)
        return false;
    const uint8_t *value = skip_hcolon(colon + 1, end);
    const sipwire_spelling *spelling = name_find(&header_table, name, (size_t)(name_end - name));
    *row = (sipwire_row){.name_off = off,
                         .value_off = (uint32_t)(value - s->buf),
                         .value_len = (uint32_t)(end - value),
                         .name_len = (uint16_t)(name_end - name),
                         .id = spelling->id,
                         .flags = (uint16_t)(spelling->flags | (colon != name_end ? SIPWIRE_ROW_BLANK : 0))};
    note_present(msg, spelling->id);
    return spelling->id != SIPWIRE_HEADER_CONTENT_LENGTH || read_length(s, value, end);
}

/* The line at start continues the field whose row is the one before `row`. If no value stood in the line before, it may
 * begin here: the row is read again, up to the last line that continues it. */
RUN_COLD row_place read_folded_row(head_scan *s, sipwire_msg *msg, row_place at, const uint32_t *last)
{
    sipwire_row *row = at.row - 1;
    bool again = row->flags & SIPWIRE_ROW_FOLDED; /* in the batch before: a name could be read very often */
    while (at.start < last && octet_is_blank(s->buf[*at.start]))
        if (s->buf[*++at.start - 2] != '\r')
            return not_for_this_reader;
    if (row->id == SIPWIRE_HEADER_CONTENT_LENGTH)
        s->facts.content_length = HEAD_NO_LENGTH;
    if (*at.start - row->name_off > s->options->max_field)
        return not_for_this_reader;
    if (row->value_len != 0 && row->id != SIPWIRE_HEADER_CONTENT_LENGTH)
        row->value_len = *at.start - 2 - row->value_off;
    else if (again || !read_rare_row(s, msg, row->name_off, *at.start, row))
        return not_for_this_reader;
    row->flags |= SIPWIRE_ROW_FOLDED;
    return at;
}

/* The length of the name at off, when it is a token that is in no table and ": " and a value stand behind it; else
 * 0. */
static inline uint32_t unknown_name(const head_scan *s, uint32_t off)
{
    const uint8_t *p = s->buf + off;
    if (s->len - off <= 32)
        return 0;
    unsigned len = run_text_outside(run_text32(p), &token_class);
    if (len - 1 > 29 || p[len] != ':' || p[len + 1] != ' ' || p[len + 2] <= ' ')
        return 0;
    uint32_t slot = LINE_NAME_SLOT(HEADER, name_load32(p), name_load32(p + len - 3));
    return line_name_at(&sipwire_header_lines, sipwire_header_lines.slots[slot])->other ? 0 : len;
}

/* The known name of a field in which a value stands right behind the colon; NULL for every other field. */
static inline const sipwire_line_name *name_without_blank(const head_scan *s, uint32_t off)
{
    const uint8_t *p = s->buf + off;
    if (s->len - off <= 32)
        return NULL;
    run_text text = run_text32(p);
    unsigned len = run_text_find(text, ':');
    if (len - 1 > 29 || p[len + 1] <= ' ')
        return NULL;
    bool known;
    const sipwire_line_name *name = line_name_without_blank(p, text, len, &known);
    return known ? name : NULL;
}

static bool read_row_without_blank(head_scan *s, sipwire_msg *msg, const uint32_t *start, const sipwire_line_name *name,
                                   sipwire_row *row)
{
    const uint8_t *end = s->buf + start[1] - 2;
    *row = name->row;
    row->name_off = start[0];
    row->value_off = start[0] + name->row.name_len + 1;
    row->value_len = start[1] - 2 - row->value_off;
    note_present(msg, row->id);
    return row->id != SIPWIRE_HEADER_CONTENT_LENGTH || read_length(s, s->buf + row->value_off, end);
}

/* A field whose line is not of the ordinary form: unknown name, no blank behind the colon, folded... */
RUN_COLD row_place read_other_row(head_scan *s, sipwire_msg *msg, row_place at, const uint32_t *last)
{
    uint32_t off = at.start[0], next = at.start[1];
    const sipwire_line_name *name = name_without_blank(s, off);
    uint32_t len = name ? 0 : unknown_name(s, off);
    if (name) {
        if (!read_row_without_blank(s, msg, at.start, name, at.row))
            return not_for_this_reader;
    } else if (len != 0) {
        *at.row = (sipwire_row){.name_off = off,
                                .value_off = off + len + 2,
                                .value_len = next - 2 - (off + len + 2),
                                .name_len = (uint16_t)len};
        msg->present[0] |= 1; /* SIPWIRE_HEADER_UNKNOWN */
    } else if (octet_is_blank(s->buf[off])) {
        return read_folded_row(s, msg, at, last);
    } else if (!read_rare_row(s, msg, off, next, at.row)) {
        return not_for_this_reader;
    }
    return (row_place){at.start + 1, at.row + 1};
}

/* Reads the fields of a batch, of which each ends where the next one begins. Returns the row behind them; NULL: it is
 * not for this reader. */
RUN_COLD sipwire_row *read_rows(head_scan *s, sipwire_msg *msg, const line_batch *batch, sipwire_row *row)
{
    const uint8_t *const buf = s->buf;
    const uint32_t *start = batch->starts, *const last = start + batch->count - 1;
    const size_t octets = s->len, roomy = octets > 32 ? octets - 32 : 0; /* before it 33 octets can be loaded */
    const struct sipwire_header_lines *lines = &sipwire_header_lines;
    RUN_KEEP(lines);
    run_bits present = run_bits_none();
    while (start < last) {
        size_t off = start[0], next = start[1];
        const uint8_t *p = buf + off;
        if (RUN_UNLIKELY(buf[next - 2] != '\r'))
            return NULL;
        run_text text;
        if (RUN_LIKELY(off < roomy))
            text = run_text32(p);
        else if (octets - off > 16)
            text = run_text16(p, ':');
        else
            goto other;
        unsigned len = run_text_find(text, ':');
        uint32_t slot = LINE_NAME_SLOT(HEADER, name_load32(p), name_load32(p + len - 3));
        const sipwire_line_name *name = line_name_at(lines, lines->slots[slot]);
        if (RUN_UNLIKELY(!run_text_is(text, name->lower, name->letters)) || RUN_UNLIKELY(p[len + 2] <= ' '))
            goto other;
        size_t value = off + len + 2;
        memcpy((uint8_t *)row + offsetof(sipwire_row, value_len),
               (const uint8_t *)&name->row + offsetof(sipwire_row, value_len), 16);
        row->name_off = (uint32_t)off;
        row->value_off = (uint32_t)value;
        row->value_len = (uint32_t)(next - 2 - value);
        present = run_bits_or(present, name->present);
        start++;
        row++;
        if (RUN_UNLIKELY(name->row.id == SIPWIRE_HEADER_CONTENT_LENGTH) && !read_length(s, buf + value, buf + next - 2))
            return NULL;
        continue;
    other:;
        row_place at = read_other_row(s, msg, (row_place){start, row}, last);
        if (!at.start)
            return NULL;
        start = at.start;
        row = at.row;
    }
    run_bits_store(run_bits_or(present, msg->present), msg->present);
    return row;
}

/* Gives the rows from `row` to before `end` the flags of a batch's lines. */
RUN_COLD void flag_rows(const line_batch *batch, sipwire_row *row, const sipwire_row *end)
{
    for (uint32_t i = 0; i < batch->flagged; i++) {
        const line_flags *f = &batch->flags[i];
        if (f->line + 1 >= batch->count)
            break;
        while (row + 1 < end && row[1].name_off <= batch->starts[f->line])
            row++;
        row->flags |= f->flags;
    }
}

bool SIPWIRE_LEVELED(head_scan_rows)(head_scan *s, sipwire_msg *msg)
{
    line_batch batch;
    batch_begin(&batch, 0);
    sipwire_row *row = msg->rows;
    for (;;) {
        head_scan_result result = collect_lines(s, &batch);
        if (result == HEAD_SCAN_ODD || (result == HEAD_SCAN_PART && batch.base >= s->stop) || batch.count == 0)
            return false;
        uint32_t fields = batch.count - 1;
        if (s->facts.start_line_len == 0 && !start_line_ends(s, batch.starts[0]))
            return false;
        if (fields > s->capacity - (uint32_t)(row - msg->rows)) /* the other reader sees which lines continue fields */
            return false;
        uint32_t max_field = s->options->max_field;
        if (RUN_UNLIKELY(batch.starts[fields] - batch.starts[0] > max_field) &&
            any_longer(batch.starts, batch.starts + fields, max_field))
            return false;
        sipwire_row *first = row;
        row = read_rows(s, msg, &batch, row);
        if (!row)
            return false;
        if (RUN_UNLIKELY(batch.flagged != 0))
            flag_rows(&batch, first == msg->rows ? first : first - 1, row);
        if (result == HEAD_SCAN_DONE)
            break;
        batch_shift(&batch, fields);
    }
    s->facts.head_len = batch.starts[batch.count - 1] + 2;
    s->facts.fields = msg->count = (uint32_t)(row - msg->rows);
    scan_start_line(s, msg);
    return true;
}

#endif
