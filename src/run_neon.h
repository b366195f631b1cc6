/* Vector primitives for 64-bit Arm; included by run.h only.
 * SPDX-License-Identifier: MIT */
#ifndef SIPWIRE_RUN_NEON_H
#define SIPWIRE_RUN_NEON_H

#include <arm_neon.h>

/* A mask of run_outside has four bits per octet: narrowing by a shift is the cheapest way out of a vector register. */
#define RUN_MASK_SHIFT 2

static inline uint64_t run_outside(uint8x16_t x, const run_class *c)
{
    uint8x16_t lo = vqtbl1q_u8(vld1q_u8(c->lo), vandq_u8(x, vdupq_n_u8(15)));
    uint8x16_t hi = vqtbl1q_u8(vld1q_u8(c->hi), vshrq_n_u8(x, 4));
    uint8x16_t outside = vceqzq_u8(vandq_u8(lo, hi));
    return vget_lane_u64(vreinterpret_u64_u8(vshrn_n_u16(vreinterpretq_u16_u8(outside), 4)), 0);
}

/* Which of p[0 .. 16) are outside the class. */
static inline uint64_t run_outside16(const uint8_t *p, const run_class *c)
{
    return run_outside(vld1q_u8(p), c);
}

/* The same for p[0 .. 8) followed by q[0 .. 8). */
static inline uint64_t run_outside8and8(const uint8_t *p, const uint8_t *q, const run_class *c)
{
    return run_outside(vcombine_u8(vld1_u8(p), vld1_u8(q)), c);
}

/* The same for p[0 .. 16) and q[0 .. 16), as far as it is 0 or not. */
static inline uint64_t run_outside16and16(const uint8_t *p, const uint8_t *q, const run_class *c)
{
    return run_outside16(p, c) | run_outside16(q, c);
}

/* Clears size octets, at least 32 of them; for sizes that the compiler knows. */
static inline __attribute__((always_inline)) void run_clear(void *into, size_t size)
{
    uint8_t *p = into;
    for (size_t i = 0; i + 16 <= size; i += 16)
        vst1q_u8(p + i, vdupq_n_u8(0));
    vst1q_u8(p + size - 16, vdupq_n_u8(0));
}

static inline unsigned run_count(uint64_t x)
{
    return vaddv_u8(vcnt_u8(vcreate_u8(x)));
}

/* Position of the lowest bit set; some number below 65 when x is 0. */
static inline unsigned run_lowest_or_64(uint64_t x)
{
    return (unsigned)__builtin_ctzll(x | UINT64_C(1) << 63);
}

/* One bit per octet of four vectors whose octets are 00 or FF. */
static inline uint64_t run_join(uint8x16_t a, uint8x16_t b, uint8x16_t c, uint8x16_t d)
{
    const uint8x16_t bit = vreinterpretq_u8_u64(vdupq_n_u64(UINT64_C(0x8040201008040201)));
    uint8x16_t ab = vpaddq_u8(vandq_u8(a, bit), vandq_u8(b, bit));
    uint8x16_t cd = vpaddq_u8(vandq_u8(c, bit), vandq_u8(d, bit));
    uint8x16_t all = vpaddq_u8(ab, cd);
    all = vpaddq_u8(all, all);
    return vgetq_lane_u64(vreinterpretq_u64_u8(all), 0);
}

/* Which of p[0 .. 64) are this octet. */
static inline uint64_t run_equal64(const uint8_t *p, char octet)
{
    uint8x16_t x = vdupq_n_u8((uint8_t)octet);
    return run_join(vceqq_u8(vld1q_u8(p), x), vceqq_u8(vld1q_u8(p + 16), x), vceqq_u8(vld1q_u8(p + 32), x),
                    vceqq_u8(vld1q_u8(p + 48), x));
}

/* Which of p[0 .. 64) are above 7F. */
static inline uint64_t run_high64(const uint8_t *p)
{
    uint8x16_t x = vdupq_n_u8(0x80);
    return run_join(vcgeq_u8(vld1q_u8(p), x), vcgeq_u8(vld1q_u8(p + 16), x), vcgeq_u8(vld1q_u8(p + 32), x),
                    vcgeq_u8(vld1q_u8(p + 48), x));
}

static inline uint8x16_t run_odd(uint8x16_t x)
{
    return vcgtq_u8(vsubq_u8(x, vdupq_n_u8(0x20)), vdupq_n_u8(0x5E));
}

/* Of 64 octets: which are LF, which are outside 20 to 7E. */
typedef struct run_block {
    uint64_t line_feeds;
    uint64_t odd;
} run_block;

/* What run_read_block needs; nothing here. */
typedef struct run_block_reader {
    uint8_t unused;
} run_block_reader;

RUN_INLINE run_block_reader run_block_begin(void)
{
    return (run_block_reader){0};
}

/* Reads p[0 .. 64). */
RUN_INLINE run_block run_read_block(const uint8_t *p, const run_block_reader *r)
{
    (void)r;
    return (run_block){run_equal64(p, '\n'), run_join(run_odd(vld1q_u8(p)), run_odd(vld1q_u8(p + 16)),
                                                      run_odd(vld1q_u8(p + 32)), run_odd(vld1q_u8(p + 48)))};
}

static inline uint8x16_t run_outside_octets(uint8x16_t x, uint8x16_t lo, uint8x16_t hi)
{
    return vceqzq_u8(vandq_u8(vqtbl1q_u8(lo, vandq_u8(x, vdupq_n_u8(15))), vqtbl1q_u8(hi, vshrq_n_u8(x, 4))));
}

