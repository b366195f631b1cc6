/* sipwire fmt: a message parsed and written back.
 * SPDX-License-Identifier: MIT */
#include "command.h"

#include <stdlib.h>
#include <string.h>

/* Writes the octets from *at to end, which the caller knows from the index. False when they are not those that come
 * next. */
static bool write_next(const struct message *message, size_t *at, size_t begin, size_t end)
{
    if (begin != *at || end < begin || end > message->len)
        return false;
    fwrite(message->buf + begin, 1, end - begin, stdout);
    *at = end;
    return true;
}

/* Writes a message from its index. Every octet belongs to one part of it, or there is nothing exact about it. */
static bool write_exact(const struct message *message)
{
    const sipwire_msg *msg = &message->msg;
    size_t at = 0;
    bool ok = write_next(message, &at, 0, msg->start_line_len);
    for (uint32_t i = 0; ok && i < msg->count; i++) {
        const sipwire_row *row = &msg->rows[i];
        size_t value_end = (size_t)row->value_off + row->value_len;
        ok = write_next(message, &at, row->name_off, (size_t)row->name_off + row->name_len) &&
             write_next(message, &at, at, row->value_off) && write_next(message, &at, row->value_off, value_end) &&
             write_next(message, &at, value_end, value_end + 2);
    }
    size_t body_end = (size_t)msg->body.off + msg->body.len;
    return ok && write_next(message, &at, (size_t)msg->head_len - 2, msg->head_len) &&
           write_next(message, &at, msg->body.off, body_end) &&
           write_next(message, &at, body_end, body_end + msg->trailing) && at == message->len;
}

/* What to write, and what came of it. */
struct formatting {
    bool exact, compact;
    int status;
};

/* Writes the values of a row. False when it has none, or one that is malformed: then nothing is written. */
static bool write_row_values(sipwire_writer *writer, const struct message *message, uint32_t row)
{
    const sipwire_writer before = *writer;
    const uint16_t header = message->msg.rows[row].id;
    struct row_values values;
    sipwire_value value;
    sipwire_error err;
    sipwire_status status;
    size_t count = 0;
    /* Repetitions stay as they are, the first one too: the writer writes one value of such a field, or copies. */
    if (sipwire_get(&message->msg, message->buf, header, &value, &err) == SIPWIRE_E_DUPLICATE)
        return false;
    row_values_begin(&values, message, row);
    for (; (status = row_values_next(&values, &value, &err)) == SIPWIRE_OK; count++)
        sipwire_write_value(writer, header, &value);
    if (status == SIPWIRE_END && count != 0)
        return true;
    *writer = before;
    return false;
}

/* A field that the writer refuses is copied, all its rows: a "*" and another Contact can only stand together as copies.
 * copied, by sipwire_header: those known to be refused, and which are found to be. */
static void write_rows(sipwire_writer *writer, const struct message *message, bool *copied)
{
    const sipwire_msg *msg = &message->msg;
    const sipwire_writer before = *writer;
    for (uint32_t i = 0; i < msg->count;) {
        const uint16_t header = msg->rows[i].id;
        if (copied[header] || !write_row_values(writer, message, i))
            sipwire_write_row(writer, message->buf, &msg->rows[i]);
        if (writer->error.status == SIPWIRE_OK) {
            i++;
        } else if (copied[header]) {
            return;
        } else {
            copied[header] = true;
            *writer = before;
            i = 0;
        }
    }
}

/* From its members, or as it stands if the writer refuses these. */
static void write_start(sipwire_writer *writer, const struct message *message)
{
    const sipwire_msg *msg = &message->msg;
    const sipwire_writer before = *writer;
    sipwire_uri uri;
    if (msg->kind == SIPWIRE_RESPONSE) {
        sipwire_write_response(writer, msg->status, sipwire_span_str(msg->reason, message->buf));
    } else {
        sipwire_request_uri(msg, message->buf, &uri, NULL);
        sipwire_write_request(writer, sipwire_span_str(msg->method_text, message->buf), &uri);
    }
    if (writer->error.status == SIPWIRE_OK)
        return;
    *writer = before;
    sipwire_write_start_line(writer, message->buf, msg);
}

/* Start line, fields, body; false after an error. */
static bool write_message(sipwire_writer *writer, const struct message *message, bool *copied, size_t *needed)
{
    sipwire_str body = sipwire_span_str(message->msg.body, message->buf);
    write_start(writer, message);
    write_rows(writer, message, copied);
    return sipwire_write_end(writer, body, needed, NULL) != SIPWIRE_E_SPACE && writer->error.status == SIPWIRE_OK;
}

