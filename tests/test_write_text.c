/* Writing what is text yet: fields by their names, rows of other messages; and the limits that texts are read with.
 * SPDX-License-Identifier: MIT */
#include "written.h"

static void write_field_known_must_satisfy_its_grammar(void **state)
{
    (void)state;
    sipwire_writer w = begun();
    assert_status(sipwire_write_field(&w, STR("v"), STR("SIP / 2.0 / UDP a;x=y , SIP/2.0/UDP b")), OK);
    ENDS_WITH(&w, "v: SIP/2.0/UDP a;x=y, SIP/2.0/UDP b");
    const struct {
        sipwire_str name, value;
        uint32_t offset;
    } bad[] = {{STR("Via"), STR("SIP/2.0/UDP a, x"), 16},
               {STR("CSeq"), STR("1"), 1},
               {STR("To"), STR("<sip:a>\r\nX: y"), 9},
               {STR("Allow"), STR("A,"), 2}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        w = begun();
        assert_status(sipwire_write_field(&w, bad[i].name, bad[i].value), E_SYNTAX);
        assert_int_equal(w.error.offset, bad[i].offset);
    }
}

static void write_field_private_is_checked_as_an_extension(void **state)
{
    (void)state;
    sipwire_writer w = begun();
    assert_status(sipwire_write_field(&w, STR("X-A"), STR(" a \r\n b \xC3\xA4 ")), OK);
    ENDS_WITH(&w, "X-A: a b \xC3\xA4");
    const struct {
        sipwire_str name, value;
        sipwire_status status;
    } bad[] = {{STR("X"), STR("a\r\nEvil: b"), SIPWIRE_E_SYNTAX},
               {STR("X"), STR("a\nb"), SIPWIRE_E_SYNTAX},
               {STR("X"), STR("a\0"), SIPWIRE_E_SYNTAX},
               {STR("X:"), STR("a"), SIPWIRE_E_NAME},
               {STR(""), STR("a"), SIPWIRE_E_NAME},
               {STR("X\r\nY"), STR("a"), SIPWIRE_E_NAME},
               {STR("X "), STR("a"), SIPWIRE_E_NAME}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        w = begun();
        assert_int_equal(sipwire_write_field(&w, bad[i].name, bad[i].value), bad[i].status);
    }
}

static void write_field_empty_where_it_may_be(void **state)
{
    (void)state;
    sipwire_writer w = begun();
    assert_status(sipwire_write_field(&w, STR("Supported"), STR("")), OK);
    ENDS_WITH(&w, "Supported:");
    w = begun();
    assert_status(sipwire_write_field(&w, STR("To"), STR(" ")), E_SYNTAX);
}

static void write_row_copies_a_field_as_it_stands(void **state)
{
    (void)state;
    static const char raw[] = "To :\r\n  x \x01 \xFF\r\n\tz \r\n";
    sipwire_row row = {.name_len = 2, .value_off = 8, .value_len = sizeof raw - 1 - 8 - 2};
    sipwire_writer w = begun();
    assert_status(sipwire_write_row(&w, raw, &row), OK);
    ENDS_WITH(&w, "To:\r\n  x \x01 \xFF\r\n\tz ");
}

static void write_row_that_is_not_one_field_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        sipwire_status status;
    } bad[] = {{"X: a\r\nY: b", SIPWIRE_E_LINE_END},
               {"X: a\nb", SIPWIRE_E_LINE_END},
               {"X: a\rb", SIPWIRE_E_LINE_END},
               {"X: a\r\n", SIPWIRE_E_LINE_END},
               {"X: a\r", SIPWIRE_E_LINE_END},
               {"Xx a", SIPWIRE_E_NAME},
               {": a", SIPWIRE_E_NAME},
               {"X: a\r\n \r\n", SIPWIRE_E_LINE_END}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        sipwire_writer w = begun();
        size_t len = strlen(bad[i].text);
        char *raw = block_of(bad[i].text, len);
        sipwire_row row = {.name_len = raw[0] == 'X', .value_off = 3, .value_len = (uint32_t)(len - 3)};
        assert_int_equal(sipwire_write_row(&w, raw, &row), bad[i].status);
        free(raw);
    }
}

/* Request-Line and field begun by a writer of these limits, from text: the texts are right, but for the limits. */
static sipwire_status uri_text(const sipwire_options *limits, sipwire_str uri, sipwire_error *error)
{
    sipwire_writer w;
    sipwire_write_options options = SIPWIRE_WRITE_OPTIONS_INIT;
    options.limits = *limits;
    sipwire_writer_init(&w, NULL, 0, &options);
    sipwire_status status = sipwire_write_request_text(&w, STR("ACK"), uri);
    *error = w.error;
    return status;
}

