/* A response being written, and what has become of it.
 * SPDX-License-Identifier: MIT */
#ifndef SIPWIRE_TESTS_WRITTEN_H
#define SIPWIRE_TESTS_WRITTEN_H

#include "support.h"

static char written[1 << 14];

static inline sipwire_writer begun(void)
{
    sipwire_writer w;
    sipwire_writer_init(&w, written, sizeof written, NULL);
    assert_status(sipwire_write_response(&w, 200, (sipwire_str){0}), OK);
    return w;
}

/* Ends it; what is between the start line and Content-Length must be these octets, without their last line end. */
static inline void ends_with(sipwire_writer *w, const char *fields, size_t len)
{
    static const char start[] = "SIP/2.0 200 OK\r\n", end[] = "\r\nContent-Length: 0\r\n\r\n";
    size_t needed = 0, first = sizeof start - 1;
    assert_status(sipwire_write_end(w, (sipwire_str){0}, &needed, NULL), OK);
    if (needed != first + len + sizeof end - 1 || memcmp(written + first, fields, len) != 0)
        print_error("%.*s", (int)needed, written);
    assert_int_equal(needed, first + len + sizeof end - 1);
    assert_memory_equal(written + first, fields, len);
    assert_memory_equal(written + first + len, end, sizeof end - 1);
}

#define ENDS_WITH(w, field) ends_with((w), (field), sizeof(field) - 1)

#endif
