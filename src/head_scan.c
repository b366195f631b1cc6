/* The head of a well-formed message, in blocks of 64 octets. Compiled once per SIMD level.
 *
 * A block becomes two bitmaps: its LFs, and its octets outside 20 to 7E ("odd"). In an ordinary block the odd octets are
 * LFs and the octet right before each LF, and no line begins with one: four operations on 64-bit words tell. The octets
 * behind the LFs are the starts of lines; they are collected, and the lines then read one by one. Line by line it is seen to
 * that the octet before LF is CR, that blanks at a start continue the field, that the name is a token.
 * SPDX-License-Identifier: MIT */
#include "head.h"
#include "names_internal.h"
#include "octets.h"
#include "run.h"

#if SIPWIRE_LEVEL == 0

/* The plain reader is the one in head.c. */
head_scan_result sipwire_head_scan_rows_scalar(head_scan *s)
{
    (void)s;
    return HEAD_SCAN_ODD;
}

head_scan_result sipwire_head_scan_lines_scalar(head_scan *s)
{
    (void)s;
    return HEAD_SCAN_ODD;
}

#else

enum { BATCH = 64 };

/* The starts of lines found and not yet read. A block adds 64 at most. */
typedef struct line_batch {
    uint32_t starts[BATCH + 64];
    bool flagged;              /* flags are set; else they are undefined, and all 0 */
    uint8_t flags[BATCH + 64]; /* SIPWIRE_ROW_CONTROL, SIPWIRE_ROW_NONASCII of each line */
} line_batch;

static const run_class token_class = {
    {26, 23, 22, 22, 22, 23, 22, 23, 22, 22, 21, 5, 4, 5, 69, 36},
    {0, 0, 1, 2, 4, 48, 12, 80, 0, 0, 0, 0, 0, 0, 0, 0},
    {UINT64_C(0x03FF6CA200000000), UINT64_C(0x47FFFFFF87FFFFFE), 0, 0},
};

static const sipwire_name_table header_table = {sipwire_header_slots, sipwire_header_spellings,
                                                SIPWIRE_HEADER_MULTIPLIER, SIPWIRE_HEADER_SHIFT};

typedef struct line_block {
    uint64_t line_feeds;
    uint64_t other;    /* octets outside 20 to 7E that are not LF */
    uint64_t lines;    /* starts of lines */
    uint64_t unpaired; /* LFs without, and other octets than LF with, one of `other` before them */
} line_block;

/* The block at base, of which only the octets before stop exist. Returns its LFs. */
RUN_COLD uint64_t short_block(const head_scan *s, uint32_t base, uint64_t *odd)
{
    uint32_t octets = s->stop - base;
    uint64_t line_feeds;
    if (s->stop >= 64) {
        run_block(s->buf + s->stop - 64, &line_feeds, odd);
        *odd >>= 64 - octets;
        return line_feeds >> (64 - octets);
    }
    uint8_t copy[64];
    memset(copy, ' ', sizeof copy);
    memcpy(copy, s->buf + base, octets);
    run_block(copy, &line_feeds, odd);
    return line_feeds;
}

static void flag_line(line_batch *batch, uint32_t line, uint16_t flags)
{
    if (!batch->flagged)
        memset(batch->flags, 0, sizeof batch->flags);
    batch->flagged = true;
    batch->flags[line] |= (uint8_t)flags;
}

typedef struct odd_lines {
    uint64_t lines; /* of the head */
    head_scan_result result;
    bool end; /* no octet behind them is looked at */
} odd_lines;

/* The first start of a line that is CR: the head ends there. 64 when there is none. */
static unsigned find_empty_line(const head_scan *s, uint32_t base, uint64_t candidates)
{
    for (; candidates != 0; candidates &= candidates - 1) {
        unsigned i = run_lowest(candidates);
        if (s->buf[base + i] == '\r')
            return i;
    }
    return 64;
}

/* A block out of the ordinary: most often the one where the head ends. count: lines in the batch before it. */
RUN_COLD odd_lines odd_block(const head_scan *s, line_batch *batch, uint32_t count, uint32_t base, line_block block)
{
    unsigned end = find_empty_line(s, base, block.lines & block.other);
    odd_lines found = {block.lines, HEAD_SCAN_PART, end < 64};
    uint64_t before = ~UINT64_C(0);
    if (end < 64) {
        uint32_t at = base + end + 1;
        if (at < s->stop)
            found.result = s->buf[at] == '\n' ? HEAD_SCAN_DONE : HEAD_SCAN_ODD;
        before = (UINT64_C(1) << end) - 1;
        found.lines &= before | UINT64_C(1) << end;
    }
    if (block.unpaired & before & block.line_feeds) /* the octet before may be before the buffer */
        return (odd_lines){0, HEAD_SCAN_ODD, true};
    for (uint64_t rest = block.unpaired & before; rest != 0; rest &= rest - 1) {
        unsigned i = run_lowest(rest);
        if (base + i == s->stop) /* its pair may yet come */
            break;
        uint8_t octet = s->buf[base + i - 1];
        if (octet == '\r')
            found.result = HEAD_SCAN_ODD;
        uint32_t lines = count + run_count(block.lines & ((UINT64_C(1) << i) - 1));
        if (lines != 0) /* not in the start line */
            flag_line(batch, lines - 1, octet_row_flags(octet));
    }
    return found;
}

