/* Finding header fields in an index.
 * SPDX-License-Identifier: MIT */
#include <sipwire/message.h>

#include "octets.h"

/* The first row from one on, or from the end on, with this id; or NULL. */
static const sipwire_row *find_from(const sipwire_msg *msg, const sipwire_row *row, uint16_t id)
{
    const sipwire_row *end = msg->rows + msg->count;
    for (; end - row >= 4; row += 4) {
        if (row[0].id == id)
            return &row[0];
        if (row[1].id == id)
            return &row[1];
        if (row[2].id == id)
            return &row[2];
        if (row[3].id == id)
            return &row[3];
    }
    for (; row != end; row++) {
        if (row->id == id)
            return row;
    }
    return NULL;
}

const sipwire_row *sipwire_find(const sipwire_msg *msg, uint16_t id)
{
    if (id < 256 && !(msg->present[id >> 6] >> (id & 63) & 1))
        return NULL;
    return find_from(msg, msg->rows, id);
}

const sipwire_row *sipwire_find_next(const sipwire_msg *msg, const sipwire_row *row)
{
    return find_from(msg, row + 1, row->id);
}

const sipwire_row *sipwire_find_name(const sipwire_msg *msg, const char *buf, sipwire_str name,
                                     const sipwire_row *after)
{
    uint16_t id = sipwire_header_lookup(name);
    const sipwire_row *row = find_from(msg, after ? after + 1 : msg->rows, id);
    while (row && id == SIPWIRE_HEADER_UNKNOWN && !sipwire_same_name(sipwire_row_name(row, buf), name))
        row = find_from(msg, row + 1, id);
    return row;
}
