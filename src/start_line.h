/* The start line: Request-Line or Status-Line (RFC 3261 section 7.1, 7.2).
 * SPDX-License-Identifier: MIT */
#ifndef SIPWIRE_START_LINE_H
#define SIPWIRE_START_LINE_H

#include <sipwire/message.h>

/* Offsets are from the start of the line. */
typedef struct sipwire_start_line_parts {
    sipwire_kind kind;
    uint16_t method;
    uint16_t status;
    sipwire_span method_text;
    sipwire_span uri;
    sipwire_span version;
    sipwire_span reason;
} sipwire_start_line_parts;

/* [p, end): the line without its CRLF. Returns OK, E_START_LINE or E_RANGE; err->offset is from p. out is filled as far as
 * the line is right; kind is 0 unless all of it is, or on E_RANGE. */
sipwire_status sipwire_start_line(const uint8_t *p, const uint8_t *end, sipwire_start_line_parts *out,
                                  sipwire_error *err);

#endif
