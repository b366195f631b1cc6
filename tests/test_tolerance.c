/* Tolerances: each by its example in grammar/tolerances.tsv, and what they must not do.
 * SPDX-License-Identifier: MIT */
#include "lenient.h"

#include "tolerance_examples.h"

enum { EXAMPLES = sizeof examples / sizeof examples[0] };

static void read_example(struct lenient *l, const struct example *example, uint64_t accept)
{
    if (example->field)
        read_field(l, example->text, accept);
    else
        read_text(l, example->text, example->len, accept);
}

static void each_tolerance_off_refuses_at_the_offset_of_the_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < EXAMPLES; i++) {
        struct lenient l;
        uint32_t before = examples[i].field ? HEAD_LEN : 0;
        uint64_t others[] = {0, SIPWIRE_ACCEPT_ALL & ~examples[i].bit};
        for (size_t k = 0; k < 2; k++) {
            read_example(&l, &examples[i], others[k]);
            if (l.status >= 0 || l.err.offset != before + examples[i].refused)
                fail_msg("%s: %s at %u", examples[i].name, sipwire_status_name(l.status), l.err.offset);
            free(l.buf);
        }
    }
}

static void each_tolerance_on_accepts_and_reports_its_deviation(void **state)
{
    (void)state;
    for (size_t i = 0; i < EXAMPLES; i++) {
        struct lenient l;
        uint32_t before = examples[i].field ? HEAD_LEN : 0;
        uint64_t bits[] = {examples[i].bit, SIPWIRE_ACCEPT_ALL};
        for (size_t k = 0; k < 2; k++) {
            read_example(&l, &examples[i], bits[k]);
            if (l.status != SIPWIRE_OK || l.count == 0 || l.list[0].accept != examples[i].bit ||
                l.list[0].offset != before + examples[i].deviates ||
                l.list[0].row != (examples[i].field ? 0 : UINT32_MAX))
                fail_msg("%s: %s, %zu deviations, the first at %u", examples[i].name, sipwire_status_name(l.status),
                         l.count, l.count != 0 ? l.list[0].offset : l.err.offset);
            for (size_t n = 0; n < l.count; n++)
                assert_int_equal(l.list[n].accept, examples[i].bit);
            free(l.buf);
        }
    }
}

static void tolerances_describe_themselves_in_the_order_of_their_bits(void **state)
{
    (void)state;
    size_t count;
    uint64_t all = 0, deployed = 0;
    const sipwire_tolerance *list = sipwire_tolerances(&count);
    assert_int_equal(count, EXAMPLES);
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(list[i].name, examples[i].name);
        assert_true(list[i].accept == examples[i].bit && list[i].accept > all);
        assert_true(list[i].what[0] != '\0' && list[i].hazard[0] != '\0' && list[i].broken[0] != '\0');
        all |= list[i].accept;
        deployed |= list[i].deployed ? list[i].accept : 0;
    }
    assert_true(all == SIPWIRE_ACCEPT_ALL && deployed == SIPWIRE_ACCEPT_DEPLOYED);
}

static void value_says_how_many_tolerances_it_needed(void **state)
{
    (void)state;
    struct lenient l;
    sipwire_address from;
    read_field(&l, "From: J\xC3\xB6rg (x) <sip:a@my_host>;;tag=1=2=3;x=", SIPWIRE_ACCEPT_DEPLOYED);
    assert_status(l.status, OK);
    assert_status(sipwire_get_address(&l.msg, l.buf, SIPWIRE_HEADER_FROM, &from, &l.err), OK);
    assert_int_equal(from.at.deviations, 6);
    assert_int_equal(l.count, 6);
    for (size_t i = 1; i < l.count; i++)
        assert_true(l.list[i - 1].offset < l.list[i].offset);
    assert_str(from.uri.host.text, "my_host");
    assert_text(from.tag, "1=2=3");
    assert_int_equal(from.params.count, 2);
    free(l.buf);
    read_field(&l, "From: <sip:a@b>;tag=1", SIPWIRE_ACCEPT_DEPLOYED);
    assert_status(sipwire_get_address(&l.msg, l.buf, SIPWIRE_HEADER_FROM, &from, &l.err), OK);
    assert_int_equal(from.at.deviations, 0);
    free(l.buf);
}

