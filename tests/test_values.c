/* What typed values hold: getters, folds, the Request-URI, reflection.
 * SPDX-License-Identifier: MIT */
#include "support.h"

static void get_cseq_present_is_ok(void **state)
{
    (void)state;
    struct message m;
    sipwire_cseq cseq;
    message_of(&m, OK_LINE "To: <sip:a>\r\nCSeq: 4711  INVITE\r\n");
    assert_status(sipwire_get_field_cseq(&m.msg, m.buf, &cseq, NULL), OK);
    assert_int_equal(cseq.number, 4711);
    assert_str(cseq.method, "INVITE");
    assert_int_equal(cseq.method_id, SIPWIRE_METHOD_INVITE);
    assert_origin(&cseq.at, 1, place(&m, "4711"), strlen("4711  INVITE"), SIPWIRE_HEADER_CSEQ);
    message_free(&m);
}

static void get_cseq_of_unknown_method_has_no_id(void **state)
{
    (void)state;
    struct message m;
    sipwire_cseq cseq;
    message_of(&m, OK_LINE "CSeq: 0 invite\r\n");
    assert_status(sipwire_get_field_cseq(&m.msg, m.buf, &cseq, NULL), OK);
    assert_str(cseq.method, "invite");
    assert_int_equal(cseq.method_id, SIPWIRE_METHOD_UNKNOWN);
    message_free(&m);
}

static void get_absent_field_is_absent(void **state)
{
    (void)state;
    struct message m;
    sipwire_error err;
    sipwire_cseq cseq;
    message_of(&m, OK_LINE "To: <sip:a>\r\n");
    assert_status(sipwire_get_field_cseq(&m.msg, m.buf, &cseq, &err), ABSENT);
    assert_int_equal(err.status, SIPWIRE_ABSENT);
    assert_status(sipwire_get_field_cseq(&m.msg, m.buf, &cseq, NULL), ABSENT);
    message_free(&m);
}

static void get_field_that_occurs_twice_is_duplicate(void **state)
{
    (void)state;
    struct message m;
    sipwire_error err;
    sipwire_address to;
    message_of(&m, OK_LINE "To: <sip:a>\r\nCSeq: 1 BYE\r\nt: <sip:a>\r\n");
    assert_status(sipwire_get_field_to(&m.msg, m.buf, &to, &err), E_DUPLICATE);
    assert_error(&err, SIPWIRE_E_DUPLICATE, place(&m, "t: "), SIPWIRE_HEADER_TO, 2);
    assert_status(sipwire_get_field_to(&m.msg, m.buf, &to, NULL), E_DUPLICATE);
    message_free(&m);
}

static void get_malformed_field_names_place_rule_and_row(void **state)
{
    (void)state;
    struct message m;
    sipwire_error err;
    sipwire_cseq cseq;
    message_of(&m, OK_LINE "To: <sip:a>\r\nCSeq: 1 @\r\n");
    FOR_EACH_LEVEL(level)
    {
        assert_status(sipwire_get_field_cseq(&m.msg, m.buf, &cseq, &err), E_SYNTAX);
        assert_error(&err, SIPWIRE_E_SYNTAX, place(&m, "@"), SIPWIRE_HEADER_CSEQ, 1);
        assert_string_equal(sipwire_rule_name(err.rule), "CSeq");
        assert_string_equal(sipwire_rule_reference(err.rule), "RFC 3261 section 25.1");
    }
    message_free(&m);
}

static void get_value_cut_short_points_behind_it(void **state)
{
    (void)state;
    struct message m;
    sipwire_error err;
    sipwire_cseq cseq;
    message_of(&m, OK_LINE "CSeq: 1\r\n");
    assert_status(sipwire_get_field_cseq(&m.msg, m.buf, &cseq, &err), E_SYNTAX);
    assert_int_equal(err.offset, place(&m, "1\r\n") + 1);
    message_free(&m);
}

static void get_list_with_a_getter_is_usage(void **state)
{
    (void)state;
    struct message m;
    sipwire_error err;
    sipwire_value value;
    message_of(&m, OK_LINE "Via: SIP/2.0/UDP h\r\n");
    assert_status(sipwire_get(&m.msg, m.buf, SIPWIRE_HEADER_VIA, &value, &err), E_USAGE);
    assert_int_equal(err.status, SIPWIRE_E_USAGE);
    message_free(&m);
}

