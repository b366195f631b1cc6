/* A reader of messages as plain as can be, one whole message at a time: what the index is tested against.
 * SPDX-License-Identifier: MIT */
#ifndef SIPWIRE_TESTS_REFERENCE_H
#define SIPWIRE_TESTS_REFERENCE_H

#include "wire_support.h"

#include <sipwire/message.h>

enum { REFERENCE_ROWS = 4096 };

typedef struct reference {
    const unsigned char *text;
    uint64_t len;   /* octets there are */
    uint64_t limit; /* octets a head may have */
    uint64_t end;   /* the smaller one */
    sipwire_options options;
    int status; /* first error of the head, start line apart */
    uint64_t offset;
    uint64_t start_line_len;
    uint64_t head_len;
    uint64_t fields;
    uint64_t rows;
    sipwire_row row[REFERENCE_ROWS];
    bool length_seen;
    bool length_known;
    uint64_t length;
    uint64_t length_off;
} reference;

static inline void reference_fail(reference *r, int status, uint64_t offset)
{
    /* Of two errors at one octet, that it is there at all comes before what it is. */
    if (r->status == SIPWIRE_OK || offset < r->offset || (offset == r->offset && status == SIPWIRE_E_LIMIT_FIELD)) {
        r->status = status;
        r->offset = offset;
    }
}

static inline bool reference_blank(int c)
{
    return c == ' ' || c == '\t';
}

static inline bool reference_control(int c)
{
    return (c < 0x20 && c != '\t') || c == 0x7F;
}

static inline bool reference_token(int c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != 0 && strchr("-.!%*_+`'~", c));
}

static inline int reference_at(const reference *r, uint64_t i)
{
    return i < r->end ? r->text[i] : -1;
}

static inline bool reference_crlf(const reference *r, uint64_t i)
{
    return reference_at(r, i) == '\r' && reference_at(r, i + 1) == '\n';
}

/* A CR or LF at i that is not of a CRLF. One octet behind the longest head may be looked at to tell. */
static inline bool reference_bare(const reference *r, uint64_t i)
{
    if (r->text[i] == '\n')
        return i == 0 || r->text[i - 1] != '\r';
    return r->text[i] == '\r' && i + 1 < r->len && r->text[i + 1] != '\n';
}

/* Where the line at i ends: at its CRLF, or r->end. */
static inline uint64_t reference_line_end(reference *r, uint64_t i, bool *bad)
{
    for (; i < r->end && !reference_crlf(r, i); i++)
        if (reference_bare(r, i)) {
            *bad = true;
            reference_fail(r, SIPWIRE_E_LINE_END, i);
        }
    return i;
}

static inline void reference_length(reference *r, uint64_t colon, uint64_t value, uint64_t end, bool ended)
{
    uint64_t number = 0, i = value;
    if (r->length_seen) {
        reference_fail(r, SIPWIRE_E_CONTENT_LENGTH_REPEATED, colon);
        return;
    }
    r->length_seen = true;
    for (; i < end && r->text[i] >= '0' && r->text[i] <= '9'; i++) {
        number = number * 10 + r->text[i] - '0';
        if (number > r->options.max_message) {
            reference_fail(r, SIPWIRE_E_LIMIT_MESSAGE, value);
            return;
        }
    }
    if (i < end && r->text[i] == '\r' && i != value && reference_crlf(r, i))
        i += 2; /* a fold: its blank is the wrong octet */
    if (i < end && r->text[i] != '\r' && r->text[i] != '\n')
        reference_fail(r, SIPWIRE_E_CONTENT_LENGTH, i);
    else if (i < end && reference_crlf(r, i))
        reference_fail(r, SIPWIRE_E_CONTENT_LENGTH, i);
    else if (i == value && ended)
        reference_fail(r, SIPWIRE_E_CONTENT_LENGTH, i);
    else if (i == end && ended && i != value) {
        r->length_known = true;
        r->length = number;
        r->length_off = value;
    }
}

