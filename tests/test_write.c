/* Writing messages: start lines, layout, order, what is refused, and how refusals stick.
 * SPDX-License-Identifier: MIT */
#include "support.h"

static char written[1 << 16];
static sipwire_error error;

/* A writer with a response begun. */
static sipwire_writer begun(const sipwire_write_options *options)
{
    sipwire_writer w;
    sipwire_writer_init(&w, written, sizeof written, options);
    assert_status(sipwire_write_response(&w, 200, (sipwire_str){0}), OK);
    return w;
}

/* Ends it; what is between the start line and Content-Length must be this. */
static void assert_fields(sipwire_writer *w, const char *fields)
{
    static char expected[1 << 16];
    size_t needed = 0;
    assert_status(sipwire_write_end(w, (sipwire_str){0}, &needed, &error), OK);
    int len = snprintf(expected, sizeof expected, "SIP/2.0 200 OK\r\n%sContent-Length: 0\r\n\r\n", fields);
    if (needed != (size_t)len || memcmp(written, expected, needed) != 0)
        print_error("%.*s", (int)needed, written);
    assert_int_equal(needed, len);
    assert_memory_equal(written, expected, needed);
}

#define assert_ends(w, status) assert_status(sipwire_write_end((w), (sipwire_str){0}, NULL, &error), status)

static sipwire_uri sip_uri(const char *user, const char *host)
{
    sipwire_uri uri = {.scheme = SIPWIRE_SCHEME_SIP, .port = -1};
    uri.user = (sipwire_str){user, user ? strlen(user) : 0};
    uri.host = (sipwire_host){{host, strlen(host)}, SIPWIRE_HOST_NAME, 0};
    return uri;
}

static sipwire_text plain(const char *text)
{
    return sipwire_text_plain((sipwire_str){text, strlen(text)});
}

static sipwire_address address_of(const char *name)
{
    sipwire_address address = {.uri = sip_uri("bob", "b.example"), .q = -1, .expires = -1};
    if (name)
        address.display_name = plain(name);
    return address;
}

static sipwire_via via_of(const char *host)
{
    return (sipwire_via){.protocol_name = STR("SIP"),
                         .protocol_version = STR("2.0"),
                         .transport = STR("UDP"),
                         .host = {{host, strlen(host)}, SIPWIRE_HOST_NAME, 0},
                         .port = -1,
                         .rport = -1,
                         .ttl = -1};
}

static void write_request_is_method_uri_version(void **state)
{
    (void)state;
    sipwire_writer w;
    size_t needed;
    sipwire_uri uri = sip_uri("alice", "a.example");
    uri.port = 5060;
    sipwire_writer_init(&w, written, sizeof written, NULL);
    assert_status(sipwire_write_request(&w, STR("INVITE"), &uri), OK);
    assert_status(sipwire_write_end(&w, STR("v=0\r\n"), &needed, NULL), OK);
    assert_str(((sipwire_str){written, needed}),
               "INVITE sip:alice@a.example:5060 SIP/2.0\r\nContent-Length: 5\r\n\r\nv=0\r\n");
}

static void write_request_text_is_read_and_composed(void **state)
{
    (void)state;
    static const char *const uris[] = {"SIPS:a:b@c.d:1;lr;x=y?h=i&j=", "tel:+1-23;ext=4", "urn:service:sos",
                                       "data:", "sip:[::1]:5"};
    for (size_t i = 0; i < sizeof uris / sizeof *uris; i++) {
        sipwire_writer w;
        size_t needed;
        char expected[200];
        sipwire_writer_init(&w, written, sizeof written, NULL);
        assert_status(sipwire_write_request_text(&w, STR("X-1"), (sipwire_str){uris[i], strlen(uris[i])}), OK);
        assert_status(sipwire_write_end(&w, (sipwire_str){0}, &needed, NULL), OK);
        snprintf(expected, sizeof expected, "X-1 %s SIP/2.0\r\nContent-Length: 0\r\n\r\n", uris[i]);
        assert_str(((sipwire_str){written, needed}), expected);
    }
}

