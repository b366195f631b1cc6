/* The tolerant reading of a text by itself: the library runs it only where the strict one refuses, tests and fuzz
 * targets on what that accepts too, where it must find the same and use nothing.
 * SPDX-License-Identifier: MIT */
#ifndef SIPWIRE_TESTS_TOLERANTLY_H
#define SIPWIRE_TESTS_TOLERANTLY_H

#include "options.h"
#include "reading.h"

/* Reads the element at the start of text; used: how many tolerances it needed. */
static inline sipwire_status tolerantly_value(uint16_t header, sipwire_str text, bool first, sipwire_value *out,
                                              size_t *used)
{
    const sipwire_options options = options_resolve(NULL);
    struct tolerance t = {.accept = SIPWIRE_ACCEPT_ALL, .base = (const uint8_t *)text.ptr};
    struct reading r = {0};
    r.row = &machine_rows[header];
    r.base = r.at = (const uint8_t *)text.ptr;
    r.end = r.readable = r.at + text.len;
    r.options = &options;
    r.row_index = UINT32_MAX;
    r.header = header;
    r.first = first;
    out->shape = r.row->shape;
    sipwire_status status = tolerant_element(&r, &t, &out->as);
    *used = t.count;
    return status;
}

static inline sipwire_status tolerantly_uri(sipwire_str text, sipwire_uri *out, size_t *used)
{
    const sipwire_options options = options_resolve(NULL);
    struct tolerance t = {.accept = SIPWIRE_ACCEPT_ALL, .base = (const uint8_t *)text.ptr};
    struct machine m = {0};
    m.at = (const uint8_t *)text.ptr;
    m.end = m.at + text.len;
    m.max_uri = options.max_uri;
    m.max_params = options.max_params;
    sipwire_status status = tolerant_uri(&m, &t, out);
    *used = t.count;
    return status;
}

#endif
