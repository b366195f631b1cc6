#include "sizes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *things;
    size_t units;
    const char *before, *each, *behind;
} MADE_OF[] = {
    {"fields", 5, "", "Route: <sip:proxy.example.com;lr>\r\n", ""},
    {"fields", 50, "", "Route: <sip:proxy.example.com;lr>\r\n", ""},
    {"fields", 500, "", "Route: <sip:proxy.example.com;lr>\r\n", ""},
    {"octets", 10, "Subject: ", "x", "\r\n"},
    {"octets", 100, "Subject: ", "x", "\r\n"},
    {"octets", 1000, "Subject: ", "x", "\r\n"},
    {"octets", 10000, "Subject: ", "x", "\r\n"},
    {"parameters", 1, "Route: <sip:proxy.example.com>", ";x=yz", "\r\n"},
    {"parameters", 10, "Route: <sip:proxy.example.com>", ";x=yz", "\r\n"},
    {"parameters", 100, "Route: <sip:proxy.example.com>", ";x=yz", "\r\n"},
    {"parameters", 1000, "Route: <sip:proxy.example.com>", ";x=yz", "\r\n"},
    {"parameters", 10000, "Route: <sip:proxy.example.com>", ";x=yz", "\r\n"},
};

enum { SIZES = sizeof MADE_OF / sizeof *MADE_OF };

static char *add(char *end, const char *text)
{
    size_t len = strlen(text);
    memcpy(end, text, len);
    return end + len;
}

const sized_message *sizes_all(size_t *count)
{
    static sized_message made[SIZES];
    static const char LINE[] = "OPTIONS sip:alice@example.com SIP/2.0\r\n";
    *count = SIZES;
    for (size_t i = 0; i < SIZES && made[i].things == NULL; i++) {
        size_t most = sizeof LINE + strlen(MADE_OF[i].before) + MADE_OF[i].units * strlen(MADE_OF[i].each) +
                      strlen(MADE_OF[i].behind) + 2;
        char *text = malloc(most);
        if (text == NULL) {
            fputs("out of memory\n", stderr);
            exit(2);
        }
        char *end = add(add(text, LINE), MADE_OF[i].before);
        for (size_t j = 0; j < MADE_OF[i].units; j++) {
            end = add(end, MADE_OF[i].each);
        }
        end = add(add(end, MADE_OF[i].behind), "\r\n");
        size_t len = (size_t)(end - text);
        made[i] = (sized_message){MADE_OF[i].things, MADE_OF[i].units, {text, len, len, len, 0, MADE_OF[i].things}};
    }
    return made;
}
