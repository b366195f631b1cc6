/* Start lines and rows of parsed messages, copied: at every level, one row after the other and many at once, the same
 * octets are written or the same is refused, whatever the rows say.
 * SPDX-License-Identifier: MIT */
#include "support.h"

enum { ROOM = 4096, ROWS = 64 };

/* What was written. */
struct outcome {
    char octets[ROOM];
    size_t needed;
    sipwire_error err;
};

enum { AT_ONCE, ONE_BY_ONE };

/* before: a row of this field is written before the others, from a value. */
static void write_all(struct outcome *out, const sipwire_msg *msg, const char *buf, int how, bool before)
{
    const sipwire_call_id call_id = {.callid = STR("a@b")};
    sipwire_writer w;
    memset(out, 0, sizeof *out);
    sipwire_writer_init(&w, out->octets, ROOM, NULL);
    sipwire_write_response(&w, 200, (sipwire_str){0});
    if (before)
        sipwire_write_field_call_id(&w, &call_id);
    if (how == AT_ONCE)
        sipwire_write_rows(&w, buf, msg->rows, msg->count);
    for (uint32_t i = 0; how == ONE_BY_ONE && i < msg->count; i++)
        sipwire_write_row(&w, buf, &msg->rows[i]);
    sipwire_write_param(&w, STR("x"), NULL); /* refused: it tells of the last line */
    if (w.error.status == SIPWIRE_E_USAGE)
        assert_int_equal(w.error.header, w.header);
    w.error.status = w.error.status == SIPWIRE_E_USAGE ? SIPWIRE_OK : w.error.status;
    sipwire_write_end(&w, (sipwire_str){0}, &out->needed, &out->err);
    if (out->err.status != SIPWIRE_OK)
        memset(out->octets, 0, ROOM);
    else
        memset(out->octets + out->needed, 0, ROOM - out->needed);
}

static void ways_agree(const sipwire_msg *msg, const char *buf, bool before)
{
    static struct outcome plain, other;
    sipwire_level_force(SIPWIRE_LEVEL_SCALAR);
    write_all(&plain, msg, buf, ONE_BY_ONE, before);
    FOR_EACH_LEVEL(level)
    {
        for (int how = AT_ONCE; how <= ONE_BY_ONE; how++) {
            write_all(&other, msg, buf, how, before);
            assert_true(same_error(&plain.err, &other.err));
            assert_int_equal(plain.needed, other.needed);
            assert_memory_equal(plain.octets, other.octets, ROOM);
        }
    }
}

/* No start line stands before these rows, and a name may be one octet. */
static void rows_at_the_beginning_of_a_buffer_are_copied(void **state)
{
    (void)state;
    static const char text[] = "v: SIP/2.0/UDP h\r\nf: <sip:a>\r\n";
    sipwire_row rows[2] = {{.name_off = 0, .name_len = 1, .value_off = 3, .value_len = 13, .id = SIPWIRE_HEADER_VIA},
                           {.name_off = 18, .name_len = 1, .value_off = 21, .value_len = 7, .id = SIPWIRE_HEADER_FROM}};
    char *own = malloc(sizeof text - 1), out[256];
    memcpy(own, text, sizeof text - 1);
    FOR_EACH_LEVEL(level)
    {
        sipwire_writer w;
        size_t needed;
        sipwire_writer_init(&w, out, sizeof out, NULL);
        sipwire_write_response(&w, 200, (sipwire_str){0});
        sipwire_write_rows(&w, own, rows, 2);
        assert_status(sipwire_write_end(&w, (sipwire_str){0}, &needed, NULL), OK);
        assert_memory_equal(out + strlen("SIP/2.0 200 OK\r\n"), text, sizeof text - 1);
    }
    free(own);
}

/* The numbers of all tests in a fixed order. */
static uint32_t draw(uint32_t *seed, uint32_t below)
{
    *seed = *seed * 1664525 + 1013904223;
    return (*seed >> 8) % below;
}

