/* What kind of octet: token character, blank, control, outside ASCII (RFC 3261 section 25.1).
 * SPDX-License-Identifier: MIT */
#ifndef SIPWIRE_OCTETS_H
#define SIPWIRE_OCTETS_H

#include <sipwire/message.h>

enum { OCTET_TOKEN = 1, OCTET_BLANK = 2, OCTET_CONTROL = 4, OCTET_NONASCII = 8 };

extern const uint8_t sipwire_octet_kinds[256];

static inline bool octet_is_token(uint8_t octet)
{
    return sipwire_octet_kinds[octet] & OCTET_TOKEN;
}

/* SP or HTAB. */
static inline bool octet_is_blank(uint8_t octet)
{
    return sipwire_octet_kinds[octet] & OCTET_BLANK;
}

/* What LWS is made of: SP, HTAB, CR, LF. */
static inline bool octet_is_lws(uint8_t octet)
{
    return octet == ' ' || octet == '\t' || octet == '\r' || octet == '\n';
}

/* Whether two names are the same in any letter case (RFC 3261 section 7.3.1); only ASCII letters have two. */
bool sipwire_same_name(sipwire_str a, sipwire_str b);

/* 00 to 1F and 7F, without HTAB, CR and LF. */
static inline bool octet_is_control(uint8_t octet)
{
    return sipwire_octet_kinds[octet] & OCTET_CONTROL;
}

static inline const uint8_t *octets_skip_wsp(const uint8_t *p, const uint8_t *end)
{
    while (p < end && (*p == ' ' || *p == '\t'))
        p++;
    return p;
}

/* Whether a line ends here and goes on in the next one. */
static inline bool octets_fold(const uint8_t *p, const uint8_t *end)
{
    return end - p > 2 && p[0] == '\r' && p[1] == '\n' && octet_is_blank(p[2]);
}

/* SWS: blanks with at most one fold among them (RFC 3261 section 25.1). */
static inline const uint8_t *octets_skip_sws(const uint8_t *p, const uint8_t *end)
{
    p = octets_skip_wsp(p, end);
    if (octets_fold(p, end))
        p = octets_skip_wsp(p + 2, end);
    return p;
}

/* What an octet in a value adds to the flags of its row. */
static inline uint16_t octet_row_flags(uint8_t octet)
{
    unsigned kind = sipwire_octet_kinds[octet];
    return (uint16_t)((kind & OCTET_CONTROL ? SIPWIRE_ROW_CONTROL : 0) |
                      (kind & OCTET_NONASCII ? SIPWIRE_ROW_NONASCII : 0));
}

#endif
