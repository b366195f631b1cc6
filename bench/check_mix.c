/* Whether every message of the shipped mix is what the benchmarks take it for: accepted as a datagram and on a stream,
 * delimited by the framer where it ends, and well-formed in every value. */
#include <stdio.h>
#include <string.h>

#include "mix.h"
#include "sipwire/frame.h"
#include "sipwire/message.h"
#include "work.h"

#define KINDS_WANTED 12

static sipwire_row rows[256];

static int check(const mix_message *message, uint32_t mode)
{
    sipwire_options options = SIPWIRE_OPTIONS_INIT;
    options.mode = mode;
    sipwire_msg msg;
    sipwire_msg_init(&msg, rows, sizeof rows / sizeof *rows, &options);
    sipwire_error err = {0};
    sipwire_status status = sipwire_parse(&msg, message->data, message->len, &err);
    if (status != SIPWIRE_OK) {
        printf("%s: %s at offset %u\n", message->kind, sipwire_status_name(status), err.offset);
        return 1;
    }
    if (msg.head_len != message->head || msg.body.len != message->len - message->head || msg.trailing != 0) {
        printf("%s: head %u, body %u, trailing %u\n", message->kind, msg.head_len, msg.body.len, msg.trailing);
        return 1;
    }
    return 0;
}

static int check_frame(sipwire_framer *framer, const mix_message *message)
{
    sipwire_frame frame;
    sipwire_error err = {0};
    sipwire_status status = sipwire_framer_scan(framer, message->data, message->rest, &frame, &err);
    if (status != SIPWIRE_OK || frame.skip != 0 || frame.head != message->head || frame.total != message->len) {
        printf("%s: framer returns %s, offset %u\n", message->kind, sipwire_status_name(status), err.offset);
        sipwire_framer_init(framer, NULL);
        return 1;
    }
    return 0;
}

static int check_values(const mix_message *message)
{
    if (work_all_values(message) == 0) {
        printf("%s: a value is malformed\n", message->kind);
        return 1;
    }
    return 0;
}

/* Whether no earlier message is of the kind of this one. */
static int is_first_of_kind(const mix *messages, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (strcmp(messages->messages[i].kind, messages->messages[index].kind) == 0) {
            return 0;
        }
    }
    return 1;
}

int main(void)
{
    mix messages = mix_shipped();
    sipwire_framer framer;
    sipwire_framer_init(&framer, NULL);
    int failed = 0;
    int kinds = 0;
    for (size_t i = 0; i < messages.count; i++) {
        failed += check(&messages.messages[i], SIPWIRE_DATAGRAM);
        failed += check(&messages.messages[i], SIPWIRE_STREAM);
        failed += check_frame(&framer, &messages.messages[i]);
        failed += check_values(&messages.messages[i]);
        kinds += is_first_of_kind(&messages, i);
    }
    printf("%zu messages of %d kinds, %d faults\n", messages.count, kinds, failed);
    return failed != 0 || kinds < KINDS_WANTED;
}
