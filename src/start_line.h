/* The start line: Request-Line or Status-Line (RFC 3261 section 7.1, 7.2).
 * SPDX-License-Identifier: MIT */
#ifndef SIPWIRE_START_LINE_H
#define SIPWIRE_START_LINE_H

#include <sipwire/message.h>

/* [p, end): the line without its CRLF, where the message begins. Returns OK, E_START_LINE or E_RANGE; err->offset is
 * from p. msg: kind, method, status and the spans of the start line are set, those that are 0 before and not there stay
 * so; kind is 0 unless all of the line is right, or on E_RANGE. */
sipwire_status sipwire_start_line(const uint8_t *p, const uint8_t *end, sipwire_msg *msg, sipwire_error *err);

struct tolerance;

/* The same once more, tolerantly, after E_START_LINE; no offsets but those of deviations are from t->base. */
sipwire_status sipwire_start_line_tolerantly(const uint8_t *p, const uint8_t *end, sipwire_msg *msg,
                                             struct tolerance *t);

#endif
