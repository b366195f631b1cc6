/* The head of a message, octet by octet (RFC 3261 sections 7 and 25.1).
 * SPDX-License-Identifier: MIT */
#include "head.h"

#include "names_internal.h"
#include "octets.h"
#include "rule_ids.h"

enum {
    START,    /* in the start line */
    START_CR, /* behind its CR */
    LINE,     /* at the start of a line that can continue no field */
    EMPTY_CR, /* behind a CR at the start of a line */
    NAME,
    BLANKS,  /* between name and colon */
    NAME_CR, /* behind a CR before the colon */
    HCOLON,  /* behind the colon: blanks, at most one fold */
    VALUE,
    VALUE_CR, /* behind a CR behind the colon */
    NEXT,     /* at the start of a line after a field: a blank continues the field */
    OVER      /* past the longest head */
};

#ifdef SIPWIRE_COUNT_VISITS
uint64_t sipwire_visits;
#endif

static head_event fail(sipwire_error *err, sipwire_status status, uint32_t offset, uint16_t rule)
{
    *err = (sipwire_error){.status = status, .offset = offset, .rule = rule, .row = UINT32_MAX};
    return HEAD_ERROR;
}

/* The rest of the field is passed over. */
static head_event fail_field(head_reader *h, sipwire_error *err, sipwire_status status, uint32_t offset, uint16_t rule)
{
    h->state = VALUE;
    h->bad = true;
    h->is_length = false;
    return fail(err, status, offset, rule);
}

static head_event fail_length(head_reader *h, sipwire_error *err, sipwire_status status, uint32_t offset)
{
    h->is_length = false;
    head_event event = fail(err, status, offset, RULE_RFC3261_CONTENT_LENGTH);
    err->header = SIPWIRE_HEADER_CONTENT_LENGTH;
    return event;
}

/* Whether a line end begins with the octet; a bare LF is read as if it stood behind a CR already. */
static bool begins_line_end(const head_reader *h, uint8_t octet)
{
    return octet == (h->bare_lf ? '\n' : '\r');
}

/* Goes to the state behind the CR, or what counts as one. */
static head_event begin_line_end(head_reader *h, uint8_t state)
{
    h->at += !h->bare_lf;
    h->state = state;
    return HEAD_MORE;
}

static uint32_t line_end_len(const head_reader *h)
{
    return h->bare_lf ? 1 : 2;
}

static head_event read_start(head_reader *h, const uint8_t *buf, uint32_t stop, sipwire_error *err)
{
    uint32_t at = h->at;
    if (h->state == START_CR) {
        if (buf[at] == '\n') {
            h->at = at + 1;
            h->facts.start_line_len = at + 1;
            h->state = LINE;
            return HEAD_MORE;
        }
        h->state = START;
        return fail(err, SIPWIRE_E_LINE_END, at - 1, RULE_CORE_CRLF);
    }
    while (at < stop && buf[at] != '\r' && buf[at] != '\n')
        at++;
    h->at = at;
    if (at == stop)
        return HEAD_MORE;
    if (begins_line_end(h, buf[at]))
        return begin_line_end(h, START_CR);
    h->at++;
    return fail(err, SIPWIRE_E_LINE_END, at, RULE_CORE_CRLF);
}

static head_event read_line(head_reader *h, const uint8_t *buf, const sipwire_options *o, sipwire_error *err)
{
    uint32_t at = h->at;
    if (h->state == EMPTY_CR) {
        if (buf[at] != '\n')
            return fail_field(h, err, SIPWIRE_E_LINE_END, at - 1, RULE_CORE_CRLF);
        h->at = at + 1;
        h->facts.head_len = at + 1;
        return HEAD_END;
    }
    h->line = at;
    h->bad = false;
    h->is_length = false;
    if (begins_line_end(h, buf[at]))
        return begin_line_end(h, EMPTY_CR);
    if (octet_is_blank(buf[at]))
        return fail_field(h, err, SIPWIRE_E_FOLD, at, RULE_RFC3261_MESSAGE_HEADER);
    if (h->facts.fields == o->max_fields)
        return fail_field(h, err, SIPWIRE_E_LIMIT_FIELDS, at, RULE_RFC3261_MESSAGE_HEADER);
    h->facts.fields++;
    h->state = NAME;
    return HEAD_MORE;
}

