/* Reading typed values. */
#include <stdlib.h>
#include <string.h>

#include "kept.h"
#include "sipwire/values.h"
#include "work.h"

#define ROWS 4096

static _Thread_local sipwire_row rows[ROWS];

static bool parse(sipwire_msg *msg, const mix_message *message)
{
    if (msg->rows == NULL) {
        sipwire_msg_init(msg, rows, ROWS, NULL);
    }
    sipwire_error err;
    return sipwire_parse(msg, message->data, message->len, &err) == SIPWIRE_OK;
}

/* Reads at most so many values; adds to *sum what came out. false when one is malformed. */
static bool read_values(sipwire_iter *it, size_t most, size_t *sum)
{
    for (size_t i = 0; i < most; i++) {
        sipwire_value value;
        sipwire_error err;
        sipwire_status status = sipwire_next(it, &value, &err);
        if (status != SIPWIRE_OK) {
            return status == SIPWIRE_END || status == SIPWIRE_E_UNTYPED;
        }
        *sum += value.as.at.length + 1;
    }
    return true;
}

static bool read_field(const sipwire_msg *msg, const char *buf, uint16_t header, size_t most, size_t *sum)
{
    sipwire_iter it;
    sipwire_iter_begin(&it, msg, buf, header);
    return read_values(&it, most, sum);
}

/* Reads the value of a field that may occur once. false when it is malformed, or occurs twice. */
static bool read_single(const sipwire_msg *msg, const char *buf, uint16_t header, size_t *sum)
{
    sipwire_value value;
    sipwire_error err;
    sipwire_status status = sipwire_get(msg, buf, header, &value, &err);
    *sum += status == SIPWIRE_OK ? value.as.at.length + 1 : 0;
    return status == SIPWIRE_OK || status == SIPWIRE_ABSENT;
}

static bool read_request_uri(const sipwire_msg *msg, const char *buf, size_t *sum)
{
    sipwire_uri uri;
    sipwire_error err;
    sipwire_status status = sipwire_request_uri(msg, buf, &uri, &err);
    *sum += status == SIPWIRE_OK ? uri.raw.len : 1;
    return status == SIPWIRE_OK || status == SIPWIRE_ABSENT;
}

static bool has(const sipwire_msg *msg, uint16_t header)
{
    return (msg->present[header / 64] >> header % 64 & 1) != 0;
}

size_t work_proxy(const mix_message *message)
{
    static const uint16_t LISTS[] = {SIPWIRE_HEADER_ROUTE, SIPWIRE_HEADER_PROXY_REQUIRE},
                          SINGLE[] = {SIPWIRE_HEADER_MAX_FORWARDS, SIPWIRE_HEADER_FROM, SIPWIRE_HEADER_TO,
                                      SIPWIRE_HEADER_CALL_ID, SIPWIRE_HEADER_CSEQ};
    static _Thread_local sipwire_msg msg;
    size_t sum = 0;
    bool fine = parse(&msg, message) && read_request_uri(&msg, message->data, &sum) &&
                read_field(&msg, message->data, SIPWIRE_HEADER_VIA, 1, &sum);
    for (size_t i = 0; fine && i < sizeof LISTS / sizeof *LISTS; i++) {
        fine = !has(&msg, LISTS[i]) || read_field(&msg, message->data, LISTS[i], SIZE_MAX, &sum);
    }
    for (size_t i = 0; fine && i < sizeof SINGLE / sizeof *SINGLE; i++) {
        fine = read_single(&msg, message->data, SINGLE[i], &sum);
    }
    return fine ? sum : 0;
}

/* Reads the rows of one shape. */
static bool read_shape(const sipwire_msg *msg, const char *buf, sipwire_shape shape, size_t *sum)
{
    bool fine = true;
    for (uint32_t i = 0; i < msg->count; i++) {
        uint16_t header = msg->rows[i].id;
        if (sipwire_header_shape(header) == shape) {
            sipwire_iter it;
            sipwire_iter_begin_row(&it, msg, buf, &msg->rows[i]);
            fine = read_values(&it, SIZE_MAX, sum) && fine;
        }
    }
    return fine;
}

size_t work_all_values(const mix_message *message)
{
    static _Thread_local sipwire_msg msg;
    size_t sum = 0;
    sipwire_iter it;
    if (!parse(&msg, message) || !read_request_uri(&msg, message->data, &sum)) {
        return 0;
    }
    sipwire_iter_begin_all(&it, &msg, message->data);
    return read_values(&it, SIZE_MAX, &sum) ? sum : 0;
}

/* The index of a message, made when it is first asked for. */
static const sipwire_msg *indexed(const mix_message *message)
{
    static kept all;
    void **place = kept_for(&all, message);
    if (*place == NULL) {
        sipwire_msg *msg = *place = kept_block(calloc(1, sizeof *msg));
        parse(msg, message);
        sipwire_row *own = kept_block(malloc((msg->count + 1) * sizeof *own));
        memcpy(own, rows, msg->count * sizeof *own);
        msg->rows = own;
    }
    return *place;
}

size_t work_value(const mix_message *message)
{
    static _Thread_local const char *name;
    static _Thread_local uint16_t header;
    if (name != message->kind) {
        name = message->kind;
        header = sipwire_header_lookup((sipwire_str){name, strlen(name)});
    }
    sipwire_value value;
    sipwire_error err;
    sipwire_str text = {message->data, message->len}, rest;
    return sipwire_value_parse(header, text, true, &value, &rest, &err) == SIPWIRE_OK ? value.as.at.length + 1 : 0;
}

static size_t read_alone(const mix_message *message, sipwire_shape shape)
{
    size_t sum = 1;
    return read_shape(indexed(message), message->data, shape, &sum) ? sum : 0;
}

size_t work_read_request_uri(const mix_message *message)
{
    size_t sum = 0;
    return read_request_uri(indexed(message), message->data, &sum) ? sum : 0;
}

size_t work_read_address(const mix_message *message)
{
    return read_alone(message, SIPWIRE_SHAPE_ADDRESS);
}

size_t work_read_call_id(const mix_message *message)
{
    return read_alone(message, SIPWIRE_SHAPE_CALL_ID);
}

size_t work_read_cseq(const mix_message *message)
{
    return read_alone(message, SIPWIRE_SHAPE_CSEQ);
}

size_t work_read_media_type(const mix_message *message)
{
    return read_alone(message, SIPWIRE_SHAPE_MEDIA_TYPE);
}

size_t work_read_number(const mix_message *message)
{
    return read_alone(message, SIPWIRE_SHAPE_NUMBER);
}

size_t work_read_text(const mix_message *message)
{
    return read_alone(message, SIPWIRE_SHAPE_TEXT_UTF8);
}

size_t work_read_token(const mix_message *message)
{
    return read_alone(message, SIPWIRE_SHAPE_TOKEN);
}

size_t work_read_via(const mix_message *message)
{
    return read_alone(message, SIPWIRE_SHAPE_VIA);
}