static void value_that_needs_a_further_tolerance_is_refused_where_strictly(void **state)
{
    (void)state;
    struct lenient l;
    const char *field = "From: <sip:a@my_host>;;tag=1";
    read_field(&l, field, SIPWIRE_ACCEPT_HOST_UNDERSCORE);
    assert_error(&l.err, SIPWIRE_E_SYNTAX, HEAD_LEN + 15, SIPWIRE_HEADER_FROM, 0);
    free(l.buf);
    read_field(&l, field, SIPWIRE_ACCEPT_EMPTY_PARAMS);
    assert_error(&l.err, SIPWIRE_E_SYNTAX, HEAD_LEN + 15, SIPWIRE_HEADER_FROM, 0);
    free(l.buf);
}

static void parameters_with_nothing_between_are_read_one_by_one(void **state)
{
    (void)state;
    struct lenient l;
    sipwire_via via;
    sipwire_iter it;
    sipwire_param param;
    uint32_t cursor = 0;
    read_field(&l, "Via: SIP/2.0/UDP a;;rport=;;branch=z9hG4bK1;x= ;", SIPWIRE_ACCEPT_DEPLOYED);
    assert_status(l.status, OK);
    sipwire_begin_via(&it, &l.msg, l.buf);
    assert_status(sipwire_via_next(&it, &via, &l.err), OK);
    assert_int_equal(via.params.count, 3);
    assert_int_equal(via.rport, -1);
    assert_text(via.branch, "z9hG4bK1");
    assert_status(sipwire_param_next(&via.params, &cursor, &param), OK);
    assert_int_equal(param.id, SIPWIRE_PARAM_RPORT);
    assert_null(param.value.ptr);
    assert_status(sipwire_param_next(&via.params, &cursor, &param), OK);
    assert_int_equal(param.id, SIPWIRE_PARAM_BRANCH);
    assert_status(sipwire_param_next(&via.params, &cursor, &param), OK);
    assert_str(param.name, "x");
    assert_status(sipwire_param_next(&via.params, &cursor, &param), END);
    free(l.buf);
}

/* Each parameter of a list, by what its "=" stands before. */
static void assert_no_values(const sipwire_params *params, uint32_t count)
{
    sipwire_param param;
    uint32_t cursor = 0;
    assert_int_equal(params->count, count);
    while (sipwire_param_next(params, &cursor, &param) == SIPWIRE_OK) {
        assert_null(param.value.ptr);
        assert_int_equal(param.value.len, 0);
        count--;
    }
    assert_int_equal(count, 0);
}

static void parameter_with_nothing_behind_its_equals_has_no_value_wherever_it_stands(void **state)
{
    (void)state;
    struct lenient l;
    sipwire_iter it;
    sipwire_address contact;
    read_field(&l, "Contact: <sip:a@b;lr=;x=;y=>;ob=;z = ;m=", SIPWIRE_ACCEPT_FLAG_EQUALS);
    assert_status(l.status, OK);
    sipwire_begin_contact(&it, &l.msg, l.buf);
    assert_status(sipwire_address_next(&it, &contact, &l.err), OK);
    assert_no_values(&contact.uri.params, 3);
    assert_no_values(&contact.params, 3);
    free(l.buf);
    sipwire_uri uri;
    read_text(&l, "A sip:b;x=;y= SIP/2.0\r\n\r\n", 25, SIPWIRE_ACCEPT_FLAG_EQUALS);
    assert_status(l.status, OK);
    assert_status(sipwire_request_uri(&l.msg, l.buf, &uri, NULL), OK);
    assert_no_values(&uri.params, 2);
    free(l.buf);
}

