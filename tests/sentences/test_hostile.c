/* Hostile octets in every member of every shape, in every form: what the writer takes must be one value of one row,
 * which the parser takes and reads back with equal members. The values around the octets are sentences of the grammar.
 * Usage: test_hostile FILE.
 * SPDX-License-Identifier: MIT */
#include "../support.h"

#include "../equal_values.h"

static const char *file_name;

enum { PER_FIELD = 12, ROOM = 1 << 18, LONG = 140000 };

static char long_text[LONG];

#define H(literal)                                                                                                     \
    {                                                                                                                  \
        (literal), sizeof(literal) - 1                                                                                 \
    }

static const struct {
    const char *ptr;
    size_t len;
} hostile[] = {H(""),
               H("\r\n"),
               H("\r"),
               H("\n"),
               H("\r\n\r\n"),
               H("a\r\nEvil: b"),
               H("a\r\n b"),
               H("a\r\n\r\n b"),
               H("a \r\n \r\n b"),
               H("\r\n a"),
               H("a\r\n "),
               H("\nContent-Length: 5\n"),
               H("\0"),
               H("a\0b"),
               H("\x01"),
               H("\x7F"),
               H("\x1B[2J"),
               H("\t"),
               H(" "),
               H(" a"),
               H("a "),
               H("a b"),
               H("\""),
               H("\"\""),
               H("\"a\""),
               H("a\"b"),
               H("\\"),
               H("a\\"),
               H("\\\""),
               H("\\\r\n b"),
               H("\\ \r\n b"),
               H("\\\0"),
               H("<"),
               H(">"),
               H("<>"),
               H("a> b"),
               H(">,<sip:evil@e>"),
               H("\"><sip:evil>;\""),
               H(","),
               H("a,b"),
               H(", SIP/2.0/UDP evil"),
               H(";"),
               H("a;b"),
               H(";tag=evil"),
               H(";a=b"),
               H(";a=\"b\""),
               H(";a=\"b"),
               H("; a = b "),
               H(";a;a"),
               H(";lr=on"),
               H("="),
               H("a=b"),
               H("?"),
               H("a?b=c"),
               H("@"),
               H("a@b"),
               H("evil@"),
               H(":"),
               H("a:b"),
               H(":5060"),
               H("/"),
               H("a/b"),
               H("%"),
               H("%4"),
               H("%41"),
               H("%zz"),
               H("*"),
               H("a*"),
               H("("),
               H("(a"),
               H("(a)"),
               H("a (b) c"),
               H("["),
               H("[::1]"),
               H("::1"),
               H("::ffff:1.2.3.4"),
               H("::1]:5060;a=["),
               H("1.2.3.4"),
               H("1.2.3"),
               H("256.1.1.1"),
               H("a.b."),
               H("-a"),
               H("a-"),
               H("a..b"),
               H("0"),
               H("007"),
               H("4294967296"),
               H("99999999999999999999"),
               H("-1"),
               H("0.5"),
               H("\x80"),
               H("\xC3"),
               H("\xC3\xA4"),
               H("\xC0\x80"),
               H("\xED\xA0\x80"),
               H("\xF8\x88\x80\x80\x80"),
               H("\xFE\xFF"),
               H("a\xFF"),
               H("sip"),
               H("tel"),
               H("sip:a"),
               H("SIP/2.0"),
               H("INVITE"),
               H("GET / HTTP/1.1"),
               H("abcdefghijklmnopqrstuvwxyz0123456789"),
               H("abcdefghijklmnopqrstuvwxyz0123456789\r\nX: abcdefghijklmnopqrstuvwxyz"),
               {long_text, 70000},
               {long_text, LONG}};

enum { HOSTILE = sizeof hostile / sizeof hostile[0] };

struct trial {
    uint16_t header;
    sipwire_value value;
    const sipwire_member *changed;
    size_t tried, taken, faults;
};

