/* Walking over values: commas, rows, malformed elements, empty lists, "*"; single values of a list.
 * SPDX-License-Identifier: MIT */
#include "support.h"

static void next_list_folded_around_commas_is_read(void **state)
{
    (void)state;
    struct message m;
    sipwire_token token;
    sipwire_iter it;
    message_of(&m, OK_LINE "Allow: ACK\r\n , \r\n\tBYE ,\r\n X\r\n");
    sipwire_begin_allow(&it, &m.msg, m.buf);
    assert_status(sipwire_token_next(&it, &token, NULL), OK);
    assert_str(token.value, "ACK");
    assert_origin(&token.at, 0, place(&m, "ACK"), 3, SIPWIRE_HEADER_ALLOW);
    assert_status(sipwire_token_next(&it, &token, NULL), OK);
    assert_str(token.value, "BYE");
    assert_origin(&token.at, 0, place(&m, "BYE"), 3, SIPWIRE_HEADER_ALLOW);
    assert_status(sipwire_token_next(&it, &token, NULL), OK);
    assert_str(token.value, "X");
    assert_status(sipwire_token_next(&it, &token, NULL), END);
    message_free(&m);
}

static void next_crosses_commas_and_rows_in_order(void **state)
{
    (void)state;
    struct message m;
    sipwire_via via;
    sipwire_iter it;
    static const char *const hosts[] = {"a", "b", "c", "d"};
    static const uint32_t rows[] = {0, 0, 2, 3};
    message_of(&m, OK_LINE "Via: SIP/2.0/UDP a,SIP/2.0/UDP b;x=\",\"\r\nTo: <sip:a>\r\nv: SIP/2.0/UDP c\r\n"
                           "VIA: SIP/2.0/UDP d\r\n");
    FOR_EACH_LEVEL(level)
    {
        sipwire_begin_via(&it, &m.msg, m.buf);
        for (size_t i = 0; i < 4; i++) {
            assert_status(sipwire_via_next(&it, &via, NULL), OK);
            assert_str(via.host.text, hosts[i]);
            assert_int_equal(via.at.row, rows[i]);
        }
        assert_status(sipwire_via_next(&it, &via, NULL), END);
        assert_status(sipwire_via_next(&it, &via, NULL), END);
    }
    message_free(&m);
}

static void next_without_rows_ends(void **state)
{
    (void)state;
    struct message m;
    sipwire_via via;
    sipwire_iter it;
    sipwire_error err;
    message_of(&m, OK_LINE "To: <sip:a>\r\n");
    sipwire_begin_via(&it, &m.msg, m.buf);
    assert_status(sipwire_via_next(&it, &via, &err), END);
    assert_int_equal(err.status, SIPWIRE_END);
    message_free(&m);
}

static void next_malformed_element_gives_up_its_row_only(void **state)
{
    (void)state;
    struct message m;
    sipwire_via via;
    sipwire_iter it;
    sipwire_error err;
    message_of(&m, OK_LINE "Via: SIP/2.0/UDP a, @, SIP/2.0/UDP b\r\nVia: SIP/2.0/UDP c\r\n");
    sipwire_begin_via(&it, &m.msg, m.buf);
    assert_status(sipwire_via_next(&it, &via, &err), OK);
    assert_status(sipwire_via_next(&it, &via, &err), E_SYNTAX);
    assert_error(&err, SIPWIRE_E_SYNTAX, place(&m, "@"), SIPWIRE_HEADER_VIA, 0);
    assert_status(sipwire_via_next(&it, &via, &err), OK);
    assert_str(via.host.text, "c");
    assert_status(sipwire_via_next(&it, &via, &err), END);
    message_free(&m);
}

static void next_trailing_comma_is_a_malformed_element(void **state)
{
    (void)state;
    struct message m;
    sipwire_token token;
    sipwire_iter it;
    sipwire_error err;
    message_of(&m, OK_LINE "Allow: ACK,\r\nAllow: BYE\r\n");
    sipwire_begin_allow(&it, &m.msg, m.buf);
    assert_status(sipwire_token_next(&it, &token, NULL), OK);
    assert_status(sipwire_token_next(&it, &token, &err), E_SYNTAX);
    assert_int_equal(err.offset, place(&m, ",") + 1);
    assert_status(sipwire_token_next(&it, &token, NULL), OK);
    assert_str(token.value, "BYE");
    assert_status(sipwire_token_next(&it, &token, NULL), END);
    message_free(&m);
}

