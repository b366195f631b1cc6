/* SPDX-License-Identifier: MIT */
#include "support.h"

char *block_of(const void *octets, size_t len)
{
    char *block = malloc(len); /* of 0: a place that must not be read */
    assert_true(block || len == 0);
    if (len)
        memcpy(block, octets, len);
    return block;
}

bool str_is(sipwire_str str, const char *expected)
{
    bool same = str.ptr && str.len == strlen(expected) && memcmp(str.ptr, expected, str.len) == 0;
    if (!same)
        print_error("\"%.*s\" instead of \"%s\"\n", (int)str.len, str.ptr ? str.ptr : "", expected);
    return same;
}

bool text_is(sipwire_text text, const char *expected)
{
    char plain[1024];
    size_t needed;
    assert_int_equal(sipwire_text_copy(text, plain, sizeof plain, &needed), SIPWIRE_OK);
    return str_is((sipwire_str){text.ptr ? plain : NULL, needed}, expected);
}

static bool same_str(sipwire_str a, sipwire_str b)
{
    return a.ptr == b.ptr && a.len == b.len;
}

static bool same_text(sipwire_text a, sipwire_text b)
{
    return a.ptr == b.ptr && a.len == b.len && a.form == b.form;
}

static bool same_host(sipwire_host a, sipwire_host b)
{
    return same_str(a.text, b.text) && a.type == b.type;
}

static bool same_params(sipwire_params a, sipwire_params b)
{
    return a.ptr == b.ptr && a.len == b.len && a.count == b.count;
}

bool same_origin(const sipwire_origin *a, const sipwire_origin *b)
{
    return a->row == b->row && a->offset == b->offset && a->length == b->length && a->header == b->header;
}

bool same_uri(const sipwire_uri *a, const sipwire_uri *b)
{
    return same_str(a->raw, b->raw) && same_str(a->scheme_text, b->scheme_text) && a->scheme == b->scheme &&
           a->port == b->port && same_str(a->user, b->user) && same_str(a->password, b->password) &&
           same_host(a->host, b->host) && same_str(a->number, b->number) && same_params(a->params, b->params) &&
           same_str(a->headers, b->headers) && same_str(a->rest, b->rest);
}

#define MEMBER(type, value, member) (*(const type *)(const void *)((const char *)&(value)->as + (member)->offset))
#define BOTH(type) MEMBER(type, a, member), MEMBER(type, b, member)

#define NUMBER_BEHIND(value)                                                                                           \
    (*(const uint16_t *)(const void *)((const char *)&(value)->as + member->offset + sizeof(sipwire_str)))

static bool same_member(const sipwire_value *a, const sipwire_value *b, const sipwire_member *member)
{
    switch (member->kind) {
    case SIPWIRE_KIND_STR:
        return same_str(BOTH(sipwire_str));
    case SIPWIRE_KIND_METHOD:
        return same_str(BOTH(sipwire_str)) && NUMBER_BEHIND(a) == NUMBER_BEHIND(b);
    case SIPWIRE_KIND_TEXT:
        return same_text(BOTH(sipwire_text));
    case SIPWIRE_KIND_HOST:
        return same_host(BOTH(sipwire_host));
    case SIPWIRE_KIND_URI:
        return same_uri(&MEMBER(sipwire_uri, a, member), &MEMBER(sipwire_uri, b, member));
    case SIPWIRE_KIND_FLAG:
        return MEMBER(bool, a, member) == MEMBER(bool, b, member);
    case SIPWIRE_KIND_NUMBER64:
        return MEMBER(int64_t, a, member) == MEMBER(int64_t, b, member);
    case SIPWIRE_KIND_PARAMS:
        return same_params(BOTH(sipwire_params));
    default:
        return MEMBER(int32_t, a, member) == MEMBER(int32_t, b, member);
    }
}

bool same_value(const sipwire_value *a, const sipwire_value *b)
{
    size_t count;
    const sipwire_member *members = sipwire_shape_members((sipwire_shape)a->shape, &count);
    if (a->shape != b->shape || !same_origin(&a->as.at, &b->as.at))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!same_member(a, b, &members[i]))
            return false;
    }
    return true;
}

bool same_error(const sipwire_error *a, const sipwire_error *b)
{
    return a->status == b->status && a->offset == b->offset && a->rule == b->rule && a->header == b->header &&
           a->row == b->row && a->needed == b->needed;
}

void message_of(struct message *message, const char *head)
{
    size_t len = strlen(head);
    char *whole = malloc(len + 3);
    assert_non_null(whole);
    memcpy(whole, head, len);
    memcpy(whole + len, "\r\n", 3);
    message->len = len + 2;
    message->buf = block_of(whole, message->len);
    free(whole);
    sipwire_error err;
    sipwire_msg_init(&message->msg, message->rows, sizeof message->rows / sizeof message->rows[0], NULL);
    if (sipwire_parse(&message->msg, message->buf, message->len, &err) != SIPWIRE_OK)
        fail_msg("%s at %u", sipwire_status_name((sipwire_status)err.status), (unsigned)err.offset);
}

void message_free(struct message *message)
{
    free(message->buf);
}

uint32_t place(const struct message *m, const char *text)
{
    for (uint32_t i = 0; i + strlen(text) <= m->len; i++) {
        if (memcmp(m->buf + i, text, strlen(text)) == 0)
            return i;
    }
    fail_msg("'%s' is not in the message", text);
    return 0;
}

void assert_error(const sipwire_error *err, sipwire_status status, uint32_t offset, uint16_t header, uint32_t row)
{
    assert_string_equal(sipwire_status_name((sipwire_status)err->status), sipwire_status_name(status));
    assert_int_equal(err->offset, offset);
    assert_int_equal(err->header, header);
    assert_int_equal(err->row, row);
}

void assert_origin(const sipwire_origin *at, uint32_t row, uint32_t offset, uint32_t length, uint16_t header)
{
    assert_int_equal(at->row, row);
    assert_int_equal(at->offset, offset);
    assert_int_equal(at->length, length);
    assert_int_equal(at->header, header);
}
