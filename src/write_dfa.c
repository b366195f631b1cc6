/* Checking text with the automaton of its rule, and noting what was refused.
 * SPDX-License-Identifier: MIT */
#include "machine.h"

#define SIPWIRE_LEVEL 0 /* nothing here depends on the level */
#include "write_tables.h"

uint64_t put_refuse(sipwire_writer *w, sipwire_status status, size_t offset, uint16_t rule)
{
    w->usual = -1;
    if (w->error.status == SIPWIRE_OK) {
        w->error.status = status;
        w->error.offset = (uint32_t)offset;
        w->error.rule = rule;
    }
    return 0;
}
