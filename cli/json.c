/* sipwire json: messages as JSON, one object each.
 * SPDX-License-Identifier: MIT */
#include "json_values.h"

#include <stdlib.h>

static sipwire_str all_of(const struct message *message)
{
    return (sipwire_str){message->buf, message->len};
}

/* Adds "value", unfolded and without the blanks behind it. */
static void set_value(json_t *json, const sipwire_row *row, const char *buf)
{
    bool replaced = false;
    sipwire_str value = sipwire_row_value(row, buf);
    while (value.len != 0 && (value.ptr[value.len - 1] == ' ' || value.ptr[value.len - 1] == '\t' ||
                              value.ptr[value.len - 1] == '\r' || value.ptr[value.len - 1] == '\n'))
        value.len--;
    sipwire_str unfolded = text_decoded((sipwire_text){value.ptr, (uint32_t)value.len, SIPWIRE_WIRE});
    json_object_set_new(json, "value", json_octets(unfolded, &replaced));
    if (replaced)
        json_object_set_new(json, "octets", json_hex(unfolded));
    free((char *)unfolded.ptr);
}

/* Adds "parsed" and "error". Returns false for an error. */
static bool set_parsed(json_t *json, const struct message *message, uint32_t row)
{
    sipwire_error err;
    sipwire_value value;
    sipwire_status status = SIPWIRE_E_DUPLICATE;
    json_t *parsed = json_array();
    if (!row_is_duplicate(message, row, &err)) {
        struct row_values values;
        row_values_begin(&values, message, row);
        while ((status = row_values_next(&values, &value, &err)) == SIPWIRE_OK)
            json_array_append_new(parsed, json_value(&value, message->buf));
    }
    bool bad = status < 0 && status != SIPWIRE_E_UNTYPED;
    if (status < 0) {
        json_decref(parsed);
        parsed = json_null();
    }
    err.row = row;
    json_object_set_new(json, "parsed", parsed);
    json_object_set_new(json, "error", bad ? json_error(&err, all_of(message), message) : json_null());
    return !bad;
}

static bool append_header(json_t *headers, const struct message *message, uint32_t i)
{
    const sipwire_row *row = &message->msg.rows[i];
    bool ignored = false;
    json_t *json = json_object();
    sipwire_str field = sipwire_header_name(row->id);
    json_object_set_new(json, "name", json_octets(sipwire_row_name(row, message->buf), &ignored));
    json_object_set_new(json, "field", field.len ? json_octets(field, &ignored) : json_null());
    json_object_set_new(json, "offset", json_integer(row->name_off));
    set_value(json, row, message->buf);
    bool ok = set_parsed(json, message, i);
    json_array_append_new(headers, json);
    return ok;
}

static json_t *span_json(sipwire_span span, const struct message *message, bool *replaced)
{
    return json_octets(sipwire_span_str(span, message->buf), replaced);
}

/* Adds what the start line holds. uri: NULL when the Request-URI is malformed. */
static void set_start_line(json_t *json, const struct message *message, const sipwire_uri *uri)
{
    const sipwire_msg *msg = &message->msg;
    bool replaced = false;
    if (msg->kind == SIPWIRE_REQUEST) {
        json_object_set_new(json, "kind", json_string("request"));
        json_object_set_new(json, "method", span_json(msg->method_text, message, &replaced));
        json_object_set_new(json, "request_uri", uri ? json_uri(uri) : json_null());
    } else if (msg->kind == SIPWIRE_RESPONSE) {
        json_object_set_new(json, "kind", json_string("response"));
        json_object_set_new(json, "status", json_integer(msg->status));
        json_object_set_new(json, "reason", span_json(msg->reason, message, &replaced));
    } else {
        json_object_set_new(json, "kind", json_null());
    }
    json_object_set_new(json, "version", msg->kind ? span_json(msg->version, message, &replaced) : json_null());
    if (replaced)
        json_object_set_new(json, "octets", json_hex(sipwire_span_str(msg->reason, message->buf)));
}

struct deviations {
    const struct message *message;
    json_t *list;
    struct position position; /* of the latest, */
    uint32_t offset;          /* which stands here */
};

