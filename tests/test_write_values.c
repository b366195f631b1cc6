/* Writing the members of values: text in its forms, hosts, URIs, numbers, parameters.
 * SPDX-License-Identifier: MIT */
#include "written.h"

static sipwire_address address_of(void)
{
    return (sipwire_address){
        .uri = {.scheme = SIPWIRE_SCHEME_SIP, .port = -1, .host = {STR("h"), SIPWIRE_HOST_NAME, 0}},
        .q = -1,
        .expires = -1};
}

#define TEXT(literal, form) ((sipwire_text){(literal), sizeof(literal) - 1, (form)})

#define WRITES_NAME(text, field)                                                                                       \
    do {                                                                                                               \
        sipwire_writer w_ = begun();                                                                                   \
        sipwire_address to_ = address_of();                                                                            \
        to_.display_name = (text);                                                                                     \
        assert_status(sipwire_write_field_to(&w_, &to_), OK);                                                          \
        ENDS_WITH(&w_, field);                                                                                         \
    } while (0)

#define REFUSES_NAME(text, at)                                                                                         \
    do {                                                                                                               \
        sipwire_writer w_ = begun();                                                                                   \
        sipwire_address to_ = address_of();                                                                            \
        to_.display_name = (text);                                                                                     \
        assert_status(sipwire_write_field_to(&w_, &to_), E_SYNTAX);                                                    \
        assert_int_equal(w_.error.offset, (at));                                                                       \
        assert_string_equal(sipwire_rule_name(w_.error.rule), "display-name");                                         \
    } while (0)

static void write_plain_text_is_quoted_unless_it_is_a_token(void **state)
{
    (void)state;
    WRITES_NAME(TEXT("Bob", SIPWIRE_PLAIN), "To: Bob <sip:h>");
    WRITES_NAME(TEXT("Bob B", SIPWIRE_PLAIN), "To: \"Bob B\" <sip:h>");
    WRITES_NAME(TEXT("", SIPWIRE_PLAIN), "To: \"\" <sip:h>");
    WRITES_NAME(TEXT(" a  b ", SIPWIRE_PLAIN), "To: \" a  b \" <sip:h>");
    WRITES_NAME(TEXT("B\xC3\xB6", SIPWIRE_PLAIN), "To: \"B\xC3\xB6\" <sip:h>");
    WRITES_NAME(TEXT("a\tb", SIPWIRE_PLAIN), "To: \"a\tb\" <sip:h>");
}

static void write_plain_text_is_escaped_where_it_must_be(void **state)
{
    (void)state;
    WRITES_NAME(TEXT("a\"b\\c", SIPWIRE_PLAIN), "To: \"a\\\"b\\\\c\" <sip:h>");
    WRITES_NAME(TEXT("\0\x7F", SIPWIRE_PLAIN), "To: \"\\\0\\\x7F\" <sip:h>");
    WRITES_NAME(TEXT("\">,<sip:evil>;\"", SIPWIRE_PLAIN), "To: \"\\\">,<sip:evil>;\\\"\" <sip:h>");
}

static void write_plain_text_that_no_quotes_can_hold_is_refused(void **state)
{
    (void)state;
    REFUSES_NAME(TEXT("a\r\nEvil: b", SIPWIRE_PLAIN), 1);
    REFUSES_NAME(TEXT("ab\n", SIPWIRE_PLAIN), 2);
    REFUSES_NAME(TEXT("ab\r\n c", SIPWIRE_PLAIN), 2);
    REFUSES_NAME(TEXT("\x80", SIPWIRE_PLAIN), 0);
    REFUSES_NAME(TEXT("a\xC3", SIPWIRE_PLAIN), 2);
}

static void write_wire_text_is_copied_with_folds_as_one_space(void **state)
{
    (void)state;
    WRITES_NAME(TEXT("Bob  B", SIPWIRE_WIRE), "To: Bob  B <sip:h>");
    WRITES_NAME(TEXT("Bob \r\n\t B", SIPWIRE_WIRE), "To: Bob B <sip:h>");
    WRITES_NAME(TEXT("B \r\n ob\\\"", SIPWIRE_WIRE_QUOTED), "To: \"B ob\\\"\" <sip:h>");
    WRITES_NAME(TEXT("\\ \r\n x", SIPWIRE_WIRE_QUOTED), "To: \"\\  x\" <sip:h>");
    WRITES_NAME(TEXT("", SIPWIRE_WIRE_QUOTED), "To: \"\" <sip:h>");
}

