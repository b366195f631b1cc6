/* The index of a message: see sipwire/message.h.
 * SPDX-License-Identifier: MIT */
#include <sipwire/message.h>

#include "head.h"
#include "options.h"
#include "rule_ids.h"
#include "start_line.h"
#include "tolerant.h"

void sipwire_msg_init(sipwire_msg *msg, sipwire_row *slots, size_t n, const sipwire_options *options)
{
    memset(msg, 0, sizeof *msg);
    msg->rows = slots;
    msg->capacity = n < UINT32_MAX ? (uint32_t)n : UINT32_MAX;
    msg->options = options_resolve(options);
}

static void forget_rows(sipwire_msg *msg)
{
    msg->count = 0;
    memset(msg->present, 0, sizeof msg->present);
}

/* All that a message before this one left. Member by member: for a block of this size gcc would put a slow string
 * instruction. */
static void forget(sipwire_msg *msg)
{
    forget_rows(msg);
    msg->kind = 0;
    msg->method = 0;
    msg->status = 0;
    msg->method_text = msg->uri = msg->version = msg->reason = msg->body = (sipwire_span){0, 0};
    msg->start_line_len = 0;
    msg->head_len = 0;
    msg->content_length = 0;
    msg->trailing = 0;
    msg->deviations = 0;
    msg->leading = 0;
}

/* Keeps the first error. */
static void note(sipwire_error *first, const sipwire_error *error)
{
    if (first->status == SIPWIRE_OK)
        *first = *error;
}

static void note_at(sipwire_error *first, sipwire_status status, uint32_t offset, uint16_t rule)
{
    note(first, &(sipwire_error){.status = status, .offset = offset, .rule = rule, .row = UINT32_MAX});
}

/* One field; rows counts those that there would be with room for all. */
static void add_row(sipwire_msg *msg, const head_reader *h, uint64_t *rows, sipwire_error *first)
{
    ++*rows;
    if (msg->count == msg->capacity) {
        note_at(first, SIPWIRE_E_SLOTS, h->line, RULE_RFC3261_MESSAGE_HEADER);
        return;
    }
    msg->rows[msg->count++] = (sipwire_row){.name_off = h->line,
                                            .value_off = h->value,
                                            .value_len = h->value_end - h->value,
                                            .name_len = (uint16_t)(h->name_end - h->line),
                                            .id = h->id,
                                            .flags = h->flags};
    if (h->id < 256)
        msg->present[h->id >> 6] |= UINT64_C(1) << (h->id & 63);
}

static void index_octets(sipwire_msg *msg, const uint8_t *buf, uint32_t len, head_facts *facts, sipwire_error *first)
{
    head_reader h = HEAD_READER_INIT;
    h.bare_lf = msg->deviations & SIPWIRE_ACCEPT_BARE_LF;
    h.blanks = msg->options.mode == SIPWIRE_DATAGRAM && (msg->options.accept & SIPWIRE_ACCEPT_TRAILING_BLANKS);
    uint64_t rows = 0;
    for (;;) {
        sipwire_error error;
        head_event event = sipwire_head_read(&h, buf, len, &msg->options, &error);
        if (event == HEAD_FIELD)
            add_row(msg, &h, &rows, first);
        if (event == HEAD_ERROR) {
            if (error.header != 0 && msg->count < msg->capacity)
                error.row = msg->count;
            note(first, &error);
        }
        if (event == HEAD_MORE && sipwire_head_last_field(&h))
            add_row(msg, &h, &rows, first);
        if (event == HEAD_MORE || event == HEAD_END)
            break;
    }
    *facts = h.facts;
    if (first->status == SIPWIRE_E_SLOTS)
        first->needed = rows;
}

static bool index_blocks(sipwire_msg *msg, const uint8_t *buf, uint32_t len, head_facts *facts)
{
    uint32_t most = head_most(&msg->options);
    head_scan s = {.buf = buf,
                   .len = len,
                   .stop = len < most ? len : most,
                   .options = &msg->options,
                   .capacity = msg->capacity < msg->options.max_fields ? msg->capacity : msg->options.max_fields,
                   .facts = HEAD_FACTS_INIT};
    if (!LEVEL_SELECT(head_scan_rows)(&s, msg)) {
        forget_rows(msg);
        return false;
    }
    *facts = s.facts;
    return true;
}

