/* The SIMD level, and how a function compiled once per level is called.
 * SPDX-License-Identifier: MIT */
#ifndef SIPWIRE_SRC_LEVEL_H
#define SIPWIRE_SRC_LEVEL_H

#include <sipwire/level.h>
#include <stdatomic.h>

/* Which levels this build has. meson may define SIPWIRE_NO_SIMD. */
#if !defined(SIPWIRE_NO_SIMD) && defined(__GNUC__) && (defined(__x86_64__) || defined(__i386__))
#define SIPWIRE_HAS_X86 1
#elif !defined(SIPWIRE_NO_SIMD) && defined(__GNUC__) && defined(__aarch64__) && !defined(__ARM_BIG_ENDIAN)
#define SIPWIRE_HAS_NEON 1
#endif

#define SIPWIRE_LEVEL_UNDETECTED (-1)

extern atomic_int sipwire_level_state;

int sipwire_level_detect(void);

static inline int level_now(void)
{
    int level = atomic_load_explicit(&sipwire_level_state, memory_order_relaxed);
    return level == SIPWIRE_LEVEL_UNDETECTED ? sipwire_level_detect() : level;
}

/* LEVEL_SELECT(name) is the function sipwire_name_<level> of the level in use; LEVEL_DECLARE(type, name, (parameters))
 * declares all of them. */
#if defined(SIPWIRE_HAS_X86)
#define LEVEL_DECLARE(type, name, parameters)                                                                          \
    type sipwire_##name##_scalar parameters;                                                                           \
    type sipwire_##name##_ssse3 parameters;                                                                            \
    type sipwire_##name##_avx2 parameters
#define LEVEL_SELECT(name)                                                                                             \
    (level_now() == SIPWIRE_LEVEL_AVX2    ? sipwire_##name##_avx2                                                      \
     : level_now() == SIPWIRE_LEVEL_SSSE3 ? sipwire_##name##_ssse3                                                     \
                                          : sipwire_##name##_scalar)
#elif defined(SIPWIRE_HAS_NEON)
#define LEVEL_DECLARE(type, name, parameters)                                                                          \
    type sipwire_##name##_scalar parameters;                                                                           \
    type sipwire_##name##_neon parameters
#define LEVEL_SELECT(name) (level_now() == SIPWIRE_LEVEL_NEON ? sipwire_##name##_neon : sipwire_##name##_scalar)
#else
#define LEVEL_DECLARE(type, name, parameters) type sipwire_##name##_scalar parameters
#define LEVEL_SELECT(name) (sipwire_##name##_scalar)
#endif

#endif
