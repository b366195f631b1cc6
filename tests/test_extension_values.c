/* What typed values of header fields beyond RFC 3261 hold, where that is more than their grammar says.
 * SPDX-License-Identifier: MIT */
#include "support.h"

static sipwire_value value;
static sipwire_error err;

/* The status of one value by itself, in value and err. */
static sipwire_status parse(uint16_t header, const char *text)
{
    return sipwire_value_parse(header, (sipwire_str){text, strlen(text)}, true, &value, NULL, &err);
}

static void assert_refused_at(uint32_t offset, const char *rule)
{
    assert_int_equal(err.offset, offset);
    assert_string_equal(sipwire_rule_name(err.rule), rule);
}

static void event_templates_are_parted_from_the_package(void **state)
{
    (void)state;
    assert_status(parse(SIPWIRE_HEADER_EVENT, "presence.winfo.winfo;id=A1"), OK);
    assert_str(value.as.event.event_package, "presence");
    assert_str(value.as.event.event_templates, "winfo.winfo");
    assert_str(value.as.event.id, "A1");
    assert_status(parse(SIPWIRE_HEADER_ALLOW_EVENTS, "presence"), OK);
    assert_str(value.as.event.event_package, "presence");
    assert_absent(value.as.event.event_templates);
}

static void event_rate_of_three_digits_is_refused(void **state)
{
    (void)state;
    sipwire_param rate;
    assert_status(parse(SIPWIRE_HEADER_EVENT, "presence;max-rate=99.0123456789"), OK);
    assert_status(sipwire_param_get(&value.as.event.params, SIPWIRE_PARAM_MAX_RATE, &rate), OK);
    assert_text(rate.value, "99.0123456789");
    assert_status(parse(SIPWIRE_HEADER_EVENT, "presence;max-rate=100"), E_SYNTAX);
    assert_refused_at(20, "max-rate-param");
}

static void subscription_state_times_are_seconds(void **state)
{
    (void)state;
    assert_status(parse(SIPWIRE_HEADER_SUBSCRIPTION_STATE, "terminated;reason=giveup;retry-after=4294967295"), OK);
    assert_str(value.as.subscription_state.substate_value, "terminated");
    assert_str(value.as.subscription_state.reason, "giveup");
    assert_int_equal(value.as.subscription_state.retry_after, 4294967295);
    assert_int_equal(value.as.subscription_state.expires, -1);
    assert_status(parse(SIPWIRE_HEADER_SUBSCRIPTION_STATE, "active;expires=4294967296"), E_RANGE);
    assert_refused_at(15, "subexp-params");
}

static void session_expires_refresher_is_uas_or_uac(void **state)
{
    (void)state;
    assert_status(parse(SIPWIRE_HEADER_SESSION_EXPIRES, "90;refresher=UAC"), OK);
    assert_int_equal(value.as.session_interval.delta_seconds, 90);
    assert_str(value.as.session_interval.refresher, "UAC");
    assert_status(parse(SIPWIRE_HEADER_SESSION_EXPIRES, "90;refresher=uax"), E_SYNTAX);
    assert_refused_at(15, "refresher-param");
    assert_status(parse(SIPWIRE_HEADER_MIN_SE, "90;refresher=uax"), OK);
}

static void rseq_zero_is_out_of_range(void **state)
{
    (void)state;
    assert_status(parse(SIPWIRE_HEADER_RSEQ, "1"), OK);
    assert_status(parse(SIPWIRE_HEADER_RSEQ, "4294967295"), OK);
    assert_int_equal(value.as.number.value, 4294967295);
    assert_status(parse(SIPWIRE_HEADER_RSEQ, "0"), E_RANGE);
    assert_refused_at(0, "RSeq");
    assert_status(parse(SIPWIRE_HEADER_RSEQ, "4294967296"), E_RANGE);
}

static void rack_numbers_are_of_32_bits(void **state)
{
    (void)state;
    assert_status(parse(SIPWIRE_HEADER_RACK, "4294967295 4294967295\r\n PRACK"), OK);
    assert_int_equal(value.as.rack.response_num, 4294967295);
    assert_int_equal(value.as.rack.cseq_num, 4294967295);
    assert_int_equal(value.as.rack.method_id, SIPWIRE_METHOD_PRACK);
    assert_status(parse(SIPWIRE_HEADER_RACK, "1 4294967296 INVITE"), E_RANGE);
    assert_refused_at(2, "CSeq-num");
}

static void replaces_tag_twice_is_duplicate(void **state)
{
    (void)state;
    assert_status(parse(SIPWIRE_HEADER_REPLACES, "a@b;to-tag=1;from-tag=2;TO-TAG=3"), E_DUPLICATE_PARAM);
    assert_refused_at(24, "to-tag");
    assert_status(parse(SIPWIRE_HEADER_TARGET_DIALOG, "a;remote-tag=1;local-tag=2"), OK);
    assert_text(value.as.target_dialog.remote_tag, "1");
    assert_text(value.as.target_dialog.local_tag, "2");
}

