/* The framer, and that it agrees with the index.
 * SPDX-License-Identifier: MIT */
#include "wire_support.h"

#include <sipwire/frame.h>
#include <sipwire/message.h>

#include "messages.h"

enum { MOST_FRAMES = 64 };

/* What became of a stream: its frames, from its start, and how it ended. */
typedef struct outcome {
    size_t count;
    struct {
        size_t at, head, total;
    } frames[MOST_FRAMES];
    sipwire_status status; /* MORE, or the error */
    size_t offset;         /* of the error, from the stream's start */
} outcome;

/* Feeds a stream in pieces of the given sizes (0: all the rest); drops each message when it is complete. */
static outcome feed(const char *stream, size_t len, const size_t *cuts, size_t n, const sipwire_options *options)
{
    outcome o = {.status = SIPWIRE_MORE};
    sipwire_framer framer;
    sipwire_framer_init(&framer, options);
    size_t begin = 0, end = 0;
    for (size_t i = 0; end < len || i == 0; i++) {
        size_t piece = n != 0 ? cuts[i % n] : 0;
        end = piece == 0 || piece > len - end ? len : end + piece;
        for (;;) {
            sipwire_frame frame;
            sipwire_error err = {0};
            char *copy = malloc(end - begin + 1); /* the buffer may move */
            assert_non_null(copy);
            memcpy(copy, stream + begin, end - begin);
            sipwire_status status = sipwire_framer_scan(&framer, copy, end - begin, &frame, &err);
            free(copy);
            assert_int_equal(status == SIPWIRE_OK ? 0 : err.status, status);
            if (status == SIPWIRE_OK && o.count < MOST_FRAMES) {
                assert_true(frame.head <= frame.total && frame.skip + frame.total <= end - begin);
                o.frames[o.count].at = begin + frame.skip;
                o.frames[o.count].head = frame.head;
                o.frames[o.count++].total = frame.total;
                begin += frame.skip + frame.total;
                continue;
            }
            if (status == SIPWIRE_MORE)
                break;
            o.status = status;
            o.offset = begin + err.offset;
            assert_int_equal(sipwire_framer_scan(&framer, stream + begin, end - begin, &frame, &err), SIPWIRE_E_USAGE);
            return o;
        }
    }
    return o;
}

static outcome feed_whole(const char *stream, size_t len, const sipwire_options *options)
{
    outcome first = {0};
    FOR_EACH_LEVEL(level)
    {
        outcome o = feed(stream, len, NULL, 0, options);
        if (level != SIPWIRE_LEVEL_SCALAR)
            assert_memory_equal(&o, &first, sizeof o);
        first = o;
    }
    return first;
}

#define START "OPTIONS sip:a@b SIP/2.0\r\n"
#define START_LEN 25u

static void scan_two_messages_gives_two_frames(void **state)
{
    (void)state;
    const char *stream = "\r\n\r\n" START "l: 2\r\n\r\nab\r\n" START "Content-Length:\r\n 0\r\n\r\n\r\n";
    outcome o = feed_whole(stream, strlen(stream), NULL);
    assert_int_equal(o.status, SIPWIRE_MORE);
    assert_int_equal(o.count, 2);
    assert_int_equal(o.frames[0].at, 4);
    assert_int_equal(o.frames[0].head, START_LEN + 8);
    assert_int_equal(o.frames[0].total, START_LEN + 10);
    assert_int_equal(o.frames[1].at, 4 + START_LEN + 10 + 2);
    assert_int_equal(o.frames[1].total, START_LEN + 23);
}

static void scan_keep_alive_tells_what_may_be_dropped(void **state)
{
    (void)state;
    sipwire_framer framer;
    sipwire_frame frame;
    sipwire_framer_init(&framer, NULL);
    assert_int_equal(sipwire_framer_scan(&framer, "\r\n\r\n\r", 5, &frame, NULL), SIPWIRE_MORE);
    assert_int_equal(frame.skip, 4);
    assert_int_equal(frame.head, 0);
}

static void scan_incomplete_body_tells_head(void **state)
{
    (void)state;
    const char *text = START "Content-Length: 5\r\n\r\nab";
    sipwire_framer framer;
    sipwire_frame frame;
    sipwire_framer_init(&framer, NULL);
    assert_int_equal(sipwire_framer_scan(&framer, text, strlen(text), &frame, NULL), SIPWIRE_MORE);
    assert_int_equal(frame.head, START_LEN + 21);
    assert_int_equal(frame.total, START_LEN + 26);
    assert_int_equal(sipwire_framer_scan(&framer, text, 3, &frame, NULL), SIPWIRE_E_USAGE);
}

typedef struct wrong {
    const char *stream; /* behind START */
    sipwire_status status;
    uint32_t offset; /* from the end of START */
} wrong;

