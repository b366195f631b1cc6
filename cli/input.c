/* Files, the messages in them, and the values in those.
 * SPDX-License-Identifier: MIT */
#include "command.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool read_all(struct input *input, FILE *from)
{
    size_t room = 0;
    do {
        if (room - input->len < 65536) {
            if (room > SIZE_MAX / 2 - 65536) {
                errno = EFBIG;
                return false;
            }
            room = room * 2 + 65536;
            input->data = must_realloc(input->data, room);
        }
        input->len += fread(input->data + input->len, 1, room - input->len, from);
    } while (!feof(from) && !ferror(from));
    input->data = must_realloc(input->data, input->len);
    return !ferror(from);
}

bool input_read(struct input *input, const char *path)
{
    bool standard = strcmp(path, "-") == 0;
    *input = (struct input){.name = path};
    errno = 0;
    FILE *from = standard ? stdin : fopen(path, "rb");
    bool ok = from && read_all(input, from);
    if (!ok) {
        fprintf(stderr, "sipwire: %s: %s\n", path, strerror(errno));
        input_free(input);
    }
    if (from && !standard)
        fclose(from);
    return ok;
}

void input_free(struct input *input)
{
    free(input->data);
    *input = (struct input){0};
}

/* Behind another error E_SLOTS is not seen: then a full array is the sign that there may be more rows. */
static bool rows_are_short(const struct message *message)
{
    return message->status == SIPWIRE_E_SLOTS || (message->status < 0 && message->msg.count == message->msg.capacity);
}

void message_parse(struct message *message, sipwire_str text, const sipwire_options *options)
{
    *message = (struct message){.buf = text.ptr, .len = text.len, .line = 1, .column = 1};
    sipwire_row *rows = NULL;
    size_t capacity = 32;
    do {
        capacity *= 2;
        if (message->status == SIPWIRE_E_SLOTS && message->error.needed > capacity)
            capacity = (size_t)message->error.needed;
        rows = must_realloc(rows, capacity * sizeof *rows);
        sipwire_msg_init(&message->msg, rows, capacity, options);
        message->status = sipwire_parse(&message->msg, text.ptr, text.len, &message->error);
    } while (rows_are_short(message));
}

void message_free(struct message *message)
{
    free(message->msg.rows);
    message->msg.rows = NULL;
}

/* Where the walk over a file is. */
struct walk {
    const struct reading *reading;
    const struct input *input;
    struct position at; /* of the octet behind the last message */
    message_visitor *visit;
    void *context;
};

static void pass_over(struct walk *walk, sipwire_str octets)
{
    struct position end = position_of(octets, octets.len);
    walk->at.column = end.line == 1 ? walk->at.column + end.column - 1 : end.column;
    walk->at.line += end.line - 1;
}

static void visit_one(struct walk *walk, sipwire_str text)
{
    struct message message;
    message_parse(&message, text, &walk->reading->options);
    message.input = walk->input;
    message.line = walk->at.line;
    message.column = walk->at.column;
    walk->visit(&message, walk->context);
    message_free(&message);
    pass_over(walk, text);
}

static void visit_stream(struct walk *walk)
{
    sipwire_framer framer;
    sipwire_frame frame = {0};
    sipwire_framer_init(&framer, &walk->reading->options);
    const char *at = walk->input->data, *end = at + walk->input->len;
    sipwire_status status;
    do {
        status = sipwire_framer_scan(&framer, at, (size_t)(end - at), &frame, NULL);
        pass_over(walk, (sipwire_str){at, frame.skip});
        at += frame.skip;
        sipwire_str text = {at, status == SIPWIRE_OK ? frame.total : (size_t)(end - at)};
        if (text.len != 0)
            visit_one(walk, text);
        at += text.len;
    } while (status == SIPWIRE_OK);
}

int each_message(const struct reading *reading, int files, char **paths, message_visitor *visit, void *context)
{
    int status = EXIT_FINE;
    for (int i = 0; i < files; i++) {
        struct input input;
        struct walk walk = {reading, &input, {.line = 1, .column = 1}, visit, context};
        if (!input_read(&input, paths[i])) {
            status = EXIT_TROUBLE;
            continue;
        }
        if (reading->stream)
            visit_stream(&walk);
        else
            visit_one(&walk, (sipwire_str){input.data, input.len});
        input_free(&input);
    }
    return status;
}

const sipwire_tolerance *tolerance_of(uint64_t accept)
{
    size_t count;
    const sipwire_tolerance *list = sipwire_tolerances(&count);
    while (count > 1 && list->accept != accept) {
        list++;
        count--;
    }
    return list;
}

static void visit_deviations(const struct message *message, const sipwire_row *row, deviation_visitor *visit,
                             void *context)
{
    size_t count = sipwire_deviations(&message->msg, message->buf, row, NULL, 0);
    sipwire_deviation *list = must_alloc(count * sizeof *list);
    sipwire_deviations(&message->msg, message->buf, row, list, count);
    for (size_t i = 0; i < count; i++)
        visit(&list[i], context);
    free(list);
}

void each_deviation(const struct message *message, deviation_visitor *visit, void *context)
{
    if (message->msg.options.accept == 0)
        return;
    visit_deviations(message, NULL, visit, context);
    for (uint32_t i = 0; i < message->msg.count; i++)
        visit_deviations(message, &message->msg.rows[i], visit, context);
}

void row_values_begin(struct row_values *values, const struct message *message, uint32_t row)
{
    values->alone = message->msg;
    values->alone.rows += row;
    values->alone.count = 1;
    sipwire_iter_begin(&values->it, &values->alone, message->buf, values->alone.rows[0].id);
}

/* What an extension-header's value may not hold (RFC 3261 section 25.1, header-value): controls and FE, FF. */
static sipwire_status check_octets(const struct row_values *values, sipwire_error *err)
{
    const sipwire_row *row = values->alone.rows;
    sipwire_str value = sipwire_row_value(row, values->it.buf);
    for (size_t i = 0; i < value.len; i++) {
        unsigned char octet = (unsigned char)value.ptr[i];
        bool blank = octet == '\t' || octet == '\r' || octet == '\n';
        if (((octet < 0x20 || octet == 0x7F) && !blank) || octet >= 0xFE) {
            *err = (sipwire_error){.status = SIPWIRE_E_CONTROL,
                                   .offset = row->value_off + (uint32_t)i,
                                   .header = row->id,
                                   .row = (uint32_t)(row - values->it.msg->rows)};
            return SIPWIRE_E_CONTROL;
        }
    }
    return SIPWIRE_E_UNTYPED;
}

sipwire_status row_values_next(struct row_values *values, sipwire_value *out, sipwire_error *err)
{
    sipwire_status status = sipwire_next(&values->it, out, err);
    return status == SIPWIRE_E_UNTYPED ? check_octets(values, err) : status;
}

bool row_is_duplicate(const struct message *message, uint32_t row, sipwire_error *err)
{
    const sipwire_row *this_row = &message->msg.rows[row];
    sipwire_value ignored;
    if (this_row->id == SIPWIRE_HEADER_UNKNOWN || sipwire_find(&message->msg, this_row->id) == this_row ||
        sipwire_get(&message->msg, message->buf, this_row->id, &ignored, err) != SIPWIRE_E_DUPLICATE)
        return false;
    err->row = row;
    err->offset = this_row->name_off;
    return true;
}
