/* Tolerances of lines: line ends, blank lines, Content-Length, the start line as far as it ends.
 * SPDX-License-Identifier: MIT */
#include "lenient.h"

static void bare_lf_mixed_with_crlf_is_refused(void **state)
{
    (void)state;
    assert_refused("OPTIONS sip:a@b SIP/2.0\nSubject: x\r\n\n", SIPWIRE_E_LINE_END, 34);
    assert_refused("OPTIONS sip:a@b SIP/2.0\r\nSubject: x\nFrom: <sip:a@b>\r\n\r\n", SIPWIRE_E_LINE_END, 35);
    assert_refused("OPTIONS sip:a@b SIP/2.0\nSubject: x\n\r\n", SIPWIRE_E_LINE_END, 35);
    assert_refused("OPTIONS sip:a@b SIP/2.0\nSubject: x\ry\n\n", SIPWIRE_E_LINE_END, 34);
    assert_refused("OPTIONS sip:a@b SIP/2.0\rSubject: x\r\r", SIPWIRE_E_LINE_END, 23);
}

static void bare_lf_with_a_fold_is_refused(void **state)
{
    (void)state;
    assert_refused("OPTIONS sip:a@b SIP/2.0\nSubject: x\n y\n\n", SIPWIRE_E_LINE_END, 34);
    assert_refused("OPTIONS sip:a@b SIP/2.0\n Subject: x\n\n", SIPWIRE_E_FOLD, 24);
}

static void bare_lf_head_ends_at_its_own_empty_line(void **state)
{
    (void)state;
    const char *text = "OPTIONS sip:a@b SIP/2.0\nSubject: x\nContent-Length: 6\n\n\r\n\r\na\n";
    struct lenient l;
    read_text(&l, text, strlen(text), SIPWIRE_ACCEPT_BARE_LF);
    assert_status(l.status, OK);
    assert_int_equal(l.msg.count, 2);
    assert_int_equal(l.msg.head_len, 54);
    assert_int_equal(l.msg.body.off, 54);
    assert_int_equal(l.msg.body.len, 6);
    assert_str(sipwire_row_value(&l.msg.rows[0], l.buf), "x");
    assert_true(l.msg.deviations == SIPWIRE_ACCEPT_BARE_LF);
    free(l.buf);
}

static void bare_lf_on_a_stream_is_refused(void **state)
{
    (void)state;
    const char *text = "OPTIONS sip:a@b SIP/2.0\nContent-Length: 0\n\n";
    struct lenient l;
    read_octets(&l, text, strlen(text), SIPWIRE_ACCEPT_ALL, SIPWIRE_STREAM);
    assert_error(&l.err, SIPWIRE_E_LINE_END, 23, 0, UINT32_MAX);
    free(l.buf);
}

static void content_length_with_blanks_behind_it_is_refused_but_in_a_datagram(void **state)
{
    (void)state;
    const char *text = HEAD "Content-Length: 0 \r\n\r\n";
    struct lenient l;
    for (uint32_t mode = SIPWIRE_STREAM; mode <= SIPWIRE_WEBSOCKET; mode++) {
        read_octets(&l, text, strlen(text), SIPWIRE_ACCEPT_ALL, mode);
        assert_error(&l.err, SIPWIRE_E_CONTENT_LENGTH, 42, SIPWIRE_HEADER_CONTENT_LENGTH, 0);
        free(l.buf);
    }
    read_text(&l, text, strlen(text), SIPWIRE_ACCEPT_TRAILING_BLANKS);
    assert_status(l.status, OK);
    assert_int_equal(l.count, 1);
    assert_int_equal(l.list[0].offset, 42);
    free(l.buf);
    assert_refused(HEAD "Content-Length: 0 1\r\n\r\n", SIPWIRE_E_CONTENT_LENGTH, 42);
    assert_refused(HEAD "Content-Length: 0 \r\n 1\r\n\r\n", SIPWIRE_E_CONTENT_LENGTH, 42);
    assert_refused(HEAD "Content-Length: 0 \t x\r\n\r\n", SIPWIRE_E_CONTENT_LENGTH, 42);
}