static void write_request_refuses_what_is_no_method_or_uri(void **state)
{
    (void)state;
    sipwire_writer w;
    sipwire_uri uri = sip_uri("a", "b");
    static const char *const methods[] = {"", "A B", "A\r\n", "A/"};
    for (size_t i = 0; i < 4; i++) {
        sipwire_writer_init(&w, NULL, 0, NULL);
        assert_status(sipwire_write_request(&w, (sipwire_str){methods[i], strlen(methods[i])}, &uri), E_SYNTAX);
        assert_string_equal(sipwire_rule_name(w.error.rule), "Method");
    }
    sipwire_writer_init(&w, NULL, 0, NULL);
    assert_status(sipwire_write_request_text(&w, STR("ACK"), STR("sip:a b")), E_SYNTAX);
    assert_int_equal(w.error.offset, 5);
    sipwire_writer_init(&w, NULL, 0, NULL);
    uri.scheme = SIPWIRE_SCHEME_NONE;
    assert_status(sipwire_write_request(&w, STR("ACK"), &uri), E_MEMBER);
}

static void write_response_takes_registered_phrase_or_given_one(void **state)
{
    (void)state;
    const struct {
        uint16_t status;
        sipwire_str reason;
        const char *line;
    } cases[] = {{180, {0}, "SIP/2.0 180 Ringing\r\n"},
                 {486,
                  STR("Besch\xC3\xA4"
                      "ftigt"),
                  "SIP/2.0 486 Besch\xC3\xA4"
                  "ftigt\r\n"},
                 {299, {0}, "SIP/2.0 299 \r\n"},
                 {200, STR(""), "SIP/2.0 200 \r\n"}};
    for (size_t i = 0; i < 4; i++) {
        sipwire_writer w;
        sipwire_writer_init(&w, written, sizeof written, NULL);
        assert_status(sipwire_write_response(&w, cases[i].status, cases[i].reason), OK);
        assert_status(sipwire_write_end(&w, (sipwire_str){0}, NULL, NULL), OK);
        assert_memory_equal(written, cases[i].line, strlen(cases[i].line));
    }
}

static void write_response_refuses_status_or_phrase(void **state)
{
    (void)state;
    sipwire_writer w;
    sipwire_writer_init(&w, NULL, 0, NULL);
    assert_status(sipwire_write_response(&w, 99, (sipwire_str){0}), E_RANGE);
    sipwire_writer_init(&w, NULL, 0, NULL);
    assert_status(sipwire_write_response(&w, 700, (sipwire_str){0}), E_RANGE);
    sipwire_writer_init(&w, NULL, 0, NULL);
    assert_status(sipwire_write_response(&w, 200, STR("O\r\nK")), E_SYNTAX);
    assert_int_equal(w.error.offset, 1);
    assert_string_equal(sipwire_rule_name(w.error.rule), "Reason-Phrase");
}

static void write_calls_out_of_turn_are_refused(void **state)
{
    (void)state;
    sipwire_writer w;
    sipwire_cseq cseq = {.number = 1, .method = STR("ACK")};
    sipwire_text tag = plain("x");
    sipwire_writer_init(&w, NULL, 0, NULL);
    assert_status(sipwire_write_field_cseq(&w, &cseq), E_USAGE);
    w = begun(NULL);
    assert_status(sipwire_write_response(&w, 200, (sipwire_str){0}), E_USAGE);
    w = begun(NULL);
    assert_status(sipwire_write_param(&w, STR("tag"), &tag), E_USAGE);
    w = begun(NULL);
    sipwire_write_field_cseq(&w, &cseq);
    assert_status(sipwire_write_param(&w, STR("tag"), &tag), E_USAGE);
    w = begun(NULL);
    assert_ends(&w, OK);
    assert_ends(&w, E_USAGE);
    w = begun(NULL);
    assert_status(sipwire_write_cseq(&w, SIPWIRE_HEADER_VIA, &cseq), E_USAGE);
    w = begun(NULL);
    assert_status(sipwire_write_cseq(&w, SIPWIRE_HEADER_UNKNOWN, &cseq), E_UNTYPED);
}