/* Where the start line ends: at its CRLF, or with the octets. */
static uint32_t start_line_end(const sipwire_msg *msg, const uint8_t *buf, uint32_t len, const head_facts *facts)
{
    if (facts->start_line_len != 0)
        return facts->start_line_len - (msg->deviations & SIPWIRE_ACCEPT_BARE_LF ? 1 : 2);
    uint32_t most = head_most(&msg->options);
    uint32_t end = len < most ? len : most;
    return end != 0 && buf[end - 1] == '\r' ? end - 1 : end;
}

static void read_start_line(sipwire_msg *msg, const uint8_t *buf, uint32_t len, const head_facts *facts,
                            sipwire_error *first)
{
    msg->start_line_len = facts->start_line_len;
    if (msg->kind != 0)
        return;
    sipwire_error error;
    uint32_t end = start_line_end(msg, buf, len, facts);
    sipwire_status status = sipwire_start_line(buf, buf + end, msg, &error);
    if (status == SIPWIRE_OK || (facts->start_line_len == 0 && error.offset == end))
        return;
    struct tolerance t = {.accept = msg->options.accept, .base = buf};
    if (status == SIPWIRE_E_START_LINE && t.accept != 0 &&
        sipwire_start_line_tolerantly(buf, buf + end, msg, &t) == SIPWIRE_OK) {
        msg->deviations |= t.used;
        return;
    }
    if (first->status == SIPWIRE_OK || error.offset < first->offset)
        *first = error;
}

static void place_body(sipwire_msg *msg, uint32_t len, const head_facts *facts, sipwire_error *first)
{
    sipwire_error error;
    if (facts->head_len == 0) {
        msg->body.off = len;
        note_at(first, SIPWIRE_E_HEAD_UNENDED, len, RULE_RFC3261_SIP_MESSAGE);
        return;
    }
    uint32_t rest = len - facts->head_len;
    msg->head_len = facts->head_len;
    msg->body = (sipwire_span){facts->head_len, rest};
    if (sipwire_head_check(facts, &msg->options, msg->options.mode, &error) != SIPWIRE_OK) {
        const sipwire_row *row = sipwire_find(msg, error.header);
        if (row)
            error.row = (uint32_t)(row - msg->rows);
        note(first, &error);
    }
    if (facts->content_length == HEAD_NO_LENGTH) {
        if (len > msg->options.max_message)
            note_at(first, SIPWIRE_E_LIMIT_MESSAGE, msg->options.max_message, RULE_RFC3261_SIP_MESSAGE);
        return;
    }
    msg->content_length = (uint32_t)facts->content_length;
    if (facts->content_length > rest) {
        note_at(first, SIPWIRE_E_BODY_SHORT, len, RULE_RFC3261_SIP_MESSAGE);
        if (first->status == SIPWIRE_E_BODY_SHORT)
            first->needed = facts->head_len + facts->content_length;
        return;
    }
    msg->body.len = msg->content_length;
    if (msg->options.mode != SIPWIRE_DATAGRAM && rest > msg->body.len)
        note_at(first, SIPWIRE_E_TRAILING, facts->head_len + msg->body.len, RULE_RFC3261_SIP_MESSAGE);
    else
        msg->trailing = rest - msg->body.len;
}

static sipwire_status report(const sipwire_error *error, sipwire_error *err)
{
    if (error->status > SIPWIRE_OK && err)
        err->status = error->status;
    else if (error->status < SIPWIRE_OK && err)
        *err = *error;
    return (sipwire_status)error->status;
}

bool sipwire_index_first(sipwire_msg *msg, const uint8_t *buf, uint32_t len, uint32_t *total, sipwire_error *first)
{
    head_facts facts;
    forget(msg);
    if (!index_blocks(msg, buf, len, &facts) || facts.content_length == HEAD_NO_LENGTH ||
        sipwire_head_check(&facts, &msg->options, SIPWIRE_STREAM, first) != SIPWIRE_OK ||
        facts.content_length > len - facts.head_len)
        return false;
    *total = facts.head_len + (uint32_t)facts.content_length;
    read_start_line(msg, buf, *total, &facts, first);
    place_body(msg, *total, &facts, first);
    return true;
}