static const char *const heads[] = {
    "Via: SIP/2.0/UDP a;branch=z9hG4bK1\r\nVia: SIP/2.0/UDP b\r\nCall-ID: x@y\r\nX-Private: 1\r\nSubject: \r\n"
    "Max-Forwards: 70\r\nContent-Type: application/sdp\r\nContent-Length: 0\r\n",
    "v: SIP/2.0/UDP a\r\ni: x\r\nl: 0\r\nUser-Agent: a/1 (a rather long comment, so that the line takes two blocks)\r\n"
    "To: <sip:b@c>\r\nFrom: <sip:d@e>;tag=1\r\n",
    "Content-Length: 0\r\nCSeq: 1 BYE\r\n",
    "CSeq: 1 BYE\r\nSubject: a\r\n b\r\nTo : <sip:a@b>\r\nX-a: \xC3\xA4\r\nP-Asserted-Identity:<sip:a@b>\r\n",
    "X-Unknown-Field-With-A-Rather-Long-Name-Indeed: v\r\nX-Name-Of-29-Octets-In-All-ab: "
    "v\r\nX-Name-Of-30-Octets-In-All-abc: "
    "v\r\nDate: now\r\nAccept: \r\n",
    "Subject: \x01\x7F\xFF\r\nDate: Sat, 13 Nov 2010 23:29:00 GMT\r\n",
    "Via: SIP/2.0/TCP a\r\n ;branch=z9hG4bK1\r\n\t;received=192.0.2.1\r\nCall-ID: a\r\nSubject: a\r\n b\r\n",
    "v:SIP/2.0/UDP a\r\nCSeq:1 BYE\r\nl:0\r\nX-y:z\r\nx:90\r\ny:\r\nTo:<sip:b@c>\r\nUser-Agent:a/1 (a rather long "
    "comment)\r\n",
    "f:\r\n <sip:a@b>;tag=1\r\nt: <sip:a@b>\r\n ;tag=2\r\nContent-Length: 0\r\n",
};

/* A message in a block of its size, without the line end of its last field: nothing behind the rows can be loaded. */
static void cut(struct message *m, const char *head, size_t changed, char octet)
{
    static char text[ROOM];
    snprintf(text, sizeof text, OK_LINE "%s", head);
    message_of(m, text);
    const sipwire_row *last = &m->msg.rows[m->msg.count - 1];
    size_t len = (size_t)last->value_off + last->value_len;
    char *block = block_of(m->buf, len);
    if (changed < len)
        block[changed] = octet;
    free(m->buf);
    m->buf = block;
    m->len = len;
}

static void rows_of_a_message_are_written_alike_in_all_ways(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        struct message m;
        cut(&m, heads[i], SIZE_MAX, 0);
        ways_agree(&m.msg, m.buf, false);
        ways_agree(&m.msg, m.buf, true);
        free(m.buf);
    }
}

static void rows_are_written_as_they_stand_but_for_content_length(void **state)
{
    (void)state;
    static struct outcome out;
    FOR_EACH_LEVEL(level)
    {
        struct message m;
        cut(&m, heads[1], SIZE_MAX, 0);
        write_all(&out, &m.msg, m.buf, AT_ONCE, false);
        assert_int_equal(out.err.status, SIPWIRE_OK);
        assert_string_equal(out.octets,
                            OK_LINE "v: SIP/2.0/UDP a\r\ni: x\r\n"
                                    "User-Agent: a/1 (a rather long comment, so that the line takes two blocks)\r\n"
                                    "To: <sip:b@c>\r\nFrom: <sip:d@e>;tag=1\r\nContent-Length: 0\r\n\r\n");
        free(m.buf);
    }
}

static void rows_over_octets_changed_to_any_are_written_or_refused_alike(void **state)
{
    (void)state;
    static const char octets[] = "\r\n: \tA\0\xFF";
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        for (size_t at = sizeof OK_LINE - 1; at < sizeof OK_LINE - 1 + strlen(heads[i]); at++) {
            for (size_t octet = 0; octet < sizeof octets; octet++) {
                struct message m;
                cut(&m, heads[i], at, octets[octet]);
                ways_agree(&m.msg, m.buf, false);
                free(m.buf);
            }
        }
    }
}

/* Any other row of the block, mostly near what it was. */
static void change_row(uint32_t *seed, sipwire_row *row, uint32_t len)
{
    uint32_t end = row->value_off + row->value_len;
    switch (draw(seed, 6)) {
    case 0:
        row->name_off += draw(seed, 5) - 2;
        break;
    case 1:
        row->name_len = (uint16_t)(row->name_len + draw(seed, 5) - 2);
        break;
    case 2:
        end += draw(seed, 5) - 2;
        break;
    case 3:
        row->name_off = draw(seed, len);
        break;
    case 4:
        end = draw(seed, len + 1);
        break;
    default:
        row->id = (uint16_t)draw(seed, 32);
        row->flags = (uint16_t)draw(seed, 32);
    }
    if (end > len || (int32_t)end < 0)
        end = len;
    if (row->name_off >= len || (uint64_t)row->name_off + row->name_len > len)
        row->name_len = 0;
    row->name_off = row->name_off >= len ? 0 : row->name_off;
    row->value_off = row->value_off > end ? end : row->value_off;
    row->value_len = end - row->value_off;
}

