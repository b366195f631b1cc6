/* Writing fields that are text: private ones, known ones, and those of another message.
 * SPDX-License-Identifier: MIT */
#include "by_itself.h"
#include "octets.h"
#include "write_line.h"

static sipwire_str trim(sipwire_str text)
{
    while (text.len && octet_is_lws((uint8_t)text.ptr[0])) {
        text.ptr++;
        text.len--;
    }
    while (text.len && octet_is_lws((uint8_t)text.ptr[text.len - 1]))
        text.len--;
    return text;
}

/* Reads the values of a typed field and writes each: all of it is right before anything is written. */
static sipwire_status write_read(sipwire_writer *w, uint16_t header, sipwire_str name, sipwire_str text)
{
    for (int writing = 0; writing < 2; writing++) {
        sipwire_str rest = text;
        bool first = true;
        do {
            sipwire_value value;
            sipwire_error err;
            size_t before = (size_t)(rest.ptr - text.ptr);
            bool list = write_fields[header].cardinality == ROW_LIST;
            const struct value_text from = {rest, &w->options.limits, header, first};
            sipwire_status status = value_of_text(&from, &value, list ? &rest : NULL, &err);
            if (status != SIPWIRE_OK) {
                write_fail(w, status, header);
                w->error.offset = err.offset + (uint32_t)before;
                w->error.rule = err.rule;
                return status;
            }
            if (writing && write_typed(w, header, &value.as, name, !first) != SIPWIRE_OK)
                return (sipwire_status)w->error.status;
            first = false;
            if (!list)
                break;
        } while (rest.len > 0);
    }
    return SIPWIRE_OK;
}

/* Takes the line of a field of its own. */
static sipwire_status took_field(sipwire_writer *w, uint64_t n, uint16_t header)
{
    sipwire_status status = write_took_line(w, n, header, AFTER_NOTHING);
    w->fields += status == SIPWIRE_OK;
    return status;
}

static sipwire_status write_empty(sipwire_writer *w, uint16_t header, sipwire_str name)
{
    const struct write_row *row = set_row(w, header);
    bool may_be = header == SIPWIRE_HEADER_UNKNOWN || row->may_be_empty || !row->shape;
    uint64_t n = may_be ? write_begin_line(w, header, name, w->typed) : put_refuse(w, SIPWIRE_E_SYNTAX, 0, row->rule);
    return took_field(w, n, header);
}

/* A field without a typed value: what every field may hold. */
static sipwire_status write_unread(sipwire_writer *w, uint16_t header, sipwire_str name, sipwire_str text)
{
    const struct write_set *set = w->set;
    set_row(w, header);
    uint64_t n = write_begin_line(w, header, name, w->typed);
    if (n)
        n = set->octets(w, put_octet(w, n, ' '), text, &write_value_rule);
    return took_field(w, n, header);
}

/* Whether a name is one; notes the error. */
static bool name_is_right(sipwire_writer *w, sipwire_str name)
{
    const struct write_set *set = w->set;
    if (w->error.status == SIPWIRE_OK && !set->octets(w, WRITE_NOWHERE, name, &write_name_rule))
        w->error.status = SIPWIRE_E_NAME;
    return w->error.status == SIPWIRE_OK;
}

sipwire_status sipwire_write_field(sipwire_writer *w, sipwire_str name, sipwire_str value)
{
    if (!name_is_right(w, name))
        return (sipwire_status)w->error.status;
    uint16_t header = sipwire_header_lookup(name);
    if (header == SIPWIRE_HEADER_CONTENT_LENGTH)
        return write_pass_over_length(w);
    if (!value.ptr)
        value.len = 0;
    if (value.len > w->options.limits.max_field)
        return write_fail(w, SIPWIRE_E_LIMIT_FIELD, header);
    value = trim(value);
    if (value.len == 0)
        return write_empty(w, header, name);
    return write_fields[header].shape ? write_read(w, header, name, value) : write_unread(w, header, name, value);
}

/* Where a text stops to be one line with its folds, or NULL. */
static const char *line_break(const char *p, const char *end)
{
    for (; p < end; p++) {
        if (*p == '\n')
            return p;
        if (*p == '\r') {
            if (!octets_fold((const uint8_t *)p, (const uint8_t *)end))
                return p;
            p += 2;
        }
    }
    return NULL;
}

/* Behind the name, up to the colon, may stand blanks alone. */
static bool has_colon(const char *p, const char *end)
{
    while (p < end && octet_is_blank((uint8_t)*p))
        p++;
    return p < end && *p == ':';
}

/* A row that is not as most are. */
static sipwire_status write_unusual_row(sipwire_writer *w, const char *buf, const sipwire_row *row)
{
    sipwire_str name = sipwire_row_name(row, buf);
    const char *behind = name.ptr + name.len, *end = buf + row->value_off + row->value_len;
    if (!name_is_right(w, name))
        return (sipwire_status)w->error.status;
    uint16_t header = sipwire_header_lookup(name);
    if (end < behind || !has_colon(behind, end))
        return write_fail(w, SIPWIRE_E_NAME, header);
    const char *colon = memchr(behind, ':', (size_t)(end - behind));
    const char *broken = line_break(behind, end);
    if (broken) {
        write_fail(w, SIPWIRE_E_LINE_END, header);
        w->error.offset = (uint32_t)(broken - name.ptr);
        return SIPWIRE_E_LINE_END;
    }
    if (header == SIPWIRE_HEADER_CONTENT_LENGTH)
        return write_pass_over_length(w);
    w->after = AFTER_NOTHING;
    set_row(w, header);
    uint64_t n = write_begin_line(w, header, name, w->copied);
    if (n)
        n = put_copy(w, n, colon + 1, (size_t)(end - colon - 1));
    return took_field(w, n, header);
}

sipwire_status sipwire_write_row(sipwire_writer *w, const char *buf, const sipwire_row *row)
{
    const struct write_set *set = w->set;
    return w->usual >= 0 && set->rows(w, buf, row, 1) ? SIPWIRE_OK : write_unusual_row(w, buf, row);
}

/* So many are tried at once: one that is unusual among them makes each be looked at alone. */
enum { MOST_AT_ONCE = 32 };

sipwire_status sipwire_write_rows(sipwire_writer *w, const char *buf, const sipwire_row *rows, uint32_t count)
{
    const struct write_set *set = w->set;
    for (uint32_t i = 0; i < count && w->error.status == SIPWIRE_OK;) {
        uint32_t end = count - i < MOST_AT_ONCE ? count : i + MOST_AT_ONCE;
        if (w->usual >= 0 && set->rows(w, buf, rows + i, end - i))
            i = end;
        while (i < end && sipwire_write_row(w, buf, rows + i) == SIPWIRE_OK)
            i++;
    }
    return (sipwire_status)w->error.status;
}
