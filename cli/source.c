/* A line of a message and a caret under one of its octets, safe to print on a terminal.
 * SPDX-License-Identifier: MIT */
#include "command.h"
#include "utf8.h"

#include <string.h>

enum { TAB = 8, BEFORE = 70, SHOWN = 110 }; /* columns: of a tab, before the caret, of a line at most */

/* Code points that are not shown, or that reorder what is. */
static bool hides(uint32_t code)
{
    return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0xAD || (code >= 0x200B && code <= 0x200F) ||
           (code >= 0x2028 && code <= 0x202E) || (code >= 0x2060 && code <= 0x206F) || code == 0xFEFF ||
           code == UINT32_MAX;
}

/* What is shown for the text at p, in a terminal column: returns how many columns, *octets how many octets. */
static size_t show(const char *p, const char *end, size_t column, char out[40], size_t *octets)
{
    uint32_t code = utf8_next(p, end, octets);
    if (code == '\t') {
        size_t width = TAB - column % TAB;
        memset(out, ' ', width);
        out[width] = '\0';
        return width;
    }
    if (!hides(code)) {
        memcpy(out, p, *octets);
        out[*octets] = '\0';
        return 1;
    }
    size_t len = 0;
    for (size_t i = 0; i < *octets; i++)
        len += (size_t)snprintf(out + len, 40 - len, "\\x%02X", (unsigned)(unsigned char)p[i]);
    return len;
}

/* Goes to the octet at p, or to the sequence that it belongs to. */
static void go_to_octet(struct shown_at *at, const char *p, const char *end)
{
    size_t octets;
    char out[40];
    while (at->p < p) {
        size_t width = show(at->p, end, at->column, out, &octets);
        if (at->p + octets > p)
            break;
        at->p += octets;
        at->column += width;
    }
}

/* Goes to the first sequence that is shown at a column or cut through by it. */
static void go_to_column(struct shown_at *at, size_t column, const char *end)
{
    size_t octets;
    char out[40];
    while (at->p < end) {
        size_t width = show(at->p, end, at->column, out, &octets);
        if (at->column + width > column)
            break;
        at->p += octets;
        at->column += width;
    }
}

void print_source(FILE *to, const struct position *position, struct source *source)
{
    sipwire_str text = position->text;
    struct source own = {0};
    struct source *s = source ? source : &own;
    if (s->line != text.ptr || !s->line)
        *s = (struct source){text.ptr, {text.ptr, 0}, {text.ptr, 0}};
    const char *end = text.ptr + text.len, *at = text.ptr + position->column - 1;
    char out[40];
    size_t octets;
    go_to_octet(&s->caret, at < end ? at : end, end);
    size_t caret = s->caret.column, from = caret > BEFORE ? caret - BEFORE : 0, indent = from ? 3 : 0;
    go_to_column(&s->from, from, end);
    fputs(from ? "  ..." : "  ", to);
    struct shown_at p = s->from;
    for (; p.p < end && p.column < from + SHOWN; p.p += octets) {
        size_t width = show(p.p, end, p.column, out, &octets);
        if (p.column >= from)
            fputs(out, to);
        else
            fprintf(to, "%*s", (int)(p.column + width - from), ""); /* cut through */
        p.column += width;
    }
    fprintf(to, "%s\n  %*s^\n", p.p < end ? "..." : "", (int)(indent + caret - from), "");
}
