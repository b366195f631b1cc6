/* The tables of names and their lookups.
 * SPDX-License-Identifier: MIT */
#include "wire_support.h"

#include <ctype.h>
#include <sipwire/names.h>

typedef struct name_row {
    uint16_t id;
    const char *name;
    const char *compact;
    size_t name_len, compact_len;
} name_row;

#define ROW4(id, number, name, compact) {number, name, compact, sizeof(name) - 1, sizeof(compact) - 1},
#define ROW3(id, number, name) ROW4(id, number, name, "")
static const name_row headers[] = {SIPWIRE_HEADER_LIST(ROW4)};
static const name_row methods[] = {SIPWIRE_METHOD_LIST(ROW3)};
static const name_row params[] = {SIPWIRE_PARAM_LIST(ROW3)};
static const name_row transports[] = {SIPWIRE_TRANSPORT_LIST(ROW3)};
static const name_row option_tags[] = {SIPWIRE_OPTION_TAG_LIST(ROW3)};
static const name_row event_packages[] = {SIPWIRE_EVENT_PACKAGE_LIST(ROW3)};
static const name_row reason_protocols[] = {SIPWIRE_REASON_PROTOCOL_LIST(ROW3)};
static const name_row priv_values[] = {SIPWIRE_PRIV_VALUE_LIST(ROW3)};

typedef struct name_set {
    const name_row *rows;
    size_t count;
    bool case_matters;
    uint16_t (*lookup)(sipwire_str);
    sipwire_str (*name)(uint16_t);
} name_set;

#define SET(rows, case_matters, noun)                                                                                  \
    {                                                                                                                  \
        rows, sizeof rows / sizeof rows[0], case_matters, sipwire_##noun##_lookup, sipwire_##noun##_name               \
    }
static const name_set sets[] = {
    SET(headers, false, header),
    SET(methods, true, method),
    SET(params, false, param),
    SET(transports, false, transport),
    SET(option_tags, false, option_tag),
    SET(event_packages, true, event_package),
    SET(reason_protocols, false, reason_protocol),
    SET(priv_values, false, priv_value),
};

#define FOR_EACH_SET(set) for (const name_set *set = sets; set < sets + sizeof sets / sizeof sets[0]; set++)

static guarded guard;

/* Looks up an exact copy between guard pages. */
static uint16_t lookup(const name_set *set, const char *name, size_t len)
{
    uint16_t id = set->lookup((sipwire_str){guarded_at_end(&guard, name, len), len});
    assert_int_equal(set->lookup((sipwire_str){guarded_at_start(&guard, name, len), len}), id);
    return id;
}

/* What a search through the whole table finds. */
static uint16_t search(const name_set *set, const char *name, size_t len)
{
    for (size_t i = 0; i < set->count; i++)
        for (int compact = 0; compact < 2; compact++) {
            const char *known = compact ? set->rows[i].compact : set->rows[i].name;
            bool same = len != 0 && (compact ? set->rows[i].compact_len : set->rows[i].name_len) == len;
            for (size_t k = 0; same && k < len; k++)
                same = name[k] == known[k] ||
                       (!set->case_matters && isalpha((unsigned char)known[k]) && isalpha((unsigned char)name[k]) &&
                        tolower((unsigned char)name[k]) == tolower((unsigned char)known[k]));
            if (same)
                return set->rows[i].id;
        }
    return 0;
}

static void lookup_every_name_and_compact_form_is_found(void **state)
{
    (void)state;
    FOR_EACH_SET(set)
    {
        for (size_t i = 0; i < set->count; i++) {
            const name_row *row = &set->rows[i];
            sipwire_str name = set->name(row->id);
            assert_int_equal(lookup(set, row->name, strlen(row->name)), row->id);
            assert_int_equal(name.len, strlen(row->name));
            assert_memory_equal(name.ptr, row->name, name.len);
            if (row->compact[0] != 0)
                assert_int_equal(lookup(set, row->compact, strlen(row->compact)), row->id);
        }
        assert_int_equal(set->name(0).len, 0);
        assert_int_equal(set->name(65535).len, 0);
        assert_int_equal(lookup(set, "", 0), 0);
        assert_int_equal(set->lookup((sipwire_str){NULL, 0}), 0);
    }
}

static void header_compact_gives_the_form_of_the_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
        sipwire_str compact = sipwire_header_compact(headers[i].id);
        assert_int_equal(compact.len, strlen(headers[i].compact));
        assert_memory_equal(compact.ptr, headers[i].compact, compact.len);
    }
}

static void lookup_letter_case_matters_in_methods_and_event_packages_only(void **state)
{
    (void)state;
    FOR_EACH_SET(set)
    {
        for (size_t i = 0; i < set->count; i++) {
            char name[300];
            size_t len = strlen(set->rows[i].name);
            for (size_t k = 0; k < len; k++)
                name[k] = (char)(isupper((unsigned char)set->rows[i].name[k]) ? tolower(set->rows[i].name[k])
                                                                              : toupper(set->rows[i].name[k]));
            assert_int_equal(lookup(set, name, len), set->case_matters ? 0 : set->rows[i].id);
        }
    }
}

