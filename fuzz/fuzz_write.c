/* Any octets as members of values that are written. The first three octets choose the header field, two members and the
 * form; up to the first FF stands a value of the field, behind it the octets that one of its members becomes, behind
 * the next FF those of another. What the writer takes must be one row of that field, which reads back with equal
 * members and has no parameter twice; measuring and every SIMD level must agree; and a value that was read must be
 * written and read back equal.
 * SPDX-License-Identifier: MIT */
#include "digest.h"

#include "../tests/equal_values.h"
#include "../tests/names_twice.h"

enum { ROOM = 1 << 16, COMPARED = 32 }; /* parameters without a rule that a writer compares */

/* Writes one value as a response; the octets, or 0 after a refusal, which is hashed into status. */
static size_t write_value(const sipwire_value *value, uint16_t header, char *buf, size_t cap, sipwire_status *status)
{
    sipwire_writer w;
    size_t needed = 0;
    sipwire_writer_init(&w, buf, cap, NULL);
    sipwire_write_response(&w, 200, (sipwire_str){0});
    sipwire_write_value(&w, header, value);
    *status = sipwire_write_end(&w, (sipwire_str){0}, &needed, NULL);
    return *status == SIPWIRE_OK || *status == SIPWIRE_E_SPACE ? needed : 0;
}

/* Whether the members are those given, as far as they have one spelling; hosts know their type from their text. */
static void require_same(const sipwire_value *value, const sipwire_value *again)
{
    size_t count;
    const sipwire_member *members = sipwire_shape_members((sipwire_shape)value->shape, &count);
    for (size_t i = 0; i < count; i++) {
        const void *a = (const char *)&value->as + members[i].offset, *b = (const char *)&again->as + members[i].offset;
        if (members[i].kind == SIPWIRE_KIND_HOST)
            require(equal_str(((const sipwire_host *)a)->text, ((const sipwire_host *)b)->text));
        else if (members[i].kind == SIPWIRE_KIND_METHOD || members[i].kind == SIPWIRE_KIND_STR)
            require(equal_str(*(const sipwire_str *)a, *(const sipwire_str *)b));
        else if (members[i].kind != SIPWIRE_KIND_PARAMS && members[i].kind != SIPWIRE_KIND_URI)
            require(equal_member(&members[i], a, b));
    }
}

/* Writes at every level, reads back. intact: the value was read, so it must be written, with all members equal, unless
 * a parameter without a rule stands twice. */
static void check(const sipwire_value *value, uint16_t header, bool intact)
{
    static char buf[ROOM], other[ROOM];
    sipwire_status status, measure, again_status;
    sipwire_level_force(SIPWIRE_LEVEL_SCALAR);
    size_t len = write_value(value, header, buf, sizeof buf, &status);
    require(write_value(value, header, NULL, 0, &measure) == len);
    require(measure == (status == SIPWIRE_OK ? SIPWIRE_E_SPACE : status) || status == SIPWIRE_E_SPACE);
    for (int level = SIPWIRE_LEVEL_SSSE3; level <= SIPWIRE_LEVEL_NEON; level++) {
        if (sipwire_level_force((sipwire_level)level)) {
            require(write_value(value, header, other, sizeof other, &again_status) == len && again_status == status);
            require(status != SIPWIRE_OK || memcmp(buf, other, len) == 0);
        }
    }
    require(!intact || status == SIPWIRE_OK || status == SIPWIRE_E_SPACE ||
            (status == SIPWIRE_E_DUPLICATE_PARAM && has_names_twice(value, COMPARED, true)));
    if (status != SIPWIRE_OK)
        return;
    sipwire_row rows[4];
    sipwire_msg msg;
    sipwire_iter it;
    sipwire_value again;
    sipwire_msg_init(&msg, rows, 4, NULL);
    require(sipwire_parse(&msg, buf, len, NULL) == SIPWIRE_OK && msg.count == 2 && rows[0].id == header);
    sipwire_iter_begin(&it, &msg, buf, header);
    require(sipwire_next(&it, &again, NULL) == SIPWIRE_OK);
    require(!has_names_twice(&again, COMPARED, false));
    if (intact)
        require(different_member(value, &again) == NULL);
    else
        require_same(value, &again);
    require(sipwire_next(&it, &again, NULL) == SIPWIRE_END);
}

static void change_uri(sipwire_uri *uri, unsigned which, sipwire_str octets)
{
    sipwire_str *const members[] = {&uri->user,   &uri->password, &uri->host.text,  &uri->headers,
                                    &uri->number, &uri->rest,     &uri->scheme_text};
    if (which % 8 == 7)
        uri->params = (sipwire_params){octets.ptr, (uint32_t)octets.len, 1};
    else
        *members[which % 8] = octets;
}

static void change(const sipwire_member *member, void *at, unsigned form, sipwire_str octets)
{
    switch (member->kind) {
    case SIPWIRE_KIND_STR:
    case SIPWIRE_KIND_METHOD:
        *(sipwire_str *)at = octets;
        break;
    case SIPWIRE_KIND_TEXT:
    case SIPWIRE_KIND_COMMENT:
        *(sipwire_text *)at = (sipwire_text){octets.ptr, (uint32_t)octets.len, form % 3};
        break;
    case SIPWIRE_KIND_HOST:
        *(sipwire_host *)at = (sipwire_host){octets, 1 + form % 3, 0};
        break;
    case SIPWIRE_KIND_URI:
        change_uri(at, form, octets);
        break;
    case SIPWIRE_KIND_PARAMS:
        *(sipwire_params *)at = (sipwire_params){octets.ptr, (uint32_t)octets.len, 1};
        break;
    case SIPWIRE_KIND_PRODUCTS:
        *(sipwire_products *)at = (sipwire_products){octets.ptr, (uint32_t)octets.len, 0};
        break;
    default:
        break; /* numbers have no octets of their own */
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 3)
        return 0;
    uint16_t header = (uint16_t)(data[0] % (SIPWIRE_HIGHEST_HEADER + 1));
    const char *text = (const char *)data + 3;
    const char *part = memchr(text, 0xFF, size - 3);
    size_t len = part ? (size_t)(part - text) : size - 3;
    sipwire_value value;
    size_t count;
    if (header == SIPWIRE_HEADER_CONTENT_LENGTH ||
        sipwire_value_parse(header, (sipwire_str){text, len}, true, &value, NULL, NULL) != SIPWIRE_OK)
        return 0;
    check(&value, header, true);
    if (!part)
        return 0;
    const sipwire_member *members = sipwire_shape_members((sipwire_shape)value.shape, &count);
    const sipwire_member *const changed[] = {&members[data[1] % count], &members[data[2] / 8 % count]};
    char *blocks[2] = {NULL, NULL};
    const char *end = (const char *)data + size;
    for (size_t i = 0; i < 2 && part; i++) {
        const char *octets = part + 1;
        part = memchr(octets, 0xFF, (size_t)(end - octets));
        len = (size_t)((part ? part : end) - octets);
        blocks[i] = malloc(len ? len : 1);
        memcpy(blocks[i], octets, len);
        change(changed[i], (char *)&value.as + changed[i]->offset, data[2], (sipwire_str){blocks[i], len});
    }
    check(&value, header, false);
    free(blocks[0]);
    free(blocks[1]);
    return 0;
}
