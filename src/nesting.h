/* How deep comments stand in comments (RFC 3261 section 25.1, comment).
 * SPDX-License-Identifier: MIT */
#ifndef SIPWIRE_NESTING_H
#define SIPWIRE_NESTING_H

#include "machine.h"

/* Whether values of the shape have comments. */
static inline bool shape_nests(uint16_t shape)
{
    return shape == SIPWIRE_SHAPE_SERVER || shape == SIPWIRE_SHAPE_RETRY_AFTER;
}

/* The first "(" of such a text, right as far as it goes, that stands in more than most comments less one, or NULL. */
static inline const uint8_t *nested_too_deep(const uint8_t *p, const uint8_t *end, uint32_t most)
{
    uint32_t depth = 0;
    for (; p < end; p++) {
        if (*p == '\\' && depth != 0)
            p++;
        else if (*p == '(' && depth++ == most)
            return p;
        else if (*p == ')' && depth != 0)
            depth--;
    }
    return NULL;
}

#endif
