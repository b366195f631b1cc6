/* sipwire field, sipwire uri: one value by itself, as JSON.
 * SPDX-License-Identifier: MIT */
#include "json_values.h"

#include <string.h>

/* Tells what is wrong with a text from the command line. */
static int refuse(const struct command *self, sipwire_str text, const sipwire_error *err)
{
    char sentence[240];
    struct position position = position_of(text, err->offset);
    explain_error(err, text, sentence, sizeof sentence);
    fprintf(stderr, "sipwire %s: %s, at offset %lu [%s] (%s)\n", self->name, sentence, (unsigned long)err->offset,
            sipwire_status_name((sipwire_status)err->status), error_reference(err));
    print_source(stderr, &position);
    return EXIT_FINDING;
}

/* Values may begin with "-", so --help is an option only where it stands alone. */
static bool wants_help(const struct command *self, int argc, char **argv)
{
    if (argc != 1 || (strcmp(argv[0], "--help") != 0 && strcmp(argv[0], "-h") != 0))
        return false;
    command_help(self, stdout);
    return true;
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

static int print_field(const struct command *self, uint16_t header, sipwire_str whole)
{
    json_t *parsed = json_array();
    sipwire_value value;
    sipwire_error err;
    sipwire_status status;
    size_t skip = leading_blanks(whole.ptr);
    sipwire_str rest = {whole.ptr + skip, whole.len - skip};
    bool first = true;
    do {
        sipwire_str text = rest;
        status = sipwire_value_parse(header, text, first, &value, &rest, &err);
        if (status == SIPWIRE_OK)
            json_array_append_new(parsed, json_value(&value, text.ptr));
        else if (status < 0)
            err.offset += (uint32_t)(text.ptr - whole.ptr);
        first = false;
    } while (status == SIPWIRE_OK && rest.len != 0);
    if (status < 0) {
        json_decref(parsed);
        return refuse(self, whole, &err);
    }
    json_print(parsed);
    return EXIT_FINE;
}

static int run_field(const struct command *self, int argc, char **argv)
{
    if (wants_help(self, argc, argv))
        return EXIT_FINE;
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
    return print_field(self, header, (sipwire_str){argv[1], strlen(argv[1])});
}

static int run_uri(const struct command *self, int argc, char **argv)
{
    if (wants_help(self, argc, argv))
        return EXIT_FINE;
    if (argc != 1)
        return args_wrong(self, argc < 1 ? "needs a URI" : "too many arguments", "");
    sipwire_str text = {argv[0], strlen(argv[0])};
    sipwire_uri uri;
    sipwire_error err;
    if (sipwire_uri_parse(text, &uri, &err) != SIPWIRE_OK)
        return refuse(self, text, &err);
    json_memory();
    json_print(json_uri(&uri));
    return EXIT_FINE;
}

const struct command field_command = {
    .name = "field",
    .synopsis = "NAME VALUE",
    .summary = "Parse the value of one header field and print it as JSON",
    .help =
        "NAME is a header field, in its long or compact form and any letter case. VALUE is what stands behind the\n"
        "colon; blanks before it are passed over. Prints a list: one object for each value.\n\n"
        "Exit status: 0 fine, 1 VALUE is malformed (the reason is on the standard error output), 2 wrong usage, or\n"
        "NAME is not known or its values are not typed.\n",
    .run = run_field,
};

const struct command uri_command = {
    .name = "uri",
    .synopsis = "URI",
    .summary = "Parse one URI and print it as JSON",
    .help = "The URI of a sip, sips or tel resource is taken apart; of others, the scheme is told.\n\n"
            "Exit status: 0 fine, 1 it is malformed (the reason is on the standard error output), 2 wrong usage.\n",
    .run = run_uri,
};
