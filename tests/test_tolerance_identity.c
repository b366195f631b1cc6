/* Tolerances about who and where: display names, hosts, tags.
 * SPDX-License-Identifier: MIT */
#include "lenient.h"

static void unquoted_display_name_is_well_formed_utf8(void **state)
{
    (void)state;
    static const char *const read[] = {"\xC3\xB6", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xF0\x90\x80\x80",
                                       "\xF0\x9F\x98\x80"};
    static const char *const refused[] = {"\xC0\xBC",     "\xC3",         "\xB6",
                                          "\xE0\x9F\xBF", "\xED\xA0\x80", "\xF4\x90\x80\x80"};
    for (size_t i = 0; i < sizeof read / sizeof read[0] + sizeof refused / sizeof refused[0]; i++) {
        char field[80];
        struct lenient l;
        bool good = i < sizeof read / sizeof read[0];
        snprintf(field, sizeof field, "From: a%s <sip:a@b>",
                 good ? read[i] : refused[i - sizeof read / sizeof read[0]]);
        read_field(&l, field, SIPWIRE_ACCEPT_ALL);
        assert_string_equal(sipwire_status_name(l.status), good ? "OK" : "E_SYNTAX");
        free(l.buf);
    }
}

/* Whether a code point is taken in a name that has nothing else; if not, refused at its first octet. */
static bool taken_in_name(uint32_t code)
{
    char field[80], text[5] = {0};
    struct lenient l;
    uint32_t lead = code < 0x800     ? 0xC0
                    : code < 0x10000 ? 0xE0
                                     : 0xF0,
             octets = lead == 0xC0   ? 2
                      : lead == 0xE0 ? 3
                                     : 4;
    for (uint32_t i = 0; i < octets; i++)
        text[octets - 1 - i] = (char)(i + 1 == octets ? lead | code >> 6 * i : 0x80 | (code >> 6 * i & 0x3F));
    snprintf(field, sizeof field, "To: %s <sip:a@b>", text);
    read_field(&l, field, SIPWIRE_ACCEPT_ALL);
    bool taken = l.status == SIPWIRE_OK;
    assert_true(taken || l.err.offset == HEAD_LEN + 4);
    free(l.buf);
    return taken;
}

/* Blanks, controls, what has no width or turns others around, fillers, what is private or no character (Unicode 15);
 * and marks, which may not begin a word. */
static void unquoted_display_name_holds_no_character_that_is_not_seen(void **state)
{
    (void)state;
    static const uint32_t refused[][2] = {
        {0x80, 0xA0},       {0xAD, 0xAD},       {0x300, 0x36F},     {0x61C, 0x61C},     {0x115F, 0x1160},
        {0x1680, 0x1680},   {0x17B4, 0x17B5},   {0x180B, 0x180F},   {0x1AB0, 0x1AFF},   {0x1DC0, 0x1DFF},
        {0x2000, 0x200F},   {0x2028, 0x202F},   {0x205F, 0x206F},   {0x20D0, 0x20FF},   {0x2800, 0x2800},
        {0x2D7F, 0x2D7F},   {0x3000, 0x3000},   {0x3164, 0x3164},   {0xD800, 0xF8FF},   {0xFDD0, 0xFDEF},
        {0xFE00, 0xFE0F},   {0xFE20, 0xFE2F},   {0xFEFF, 0xFEFF},   {0xFFA0, 0xFFA0},   {0xFFF0, 0xFFFF},
        {0x1107F, 0x1107F}, {0x11A47, 0x11A47}, {0x11A99, 0x11A99}, {0x13430, 0x1345F}, {0x16FE4, 0x16FE4},
        {0x1BCA0, 0x1BCA3}, {0x1D159, 0x1D159}, {0x1D173, 0x1D17A}, {0x1FFC0, 0x1FFFF}, {0x2FFC0, 0x2FFFF},
        {0x3F000, 0x10FFFF}};
    size_t range = 0;
    for (uint32_t code = 0x80; code <= 0x10FFFF; code += code < 0x40000 ? 1 : 0xFFF) {
        while (range < sizeof refused / sizeof refused[0] && refused[range][1] < code)
            range++;
        bool expected = range == sizeof refused / sizeof refused[0] || code < refused[range][0];
        if (taken_in_name(code) != expected)
            fail_msg("U+%04X", (unsigned)code);
    }
}

