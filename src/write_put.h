/* Putting octets where a message is written: checked and copied at once.
 * SPDX-License-Identifier: MIT */
#ifndef SIPWIRE_WRITE_PUT_H
#define SIPWIRE_WRITE_PUT_H

#include "octets.h"
#include "write_tables.h"

/* Whether 64 octets have room at n, so that more may be stored than a text has: what is behind is scratch. */
static inline bool put_wide(const sipwire_writer *w, uint64_t n)
{
    return (int64_t)n <= w->wide;
}

/* Positions cannot overflow: each text is at most limits.max_field long, and a message refused before 2^33. */
static inline bool put_fits(const sipwire_writer *w, uint64_t n, size_t len)
{
    return n <= w->cap && len <= w->cap - n;
}

/* memcpy for the lengths that members have: a call takes longer than the copy. */
static inline void put_octets_to(char *to, const char *text, size_t len)
{
    if (len > 32) {
        memcpy(to, text, len);
    } else if (len >= 16) {
        memcpy(to, text, 16);
        memcpy(to + len - 16, text + len - 16, 16);
    } else if (len >= 8) {
        memcpy(to, text, 8);
        memcpy(to + len - 8, text + len - 8, 8);
    } else if (len >= 4) {
        memcpy(to, text, 4);
        memcpy(to + len - 4, text + len - 4, 4);
    } else if (len) {
        to[0] = text[0];
        to[len / 2] = text[len / 2];
        to[len - 1] = text[len - 1];
    }
}

/* The same for texts whose length says little, as whole URIs: fewer branches. */
static inline void put_stretch_to(char *to, const char *text, size_t len)
{
    if (len < 32) {
        put_octets_to(to, text, len);
        return;
    }
    for (size_t at = 0; at < len - 32; at += 32)
        memcpy(to + at, text + at, 32);
    memcpy(to + len - 32, text + len - 32, 32);
}

static inline uint64_t put_copy(const sipwire_writer *w, uint64_t n, const char *text, size_t len)
{
    if (put_fits(w, n, len))
        put_octets_to(w->buf + n, text, len);
    return n + len;
}

/* Of a constant length. */
static inline uint64_t put_literal(const sipwire_writer *w, uint64_t n, const char *text, size_t len)
{
    if (put_fits(w, n, len))
        memcpy(w->buf + n, text, len);
    return n + len;
}

static inline uint64_t put_octet(const sipwire_writer *w, uint64_t n, char octet)
{
    if (n < w->cap)
        w->buf[n] = octet;
    return n + 1;
}

/* Digits without leading zeros. */
static inline uint64_t put_digits(const sipwire_writer *w, uint64_t n, uint64_t number)
{
    unsigned len = 1;
    for (uint64_t rest = number; rest >= 10; rest /= 10)
        len++;
    if (put_fits(w, n, len)) {
        for (char *p = w->buf + n + len; p > w->buf + n; number /= 10)
            *--p = (char)('0' + number % 10);
    }
    return n + len;
}

static inline uint64_t put_number(sipwire_writer *w, uint64_t n, int64_t number, int64_t low, int64_t high,
                                  uint16_t rule)
{
    if (number < low || number > high)
        return put_refuse(w, number == -1 ? SIPWIRE_E_MEMBER : SIPWIRE_E_RANGE, 0, rule);
    return put_digits(w, n, (uint64_t)number);
}

/* A number of so many digits, with leading zeros. */
static inline uint64_t put_padded(sipwire_writer *w, uint64_t n, int64_t number, int64_t low, int64_t high,
                                  unsigned width, uint16_t rule)
{
    int64_t least = 1;
    for (unsigned i = 1; i < width; i++)
        least *= 10;
    for (; number >= low && number < least && least > 1; least /= 10)
        n = put_octet(w, n, '0');
    return put_number(w, n, number, low, high, rule);
}

/* One of the words of a rule; the first one is number low. */
static inline uint64_t put_word(sipwire_writer *w, uint64_t n, int32_t number, int32_t low, const char *const *words,
                                int32_t count, uint16_t rule)
{
    if (number < low || number - low >= count)
        return put_refuse(w, number == -1 ? SIPWIRE_E_MEMBER : SIPWIRE_E_RANGE, 0, rule);
    return put_copy(w, n, words[number - low], strlen(words[number - low]));
}

/* Whether a text is this word, in any letter case. */
static inline bool put_same(sipwire_str text, const char *word, size_t len)
{
    return text.ptr && sipwire_same_name(text, (sipwire_str){word, len});
}

