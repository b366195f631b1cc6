/* The products and comments of Server and User-Agent, one by one (RFC 3261 sections 20.35, 20.41).
 * SPDX-License-Identifier: MIT */
#include "octets.h"
#include "sipwire/parts.h"

static const char *skip_blanks(const char *p, const char *end)
{
    while (p < end && octet_is_lws((uint8_t)*p))
        p++;
    return p;
}

/* The text is known to be right, so a token ends where a blank, a slash or a comment stands (this one with
 * SIPWIRE_ACCEPT_PRODUCTS). slash: '/', or 0 where none ends it: several versions are one text. */
static const char *token_end(const char *p, const char *end, char slash)
{
    while (p < end && *p != '(' && (*p != '/' || slash == 0) && !octet_is_lws((uint8_t)*p))
        p++;
    return p;
}

/* Behind the parenthesis that closes the one at p. */
static const char *comment_end(const char *p, const char *end)
{
    size_t depth = 0;
    for (; p < end; p++) {
        if (*p == '\\')
            p++;
        else if (*p == '(')
            depth++;
        else if (*p == ')' && --depth == 0)
            return p + 1;
    }
    return end;
}

sipwire_status sipwire_product_next(const sipwire_products *products, uint32_t *cursor, sipwire_product *out)
{
    *out = (sipwire_product){0};
    if (!products->ptr)
        return SIPWIRE_END;
    const char *end = products->ptr + products->len;
    const char *p = skip_blanks(products->ptr + *cursor, end);
    const char *next = end;
    if (p == end)
        return SIPWIRE_END;
    if (*p == '(') {
        next = comment_end(p, end);
        out->comment = (sipwire_text){p + 1, (uint32_t)(next - p - 2), SIPWIRE_WIRE_QUOTED};
    } else {
        next = token_end(p, end, '/');
        out->name = (sipwire_str){p, (size_t)(next - p)};
        const char *slash = skip_blanks(next, end);
        if (slash < end && *slash == '/') {
            const char *version = skip_blanks(slash + 1, end);
            next = token_end(version, end, 0);
            out->version = (sipwire_str){version, (size_t)(next - version)};
        }
    }
    *cursor = (uint32_t)(next - products->ptr);
    return SIPWIRE_OK;
}
