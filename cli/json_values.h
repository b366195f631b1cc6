/* Values of messages as JSON: docs/json-schema.json describes it.
 * SPDX-License-Identifier: MIT */
#ifndef CLI_JSON_VALUES_H
#define CLI_JSON_VALUES_H

#include "command.h"

#include <jansson.h>

/* jansson never returns NULL for want of memory: the program ends instead. Call it first. */
void json_memory(void);

/* Octets as a string; U+FFFD for what is not UTF-8, and *replaced is set then. */
json_t *json_octets(sipwire_str octets, bool *replaced);

/* The same in hexadecimal. */
json_t *json_hex(sipwire_str octets);

/* A text's octets, decoded; free them. */
sipwire_str text_decoded(sipwire_text text);

/* A text, decoded; null when it is absent. */
json_t *json_text(sipwire_text text, bool *replaced);

json_t *json_uri(const sipwire_uri *uri);

/* One value of a header field. base: what its origin's offset counts from. */
json_t *json_value(const sipwire_value *value, const char *base);

/* text: what err->offset counts from. message may be NULL. */
json_t *json_error(const sipwire_error *err, sipwire_str text, const struct message *message);

/* Prints it on a line of the standard output, and lets go of it. */
void json_print(json_t *json);

#endif
