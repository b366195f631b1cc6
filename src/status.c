/* Status codes in words, and the version.
 * SPDX-License-Identifier: MIT */
#include "sipwire/base.h"

#define TEXT(text) #text
#define VERSION_TEXT(major, minor, patch) TEXT(major) "." TEXT(minor) "." TEXT(patch)

const char *sipwire_version(void)
{
    return VERSION_TEXT(SIPWIRE_VERSION_MAJOR, SIPWIRE_VERSION_MINOR, SIPWIRE_VERSION_PATCH);
}

const char *sipwire_status_name(sipwire_status status)
{
    switch (status) {
#define NAME(name, number, text)                                                                                       \
    case SIPWIRE_##name:                                                                                               \
        return #name;
        SIPWIRE_STATUS_LIST(NAME)
#undef NAME
    }
    return "?";
}

const char *sipwire_status_text(sipwire_status status)
{
    switch (status) {
#define SENTENCE(name, number, text)                                                                                   \
    case SIPWIRE_##name:                                                                                               \
        return text;
        SIPWIRE_STATUS_LIST(SENTENCE)
#undef SENTENCE
    }
    return "no such status";
}
