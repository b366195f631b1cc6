/* UTF-8 (RFC 3629).
 * SPDX-License-Identifier: MIT */
#include "utf8.h"

/* The sequences by their first octet; low and high bound the second octet (RFC 3629 section 4). */
static const struct lead {
    uint8_t first, last, more, low, high;
} leads[] = {
    {0x00, 0x7F, 0, 0, 0},       {0xC2, 0xDF, 1, 0x80, 0xBF}, {0xE0, 0xE0, 2, 0xA0, 0xBF},
    {0xE1, 0xEC, 2, 0x80, 0xBF}, {0xED, 0xED, 2, 0x80, 0x9F}, {0xEE, 0xEF, 2, 0x80, 0xBF},
    {0xF0, 0xF0, 3, 0x90, 0xBF}, {0xF1, 0xF3, 3, 0x80, 0xBF}, {0xF4, 0xF4, 3, 0x80, 0x8F},
};

uint32_t utf8_next(const char *p, const char *end, size_t *octets)
{
    const uint8_t *at = (const uint8_t *)p;
    size_t room = (size_t)(end - p), i = 0;
    *octets = 1;
    while (i < sizeof leads / sizeof leads[0] && !(at[0] >= leads[i].first && at[0] <= leads[i].last))
        i++;
    if (i == sizeof leads / sizeof leads[0])
        return UINT32_MAX;
    uint8_t low = leads[i].low, high = leads[i].high, more = leads[i].more;
    uint32_t code = more ? at[0] & (0x3Fu >> more) : at[0];
    for (; *octets <= more; ++*octets) {
        if (*octets == room || at[*octets] < low || at[*octets] > high)
            return UINT32_MAX;
        code = code << 6 | (at[*octets] & 0x3Fu);
        low = 0x80;
        high = 0xBF;
    }
    return code;
}
