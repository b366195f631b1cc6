/* Decoding text: folds, quoted-pairs, short buffers.
 * SPDX-License-Identifier: MIT */
#include "support.h"

/* Decodes a text in an exact block into a guarded buffer of exactly the need, and into every shorter one. */
static void decodes(const char *wire, size_t len, uint32_t form, const char *plain, size_t plain_len)
{
    char *block = block_of(wire, len);
    sipwire_text text = {block, (uint32_t)len, form};
    size_t needed = SIZE_MAX;
    assert_int_equal(sipwire_text_copy(text, NULL, 0, &needed), plain_len ? SIPWIRE_E_SPACE : SIPWIRE_OK);
    assert_int_equal(needed, plain_len);
    guarded g = guarded_new(plain_len + 1);
    char *out = guarded_at_end(&g, "", 0) - plain_len;
    assert_status(sipwire_text_copy(text, out, plain_len, &needed), OK);
    assert_int_equal(needed, plain_len);
    assert_memory_equal(out, plain, plain_len);
    for (size_t cap = 0; cap < plain_len; cap++) {
        out = guarded_at_end(&g, "", 0) - cap;
        needed = 0;
        assert_status(sipwire_text_copy(text, out, cap, &needed), E_SPACE);
        assert_int_equal(needed, plain_len);
        assert_memory_equal(out, plain, cap);
    }
    guarded_free(&g);
    free(block);
}

#define DECODES(wire, form, plain) decodes((wire), sizeof(wire) - 1, (form), (plain), sizeof(plain) - 1)

static void text_copy_token_is_copied(void **state)
{
    (void)state;
    DECODES("Bob", SIPWIRE_WIRE, "Bob");
    DECODES("", SIPWIRE_WIRE, "");
}

static void text_copy_blanks_without_fold_are_kept(void **state)
{
    (void)state;
    DECODES("a  b\t c", SIPWIRE_WIRE, "a  b\t c");
    DECODES("a  ", SIPWIRE_WIRE_QUOTED, "a  ");
}

static void text_copy_fold_with_its_blanks_is_one_space(void **state)
{
    (void)state;
    DECODES("a\r\n b", SIPWIRE_WIRE, "a b");
    DECODES("a \t \r\n \t b", SIPWIRE_WIRE, "a b");
    DECODES("a\r\n b\r\n\tc", SIPWIRE_WIRE, "a b c");
    DECODES("a \r\n b", SIPWIRE_WIRE_QUOTED, "a b");
    DECODES("\r\n b", SIPWIRE_WIRE_QUOTED, " b");
    DECODES("b\r\n ", SIPWIRE_WIRE_QUOTED, "b ");
}

static void text_copy_quoted_pairs_lose_their_backslash(void **state)
{
    (void)state;
    DECODES("a\\\"b\\\\c", SIPWIRE_WIRE_QUOTED, "a\"b\\c");
    DECODES("\\a", SIPWIRE_WIRE_QUOTED, "a");
    DECODES("\\\\\\\"", SIPWIRE_WIRE_QUOTED, "\\\"");
}

static void text_copy_quoted_pair_may_hold_any_octet(void **state)
{
    (void)state;
    DECODES("\\\0\\\x07", SIPWIRE_WIRE_QUOTED, "\0\x07");
    DECODES("\\ \\\t", SIPWIRE_WIRE_QUOTED, " \t");
}

static void text_copy_blank_of_a_quoted_pair_before_fold_is_kept(void **state)
{
    (void)state;
    DECODES("\\ \r\n x", SIPWIRE_WIRE_QUOTED, "  x");
}

static void text_copy_unquoted_backslash_is_an_octet(void **state)
{
    (void)state;
    DECODES("a\\b", SIPWIRE_WIRE, "a\\b");
}

static void text_copy_plain_is_untouched(void **state)
{
    (void)state;
    DECODES("a \\\" \r\n b", SIPWIRE_PLAIN, "a \\\" \r\n b");
}

static void text_copy_absent_is_empty(void **state)
{
    (void)state;
    size_t needed = 7;
    assert_status(sipwire_text_copy((sipwire_text){0}, NULL, 0, &needed), OK);
    assert_int_equal(needed, 0);
}

static void text_copy_needed_may_be_null(void **state)
{
    (void)state;
    char buf[3];
    assert_status(sipwire_text_copy((sipwire_text){"abc", 3, SIPWIRE_WIRE}, buf, 3, NULL), OK);
    assert_memory_equal(buf, "abc", 3);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_copy_token_is_copied),
        cmocka_unit_test(text_copy_blanks_without_fold_are_kept),
        cmocka_unit_test(text_copy_fold_with_its_blanks_is_one_space),
        cmocka_unit_test(text_copy_quoted_pairs_lose_their_backslash),
        cmocka_unit_test(text_copy_quoted_pair_may_hold_any_octet),
        cmocka_unit_test(text_copy_blank_of_a_quoted_pair_before_fold_is_kept),
        cmocka_unit_test(text_copy_unquoted_backslash_is_an_octet),
        cmocka_unit_test(text_copy_plain_is_untouched),
        cmocka_unit_test(text_copy_absent_is_empty),
        cmocka_unit_test(text_copy_needed_may_be_null),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
