/* The headers of a URI, which stand escaped behind its "?".
 * SPDX-License-Identifier: MIT */
#include "octets.h"

#include <sipwire/uri.h>
#include <string.h>

static int digit_of(char octet)
{
    if (octet >= '0' && octet <= '9')
        return octet - '0';
    char letter = (char)(octet | 0x20);
    return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

/* The octet at *at, which goes behind it; "%" that begins no escape is itself. */
static char unescaped(sipwire_str text, size_t *at)
{
    char octet = text.ptr[(*at)++];
    if (octet != '%' || text.len - *at < 2)
        return octet;
    int high = digit_of(text.ptr[*at]), low = digit_of(text.ptr[*at + 1]);
    if (high < 0 || low < 0)
        return octet;
    *at += 2;
    return (char)(high << 4 | low);
}

sipwire_status sipwire_uri_unescape(sipwire_str text, char *buf, size_t cap, size_t *needed)
{
    size_t len = 0;
    for (size_t at = 0; at < text.len; len++) {
        char octet = unescaped(text, &at);
        if (len < cap)
            buf[len] = octet;
    }
    if (needed)
        *needed = len;
    return len <= cap ? SIPWIRE_OK : SIPWIRE_E_SPACE;
}

sipwire_status sipwire_uri_header_next(const sipwire_uri *uri, uint32_t *cursor, sipwire_uri_header *out)
{
    const sipwire_str all = uri->headers;
    if (*cursor >= all.len)
        return SIPWIRE_END;
    const char *name = all.ptr + *cursor, *end = all.ptr + all.len;
    const char *next = memchr(name, '&', (size_t)(end - name));
    const char *behind = next ? next : end;
    const char *equal = memchr(name, '=', (size_t)(behind - name)); /* hname has none, and hvalue neither */
    const char *value = equal ? equal + 1 : behind;
    out->name = (sipwire_str){name, (size_t)((equal ? equal : behind) - name)};
    out->value = (sipwire_str){value, (size_t)(behind - value)};
    *cursor = (uint32_t)((next ? next + 1 : end) - all.ptr);
    return SIPWIRE_OK;
}

static bool is_called(sipwire_str escaped, sipwire_str name)
{
    size_t at = 0, place = 0;
    for (; at < escaped.len && place < name.len; place++) {
        const char octet = unescaped(escaped, &at);
        if (!sipwire_same_name((sipwire_str){&octet, 1}, (sipwire_str){name.ptr + place, 1}))
            return false;
    }
    return at == escaped.len && place == name.len;
}

sipwire_status sipwire_uri_header_find(const sipwire_uri *uri, sipwire_str name, sipwire_uri_header *out)
{
    uint32_t cursor = 0;
    while (sipwire_uri_header_next(uri, &cursor, out) == SIPWIRE_OK) {
        if (is_called(out->name, name))
            return SIPWIRE_OK;
    }
    *out = (sipwire_uri_header){{NULL, 0}, {NULL, 0}};
    return SIPWIRE_ABSENT;
}
