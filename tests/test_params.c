/* Parameters: reading them one by one, by id and by name, and what their values must be.
 * SPDX-License-Identifier: MIT */
#include "support.h"

static sipwire_status parse(uint16_t header, const char *text, sipwire_value *out, sipwire_error *err)
{
    return sipwire_value_parse(header, (sipwire_str){text, strlen(text)}, true, out, NULL, err);
}

static const sipwire_params *params_of(const char *to, sipwire_value *out)
{
    assert_status(parse(SIPWIRE_HEADER_TO, to, out, NULL), OK);
    return &out->as.address.params;
}

static void refused(uint16_t header, const char *text, sipwire_status status, uint32_t offset, const char *rule)
{
    sipwire_value value;
    sipwire_error err;
    char *block = block_of(text, strlen(text));
    assert_int_equal(sipwire_value_parse(header, (sipwire_str){block, strlen(text)}, true, &value, NULL, &err), status);
    assert_int_equal(err.status, status);
    assert_int_equal(err.offset, offset);
    assert_string_equal(sipwire_rule_name(err.rule), rule);
    assert_int_equal(err.header, header);
    assert_int_equal(err.row, UINT32_MAX);
    free(block);
}

static void param_next_without_parameters_ends(void **state)
{
    (void)state;
    sipwire_value to;
    sipwire_param param;
    uint32_t cursor = 0;
    const sipwire_params *params = params_of("<sip:a>", &to);
    assert_absent(*params);
    assert_int_equal(params->count, 0);
    assert_status(sipwire_param_next(params, &cursor, &param), END);
}

static void param_next_gives_each_in_order(void **state)
{
    (void)state;
    sipwire_value to;
    sipwire_param param;
    uint32_t cursor = 0;
    const sipwire_params *params = params_of("<sip:a>;x;Tag=1 ; y = \"q;\\\"=\" ;\r\n z=[::1]", &to);
    assert_int_equal(params->count, 4);
    assert_status(sipwire_param_next(params, &cursor, &param), OK);
    assert_str(param.name, "x");
    assert_absent(param.value);
    assert_int_equal(param.id, SIPWIRE_PARAM_UNKNOWN);
    assert_status(sipwire_param_next(params, &cursor, &param), OK);
    assert_str(param.name, "Tag");
    assert_text(param.value, "1");
    assert_int_equal(param.id, SIPWIRE_PARAM_TAG);
    assert_status(sipwire_param_next(params, &cursor, &param), OK);
    assert_str(param.name, "y");
    assert_int_equal(param.value.form, SIPWIRE_WIRE_QUOTED);
    assert_text(param.value, "q;\"=");
    assert_status(sipwire_param_next(params, &cursor, &param), OK);
    assert_str(param.name, "z");
    assert_text(param.value, "[::1]");
    assert_status(sipwire_param_next(params, &cursor, &param), END);
    assert_status(sipwire_param_next(params, &cursor, &param), END);
}

static void param_next_empty_quoted_value_is_there(void **state)
{
    (void)state;
    sipwire_value to;
    sipwire_param param;
    assert_status(sipwire_param_get(params_of("<sip:a>;tag=1", &to), SIPWIRE_PARAM_TAG, &param), OK);
    uint32_t cursor = 0;
    assert_status(sipwire_param_next(params_of("<sip:a>;x=\"\"", &to), &cursor, &param), OK);
    assert_non_null(param.value.ptr);
    assert_int_equal(param.value.len, 0);
    assert_int_equal(param.value.form, SIPWIRE_WIRE_QUOTED);
}

static void param_get_finds_by_id_in_any_letter_case(void **state)
{
    (void)state;
    sipwire_value to;
    sipwire_param param;
    const sipwire_params *params = params_of("<sip:a>;x=1;TAG=t", &to);
    assert_status(sipwire_param_get(params, SIPWIRE_PARAM_TAG, &param), OK);
    assert_text(param.value, "t");
    assert_status(sipwire_param_get(params, SIPWIRE_PARAM_BRANCH, &param), ABSENT);
    assert_absent(param.name);
    assert_status(sipwire_param_get(params, SIPWIRE_PARAM_UNKNOWN, &param), ABSENT);
}

