/* sipwire: where a message ends in a stream of octets (RFC 3261 sections 7.5 and 18.3).
 * SPDX-License-Identifier: MIT */
#ifndef SIPWIRE_FRAME_H
#define SIPWIRE_FRAME_H

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What sipwire_framer_scan found, in octets. */
typedef struct sipwire_frame {
    size_t skip;  /* CRLFs before the message: keep-alives of RFC 5626 section 3.5.1, to be dropped (or answered) */
    size_t head;  /* start line, header fields and the empty line; counted from the end of skip */
    size_t total; /* head and body; counted from the end of skip */
} sipwire_frame;

/* How many keep-alives the peer wants answered, each with one CRLF: its CRLF CRLFs (RFC 5626 section 3.5.1). A single
 * CRLF is its answer to ours. */
static inline size_t sipwire_frame_pings(const sipwire_frame *frame)
{
    return frame->skip / 4;
}

/* The state between two calls. The caller owns it; it holds no pointer, so it can be copied. Members are private. */
typedef struct sipwire_framer {
    sipwire_options options;
    uint64_t skip;
    uint64_t scanned;
    uint32_t state;
    uint32_t reserved0;
    uint64_t reader[10];
    uint64_t reserved1[4];
} sipwire_framer;

/* Makes a framer ready for the first message of a stream. options: limits (max_message, max_head, max_fields,
 * max_field); NULL for the defaults; copied. */
SIPWIRE_API void sipwire_framer_init(sipwire_framer *framer, const sipwire_options *options);

/* Looks for the end of the message at the start of buf (after any CRLFs).
 * buf, len: all octets received and not yet consumed. After MORE, call again with the same octets and further ones
 * behind them (the buffer may have moved); no octet is looked at twice, whatever the cuts.
 * out: filled on OK; on MORE, skip is the number of octets that may be dropped at once: a caller that drops them calls
 * sipwire_framer_init again first; head and total are 0 until the head is complete.
 * Returns OK: the message is buf[skip .. skip+total), the framer is ready for the next one, which begins at
 *             buf[skip+total].
 *         MORE: the message is not complete.
 *         E_LINE_END, E_CONTROL, E_FOLD, E_NAME, E_CONTENT_LENGTH, E_CONTENT_LENGTH_REPEATED, E_CONTENT_LENGTH_MISSING,
 *         E_LIMIT_*: the stream cannot be framed any further; answer and close. err->offset is from buf. The same
 *         framer must not be used again before sipwire_framer_init: it returns E_USAGE.
 * Whatever sipwire_parse accepts in mode SIPWIRE_STREAM is delimited exactly so. Linear in the octets, in all calls
 * together. */
SIPWIRE_API sipwire_status sipwire_framer_scan(sipwire_framer *framer, const char *buf, size_t len, sipwire_frame *out,
                                               sipwire_error *err);

#ifdef __cplusplus
}
#endif

#endif