static void write_wire_text_outside_its_rule_is_refused(void **state)
{
    (void)state;
    REFUSES_NAME(TEXT("\"Bob\"", SIPWIRE_WIRE), 0);
    REFUSES_NAME(TEXT(" Bob", SIPWIRE_WIRE), 0);
    REFUSES_NAME(TEXT("Bob ", SIPWIRE_WIRE), 4);
    REFUSES_NAME(TEXT("a\"b", SIPWIRE_WIRE_QUOTED), 1);
    REFUSES_NAME(TEXT("ab\\", SIPWIRE_WIRE_QUOTED), 3);
    REFUSES_NAME(TEXT("a\r\nb", SIPWIRE_WIRE_QUOTED), 3);
}

static void write_text_without_quotes_in_its_rule_takes_what_the_rule_takes(void **state)
{
    (void)state;
    sipwire_text_utf8 subject = {.text = TEXT("\"a\" b", SIPWIRE_PLAIN)};
    sipwire_writer w = begun();
    sipwire_write_field_subject(&w, &subject);
    ENDS_WITH(&w, "Subject: \"a\" b");
    static const char *const bad[] = {" a", "a ", "a\r\n b", "a\x01", "\xFF"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        w = begun();
        subject.text = (sipwire_text){bad[i], (uint32_t)strlen(bad[i]), SIPWIRE_PLAIN};
        assert_status(sipwire_write_field_subject(&w, &subject), E_SYNTAX);
    }
    w = begun();
    subject.text = TEXT("", SIPWIRE_PLAIN);
    sipwire_write_field_subject(&w, &subject);
    ENDS_WITH(&w, "Subject: ");
}

static sipwire_via via_of(sipwire_str host, uint32_t type)
{
    return (sipwire_via){.protocol_name = STR("SIP"),
                         .protocol_version = STR("2.0"),
                         .transport = STR("TLS"),
                         .host = {host, type, 0},
                         .port = -1,
                         .rport = -1,
                         .ttl = -1};
}

static void write_hosts_get_brackets_where_the_grammar_has_them(void **state)
{
    (void)state;
    sipwire_writer w = begun();
    sipwire_via via = via_of(STR("::1"), SIPWIRE_HOST_IPV6);
    via.received = (sipwire_host){STR("2001:db8::1"), SIPWIRE_HOST_IPV6, 0};
    via.maddr = (sipwire_host){STR("ff02::1"), SIPWIRE_HOST_IPV6, 0};
    via.port = 5061;
    via.ttl = 255;
    via.rport = 0;
    via.branch = TEXT("z9hG4bK1", SIPWIRE_PLAIN);
    sipwire_write_field_via(&w, &via);
    ENDS_WITH(&w, "Via: SIP/2.0/TLS [::1]:5061;ttl=255;maddr=[ff02::1];received=2001:db8::1;branch=z9hG4bK1;rport=0");
}

static void write_hosts_of_the_wrong_form_are_refused(void **state)
{
    (void)state;
    const struct {
        sipwire_str text;
        uint32_t type;
    } bad[] = {{STR("[::1]"), SIPWIRE_HOST_IPV6}, {STR("::1"), SIPWIRE_HOST_NAME}, {STR("[::1]"), SIPWIRE_HOST_NAME},
               {STR("a.b"), SIPWIRE_HOST_IPV6},   {STR("-a"), SIPWIRE_HOST_NAME},  {STR("a;b"), SIPWIRE_HOST_NAME},
               {STR("a b"), SIPWIRE_HOST_NAME},   {STR(""), SIPWIRE_HOST_NAME},    {STR("a,b"), SIPWIRE_HOST_NAME}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        sipwire_writer w = begun();
        sipwire_via via = via_of(bad[i].text, bad[i].type);
        assert_status(sipwire_write_field_via(&w, &via), E_SYNTAX);
    }
    sipwire_writer w = begun();
    sipwire_via via = via_of(STR("a"), SIPWIRE_HOST_NONE);
    assert_status(sipwire_write_field_via(&w, &via), E_MEMBER);
}