/* The field [i, end). closed: what follows shows that it does not go on. */
static inline void reference_field(reference *r, uint64_t i, uint64_t end, bool bad, bool closed)
{
    bool ended = reference_crlf(r, end), row = ended && !bad && (closed || r->len <= r->limit);
    uint64_t limit = i + r->options.max_field, behind = ended ? end + 2 : end, name_end, colon, value;
    bool cut = false;
    if (behind > limit) {
        reference_fail(r, SIPWIRE_E_LIMIT_FIELD, limit);
        cut = true;
        end = limit < end ? limit : end;
    }
    for (name_end = i; name_end < end && reference_token(r->text[name_end]); name_end++)
        if (name_end - i == 65535) {
            reference_fail(r, SIPWIRE_E_LIMIT_FIELD, name_end);
            return;
        }
    for (colon = name_end; colon > i && colon < end && reference_blank(r->text[colon]);)
        colon++;
    if (colon == end && !ended)
        return;
    if (cut && colon == limit)
        return;
    int wrong = reference_at(r, colon);
    if (colon == end || wrong != ':' || name_end == i) {
        if (wrong == '\n' || (wrong == '\r' && (colon + 1 == r->len || r->text[colon + 1] != '\n')))
            return; /* a bare one, or not to be told yet */
        reference_fail(r, reference_control(wrong) && wrong != '\r' ? SIPWIRE_E_CONTROL : SIPWIRE_E_NAME, colon);
        return;
    }
    sipwire_str name = {(const char *)r->text + i, name_end - i};
    uint16_t id = sipwire_header_lookup(name);
    unsigned flags = (colon != name_end ? SIPWIRE_ROW_BLANK : 0) |
                     (id != 0 && name.len != sipwire_header_name(id).len ? SIPWIRE_ROW_COMPACT : 0);
    for (value = colon + 1; value < end && reference_blank(r->text[value]);)
        value++;
    if (value + 2 < end && reference_crlf(r, value) && reference_blank(r->text[value + 2]))
        for (value += 2; value < end && reference_blank(r->text[value]);)
            value++;
    if (id == SIPWIRE_HEADER_CONTENT_LENGTH)
        reference_length(r, colon, value, end, ended && !bad && !cut && closed);
    if (!row || cut)
        return;
    for (uint64_t k = colon + 1; k < end; k++) {
        if (reference_crlf(r, k))
            flags |= SIPWIRE_ROW_FOLDED;
        else if (r->text[k] != '\n' && reference_control(r->text[k]))
            flags |= SIPWIRE_ROW_CONTROL;
        else if (r->text[k] >= 0x80)
            flags |= SIPWIRE_ROW_NONASCII;
    }
    if (r->rows < REFERENCE_ROWS)
        r->row[r->rows] = (sipwire_row){.name_off = (uint32_t)i,
                                        .value_off = (uint32_t)value,
                                        .value_len = (uint32_t)(end - value),
                                        .name_len = (uint16_t)name.len,
                                        .id = id,
                                        .flags = (uint16_t)flags};
    r->rows++;
}

/* Reads all lines. */
static inline void reference_read(reference *r, const char *text, size_t len, const sipwire_options *resolved)
{
    memset(r, 0, offsetof(reference, row));
    r->length_seen = r->length_known = false;
    r->text = (const unsigned char *)text;
    r->len = len;
    r->options = *resolved;
    r->limit = resolved->max_head < resolved->max_message ? resolved->max_head : resolved->max_message;
    r->end = r->len < r->limit ? r->len : r->limit;
    bool bad = false, first = true;
    uint64_t i = reference_line_end(r, 0, &bad);
    if (i < r->end)
        r->start_line_len = i += 2;
    while (r->start_line_len != 0 && i < r->end && r->head_len == 0) {
        if (reference_crlf(r, i)) {
            r->head_len = i + 2;
            break;
        }
        uint64_t begin = i;
        bool none = false, closed = true;
        bad = false;
        if (reference_at(r, i) == '\r') {
            none = true;
        } else if (first && reference_blank(reference_at(r, i))) {
            reference_fail(r, SIPWIRE_E_FOLD, i);
            none = true;
        } else if (r->fields == r->options.max_fields) {
            reference_fail(r, SIPWIRE_E_LIMIT_FIELDS, i);
            none = true;
        } else {
            r->fields++;
        }
        first = false;
        i = reference_line_end(r, i, &bad);
        while (i + 2 < r->end && reference_blank(reference_at(r, i + 2)))
            i = reference_line_end(r, i + 2, &bad);
        if (i + 2 == r->end)
            closed = false;
        if (!none)
            reference_field(r, begin, i, bad, closed);
        i += 2;
    }
    if (r->head_len == 0) {
        if (r->len > r->limit)
            reference_fail(r, r->limit == r->options.max_head ? SIPWIRE_E_LIMIT_HEAD : SIPWIRE_E_LIMIT_MESSAGE,
                           r->limit);
        else
            reference_fail(r, SIPWIRE_E_HEAD_UNENDED, r->len);
    }
}

