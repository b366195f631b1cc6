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
    assert_refused(HEAD "Content-Length: 0 1\r\n\r\n", SIPWIRE_E_CONTENT_LENGTH, 43);
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
        cmocka_unit_test(start_line_that_does_not_end_has_no_deviations_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
