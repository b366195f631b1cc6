/* Sentences that tools/readings.py derived from the ABNF, each with what the members of its struct must be: the library
 * must read the same. Usage: test_readings FILE.
 * SPDX-License-Identifier: MIT */
#include "../support.h"

#include <stdio.h>

static const char *file_name;

/* The description of a struct, as the file has it. */
struct description {
    char text[1 << 15];
    size_t len;
};

static void put(struct description *d, const char *text)
{
    size_t len = strlen(text);
    assert_true(d->len + len < sizeof d->text);
    memcpy(d->text + d->len, text, len + 1);
    d->len += len;
}

static void put_number(struct description *d, int64_t number)
{
    char text[24];
    snprintf(text, sizeof text, "%lld", (long long)number);
    put(d, text);
}

static void put_octets(struct description *d, const char *ptr, size_t len)
{
    static const char digits[] = "0123456789abcdef";
    if (!ptr)
        put(d, "-");
    for (size_t i = 0; i < len; i++) {
        unsigned char octet = (unsigned char)ptr[i];
        put(d, (char[]){digits[octet >> 4], digits[octet & 15], '\0'});
    }
}

static void put_str(struct description *d, sipwire_str str)
{
    put_octets(d, str.ptr, str.len);
}

static void put_text(struct description *d, sipwire_text text)
{
    if (text.form == SIPWIRE_WIRE_QUOTED)
        put(d, "q");
    put_octets(d, text.ptr, text.len);
}

static void put_host(struct description *d, sipwire_host host)
{
    put_str(d, host.text);
    put(d, "/");
    put_number(d, host.type);
}

static void put_params(struct description *d, const sipwire_params *params)
{
    uint32_t cursor = 0;
    sipwire_param param;
    put_number(d, params->count);
    while (sipwire_param_next(params, &cursor, &param) == SIPWIRE_OK) {
        put(d, ";");
        put_str(d, param.name);
        put(d, "=");
        put_text(d, param.value);
    }
}

static void put_uri(struct description *d, const sipwire_uri *uri)
{
    const sipwire_str parts[] = {uri->number, uri->headers, uri->rest};
    put_str(d, uri->raw);
    if (!uri->raw.ptr)
        return;
    put(d, "|");
    put_number(d, uri->scheme);
    put(d, "|");
    put_str(d, uri->user);
    put(d, "|");
    put_str(d, uri->password);
    put(d, "|");
    put_host(d, uri->host);
    put(d, "|");
    put_number(d, uri->port);
    for (size_t i = 0; i < 3; i++) {
        put(d, "|");
        put_str(d, parts[i]);
    }
    put(d, "|");
    put_params(d, &uri->params);
}

static void put_products(struct description *d, const sipwire_products *products)
{
    uint32_t cursor = 0;
    sipwire_product product;
    while (sipwire_product_next(products, &cursor, &product) == SIPWIRE_OK) {
        put(d, "/");
        put_str(d, product.name);
        put(d, "/");
        put_str(d, product.version);
        put(d, "/");
        put_octets(d, product.comment.ptr, product.comment.len);
    }
}

static void put_decimal(struct description *d, const sipwire_decimal *decimal)
{
    put_str(d, decimal->text);
    put(d, "/");
    put_number(d, decimal->whole);
    put(d, "/");
    put_number(d, decimal->nano);
}

