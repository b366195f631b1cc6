/* Messages read with tolerances, for the tests of them.
 * SPDX-License-Identifier: MIT */
#ifndef SIPWIRE_TESTS_LENIENT_H
#define SIPWIRE_TESTS_LENIENT_H

#include "support.h"

#include <stdio.h>

enum { ROOM = 8 };

#define HEAD "OPTIONS sip:a@b SIP/2.0\r\n"
#define HEAD_LEN 25u

/* A message in an exact block, read with a set of tolerances. */
struct lenient {
    char *buf;
    size_t len;
    sipwire_row rows[16];
    sipwire_msg msg;
    sipwire_status status;
    sipwire_error err;
    sipwire_deviation list[ROOM];
    size_t count; /* deviations of the lines and of all rows */
};

static inline void read_octets(struct lenient *l, const char *text, size_t len, uint64_t accept, uint32_t mode)
{
    sipwire_options options = SIPWIRE_OPTIONS_INIT;
    options.accept = accept;
    options.mode = mode;
    memset(l, 0, sizeof *l);
    l->buf = block_of(text, len);
    l->len = len;
    sipwire_msg_init(&l->msg, l->rows, 16, &options);
    l->status = sipwire_parse(&l->msg, l->buf, len, &l->err);
}

/* Reads every value: the first error stays. */
static inline void read_values(struct lenient *l)
{
    sipwire_uri uri;
    sipwire_value value;
    if (l->status == SIPWIRE_OK && sipwire_request_uri(&l->msg, l->buf, &uri, &l->err) < 0)
        l->status = (sipwire_status)l->err.status;
    for (uint32_t i = 0; i < l->msg.count && l->status == SIPWIRE_OK; i++) {
        sipwire_iter it;
        sipwire_status status;
        sipwire_iter_begin_row(&it, &l->msg, l->buf, &l->msg.rows[i]);
        while ((status = sipwire_next(&it, &value, &l->err)) == SIPWIRE_OK)
            ;
        if (status < 0 && status != SIPWIRE_E_UNTYPED)
            l->status = status;
    }
}

static inline void list_deviations(struct lenient *l)
{
    l->count = sipwire_deviations(&l->msg, l->buf, NULL, l->list, ROOM);
    for (uint32_t i = 0; i < l->msg.count && l->count < ROOM; i++)
        l->count += sipwire_deviations(&l->msg, l->buf, &l->msg.rows[i], l->list + l->count, ROOM - l->count);
}

static inline void read_text(struct lenient *l, const char *text, size_t len, uint64_t accept)
{
    read_octets(l, text, len, accept, SIPWIRE_DATAGRAM);
    read_values(l);
    if (l->status == SIPWIRE_OK)
        list_deviations(l);
}

static inline void read_field(struct lenient *l, const char *field, uint64_t accept)
{
    char text[1024];
    int len = snprintf(text, sizeof text, HEAD "%s\r\n\r\n", field);
    assert_in_range(len, 0, (int)sizeof text - 1);
    read_text(l, text, (size_t)len, accept);
}

/* What must be refused with all tolerances together. */
static inline void assert_refused(const char *text, sipwire_status status, uint32_t offset)
{
    struct lenient l;
    read_text(&l, text, strlen(text), SIPWIRE_ACCEPT_ALL);
    if (l.status != status || l.err.offset != offset)
        fail_msg("%s at %u, not %s at %u: %s", sipwire_status_name(l.status), l.err.offset, sipwire_status_name(status),
                 offset, text);
    free(l.buf);
}

#endif
