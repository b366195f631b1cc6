/* sipwire: a library that parses and writes SIP messages (RFC 3261 and its extensions). This header includes all
 * others.
 *
 * The layers, each usable without those below it:
 *     frame.h    where does a message end in a stream
 *     message.h  what is in it, by position
 *     values.h   what does a header field mean
 *     write.h    messages from typed values
 *     uri.h      URIs, hosts, parameters, text
 *     parts.h    decimal numbers, products
 *     tolerance.h  what is accepted although no rule allows it, by name
 * No function allocates, locks, prints, or reads the environment or the locale. All are re-entrant; a parsed message
 * may be read by several threads.
 * SPDX-License-Identifier: MIT */
#ifndef SIPWIRE_H
#define SIPWIRE_H

#include "base.h"
#include "frame.h"
#include "level.h"
#include "message.h"
#include "names.h"
#include "parts.h"
#include "tolerance.h"
#include "uri.h"
#include "values.h"
#include "write.h"
#include <sipwire/getters.h>
#include <sipwire/writers.h>

#endif