/* The octets where a name may stand: 32, or 16 and as many of one octet. */
typedef uint8x16x2_t run_text;

static inline run_text run_text32(const uint8_t *p)
{
    return (run_text){{vld1q_u8(p), vld1q_u8(p + 16)}};
}

static inline void run_text_store(uint8_t *to, run_text text)
{
    vst1q_u8(to, text.val[0]);
    vst1q_u8(to + 16, text.val[1]);
}

static inline run_text run_text16(const uint8_t *p, char octet)
{
    return (run_text){{vld1q_u8(p), vdupq_n_u8((uint8_t)octet)}};
}

/* Of len octets, at most 31, and 00 behind them. */
static inline run_text run_text_of(const uint8_t *p, size_t len)
{
    uint8_t octets[32] = {0};
    memcpy(octets, p, len);
    return run_text32(octets);
}

/* The place of the first of them that is this octet; 32 when there is none. */
static inline unsigned run_text_find(run_text text, char octet)
{
    uint8x16_t x = vdupq_n_u8((uint8_t)octet), none = vdupq_n_u8(0);
    return run_lowest(run_join(vceqq_u8(text.val[0], x), vceqq_u8(text.val[1], x), none, none) | UINT64_C(1) << 32);
}

/* The place of the first of them that is outside the class; more than 31 when there is none. */
static inline unsigned run_text_outside(run_text text, const run_class *c)
{
    uint8x16_t lo = vld1q_u8(c->lo), hi = vld1q_u8(c->hi), none = vdupq_n_u8(0);
    return run_lowest_or_64(
        run_join(run_outside_octets(text.val[0], lo, hi), run_outside_octets(text.val[1], lo, hi), none, none));
}

/* Which of them are outside the class. */
static inline uint32_t run_text_others(run_text text, const run_class *c)
{
    uint8x16_t lo = vld1q_u8(c->lo), hi = vld1q_u8(c->hi), none = vdupq_n_u8(0);
    return (uint32_t)run_join(run_outside_octets(text.val[0], lo, hi), run_outside_octets(text.val[1], lo, hi), none,
                              none);
}

/* Which of those on its side of 80 are below this octet. */
static inline uint32_t run_text_below(run_text text, char octet)
{
    uint8x16_t x = vdupq_n_u8((uint8_t)octet), none = vdupq_n_u8(0);
    return (uint32_t)run_join(vcltq_u8(text.val[0], x), vcltq_u8(text.val[1], x), none, none);
}

/* Which of them are this octet, and which have bit 0x40 set. */
static inline uint32_t run_text_equal(run_text text, char octet)
{
    uint8x16_t x = vdupq_n_u8((uint8_t)octet), none = vdupq_n_u8(0);
    return (uint32_t)run_join(vceqq_u8(text.val[0], x), vceqq_u8(text.val[1], x), none, none);
}

/* Which of them are above 7F. */
static inline uint32_t run_text_high(run_text text)
{
    uint8x16_t x = vdupq_n_u8(0x80), none = vdupq_n_u8(0);
    return (uint32_t)run_join(vtstq_u8(text.val[0], x), vtstq_u8(text.val[1], x), none, none);
}

/* Which of them are one of these two octets. */
static inline uint32_t run_text_either(run_text text, char a, char b)
{
    return run_text_equal(text, a) | run_text_equal(text, b);
}

static inline uint32_t run_text_bit40(run_text text)
{
    uint8x16_t x = vdupq_n_u8(0x40), none = vdupq_n_u8(0);
    return (uint32_t)run_join(vtstq_u8(text.val[0], x), vtstq_u8(text.val[1], x), none, none);
}

/* Which (text[i] | bits[i]) are want[i]. */
static inline uint32_t run_text_same(run_text text, const uint8_t *want, const uint8_t *bits)
{
    uint8x16_t none = vdupq_n_u8(0);
    return (uint32_t)run_join(vceqq_u8(vorrq_u8(text.val[0], vld1q_u8(bits)), vld1q_u8(want)),
                              vceqq_u8(vorrq_u8(text.val[1], vld1q_u8(bits + 16)), vld1q_u8(want + 16)), none, none);
}

/* Whether all 32 are. */
static inline bool run_text_is(run_text text, const uint8_t *want, const uint8_t *bits)
{
    uint8x16_t low = vceqq_u8(vorrq_u8(text.val[0], vld1q_u8(bits)), vld1q_u8(want));
    uint8x16_t high = vceqq_u8(vorrq_u8(text.val[1], vld1q_u8(bits + 16)), vld1q_u8(want + 16));
    return vminvq_u8(vandq_u8(low, high)) != 0;
}

/* A set of 256 bits. */
typedef uint64x2x2_t run_bits;

static inline run_bits run_bits_none(void)
{
    return (run_bits){{vdupq_n_u64(0), vdupq_n_u64(0)}};
}

static inline run_bits run_bits_or(run_bits x, const uint64_t *bits)
{
    return (run_bits){{vorrq_u64(x.val[0], vld1q_u64(bits)), vorrq_u64(x.val[1], vld1q_u64(bits + 2))}};
}

static inline void run_bits_store(run_bits x, uint64_t *bits)
{
    vst1q_u64(bits, x.val[0]);
    vst1q_u64(bits + 2, x.val[1]);
}

#endif
