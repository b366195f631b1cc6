/* sipwire: which vector instructions the library uses. Only tests, fuzzers and benchmarks need this: the best level
 * that the processor has is found at the first call that wants it.
 * SPDX-License-Identifier: MIT */
#ifndef SIPWIRE_LEVEL_H
#define SIPWIRE_LEVEL_H

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The results of every function are the same at every level. */
typedef enum sipwire_level {
    SIPWIRE_LEVEL_SCALAR = 0, /* plain C */
    SIPWIRE_LEVEL_SSSE3 = 1,  /* x86: SSSE3 and POPCNT */
    SIPWIRE_LEVEL_AVX2 = 2,   /* x86: AVX2, BMI1, BMI2, LZCNT and POPCNT */
    SIPWIRE_LEVEL_NEON = 3    /* 64-bit Arm */
} sipwire_level;

/* The level in use. */
SIPWIRE_API sipwire_level sipwire_level_get(void);

/* Uses this level from now on, in all threads. false, and no change, when the processor or the library lacks it. */
SIPWIRE_API bool sipwire_level_force(sipwire_level level);

/* Whether the processor and the library have this level. */
SIPWIRE_API bool sipwire_level_available(sipwire_level level);

/* "scalar", "ssse3", "avx2", "neon". Static; "" for any other number. */
SIPWIRE_API const char *sipwire_level_name(sipwire_level level);

#ifdef __cplusplus
}
#endif

#endif
