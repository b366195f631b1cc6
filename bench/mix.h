/* The messages to measure: the shipped mix, or files of the user's. */
#ifndef BENCH_MIX_H
#define BENCH_MIX_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One message. All messages stand one after the other in one buffer, as they would on a stream. */
typedef struct mix_message {
    const char *data;
    size_t len;
    size_t head;      /* octets up to and with the empty line */
    size_t rest;      /* octets from data to the end of the buffer: what a reader of the stream has before it */
    size_t number;    /* its place among the messages */
    const char *kind; /* "invite-ims"; a file's path */
} mix_message;

typedef struct mix {
    const mix_message *messages;
    size_t count;
} mix;

/* The shipped mix (bench/mix.py). Static; not thread-safe at the first call. */
mix mix_shipped(void);

/* One message per file; the shipped mix when count is 0. Lives until the program ends. Says so and exits with status 2
 * when a file cannot be read or is empty. */
mix mix_load(size_t count, char *const *paths);

#ifdef __cplusplus
}
#endif

#endif
