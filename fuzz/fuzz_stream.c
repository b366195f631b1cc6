/* Any octets as a stream: the frames and the error are the same at every SIMD level and however the stream is cut; what
 * the parser accepts the framer delimits just so, what the framer refuses the parser does not accept.
 * SPDX-License-Identifier: MIT */
#include <sipwire/frame.h>
#include <sipwire/level.h>
#include <sipwire/message.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_FRAMES = 16, SMALL = 160 };

typedef struct outcome {
    size_t count;
    sipwire_frame frames[MOST_FRAMES];
    size_t begin; /* octets consumed */
    int32_t status;
    uint64_t offset;
} outcome;

static void require(bool good)
{
    if (!good)
        abort();
}

/* One call, on a copy of exactly these octets. */
static sipwire_status scan(sipwire_framer *framer, const uint8_t *data, size_t len, sipwire_frame *frame,
                           sipwire_error *err)
{
    char *copy = malloc(len != 0 ? len : 1);
    require(copy != NULL);
    if (len != 0)
        memcpy(copy, data, len);
    sipwire_status status = sipwire_framer_scan(framer, copy, len, frame, err);
    free(copy);
    return status;
}

/* The stream comes in pieces that end at the given places; data[cuts[i] ..) is not there yet. */
static void feed(outcome *o, const uint8_t *data, size_t len, const size_t *cuts, size_t n,
                 const sipwire_options *options)
{
    sipwire_framer framer;
    sipwire_framer_init(&framer, options);
    memset(o, 0, sizeof *o);
    for (size_t i = 0; i <= n; i++) {
        size_t end = i < n ? cuts[i] : len;
        for (;;) {
            sipwire_frame frame;
            sipwire_error err = {0};
            o->status = scan(&framer, data + o->begin, end - o->begin, &frame, &err);
            if (o->status < 0) {
                o->offset = o->begin + err.offset;
                return;
            }
            if (o->status == SIPWIRE_MORE)
                break;
            require(frame.head <= frame.total && frame.total <= end - o->begin - frame.skip);
            if (o->count < MOST_FRAMES)
                o->frames[o->count] = frame;
            o->count++;
            o->begin += frame.skip + frame.total;
        }
    }
}

/* The whole stream as one message. */
static void agree(const outcome *o, const uint8_t *data, size_t len, const sipwire_options *options)
{
    static sipwire_row rows[4096];
    sipwire_msg msg;
    sipwire_error err;
    sipwire_options stream = *options;
    stream.mode = SIPWIRE_STREAM;
    sipwire_msg_init(&msg, rows, 4096, &stream);
    sipwire_status status = sipwire_parse(&msg, (const char *)data, len, &err);
    if (status == SIPWIRE_OK)
        require(o->count == 1 && o->frames[0].skip == 0 && o->frames[0].total == len &&
                o->frames[0].head == msg.head_len);
    bool start_line = status == SIPWIRE_E_START_LINE || status == SIPWIRE_E_RANGE;
    bool skipped = len >= 2 && data[0] == '\r' && data[1] == '\n';
    if (o->count == 0 && o->status < 0 && !start_line && !skipped)
        require(status == o->status && err.offset == o->offset);
    size_t at = 0;
    for (size_t i = 0; i < o->count && i < MOST_FRAMES; i++) {
        at += o->frames[i].skip;
        status = sipwire_parse(&msg, (const char *)data + at, o->frames[i].total, &err);
        require(status == SIPWIRE_OK || status == SIPWIRE_E_START_LINE || status == SIPWIRE_E_RANGE);
        require(msg.head_len == o->frames[i].head);
        at += o->frames[i].total;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first octets choose limits and cuts. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static outcome whole, other;
    sipwire_options options = SIPWIRE_OPTIONS_INIT;
    if (size < 4)
        return 0;
    if (data[0] & 1)
        options.max_field = data[1];
    if (data[0] & 2)
        options.max_fields = data[1];
    if (data[0] & 4)
        options.max_head = data[1] * 4u;
    if (data[0] & 8)
        options.max_message = data[1] * 4u;
    const uint8_t *stream = data + 4;
    size_t len = size - 4, cuts[2] = {data[2] * 3u, data[2] * 3u + data[3]};
    for (int i = 0; i < 2; i++)
        cuts[i] = cuts[i] < len ? cuts[i] : len;
    require(sipwire_level_force(SIPWIRE_LEVEL_SCALAR));
    feed(&whole, stream, len, NULL, 0, &options);
    for (int level = SIPWIRE_LEVEL_SCALAR; level <= SIPWIRE_LEVEL_NEON; level++) {
        if (!sipwire_level_force((sipwire_level)level))
            continue;
        feed(&other, stream, len, NULL, 0, &options);
        require(memcmp(&whole, &other, sizeof whole) == 0);
        feed(&other, stream, len, cuts, 2, &options);
        require(memcmp(&whole, &other, sizeof whole) == 0);
        agree(&whole, stream, len, &options);
        for (size_t cut = 0; len <= SMALL && cut <= len; cut++) {
            feed(&other, stream, len, &cut, 1, &options);
            require(memcmp(&whole, &other, sizeof whole) == 0);
        }
    }
    return 0;
}
