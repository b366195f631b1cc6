/* Challenges: the parameters of each scheme, read and written.
 * SPDX-License-Identifier: MIT */
#include "support.h"

static sipwire_challenge challenge;
static sipwire_error err;
static char written[1 << 10];

static sipwire_status parse(const char *text)
{
    sipwire_value value;
    sipwire_status status = sipwire_value_parse(SIPWIRE_HEADER_WWW_AUTHENTICATE, (sipwire_str){text, strlen(text)},
                                                true, &value, NULL, &err);
    challenge = value.as.challenge;
    return status;
}

static void assert_refused_at(uint32_t offset, const char *rule)
{
    assert_int_equal(err.offset, offset);
    assert_string_equal(sipwire_rule_name(err.rule), rule);
}

/* The status of writing the challenge that was read last; param: one more behind it, NULL: none. */
static sipwire_status write_back(const char *param, const char *expected)
{
    static const char start[] = "SIP/2.0 401 Unauthorized\r\nWWW-Authenticate: ";
    const sipwire_text token = {"x", 1, SIPWIRE_WIRE};
    sipwire_writer w;
    sipwire_writer_init(&w, written, sizeof written, NULL);
    assert_status(sipwire_write_response(&w, 401, (sipwire_str){0}), OK);
    sipwire_status status = sipwire_write_field_www_authenticate(&w, &challenge);
    if (status == SIPWIRE_OK && param)
        status = sipwire_write_param(&w, (sipwire_str){param, strlen(param)}, &token);
    if (status != SIPWIRE_OK)
        return status;
    size_t len = strlen(expected);
    assert_status(sipwire_write_end(&w, (sipwire_str){0}, NULL, NULL), OK);
    assert_memory_equal(written, start, sizeof start - 1);
    assert_memory_equal(written + sizeof start - 1, expected, len);
    assert_memory_equal(written + sizeof start - 1 + len, "\r\n", 2);
    return SIPWIRE_OK;
}

static void challenge_of_bearer_has_the_parameters_of_rfc_8898(void **state)
{
    (void)state;
    assert_status(
        parse("bearer realm=\"r\" , scope=\"a b\",authz_server=\"https://[::1]:1/p?q#f\",error=\"invalid_scope\","
              "nonce=n"),
        OK);
    assert_str(challenge.auth_scheme, "bearer");
    assert_text(challenge.realm, "r");
    assert_text(challenge.scope, "a b");
    assert_text(challenge.authz_server, "https://[::1]:1/p?q#f");
    assert_text(challenge.error, "invalid_scope");
    assert_absent(challenge.nonce);
    assert_int_equal(challenge.params.count, 5);
}

static void challenge_of_bearer_with_a_wrong_value_is_refused(void **state)
{
    (void)state;
    assert_status(parse("Bearer error=invalid_token"), E_SYNTAX);
    assert_refused_at(13, "error-param");
    assert_status(parse("Bearer scope=\"a  b\""), E_SYNTAX);
    assert_refused_at(16, "NQCHAR");
    assert_status(parse("Bearer authz_server=\"http://h\""), E_SYNTAX);
    assert_refused_at(25, "https-URI");
    assert_status(parse("Bearer realm=\"r\",realm=\"r\""), E_DUPLICATE_PARAM);
    assert_refused_at(17, "realm");
}

static void challenge_of_digest_leaves_the_names_of_bearer_to_the_catch_all(void **state)
{
    (void)state;
    assert_status(parse("Digest realm=\"r\",scope=s,error=e,error=e"), OK);
    assert_text(challenge.realm, "r");
    assert_absent(challenge.scope);
    assert_absent(challenge.error);
    assert_int_equal(challenge.params.count, 4);
}

static void challenge_of_another_scheme_has_parameters_alone(void **state)
{
    (void)state;
    assert_status(parse("Basic realm=r,scope=s,realm=r"), OK);
    assert_absent(challenge.realm);
    assert_absent(challenge.scope);
    assert_int_equal(challenge.params.count, 3);
}

static void challenge_read_is_written_back(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "Bearer realm=\"r\", scope=\"a b\", authz_server=\"https://h/\", error=\"invalid_token\", other=1",
        "Digest realm=\"r\", scope=s, nonce=\"n\", stale=true", "Basic realm=r, scope=s, domain=r"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        assert_status(parse(texts[i]), OK);
        assert_status(write_back(NULL, texts[i]), OK);
    }
}

static void write_challenge_of_members_alone_has_those_of_its_scheme(void **state)
{
    (void)state;
    challenge = (sipwire_challenge){.auth_scheme = STR("Bearer"), .stale = -1};
    challenge.scope = (sipwire_text){"a b", 3, SIPWIRE_PLAIN};
    assert_status(write_back(NULL, "Bearer scope=\"a b\""), OK);
    assert_status(write_back("other", "Bearer scope=\"a b\", other=x"), OK);
    assert_status(write_back("error", ""), E_SYNTAX);
    assert_status(write_back("scope", ""), E_DUPLICATE_PARAM);
    challenge.error = (sipwire_text){"\"", 1, SIPWIRE_PLAIN};
    assert_status(write_back(NULL, ""), E_SYNTAX);
}

static void write_challenge_with_a_member_of_another_scheme_is_refused(void **state)
{
    (void)state;
    challenge = (sipwire_challenge){.auth_scheme = STR("Bearer"), .stale = -1};
    challenge.realm = challenge.nonce = (sipwire_text){"r", 1, SIPWIRE_PLAIN};
    assert_status(write_back(NULL, ""), E_MEMBER);
    challenge.auth_scheme = STR("Digest");
    assert_status(write_back(NULL, "Digest realm=\"r\", nonce=\"r\""), OK);
    challenge.scope = challenge.realm;
    assert_status(write_back(NULL, ""), E_MEMBER);
    challenge.auth_scheme = STR("Basic");
    challenge.scope = challenge.nonce = (sipwire_text){0};
    assert_status(write_back(NULL, ""), E_MEMBER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(challenge_of_bearer_has_the_parameters_of_rfc_8898),
        cmocka_unit_test(challenge_of_bearer_with_a_wrong_value_is_refused),
        cmocka_unit_test(challenge_of_digest_leaves_the_names_of_bearer_to_the_catch_all),
        cmocka_unit_test(challenge_of_another_scheme_has_parameters_alone),
        cmocka_unit_test(challenge_read_is_written_back),
        cmocka_unit_test(write_challenge_of_members_alone_has_those_of_its_scheme),
        cmocka_unit_test(write_challenge_with_a_member_of_another_scheme_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
