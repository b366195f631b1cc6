/* sipwire check: rules in prose, abilities, and the response to a faulty request.
 * SPDX-License-Identifier: MIT */
#include "findings.h"

#include <string.h>

static struct finding *add(struct findings *findings, enum severity severity, uint32_t offset, const char *id,
                           const char *reference)
{
    struct finding *finding = findings_add(findings, severity, offset);
    snprintf(finding->id, sizeof finding->id, "%s", id);
    finding->reference = reference;
    finding->response = severity == SEVERITY_ERROR ? 400 : 0;
    return finding;
}

static const struct mandatory {
    uint16_t header;
    enum severity in_request, in_response;
} mandatory[] = {
    {SIPWIRE_HEADER_VIA, SEVERITY_ERROR, SEVERITY_ERROR},
    {SIPWIRE_HEADER_TO, SEVERITY_ERROR, SEVERITY_ERROR},
    {SIPWIRE_HEADER_FROM, SEVERITY_ERROR, SEVERITY_ERROR},
    {SIPWIRE_HEADER_CALL_ID, SEVERITY_ERROR, SEVERITY_ERROR},
    {SIPWIRE_HEADER_CSEQ, SEVERITY_ERROR, SEVERITY_ERROR},
    /* Proxies take requests without it, as RFC 2543 has them (section 16.3). A note: not looked for. */
    {SIPWIRE_HEADER_MAX_FORWARDS, SEVERITY_WARNING, SEVERITY_NOTE},
};

/* Only in a head that is whole and has no malformed line: the field may stand in it. */
static void check_mandatory(struct findings *findings)
{
    const struct message *message = findings->message;
    const sipwire_msg *msg = &message->msg;
    bool request = msg->kind == SIPWIRE_REQUEST;
    uint32_t end = msg->start_line_len, line_end = msg->deviations & SIPWIRE_ACCEPT_BARE_LF ? 1 : 2;
    for (uint32_t i = 0; i < msg->count && msg->rows[i].name_off == end; i++)
        end = msg->rows[i].value_off + msg->rows[i].value_len + line_end;
    if (msg->kind == 0 || msg->head_len == 0 || end != msg->head_len - line_end)
        return;
    for (size_t i = 0; i < sizeof mandatory / sizeof mandatory[0]; i++) {
        enum severity severity = request ? mandatory[i].in_request : mandatory[i].in_response;
        if (severity == SEVERITY_NOTE || sipwire_find(msg, mandatory[i].header))
            continue;
        sipwire_str name = sipwire_header_name(mandatory[i].header);
        struct finding *finding = add(findings, severity, 0, "missing-header-field",
                                      request ? "RFC 3261 section 8.1.1" : "RFC 3261 section 8.2.6.2");
        finding->whole = true;
        snprintf(finding->text, sizeof finding->text, "%.*s is missing", (int)name.len, name.ptr);
    }
}

static void check_cseq_method(struct findings *findings)
{
    const struct message *message = findings->message;
    sipwire_cseq cseq;
    if (message->msg.kind != SIPWIRE_REQUEST ||
        sipwire_get_cseq(&message->msg, message->buf, SIPWIRE_HEADER_CSEQ, &cseq, NULL) != SIPWIRE_OK)
        return;
    sipwire_str method = sipwire_span_str(message->msg.method_text, message->buf);
    if (method.len == cseq.method.len && memcmp(method.ptr, cseq.method.ptr, method.len) == 0)
        return;
    struct finding *finding = add(findings, SEVERITY_ERROR, (uint32_t)(cseq.method.ptr - message->buf), "cseq-method",
                                  "RFC 3261 section 8.1.1.5");
    snprintf(finding->text, sizeof finding->text, "CSeq: the method is %.*s, but the request's is %.*s",
             cseq.method.len < 80 ? (int)cseq.method.len : 80, cseq.method.ptr, method.len < 80 ? (int)method.len : 80,
             method.ptr);
}

/* The first "*" of Contact, and how many values stand beside it; malformed ones count. */
static bool find_star(const struct message *message, uint32_t *offset, uint32_t *others)
{
    sipwire_iter it;
    sipwire_address contact;
    sipwire_status status;
    bool found = false;
    *others = 0;
    sipwire_iter_begin(&it, &message->msg, message->buf, SIPWIRE_HEADER_CONTACT);
    while ((status = sipwire_next_shaped(&it, SIPWIRE_SHAPE_ADDRESS, &contact, NULL)) != SIPWIRE_END) {
        bool star = status == SIPWIRE_OK && contact.star;
        *offset = star && !found ? contact.at.offset : *offset;
        *others += !star || found;
        found = found || star;
    }
    return found;
}

/* Whether it is not there, or well-formed and not 0. */
static bool expires_is_not_0(const struct message *message)
{
    sipwire_number expires;
    sipwire_status status = sipwire_get_number(&message->msg, message->buf, SIPWIRE_HEADER_EXPIRES, &expires, NULL);
    return status == SIPWIRE_ABSENT || (status == SIPWIRE_OK && expires.value != 0);
}

/* "*" removes all registrations: a server that read it differently would remove others (RFC 3261 section 10.3 step
 * 6). */