static void missing_content_length_on_a_stream_is_refused(void **state)
{
    (void)state;
    struct lenient l;
    read_octets(&l, HEAD "\r\n", HEAD_LEN + 2, SIPWIRE_ACCEPT_ALL, SIPWIRE_STREAM);
    assert_error(&l.err, SIPWIRE_E_CONTENT_LENGTH_MISSING, HEAD_LEN, SIPWIRE_HEADER_CONTENT_LENGTH, UINT32_MAX);
    free(l.buf);
}

static void offsets_count_the_blank_lines_before_the_start_line(void **state)
{
    (void)state;
    const char *text = "\r\n\r\nOPTIONS sip:a@b SIP/2.0\r\nSubject: x\r\nContent-Length: 1\r\n\r\ny";
    struct lenient l;
    read_text(&l, text, strlen(text), SIPWIRE_ACCEPT_LEADING_LINES);
    assert_status(l.status, OK);
    assert_int_equal(l.msg.leading, 4);
    assert_int_equal(l.msg.start_line_len, 29);
    assert_str(sipwire_span_str(l.msg.method_text, l.buf), "OPTIONS");
    assert_str(sipwire_span_str(l.msg.uri, l.buf), "sip:a@b");
    assert_str(sipwire_span_str(l.msg.version, l.buf), "SIP/2.0");
    assert_str(sipwire_row_name(&l.msg.rows[0], l.buf), "Subject");
    assert_str(sipwire_row_value(&l.msg.rows[1], l.buf), "1");
    assert_str(sipwire_span_str(l.msg.body, l.buf), "y");
    free(l.buf);
    assert_refused("\r\n\r\nOPTIONS sip:a@b SIP/2.0\r\nBad\r\n\r\n", SIPWIRE_E_NAME, 32);
    assert_refused("\r\n\r\n", SIPWIRE_E_START_LINE, 0);
}

/* Blank lines, an even number of octets of them, before a request with a body of one octet: 4 octets behind them. */
static void read_behind_blank_lines(struct lenient *l, uint32_t octets, const sipwire_options *options)
{
    static char text[512];
    for (uint32_t i = 0; i < octets; i += 2)
        memcpy(text + i, "\r\n", 2);
    int len = snprintf(text + octets, sizeof text - octets, "%s", "A b:c SIP/2.0\r\nTo: <b:c>\r\nl: 1\r\n\r\ny");
    memset(l, 0, sizeof *l);
    l->len = octets + (size_t)len;
    l->buf = block_of(text, l->len);
    sipwire_msg_init(&l->msg, l->rows, 16, options);
    l->status = sipwire_parse(&l->msg, l->buf, l->len, &l->err);
}

static void assert_leading_limit(uint32_t octets, const sipwire_options *options, sipwire_status status,
                                 uint32_t offset)
{
    struct lenient l;
    read_behind_blank_lines(&l, octets, options);
    assert_string_equal(sipwire_status_name(l.status), sipwire_status_name(status));
    if (status != SIPWIRE_OK) {
        assert_int_equal(l.err.offset, offset);
        assert_int_equal(sipwire_error_response(&l.err), 513);
    }
    free(l.buf);
}

enum { BEHIND_HEAD = 34 }; /* octets of that request's head */

static void blank_lines_over_their_limit_are_refused_and_the_rest_is_read(void **state)
{
    (void)state;
    struct lenient l;
    sipwire_options options = SIPWIRE_OPTIONS_INIT;
    options.accept = SIPWIRE_ACCEPT_LEADING_LINES;
    assert_leading_limit(64, &options, SIPWIRE_OK, 0);
    assert_leading_limit(66, &options, SIPWIRE_E_LIMIT_LEADING, 64);
    options.max_leading = 4;
    assert_leading_limit(4, &options, SIPWIRE_OK, 0);
    assert_leading_limit(6, &options, SIPWIRE_E_LIMIT_LEADING, 4);
    read_behind_blank_lines(&l, 6, &options);
    assert_int_equal(l.msg.kind, SIPWIRE_REQUEST);
    assert_int_equal(l.msg.count, 2);
    assert_str(sipwire_row_value(&l.msg.rows[0], l.buf), "<b:c>");
    free(l.buf);
}

