/* Straight paths (src/straight.h) against level scalar, which has none: hosts, numbers and names of parameters, where
 * the paths compute what machines read; and the places where fewer octets follow than a vector holds.
 * SPDX-License-Identifier: MIT */
#include "support.h"

/* What is compared of one URI. */
struct reading {
    int8_t status;
    uint8_t host_type;
    uint16_t host_len;
    int32_t port;
};

static struct reading reading_of(const char *text, size_t len)
{
    sipwire_uri uri;
    sipwire_status status = sipwire_uri_parse((sipwire_str){text, len}, &uri, NULL);
    if (status != SIPWIRE_OK)
        return (struct reading){.status = (int8_t)status};
    return (struct reading){0, (uint8_t)uri.host.type, (uint16_t)uri.host.text.len, uri.port};
}

/* Reads count texts at each level and compares; text_at writes one and returns its length. */
static void compare(size_t count, size_t (*text_at)(size_t number, char *text))
{
    struct reading *scalar = malloc(count * sizeof *scalar);
    assert_non_null(scalar);
    size_t taken = 0;
    FOR_EACH_LEVEL(level)
    {
        for (size_t i = 0; i < count; i++) {
            char text[512];
            size_t len = text_at(i, text);
            struct reading reading = reading_of(text, len);
            if (level == SIPWIRE_LEVEL_SCALAR) {
                scalar[i] = reading;
                taken += reading.status == SIPWIRE_OK;
            } else if (memcmp(&reading, &scalar[i], sizeof reading) != 0) {
                fail_msg("%.*s: %d, host %u of %u, port %d at level %s", (int)len, text, reading.status,
                         reading.host_type, reading.host_len, (int)reading.port,
                         sipwire_level_name((sipwire_level)level));
            }
        }
    }
    free(scalar);
    assert_true(taken > count / 100);
}

/* Texts over six octets, by number: of one octet, of two, and so on; with a tail, so that 32 octets can be loaded. */
static size_t short_host(size_t number, char *text, const char *tail)
{
    static const char octets[] = "a019.-";
    size_t len = 4, count = 6;
    memcpy(text, "sip:", 4);
    for (; number >= count; count *= 6, len++)
        number -= count;
    for (size_t width = len - 3, i = 0; i < width; i++, number /= 6)
        text[4 + i] = octets[number % 6];
    memcpy(text + len + 1, tail, strlen(tail));
    return len + 1 + strlen(tail);
}

static size_t short_host_at_the_end(size_t number, char *text)
{
    return short_host(number, text, "");
}

static size_t short_host_with_more(size_t number, char *text)
{
    return short_host(number, text, ";a=01234567890123456789012345678901234567");
}

static void uri_host_of_up_to_6_octets_is_read_as_by_its_machine(void **state)
{
    (void)state;
    size_t count = 6 + 36 + 216 + 1296 + 7776 + 46656;
    compare(count, short_host_at_the_end);
    compare(count, short_host_with_more);
}

/* Addresses of 3 to 5 groups out of 12. */
static size_t address_like(size_t number, char *text)
{
    static const char *const groups[] = {"0", "00", "7", "07", "10", "99", "100", "199", "249", "255", "256", "1000"};
    size_t len = 4;
    memcpy(text, "sip:", 4);
    for (size_t i = 0, n = 3 + number % 3, rest = number / 3; i < n; i++, rest /= 12)
        len += (size_t)sprintf(text + len, "%s%s", i ? "." : "", groups[rest % 12]);
    return len + (size_t)sprintf(text + len, ";a=01234567890123456789012345678901234567");
}

static void uri_ipv4_address_is_read_as_by_its_machine(void **state)
{
    (void)state;
    compare((size_t)3 * 12 * 12 * 12 * 12, address_like);
}

/* Up to ten groups with a colon, two or three between them, in brackets: a group is empty, short, long or too long. */
static size_t ipv6_like(size_t number, char *text)
{
    static const char *const groups[] = {"0", "ffff", "12345", "", "1.2.3.4"};
    size_t count = 1 + number % 10, odd = number / 10 % 11, doubled = number / 110 % 11, again = number / 1210 % 11;
    size_t len = (size_t)sprintf(text, "sip:[%s", number / 13310 / 5 % 2 ? ":" : "");
    for (size_t i = 0; i < count; i++) {
        len += (size_t)sprintf(text + len, "%s", i == odd ? groups[number / 13310 % 5] : "a");
        if (i + 1 < count || i == doubled || i == again)
            len += (size_t)sprintf(text + len, "%s%s", i == doubled ? "::" : ":", i == again ? ":" : "");
    }
    return len + (size_t)sprintf(text + len, "];a=01234567890123456789012345678901234567");
}

static void uri_ipv6_address_is_read_as_by_its_machine(void **state)
{
    (void)state;
    compare((size_t)13310 * 5 * 2, ipv6_like);
}

