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

/* The terminal column of the octet at offset; of the sequence that it belongs to. */
static size_t column_of(sipwire_str text, size_t offset)
{
    const char *p = text.ptr, *end = text.ptr + text.len, *at = text.ptr + (offset < text.len ? offset : text.len);
    size_t column = 0, octets;
    char out[40];
    for (; p < at; p += octets) {
        size_t width = show(p, end, column, out, &octets);
        if (p + octets > at)
            break;
        column += width;
    }
    return column;
}

void print_source(FILE *to, const struct position *position)
{
    sipwire_str text = position->text;
    size_t caret = column_of(text, position->column - 1);
    size_t from = caret > BEFORE ? caret - BEFORE : 0, column = 0, octets;
    size_t indent = from ? 3 : 0;
    const char *p = text.ptr, *end = text.ptr + text.len;
    char out[40];
    fputs(from ? "  ..." : "  ", to);
    for (; p < end && column < from + SHOWN; p += octets) {
        size_t width = show(p, end, column, out, &octets);
        if (column >= from) {
            fputs(out, to);
        } else if (column + width > from) {
            fprintf(to, "%*s", (int)(column + width - from), ""); /* cut through */
        }
        column += width;
    }
    fprintf(to, "%s\n  %*s^\n", p < end ? "..." : "", (int)(indent + caret - from), "");
}
