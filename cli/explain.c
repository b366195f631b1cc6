/* Errors in words, and where they are.
 * SPDX-License-Identifier: MIT */
#include "command.h"

#include <string.h>

struct reference {
    sipwire_status status;
    const char *text;
};

/* Where the RFC says it in prose; else the grammar rule's own section is named. */
static const struct reference references[] = {
    {SIPWIRE_E_DUPLICATE, "RFC 3261 section 7.3.1"},
    {SIPWIRE_E_DUPLICATE_PARAM, "RFC 3261 section 7.3.1"},
    {SIPWIRE_E_LINE_END, "RFC 3261 section 7"},
    {SIPWIRE_E_HEAD_UNENDED, "RFC 3261 section 7"},
    {SIPWIRE_E_FOLD, "RFC 3261 section 7.3.1"},
    {SIPWIRE_E_CONTENT_LENGTH_REPEATED, "RFC 3261 section 7.3.1"},
    {SIPWIRE_E_CONTENT_LENGTH_MISSING, "RFC 3261 section 20.14"},
    {SIPWIRE_E_BODY_SHORT, "RFC 3261 section 18.3"},
    {SIPWIRE_E_TRAILING, "RFC 3261 section 18.3"},
};

const char *error_reference(const sipwire_error *err)
{
    for (size_t i = 0; i < sizeof references / sizeof references[0]; i++) {
        if ((int32_t)references[i].status == err->status)
            return references[i].text;
    }
    if (err->rule == 0)
        return "RFC 3261 section 25.1";
    const char *rule = sipwire_rule_reference(err->rule);
    return *rule ? rule : "no RFC"; /* a private field, or a draft's */
}

sipwire_str error_field(const sipwire_error *err, const struct message *message)
{
    if (err->header != SIPWIRE_HEADER_UNKNOWN)
        return sipwire_header_name(err->header);
    if (message && err->row < message->msg.count)
        return sipwire_row_name(&message->msg.rows[err->row], message->buf);
    return (sipwire_str){NULL, 0};
}

static bool ends_line(sipwire_str text, size_t offset)
{
    if (text.len - offset < 2 || text.ptr[offset] != '\r' || text.ptr[offset + 1] != '\n')
        return false;
    return text.len - offset == 2 || (text.ptr[offset + 2] != ' ' && text.ptr[offset + 2] != '\t');
}

/* "unexpected blank in", "the text ends inside" */
static void explain_octet(sipwire_str text, size_t offset, char *out, size_t size)
{
    if (offset >= text.len || ends_line(text, offset)) {
        snprintf(out, size, "the text ends inside");
        return;
    }
    unsigned char octet = (unsigned char)text.ptr[offset];
    if (octet == ' ')
        snprintf(out, size, "unexpected blank in");
    else if (octet == '\t')
        snprintf(out, size, "unexpected tab in");
    else if (octet == '\r')
        snprintf(out, size, "unexpected line end in");
    else if (octet > ' ' && octet < 0x7F)
        snprintf(out, size, "unexpected %c in", octet);
    else
        snprintf(out, size, "unexpected octet 0x%02X in", octet);
}

static bool about_octet(int32_t status)
{
    return status == SIPWIRE_E_SYNTAX || status == SIPWIRE_E_START_LINE || status == SIPWIRE_E_NAME;
}

static bool about_field(int32_t status)
{
    return status == SIPWIRE_E_SYNTAX || status == SIPWIRE_E_RANGE || status == SIPWIRE_E_DUPLICATE ||
           status == SIPWIRE_E_DUPLICATE_PARAM || status == SIPWIRE_E_LIMIT_URI || status == SIPWIRE_E_LIMIT_PARAMS;
}

void explain_error(const sipwire_error *err, sipwire_str text, char *out, size_t size)
{
    char octet[40], field[80] = "";
    sipwire_str name = error_field(err, NULL);
    if (about_field(err->status) && name.len != 0)
        snprintf(field, sizeof field, "%.*s: ", (int)name.len, name.ptr);
    const char *sentence = sipwire_status_text((sipwire_status)err->status);
    const char *rule = sipwire_rule_name(err->rule);
    if (!about_octet(err->status) || !*rule) {
        snprintf(out, size, "%s%s", field, sentence);
        return;
    }
    explain_octet(text, err->offset, octet, sizeof octet);
    if (err->status == SIPWIRE_E_SYNTAX)
        snprintf(out, size, "%s%s %s", field, octet, rule);
    else
        snprintf(out, size, "%s: %s %s", sentence, octet, rule);
}

/* The end of the line, its line end not counted. */
static const char *line_stop(const char *line, const char *end)
{
    const char *stop = line < end ? memchr(line, '\n', (size_t)(end - line)) : NULL;
    stop = stop ? stop : end;
    return stop > line && stop[-1] == '\r' ? stop - 1 : stop;
}

void position_advance(struct position *position, sipwire_str text, size_t offset)
{
    if (offset > text.len)
        offset = text.len;
    const char *line = position->text.ptr, *known = line + position->column - 1;
    const char *at = text.ptr + offset, *end = text.ptr + text.len;
    for (const char *p; known < at && (p = memchr(known, '\n', (size_t)(at - known))) != NULL; known = p + 1) {
        line = p + 1;
        position->line++;
    }
    position->column = (size_t)(at - line) + 1;
    if (line != position->text.ptr)
        position->text = (sipwire_str){line, (size_t)(line_stop(line, end) - line)};
}

struct position position_of(sipwire_str text, size_t offset)
{
    const char *stop = line_stop(text.ptr, text.ptr + text.len);
    struct position position = {1, 1, {text.ptr, (size_t)(stop - text.ptr)}};
    position_advance(&position, text, offset);
    return position;
}