/* Hosts that look right are taken without the automaton of their rule: none that the parser refuses may be. */
static void write_hosts_are_those_that_the_parser_takes(void **state)
{
    (void)state;
    static const char octets[] = "aaaz1259000..-;@";
    uint64_t seed = 3261;
    size_t taken = 0;
    for (int round = 0; round < 3; round++) {
        FOR_EACH_LEVEL(level)
        {
            for (size_t i = 0; i < 20000; i++) {
                char text[44] = "sip:";
                size_t len = 1 + random_below(&seed, i % 2 ? 13 : 36), kinds = i % 3 ? sizeof octets - 1 : 12;
                for (size_t k = 0; k < len; k++)
                    text[4 + k] = i % 5 ? octets[random_below(&seed, kinds)] : "0125.."[random_below(&seed, 6)];
                char *host = block_of(text + 4, len);
                sipwire_uri uri;
                sipwire_writer w;
                sipwire_via via = via_of((sipwire_str){host, len}, SIPWIRE_HOST_NAME);
                sipwire_status read = sipwire_uri_parse((sipwire_str){text, len + 4}, &uri, NULL);
                bool right = read == SIPWIRE_OK && uri.host.text.len == len;
                sipwire_writer_init(&w, NULL, 0, NULL);
                sipwire_write_response(&w, 200, (sipwire_str){0});
                if ((sipwire_write_field_via(&w, &via) == SIPWIRE_OK) != right)
                    fail_msg("%.*s", (int)len, host);
                taken += right;
                free(host);
            }
        }
    }
    assert_true(taken > 1000);
}

static void write_uri_is_composed_from_its_members(void **state)
{
    (void)state;
    sipwire_address to = address_of();
    sipwire_writer w = begun();
    sipwire_uri_parse(STR("sip:alice:secret@example.com:5060;transport=tcp?x=y"), &to.uri, NULL);
    to.uri.user = STR("bob");
    to.uri.password = (sipwire_str){0};
    to.uri.port = -1;
    sipwire_write_field_to(&w, &to);
    ENDS_WITH(&w, "To: <sip:bob@example.com;transport=tcp?x=y>");
}

static void write_uri_members_out_of_place_are_refused(void **state)
{
    (void)state;
    sipwire_address bad[6];
    for (size_t i = 0; i < 6; i++)
        bad[i] = address_of();
    bad[0].uri.password = STR("x");
    bad[1].uri.rest = STR("x");
    bad[2].uri.scheme = SIPWIRE_SCHEME_TEL;
    bad[3].uri.scheme = SIPWIRE_SCHEME_OTHER;
    bad[4].uri.number = STR("1");
    bad[5].uri.host.type = SIPWIRE_HOST_NONE;
    for (size_t i = 0; i < 6; i++) {
        sipwire_writer w = begun();
        assert_status(sipwire_write_field_to(&w, &bad[i]), E_MEMBER);
    }
    sipwire_writer w = begun();
    bad[5] = address_of();
    bad[5].uri.scheme_text = STR("tel");
    assert_status(sipwire_write_field_to(&w, &bad[5]), E_SYNTAX);
}

static void write_tel_number_and_parameters_are_checked_together(void **state)
{
    (void)state;
    sipwire_address to = {
        .q = -1, .expires = -1, .uri = {.scheme = SIPWIRE_SCHEME_TEL, .port = -1, .number = STR("123")}};
    sipwire_writer w = begun();
    assert_status(sipwire_write_field_to(&w, &to), E_SYNTAX);
    w = begun();
    to.uri.params = (sipwire_params){";phone-context=+1", 17, 1};
    assert_status(sipwire_write_field_to(&w, &to), OK);
    ENDS_WITH(&w, "To: <tel:123;phone-context=+1>");
    w = begun();
    to.uri.params = (sipwire_params){";ext=1;ext=2;phone-context=+1", 29, 3};
    assert_status(sipwire_write_field_to(&w, &to), E_DUPLICATE_PARAM);
    w = begun();
    to.uri.number = STR("+1");
    to.uri.params = (sipwire_params){";ext=1;ext=2", 12, 2};
    assert_status(sipwire_write_field_to(&w, &to), E_DUPLICATE_PARAM);
    w = begun();
    to.uri.params = (sipwire_params){";npdi;x;npdi", 12, 3}; /* RFC 4694 */
    assert_status(sipwire_write_field_to(&w, &to), E_DUPLICATE_PARAM);
    assert_int_equal(w.error.offset, 8);
}

#define PARAMS(literal) ((sipwire_params){(literal), sizeof(literal) - 1, 0})

static void write_params_members_replace_those_in_the_region(void **state)
{
    (void)state;
    sipwire_via via = via_of(STR("a"), SIPWIRE_HOST_NAME);
    sipwire_writer w = begun();
    via.params = PARAMS(";x=1 ; BRANCH = old;rport;received=1.2.3.4;Y=\"a \r\n b\"");
    via.branch = TEXT("new", SIPWIRE_WIRE);
    via.ttl = 1;
    sipwire_write_field_via(&w, &via);
    ENDS_WITH(&w, "Via: SIP/2.0/TLS a;x=1;BRANCH=new;rport;Y=\"a b\";ttl=1");
    w = begun();
    via.rport = 5;
    sipwire_write_field_via(&w, &via);
    ENDS_WITH(&w, "Via: SIP/2.0/TLS a;x=1;BRANCH=new;rport=5;Y=\"a b\";ttl=1");
}

