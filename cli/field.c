/* sipwire field, sipwire uri: one value by itself, as JSON.
 * SPDX-License-Identifier: MIT */
#include "json_values.h"

#include <stdlib.h>
#include <string.h>

/* What the options make of a text: the index of it alone, and the text with what was passed over before it. */
struct alone {
    sipwire_row slot;
    sipwire_msg msg;
    const char *buf;
    sipwire_str whole;
};

static uint32_t offset_in_whole(const struct alone *alone, uint32_t offset)
{
    return offset + (uint32_t)(alone->buf - alone->whole.ptr);
}

/* Tells what is wrong with a text from the command line. */
static int refuse(const struct command *self, const struct alone *alone, const sipwire_error *err)
{
    char sentence[240];
    sipwire_error moved = *err;
    moved.offset = offset_in_whole(alone, err->offset);
    struct position position = position_of(alone->whole, moved.offset);
    explain_error(&moved, alone->whole, sentence, sizeof sentence);
    fprintf(stderr, "sipwire %s: %s, at offset %lu [%s] (%s)\n", self->name, sentence, (unsigned long)moved.offset,
            sipwire_status_name((sipwire_status)err->status), error_reference(err));
    print_source(stderr, &position, NULL);
    return EXIT_FINDING;
}

/* Tells what was tolerated. row: NULL for a URI. */
static void tell_deviations(const struct command *self, const struct alone *alone, const sipwire_row *row)
{
    size_t count = sipwire_deviations(&alone->msg, alone->buf, row, NULL, 0);
    sipwire_deviation *list = must_alloc(count * sizeof *list);
    struct position position = position_of(alone->whole, 0);
    struct source source = {0};
    sipwire_deviations(&alone->msg, alone->buf, row, list, count);
    for (size_t i = 0; i < count; i++) {
        const sipwire_tolerance *tolerance = tolerance_of(list[i].accept);
        uint32_t offset = offset_in_whole(alone, list[i].offset);
        position_advance(&position, alone->whole, offset);
        fprintf(stderr, "sipwire %s: tolerated: %s, at offset %lu [%s] (%s)\n", self->name, tolerance->what,
                (unsigned long)offset, tolerance->name, tolerance->broken);
        print_source(stderr, &position, &source);
    }
    free(list);
}

/* Values may begin with "-", so --help is an option only where it stands alone. */
static bool wants_help(const struct command *self, int argc, char **argv)
{
    if (argc != 1 || (strcmp(argv[0], "--help") != 0 && strcmp(argv[0], "-h") != 0))
        return false;
    command_help(self, stdout);
    return true;
}

/* For the same reason --lenient is one only before all else; takes it off. Returns as args_take. */
static int take_lenient(const struct command *self, struct alone *alone, int *argc, char ***argv)
{
    struct reading reading = {0};
    const struct option options[] = {{"--lenient", OPTION_MAYBE_VALUE, &reading.lenient, &reading.tolerances}};
    if (*argc != 0 && strncmp((*argv)[0], "--lenient", 9) == 0) {
        int one = 1, status = args_take(self, &one, *argv, options, 1);
        if (status != ARGS_GO_ON)
            return status;
        --*argc;
        ++*argv;
    }
    int status = reading_resolve(self, &reading);
    sipwire_msg_init(&alone->msg, &alone->slot, 1, &reading.options);
    return status;
}

static size_t blanks(const char *p)
{
    return strspn(p, " \t");
}

/* What HCOLON takes behind its colon: blanks with at most one fold among them (RFC 3261 section 25.1). */
static size_t leading_blanks(const char *text)
{
    size_t len = blanks(text);
    if (strncmp(text + len, "\r\n", 2) == 0 && blanks(text + len + 2) != 0)
        len += 2 + blanks(text + len + 2);
    return len;
}

