/* Vector primitives for SSSE3 and AVX2; included by run.h only.
 * SPDX-License-Identifier: MIT */
#ifndef SIPWIRE_RUN_X86_H
#define SIPWIRE_RUN_X86_H

#include <immintrin.h>

#if !defined(__SSSE3__) || !defined(__POPCNT__)
#error "levels 1 and 2 need -mssse3 -mpopcnt"
#endif
#if SIPWIRE_LEVEL == 2 && (!defined(__AVX2__) || !defined(__BMI__) || !defined(__BMI2__) || !defined(__LZCNT__))
#error "level 2 needs -mavx2 -mbmi -mbmi2 -mlzcnt"
#endif

/* A mask of octets has one bit per octet. */
#define RUN_MASK_SHIFT 0

static inline __m128i run_load16(const uint8_t *p)
{
    return _mm_loadu_si128((const __m128i *)(const void *)p);
}

static inline uint64_t run_outside(__m128i x, const run_class *c)
{
    const __m128i low_bits = _mm_set1_epi8(15);
    __m128i lo = _mm_shuffle_epi8(run_load16(c->lo), _mm_and_si128(x, low_bits));
    __m128i hi = _mm_shuffle_epi8(run_load16(c->hi), _mm_and_si128(_mm_srli_epi16(x, 4), low_bits));
    __m128i outside = _mm_cmpeq_epi8(_mm_and_si128(lo, hi), _mm_setzero_si128());
    return (uint32_t)_mm_movemask_epi8(outside);
}

/* Which of p[0 .. 16) are outside the class. */
static inline uint64_t run_outside16(const uint8_t *p, const run_class *c)
{
    return run_outside(run_load16(p), c);
}

/* The same for p[0 .. 8) followed by q[0 .. 8). */
static inline uint64_t run_outside8and8(const uint8_t *p, const uint8_t *q, const run_class *c)
{
    uint64_t first, second;
    memcpy(&first, p, 8);
    memcpy(&second, q, 8);
    return run_outside(_mm_set_epi64x((long long)second, (long long)first), c);
}

/* The same for p[0 .. 16) and q[0 .. 16), as far as it is 0 or not. */
static inline uint32_t run_outside16and16(const uint8_t *p, const uint8_t *q, const run_class *c)
{
#if SIPWIRE_LEVEL == 2
    const __m256i low_bits = _mm256_set1_epi8(15);
    __m256i x = _mm256_inserti128_si256(_mm256_castsi128_si256(run_load16(p)), run_load16(q), 1);
    __m256i lo = _mm256_broadcastsi128_si256(run_load16(c->lo)), hi = _mm256_broadcastsi128_si256(run_load16(c->hi));
    __m256i in = _mm256_and_si256(_mm256_shuffle_epi8(lo, _mm256_and_si256(x, low_bits)),
                                  _mm256_shuffle_epi8(hi, _mm256_and_si256(_mm256_srli_epi16(x, 4), low_bits)));
    return (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(in, _mm256_setzero_si256()));
#else
    return (uint32_t)(run_outside16(p, c) | run_outside16(q, c));
#endif
}

static inline unsigned run_count(uint64_t x)
{
    return (unsigned)__builtin_popcountll(x);
}

/* Position of the lowest bit set; some number below 65 when x is 0. */
static inline unsigned run_lowest_or_64(uint64_t x)
{
#if SIPWIRE_LEVEL == 2 && defined(__x86_64__)
    return (unsigned)_tzcnt_u64(x);
#else
    return (unsigned)__builtin_ctzll(x | UINT64_C(1) << 63);
#endif
}

#define RUN_KEEP_VECTOR(x) __asm__("" : "+x"(x))

