/* What a piece of work makes of a message when it first meets it, and keeps. */
#ifndef BENCH_KEPT_H
#define BENCH_KEPT_H

#include "mix.h"

/* One thing for each message, by its number. Starts as zeros; grows as messages come. */
typedef struct kept {
    void **things;
    size_t count;
} kept;

/* Where the thing for a message is kept: NULL stands there at first. */
void **kept_for(kept *all, const mix_message *message);

/* The block, which malloc or one of its kind gave; without one it says so and exits with status 2. */
void *kept_block(void *block);

#endif
