/* The lines of a message being written.
 * SPDX-License-Identifier: MIT */
#ifndef SIPWIRE_WRITE_LINE_H
#define SIPWIRE_WRITE_LINE_H

#include <sipwire/write.h>

#ifndef SIPWIRE_LEVEL
#define SIPWIRE_LEVEL 0 /* the level is chosen at run time, by writer->set */
#endif
#include "write_put.h"

enum { WRITING_START_LINE, WRITING_FIELDS, WRITTEN };

/* The field that is written now. */
static inline const struct write_row *set_row(sipwire_writer *w, uint16_t header)
{
    const struct write_row *row = &write_fields[header <= SIPWIRE_HIGHEST_HEADER ? header : SIPWIRE_HEADER_UNKNOWN];
    w->row = row;
    return row;
}

/* Notes a refusal of the whole call; returns its status, or that of an earlier one. */
sipwire_status write_fail(sipwire_writer *w, sipwire_status status, uint16_t header);

/* Ends the last line and begins one for a field: checks the state, the order and that it may occur. name: as given; ptr
 * NULL for that of the table. Returns where its value goes, or 0. */
uint64_t write_begin_line(sipwire_writer *w, uint16_t header, sipwire_str name, uint64_t *occurs);

/* Takes a Content-Length, which sipwire_write_end writes, where a field may stand. */
sipwire_status write_pass_over_length(sipwire_writer *w);

/* Takes a line that was written up to n, or the refusal if that is 0. */
sipwire_status write_took_line(sipwire_writer *w, uint64_t n, uint16_t header, uint8_t after);

/* Writes a value; given: the name to write, ptr NULL for that of the table; join: in the last line, if it is of that
 * field. */
sipwire_status write_typed(sipwire_writer *w, uint16_t header, const void *value, sipwire_str given, bool join);

/* Moves the line [from, to), which is the last one, to where its order says. */
void write_place_line(sipwire_writer *w, uint64_t from, uint64_t to, uint16_t order);

#endif
