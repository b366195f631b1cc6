/* sipwire fmt: a message parsed and written back.
 * SPDX-License-Identifier: MIT */
#include "command.h"

/* Writes the octets from *at to end, which the caller knows from the index. False when they are not those that come next. */
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

static void format(const struct message *message, void *context)
{
    int *status = context;
    if (message->status < 0) {
        char sentence[240];
        sipwire_str text = {message->buf, message->len};
        struct position position = position_of(text, message->error.offset);
        explain_error(&message->error, text, sentence, sizeof sentence);
        fprintf(stderr, "%s:%zu:%zu: error: %s\n", message->input->name, position.line, position.column, sentence);
        print_source(stderr, &position);
        *status = EXIT_FINDING;
    } else if (!write_exact(message)) {
        fprintf(stderr, "sipwire fmt: %s: the index does not account for every octet\n", message->input->name);
        *status = EXIT_FINDING;
    }
}

static int run(const struct command *self, int argc, char **argv)
{
    struct reading reading = {0};
    bool exact = false;
    const struct option options[] = {{"--exact", OPTION_FLAG, &exact, NULL}};
    int status = args_take(self, &argc, argv, options, sizeof options / sizeof options[0]);
    if (status == ARGS_GO_ON)
        status = reading_resolve(self, &reading);
    if (status != ARGS_GO_ON)
        return status;
    if (!exact)
        return args_wrong(self, "needs --exact", "");
    if (argc != 1)
        return args_wrong(self, argc == 0 ? "no FILE given" : "takes one FILE", "");
    int found = EXIT_FINE;
    status = each_message(&reading, argc, argv, format, &found);
    return status != EXIT_FINE ? status : found;
}

const struct command fmt_command = {
    .name = "fmt",
    .synopsis = "--exact FILE",
    .summary = "Parse a message and write it back",
    .help = "  --exact  octet for octet, put together from what the parser found\n\n"
            "Exit status: 0 fine, 1 the message does not parse, 2 wrong usage or an unreadable file.\n",
    .run = run,
};
