/* Finds out what the processor can do.
 * SPDX-License-Identifier: MIT */
#include "level.h"

#include "run_cpu.h"

atomic_int sipwire_level_state = SIPWIRE_LEVEL_UNDETECTED;

/* Two threads may come here together: both store the same number. */
static int best_level(void)
{
    /* A virtual machine answers CPUID in the time of many messages: fuzzers and tests change levels for each. */
    static atomic_int best = SIPWIRE_LEVEL_UNDETECTED;
    int level = atomic_load_explicit(&best, memory_order_relaxed);
    if (level == SIPWIRE_LEVEL_UNDETECTED) {
        level = run_cpu_level();
        atomic_store_explicit(&best, level, memory_order_relaxed);
    }
    return level;
}

int sipwire_level_detect(void)
{
    int level = best_level();
    atomic_store_explicit(&sipwire_level_state, level, memory_order_relaxed);
    return level;
}

sipwire_level sipwire_level_get(void)
{
    return (sipwire_level)level_now();
}

bool sipwire_level_available(sipwire_level level)
{
    int best = best_level();
    if (level == SIPWIRE_LEVEL_SCALAR)
        return true;
    if (best == SIPWIRE_LEVEL_NEON)
        return level == SIPWIRE_LEVEL_NEON;
    return level > SIPWIRE_LEVEL_SCALAR && (int)level <= best;
}

bool sipwire_level_force(sipwire_level level)
{
    if (!sipwire_level_available(level))
        return false;
    atomic_store_explicit(&sipwire_level_state, (int)level, memory_order_relaxed);
    return true;
}

const char *sipwire_level_name(sipwire_level level)
{
    static const char *const names[] = {"scalar", "ssse3", "avx2", "neon"};
    unsigned number = (unsigned)level;
    return number < sizeof names / sizeof names[0] ? names[number] : "";
}