static void deviation_of_an_equals_sign_is_at_the_octet_behind_it_and_its_blanks(void **state)
{
    (void)state;
    static const struct {
        const char *field;
        uint32_t offset;
    } cases[] = {{"Contact: <sip:a@b;x=?s=1>", 20},   {"Contact: <sip:a@b;x=;y>", 20},
                 {"Contact: <sip:a@b;x=>", 20},       {"Contact: <sip:a@b>;x= \t;y", 23},
                 {"Contact: <sip:a@b>;x=", 21},       {"Contact: <sip:a@b>;x= , <sip:c>", 22},
                 {"Contact: <sip:b>;x = \r\n ;y", 24}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct lenient l;
        read_field(&l, cases[i].field, 0);
        assert_status(l.status, E_SYNTAX);
        assert_int_equal(l.err.offset, HEAD_LEN + cases[i].offset);
        free(l.buf);
        read_field(&l, cases[i].field, SIPWIRE_ACCEPT_FLAG_EQUALS);
        assert_status(l.status, OK);
        assert_int_equal(l.count, 1);
        assert_int_equal(l.list[0].offset, HEAD_LEN + cases[i].offset);
        free(l.buf);
    }
}

static void products_with_joined_comments_and_versions_are_read_one_by_one(void **state)
{
    (void)state;
    static const char *const expected[][3] = {
        {"FPBX-2.8", "", ""}, {"", "", "1 (x)"}, {"a", "1/2", ""}, {"[b],", "c=d", ""}, {"", "", "y"}};
    struct lenient l;
    sipwire_server agent;
    sipwire_product product;
    uint32_t cursor = 0;
    read_field(&l, "User-Agent: FPBX-2.8(1 (x)) a/1/ 2 [b],/c=d(y)", SIPWIRE_ACCEPT_PRODUCTS);
    assert_status(l.status, E_SYNTAX);
    free(l.buf);
    read_field(&l, "User-Agent: FPBX-2.8(1 (x)) a/1/2 [b],/c=d(y)", SIPWIRE_ACCEPT_PRODUCTS);
    assert_status(l.status, OK);
    assert_int_equal(l.count, 1);
    assert_int_equal(l.list[0].offset, HEAD_LEN + 20);
    assert_status(sipwire_get_field_user_agent(&l.msg, l.buf, &agent, &l.err), OK);
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        assert_status(sipwire_product_next(&agent.server_val, &cursor, &product), OK);
        const sipwire_str parts[] = {product.name, product.version, {product.comment.ptr, product.comment.len}};
        for (size_t k = 0; k < 3; k++)
            assert_str(((sipwire_str){parts[k].ptr ? parts[k].ptr : "", parts[k].len}), expected[i][k]);
    }
    assert_status(sipwire_product_next(&agent.server_val, &cursor, &product), END);
    free(l.buf);
}

static void comments_that_a_tolerance_takes_are_limited_too(void **state)
{
    (void)state;
    sipwire_row slot;
    sipwire_msg msg;
    sipwire_error err;
    sipwire_server server;
    sipwire_options options = SIPWIRE_OPTIONS_INIT;
    options.accept = SIPWIRE_ACCEPT_PRODUCTS;
    for (options.max_nesting = 1; options.max_nesting <= 2; options.max_nesting++) {
        sipwire_msg_init(&msg, &slot, 1, &options);
        assert_status(sipwire_msg_of_value(&msg, SIPWIRE_HEADER_SERVER, 7, &err), OK);
        sipwire_status status = sipwire_get_field_server(&msg, "a(b(c))", &server, &err);
        assert_int_equal(status, options.max_nesting == 1 ? SIPWIRE_E_LIMIT_NESTING : SIPWIRE_OK);
        assert_int_equal(err.offset, 3); /* what is tolerated leaves it alone */
        assert_int_equal(sipwire_deviations(&msg, "a(b(c))", &slot, NULL, 0), options.max_nesting == 1 ? 0 : 1);
    }
}