/* Numbers and letters may be spelled otherwise in a region; all other members must be as they were given. */
static const char *compare(const struct trial *trial, const sipwire_value *again)
{
    size_t count;
    const sipwire_member *members = sipwire_shape_members((sipwire_shape)trial->value.shape, &count);
    for (size_t i = 0; i < count; i++) {
        const void *a = (const char *)&trial->value.as + members[i].offset;
        const void *b = (const char *)&again->as + members[i].offset;
        const sipwire_host *x = a, *y = b;
        bool same = true;
        if (members[i].kind == SIPWIRE_KIND_HOST)
            same = equal_str(x->text, y->text) && (x->type == SIPWIRE_HOST_IPV6) == (y->type == SIPWIRE_HOST_IPV6);
        else if (members[i].kind == SIPWIRE_KIND_DECIMAL && ((const sipwire_decimal *)a)->text.ptr)
            same = equal_str(((const sipwire_decimal *)a)->text, ((const sipwire_decimal *)b)->text);
        else if (members[i].kind == SIPWIRE_KIND_METHOD)
            same = equal_str(*(const sipwire_str *)a, *(const sipwire_str *)b);
        else if (members[i].kind != SIPWIRE_KIND_PARAMS && members[i].kind != SIPWIRE_KIND_URI)
            same = equal_member(&members[i], a, b);
        if (!same)
            return members[i].name;
    }
    return NULL;
}

/* The hostile URI's own members; a type of host is known from its text. */
static const char *compare_uri(const sipwire_uri *a, const sipwire_uri *b)
{
    bool same = a->scheme == b->scheme && a->port == b->port && equal_str(a->user, b->user) &&
                equal_str(a->password, b->password) && equal_str(a->host.text, b->host.text) &&
                equal_str(a->number, b->number) && equal_str(a->headers, b->headers) && equal_str(a->rest, b->rest) &&
                (a->scheme_text.ptr == NULL || equal_str(a->scheme_text, b->scheme_text));
    return same ? NULL : "uri";
}

static const char *check_taken(const struct trial *trial, const char *buf, size_t len)
{
    sipwire_row rows[8];
    sipwire_msg msg;
    sipwire_iter it;
    sipwire_value again;
    sipwire_msg_init(&msg, rows, 8, NULL);
    if (sipwire_parse(&msg, buf, len, NULL) != SIPWIRE_OK || msg.count != 2 || rows[0].id != trial->header ||
        rows[1].id != SIPWIRE_HEADER_CONTENT_LENGTH || msg.head_len != len)
        return "is not one row of the field";
    sipwire_iter_begin(&it, &msg, buf, trial->header);
    if (sipwire_next(&it, &again, NULL) != SIPWIRE_OK)
        return "is refused when read again";
    const char *what = compare(trial, &again);
    if (!what && trial->changed->kind == SIPWIRE_KIND_URI)
        what = compare_uri((const void *)((const char *)&trial->value.as + trial->changed->offset),
                           (const void *)((const char *)&again.as + trial->changed->offset));
    return what ? what : sipwire_next(&it, &again, NULL) == SIPWIRE_END ? NULL : "has more values";
}

static void try_value(struct trial *trial)
{
    static char buf[ROOM];
    sipwire_writer w;
    sipwire_error err;
    size_t needed, measured;
    sipwire_writer_init(&w, buf, sizeof buf, NULL);
    sipwire_write_response(&w, 200, (sipwire_str){0});
    sipwire_write_value(&w, trial->header, &trial->value);
    sipwire_status status = sipwire_write_end(&w, (sipwire_str){0}, &needed, &err);
    sipwire_writer_init(&w, NULL, 0, NULL);
    sipwire_write_response(&w, 200, (sipwire_str){0});
    sipwire_write_value(&w, trial->header, &trial->value);
    sipwire_status measure = sipwire_write_end(&w, (sipwire_str){0}, &measured, &err);
    const char *what = NULL;
    trial->tried++;
    if (status == SIPWIRE_OK) {
        trial->taken++;
        what = check_taken(trial, buf, needed);
        if (measure != SIPWIRE_E_SPACE || measured != needed)
            what = "is measured otherwise";
    } else if (measure != status) {
        what = "is refused otherwise when it is measured";
    }
    if (what && trial->faults++ < 20) {
        sipwire_str name = sipwire_header_name(trial->header);
        print_error("%.*s, member %s, %s: %.*s\n", (int)name.len, name.ptr, trial->changed->name, what,
                    (int)(needed < 300 ? needed : 300), buf);
    }
}

