/* URIs by themselves: sip, sips, tel, any other scheme.
 * SPDX-License-Identifier: MIT */
#include "support.h"

/* Parses a copy in an exact block, which is left to the process's end: the URI points into it. */
static void taken(const char *text, sipwire_uri *out)
{
    sipwire_error err = {0};
    char *block = block_of(text, strlen(text));
    if (sipwire_uri_parse((sipwire_str){block, strlen(text)}, out, &err) != SIPWIRE_OK)
        fail_msg("%s: %s at %u", text, sipwire_status_name((sipwire_status)err.status), (unsigned)err.offset);
    assert_str(out->raw, text);
}

static void forget(sipwire_uri *uri)
{
    free((void *)(uintptr_t)uri->raw.ptr);
}

/* rule: NULL when more than one would do. */
static void refused(const char *text, sipwire_status status, uint32_t offset, const char *rule)
{
    sipwire_uri uri;
    sipwire_error err;
    char *block = block_of(text, strlen(text));
    FOR_EACH_LEVEL(level)
    {
        assert_int_equal(sipwire_uri_parse((sipwire_str){block, strlen(text)}, &uri, &err), status);
        assert_int_equal(err.status, status);
        assert_int_equal(err.offset, offset);
        if (rule)
            assert_string_equal(sipwire_rule_name(err.rule), rule);
        assert_int_equal(err.header, SIPWIRE_HEADER_UNKNOWN);
        assert_int_equal(err.row, UINT32_MAX);
    }
    free(block);
}

static void uri_sip_with_everything_is_taken_apart(void **state)
{
    (void)state;
    sipwire_uri uri;
    taken("SIP:a%41;x=1:p,w@Example.COM:5060;transport=tcp;lr?Subject=x&to=", &uri);
    assert_int_equal(uri.scheme, SIPWIRE_SCHEME_SIP);
    assert_str(uri.scheme_text, "SIP");
    assert_str(uri.user, "a%41;x=1");
    assert_str(uri.password, "p,w");
    assert_str(uri.host.text, "Example.COM");
    assert_int_equal(uri.host.type, SIPWIRE_HOST_NAME);
    assert_int_equal(uri.port, 5060);
    assert_int_equal(uri.params.count, 2);
    assert_int_equal(uri.params.len, strlen(";transport=tcp;lr"));
    assert_str(uri.headers, "Subject=x&to=");
    assert_absent(uri.number);
    assert_absent(uri.rest);
    forget(&uri);
}

static void uri_sip_of_a_host_alone_has_all_else_absent(void **state)
{
    (void)state;
    sipwire_uri uri;
    taken("sips:a", &uri);
    assert_int_equal(uri.scheme, SIPWIRE_SCHEME_SIPS);
    assert_str(uri.host.text, "a");
    assert_int_equal(uri.port, -1);
    assert_absent(uri.user);
    assert_absent(uri.password);
    assert_absent(uri.params);
    assert_int_equal(uri.params.count, 0);
    assert_absent(uri.headers);
    forget(&uri);
}

static void uri_sip_empty_password_is_there(void **state)
{
    (void)state;
    sipwire_uri uri;
    taken("sip:u:@h", &uri);
    assert_str(uri.user, "u");
    assert_str(uri.password, "");
    forget(&uri);
}

static void uri_sip_hosts_have_their_type(void **state)
{
    (void)state;
    static const struct {
        const char *uri, *host;
        uint32_t type;
    } table[] = {{"sip:a.b.", "a.b.", SIPWIRE_HOST_NAME},
                 {"sip:1.2.3.a4", "1.2.3.a4", SIPWIRE_HOST_NAME},
                 {"sip:1.2.3.4", "1.2.3.4", SIPWIRE_HOST_IPV4},
                 {"sip:255.255.255.255:0", "255.255.255.255", SIPWIRE_HOST_IPV4},
                 {"sip:[::]", "::", SIPWIRE_HOST_IPV6},
                 {"sip:[2001:db8::1:192.0.2.1]:65535", "2001:db8::1:192.0.2.1", SIPWIRE_HOST_IPV6}};
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        sipwire_uri uri;
        taken(table[i].uri, &uri);
        assert_str(uri.host.text, table[i].host);
        assert_int_equal(uri.host.type, table[i].type);
        forget(&uri);
    }
}