static void write_params_regions_are_checked(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "a",    ";",         ";a=",       ";a=b c", ";a=\"b", ";a=b\r\nX: y", ";a;;b", ";a=<b>",   ";a=b,c", ";\r\na b",
        ";tag", ";a=\"b\"c", ";a=\"\\\"", ";a=b=c", ";\"a\"", ";a=\xFF",      ";a==",  "\r\nX: y", ";a=[::1"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        sipwire_address to = address_of();
        sipwire_writer w = begun();
        to.params = (sipwire_params){bad[i], (uint32_t)strlen(bad[i]), 1};
        if (sipwire_write_field_to(&w, &to) != SIPWIRE_E_SYNTAX)
            fail_msg("%s is written", bad[i]);
    }
    sipwire_address to = address_of();
    sipwire_writer w = begun();
    to.params = PARAMS(";tag=a;TAG=b");
    to.tag = TEXT("a", SIPWIRE_WIRE);
    assert_status(sipwire_write_field_to(&w, &to), E_DUPLICATE_PARAM);
}

static void write_params_of_a_field_without_any_are_refused(void **state)
{
    (void)state;
    sipwire_writer w = begun();
    sipwire_address identity = address_of();
    assert_status(sipwire_write_field_p_asserted_identity(&w, &identity), OK);
    ENDS_WITH(&w, "P-Asserted-Identity: <sip:h>");
    w = begun();
    identity.params = PARAMS(";x=1");
    assert_status(sipwire_write_field_p_asserted_identity(&w, &identity), E_MEMBER);
    w = begun();
    identity = address_of();
    identity.tag = TEXT("a", SIPWIRE_PLAIN);
    assert_status(sipwire_write_field_p_asserted_identity(&w, &identity), E_MEMBER);
    w = begun();
    identity.tag.ptr = NULL;
    sipwire_write_field_p_asserted_identity(&w, &identity);
    assert_status(sipwire_write_param(&w, STR("x"), NULL), E_USAGE);
}

static void write_params_without_a_place_are_refused(void **state)
{
    (void)state;
    sipwire_address to = address_of();
    sipwire_writer w = begun();
    to.q = 500;
    assert_status(sipwire_write_field_to(&w, &to), E_MEMBER);
    w = begun();
    to.tag = TEXT("x", SIPWIRE_WIRE);
    assert_status(sipwire_write_field_contact(&w, &to), E_MEMBER);
}

static void write_numbers_are_bounded_and_canonical(void **state)
{
    (void)state;
    static const struct {
        int32_t q;
        const char *text;
    } qs[] = {{0, ";q=0"}, {1, ";q=0.001"}, {10, ";q=0.01"}, {500, ";q=0.5"}, {999, ";q=0.999"}, {1000, ";q=1"}};
    for (size_t i = 0; i < sizeof qs / sizeof *qs; i++) {
        sipwire_writer w = begun();
        sipwire_address contact = address_of();
        char field[60];
        contact.q = qs[i].q;
        sipwire_write_field_contact(&w, &contact);
        int len = snprintf(field, sizeof field, "Contact: <sip:h>%s", qs[i].text);
        ends_with(&w, field, (size_t)len);
    }
    static const int32_t bad[] = {-2, 1001, INT32_MAX, INT32_MIN};
    for (size_t i = 0; i < 4; i++) {
        sipwire_writer w = begun();
        sipwire_address contact = address_of();
        contact.q = bad[i];
        assert_status(sipwire_write_field_contact(&w, &contact), E_RANGE);
        w = begun();
        sipwire_via via = via_of(STR("a"), SIPWIRE_HOST_NAME);
        via.ttl = bad[i];
        assert_status(sipwire_write_field_via(&w, &via), E_RANGE);
    }
    sipwire_writer w = begun();
    sipwire_cseq cseq = {.number = -1, .method = STR("X")};
    assert_status(sipwire_write_field_cseq(&w, &cseq), E_MEMBER);
    w = begun();
    sipwire_number hops = {.value = 256};
    assert_status(sipwire_write_field_max_forwards(&w, &hops), E_RANGE);
}

static void write_method_by_number_alone(void **state)
{
    (void)state;
    sipwire_writer w = begun();
    sipwire_cseq cseq = {.number = 7, .method_id = SIPWIRE_METHOD_SUBSCRIBE};
    sipwire_write_field_cseq(&w, &cseq);
    ENDS_WITH(&w, "CSeq: 7 SUBSCRIBE");
}

