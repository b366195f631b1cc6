/* Texts by themselves, behind which no octet stands that a straight path would stop at: paths read a copy of them.
 * SPDX-License-Identifier: MIT */
#ifndef SIPWIRE_ALONE_H
#define SIPWIRE_ALONE_H

#include "straight.h"

/* straight_value, of s only the end, row and options count. */
const uint8_t *alone_value(const surroundings *s, straight_function *path, const uint8_t *begin, void *out,
                           const uint8_t **behind);

/* The same for a URI that is the whole text; false: it is left to the machines. */
bool alone_uri(const surroundings *s, straight_function *path, const uint8_t *begin, const uint8_t *end,
               sipwire_uri *out);

#endif
