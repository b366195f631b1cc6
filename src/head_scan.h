/* From the octets of a head to the starts of its lines, in blocks of 64 octets; included once per SIMD level by those
 * who then read the lines.
 *
 * A block becomes two bitmaps: its LFs, and its octets outside 20 to 7E ("odd"). In an ordinary block the odd octets
 * are LFs and the octet right before each LF, and no line begins with one: four operations on 64-bit words tell. The
 * octets behind the LFs are the starts of lines; they are collected, and the lines then read one by one. Line by line
 * it is seen to that the octet before LF is CR, that blanks at a start continue the field, that the name is a token.
 * SPDX-License-Identifier: MIT */
#ifndef SIPWIRE_HEAD_SCAN_H
#define SIPWIRE_HEAD_SCAN_H

#include "head.h"
#include "octets.h"
#include "run.h"

/* A batch takes the lines of that many octets, which are 2 or more each, besides those left from the one before. */
enum { BATCH_OCTETS = 2048, MOST_LEFT = 64, BATCH = MOST_LEFT + BATCH_OCTETS / 2 + 2 };

typedef struct line_flags {
    uint32_t line;  /* of the batch */
    uint16_t flags; /* SIPWIRE_ROW_CONTROL, SIPWIRE_ROW_NONASCII */
} line_flags;

/* The starts of lines found and not yet read, and how far the octets were looked at. */
typedef struct line_batch {
    uint32_t base;       /* the next block */
    uint32_t count;      /* starts */
    uint64_t line_start; /* 1: the next block begins a line */
    uint64_t paired;     /* 1: it must begin with LF */
    uint32_t flagged;    /* lines in flags, in order */
    uint32_t starts[BATCH];
    line_flags flags[BATCH];
} line_batch;

typedef struct line_block {
    uint64_t line_feeds;
    uint64_t other;    /* octets outside 20 to 7E that are not LF */
    uint64_t lines;    /* starts of lines */
    uint64_t unpaired; /* LFs without, and other octets than LF with, one of `other` before them */
} line_block;

/* The block at base; where only the octets before stop exist, blanks stand for the others. copy: 64 octets. */
static inline const uint8_t *block_octets(const head_scan *s, uint32_t base, uint8_t *copy)
{
    uint32_t octets = s->stop - base;
    if (octets >= 64)
        return s->buf + base;
    memset(copy, ' ', 64);
    memcpy(copy, s->buf + base, octets);
    return copy;
}

/* The block at base, of which only the octets before stop exist. */
RUN_COLD run_block read_short_block(const head_scan *s, uint32_t base)
{
    const run_block_reader reader = run_block_begin();
    if (s->stop >= 64) {
        run_block block = run_read_block(s->buf + s->stop - 64, &reader);
        uint32_t before = 64 - (s->stop - base);
        return (run_block){block.line_feeds >> before, block.odd >> before};
    }
    uint8_t copy[64];
    return run_read_block(block_octets(s, base, copy), &reader);
}

static inline void flag_line(line_batch *batch, uint32_t line, uint16_t flags)
{
    if (batch->flagged == 0 || batch->flags[batch->flagged - 1].line != line)
        batch->flags[batch->flagged++] = (line_flags){line, 0};
    batch->flags[batch->flagged - 1].flags |= flags;
}

/* Notes which lines hold the octets of a block that are in flagged. count: lines in the batch before the block. */
static inline void flag_lines(line_batch *batch, uint32_t count, uint64_t lines, uint64_t flagged, uint64_t high)
{
    while (flagged != 0) {
        uint64_t upto = flagged ^ (flagged - 1), later = lines & ~upto;
        uint64_t line = later != 0 ? (later ^ (later - 1)) >> 1 : ~UINT64_C(0); /* and those before it */
        uint32_t number = count + run_count(lines & upto);
        unsigned flags =
            (flagged & line & high ? SIPWIRE_ROW_NONASCII : 0) | (flagged & line & ~high ? SIPWIRE_ROW_CONTROL : 0);
        if (number != 0) /* not in the start line */
            flag_line(batch, number - 1, (uint16_t)flags);
        flagged &= ~line;
    }
}

typedef struct odd_lines {
    uint64_t lines; /* of the head */
    head_scan_result result;
    bool end; /* no octet behind them is looked at */
} odd_lines;

/* A block out of the ordinary: the head ends in it, or values hold octets outside 20 to 7E. count: lines in the batch
 * before it. */
