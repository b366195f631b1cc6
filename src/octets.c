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

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

bool sipwire_same_name(sipwire_str a, sipwire_str b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (lower(a.ptr[i]) != lower(b.ptr[i]))
            return false;
    return true;
}