static void write_first_error_sticks(void **state)
{
    (void)state;
    sipwire_writer w = begun(NULL);
    sipwire_cseq cseq = {.number = 1, .method = STR("ACK")};
    sipwire_call_id bad = {.callid = STR("a b")};
    sipwire_write_field_cseq(&w, &cseq);
    assert_status(sipwire_write_field_call_id(&w, &bad), E_SYNTAX);
    assert_status(sipwire_write_field(&w, STR("X"), STR("y")), E_SYNTAX);
    assert_status(sipwire_write_response(&w, 100, (sipwire_str){0}), E_SYNTAX);
    size_t needed = 7;
    assert_status(sipwire_write_end(&w, (sipwire_str){0}, &needed, &error), E_SYNTAX);
    assert_int_equal(needed, 7);
    assert_int_equal(error.offset, 1);
    assert_int_equal(error.header, SIPWIRE_HEADER_CALL_ID);
    assert_int_equal(error.row, 1);
    assert_string_equal(sipwire_rule_name(error.rule), "callid");
}

static void write_short_buffer_is_told_with_the_need_and_not_overrun(void **state)
{
    (void)state;
    sipwire_via via = via_of("a.example");
    sipwire_address to = address_of("Bob \"B\"");
    size_t whole = 0;
    for (size_t cap = 0; cap == 0 || cap <= whole; cap++) {
        guarded g = guarded_new(cap + 1);
        char *buf = guarded_at_end(&g, "", 0) - cap;
        sipwire_writer w;
        size_t needed = 0;
        sipwire_writer_init(&w, cap ? buf : NULL, cap, NULL);
        sipwire_write_response(&w, 200, (sipwire_str){0});
        assert_status(sipwire_write_field_via(&w, &via), OK);
        assert_status(sipwire_write_field_to(&w, &to), OK);
        sipwire_status status = sipwire_write_end(&w, STR("body"), &needed, &error);
        assert_int_equal(status, cap < needed ? SIPWIRE_E_SPACE : SIPWIRE_OK);
        assert_true(cap == 0 || needed == whole);
        assert_true(status == SIPWIRE_OK || error.needed == needed);
        whole = needed;
        guarded_free(&g);
    }
}

static void write_values_of_lists_are_laid_out_as_asked(void **state)
{
    (void)state;
    static const char *const expected[] = {
        "Via: SIP/2.0/UDP a\r\nVia: SIP/2.0/UDP b\r\nSupported: x, y\r\nRequire: x\r\nSupported: y\r\n",
        "Via: SIP/2.0/UDP a\r\nVia: SIP/2.0/UDP b\r\nSupported: x\r\nSupported: y\r\nRequire: x\r\nSupported: y\r\n",
        "Via: SIP/2.0/UDP a, SIP/2.0/UDP b\r\nSupported: x, y\r\nRequire: x\r\nSupported: y\r\n"};
    for (uint32_t lists = SIPWIRE_LISTS_USUAL; lists <= SIPWIRE_LISTS_JOINED; lists++) {
        sipwire_write_options options = SIPWIRE_WRITE_OPTIONS_INIT;
        options.lists = lists;
        sipwire_writer w = begun(&options);
        sipwire_via a = via_of("a"), b = via_of("b");
        sipwire_token x = {.value = STR("x")}, y = {.value = STR("y")};
        sipwire_write_field_via(&w, &a);
        sipwire_write_field_via(&w, &b);
        sipwire_write_field_supported(&w, &x);
        sipwire_write_field_supported(&w, &y);
        sipwire_write_field_require(&w, &x);
        sipwire_write_field_supported(&w, &y);
        assert_fields(&w, expected[lists]);
    }
}

