/* Limits with the responses they call for, messages looked at as far as they go, and what the modes differ in.
 * SPDX-License-Identifier: MIT */
#include "support.h"

#include <stdio.h>

#define START "INVITE sip:a@b SIP/2.0\r\n"
#define FIELDS                                                                                                         \
    "Via: SIP/2.0/TCP a;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\n"

struct read {
    char *buf;
    sipwire_row rows[16];
    sipwire_msg msg;
    sipwire_error err;
    sipwire_status status;
};

static void begin(struct read *r, const char *text, const sipwire_options *options)
{
    memset(r, 0, sizeof *r);
    r->buf = block_of(text, strlen(text));
    sipwire_msg_init(&r->msg, r->rows, 16, options);
}

static void read_text(struct read *r, const char *text, const sipwire_options *options)
{
    begin(r, text, options);
    r->status = sipwire_parse(&r->msg, r->buf, strlen(text), &r->err);
}

static void peek_text(struct read *r, const char *text, const sipwire_options *options)
{
    begin(r, text, options);
    r->status = sipwire_peek(&r->msg, r->buf, strlen(text), &r->err);
}

/* All that a response needs (RFC 3261 section 8.2.6). */
static void assert_answerable(struct read *r)
{
    sipwire_iter it;
    sipwire_via via;
    sipwire_address address;
    sipwire_call_id call_id;
    sipwire_cseq cseq;
    assert_int_equal(r->msg.method, SIPWIRE_METHOD_INVITE);
    sipwire_begin_via(&it, &r->msg, r->buf);
    assert_status(sipwire_via_next(&it, &via, NULL), OK);
    assert_status(sipwire_get_field_from(&r->msg, r->buf, &address, NULL), OK);
    assert_status(sipwire_get_field_to(&r->msg, r->buf, &address, NULL), OK);
    assert_status(sipwire_get_field_call_id(&r->msg, r->buf, &call_id, NULL), OK);
    assert_status(sipwire_get_field_cseq(&r->msg, r->buf, &cseq, NULL), OK);
}

static void assert_limit(const char *text, const sipwire_options *options, sipwire_status status, uint16_t response)
{
    struct read r;
    read_text(&r, text, options);
    assert_string_equal(sipwire_status_name(r.status), sipwire_status_name(status));
    assert_int_equal(sipwire_error_response(&r.err), response);
    assert_answerable(&r);
    free(r.buf);
}

static void message_over_a_limit_has_its_status_and_can_be_answered(void **state)
{
    (void)state;
    const char *text =
        START FIELDS "Subject: 0123456789012345678901234567890123456789\r\nContent-Length: 9\r\n\r\n123456789";
    sipwire_options o = SIPWIRE_OPTIONS_INIT;
    o.max_message = 200;
    assert_limit(text, &o, SIPWIRE_E_LIMIT_MESSAGE, 513);
    o = SIPWIRE_OPTIONS_INIT;
    o.max_head = 150;
    assert_limit(text, &o, SIPWIRE_E_LIMIT_HEAD, 513);
    o = SIPWIRE_OPTIONS_INIT;
    o.max_fields = 6;
    assert_limit(text, &o, SIPWIRE_E_LIMIT_FIELDS, 513);
    o = SIPWIRE_OPTIONS_INIT;
    o.max_field = 40;
    assert_limit(text, &o, SIPWIRE_E_LIMIT_FIELD, 513);
}

static void request_uri_over_its_limit_calls_for_414(void **state)
{
    (void)state;
    struct read r;
    sipwire_uri uri;
    sipwire_options o = SIPWIRE_OPTIONS_INIT;
    o.max_uri = 7;
    read_text(&r, "INVITE sip:aa@b SIP/2.0\r\n" FIELDS "\r\n", &o);
    assert_status(sipwire_request_uri(&r.msg, r.buf, &uri, &r.err), E_LIMIT_URI);
    assert_int_equal(sipwire_error_response(&r.err), 414);
    assert_answerable(&r);
    free(r.buf);
}

static void uri_of_a_field_over_its_limit_calls_for_513(void **state)
{
    (void)state;
    struct read r;
    sipwire_address address;
    sipwire_options o = SIPWIRE_OPTIONS_INIT;
    o.max_uri = 7;
    read_text(&r, START "Refer-To: <sip:aa@b>\r\n\r\n", &o);
    assert_status(sipwire_get_address(&r.msg, r.buf, SIPWIRE_HEADER_REFER_TO, &address, &r.err), E_LIMIT_URI);
    assert_int_equal(sipwire_error_response(&r.err), 513);
    free(r.buf);
}

static void uri_of_a_value_by_itself_over_the_limit_calls_for_513(void **state)
{
    (void)state;
    static char text[70000] = "<sip:";
    sipwire_value value;
    sipwire_error err;
    memset(text + 5, 'a', sizeof text - 6);
    text[sizeof text - 1] = '>';
    sipwire_str whole = {text, sizeof text};
    assert_status(sipwire_value_parse(SIPWIRE_HEADER_TO, whole, true, &value, NULL, &err), E_LIMIT_URI);
    assert_int_equal(sipwire_error_response(&err), 513);
    sipwire_uri uri;
    sipwire_str alone = {text + 1, sizeof text - 2};
    assert_status(sipwire_uri_parse(alone, &uri, &err), E_LIMIT_URI);
    assert_int_equal(sipwire_error_response(&err), 414);
}