static void rows_changed_in_any_number_are_written_or_refused_alike(void **state)
{
    (void)state;
    uint32_t seed = 3261;
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        for (int round = 0; round < 3000; round++) {
            struct message m;
            cut(&m, heads[i], SIZE_MAX, 0);
            for (uint32_t changes = 1 + draw(&seed, 3); changes > 0; changes--)
                change_row(&seed, &m.msg.rows[draw(&seed, m.msg.count)], (uint32_t)m.len);
            ways_agree(&m.msg, m.buf, round % 2);
            free(m.buf);
        }
    }
}

static void row_of_content_length_under_another_id_is_passed_over(void **state)
{
    (void)state;
    FOR_EACH_LEVEL(level)
    {
        static struct outcome out;
        struct message m;
        cut(&m, heads[2], SIZE_MAX, 0);
        m.msg.rows[0].id = SIPWIRE_HEADER_SUBJECT;
        write_all(&out, &m.msg, m.buf, AT_ONCE, false);
        assert_string_equal(out.octets, OK_LINE "CSeq: 1 BYE\r\nContent-Length: 0\r\n\r\n");
        free(m.buf);
    }
}

static void rows_of_a_field_written_before_are_refused_if_it_may_occur_once(void **state)
{
    (void)state;
    FOR_EACH_LEVEL(level)
    {
        static struct outcome out;
        struct message m;
        cut(&m, heads[0], SIZE_MAX, 0);
        m.msg.rows[2].id = SIPWIRE_HEADER_SUBJECT;
        write_all(&out, &m.msg, m.buf, AT_ONCE, true);
        assert_error(&out.err, SIPWIRE_E_DUPLICATE, 0, SIPWIRE_HEADER_CALL_ID, 3);
        free(m.buf);
    }
}

static void rows_of_many_and_long_lines_are_written_as_they_stand(void **state)
{
    (void)state;
    enum { LINES = 300, LONG = 400 };
    static char text[LINES * LONG], out[LINES * LONG], value[LONG];
    static sipwire_row rows[LINES];
    size_t len = (size_t)sprintf(text, OK_LINE);
    for (int i = 0; i < LINES; i++) {
        memset(value, 'x', sizeof value);
        value[i * 7 % (LONG - 20)] = '\0';
        len += (size_t)sprintf(text + len, "X-%d: %s%s\r\n", i, value, i % 50 == 49 ? "\r\n y" : "");
    }
    len += (size_t)sprintf(text + len, "Content-Length: 0\r\n\r\n");
    FOR_EACH_LEVEL(level)
    {
        sipwire_msg msg;
        sipwire_writer w;
        size_t needed;
        sipwire_msg_init(&msg, rows, LINES, NULL);
        sipwire_parse(&msg, text, len, NULL);
        sipwire_writer_init(&w, out, sizeof out, NULL);
        assert_status(sipwire_write_start_line(&w, text, &msg), OK);
        assert_status(sipwire_write_rows(&w, text, rows, LINES), OK);
        assert_status(sipwire_write_end(&w, (sipwire_str){0}, &needed, NULL), OK);
        assert_int_equal(needed, len);
        assert_memory_equal(out, text, len);
    }
}

static void rows_over_the_limits_are_refused_alike(void **state)
{
    (void)state;
    struct message m;
    cut(&m, heads[0], SIZE_MAX, 0);
    FOR_EACH_LEVEL(level)
    {
        for (uint32_t most = 1; most < 12; most++) {
            char out[ROOM];
            sipwire_write_options options = SIPWIRE_WRITE_OPTIONS_INIT;
            sipwire_writer w;
            options.limits.max_fields = most;
            sipwire_writer_init(&w, out, sizeof out, &options);
            sipwire_write_response(&w, 200, (sipwire_str){0});
            sipwire_write_rows(&w, m.buf, m.msg.rows, m.msg.count);
            if (most < 7) {
                assert_int_equal(w.error.status, SIPWIRE_E_LIMIT_FIELDS);
                assert_int_equal(w.error.row, most);
            } else {
                assert_int_equal(w.error.status, SIPWIRE_OK);
                assert_int_equal(w.fields, 7);
            }
        }
    }
    free(m.buf);
}

static void rows_that_are_none_write_nothing(void **state)
{
    (void)state;
    char out[ROOM];
    sipwire_writer w;
    sipwire_writer_init(&w, out, sizeof out, NULL);
    sipwire_write_response(&w, 200, (sipwire_str){0});
    assert_status(sipwire_write_rows(&w, "", NULL, 0), OK);
    assert_int_equal(w.fields, 0);
}

