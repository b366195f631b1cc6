/* Options as a caller gives them, with the defaults filled in.
 * SPDX-License-Identifier: MIT */
#ifndef SIPWIRE_OPTIONS_H
#define SIPWIRE_OPTIONS_H

#include <sipwire/base.h>
#include <string.h>

/* As grammar/shapes unrolls comments. */
enum { HIGHEST_NESTING = 8 };

static inline uint32_t options_limit(uint32_t limit, uint32_t otherwise)
{
    return limit != 0 ? limit : otherwise;
}

/* A caller built against an older library has a shorter struct: what it lacks is 0. */
static inline sipwire_options options_resolve(const sipwire_options *given)
{
    sipwire_options o = SIPWIRE_OPTIONS_INIT;
    if (given)
        memcpy(&o, given, given->size < sizeof o ? given->size : sizeof o);
    o.size = sizeof o;
    o.max_message = options_limit(o.max_message, 16777216);
    o.max_head = options_limit(o.max_head, 262144);
    o.max_fields = options_limit(o.max_fields, 4096);
    o.max_field = options_limit(o.max_field, 131072);
    o.max_uri = options_limit(o.max_uri, 65536);
    o.max_params = options_limit(o.max_params, 16384);
    o.max_nesting = options_limit(o.max_nesting, HIGHEST_NESTING);
    if (o.max_nesting > HIGHEST_NESTING)
        o.max_nesting = HIGHEST_NESTING;
    o.max_leading = options_limit(o.max_leading, 64);
    return o;
}

#endif