static void unquoted_display_name_has_a_mark_only_behind_what_it_marks(void **state)
{
    (void)state;
    static const char *const taken[] = {"e\xCC\x80", "A \xC3\xB6\xCD\xAF", "(\xE1\xAA\xB0\xE1\xB7\xBF)",
                                        "x\xE2\x83\x90", "x\xEF\xB8\xAF"};
    static const char *const refused[] = {"A \xCC\x80", "A \xE1\xAB\xBFx", "x\xCD\x8F", "x\xEF\xB8\x8F",
                                          "\xE2\x83\xBF y"};
    for (size_t i = 0; i < 5; i++) {
        char field[80];
        struct lenient l;
        snprintf(field, sizeof field, "To: %s <sip:a@b>", taken[i]);
        read_field(&l, field, SIPWIRE_ACCEPT_ALL);
        assert_status(l.status, OK);
        free(l.buf);
        snprintf(field, sizeof field, "To: %s <sip:a@b>", refused[i]);
        read_field(&l, field, SIPWIRE_ACCEPT_ALL);
        assert_status(l.status, E_SYNTAX);
        free(l.buf);
    }
}

static void unquoted_display_name_never_holds_what_ends_or_parts_addresses(void **state)
{
    (void)state;
    static const char hostile[] = ",;:@<>\"\\";
    for (const char *octet = hostile; *octet; octet++) {
        char text[80];
        struct lenient l;
        snprintf(text, sizeof text, HEAD "To: (A %c B) <sip:a@b>\r\n\r\n", *octet);
        read_text(&l, text, strlen(text), SIPWIRE_ACCEPT_ALL);
        assert_status(l.status, E_SYNTAX);
        assert_int_equal(l.err.offset, HEAD_LEN + 4);
        free(l.buf);
    }
}

/* Sofia-SIP reads a URI there, with another host. */
static void unquoted_display_name_with_odd_characters_has_a_blank_before_its_angle_bracket(void **state)
{
    (void)state;
    static const char *const names[] = {"J\xC3\xB6rg", "a&", "x (y)", "/"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        static const char *const blanks[] = {" ", "\t", " \r\n ", ""};
        for (size_t k = 0; k < 4; k++) {
            char field[80];
            struct lenient l;
            sipwire_iter it;
            sipwire_address contact;
            snprintf(field, sizeof field, "Contact: %s%s<sip:a@b>", names[i], blanks[k]);
            read_field(&l, field, SIPWIRE_ACCEPT_ALL);
            assert_string_equal(sipwire_status_name(l.status), k < 3 ? "OK" : "E_SYNTAX");
            sipwire_begin_contact(&it, &l.msg, l.buf);
            if (sipwire_address_next(&it, &contact, &l.err) == SIPWIRE_OK)
                assert_text(contact.display_name, names[i]);
            free(l.buf);
        }
    }
}

static void unbracketed_ipv6_host_is_one_only_where_no_port_can_be_meant(void **state)
{
    (void)state;
    static const char *const read[] = {"2001:db8::1", "::1", "fe80::a:b", "1:2:3:4:5:6:7:8", "::ffff:192.0.2.1"};
    static const char *const refused[] = {"2001:db8::10:5070", "1:2:3:4:5:6:7:8:5060", "1::2:3", "a:b", "1:2",
                                          "::1%eth0"};
    for (size_t i = 0; i < sizeof read / sizeof read[0]; i++) {
        char field[120];
        struct lenient l;
        sipwire_iter it;
        sipwire_via via;
        sipwire_address from;
        snprintf(field, sizeof field, "Via: SIP/2.0/UDP %s;branch=z9hG4bK1\r\nFrom: <sip:a@%s;lr>", read[i], read[i]);
        read_field(&l, field, SIPWIRE_ACCEPT_HOST_UNBRACKETED);
        assert_status(l.status, OK);
        sipwire_begin_via(&it, &l.msg, l.buf);
        assert_status(sipwire_via_next(&it, &via, &l.err), OK);
        assert_str(via.host.text, read[i]);
        assert_int_equal(via.host.type, SIPWIRE_HOST_IPV6);
        assert_int_equal(via.port, -1);
        assert_status(sipwire_get_field_from(&l.msg, l.buf, &from, &l.err), OK);
        assert_str(from.uri.host.text, read[i]);
        assert_int_equal(from.uri.port, -1);
        assert_int_equal(from.uri.params.count, 1);
        free(l.buf);
    }
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        char field[120];
        struct lenient l;
        snprintf(field, sizeof field, "From: <sip:a@%s>", refused[i]);
        read_field(&l, field, SIPWIRE_ACCEPT_ALL);
        assert_status(l.status, E_SYNTAX);
        free(l.buf);
    }
}

