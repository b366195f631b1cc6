/* sipwire: the index of one message: its start line, one row per header field, its body. Offsets only, nothing copied.
 * SPDX-License-Identifier: MIT */
#ifndef SIPWIRE_MESSAGE_H
#define SIPWIRE_MESSAGE_H

#include "base.h"
#include "frame.h"
#include "names.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Row flags. */
#define SIPWIRE_ROW_FOLDED 0x1u  /* the value holds line folding (RFC 3261 section 7.3.1) */
#define SIPWIRE_ROW_CONTROL 0x2u /* the value holds a control octet other than HTAB and those of a fold */
#define SIPWIRE_ROW_COMPACT 0x4u /* the name is the compact form (section 7.3.3) */
#define SIPWIRE_ROW_BLANK 0x8u /* blanks stand between the name and the colon (legal, section 7.3.1 advises against) */
#define SIPWIRE_ROW_NONASCII 0x10u /* the value holds octets of 80 to FF */

/* One header field. Offsets are from the start of the message's buffer. The line begins at name_off and ends with the
 * CRLF after the value: the next row's name_off. */
typedef struct sipwire_row {
    uint32_t name_off;
    uint32_t value_off; /* after the colon, the blanks and at most one fold behind it (HCOLON) */
    uint32_t value_len; /* up to the CRLF; trailing blanks included */
    uint16_t name_len;
    uint16_t id;    /* sipwire_header; SIPWIRE_HEADER_UNKNOWN for a name that is not in the table */
    uint16_t flags; /* SIPWIRE_ROW_* */
    uint16_t reserved0;
    uint32_t reserved1;
} sipwire_row;

typedef enum sipwire_kind { SIPWIRE_REQUEST = 1, SIPWIRE_RESPONSE = 2 } sipwire_kind;

/* The index of a message. Made by sipwire_msg_init and sipwire_parse; then read-only, and may be read by several
 * threads. It holds no pointer into the message, and one to the rows: to move it to another address space copy the
 * struct and the rows, then set rows. Read what the comments name; leave the rest alone. */
typedef struct sipwire_msg {
    sipwire_row *rows; /* the caller's array */
    uint32_t capacity; /* rows in it */
    uint32_t count;    /* rows filled; what stands in the slots behind them is not said */
    uint8_t kind;      /* sipwire_kind; 0 when the start line is neither */
    uint8_t reserved0;
    uint16_t method; /* request: sipwire_method; SIPWIRE_METHOD_UNKNOWN for an extension-method */
    uint16_t status; /* response: 100 to 699 */
    uint16_t reserved1;
    sipwire_span method_text; /* request: Method */
    sipwire_span uri;         /* request: Request-URI, not yet parsed (sipwire_request_uri) */
    sipwire_span version;     /* SIP-Version */
    sipwire_span reason;      /* response: Reason-Phrase; may be empty */
    uint32_t start_line_len;  /* with its CRLF, and leading */
    uint32_t head_len;        /* with the empty line, and leading; 0 when the head does not end */
    sipwire_span body;
    uint32_t content_length; /* the field's number, when there is one: see SIPWIRE_HEADER_CONTENT_LENGTH in present */
    uint32_t trailing;       /* mode SIPWIRE_DATAGRAM: octets behind the body, not part of the message (section 18.3) */
    uint64_t present[4];     /* bit id%64 of word id/64: a row with that header id exists (ids under 256) */
    sipwire_options options; /* as given, limits filled in */
    /* Tolerances that the start line and the line ends needed: bits SIPWIRE_ACCEPT_*. What the values needed is found
     * by reading them (sipwire_deviations). */
    uint64_t deviations;
    uint32_t leading; /* octets of blank lines before the start line, with SIPWIRE_ACCEPT_LEADING_LINES */
    uint32_t reserved3;
    uint64_t reserved2[4];
} sipwire_msg;

/* Gives a message its rows and options. slots: array of n rows, owned by the caller, used as long as the message.
 * options: NULL for the defaults; copied. No need to call again before the next sipwire_parse. */
SIPWIRE_API void sipwire_msg_init(sipwire_msg *msg, sipwire_row *slots, size_t n, const sipwire_options *options);

/* Indexes one whole message (RFC 3261 section 7): a datagram, or what sipwire_framer_scan delimited.
 * buf, len: the message; CRLFs before the start line are an error here (the framer skips them; section 7.5 is about
 * streams). Must stay unchanged as long as the message or anything read from it is used.
 * It checks framing, the start line and the structure of lines; what a header field means is checked when it is read.
 * Returns OK, or the first error of
 *   E_START_LINE         neither Request-Line nor Status-Line (rule says where)
 *   E_RANGE              status code outside 100 to 699
 *   E_LINE_END           CR or LF outside CRLF
 *   E_CONTROL, E_NAME    the name of a header field is no token, or something other than blanks stands before its colon
 *   E_FOLD               a continuation line right after the start line
 *   E_CONTENT_LENGTH, E_CONTENT_LENGTH_REPEATED, E_CONTENT_LENGTH_MISSING (stream only), E_BODY_SHORT (needed: octets
 *   of the whole message), E_TRAILING (stream and WebSocket), E_HEAD_UNENDED
 *   E_SLOTS              err->needed rows would do; the first rows are filled
 *   E_LIMIT_MESSAGE, E_LIMIT_HEAD, E_LIMIT_FIELDS, E_LIMIT_FIELD, E_LIMIT_LEADING
 * or, in mode SIPWIRE_WEBSOCKET, KEEP_ALIVE: CRLF CRLF, to be answered with CRLF, or CRLF, which answers (RFC 5626
 * section 3.5.1, RFC 7118 section 6).
 * After an error msg still holds all that could be found, so that the message can be answered or shown: malformed lines
 * have no row. Linear in len. */