static void next_empty_rows_of_a_list_that_may_be_empty_hold_nothing(void **state)
{
    (void)state;
    struct message m;
    sipwire_token token;
    sipwire_iter it;
    message_of(&m, OK_LINE "Supported:\r\nk: \r\nSupported: 100rel\r\nSupported:\r\n \r\n");
    sipwire_begin_supported(&it, &m.msg, m.buf);
    assert_status(sipwire_token_next(&it, &token, NULL), OK);
    assert_str(token.value, "100rel");
    assert_status(sipwire_token_next(&it, &token, NULL), END);
    message_free(&m);
}

static void next_empty_row_of_a_list_that_may_not_be_empty_is_refused(void **state)
{
    (void)state;
    struct message m;
    sipwire_token token;
    sipwire_iter it;
    message_of(&m, OK_LINE "Require:\r\n");
    sipwire_begin_require(&it, &m.msg, m.buf);
    assert_status(sipwire_token_next(&it, &token, NULL), E_SYNTAX);
    assert_status(sipwire_token_next(&it, &token, NULL), END);
    message_free(&m);
}

static void next_contact_star_is_the_whole_field(void **state)
{
    (void)state;
    struct message m;
    sipwire_address contact;
    sipwire_iter it;
    message_of(&m, OK_LINE "Contact: *\r\n");
    sipwire_begin_contact(&it, &m.msg, m.buf);
    assert_status(sipwire_address_next(&it, &contact, NULL), OK);
    assert_true(contact.star);
    assert_absent(contact.uri.raw);
    assert_absent(contact.display_name);
    assert_status(sipwire_address_next(&it, &contact, NULL), END);
    message_free(&m);
}

static void next_contact_star_beside_others_is_refused(void **state)
{
    (void)state;
    struct message m;
    sipwire_address contact;
    sipwire_iter it;
    sipwire_error err;
    message_of(&m, OK_LINE "Contact: *, <sip:a>\r\nContact: <sip:b>, *\r\nContact: *;q=1\r\n");
    sipwire_begin_contact(&it, &m.msg, m.buf);
    assert_status(sipwire_address_next(&it, &contact, &err), E_SYNTAX);
    assert_int_equal(err.offset, place(&m, ", <sip:a>"));
    assert_status(sipwire_address_next(&it, &contact, &err), OK);
    assert_status(sipwire_address_next(&it, &contact, &err), E_SYNTAX);
    assert_int_equal(err.offset, place(&m, ", *\r\n") + 3); /* a display name might have gone on */
    assert_status(sipwire_address_next(&it, &contact, &err), E_SYNTAX);
    assert_int_equal(err.offset, place(&m, ";q=1"));
    assert_status(sipwire_address_next(&it, &contact, &err), END);
    message_free(&m);
}

/* Up to its end "* " might be the display name of "* <sip:a>". Found by fuzz_value. */
static void next_contact_star_with_blanks_behind_it_is_no_display_name(void **state)
{
    (void)state;
    static const char *const texts[] = {"* ", "*\t ", " * ", "*\r\n "};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        sipwire_value value;
        sipwire_str text = {texts[i], strlen(texts[i])};
        assert_status(sipwire_value_parse(SIPWIRE_HEADER_CONTACT, text, true, &value, NULL, NULL), OK);
        assert_true(value.as.address.star);
        assert_absent(value.as.address.display_name);
        assert_int_equal(value.as.at.length, 1);
    }
}

static void next_contact_star_may_be_a_display_name(void **state)
{
    (void)state;
    sipwire_value value;
    assert_status(sipwire_value_parse(SIPWIRE_HEADER_CONTACT, STR("* <sip:a>"), true, &value, NULL, NULL), OK);
    assert_false(value.as.address.star);
    assert_text(value.as.address.display_name, "*");
}

static void next_element_has_its_own_extent(void **state)
{
    (void)state;
    struct message m;
    sipwire_address route;
    sipwire_iter it;
    message_of(&m, OK_LINE "Route:  \"x\" <sip:a> ;p ,\t<sip:b>\r\n");
    sipwire_begin_route(&it, &m.msg, m.buf);
    assert_status(sipwire_address_next(&it, &route, NULL), OK);
    assert_origin(&route.at, 0, place(&m, "\"x\""), strlen("\"x\" <sip:a> ;p"), SIPWIRE_HEADER_ROUTE);
    assert_status(sipwire_address_next(&it, &route, NULL), OK);
    assert_origin(&route.at, 0, place(&m, "<sip:b>"), strlen("<sip:b>"), SIPWIRE_HEADER_ROUTE);
    message_free(&m);
}