static void write_param_adds_to_the_value_just_written(void **state)
{
    (void)state;
    sipwire_writer w = begun();
    sipwire_address to = address_of();
    sipwire_text token = TEXT("b", SIPWIRE_PLAIN), quoted = TEXT("a b", SIPWIRE_PLAIN), tag = TEXT("t", SIPWIRE_PLAIN);
    sipwire_write_field_to(&w, &to);
    assert_status(sipwire_write_param(&w, STR("a"), &token), OK);
    assert_status(sipwire_write_param(&w, STR("flag"), NULL), OK);
    assert_status(sipwire_write_param(&w, STR("c"), &quoted), OK);
    assert_status(sipwire_write_param(&w, STR("tag"), &tag), OK);
    ENDS_WITH(&w, "To: <sip:h>;a=b;flag;c=\"a b\";tag=t");
    w = begun();
    to.tag = tag;
    sipwire_write_field_to(&w, &to);
    assert_status(sipwire_write_param(&w, STR("TAG"), &tag), E_DUPLICATE_PARAM);
}

static void write_param_is_held_to_the_parameter_s_own_rule(void **state)
{
    (void)state;
    const struct {
        sipwire_str name;
        sipwire_text value;
        sipwire_status status;
    } cases[] = {{STR("ttl"), TEXT("255", SIPWIRE_PLAIN), SIPWIRE_OK},
                 {STR("ttl"), TEXT("256", SIPWIRE_PLAIN), SIPWIRE_E_RANGE},
                 {STR("rport"), TEXT("65536", SIPWIRE_PLAIN), SIPWIRE_E_RANGE},
                 {STR("maddr"), TEXT("[::1]", SIPWIRE_PLAIN), SIPWIRE_OK},
                 {STR("maddr"), TEXT("::1", SIPWIRE_WIRE), SIPWIRE_OK},
                 {STR("maddr"), TEXT("::1", SIPWIRE_WIRE_QUOTED), SIPWIRE_OK},
                 {STR("received"), TEXT("[::1]", SIPWIRE_PLAIN), SIPWIRE_E_SYNTAX},
                 {STR("received"), TEXT("::1", SIPWIRE_PLAIN), SIPWIRE_OK},
                 {STR("branch"), TEXT("a b", SIPWIRE_PLAIN), SIPWIRE_E_SYNTAX},
                 {STR("x y"), TEXT("a", SIPWIRE_PLAIN), SIPWIRE_E_SYNTAX},
                 {STR(""), TEXT("a", SIPWIRE_PLAIN), SIPWIRE_E_SYNTAX},
                 {STR("x"), {0}, SIPWIRE_E_MEMBER}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sipwire_writer w = begun();
        sipwire_via via = via_of(STR("a"), SIPWIRE_HOST_NAME);
        sipwire_write_field_via(&w, &via);
        assert_int_equal(sipwire_write_param(&w, cases[i].name, &cases[i].value), cases[i].status);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(write_plain_text_is_quoted_unless_it_is_a_token),
        cmocka_unit_test(write_plain_text_is_escaped_where_it_must_be),
        cmocka_unit_test(write_plain_text_that_no_quotes_can_hold_is_refused),
        cmocka_unit_test(write_wire_text_is_copied_with_folds_as_one_space),
        cmocka_unit_test(write_wire_text_outside_its_rule_is_refused),
        cmocka_unit_test(write_text_without_quotes_in_its_rule_takes_what_the_rule_takes),
        cmocka_unit_test(write_hosts_get_brackets_where_the_grammar_has_them),
        cmocka_unit_test(write_hosts_of_the_wrong_form_are_refused),
        cmocka_unit_test(write_hosts_are_those_that_the_parser_takes),
        cmocka_unit_test(write_uri_is_composed_from_its_members),
        cmocka_unit_test(write_uri_members_out_of_place_are_refused),
        cmocka_unit_test(write_tel_number_and_parameters_are_checked_together),
        cmocka_unit_test(write_params_members_replace_those_in_the_region),
        cmocka_unit_test(write_params_regions_are_checked),
        cmocka_unit_test(write_params_of_a_field_without_any_are_refused),
        cmocka_unit_test(write_params_without_a_place_are_refused),
        cmocka_unit_test(write_numbers_are_bounded_and_canonical),
        cmocka_unit_test(write_method_by_number_alone),
        cmocka_unit_test(write_param_adds_to_the_value_just_written),
        cmocka_unit_test(write_param_is_held_to_the_parameter_s_own_rule),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
