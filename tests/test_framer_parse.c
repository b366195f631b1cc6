/* Framing and indexing in one call gives what the two calls give, wherever the stream is cut.
 * SPDX-License-Identifier: MIT */
#include "wire_support.h"

#include "messages.h"

#include <sipwire/sipwire.h>

enum { ROWS = 32, SAMPLES = sizeof sample_messages / sizeof sample_messages[0] };

struct result {
    sipwire_status status;
    sipwire_frame frame;
    sipwire_error err;
    sipwire_msg msg;
    sipwire_row rows[ROWS];
};

static void prepare(struct result *r)
{
    sipwire_options options = SIPWIRE_OPTIONS_INIT;
    options.mode = SIPWIRE_STREAM;
    memset(r, 0, sizeof *r);
    sipwire_msg_init(&r->msg, r->rows, ROWS, &options);
}

static void in_two_calls(sipwire_framer *f, const char *buf, size_t len, struct result *r)
{
    prepare(r);
    r->status = sipwire_framer_scan(f, buf, len, &r->frame, &r->err);
    if (r->status != SIPWIRE_OK)
        return;
    r->status = sipwire_parse(&r->msg, buf + r->frame.skip, r->frame.total, &r->err);
    if (r->status < 0)
        r->err.offset += (uint32_t)r->frame.skip;
}

static void in_one_call(sipwire_framer *f, const char *buf, size_t len, struct result *r)
{
    prepare(r);
    r->status = sipwire_framer_parse(f, &r->msg, buf, len, &r->frame, &r->err);
}

static void assert_same(const struct result *a, const struct result *b)
{
    assert_int_equal(a->status, b->status);
    assert_memory_equal(&a->frame, &b->frame, sizeof a->frame);
    if (a->status == SIPWIRE_MORE)
        return;
    if (a->status < 0)
        assert_memory_equal(&a->err, &b->err, sizeof a->err);
    if (a->frame.total == 0)
        return;
    assert_int_equal(a->msg.count, b->msg.count);
    assert_memory_equal(a->rows, b->rows, a->msg.count * sizeof a->rows[0]);
    assert_int_equal(a->msg.kind, b->msg.kind);
    assert_memory_equal(&a->msg.body, &b->msg.body, sizeof a->msg.body);
    assert_memory_equal(a->msg.present, b->msg.present, sizeof a->msg.present);
}

/* The same stream, first cut at one place, then whole. */
static void compare(const char *stream, size_t len, size_t cut)
{
    struct result two, one;
    sipwire_framer f, g;
    sipwire_framer_init(&f, NULL);
    sipwire_framer_init(&g, NULL);
    char *part = malloc(cut + 1);
    memcpy(part, stream, cut);
    in_two_calls(&f, part, cut, &two);
    in_one_call(&g, part, cut, &one);
    assert_same(&two, &one);
    free(part);
    if (two.status != SIPWIRE_MORE)
        return;
    in_two_calls(&f, stream, len, &two);
    in_one_call(&g, stream, len, &one);
    assert_same(&two, &one);
}

static void framer_parse_samples_cut_everywhere_is_scan_and_parse(void **state)
{
    (void)state;
    for (size_t i = 0; i < SAMPLES; i++) {
        char stream[4096];
        int len = snprintf(stream, sizeof stream, "\r\n\r\n%s%s", sample_messages[i], sample_messages[1]);
        for (int cut = 0; cut <= len; cut++)
            compare(stream, (size_t)len, (size_t)cut);
    }
}

static void framer_parse_malformed_samples_is_scan_and_parse(void **state)
{
    (void)state;
    static const char octets[] = "\r\n :,\t\0X0\x80";
    for (size_t i = 0; i < SAMPLES; i++) {
        size_t len = strlen(sample_messages[i]);
        char *stream = malloc(len);
        for (size_t at = 0; at < len; at++) {
            for (size_t o = 0; o < sizeof octets - 1; o++) {
                memcpy(stream, sample_messages[i], len);
                stream[at] = octets[o];
                compare(stream, len, len);
            }
        }
        free(stream);
    }
}

static void framer_parse_bad_start_line_tells_where_the_stream_goes_on(void **state)
{
    (void)state;
    static const char stream[] = "\r\nnonsense\r\nl: 2\r\n\r\nhiBYE";
    struct result r;
    sipwire_framer f;
    sipwire_framer_init(&f, NULL);
    in_one_call(&f, stream, sizeof stream - 1, &r);
    assert_int_equal(r.status, SIPWIRE_E_START_LINE);
    assert_int_equal(r.err.offset, 10);
    assert_int_equal(r.frame.skip, 2);
    assert_int_equal(r.frame.total, 20);
}

static void framer_parse_datagram_options_is_misuse(void **state)
{
    (void)state;
    struct result r;
    sipwire_framer f;
    sipwire_framer_init(&f, NULL);
    prepare(&r);
    r.msg.options.mode = SIPWIRE_DATAGRAM;
    assert_int_equal(sipwire_framer_parse(&f, &r.msg, "x", 1, &r.frame, &r.err), SIPWIRE_E_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(framer_parse_samples_cut_everywhere_is_scan_and_parse),
        cmocka_unit_test(framer_parse_malformed_samples_is_scan_and_parse),
        cmocka_unit_test(framer_parse_bad_start_line_tells_where_the_stream_goes_on),
        cmocka_unit_test(framer_parse_datagram_options_is_misuse),
    };
    int failed = 0;
    for (int level = SIPWIRE_LEVEL_SCALAR; level <= SIPWIRE_LEVEL_NEON; level++) {
        if (sipwire_level_force((sipwire_level)level))
            failed += cmocka_run_group_tests_name(sipwire_level_name((sipwire_level)level), tests, NULL, NULL);
    }
    return failed;
}