static void param_find_finds_by_name_in_any_letter_case(void **state)
{
    (void)state;
    sipwire_value to;
    sipwire_param param;
    const sipwire_params *params = params_of("<sip:a>;x=1;X-Y=2;xx", &to);
    assert_status(sipwire_param_find(params, STR("x-y"), &param), OK);
    assert_text(param.value, "2");
    assert_status(sipwire_param_find(params, STR("XX"), &param), OK);
    assert_absent(param.value);
    assert_status(sipwire_param_find(params, STR("x-"), &param), ABSENT);
    assert_status(sipwire_param_find(params, STR(""), &param), ABSENT);
    /* no letter case where there is no letter */
    params = params_of("<sip:a>;~", &to);
    assert_status(sipwire_param_find(params, STR("^"), &param), ABSENT);
}

static void param_twice_without_a_rule_of_its_own_is_not_believed(void **state)
{
    (void)state;
    sipwire_value to;
    sipwire_param param;
    const sipwire_params *params = params_of("<sip:a>;x=1;ttl;y;X=2;TTL=\"x\"", &to);
    assert_status(sipwire_param_find(params, STR("x"), &param), E_DUPLICATE_PARAM);
    assert_absent(param.name);
    assert_status(sipwire_param_get(params, SIPWIRE_PARAM_TTL, &param), E_DUPLICATE_PARAM);
    assert_absent(param.name);
    assert_status(sipwire_param_find(params, STR("Ttl"), &param), E_DUPLICATE_PARAM);
    assert_status(sipwire_param_find(params, STR("y"), &param), OK);
    assert_str(param.name, "y");
}

static void value_known_parameter_twice_is_duplicate(void **state)
{
    (void)state;
    refused(SIPWIRE_HEADER_TO, "<sip:a>;tag=1;x;Tag=2", SIPWIRE_E_DUPLICATE_PARAM, 16, "tag-param");
    refused(SIPWIRE_HEADER_VIA, "SIP/2.0/UDP h;branch=a;branch=a", SIPWIRE_E_DUPLICATE_PARAM, 23, "via-branch");
    refused(SIPWIRE_HEADER_TO, "<sip:a;lr;lr>", SIPWIRE_E_DUPLICATE_PARAM, 10, "lr-param");
    refused(SIPWIRE_HEADER_TO, "<tel:+1;ext=1;ext=2>", SIPWIRE_E_DUPLICATE_PARAM, 14, "par");
}

/* EQUAL takes one fold; another one would be of the value, and only a quoted-string begins with blanks. */
static void param_second_fold_before_a_value_is_refused_unless_it_may_be_quoted(void **state)
{
    (void)state;
    sipwire_value value;
    refused(SIPWIRE_HEADER_REASON, "SIP;cause=\r\n \r\n 1", SIPWIRE_E_SYNTAX, 13, "cause");
    refused(SIPWIRE_HEADER_REASON, "SIP;cause=\r\n \r0", SIPWIRE_E_SYNTAX, 13, "cause");
    refused(SIPWIRE_HEADER_REASON, "SIP;cause=\r\n \r\n \"1\"", SIPWIRE_E_SYNTAX, 13, "cause");
    refused(SIPWIRE_HEADER_REASON, "SIP;cause=\r\n \"1\"", SIPWIRE_E_SYNTAX, 13, "cause");
    refused(SIPWIRE_HEADER_REASON, "SIP;text=\r\n \r\n a", SIPWIRE_E_SYNTAX, 15, "reason-params");
    assert_status(parse(SIPWIRE_HEADER_REASON, "SIP;text=\r\n \r\n \"a\"", &value, NULL), OK);
    assert_text(value.as.reason.text, "a");
}

