/* What check has to say about one message.
 * SPDX-License-Identifier: MIT */
#ifndef CLI_FINDINGS_H
#define CLI_FINDINGS_H

#include "command.h"

enum severity { SEVERITY_NOTE, SEVERITY_WARNING, SEVERITY_ERROR };

struct finding {
    enum severity severity;
    uint32_t offset;       /* in the message */
    uint16_t response;     /* an error: the status that a server answers a request with */
    bool whole;            /* about the whole message: no line of it is shown */
    const char *reference; /* "RFC 3261 section 8.1.1" */
    char id[40];           /* "missing-header-field" */
    char text[240];
};

struct findings {
    const struct message *message;
    struct finding *list;
    size_t count, capacity;
};

/* Adds a finding, to be filled by the caller: id, reference and text are empty. */
struct finding *findings_add(struct findings *findings, enum severity severity, uint32_t offset);

/* Adds an error of the library. */
void findings_add_error(struct findings *findings, const sipwire_error *err);

/* Whether one of the first n findings, which are sorted, is about the octets from first to last. */
bool findings_within(const struct findings *findings, size_t n, uint32_t first, uint32_t last);

/* Sorts them by offset. */
void findings_sort(struct findings *findings);

void findings_print(const struct findings *findings, FILE *to);

/* The passes: each adds what it finds. */
void check_structure(struct findings *findings); /* framing, start line, lines */
void check_values(struct findings *findings);    /* Request-URI, header fields' values, repeated fields */
/* Parameters that occur twice: of a URI or value, where at says it stands, NULL for the Request-URI; of all members of
 * a value. */
void check_params(struct findings *findings, const sipwire_params *params, const sipwire_origin *at);
void check_value_params(struct findings *findings, const sipwire_value *value);
void check_weekday(struct findings *findings, const sipwire_value *value); /* of a Date: the day that it is */

void check_rules(struct findings *findings);     /* what the RFCs ask for in prose */
void check_abilities(struct findings *findings); /* what not every server can do */
void check_response(struct findings *findings);  /* last, when they are sorted: what a server answers */

#endif
