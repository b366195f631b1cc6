/* Sentences that tools/sentences.py made from the flattened ABNF, and near misses: the library must give the same
 * verdict, point to the same octet, and read the same at every SIMD level; and what is accepted must be the same to a
 * tolerant reading, without a deviation. Usage: test_sentences FILE.
 * SPDX-License-Identifier: MIT */
#include "../support.h"
#include "../tolerantly.h"

static const char *file_name;

struct sentence {
    uint16_t header;
    bool accepted;
    bool judged; /* the offset is known */
    uint32_t offset;
    char *octets;
    size_t len;
};

struct outcome {
    sipwire_status status;
    sipwire_error err;
    size_t count;
    bool differs; /* a tolerant reading of what was accepted */
    union {
        sipwire_value values[16]; /* of a list, the first ones */
        sipwire_uri uri;
    } read;
};

typedef void reader(const struct sentence *sentence, struct outcome *out);

static bool differs_tolerantly(uint16_t header, sipwire_str text, bool first, const sipwire_value *value)
{
    sipwire_value again;
    size_t used;
    if (value->as.at.length == 0) /* no machine reads it */
        return false;
    return tolerantly_value(header, text, first, &again, &used) != SIPWIRE_OK || used != 0 ||
           !same_value(&again, value);
}

static void read_value(const struct sentence *sentence, struct outcome *out)
{
    sipwire_str text = {sentence->octets, sentence->len};
    out->status = sipwire_value_parse(sentence->header, text, true, &out->read.values[0], NULL, &out->err);
    out->count = out->status == SIPWIRE_OK;
    out->differs = out->count && differs_tolerantly(sentence->header, text, true, &out->read.values[0]);
}

static void read_list(const struct sentence *sentence, struct outcome *out)
{
    sipwire_str rest = {sentence->octets, sentence->len};
    sipwire_value value;
    out->count = 0;
    out->differs = false;
    bool first = true;
    do {
        size_t before = (size_t)(rest.ptr - sentence->octets);
        sipwire_str text = rest;
        out->status = sipwire_value_parse(sentence->header, rest, first, &value, &rest, &out->err);
        out->err.offset += (uint32_t)before;
        if (out->status != SIPWIRE_OK)
            return;
        out->differs |= differs_tolerantly(sentence->header, text, first, &value);
        if (out->count < sizeof out->read.values / sizeof value)
            out->read.values[out->count] = value;
        out->count++;
        first = false;
    } while (rest.len > 0);
}

static void read_uri(const struct sentence *sentence, struct outcome *out)
{
    sipwire_str text = {sentence->octets, sentence->len};
    out->count = 0;
    out->status = sipwire_uri_parse(text, &out->read.uri, &out->err);
    sipwire_uri again;
    size_t used;
    out->differs = out->status == SIPWIRE_OK && (tolerantly_uri(text, &again, &used) != SIPWIRE_OK || used != 0 ||
                                                 !same_uri(&again, &out->read.uri));
}

static bool same_outcome(const struct outcome *a, const struct outcome *b, bool uri)
{
    if (a->status != b->status || a->count != b->count || (a->status < 0 && !same_error(&a->err, &b->err)))
        return false;
    if (uri)
        return a->status != SIPWIRE_OK || same_uri(&a->read.uri, &b->read.uri);
    for (size_t i = 0; i < a->count && i < sizeof a->read.values / sizeof a->read.values[0]; i++) {
        if (!same_value(&a->read.values[i], &b->read.values[i]))
            return false;
    }
    return true;
}

/* What the RFCs say beside the grammar: the text may be a sentence and still be refused. */
static bool beside_grammar(sipwire_status status)
{
    return status == SIPWIRE_E_RANGE || status == SIPWIRE_E_DUPLICATE_PARAM || status == SIPWIRE_E_LIMIT_NESTING;
}

static void complain(const struct sentence *sentence, const struct outcome *out, const char *what)
{
    sipwire_str name = sipwire_header_name(sentence->header);
    print_error("%.*s: %s: ", (int)name.len, name.ptr, what);
    for (size_t i = 0; i < sentence->len; i++) {
        unsigned char octet = (unsigned char)sentence->octets[i];
        print_error(octet > 0x20 && octet < 0x7f && octet != '\\' ? "%c" : "\\x%02x", octet);
    }
    print_error(" (%s at %u, rule %s", sipwire_status_name(out->status), (unsigned)out->err.offset,
                sipwire_rule_name(out->err.rule));
    print_error("; grammar: %s at %u)\n", sentence->accepted ? "accept" : "refuse", (unsigned)sentence->offset);
}