/* p[0 .. len), fewer than 16 octets, and 00 behind them. */
static inline __m128i run_load_below16(const uint8_t *p, size_t len)
{
    uint64_t first = 0, last = 0;
    if (len >= 8) {
        memcpy(&first, p, 8);
        memcpy(&last, p + len - 8, 8);
        return _mm_set_epi64x((long long)(last >> 1 >> (127 - 8 * len)), (long long)first);
    }
    if (len >= 4) {
        uint32_t low, high;
        memcpy(&low, p, 4);
        memcpy(&high, p + len - 4, 4);
        first = low | (uint64_t)high >> (64 - 8 * len) << 32;
    } else if (len != 0) {
        first = p[0] | (uint64_t)p[len / 2] << 8 * (len / 2) | (uint64_t)p[len - 1] << 8 * (len - 1);
    }
    return _mm_set_epi64x(0, (long long)first);
}

/* p[16 .. len), of 16 to 32 octets, and 00 behind them. */
static inline __m128i run_last16(const uint8_t *p, size_t len)
{
    static const uint8_t places[32] = {0,    1,    2,    3,    4,    5,    6,    7,    8,    9,    10,
                                       11,   12,   13,   14,   15,   0x80, 0x80, 0x80, 0x80, 0x80, 0x80,
                                       0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80};
    return len == 16 ? _mm_setzero_si128() : _mm_shuffle_epi8(run_load16(p + len - 16), run_load16(places + 32 - len));
}

/* Clears size octets, 32 to 512 of them; for sizes that the compiler knows. It must not know that they become zeros, or
 * it makes a loop of stores of 8 octets of them. */
static inline __attribute__((always_inline)) void run_clear(void *into, size_t size)
{
    uint8_t *p = into;
#if SIPWIRE_LEVEL == 2
    __m256i zero = _mm256_setzero_si256();
    RUN_KEEP_VECTOR(zero);
#pragma GCC unroll 16
    for (size_t i = 0; i + 32 <= size; i += 32)
        _mm256_storeu_si256((__m256i *)(void *)(p + i), zero);
    _mm256_storeu_si256((__m256i *)(void *)(p + size - 32), zero);
#else
    __m128i zero = _mm_setzero_si128();
    RUN_KEEP_VECTOR(zero);
#pragma GCC unroll 32
    for (size_t i = 0; i + 16 <= size; i += 16)
        _mm_storeu_si128((__m128i *)(void *)(p + i), zero);
    _mm_storeu_si128((__m128i *)(void *)(p + size - 16), zero);
#endif
}

#if SIPWIRE_LEVEL == 2

static inline uint64_t run_join(__m256i low, __m256i high)
{
    return (uint32_t)_mm256_movemask_epi8(low) | (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32;
}

static inline __m256i run_load32(const uint8_t *p)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)p);
}

/* Of 64 octets: which are LF, which are outside 20 to 7E. */
typedef struct run_block {
    uint64_t line_feeds;
    uint64_t odd;
} run_block;

/* What run_read_block compares with. */
typedef struct run_block_reader {
    __m256i lf, one, most;
} run_block_reader;

RUN_INLINE run_block_reader run_block_begin(void)
{
    run_block_reader r = {_mm256_set1_epi8('\n'), _mm256_set1_epi8(1), _mm256_set1_epi8(0x21)};
    RUN_KEEP_VECTOR(r.lf);
    RUN_KEEP_VECTOR(r.one);
    RUN_KEEP_VECTOR(r.most);
    return r;
}

static inline __m256i run_odd(__m256i x, const run_block_reader *r)
{
    return _mm256_cmpgt_epi8(r->most, _mm256_add_epi8(x, r->one)); /* 7F is the lowest octet then */
}

/* Reads p[0 .. 64). */
RUN_INLINE run_block run_read_block(const uint8_t *p, const run_block_reader *r)
{
    __m256i a = run_load32(p), b = run_load32(p + 32);
    return (run_block){run_join(_mm256_cmpeq_epi8(a, r->lf), _mm256_cmpeq_epi8(b, r->lf)),
                       run_join(run_odd(a, r), run_odd(b, r))};
}

/* Which of p[0 .. 64) are this octet. */
static inline uint64_t run_equal64(const uint8_t *p, char octet)
{
    const __m256i x = _mm256_set1_epi8(octet);
    return run_join(_mm256_cmpeq_epi8(run_load32(p), x), _mm256_cmpeq_epi8(run_load32(p + 32), x));
}