/* qvalue (RFC 3261 section 25.1): 0 to 1 with at most three decimals, none of them needless. */
static inline uint64_t put_qvalue(sipwire_writer *w, uint64_t n, int32_t thousandths, uint16_t rule)
{
    if (thousandths < 0 || thousandths > 1000)
        return put_refuse(w, thousandths == -1 ? SIPWIRE_E_MEMBER : SIPWIRE_E_RANGE, 0, rule);
    char text[5] = {(char)('0' + thousandths / 1000), '.', (char)('0' + thousandths / 100 % 10),
                    (char)('0' + thousandths / 10 % 10), (char)('0' + thousandths % 10)};
    size_t len = 5;
    while (len > 2 && text[len - 1] == '0')
        len--;
    return put_copy(w, n, text, len == 2 ? 1 : len);
}

/* Machines for languages that are too large for a table; 0 is none. */
extern machine_function *const SIPWIRE_LEVELED(write_machines)[];

/* The members of write_members.c, once for each level. */
uint64_t SIPWIRE_LEVELED(put_octets)(sipwire_writer *w, uint64_t n, sipwire_str text, const struct write_rule *rule);
uint64_t SIPWIRE_LEVELED(put_text)(sipwire_writer *w, uint64_t n, const sipwire_text *text,
                                   const struct write_rule *rule);
uint64_t SIPWIRE_LEVELED(put_host)(sipwire_writer *w, uint64_t n, const sipwire_host *host,
                                   const struct write_rule *rule);
uint64_t SIPWIRE_LEVELED(put_uri)(sipwire_writer *w, uint64_t n, const sipwire_uri *uri, const struct write_rule *rule);
uint64_t SIPWIRE_LEVELED(put_comment)(sipwire_writer *w, uint64_t n, const sipwire_text *text,
                                      const struct write_rule *rule);
uint64_t SIPWIRE_LEVELED(put_products)(sipwire_writer *w, uint64_t n, const sipwire_products *products,
                                       const struct write_rule *rule);
uint64_t SIPWIRE_LEVELED(put_decimal)(sipwire_writer *w, uint64_t n, const sipwire_decimal *decimal,
                                      const struct write_rule *rule);
/* members: how many of the value's members that are parameters are set, or WRITE_PLACE of a place behind the first. */
uint64_t SIPWIRE_LEVELED(put_params)(sipwire_writer *w, uint64_t n, const sipwire_params *params, const void *value,
                                     int members);
uint64_t SIPWIRE_LEVELED(put_region)(sipwire_writer *w, uint64_t n, const sipwire_params *params,
                                     const struct write_scope *scope);
uint64_t SIPWIRE_LEVELED(put_param)(sipwire_writer *w, uint64_t n, sipwire_str name, const sipwire_text *value);

bool SIPWIRE_LEVELED(put_rows)(sipwire_writer *w, const char *buf, const sipwire_row *rows, uint32_t count);
bool SIPWIRE_LEVELED(put_start_line)(const sipwire_writer *w, sipwire_str line);

static inline uint64_t SIPWIRE_LEVELED(put_str)(sipwire_writer *w, uint64_t n, const sipwire_str *str,
                                                const struct write_rule *rule)
{
    return SIPWIRE_LEVELED(put_octets)(w, n, *str, rule);
}

/* A method by its name, or by its number alone. */
static inline uint64_t put_method(sipwire_writer *w, uint64_t n, const sipwire_str *name, uint16_t id,
                                  const struct write_rule *rule)
{
    return SIPWIRE_LEVELED(put_octets)(w, n, !name->ptr && id ? sipwire_method_name(id) : *name, rule);
}

/* The first names that have no rule of their own. */
enum { WRITE_NAMES_COMPARED = 32 };
struct write_names {
    uint32_t count;
    sipwire_str list[WRITE_NAMES_COMPARED];
};

/* Whether a name is none of these, to which it is then added; true too when there is no room for it. */
SIPWIRE_INTERNAL bool write_name_is_new(struct write_names *names, sipwire_str name);

/* The second of two parameters of one name, which has no rule of its own and is among the first of these, or NULL.
 * params: right, or it is read beyond. scope: NULL when none has a rule. */
SIPWIRE_INTERNAL const char *write_name_twice(const struct param_scope *scope, const sipwire_params *params);

/* Whether a name that has no rule of its own is among the first of these in a region that is right. */
SIPWIRE_INTERNAL bool write_name_stands(const struct param_scope *scope, const sipwire_params *params,
                                        sipwire_str name);

/* Behind a value that is all of its field: nothing may follow it, and no quick way asks whether it was there. */
static inline void put_alone(sipwire_writer *w)
{
    w->after = AFTER_NOTHING;
    w->alone = (uint16_t)(row_of(w) - write_fields);
    w->usual = -1;
}

/* Whether a URI has what may only stand in it between angle brackets (RFC 8217 section 3). */
static inline bool uri_needs_brackets(const sipwire_uri *uri)
{
    const sipwire_str parts[] = {uri->user, uri->password, uri->number, uri->rest};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        for (size_t at = 0; at < parts[i].len; at++) {
            char octet = parts[i].ptr[at];
            if (octet == ',' || octet == ';' || octet == '?')
                return true;
        }
    }
    return uri->params.ptr || uri->headers.ptr;
}

#endif
