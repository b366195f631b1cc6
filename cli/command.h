/* The sipwire command: what its parts share.
 * SPDX-License-Identifier: MIT */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include <sipwire/sipwire.h>

#include <stdio.h>

/* Exit statuses: the worst one of a run counts. */
enum { EXIT_FINE = 0, EXIT_FINDING = 1, EXIT_TROUBLE = 2 };

struct command {
    const char *name;
    const char *synopsis;                                          /* what follows the name */
    const char *summary;                                           /* one line */
    const char *help;                                              /* the rest of its --help */
    bool lenient;                                                  /* it has --lenient: --help lists the tolerances */
    int (*run)(const struct command *self, int argc, char **argv); /* argv: behind the command's name */
};

extern const struct command check_command, json_command, field_command, uri_command, fmt_command, bench_command;

/* Options (args.c). */

enum option_form { OPTION_FLAG, OPTION_MAYBE_VALUE, OPTION_VALUE };

struct option {
    const char *name; /* "--stream" */
    enum option_form form;
    bool *given;
    const char **value; /* OPTION_VALUE, OPTION_MAYBE_VALUE: stays NULL without one */
};

enum { ARGS_GO_ON = -1 };

/* Takes the options out of argv, wherever they stand; what is left are the *argc operands. "--" ends the options.
 * Returns ARGS_GO_ON, or the status to exit with: after --help, or after a complaint. */
int args_take(const struct command *command, int *argc, char **argv, const struct option *options, size_t count);

/* Complains about the arguments: returns EXIT_TROUBLE. */
int args_wrong(const struct command *command, const char *what, const char *which);

void command_help(const struct command *command, FILE *to);

/* The options of commands that read messages: [--lenient[=NAME,...]] [--stream]. */
struct reading {
    bool stream, lenient;
    const char *tolerances;
    sipwire_options options;
};

/* Turns the options given into those for the parser. Returns ARGS_GO_ON, or EXIT_TROUBLE for an unknown tolerance. */
int reading_resolve(const struct command *command, struct reading *reading);

/* Files and the messages in them (input.c). */

struct input {
    const char *name; /* as on the command line */
    char *data;
    size_t len;
};

/* One message of a file, as far as it could be parsed. */
struct message {
    const struct input *input;
    const char *buf; /* in input->data */
    size_t len;
    size_t line, column; /* of its first octet in the file, from 1 */
    sipwire_msg msg;
    sipwire_status status;
    sipwire_error error; /* set when status is not OK */
};

/* Reads a whole file, or the standard input for "-". Complains and returns false when it cannot. */
bool input_read(struct input *input, const char *path);
void input_free(struct input *input);

/* Parses text as one message, with as many rows as it takes. Call message_free afterwards. */
void message_parse(struct message *message, sipwire_str text, const sipwire_options *options);
void message_free(struct message *message);

typedef void message_visitor(const struct message *message, void *context);

/* Hands every message of every file to visit: a file is one datagram, or a stream. Behind the end of what can be
 * framed, the rest of a stream is one more message, whose error says why. Returns EXIT_FINE, or EXIT_TROUBLE when a
 * file could not be read. */
int each_message(const struct reading *reading, int files, char **paths, message_visitor *visit, void *context);

/* The values of one row of a message (input.c). */
struct row_values {
    sipwire_msg alone; /* the message with this row only */
    sipwire_iter it;
};

void row_values_begin(struct row_values *values, const struct message *message, uint32_t row);

/* As sipwire_next. */
sipwire_status row_values_next(struct row_values *values, sipwire_value *out, sipwire_error *err);

/* Whether a row repeats an earlier one although its field may occur once (RFC 3261 section 7.3.1). err: the error
 * then. */
bool row_is_duplicate(const struct message *message, uint32_t row, sipwire_error *err);

/* The tolerance of an SIPWIRE_ACCEPT_* bit that the library reported. */
const sipwire_tolerance *tolerance_of(uint64_t accept);

/* Calls note for each deviation of a message, those of the lines first, then row by row (input.c). */
typedef void deviation_visitor(const sipwire_deviation *deviation, void *context);
void each_deviation(const struct message *message, deviation_visitor *visit, void *context);

/* Words about errors (explain.c). */

/* The RFC and section behind an error. Never empty; static. */
const char *error_reference(const sipwire_error *err);

/* The field's name: canonical, or as in the message; len 0 when the error is about none. */
sipwire_str error_field(const sipwire_error *err, const struct message *message);

/* One sentence into out: "To: unexpected blank in addr-spec". text: what err->offset counts from. */
void explain_error(const sipwire_error *err, sipwire_str text, char *out, size_t size);

/* Line and column, from 1; columns are octets. */
struct position {
    size_t line, column;
    sipwire_str text; /* the line, without its end */
};

struct position position_of(sipwire_str text, size_t offset);

/* Goes on from a position in text to a later offset: all of a text's positions in order take the time of one. The first
 * one is position_of(text, 0). */
void position_advance(struct position *position, sipwire_str text, size_t offset);

/* Where the columns of a terminal are in a line (source.c). */
struct shown_at {
    const char *p; /* NULL: nowhere yet */
    size_t column; /* of the terminal, from 0 */
};

/* What was printed of a line, so that its next caret takes no more time. Zeros at first, and for another text. */
struct source {
    const char *line;
    struct shown_at from, caret;
};

/* Prints the line of a position and a caret under its column; nothing there can move the cursor. source: NULL, or that
 * of earlier positions of the text. */
void print_source(FILE *to, const struct position *position, struct source *source);

/* For those who can only give up when memory runs out: they end the program with EXIT_TROUBLE. */
void *must_alloc(size_t size);
void *must_realloc(void *old, size_t size);

#endif