/* Adds the places of the bits to out; two are written whether there are any or not. Returns how many there are. */
RUN_INLINE uint32_t collect(uint32_t *out, uint32_t base, uint64_t lines)
{
    uint32_t count = run_count(lines);
    out[0] = base + run_lowest_or_64(lines);
    lines &= lines - 1;
    out[1] = base + run_lowest_or_64(lines);
    if (RUN_UNLIKELY(count > 2)) {
        for (uint32_t i = 2; i < count; i++) {
            lines &= lines - 1;
            out[i] = base + run_lowest(lines);
        }
    }
    return count;
}

/* Behind the colon: blanks, at most one fold, blanks (HCOLON). In a well-formed field CR begins a fold. */
RUN_COLD const uint8_t *skip_hcolon(const uint8_t *p, const uint8_t *end)
{
    while (p < end && octet_is_blank(*p))
        p++;
    if (p == end || *p != '\r')
        return p;
    p += 3;
    while (p < end && octet_is_blank(*p))
        p++;
    return p;
}

/* The number of a Content-Length. false when it is no plain one, or too large, or the second: not for this reader. */
RUN_COLD bool read_length(head_scan *s, const uint8_t *p, const uint8_t *end)
{
    uint64_t number = 0;
    if (s->facts.content_length != HEAD_NO_LENGTH || p == end || end - p > 10)
        return false;
    s->facts.content_length_off = (uint32_t)(p - s->buf);
    for (; p < end; p++) {
        if (*p < '0' || *p > '9')
            return false;
        number = number * 10 + (*p - (uint32_t)'0');
    }
    s->facts.content_length = number;
    return number <= s->options->max_message;
}

/* The end of the name at p, which is a token; NULL when it is none, or too long, or no colon follows. */
static const uint8_t *read_name(const uint8_t *p, const uint8_t *next, const uint8_t **colon)
{
    const uint8_t *end = run_skip(p, next, &token_class);
    *colon = end;
    while (RUN_UNLIKELY(octet_is_blank(**colon))) /* CR, at the latest, ends this */
        ++*colon;
    return **colon == ':' && end != p && end - p <= UINT16_MAX ? end : NULL;
}

/* Any well-formed field, without haste. */
RUN_COLD bool read_rare_row(head_scan *s, uint32_t off, uint32_t next, uint32_t flags, sipwire_row *row)
{
    const uint8_t *name = s->buf + off, *end = s->buf + next - 2, *colon;
    const uint8_t *name_end = read_name(name, s->buf + next, &colon);
    if (!name_end)
        return false;
    const uint8_t *value = skip_hcolon(colon + 1, end);
    const sipwire_spelling *spelling = name_find(&header_table, name, (size_t)(name_end - name));
    flags |= spelling->flags | (colon != name_end ? SIPWIRE_ROW_BLANK : 0);
    *row = (sipwire_row){.name_off = off,
                         .value_off = (uint32_t)(value - s->buf),
                         .value_len = (uint32_t)(end - value),
                         .name_len = (uint16_t)(name_end - name),
                         .id = spelling->id,
                         .flags = (uint16_t)flags};
    if (spelling->id < 256)
        s->present[spelling->id >> 6] |= UINT64_C(1) << (spelling->id & 63);
    return spelling->id != SIPWIRE_HEADER_CONTENT_LENGTH || read_length(s, value, end);
}

