/* The index: sipwire_parse, the finders.
 * SPDX-License-Identifier: MIT */
#include "wire_support.h"

#include <sipwire/message.h>

#include "messages.h"
#include "reference.h"

/* Parses an exact copy at every level: the results must be the same. */
static parsed parse_text(const char *text, size_t len, const sipwire_options *options)
{
    static parsed first, other;
    char *copy = malloc(len != 0 ? len : 1);
    assert_non_null(copy);
    memcpy(copy, text, len);
    sipwire_level_force(SIPWIRE_LEVEL_SCALAR);
    parse_with(&first, copy, len, ROWS, options);
    FOR_EACH_LEVEL(level)
    {
        parse_with(&other, copy, len, ROWS, options);
        other.msg.rows = first.msg.rows;
        assert_memory_equal(&other.msg, &first.msg, sizeof first.msg);
        assert_memory_equal(other.rows, first.rows, first.msg.count * sizeof first.rows[0]);
        assert_memory_equal(&other.err, &first.err, sizeof first.err);
    }
    free(copy);
    return first;
}

static parsed parse_string(const char *text)
{
    return parse_text(text, strlen(text), NULL);
}

#define START "OPTIONS sip:a@b SIP/2.0\r\n"
#define START_LEN 25u

/* The rule that the octets of a head break. */
static bool rule_fits(const sipwire_error *err)
{
    const char *rule = sipwire_rule_name(err->rule);
    switch (err->status) {
    case SIPWIRE_E_LINE_END:
        return strcmp(rule, "CRLF") == 0;
    case SIPWIRE_E_CONTROL:
    case SIPWIRE_E_NAME:
        return strcmp(rule, "header-name") == 0 || strcmp(rule, "HCOLON") == 0;
    case SIPWIRE_E_FOLD:
        return strcmp(rule, "message-header") == 0;
    case SIPWIRE_E_CONTENT_LENGTH:
    case SIPWIRE_E_CONTENT_LENGTH_REPEATED:
    case SIPWIRE_E_LIMIT_MESSAGE:
        return strcmp(rule, "Content-Length") == 0 && err->header == SIPWIRE_HEADER_CONTENT_LENGTH && err->row < 2;
    default:
        return strcmp(rule, "SIP-message") == 0;
    }
}

static void assert_row(const parsed *p, const char *text, uint32_t i, const char *name, const char *value)
{
    sipwire_str got_name = sipwire_row_name(&p->rows[i], text), got = sipwire_row_value(&p->rows[i], text);
    assert_true(i < p->msg.count);
    assert_int_equal(got_name.len, strlen(name));
    assert_memory_equal(got_name.ptr, name, got_name.len);
    assert_int_equal(got.len, strlen(value));
    assert_memory_equal(got.ptr, value, got.len);
}

static void parse_request_gives_rows(void **state)
{
    (void)state;
    const char *text = sample_messages[0];
    parsed p = parse_string(text);
    assert_int_equal(p.status, SIPWIRE_OK);
    assert_int_equal(p.msg.kind, SIPWIRE_REQUEST);
    assert_int_equal(p.msg.method, SIPWIRE_METHOD_INVITE);
    assert_int_equal(p.msg.count, 9);
    assert_row(&p, text, 0, "Via", "SIP/2.0/TCP client.atlanta.example.com:5060;branch=z9hG4bK74bf9");
    assert_row(&p, text, 8, "Content-Length", "7");
    assert_int_equal(p.rows[0].id, SIPWIRE_HEADER_VIA);
    assert_int_equal(p.msg.content_length, 7);
    assert_int_equal(p.msg.body.len, 7);
    assert_int_equal(p.msg.body.off, p.msg.head_len);
    assert_int_equal(p.msg.start_line_len, 43);
}

static void parse_response_with_compact_names_gives_ids(void **state)
{
    (void)state;
    parsed p = parse_string(sample_messages[1]);
    assert_int_equal(p.status, SIPWIRE_OK);
    assert_int_equal(p.msg.kind, SIPWIRE_RESPONSE);
    assert_int_equal(p.msg.status, 200);
    assert_int_equal(p.rows[0].id, SIPWIRE_HEADER_VIA);
    assert_int_equal(p.rows[0].flags, SIPWIRE_ROW_COMPACT);
    assert_int_equal(p.rows[3].id, SIPWIRE_HEADER_CALL_ID);
    assert_int_equal(p.rows[4].flags, 0);
    assert_int_equal(p.rows[5].id, SIPWIRE_HEADER_CONTENT_LENGTH);
}