static void get_into_another_shape_is_usage(void **state)
{
    (void)state;
    struct message m;
    sipwire_cseq cseq;
    sipwire_address address;
    sipwire_iter it;
    message_of(&m, OK_LINE "Via: SIP/2.0/UDP h\r\nTo: <sip:a>\r\n");
    assert_status(sipwire_get_cseq(&m.msg, m.buf, SIPWIRE_HEADER_TO, &cseq, NULL), E_USAGE);
    sipwire_iter_begin(&it, &m.msg, m.buf, SIPWIRE_HEADER_VIA);
    assert_status(sipwire_address_next(&it, &address, NULL), E_USAGE);
    assert_status(sipwire_address_next(&it, &address, NULL), END);
    message_free(&m);
}

/* Every field of the table has a type: what is left are names that are not in it. */
static void get_untyped_field_is_untyped(void **state)
{
    (void)state;
    struct message m;
    sipwire_value value;
    sipwire_iter it;
    message_of(&m, OK_LINE "X-Y: 1\r\nX-Y: 2\r\n");
    assert_status(sipwire_get(&m.msg, m.buf, SIPWIRE_HEADER_UNKNOWN, &value, NULL), E_UNTYPED);
    assert_status(sipwire_get(&m.msg, m.buf, UINT16_MAX, &value, NULL), E_UNTYPED);
    sipwire_iter_begin(&it, &m.msg, m.buf, SIPWIRE_HEADER_UNKNOWN);
    assert_status(sipwire_next(&it, &value, NULL), E_UNTYPED);
    assert_status(sipwire_next(&it, &value, NULL), END);
    assert_status(sipwire_value_parse(SIPWIRE_HEADER_UNKNOWN, STR("x"), true, &value, NULL, NULL), E_UNTYPED);
    message_free(&m);
}

static void get_compact_names_are_the_same_fields(void **state)
{
    (void)state;
    struct message m;
    sipwire_address to, from;
    sipwire_call_id id;
    sipwire_via via;
    sipwire_iter it;
    message_of(&m, OK_LINE "v: SIP/2.0/UDP h\r\nF: <sip:f>\r\nt: <sip:t>\r\nI: x@y\r\n");
    assert_status(sipwire_get_field_to(&m.msg, m.buf, &to, NULL), OK);
    assert_str(to.uri.host.text, "t");
    assert_status(sipwire_get_field_from(&m.msg, m.buf, &from, NULL), OK);
    assert_str(from.uri.host.text, "f");
    assert_status(sipwire_get_field_call_id(&m.msg, m.buf, &id, NULL), OK);
    assert_str(id.callid, "x@y");
    sipwire_begin_via(&it, &m.msg, m.buf);
    assert_status(sipwire_via_next(&it, &via, NULL), OK);
    assert_str(via.host.text, "h");
    message_free(&m);
}

static void get_address_holds_name_uri_and_tag(void **state)
{
    (void)state;
    struct message m;
    sipwire_address to;
    message_of(&m, OK_LINE "To: \"A \\\"B\\\"\" <sips:b@h;lr>;x=1;tag=t-1;y\r\n");
    assert_status(sipwire_get_field_to(&m.msg, m.buf, &to, NULL), OK);
    assert_int_equal(to.display_name.form, SIPWIRE_WIRE_QUOTED);
    assert_text(to.display_name, "A \"B\"");
    assert_str(to.uri.raw, "sips:b@h;lr");
    assert_int_equal(to.uri.params.count, 1);
    assert_text(to.tag, "t-1");
    assert_int_equal(to.params.count, 3);
    assert_false(to.star);
    assert_int_equal(to.q, -1);
    assert_true(to.expires == -1);
    message_free(&m);
}

static void get_address_of_tokens_keeps_their_blanks(void **state)
{
    (void)state;
    struct message m;
    sipwire_address to;
    message_of(&m, OK_LINE "To: Bob  von\r\n B <sip:b>\r\n");
    assert_status(sipwire_get_field_to(&m.msg, m.buf, &to, NULL), OK);
    assert_int_equal(to.display_name.form, SIPWIRE_WIRE);
    assert_text(to.display_name, "Bob  von B");
    assert_int_equal(to.display_name.len, strlen("Bob  von\r\n B"));
    message_free(&m);
}

static void get_address_empty_name_is_there(void **state)
{
    (void)state;
    struct message m;
    sipwire_address to;
    message_of(&m, OK_LINE "To: \"\"<sip:b>\r\n");
    assert_status(sipwire_get_field_to(&m.msg, m.buf, &to, NULL), OK);
    assert_non_null(to.display_name.ptr);
    assert_int_equal(to.display_name.len, 0);
    message_free(&m);
}

