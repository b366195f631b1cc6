/* What the reader of values knows of the generated structs.
 * SPDX-License-Identifier: MIT */
#ifndef SIPWIRE_SHAPE_INFO_H
#define SIPWIRE_SHAPE_INFO_H

#include "machine.h"

struct shape_info {
    const char *name;
    size_t size;
    const sipwire_member *members;
    size_t member_count;
    void (*clear)(void *out); /* all absent */
};

extern const struct shape_info shape_infos[];
extern const uint16_t shape_count;

/* By header id: the grammar rule of one element, when it has a name of its own; else "". */
extern const char *const value_rules[];

#endif