static const wrong wrongs[] = {
    {"To: a\n", SIPWIRE_E_LINE_END, 5},
    {"To: a\rb", SIPWIRE_E_LINE_END, 5},
    {"\n", SIPWIRE_E_LINE_END, 0},
    {"\rx", SIPWIRE_E_LINE_END, 0},
    {"To\x01", SIPWIRE_E_CONTROL, 2},
    {"To\xC2", SIPWIRE_E_NAME, 2},
    {"To x", SIPWIRE_E_NAME, 3},
    {"To\r\n", SIPWIRE_E_NAME, 2},
    {":", SIPWIRE_E_NAME, 0},
    {" ", SIPWIRE_E_FOLD, 0},
    {"Content-Length: 7,", SIPWIRE_E_CONTENT_LENGTH, 17},
    {"Content-Length: +", SIPWIRE_E_CONTENT_LENGTH, 16},
    {"Content-Length: 7\r\n ", SIPWIRE_E_CONTENT_LENGTH, 19},
    {"Content-Length: \r\nT", SIPWIRE_E_CONTENT_LENGTH, 16},
    {"Content-Length: 7\r\nl:", SIPWIRE_E_CONTENT_LENGTH_REPEATED, 20},
    {"Content-Length: 16777217", SIPWIRE_E_LIMIT_MESSAGE, 16},
    {"Content-Length: 16777216\r\n\r\n", SIPWIRE_E_LIMIT_MESSAGE, 16},
    {"To: a\r\n\r\n", SIPWIRE_E_CONTENT_LENGTH_MISSING, 7},
};

static void scan_malformed_stream_is_refused_at_once(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof wrongs / sizeof wrongs[0]; i++) {
        char text[256];
        size_t len = (size_t)snprintf(text, sizeof text, "%s%s", START, wrongs[i].stream);
        outcome o = feed_whole(text, len, NULL);
        assert_string_equal(sipwire_status_name(o.status), sipwire_status_name(wrongs[i].status));
        assert_int_equal(o.offset, START_LEN + wrongs[i].offset);
        const size_t one = 1;
        outcome slowly = feed(text, len, &one, 1, NULL);
        assert_memory_equal(&slowly, &o, sizeof o);
        o = feed_whole(text, len - 1, NULL); /* the last octet is what shows it */
        assert_int_equal(o.status, SIPWIRE_MORE);
    }
}

static void scan_limits_have_their_own_status(void **state)
{
    (void)state;
    const char *text = START "To: abcdef\r\nl: 0\r\n\r\n";
    size_t len = strlen(text);
    sipwire_options o = SIPWIRE_OPTIONS_INIT;
    o.max_head = START_LEN + 19;
    outcome got = feed_whole(text, len, &o);
    assert_int_equal(got.status, SIPWIRE_E_LIMIT_HEAD);
    assert_int_equal(got.offset, o.max_head);
    o.max_head++;
    assert_int_equal(feed_whole(text, len, &o).count, 1);
    o.max_fields = 1;
    got = feed_whole(text, len, &o);
    assert_int_equal(got.status, SIPWIRE_E_LIMIT_FIELDS);
    assert_int_equal(got.offset, START_LEN + 12);
    o.max_fields = 2;
    o.max_field = 11;
    got = feed_whole(text, len, &o);
    assert_int_equal(got.status, SIPWIRE_E_LIMIT_FIELD);
    assert_int_equal(got.offset, START_LEN + 11);
    o.max_field = 12;
    assert_int_equal(feed_whole(text, len, &o).count, 1);
}

static void scan_samples_cut_everywhere_gives_the_same(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof sample_messages / sizeof sample_messages[0]; i++) {
        size_t len = strlen(sample_messages[i]);
        outcome whole = feed_whole(sample_messages[i], len, NULL);
        for (size_t first = 1; first < len; first++) {
            FOR_EACH_LEVEL(level)
            {
                size_t cuts[] = {first, 0};
                outcome o = feed(sample_messages[i], len, cuts, 2, NULL);
                assert_memory_equal(&o, &whole, sizeof o);
            }
        }
    }
}

/* For any octets: what the parser accepts is delimited just so, what the framer refuses the parser does not accept. */
static void agree(const char *text, size_t len, const sipwire_options *options)
{
    static sipwire_row rows[512];
    sipwire_msg msg;
    sipwire_options stream = *options;
    stream.mode = SIPWIRE_STREAM;
    outcome o = feed(text, len, NULL, 0, options);
    sipwire_msg_init(&msg, rows, 512, &stream);
    sipwire_error err = {0};
    sipwire_status status = sipwire_parse(&msg, text, len, &err);
    if (status == SIPWIRE_OK) {
        assert_int_equal(o.count, 1);
        assert_int_equal(o.frames[0].at, 0);
        assert_int_equal(o.frames[0].total, len);
        assert_int_equal(o.frames[0].head, msg.head_len);
    }
    if (o.count == 0 && o.status < 0 && status != SIPWIRE_E_START_LINE && status != SIPWIRE_E_RANGE &&
        (len < 2 || memcmp(text, "\r\n", 2) != 0)) {
        assert_int_equal(status, o.status);
        assert_int_equal(err.offset, o.offset);
    }
    for (size_t i = 0; i < o.count; i++) { /* a frame is a message, but for its start line */
        status = sipwire_parse(&msg, text + o.frames[i].at, o.frames[i].total, &err);
        assert_true(status == SIPWIRE_OK || status == SIPWIRE_E_START_LINE || status == SIPWIRE_E_RANGE);
        assert_int_equal(msg.head_len, o.frames[i].head);
    }
}