static sipwire_status field_text(const sipwire_options *limits, sipwire_str value, sipwire_error *error)
{
    sipwire_writer w;
    sipwire_write_options options = SIPWIRE_WRITE_OPTIONS_INIT;
    options.limits = *limits;
    sipwire_writer_init(&w, NULL, 0, &options);
    sipwire_write_response(&w, 200, (sipwire_str){0});
    sipwire_status status = sipwire_write_field(&w, STR("To"), value);
    *error = w.error;
    return status;
}

/* Over the limits that readers have of themselves. */
enum { LONG_URI = 70000, MANY_PARAMS = 17000, LONG_FIELD = 1 << 20 };

static char long_text[LONG_FIELD];

/* "<sip:aaa...@h>" with a URI of so many octets. */
static sipwire_str long_uri_in_brackets(size_t len)
{
    memset(long_text, 'a', len);
    memcpy(long_text, "<sip:", 5);
    memcpy(long_text + 1 + len - 2, "@h>", 3);
    return (sipwire_str){long_text, len + 2};
}

static void write_text_with_a_uri_is_held_to_the_limit_given(void **state)
{
    (void)state;
    static const uint32_t lengths[] = {20, LONG_URI};
    for (size_t i = 0; i < 2; i++) {
        sipwire_error error;
        sipwire_options limits = SIPWIRE_OPTIONS_INIT;
        sipwire_str value = long_uri_in_brackets(lengths[i]), uri = {value.ptr + 1, lengths[i]};
        limits.max_uri = lengths[i];
        assert_status(uri_text(&limits, uri, &error), OK);
        assert_status(field_text(&limits, value, &error), OK);
        limits.max_uri--;
        assert_status(uri_text(&limits, uri, &error), E_LIMIT_URI);
        assert_error(&error, SIPWIRE_E_LIMIT_URI, limits.max_uri, SIPWIRE_HEADER_UNKNOWN, UINT32_MAX);
        assert_status(field_text(&limits, value, &error), E_LIMIT_URI);
        assert_error(&error, SIPWIRE_E_LIMIT_URI, 1 + limits.max_uri, SIPWIRE_HEADER_TO, 0);
    }
}

/* "<sip:h>;p=1;p=2 ...": parameters of other names behind a beginning; *last: where the last one's name begins. */
static sipwire_str many_params(const char *before, size_t count, size_t *last)
{
    size_t len = (size_t)snprintf(long_text, sizeof long_text, "%s", before);
    for (size_t i = 0; i < count; i++) {
        *last = len + 1;
        len += (size_t)snprintf(long_text + len, sizeof long_text - len, ";p%zu", i);
    }
    return (sipwire_str){long_text, len};
}

static void write_text_with_parameters_is_held_to_the_limit_given(void **state)
{
    (void)state;
    static const uint32_t counts[] = {3, MANY_PARAMS};
    for (size_t i = 0; i < 2; i++) {
        sipwire_error error;
        size_t last = 0;
        sipwire_options limits = SIPWIRE_OPTIONS_INIT;
        limits.max_field = limits.max_uri = LONG_FIELD;
        sipwire_str value = many_params("<sip:h>", counts[i], &last);
        limits.max_params = counts[i];
        assert_status(field_text(&limits, value, &error), OK);
        limits.max_params--;
        assert_status(field_text(&limits, value, &error), E_LIMIT_PARAMS);
        assert_error(&error, SIPWIRE_E_LIMIT_PARAMS, (uint32_t)last, SIPWIRE_HEADER_TO, 0);
        sipwire_str uri = many_params("sip:h", counts[i], &last);
        assert_status(uri_text(&limits, uri, &error), E_LIMIT_PARAMS);
        limits.max_params++;
        assert_status(uri_text(&limits, uri, &error), OK);
    }
}

static void write_text_is_read_strictly_whatever_the_limits_tolerate(void **state)
{
    (void)state;
    sipwire_error error;
    sipwire_options limits = SIPWIRE_OPTIONS_INIT;
    limits.accept = SIPWIRE_ACCEPT_ALL;
    assert_status(field_text(&limits, STR("<sip:a_b>"), &error), E_SYNTAX);
    assert_status(uri_text(&limits, STR("sip:a_b"), &error), E_SYNTAX);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(write_field_known_must_satisfy_its_grammar),
        cmocka_unit_test(write_field_private_is_checked_as_an_extension),
        cmocka_unit_test(write_field_empty_where_it_may_be),
        cmocka_unit_test(write_row_copies_a_field_as_it_stands),
        cmocka_unit_test(write_row_that_is_not_one_field_is_refused),
        cmocka_unit_test(write_text_with_a_uri_is_held_to_the_limit_given),
        cmocka_unit_test(write_text_with_parameters_is_held_to_the_limit_given),
        cmocka_unit_test(write_text_is_read_strictly_whatever_the_limits_tolerate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