static void get_address_without_brackets_gives_parameters_to_the_field(void **state)
{
    (void)state;
    struct message m;
    sipwire_address to;
    message_of(&m, OK_LINE "To: sip:b@h;tag=1\r\n");
    assert_status(sipwire_get_field_to(&m.msg, m.buf, &to, NULL), OK);
    assert_absent(to.display_name);
    assert_str(to.uri.raw, "sip:b@h");
    assert_int_equal(to.uri.params.count, 0);
    assert_text(to.tag, "1");
    message_free(&m);
}

static void get_address_without_brackets_refuses_what_needs_them(void **state)
{
    (void)state;
    struct message m;
    sipwire_address to;
    sipwire_error err;
    message_of(&m, OK_LINE "To: sip:b@h?x=y\r\n");
    assert_status(sipwire_get_field_to(&m.msg, m.buf, &to, &err), E_SYNTAX);
    assert_int_equal(err.offset, place(&m, "?"));
    message_free(&m);
}

static void get_via_holds_its_parts(void **state)
{
    (void)state;
    sipwire_value value;
    const sipwire_via *via = &value.as.via;
    assert_status(
        sipwire_value_parse(SIPWIRE_HEADER_VIA,
                            STR("sip / 2.0 / Tcp [::1] : 5061;branch=z9hG4bK1;RECEIVED=192.0.2.1;rport=7;ttl=16;"
                                "maddr=m.example"),
                            true, &value, NULL, NULL),
        OK);
    assert_int_equal(value.shape, SIPWIRE_SHAPE_VIA);
    assert_str(via->protocol_name, "sip");
    assert_str(via->protocol_version, "2.0");
    assert_str(via->transport, "Tcp");
    assert_str(via->host.text, "::1");
    assert_int_equal(via->host.type, SIPWIRE_HOST_IPV6);
    assert_int_equal(via->port, 5061);
    assert_text(via->branch, "z9hG4bK1");
    assert_str(via->received.text, "192.0.2.1");
    assert_int_equal(via->received.type, SIPWIRE_HOST_IPV4);
    assert_int_equal(via->rport, 7);
    assert_int_equal(via->ttl, 16);
    assert_str(via->maddr.text, "m.example");
    assert_int_equal(via->params.count, 5);
}

static void get_via_received_may_be_a_bare_ipv6_address(void **state)
{
    (void)state;
    sipwire_value value;
    assert_status(sipwire_value_parse(SIPWIRE_HEADER_VIA, STR("SIP/2.0/UDP h;received=2001:db8::9;rport"), true, &value,
                                      NULL, NULL),
                  OK);
    assert_str(value.as.via.received.text, "2001:db8::9");
    assert_int_equal(value.as.via.received.type, SIPWIRE_HOST_IPV6);
    assert_int_equal(value.as.via.rport, -1);
    assert_int_equal(value.as.via.port, -1);
    assert_int_equal(value.as.via.ttl, -1);
}

static void get_media_type_holds_type_subtype_and_parameters(void **state)
{
    (void)state;
    struct message m;
    sipwire_media_type type;
    sipwire_param param;
    message_of(&m, OK_LINE "c: multipart / Mixed;\r\n boundary=\"b\"\r\n");
    assert_status(sipwire_get_field_content_type(&m.msg, m.buf, &type, NULL), OK);
    assert_str(type.m_type, "multipart");
    assert_str(type.m_subtype, "Mixed");
    assert_status(sipwire_param_get(&type.params, SIPWIRE_PARAM_BOUNDARY, &param), OK);
    assert_text(param.value, "b");
    message_free(&m);
}

static void get_number_within_its_range_is_ok(void **state)
{
    (void)state;
    struct message m;
    sipwire_number number;
    message_of(&m, OK_LINE "Max-Forwards: 255\r\nExpires: 4294967295\r\n");
    assert_status(sipwire_get_field_max_forwards(&m.msg, m.buf, &number, NULL), OK);
    assert_true(number.value == 255);
    assert_status(sipwire_get_field_expires(&m.msg, m.buf, &number, NULL), OK);
    assert_true(number.value == 4294967295);
    message_free(&m);
}

