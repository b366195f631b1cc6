/* Writing messages from typed values and from rows that were read before, beside a copy of the same octets. */
#include <stdlib.h>
#include <string.h>

#include "kept.h"
#include "sipwire/sipwire.h"
#include "work.h"

#define ROWS 4096
#define ROOM 65536

/* A message as a program would hold it: its values in structs, what has no type as text. */
struct field {
    uint16_t header;
    sipwire_value value; /* shape SIPWIRE_SHAPE_NONE: text */
    sipwire_str name, text;
};

struct held {
    const mix_message *message;
    sipwire_msg msg;
    sipwire_uri uri;
    struct field *fields;
    size_t count;
    char *octets; /* as the writer writes it */
    size_t len;
};

static char room[ROOM];

static struct field *add_field(struct held *held)
{
    held->fields = kept_block(realloc(held->fields, (held->count + 1) * sizeof *held->fields));
    return &held->fields[held->count++];
}

static void hold_row(struct held *held, uint32_t row)
{
    sipwire_msg alone = held->msg;
    sipwire_iter it;
    sipwire_value value;
    const char *buf = held->message->data;
    alone.rows += row;
    alone.count = 1;
    if (alone.rows->id == SIPWIRE_HEADER_CONTENT_LENGTH) {
        return;
    }
    size_t before = held->count;
    sipwire_iter_begin(&it, &alone, buf, alone.rows->id);
    while (sipwire_next(&it, &value, NULL) == SIPWIRE_OK) {
        *add_field(held) = (struct field){.header = alone.rows->id, .value = value};
    }
    if (held->count == before) {
        *add_field(held) = (struct field){.header = alone.rows->id,
                                          .name = sipwire_row_name(alone.rows, buf),
                                          .text = sipwire_row_value(alone.rows, buf)};
    }
}

static size_t write_held(const struct held *held, char *buf, size_t cap)
{
    sipwire_writer writer;
    size_t needed = 0;
    sipwire_writer_init(&writer, buf, cap, NULL);
    if (held->msg.kind == SIPWIRE_RESPONSE) {
        sipwire_write_response(&writer, held->msg.status, sipwire_span_str(held->msg.reason, held->message->data));
    } else {
        sipwire_write_request(&writer, sipwire_span_str(held->msg.method_text, held->message->data), &held->uri);
    }
    for (size_t i = 0; i < held->count; i++) {
        const struct field *field = &held->fields[i];
        if (field->value.shape != SIPWIRE_SHAPE_NONE) {
            sipwire_write_value(&writer, field->header, &field->value);
        } else {
            sipwire_write_field(&writer, field->name, field->text);
        }
    }
    sipwire_str body = sipwire_span_str(held->msg.body, held->message->data);
    return sipwire_write_end(&writer, body, &needed, NULL) == SIPWIRE_OK ? needed : 0;
}

/* The values of a message, read when it is first asked for. */
static const struct held *held_of(const mix_message *message)
{
    static kept all;
    static sipwire_row rows[ROWS];
    void **place = kept_for(&all, message);
    struct held *held = *place;
    if (held == NULL) {
        held = *place = kept_block(calloc(1, sizeof *held));
        held->message = message;
        sipwire_msg_init(&held->msg, rows, ROWS, NULL);
        sipwire_parse(&held->msg, message->data, message->len, NULL);
        sipwire_request_uri(&held->msg, message->data, &held->uri, NULL);
        for (uint32_t i = 0; i < held->msg.count; i++) {
            hold_row(held, i);
        }
        held->msg.rows = kept_block(malloc((held->msg.count + 1) * sizeof *rows));
        memcpy(held->msg.rows, rows, held->msg.count * sizeof *rows);
        held->len = write_held(held, room, ROOM);
        held->octets = kept_block(malloc(held->len + 1));
        memcpy(held->octets, room, held->len);
    }
    return held;
}

size_t work_write(const mix_message *message)
{
    return write_held(held_of(message), room, ROOM);
}

size_t work_write_rows(const mix_message *message)
{
    const struct held *held = held_of(message);
    const char *buf = message->data;
    sipwire_writer writer;
    size_t needed = 0;
    sipwire_writer_init(&writer, room, ROOM, NULL);
    sipwire_write_start_line(&writer, buf, &held->msg);
    sipwire_write_rows(&writer, buf, held->msg.rows, held->msg.count);
    return sipwire_write_end(&writer, sipwire_span_str(held->msg.body, buf), &needed, NULL) == SIPWIRE_OK ? needed : 0;
}

size_t work_write_copy(const mix_message *message)
{
    const struct held *held = held_of(message);
    memcpy(room, held->octets, held->len);
    return held->len == 0 ? 0 : (size_t)(unsigned char)room[held->len - 1] + 1;
}
