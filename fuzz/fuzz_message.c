/* Any octets as a message, and all its fields as values: the same digest at every SIMD level; the rows cover the head;
 * a row's first value is what its text gives by itself; its rows are copied to a message of as many.
 * SPDX-License-Identifier: MIT */
#include "digest.h"

enum { ROWS = 256 };

/* Start line, rows, empty line: each octet of the head belongs to one of them. */
static void require_covered(const sipwire_msg *msg)
{
    uint32_t at = msg->start_line_len;
    for (uint32_t i = 0; i < msg->count; i++) {
        const sipwire_row *row = &msg->rows[i];
        require(row->name_off == at && row->name_len > 0 && row->value_off > at + row->name_len);
        at = row->value_off + row->value_len + 2;
    }
    require(at + 2 == msg->head_len && msg->body.off == msg->head_len);
}

static void digest_rows(digest *d, const sipwire_msg *msg)
{
    for (uint32_t i = 0; i < msg->count; i++) {
        const sipwire_row *row = &msg->rows[i];
        digest_number(d, (uint64_t)row->name_off << 32 | row->value_off);
        digest_number(d, (uint64_t)row->value_len << 32 | row->name_len);
        digest_number(d, (uint64_t)row->id << 32 | row->flags);
    }
    digest_number(d, (uint64_t)msg->kind << 32 | (uint64_t)msg->status << 16 | msg->method);
    digest_number(d, (uint64_t)msg->body.off << 32 | msg->body.len);
}

/* The text of the row by itself must fare as the row does. */
static void require_same_alone(const digest *d, const sipwire_msg *msg, const sipwire_iter *before,
                               sipwire_status status, const sipwire_error *err)
{
    if (!before->row || before->at != d->base + before->row->value_off)
        return;
    sipwire_value value;
    sipwire_str rest, text = sipwire_row_value(before->row, d->base);
    sipwire_error alone;
    sipwire_status again = sipwire_value_parse(before->header, text, true, &value, &rest, &alone);
    (void)msg;
    if (again == SIPWIRE_OK || (again == SIPWIRE_E_SYNTAX && alone.offset == text.len))
        return; /* a comma at the end is told with the value before it, or with the next one */
    require(again == SIPWIRE_END || (again == status && alone.offset + before->row->value_off == err->offset));
}

static void digest_field(digest *d, const sipwire_msg *msg, uint16_t header)
{
    sipwire_iter it;
    sipwire_value value;
    sipwire_error err;
    sipwire_status status;
    sipwire_iter_begin(&it, msg, d->base, header);
    do {
        sipwire_iter before = it;
        status = sipwire_next(&it, &value, &err);
        require(status == err.status || status == SIPWIRE_OK);
        digest_number(d, (uint64_t)(uint32_t)status);
        if (status == SIPWIRE_E_UNTYPED)
            return;
        if (status == SIPWIRE_OK) {
            digest_origin(d, &value.as.at);
            digest_value(d, &value);
            require_stands_alone(d, &value);
        } else if (status < 0) {
            digest_error(d, &err);
            require_same_alone(d, msg, &before, status, &err);
        }
    } while (status != SIPWIRE_END);
    status = sipwire_get(msg, d->base, header, &value, &err);
    digest_number(d, (uint64_t)(uint32_t)status);
    if (status == SIPWIRE_OK)
        digest_value(d, &value);
}

/* A walk over all values gives what walks over the rows give, one after the other. */
static void require_all_walked(const sipwire_msg *msg, const char *buf)
{
    sipwire_iter all, one;
    sipwire_value a, b;
    sipwire_error of_all, of_one;
    sipwire_iter_begin_all(&all, msg, buf);
    for (uint32_t i = 0; i < msg->count; i++) {
        sipwire_iter_begin_row(&one, msg, buf, &msg->rows[i]);
        sipwire_status status;
        while ((status = sipwire_next(&one, &b, &of_one)) != SIPWIRE_END && status != SIPWIRE_E_UNTYPED) {
            require(sipwire_next(&all, &a, &of_all) == status);
            if (status == SIPWIRE_OK)
                require(a.shape == b.shape && memcmp(&a.as.at, &b.as.at, sizeof a.as.at) == 0);
            else
                require(of_all.offset == of_one.offset && of_all.row == of_one.row && of_all.rule == of_one.rule);
        }
    }
    require(sipwire_next(&all, &a, &of_all) == SIPWIRE_END);
}

