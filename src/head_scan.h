/* From the octets of a head to the starts of its lines, in blocks of 64 octets; included once per SIMD level by those who
 * then read the lines.
 *
 * A block becomes two bitmaps: its LFs, and its octets outside 20 to 7E ("odd"). In an ordinary block the odd octets are
 * LFs and the octet right before each LF, and no line begins with one: four operations on 64-bit words tell. The octets
 * behind the LFs are the starts of lines; they are collected, and the lines then read one by one. Line by line it is seen to
 * that the octet before LF is CR, that blanks at a start continue the field, that the name is a token.
 * SPDX-License-Identifier: MIT */
#ifndef SIPWIRE_HEAD_SCAN_H
#define SIPWIRE_HEAD_SCAN_H

#include "head.h"
#include "octets.h"
#include "run.h"

/* A batch takes the lines of that many octets, which are 2 or more each, besides those left from the one before. */
enum { BATCH_OCTETS = 2048, MOST_LEFT = 64, BATCH = MOST_LEFT + BATCH_OCTETS / 2 + 2 };

/* The starts of lines found and not yet read, and how far the octets were looked at. */
typedef struct line_batch {
    uint32_t base;       /* the next block */
    uint32_t count;      /* starts */
    uint64_t line_start; /* 1: the next block begins a line */
    uint64_t paired;     /* 1: it must begin with LF */
    bool flagged;        /* flags are set; else they are undefined, and all 0 */
    uint32_t starts[BATCH];
    uint8_t flags[BATCH]; /* SIPWIRE_ROW_CONTROL, SIPWIRE_ROW_NONASCII of each line */
} line_batch;

typedef struct line_block {
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

static inline void flag_line(line_batch *batch, uint32_t line, uint16_t flags)
{
    if (!batch->flagged)
        memset(batch->flags, 0, sizeof batch->flags);
    batch->flagged = true;
    batch->flags[line] |= (uint8_t)flags;
}

/* The first start of a line that is CR: the head ends there. 64 when there is none. */
static inline unsigned find_empty_line(const head_scan *s, uint32_t base, uint64_t candidates)
{
    for (; candidates != 0; candidates &= candidates - 1) {
        unsigned i = run_lowest(candidates);
        if (s->buf[base + i] == '\r')
            return i;
    }
    return 64;
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
    for (uint64_t rest = block.unpaired & before; rest != 0; rest &= rest - 1) {
        unsigned i = run_lowest(rest);
        if (base + i == s->stop) /* its pair may yet come */
            break;
        if (s->buf[base + i] == '\n') /* the octet before it may be before the buffer */
            return (odd_lines){0, HEAD_SCAN_ODD, true};
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

static inline void batch_begin(line_batch *batch, uint32_t from)
{
    batch->base = from;
    batch->count = 0;
    batch->line_start = from != 0;
    batch->paired = 0;
    batch->flagged = false;
}

/* Leaves the last lines, from line done on, in a batch. */
static inline void batch_shift(line_batch *batch, uint32_t done)
{
    uint32_t left = batch->count - done;
    memmove(batch->starts, batch->starts + done, left * sizeof batch->starts[0]);
    if (batch->flagged) {
        memmove(batch->flags, batch->flags + done, left);
        memset(batch->flags + left, 0, sizeof batch->flags - left);
    }
    batch->count = left;
}

/* Fills a batch, with room for the lines of BATCH_OCTETS, from its base on. Returns HEAD_SCAN_DONE: the last of the lines is
 * the empty one; HEAD_SCAN_PART: there are octets behind base, or else there are none before stop; HEAD_SCAN_ODD. */
RUN_INLINE head_scan_result collect_lines(const head_scan *s, line_batch *batch)
{
    const uint8_t *const buf = s->buf;
    const uint32_t first = batch->base, stop = s->stop - first <= BATCH_OCTETS ? s->stop : first + BATCH_OCTETS;
    uint64_t line_start = batch->line_start, paired = batch->paired;
    uint32_t count = batch->count, base = first;
    head_scan_result result = HEAD_SCAN_PART;
    for (; base < stop; base += 64) {
        line_block block;
        uint64_t odd, line_feeds;
        if (RUN_LIKELY(stop - base >= 64))
            run_block(buf + base, &line_feeds, &odd);
        else
            line_feeds = short_block(s, base, &odd);
        HEAD_VISIT(stop - base < 64 ? stop - base : 64);
        block.other = odd ^ line_feeds;
        block.lines = line_feeds << 1 | line_start;
        block.unpaired = (block.other << 1 | paired) ^ line_feeds;
        line_start = line_feeds >> 63;
        paired = block.other >> 63;
        uint64_t ends = block.lines & block.other;
        if (RUN_UNLIKELY((block.unpaired | ends) != 0)) {
            uint64_t upto = ends ^ (ends - 1);
            unsigned end = run_lowest_or_64(ends);
            if (RUN_LIKELY(ends != 0 && (block.unpaired & upto) == 0 && base + end + 1 < s->stop &&
                           buf[base + end] == '\r' && buf[base + end + 1] == '\n')) {
                batch->count = count + collect(batch->starts + count, base, block.lines & upto);
                return HEAD_SCAN_DONE;
            }
            odd_lines found = odd_block(s, batch, count, base, block);
            if (found.result == HEAD_SCAN_ODD)
                return HEAD_SCAN_ODD;
            count += collect(batch->starts + count, base, found.lines);
            if (found.end) {
                result = found.result;
                base = s->stop;
                break;
            }
        } else {
            count += collect(batch->starts + count, base, block.lines);
        }
    }
    batch->base = base;
    batch->count = count;
    batch->line_start = line_start;
    batch->paired = paired;
    return result;
}

#endif