/* At every level: the straight paths of the vector levels read parameters by themselves. */
static void param_that_leads_a_value_has_no_separator_before_it(void **state)
{
    (void)state;
    sipwire_value value;
    FOR_EACH_LEVEL(level)
    {
        assert_status(parse(SIPWIRE_HEADER_P_CHARGING_FUNCTION_ADDRESSES, "ccf=1", &value, NULL), OK);
        refused(SIPWIRE_HEADER_P_CHARGING_FUNCTION_ADDRESSES, ";ccf=1", SIPWIRE_E_SYNTAX, 0, "token");
    }
}

static void value_unknown_parameter_twice_is_taken(void **state)
{
    (void)state;
    sipwire_value to;
    assert_int_equal(params_of("<sip:a>;x=1;x=2", &to)->count, 2);
}

static void value_known_parameter_must_match_its_own_rule(void **state)
{
    (void)state;
    refused(SIPWIRE_HEADER_TO, "<sip:a>;tag=\"q\"", SIPWIRE_E_SYNTAX, 12, "token");
    refused(SIPWIRE_HEADER_TO, "<sip:a>;tag", SIPWIRE_E_SYNTAX, 11, "tag-param");
    refused(SIPWIRE_HEADER_TO, "<sip:a>;tag ;x", SIPWIRE_E_SYNTAX, 12, "tag-param");
    refused(SIPWIRE_HEADER_VIA, "SIP/2.0/UDP h;ttl=x", SIPWIRE_E_SYNTAX, 18, "ttl");
    refused(SIPWIRE_HEADER_VIA, "SIP/2.0/UDP h;ttl=1234", SIPWIRE_E_SYNTAX, 21, "ttl");
    refused(SIPWIRE_HEADER_VIA, "SIP/2.0/UDP h;received=host", SIPWIRE_E_SYNTAX, 23, "via-received");
    refused(SIPWIRE_HEADER_CONTACT, "<sip:a>;q=1.5", SIPWIRE_E_SYNTAX, 12, "qvalue");
    refused(SIPWIRE_HEADER_CONTACT, "<sip:a>;expires=", SIPWIRE_E_SYNTAX, 16, "contact-params");
}

static void value_catch_all_takes_other_parameters(void **state)
{
    (void)state;
    sipwire_value value;
    assert_status(parse(SIPWIRE_HEADER_VIA, "SIP/2.0/UDP h;tag;q=x;expires=\"y\"", &value, NULL), OK);
    assert_status(parse(SIPWIRE_HEADER_TO, "<sip:a>;branch;received=x;rport", &value, NULL), OK);
}

static void value_number_of_parameter_outside_range_is_refused(void **state)
{
    (void)state;
    refused(SIPWIRE_HEADER_VIA, "SIP/2.0/UDP h;ttl=256", SIPWIRE_E_RANGE, 18, "via-ttl");
    refused(SIPWIRE_HEADER_VIA, "SIP/2.0/UDP h;rport=65536", SIPWIRE_E_RANGE, 20, "response-port");
    refused(SIPWIRE_HEADER_CONTACT, "<sip:a>;expires=4294967296", SIPWIRE_E_RANGE, 16, "c-p-expires");
    refused(SIPWIRE_HEADER_CONTACT, "<sip:a>;expires=99999999999999999999999999", SIPWIRE_E_RANGE, 16, "c-p-expires");
    sipwire_value value;
    assert_status(parse(SIPWIRE_HEADER_CONTACT, "<sip:a>;expires=4294967295", &value, NULL), OK);
    assert_true(value.as.address.expires == 4294967295);
    assert_status(parse(SIPWIRE_HEADER_CONTACT, "<sip:a>;expires=000000000000000000000000001", &value, NULL), OK);
    assert_true(value.as.address.expires == 1);
}

