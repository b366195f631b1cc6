/* Checking text with the automaton of its rule, and noting what was refused.
 * SPDX-License-Identifier: MIT */
#include "machine.h"

#define SIPWIRE_LEVEL 0 /* nothing here depends on the level */
#include "write_tables.h"

uint64_t put_refuse(struct out *o, sipwire_status status, size_t offset, uint16_t rule)
{
    if (o->error->status == SIPWIRE_OK) {
        o->error->status = status;
        o->error->offset = (uint32_t)offset;
        o->error->rule = rule;
    }
    return 0;
}

uint32_t write_dfa_run(const struct write_dfa *dfa, uint32_t state, const char *text, size_t len, size_t *at)
{
    for (size_t i = 0; i < len; i++) {
        state = dfa->next[state + dfa->kinds[(uint8_t)text[i]]];
        if (!state) {
            *at = i;
            return 0;
        }
    }
    return state;
}
