/* One reading of one element of a header field, strict or tolerant.
 * SPDX-License-Identifier: MIT */
#ifndef SIPWIRE_READING_H
#define SIPWIRE_READING_H

#include "machine.h"
#include "octets.h"
#include "shape_info.h"
#include "straight.h"
#include "tolerant.h"

/* One reading of one element. Offsets in errors and origins are from base. */
struct reading {
    const struct row_type *row;
    const uint8_t *base;
    const uint8_t *at; /* in: where the element begins, blanks before it included; out: behind its comma, or the end */
    const uint8_t *end;
    const uint8_t *readable; /* the end of the octets that may be loaded */
    const sipwire_options *options;
    uint32_t row_index;
    uint16_t header;
    bool first;                  /* the first element of the row */
    bool comma;                  /* out: a further element must follow */
    struct tolerance *tolerance; /* where deviations are noted; NULL: nowhere */
    size_t deviations;           /* noted there before this element */
};

/* How the values of a field are read; of an unknown one not at all. */
static inline const struct row_type *reading_row(uint16_t header)
{
    return &machine_rows[header <= SIPWIRE_HIGHEST_HEADER ? header : SIPWIRE_HEADER_UNKNOWN];
}

/* The first element of a row. */
struct reading reading_of(const sipwire_msg *msg, const char *buf, const sipwire_row *row, const struct row_type *type);

/* Reads the element by its machine; END when it is tolerated that there is none. */
sipwire_status reading_by_machine(struct reading *r, void *out, sipwire_error *err);

/* Returns the status, noted in *err without a place. */
sipwire_status reading_status(sipwire_error *err, sipwire_status status, uint16_t header);

/* A buffer without octets may be NULL. */
static inline const char *reading_buffer(const char *buf)
{
    return buf ? buf : "";
}

/* The end of the octets of a message that may be loaded. */
static inline const uint8_t *reading_readable(const sipwire_msg *msg, const char *buf)
{
    return (const uint8_t *)buf + msg->body.off + msg->body.len;
}

static inline const uint8_t *trim(const uint8_t *start, const uint8_t *end)
{
    while (end > start && octet_is_lws(end[-1]))
        end--;
    return end;
}

static inline struct machine machine_for(const struct reading *r)
{
    struct machine m = {0};
    m.at = r->at;
    m.end = r->end;
    m.set = machine_set_current();
    m.scope = r->row->scope;
    m.states = r->row->states;
    m.low = r->row->low;
    m.high = r->row->high;
    m.max_uri = r->options->max_uri;
    m.max_params = r->options->max_params;
    m.rule = r->row->rule;
    return m;
}

static inline void place_value(void *out, uint32_t row_index, uint16_t header, uint32_t offset, uint32_t length)
{
    sipwire_origin *origin = out;
    origin->row = row_index;
    origin->offset = offset;
    origin->length = length;
    origin->header = header;
}

/* The machine may have taken a "*" for a display name until the value ended. */
static inline bool take_star(const struct reading *r, sipwire_address *out)
{
    if (r->row->shape != SIPWIRE_SHAPE_ADDRESS || !out->star)
        return false;
    out->display_name = (sipwire_text){0};
    return true;
}

#endif
