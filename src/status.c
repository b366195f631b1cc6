/* Status codes in words, and the version.
 * SPDX-License-Identifier: MIT */
#include "sipwire/base.h"
#include "sipwire/names.h"

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

uint16_t sipwire_error_response(const sipwire_error *err)
{
    switch (err->status) {
    case SIPWIRE_E_LIMIT_URI:
        return err->row == UINT32_MAX && err->header == SIPWIRE_HEADER_UNKNOWN ? 414 : 513;
    case SIPWIRE_E_LIMIT_MESSAGE:
    case SIPWIRE_E_LIMIT_HEAD:
    case SIPWIRE_E_LIMIT_FIELDS:
    case SIPWIRE_E_LIMIT_FIELD:
    case SIPWIRE_E_LIMIT_PARAMS:
    case SIPWIRE_E_LIMIT_NESTING:
    case SIPWIRE_E_LIMIT_LEADING:
        return 513;
    case SIPWIRE_E_USAGE:
    case SIPWIRE_E_SLOTS:
    case SIPWIRE_E_SPACE:
    case SIPWIRE_E_UNTYPED:
    case SIPWIRE_E_MEMBER:
    case SIPWIRE_E_ORDER:
        return 0;
    default:
        return err->status < 0 ? 400 : 0;
    }
}
