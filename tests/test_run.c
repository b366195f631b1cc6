/* The vector primitives of src/run.h at one level: that of the compiler's flags. To be built once per level.
 * SPDX-License-Identifier: MIT */
#include "wire_support.h"

#ifndef SIPWIRE_LEVEL
#if defined(__AVX2__) && defined(__BMI2__) && defined(__LZCNT__)
#define SIPWIRE_LEVEL 2
#elif defined(__SSSE3__) && defined(__POPCNT__)
#define SIPWIRE_LEVEL 1
#elif defined(__aarch64__)
#define SIPWIRE_LEVEL 3
#else
#define SIPWIRE_LEVEL 0
#endif
#endif
#include "run.h"

/* A class is a union of up to 8 products of low and high halves of octets. */
static run_class random_class(uint64_t *seed, bool ascii)
{
    run_class c = {{0}, {0}, {0}};
    size_t products = random_below(seed, 8);
    for (size_t i = 0; i <= products; i++) {
        uint64_t low = random_next(seed) & random_next(seed), high = random_next(seed) & random_next(seed);
        if (random_below(seed, 2) == 0)
            low |= random_next(seed);
        for (unsigned k = 0; k < 16; k++) {
            c.lo[k] = (uint8_t)(c.lo[k] | (low >> k & 1) << i);
            c.hi[k] = (uint8_t)(c.hi[k] | (ascii && k > 7 ? 0 : (high >> k & 1) << i));
        }
    }
    for (unsigned b = 0; b < 256; b++)
        if (c.lo[b & 15] & c.hi[b >> 4])
            c.bits[b >> 6] |= UINT64_C(1) << (b & 63);
    return c;
}

static size_t naive_skip(const uint8_t *p, size_t len, const run_class *c)
{
    size_t i = 0;
    while (i < len && (c->lo[p[i] & 15] & c->hi[p[i] >> 4]))
        i++;
    return i;
}

/* Octets that are all, or nearly all, in the class. */
static void fill(uint8_t *text, size_t len, const run_class *c, uint64_t *seed)
{
    for (size_t i = 0; i < len; i++) {
        text[i] = (uint8_t)random_next(seed);
        for (int tries = 0; tries < 500 && !run_has(c, text[i]); tries++)
            text[i] = (uint8_t)random_next(seed);
    }
    if (len != 0 && random_below(seed, 3) != 0)
        text[random_below(seed, len)] = (uint8_t)random_next(seed);
}

static void run_has_equals_the_nibble_tables(void **state)
{
    (void)state;
    uint64_t seed = 1;
    for (int round = 0; round < 100; round++) {
        run_class c = random_class(&seed, false);
        for (unsigned b = 0; b < 256; b++)
            assert_int_equal(run_has(&c, (uint8_t)b), (c.lo[b & 15] & c.hi[b >> 4]) != 0);
    }
}

static void run_skip_of_every_length_stops_where_a_loop_does(void **state)
{
    (void)state;
    guarded g = guarded_new(4096);
    uint64_t seed = 2;
    for (int round = 0; round < 300; round++) {
        run_class c = random_class(&seed, false);
        for (size_t len = 0; len < 100; len++) {
            uint8_t text[100];
            fill(text, len, &c, &seed);
            size_t want = naive_skip(text, len, &c);
            const uint8_t *p = (const uint8_t *)guarded_at_end(&g, text, len);
            assert_int_equal(run_skip(p, p + len, &c) - p, want);
            p = (const uint8_t *)guarded_at_start(&g, text, len);
            assert_int_equal(run_skip(p, p + len, &c) - p, want);
        }
    }
    guarded_free(&g);
}

static void run_skip_action_leaves_the_last_octet_of_the_run(void **state)
{
    (void)state;
    static const run_class letters = {
        {4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4}, {0, 0, 0, 0, 4, 0, 4, 0}, {0, 0x0000FFFF0000FFFF, 0, 0}};
    const uint8_t text[] = "abcdefg hij";
    const uint8_t *p = text, *end = text + sizeof text - 1;
    (void)end;
    (void)letters;
    p = RUN_SKIP(p, end, &letters);
    assert_int_equal(p - text, SIPWIRE_LEVEL == 0 ? 0 : 6);
    p = end - 1;
    p = RUN_SKIP(p, end, &letters);
    assert_ptr_equal(p, end - 1);
}

#if SIPWIRE_LEVEL != 0