/* Writes a message from its values: measured first, then written. */
static bool write_canonical(const struct message *message, bool compact)
{
    sipwire_writer writer;
    sipwire_write_options options = SIPWIRE_WRITE_OPTIONS_INIT;
    bool copied[SIPWIRE_HIGHEST_HEADER + 1] = {false};
    size_t needed = 0;
    options.names = compact ? SIPWIRE_NAMES_COMPACT : SIPWIRE_NAMES_CANONICAL;
    options.lists = SIPWIRE_LISTS_USUAL;
    sipwire_writer_init(&writer, NULL, 0, &options);
    write_message(&writer, message, copied, &needed);
    sipwire_str version = sipwire_span_str(message->msg.version, message->buf);
    if (writer.error.status != SIPWIRE_E_SPACE || version.len != 7 || memcmp(version.ptr + 4, "2.0", 3) != 0)
        return false;
    char *buf = must_alloc(needed);
    sipwire_writer_init(&writer, buf, needed, &options);
    bool written = write_message(&writer, message, copied, &needed);
    if (written)
        fwrite(buf, 1, needed, stdout);
    free(buf);
    return written;
}

static void complain(const struct message *message, const sipwire_error *err)
{
    char sentence[240];
    sipwire_str text = {message->buf, message->len};
    struct position position = position_of(text, err->offset);
    explain_error(err, text, sentence, sizeof sentence);
    size_t column = position.line == 1 ? message->column + position.column - 1 : position.column;
    fprintf(stderr, "%s:%zu:%zu: error: %s\n", message->input->name, message->line + position.line - 1, column,
            sentence);
    print_source(stderr, &position, NULL);
}

/* Whether it is a request whose Request-URI is malformed; the error then. */
static bool has_malformed_uri(const struct message *message, sipwire_error *err)
{
    sipwire_uri uri;
    return sipwire_request_uri(&message->msg, message->buf, &uri, err) < 0;
}

static void format(const struct message *message, void *context)
{
    struct formatting *formatting = context;
    int *status = &formatting->status;
    sipwire_error err;
    if (message->status < 0) {
        complain(message, &message->error);
        *status = EXIT_FINDING;
    } else if (!formatting->exact && has_malformed_uri(message, &err)) {
        complain(message, &err);
        *status = EXIT_FINDING;
    } else if (formatting->exact && !write_exact(message)) {
        fprintf(stderr, "sipwire fmt: %s: the index does not account for every octet\n", message->input->name);
        *status = EXIT_FINDING;
    } else if (!formatting->exact && !write_canonical(message, formatting->compact)) {
        fprintf(stderr, "sipwire fmt: %s: the message cannot be written\n", message->input->name);
        *status = EXIT_FINDING;
    }
}

static int run(const struct command *self, int argc, char **argv)
{
    struct reading reading = {0};
    struct formatting formatting = {.status = EXIT_FINE};
    bool long_names = false;
    const struct option options[] = {{"--exact", OPTION_FLAG, &formatting.exact, NULL},
                                     {"--compact", OPTION_FLAG, &formatting.compact, NULL},
                                     {"--long", OPTION_FLAG, &long_names, NULL},
                                     {"--stream", OPTION_FLAG, &reading.stream, NULL}};
    int status = args_take(self, &argc, argv, options, sizeof options / sizeof options[0]);
    if (status == ARGS_GO_ON)
        status = reading_resolve(self, &reading);
    if (status != ARGS_GO_ON)
        return status;
    if (formatting.exact + formatting.compact + long_names > 1)
        return args_wrong(self, "takes one of --exact, --compact and --long", "");
    if (argc == 0)
        return args_wrong(self, "no FILE given", "");
    status = each_message(&reading, argc, argv, format, &formatting);
    return status != EXIT_FINE ? status : formatting.status;
}

const struct command fmt_command = {
    .name = "fmt",
    .synopsis = "[--compact|--long|--exact] [--stream] FILE...",
    .summary = "Parse messages and write them back, one behind the other",
    .help =
        "  --long     canonical, with the long names of header fields (the default)\n"
        "  --compact  canonical, with the compact names\n"
        "  --exact    octet for octet, put together from what the parser found\n"
        "  --stream   a FILE holds messages one after the other, as on TCP\n\n"
        "Canonical: each value put together from its members. What is not known, malformed, repeated against its RFC\n"
        "or otherwise refused by the writer is copied. Nothing is written of a message that does not parse.\n"
        "Exit status: 0 fine, 1 a message does not parse, 2 wrong usage or an unreadable file.\n",
    .run = run,
};
