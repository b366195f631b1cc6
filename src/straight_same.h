/* Whether a parameter that was read would be written as it stands. Included by straight.c alone.
 * SPDX-License-Identifier: MIT */
#ifndef SIPWIRE_STRAIGHT_SAME_H
#define SIPWIRE_STRAIGHT_SAME_H

#include "straight.h"
#include "write_tables.h"

/* One parameter. */
struct found {
    const uint8_t *value, *end; /* quotes included */
    enum param_kind kind;
    const struct param_rule *rule;
};

/* Whether a text is what stands at text, in the copy of which it was found. */
RUN_INLINE bool same_text(const sipwire_text *member, const struct found *found, const char *text)
{
    sipwire_text value = straight_text(found->value, found->end);
    return member->form == value.form && member->len == value.len &&
           member->ptr == text + (value.form == SIPWIRE_WIRE_QUOTED);
}

/* The same for a host, which is right. IPv6 addresses are written in brackets where the grammar has them, and only
 * there. */
static bool same_host(const surroundings *s, const sipwire_host *member, const struct found *found, const char *text,
                      bool brackets)
{
    sipwire_host host;
    size_t len = (size_t)(found->end - found->value);
    if (member->type == SIPWIRE_HOST_IPV6)
        return memchr(found->value, ':', len) && (*found->value == '[') == brackets &&
               member->text.ptr == text + brackets && member->text.len == len - (brackets ? 2 : 0);
    return SIPWIRE_LEVELED(straight_host)(s, found->value, &host) == found->end && host.type != SIPWIRE_HOST_IPV6 &&
           member->type == host.type && member->text.ptr == text && member->text.len == len;
}

/* Whether a number of some kind would be written like a value, which is right. The least digits are written. */
static bool same_number(const surroundings *s, const struct found *found, int64_t member)
{
    int64_t number;
    bool zeros = *found->value == '0' && found->end - found->value > 1;
    return !zeros && straight_number(s, found->value, found->rule->low, found->rule->high, &number) == found->end &&
           number == member;
}

/* digits: how many are written, or 0 for the least. */
static bool same_hex(const struct found *found, int64_t member, uint8_t digits)
{
    int64_t number = 0;
    const uint8_t *p = found->value;
    if (found->end - p > 15 || (digits ? found->end - p != digits : *p == '0' && found->end - p > 1))
        return false;
    for (; p < found->end && (*p <= '9' || *p >= 'a'); p++)
        number = number * 16 + (*p <= '9' ? *p - '0' : *p - 'a' + 10);
    return p == found->end && number == member;
}

static bool same_qvalue(const struct found *found, int32_t member)
{
    const uint8_t *p = found->value, *end = found->end;
    int32_t number = (*p - '0') * 1000, unit = 100;
    if (end - p > 1 && (*p != '0' || end - p < 3 || end[-1] == '0'))
        return false;
    for (p += 2; p < end; p++, unit /= 10)
        number += (*p - '0') * unit;
    return number == member;
}

/* Whether a parameter without a value, or a right one with it, would be written as it stands, at text, since its member
 * says the same. */
static bool same_member(const surroundings *s, const struct found *found, const char *text, const void *member,
                        const struct write_param *param)
{
    const uint8_t *value = found->value;
    size_t len = (size_t)(found->end - value);
    bool flag = found->kind == PARAM_FLAG;
    switch (found->rule->kind) {
    case SIPWIRE_KIND_TEXT:
        return flag ? !((const sipwire_text *)member)->ptr : same_text(member, found, text);
    case SIPWIRE_KIND_STR:
        return flag ? !((const sipwire_str *)member)->ptr
                    : ((const sipwire_str *)member)->ptr == text && ((const sipwire_str *)member)->len == len;
    case SIPWIRE_KIND_HOST:
        return flag ? !((const sipwire_host *)member)->type : same_host(s, member, found, text, param->value.brackets);
    case SIPWIRE_KIND_NUMBER32:
        return flag ? *(const int32_t *)member == -1 : same_number(s, found, *(const int32_t *)member);
    case SIPWIRE_KIND_NUMBER64:
        return flag ? *(const int64_t *)member == -1 : same_number(s, found, *(const int64_t *)member);
    case SIPWIRE_KIND_QVALUE:
        return flag ? *(const int32_t *)member == -1 : same_qvalue(found, *(const int32_t *)member);
    case SIPWIRE_KIND_HEX:
        return flag ? *(const int64_t *)member == -1 : same_hex(found, *(const int64_t *)member, param->digits);
    case SIPWIRE_KIND_TRUTH:
        return !flag && *(const int32_t *)member == (*value == 't') && (*value == 't' || *value == 'f') &&
               memcmp(value, *value == 't' ? "true" : "false", len) == 0;
    default:
        return false;
    }
}

#endif