static void value_by_itself_is_read_with_the_options_of_its_message(void **state)
{
    (void)state;
    const char *text = "<sip:a@b_c>;x=, <sip:d>";
    sipwire_row slot;
    sipwire_msg msg;
    sipwire_error err;
    sipwire_iter it;
    sipwire_address contact;
    sipwire_deviation list[2];
    sipwire_options options = SIPWIRE_OPTIONS_INIT;
    options.max_field = 23;
    for (size_t k = 0; k < 2; k++) {
        options.accept = k == 0 ? 0 : SIPWIRE_ACCEPT_DEPLOYED;
        sipwire_msg_init(&msg, &slot, 1, &options);
        assert_status(sipwire_msg_of_value(&msg, SIPWIRE_HEADER_CONTACT, strlen(text), &err), OK);
        sipwire_begin_contact(&it, &msg, text);
        sipwire_status status = sipwire_address_next(&it, &contact, &err);
        assert_int_equal(status, k == 0 ? SIPWIRE_E_SYNTAX : SIPWIRE_OK);
    }
    assert_str(contact.uri.host.text, "b_c");
    assert_status(sipwire_address_next(&it, &contact, &err), OK);
    assert_str(contact.uri.host.text, "d");
    assert_int_equal(contact.at.offset, 16);
    assert_status(sipwire_address_next(&it, &contact, &err), END);
    assert_int_equal(sipwire_deviations(&msg, text, msg.rows, list, 2), 2);
    assert_int_equal(list[0].offset, 8);
    assert_int_equal(list[1].offset, 14);
    assert_status(sipwire_msg_of_value(&msg, SIPWIRE_HEADER_CONTACT, 24, &err), E_LIMIT_FIELD);
    assert_int_equal(err.offset, 23);
    assert_int_equal(msg.count, 0);
    sipwire_msg_init(&msg, NULL, 0, NULL);
    assert_status(sipwire_msg_of_value(&msg, SIPWIRE_HEADER_CONTACT, 1, &err), E_SLOTS);
    assert_int_equal(err.needed, 1);
    assert_status(sipwire_msg_of_value(NULL, SIPWIRE_HEADER_CONTACT, 1, &err), E_USAGE);
}