static void write_privacy_is_parted_by_semicolons(void **state)
{
    (void)state;
    sipwire_token id = {.value = STR("id")}, user = {.value = STR("user")};
    sipwire_writer w = begun(NULL);
    sipwire_write_field_privacy(&w, &id);
    sipwire_write_field_privacy(&w, &user);
    assert_fields(&w, "Privacy: id;user\r\n");
}

static void write_star_with_parameters_or_in_another_field_is_refused(void **state)
{
    (void)state;
    sipwire_address star = {.star = true, .q = -1, .expires = -1, .uri = {.port = -1}};
    sipwire_writer w = begun(NULL);
    star.q = 5;
    assert_status(sipwire_write_field_contact(&w, &star), E_MEMBER);
    w = begun(NULL);
    star.q = -1;
    assert_status(sipwire_write_field_to(&w, &star), E_MEMBER);
}

static void write_names_long_or_compact(void **state)
{
    (void)state;
    sipwire_write_options options = SIPWIRE_WRITE_OPTIONS_INIT;
    for (uint32_t names = SIPWIRE_NAMES_LONG; names <= SIPWIRE_NAMES_CANONICAL; names++) {
        static const char *const expected[] = {"Subject: a\r\nf: <sip:b>\r\nREFER-TO: <sip:x>\r\nx-Y: z\r\n",
                                               "s: a\r\nf: <sip:b>\r\nr: <sip:x>\r\nx-Y: z\r\n",
                                               "Subject: a\r\nFrom: <sip:b>\r\nRefer-To: <sip:x>\r\nx-Y: z\r\n"};
        char whole[200];
        options.names = names;
        sipwire_writer w;
        size_t needed;
        sipwire_text_utf8 subject = {.text = plain("a")};
        sipwire_writer_init(&w, written, sizeof written, &options);
        sipwire_write_response(&w, 200, (sipwire_str){0});
        sipwire_write_field_subject(&w, &subject);
        sipwire_write_field(&w, STR("f"), STR("sip:b"));
        sipwire_write_field(&w, STR("REFER-TO"), STR("sip:x"));
        sipwire_write_field(&w, STR("x-Y"), STR("z"));
        assert_status(sipwire_write_end(&w, (sipwire_str){0}, &needed, NULL), OK);
        snprintf(whole, sizeof whole, "SIP/2.0 200 OK\r\n%s%s: 0\r\n\r\n", expected[names],
                 names == SIPWIRE_NAMES_COMPACT ? "l" : "Content-Length");
        assert_str(((sipwire_str){written, needed}), whole);
    }
}

static void write_order_checked_refuses_what_should_stand_before(void **state)
{
    (void)state;
    sipwire_write_options options = SIPWIRE_WRITE_OPTIONS_INIT;
    options.order = SIPWIRE_ORDER_CHECKED;
    sipwire_writer w = begun(&options);
    sipwire_address to = address_of(NULL);
    sipwire_via via = via_of("a");
    assert_status(sipwire_write_field_via(&w, &via), OK);
    assert_status(sipwire_write_field_via(&w, &via), OK);
    assert_status(sipwire_write_field_to(&w, &to), OK);
    assert_status(sipwire_write_field_via(&w, &via), E_ORDER);
    assert_int_equal(w.error.header, SIPWIRE_HEADER_VIA);
}

