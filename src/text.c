/* Decoding text (RFC 3261 sections 7.3.1 and 25.1).
 * SPDX-License-Identifier: MIT */
#include "sipwire/uri.h"

/* A text being decoded. */
struct source {
    const char *p, *end;
    uint32_t form;
};

static struct source source_of(sipwire_text text)
{
    return (struct source){text.ptr, text.ptr ? text.ptr + text.len : NULL, text.form};
}

/* The CR to which the blanks from p lead, or NULL: a fold with the blanks on both sides of it is one SP. */
static const char *fold_behind(const char *p, const char *end)
{
    while (p < end && (*p == ' ' || *p == '\t'))
        p++;
    return p < end && *p == '\r' ? p : NULL;
}

/* The next octet of a source that has one. */
static char take(struct source *s)
{
    char octet = *s->p;
    if (s->form != SIPWIRE_PLAIN && (octet == ' ' || octet == '\t' || octet == '\r')) {
        const char *p = fold_behind(s->p, s->end);
        if (p) {
            while (p < s->end && (*p == '\r' || *p == '\n' || *p == ' ' || *p == '\t'))
                p++;
            s->p = p;
            return ' ';
        }
    }
    if (s->form == SIPWIRE_WIRE_QUOTED && octet == '\\' && s->end - s->p > 1)
        s->p++;
    return *s->p++;
}

sipwire_status sipwire_text_copy(sipwire_text text, char *buf, size_t cap, size_t *needed)
{
    struct source source = source_of(text);
    size_t len = 0, room = buf ? cap : 0;
    for (; source.p < source.end; len++) {
        char octet = take(&source);
        if (len < room)
            buf[len] = octet;
    }
    if (needed)
        *needed = len;
    return len <= room ? SIPWIRE_OK : SIPWIRE_E_SPACE;
}

static char same(char octet)
{
    return octet;
}

static char lower(char octet)
{
    return octet >= 'A' && octet <= 'Z' ? (char)(octet | 0x20) : octet;
}

static bool equal(sipwire_text a, sipwire_text b, char (*fold)(char))
{
    struct source x = source_of(a), y = source_of(b);
    if (!a.ptr || !b.ptr)
        return a.ptr == b.ptr;
    while (x.p < x.end && y.p < y.end) {
        if (fold(take(&x)) != fold(take(&y)))
            return false;
    }
    return x.p == x.end && y.p == y.end;
}

bool sipwire_text_equal(sipwire_text a, sipwire_text b)
{
    return equal(a, b, same);
}

bool sipwire_text_equal_any_case(sipwire_text a, sipwire_text b)
{
    return equal(a, b, lower);
}