static void lookup_one_octet_off_is_not_found(void **state)
{
    (void)state;
    FOR_EACH_SET(set)
    {
        for (size_t i = 0; i < set->count; i++) {
            char name[300];
            size_t len = strlen(set->rows[i].name);
            for (size_t k = 0; k < len; k++)
                for (int octet = 0; octet < 256; octet++) {
                    memcpy(name, set->rows[i].name, len);
                    name[k] = (char)octet;
                    assert_int_equal(lookup(set, name, len), search(set, name, len));
                }
            memcpy(name, set->rows[i].name, len);
            name[len] = 'x';
            assert_int_equal(lookup(set, name, len + 1), search(set, name, len + 1));
            assert_int_equal(lookup(set, name, len - 1), search(set, name, len - 1));
            assert_int_equal(lookup(set, name + 1, len - 1), search(set, name + 1, len - 1));
        }
    }
}

static void lookup_random_octets_agrees_with_search(void **state)
{
    (void)state;
    uint64_t seed = 5;
    FOR_EACH_SET(set)
    {
        for (int round = 0; round < 100000; round++) {
            char name[300];
            size_t len = random_below(&seed, round % 10 == 0 ? 300 : 4);
            for (size_t k = 0; k < len; k++)
                name[k] = (char)random_next(&seed);
            if (random_below(&seed, 2) == 0 && len > 40) { /* the first and last octets of a name */
                const char *known = set->rows[random_below(&seed, set->count)].name;
                len = strlen(known);
                for (size_t k = 0; k < len; k++)
                    if (k < 4 || k + 3 >= len)
                        name[k] = known[k];
            }
            assert_int_equal(lookup(set, name, len), search(set, name, len));
        }
    }
}

static void assert_text(sipwire_str found, const char *text, size_t len)
{
    assert_int_equal(found.len, len);
    assert_memory_equal(found.ptr, text, len);
}

static void reason_phrase_of_registered_codes(void **state)
{
    (void)state;
#define CHECK(code, phrase) assert_text(sipwire_reason_phrase(code), phrase, sizeof(phrase) - 1);
    SIPWIRE_REASON_LIST(CHECK)
    assert_int_equal(sipwire_reason_phrase(0).len, 0);
    assert_int_equal(sipwire_reason_phrase(101).len, 0);
    assert_int_equal(sipwire_reason_phrase(65535).len, 0);
}

static void warn_text_of_registered_codes(void **state)
{
    (void)state;
#define CHECK_WARN(code, text) assert_text(sipwire_warn_text(code), text, sizeof(text) - 1);
    SIPWIRE_WARN_LIST(CHECK_WARN)
    assert_int_equal(sipwire_warn_text(299).len, 0);
    assert_int_equal(sipwire_warn_text(309).len, 0);
    assert_int_equal(sipwire_warn_text(65535).len, 0);
}

static void method_traits_are_those_of_the_rfcs(void **state)
{
    (void)state;
    sipwire_method_traits traits;
    assert_true(sipwire_method_traits_get(SIPWIRE_METHOD_INVITE, &traits));
    assert_int_equal(traits.rfc, 3261);
    assert_true(traits.dialog && traits.refresh && traits.answered);
    assert_int_equal(traits.body, SIPWIRE_BODY_SESSION);
    assert_true(sipwire_method_traits_get(SIPWIRE_METHOD_ACK, &traits));
    assert_true(!traits.dialog && !traits.refresh && !traits.answered);
    assert_true(sipwire_method_traits_get(SIPWIRE_METHOD_NOTIFY, &traits));
    assert_int_equal(traits.rfc, 6665);
    assert_int_equal(traits.body, SIPWIRE_BODY_EVENT);
    assert_true(sipwire_method_traits_get(SIPWIRE_METHOD_CANCEL, &traits));
    assert_int_equal(traits.body, SIPWIRE_BODY_NONE);
    assert_true(sipwire_method_traits_get(SIPWIRE_METHOD_INFO, &traits));
    assert_int_equal(traits.body, SIPWIRE_BODY_INFO);
}

static void method_traits_of_no_method_are_refused(void **state)
{
    (void)state;
    sipwire_method_traits traits = {.rfc = 1};
    assert_false(sipwire_method_traits_get(SIPWIRE_METHOD_UNKNOWN, &traits));
    assert_int_equal(traits.rfc, 0);
    assert_false(sipwire_method_traits_get(SIPWIRE_HIGHEST_METHOD + 1, &traits));
    assert_false(sipwire_method_traits_get(UINT16_MAX, &traits));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lookup_every_name_and_compact_form_is_found),
        cmocka_unit_test(header_compact_gives_the_form_of_the_table),
        cmocka_unit_test(lookup_letter_case_matters_in_methods_and_event_packages_only),
        cmocka_unit_test(lookup_one_octet_off_is_not_found),
        cmocka_unit_test(lookup_random_octets_agrees_with_search),
        cmocka_unit_test(reason_phrase_of_registered_codes),
        cmocka_unit_test(warn_text_of_registered_codes),
        cmocka_unit_test(method_traits_are_those_of_the_rfcs),
        cmocka_unit_test(method_traits_of_no_method_are_refused),
    };
    guard = guarded_new(4096);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