/* Which of p[0 .. 64) are above 7F. */
static inline uint64_t run_high64(const uint8_t *p)
{
    return run_join(run_load32(p), run_load32(p + 32));
}

/* Which of 32 octets are outside the class, which has no octets above 7F. The compiler must not see the tables, or it
 * builds each of their vectors from two halves. */
static inline uint32_t run_outside32(__m256i x, const run_class *c)
{
    const __m256i low_bits = run_load32(sipwire_low_nibble);
    RUN_KEEP(c);
    __m256i lo = _mm256_broadcastsi128_si256(run_load16(c->lo)), hi = _mm256_broadcastsi128_si256(run_load16(c->hi));
    __m256i high = _mm256_and_si256(_mm256_srli_epi16(x, 4), low_bits);
    __m256i in = _mm256_and_si256(_mm256_shuffle_epi8(lo, x), _mm256_shuffle_epi8(hi, high));
    return (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(in, _mm256_setzero_si256()));
}

/* The octets where a name may stand: 32, or 16 and as many of one octet. */
typedef __m256i run_text;

static inline run_text run_text32(const uint8_t *p)
{
    return run_load32(p);
}

static inline void run_text_store(uint8_t *to, run_text text)
{
    _mm256_storeu_si256((__m256i *)(void *)to, text);
}

static inline run_text run_text16(const uint8_t *p, char octet)
{
    return _mm256_inserti128_si256(_mm256_set1_epi8(octet), run_load16(p), 0);
}

/* Of len octets, at most 31, and 00 behind them. */
static inline run_text run_text_of(const uint8_t *p, size_t len)
{
    if (len < 16)
        return _mm256_zextsi128_si256(run_load_below16(p, len));
    return _mm256_inserti128_si256(_mm256_castsi128_si256(run_load16(p)), run_last16(p, len), 1);
}

/* The place of the first of them that is this octet; 32 when there is none. */
static inline unsigned run_text_find(run_text text, char octet)
{
    return _tzcnt_u32((uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(text, _mm256_set1_epi8(octet))));
}

/* The place of the first of them that is outside the class, which has no octets above 7F; more than 31 when there is
 * none. */
static inline unsigned run_text_outside(run_text text, const run_class *c)
{
    return run_lowest_or_64(run_outside32(text, c));
}

/* Which of them are outside the class, which has no octets above 7F. */
static inline uint32_t run_text_others(run_text text, const run_class *c)
{
    return run_outside32(text, c);
}

/* Which of them are this octet, and which have bit 0x40 set. */
static inline uint32_t run_text_equal(run_text text, char octet)
{
    return (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(text, _mm256_set1_epi8(octet)));
}

/* Which of those on its side of 80 are below this octet. */
static inline uint32_t run_text_below(run_text text, char octet)
{
    return (uint32_t)_mm256_movemask_epi8(_mm256_cmpgt_epi8(_mm256_set1_epi8(octet), text));
}

/* Which of them are above 7F. */
static inline uint32_t run_text_high(run_text text)
{
    return (uint32_t)_mm256_movemask_epi8(text);
}

/* Which of them are one of these two octets. */
static inline uint32_t run_text_either(run_text text, char a, char b)
{
    __m256i found =
        _mm256_or_si256(_mm256_cmpeq_epi8(text, _mm256_set1_epi8(a)), _mm256_cmpeq_epi8(text, _mm256_set1_epi8(b)));
    return (uint32_t)_mm256_movemask_epi8(found);
}

static inline uint32_t run_text_bit40(run_text text)
{
    return (uint32_t)_mm256_movemask_epi8(_mm256_add_epi8(text, text));
}

/* Which (text[i] | bits[i]) are want[i]. */
static inline uint32_t run_text_same(run_text text, const uint8_t *want, const uint8_t *bits)
{
    __m256i x = _mm256_or_si256(text, run_load32(bits));
    return (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(x, run_load32(want)));
}

/* Whether all 32 are. */
static inline bool run_text_is(run_text text, const uint8_t *want, const uint8_t *bits)
{
    return run_text_same(text, want, bits) == UINT32_MAX;
}

