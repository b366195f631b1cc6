/* Any octets to sipwire_parse, between guards, at every SIMD level: the same rows, message and error at all of them,
 * and spans that lie in the message.
 * SPDX-License-Identifier: MIT */
#include <sipwire/level.h>
#include <sipwire/message.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 64 };

typedef struct result {
    sipwire_msg msg;
    sipwire_error err;
    sipwire_row rows[ROWS];
} result;

static void require(bool good)
{
    if (!good)
        abort();
}

static void parse(result *r, const char *text, size_t len, const sipwire_options *options, size_t slots)
{
    memset(r, 0, sizeof *r);
    sipwire_msg_init(&r->msg, r->rows, slots, options);
    sipwire_status status = sipwire_parse(&r->msg, text, len, &r->err);
    require(status == r->err.status);
    static const sipwire_row none;
    for (size_t i = slots; i < ROWS; i++)
        require(memcmp(&r->rows[i], &none, sizeof none) == 0);
    r->msg.rows = NULL;
    /* what stands in the slots behind the rows is not said */
    size_t rows = r->msg.count < slots ? r->msg.count : slots;
    memset(r->rows + rows, 0, (slots - rows) * sizeof r->rows[0]);
}

static bool inside(sipwire_span span, size_t len)
{
    return span.off <= len && span.len <= len - span.off;
}

static void check(const result *r, const char *text, size_t len)
{
    require(inside(r->msg.body, len) && inside(r->msg.uri, len) && inside(r->msg.method_text, len));
    require(inside(r->msg.version, len) && inside(r->msg.reason, len) && r->msg.head_len <= len);
    require(r->err.status == SIPWIRE_OK || r->err.offset <= len);
    uint32_t from = r->msg.start_line_len;
    for (uint32_t i = 0; i < r->msg.count; i++) {
        const sipwire_row *row = &r->rows[i];
        require(row->name_off >= from && row->name_len != 0 && row->value_off > row->name_off + row->name_len);
        from = row->value_off + row->value_len + 2;
        require(from <= len && memcmp(text + from - 2, "\r\n", 2) == 0);
        require(row->id == sipwire_header_lookup((sipwire_str){text + row->name_off, row->name_len}));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first octets choose options and slots. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static result plain, other;
    sipwire_options options = SIPWIRE_OPTIONS_INIT;
    if (size < 2)
        return 0;
    options.mode = data[0] & 1;
    size_t slots = data[0] & 2 ? data[1] % ROWS : ROWS;
    if (data[0] & 4)
        options.max_field = data[1];
    if (data[0] & 8)
        options.max_fields = data[1];
    if (data[0] & 16)
        options.max_head = data[1] * 4u;
    if (data[0] & 32)
        options.max_message = data[1] * 4u;
    size_t len = size - 2;
    char *text = malloc(len != 0 ? len : 1);
    if (!text)
        return 0;
    memcpy(text, data + 2, len);
    require(sipwire_level_force(SIPWIRE_LEVEL_SCALAR));
    parse(&plain, text, len, &options, slots);
    check(&plain, text, len);
    for (int level = SIPWIRE_LEVEL_SSSE3; level <= SIPWIRE_LEVEL_NEON; level++) {
        if (!sipwire_level_force((sipwire_level)level))
            continue;
        parse(&other, text, len, &options, slots);
        require(memcmp(&plain, &other, sizeof plain) == 0);
    }
    free(text);
    return 0;
}
