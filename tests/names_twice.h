/* Whether a parameter stands twice in a value: what a reader leaves to whoever asks for it, and a writer refuses. Used
 * by tests and fuzz targets.
 * SPDX-License-Identifier: MIT */
#ifndef SIPWIRE_TESTS_NAMES_TWICE_H
#define SIPWIRE_TESTS_NAMES_TWICE_H

#include <sipwire/sipwire.h>

/* params: right. beyond: what is said of more than most. */
static inline bool names_twice(const sipwire_params *params, uint32_t most, bool beyond)
{
    sipwire_param param, found;
    uint32_t cursor = 0;
    if (params->count > most)
        return beyond;
    while (sipwire_param_next(params, &cursor, &param) == SIPWIRE_OK) {
        if (sipwire_param_find(params, param.name, &found) == SIPWIRE_E_DUPLICATE_PARAM)
            return true;
    }
    return false;
}

/* The same for the parameters of a value and of its URIs. */
static inline bool has_names_twice(const sipwire_value *value, uint32_t most, bool beyond)
{
    size_t count;
    const sipwire_member *members = sipwire_shape_members((sipwire_shape)value->shape, &count);
    for (size_t i = 0; i < count; i++) {
        const void *member = (const char *)&value->as + members[i].offset;
        if (members[i].kind == SIPWIRE_KIND_PARAMS && names_twice(member, most, beyond))
            return true;
        if (members[i].kind == SIPWIRE_KIND_URI && names_twice(&((const sipwire_uri *)member)->params, most, beyond))
            return true;
    }
    return false;
}

#endif