static void parse_folds_belong_to_the_field(void **state)
{
    (void)state;
    const char *text =
        START "Subject: one\r\n two\r\n\t three\r\nFrom:\r\n <sip:a@b>\r\nTo: \r\n\t \r\nX-Y: \r\n \r\n y\r\n\r\n";
    parsed p = parse_string(text);
    assert_int_equal(p.status, SIPWIRE_OK);
    assert_row(&p, text, 0, "Subject", "one\r\n two\r\n\t three");
    assert_row(&p, text, 1, "From", "<sip:a@b>");
    assert_row(&p, text, 2, "To", "");
    assert_row(&p, text, 3, "X-Y", "\r\n y");
    for (int i = 0; i < 4; i++)
        assert_int_equal(p.rows[i].flags, SIPWIRE_ROW_FOLDED);
}

static void parse_marks_controls_and_nonascii_of_values(void **state)
{
    (void)state;
    const char *text =
        START "X1: x\ty\r\nX2: \x01\r\nX3: \xC3\xA4\r\nX4: \x7F\r\n \xFF\r\nX5: \"\r\n \x02\"\r\nX6: f\r\n\r\n";
    parsed p = parse_string(text);
    assert_int_equal(p.status, SIPWIRE_OK);
    assert_int_equal(p.rows[0].flags, 0);
    assert_int_equal(p.rows[1].flags, SIPWIRE_ROW_CONTROL);
    assert_int_equal(p.rows[2].flags, SIPWIRE_ROW_NONASCII);
    assert_int_equal(p.rows[3].flags, SIPWIRE_ROW_CONTROL | SIPWIRE_ROW_NONASCII | SIPWIRE_ROW_FOLDED);
    assert_int_equal(p.rows[4].flags, SIPWIRE_ROW_CONTROL | SIPWIRE_ROW_FOLDED);
    assert_int_equal(p.rows[5].flags, 0);
}

static void parse_blanks_before_colon_are_flagged(void **state)
{
    (void)state;
    const char *text = START "From : a\r\nX-Y\t \t:b\r\nTo:c\r\n\r\n";
    parsed p = parse_string(text);
    assert_int_equal(p.status, SIPWIRE_OK);
    assert_row(&p, text, 0, "From", "a");
    assert_int_equal(p.rows[0].id, SIPWIRE_HEADER_FROM);
    assert_int_equal(p.rows[0].flags, SIPWIRE_ROW_BLANK);
    assert_row(&p, text, 1, "X-Y", "b");
    assert_int_equal(p.rows[1].flags, SIPWIRE_ROW_BLANK);
    assert_int_equal(p.rows[2].flags, 0);
}

typedef struct wrong {
    const char *head; /* behind START */
    sipwire_status status;
    uint32_t offset; /* from the end of START */
    uint32_t rows;
} wrong;

