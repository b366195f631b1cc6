#include "work.h"

#include <string.h>

#include "sipwire/frame.h"
#include "sipwire/message.h"

#define ROWS 4096

static _Thread_local sipwire_row rows[ROWS];

size_t work_floor(const mix_message *message)
{
    const char *p = message->data;
    const char *end = p + message->head;
    size_t lines = 0;
    while ((p = memchr(p, '\n', (size_t)(end - p))) != NULL) {
        p++;
        lines++;
    }
    return lines;
}

size_t work_memcpy(const mix_message *message)
{
    static char copy[65536];
    size_t len = message->len < sizeof copy ? message->len : sizeof copy;
    memcpy(copy, message->data, len);
    return (size_t)(unsigned char)copy[len - 1] + 1;
}

size_t work_index(const mix_message *message)
{
    static _Thread_local sipwire_msg msg;
    if (msg.rows == NULL) {
        sipwire_msg_init(&msg, rows, ROWS, NULL);
    }
    sipwire_error err;
    return sipwire_parse(&msg, message->data, message->len, &err) == SIPWIRE_OK ? msg.count : 0;
}

/* The next message of the stream; octets in all, 0 when it is refused. */
static size_t next_frame(const mix_message *message, sipwire_frame *frame)
{
    static sipwire_framer framer;
    static bool ready;
    if (!ready) {
        sipwire_framer_init(&framer, NULL);
    }
    sipwire_error err;
    ready = sipwire_framer_scan(&framer, message->data, message->rest, frame, &err) == SIPWIRE_OK;
    return ready ? frame->total : 0;
}

size_t work_frame(const mix_message *message)
{
    sipwire_frame frame;
    return next_frame(message, &frame);
}

size_t work_frame_index(const mix_message *message)
{
    static sipwire_framer framer;
    static sipwire_msg msg;
    static bool ready;
    if (msg.rows == NULL) {
        sipwire_options options = SIPWIRE_OPTIONS_INIT;
        options.mode = SIPWIRE_STREAM;
        sipwire_msg_init(&msg, rows, ROWS, &options);
    }
    if (!ready) {
        sipwire_framer_init(&framer, NULL);
    }
    sipwire_frame frame;
    sipwire_error err;
    ready = sipwire_framer_parse(&framer, &msg, message->data, message->rest, &frame, &err) == SIPWIRE_OK;
    return ready ? msg.count : 0;
}
