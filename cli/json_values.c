/* Values of messages as JSON, by the description of their structs.
 * SPDX-License-Identifier: MIT */
#include "json_values.h"

#include "utf8.h"

#include <stdlib.h>
#include <string.h>

void json_memory(void)
{
    json_set_alloc_funcs(must_alloc, free);
}

json_t *json_octets(sipwire_str octets, bool *replaced)
{
    static const char replacement[] = "\xEF\xBF\xBD";
    const char *end = octets.ptr + octets.len;
    char *text = must_alloc(octets.len * 3);
    size_t len = 0, size;
    for (const char *p = octets.ptr; p < end; p += size) {
        bool valid = utf8_next(p, end, &size) != UINT32_MAX;
        size_t add = valid ? size : 3;
        memcpy(text + len, valid ? p : replacement, add);
        len += add;
        *replaced |= !valid;
    }
    json_t *json = json_stringn_nocheck(text, len);
    free(text);
    return json;
}

json_t *json_hex(sipwire_str octets)
{
    static const char digits[] = "0123456789abcdef";
    char *text = must_alloc(octets.len * 2);
    for (size_t i = 0; i < octets.len; i++) {
        unsigned char octet = (unsigned char)octets.ptr[i];
        text[2 * i] = digits[octet >> 4];
        text[2 * i + 1] = digits[octet & 15];
    }
    json_t *json = json_stringn_nocheck(text, octets.len * 2);
    free(text);
    return json;
}

static json_t *str_json(sipwire_str str, bool *replaced)
{
    return str.ptr ? json_octets(str, replaced) : json_null();
}

sipwire_str text_decoded(sipwire_text text)
{
    char *decoded = must_alloc(text.len); /* decoding never makes a text longer */
    size_t len = 0;
    sipwire_text_copy(text, decoded, text.len, &len);
    return (sipwire_str){decoded, len};
}

json_t *json_text(sipwire_text text, bool *replaced)
{
    if (!text.ptr)
        return json_null();
    sipwire_str decoded = text_decoded(text);
    json_t *json = json_octets(decoded, replaced);
    free((char *)decoded.ptr);
    return json;
}

static json_t *params_json(const sipwire_params *params, bool *replaced)
{
    json_t *list = json_array();
    uint32_t cursor = 0;
    sipwire_param param;
    while (sipwire_param_next(params, &cursor, &param) == SIPWIRE_OK) {
        json_t *pair = json_array();
        json_array_append_new(pair, json_octets(param.name, replaced));
        json_array_append_new(pair, json_text(param.value, replaced));
        json_array_append_new(list, pair);
    }
    return list;
}

static json_t *host_type_json(const sipwire_host *host)
{
    static const char *const types[] = {NULL, "name", "ipv4", "ipv6"};
    return host->type == SIPWIRE_HOST_NONE ? json_null() : json_string(types[host->type]);
}

static json_t *number_json(int64_t number)
{
    return number < 0 ? json_null() : json_integer(number);
}

/* hname=hvalue pairs with "&" between them (RFC 3261 section 25.1, headers). */
static json_t *uri_headers_json(sipwire_str headers)
{
    json_t *list = json_array();
    bool ignored = false;
    const char *p = headers.ptr, *end = headers.ptr ? headers.ptr + headers.len : NULL;
    while (p < end) {
        const char *stop = memchr(p, '&', (size_t)(end - p));
        stop = stop ? stop : end;
        const char *equals = memchr(p, '=', (size_t)(stop - p));
        equals = equals ? equals : stop;
        json_t *pair = json_array();
        json_array_append_new(pair, json_octets((sipwire_str){p, (size_t)(equals - p)}, &ignored));
        const char *value = equals < stop ? equals + 1 : stop;
        json_array_append_new(pair, json_octets((sipwire_str){value, (size_t)(stop - value)}, &ignored));
        json_array_append_new(list, pair);
        p = stop < end ? stop + 1 : end;
    }
    return list;
}

/* Schemes compare in any letter case; here they are in lower case. */
static json_t *scheme_json(sipwire_str scheme)
{
    char *lower = must_alloc(scheme.len);
    for (size_t i = 0; i < scheme.len; i++) {
        char octet = scheme.ptr[i];
        lower[i] = octet >= 'A' && octet <= 'Z' ? (char)(octet + ('a' - 'A')) : octet;
    }
    json_t *json = json_stringn_nocheck(lower, scheme.len);
    free(lower);
    return json;
}

json_t *json_uri(const sipwire_uri *uri)
{
    bool ignored = false; /* a URI has no octets outside of ASCII */
    json_t *json = json_object();
    json_object_set_new(json, "raw", json_octets(uri->raw, &ignored));
    json_object_set_new(json, "scheme", scheme_json(uri->scheme_text));
    if (uri->scheme == SIPWIRE_SCHEME_OTHER)
        return json;
    if (uri->scheme == SIPWIRE_SCHEME_TEL) {
        json_object_set_new(json, "number", str_json(uri->number, &ignored));
        json_object_set_new(json, "params", params_json(&uri->params, &ignored));
        return json;
    }
    json_object_set_new(json, "user", str_json(uri->user, &ignored));
    json_object_set_new(json, "password", str_json(uri->password, &ignored));
    json_object_set_new(json, "host", str_json(uri->host.text, &ignored));
    json_object_set_new(json, "host_type", host_type_json(&uri->host));
    json_object_set_new(json, "port", number_json(uri->port));
    json_object_set_new(json, "params", params_json(&uri->params, &ignored));
    json_object_set_new(json, "headers", uri_headers_json(uri->headers));
    return json;
}