static void shift(sipwire_span *span, uint32_t by)
{
    if (span->off != 0 || span->len != 0)
        span->off += by;
}

/* Counts offsets from the blank lines before the start line. */
static void shift_offsets(sipwire_msg *msg, uint32_t by, sipwire_error *error)
{
    for (uint32_t i = 0; i < msg->count; i++) {
        msg->rows[i].name_off += by;
        msg->rows[i].value_off += by;
    }
    sipwire_span *const spans[] = {&msg->uri, &msg->version, &msg->reason, &msg->body};
    for (size_t i = 0; i < sizeof spans / sizeof spans[0]; i++)
        shift(spans[i], by);
    if (msg->kind == SIPWIRE_REQUEST)
        msg->method_text.off += by;
    msg->leading = by;
    msg->start_line_len += msg->start_line_len != 0 ? by : 0;
    msg->head_len += msg->head_len != 0 ? by : 0;
    error->offset += by;
    if (error->status == SIPWIRE_E_BODY_SHORT)
        error->needed += by;
}

static void parse_lines(sipwire_msg *msg, const uint8_t *buf, uint32_t len, sipwire_error *first)
{
    head_facts facts;
    index_octets(msg, buf, len, &facts, first);
    read_start_line(msg, buf, len, &facts, first);
    place_body(msg, len, &facts, first);
}

/* Reads what follows the blank lines: these count in its limits. */
static void parse_behind(sipwire_msg *msg, const uint8_t *buf, uint32_t len, uint32_t skip, sipwire_error *error)
{
    sipwire_options *o = &msg->options;
    const sipwire_options given = *o;
    o->max_head -= skip < o->max_head ? skip : o->max_head;
    o->max_message -= skip < o->max_message ? skip : o->max_message;
    parse_lines(msg, buf + skip, len - skip, error);
    *o = given;
    if (skip == 0)
        return;
    msg->deviations |= SIPWIRE_ACCEPT_LEADING_LINES;
    shift_offsets(msg, skip, error);
    uint32_t most = head_most(o) < o->max_leading ? head_most(o) : o->max_leading;
    if (skip <= most)
        return;
    *error = (sipwire_error){.offset = most, .rule = RULE_RFC3261_SIP_MESSAGE, .row = UINT32_MAX};
    if (most == o->max_leading)
        error->status = SIPWIRE_E_LIMIT_LEADING;
    else
        error->status = most == o->max_head ? SIPWIRE_E_LIMIT_HEAD : SIPWIRE_E_LIMIT_MESSAGE;
}

/* Reads a datagram once more, tolerantly as to its lines. The head's first line end decides what all must be. false:
 * that gets no further than the strict reading did, which is to be done again. */
static bool parse_tolerantly(sipwire_msg *msg, const uint8_t *buf, uint32_t len, sipwire_error *first)
{
    uint64_t accept = msg->options.accept;
    const uint8_t *lf = memchr(buf, '\n', len);
    bool bare = (accept & SIPWIRE_ACCEPT_BARE_LF) && lf && (lf == buf || lf[-1] != '\r');
    uint32_t step = bare ? 1 : 2, skip = 0;
    if (accept & SIPWIRE_ACCEPT_LEADING_LINES) {
        while (len - skip >= step && buf[skip] == (bare ? '\n' : '\r') && buf[skip + step - 1] == '\n')
            skip += step;
    }
    if (skip == len)
        return false;
    sipwire_error second = {.status = SIPWIRE_OK, .offset = 0};
    forget(msg);
    msg->deviations = bare ? SIPWIRE_ACCEPT_BARE_LF : 0;
    parse_behind(msg, buf, len, skip, &second);
    if (second.status != SIPWIRE_OK && second.status != SIPWIRE_E_SLOTS && second.offset <= first->offset)
        return false;
    *first = second;
    return true;
}

/* What can be tolerated of line ends is so in datagrams only. */
static bool tolerates_lines(const sipwire_msg *msg)
{
    return msg->options.mode == SIPWIRE_DATAGRAM &&
           (msg->options.accept & (SIPWIRE_ACCEPT_BARE_LF | SIPWIRE_ACCEPT_LEADING_LINES));
}

