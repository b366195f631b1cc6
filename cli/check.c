/* sipwire check: every fault of a message, where it is, and what the RFC says about it.
 * SPDX-License-Identifier: MIT */
#include "findings.h"

#include <stdlib.h>
#include <string.h>

/* One line of the head, which has no row because it is malformed: it is parsed behind a good start line. */
static void check_line(struct findings *findings, uint32_t offset, uint32_t len)
{
    bool bare = findings->message->msg.deviations & SIPWIRE_ACCEPT_BARE_LF;
    const char *start_line = bare ? "A b:c SIP/2.0\n" : "A b:c SIP/2.0\r\n", *empty_line = bare ? "\n" : "\r\n";
    const size_t before = strlen(start_line), behind = strlen(empty_line);
    struct message scratch;
    char *copy = must_alloc(before + len + behind);
    memcpy(copy, start_line, before);
    memcpy(copy + before, findings->message->buf + offset, len);
    memcpy(copy + before + len, empty_line, behind);
    message_parse(&scratch, (sipwire_str){copy, before + len + behind}, &findings->message->msg.options);
    if (scratch.status < 0 && scratch.error.offset >= before && scratch.error.offset < before + len) {
        scratch.error.offset += offset - (uint32_t)before;
        findings_add_error(findings, &scratch.error);
    }
    message_free(&scratch);
    free(copy);
}

/* The lines between two rows: those have none. known: how many findings there were before. */
static void check_lines(struct findings *findings, size_t known, uint32_t from, uint32_t to)
{
    const char *buf = findings->message->buf;
    bool bare = findings->message->msg.deviations & SIPWIRE_ACCEPT_BARE_LF;
    for (uint32_t line = from, at = from; at < to; at++) {
        bool cr = bare || (at > line && buf[at - 1] == '\r');
        bool end = at + 1 == to || (buf[at] == '\n' && cr && buf[at + 1] != ' ' && buf[at + 1] != '\t');
        if (!end)
            continue;
        if (!findings_within(findings, known, line, at))
            check_line(findings, line, at + 1 - line);
        line = at + 1;
    }
}

static void check_body(struct findings *findings)
{
    const struct message *message = findings->message;
    const sipwire_msg *msg = &message->msg;
    bool known = message->status == SIPWIRE_E_BODY_SHORT;
    if (msg->head_len != 0 && !known && msg->content_length > message->len - msg->head_len) {
        sipwire_error err = {.status = SIPWIRE_E_BODY_SHORT, .offset = (uint32_t)message->len, .row = UINT32_MAX};
        findings_add_error(findings, &err);
    }
    if (msg->trailing == 0)
        return;
    struct finding *finding = findings_add(findings, SEVERITY_WARNING, msg->body.off + msg->body.len);
    snprintf(finding->id, sizeof finding->id, "trailing");
    finding->reference = "RFC 3261 section 18.3";
    snprintf(finding->text, sizeof finding->text,
             "%u octets follow the body, whose Content-Length is %u: they are ignored", (unsigned)msg->trailing,
             (unsigned)msg->content_length);
}

void check_structure(struct findings *findings)
{
    const struct message *message = findings->message;
    const sipwire_msg *msg = &message->msg;
    if (message->status < 0)
        findings_add_error(findings, &message->error);
    uint32_t at = msg->start_line_len, line_end = msg->deviations & SIPWIRE_ACCEPT_BARE_LF ? 1 : 2;
    size_t known = findings->count;
    for (uint32_t i = 0; i < msg->count; i++) {
        check_lines(findings, known, at, msg->rows[i].name_off);
        at = msg->rows[i].value_off + msg->rows[i].value_len + line_end;
    }
    if (msg->head_len != 0)
        check_lines(findings, known, at, msg->head_len - line_end);
    check_body(findings);
    findings_sort(findings);
}

