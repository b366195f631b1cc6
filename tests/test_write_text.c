/* Writing what is text yet: fields by their names, and rows of other messages.
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

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(write_field_known_must_satisfy_its_grammar),
        cmocka_unit_test(write_field_private_is_checked_as_an_extension),
        cmocka_unit_test(write_field_empty_where_it_may_be),
        cmocka_unit_test(write_row_copies_a_field_as_it_stands),
        cmocka_unit_test(write_row_that_is_not_one_field_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