/* NULL when the outcome is what the grammar says. */
static const char *fault(const struct sentence *sentence, const struct outcome *out)
{
    if (out->differs)
        return "read otherwise by the tolerant machine";
    if (beside_grammar(out->status))
        return NULL;
    bool accepted = out->status == SIPWIRE_OK || (out->status == SIPWIRE_END && sentence->len == 0);
    if (accepted != sentence->accepted)
        return "another verdict";
    if (!accepted && out->status != SIPWIRE_E_SYNTAX)
        return "another status";
    if (!accepted && sentence->judged && out->err.offset != sentence->offset)
        return "another offset";
    return NULL;
}

struct tally {
    size_t sentences, beside, faults;
};

/* Choosing a level asks the processor, which is slow: so many sentences are read at one level, then at the next. */
enum { BATCH = 128, LEVELS = SIPWIRE_LEVEL_NEON + 1 };

static void check(struct sentence *batch, size_t count, reader *read, struct tally *tally)
{
    static struct outcome outcomes[LEVELS][BATCH];
    const char *what[BATCH] = {NULL};
    FOR_EACH_LEVEL(level)
    {
        for (size_t i = 0; i < count; i++) {
            struct outcome *first = &outcomes[SIPWIRE_LEVEL_SCALAR][i], *out = &outcomes[level][i];
            out->err = (sipwire_error){0};
            read(&batch[i], out);
            if (!what[i])
                what[i] = same_outcome(first, out, read == read_uri) ? fault(&batch[i], out) : "levels disagree";
        }
    }
    for (size_t i = 0; i < count; i++) {
        tally->beside += beside_grammar(outcomes[SIPWIRE_LEVEL_SCALAR][i].status);
        if (what[i] && tally->faults++ < 20)
            complain(&batch[i], &outcomes[SIPWIRE_LEVEL_SCALAR][i], what[i]);
        free(batch[i].octets);
    }
    tally->sentences += count;
}

static unsigned digit(char hex)
{
    return (unsigned)(hex <= '9' ? hex - '0' : hex - 'a' + 10);
}

/* Reads one line of the file; false when its mode is another. */
static bool parse_line(char *line, const char *mode, struct sentence *out)
{
    char *cells[5];
    for (size_t i = 0; i < 5; i++) {
        cells[i] = line;
        line += strcspn(line, "\t\n");
        *line++ = '\0';
    }
    if (strcmp(cells[0], mode) != 0)
        return false;
    size_t len = strlen(cells[4]) / 2;
    for (size_t i = 0; i < len; i++)
        cells[4][i] = (char)(digit(cells[4][2 * i]) << 4 | digit(cells[4][2 * i + 1]));
    *out = (struct sentence){.header = (uint16_t)strtoul(cells[1], NULL, 10),
                             .accepted = strcmp(cells[2], "accept") == 0,
                             .judged = cells[3][0] != '-',
                             .offset = (uint32_t)strtoul(cells[3], NULL, 10),
                             .octets = block_of(cells[4], len),
                             .len = len};
    return true;
}

static void check_mode(const char *mode, reader *read)
{
    static char line[1 << 16];
    struct tally tally = {0};
    struct sentence batch[BATCH];
    size_t count = 0;
    FILE *file = fopen(file_name, "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file)) {
        count += parse_line(line, mode, &batch[count]);
        if (count == BATCH) {
            check(batch, count, read, &tally);
            count = 0;
        }
    }
    check(batch, count, read, &tally);
    fclose(file);
    print_message("%s: %zu sentences, %zu refused for what is no grammar, %zu faults\n", mode, tally.sentences,
                  tally.beside, tally.faults);
    assert_true(tally.sentences > 1000);
    assert_true(tally.beside * 5 < tally.sentences);
    assert_int_equal(tally.faults, 0);
}

static void value_parse_sentences_as_grammar_says(void **state)
{
    (void)state;
    check_mode("value", read_value);
}

static void value_parse_lists_as_grammar_says(void **state)
{
    (void)state;
    check_mode("list", read_list);
}

static void uri_parse_sentences_as_grammar_says(void **state)
{
    (void)state;
    check_mode("uri", read_uri);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(value_parse_sentences_as_grammar_says),
        cmocka_unit_test(value_parse_lists_as_grammar_says),
        cmocka_unit_test(uri_parse_sentences_as_grammar_says),
    };
    if (argc != 2)
        return 2;
    file_name = argv[1];
    return cmocka_run_group_tests(tests, NULL, NULL);
}
