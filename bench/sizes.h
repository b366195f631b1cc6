/* Messages that differ in how many of one thing they hold, to see how cost grows. */
#ifndef BENCH_SIZES_H
#define BENCH_SIZES_H

#include "mix.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct sized_message {
    /* "fields"; "octets", "parameters" or "bare-uris" of one value; fields with "folds", "bare-addresses" */
    const char *things;
    size_t units; /* how many */
    mix_message message;
} sized_message;

/* Those of one thing stand together, the fewest first. Lives until the program ends; says so and exits with status 2
 * when there is no memory. */
const sized_message *sizes_all(size_t *count);

#ifdef __cplusplus
}
#endif

#endif