static void session_id_of_capital_letters_is_refused(void **state)
{
    (void)state;
    assert_status(parse(SIPWIRE_HEADER_SESSION_ID, "AB30317f1a784dc48ff824d0d3715d86"), E_SYNTAX);
    assert_refused_at(0, "local-uuid");
    assert_status(parse(SIPWIRE_HEADER_SESSION_ID, "ab30317f1a784dc48ff824d0d3715d86;remote=0"), E_SYNTAX);
    assert_refused_at(41, "remote-uuid");
}

static void feature_tag_without_quotes_is_refused(void **state)
{
    (void)state;
    assert_status(parse(SIPWIRE_HEADER_ACCEPT_CONTACT, "*;audio;methods=\"INVITE,!BYE\";+a.b=\"#>=2\" ;require"), OK);
    assert_int_equal(value.as.feature_predicate.params.count, 4);
    assert_status(parse(SIPWIRE_HEADER_ACCEPT_CONTACT, "*;methods=INVITE"), E_SYNTAX);
    assert_refused_at(10, "feature-param");
    assert_status(parse(SIPWIRE_HEADER_REJECT_CONTACT, "*;class=\"a b\""), E_SYNTAX);
    assert_status(parse(SIPWIRE_HEADER_REJECT_CONTACT, "*;unknown=INVITE"), OK);
}

static void feature_caps_take_indicators_only(void **state)
{
    (void)state;
    sipwire_param param;
    assert_status(parse(SIPWIRE_HEADER_FEATURE_CAPS, "*;+sip.608;+a=\"<x y>\"\t"), OK);
    assert_status(sipwire_param_find(&value.as.feature_caps.params, STR("+A"), &param), OK);
    assert_text(param.value, "<x y>");
    assert_status(parse(SIPWIRE_HEADER_FEATURE_CAPS, "*;audio"), E_SYNTAX);
    assert_refused_at(2, "feature-cap");
    assert_status(parse(SIPWIRE_HEADER_FEATURE_CAPS, "*;+a=b"), E_SYNTAX);
}

static void request_disposition_of_unknown_word_is_refused(void **state)
{
    (void)state;
    assert_status(parse(SIPWIRE_HEADER_REQUEST_DISPOSITION, "No-Fork"), OK);
    assert_str(value.as.request_disposition.directive, "No-Fork");
    assert_status(parse(SIPWIRE_HEADER_REQUEST_DISPOSITION, "forks"), E_SYNTAX);
    assert_refused_at(4, "directive");
}

static void geolocation_without_brackets_is_refused(void **state)
{
    (void)state;
    assert_status(parse(SIPWIRE_HEADER_GEOLOCATION, "cid:a@b"), E_SYNTAX);
    assert_refused_at(0, "locationValue");
    assert_status(parse(SIPWIRE_HEADER_GEOLOCATION, "<sip:a@b:c>"), E_SYNTAX);
    assert_status(parse(SIPWIRE_HEADER_GEOLOCATION, "<pres:a>;loc-src=192.0.2.1"), E_SYNTAX);
    assert_refused_at(26, "domainlabel");
}

static void geolocation_routing_extension_has_its_value(void **state)
{
    (void)state;
    assert_status(parse(SIPWIRE_HEADER_GEOLOCATION_ROUTING, "x = \"a b\""), OK);
    assert_str(value.as.geolocation_routing.value, "x");
    assert_text(value.as.geolocation_routing.gen_value, "a b");
    assert_status(parse(SIPWIRE_HEADER_GEOLOCATION_ROUTING, "YES"), OK);
    assert_str(value.as.geolocation_routing.value, "YES");
    assert_absent(value.as.geolocation_routing.gen_value);
}

static void history_info_keeps_the_headers_of_its_uri(void **state)
{
    (void)state;
    assert_status(parse(SIPWIRE_HEADER_HISTORY_INFO, "Bob <sip:b@c?Reason=SIP%3Bcause%3D302>;index=1.10.0;mp=1"), OK);
    assert_text(value.as.history_info.display_name, "Bob");
    assert_str(value.as.history_info.uri.headers, "Reason=SIP%3Bcause%3D302");
    assert_str(value.as.history_info.index, "1.10.0");
    assert_str(value.as.history_info.mp, "1");
    assert_status(parse(SIPWIRE_HEADER_HISTORY_INFO, "<sip:a>;index=01"), E_SYNTAX);
    assert_refused_at(15, "number");
}