static struct {
    const char *text;
    size_t len;
} last;

static void scan_mutated_streams_agree_at_every_cut(void **state)
{
    (void)state;
    guarded g = guarded_new(8192);
    uint64_t seed = 3261;
    int rounds = getenv("SIPWIRE_TEST_ROUNDS") ? atoi(getenv("SIPWIRE_TEST_ROUNDS")) : 20000;
    for (int round = 0; round < rounds; round++) {
        static char text[4096];
        size_t len = 0;
        for (size_t messages = 1 + random_below(&seed, 2); messages-- > 0;) {
            const char *sample =
                sample_messages[random_below(&seed, sizeof sample_messages / sizeof sample_messages[0])];
            memcpy(text + len, sample, strlen(sample));
            len += strlen(sample);
        }
        if (random_below(&seed, 4) != 0)
            len = mutate(text, len, sizeof text, &seed);
        last.text = text;
        last.len = len;
        sipwire_options options = SIPWIRE_OPTIONS_INIT;
        if (random_below(&seed, 4) == 0) {
            options.max_head = (uint32_t)random_below(&seed, 600);
            options.max_message = (uint32_t)random_below(&seed, 900);
            options.max_field = (uint32_t)random_below(&seed, 100);
            options.max_fields = (uint32_t)random_below(&seed, 12);
        }
        const char *at = round & 1 ? guarded_at_end(&g, text, len) : guarded_at_start(&g, text, len);
        outcome whole = feed_whole(at, len, &options);
        FOR_EACH_LEVEL(level)
        {
            agree(at, len, &options);
            size_t cuts[3];
            for (int i = 0; i < 3; i++)
                cuts[i] = 1 + random_below(&seed, random_below(&seed, 2) ? 400 : 70);
            outcome o = feed(text, len, cuts, 3, &options);
            assert_memory_equal(&o, &whole, sizeof o);
        }
        const size_t one = 1;
        outcome slowly = feed(text, len, &one, 1, &options);
        assert_memory_equal(&slowly, &whole, sizeof slowly);
    }
    guarded_free(&g);
}

#ifdef SIPWIRE_COUNT_VISITS
extern uint64_t sipwire_visits;

static void visits_of(const char *stream, size_t len, size_t piece, double most)
{
    sipwire_options options = SIPWIRE_OPTIONS_INIT;
    options.max_head = options.max_message = options.max_field = options.max_fields = UINT32_MAX;
    FOR_EACH_LEVEL(level)
    {
        sipwire_framer framer;
        sipwire_frame frame;
        sipwire_framer_init(&framer, &options);
        sipwire_visits = 0;
        for (size_t end = piece < len ? piece : len;; end = piece < len - end ? end + piece : len) {
            assert_int_equal(sipwire_framer_scan(&framer, stream, end, &frame, NULL), SIPWIRE_MORE);
            if (end == len)
                break;
        }
        if ((double)sipwire_visits > most * (double)len)
            fail_msg("%.2f visits of each octet in pieces of %zu", (double)sipwire_visits / (double)len, piece);
    }
}

static void scan_visits_each_octet_a_bounded_number_of_times(void **state)
{
    (void)state;
    const size_t len = 1 << 20, pieces[] = {1, 2, 7, 63, 64, 65, 100, 1460, 1 << 19, 1 << 20};
    char *stream = malloc(len);
    assert_non_null(stream);
    static const char *const lines[] = {"X-Field: value\r\n", "x : y\r\n", "S: \r\n \r\n folded\r\n", "T: \xC3\xA4\r\n",
                                        "\r\n"};
    for (size_t kind = 0; kind < sizeof lines / sizeof lines[0]; kind++) {
        size_t line = strlen(lines[kind]);
        memcpy(stream, START, START_LEN);
        size_t at = kind == 4 ? 0 : START_LEN;
        for (size_t i = at; i < len; i++)
            stream[i] = lines[kind][(i - at) % line];
        for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++)
            visits_of(stream, len, pieces[i], 3);
    }
    memset(stream, 'x', len);
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++)
        visits_of(stream, len, pieces[i], 3);
    free(stream);
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scan_two_messages_gives_two_frames),
        cmocka_unit_test(scan_keep_alive_tells_what_may_be_dropped),
        cmocka_unit_test(scan_incomplete_body_tells_head),
        cmocka_unit_test(scan_malformed_stream_is_refused_at_once),
        cmocka_unit_test(scan_limits_have_their_own_status),
        cmocka_unit_test(scan_samples_cut_everywhere_gives_the_same),
#ifdef SIPWIRE_COUNT_VISITS
        cmocka_unit_test(scan_visits_each_octet_a_bounded_number_of_times),
#endif
        cmocka_unit_test(scan_mutated_streams_agree_at_every_cut),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    for (size_t i = 0; failed != 0 && i < last.len; i++)
        printf("%02X%s", (unsigned char)last.text[i], last.text[i] == '\n' ? "\n" : "");
    return failed;
}