/* The ordinary field: its name is in the table, then come a colon, one blank, and a value. */
RUN_INLINE bool read_row(head_scan *s, const uint8_t *buf, uint32_t octets, uint32_t off, uint32_t next, uint32_t flags,
                         sipwire_row *row)
{
    const uint8_t *p = buf + off;
    run_text text;
    if (RUN_LIKELY(octets - off >= 32))
        text = run_text32(p);
    else if (octets - off >= 16)
        text = run_text16(p);
    else
        return read_rare_row(s, off, next, flags, row);
    unsigned len = run_text_find(text, ':');
    if (RUN_UNLIKELY(len - 1u > 29u))
        return read_rare_row(s, off, next, flags, row);
    uint32_t first = run_low_octets(name_load32(p), len), last = name_load32(p + len - 4) & 0xFFFFFF00;
    const sipwire_spelling *spelling = &sipwire_header_spellings[sipwire_header_slots[name_hash(
        first, last, len, SIPWIRE_HEADER_MULTIPLIER, SIPWIRE_HEADER_SHIFT)]];
    if (RUN_UNLIKELY(!run_text_matches(text, spelling->lower, spelling->letters, len + 1))) {
        if (spelling->next != 0 || run_text_outside(text, &token_class) != len)
            return read_rare_row(s, off, next, flags, row);
        spelling = sipwire_header_spellings; /* a name that is not in the table */
    }
    if (RUN_UNLIKELY(p[len + 1] != ' ' || p[len + 2] <= ' '))
        return read_rare_row(s, off, next, flags, row);
    uint32_t id = spelling->id, value = off + len + 2;
    row->name_off = off;
    row->value_off = value;
    row->value_len = next - 2 - value;
    row->name_len = (uint16_t)len;
    row->id = (uint16_t)id;
    row->flags = (uint16_t)(flags | spelling->flags);
    row->reserved0 = 0;
    row->reserved1 = 0;
    if (SIPWIRE_HIGHEST_HEADER < 256 || id < 256)
        s->present[id >> 6] |= UINT64_C(1) << (id & 63);
    return RUN_LIKELY(id != SIPWIRE_HEADER_CONTENT_LENGTH) || read_length(s, buf + value, buf + next - 2);
}

/* One bit per length that the name Content-Length has in its forms. */
#define LENGTHS(id, number, name, compact)                                                                             \
    | (number == SIPWIRE_HEADER_CONTENT_LENGTH                                                                         \
           ? UINT64_C(1) << ((sizeof(name) - 1) & 63) | UINT64_C(1) << ((sizeof(compact) - 1) & 63)                    \
           : 0)
static const uint64_t length_lengths = 0 SIPWIRE_HEADER_LIST(LENGTHS);

/* Any well-formed field, for the framer. */
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

typedef struct fold_lines {
    uint32_t next; /* the line behind them; the batch's count when that is not known yet */
    uint32_t flags;
    bool bad;
} fold_lines;

/* Passes the lines that continue the field before line `next`. */
RUN_COLD fold_lines pass_folds(const uint8_t *buf, const line_batch *batch, uint32_t count, uint32_t next)
{
    fold_lines folds = {next, SIPWIRE_ROW_FOLDED, false};
    for (; folds.next < count && octet_is_blank(buf[batch->starts[folds.next]]); folds.next++) {
        folds.flags |= batch->flagged ? batch->flags[folds.next] : 0;
        folds.bad |= buf[batch->starts[folds.next] - 2] != '\r';
    }
    return folds;
}

RUN_COLD bool any_longer(const uint32_t *start, const uint32_t *last, uint32_t most)
{
    for (; start < last; start++)
        if (start[1] - start[0] > most)
            return true;
    return false;
}

/* Reads the fields of a batch whose ends are known. Returns the number of the first line not read, or UINT32_MAX. */
RUN_INLINE uint32_t read_fields(head_scan *s, const line_batch *batch, uint32_t count, bool rows, bool flagged)
{
    const uint8_t *const buf = s->buf;
    const uint32_t octets = s->len, max_field = s->options->max_field;
    const uint32_t *start = batch->starts, *const last = start + count - 1;
    if (count - 1 > s->capacity - s->facts.fields) /* the other reader sees which lines continue fields */
        return UINT32_MAX;
    if (RUN_UNLIKELY(*last - *start > max_field) && any_longer(start, last, max_field))
        return UINT32_MAX;
    sipwire_row *row = rows ? s->rows + s->facts.fields : NULL;
    uint32_t continued = 0;
    for (; start < last; start++) {
        uint32_t off = start[0], next = start[1], flags = flagged ? batch->flags[start - batch->starts] : 0;
        if (RUN_UNLIKELY(buf[next] <= ' ') && octet_is_blank(buf[next])) {
            fold_lines folds = pass_folds(buf, batch, count, (uint32_t)(start - batch->starts) + 1);
            if (folds.next == count && !folds.bad)
                break;
            next = batch->starts[folds.next];
            continued += (uint32_t)(batch->starts + folds.next - start) - 1;
            start = batch->starts + folds.next - 1;
            if (folds.bad || buf[next - 2] != '\r' || next - off > max_field)
                return UINT32_MAX;
            if (!(rows ? read_rare_row(s, off, next, flags | folds.flags, row++) : read_rare_line(s, off, next)))
                return UINT32_MAX;
            continue;
        }
        if (RUN_UNLIKELY(buf[next - 2] != '\r'))
            return UINT32_MAX;
        if (RUN_UNLIKELY(!(rows ? read_row(s, buf, octets, off, next, flags, row++) : read_line(s, octets, off, next))))
            return UINT32_MAX;
    }
    uint32_t done = (uint32_t)(start - batch->starts);
    s->facts.fields += done - continued;
    return done;
}

