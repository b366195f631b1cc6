/* The days of a month (RFC 3261 section 20.17 by RFC 1123 section 5.2.14: the calendar that is in use).
 * SPDX-License-Identifier: MIT */
#ifndef SIPWIRE_DAYS_H
#define SIPWIRE_DAYS_H

#include <stdint.h>

/* month: 1 January to 12 December. 31 for what is no month, or when there is no year: that is refused
 * for itself. */
static inline int32_t days_of_month(int32_t month, int32_t year)
{
    if (month == 4 || month == 6 || month == 9 || month == 11)
        return 30;
    if (month != 2 || year < 0)
        return 31;
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
}

#endif
