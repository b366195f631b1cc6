/* Texts by themselves: see alone.h.
 * SPDX-License-Identifier: MIT */
#include "alone.h"
#include "shape_info.h"

#include <string.h>

enum { LONGEST = 512, LOADED = 32 };

/* A copy of a text, with the end of a line behind it, and so much more that it can be loaded at once. */
struct copy {
    const uint8_t *text;
    uint8_t octets[LONGEST + LOADED];
};

static bool make_copy(struct copy *copy, surroundings *s, const uint8_t *begin, const uint8_t *end)
{
    size_t len = (size_t)(end - begin);
    if (len == 0 || len > LONGEST)
        return false;
    copy->text = begin;
    memcpy(copy->octets, begin, len);
    memset(copy->octets + len, '\r', LOADED);
    s->end = copy->octets + len;
    s->wide = (uintptr_t)s->end;
    return true;
}

/* Has what points into the copy point into the text. pointer: a member that begins with one. */
static void point_into_text(const struct copy *copy, void *pointer)
{
    const char *p;
    memcpy(&p, pointer, sizeof p);
    if (!p)
        return;
    p = (const char *)copy->text + (p - (const char *)copy->octets);
    memcpy(pointer, &p, sizeof p);
}

static void uri_into_text(const struct copy *copy, sipwire_uri *uri)
{
    void *const pointers[] = {&uri->raw,    &uri->scheme_text, &uri->user,    &uri->password, &uri->host.text,
                              &uri->number, &uri->params,      &uri->headers, &uri->rest};
    for (size_t i = 0; i < sizeof pointers / sizeof *pointers; i++)
        point_into_text(copy, pointers[i]);
}

static void value_into_text(const struct copy *copy, const struct shape_info *shape, void *value)
{
    for (size_t i = 0; i < shape->member_count; i++) {
        void *member = (char *)value + shape->members[i].offset;
        switch (shape->members[i].kind) {
        case SIPWIRE_KIND_URI:
            uri_into_text(copy, member);
            break;
        case SIPWIRE_KIND_STR:
        case SIPWIRE_KIND_TEXT:
        case SIPWIRE_KIND_HOST:
        case SIPWIRE_KIND_METHOD:
        case SIPWIRE_KIND_PARAMS:
        case SIPWIRE_KIND_COMMENT:
        case SIPWIRE_KIND_PRODUCTS:
        case SIPWIRE_KIND_DECIMAL:
            point_into_text(copy, member);
            break;
        default: /* numbers */
            break;
        }
    }
}

const uint8_t *alone_value(const surroundings *s, straight_function *path, const uint8_t *begin, void *out,
                           const uint8_t **behind)
{
    surroundings own = *s;
    struct copy copy;
    if (!path || !make_copy(&copy, &own, begin, s->end))
        return NULL;
    const uint8_t *p = straight_value(&own, path, copy.octets, out, behind);
    if (!p)
        return NULL;
    *behind = begin + (*behind - copy.octets);
    value_into_text(&copy, &shape_infos[straight_type(s)->shape], out);
    return begin + (p - copy.octets);
}

bool alone_uri(const surroundings *s, straight_function *path, const uint8_t *begin, const uint8_t *end,
               sipwire_uri *out)
{
    surroundings own = *s;
    struct copy copy;
    if (!make_copy(&copy, &own, begin, end) || path(&own, copy.octets, out) != own.end)
        return false;
    uri_into_text(&copy, out);
    return true;
}