static void append_deviation(const sipwire_deviation *deviation, void *context)
{
    struct deviations *deviations = context;
    bool ignored = false;
    sipwire_error about = {.row = deviation->row};
    sipwire_str field = error_field(&about, deviations->message);
    if (about.row < deviations->message->msg.count) {
        sipwire_str known = sipwire_header_name(deviations->message->msg.rows[about.row].id);
        field = known.len ? known : field;
    }
    if (deviation->offset < deviations->offset)
        deviations->position = position_of(all_of(deviations->message), 0);
    position_advance(&deviations->position, all_of(deviations->message), deviation->offset);
    deviations->offset = deviation->offset;
    struct position position = deviations->position;
    json_t *json = json_object();
    json_object_set_new(json, "code", json_string(tolerance_of(deviation->accept)->name));
    json_object_set_new(json, "offset", json_integer(deviation->offset));
    json_object_set_new(json, "line", json_integer((json_int_t)position.line));
    json_object_set_new(json, "column", json_integer((json_int_t)position.column));
    json_object_set_new(json, "field", field.len ? json_octets(field, &ignored) : json_null());
    json_object_set_new(json, "rfc", json_string(tolerance_of(deviation->accept)->broken));
    json_array_append_new(deviations->list, json);
}

static json_t *message_json(const struct message *message, bool *bad)
{
    const sipwire_msg *msg = &message->msg;
    sipwire_uri uri;
    sipwire_error err;
    sipwire_status uri_status = sipwire_request_uri(msg, message->buf, &uri, &err);
    if (message->status < 0)
        err = message->error;
    bool ok = message->status >= 0 && uri_status >= 0;
    json_t *json = json_object(), *headers = json_array(), *body = json_object();
    set_start_line(json, message, uri_status == SIPWIRE_OK ? &uri : NULL);
    json_object_set_new(json, "headers", headers);
    json_object_set_new(body, "offset", json_integer(msg->body.off));
    json_object_set_new(body, "length", json_integer(msg->body.len));
    json_object_set_new(json, "body", body);
    struct deviations deviations = {message, json_array(), position_of(all_of(message), 0), 0};
    each_deviation(message, append_deviation, &deviations);
    json_object_set_new(json, "deviations", deviations.list);
    json_object_set_new(json, "error", ok ? json_null() : json_error(&err, all_of(message), message));
    for (uint32_t i = 0; i < msg->count; i++)
        ok &= append_header(headers, message, i);
    *bad |= !ok;
    return json;
}

static void print_message(const struct message *message, void *context)
{
    json_print(message_json(message, context));
}

static int run(const struct command *self, int argc, char **argv)
{
    struct reading reading = {0};
    const struct option options[] = {{"--lenient", OPTION_MAYBE_VALUE, &reading.lenient, &reading.tolerances},
                                     {"--stream", OPTION_FLAG, &reading.stream, NULL}};
    int status = args_take(self, &argc, argv, options, sizeof options / sizeof options[0]);
    if (status == ARGS_GO_ON)
        status = reading_resolve(self, &reading);
    if (status != ARGS_GO_ON)
        return status;
    if (argc == 0)
        return args_wrong(self, "no FILE given", "");
    bool bad = false;
    json_memory();
    status = each_message(&reading, argc, argv, print_message, &bad);
    if (status != EXIT_FINE)
        return status;
    return bad ? EXIT_FINDING : EXIT_FINE;
}

const struct command json_command = {
    .name = "json",
    .synopsis = "[--lenient[=NAME,...]] [--stream] FILE...",
    .summary = "Print messages as JSON, one object on a line each",
    .help = "Offsets, lines and columns count from the start of the message, in octets. A message with an error is\n"
            "printed as far as it could be read. docs/json-schema.json describes the object.\n\n"
            "  --lenient[=NAME,...]  tolerate what deployed systems send; only these tolerances\n"
            "  --stream              a FILE holds messages one after the other, as on TCP\n\n"
            "Exit status: 0 no error, 1 an error in a message or field, 2 wrong usage or an unreadable file.\n",
    .lenient = true,
    .run = run,
};