/* A set of 256 bits. */
typedef __m256i run_bits;

static inline run_bits run_bits_none(void)
{
    return _mm256_setzero_si256();
}

static inline run_bits run_bits_or(run_bits x, const uint64_t *bits)
{
    return _mm256_or_si256(x, run_load32((const uint8_t *)bits));
}

static inline void run_bits_store(run_bits x, uint64_t *bits)
{
    _mm256_storeu_si256((__m256i *)(void *)bits, x);
}

#else

static inline uint64_t run_join(__m128i a, __m128i b, __m128i c, __m128i d)
{
    uint32_t low = (uint32_t)_mm_movemask_epi8(a) | (uint32_t)_mm_movemask_epi8(b) << 16;
    uint32_t high = (uint32_t)_mm_movemask_epi8(c) | (uint32_t)_mm_movemask_epi8(d) << 16;
    return low | (uint64_t)high << 32;
}

static inline uint64_t run_equal64(const uint8_t *p, char octet)
{
    const __m128i x = _mm_set1_epi8(octet);
    return run_join(_mm_cmpeq_epi8(run_load16(p), x), _mm_cmpeq_epi8(run_load16(p + 16), x),
                    _mm_cmpeq_epi8(run_load16(p + 32), x), _mm_cmpeq_epi8(run_load16(p + 48), x));
}

static inline uint64_t run_high64(const uint8_t *p)
{
    return run_join(run_load16(p), run_load16(p + 16), run_load16(p + 32), run_load16(p + 48));
}

typedef struct run_block {
    uint64_t line_feeds;
    uint64_t odd;
} run_block;

typedef struct run_block_reader {
    __m128i lf, one, most;
} run_block_reader;

RUN_INLINE run_block_reader run_block_begin(void)
{
    run_block_reader r = {_mm_set1_epi8('\n'), _mm_set1_epi8(1), _mm_set1_epi8(0x21)};
    RUN_KEEP_VECTOR(r.lf);
    RUN_KEEP_VECTOR(r.one);
    RUN_KEEP_VECTOR(r.most);
    return r;
}

static inline __m128i run_odd(__m128i x, const run_block_reader *r)
{
    return _mm_cmpgt_epi8(r->most, _mm_add_epi8(x, r->one));
}

RUN_INLINE run_block run_read_block(const uint8_t *p, const run_block_reader *r)
{
    __m128i a = run_load16(p), b = run_load16(p + 16), c = run_load16(p + 32), d = run_load16(p + 48);
    return (run_block){run_join(_mm_cmpeq_epi8(a, r->lf), _mm_cmpeq_epi8(b, r->lf), _mm_cmpeq_epi8(c, r->lf),
                                _mm_cmpeq_epi8(d, r->lf)),
                       run_join(run_odd(a, r), run_odd(b, r), run_odd(c, r), run_odd(d, r))};
}

typedef struct run_text {
    __m128i low, high;
} run_text;

static inline run_text run_text32(const uint8_t *p)
{
    return (run_text){run_load16(p), run_load16(p + 16)};
}

static inline void run_text_store(uint8_t *to, run_text text)
{
    _mm_storeu_si128((__m128i *)(void *)to, text.low);
    _mm_storeu_si128((__m128i *)(void *)(to + 16), text.high);
}

static inline run_text run_text16(const uint8_t *p, char octet)
{
    return (run_text){run_load16(p), _mm_set1_epi8(octet)};
}

static inline run_text run_text_of(const uint8_t *p, size_t len)
{
    if (len < 16)
        return (run_text){run_load_below16(p, len), _mm_setzero_si128()};
    return (run_text){run_load16(p), run_last16(p, len)};
}

static inline unsigned run_text_find(run_text text, char octet)
{
    const __m128i x = _mm_set1_epi8(octet);
    uint32_t low = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(text.low, x));
    if (low != 0)
        return run_lowest(low);
    return 16 + run_lowest((uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(text.high, x)) | UINT32_C(1) << 16);
}