/* ---- comparing with what sipwire_parse says ---- */

enum { ROWS = 256 };

typedef struct parsed {
    sipwire_msg msg;
    sipwire_row rows[ROWS];
    sipwire_error err;
    sipwire_status status;
} parsed;

static inline void parse_with(parsed *p, const char *text, size_t len, size_t slots, const sipwire_options *options)
{
    memset(&p->err, 0, sizeof p->err);
    sipwire_msg_init(&p->msg, p->rows, slots, options);
    p->status = sipwire_parse(&p->msg, text, len, &p->err);
}

static inline void assert_error(const parsed *p, sipwire_status status, uint32_t offset)
{
    assert_string_equal(sipwire_status_name(p->status), sipwire_status_name(status));
    assert_int_equal(p->err.status, status);
    assert_int_equal(p->err.offset, offset);
}

/* The case at hand, to be shown when it fails. */
static struct {
    const char *text;
    size_t len;
    sipwire_options options;
} last;

static inline void show_last(void)
{
    const sipwire_options *o = &last.options;
    printf("last case: mode %u max_message %u max_head %u max_fields %u max_field %u\n", o->mode, o->max_message,
           o->max_head, o->max_fields, o->max_field);
    for (size_t i = 0; i < last.len; i++) {
        unsigned char c = (unsigned char)last.text[i];
        if (c >= ' ' && c < 0x7F && c != '\\')
            putchar(c);
        else
            printf("\\x%02X%s", c, c == '\n' ? "\n" : "");
    }
    printf("\n");
}

static inline void compare_with_reference(const parsed *p, const char *text, size_t len)
{
    static reference r;
    last.text = text;
    last.len = len;
    last.options = p->msg.options;
    reference_read(&r, text, len, &p->msg.options);
    assert_int_equal(p->msg.start_line_len, r.start_line_len);
    assert_int_equal(p->msg.head_len, r.head_len);
    assert_int_equal(p->msg.count, r.rows);
    assert_memory_equal(p->rows, r.row, r.rows * sizeof r.row[0]);
    if (p->status == SIPWIRE_E_START_LINE || p->status == SIPWIRE_E_RANGE)
        return;
    if (r.status != SIPWIRE_OK) {
        assert_error(p, (sipwire_status)r.status, (uint32_t)r.offset);
        return;
    }
    uint64_t rest = len - r.head_len;
    if (!r.length_known && p->msg.options.mode == SIPWIRE_STREAM)
        assert_error(p, SIPWIRE_E_CONTENT_LENGTH_MISSING, (uint32_t)r.head_len - 2);
    else if (r.length_known && r.head_len + r.length > p->msg.options.max_message)
        assert_error(p, SIPWIRE_E_LIMIT_MESSAGE, (uint32_t)r.length_off);
    else if (r.length_known && r.length > rest)
        assert_error(p, SIPWIRE_E_BODY_SHORT, (uint32_t)len);
    else if (!r.length_known && len > p->msg.options.max_message)
        assert_error(p, SIPWIRE_E_LIMIT_MESSAGE, p->msg.options.max_message);
    else if (r.length_known && r.length < rest && p->msg.options.mode == SIPWIRE_STREAM)
        assert_error(p, SIPWIRE_E_TRAILING, (uint32_t)(r.head_len + r.length));
    else
        assert_int_equal(p->status, SIPWIRE_OK);
}

#endif
