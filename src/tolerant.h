/* Reading once more, with tolerances, what the strict reading has refused.
 * SPDX-License-Identifier: MIT */
#ifndef SIPWIRE_TOLERANT_H
#define SIPWIRE_TOLERANT_H

#include "machine.h"
#include "sipwire/tolerance.h"

/* What may be used, and what was. */
struct tolerance {
    uint64_t accept;
    const uint8_t *base; /* what offsets count from */
    sipwire_deviation *out;
    size_t room;     /* of out */
    size_t count;    /* used so far; the first ones stand in out, by offset */
    size_t before;   /* noted before the element being read */
    uint64_t used;   /* by that element: each is noted once, where it is used first */
    uint64_t latest; /* the one used last */
    uint32_t row;
    /* Why an element was refused, if not for its syntax alone: a limit, a range, a parameter that occurs twice. */
    sipwire_status status;
    uint16_t rule;
    const uint8_t *at;
};

/* Uses the tolerance bit at p; false, with nothing noted, when it is not accepted. */
bool tolerance_use(struct tolerance *t, uint64_t bit, const uint8_t *p);

/* The same from within a machine; false after E_SYNTAX. */
bool machine_tolerate(struct machine *m, uint64_t bit, const uint8_t *p);

/* By header id; those that have no machine are not typed. */
extern const struct row_type sipwire_tolerant_rows[];
extern const struct machine_set sipwire_machine_set_tolerant;
extern const struct param_scope *const sipwire_tolerant_uri_scope;

struct reading;

/* Reads the element at r->at, which the strict reading has refused. END: there are only empty elements up to the end.
 * Anything but OK and END: it is refused, r is as before, t too but for its last members, which say why unless it is
 * E_SYNTAX; out holds nothing. */
sipwire_status tolerant_element(struct reading *r, struct tolerance *t, void *out);

/* The same for the Request-URI or another whole text that is a URI. */
sipwire_status tolerant_uri(struct machine *m, struct tolerance *t, sipwire_uri *out);

#endif
