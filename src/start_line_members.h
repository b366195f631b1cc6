/* What the machines of the start line fill (grammar/shapes/request-line.shape, status-line.shape).
 * SPDX-License-Identifier: MIT */
#ifndef SIPWIRE_START_LINE_MEMBERS_H
#define SIPWIRE_START_LINE_MEMBERS_H

#include "sipwire/base.h"

struct start_line {
    sipwire_str method, uri, version, status, reason;
};

#endif