void check_values(struct findings *findings)
{
    const struct message *message = findings->message;
    size_t structural = findings->count;
    sipwire_error err;
    sipwire_uri uri;
    sipwire_status uri_status = sipwire_request_uri(&message->msg, message->buf, &uri, &err);
    if (uri_status < 0)
        findings_add_error(findings, &err);
    if (uri_status == SIPWIRE_OK)
        check_params(findings, &uri.params, NULL);
    for (uint32_t i = 0; i < message->msg.count; i++) {
        const sipwire_row *row = &message->msg.rows[i];
        if (findings_within(findings, structural, row->name_off, row->value_off + row->value_len))
            continue;
        if (row_is_duplicate(message, i, &err))
            findings_add_error(findings, &err);
        struct row_values values;
        sipwire_value value;
        sipwire_status status;
        row_values_begin(&values, message, i);
        while ((status = row_values_next(&values, &value, &err)) == SIPWIRE_OK) {
            check_value_params(findings, &value);
            check_weekday(findings, &value);
        }
        if (status < 0 && status != SIPWIRE_E_UNTYPED)
            findings_add_error(findings, &err);
    }
}

/* "HOST_UNDERSCORE" becomes "host-underscore". */
static void add_deviation(const sipwire_deviation *deviation, void *context)
{
    struct findings *findings = context;
    const struct message *message = findings->message;
    const sipwire_tolerance *tolerance = tolerance_of(deviation->accept);
    struct finding *finding = findings_add(findings, SEVERITY_WARNING, deviation->offset);
    size_t i = 0;
    for (; tolerance->name[i] && i + 1 < sizeof finding->id; i++) {
        char octet = tolerance->name[i];
        finding->id[i] = octet == '_' ? '-' : octet >= 'A' && octet <= 'Z' ? (char)(octet + ('a' - 'A')) : octet;
    }
    finding->reference = tolerance->broken;
    sipwire_error about = {.row = deviation->row};
    sipwire_str field = error_field(&about, message);
    snprintf(finding->text, sizeof finding->text, "%.*s%stolerated: %s", (int)field.len, field.len ? field.ptr : "",
             field.len ? ": " : "", tolerance->what);
}

struct checking {
    bool errors, warnings;
};

static void check_message(const struct message *message, void *context)
{
    struct checking *checking = context;
    struct findings findings = {.message = message};
    check_structure(&findings);
    check_values(&findings);
    each_deviation(message, add_deviation, &findings);
    check_rules(&findings);
    check_abilities(&findings);
    findings_sort(&findings);
    check_response(&findings);
    for (size_t i = 0; i < findings.count; i++) {
        checking->errors |= findings.list[i].severity == SEVERITY_ERROR;
        checking->warnings |= findings.list[i].severity == SEVERITY_WARNING;
    }
    findings_print(&findings, stdout);
    free(findings.list);
}

static int run(const struct command *self, int argc, char **argv)
{
    struct reading reading = {0};
    bool werror = false;
    const struct option options[] = {{"--lenient", OPTION_MAYBE_VALUE, &reading.lenient, &reading.tolerances},
                                     {"--stream", OPTION_FLAG, &reading.stream, NULL},
                                     {"--werror", OPTION_FLAG, &werror, NULL}};
    int status = args_take(self, &argc, argv, options, sizeof options / sizeof options[0]);
    if (status == ARGS_GO_ON)
        status = reading_resolve(self, &reading);
    if (status != ARGS_GO_ON)
        return status;
    if (argc == 0)
        return args_wrong(self, "no FILE given", "");
    struct checking checking = {false, false};
    status = each_message(&reading, argc, argv, check_message, &checking);
    if (status != EXIT_FINE)
        return status;
    return checking.errors || (werror && checking.warnings) ? EXIT_FINDING : EXIT_FINE;
}

const struct command check_command = {
    .name = "check",
    .synopsis = "[--lenient[=NAME,...]] [--stream] [--werror] FILE...",
    .summary = "Find the faults of messages",
    .help = "Prints one line for each finding, FILE:LINE:COLUMN: error|warning|note: TEXT [ID] (RFC), then the line\n"
            "and a caret. COLUMN counts octets. For a request with an error, the last one is the response that a\n"
            "server would send. Prints nothing about a message that is fine.\n\n"
            "  --lenient[=NAME,...]  tolerate what deployed systems send; only these tolerances. What is used of\n"
            "                        them is a warning\n"
            "  --stream              a FILE holds messages one after the other, as on TCP\n"
            "  --werror              warnings count as errors for the exit status\n\n"
            "Exit status: 0 no error, 1 an error, 2 wrong usage or an unreadable file.\n",
    .lenient = true,
    .run = run,
};
