/* Sentences of the grammar read, written and read again: equal values; at every SIMD level the same octets; measured
 * the same as written; and what is written is one row of the field. Usage: test_written FILE.
 * SPDX-License-Identifier: MIT */
#include "../support.h"

#include "../equal_values.h"
#include "../names_twice.h"

static const char *file_name;

enum { ROOM = 4096, VALUES = 64 };

/* Instead of the octets written: a parameter's name stands twice. */
#define REFUSED SIZE_MAX

struct text {
    uint16_t header;
    bool uri;
    char octets[1 << 14];
    size_t len;
};

/* Reads one line of the file; false when it is no sentence that the grammar accepts. */
static bool parse_line(char *line, struct text *out)
{
    char *cells[5];
    for (size_t i = 0; i < 5; i++) {
        cells[i] = line;
        line += strcspn(line, "\t\n");
        *line++ = '\0';
    }
    if (strcmp(cells[2], "accept") != 0)
        return false;
    out->len = strlen(cells[4]) / 2;
    out->uri = strcmp(cells[0], "uri") == 0;
    out->header = (uint16_t)strtoul(cells[1], NULL, 10);
    for (size_t i = 0; i < out->len; i++) {
        char pair[3] = {cells[4][2 * i], cells[4][2 * i + 1], '\0'};
        out->octets[i] = (char)strtoul(pair, NULL, 16);
    }
    return true;
}

/* The values of a text, at most VALUES; 0 when it is refused for what is no grammar, or empty. */
static size_t read_values(const struct text *text, sipwire_value *values)
{
    sipwire_str rest = {text->octets, text->len};
    size_t count = 0;
    do {
        bool first = rest.ptr == text->octets;
        if (count == VALUES ||
            sipwire_value_parse(text->header, rest, first, &values[count], &rest, NULL) != SIPWIRE_OK)
            return 0;
        count++;
    } while (rest.len > 0);
    return count;
}

static bool any_names_twice(const sipwire_value *values, size_t count)
{
    bool found = false;
    for (size_t i = 0; i < count; i++)
        found = found || has_names_twice(&values[i], UINT32_MAX, false);
    return found;
}

/* Writes the values as a response; the octets written, 0 after a refusal, which is printed. */
static size_t write_values(const struct text *text, const sipwire_value *values, size_t count, char *buf, size_t cap)
{
    sipwire_writer writer;
    sipwire_error err;
    size_t needed = 0;
    sipwire_write_options options = SIPWIRE_WRITE_OPTIONS_INIT;
    options.lists = SIPWIRE_LISTS_JOINED;
    sipwire_writer_init(&writer, buf, cap, &options);
    sipwire_write_response(&writer, 200, (sipwire_str){0});
    for (size_t i = 0; i < count; i++)
        sipwire_write_value(&writer, text->header, &values[i]);
    sipwire_status status = sipwire_write_end(&writer, (sipwire_str){0}, &needed, &err);
    if (status == SIPWIRE_E_DUPLICATE_PARAM)
        return REFUSED;
    if (status != SIPWIRE_OK && !(cap == 0 && status == SIPWIRE_E_SPACE)) {
        print_error("%s at %u, rule %s: ", sipwire_status_name(status), (unsigned)err.offset,
                    sipwire_rule_name(err.rule));
        return 0;
    }
    return needed;
}

static const char *check_again(const struct text *text, const sipwire_value *values, size_t count, const char *buf,
                               size_t len)
{
    sipwire_row rows[4];
    sipwire_msg msg;
    sipwire_iter it;
    sipwire_value again;
    sipwire_msg_init(&msg, rows, 4, NULL);
    if (sipwire_parse(&msg, buf, len, NULL) != SIPWIRE_OK || msg.count != 2 || rows[0].id != text->header)
        return "is not one row of the field";
    sipwire_iter_begin(&it, &msg, buf, text->header);
    for (size_t i = 0; i < count; i++) {
        if (sipwire_next(&it, &again, NULL) != SIPWIRE_OK)
            return "is refused when read again";
        const sipwire_member *member = different_member(&values[i], &again);
        if (member)
            return member->name;
    }
    return sipwire_next(&it, &again, NULL) == SIPWIRE_END ? NULL : "has more values";
}