static void write_order_applied_puts_fields_where_they_belong(void **state)
{
    (void)state;
    sipwire_write_options options = SIPWIRE_WRITE_OPTIONS_INIT;
    options.order = SIPWIRE_ORDER_APPLIED;
    sipwire_writer w = begun(&options);
    sipwire_address to = address_of("B");
    sipwire_via a = via_of("a"), b = via_of("b");
    sipwire_text tag = plain("t");
    sipwire_media_type type = {.m_type = STR("a"), .m_subtype = STR("b")};
    static const char folded[] = "Date: x\r\n y\r\n";
    sipwire_row row = {.name_off = 0, .name_len = 4, .value_off = 6, .value_len = 5};
    sipwire_write_field_content_type(&w, &type);
    sipwire_write_field(&w, STR("Z"), STR("1"));
    sipwire_write_row(&w, folded, &row);
    sipwire_write_field_to(&w, &to);
    sipwire_write_param(&w, STR("tag"), &tag);
    sipwire_write_field_via(&w, &a);
    sipwire_write_field_via(&w, &b);
    sipwire_write_field(&w, STR("W"), STR("2"));
    assert_fields(&w, "Via: SIP/2.0/UDP a\r\nVia: SIP/2.0/UDP b\r\nTo: B <sip:bob@b.example>;tag=t\r\nDate: x\r\n y\r\n"
                      "Z: 1\r\nW: 2\r\nContent-Type: a/b\r\n");
}

static void write_field_that_may_occur_once_is_refused_again(void **state)
{
    (void)state;
    sipwire_address to = address_of(NULL);
    sipwire_row row = {.name_len = 2, .value_off = 4, .value_len = 7};
    static const char raw[] = "To: <sip:a>\r\n";
    sipwire_writer w = begun(NULL);
    sipwire_write_field_to(&w, &to);
    assert_status(sipwire_write_field_to(&w, &to), E_DUPLICATE);
    w = begun(NULL);
    sipwire_write_field_to(&w, &to);
    assert_status(sipwire_write_row(&w, raw, &row), E_DUPLICATE);
    w = begun(NULL);
    sipwire_write_row(&w, raw, &row);
    assert_status(sipwire_write_field(&w, STR("t"), STR("sip:a")), E_DUPLICATE);
    w = begun(NULL);
    sipwire_write_row(&w, raw, &row);
    assert_status(sipwire_write_row(&w, raw, &row), OK);
}

static void write_content_length_is_written_once_and_by_the_end_alone(void **state)
{
    (void)state;
    sipwire_writer w = begun(NULL);
    sipwire_number length = {.value = 99};
    sipwire_row row = {.name_len = 1, .value_off = 3, .value_len = 2};
    assert_status(sipwire_write_field_content_length(&w, &length), OK);
    assert_status(sipwire_write_field(&w, STR("Content-length"), STR("98")), OK);
    assert_status(sipwire_write_row(&w, "l: 97\r\n", &row), OK);
    assert_fields(&w, "");
}

static void write_param_behind_a_bearer_token_is_usage(void **state)
{
    (void)state;
    sipwire_text value = plain("v");
    FOR_EACH_LEVEL(level)
    {
        sipwire_writer w = begun(NULL);
        assert_status(sipwire_write_field(&w, STR("Authorization"), STR("Bearer abc")), OK);
        assert_status(sipwire_write_param(&w, STR("name"), &value), E_USAGE);
        w = begun(NULL);
        sipwire_write_field(&w, STR("Authorization"), STR("Other name=1"));
        assert_status(sipwire_write_param(&w, STR("more"), &value), OK);
        assert_fields(&w, "Authorization: Other name=1, more=v\r\n");
    }
}

static void write_host_without_its_type_is_refused(void **state)
{
    (void)state;
    FOR_EACH_LEVEL(level)
    {
        sipwire_writer w = begun(NULL);
        sipwire_via via = via_of("a");
        via.received.text = STR("192.0.2.1");
        assert_status(sipwire_write_field_via(&w, &via), E_MEMBER);
    }
}

