/* The start lines that are common, without the machines: Method SP Request-URI SP "SIP/2.0", and "SIP/2.0" SP
 * Status-Code SP Reason-Phrase. They take only what the machines of the grammar take, with the same members; the octets
 * of each part are of a class that the grammar gives. Everything else is left to the machines.
 * SPDX-License-Identifier: MIT */
#ifndef SIPWIRE_START_LINE_SCAN_H
#define SIPWIRE_START_LINE_SCAN_H

#include "classes.h"
#include "head.h"
#include "names_internal.h"

enum { VERSION_LEN = 7 };

/* Whether all octets of [off, end) are of a class; the one at end is not. false too when that cannot be seen without
 * loads behind the octets. */
RUN_INLINE bool all_in_class(const head_scan *s, uint32_t off, uint32_t end, const run_class *c)
{
    for (; s->len - off >= 32; off += 32) {
        unsigned outside = run_text_outside(run_text32(s->buf + off), c);
        if (outside < 32)
            return off + outside == end;
    }
    return false;
}

RUN_INLINE void scan_request_line(const head_scan *s, sipwire_msg *msg)
{
    const uint8_t *p = s->buf;
    uint32_t end = s->facts.start_line_len - 2;
    run_text text = run_text32(p);
    unsigned len = run_text_find(text, ' ');
    if (len < 3 || end < len + 1 + 1 + 1 + VERSION_LEN || memcmp(p + end - 8, " SIP/2.0", 8) != 0)
        return;
    uint32_t slot = LINE_NAME_SLOT(METHOD, name_load32(p), name_load32(p + len - 3));
    const sipwire_line_name *name = line_name_at(&sipwire_method_lines, sipwire_method_lines.slots[slot]);
    uint32_t uri = len + 1, uri_end = end - VERSION_LEN - 1;
    if (!run_text_is(text, name->lower, name->letters) || !all_in_class(s, uri, uri_end, &request_uri_class))
        return;
    msg->kind = SIPWIRE_REQUEST;
    msg->method = name->row.id;
    msg->method_text.len = len;
    msg->uri = (sipwire_span){uri, uri_end - uri};
    msg->version = (sipwire_span){end - VERSION_LEN, VERSION_LEN};
}

RUN_INLINE void scan_status_line(const head_scan *s, sipwire_msg *msg)
{
    const uint8_t *p = s->buf + VERSION_LEN + 1;
    uint32_t end = s->facts.start_line_len - 2, reason = VERSION_LEN + 1 + 4;
    uint32_t hundreds = p[0] - (uint32_t)'0', tens = p[1] - (uint32_t)'0', ones = p[2] - (uint32_t)'0';
    if (end < reason || hundreds - 1 > 5 || tens > 9 || ones > 9 || p[3] != ' ' ||
        !all_in_class(s, reason, end, &reason_phrase_class))
        return;
    msg->kind = SIPWIRE_RESPONSE;
    msg->status = (uint16_t)(hundreds * 100 + tens * 10 + ones);
    msg->version.len = VERSION_LEN;
    msg->reason = (sipwire_span){reason, end - reason};
}

/* Sets kind and all members of the start line, which is known to end in CRLF; or nothing. Those that it does not set
 * are 0 already. */
RUN_INLINE void scan_start_line(const head_scan *s, sipwire_msg *msg)
{
    if (s->len < 33)
        return;
    if (memcmp(s->buf, "SIP/2.0 ", 8) == 0)
        scan_status_line(s, msg);
    else
        scan_request_line(s, msg);
}

#endif
