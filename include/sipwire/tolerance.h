/* sipwire: what is tolerated by name, and what of it a message needed (docs/tolerance.md).
 *
 *     sipwire_options options = SIPWIRE_OPTIONS_INIT;
 *     options.accept = SIPWIRE_ACCEPT_DEPLOYED;
 *
 * A tolerance is tried only where the strict reading refuses: with any bits set, what is read from a message that is
 * right is the same, and as fast.
 * SPDX-License-Identifier: MIT */
#ifndef SIPWIRE_TOLERANCE_H
#define SIPWIRE_TOLERANCE_H

#include "message.h"
#include <sipwire/accept.h> /* generated: SIPWIRE_ACCEPT_... */

#ifdef __cplusplus
extern "C" {
#endif

/* One row of the table of tolerances. Texts are static, NUL-terminated and never NULL. */
typedef struct sipwire_tolerance {
    uint64_t accept;    /* SIPWIRE_ACCEPT_<name>: one bit */
    const char *name;   /* "HOST_UNDERSCORE" */
    const char *what;   /* what is taken: a phrase */
    const char *hazard; /* what it may lead readers to differ on: sentences */
    const char *broken; /* "RFC 3261 section 25.1" */
    bool deployed;      /* it is part of SIPWIRE_ACCEPT_DEPLOYED */
} sipwire_tolerance;

/* All tolerances of the library linked, in the order of their bits. count: how many; must not be NULL. Static. */
SIPWIRE_API const sipwire_tolerance *sipwire_tolerances(size_t *count);

/* One use of a tolerance. */
typedef struct sipwire_deviation {
    uint64_t accept; /* SIPWIRE_ACCEPT_<name>: one bit */
    uint32_t
        offset;   /* from the start of the buffer, in octets: the first octet that uses it, or the end of what should go
                        on. Mostly where the strict reading refuses (docs/tolerance.md) */
    uint32_t row; /* index of the row; UINT32_MAX for the start line and the lines of the head as such */
} sipwire_deviation;

/* Which tolerances a part of a message needed: what was read of it although the strict reading refuses it.
 * msg, buf: as sipwire_parse was given them, with the same options.
 * row: a row of msg: its values; NULL: the start line, the Request-URI and the line ends of the head.
 * out: room for n of them, in the order of their offsets; may be NULL when n is 0.
 * Returns how many there are, which may be more than n: then the first n stand in out. Values that cannot be read, even
 * so, add nothing. Reads the part once more: linear in its octets; nothing is kept in msg, which several threads may
 * share. */
SIPWIRE_API size_t sipwire_deviations(const sipwire_msg *msg, const char *buf, const sipwire_row *row,
                                      sipwire_deviation *out, size_t n);

#ifdef __cplusplus
}
#endif

#endif
