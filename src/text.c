/* Decoding text (RFC 3261 sections 7.3.1 and 25.1).
 * SPDX-License-Identifier: MIT */
#include "sipwire/uri.h"

struct sink {
    char *buf;
    size_t cap, len;
};

static void put(struct sink *sink, char octet)
{
    if (sink->len < sink->cap)
        sink->buf[sink->len] = octet;
    sink->len++;
}

/* The CR to which the blanks from p lead, or NULL: a fold with the blanks on both sides of it is one SP. */
static const char *fold_behind(const char *p, const char *end)
{
    while (p < end && (*p == ' ' || *p == '\t'))
        p++;
    return p < end && *p == '\r' ? p : NULL;
}

sipwire_status sipwire_text_copy(sipwire_text text, char *buf, size_t cap, size_t *needed)
{
    struct sink sink = {buf, buf ? cap : 0, 0};
    const char *p = text.ptr, *end = text.ptr ? text.ptr + text.len : NULL;
    while (p < end) {
        if (text.form != SIPWIRE_PLAIN && (*p == ' ' || *p == '\t' || *p == '\r')) {
            const char *fold = fold_behind(p, end);
            if (fold) {
                for (p = fold; p < end && (*p == '\r' || *p == '\n' || *p == ' ' || *p == '\t');)
                    p++;
                put(&sink, ' ');
                continue;
            }
        }
        if (text.form == SIPWIRE_WIRE_QUOTED && *p == '\\' && p + 1 < end)
            p++;
        put(&sink, *p++);
    }
    if (needed)
        *needed = sink.len;
    return sink.len <= sink.cap ? SIPWIRE_OK : SIPWIRE_E_SPACE;
}
