#include "sizes.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "kept.h"

enum { MOST_SIZES = 5 };

static const struct {
    const char *things, *before, *each, *behind;
    size_t units[MOST_SIZES];
} MADE_OF[] = {
    {"fields", "", "Route: <sip:proxy.example.com;lr>\r\n", "", {5, 50, 500}},
    {"octets", "Subject: ", "x", "\r\n", {10, 100, 1000, 10000}},
    {"parameters", "Route: <sip:proxy.example.com>", ";x=yz", "\r\n", {1, 10, 100, 1000, 10000}},
    {"folds",
     "",
     "Via: SIP/2.0/TCP proxy.example.com\r\n ;branch=z9hG4bK77ef4c\r\n ;received=192.0.2.1\r\n",
     "",
     {5, 50, 500}},
    {"bare-addresses", "", "Contact:sip:alice@192.0.2.1:5060;expires=60\r\n", "", {5, 50, 500}},
    {"bare-uris", "Contact: x:a", ",x:a", "\r\n", {1, 10, 100, 1000, 10000}},
};

enum { THINGS = sizeof MADE_OF / sizeof *MADE_OF };

static char *add(char *end, const char *text)
{
    size_t len = strlen(text);
    memcpy(end, text, len);
    return end + len;
}

static sized_message make(size_t thing, size_t units)
{
    static const char LINE[] = "OPTIONS sip:alice@example.com SIP/2.0\r\n";
    const char *before = MADE_OF[thing].before, *each = MADE_OF[thing].each, *behind = MADE_OF[thing].behind;
    char *text = kept_block(malloc(sizeof LINE + strlen(before) + units * strlen(each) + strlen(behind) + 2));
    char *end = add(add(text, LINE), before);
    for (size_t i = 0; i < units; i++) {
        end = add(end, each);
    }
    end = add(add(end, behind), "\r\n");
    size_t len = (size_t)(end - text);
    return (sized_message){MADE_OF[thing].things, units, {text, len, len, len, 0, MADE_OF[thing].things}};
}

const sized_message *sizes_all(size_t *count)
{
    static sized_message made[THINGS * MOST_SIZES];
    static size_t made_count;
    bool first = made_count == 0;
    for (size_t thing = 0; first && thing < THINGS; thing++) {
        for (size_t i = 0; i < MOST_SIZES && MADE_OF[thing].units[i] != 0; i++) {
            made[made_count++] = make(thing, MADE_OF[thing].units[i]);
        }
    }
    *count = made_count;
    return made;
}