static void get_number_outside_its_range_is_refused(void **state)
{
    (void)state;
    struct message m;
    sipwire_number number;
    sipwire_cseq cseq;
    sipwire_error err;
    message_of(&m, OK_LINE "Max-Forwards: 256\r\nExpires: 4294967296\r\nCSeq: 2147483648 BYE\r\n");
    assert_status(sipwire_get_field_max_forwards(&m.msg, m.buf, &number, &err), E_RANGE);
    assert_error(&err, SIPWIRE_E_RANGE, place(&m, "256"), SIPWIRE_HEADER_MAX_FORWARDS, 0);
    assert_status(sipwire_get_field_expires(&m.msg, m.buf, &number, &err), E_RANGE);
    assert_status(sipwire_get_field_cseq(&m.msg, m.buf, &cseq, &err), E_RANGE);
    assert_error(&err, SIPWIRE_E_RANGE, place(&m, "2147483648"), SIPWIRE_HEADER_CSEQ, 2);
    message_free(&m);
}

static void get_text_empty_is_there(void **state)
{
    (void)state;
    struct message m;
    sipwire_text_utf8 subject;
    message_of(&m, OK_LINE "Subject:   \r\n");
    assert_status(sipwire_get_field_subject(&m.msg, m.buf, &subject, NULL), OK);
    assert_non_null(subject.text.ptr);
    assert_int_equal(subject.text.len, 0);
    assert_int_equal(subject.at.length, 0);
    assert_int_equal(subject.at.row, 0);
    message_free(&m);
}

static void get_text_that_may_not_be_empty_is_refused(void **state)
{
    (void)state;
    struct message m;
    sipwire_server agent;
    sipwire_error err;
    message_of(&m, OK_LINE "User-Agent: \r\n");
    assert_status(sipwire_get_field_user_agent(&m.msg, m.buf, &agent, &err), E_SYNTAX);
    assert_int_equal(err.offset, strlen(OK_LINE "User-Agent: "));
    message_free(&m);
}

static void get_text_with_fold_is_decoded_to_one_space(void **state)
{
    (void)state;
    struct message m;
    sipwire_text_utf8 subject;
    message_of(&m, OK_LINE "Subject: B\xC3\xBCro\r\n \tist zu\r\n");
    assert_status(sipwire_get_field_subject(&m.msg, m.buf, &subject, NULL), OK);
    assert_text(subject.text, "B\xC3\xBCro ist zu");
    message_free(&m);
}

static void get_text_of_broken_utf8_is_refused(void **state)
{
    (void)state;
    struct message m;
    sipwire_text_utf8 subject;
    sipwire_error err;
    message_of(&m, OK_LINE "Subject: a\xC3z\r\n");
    assert_status(sipwire_get_field_subject(&m.msg, m.buf, &subject, &err), E_SYNTAX);
    assert_int_equal(err.offset, place(&m, "z"));
    message_free(&m);
}

static void get_comment_nests_to_its_depth(void **state)
{
    (void)state;
    sipwire_value value;
    sipwire_error err;
    assert_status(sipwire_value_parse(SIPWIRE_HEADER_USER_AGENT, STR("a ((((((((x))))))))"), true, &value, NULL, NULL),
                  OK);
    assert_status(
        sipwire_value_parse(SIPWIRE_HEADER_USER_AGENT, STR("a (((((((((x)))))))))"), true, &value, NULL, &err),
        E_LIMIT_NESTING);
    assert_int_equal(err.offset, strlen("a (((((((("));
}

static void get_value_folded_right_after_the_colon_is_read(void **state)
{
    (void)state;
    struct message m;
    sipwire_cseq cseq;
    message_of(&m, OK_LINE "CSeq:\r\n 7\r\n BYE\r\n");
    assert_status(sipwire_get_field_cseq(&m.msg, m.buf, &cseq, NULL), OK);
    assert_int_equal(cseq.number, 7);
    assert_int_equal(cseq.method_id, SIPWIRE_METHOD_BYE);
    assert_int_equal(cseq.at.offset, place(&m, "7"));
    message_free(&m);
}

static void request_uri_of_a_request_is_parsed(void **state)
{
    (void)state;
    struct message m;
    sipwire_uri uri;
    message_of(&m, "INVITE sip:b@h;lr SIP/2.0\r\nTo: <sip:a>\r\n");
    assert_status(sipwire_request_uri(&m.msg, m.buf, &uri, NULL), OK);
    assert_str(uri.raw, "sip:b@h;lr");
    assert_str(uri.host.text, "h");
    message_free(&m);
}

