/* Sets of octets, in the form that the vector instructions want.
 * SPDX-License-Identifier: MIT */
#ifndef SIPWIRE_CLASS_H
#define SIPWIRE_CLASS_H

#include <stdint.h>

/* A set of octets. Octet b is in it iff lo[b & 15] & hi[b >> 4], and iff bit b % 64 of bits[b / 64] is set. */
typedef struct run_class {
    uint8_t lo[16];
    uint8_t hi[16];
    uint64_t bits[4];
} run_class;

/* 0F, 32 times. */
extern const uint8_t sipwire_low_nibble[32];

#endif
