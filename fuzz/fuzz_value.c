/* Any octets as the value of a header field, or as a URI: the first octet chooses which, the others are the text. The
 * same digest at every SIMD level; what is accepted stands alone, element by element.
 * SPDX-License-Identifier: MIT */
#include "digest.h"

/* All values of a list, or the one value. */
static uint64_t read_values(uint16_t header, const char *text, size_t len)
{
    digest d = {text, len, 0};
    sipwire_value value;
    sipwire_error err;
    sipwire_str rest = {text, len};
    bool first = true;
    do {
        const char *at = rest.ptr;
        sipwire_status status = sipwire_value_parse(header, rest, first, &value, &rest, &err);
        digest_number(&d, (uint64_t)(at - text));
        digest_number(&d, (uint64_t)(uint32_t)status);
        if (status != SIPWIRE_OK) {
            require(status == err.status);
            if (status < 0 && status != SIPWIRE_E_UNTYPED)
                digest_error(&d, &err);
            return d.hash;
        }
        digest inner = {at, len - (size_t)(at - text), 0};
        digest_origin(&inner, &value.as.at);
        digest_value(&inner, &value);
        digest_number(&d, inner.hash);
        require_stands_alone(&inner, &value);
        first = false;
    } while (rest.len > 0);
    return d.hash;
}

static uint64_t read_uri(const char *text, size_t len)
{
    digest d = {text, len, 0};
    sipwire_uri uri;
    sipwire_error err;
    sipwire_status status = sipwire_uri_parse((sipwire_str){text, len}, &uri, &err);
    digest_number(&d, (uint64_t)(uint32_t)status);
    if (status == SIPWIRE_OK)
        digest_uri(&d, &uri);
    else
        digest_error(&d, &err);
    return d.hash;
}

static uint64_t read_all(uint16_t header, const char *text, size_t len)
{
    return header == SIPWIRE_HEADER_UNKNOWN ? read_uri(text, len) : read_values(header, text, len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    uint16_t header = (uint16_t)(data[0] % (SIPWIRE_HIGHEST_HEADER + 1));
    const char *text = (const char *)data + 1;
    sipwire_level_force(SIPWIRE_LEVEL_SCALAR);
    uint64_t plain = read_all(header, text, size - 1);
    for (int level = SIPWIRE_LEVEL_SSSE3; level <= SIPWIRE_LEVEL_NEON; level++) {
        if (sipwire_level_force((sipwire_level)level))
            require(read_all(header, text, size - 1) == plain);
    }
    return 0;
}