RUN_COLD uint32_t read_flagged_rows(head_scan *s, const line_batch *batch, uint32_t count)
{
    return read_fields(s, batch, count, true, true);
}

/* Looks at where the first line behind the start line begins. false: not for this reader. Short start lines are not
 * either, so that 4 octets before the end of any name can be loaded. */
static inline bool start_line_ends(head_scan *s, uint32_t len)
{
    s->facts.start_line_len = len;
    return len >= 8 && s->buf[len - 2] == '\r' && !octet_is_blank(s->buf[len]);
}

/* Makes room in a full batch. Returns the lines left in it, or UINT32_MAX. */
RUN_INLINE uint32_t flush(head_scan *s, line_batch *batch, uint32_t count, bool rows)
{
    if (s->facts.start_line_len == 0 && !start_line_ends(s, batch->starts[0]))
        return UINT32_MAX;
    uint32_t done = read_fields(s, batch, count, rows, rows && batch->flagged);
    if (done == UINT32_MAX || count - done >= BATCH)
        return UINT32_MAX;
    uint32_t left = count - done;
    memmove(batch->starts, batch->starts + done, left * sizeof batch->starts[0]);
    if (batch->flagged) {
        memmove(batch->flags, batch->flags + done, left);
        memset(batch->flags + left, 0, sizeof batch->flags - left);
    }
    return left;
}

RUN_COLD uint32_t flush_rows(head_scan *s, line_batch *batch, uint32_t count)
{
    return flush(s, batch, count, true);
}

RUN_COLD uint32_t flush_lines(head_scan *s, line_batch *batch, uint32_t count)
{
    return flush(s, batch, count, false);
}

/* The last batch. */
RUN_INLINE head_scan_result finish(head_scan *s, const line_batch *batch, uint32_t count, head_scan_result result,
                                   bool rows)
{
    if (count != 0 && batch->starts[count - 1] >= s->stop)
        count--;
    s->resume = s->from;
    if (count == 0)
        return HEAD_SCAN_PART;
    if (s->facts.start_line_len == 0 && !start_line_ends(s, batch->starts[0]))
        return HEAD_SCAN_ODD;
    uint32_t done = rows && RUN_UNLIKELY(batch->flagged) ? read_flagged_rows(s, batch, count)
                                                         : read_fields(s, batch, count, rows, false);
    if (done == UINT32_MAX)
        return HEAD_SCAN_ODD;
    s->resume = batch->starts[done];
    if (result == HEAD_SCAN_DONE)
        s->facts.head_len = s->resume + 2;
    return result;
}

RUN_INLINE head_scan_result scan(head_scan *s, bool rows)
{
    const uint8_t *const buf = s->buf;
    const uint32_t stop = s->stop;
    line_batch batch;
    head_scan_result result = HEAD_SCAN_PART;
    uint64_t line_start = s->from != 0, paired = 0;
    uint32_t count = 0;
    batch.flagged = false;
    for (uint32_t base = s->from; base < stop; base += 64) {
        line_block block;
        uint64_t odd;
        if (RUN_LIKELY(stop - base >= 64))
            run_block(buf + base, &block.line_feeds, &odd);
        else
            block.line_feeds = short_block(s, base, &odd);
        HEAD_VISIT(stop - base < 64 ? stop - base : 64);
        block.other = odd ^ block.line_feeds;
        block.lines = block.line_feeds << 1 | line_start;
        block.unpaired = (block.other << 1 | paired) ^ block.line_feeds;
        line_start = block.line_feeds >> 63;
        paired = block.other >> 63;
        if (RUN_UNLIKELY((block.unpaired | (block.lines & block.other)) != 0)) {
            odd_lines found = odd_block(s, &batch, count, base, block);
            if (found.result == HEAD_SCAN_ODD)
                return HEAD_SCAN_ODD;
            count += collect(batch.starts + count, base, found.lines);
            if (found.end) {
                result = found.result;
                break;
            }
        } else {
            count += collect(batch.starts + count, base, block.lines);
        }
        if (RUN_UNLIKELY(count >= BATCH) && stop - base > 64) {
            count = rows ? flush_rows(s, &batch, count) : flush_lines(s, &batch, count);
            if (count == UINT32_MAX)
                return HEAD_SCAN_ODD;
        }
    }
    return finish(s, &batch, count, result, rows);
}

head_scan_result SIPWIRE_LEVELED(sipwire_head_scan_rows)(head_scan *s)
{
    return scan(s, true);
}

head_scan_result SIPWIRE_LEVELED(sipwire_head_scan_lines)(head_scan *s)
{
    return scan(s, false);
}

#endif