RUN_COLD odd_lines odd_block(const head_scan *s, line_batch *batch, uint32_t count, uint32_t base, line_block block)
{
    uint8_t copy[64];
    const uint8_t *p = block_octets(s, base, copy);
    uint64_t returns = run_equal64(p, '\r'), ends = block.lines & returns, before = ~UINT64_C(0);
    uint32_t octets = s->stop - base;
    odd_lines found = {block.lines, HEAD_SCAN_PART, ends != 0};
    if (ends != 0) {
        uint32_t at = base + run_lowest(ends) + 1;
        if (at < s->stop)
            found.result = s->buf[at] == '\n' ? HEAD_SCAN_DONE : HEAD_SCAN_ODD;
        before = (ends ^ (ends - 1)) >> 1;
        found.lines &= ends ^ (ends - 1);
    }
    /* the last octet is judged with the next block: LF may follow it */
    uint64_t judged = (UINT64_C(1) << (octets < 64 ? octets - 1 : 63)) - 1;
    uint64_t alone = block.other & ~(block.line_feeds >> 1) & before & judged;
    if (((block.unpaired & block.line_feeds & before) | (alone & returns)) != 0)
        found.result = HEAD_SCAN_ODD;
    if (block.unpaired & ~block.line_feeds & 1) {
        uint8_t octet = s->buf[base - 1];
        if (octet == '\r')
            found.result = HEAD_SCAN_ODD;
        if (count != 0)
            flag_line(batch, count - 1, octet_row_flags(octet));
    }
    flag_lines(batch, count, found.lines, alone & ~run_equal64(p, '\t'), run_high64(p));
    return found;
}

/* Adds the places of the bits to out; two are written whether there are any or not. Returns where the next ones go. */
RUN_INLINE uint32_t *collect(uint32_t *out, size_t block, uint64_t lines)
{
    const uint32_t base = (uint32_t)block;
    unsigned count = run_count(lines);
    out[0] = base + run_lowest_or_64(lines);
    lines &= lines - 1;
    out[1] = base + run_lowest_or_64(lines);
    if (RUN_UNLIKELY(count > 2)) {
        for (unsigned i = 2; i < count; i++) {
            lines &= lines - 1;
            out[i] = base + run_lowest(lines);
        }
    }
    return out + count;
}

static inline void batch_begin(line_batch *batch, uint32_t from)
{
    batch->base = from;
    batch->count = 0;
    batch->line_start = from != 0;
    batch->paired = 0;
    batch->flagged = 0;
}

/* Leaves the last lines, from line done on, in a batch. */
static inline void batch_shift(line_batch *batch, uint32_t done)
{
    uint32_t left = batch->count - done, kept = 0;
    memmove(batch->starts, batch->starts + done, left * sizeof batch->starts[0]);
    for (uint32_t i = 0; i < batch->flagged; i++)
        if (batch->flags[i].line >= done)
            batch->flags[kept++] = (line_flags){batch->flags[i].line - done, batch->flags[i].flags};
    batch->flagged = kept;
    batch->count = left;
}

/* Whether a block, which may be out of the ordinary, is so only in that the head ends in it; ends: its lines that begin
 * with one of `other`. */
RUN_INLINE bool ends_head(const head_scan *s, size_t base, const line_block *block, uint64_t ends)
{
    size_t at = base + run_lowest_or_64(ends);
    return ends != 0 && (block->unpaired & (ends ^ (ends - 1))) == 0 && at + 1 < s->stop && s->buf[at] == '\r' &&
           s->buf[at + 1] == '\n';
}

/* Fills a batch, with room for the lines of BATCH_OCTETS, from its base on. Returns HEAD_SCAN_DONE: the last of the
 * lines is the empty one; HEAD_SCAN_PART: there are octets behind base, or else there are none before stop;
 * HEAD_SCAN_ODD. */
RUN_INLINE head_scan_result collect_lines(const head_scan *s, line_batch *batch)
{
    const uint8_t *const buf = s->buf;
    const run_block_reader reader = run_block_begin();
    const size_t first = batch->base, room = s->stop - first,
                 stop = first + (room < BATCH_OCTETS ? room : BATCH_OCTETS);
    const size_t full = first + ((stop - first) & ~(size_t)63); /* the blocks before it have 64 octets */
    uint64_t line_start = batch->line_start, paired = batch->paired;
    uint32_t *out = batch->starts + batch->count;
    size_t base = first;
    head_scan_result result = HEAD_SCAN_PART;
    for (; base < full || base < stop; base += 64) {
        run_block octets =
            RUN_LIKELY(base < full) ? run_read_block(buf + base, &reader) : read_short_block(s, (uint32_t)base);
        HEAD_VISIT(base < full ? 64 : stop - base);
        line_block block = {.line_feeds = octets.line_feeds, .other = octets.odd ^ octets.line_feeds};
        block.lines = block.line_feeds << 1 | line_start;
        block.unpaired = (block.other << 1 | paired) ^ block.line_feeds;
        line_start = block.line_feeds >> 63;
        paired = block.other >> 63;
        uint64_t ends = block.lines & block.other;
        if (RUN_UNLIKELY((block.unpaired | ends) != 0)) {
            if (RUN_LIKELY(ends_head(s, base, &block, ends))) {
                out = collect(out, base, block.lines & (ends ^ (ends - 1)));
                result = HEAD_SCAN_DONE;
                break;
            }
            odd_lines found = odd_block(s, batch, (uint32_t)(out - batch->starts), (uint32_t)base, block);
            if (found.result == HEAD_SCAN_ODD)
                return HEAD_SCAN_ODD;
            block.lines = found.lines;
            if (found.end) {
                out = collect(out, base, block.lines);
                result = found.result;
                base = s->stop;
                break;
            }
        }
        out = collect(out, base, block.lines);
    }
    batch->base = (uint32_t)base;
    batch->count = (uint32_t)(out - batch->starts);
    batch->line_start = line_start;
    batch->paired = paired;
    return result;
}

#endif
