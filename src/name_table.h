/* Looking a name up in a generated table: a hash of its length, first 4 and last 3 octets, then a compare of all of it.
 * SPDX-License-Identifier: MIT */
#ifndef SIPWIRE_NAME_TABLE_H
#define SIPWIRE_NAME_TABLE_H

#include "linker_names.h"

#include <stdint.h>
#include <string.h>

/* One spelling of a name. A letter is compared with its bit 0x20 set on both sides, any other octet as it is: octet x
 * matches position i iff (x | letters[i]) == lower[i]. Setting 0x20 everywhere would make '[' equal '{', CR equal
 * '-'. */
typedef struct sipwire_spelling {
    uint8_t lower[SIPWIRE_NAME_WIDTH];
    uint8_t letters[SIPWIRE_NAME_WIDTH];
    uint16_t length;
    uint16_t id;
    uint16_t flags; /* SIPWIRE_ROW_COMPACT: a compact form */
    uint16_t next;  /* spelling with the same length and hash key; 0 when none */
} sipwire_spelling;

/* Spelling 0 has length 0 and id 0: what an unused slot refers to. */
typedef struct sipwire_name_table {
    const uint16_t *slots;
    const sipwire_spelling *spellings;
    uint64_t multiplier;
    unsigned shift;
} sipwire_name_table;

static inline uint32_t name_load32(const uint8_t *p)
{
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    uint32_t x;
    memcpy(&x, p, sizeof x);
    return x;
#else
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
#endif
}

/* first: the first 4 octets of the name as a little-endian number, 00 behind a shorter one; last: the last 3 octets of
 * CR LF name, times 256. So a name in a message is hashed without a look at its length: CR LF is what stands before
 * it. */
static inline uint32_t name_hash(uint32_t first, uint32_t last, size_t len, uint64_t multiplier, unsigned shift)
{
    uint64_t key = ((uint64_t)last << 32 | first) | UINT64_C(0x2020202020202020);
    return (uint32_t)(((key ^ len) * multiplier) >> shift);
}

static inline uint32_t name_hash_exact(const uint8_t *p, size_t len, uint64_t multiplier, unsigned shift)
{
    if (len >= 4)
        return name_hash(name_load32(p), name_load32(p + len - 4) & 0xFFFFFF00, len, multiplier, shift);
    uint8_t text[8] = {0, '\r', '\n', p[0]};
    for (size_t i = 1; i < len; i++)
        text[3 + i] = p[i];
    return name_hash(name_load32(text + 3), name_load32(text + len - 1) & 0xFFFFFF00, len, multiplier, shift);
}

static inline bool name_equal8(const uint8_t *p, const uint8_t *lower, const uint8_t *letters)
{
    uint64_t x, want, mask;
    memcpy(&x, p, sizeof x);
    memcpy(&want, lower, sizeof want);
    memcpy(&mask, letters, sizeof mask);
    return (x | mask) == want;
}

/* Whether the octets at p are this spelling, whose length is len. */
static inline bool name_equal(const sipwire_spelling *spelling, const uint8_t *p, size_t len)
{
    size_t i = 0;
    for (; i + 8 <= len; i += 8)
        if (!name_equal8(p + i, spelling->lower + i, spelling->letters + i))
            return false;
    if (i != 0 && i < len)
        return name_equal8(p + len - 8, spelling->lower + len - 8, spelling->letters + len - 8);
    for (; i < len; i++)
        if ((p[i] | spelling->letters[i]) != spelling->lower[i])
            return false;
    return true;
}

/* The spelling of these octets, or spelling 0. */
static inline const sipwire_spelling *name_find(const sipwire_name_table *table, const uint8_t *p, size_t len)
{
    if (len == 0 || len > SIPWIRE_NAME_WIDTH)
        return table->spellings;
    uint32_t i = table->slots[name_hash_exact(p, len, table->multiplier, table->shift)];
    while (i != 0 && (table->spellings[i].length != len || !name_equal(&table->spellings[i], p, len)))
        i = table->spellings[i].next;
    return &table->spellings[i];
}

#endif