/* In a block that ends with it: an octet behind it must not be looked at, as the line end behind a row is. */
static void value_by_itself_is_read_up_to_its_end_and_no_further(void **state)
{
    (void)state;
    static const struct {
        uint16_t header;
        const char *text;
        const char *ends; /* the status that ends the walk */
    } cases[] = {{SIPWIRE_HEADER_VIA, "SIP/2.0/UDP a,", "E_SYNTAX"},
                 {SIPWIRE_HEADER_SUPPORTED, "", "END"},
                 {SIPWIRE_HEADER_CONTACT, "<sip:a@b>, <sip:c>", "END"},
                 {SIPWIRE_HEADER_VIA, "", "E_SYNTAX"},
                 {SIPWIRE_HEADER_SUBJECT, "", "END"},
                 {SIPWIRE_HEADER_ALLOW, "INVITE, ", "E_SYNTAX"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        sipwire_row slot;
        sipwire_msg msg;
        sipwire_iter it;
        sipwire_value value;
        sipwire_error err;
        sipwire_status status;
        char *block = block_of(cases[i].text, strlen(cases[i].text));
        sipwire_msg_init(&msg, &slot, 1, NULL);
        assert_status(sipwire_msg_of_value(&msg, cases[i].header, strlen(cases[i].text), &err), OK);
        sipwire_iter_begin(&it, &msg, block, cases[i].header);
        while ((status = sipwire_next(&it, &value, &err)) == SIPWIRE_OK)
            ;
        assert_string_equal(sipwire_status_name(status), cases[i].ends);
        free(block);
    }
}

static void value_by_itself_without_octets_or_buffer_ends_at_once(void **state)
{
    (void)state;
    sipwire_row slot;
    sipwire_msg msg;
    sipwire_iter it;
    sipwire_value value;
    sipwire_error err;
    sipwire_msg_init(&msg, &slot, 1, NULL);
    assert_status(sipwire_msg_of_value(&msg, SIPWIRE_HEADER_SUPPORTED, 0, &err), OK);
    sipwire_iter_begin(&it, &msg, NULL, SIPWIRE_HEADER_SUPPORTED);
    assert_status(sipwire_next(&it, &value, &err), END);
    sipwire_iter_begin_all(&it, &msg, NULL);
    assert_status(sipwire_next(&it, &value, &err), END);
}

static void uri_by_itself_is_read_with_the_options_of_its_message(void **state)
{
    (void)state;
    sipwire_msg msg;
    sipwire_uri uri;
    sipwire_error err;
    sipwire_deviation deviation;
    sipwire_options options = SIPWIRE_OPTIONS_INIT;
    sipwire_msg_init(&msg, NULL, 0, NULL);
    assert_status(sipwire_msg_of_uri(&msg, 9, &err), OK);
    assert_status(sipwire_request_uri(&msg, "sip:a@b_c", &uri, &err), E_SYNTAX);
    assert_int_equal(err.offset, 7);
    options.accept = SIPWIRE_ACCEPT_HOST_UNDERSCORE;
    sipwire_msg_init(&msg, NULL, 0, &options);
    assert_status(sipwire_msg_of_uri(&msg, 9, &err), OK);
    assert_status(sipwire_request_uri(&msg, "sip:a@b_c", &uri, &err), OK);
    assert_str(uri.host.text, "b_c");
    assert_int_equal(sipwire_deviations(&msg, "sip:a@b_c", NULL, &deviation, 1), 1);
    assert_int_equal(deviation.offset, 7);
    assert_status(sipwire_msg_of_uri(NULL, 1, &err), E_USAGE);
}

static void list_with_empty_elements_gives_the_others(void **state)
{
    (void)state;
    struct lenient l;
    sipwire_iter it;
    sipwire_token token;
    read_field(&l, "Supported: path,, ,timer,\r\nSupported:\r\nSupported: gruu", SIPWIRE_ACCEPT_EMPTY_ELEMENTS);
    assert_status(l.status, OK);
    sipwire_begin_supported(&it, &l.msg, l.buf);
    const char *const expected[] = {"path", "timer", "gruu"};
    for (size_t i = 0; i < 3; i++) {
        assert_status(sipwire_token_next(&it, &token, &l.err), OK);
        assert_str(token.value, expected[i]);
        assert_int_equal(token.at.deviations, i == 1);
    }
    assert_status(sipwire_token_next(&it, &token, &l.err), END);
    free(l.buf);
    assert_refused(HEAD "Require: ,\r\n\r\n", SIPWIRE_E_SYNTAX, HEAD_LEN + 9);
    assert_refused(HEAD "Supported: ,\r\n\r\n", SIPWIRE_E_SYNTAX, HEAD_LEN + 11);
    assert_refused(HEAD "Route: ,<sip:a>\r\n\r\n", SIPWIRE_E_SYNTAX, HEAD_LEN + 7);
}

/* The strict reading stops at the first thing that needs a tolerance, and does not see what else is wrong. */
static void limit_behind_a_tolerance_keeps_its_status(void **state)
{
    (void)state;
    const struct {
        const char *text;
        int status;
        uint32_t offset;
    } cases[] = {{"SIP/2.0/UDP h_;a=;b;c", SIPWIRE_E_LIMIT_PARAMS, 20},
                 {"SIP/2.0/UDP h_;a;A;ttl=1;ttl=2", SIPWIRE_E_LIMIT_PARAMS, 19},
                 {"SIP/2.0/UDP h_;ttl=1;ttl=2", SIPWIRE_E_DUPLICATE_PARAM, 21}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sipwire_options options = SIPWIRE_OPTIONS_INIT;
        sipwire_row slot;
        sipwire_msg msg;
        sipwire_error err;
        sipwire_iter it;
        sipwire_via via;
        options.accept = SIPWIRE_ACCEPT_ALL;
        options.max_params = 2;
        sipwire_msg_init(&msg, &slot, 1, &options);
        assert_status(sipwire_msg_of_value(&msg, SIPWIRE_HEADER_VIA, strlen(cases[i].text), &err), OK);
        sipwire_iter_begin(&it, &msg, cases[i].text, SIPWIRE_HEADER_VIA);
        assert_int_equal(sipwire_via_next(&it, &via, &err), cases[i].status);
        assert_int_equal(err.offset, cases[i].offset);
    }
}

static void digest_values_are_the_same_with_and_without_quotes(void **state)
{
    (void)state;
    struct lenient l;
    sipwire_credentials c;
    read_field(&l,
               "Authorization: Digest username=a,realm=\"b\",nonce=YWJj=,uri=\"sip:b\",response=00ff,algorithm=\"MD5\","
               "qop=\"auth\",nc=\"0000000a\",cnonce=x",
               SIPWIRE_ACCEPT_DIGEST_QUOTING);
    assert_status(l.status, OK);
    sipwire_iter it;
    sipwire_begin_authorization(&it, &l.msg, l.buf);
    assert_status(sipwire_credentials_next(&it, &c, &l.err), OK);
    assert_text(c.username, "a");
    assert_text(c.nonce, "YWJj=");
    assert_text(c.uri, "sip:b");
    assert_text(c.response, "00ff");
    assert_str(c.algorithm, "MD5");
    assert_str(c.qop, "auth");
    assert_int_equal(c.nc, 10);
    assert_int_equal(c.params.count, 9);
    free(l.buf);
    assert_refused(HEAD "Authorization: Digest nc=\"xyz\"\r\n\r\n", SIPWIRE_E_SYNTAX, HEAD_LEN + 25);
}

static void deviations_beyond_the_room_are_counted(void **state)
{
    (void)state;
    struct lenient l;
    sipwire_deviation one[2];
    read_field(&l, "From: J\xC3\xB6rg (x) <sip:a@my_host>;;tag=1=2", SIPWIRE_ACCEPT_ALL);
    one[1].offset = 77;
    assert_int_equal(sipwire_deviations(&l.msg, l.buf, &l.msg.rows[0], one, 1), 5);
    assert_true(one[0].accept == SIPWIRE_ACCEPT_DISPLAY_NAME_UTF8);
    assert_int_equal(one[1].offset, 77);
    assert_int_equal(sipwire_deviations(&l.msg, l.buf, &l.msg.rows[0], NULL, 0), 5);
    assert_int_equal(sipwire_deviations(&l.msg, l.buf, NULL, NULL, 0), 0);
    free(l.buf);
}

static void request_uri_is_tolerated_as_other_uris(void **state)
{
    (void)state;
    struct lenient l;
    const char *text = "OPTIONS sip:a@my_host SIP/2.0\r\n\r\n";
    read_text(&l, text, strlen(text), SIPWIRE_ACCEPT_HOST_UNDERSCORE);
    assert_status(l.status, OK);
    assert_int_equal(l.count, 1);
    assert_int_equal(l.list[0].offset, 16);
    assert_int_equal(l.list[0].row, UINT32_MAX);
    free(l.buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_tolerance_off_refuses_at_the_offset_of_the_table),
        cmocka_unit_test(each_tolerance_on_accepts_and_reports_its_deviation),
        cmocka_unit_test(tolerances_describe_themselves_in_the_order_of_their_bits),
        cmocka_unit_test(value_says_how_many_tolerances_it_needed),
        cmocka_unit_test(value_that_needs_a_further_tolerance_is_refused_where_strictly),
        cmocka_unit_test(parameters_with_nothing_between_are_read_one_by_one),
        cmocka_unit_test(parameter_with_nothing_behind_its_equals_has_no_value_wherever_it_stands),
        cmocka_unit_test(deviation_of_an_equals_sign_is_at_the_octet_behind_it_and_its_blanks),
        cmocka_unit_test(products_with_joined_comments_and_versions_are_read_one_by_one),
        cmocka_unit_test(comments_that_a_tolerance_takes_are_limited_too),
        cmocka_unit_test(value_by_itself_is_read_with_the_options_of_its_message),
        cmocka_unit_test(value_by_itself_is_read_up_to_its_end_and_no_further),
        cmocka_unit_test(value_by_itself_without_octets_or_buffer_ends_at_once),
        cmocka_unit_test(uri_by_itself_is_read_with_the_options_of_its_message),
        cmocka_unit_test(list_with_empty_elements_gives_the_others),
        cmocka_unit_test(limit_behind_a_tolerance_keeps_its_status),
        cmocka_unit_test(digest_values_are_the_same_with_and_without_quotes),
        cmocka_unit_test(deviations_beyond_the_room_are_counted),
        cmocka_unit_test(request_uri_is_tolerated_as_other_uris),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
