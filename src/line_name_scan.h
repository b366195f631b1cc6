/* Names that begin a line without a blank behind their colon. Included once per SIMD level.
 * SPDX-License-Identifier: MIT */
#ifndef SIPWIRE_LINE_NAME_SCAN_H
#define SIPWIRE_LINE_NAME_SCAN_H

#include "line_name.h"
#include "name_table.h"
#include "names_internal.h"
#include "run.h"

#if SIPWIRE_LEVEL != 0

/* The record in which the name of len octets at p would be, which are 1 to 30; in *known whether it is it and a colon
 * stands behind it. The table has names with a blank behind the colon: here any octet may stand there. text: the 32
 * octets at p. */
static inline const sipwire_line_name *line_name_without_blank(const uint8_t *p, run_text text, unsigned len,
                                                               bool *known)
{
    uint32_t first = name_load32(p);
    if (len == 1)
        first = (first & 0xFFFF) | (uint32_t)' ' << 16;
    uint32_t slot = LINE_NAME_SLOT(HEADER, first, name_load32(p + len - 3));
    const sipwire_line_name *name = line_name_at(&sipwire_header_lines, sipwire_header_lines.slots[slot]);
    uint32_t same = run_text_same(text, name->lower, name->letters) | UINT32_C(1) << (len + 1);
    *known = same == UINT32_MAX && name->row.name_len == len;
    return name;
}

#endif
#endif
