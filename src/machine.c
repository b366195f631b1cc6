/* What generated machines call when a value was cut out, is a number, or went wrong.
 * SPDX-License-Identifier: MIT */
#include "machine.h"

#include "level.h"
#include "octets.h"

#include <string.h>

const uint8_t sipwire_low_nibble[32] = {15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15,
                                        15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15};

const struct machine_set *machine_set_current(void)
{
    switch (level_now()) {
#if defined(SIPWIRE_HAS_X86)
    case SIPWIRE_LEVEL_AVX2:
        return &sipwire_machine_set_avx2;
    case SIPWIRE_LEVEL_SSSE3:
        return &sipwire_machine_set_ssse3;
#elif defined(SIPWIRE_HAS_NEON)
    case SIPWIRE_LEVEL_NEON:
        return &sipwire_machine_set_neon;
#endif
    default:
        return &sipwire_machine_set_scalar;
    }
}

sipwire_status machine_fail(struct machine *m, sipwire_status status, const uint8_t *at, uint16_t rule)
{
    m->at = at;
    m->rule = rule;
    return m->status = status;
}

sipwire_str machine_str(struct machine_span span)
{
    return (sipwire_str){(const char *)span.at, (size_t)(span.to - span.at)};
}

sipwire_text machine_bare_text(struct machine_span span)
{
    while (span.at < span.to && octet_is_lws(*span.at))
        span.at++;
    while (span.to > span.at && octet_is_lws(span.to[-1]))
        span.to--;
    return (sipwire_text){(const char *)span.at, (uint32_t)(span.to - span.at), SIPWIRE_WIRE};
}

sipwire_text machine_text(struct machine_span span)
{
    sipwire_text text = machine_bare_text(span);
    bool quoted = text.len >= 2 && text.ptr[0] == '"';
    return quoted ? (sipwire_text){text.ptr + 1, text.len - 2, SIPWIRE_WIRE_QUOTED} : text;
}

sipwire_text machine_comment(struct machine_span span)
{
    sipwire_text text = machine_text(span);
    return (sipwire_text){text.ptr + 1, text.len - 2, SIPWIRE_WIRE_QUOTED};
}

sipwire_products machine_products(struct machine_span span)
{
    sipwire_text text = machine_text(span);
    return (sipwire_products){text.ptr, text.len, 0};
}

int32_t machine_ordinal(struct machine_span span, const char *words)
{
    sipwire_str text = machine_str(span);
    int32_t place = 0;
    for (const char *word = words; *word; place++) {
        size_t len = strlen(word);
        if (sipwire_same_name(text, (sipwire_str){word, len}))
            return place;
        word += len + 1;
    }
    return place;
}

bool machine_decimal(struct machine *m, struct machine_span span, sipwire_decimal *out)
{
    out->text = machine_str(span);
    const uint8_t *point = span.at;
    while (point < span.to && *point != '.')
        point++;
    if (!machine_number(m, SPAN(span.at, point), 0, INT64_C(99999999999999999), &out->whole))
        return false;
    if (out->whole < 0 && span.to - point > 1)
        out->whole = 0; /* ".5" */
    uint32_t weight = 100000000;
    for (const uint8_t *p = point + 1; p < span.to && weight > 0; p++, weight /= 10)
        out->nano += weight * (uint32_t)(*p - '0');
    return true;
}

bool machine_number(struct machine *m, struct machine_span span, int64_t low, int64_t high, int64_t *out)
{
    *out = -1;
    if (span.at == span.to)
        return true;
    int64_t value = 0;
    for (const uint8_t *p = span.at; p < span.to; p++) {
        value = value * 10 + (*p - '0');
        if (value > high) {
            machine_fail(m, SIPWIRE_E_RANGE, span.at, m->rule);
            return false;
        }
    }
    if (value < low) {
        machine_fail(m, SIPWIRE_E_RANGE, span.at, m->rule);
        return false;
    }
    *out = value;
    return true;
}

bool machine_day(struct machine *m, struct machine_span digits, int32_t day, int32_t days)
{
    if (day <= days)
        return true;
    machine_fail(m, SIPWIRE_E_RANGE, digits.at, m->rule);
    return false;
}

/* A type's brackets and dots tell which one it is, once it is known to be one: hostname's last label begins with a
 * letter (RFC 3261 section 25.1 toplabel). */
sipwire_host host_of(struct machine_span span)
{
    if (*span.at == '[')
        return (sipwire_host){machine_str(SPAN(span.at + 1, span.to - 1)), SIPWIRE_HOST_IPV6, 0};
    uint32_t type = SIPWIRE_HOST_NAME;
    if (memchr(span.at, ':', (size_t)(span.to - span.at))) {
        type = SIPWIRE_HOST_IPV6;
    } else if (span.to[-1] >= '0' && span.to[-1] <= '9') {
        const uint8_t *label = span.to - 1;
        while (label > span.at && label[-1] != '.')
            label--;
        if (*label >= '0' && *label <= '9')
            type = SIPWIRE_HOST_IPV4;
    }
    return (sipwire_host){machine_str(span), type, 0};
}

/* A machine for what the outer one cut out. */
static bool take_error(struct machine *m, const struct machine *inner)
{
    machine_fail(m, inner->status, inner->at,
                 inner->status == SIPWIRE_E_SYNTAX && inner->state ? inner->state->rule : inner->rule);
    m->state = NULL;
    return false;
}

static sipwire_status read_cut(struct machine *inner, enum machine_cut kind, void *out)
{
    switch (kind) {
    case CUT_URI:
        return uri_read(inner, out);
    case CUT_HOST:
        return inner->set->host(inner, NULL);
    default:
        return inner->set->ipv6(inner, NULL);
    }
}

bool machine_cut(struct machine *m, struct machine_span span, enum machine_cut kind, void *out)
{
    struct machine inner = machine_inner(m, span);
    if (read_cut(&inner, kind, out) != SIPWIRE_OK)
        return take_error(m, &inner);
    if (kind == CUT_HOST)
        *(sipwire_host *)out = host_of(span);
    return true;
}

void machine_blame_cut(struct machine *m, const uint8_t *opened, struct machine_span closed, uint16_t bit,
                       enum machine_cut kind)
{
    bool open = m->state && (m->state->open & bit) && opened;
    struct machine_span span = open ? SPAN(opened, m->at) : closed;
    if (!span.at)
        return;
    struct machine inner = machine_inner(m, span);
    sipwire_uri uri;
    sipwire_status status = read_cut(&inner, kind, &uri);
    if (status != SIPWIRE_E_SYNTAX || inner.at >= m->at)
        return; /* right, or wrong no earlier; an incomplete open one fails at m->at */
    take_error(m, &inner);
}
