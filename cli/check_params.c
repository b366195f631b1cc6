/* sipwire check: parameters that occur twice in a value or URI, where the library does not say so: it tells those that
 * have a rule of their own.
 * SPDX-License-Identifier: MIT */
#include "findings.h"

#include <stdlib.h>
#include <string.h>

static int lower(char letter)
{
    return letter >= 'A' && letter <= 'Z' ? letter + ('a' - 'A') : letter;
}

static int compare_names(const void *one, const void *other)
{
    const sipwire_str *a = one, *b = other;
    if (a->len != b->len)
        return a->len < b->len ? -1 : 1;
    for (size_t i = 0; i < a->len; i++) {
        int left = lower(a->ptr[i]), right = lower(b->ptr[i]);
        if (left != right)
            return left - right;
    }
    return 0;
}

/* Equal names stand in the order of the message. */
static int compare(const void *one, const void *other)
{
    const sipwire_str *a = one, *b = other;
    int difference = compare_names(a, b);
    return difference != 0 ? difference : a->ptr < b->ptr ? -1 : 1;
}

void check_params(struct findings *findings, const sipwire_params *params, const sipwire_origin *at)
{
    sipwire_param param;
    uint32_t cursor = 0, count = 0;
    if (params->count < 2)
        return;
    sipwire_str *names = must_alloc(params->count * sizeof *names);
    while (count < params->count && sipwire_param_next(params, &cursor, &param) == SIPWIRE_OK)
        names[count++] = param.name;
    qsort(names, count, sizeof *names, compare);
    for (uint32_t i = 1; i < count; i++) {
        sipwire_error err = {.status = SIPWIRE_E_DUPLICATE_PARAM,
                             .offset = (uint32_t)(names[i].ptr - findings->message->buf),
                             .header = at ? at->header : SIPWIRE_HEADER_UNKNOWN,
                             .row = at ? at->row : UINT32_MAX};
        if (compare_names(&names[i - 1], &names[i]) == 0)
            findings_add_error(findings, &err);
    }
    free(names);
}

void check_value_params(struct findings *findings, const sipwire_value *value)
{
    size_t count;
    const sipwire_member *members = sipwire_shape_members((sipwire_shape)value->shape, &count);
    const char *base = (const char *)&value->as;
    const sipwire_origin *at = (const void *)base;
    for (size_t i = 0; i < count; i++) {
        const void *member = base + members[i].offset;
        /* those of another name are parts of it, as in Accept */
        if (members[i].kind == SIPWIRE_KIND_PARAMS && strcmp(members[i].name, "params") == 0)
            check_params(findings, member, at);
        else if (members[i].kind == SIPWIRE_KIND_URI)
            check_params(findings, &((const sipwire_uri *)member)->params, at);
    }
}