/* The name of a member: the value's grammar rule when the member is the whole value. */
static void name_member(char *out, size_t size, const sipwire_member *member, uint16_t header)
{
    static const struct {
        const char *member, *name;
    } others[] = {{"protocol_name", "protocol"}, {"protocol_version", "version"}};
    const char *name = member->name, *rule = sipwire_header_value_rule(header);
    if (member->whole && *rule)
        name = rule;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        if (strcmp(name, others[i].member) == 0)
            name = others[i].name;
    }
    size_t i = 0;
    for (; name[i] && i + 1 < size; i++) {
        char octet = name[i];
        out[i] = octet == '-' ? '_' : octet >= 'A' && octet <= 'Z' ? (char)(octet + ('a' - 'A')) : octet;
    }
    out[i] = '\0';
}

static json_t *decimal_json(const sipwire_decimal *decimal)
{
    return decimal->whole < 0 ? json_null() : json_real((double)decimal->whole + decimal->nano / 1e9);
}

/* A product as {"product","product_version"}, a comment as {"comment"} (RFC 3261 section 25.1, server-val). */
static json_t *products_json(const sipwire_products *products, bool *replaced)
{
    json_t *list = json_array();
    uint32_t cursor = 0;
    sipwire_product product;
    while (sipwire_product_next(products, &cursor, &product) == SIPWIRE_OK) {
        json_t *json = json_object();
        if (product.comment.ptr) {
            json_object_set_new(json, "comment", json_text(product.comment, replaced));
        } else {
            json_object_set_new(json, "product", str_json(product.name, replaced));
            json_object_set_new(json, "product_version", str_json(product.version, replaced));
        }
        json_array_append_new(list, json);
    }
    return list;
}

static json_t *member_json(const void *at, uint16_t kind, bool *replaced)
{
    switch (kind) {
    case SIPWIRE_KIND_STR:
    case SIPWIRE_KIND_METHOD:
        return str_json(*(const sipwire_str *)at, replaced);
    case SIPWIRE_KIND_TEXT:
    case SIPWIRE_KIND_COMMENT:
        return json_text(*(const sipwire_text *)at, replaced);
    case SIPWIRE_KIND_HOST:
        return str_json(((const sipwire_host *)at)->text, replaced);
    case SIPWIRE_KIND_URI:
        return json_uri(at);
    case SIPWIRE_KIND_FLAG:
        return json_boolean(*(const bool *)at);
    case SIPWIRE_KIND_NUMBER32:
    case SIPWIRE_KIND_ORDINAL:
        return number_json(*(const int32_t *)at);
    case SIPWIRE_KIND_NUMBER64:
    case SIPWIRE_KIND_HEX:
        return number_json(*(const int64_t *)at);
    case SIPWIRE_KIND_QVALUE:
        return *(const int32_t *)at < 0 ? json_null() : json_real(*(const int32_t *)at / 1000.0);
    case SIPWIRE_KIND_PARAMS:
        return params_json(at, replaced);
    case SIPWIRE_KIND_PRODUCTS:
        return products_json(at, replaced);
    case SIPWIRE_KIND_DECIMAL:
        return decimal_json(at);
    case SIPWIRE_KIND_TRUTH:
        return *(const int32_t *)at < 0 ? json_null() : json_boolean(*(const int32_t *)at);
    default:
        return json_null();
    }
}

/* Contact: * has nothing else, and what is no star does not say so. */
static json_t *star_json(void)
{
    json_t *json = json_object();
    json_object_set_new(json, "star", json_true());
    return json;
}

json_t *json_value(const sipwire_value *value, const char *base)
{
    if (value->shape == SIPWIRE_SHAPE_ADDRESS && value->as.address.star)
        return star_json();
    json_t *json = json_object();
    bool replaced = false;
    size_t count;
    const sipwire_member *members = sipwire_shape_members((sipwire_shape)value->shape, &count);
    for (size_t i = 0; i < count; i++) {
        const void *at = (const char *)&value->as + members[i].offset;
        if (members[i].kind == SIPWIRE_KIND_FLAG && value->shape == SIPWIRE_SHAPE_ADDRESS)
            continue;
        char name[64];
        name_member(name, sizeof name, &members[i], value->as.at.header);
        json_object_set_new(json, name, member_json(at, members[i].kind, &replaced));
        if (strcmp(name, "host") == 0)
            json_object_set_new(json, "host_type", host_type_json(at));
    }
    if (replaced)
        json_object_set_new(json, "octets", json_hex((sipwire_str){base + value->as.at.offset, value->as.at.length}));
    return json;
}

json_t *json_error(const sipwire_error *err, sipwire_str text, const struct message *message)
{
    bool ignored = false;
    struct position position = position_of(text, err->offset);
    const char *rule = sipwire_rule_name(err->rule);
    json_t *json = json_object();
    json_object_set_new(json, "code", json_string(sipwire_status_name((sipwire_status)err->status)));
    json_object_set_new(json, "offset", json_integer(err->offset));
    json_object_set_new(json, "line", json_integer((json_int_t)position.line));
    json_object_set_new(json, "column", json_integer((json_int_t)position.column));
    json_object_set_new(json, "field", str_json(error_field(err, message), &ignored));
    json_object_set_new(json, "rule", *rule ? json_string(rule) : json_null());
    json_object_set_new(json, "rfc", json_string(error_reference(err)));
    return json;
}

void json_print(json_t *json)
{
    json_dumpf(json, stdout, JSON_COMPACT | JSON_REAL_PRECISION(15));
    putchar('\n');
    json_decref(json);
}