static void put_member(struct description *d, const void *at, uint16_t kind)
{
    switch (kind) {
    case SIPWIRE_KIND_STR:
    case SIPWIRE_KIND_METHOD:
        put_str(d, *(const sipwire_str *)at);
        break;
    case SIPWIRE_KIND_TEXT:
    case SIPWIRE_KIND_COMMENT:
        put_text(d, *(const sipwire_text *)at);
        break;
    case SIPWIRE_KIND_HOST:
        put_host(d, *(const sipwire_host *)at);
        break;
    case SIPWIRE_KIND_URI:
        put_uri(d, at);
        break;
    case SIPWIRE_KIND_FLAG:
        put_number(d, *(const bool *)at);
        break;
    case SIPWIRE_KIND_PRODUCTS:
        put_products(d, at);
        break;
    case SIPWIRE_KIND_DECIMAL:
        put_decimal(d, at);
        break;
    case SIPWIRE_KIND_HEX:
    case SIPWIRE_KIND_NUMBER64:
        put_number(d, *(const int64_t *)at);
        break;
    case SIPWIRE_KIND_PARAMS:
        put_params(d, at);
        break;
    default:
        put_number(d, *(const int32_t *)at);
    }
}

static void describe(struct description *d, const sipwire_value *value)
{
    size_t count;
    const sipwire_member *members = sipwire_shape_members((sipwire_shape)value->shape, &count);
    for (size_t i = 0; i < count; i++) {
        put(d, i ? " " : "");
        put(d, members[i].name);
        put(d, "=");
        put_member(d, (const char *)&value->as + members[i].offset, members[i].kind);
    }
}

static sipwire_status read_it(uint16_t header, sipwire_str text, struct description *d, sipwire_error *err)
{
    sipwire_value value;
    sipwire_uri uri;
    d->len = 0;
    if (header == SIPWIRE_HEADER_UNKNOWN) {
        sipwire_status status = sipwire_uri_parse(text, &uri, err);
        put(d, "uri=");
        if (status == SIPWIRE_OK)
            put_uri(d, &uri);
        return status;
    }
    sipwire_status status = sipwire_value_parse(header, text, true, &value, NULL, err);
    if (status == SIPWIRE_OK)
        describe(d, &value);
    return status;
}

static unsigned digit(char hex)
{
    return (unsigned)(hex <= '9' ? hex - '0' : hex - 'a' + 10);
}

struct tally {
    size_t readings, beside, faults;
};

static void check(uint16_t header, const char *octets, size_t len, const char *expected, struct tally *tally)
{
    static struct description d;
    sipwire_error err = {0};
    char *block = block_of(octets, len);
    sipwire_status status = read_it(header, (sipwire_str){block, len}, &d, &err);
    bool beside = status == SIPWIRE_E_RANGE || status == SIPWIRE_E_DUPLICATE_PARAM;
    tally->readings++;
    tally->beside += beside;
    if (!beside && (status != SIPWIRE_OK || strcmp(d.text, expected) != 0) && tally->faults++ < 10) {
        sipwire_str name = sipwire_header_name(header);
        print_error("%.*s: %.*s\n  %s at %u, rule %s\n  read     %s\n  expected %s\n", (int)name.len, name.ptr,
                    (int)len, octets, sipwire_status_name(status), (unsigned)err.offset, sipwire_rule_name(err.rule),
                    d.text, expected);
    }
    free(block);
}

static void values_read_as_they_were_derived(void **state)
{
    (void)state;
    static char line[1 << 16];
    struct tally tally = {0};
    FILE *file = fopen(file_name, "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file)) {
        char *hex = strchr(line, '\t') + 1, *members = strchr(hex, '\t') + 1;
        size_t len = (size_t)(members - 1 - hex) / 2;
        members[strcspn(members, "\n")] = '\0';
        for (size_t i = 0; i < len; i++)
            hex[i] = (char)(digit(hex[2 * i]) << 4 | digit(hex[2 * i + 1]));
        check((uint16_t)strtoul(line, NULL, 10), hex, len, members, &tally);
    }
    fclose(file);
    print_message("%zu readings, %zu refused for what is no grammar, %zu faults\n", tally.readings, tally.beside,
                  tally.faults);
    assert_true(tally.readings > 3000);
    assert_true(tally.beside * 5 < tally.readings);
    assert_int_equal(tally.faults, 0);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_read_as_they_were_derived),
    };
    if (argc != 2)
        return 2;
    file_name = argv[1];
    return cmocka_run_group_tests(tests, NULL, NULL);
}
