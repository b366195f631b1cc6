/* Any octets as a datagram, and any tolerances (the first 8 octets). What the strict reading accepts, lines or one
 * value, must be the same with tolerances and use none; what is accepted with some must be the same with all, and use
 * no others. The tolerant machines by themselves must read what the strict ones accept as those do.
 * SPDX-License-Identifier: MIT */
#include "../tests/tolerantly.h"
#include "digest.h"

enum { ROWS = 64, DEVIATIONS = 64 };

struct read {
    sipwire_row rows[ROWS];
    sipwire_msg msg;
    sipwire_status status;
    sipwire_error err;
};

static void read_lines(struct read *r, const char *buf, size_t len, uint64_t accept)
{
    sipwire_options options = SIPWIRE_OPTIONS_INIT;
    options.accept = accept;
    sipwire_msg_init(&r->msg, r->rows, ROWS, &options);
    r->status = sipwire_parse(&r->msg, buf, len, &r->err);
}

/* All that the index says, but the options. */
static void require_same_lines(const struct read *a, const struct read *b)
{
    sipwire_msg left = a->msg, right = b->msg;
    require(a->status == b->status);
    left.rows = right.rows = NULL;
    left.options = right.options;
    require(memcmp(&left, &right, sizeof left) == 0);
    require(memcmp(a->rows, b->rows, a->msg.count * sizeof a->rows[0]) == 0);
}

static uint64_t digest_of(const sipwire_value *value, const char *buf, size_t len)
{
    digest d = {buf, len, 0};
    digest_origin(&d, &value->as.at);
    digest_value(&d, value);
    return d.hash;
}

/* Walks one row with two sets of tolerances as long as the lesser accepts. */
static void compare_row(const struct read *lesser, const struct read *greater, const char *buf, size_t len,
                        uint32_t row)
{
    sipwire_iter a, b;
    sipwire_value left, right;
    sipwire_error err;
    sipwire_status status;
    sipwire_iter_begin_row(&a, &lesser->msg, buf, &lesser->rows[row]);
    sipwire_iter_begin_row(&b, &greater->msg, buf, &greater->rows[row]);
    while ((status = sipwire_next(&a, &left, &err)) == SIPWIRE_OK) {
        require(sipwire_next(&b, &right, &err) == SIPWIRE_OK);
        require(left.as.at.deviations == right.as.at.deviations);
        require(digest_of(&left, buf, len) == digest_of(&right, buf, len));
        require(lesser->msg.options.accept != 0 || left.as.at.deviations == 0);
    }
    if (status == SIPWIRE_END)
        require(sipwire_next(&b, &right, &err) == SIPWIRE_END);
}

/* Deviations are of the tolerances given, lie in the message, and stand in order. */
static void require_deviations(const struct read *r, const char *buf, size_t len, const sipwire_row *row)
{
    sipwire_deviation list[DEVIATIONS];
    size_t count = sipwire_deviations(&r->msg, buf, row, list, DEVIATIONS);
    for (size_t i = 0; i < count && i < DEVIATIONS; i++) {
        require((list[i].accept & r->msg.options.accept) == list[i].accept && list[i].accept != 0);
        require(list[i].offset <= len && (i == 0 || list[i - 1].offset <= list[i].offset));
    }
}

/* The first value of a row, strictly and by the tolerant machine itself. */
static void compare_machines(const struct read *strict, const char *buf, uint32_t row)
{
    sipwire_value value, again;
    sipwire_str rest, text = sipwire_row_value(&strict->rows[row], buf);
    size_t used;
    uint16_t header = strict->rows[row].id;
    if (sipwire_value_parse(header, text, true, &value, &rest, NULL) != SIPWIRE_OK || value.as.at.length == 0)
        return;
    require(tolerantly_value(header, text, true, &again, &used) == SIPWIRE_OK && used == 0);
    require(digest_of(&value, text.ptr, text.len) == digest_of(&again, text.ptr, text.len));
}

static void compare(const struct read *lesser, const struct read *greater, const char *buf, size_t len)
{
    if (lesser->status != SIPWIRE_OK)
        return;
    require_same_lines(lesser, greater);
    for (uint32_t i = 0; i < lesser->msg.count; i++)
        compare_row(lesser, greater, buf, len, i);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct read strict, some, all;
    uint64_t accept;
    if (size < sizeof accept)
        return 0;
    memcpy(&accept, data, sizeof accept);
    const char *buf = (const char *)data + sizeof accept;
    size_t len = size - sizeof accept;
    read_lines(&strict, buf, len, 0);
    read_lines(&some, buf, len, accept);
    read_lines(&all, buf, len, SIPWIRE_ACCEPT_ALL);
    compare(&strict, &some, buf, len);
    compare(&some, &all, buf, len);
    require_deviations(&some, buf, len, NULL);
    for (uint32_t i = 0; i < some.msg.count; i++)
        require_deviations(&some, buf, len, &some.rows[i]);
    for (uint32_t i = 0; i < strict.msg.count; i++)
        compare_machines(&strict, buf, i);
    return 0;
}