/* Names of 1 to 100 octets, with a dot, a hyphen, another octet or nothing odd at each place. */
static size_t long_host(size_t number, char *text)
{
    static const char odd[] = ".-a%9";
    size_t len = 1 + number / 5 % 100, place = number / 500 % 100;
    memcpy(text, "sip:", 4);
    memset(text + 4, 'b', len);
    if (place < len)
        text[4 + place] = odd[number % 5];
    memcpy(text + 4 + len, ";a=1", 4);
    return 4 + len + 4;
}

static void uri_host_of_any_length_is_read_as_by_its_machine(void **state)
{
    (void)state;
    compare(50000, long_host);
}

/* Ports of 0 to 11 digits: a number with zeros before it. */
static size_t port_like(size_t number, char *text)
{
    static const unsigned ports[] = {0,     1,     9,     10,     99,      5060,     9999,
                                     65535, 65536, 99999, 100000, 9999999, 12345678, 4294967295};
    static const char *const tails[] = {"", ";lr", ";lr;abcdefghijklmnopqrstuvwxyz=0123456789", "x", "/:", "?a=b"};
    int width = (int)(number / 6 % 12);
    int len = width == 0 ? sprintf(text, "sip:h:%s", tails[number % 6])
                         : sprintf(text, "sip:h:%0*u%s", width, ports[number / 72 % 14], tails[number % 6]);
    return (size_t)len;
}

static void uri_port_is_read_as_by_its_machine(void **state)
{
    (void)state;
    compare((size_t)6 * 12 * 14, port_like);
}