static void value_q_is_read_in_thousandths(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int32_t q;
    } table[] = {{"<sip:a>", -1},         {"<sip:a>;q=0", 0},     {"<sip:a>;q=1", 1000},
                 {"<sip:a>;q=0.", 0},     {"<sip:a>;q=1.", 1000}, {"<sip:a>;q=0.7", 700},
                 {"<sip:a>;Q=0.35", 350}, {"<sip:a>;q=0.001", 1}, {"<sip:a>;q=1.000", 1000}};
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        sipwire_value value;
        assert_status(parse(SIPWIRE_HEADER_CONTACT, table[i].text, &value, NULL), OK);
        assert_int_equal(value.as.address.q, table[i].q);
    }
    refused(SIPWIRE_HEADER_CONTACT, "<sip:a>;q=0.1234", SIPWIRE_E_SYNTAX, 15, "qvalue");
    refused(SIPWIRE_HEADER_CONTACT, "<sip:a>;q=1.001", SIPWIRE_E_SYNTAX, 14, "qvalue");
    refused(SIPWIRE_HEADER_CONTACT, "<sip:a>;q=.5", SIPWIRE_E_SYNTAX, 10, "qvalue");
}

/* A To with n parameters in a message with a limit. */
static sipwire_status limited(uint32_t n, uint32_t max, sipwire_error *err)
{
    static char buf[4096];
    sipwire_row rows[4];
    sipwire_msg msg;
    sipwire_value value;
    size_t len = (size_t)snprintf(buf, sizeof buf, "SIP/2.0 200 OK\r\nTo: <sip:a>");
    for (uint32_t i = 0; i < n; i++)
        len += (size_t)snprintf(buf + len, sizeof buf - len, ";p%u", (unsigned)i);
    len += (size_t)snprintf(buf + len, sizeof buf - len, "\r\n\r\n");
    sipwire_options options = SIPWIRE_OPTIONS_INIT;
    options.max_params = max;
    sipwire_msg_init(&msg, rows, 4, &options);
    assert_status(sipwire_parse(&msg, buf, len, NULL), OK);
    return sipwire_get(&msg, buf, SIPWIRE_HEADER_TO, &value, err);
}

static void value_more_parameters_than_limit_is_refused(void **state)
{
    (void)state;
    sipwire_error err;
    assert_status(limited(3, 3, &err), OK);
    assert_status(limited(4, 3, &err), E_LIMIT_PARAMS);
    assert_int_equal(err.offset, strlen("SIP/2.0 200 OK\r\nTo: <sip:a>;p0;p1;p2;"));
    assert_int_equal(err.header, SIPWIRE_HEADER_TO);
    assert_int_equal(err.row, 0);
    assert_status(limited(200, 0, &err), OK);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(param_next_without_parameters_ends),
        cmocka_unit_test(param_next_gives_each_in_order),
        cmocka_unit_test(param_next_empty_quoted_value_is_there),
        cmocka_unit_test(param_get_finds_by_id_in_any_letter_case),
        cmocka_unit_test(param_find_finds_by_name_in_any_letter_case),
        cmocka_unit_test(param_twice_without_a_rule_of_its_own_is_not_believed),
        cmocka_unit_test(value_known_parameter_twice_is_duplicate),
        cmocka_unit_test(param_second_fold_before_a_value_is_refused_unless_it_may_be_quoted),
        cmocka_unit_test(param_that_leads_a_value_has_no_separator_before_it),
        cmocka_unit_test(value_unknown_parameter_twice_is_taken),
        cmocka_unit_test(value_known_parameter_must_match_its_own_rule),
        cmocka_unit_test(value_catch_all_takes_other_parameters),
        cmocka_unit_test(value_number_of_parameter_outside_range_is_refused),
        cmocka_unit_test(value_q_is_read_in_thousandths),
        cmocka_unit_test(value_more_parameters_than_limit_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