static void request_uri_malformed_is_refused_where_it_is(void **state)
{
    (void)state;
    struct message m;
    sipwire_uri uri;
    sipwire_error err;
    message_of(&m, "INVITE sip:b@h:x SIP/2.0\r\nTo: <sip:a>\r\n");
    assert_status(sipwire_request_uri(&m.msg, m.buf, &uri, &err), E_SYNTAX);
    assert_int_equal(err.offset, place(&m, "x SIP"));
    message_free(&m);
}

static void request_uri_of_a_response_is_absent(void **state)
{
    (void)state;
    struct message m;
    sipwire_uri uri;
    message_of(&m, OK_LINE "To: <sip:a>\r\n");
    assert_status(sipwire_request_uri(&m.msg, m.buf, &uri, NULL), ABSENT);
    message_free(&m);
}

static void shape_members_describe_every_typed_field(void **state)
{
    (void)state;
    size_t typed = 0, count;
    for (uint16_t header = 0; header <= SIPWIRE_HIGHEST_HEADER + 1; header++) {
        sipwire_shape shape = sipwire_header_shape(header);
        const sipwire_member *members = sipwire_shape_members(shape, &count);
        assert_int_equal(shape != SIPWIRE_SHAPE_NONE, count > 0);
        for (size_t i = 0; i < count; i++) {
            assert_true(members[i].name[0] != '\0');
            assert_true(members[i].offset >= sizeof(sipwire_origin) && members[i].offset < sizeof(sipwire_value));
        }
        typed += shape != SIPWIRE_SHAPE_NONE;
    }
    assert_true(typed >= 24);
    assert_null(sipwire_shape_members((sipwire_shape)1000, &count));
    assert_int_equal(count, 0);
}

static void header_value_rule_is_the_name_of_one_element(void **state)
{
    (void)state;
    assert_string_equal(sipwire_header_value_rule(SIPWIRE_HEADER_REQUIRE), "option-tag");
    assert_string_equal(sipwire_header_value_rule(SIPWIRE_HEADER_VIA), "via-parm");
    assert_string_equal(sipwire_header_value_rule(SIPWIRE_HEADER_CSEQ), "");
    assert_string_equal(sipwire_header_value_rule(UINT16_MAX), "");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(get_cseq_present_is_ok),
        cmocka_unit_test(get_cseq_of_unknown_method_has_no_id),
        cmocka_unit_test(get_absent_field_is_absent),
        cmocka_unit_test(get_field_that_occurs_twice_is_duplicate),
        cmocka_unit_test(get_malformed_field_names_place_rule_and_row),
        cmocka_unit_test(get_value_cut_short_points_behind_it),
        cmocka_unit_test(get_list_with_a_getter_is_usage),
        cmocka_unit_test(get_into_another_shape_is_usage),
        cmocka_unit_test(get_untyped_field_is_untyped),
        cmocka_unit_test(get_compact_names_are_the_same_fields),
        cmocka_unit_test(get_address_holds_name_uri_and_tag),
        cmocka_unit_test(get_address_of_tokens_keeps_their_blanks),
        cmocka_unit_test(get_address_empty_name_is_there),
        cmocka_unit_test(get_address_without_brackets_gives_parameters_to_the_field),
        cmocka_unit_test(get_address_without_brackets_refuses_what_needs_them),
        cmocka_unit_test(get_via_holds_its_parts),
        cmocka_unit_test(get_via_received_may_be_a_bare_ipv6_address),
        cmocka_unit_test(get_media_type_holds_type_subtype_and_parameters),
        cmocka_unit_test(get_number_within_its_range_is_ok),
        cmocka_unit_test(get_number_outside_its_range_is_refused),
        cmocka_unit_test(get_text_empty_is_there),
        cmocka_unit_test(get_text_that_may_not_be_empty_is_refused),
        cmocka_unit_test(get_text_with_fold_is_decoded_to_one_space),
        cmocka_unit_test(get_text_of_broken_utf8_is_refused),
        cmocka_unit_test(get_comment_nests_to_its_depth),
        cmocka_unit_test(get_value_folded_right_after_the_colon_is_read),
        cmocka_unit_test(request_uri_of_a_request_is_parsed),
        cmocka_unit_test(request_uri_malformed_is_refused_where_it_is),
        cmocka_unit_test(request_uri_of_a_response_is_absent),
        cmocka_unit_test(shape_members_describe_every_typed_field),
        cmocka_unit_test(header_value_rule_is_the_name_of_one_element),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