static void run_block_marks_line_feeds_and_odd_octets(void **state)
{
    (void)state;
    guarded g = guarded_new(4096);
    uint64_t seed = 3;
    for (int round = 0; round < 2000; round++) {
        uint8_t text[64];
        for (int i = 0; i < 64; i++)
            text[i] = round < 4 ? (uint8_t)(round * 64 + i) : (uint8_t)random_next(&seed);
        if (round > 1000)
            text[random_below(&seed, 64)] = '\n';
        uint64_t want_lf = 0, want_odd = 0, want_high = 0;
        for (unsigned i = 0; i < 64; i++) {
            want_lf |= (uint64_t)(text[i] == '\n') << i;
            want_odd |= (uint64_t)(text[i] < 0x20 || text[i] > 0x7E) << i;
            want_high |= (uint64_t)(text[i] > 0x7F) << i;
        }
        const run_block_reader reader = run_block_begin();
        const uint8_t *at_end = (const uint8_t *)guarded_at_end(&g, text, 64);
        run_block block = run_read_block(at_end, &reader);
        assert_true(block.line_feeds == want_lf && run_equal64(at_end, '\n') == want_lf);
        assert_true(block.odd == want_odd);
        assert_true(run_high64(at_end) == want_high);
        const uint8_t *at_start = (const uint8_t *)guarded_at_start(&g, text, 64);
        block = run_read_block(at_start, &reader);
        assert_true(block.line_feeds == want_lf && run_equal64(at_start, '\n') == want_lf && block.odd == want_odd);
        assert_true(run_high64(at_start) == want_high);
        if (want_lf != 0) {
            assert_int_equal(run_lowest(want_lf), run_lowest_or_64(want_lf));
            assert_true(want_lf >> run_lowest(want_lf) & 1);
        }
    }
    guarded_free(&g);
}

static void run_text_finds_and_matches_like_a_loop(void **state)
{
    (void)state;
    guarded g = guarded_new(4096);
    uint64_t seed = 4;
    for (int round = 0; round < 20000; round++) {
        run_class c = random_class(&seed, true);
        uint8_t text[32], want[32], bits[32];
        fill(text, 32, &c, &seed);
        for (int i = 0; i < 32; i++) {
            bits[i] = random_below(&seed, 2) ? 0x20 : 0;
            want[i] = text[i] | bits[i];
        }
        unsigned at = (unsigned)random_below(&seed, 40), len = 1 + (unsigned)random_below(&seed, 31), first = 0;
        if (at < 32)
            text[at] = ':';
        for (unsigned i = len; i < 32; i++)
            want[i] = bits[i] = 0xFF;
        bool same = true;
        for (unsigned i = 0; i < 32; i++)
            same &= (text[i] | bits[i]) == want[i];
        while (first < 32 && text[first] != ':')
            first++;
        size_t inside = naive_skip(text, 32, &c);
        run_text t = run_text32((const uint8_t *)guarded_at_end(&g, text, 32));
        assert_int_equal(run_text_find(t, ':'), first);
        assert_true(run_text_outside(t, &c) == inside || (inside == 32 && run_text_outside(t, &c) > 31));
        assert_int_equal(run_text_is(t, want, bits), same);
        t = run_text16((const uint8_t *)guarded_at_end(&g, text, 16), ':');
        assert_int_equal(run_text_find(t, ':'), first < 16 ? first : 16);
        t = run_text16((const uint8_t *)guarded_at_end(&g, text, 16), 0);
        assert_int_equal(run_text_find(t, ':'), first < 16 ? first : 32);
    }
    guarded_free(&g);
}

static void run_bits_are_united(void **state)
{
    (void)state;
    uint64_t seed = 5, want[4] = {0}, found[4];
    run_bits set = run_bits_none();
    for (int round = 0; round < 100; round++) {
        uint64_t bits[4] = {0};
        unsigned at = (unsigned)random_below(&seed, 256);
        bits[at >> 6] = UINT64_C(1) << (at & 63);
        want[at >> 6] |= bits[at >> 6];
        set = run_bits_or(set, bits);
        run_bits_store(set, found);
        assert_memory_equal(found, want, sizeof want);
    }
}

#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(run_has_equals_the_nibble_tables),
        cmocka_unit_test(run_skip_of_every_length_stops_where_a_loop_does),
        cmocka_unit_test(run_skip_action_leaves_the_last_octet_of_the_run),
#if SIPWIRE_LEVEL != 0
        cmocka_unit_test(run_block_marks_line_feeds_and_odd_octets),
        cmocka_unit_test(run_text_finds_and_matches_like_a_loop),
        cmocka_unit_test(run_bits_are_united),
#endif
    };
    if (!sipwire_level_available((sipwire_level)SIPWIRE_LEVEL))
        return 77; /* skipped */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