static head_event name_complete(head_reader *h, const uint8_t *buf, uint32_t colon, sipwire_error *err)
{
    uint32_t len = h->name_end - h->line;
    if (len == 0)
        return fail_field(h, err, SIPWIRE_E_NAME, colon, RULE_RFC3261_HEADER_NAME);
    h->at = colon + 1;
    h->state = HCOLON;
    h->folded = false;
    h->value = 0;
    h->id = sipwire_header_lookup((sipwire_str){(const char *)buf + h->line, len});
    h->flags = colon > h->name_end ? SIPWIRE_ROW_BLANK : 0;
    if (h->id != SIPWIRE_HEADER_UNKNOWN && len != sipwire_header_name(h->id).len)
        h->flags |= SIPWIRE_ROW_COMPACT;
    if (h->id != SIPWIRE_HEADER_CONTENT_LENGTH)
        return HEAD_MORE;
    if (h->length_seen)
        return fail_length(h, err, SIPWIRE_E_CONTENT_LENGTH_REPEATED, colon);
    h->length_seen = true;
    h->is_length = true;
    h->behind = 0;
    h->number = 0;
    return HEAD_MORE;
}

static head_event read_name(head_reader *h, const uint8_t *buf, uint32_t stop, sipwire_error *err)
{
    uint32_t at = h->at;
    if (h->state == NAME_CR) {
        if (buf[at] != '\n')
            return fail_field(h, err, SIPWIRE_E_LINE_END, at - 1, RULE_CORE_CRLF);
        uint32_t line_end = at + 1 - line_end_len(h);
        head_event event = fail_field(h, err, SIPWIRE_E_NAME, line_end, RULE_RFC3261_HCOLON);
        h->state = NEXT;
        h->at = at + 1;
        return event;
    }
    if (h->state == NAME) {
        while (at < stop && at - h->line < UINT16_MAX && octet_is_token(buf[at]))
            at++;
        h->name_end = at;
        if (at < stop && octet_is_token(buf[at]))
            return fail_field(h, err, SIPWIRE_E_LIMIT_FIELD, at, RULE_RFC3261_HEADER_NAME);
    }
    while (at < stop && at > h->line && octet_is_blank(buf[at])) {
        h->state = BLANKS;
        at++;
    }
    h->at = at;
    if (at == stop)
        return HEAD_MORE;
    switch (buf[at]) {
    case ':':
        return name_complete(h, buf, at, err);
    case '\r':
    case '\n':
        if (begins_line_end(h, buf[at]))
            return begin_line_end(h, NAME_CR);
        h->at++;
        return fail_field(h, err, SIPWIRE_E_LINE_END, at, RULE_CORE_CRLF);
    default:
        return fail_field(h, err, octet_is_control(buf[at]) ? SIPWIRE_E_CONTROL : SIPWIRE_E_NAME, at,
                          h->state == NAME ? RULE_RFC3261_HEADER_NAME : RULE_RFC3261_HCOLON);
    }
}

/* The octet at h->at of a Content-Length that is right so far; no line end. */
static head_event read_digit(head_reader *h, const uint8_t *buf, const sipwire_options *o, sipwire_error *err)
{
    uint8_t octet = buf[h->at];
    if (h->blanks && octet_is_blank(octet)) {
        h->behind = h->behind != 0 ? h->behind : h->at;
        h->at++;
        return HEAD_MORE;
    }
    if (h->behind != 0) /* not at the end of the line, so they are refused as strictly */
        return fail_length(h, err, SIPWIRE_E_CONTENT_LENGTH, h->behind);
    if (octet < '0' || octet > '9')
        return fail_length(h, err, SIPWIRE_E_CONTENT_LENGTH, h->at);
    h->at++;
    h->number = h->number * 10 + (octet - (uint32_t)'0');
    if (h->number > o->max_message)
        return fail_length(h, err, SIPWIRE_E_LIMIT_MESSAGE, h->value);
    return HEAD_MORE;
}

