/* All that the library says of a text in one number: equal readings have equal digests at every SIMD level. And what
 * must hold of every value that was accepted.
 * SPDX-License-Identifier: MIT */
#ifndef SIPWIRE_FUZZ_DIGEST_H
#define SIPWIRE_FUZZ_DIGEST_H

#include <sipwire/sipwire.h>
#include <stdlib.h>
#include <string.h>

static inline void require(bool good)
{
    if (!good)
        abort();
}

typedef struct digest {
    const char *base; /* positions are from here */
    size_t len;
    uint64_t hash;
} digest;

static inline void digest_number(digest *d, uint64_t number)
{
    d->hash = (d->hash ^ number) * UINT64_C(0x9E3779B97F4A7C15);
    d->hash ^= d->hash >> 29;
}

/* A text must lie in the input. */
static inline void digest_octets(digest *d, const char *ptr, size_t len)
{
    if (!ptr) {
        require(len == 0);
        digest_number(d, UINT64_MAX);
        return;
    }
    require(ptr >= d->base && len <= d->len && (size_t)(ptr - d->base) <= d->len - len);
    digest_number(d, (uint64_t)(ptr - d->base));
    digest_number(d, len);
}

static inline void digest_error(digest *d, const sipwire_error *err)
{
    require(err->offset <= d->len);
    digest_number(d, (uint64_t)(uint32_t)err->status);
    digest_number(d, err->offset);
    digest_number(d, (uint64_t)err->rule << 32 | err->header);
    digest_number(d, err->row);
    digest_number(d, err->needed);
}

/* Decoding tells the same need for every buffer, and needs no more than the octets there are. */
static inline void digest_text(digest *d, sipwire_text text)
{
    size_t needed, again;
    digest_octets(d, text.ptr, text.len);
    digest_number(d, text.form);
    require(sipwire_text_copy(text, NULL, 0, &needed) == (needed ? SIPWIRE_E_SPACE : SIPWIRE_OK));
    require(needed <= text.len);
    char *plain = malloc(needed ? needed : 1);
    require(plain != NULL);
    require(sipwire_text_copy(text, plain, needed, &again) == SIPWIRE_OK && again == needed);
    for (size_t i = 0; i < needed; i++)
        require(text.form == SIPWIRE_PLAIN || (plain[i] != '\r' && plain[i] != '\n'));
    free(plain);
}

/* As many parameters as were counted, each of which is found by its name. */
static inline void digest_params(digest *d, const sipwire_params *params)
{
    uint32_t cursor = 0, count = 0;
    sipwire_param param, found;
    digest_octets(d, params->ptr, params->len);
    while (sipwire_param_next(params, &cursor, &param) == SIPWIRE_OK) {
        require(param.name.len > 0 && param.id == sipwire_param_lookup(param.name));
        sipwire_status status = sipwire_param_find(params, param.name, &found);
        require(status == SIPWIRE_E_DUPLICATE_PARAM || (status == SIPWIRE_OK && found.name.ptr == param.name.ptr));
        if (param.id != SIPWIRE_PARAM_UNKNOWN)
            require(sipwire_param_get(params, param.id, &found) == status);
        digest_octets(d, param.name.ptr, param.name.len);
        digest_text(d, param.value);
        count++;
    }
    require(count == params->count && (count > 0) == (params->ptr != NULL));
    digest_number(d, count);
}

static inline void digest_host(digest *d, const sipwire_host *host)
{
    require((host->type == SIPWIRE_HOST_NONE) == (host->text.ptr == NULL));
    digest_octets(d, host->text.ptr, host->text.len);
    digest_number(d, host->type);
}

static inline void digest_uri(digest *d, const sipwire_uri *uri)
{
    digest_octets(d, uri->raw.ptr, uri->raw.len);
    digest_octets(d, uri->scheme_text.ptr, uri->scheme_text.len);
    digest_number(d, uri->scheme);
    digest_number(d, (uint64_t)(uint32_t)uri->port);
    digest_octets(d, uri->user.ptr, uri->user.len);
    digest_octets(d, uri->password.ptr, uri->password.len);
    digest_host(d, &uri->host);
    digest_octets(d, uri->number.ptr, uri->number.len);
    digest_params(d, &uri->params);
    digest_octets(d, uri->headers.ptr, uri->headers.len);
    digest_octets(d, uri->rest.ptr, uri->rest.len);
}

static inline void digest_member(digest *d, const char *at, uint16_t kind)
{
    const sipwire_str *str = (const sipwire_str *)(const void *)at;
    switch (kind) {
    case SIPWIRE_KIND_STR:
        digest_octets(d, str->ptr, str->len);
        break;
    case SIPWIRE_KIND_METHOD:
        digest_octets(d, str->ptr, str->len);
        digest_number(d, *(const uint16_t *)(const void *)(str + 1));
        break;
    case SIPWIRE_KIND_TEXT:
        digest_text(d, *(const sipwire_text *)(const void *)at);
        break;
    case SIPWIRE_KIND_HOST:
        digest_host(d, (const sipwire_host *)(const void *)at);
        break;
    case SIPWIRE_KIND_URI:
        digest_uri(d, (const sipwire_uri *)(const void *)at);
        break;
    case SIPWIRE_KIND_FLAG:
        digest_number(d, *(const bool *)at);
        break;
    case SIPWIRE_KIND_NUMBER64:
        digest_number(d, (uint64_t) * (const int64_t *)(const void *)at);
        break;
    case SIPWIRE_KIND_PARAMS:
        digest_params(d, (const sipwire_params *)(const void *)at);
        break;
    default:
        digest_number(d, (uint64_t)(uint32_t) * (const int32_t *)(const void *)at);
    }
}

/* The members of a value, without where it stands. */
static inline void digest_value(digest *d, const sipwire_value *value)
{
    size_t count;
    const sipwire_member *members = sipwire_shape_members((sipwire_shape)value->shape, &count);
    require(count > 0);
    for (size_t i = 0; i < count; i++)
        digest_member(d, (const char *)&value->as + members[i].offset, members[i].kind);
}

static inline void digest_origin(digest *d, const sipwire_origin *at)
{
    require(at->offset <= d->len && at->length <= d->len - at->offset);
    digest_number(d, (uint64_t)at->offset << 32 | at->length);
    digest_number(d, (uint64_t)at->row << 16 | at->header);
}

/* An accepted value must be accepted again when it stands alone, with the same members. */
static inline void require_stands_alone(const digest *d, const sipwire_value *value)
{
    sipwire_value again;
    sipwire_str text = {d->base + value->as.at.offset, value->as.at.length};
    require(sipwire_value_parse(value->as.at.header, text, true, &again, NULL, NULL) == SIPWIRE_OK);
    digest first = *d, second = *d;
    first.hash = second.hash = 0;
    digest_value(&first, value);
    digest_value(&second, &again);
    require(first.hash == second.hash && again.as.at.offset == 0 && again.as.at.length == value->as.at.length);
}

#endif