static void blank_lines_count_in_the_limits_of_head_and_message(void **state)
{
    (void)state;
    sipwire_options options = SIPWIRE_OPTIONS_INIT;
    options.accept = SIPWIRE_ACCEPT_LEADING_LINES;
    options.max_head = BEHIND_HEAD + 8;
    assert_leading_limit(8, &options, SIPWIRE_OK, 0);
    assert_leading_limit(10, &options, SIPWIRE_E_LIMIT_HEAD, BEHIND_HEAD + 8);
    assert_leading_limit(60, &options, SIPWIRE_E_LIMIT_HEAD, BEHIND_HEAD + 8);
    options.max_head = 0;
    options.max_message = BEHIND_HEAD + 9;
    assert_leading_limit(8, &options, SIPWIRE_OK, 0);
    assert_leading_limit(10, &options, SIPWIRE_E_LIMIT_MESSAGE, BEHIND_HEAD + 9);
    assert_leading_limit(60, &options, SIPWIRE_E_LIMIT_MESSAGE, BEHIND_HEAD + 9);
}

static void content_length_that_frames_is_no_value_with_blanks_behind_it(void **state)
{
    (void)state;
    const char *text = HEAD "Content-Length: 0 \r\n\r\n";
    for (uint32_t mode = SIPWIRE_DATAGRAM; mode <= SIPWIRE_WEBSOCKET; mode++) {
        struct lenient l;
        sipwire_number number;
        read_octets(&l, text, strlen(text), SIPWIRE_ACCEPT_ALL, mode);
        sipwire_status status = sipwire_get_field_content_length(&l.msg, l.buf, &number, &l.err);
        assert_int_equal(status, mode == SIPWIRE_DATAGRAM ? SIPWIRE_OK : SIPWIRE_E_SYNTAX);
        list_deviations(&l);
        assert_int_equal(l.count, mode == SIPWIRE_DATAGRAM ? 1 : 0);
        free(l.buf);
    }
}

static void start_line_that_does_not_end_has_no_deviations_of_its_own(void **state)
{
    (void)state;
    struct lenient l;
    read_octets(&l, "\nOPTION=S sip:a@b", 18, SIPWIRE_ACCEPT_ALL, SIPWIRE_DATAGRAM);
    list_deviations(&l);
    assert_int_equal(l.count, 1);
    assert_true(l.list[0].accept == SIPWIRE_ACCEPT_LEADING_LINES && l.list[0].offset == 0);
    free(l.buf);
    read_octets(&l, "SIP/2.0  404 <", 14, SIPWIRE_ACCEPT_ALL, SIPWIRE_DATAGRAM);
    assert_status(l.status, E_HEAD_UNENDED);
    list_deviations(&l);
    assert_int_equal(l.count, 0);
    free(l.buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bare_lf_mixed_with_crlf_is_refused),
        cmocka_unit_test(bare_lf_with_a_fold_is_refused),
        cmocka_unit_test(bare_lf_head_ends_at_its_own_empty_line),
        cmocka_unit_test(bare_lf_on_a_stream_is_refused),
        cmocka_unit_test(content_length_with_blanks_behind_it_is_refused_but_in_a_datagram),
        cmocka_unit_test(missing_content_length_on_a_stream_is_refused),
        cmocka_unit_test(offsets_count_the_blank_lines_before_the_start_line),
        cmocka_unit_test(blank_lines_over_their_limit_are_refused_and_the_rest_is_read),
        cmocka_unit_test(blank_lines_count_in_the_limits_of_head_and_message),
        cmocka_unit_test(content_length_that_frames_is_no_value_with_blanks_behind_it),
        cmocka_unit_test(start_line_that_does_not_end_has_no_deviations_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