static void uri_sip_host_that_is_none_is_refused(void **state)
{
    (void)state;
    refused("sip:", SIPWIRE_E_SYNTAX, 4, "host");
    refused("sip:u@", SIPWIRE_E_SYNTAX, 6, "host");
    refused("sip:u@a..b", SIPWIRE_E_SYNTAX, 8, "hostname");
    refused("sip:a-", SIPWIRE_E_SYNTAX, 6, "hostname");
    refused("sip:1.2.3.256", SIPWIRE_E_SYNTAX, 13, "domainlabel");
    refused("sip:1.2.3", SIPWIRE_E_SYNTAX, 9, "host");
    refused("sip:[1::2::3]", SIPWIRE_E_SYNTAX, 10, "IPv6address");
    refused("sip:::1", SIPWIRE_E_SYNTAX, 4, "host");
    refused("sip:u@a_b", SIPWIRE_E_SYNTAX, 7, NULL);
}

static void uri_sip_port_outside_range_is_refused(void **state)
{
    (void)state;
    sipwire_uri uri;
    refused("sip:h:65536", SIPWIRE_E_RANGE, 6, "port");
    refused("sip:h:99999999999999999999", SIPWIRE_E_RANGE, 6, "port");
    refused("sip:h:", SIPWIRE_E_SYNTAX, 6, "hostport");
    taken("sip:h:000005060", &uri);
    assert_int_equal(uri.port, 5060);
    forget(&uri);
}

static void uri_sip_without_at_may_still_be_a_user(void **state)
{
    (void)state;
    refused("sip:a..b", SIPWIRE_E_SYNTAX, 8, "user");
    refused("sip:h;ttl=x", SIPWIRE_E_SYNTAX, 11, "user");
    refused("sip:a_b[", SIPWIRE_E_SYNTAX, 7, "user");
}