static inline uint32_t run_text_equal(run_text text, char octet)
{
    const __m128i x = _mm_set1_epi8(octet);
    return (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(text.low, x)) |
           (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(text.high, x)) << 16;
}

static inline uint32_t run_text_high(run_text text)
{
    return (uint32_t)_mm_movemask_epi8(text.low) | (uint32_t)_mm_movemask_epi8(text.high) << 16;
}

static inline uint32_t run_text_either(run_text text, char a, char b)
{
    const __m128i x = _mm_set1_epi8(a), y = _mm_set1_epi8(b);
    __m128i low = _mm_or_si128(_mm_cmpeq_epi8(text.low, x), _mm_cmpeq_epi8(text.low, y));
    __m128i high = _mm_or_si128(_mm_cmpeq_epi8(text.high, x), _mm_cmpeq_epi8(text.high, y));
    return (uint32_t)_mm_movemask_epi8(low) | (uint32_t)_mm_movemask_epi8(high) << 16;
}

static inline uint32_t run_text_below(run_text text, char octet)
{
    const __m128i x = _mm_set1_epi8(octet);
    return (uint32_t)_mm_movemask_epi8(_mm_cmpgt_epi8(x, text.low)) |
           (uint32_t)_mm_movemask_epi8(_mm_cmpgt_epi8(x, text.high)) << 16;
}

static inline uint32_t run_text_bit40(run_text text)
{
    return (uint32_t)_mm_movemask_epi8(_mm_add_epi8(text.low, text.low)) |
           (uint32_t)_mm_movemask_epi8(_mm_add_epi8(text.high, text.high)) << 16;
}

static inline uint32_t run_outside_ascii(__m128i x, const run_class *c)
{
    __m128i high = _mm_and_si128(_mm_srli_epi16(x, 4), _mm_set1_epi8(15));
    __m128i in = _mm_and_si128(_mm_shuffle_epi8(run_load16(c->lo), x), _mm_shuffle_epi8(run_load16(c->hi), high));
    return (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(in, _mm_setzero_si128()));
}

static inline uint32_t run_text_others(run_text text, const run_class *c)
{
    return run_outside_ascii(text.low, c) | run_outside_ascii(text.high, c) << 16;
}

static inline unsigned run_text_outside(run_text text, const run_class *c)
{
    uint32_t outside = run_outside_ascii(text.low, c);
    if (outside != 0)
        return run_lowest(outside);
    return run_lowest_or_64((uint64_t)run_outside_ascii(text.high, c) << 16);
}

static inline __m128i run_equal(__m128i text, const uint8_t *want, const uint8_t *bits)
{
    return _mm_cmpeq_epi8(_mm_or_si128(text, run_load16(bits)), run_load16(want));
}

static inline uint32_t run_text_same(run_text text, const uint8_t *want, const uint8_t *bits)
{
    return (uint32_t)_mm_movemask_epi8(run_equal(text.low, want, bits)) |
           (uint32_t)_mm_movemask_epi8(run_equal(text.high, want + 16, bits + 16)) << 16;
}

static inline bool run_text_is(run_text text, const uint8_t *want, const uint8_t *bits)
{
    __m128i equal = _mm_and_si128(run_equal(text.low, want, bits), run_equal(text.high, want + 16, bits + 16));
    return _mm_movemask_epi8(equal) == 0xFFFF;
}

typedef struct run_bits {
    __m128i low, high;
} run_bits;

static inline run_bits run_bits_none(void)
{
    return (run_bits){_mm_setzero_si128(), _mm_setzero_si128()};
}

static inline run_bits run_bits_or(run_bits x, const uint64_t *bits)
{
    const uint8_t *p = (const uint8_t *)bits;
    return (run_bits){_mm_or_si128(x.low, run_load16(p)), _mm_or_si128(x.high, run_load16(p + 16))};
}

static inline void run_bits_store(run_bits x, uint64_t *bits)
{
    _mm_storeu_si128((__m128i *)(void *)bits, x.low);
    _mm_storeu_si128((__m128i *)(void *)(bits + 2), x.high);
}

#endif

#endif