static void write_text_without_pointer_is_absent(void **state)
{
    (void)state;
    sipwire_writer w = begun(NULL);
    const sipwire_str nothing = {NULL, 4};
    assert_status(sipwire_write_field(&w, STR("X-Y"), nothing), OK);
    size_t needed;
    assert_status(sipwire_write_end(&w, nothing, &needed, NULL), OK);
    assert_int_equal(needed, strlen("SIP/2.0 200 OK\r\nX-Y:\r\nContent-Length: 0\r\n\r\n"));
    w = begun(NULL);
    sipwire_write_field(&w, STR("To"), STR("<sip:a>"));
    assert_status(sipwire_write_param(&w, nothing, NULL), E_MEMBER);
}

static void write_limits_of_the_parser_hold(void **state)
{
    (void)state;
    static char long_text[200];
    memset(long_text, 'a', sizeof long_text);
    sipwire_write_options options = SIPWIRE_WRITE_OPTIONS_INIT;
    sipwire_call_id id = {.callid = {long_text, 150}};
    sipwire_address to = address_of(NULL);
    options.limits.max_field = 100;
    sipwire_writer w = begun(&options);
    assert_status(sipwire_write_field_call_id(&w, &id), E_LIMIT_FIELD);
    options.limits = SIPWIRE_OPTIONS_INIT;
    options.limits.max_fields = 1;
    w = begun(&options);
    sipwire_write_field_to(&w, &to);
    assert_status(sipwire_write_field_call_id(&w, &id), E_LIMIT_FIELDS);
    options.limits = SIPWIRE_OPTIONS_INIT;
    options.limits.max_uri = 10;
    w = begun(&options);
    assert_status(sipwire_write_field_to(&w, &to), E_LIMIT_URI);
    options.limits = SIPWIRE_OPTIONS_INIT;
    options.limits.max_params = 2;
    w = begun(&options);
    to.params = (sipwire_params){";a;b;c", 6, 3};
    assert_status(sipwire_write_field_to(&w, &to), E_LIMIT_PARAMS);
    options.limits = SIPWIRE_OPTIONS_INIT;
    options.limits.max_head = 100;
    w = begun(&options);
    sipwire_write_field_call_id(&w, &id);
    assert_ends(&w, E_LIMIT_HEAD);
    options.limits = SIPWIRE_OPTIONS_INIT;
    options.limits.max_message = 100;
    w = begun(&options);
    assert_status(sipwire_write_end(&w, (sipwire_str){long_text, 80}, NULL, NULL), E_LIMIT_MESSAGE);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(write_request_is_method_uri_version),
        cmocka_unit_test(write_request_text_is_read_and_composed),
        cmocka_unit_test(write_request_refuses_what_is_no_method_or_uri),
        cmocka_unit_test(write_response_takes_registered_phrase_or_given_one),
        cmocka_unit_test(write_response_refuses_status_or_phrase),
        cmocka_unit_test(write_calls_out_of_turn_are_refused),
        cmocka_unit_test(write_first_error_sticks),
        cmocka_unit_test(write_short_buffer_is_told_with_the_need_and_not_overrun),
        cmocka_unit_test(write_values_of_lists_are_laid_out_as_asked),
        cmocka_unit_test(write_privacy_is_parted_by_semicolons),
        cmocka_unit_test(write_star_with_parameters_or_in_another_field_is_refused),
        cmocka_unit_test(write_names_long_or_compact),
        cmocka_unit_test(write_order_checked_refuses_what_should_stand_before),
        cmocka_unit_test(write_order_applied_puts_fields_where_they_belong),
        cmocka_unit_test(write_field_that_may_occur_once_is_refused_again),
        cmocka_unit_test(write_content_length_is_written_once_and_by_the_end_alone),
        cmocka_unit_test(write_param_behind_a_bearer_token_is_usage),
        cmocka_unit_test(write_host_without_its_type_is_refused),
        cmocka_unit_test(write_text_without_pointer_is_absent),
        cmocka_unit_test(write_limits_of_the_parser_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