static void check_star(struct findings *findings)
{
    const struct message *message = findings->message;
    uint32_t offset = 0, others;
    const char *why = NULL;
    if (!find_star(message, &offset, &others))
        return;
    if (others != 0)
        why = "stands beside another value";
    else if (message->msg.kind != SIPWIRE_REQUEST || message->msg.method != SIPWIRE_METHOD_REGISTER)
        why = "stands in no REGISTER";
    else if (expires_is_not_0(message))
        why = "stands without \"Expires: 0\"";
    if (!why)
        return;
    struct finding *finding = add(findings, SEVERITY_ERROR, offset, "contact-star", "RFC 3261 section 10.2.2");
    snprintf(finding->text, sizeof finding->text, "Contact: \"*\" %s", why);
}

/* 1 Monday to 7 Sunday, by the calendar in use, which repeats itself every 400 years. */
static int32_t weekday_of(const sipwire_date *date)
{
    static const int32_t months[] = {0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4}; /* days by which they shift what follows */
    int32_t year = date->year + 400 - (date->month < 3);
    return (year + year / 4 - year / 100 + year / 400 + months[date->month - 1] + date->day + 6) % 7 + 1;
}

void check_weekday(struct findings *findings, const sipwire_value *value)
{
    static const char *const names[] = {"",         "Monday", "Tuesday",  "Wednesday",
                                        "Thursday", "Friday", "Saturday", "Sunday"};
    const sipwire_date *date = &value->as.date;
    if (value->shape != SIPWIRE_SHAPE_DATE)
        return;
    const int32_t weekday = weekday_of(date);
    if (date->weekday == weekday)
        return;
    sipwire_str field = sipwire_header_name(date->at.header);
    struct finding *finding = add(findings, SEVERITY_WARNING, date->at.offset, "weekday", "RFC 822 section 5.2");
    snprintf(finding->text, sizeof finding->text, "%.*s: the date is a %s, not a %s", (int)field.len, field.ptr,
             names[weekday], names[date->weekday]);
}

void check_rules(struct findings *findings)
{
    check_mandatory(findings);
    check_cseq_method(findings);
    check_star(findings);
}

static bool is_version_2(sipwire_str version)
{
    static const char supported[] = "sip/2.0";
    if (version.len != sizeof supported - 1)
        return false;
    for (size_t i = 0; i < version.len; i++) {
        if ((version.ptr[i] | 0x20) != (supported[i] | 0x20))
            return false;
    }
    return true;
}

static bool other_version(const struct message *message)
{
    return message->msg.kind != 0 && !is_version_2(sipwire_span_str(message->msg.version, message->buf));
}

void check_abilities(struct findings *findings)
{
    const struct message *message = findings->message;
    const sipwire_msg *msg = &message->msg;
    sipwire_uri uri;
    if (other_version(message)) {
        struct finding *finding = add(findings, SEVERITY_NOTE, msg->version.off, "version", "RFC 3261 section 21.5.6");
        snprintf(finding->text, sizeof finding->text, "not version 2.0 of SIP: a server that lacks it answers 505");
    }
    if (msg->kind == SIPWIRE_REQUEST && msg->method == SIPWIRE_METHOD_UNKNOWN) {
        struct finding *finding =
            add(findings, SEVERITY_NOTE, msg->method_text.off, "unknown-method", "RFC 3261 section 21.5.2");
        snprintf(finding->text, sizeof finding->text, "not a registered method: a server that lacks it answers 501");
    }
    if (sipwire_request_uri(msg, message->buf, &uri, NULL) == SIPWIRE_OK && uri.scheme == SIPWIRE_SCHEME_OTHER) {
        struct finding *finding = add(findings, SEVERITY_NOTE, msg->uri.off, "scheme", "RFC 3261 section 8.2.2.1");
        snprintf(finding->text, sizeof finding->text,
                 "not a sip, sips or tel URI: a server that lacks the scheme answers 416");
    }
}

static bool begins(const struct message *message, const char *text)
{
    size_t len = strlen(text);
    if (message->len < len)
        return false;
    for (size_t i = 0; i < len; i++) {
        if ((message->buf[i] | 0x20) != (text[i] | 0x20))
            return false;
    }
    return true;
}

static const struct response {
    uint16_t status;
    const char *reference;
} responses[] = {
    {400, "RFC 3261 section 21.4.1"},
    {414, "RFC 3261 section 21.4.12"},
    {505, "RFC 3261 section 21.5.6"},
    {513, "RFC 3261 section 21.5.7"},
};

void check_response(struct findings *findings)
{
    const struct message *message = findings->message;
    size_t first = 0;
    while (first < findings->count && findings->list[first].severity != SEVERITY_ERROR)
        first++;
    if (first == findings->count || message->msg.kind == SIPWIRE_RESPONSE || begins(message, "SIP/"))
        return;
    uint16_t status = other_version(message) ? 505 : findings->list[first].response;
    size_t i = 0;
    while (responses[i].status != status)
        i++;
    sipwire_str reason = sipwire_reason_phrase(status);
    struct finding *answer = add(findings, SEVERITY_NOTE, 0, "response", responses[i].reference);
    answer->whole = true;
    snprintf(answer->text, sizeof answer->text, "a server would answer: SIP/2.0 %u %.*s", (unsigned)status,
             (int)reason.len, reason.ptr);
    if (begins(message, "ACK ")) {
        answer->reference = "RFC 3261 section 22.1";
        snprintf(answer->text, sizeof answer->text, "an ACK is never answered: a server drops this one");
    }
}
