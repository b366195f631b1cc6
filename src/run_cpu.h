/* The best SIMD level of this processor and operating system, by CPUID: __builtin_cpu_supports would do, but needs an
 * initialiser in some builds.
 * SPDX-License-Identifier: MIT */
#ifndef SIPWIRE_RUN_CPU_H
#define SIPWIRE_RUN_CPU_H

#include "level.h"

#if defined(SIPWIRE_HAS_X86)
#include <cpuid.h>

/* AVX registers are usable only when the operating system saves them (XCR0 bits 1 and 2). */
static inline bool run_cpu_saves_avx(unsigned ecx1)
{
    const unsigned osxsave = 1u << 27, avx = 1u << 28;
    if ((ecx1 & (osxsave | avx)) != (osxsave | avx))
        return false;
    unsigned low, high;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return (low & 6) == 6;
}

static inline int run_cpu_level(void)
{
    const unsigned ssse3 = 1u << 9, popcnt = 1u << 23, bmi1 = 1u << 3, avx2 = 1u << 5, bmi2 = 1u << 8, lzcnt = 1u << 5;
    unsigned a, b, c, d, ecx1, ebx7, ecx80000001;
    if (!__get_cpuid(1, &a, &b, &ecx1, &d) || !(ecx1 & ssse3) || !(ecx1 & popcnt))
        return SIPWIRE_LEVEL_SCALAR;
    if (!run_cpu_saves_avx(ecx1) || !__get_cpuid_count(7, 0, &a, &ebx7, &c, &d))
        return SIPWIRE_LEVEL_SSSE3;
    if (!__get_cpuid(0x80000001u, &a, &b, &ecx80000001, &d) || !(ecx80000001 & lzcnt))
        return SIPWIRE_LEVEL_SSSE3;
    const unsigned needed = bmi1 | avx2 | bmi2;
    return (ebx7 & needed) == needed ? SIPWIRE_LEVEL_AVX2 : SIPWIRE_LEVEL_SSSE3;
}

#elif defined(SIPWIRE_HAS_NEON)

static inline int run_cpu_level(void)
{
    return SIPWIRE_LEVEL_NEON;
}

#else

static inline int run_cpu_level(void)
{
    return SIPWIRE_LEVEL_SCALAR;
}

#endif

#endif