static const wrong wrongs[] = {
    {"To: a\nb\r\nVia: c\r\n\r\n", SIPWIRE_E_LINE_END, 5, 1},
    {"To: a\rb\r\nVia: c\r\n\r\n", SIPWIRE_E_LINE_END, 5, 1},
    {"To: a\r\r\nVia: c\r\n\r\n", SIPWIRE_E_LINE_END, 5, 1},
    {"To: a\n\r\n\r\n", SIPWIRE_E_LINE_END, 5, 0},
    {"T\ro: a\r\nVia: c\r\n\r\n", SIPWIRE_E_LINE_END, 1, 1},
    {"\rTo: a\r\n\r\n", SIPWIRE_E_LINE_END, 0, 0},
    {"\nTo: a\r\n\r\n", SIPWIRE_E_LINE_END, 0, 0},
    {"To\x01: a\r\nVia: c\r\n\r\n", SIPWIRE_E_CONTROL, 2, 1},
    {"To \x7F: a\r\n\r\n", SIPWIRE_E_CONTROL, 3, 0},
    {"\x0B: a\r\n\r\n", SIPWIRE_E_CONTROL, 0, 0},
    {"T(o: a\r\n\r\n", SIPWIRE_E_NAME, 1, 0},
    {"To\xC2\xA0: a\r\n\r\n", SIPWIRE_E_NAME, 2, 0},
    {"To b: a\r\n\r\n", SIPWIRE_E_NAME, 3, 0},
    {": a\r\n\r\n", SIPWIRE_E_NAME, 0, 0},
    {"To\r\nVia: c\r\n\r\n", SIPWIRE_E_NAME, 2, 1},
    {"To\r\n : a\r\nVia: c\r\n\r\n", SIPWIRE_E_NAME, 2, 1},
    {"Content-Lengt[: 5\r\n\r\n", SIPWIRE_E_NAME, 13, 0},
    {" To: a\r\nVia: c\r\n\r\n", SIPWIRE_E_FOLD, 0, 1},
    {"\t\r\n\r\n", SIPWIRE_E_FOLD, 0, 0},
    {"Content-Length: 5x\r\n\r\n", SIPWIRE_E_CONTENT_LENGTH, 17, 1},
    {"Content-Length: +5\r\n\r\n", SIPWIRE_E_CONTENT_LENGTH, 16, 1},
    {"Content-Length: -5\r\n\r\n", SIPWIRE_E_CONTENT_LENGTH, 16, 1},
    {"Content-Length: 0x5\r\n\r\n", SIPWIRE_E_CONTENT_LENGTH, 17, 1},
    {"Content-Length: 7, 7\r\n\r\n", SIPWIRE_E_CONTENT_LENGTH, 17, 1},
    {"Content-Length: 5 \r\n\r\n", SIPWIRE_E_CONTENT_LENGTH, 17, 1},
    {"Content-Length: 5\r\n 6\r\n\r\n", SIPWIRE_E_CONTENT_LENGTH, 19, 1},
    {"Content-Length:\r\n\r\n", SIPWIRE_E_CONTENT_LENGTH, 15, 1},
    {"Content-Length: \r\n \r\n 5\r\n\r\n", SIPWIRE_E_CONTENT_LENGTH, 19, 1},
    {"l: 0\r\nContent-Length: 0\r\n\r\n", SIPWIRE_E_CONTENT_LENGTH_REPEATED, 20, 2},
    {"Content-Length: 40\r\nl : 0\r\n\r\n", SIPWIRE_E_CONTENT_LENGTH_REPEATED, 22, 2},
    {"Content-Length: 16777217\r\n\r\n", SIPWIRE_E_LIMIT_MESSAGE, 16, 1},
    {"Content-Length: 16777215\r\n\r\n", SIPWIRE_E_LIMIT_MESSAGE, 16, 1},
    {"Content-Length: 4294967296\r\n\r\n", SIPWIRE_E_LIMIT_MESSAGE, 16, 1},
    {"Content-Length: 18446744073709551617\r\n\r\n", SIPWIRE_E_LIMIT_MESSAGE, 16, 1},
    {"Content-Length: 1\r\n\r\n", SIPWIRE_E_BODY_SHORT, 21, 1},
    {"Via: a\r\n", SIPWIRE_E_HEAD_UNENDED, 8, 1},
    {"Via: a\r", SIPWIRE_E_HEAD_UNENDED, 7, 0},
    {"Via: a\r\nTo: b\r\n\r", SIPWIRE_E_HEAD_UNENDED, 16, 2},
    {"", SIPWIRE_E_HEAD_UNENDED, 0, 0},
};

static void parse_malformed_head_tells_where(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof wrongs / sizeof wrongs[0]; i++) {
        char text[256];
        snprintf(text, sizeof text, "%s%s", START, wrongs[i].head);
        parsed p = parse_string(text);
        print_message("%s", "");
        assert_error(&p, wrongs[i].status, START_LEN + wrongs[i].offset);
        assert_true(rule_fits(&p.err));
        assert_int_equal(p.msg.count, wrongs[i].rows);
        assert_int_equal(p.msg.method, SIPWIRE_METHOD_OPTIONS);
    }
}