/* A Via as the last field, with so many octets of a body behind it. */
static void via_near_the_end_of_the_message_is_read_as_far_from_it(void **state)
{
    (void)state;
    for (int body = 0; body < 80; body++) {
        char text[256];
        int len = sprintf(
            text, OK_LINE "Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKx;received=192.0.2.2;rport=9\r\n\r\n%.*s",
            body, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
        char *block = block_of(text, (size_t)len);
        FOR_EACH_LEVEL(level)
        {
            sipwire_row rows[4];
            sipwire_msg msg;
            sipwire_iter it;
            sipwire_via via;
            sipwire_msg_init(&msg, rows, 4, NULL);
            assert_status(sipwire_parse(&msg, block, (size_t)len, NULL), OK);
            sipwire_iter_begin(&it, &msg, block, SIPWIRE_HEADER_VIA);
            assert_status(sipwire_via_next(&it, &via, NULL), OK);
            assert_str(via.host.text, "192.0.2.1");
            assert_int_equal(via.port, 5060);
            assert_text(via.branch, "z9hG4bKx");
            assert_str(via.received.text, "192.0.2.2");
            assert_int_equal(via.rport, 9);
            assert_int_equal(via.params.count, 3);
            assert_status(sipwire_via_next(&it, &via, NULL), END);
        }
        free(block);
    }
}

/* Names that have a rule, names that begin or end like them, in any letter case. */
static void param_name_like_a_known_one_is_no_known_one(void **state)
{
    (void)state;
    static const char *const near[] = {"ttl",
                                       "TTL",
                                       "ttll",
                                       "tt",
                                       "xttl",
                                       "branc",
                                       "branchh",
                                       "receive",
                                       "receivedd",
                                       "rporr",
                                       "Maddr",
                                       "maddr-",
                                       "ttlttlttlttlttlttl",
                                       "t-l",
                                       "abcdefghmaddr"};
    for (size_t i = 0; i < sizeof near / sizeof near[0]; i++) {
        char text[128];
        int len = sprintf(text, "SIP/2.0/UDP h;%s=300", near[i]);
        bool known = i < 2; /* a ttl is at most 255 */
        FOR_EACH_LEVEL(level)
        {
            sipwire_value value;
            sipwire_str via = {text, (size_t)len};
            assert_int_equal(sipwire_value_parse(SIPWIRE_HEADER_VIA, via, true, &value, NULL, NULL),
                             known     ? SIPWIRE_E_RANGE
                             : i == 10 ? SIPWIRE_E_SYNTAX
                                       : SIPWIRE_OK);
        }
    }
}

/* What a walk over all values of a message gives. */
struct walked {
    sipwire_status parsed;
    size_t count;
    sipwire_status statuses[16];
    sipwire_value values[16];
    sipwire_error errors[16];
};

static void walk(struct walked *out, const char *buf, size_t len)
{
    sipwire_row rows[16];
    sipwire_msg msg;
    sipwire_iter it;
    memset(out, 0, sizeof *out);
    sipwire_msg_init(&msg, rows, 16, NULL);
    out->parsed = sipwire_parse(&msg, buf, len, NULL);
    if (out->parsed != SIPWIRE_OK)
        return;
    sipwire_iter_begin_all(&it, &msg, buf);
    for (size_t i = 0; i < 16; i++) {
        sipwire_error err;
        out->statuses[i] = sipwire_next(&it, &out->values[i], &err);
        if (out->statuses[i] == SIPWIRE_END)
            break;
        if (out->statuses[i] == SIPWIRE_OK) {
            out->count++;
        } else {
            out->errors[i] = err;
            memset(&out->values[i], 0, sizeof out->values[i]);
        }
    }
}

/* Walks at every level over a message at the end of its block; returns how many values it has. */
static size_t walk_alike(const char *text)
{
    static struct walked plain, other;
    size_t len = strlen(text);
    char *block = block_of(text, len);
    sipwire_level_force(SIPWIRE_LEVEL_SCALAR);
    walk(&plain, block, len);
    FOR_EACH_LEVEL(level)
    {
        walk(&other, block, len);
        if (memcmp(&plain, &other, sizeof plain) != 0)
            fail_msg("read in another way at level %s: %s", sipwire_level_name((sipwire_level)level), text);
    }
    free(block);
    return plain.count;
}

/* Fields with folds, blanks, URIs without angle brackets, and others that have paths of their own. */
static const struct {
    const char *field;
    size_t values;
} laid_out[] = {
    {"Via: SIP/2.0/UDP a\r\n ;branch=z9hG4bK1 ; rport\r\n\t;x=y , SIP/2.0/TCP b:5060", 2},
    {"Via: SIP/2.0/UDP\r\n a , \r\n SIP / 2.0 / UDP b", 2},
    {"To: sip:a@b.example:5060 ;tag=1", 1},
    {"To:sip:a;tag=b@c", 0},
    {"To: urn:service:sos;tag=1", 1},
    {"Contact: x:a,x:b%41,tel:+1-5,sip:c?,sips:a:b@c;q=0.5,sip:[::1]:5", 3},
    {"Contact:\r\n <sip:a>;expires=60,\r\n \"b\"<sip:b>;+sip.instance=\"<urn:uuid:0>\"\r\n ,<sip:c>", 3},
    {"Contact: *, <sip:a>", 0},
    {"Warning: 307 a \r\n\t\"x\" , 399 b\r\n \"\"", 2},
    {"Warning: 307 a\r\n \r\n \r\n \"x\"", 0},
    {"Max-Forwards:\r\n 70", 1},
    {"Max-Forwards:\r\n \r\n 70", 0},
    {"Date: Sun, 29 Feb 2004 23:59:59 GMT", 1},
    {"Date: sat, 31 APR 2010 23:29:00 gmt", 0},
    {"Timestamp: 1.5 .25", 1},
    {"Timestamp: 1\r\n\t", 1},
    {"Server: a/1 (b (c) \\( d) e", 1},
    {"Server: a (b (c (d)))", 1},
    {"Authorization: Digest a=b ,\r\n response=\"0123456789abcdef0123456789abcdef\" , uri=\"sip:a\"", 1},
    {"Supported: a , b,\r\n c,\td", 4},
    {"Supported: a, , b", 1},
};

static void value_laid_out_in_another_way_is_read_as_by_its_machine(void **state)
{
    (void)state;
    char text[512];
    for (size_t i = 0; i < sizeof laid_out / sizeof laid_out[0]; i++) {
        sprintf(text, OK_LINE "%s\r\n\r\n", laid_out[i].field);
        size_t values = walk_alike(text);
        if (values != laid_out[i].values)
            fail_msg("%zu values in %s", values, text);
    }
}

static void value_laid_out_with_another_octet_is_read_as_by_its_machine(void **state)
{
    (void)state;
    static const char octets[] = "\r\n \t;,:<>\"@(%=a0*\xC3";
    char text[512];
    for (size_t i = 0; i < sizeof laid_out / sizeof laid_out[0]; i++) {
        for (size_t at = 0; at < strlen(laid_out[i].field); at++) {
            for (size_t octet = 0; octet < sizeof octets - 1; octet++) {
                sprintf(text, OK_LINE "%s\r\n\r\n", laid_out[i].field);
                text[strlen(OK_LINE) + at] = octets[octet];
                walk_alike(text);
                sprintf(text, OK_LINE "%.*s%c%s\r\n\r\n", (int)at, laid_out[i].field, octets[octet],
                        laid_out[i].field + at);
                walk_alike(text);
            }
        }
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(uri_host_of_up_to_6_octets_is_read_as_by_its_machine),
        cmocka_unit_test(uri_ipv4_address_is_read_as_by_its_machine),
        cmocka_unit_test(uri_ipv6_address_is_read_as_by_its_machine),
        cmocka_unit_test(uri_host_of_any_length_is_read_as_by_its_machine),
        cmocka_unit_test(uri_port_is_read_as_by_its_machine),
        cmocka_unit_test(via_near_the_end_of_the_message_is_read_as_far_from_it),
        cmocka_unit_test(param_name_like_a_known_one_is_no_known_one),
        cmocka_unit_test(value_laid_out_in_another_way_is_read_as_by_its_machine),
        cmocka_unit_test(value_laid_out_with_another_octet_is_read_as_by_its_machine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