static void identity_digest_is_parted_at_its_dots(void **state)
{
    (void)state;
    const sipwire_identity *identity = &value.as.identity;
    assert_status(parse(SIPWIRE_HEADER_IDENTITY, "ab.c-.d_;info=<https://h/c>;alg=ES256;ppt=\"shaken\""), OK);
    assert_str(identity->jose_header, "ab");
    assert_str(identity->jws_payload, "c-");
    assert_str(identity->jws_signature, "d_");
    assert_str(identity->info.raw, "https://h/c");
    assert_str(identity->alg, "ES256");
    assert_text(identity->ppt, "shaken");
    assert_status(parse(SIPWIRE_HEADER_IDENTITY, "..sig ; info = <sip:a>;ppt=div"), OK);
    assert_absent(identity->jose_header);
    assert_absent(identity->jws_payload);
    assert_str(identity->jws_signature, "sig");
    assert_text(identity->ppt, "div");
}

static void identity_digest_that_is_no_passport_is_refused(void **state)
{
    (void)state;
    assert_status(parse(SIPWIRE_HEADER_IDENTITY, "a.b.c.d;info=<h:x>"), E_SYNTAX);
    assert_refused_at(5, "base64url-char");
    assert_status(parse(SIPWIRE_HEADER_IDENTITY, "a.b;info=<h:x>"), E_SYNTAX);
    assert_refused_at(3, "base64url-char");
    assert_status(parse(SIPWIRE_HEADER_IDENTITY, "..;info=<h:x>"), E_SYNTAX);
    assert_refused_at(2, "signed-identity-digest");
}

static void identity_without_info_first_is_refused(void **state)
{
    (void)state;
    assert_status(parse(SIPWIRE_HEADER_IDENTITY, "..s"), E_SYNTAX);
    assert_refused_at(3, "base64url-char");
    assert_status(parse(SIPWIRE_HEADER_IDENTITY, "..s;alg=ES256;info=<h:x>"), E_SYNTAX);
    assert_refused_at(4, "Identity");
    assert_status(parse(SIPWIRE_HEADER_IDENTITY, "..s/;info=<h:x>"), E_SYNTAX);
}

static void content_id_is_parted_at_its_at_sign(void **state)
{
    (void)state;
    assert_status(parse(SIPWIRE_HEADER_CONTENT_ID, "<a.b!#@[x@y]>"), OK);
    assert_str(value.as.content_id.id_left, "a.b!#");
    assert_str(value.as.content_id.id_right, "[x@y]");
    assert_status(parse(SIPWIRE_HEADER_CONTENT_ID, "<a..b@c>"), E_SYNTAX);
    assert_refused_at(3, "dot-atom-text");
}

static void error_codes_and_priorities_are_parted(void **state)
{
    (void)state;
    assert_status(parse(SIPWIRE_HEADER_ALERTMSG_ERROR, "099;message=\"a \\\"b\\\"\""), OK);
    assert_int_equal(value.as.alertmsg_error.error_code, 99);
    assert_text(value.as.alertmsg_error.message, "a \"b\"");
    assert_status(parse(SIPWIRE_HEADER_ALERTMSG_ERROR, "99"), E_SYNTAX);
    assert_status(parse(SIPWIRE_HEADER_GEOLOCATION_ERROR, "9;code=x"), E_SYNTAX);
    assert_refused_at(7, "quoted-string");
    assert_status(parse(SIPWIRE_HEADER_RESOURCE_PRIORITY, "q735.0"), OK);
    assert_str(value.as.resource_value.r_namespace, "q735");
    assert_str(value.as.resource_value.r_priority, "0");
    assert_status(parse(SIPWIRE_HEADER_RESOURCE_PRIORITY, "a.b.c"), E_SYNTAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(event_templates_are_parted_from_the_package),
        cmocka_unit_test(event_rate_of_three_digits_is_refused),
        cmocka_unit_test(subscription_state_times_are_seconds),
        cmocka_unit_test(session_expires_refresher_is_uas_or_uac),
        cmocka_unit_test(rseq_zero_is_out_of_range),
        cmocka_unit_test(rack_numbers_are_of_32_bits),
        cmocka_unit_test(replaces_tag_twice_is_duplicate),
        cmocka_unit_test(session_id_of_capital_letters_is_refused),
        cmocka_unit_test(feature_tag_without_quotes_is_refused),
        cmocka_unit_test(feature_caps_take_indicators_only),
        cmocka_unit_test(request_disposition_of_unknown_word_is_refused),
        cmocka_unit_test(geolocation_without_brackets_is_refused),
        cmocka_unit_test(geolocation_routing_extension_has_its_value),
        cmocka_unit_test(history_info_keeps_the_headers_of_its_uri),
        cmocka_unit_test(identity_digest_is_parted_at_its_dots),
        cmocka_unit_test(identity_digest_that_is_no_passport_is_refused),
        cmocka_unit_test(identity_without_info_first_is_refused),
        cmocka_unit_test(content_id_is_parted_at_its_at_sign),
        cmocka_unit_test(error_codes_and_priorities_are_parted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
