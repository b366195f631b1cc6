/* Texts by themselves, read strictly with limits other than the default ones: what the writer reads, it holds to its
 * own.
 * SPDX-License-Identifier: MIT */
#ifndef SIPWIRE_BY_ITSELF_H
#define SIPWIRE_BY_ITSELF_H

#include "linker_names.h"

#include <sipwire/values.h>

/* Values of a field. limits: resolved; mode and accept do not count. */
struct value_text {
    sipwire_str text;
    const sipwire_options *limits;
    uint16_t header;
    bool first;
};

/* As sipwire_value_parse. */
sipwire_status value_of_text(const struct value_text *from, sipwire_value *out, sipwire_str *rest, sipwire_error *err);

/* As sipwire_uri_parse. */
sipwire_status uri_of_text(sipwire_str text, const sipwire_options *limits, sipwire_uri *out, sipwire_error *err);

#endif
