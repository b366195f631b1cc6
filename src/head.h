/* Reading the head of a message: what the framer and the index share, so that they cannot disagree. Two readers: head.c
 * takes one octet after the other, can stop anywhere, and finds every error; head_rows.c and head_lines.c take blocks,
 * and give up (without a verdict) where anything is out of the ordinary.
 * SPDX-License-Identifier: MIT */
#ifndef SIPWIRE_HEAD_H
#define SIPWIRE_HEAD_H

#include <sipwire/message.h>

#include "level.h"

#define HEAD_NO_LENGTH UINT64_MAX

/* Offsets are from the start of the message. */
typedef struct head_facts {
    uint64_t content_length;     /* HEAD_NO_LENGTH when there is no valid one */
    uint32_t content_length_off; /* of its value */
    uint32_t start_line_len;     /* with its CRLF; 0 until it is complete */
    uint32_t head_len;           /* with the empty line; 0 until it is complete */
    uint32_t fields;             /* lines that begin a header field, malformed ones too */
} head_facts;

#define HEAD_FACTS_INIT ((head_facts){.content_length = HEAD_NO_LENGTH})

typedef struct head_reader {
    head_facts facts;
    uint64_t number;   /* Content-Length as far as it is read */
    uint32_t at;       /* octets read */
    uint32_t line;     /* the field being read: its name, */
    uint32_t name_end; /* end of the name, */
    uint32_t value;    /* value (0: not reached), */
    uint32_t value_end;
    uint32_t behind; /* where the blanks behind the digits of Content-Length begin; 0: there are none */
    uint16_t id;     /* and what sipwire_row says of it */
    uint16_t flags;
    uint8_t state;
    bool folded;      /* a fold was passed since the colon */
    bool bad;         /* it is malformed: no HEAD_FIELD for it */
    bool is_length;   /* it is Content-Length, and right so far */
    bool length_seen; /* there was a Content-Length */
    bool bare_lf;     /* line ends are bare LFs (SIPWIRE_ACCEPT_BARE_LF) */
    bool blanks;      /* blanks may end Content-Length (SIPWIRE_ACCEPT_TRAILING_BLANKS) */
} head_reader;

typedef enum head_event {
    HEAD_MORE,  /* all octets are read, the head is not complete */
    HEAD_FIELD, /* line, name_end, value, value_end, id and flags describe a header field */
    HEAD_END,   /* the head is complete */
    HEAD_ERROR  /* err says what is wrong; reading can go on */
} head_event;

#define HEAD_READER_INIT ((head_reader){.facts.content_length = HEAD_NO_LENGTH})

/* Reads on in a message. buf, len: the message from its first octet, as much of it as there is. */
head_event sipwire_head_read(head_reader *h, const uint8_t *buf, size_t len, const sipwire_options *options,
                             sipwire_error *err);

/* Tells a reader that the message was read up to the line at, which begins a header field, by other means. */
void sipwire_head_resume(head_reader *h, const head_facts *facts, uint32_t at);

/* The field that a reader had read to its end when the octets ended. */
bool sipwire_head_last_field(head_reader *h);

/* What only the complete head tells: that a stream's message has a Content-Length, that the message is not too long. */
sipwire_status sipwire_head_check(const head_facts *facts, const sipwire_options *options, uint32_t mode,
                                  sipwire_error *err);

typedef struct head_scan {
    const uint8_t *buf;
    uint32_t len;  /* octets at buf */
    uint32_t from; /* 0, or where a header field begins: its start */
    uint32_t stop; /* the head must end at or before this */
    const sipwire_options *options;
    uint32_t capacity; /* fields that there may be */
    uint32_t resume;   /* HEAD_SCAN_PART: a header field begins here that was not read, or from */
    head_facts facts;  /* before: those of the octets before from */
} head_scan;

typedef enum head_scan_result {
    HEAD_SCAN_DONE, /* the head is complete and well formed, and within the limits */
    HEAD_SCAN_PART, /* it is well formed up to resume */
    HEAD_SCAN_ODD   /* the other reader must look at it, beginning at from; facts are void */
} head_scan_result;

/* For the index: fills rows, count and present of a message that has none yet; its kind and the members of its start
 * line too, if kind is not 0 then. false: the head is not complete, or the other reader must look at it; rows, count
 * and present are void. */
LEVEL_DECLARE(bool, head_scan_rows, (head_scan * s, sipwire_msg *msg));

/* For the framer. */
LEVEL_DECLARE(head_scan_result, head_scan_lines, (head_scan * s));

/* Most octets that a head may have, and the status when it has more. */
static inline uint32_t head_most(const sipwire_options *o)
{
    return o->max_head <= o->max_message ? o->max_head : o->max_message;
}

#ifdef SIPWIRE_COUNT_VISITS
extern uint64_t sipwire_visits;
#define HEAD_VISIT(octets) (sipwire_visits += (octets))
#else
#define HEAD_VISIT(octets) ((void)0)
#endif

/* Indexes the message that buf begins with, in mode SIPWIRE_STREAM, if it is whole and its head well-formed; total: its
 * octets; first: an error of the start line. false, and nothing to be relied on: it is not for this reader. */
bool sipwire_index_first(sipwire_msg *msg, const uint8_t *buf, uint32_t len, uint32_t *total, sipwire_error *first);

#endif