static void parse_long_content_length_does_not_overflow(void **state)
{
    (void)state;
    char text[1200];
    int n = snprintf(text, sizeof text, START "Content-Length: ");
    memset(text + n, '0', 1000);
    memcpy(text + n + 999, "1\r\n\r\n!", 7);
    parsed p = parse_string(text);
    assert_int_equal(p.status, SIPWIRE_OK);
    assert_int_equal(p.msg.content_length, 1);
    memset(text + n, '9', 1000);
    p = parse_string(text);
    assert_error(&p, SIPWIRE_E_LIMIT_MESSAGE, (uint32_t)n);
}

static void parse_start_line_errors_come_first(void **state)
{
    (void)state;
    parsed p = parse_string("OPTIONS  sip:a SIP/2.0\r\n\nTo: a\r\n\r\n");
    assert_error(&p, SIPWIRE_E_START_LINE, 8);
    p = parse_string("\r\nOPTIONS sip:a@b SIP/2.0\r\n\r\n");
    assert_error(&p, SIPWIRE_E_START_LINE, 0);
    p = parse_string("OPTIONS sip:a@b\n SIP/2.0\r\n\r\n");
    assert_error(&p, SIPWIRE_E_LINE_END, 15);
    p = parse_string("OPTIONS sip:a@b SIP/2.0\rTo: a\r\n\r\n");
    assert_error(&p, SIPWIRE_E_LINE_END, 23);
    p = parse_string("SIP/2.0 700 No\r\n\r\n");
    assert_error(&p, SIPWIRE_E_RANGE, 8);
    p = parse_string("OPTIONS sip:a");
    assert_error(&p, SIPWIRE_E_HEAD_UNENDED, 13);
}

static void parse_datagram_body_rules(void **state)
{
    (void)state;
    parsed p = parse_string(START "Content-Length: 2\r\n\r\nabcd");
    assert_int_equal(p.status, SIPWIRE_OK);
    assert_int_equal(p.msg.body.len, 2);
    assert_int_equal(p.msg.trailing, 2);
    p = parse_string(START "\r\nabcd");
    assert_int_equal(p.status, SIPWIRE_OK);
    assert_int_equal(p.msg.body.len, 4);
    assert_int_equal(p.msg.trailing, 0);
    p = parse_string(START "Content-Length: 9\r\n\r\nabcd");
    assert_error(&p, SIPWIRE_E_BODY_SHORT, START_LEN + 25);
    assert_int_equal(p.err.needed, START_LEN + 21 + 9);
    assert_int_equal(p.msg.body.len, 4);
}

static void parse_stream_body_rules(void **state)
{
    (void)state;
    sipwire_options stream = SIPWIRE_OPTIONS_INIT;
    stream.mode = SIPWIRE_STREAM;
    const char *exact = START "Content-Length: 2\r\n\r\nab", *more = START "Content-Length: 2\r\n\r\nabc",
               *none = START "\r\n";
    parsed p = parse_text(exact, strlen(exact), &stream);
    assert_int_equal(p.status, SIPWIRE_OK);
    p = parse_text(more, strlen(more), &stream);
    assert_error(&p, SIPWIRE_E_TRAILING, START_LEN + 23);
    p = parse_text(none, strlen(none), &stream);
    assert_error(&p, SIPWIRE_E_CONTENT_LENGTH_MISSING, START_LEN);
}

static void parse_too_few_slots_tells_the_need(void **state)
{
    (void)state;
    FOR_EACH_LEVEL(level)
    {
        for (size_t slots = 0; slots < 9; slots++) {
            parsed p;
            parse_with(&p, sample_messages[0], strlen(sample_messages[0]), slots, NULL);
            assert_int_equal(p.status, SIPWIRE_E_SLOTS);
            assert_int_equal(p.err.needed, 9);
            assert_int_equal(p.msg.count, slots);
            assert_int_equal(p.msg.body.len, 7);
        }
        parsed p;
        parse_with(&p, sample_messages[0], strlen(sample_messages[0]), 9, NULL);
        assert_int_equal(p.status, SIPWIRE_OK);
        parse_with(&p, sample_messages[2], strlen(sample_messages[2]), 6, NULL);
        assert_int_not_equal(p.status, SIPWIRE_E_SLOTS);
    }
}

