/* The kinds of octets.
 * SPDX-License-Identifier: MIT */
#include "octets.h"

#define T OCTET_TOKEN
#define B OCTET_BLANK
#define C OCTET_CONTROL
#define N OCTET_NONASCII

/* clang-format off */
const uint8_t sipwire_octet_kinds[256] = {
    C, C, C, C, C, C, C, C, C, B, 0, C, C, 0, C, C,
    C, C, C, C, C, C, C, C, C, C, C, C, C, C, C, C,
    B, T, 0, 0, 0, T, 0, T, 0, 0, T, T, 0, T, T, 0,
    T, T, T, T, T, T, T, T, T, T, 0, 0, 0, 0, 0, 0,
    0, T, T, T, T, T, T, T, T, T, T, T, T, T, T, T,
    T, T, T, T, T, T, T, T, T, T, T, 0, 0, 0, 0, T,
    T, T, T, T, T, T, T, T, T, T, T, T, T, T, T, T,
    T, T, T, T, T, T, T, T, T, T, T, 0, 0, 0, T, C,
    N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N,
    N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N,
    N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N,
    N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N,
    N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N,
    N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N,
    N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N,
    N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N,
};