static void uri_ttl_is_0_to_255(void **state)
{
    (void)state;
    static const char *const good[] = {"sip:h;ttl=0", "sip:u@h;ttl=255", "sips:h;a;TTL=007;b", "sip:u@h;xttl=256"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_status(sipwire_uri_parse((sipwire_str){good[i], strlen(good[i])}, &(sipwire_uri){0}, NULL), OK);
    refused("sip:h;ttl=256", SIPWIRE_E_RANGE, 10, "ttl-param");
    refused("sip:u@h;a=1;TTL=999;b", SIPWIRE_E_RANGE, 16, "ttl-param");
    refused("sip:u@h;ttl=2555", SIPWIRE_E_SYNTAX, 15, "ttl");
    refused("sip:u@h;ttl=256;lr=\"", SIPWIRE_E_RANGE, 12, "ttl-param");
    refused("sip:u@h;ttl=256@", SIPWIRE_E_SYNTAX, 15, "uri-parameter");
}

static void uri_sip_second_at_is_refused(void **state)
{
    (void)state;
    refused("sip:a@b@c", SIPWIRE_E_SYNTAX, 7, "host");
    refused("sip:@h", SIPWIRE_E_SYNTAX, 4, "user");
}

static void uri_sip_parameters_must_match_their_rules(void **state)
{
    (void)state;
    refused("sip:u@h;ttl=x", SIPWIRE_E_SYNTAX, 12, "ttl");
    refused("sip:h;maddr=[::", SIPWIRE_E_SYNTAX, 15, "IPv6address");
    refused("sip:h;maddr", SIPWIRE_E_SYNTAX, 11, "maddr-param");
    refused("sip:u@h;maddr?a=b", SIPWIRE_E_SYNTAX, 13, "maddr-param");
    refused("sip:h;x=", SIPWIRE_E_SYNTAX, 8, "uri-parameter");
    refused("sip:h;", SIPWIRE_E_SYNTAX, 6, "uri-parameter");
    refused("sip:h;lr;transport=udp;LR", SIPWIRE_E_DUPLICATE_PARAM, 23, "lr-param");
}

static void uri_sip_flag_with_a_value_is_another_parameter(void **state)
{
    (void)state;
    sipwire_uri uri;
    sipwire_param param;
    taken("sip:h;lr=on", &uri);
    assert_status(sipwire_param_get(&uri.params, SIPWIRE_PARAM_LR, &param), OK);
    assert_text(param.value, "on");
    forget(&uri);
}

static void uri_sip_headers_are_checked(void **state)
{
    (void)state;
    refused("sip:h?", SIPWIRE_E_SYNTAX, 6, "headers");
    refused("sip:h?a", SIPWIRE_E_SYNTAX, 7, "hname");
    refused("sip:h?a=b&", SIPWIRE_E_SYNTAX, 10, "headers");
    refused("sip:h?a=%4", SIPWIRE_E_SYNTAX, 10, "escaped");
}

static void uri_tel_global_number_is_taken_apart(void **state)
{
    (void)state;
    sipwire_uri uri;
    sipwire_param param;
    taken("tel:+1-201-555-0123;isub=1411;x=%41", &uri);
    assert_int_equal(uri.scheme, SIPWIRE_SCHEME_TEL);
    assert_str(uri.number, "+1-201-555-0123");
    assert_int_equal(uri.params.count, 2);
    assert_status(sipwire_param_get(&uri.params, SIPWIRE_PARAM_ISUB, &param), OK);
    assert_text(param.value, "1411");
    assert_absent(uri.host.text);
    assert_int_equal(uri.port, -1);
    forget(&uri);
}

static void uri_tel_local_number_needs_a_context(void **state)
{
    (void)state;
    sipwire_uri uri;
    taken("tel:7042;ext=5;phone-context=example.com", &uri);
    assert_str(uri.number, "7042");
    assert_int_equal(uri.params.count, 2);
    forget(&uri);
    taken("tel:863-1234;phone-context=+1-914-555", &uri);
    forget(&uri);
    refused("tel:7042", SIPWIRE_E_SYNTAX, 8, "local-number-digits");
    refused("tel:7042;ext=5", SIPWIRE_E_SYNTAX, 14, "par");
}

static void uri_tel_number_that_is_none_is_refused(void **state)
{
    (void)state;
    refused("tel:", SIPWIRE_E_SYNTAX, 4, "telephone-subscriber");
    refused("tel:+", SIPWIRE_E_SYNTAX, 5, "global-number-digits");
    refused("tel:+-", SIPWIRE_E_SYNTAX, 6, "global-number-digits");
    refused("tel:+1a", SIPWIRE_E_SYNTAX, 6, "global-number-digits");
}

static void uri_tel_parameter_twice_is_refused(void **state)
{
    (void)state;
    refused("tel:+1;isub=1;isub=2", SIPWIRE_E_DUPLICATE_PARAM, 14, "par");
    refused("tel:1;phone-context=a;Phone-Context=a", SIPWIRE_E_SYNTAX, 35, "pname");
}

static void uri_of_other_scheme_has_its_rest(void **state)
{
    (void)state;
    sipwire_uri uri;
    taken("http://u@h:80/a/b;c?d", &uri);
    assert_int_equal(uri.scheme, SIPWIRE_SCHEME_OTHER);
    assert_str(uri.scheme_text, "http");
    assert_str(uri.rest, "//u@h:80/a/b;c?d");
    assert_absent(uri.host.text);
    assert_absent(uri.user);
    forget(&uri);
    taken("urn:service:sos", &uri);
    assert_str(uri.rest, "service:sos");
    forget(&uri);
    refused("http:", SIPWIRE_E_SYNTAX, 5, NULL);
    refused("http:a b", SIPWIRE_E_SYNTAX, 6, NULL);
}

/* RFC 9796: a Call-Info of which only the parameters matter names <data:>. */
static void uri_data_may_have_nothing_behind_it(void **state)
{
    (void)state;
    sipwire_uri uri;
    taken("Data:", &uri);
    assert_int_equal(uri.scheme, SIPWIRE_SCHEME_OTHER);
    assert_str(uri.scheme_text, "Data");
    assert_int_equal(uri.rest.len, 0);
    forget(&uri);
    refused("dat:", SIPWIRE_E_SYNTAX, 4, "hier-part");
    refused("data: ", SIPWIRE_E_SYNTAX, 5, NULL);
}

static void uri_malformed_known_scheme_is_no_opaque_uri(void **state)
{
    (void)state;
    refused("sip://h", SIPWIRE_E_SYNTAX, 7, "user");
    refused("TEL:abc;x=1", SIPWIRE_E_SYNTAX, 11, NULL);
}

static void uri_without_scheme_is_refused(void **state)
{
    (void)state;
    refused("", SIPWIRE_E_SYNTAX, 0, "scheme");
    refused("sip", SIPWIRE_E_SYNTAX, 3, "scheme");
    refused("1a:b", SIPWIRE_E_SYNTAX, 0, "scheme");
    refused("a_b:c", SIPWIRE_E_SYNTAX, 1, "scheme");
    refused(" sip:h", SIPWIRE_E_SYNTAX, 0, "scheme");
    refused("<sip:h>", SIPWIRE_E_SYNTAX, 0, "scheme");
}

static void uri_null_text_is_empty(void **state)
{
    (void)state;
    sipwire_uri uri;
    assert_status(sipwire_uri_parse((sipwire_str){NULL, 0}, &uri, NULL), E_SYNTAX);
}

static void uri_longer_than_limit_is_refused(void **state)
{
    (void)state;
    enum { LIMIT = 65536 };
    char *text = malloc(LIMIT + 1);
    assert_non_null(text);
    memset(text, 'a', LIMIT + 1);
    memcpy(text, "sip:", 4);
    sipwire_uri uri;
    sipwire_error err;
    assert_status(sipwire_uri_parse((sipwire_str){text, LIMIT}, &uri, &err), OK);
    assert_status(sipwire_uri_parse((sipwire_str){text, LIMIT + 1}, &uri, &err), E_LIMIT_URI);
    assert_int_equal(err.offset, LIMIT);
    free(text);
}

/* A Route whose URI has `extra` octets more than max_uri allows. */
static void value_uri_longer_than_the_messages_limit_is_refused(void **state)
{
    (void)state;
    static const char buf[] = "SIP/2.0 200 OK\r\nTo: <sip:abcdef>\r\nRoute: <sip:abcdefg>\r\n\r\n";
    sipwire_row rows[4];
    sipwire_msg msg;
    sipwire_address to;
    sipwire_error err;
    sipwire_options options = SIPWIRE_OPTIONS_INIT;
    options.max_uri = 10;
    sipwire_msg_init(&msg, rows, 4, &options);
    assert_status(sipwire_parse(&msg, buf, sizeof buf - 1, NULL), OK);
    assert_status(sipwire_get_field_to(&msg, buf, &to, NULL), OK);
    sipwire_iter it;
    sipwire_begin_route(&it, &msg, buf);
    assert_status(sipwire_address_next(&it, &to, &err), E_LIMIT_URI);
    assert_int_equal(err.offset, strstr(buf, "g>") - buf);
    assert_int_equal(err.row, 1);
}

static void uri_header_is_found_by_its_decoded_name(void **state)
{
    (void)state;
    sipwire_uri uri;
    sipwire_uri_header header;
    uint32_t cursor = 0;
    taken("sip:b@c?R%65ason=SIP%3Bcause%3D302&empty=&Privacy=none", &uri);
    assert_status(sipwire_uri_header_next(&uri, &cursor, &header), OK);
    assert_str(header.name, "R%65ason");
    assert_str(header.value, "SIP%3Bcause%3D302");
    assert_status(sipwire_uri_header_next(&uri, &cursor, &header), OK);
    assert_str(header.name, "empty");
    assert_int_equal(header.value.len, 0);
    assert_status(sipwire_uri_header_next(&uri, &cursor, &header), OK);
    assert_status(sipwire_uri_header_next(&uri, &cursor, &header), END);
    assert_status(sipwire_uri_header_find(&uri, STR("REASON"), &header), OK);
    assert_str(header.value, "SIP%3Bcause%3D302");
    assert_status(sipwire_uri_header_find(&uri, STR("privacy"), &header), OK);
    assert_str(header.value, "none");
    for (size_t i = 0; i < 3; i++) {
        static const char *const others[] = {"Reaso", "Reasons", ""};
        assert_status(sipwire_uri_header_find(&uri, (sipwire_str){others[i], strlen(others[i])}, &header), ABSENT);
        assert_absent(header.name);
    }
    forget(&uri);
    taken("sip:b@c", &uri);
    assert_status(sipwire_uri_header_find(&uri, STR("Reason"), &header), ABSENT);
    forget(&uri);
}

static void uri_header_of_history_info_is_read_as_its_field(void **state)
{
    (void)state;
    sipwire_value entry, reason;
    sipwire_uri_header header;
    char text[64];
    size_t len;
    assert_status(
        sipwire_value_parse(SIPWIRE_HEADER_HISTORY_INFO,
                            STR("<sip:b@c?Reason=SIP%3Bcause%3D302%3Btext%3D%22a%20b%22&Privacy=history>;index=1"),
                            true, &entry, NULL, NULL),
        OK);
    assert_status(sipwire_uri_header_find(&entry.as.history_info.uri, STR("Reason"), &header), OK);
    assert_status(sipwire_uri_unescape(header.value, text, sizeof text, &len), OK);
    assert_status(sipwire_value_parse(SIPWIRE_HEADER_REASON, (sipwire_str){text, len}, true, &reason, NULL, NULL), OK);
    assert_str(reason.as.reason.protocol, "SIP");
    assert_int_equal(reason.as.reason.cause, 302);
    assert_text(reason.as.reason.text, "a b");
}

static void uri_unescape_tells_the_need_and_leaves_what_is_no_escape(void **state)
{
    (void)state;
    char text[8] = "xxxxxxx";
    size_t needed = 0;
    assert_status(sipwire_uri_unescape(STR("a%3B%0ab"), text, 2, &needed), E_SPACE);
    assert_int_equal(needed, 4);
    assert_memory_equal(text, "a;x", 3);
    assert_status(sipwire_uri_unescape(STR("%%4%g0%7E%"), text, sizeof text, &needed), OK);
    assert_int_equal(needed, 8);
    assert_memory_equal(text, "%%4%g0~%", 8);
    assert_status(sipwire_uri_unescape((sipwire_str){NULL, 0}, NULL, 0, NULL), OK);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(uri_sip_with_everything_is_taken_apart),
        cmocka_unit_test(uri_sip_of_a_host_alone_has_all_else_absent),
        cmocka_unit_test(uri_sip_empty_password_is_there),
        cmocka_unit_test(uri_sip_hosts_have_their_type),
        cmocka_unit_test(uri_sip_host_that_is_none_is_refused),
        cmocka_unit_test(uri_sip_port_outside_range_is_refused),
        cmocka_unit_test(uri_sip_without_at_may_still_be_a_user),
        cmocka_unit_test(uri_ttl_is_0_to_255),
        cmocka_unit_test(uri_sip_second_at_is_refused),
        cmocka_unit_test(uri_sip_parameters_must_match_their_rules),
        cmocka_unit_test(uri_sip_flag_with_a_value_is_another_parameter),
        cmocka_unit_test(uri_sip_headers_are_checked),
        cmocka_unit_test(uri_tel_global_number_is_taken_apart),
        cmocka_unit_test(uri_tel_local_number_needs_a_context),
        cmocka_unit_test(uri_tel_number_that_is_none_is_refused),
        cmocka_unit_test(uri_tel_parameter_twice_is_refused),
        cmocka_unit_test(uri_header_is_found_by_its_decoded_name),
        cmocka_unit_test(uri_header_of_history_info_is_read_as_its_field),
        cmocka_unit_test(uri_unescape_tells_the_need_and_leaves_what_is_no_escape),
        cmocka_unit_test(uri_of_other_scheme_has_its_rest),
        cmocka_unit_test(uri_data_may_have_nothing_behind_it),
        cmocka_unit_test(uri_malformed_known_scheme_is_no_opaque_uri),
        cmocka_unit_test(uri_without_scheme_is_refused),
        cmocka_unit_test(uri_null_text_is_empty),
        cmocka_unit_test(uri_longer_than_limit_is_refused),
        cmocka_unit_test(value_uri_longer_than_the_messages_limit_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