static sipwire_status server_of(const char *value, uint32_t most, sipwire_error *err)
{
    char text[200];
    struct read r;
    sipwire_server server;
    sipwire_options o = SIPWIRE_OPTIONS_INIT;
    o.max_nesting = most;
    snprintf(text, sizeof text, START "Server: %s\r\n\r\n", value);
    read_text(&r, text, &o);
    sipwire_status status = sipwire_get_server(&r.msg, r.buf, SIPWIRE_HEADER_SERVER, &server, err);
    err->offset -= (uint32_t)strlen(START "Server: ");
    free(r.buf);
    return status;
}

static void comments_deeper_than_the_limit_are_refused_where_they_begin(void **state)
{
    (void)state;
    sipwire_error err = {0};
    assert_status(server_of("a (b (c))", 2, &err), OK);
    assert_status(server_of("a (b \\( (c))", 2, &err), OK);
    assert_status(server_of("a (b) (c)", 1, &err), OK);
    assert_status(server_of("a (b (c))", 1, &err), E_LIMIT_NESTING);
    assert_int_equal(err.offset, 5);
    assert_int_equal(sipwire_error_response(&err), 513);
    assert_status(server_of("a (b (c) \x01", 1, &err), E_LIMIT_NESTING);
    assert_int_equal(err.offset, 5);
    assert_status(server_of("((((((((a))))))))", 0, &err), OK);
    assert_status(server_of("(((((((((a)))))))))", 0, &err), E_LIMIT_NESTING);
    assert_int_equal(err.offset, 8);
    assert_status(server_of("(((((((((a)))))))))", 100, &err), E_LIMIT_NESTING);
}

static void parameters_over_their_limit_call_for_513(void **state)
{
    (void)state;
    struct read r;
    sipwire_address address;
    sipwire_options o = SIPWIRE_OPTIONS_INIT;
    o.max_params = 2;
    read_text(&r, START "From: <sip:a@b>;a;b;c\r\n\r\n", &o);
    assert_status(sipwire_get_field_from(&r.msg, r.buf, &address, &r.err), E_LIMIT_PARAMS);
    assert_int_equal(sipwire_error_response(&r.err), 513);
    free(r.buf);
}

static void response_of_errors_that_are_none_of_the_message_is_0(void **state)
{
    (void)state;
    const struct {
        sipwire_status status;
        uint16_t response;
    } cases[] = {
        {SIPWIRE_OK, 0},      {SIPWIRE_MORE, 0},       {SIPWIRE_E_USAGE, 0},        {SIPWIRE_E_SLOTS, 0},
        {SIPWIRE_E_ORDER, 0}, {SIPWIRE_E_SYNTAX, 400}, {SIPWIRE_E_BODY_SHORT, 400}, {SIPWIRE_E_DUPLICATE, 400}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        sipwire_error err = {.status = cases[i].status, .row = UINT32_MAX};
        assert_int_equal(sipwire_error_response(&err), cases[i].response);
    }
}

static void peek_at_an_incomplete_head_gives_the_lines_so_far(void **state)
{
    (void)state;
    struct read r;
    peek_text(&r, START FIELDS "Contact: <sip:", NULL);
    assert_status(r.status, MORE);
    assert_int_equal(r.msg.count, 5);
    assert_answerable(&r);
    free(r.buf);
    peek_text(&r, START "Via: SIP", NULL);
    assert_status(r.status, MORE);
    assert_int_equal(r.msg.count, 0);
    free(r.buf);
    peek_text(&r, "INVITE sip:a", NULL);
    assert_status(r.status, MORE);
    free(r.buf);
}

static void peek_at_a_head_whose_body_is_missing_is_fine(void **state)
{
    (void)state;
    struct read r;
    peek_text(&r, START FIELDS "Content-Length: 9\r\n\r\nabc", NULL);
    assert_status(r.status, OK);
    assert_int_equal(r.msg.body.len, 3);
    assert_answerable(&r);
    free(r.buf);
}

static void peek_says_what_is_wrong_and_over(void **state)
{
    (void)state;
    struct read r;
    sipwire_options o = SIPWIRE_OPTIONS_INIT;
    o.max_head = 150;
    peek_text(&r, START FIELDS "Subject: 0123456789012345678901234567890123456789\r\n", &o);
    assert_error(&r.err, SIPWIRE_E_LIMIT_HEAD, 150, 0, UINT32_MAX);
    assert_answerable(&r);
    free(r.buf);
    peek_text(&r, START "bad\r\n" FIELDS, NULL);
    assert_status(r.status, E_NAME);
    assert_answerable(&r);
    free(r.buf);
}

