/* What the quick readers of start lines and names find is what the machines and the reader of octets find: the results
 * of every SIMD level are those of the plain one.
 * SPDX-License-Identifier: MIT */
#include "wire_support.h"

#include <sipwire/message.h>

#include "messages.h"
#include "reference.h"

static guarded guard;

/* Parses the text at every level; returns the plain result. */
static const parsed *parse_alike(const char *text, size_t len)
{
    static parsed plain, other;
    sipwire_level_force(SIPWIRE_LEVEL_SCALAR);
    parse_with(&plain, guarded_at_end(&guard, text, len), len, ROWS, NULL);
    FOR_EACH_LEVEL(level)
    {
        parse_with(&other, guarded_at_end(&guard, text, len), len, ROWS, NULL);
        other.msg.rows = plain.msg.rows;
        assert_memory_equal(&other.msg, &plain.msg, sizeof plain.msg);
        assert_memory_equal(other.rows, plain.rows, plain.msg.count * sizeof plain.rows[0]);
        assert_memory_equal(&other.err, &plain.err, sizeof plain.err);
    }
    return &plain;
}

static const parsed *parse_start_line(const char *line, size_t len, const char *rest)
{
    char text[512];
    memcpy(text, line, len);
    memcpy(text + len, rest, strlen(rest));
    return parse_alike(text, len + strlen(rest));
}

static const char *const start_lines[] = {
    "INVITE sip:bob@biloxi.example.com SIP/2.0",
    "ACK sip:a SIP/2.0",
    "OPTIONS tel:+1-555 SIP/2.0",
    "REGISTER sips:[2001:db8::1]:5061 SIP/2.0",
    "X-NEW sip:a@b SIP/2.0",
    "INVITE sip:a@b SIP/02.00",
    "SIP/2.0 200 OK",
    "SIP/2.0 404 Not Found",
    "SIP/2.0 180 ",
    "SIP/2.0 699 %41\xC3\xA9\t;",
    "SIP/2.0 700 Beyond",
    "SIP/2.0 099 Before",
    "invite sip:a@b SIP/2.0",
    "INVITE sip:a@b sip/2.0",
    "INVITE  sip:a@b SIP/2.0",
    "INVITE sip:a b SIP/2.0",
    "INVITE \"sip:a\" SIP/2.0",
    "INVITE  SIP/2.0",
};

static const char *const rests[] = {
    "\r\n\r\n",
    "\r\nTo: a\r\n\r\n",
    "\r\nVia: SIP/2.0/UDP pc33.example.com;branch=z9hG4bK776asdhds\r\nContent-Length: 0\r\n\r\n",
};

static void start_line_is_read_alike_at_every_level(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof start_lines / sizeof start_lines[0]; i++)
        for (size_t k = 0; k < sizeof rests / sizeof rests[0]; k++)
            parse_start_line(start_lines[i], strlen(start_lines[i]), rests[k]);
    const parsed *p = parse_start_line("SIP/2.0 486 Busy Here", 21, rests[2]);
    assert_int_equal(p->msg.status, 486);
    assert_int_equal(p->msg.reason.len, 9);
    p = parse_start_line("BYE sip:a@b;c=%41 SIP/2.0", 25, rests[2]);
    assert_int_equal(p->msg.method, SIPWIRE_METHOD_BYE);
    assert_int_equal(p->msg.uri.len, 13);
}

static void start_line_with_another_octet_is_read_alike_at_every_level(void **state)
{
    (void)state;
    char line[64];
    for (size_t i = 0; i < sizeof start_lines / sizeof start_lines[0]; i++)
        for (size_t at = 0; at < strlen(start_lines[i]); at++)
            for (size_t octet = at % 7; octet < 256; octet += 7) {
                memcpy(line, start_lines[i], strlen(start_lines[i]));
                line[at] = (char)octet;
                parse_start_line(line, strlen(start_lines[i]), rests[2]);
            }
}

#define SPELLINGS(id, number, name, compact) name, compact,
static const char *const names[] = {SIPWIRE_HEADER_LIST(SPELLINGS)};

static void parse_field(const char *name, size_t len, const char *rest)
{
    char text[512] = "BYE sip:a SIP/2.0\r\n";
    size_t at = strlen(text);
    memcpy(text + at, name, len);
    strcpy(text + at + len, rest);
    const parsed *p = parse_alike(text, strlen(text));
    if (p->status == SIPWIRE_OK)
        assert_int_equal(p->rows[0].id, sipwire_header_lookup((sipwire_str){text + at, len}));
}

/* With these behind it, a vector can be loaded at a name. */
#define MORE "\r\nSubject: some more than 32 octets of text\r\n\r\n"

/* name: of len octets, followed by what may stand behind it. */
static void parse_fields(const char *name, size_t len)
{
    static const char *const behind[] = {
        ": 7\r\n\r\n",       ":7\r\n\r\n",    " : 7\r\n\r\n",          ":\r\n 7\r\n\r\n",
        ": 7\r\n 7\r\n\r\n", ": \r\n\r\n",    ":  7\r\nTo: 1\r\n\r\n", ": 7" MORE,
        ":7" MORE,           ":7\r\n 7" MORE, ":\r\n 7" MORE,          ":" MORE,
        ":\t7" MORE,         ":\xFF" MORE};
    for (size_t i = 0; i < sizeof behind / sizeof behind[0]; i++)
        parse_field(name, len, behind[i]);
}

static void every_name_is_found_alike_at_every_level(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char name[300];
        size_t len = strlen(names[i]);
        if (len == 0)
            continue;
        parse_fields(names[i], len);
        for (size_t at = 0; at < len; at++) { /* another letter case, and one octet that is not the name's */
            memcpy(name, names[i], len);
            name[at] ^= 0x20;
            parse_field(name, len, ": 7" MORE);
            parse_field(name, len, ":7" MORE);
            name[at] = (char)(names[i][at] + 1);
            parse_field(name, len, ": 7" MORE);
            parse_field(name, len, ":7" MORE);
        }
        memcpy(name, names[i], len);
        memcpy(name + len, "-and-more-than-32-octets-of-a-name", 34);
        parse_fields(name, len + 1);
        parse_fields(name, len + 34);
        parse_fields(name + 1, len - 1);
    }
}

/* A field is folded where a batch of lines ends, and goes on in the next one. */
static void fold_across_batches_is_read_alike_at_every_level(void **state)
{
    (void)state;
    char text[4096];
    for (size_t before = 1900; before < 2100; before++) {
        size_t len = (size_t)sprintf(text, "BYE sip:a SIP/2.0\r\nSubject: ");
        memset(text + len, 'x', before - len);
        strcpy(text + before, "\r\n\tone\r\n two\xC3\r\n three\r\nVia: \x01\r\n\r\n");
        const parsed *p = parse_alike(text, strlen(text));
        assert_int_equal(p->status, SIPWIRE_OK);
        assert_int_equal(p->msg.count, 2);
        assert_int_equal(p->rows[0].flags, SIPWIRE_ROW_FOLDED | SIPWIRE_ROW_NONASCII);
        assert_int_equal(p->rows[1].flags, SIPWIRE_ROW_CONTROL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(start_line_is_read_alike_at_every_level),
        cmocka_unit_test(start_line_with_another_octet_is_read_alike_at_every_level),
        cmocka_unit_test(every_name_is_found_alike_at_every_level),
        cmocka_unit_test(fold_across_batches_is_read_alike_at_every_level),
    };
    guard = guarded_new(8192);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    guarded_free(&guard);
    return failed;
}
