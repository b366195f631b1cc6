#include "peers.h"

#include <http_parser.h>
#include <osipparser2/osip_parser.h>
#include <re/re.h>
#include <stdlib.h>
#include <string.h>

#include "kept.h"

size_t peer_osip(const mix_message *message)
{
    static int ready;
    if (!ready) {
        parser_init();
        ready = 1;
    }
    osip_message_t *made;
    if (osip_message_init(&made) != 0) {
        return 0;
    }
    size_t fine = osip_message_parse(made, message->data, message->len) == 0;
    osip_message_free(made);
    return fine;
}

size_t peer_re(const mix_message *message)
{
    static kept all;
    void **slot = kept_for(&all, message);
    if (*slot == NULL) {
        struct mbuf *copy = mbuf_alloc(message->len);
        if (copy == NULL || mbuf_write_mem(copy, (const uint8_t *)message->data, message->len) != 0) {
            return 0;
        }
        *slot = copy;
    }
    struct mbuf *octets = *slot;
    mbuf_set_pos(octets, 0);
    struct sip_msg *made = NULL;
    size_t fine = sip_msg_decode(&made, octets) == 0;
    mem_deref(made);
    return fine;
}

static int count_octets(http_parser *parser, const char *at, size_t length)
{
    (void)at;
    *(size_t *)parser->data += length;
    return 0;
}

size_t peer_http_parser(const mix_message *message)
{
    static const char LINE[] = "OPTIONS * HTTP/1.1";
    static kept all;
    static http_parser_settings settings;
    settings.on_header_field = count_octets;
    settings.on_header_value = count_octets;
    const char *fields = memchr(message->data, '\r', message->head);
    if (fields == NULL) {
        return 0;
    }
    size_t rest = message->head - (size_t)(fields - message->data), len = sizeof LINE - 1 + rest;
    void **slot = kept_for(&all, message);
    if (*slot == NULL) {
        char *text = kept_block(malloc(len));
        memcpy(text, LINE, sizeof LINE - 1);
        memcpy(text + sizeof LINE - 1, fields, rest);
        *slot = text;
    }
    http_parser parser;
    size_t sum = 0;
    http_parser_init(&parser, HTTP_REQUEST);
    parser.data = &sum;
    size_t read = http_parser_execute(&parser, &settings, *slot, len);
    return read == len && parser.http_errno == HPE_OK ? sum : 0;
}