static void next_walks_a_field_that_occurs_once_too(void **state)
{
    (void)state;
    struct message m;
    sipwire_value value;
    sipwire_iter it;
    message_of(&m, OK_LINE "To: <sip:a>\r\nTo: <sip:b>\r\n");
    sipwire_iter_begin(&it, &m.msg, m.buf, SIPWIRE_HEADER_TO);
    assert_status(sipwire_next(&it, &value, NULL), OK);
    assert_status(sipwire_next(&it, &value, NULL), OK);
    assert_str(value.as.address.uri.host.text, "b");
    assert_status(sipwire_next(&it, &value, NULL), END);
    message_free(&m);
}

/* The next value of a walk over all, its status, field and row. */
static void assert_next(sipwire_iter *it, int status, uint16_t header, uint32_t row)
{
    sipwire_value value;
    sipwire_error err;
    assert_int_equal(sipwire_next(it, &value, &err), status);
    if (status == SIPWIRE_OK) {
        assert_int_equal(value.shape, sipwire_header_shape(header));
        assert_int_equal(value.as.at.header, header);
        assert_int_equal(value.as.at.row, row);
    } else if (status != SIPWIRE_END) {
        assert_int_equal(err.header, header);
        assert_int_equal(err.row, row);
    }
}

static void walk_over_all_gives_every_value_as_it_stands(void **state)
{
    (void)state;
    struct message m;
    sipwire_iter it;
    message_of(&m, OK_LINE "X-Own: 1\r\nAllow: ACK, BYE\r\nSupported:\r\nTo: <sip:a>\r\nX-Own: 2\r\n"
                           "Allow: INFO\r\nTo: <sip:b>\r\nX-Own: 3\r\n");
    FOR_EACH_LEVEL(level)
    {
        sipwire_iter_begin_all(&it, &m.msg, m.buf);
        assert_next(&it, SIPWIRE_OK, SIPWIRE_HEADER_ALLOW, 1);
        assert_next(&it, SIPWIRE_OK, SIPWIRE_HEADER_ALLOW, 1);
        assert_next(&it, SIPWIRE_OK, SIPWIRE_HEADER_TO, 3);
        assert_next(&it, SIPWIRE_OK, SIPWIRE_HEADER_ALLOW, 5);
        assert_next(&it, SIPWIRE_OK, SIPWIRE_HEADER_TO, 6);
        assert_next(&it, SIPWIRE_END, 0, 0);
        assert_next(&it, SIPWIRE_END, 0, 0);
    }
    message_free(&m);
}

static void walk_over_all_goes_on_behind_a_malformed_row(void **state)
{
    (void)state;
    struct message m;
    sipwire_iter it;
    message_of(&m, OK_LINE "Allow: ACK, @, BYE\r\nCSeq: 1 BYE\r\n");
    FOR_EACH_LEVEL(level)
    {
        sipwire_iter_begin_all(&it, &m.msg, m.buf);
        assert_next(&it, SIPWIRE_OK, SIPWIRE_HEADER_ALLOW, 0);
        assert_next(&it, SIPWIRE_E_SYNTAX, SIPWIRE_HEADER_ALLOW, 0);
        assert_next(&it, SIPWIRE_OK, SIPWIRE_HEADER_CSEQ, 1);
        assert_next(&it, SIPWIRE_END, 0, 0);
    }
    message_free(&m);
}

static void walk_over_all_of_nothing_typed_ends_at_once(void **state)
{
    (void)state;
    struct message m;
    sipwire_iter it;
    message_of(&m, OK_LINE "X-Own: 1\r\n");
    sipwire_iter_begin_all(&it, &m.msg, m.buf);
    assert_next(&it, SIPWIRE_END, 0, 0);
    message_free(&m);
}

static void walk_over_all_into_one_shape_refuses_the_others(void **state)
{
    (void)state;
    struct message m;
    sipwire_iter it;
    sipwire_cseq cseq;
    message_of(&m, OK_LINE "CSeq: 1 BYE\r\nAllow: ACK\r\n");
    sipwire_iter_begin_all(&it, &m.msg, m.buf);
    assert_status(sipwire_cseq_next(&it, &cseq, NULL), OK);
    assert_status(sipwire_cseq_next(&it, &cseq, NULL), E_USAGE);
    assert_status(sipwire_cseq_next(&it, &cseq, NULL), END);
    message_free(&m);
}

static void value_parse_with_rest_stops_behind_the_comma(void **state)
{
    (void)state;
    sipwire_value value;
    sipwire_str rest;
    sipwire_str text = STR("INVITE , ACK");
    assert_status(sipwire_value_parse(SIPWIRE_HEADER_ALLOW, text, true, &value, &rest, NULL), OK);
    assert_str(value.as.token.value, "INVITE");
    assert_str(rest, " ACK");
    assert_status(sipwire_value_parse(SIPWIRE_HEADER_ALLOW, rest, false, &value, &rest, NULL), OK);
    assert_str(value.as.token.value, "ACK");
    assert_origin(&value.as.at, UINT32_MAX, 1, 3, SIPWIRE_HEADER_ALLOW);
    assert_int_equal(rest.len, 0);
}

