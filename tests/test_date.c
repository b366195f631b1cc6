/* Date: the days of months, the times of a day (RFC 3261 sections 20.17 and 25.1), read and written.
 * SPDX-License-Identifier: MIT */
#include "support.h"

static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/* The days of a month, otherwise than the library has them. */
static int days_in(int month, int year)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 400 == 0 || (year % 100 != 0 && year % 4 == 0);
    return days[month - 1] + (month == 2 && leap);
}

static sipwire_status read_date(const char *text, sipwire_value *out, sipwire_error *err)
{
    return sipwire_value_parse(SIPWIRE_HEADER_DATE, (sipwire_str){text, strlen(text)}, true, out, NULL, err);
}

static sipwire_status write_date(const sipwire_date *date, sipwire_error *err)
{
    char out[200];
    sipwire_writer w;
    sipwire_writer_init(&w, out, sizeof out, NULL);
    sipwire_write_response(&w, 200, (sipwire_str){0});
    sipwire_status status = sipwire_write_field_date(&w, date);
    *err = w.error;
    return status;
}

/* The weekday is the same for all: that it is not that of the date is no error. */
static void try_day(int day, int month, int year)
{
    char text[64];
    sipwire_value value;
    sipwire_error err;
    bool right = day >= 1 && day <= days_in(month, year);
    sipwire_date date = {
        .weekday = 1, .day = day, .month = month, .year = year, .hour = 23, .minute = 59, .second = 59};
    snprintf(text, sizeof text, "Mon, %02d %s %04d 23:59:59 GMT", day, months[month - 1], year);
    assert_int_equal(read_date(text, &value, &err), right ? SIPWIRE_OK : SIPWIRE_E_RANGE);
    if (right) {
        assert_int_equal(value.as.date.day, day);
        assert_int_equal(value.as.date.weekday, 1);
    } else {
        assert_int_equal(err.offset, 5);
        assert_string_equal(sipwire_rule_name(err.rule), "Date");
    }
    assert_int_equal(write_date(&date, &err), right ? SIPWIRE_OK : SIPWIRE_E_RANGE);
    assert_int_equal(err.header, right ? SIPWIRE_HEADER_UNKNOWN : SIPWIRE_HEADER_DATE);
}

static void date_day_that_the_month_lacks_is_refused(void **state)
{
    (void)state;
    static const int years[] = {0, 4, 100, 400, 1900, 1996, 1999, 2000, 2023, 2024, 2100, 9996, 9999};
    for (size_t i = 0; i < sizeof years / sizeof *years; i++) {
        for (int month = 1; month <= 12; month++) {
            for (int day = 0; day <= 32; day++)
                try_day(day, month, years[i]);
        }
    }
}

static void date_time_outside_of_a_day_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *time;
        int hour, minute, second;
        uint32_t offset;
    } bad[] = {{"24:00:00", 24, 0, 0, 17}, {"00:60:00", 0, 60, 0, 20}, {"23:59:60", 23, 59, 60, 23}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char text[64];
        sipwire_value value;
        sipwire_error err;
        sipwire_date date = {.weekday = 6, .day = 31, .month = 12, .year = 2016};
        date.hour = bad[i].hour;
        date.minute = bad[i].minute;
        date.second = bad[i].second;
        snprintf(text, sizeof text, "Sat, 31 Dec 2016 %s GMT", bad[i].time);
        assert_status(read_date(text, &value, &err), E_RANGE);
        assert_int_equal(err.offset, bad[i].offset);
        assert_status(write_date(&date, &err), E_RANGE);
    }
}

static void date_malformed_behind_a_day_that_the_month_lacks_is_a_syntax_error(void **state)
{
    (void)state;
    sipwire_value value;
    sipwire_error err;
    assert_status(read_date("Mon, 31 Feb 2024 23:59:59 UTC", &value, &err), E_SYNTAX);
    assert_int_equal(err.offset, 26);
}

static void date_written_without_a_month_is_refused_for_that(void **state)
{
    (void)state;
    sipwire_error err;
    sipwire_date date = {.weekday = 1, .day = 31, .month = -1, .year = 2024};
    assert_status(write_date(&date, &err), E_MEMBER);
    date.month = 13;
    assert_status(write_date(&date, &err), E_RANGE);
    assert_string_equal(sipwire_rule_name(err.rule), "month");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(date_day_that_the_month_lacks_is_refused),
        cmocka_unit_test(date_time_outside_of_a_day_is_refused),
        cmocka_unit_test(date_malformed_behind_a_day_that_the_month_lacks_is_a_syntax_error),
        cmocka_unit_test(date_written_without_a_month_is_refused_for_that),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
