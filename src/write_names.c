/* That no parameter's name stands twice in a value (RFC 3261 sections 7.3.1, 19.1.1), where no rule of its own tells
 * it: two names have to be compared. That takes time that grows with the square of the count, so a writer compares the
 * first of them only.
 * SPDX-License-Identifier: MIT */
#include "octets.h"
#include "write_line.h"

bool write_name_is_new(struct write_names *names, sipwire_str name)
{
    if (names->count == WRITE_NAMES_COMPARED)
        return true;
    for (uint32_t i = 0; i < names->count; i++) {
        if (sipwire_same_name(names->list[i], name))
            return false;
    }
    names->list[names->count++] = name;
    return true;
}

const char *write_name_twice(const struct param_scope *scope, const sipwire_params *params)
{
    struct write_names names;
    sipwire_param param;
    uint32_t cursor = 0;
    names.count = 0;
    while (names.count < WRITE_NAMES_COMPARED && sipwire_param_next(params, &cursor, &param) == SIPWIRE_OK) {
        if ((!scope || scope->index[param.id] == 0) && !write_name_is_new(&names, param.name))
            return param.name.ptr;
    }
    return NULL;
}

bool write_name_stands(const struct param_scope *scope, const sipwire_params *params, sipwire_str name)
{
    sipwire_param param;
    uint32_t cursor = 0, count = 0;
    while (count < WRITE_NAMES_COMPARED && sipwire_param_next(params, &cursor, &param) == SIPWIRE_OK) {
        if (scope->index[param.id] != 0)
            continue;
        if (sipwire_same_name(name, param.name))
            return true;
        count++;
    }
    return false;
}
