/* What the compiler is told of how the library is used.
 * SPDX-License-Identifier: MIT */
#ifndef SIPWIRE_HINTS_H
#define SIPWIRE_HINTS_H

#if defined(__GNUC__)
#define RUN_LIKELY(x) __builtin_expect(!!(x), 1)
#define RUN_UNLIKELY(x) __builtin_expect(!!(x), 0)
#define RUN_INLINE static inline __attribute__((always_inline))
#define RUN_COLD static __attribute__((noinline))
/* The same for what other files call too. */
#define RUN_FAR __attribute__((noinline))
#else
#define RUN_LIKELY(x) (x)
#define RUN_UNLIKELY(x) (x)
#define RUN_INLINE static inline
#define RUN_COLD static
#define RUN_FAR
#endif

#endif