static int print_field(const struct command *self, struct alone *alone, uint16_t header)
{
    sipwire_iter it;
    sipwire_value value;
    sipwire_error err;
    alone->buf = alone->whole.ptr + leading_blanks(alone->whole.ptr);
    sipwire_status status = sipwire_msg_of_value(&alone->msg, header, strlen(alone->buf), &err);
    json_t *parsed = json_array();
    if (status == SIPWIRE_OK) {
        sipwire_iter_begin(&it, &alone->msg, alone->buf, header);
        while ((status = sipwire_next(&it, &value, &err)) == SIPWIRE_OK)
            json_array_append_new(parsed, json_value(&value, alone->buf));
    }
    if (status < 0) {
        json_decref(parsed);
        return refuse(self, alone, &err);
    }
    json_print(parsed);
    tell_deviations(self, alone, alone->msg.rows);
    return EXIT_FINE;
}

static int run_field(const struct command *self, int argc, char **argv)
{
    struct alone alone = {0};
    if (wants_help(self, argc, argv))
        return EXIT_FINE;
    int status = take_lenient(self, &alone, &argc, &argv);
    if (status != ARGS_GO_ON)
        return status;
    if (argc != 2)
        return args_wrong(self, argc < 2 ? "needs a NAME and a VALUE" : "too many arguments", "");
    uint16_t header = sipwire_header_lookup((sipwire_str){argv[0], strlen(argv[0])});
    if (header == SIPWIRE_HEADER_UNKNOWN) {
        fprintf(stderr, "sipwire field: no header field of that name is known: %s\n", argv[0]);
        return EXIT_TROUBLE;
    }
    if (sipwire_header_shape(header) == SIPWIRE_SHAPE_NONE) {
        fprintf(stderr, "sipwire field: the values of %s are not typed: any text will do\n", argv[0]);
        return EXIT_TROUBLE;
    }
    json_memory();
    alone.whole = (sipwire_str){argv[1], strlen(argv[1])};
    return print_field(self, &alone, header);
}

static int run_uri(const struct command *self, int argc, char **argv)
{
    struct alone alone = {0};
    if (wants_help(self, argc, argv))
        return EXIT_FINE;
    int status = take_lenient(self, &alone, &argc, &argv);
    if (status != ARGS_GO_ON)
        return status;
    if (argc != 1)
        return args_wrong(self, argc < 1 ? "needs a URI" : "too many arguments", "");
    sipwire_uri uri;
    sipwire_error err;
    alone.whole = (sipwire_str){argv[0], strlen(argv[0])};
    alone.buf = alone.whole.ptr;
    if (sipwire_msg_of_uri(&alone.msg, alone.whole.len, &err) != SIPWIRE_OK ||
        sipwire_request_uri(&alone.msg, alone.buf, &uri, &err) != SIPWIRE_OK)
        return refuse(self, &alone, &err);
    json_memory();
    json_print(json_uri(&uri));
    tell_deviations(self, &alone, NULL);
    return EXIT_FINE;
}

const struct command field_command = {
    .name = "field",
    .synopsis = "[--lenient[=NAME,...]] NAME VALUE",
    .summary = "Parse the value of one header field and print it as JSON",
    .help =
        "NAME is a header field, in its long or compact form and any letter case. VALUE is what stands behind the\n"
        "colon; blanks before it are passed over. Prints a list: one object for each value.\n\n"
        "  --lenient[=NAME,...]  tolerate what deployed systems send; only these tolerances. What is used of\n"
        "                        them is told on the standard error output\n\n"
        "Exit status: 0 fine, 1 VALUE is malformed (the reason is on the standard error output), 2 wrong usage, or\n"
        "NAME is not known.\n",
    .lenient = true,
    .run = run_field,
};

const struct command uri_command = {
    .name = "uri",
    .synopsis = "[--lenient[=NAME,...]] URI",
    .summary = "Parse one URI and print it as JSON",
    .help = "The URI of a sip, sips or tel resource is taken apart; of others, the scheme is told.\n\n"
            "  --lenient[=NAME,...]  as for field\n\n"
            "Exit status: 0 fine, 1 it is malformed (the reason is on the standard error output), 2 wrong usage.\n",
    .lenient = true,
    .run = run_uri,
};
