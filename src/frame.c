/* The framer: see sipwire/frame.h.
 * SPDX-License-Identifier: MIT */
#include <sipwire/message.h>

#include "head.h"
#include "options.h"

enum { BEFORE, HEAD, BODY, BROKEN };

/* Fewer octets than this are read one by one: setting up the other reader would take longer. */
enum { WORTH_SCANNING = 64 };

_Static_assert(sizeof(head_reader) <= sizeof((sipwire_framer){0}.reader), "sipwire_framer.reader is too small");

static void save(sipwire_framer *f, uint32_t state, const head_reader *h)
{
    f->state = state;
    memcpy(f->reader, h, sizeof *h);
}

static void begin(sipwire_framer *f)
{
    head_reader h = HEAD_READER_INIT;
    f->skip = 0;
    f->scanned = 0;
    save(f, BEFORE, &h);
}

void sipwire_framer_init(sipwire_framer *framer, const sipwire_options *options)
{
    memset(framer, 0, sizeof *framer);
    framer->options = options_resolve(options);
    begin(framer);
}

/* offset: from the start of the message. */
static sipwire_status broken(sipwire_framer *f, const sipwire_error *error, sipwire_error *err)
{
    uint64_t offset = f->skip + error->offset;
    f->state = BROKEN;
    if (err) {
        *err = *error;
        err->offset = offset < UINT32_MAX ? (uint32_t)offset : UINT32_MAX;
    }
    return (sipwire_status)error->status;
}

static sipwire_status usage(sipwire_error *err)
{
    if (err)
        *err = (sipwire_error){.status = SIPWIRE_E_USAGE, .row = UINT32_MAX};
    return SIPWIRE_E_USAGE;
}

static sipwire_status more(sipwire_error *err)
{
    if (err)
        err->status = SIPWIRE_MORE;
    return SIPWIRE_MORE;
}

/* Passes CRLFs before the start line (RFC 3261 section 7.5). false: the octet after them is not known. */
static bool skip_line_ends(sipwire_framer *f, const uint8_t *buf, size_t len)
{
    size_t at = (size_t)f->skip, from = at;
    while (len - at >= 2 && buf[at] == '\r' && buf[at + 1] == '\n')
        at += 2;
    f->skip = at;
    HEAD_VISIT(at - from + 1);
    (void)from;
    return at < len && !(len - at == 1 && buf[at] == '\r');
}

/* Reads whole lines from a reader's position on, which is the start of a line, if that is quick. True: the head is
 * complete. */
static bool scan_lines(const sipwire_options *options, head_reader *h, const uint8_t *buf, size_t len)
{
    uint32_t most = head_most(options);
    head_scan s = {.buf = buf,
                   .len = len < UINT32_MAX ? (uint32_t)len : UINT32_MAX,
                   .from = h->at,
                   .options = options,
                   .capacity = options->max_fields,
                   .facts = h->facts};
    s.stop = s.len < most ? s.len : most;
    head_scan_result result = LEVEL_SELECT(head_scan_lines)(&s);
    if (result == HEAD_SCAN_DONE)
        h->facts = s.facts;
    if (result == HEAD_SCAN_PART && s.resume != s.from)
        sipwire_head_resume(h, &s.facts, s.resume);
    return result == HEAD_SCAN_DONE;
}

static head_event read_head(const sipwire_options *options, head_reader *h, const uint8_t *buf, size_t len,
                            sipwire_error *error)
{
    bool worth = h->at == 0, tried = false;
    for (;;) {
        if (worth && !tried && len - h->at >= WORTH_SCANNING) {
            tried = true;
            if (scan_lines(options, h, buf, len))
                return HEAD_END;
        }
        head_event event = sipwire_head_read(h, buf, len, options, error);
        if (event != HEAD_FIELD)
            return event;
        worth = true;
    }
}

static sipwire_status scan_body(sipwire_framer *f, const head_reader *h, size_t rest, sipwire_frame *out,
                                sipwire_error *err)
{
    out->head = h->facts.head_len;
    out->total = h->facts.head_len + (size_t)h->facts.content_length;
    if (rest < out->total) {
        save(f, BODY, h);
        return more(err);
    }
    if (f->state != BEFORE || f->skip != 0)
        begin(f);
    return SIPWIRE_OK;
}

static sipwire_status scan_head(sipwire_framer *f, head_reader *h, const uint8_t *buf, size_t len, sipwire_frame *out,
                                sipwire_error *err)
{
    sipwire_error error;
    head_event event = read_head(&f->options, h, buf, len, &error);
    if (event == HEAD_ERROR)
        return broken(f, &error, err);
    if (event == HEAD_MORE) {
        save(f, HEAD, h);
        return more(err);
    }
    if (sipwire_head_check(&h->facts, &f->options, SIPWIRE_STREAM, &error) != SIPWIRE_OK)
        return broken(f, &error, err);
    return scan_body(f, h, len, out, err);
}

sipwire_status sipwire_framer_scan(sipwire_framer *f, const char *text, size_t len, sipwire_frame *out,
                                   sipwire_error *err)
{
    const uint8_t *buf = (const uint8_t *)text;
    if (!f || !out || (!text && len != 0) || f->state == BROKEN || len < f->scanned)
        return usage(err);
    *out = (sipwire_frame){0};
    bool begun = f->state != BEFORE || skip_line_ends(f, buf, len);
    out->skip = (size_t)f->skip;
    if (!begun) {
        f->scanned = f->skip;
        return more(err);
    }
    head_reader h;
    memcpy(&h, f->reader, sizeof h);
    size_t rest = len - out->skip;
    sipwire_status status =
        f->state == BODY ? scan_body(f, &h, rest, out, err) : scan_head(f, &h, buf + out->skip, rest, out, err);
    if (status == SIPWIRE_MORE)
        f->scanned = len;
    return status;
}

/* Whether nothing but line ends has been looked at, so that the head can be read in one go. */
static bool untouched(const sipwire_framer *f)
{
    return f->state == BEFORE && f->scanned == f->skip;
}

static sipwire_status moved(sipwire_status status, size_t skip, sipwire_error *err)
{
    if (status < 0 && err)
        err->offset += (uint32_t)skip;
    return status;
}

sipwire_status sipwire_framer_parse(sipwire_framer *f, sipwire_msg *msg, const char *text, size_t len,
                                    sipwire_frame *out, sipwire_error *err)
{
    const uint8_t *buf = (const uint8_t *)text;
    if (!f || !msg || !out || (!text && len != 0) || f->state == BROKEN || len < f->scanned || len > UINT32_MAX ||
        msg->options.mode != SIPWIRE_STREAM || (!msg->rows && msg->capacity != 0))
        return usage(err);
    if (untouched(f) && skip_line_ends(f, buf, len)) {
        sipwire_error first = {0};
        uint32_t total;
        size_t skip = (size_t)f->skip;
        if (sipwire_index_first(msg, buf + skip, (uint32_t)(len - skip), &total, &first)) {
            *out = (sipwire_frame){skip, msg->head_len, total};
            if (skip != 0)
                begin(f);
            if (first.status != SIPWIRE_OK && err)
                *err = first;
            return moved((sipwire_status)first.status, skip, err);
        }
    }
    sipwire_status status = sipwire_framer_scan(f, text, len, out, err);
    return status != SIPWIRE_OK ? status : moved(sipwire_parse(msg, text + out->skip, out->total, err), out->skip, err);
}