SIPWIRE_API sipwire_status sipwire_parse(sipwire_msg *msg, const char *buf, size_t len, sipwire_error *err);

/* Looks at a message as far as it goes: one that is over a limit, or whose head or body is not all there yet, perhaps
 * to answer it (513, or 408 and 400 when nothing more comes) or to choose who is to read it.
 * msg, buf, len: as for sipwire_parse. Of a stream, give what follows out->skip of sipwire_framer_scan: after MORE, or
 * after an error, all that has come. Lines that are complete have rows, also those behind a malformed or overlong one;
 * not those behind max_head, max_fields or the rows of msg.
 * Returns OK: the head is complete, and right as to its lines; body.len is what is there of the body;
 *         MORE: it is right as far as it goes;
 *         E_*: as sipwire_parse, the first error, with msg filled as there. Linear in len. */
SIPWIRE_API sipwire_status sipwire_peek(sipwire_msg *msg, const char *buf, size_t len, sipwire_error *err);

/* Makes msg the index of one header field's value by itself, so that it can be read with the options of
 * sipwire_msg_init: with tolerances or limits, which sipwire_value_parse has not.
 * header: sipwire_header. len: octets of the value, which stands at the start of the buffer given to whatever reads it
 * (sipwire_iter_begin, sipwire_get, sipwire_deviations with msg->rows); offsets are from there.
 * Returns OK; E_USAGE: msg is NULL; E_SLOTS: it has no row; E_LIMIT_FIELD: len is over max_field. Constant time. */
SIPWIRE_API sipwire_status sipwire_msg_of_value(sipwire_msg *msg, uint16_t header, size_t len, sipwire_error *err);

/* The same for a URI by itself, read as the Request-URI (sipwire_request_uri, sipwire_deviations without a row). It
 * needs no rows. Returns OK; E_USAGE: msg is NULL; E_LIMIT_FIELD: len is over max_field. Constant time. */
SIPWIRE_API sipwire_status sipwire_msg_of_uri(sipwire_msg *msg, size_t len, sipwire_error *err);

/* sipwire_framer_scan and sipwire_parse in one: the next message of a stream, framed and indexed. A head that is
 * complete at the first call is read once only, so this is the fast way to read a stream.
 * msg: its options must have mode SIPWIRE_STREAM and the framer's limits; its offsets are from buf + out->skip.
 * buf, len, out: as for sipwire_framer_scan; len under 4 GiB.
 * Returns OK: the message is framed and indexed.
 *         MORE and the framer's errors: as sipwire_framer_scan; msg has nothing to be relied on.
 *         E_START_LINE, E_RANGE, E_SLOTS: as sipwire_parse, with out filled all the same: the stream goes on behind it.
 * err->offset is from buf. */
SIPWIRE_API sipwire_status sipwire_framer_parse(sipwire_framer *framer, sipwire_msg *msg, const char *buf, size_t len,
                                                sipwire_frame *out, sipwire_error *err);

/* The first row with this id, or NULL; SIPWIRE_HEADER_UNKNOWN finds the first field that is not in the table. */
SIPWIRE_API const sipwire_row *sipwire_find(const sipwire_msg *msg, uint16_t id);

/* The next row with the id of this one, or NULL. */
SIPWIRE_API const sipwire_row *sipwire_find_next(const sipwire_msg *msg, const sipwire_row *row);

/* The first row after `after` (NULL: from the start) whose name is this one, in any letter case, or NULL. A name of the
 * table is found in its long and its compact form. buf: the message's octets. */
SIPWIRE_API const sipwire_row *sipwire_find_name(const sipwire_msg *msg, const char *buf, sipwire_str name,
                                                 const sipwire_row *after);

/* The octets of a row's name and value in the message's buffer. */
static inline sipwire_str sipwire_row_name(const sipwire_row *row, const char *buf)
{
    sipwire_str name = {buf + row->name_off, row->name_len};
    return name;
}

static inline sipwire_str sipwire_row_value(const sipwire_row *row, const char *buf)
{
    sipwire_str value = {buf + row->value_off, row->value_len};
    return value;
}

/* The octets of a span in the message's buffer. */
static inline sipwire_str sipwire_span_str(sipwire_span span, const char *buf)
{
    sipwire_str octets = {buf + span.off, span.len};
    return octets;
}

#ifdef __cplusplus
}
#endif

#endif
