/* The seam for vector instructions: everything else is plain C. A file that includes this one is compiled once per
 * level, with SIPWIRE_LEVEL defined as a number of sipwire_level and the flags of src/meson.build. No function here
 * loads an octet outside of the ranges that its comment names.
 * SPDX-License-Identifier: MIT */
#ifndef SIPWIRE_RUN_H
#define SIPWIRE_RUN_H

#include "class.h"
#include "hints.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifndef SIPWIRE_LEVEL
#error "SIPWIRE_LEVEL must be defined: the file is compiled once per level"
#endif

/* SIPWIRE_LEVELED(name) is sipwire_name_scalar, sipwire_name_ssse3, sipwire_name_avx2 or sipwire_name_neon. */
#if SIPWIRE_LEVEL == 0
#define SIPWIRE_LEVELED(name) sipwire_##name##_scalar
#elif SIPWIRE_LEVEL == 1
#define SIPWIRE_LEVELED(name) sipwire_##name##_ssse3
#elif SIPWIRE_LEVEL == 2
#define SIPWIRE_LEVELED(name) sipwire_##name##_avx2
#elif SIPWIRE_LEVEL == 3
#define SIPWIRE_LEVELED(name) sipwire_##name##_neon
#endif

static inline bool run_has(const run_class *c, uint8_t octet)
{
    return c->bits[octet >> 6] >> (octet & 63) & 1;
}

static inline const uint8_t *run_skip_octets(const uint8_t *p, const uint8_t *end, const run_class *c)
{
    while (p < end && run_has(c, *p))
        p++;
    return p;
}

#if SIPWIRE_LEVEL == 0

static inline const uint8_t *run_skip(const uint8_t *p, const uint8_t *end, const run_class *c)
{
    return run_skip_octets(p, end, c);
}

/* The plain machines are what the others are tested against: they take every octet by themselves. */
#define RUN_SKIP(p, end, c) (p)

#else

/* Has a value kept in a register: compilers like to make a constant anew in each round of a loop. */
#define RUN_KEEP(x) __asm__("" : "+r"(x))

/* For a skip action that runs on entering a state, with p at the octet just taken, which is in the run: leaves p at the
 * run's last octet. */
#define RUN_SKIP(p, end, c) (run_skip((p) + 1, (end), (c)) - 1)

/* Position of the lowest bit set; x is not 0. */
static inline unsigned run_lowest(uint64_t x)
{
    return (unsigned)__builtin_ctzll(x);
}

/* That of the highest one. */
static inline unsigned run_highest(uint64_t x)
{
    return 63 - (unsigned)__builtin_clzll(x);
}

#if SIPWIRE_LEVEL == 3
#include "run_neon.h"
#else
#include "run_x86.h"
#endif

/* The first octet of [p, end) that is outside the class, or end. Runs of 2 to 12 octets are the rule: the first load
 * decides them. No octet outside [p, end) is loaded. */
static inline const uint8_t *run_skip(const uint8_t *p, const uint8_t *end, const run_class *c)
{
    size_t n = (size_t)(end - p);
    if (n >= 16) {
        do {
            uint64_t outside = run_outside16(p, c);
            if (outside != 0)
                return p + (run_lowest(outside) >> RUN_MASK_SHIFT);
            p += 16;
        } while (end - p >= 16);
        if (p == end)
            return end;
        /* The 16 octets before end: those before p are known to be in the class. */
        uint64_t outside = run_outside16(end - 16, c);
        return outside != 0 ? end - 16 + (run_lowest(outside) >> RUN_MASK_SHIFT) : end;
    }
    if (n >= 8) {
        uint64_t outside = run_outside8and8(p, end - 8, c);
        if (outside == 0)
            return end;
        unsigned at = run_lowest(outside) >> RUN_MASK_SHIFT;
        return at < 8 ? p + at : end - 16 + at;
    }
    return run_skip_octets(p, end, c);
}

#endif

#endif
