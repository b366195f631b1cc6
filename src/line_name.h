/* Looking up the name that begins a line, together with what ends it: that of a header field with colon and blank, that of
 * a method with a blank. No length is compared, and the record gives what a row says of the field.
 * SPDX-License-Identifier: MIT */
#ifndef SIPWIRE_LINE_NAME_H
#define SIPWIRE_LINE_NAME_H

#include <sipwire/message.h>

/* Octet x matches position i iff (x | letters[i]) == lower[i]; behind name and ending every octet does. The record of
 * no name matches nothing. */
typedef struct sipwire_line_name {
    _Alignas(64) uint8_t lower[32]; /* each record begins a cache line */
    uint8_t letters[32];
    uint64_t present[4]; /* what the name adds to sipwire_msg.present */
    sipwire_row row;     /* name_len, id and flags */
    uint32_t other;      /* not 0: names that this table cannot tell apart, or that are too long, may be here */
} sipwire_line_name;

/* Of the 4 octets at a name the first 3 count, which are all of it or end within its ending; of the 4 octets up to the one
 * behind the name all do, which begin within CR LF if not in the name: so no length is looked at. */
static inline uint32_t line_name_slot(uint32_t first, uint32_t last, uint64_t multiplier, unsigned shift)
{
    uint64_t key = (uint64_t)first << 40 | last | UINT64_C(0x2020202020202020);
    return (uint32_t)(key * multiplier >> shift);
}

/* The name at an offset that a slot gives: in octets, since that spares the index a multiplication for each line. */
static inline const sipwire_line_name *line_name_at(const sipwire_line_name *names, uint32_t offset)
{
    return (const void *)((const uint8_t *)names + offset);
}

#endif