static void value_parse_without_rest_refuses_the_comma(void **state)
{
    (void)state;
    sipwire_value value;
    sipwire_error err;
    assert_status(sipwire_value_parse(SIPWIRE_HEADER_ALLOW, STR("INVITE , ACK"), true, &value, NULL, &err), E_SYNTAX);
    assert_int_equal(err.offset, 7);
}

static void value_parse_comma_at_the_end_is_refused(void **state)
{
    (void)state;
    sipwire_value value;
    sipwire_str rest;
    sipwire_error err;
    assert_status(sipwire_value_parse(SIPWIRE_HEADER_ALLOW, STR("A,"), true, &value, &rest, &err), E_SYNTAX);
    assert_int_equal(err.offset, 2);
}

static void value_parse_empty_list_ends(void **state)
{
    (void)state;
    sipwire_value value;
    assert_status(sipwire_value_parse(SIPWIRE_HEADER_ALLOW, STR(""), true, &value, NULL, NULL), END);
    assert_status(sipwire_value_parse(SIPWIRE_HEADER_ALLOW, STR(""), false, &value, NULL, NULL), E_SYNTAX);
    assert_status(sipwire_value_parse(SIPWIRE_HEADER_REQUIRE, STR(""), true, &value, NULL, NULL), E_SYNTAX);
    assert_status(sipwire_value_parse(SIPWIRE_HEADER_SUBJECT, (sipwire_str){NULL, 0}, true, &value, NULL, NULL), OK);
}

static void value_parse_every_prefix_is_read_within_bounds(void **state)
{
    (void)state;
    static const char via[] =
        "SIP/2.0/UDP [2001:db8::1]:5060;branch=z9hG4bK-\"x\";received=[::1];a=\"q\\\"\",SIP/2.0/TCP b";
    static const char to[] =
        "\"A \\\\ B\" <sip:user:pw@host.example.com:5060;transport=udp;maddr=[::1]?a=b>;tag=x;y=\"z\"";
    sipwire_value value;
    sipwire_error err;
    FOR_EACH_LEVEL(level)
    {
        guarded g = guarded_new(sizeof via + sizeof to);
        for (size_t len = 0; len < sizeof via; len++) {
            sipwire_str rest, text = {guarded_at_end(&g, via, len), len};
            if (sipwire_value_parse(SIPWIRE_HEADER_VIA, text, true, &value, &rest, &err) < 0)
                assert_true(err.offset <= len);
        }
        for (size_t len = 0; len < sizeof to; len++) {
            sipwire_str text = {guarded_at_end(&g, to, len), len};
            if (sipwire_value_parse(SIPWIRE_HEADER_TO, text, true, &value, NULL, &err) < 0)
                assert_true(err.offset <= len);
        }
        guarded_free(&g);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(next_list_folded_around_commas_is_read),
        cmocka_unit_test(next_crosses_commas_and_rows_in_order),
        cmocka_unit_test(next_without_rows_ends),
        cmocka_unit_test(next_malformed_element_gives_up_its_row_only),
        cmocka_unit_test(next_trailing_comma_is_a_malformed_element),
        cmocka_unit_test(next_empty_rows_of_a_list_that_may_be_empty_hold_nothing),
        cmocka_unit_test(next_empty_row_of_a_list_that_may_not_be_empty_is_refused),
        cmocka_unit_test(next_contact_star_is_the_whole_field),
        cmocka_unit_test(next_contact_star_beside_others_is_refused),
        cmocka_unit_test(next_contact_star_with_blanks_behind_it_is_no_display_name),
        cmocka_unit_test(next_contact_star_may_be_a_display_name),
        cmocka_unit_test(next_element_has_its_own_extent),
        cmocka_unit_test(next_walks_a_field_that_occurs_once_too),
        cmocka_unit_test(walk_over_all_gives_every_value_as_it_stands),
        cmocka_unit_test(walk_over_all_goes_on_behind_a_malformed_row),
        cmocka_unit_test(walk_over_all_of_nothing_typed_ends_at_once),
        cmocka_unit_test(walk_over_all_into_one_shape_refuses_the_others),
        cmocka_unit_test(value_parse_with_rest_stops_behind_the_comma),
        cmocka_unit_test(value_parse_without_rest_refuses_the_comma),
        cmocka_unit_test(value_parse_comma_at_the_end_is_refused),
        cmocka_unit_test(value_parse_empty_list_ends),
        cmocka_unit_test(value_parse_every_prefix_is_read_within_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
