/* The start line (RFC 3261 sections 7.1 and 7.2), read by the machines of Request-Line and Status-Line.
 * SPDX-License-Identifier: MIT */
#include "start_line.h"

#include "machine.h"
#include "start_line_members.h"
#include "tolerant.h"

/* Whether the line begins like a Status-Line; no Method holds a "/". */
static bool is_status_line(const uint8_t *p, const uint8_t *end)
{
    return end - p >= 4 && (p[0] | 0x20) == 's' && (p[1] | 0x20) == 'i' && (p[2] | 0x20) == 'p' && p[3] == '/';
}

static sipwire_span span_of(sipwire_str str, const uint8_t *base)
{
    return (sipwire_span){(uint32_t)((const uint8_t *)str.ptr - base), (uint32_t)str.len};
}

static sipwire_status fail(sipwire_error *err, sipwire_status status, const struct machine *m, const uint8_t *base)
{
    if (err)
        *err = (sipwire_error){.status = status,
                               .offset = (uint32_t)(m->at - base),
                               .rule = m->state ? m->state->rule : m->rule,
                               .row = UINT32_MAX};
    return status;
}

static sipwire_status read_status(struct machine *m, const char *digit, const uint8_t *base, sipwire_msg *msg,
                                  sipwire_error *err)
{
    msg->status = (uint16_t)((digit[0] - '0') * 100 + (digit[1] - '0') * 10 + (digit[2] - '0'));
    if (msg->status >= 100 && msg->status <= 699)
        return SIPWIRE_OK;
    m->at = (const uint8_t *)digit;
    m->state = NULL;
    m->rule = RULE_RFC3261_STATUS_CODE;
    return fail(err, SIPWIRE_E_RANGE, m, base);
}

static sipwire_status read_line(struct machine *m, sipwire_msg *msg, sipwire_error *err)
{
    struct start_line line = {0};
    const uint8_t *p = m->at;
    bool status_line = is_status_line(p, m->end);
    if ((status_line ? m->set->status_line : m->set->request_line)(m, &line) != SIPWIRE_OK)
        return fail(err, SIPWIRE_E_START_LINE, m, p);
    msg->version = span_of(line.version, p);
    if (status_line) {
        msg->kind = SIPWIRE_RESPONSE;
        msg->reason = span_of(line.reason, p);
        return read_status(m, line.status.ptr, p, msg, err);
    }
    msg->kind = SIPWIRE_REQUEST;
    msg->method_text = span_of(line.method, p);
    msg->method = sipwire_method_lookup(line.method);
    msg->uri = span_of(line.uri, p);
    return SIPWIRE_OK;
}

sipwire_status sipwire_start_line(const uint8_t *p, const uint8_t *end, sipwire_msg *msg, sipwire_error *err)
{
    struct machine m = {.at = p, .end = end};
    m.set = machine_set_current();
    return read_line(&m, msg, err);
}

sipwire_status sipwire_start_line_tolerantly(const uint8_t *p, const uint8_t *end, sipwire_msg *msg,
                                             struct tolerance *t)
{
    struct machine m = {.at = p, .end = end, .set = &sipwire_machine_set_tolerant, .tolerance = t};
    t->before = t->count;
    t->used = 0;
    return read_line(&m, msg, NULL);
}