static void parse_limits_have_their_own_status(void **state)
{
    (void)state;
    const char *text = START "To: abcdef\r\nVia: c\r\n\r\nbody";
    size_t len = strlen(text);
    sipwire_options o = SIPWIRE_OPTIONS_INIT;
    o.max_head = START_LEN + 21;
    parsed p = parse_text(text, len, &o);
    assert_error(&p, SIPWIRE_E_LIMIT_HEAD, o.max_head);
    o.max_head++;
    p = parse_text(text, len, &o);
    assert_int_equal(p.status, SIPWIRE_OK);
    o = SIPWIRE_OPTIONS_INIT;
    o.max_fields = 1;
    p = parse_text(text, len, &o);
    assert_error(&p, SIPWIRE_E_LIMIT_FIELDS, START_LEN + 12);
    o = SIPWIRE_OPTIONS_INIT;
    o.max_field = 11;
    p = parse_text(text, len, &o);
    assert_error(&p, SIPWIRE_E_LIMIT_FIELD, START_LEN + 11);
    assert_int_equal(p.msg.count, 1);
    o.max_field = 12;
    p = parse_text(text, len, &o);
    assert_int_equal(p.status, SIPWIRE_OK);
    o = SIPWIRE_OPTIONS_INIT;
    o.max_message = (uint32_t)len - 1;
    p = parse_text(text, len, &o);
    assert_error(&p, SIPWIRE_E_LIMIT_MESSAGE, o.max_message);
}

static void parse_name_longer_than_a_row_can_say_is_refused(void **state)
{
    (void)state;
    for (size_t name = 65534; name < 65538; name++) {
        size_t len = START_LEN + name + 6;
        char *text = malloc(len);
        assert_non_null(text);
        memcpy(text, START, START_LEN);
        memset(text + START_LEN, 'a', name);
        memcpy(text + START_LEN + name, ": \r\n\r\n", 6);
        parsed p = parse_text(text, len, NULL);
        if (name <= 65535) {
            assert_int_equal(p.status, SIPWIRE_OK);
            assert_int_equal(p.rows[0].name_len, name);
        } else {
            assert_error(&p, SIPWIRE_E_LIMIT_FIELD, START_LEN + 65535);
        }
        free(text);
    }
}

static void parse_without_arguments_is_a_usage_error(void **state)
{
    (void)state;
    sipwire_msg msg;
    sipwire_msg_init(&msg, NULL, 0, NULL);
    assert_int_equal(sipwire_parse(&msg, NULL, 1, NULL), SIPWIRE_E_USAGE);
    assert_int_equal(sipwire_parse(NULL, "x", 1, NULL), SIPWIRE_E_USAGE);
    assert_int_equal(sipwire_parse(&msg, NULL, 0, NULL), SIPWIRE_E_HEAD_UNENDED);
}

static void find_gives_rows_in_order(void **state)
{
    (void)state;
    const char *text = START "Via: 1\r\nX-a: 2\r\nv: 3\r\nX-B: 4\r\nx-A: 5\r\n\r\n";
    parsed p = parse_string(text);
    p.msg.rows = p.rows;
    const sipwire_row *row = sipwire_find(&p.msg, SIPWIRE_HEADER_VIA);
    assert_ptr_equal(row, &p.rows[0]);
    assert_ptr_equal(sipwire_find_next(&p.msg, row), &p.rows[2]);
    assert_null(sipwire_find_next(&p.msg, &p.rows[2]));
    assert_null(sipwire_find(&p.msg, SIPWIRE_HEADER_TO));
    assert_null(sipwire_find(&p.msg, 60000));
    assert_ptr_equal(sipwire_find(&p.msg, SIPWIRE_HEADER_UNKNOWN), &p.rows[1]);
    row = sipwire_find_name(&p.msg, text, (sipwire_str){"X-A", 3}, NULL);
    assert_ptr_equal(row, &p.rows[1]);
    assert_ptr_equal(sipwire_find_name(&p.msg, text, (sipwire_str){"X-A", 3}, row), &p.rows[4]);
    assert_ptr_equal(sipwire_find_name(&p.msg, text, (sipwire_str){"VIA", 3}, &p.rows[0]), &p.rows[2]);
    assert_ptr_equal(sipwire_find_name(&p.msg, text, (sipwire_str){"V", 1}, NULL), &p.rows[0]);
    assert_null(sipwire_find_name(&p.msg, text, (sipwire_str){"X_A", 3}, NULL));
}