static head_event read_value(head_reader *h, const uint8_t *buf, uint32_t stop, const sipwire_options *o,
                             sipwire_error *err)
{
    if (h->state == VALUE_CR) {
        if (buf[h->at] != '\n')
            return fail_field(h, err, SIPWIRE_E_LINE_END, h->at - 1, RULE_CORE_CRLF);
        h->at++;
        h->state = NEXT;
        return HEAD_MORE;
    }
    uint32_t at = h->at;
    while (h->state == HCOLON && at < stop && octet_is_blank(buf[at]))
        at++;
    if (h->state == VALUE && !h->is_length) {
        for (; at < stop && buf[at] != '\r' && buf[at] != '\n'; at++)
            h->flags |= octet_row_flags(buf[at]);
    }
    h->at = at;
    if (at == stop)
        return HEAD_MORE;
    if (begins_line_end(h, buf[at]))
        return begin_line_end(h, VALUE_CR);
    if (buf[at] == '\r' || buf[at] == '\n') {
        h->at++;
        return fail_field(h, err, SIPWIRE_E_LINE_END, at, RULE_CORE_CRLF);
    }
    if (h->state == VALUE)
        return read_digit(h, buf, o, err);
    h->value = at;
    h->state = VALUE;
    return HEAD_MORE;
}

static head_event read_fold(head_reader *h, sipwire_error *err)
{
    uint32_t blank = h->at++;
    if (h->bare_lf && !h->bad) /* a fold with a bare LF is none for many readers, and nobody sends it */
        return fail_field(h, err, SIPWIRE_E_LINE_END, blank - 1, RULE_CORE_CRLF);
    h->flags |= SIPWIRE_ROW_FOLDED;
    h->state = VALUE;
    if (h->bad)
        return HEAD_MORE;
    if (h->value == 0 && !h->folded) {
        h->folded = true;
        h->state = HCOLON;
        return HEAD_MORE;
    }
    bool digits = h->value != 0;
    if (!digits)
        h->value = blank - 2; /* HCOLON takes one fold: the second one is of the value */
    if (!h->is_length)
        return HEAD_MORE;
    if (h->behind != 0)
        return fail_length(h, err, SIPWIRE_E_CONTENT_LENGTH, h->behind);
    return fail_length(h, err, SIPWIRE_E_CONTENT_LENGTH, digits ? blank : blank - 2);
}

static head_event field_complete(head_reader *h, sipwire_error *err)
{
    if (h->bad) {
        h->state = LINE;
        return HEAD_MORE;
    }
    h->value_end = h->at - line_end_len(h);
    if (h->value == 0)
        h->value = h->value_end;
    if (h->is_length) {
        if (h->value == h->value_end)
            return fail_length(h, err, SIPWIRE_E_CONTENT_LENGTH, h->value_end);
        h->facts.content_length = h->number;
        h->facts.content_length_off = h->value;
    }
    h->state = LINE;
    return HEAD_FIELD;
}

static bool in_field(const head_reader *h)
{
    return h->state >= NAME && h->state <= NEXT && !h->bad;
}

/* Behind a CR that can stand there in no way: an error at that CR, whatever limit is reached behind it. */
static bool behind_wrong_return(const head_reader *h, const uint8_t *buf)
{
    if (h->state == NAME_CR)
        return true;
    return (h->state == START_CR || h->state == EMPTY_CR || h->state == VALUE_CR) && buf[h->at] != '\n';
}

