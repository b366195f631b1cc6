/* What the tests of framer, index, names and runs need: blocks between guard pages, random numbers, every level.
 * SPDX-License-Identifier: MIT */
#ifndef SIPWIRE_TESTS_WIRE_SUPPORT_H
#define SIPWIRE_TESTS_WIRE_SUPPORT_H

#ifndef _DEFAULT_SOURCE
#define _DEFAULT_SOURCE
#endif
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include <sipwire/level.h>

/* Memory between two pages that must not be touched. */
typedef struct guarded {
    char *base;
    size_t room;
    size_t page;
} guarded;

static inline guarded guarded_new(size_t room)
{
    guarded g = {.page = (size_t)sysconf(_SC_PAGESIZE)};
    g.room = (room + g.page - 1) / g.page * g.page;
    g.base = mmap(NULL, g.room + 2 * g.page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(g.base != MAP_FAILED);
    assert_int_equal(mprotect(g.base + g.page, g.room, PROT_READ | PROT_WRITE), 0);
    return g;
}

static inline void guarded_free(guarded *g)
{
    munmap(g->base, g->room + 2 * g->page);
}

/* A copy that ends where the last guard page begins. */
static inline char *guarded_at_end(guarded *g, const void *data, size_t len)
{
    assert_true(len <= g->room);
    char *p = g->base + g->page + g->room - len;
    if (len != 0)
        memcpy(p, data, len);
    return p;
}

/* A copy that begins where the first guard page ends. */
static inline char *guarded_at_start(guarded *g, const void *data, size_t len)
{
    assert_true(len <= g->room);
    char *p = g->base + g->page;
    if (len != 0)
        memcpy(p, data, len);
    return p;
}

/* xorshift64: the same numbers on every machine. */
static inline uint64_t random_next(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static inline size_t random_below(uint64_t *state, size_t n)
{
    return (size_t)(random_next(state) % n);
}

#define FOR_EACH_LEVEL(level)                                                                                          \
    for (int level = SIPWIRE_LEVEL_SCALAR; level <= SIPWIRE_LEVEL_NEON; level++)                                       \
        if (sipwire_level_force((sipwire_level)level))

/* Changes a text of at most room octets into another, nearly right one. Returns its length. */
static inline size_t mutate(char *text, size_t len, size_t room, uint64_t *state)
{
    static const char odd[] = "\r\n\r\n\t \t ::::\0\x01\x7f\x80\xff,;[{0129azAZ-_~`@";
    for (size_t changes = 1 + random_below(state, 3); changes-- > 0;) {
        size_t at = len != 0 ? random_below(state, len) : 0, some = 1 + random_below(state, 20);
        char octet = odd[random_below(state, sizeof odd - 1)];
        switch (random_below(state, 6)) {
        case 0:
        case 1:
            if (len != 0)
                text[at] = octet;
            break;
        case 2:
            if (len < room) {
                memmove(text + at + 1, text + at, len++ - at);
                text[at] = octet;
            }
            break;
        case 3:
            if (some > len - at)
                some = len - at;
            memmove(text + at, text + at + some, len - at - some);
            len -= some;
            break;
        case 4:
            if (some <= len - at && len + some <= room) {
                memmove(text + at + some, text + at, len - at);
                len += some;
            }
            break;
        default:
            if (random_below(state, 4) == 0)
                len = at;
        }
    }
    return len;
}

#endif