enum { ROOM = 1 << 16 };

/* Copies start line, rows and body; octets written, 0 after a refusal. */
static size_t copy_message(const sipwire_msg *msg, const char *base, bool at_once, char *to, sipwire_error *err)
{
    sipwire_writer w;
    size_t needed = 0;
    sipwire_writer_init(&w, to, ROOM, NULL);
    sipwire_write_start_line(&w, base, msg);
    if (at_once)
        sipwire_write_rows(&w, base, msg->rows, msg->count);
    for (uint32_t i = 0; !at_once && i < msg->count; i++)
        sipwire_write_row(&w, base, &msg->rows[i]);
    return sipwire_write_end(&w, sipwire_span_str(msg->body, base), &needed, err) == SIPWIRE_OK ? needed : 0;
}

/* Rows one by one and all at once give the same octets or error, and a message with as many rows, if all of it was
 * right. */
static void digest_copy(digest *d, const sipwire_msg *msg, bool right)
{
    static char copy[ROOM], other[ROOM];
    static sipwire_row rows[ROWS + 1];
    sipwire_error err = {0}, other_err = {0};
    sipwire_msg again;
    size_t len = copy_message(msg, d->base, false, copy, &err);
    require(copy_message(msg, d->base, true, other, &other_err) == len && memcmp(copy, other, len) == 0);
    require(err.status == other_err.status && err.row == other_err.row && err.offset == other_err.offset);
    digest_number(d, (uint64_t)(uint32_t)err.status << 32 | err.row);
    for (size_t i = 0; i < len; i++)
        digest_number(d, (uint8_t)copy[i]);
    if (!right || !len)
        return;
    bool had_length = msg->present[SIPWIRE_HEADER_CONTENT_LENGTH >> 6] >> (SIPWIRE_HEADER_CONTENT_LENGTH & 63) & 1;
    sipwire_msg_init(&again, rows, ROWS + 1, NULL);
    require(sipwire_parse(&again, copy, len, NULL) == SIPWIRE_OK && again.count == msg->count + !had_length);
}

static uint64_t read_message(const char *buf, size_t len)
{
    static sipwire_row rows[ROWS];
    digest d = {buf, len, 0};
    sipwire_msg msg;
    sipwire_uri uri;
    sipwire_error err;
    sipwire_msg_init(&msg, rows, ROWS, NULL);
    sipwire_status status = sipwire_parse(&msg, buf, len, &err);
    digest_number(&d, (uint64_t)(uint32_t)status);
    if (status != SIPWIRE_OK)
        digest_error(&d, &err);
    else
        require_covered(&msg);
    digest_rows(&d, &msg);
    digest_copy(&d, &msg, status == SIPWIRE_OK);
    for (uint16_t header = 1; header <= SIPWIRE_HIGHEST_HEADER; header++)
        digest_field(&d, &msg, header);
    require_all_walked(&msg, buf);
    status = sipwire_request_uri(&msg, buf, &uri, &err);
    digest_number(&d, (uint64_t)(uint32_t)status);
    if (status == SIPWIRE_OK)
        digest_uri(&d, &uri);
    else if (status < 0)
        digest_error(&d, &err);
    return d.hash;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    sipwire_level_force(SIPWIRE_LEVEL_SCALAR);
    uint64_t plain = read_message((const char *)data, size);
    for (int level = SIPWIRE_LEVEL_SSSE3; level <= SIPWIRE_LEVEL_NEON; level++) {
        if (sipwire_level_force((sipwire_level)level))
            require(read_message((const char *)data, size) == plain);
    }
    return 0;
}