static void websocket_message_needs_no_content_length(void **state)
{
    (void)state;
    struct read r;
    sipwire_options o = SIPWIRE_OPTIONS_INIT;
    o.mode = SIPWIRE_WEBSOCKET;
    read_text(&r, START FIELDS "\r\nbody", &o);
    assert_status(r.status, OK);
    assert_int_equal(r.msg.body.len, 4);
    free(r.buf);
    read_text(&r, START FIELDS "Content-Length: 5\r\n\r\nbody", &o);
    assert_status(r.status, E_BODY_SHORT);
    free(r.buf);
}

static void websocket_message_holds_nothing_behind_the_sip_message(void **state)
{
    (void)state;
    struct read r;
    const char *text = START "Content-Length: 3\r\n\r\nbody";
    sipwire_options o = SIPWIRE_OPTIONS_INIT;
    o.mode = SIPWIRE_WEBSOCKET;
    read_text(&r, text, &o);
    assert_error(&r.err, SIPWIRE_E_TRAILING, (uint32_t)strlen(text) - 1, 0, UINT32_MAX);
    free(r.buf);
    o.mode = SIPWIRE_DATAGRAM;
    read_text(&r, text, &o);
    assert_status(r.status, OK);
    assert_int_equal(r.msg.trailing, 1);
    free(r.buf);
}

static void keep_alive_is_told_on_websockets_only(void **state)
{
    (void)state;
    const char *const alive[] = {"\r\n", "\r\n\r\n"}, *const none[] = {"", "\r\n\r", "\r\n\r\n\r\n", "\n\n"};
    struct read r;
    sipwire_options o = SIPWIRE_OPTIONS_INIT;
    o.mode = SIPWIRE_WEBSOCKET;
    for (size_t i = 0; i < 2; i++) {
        read_text(&r, alive[i], &o);
        assert_status(r.status, KEEP_ALIVE);
        assert_int_equal(r.err.status, SIPWIRE_KEEP_ALIVE);
        assert_int_equal(r.msg.count, 0);
        free(r.buf);
        read_text(&r, alive[i], NULL);
        assert_true(r.status < 0);
        free(r.buf);
    }
    for (size_t i = 0; i < 4; i++) {
        read_text(&r, none[i], &o);
        assert_true(r.status < 0);
        free(r.buf);
    }
}

static void framer_tells_how_many_pings_to_answer(void **state)
{
    (void)state;
    const struct {
        const char *before;
        size_t pings;
    } cases[] = {{"", 0}, {"\r\n", 0}, {"\r\n\r\n", 1}, {"\r\n\r\n\r\n", 1}, {"\r\n\r\n\r\n\r\n", 2}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[100];
        sipwire_framer framer;
        sipwire_frame frame;
        snprintf(text, sizeof text, "%s" START "Content-Length: 0\r\n\r\n", cases[i].before);
        sipwire_framer_init(&framer, NULL);
        assert_status(sipwire_framer_scan(&framer, text, strlen(text), &frame, NULL), OK);
        assert_int_equal(frame.skip, strlen(cases[i].before));
        assert_int_equal(sipwire_frame_pings(&frame), cases[i].pings);
    }
}

static void writer_refuses_comments_deeper_than_the_limit(void **state)
{
    (void)state;
    char buf[200];
    sipwire_writer w;
    sipwire_write_options options = SIPWIRE_WRITE_OPTIONS_INIT;
    options.limits.max_nesting = 1;
    sipwire_writer_init(&w, buf, sizeof buf, &options);
    assert_status(sipwire_write_response(&w, 200, (sipwire_str){NULL, 0}), OK);
    assert_status(sipwire_write_field(&w, STR("Server"), STR("a (b)")), OK);
    assert_status(sipwire_write_field(&w, STR("User-Agent"), STR("a (b (c))")), E_LIMIT_NESTING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(message_over_a_limit_has_its_status_and_can_be_answered),
        cmocka_unit_test(request_uri_over_its_limit_calls_for_414),
        cmocka_unit_test(uri_of_a_field_over_its_limit_calls_for_513),
        cmocka_unit_test(uri_of_a_value_by_itself_over_the_limit_calls_for_513),
        cmocka_unit_test(comments_deeper_than_the_limit_are_refused_where_they_begin),
        cmocka_unit_test(parameters_over_their_limit_call_for_513),
        cmocka_unit_test(response_of_errors_that_are_none_of_the_message_is_0),
        cmocka_unit_test(peek_at_an_incomplete_head_gives_the_lines_so_far),
        cmocka_unit_test(peek_at_a_head_whose_body_is_missing_is_fine),
        cmocka_unit_test(peek_says_what_is_wrong_and_over),
        cmocka_unit_test(websocket_message_needs_no_content_length),
        cmocka_unit_test(websocket_message_holds_nothing_behind_the_sip_message),
        cmocka_unit_test(keep_alive_is_told_on_websockets_only),
        cmocka_unit_test(framer_tells_how_many_pings_to_answer),
        cmocka_unit_test(writer_refuses_comments_deeper_than_the_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
