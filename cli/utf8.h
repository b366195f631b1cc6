/* UTF-8 (RFC 3629).
 * SPDX-License-Identifier: MIT */
#ifndef CLI_UTF8_H
#define CLI_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* The code point at p, which is before end; *octets: how many it has. UINT32_MAX when it is none: *octets is then the
 * length of the part that begins some valid sequence, at least 1, which is what one U+FFFD stands for. */
uint32_t utf8_next(const char *p, const char *end, size_t *octets);

#endif