static void *changed(struct trial *trial)
{
    return (char *)&trial->value.as + trial->changed->offset;
}

static void try_str(struct trial *trial, sipwire_str *str)
{
    sipwire_str before = *str;
    for (size_t i = 0; i < HOSTILE; i++) {
        *str = (sipwire_str){hostile[i].ptr, hostile[i].len};
        try_value(trial);
    }
    *str = before;
}

static void try_text(struct trial *trial, sipwire_text *text)
{
    for (size_t i = 0; i < HOSTILE; i++) {
        for (uint32_t form = SIPWIRE_WIRE; form <= SIPWIRE_PLAIN; form++) {
            *text = (sipwire_text){hostile[i].ptr, (uint32_t)hostile[i].len, form};
            try_value(trial);
        }
    }
}

static void try_products(struct trial *trial, sipwire_products *products)
{
    for (size_t i = 0; i < HOSTILE; i++) {
        *products = (sipwire_products){hostile[i].ptr, (uint32_t)hostile[i].len, 0};
        try_value(trial);
    }
}

/* Its numbers are those of its text, or there is no text. */
static void try_decimal(struct trial *trial, sipwire_decimal *decimal)
{
    static const sipwire_decimal numbers[] = {{.whole = -2},
                                              {.whole = 0, .nano = 1},
                                              {.whole = 1, .nano = 999999999},
                                              {.whole = 1, .nano = 1000000000},
                                              {.whole = INT64_MAX}};
    decimal->whole = -1;
    decimal->nano = 0;
    try_str(trial, &decimal->text);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        *decimal = numbers[i];
        try_value(trial);
    }
}

static void try_host(struct trial *trial, sipwire_host *host)
{
    sipwire_host before = *host;
    for (host->type = SIPWIRE_HOST_NAME; host->type <= SIPWIRE_HOST_IPV6; host->type++)
        try_str(trial, &host->text);
    *host = before;
}

/* The octets as the region, as a name, as a value, and between quotes. */
static void try_params(struct trial *trial, sipwire_params *params)
{
    static const char *const around[][2] = {{"", ""}, {";", ""}, {";x=", ""}, {";x=\"", "\""}, {";x=a", ";y=b"}};
    sipwire_params before = *params;
    static char region[LONG + 16];
    for (size_t i = 0; i < HOSTILE; i++) {
        for (size_t k = 0; k < sizeof around / sizeof around[0]; k++) {
            size_t left = strlen(around[k][0]), right = strlen(around[k][1]);
            memcpy(region, around[k][0], left);
            memcpy(region + left, hostile[i].ptr, hostile[i].len);
            memcpy(region + left + hostile[i].len, around[k][1], right);
            *params = (sipwire_params){region, (uint32_t)(left + hostile[i].len + right), 1};
            try_value(trial);
        }
    }
    *params = before;
}

static void try_uri(struct trial *trial, sipwire_uri *uri)
{
    const sipwire_uri before = *uri;
    for (uint32_t scheme = SIPWIRE_SCHEME_SIP; scheme <= SIPWIRE_SCHEME_OTHER; scheme++) {
        *uri = (sipwire_uri){.scheme = scheme, .port = -1};
        if (scheme == SIPWIRE_SCHEME_OTHER) {
            uri->scheme_text = STR("x");
            uri->rest = STR("y");
        } else if (scheme == SIPWIRE_SCHEME_TEL) {
            uri->number = STR("+1");
        } else {
            uri->host = (sipwire_host){STR("h"), SIPWIRE_HOST_NAME, 0};
        }
        sipwire_str *members[] = {&uri->scheme_text, &uri->user, &uri->number, &uri->headers, &uri->rest};
        for (size_t i = 0; i < sizeof members / sizeof *members; i++)
            try_str(trial, members[i]);
        uri->user = STR("u");
        try_str(trial, &uri->password);
        uri->user = (sipwire_str){0};
        try_host(trial, &uri->host);
        try_params(trial, &uri->params);
    }
    *uri = before;
}

