/* What tests of values need: exact blocks, short messages, comparing typed values.
 * SPDX-License-Identifier: MIT */
#ifndef SIPWIRE_TESTS_SUPPORT_H
#define SIPWIRE_TESTS_SUPPORT_H

#include "wire_support.h"
#include <sipwire/sipwire.h>

/* A copy of len octets in a block of exactly that size, for valgrind and AddressSanitizer. free() it. */
char *block_of(const void *octets, size_t len);

/* A text from a string literal, which may hold NULs. */
#define STR(literal) ((sipwire_str){(literal), sizeof(literal) - 1})

bool str_is(sipwire_str str, const char *expected);
bool text_is(sipwire_text text, const char *expected); /* decoded */

#define assert_str(str, expected) assert_true(str_is((str), (expected)))
#define assert_text(text, expected) assert_true(text_is((text), (expected)))
#define assert_absent(member) assert_null((member).ptr)
#define assert_status(call, status) assert_string_equal(sipwire_status_name(call), #status)

/* Whether two readings of the same octets have equal members that point to the same octets. */
bool same_origin(const sipwire_origin *a, const sipwire_origin *b);
bool same_uri(const sipwire_uri *a, const sipwire_uri *b);
bool same_value(const sipwire_value *a, const sipwire_value *b);

/* Same status, offset, rule, header, row and need. */
bool same_error(const sipwire_error *a, const sipwire_error *b);

/* A parsed message in an exact block; parsing must succeed. message_free() it. */
struct message {
    char *buf;
    size_t len;
    sipwire_row rows[64];
    sipwire_msg msg;
};

/* head: start line and header fields, each line with its CRLF, without the empty line. */
void message_of(struct message *message, const char *head);
void message_free(struct message *message);

/* Where a text stands in the message; it must be there. */
uint32_t place(const struct message *m, const char *text);

void assert_error(const sipwire_error *err, sipwire_status status, uint32_t offset, uint16_t header, uint32_t row);
void assert_origin(const sipwire_origin *at, uint32_t row, uint32_t offset, uint32_t length, uint16_t header);

/* A start line when it does not matter which. */
#define OK_LINE "SIP/2.0 200 OK\r\n"

#endif
