/* Looking up the name that begins a line, together with what ends it: that of a header field with colon and blank, that
 * of a method with a blank. No length is compared, and the record gives what a row says of the field.
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

/* The slot of a name in a table. first: the 4 octets at the name as a little-endian number, of which 3 count, since
 * these are of the name or end within its ending; last: the 4 octets up to the one behind the name, which begin with CR
 * LF where the name is short. So its length is not looked at. */
#define LINE_NAME_SLOT(table, first, last)                                                                             \
    ((((first) | 0x202020u) * SIPWIRE_##table##_LINE_FIRST + ((last) | 0x20202020u) * SIPWIRE_##table##_LINE_LAST) >>  \
     SIPWIRE_##table##_LINE_SHIFT)

/* The name that a slot refers to. names: where they begin. */
static inline const sipwire_line_name *line_name_at(const void *names, uint32_t slot)
{
    return (const void *)((const uint8_t *)names +
                          slot); /* in octets: that spares the index two operations for each line */
}

#endif
