/* What the library says of the values on stdin, for compare.py. Each line: the field's number, "list" or "value", and
 * the octets in hex, separated by tabs. Prints a line for each: the status's name and the offset of the error.
 * SPDX-License-Identifier: MIT */
#include <sipwire/sipwire.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* All values of a list, one behind the other. */
static sipwire_status read_list(uint16_t header, sipwire_str text, sipwire_error *err)
{
    sipwire_str rest = text;
    sipwire_value value;
    do {
        uint32_t before = (uint32_t)(rest.ptr - text.ptr);
        sipwire_status status = sipwire_value_parse(header, rest, before == 0, &value, &rest, err);
        err->offset += before;
        if (status != SIPWIRE_OK)
            return status;
    } while (rest.len > 0);
    return SIPWIRE_OK;
}

static sipwire_status read_value(uint16_t header, sipwire_str text, sipwire_error *err)
{
    sipwire_value value;
    return sipwire_value_parse(header, text, true, &value, NULL, err);
}

/* Turns hex digits into octets in place; returns how many. */
static size_t unhex(char *hex)
{
    size_t len = 0;
    unsigned octet;
    for (const char *p = hex; sscanf(p, "%2x", &octet) == 1; p += 2)
        hex[len++] = (char)octet;
    return len;
}

int main(void)
{
    static char line[1 << 16];
    while (fgets(line, sizeof line, stdin)) {
        char *mode = strchr(line, '\t');
        char *hex = mode ? strchr(mode + 1, '\t') : NULL;
        if (!hex)
            return 2;
        uint16_t header = (uint16_t)strtoul(line, NULL, 10);
        bool list = strncmp(mode + 1, "list", 4) == 0;
        size_t len = unhex(hex + 1);
        sipwire_error err = {0};
        sipwire_str text = {hex + 1, len};
        sipwire_status status = list ? read_list(header, text, &err) : read_value(header, text, &err);
        printf("%s\t%u\n", sipwire_status_name(status), (unsigned)err.offset);
    }
    return 0;
}
