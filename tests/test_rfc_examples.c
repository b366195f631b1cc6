/* The header fields that RFCs print as examples (data/rfc-examples.tsv). Usage: test_rfc_examples FILE.
 * SPDX-License-Identifier: MIT */
#include "support.h"

static const char *file_name;

/* Puts the escaped line ends back. */
static void unescape(char *text)
{
    char *to = text;
    for (const char *p = text; *p; p++) {
        bool escape = p[0] == '\\' && (p[1] == 'r' || p[1] == 'n');
        *to++ = !escape ? *p : p[1] == 'r' ? '\r' : '\n';
        p += escape;
    }
    *to = '\0';
}

static sipwire_status read_all(uint16_t header, const char *block, size_t len, sipwire_error *err)
{
    sipwire_str rest = {block, len};
    sipwire_value value;
    sipwire_status status;
    bool first = true;
    do {
        status = sipwire_value_parse(header, rest, first, &value, &rest, err);
        first = false;
    } while (status == SIPWIRE_OK && rest.len > 0);
    return status;
}

/* Whether the library's verdict is that of the line: field, value, verdict, RFC, section. The line "none" has no
 * value. */
static bool verdict_holds(char *line)
{
    char *cells[5];
    for (size_t i = 0; i < 5; i++) {
        cells[i] = line;
        line += strcspn(line, "\t\n");
        assert_int_equal(*line, i < 4 ? '\t' : '\n');
        *line++ = '\0';
    }
    if (strcmp(cells[2], "none") == 0)
        return true;
    bool ok = strcmp(cells[2], "ok") == 0;
    assert_true(ok || strcmp(cells[2], "error") == 0);
    uint16_t header = sipwire_header_lookup((sipwire_str){cells[0], strlen(cells[0])});
    unescape(cells[1]);
    const char *value = cells[1] + strspn(cells[1], " \r\n"); /* blanks behind the colon are no part of it */
    size_t len = strlen(value);
    char *block = block_of(value, len);
    sipwire_error err = {0};
    sipwire_status status = read_all(header, block, len, &err);
    free(block);
    bool read = status == SIPWIRE_OK || status == SIPWIRE_END;
    if (read == ok && (read || status == SIPWIRE_E_SYNTAX || status == SIPWIRE_E_DUPLICATE_PARAM))
        return true;
    print_error("RFC %s section %s: %s: %s: %s at %u\n", cells[3], cells[4], cells[0], cells[1],
                sipwire_status_name(status), (unsigned)err.offset);
    return false;
}

static void value_parse_example_of_an_rfc_has_its_verdict(void **state)
{
    (void)state;
    char line[2048];
    size_t examples = 0, faults = 0;
    FILE *file = fopen(file_name, "rb");
    assert_non_null(file);
    assert_non_null(fgets(line, sizeof line, file)); /* the heading */
    while (fgets(line, sizeof line, file)) {
        examples++;
        faults += !verdict_holds(line);
    }
    fclose(file);
    assert_true(examples > 0);
    assert_int_equal(faults, 0);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(value_parse_example_of_an_rfc_has_its_verdict)};
    if (argc != 2)
        return 2;
    file_name = argv[1];
    return cmocka_run_group_tests(tests, NULL, NULL);
}