/* Whether the octet at h->at is of the field being read. */
static bool continues_field(const head_reader *h, const uint8_t *buf)
{
    return !behind_wrong_return(h, buf) && (h->state != NEXT || octet_is_blank(buf[h->at]));
}

static head_event field_too_long(head_reader *h, sipwire_error *err)
{
    uint8_t state = h->state == NAME_CR ? VALUE_CR : h->state;
    head_event event = fail_field(h, err, SIPWIRE_E_LIMIT_FIELD, h->at, RULE_RFC3261_MESSAGE_HEADER);
    if (state == VALUE_CR || state == NEXT)
        h->state = state; /* the line ends all the same */
    return event;
}

static head_event read_octets(head_reader *h, const uint8_t *buf, uint32_t stop, const sipwire_options *o,
                              sipwire_error *err)
{
    if (in_field(h)) {
        uint64_t field_stop = (uint64_t)h->line + o->max_field;
        if (h->at == field_stop && continues_field(h, buf))
            return field_too_long(h, err);
        if (field_stop > h->at && field_stop < stop)
            stop = (uint32_t)field_stop;
    }
    switch (h->state) {
    case START:
    case START_CR:
        return read_start(h, buf, stop, err);
    case LINE:
    case EMPTY_CR:
        return read_line(h, buf, o, err);
    case NAME:
    case BLANKS:
    case NAME_CR:
        return read_name(h, buf, stop, err);
    case NEXT:
        return octet_is_blank(buf[h->at]) ? read_fold(h, err) : field_complete(h, err);
    default:
        return read_value(h, buf, stop, o, err);
    }
}

head_event sipwire_head_read(head_reader *h, const uint8_t *buf, size_t len, const sipwire_options *options,
                             sipwire_error *err)
{
    uint32_t most = head_most(options);
    uint32_t stop = len < most ? (uint32_t)len : most;
    while (h->state != OVER && h->at < stop) {
        uint32_t before = h->at;
        head_event event = read_octets(h, buf, stop, options, err);
        (void)before;
        HEAD_VISIT(h->at - before);
        if (event != HEAD_MORE)
            return event;
    }
    if (len <= most || h->state == OVER)
        return HEAD_MORE;
    if (behind_wrong_return(h, buf))
        return read_octets(h, buf, stop + 1, options, err);
    h->state = OVER;
    return fail(err, most == options->max_head ? SIPWIRE_E_LIMIT_HEAD : SIPWIRE_E_LIMIT_MESSAGE, most,
                RULE_RFC3261_SIP_MESSAGE);
}

void sipwire_head_resume(head_reader *h, const head_facts *facts, uint32_t at)
{
    h->facts = *facts;
    h->at = at;
    h->state = LINE;
    h->length_seen = facts->content_length != HEAD_NO_LENGTH;
}

bool sipwire_head_last_field(head_reader *h)
{
    sipwire_error ignored;
    h->is_length = false; /* an empty one may yet be continued: no error */
    return h->state == NEXT && field_complete(h, &ignored) == HEAD_FIELD;
}

sipwire_status sipwire_head_check(const head_facts *facts, const sipwire_options *options, uint32_t mode,
                                  sipwire_error *err)
{
    sipwire_status status = SIPWIRE_OK;
    uint32_t offset = 0;
    if (facts->content_length == HEAD_NO_LENGTH) {
        if (mode != SIPWIRE_STREAM)
            return SIPWIRE_OK;
        status = SIPWIRE_E_CONTENT_LENGTH_MISSING;
        offset = facts->head_len - 2;
    } else if (facts->content_length > options->max_message - facts->head_len) {
        status = SIPWIRE_E_LIMIT_MESSAGE;
        offset = facts->content_length_off;
    } else {
        return SIPWIRE_OK;
    }
    *err = (sipwire_error){.status = status,
                           .offset = offset,
                           .rule = RULE_RFC3261_CONTENT_LENGTH,
                           .header = SIPWIRE_HEADER_CONTENT_LENGTH,
                           .row = UINT32_MAX};
    return status;
}