static const char *check_value(const struct text *text, uint64_t *digest)
{
    static sipwire_value values[VALUES];
    static char buf[ROOM];
    size_t count = read_values(text, values);
    if (count == 0 || text->header == SIPWIRE_HEADER_CONTENT_LENGTH)
        return NULL;
    size_t len = write_values(text, values, count, buf, sizeof buf);
    if (len == 0)
        return "is not written";
    if ((len == REFUSED) != any_names_twice(values, count))
        return len == REFUSED ? "has no name twice" : "is written with a name twice";
    if (len == REFUSED)
        return NULL;
    for (size_t i = 0; i < len; i++)
        *digest = (*digest ^ (unsigned char)buf[i]) * UINT64_C(0x100000001B3);
    if (write_values(text, values, count, NULL, 0) != len)
        return "is measured wrong";
    return check_again(text, values, count, buf, len);
}

static const char *check_uri(const struct text *text)
{
    char buf[ROOM];
    sipwire_uri uri, again;
    sipwire_writer writer;
    size_t needed;
    if (sipwire_uri_parse((sipwire_str){text->octets, text->len}, &uri, NULL) != SIPWIRE_OK)
        return NULL;
    sipwire_writer_init(&writer, buf, sizeof buf, NULL);
    sipwire_write_request(&writer, SIPWIRE_LITERAL("ACK"), &uri);
    sipwire_status status = sipwire_write_end(&writer, (sipwire_str){0}, &needed, NULL);
    if ((status == SIPWIRE_E_DUPLICATE_PARAM) != names_twice(&uri.params, UINT32_MAX, false))
        return "is not judged rightly as to names that stand twice";
    if (status == SIPWIRE_E_DUPLICATE_PARAM)
        return NULL;
    if (status != SIPWIRE_OK)
        return "is not written";
    sipwire_row rows[2];
    sipwire_msg msg;
    sipwire_msg_init(&msg, rows, 2, NULL);
    if (sipwire_parse(&msg, buf, needed, NULL) != SIPWIRE_OK ||
        sipwire_request_uri(&msg, buf, &again, NULL) != SIPWIRE_OK)
        return "is refused when read again";
    return equal_uri(&uri, &again) ? NULL : "is another URI when read again";
}

static void complain(const struct text *text, const char *what)
{
    sipwire_str name = sipwire_header_name(text->header);
    print_error("%.*s: %s: ", (int)name.len, name.ptr, what);
    for (size_t i = 0; i < text->len; i++) {
        unsigned char octet = (unsigned char)text->octets[i];
        print_error(octet > 0x20 && octet < 0x7f && octet != '\\' ? "%c" : "\\x%02x", octet);
    }
    print_error("\n");
}

/* All sentences at the level in force; a digest of what was written. */
static uint64_t check_all(void)
{
    static char line[1 << 16];
    static struct text text;
    size_t sentences = 0, faults = 0;
    uint64_t digest = 0;
    FILE *file = fopen(file_name, "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file)) {
        if (!parse_line(line, &text))
            continue;
        const char *what = text.uri ? check_uri(&text) : check_value(&text, &digest);
        if (what && faults++ < 20)
            complain(&text, what);
        sentences++;
    }
    fclose(file);
    print_message("%zu sentences, %zu faults\n", sentences, faults);
    assert_true(sentences > 1000);
    assert_int_equal(faults, 0);
    return digest;
}

static void written_sentences_are_read_back_equal(void **state)
{
    (void)state;
    uint64_t digest = 0;
    FOR_EACH_LEVEL(level)
    {
        uint64_t now = check_all();
        assert_true(digest == 0 || now == digest);
        digest = now;
    }
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {cmocka_unit_test(written_sentences_are_read_back_equal)};
    if (argc != 2)
        return 2;
    file_name = argv[1];
    return cmocka_run_group_tests(tests, NULL, NULL);
}
