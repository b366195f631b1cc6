/* Putting fields in order while a message is written.
 * SPDX-License-Identifier: MIT */
#include "write_line.h"

static void reverse(char *from, char *to)
{
    while (from < to) {
        char octet = *from;
        *from++ = *--to;
        *to = octet;
    }
}

/* Behind the field that begins at p, with the lines that continue it. */
static char *field_end(char *p, char *end)
{
    do {
        p = (char *)memchr(p, '\n', (size_t)(end - p)) + 1; /* written lines end in CR LF */
    } while (p < end && (*p == ' ' || *p == '\t'));
    return p;
}

static uint16_t order_of(const char *line, const char *end)
{
    const char *colon = memchr(line, ':', (size_t)(end - line));
    return write_fields[sipwire_header_lookup((sipwire_str){line, (size_t)(colon - line)})].order;
}

void write_place_line(sipwire_writer *w, uint64_t from, uint64_t to, uint16_t order)
{
    char *line = w->buf + from, *end = w->buf + to;
    char *place = field_end(w->buf, line); /* behind the start line */
    for (char *p = place; p < line;) {
        char *next = field_end(p, line);
        if (order_of(p, next) <= order)
            place = next;
        p = next;
    }
    if (place == line)
        return;
    reverse(place, line);
    reverse(line, end);
    reverse(place, end);
}