static void try_number(struct trial *trial)
{
    static const int64_t numbers[] = {INT64_MIN, INT32_MIN, -2, 256, 1001, 65536, INT32_MAX, 4294967296, INT64_MAX};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        if (trial->changed->kind == SIPWIRE_KIND_NUMBER64 || trial->changed->kind == SIPWIRE_KIND_HEX)
            *(int64_t *)changed(trial) = numbers[i];
        else
            *(int32_t *)changed(trial) = (int32_t)numbers[i];
        try_value(trial);
    }
}

static void try_member(struct trial *trial)
{
    switch (trial->changed->kind) {
    case SIPWIRE_KIND_STR:
    case SIPWIRE_KIND_METHOD:
        try_str(trial, changed(trial));
        break;
    case SIPWIRE_KIND_TEXT:
    case SIPWIRE_KIND_COMMENT:
        try_text(trial, changed(trial));
        break;
    case SIPWIRE_KIND_PRODUCTS:
        try_products(trial, changed(trial));
        break;
    case SIPWIRE_KIND_DECIMAL:
        try_decimal(trial, changed(trial));
        break;
    case SIPWIRE_KIND_HOST:
        try_host(trial, changed(trial));
        break;
    case SIPWIRE_KIND_URI:
        try_uri(trial, changed(trial));
        break;
    case SIPWIRE_KIND_PARAMS:
        try_params(trial, changed(trial));
        break;
    case SIPWIRE_KIND_FLAG:
        *(bool *)changed(trial) = !*(bool *)changed(trial);
        try_value(trial);
        break;
    default:
        try_number(trial);
    }
}

static void try_sentence(struct trial *sum, uint16_t header, sipwire_str text)
{
    sipwire_value value;
    size_t count;
    if (sipwire_value_parse(header, text, true, &value, NULL, NULL) != SIPWIRE_OK)
        return;
    const sipwire_member *members = sipwire_shape_members((sipwire_shape)value.shape, &count);
    for (size_t i = 0; i < count; i++) {
        struct trial trial = {.header = header, .value = value, .changed = &members[i], .faults = sum->faults};
        try_member(&trial);
        sum->tried += trial.tried;
        sum->taken += trial.taken;
        sum->faults = trial.faults;
    }
}

static size_t octets_of(const char *hex, char *out)
{
    size_t len = 0;
    for (; hex[0] && hex[1] && hex[0] != '\n'; hex += 2) {
        char pair[3] = {hex[0], hex[1], '\0'};
        out[len++] = (char)strtoul(pair, NULL, 16);
    }
    return len;
}

static void hostile_members_are_refused_or_stay_one_value(void **state)
{
    (void)state;
    static char line[1 << 16], octets[1 << 15];
    static size_t used[SIPWIRE_HIGHEST_HEADER + 1], seen[SIPWIRE_HIGHEST_HEADER + 1];
    struct trial sum = {0};
    FILE *file = fopen(file_name, "r");
    assert_non_null(file);
    memset(long_text, 'a', sizeof long_text);
    while (fgets(line, sizeof line, file)) {
        char mode[16], verdict[16], offset[16];
        unsigned header;
        int at = 0;
        if (sscanf(line, "%15s\t%u\t%15s\t%15s\t%n", mode, &header, verdict, offset, &at) != 4 || at == 0)
            continue;
        bool wanted = strcmp(mode, "value") == 0 && strcmp(verdict, "accept") == 0;
        if (!wanted || header == SIPWIRE_HEADER_CONTENT_LENGTH || used[header] == PER_FIELD || seen[header]++ % 37 != 0)
            continue;
        used[header]++;
        try_sentence(&sum, (uint16_t)header, (sipwire_str){octets, octets_of(line + at, octets)});
    }
    fclose(file);
    print_message("%zu values tried, %zu taken, %zu faults\n", sum.tried, sum.taken, sum.faults);
    assert_true(sum.taken > 1000 && sum.taken < sum.tried);
    assert_int_equal(sum.faults, 0);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {cmocka_unit_test(hostile_members_are_refused_or_stay_one_value)};
    if (argc != 2)
        return 2;
    file_name = argv[1];
    return cmocka_run_group_tests(tests, NULL, NULL);
}
