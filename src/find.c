/* Finding header fields in an index.
 * SPDX-License-Identifier: MIT */
#include <sipwire/message.h>

#include "octets.h"

static const sipwire_row *find_from(const sipwire_msg *msg, uint32_t i, uint16_t id)
{
    for (; i < msg->count; i++)
        if (msg->rows[i].id == id)
            return &msg->rows[i];
    return NULL;
}

static uint32_t after_row(const sipwire_msg *msg, const sipwire_row *row)
{
    return row ? (uint32_t)(row - msg->rows) + 1 : 0;
}

const sipwire_row *sipwire_find(const sipwire_msg *msg, uint16_t id)
{
    if (id < 256 && !(msg->present[id >> 6] >> (id & 63) & 1))
        return NULL;
    return find_from(msg, 0, id);
}

const sipwire_row *sipwire_find_next(const sipwire_msg *msg, const sipwire_row *row)
{
    return find_from(msg, after_row(msg, row), row->id);
}

const sipwire_row *sipwire_find_name(const sipwire_msg *msg, const char *buf, sipwire_str name,
                                     const sipwire_row *after)
{
    uint16_t id = sipwire_header_lookup(name);
    uint32_t i = after_row(msg, after);
    if (id != SIPWIRE_HEADER_UNKNOWN)
        return find_from(msg, i, id);
    for (; i < msg->count; i++)
        if (msg->rows[i].id == SIPWIRE_HEADER_UNKNOWN && sipwire_same_name(sipwire_row_name(&msg->rows[i], buf), name))
            return &msg->rows[i];
    return NULL;
}