static void unbracketed_ipv6_address_is_taken_for_a_parameter_that_is_a_host(void **state)
{
    (void)state;
    struct lenient l;
    sipwire_via via;
    sipwire_iter it;
    sipwire_charging_vector vector;
    read_field(&l,
               "Via: SIP/2.0/UDP a;maddr=fe80::1:5060\r\nP-Charging-Vector: icid-value=1;icid-generated-at=::1\r\n"
               "Contact: <sip:a;maddr=::ffff:192.0.2.1>",
               SIPWIRE_ACCEPT_HOST_UNBRACKETED);
    assert_status(l.status, OK);
    assert_int_equal(l.count, 3);
    assert_int_equal(l.list[0].offset, HEAD_LEN + 29);
    sipwire_begin_via(&it, &l.msg, l.buf);
    assert_status(sipwire_via_next(&it, &via, &l.err), OK);
    assert_str(via.maddr.text, "fe80::1:5060");
    assert_int_equal(via.maddr.type, SIPWIRE_HOST_IPV6);
    sipwire_iter_begin(&it, &l.msg, l.buf, SIPWIRE_HEADER_P_CHARGING_VECTOR);
    assert_status(sipwire_charging_vector_next(&it, &vector, &l.err), OK);
    assert_int_equal(vector.icid_generated_at.type, SIPWIRE_HOST_IPV6);
    free(l.buf);
    assert_refused(HEAD "Via: SIP/2.0/UDP a;maddr=fe80:1\r\n\r\n", SIPWIRE_E_SYNTAX, HEAD_LEN + 29);
    assert_refused(HEAD "Via: SIP/2.0/UDP a;x=::1\r\n\r\n", SIPWIRE_E_SYNTAX, HEAD_LEN + 21);
}

static void tags_of_a_dialog_are_tolerated_where_other_fields_name_it(void **state)
{
    (void)state;
    static const char *const fields[] = {"Replaces: a;to-tag=1/2;from-tag=3", "Join: a;from-tag=1;to-tag=1/",
                                         "Target-Dialog: a;local-tag=[1];remote-tag=3", "Event: dialog;to-tag=(1",
                                         "From: <sip:a@b>;tag=1/"};
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        struct lenient l;
        read_field(&l, fields[i], SIPWIRE_ACCEPT_ALL & ~SIPWIRE_ACCEPT_TAG_CHARS);
        uint32_t offset = l.err.offset;
        assert_status(l.status, E_SYNTAX);
        free(l.buf);
        read_field(&l, fields[i], SIPWIRE_ACCEPT_TAG_CHARS);
        assert_status(l.status, OK);
        assert_int_equal(l.count, 1);
        assert_int_equal(l.list[0].offset, offset);
        free(l.buf);
    }
    assert_refused(HEAD "Replaces: a;to-tag=1@b;from-tag=3\r\n\r\n", SIPWIRE_E_SYNTAX, HEAD_LEN + 20);
}

/* Readers to whom ";" and "=" are of a user would see an address at another host. */
static void tag_of_an_address_without_brackets_never_holds_what_makes_another_uri(void **state)
{
    (void)state;
    for (const char *octet = "@:?"; *octet; octet++) {
        char text[80];
        struct lenient l;
        snprintf(text, sizeof text, HEAD "From: sip:bank;tag=1%cevil\r\n\r\n", *octet);
        read_text(&l, text, strlen(text), SIPWIRE_ACCEPT_ALL);
        assert_status(l.status, E_SYNTAX);
        free(l.buf);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unquoted_display_name_is_well_formed_utf8),
        cmocka_unit_test(unquoted_display_name_holds_no_character_that_is_not_seen),
        cmocka_unit_test(unquoted_display_name_has_a_mark_only_behind_what_it_marks),
        cmocka_unit_test(unquoted_display_name_never_holds_what_ends_or_parts_addresses),
        cmocka_unit_test(unquoted_display_name_with_odd_characters_has_a_blank_before_its_angle_bracket),
        cmocka_unit_test(unbracketed_ipv6_host_is_one_only_where_no_port_can_be_meant),
        cmocka_unit_test(unbracketed_ipv6_address_is_taken_for_a_parameter_that_is_a_host),
        cmocka_unit_test(tags_of_a_dialog_are_tolerated_where_other_fields_name_it),
        cmocka_unit_test(tag_of_an_address_without_brackets_never_holds_what_makes_another_uri),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