static void start_line_is_written_as_it_stands(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "INVITE sip:bob@biloxi.example.com SIP/2.0\r\n",
        "X-a sips:[::1]:5061;a=b?c=d sip/2.0\r\n",
        "A a:b SIP/2.0\r\n",
        "SIP/2.0 200 OK\r\n",
        "SIP/2.0 486 Sch\xC3\xB6n\r\n",
        "sip/2.0 699 \r\n",
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        FOR_EACH_LEVEL(level)
        {
            char out[ROOM], expected[ROOM];
            struct message m;
            sipwire_writer w;
            size_t needed, measured;
            message_of(&m, lines[i]);
            sipwire_writer_init(&w, out, sizeof out, NULL);
            assert_status(sipwire_write_start_line(&w, m.buf, &m.msg), OK);
            assert_status(sipwire_write_end(&w, (sipwire_str){0}, &needed, NULL), OK);
            snprintf(expected, sizeof expected, "%sContent-Length: 0\r\n\r\n", lines[i]);
            assert_str(((sipwire_str){out, needed}), expected);
            sipwire_writer_init(&w, NULL, 0, NULL);
            sipwire_write_start_line(&w, m.buf, &m.msg);
            assert_status(sipwire_write_end(&w, (sipwire_str){0}, &measured, NULL), E_SPACE);
            assert_int_equal(measured, needed);
            message_free(&m);
        }
    }
}

static void start_line_that_is_none_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        sipwire_status status;
        uint32_t offset;
    } bad[] = {{"INVITE sip:a@b SIP/2.0 ", SIPWIRE_E_START_LINE, 22},
               {"INVITE  sip:a@b SIP/2.0", SIPWIRE_E_START_LINE, 7},
               {"INVITE sip:a\rb SIP/2.0", SIPWIRE_E_START_LINE, 12},
               {"SIP/2.0 700 OK", SIPWIRE_E_RANGE, 8},
               {"SIP/2.0 200 O\nK", SIPWIRE_E_START_LINE, 13}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        FOR_EACH_LEVEL(level)
        {
            char out[ROOM], *line = block_of(bad[i].line, strlen(bad[i].line) + 1);
            sipwire_msg msg = {.kind = SIPWIRE_REQUEST, .start_line_len = (uint32_t)strlen(line) + 2};
            char *text = malloc(strlen(line) + 3);
            sprintf(text, "%s\r\n", line);
            sipwire_writer w;
            sipwire_writer_init(&w, out, sizeof out, NULL);
            assert_int_equal(sipwire_write_start_line(&w, text, &msg), bad[i].status);
            assert_int_equal(w.error.offset, bad[i].offset);
            free(text);
            free(line);
        }
    }
}

static void start_line_of_no_message_or_behind_another_is_refused(void **state)
{
    (void)state;
    char out[ROOM];
    sipwire_writer w;
    sipwire_msg none = {0};
    struct message m;
    sipwire_writer_init(&w, out, sizeof out, NULL);
    assert_status(sipwire_write_start_line(&w, "", &none), E_USAGE);
    message_of(&m, OK_LINE);
    sipwire_writer_init(&w, out, sizeof out, NULL);
    sipwire_write_start_line(&w, m.buf, &m.msg);
    assert_status(sipwire_write_start_line(&w, m.buf, &m.msg), E_USAGE);
    message_free(&m);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_at_the_beginning_of_a_buffer_are_copied),
        cmocka_unit_test(rows_of_a_message_are_written_alike_in_all_ways),
        cmocka_unit_test(rows_are_written_as_they_stand_but_for_content_length),
        cmocka_unit_test(rows_over_octets_changed_to_any_are_written_or_refused_alike),
        cmocka_unit_test(rows_changed_in_any_number_are_written_or_refused_alike),
        cmocka_unit_test(row_of_content_length_under_another_id_is_passed_over),
        cmocka_unit_test(rows_of_a_field_written_before_are_refused_if_it_may_occur_once),
        cmocka_unit_test(rows_of_many_and_long_lines_are_written_as_they_stand),
        cmocka_unit_test(rows_over_the_limits_are_refused_alike),
        cmocka_unit_test(rows_that_are_none_write_nothing),
        cmocka_unit_test(start_line_is_written_as_it_stands),
        cmocka_unit_test(start_line_that_is_none_is_refused),
        cmocka_unit_test(start_line_of_no_message_or_behind_another_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