/* The ping and the pong of RFC 5626 section 3.5.1. */
static bool is_keep_alive(const uint8_t *buf, size_t len)
{
    return (len == 2 || len == 4) && memcmp(buf, "\r\n\r\n", len) == 0;
}

sipwire_status sipwire_parse(sipwire_msg *msg, const char *text, size_t len, sipwire_error *err)
{
    sipwire_error first;
    first.status = SIPWIRE_OK;
    const uint8_t *buf = (const uint8_t *)text;
    if (!msg || (!text && len != 0) || (!msg->rows && msg->capacity != 0)) {
        note_at(&first, SIPWIRE_E_USAGE, 0, 0);
        return report(&first, err);
    }
    forget(msg);
    if (len > UINT32_MAX) {
        note_at(&first, SIPWIRE_E_LIMIT_MESSAGE, msg->options.max_message, RULE_RFC3261_SIP_MESSAGE);
        return report(&first, err);
    }
    head_facts facts;
    if (!buf)
        buf = (const uint8_t *)"";
    if (msg->options.mode == SIPWIRE_WEBSOCKET && is_keep_alive(buf, len)) {
        first.status = SIPWIRE_KEEP_ALIVE;
        return report(&first, err);
    }
    if (!index_blocks(msg, buf, (uint32_t)len, &facts))
        index_octets(msg, buf, (uint32_t)len, &facts, &first);
    read_start_line(msg, buf, (uint32_t)len, &facts, &first);
    place_body(msg, (uint32_t)len, &facts, &first);
    if (first.status != SIPWIRE_OK && first.status != SIPWIRE_E_SLOTS && tolerates_lines(msg)) {
        if (!parse_tolerantly(msg, buf, (uint32_t)len, &first)) {
            forget(msg);
            first.status = SIPWIRE_OK;
            parse_lines(msg, buf, (uint32_t)len, &first);
        }
    }
    return report(&first, err);
}

/* A text of len octets as the only thing of a message. */
static sipwire_status begin_alone(sipwire_msg *msg, size_t len, sipwire_error *err)
{
    sipwire_error error = {.status = SIPWIRE_OK};
    if (!msg) {
        note_at(&error, SIPWIRE_E_USAGE, 0, 0);
        return report(&error, err);
    }
    forget(msg);
    if (len > msg->options.max_field)
        note_at(&error, SIPWIRE_E_LIMIT_FIELD, msg->options.max_field, RULE_RFC3261_MESSAGE_HEADER);
    else
        msg->body.off = (uint32_t)len;
    return report(&error, err);
}

sipwire_status sipwire_msg_of_value(sipwire_msg *msg, uint16_t header, size_t len, sipwire_error *err)
{
    sipwire_error error = {.status = SIPWIRE_OK};
    sipwire_status status = begin_alone(msg, len, err);
    if (status != SIPWIRE_OK)
        return status;
    if (!msg->rows || msg->capacity == 0) {
        note_at(&error, SIPWIRE_E_SLOTS, 0, RULE_RFC3261_MESSAGE_HEADER);
        error.needed = 1;
        return report(&error, err);
    }
    const head_reader field = {.value_end = (uint32_t)len, .id = header};
    uint64_t rows = 0;
    add_row(msg, &field, &rows, &error);
    return SIPWIRE_OK;
}

sipwire_status sipwire_msg_of_uri(sipwire_msg *msg, size_t len, sipwire_error *err)
{
    sipwire_status status = begin_alone(msg, len, err);
    if (status != SIPWIRE_OK)
        return status;
    msg->kind = SIPWIRE_REQUEST;
    msg->uri.len = (uint32_t)len;
    return SIPWIRE_OK;
}

sipwire_status sipwire_peek(sipwire_msg *msg, const char *buf, size_t len, sipwire_error *err)
{
    sipwire_error error;
    sipwire_status status = sipwire_parse(msg, buf, len, &error);
    bool whole = status == SIPWIRE_E_BODY_SHORT || status == SIPWIRE_E_TRAILING;
    if (status == SIPWIRE_E_HEAD_UNENDED || whole)
        status = whole ? SIPWIRE_OK : SIPWIRE_MORE;
    error.status = status;
    return report(&error, err);
}