static sipwire_options random_options(uint64_t *seed)
{
    sipwire_options o = SIPWIRE_OPTIONS_INIT;
    o.mode = (uint32_t)random_below(seed, 2);
    if (random_below(seed, 3) != 0)
        return o;
    o.max_head = (uint32_t)random_below(seed, 600);
    o.max_message = (uint32_t)random_below(seed, 900);
    o.max_field = (uint32_t)random_below(seed, 100);
    o.max_fields = (uint32_t)random_below(seed, 12);
    return o;
}

static void parse_mutated_messages_agrees_with_reference(void **state)
{
    (void)state;
    guarded g = guarded_new(8192);
    uint64_t seed = 3261;
    static parsed p;
    int rounds = getenv("SIPWIRE_TEST_ROUNDS") ? atoi(getenv("SIPWIRE_TEST_ROUNDS")) : 40000;
    for (int round = 0; round < rounds; round++) {
        static char text[4096];
        const char *sample = sample_messages[random_below(&seed, sizeof sample_messages / sizeof sample_messages[0])];
        size_t len = strlen(sample);
        memcpy(text, sample, len);
        if (random_below(&seed, 8) == 0) /* many lines: more than one batch */
            for (size_t copies = len > 60 ? random_below(&seed, 60) : 0; copies-- > 0 && len < 3000;) {
                memmove(text + 60, text + 30, len - 30);
                len += 30;
            }
        len = mutate(text, len, sizeof text, &seed);
        sipwire_options options = random_options(&seed);
        FOR_EACH_LEVEL(level)
        {
            const char *at = round & 1 ? guarded_at_end(&g, text, len) : guarded_at_start(&g, text, len);
            parse_with(&p, at, len, ROWS, &options);
            compare_with_reference(&p, text, len);
        }
    }
    guarded_free(&g);
}

static void parse_every_prefix_agrees_with_reference(void **state)
{
    (void)state;
    guarded g = guarded_new(4096);
    static parsed p;
    for (size_t i = 0; i < sizeof sample_messages / sizeof sample_messages[0]; i++) {
        for (size_t len = strlen(sample_messages[i]);; len--) {
            FOR_EACH_LEVEL(level)
            {
                parse_with(&p, guarded_at_end(&g, sample_messages[i], len), len, ROWS, NULL);
                compare_with_reference(&p, sample_messages[i], len);
            }
            if (len == 0)
                break;
        }
    }
    guarded_free(&g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parse_request_gives_rows),
        cmocka_unit_test(parse_response_with_compact_names_gives_ids),
        cmocka_unit_test(parse_folds_belong_to_the_field),
        cmocka_unit_test(parse_marks_controls_and_nonascii_of_values),
        cmocka_unit_test(parse_blanks_before_colon_are_flagged),
        cmocka_unit_test(parse_malformed_head_tells_where),
        cmocka_unit_test(parse_long_content_length_does_not_overflow),
        cmocka_unit_test(parse_start_line_errors_come_first),
        cmocka_unit_test(parse_datagram_body_rules),
        cmocka_unit_test(parse_stream_body_rules),
        cmocka_unit_test(parse_too_few_slots_tells_the_need),
        cmocka_unit_test(parse_limits_have_their_own_status),
        cmocka_unit_test(parse_name_longer_than_a_row_can_say_is_refused),
        cmocka_unit_test(parse_without_arguments_is_a_usage_error),
        cmocka_unit_test(find_gives_rows_in_order),
        cmocka_unit_test(parse_every_prefix_agrees_with_reference),
        cmocka_unit_test(parse_mutated_messages_agrees_with_reference),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    if (failed != 0)
        show_last();
    return failed;
}
