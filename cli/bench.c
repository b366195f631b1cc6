/* sipwire bench: how fast the user's own messages are parsed.
 * SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L
#include "command.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct bench {
    struct input *inputs; /* of the messages measured */
    size_t count, capacity;
    size_t octets, refused;
    sipwire_msg msg; /* with rows for the largest of them */
    size_t rows;
    volatile uint64_t sink;
};

/* The floor: nobody finds the lines of a head faster than memchr does. */
static uint64_t find_lines(struct bench *bench, const struct input *input)
{
    (void)bench;
    uint64_t lines = 0;
    for (const char *p = input->data, *end = p + input->len; (p = memchr(p, '\n', (size_t)(end - p))) != NULL; p++) {
        lines++;
        if (end - p > 2 && p[1] == '\r' && p[2] == '\n')
            break;
    }
    return lines;
}

static uint64_t parse_index(struct bench *bench, const struct input *input)
{
    return (uint64_t)sipwire_parse(&bench->msg, input->data, input->len, NULL) + bench->msg.count;
}

static uint64_t parse_values(struct bench *bench, const struct input *input)
{
    sipwire_uri uri;
    sipwire_value value;
    uint64_t values = parse_index(bench, input);
    values += (uint64_t)sipwire_request_uri(&bench->msg, input->data, &uri, NULL);
    sipwire_iter it;
    sipwire_iter_begin_all(&it, &bench->msg, input->data);
    while (sipwire_next(&it, &value, NULL) != SIPWIRE_END)
        values++;
    return values;
}

enum { WORKS = 3, MOST_ROUNDS = 4096 };

static const struct work {
    const char *name;
    uint64_t (*run)(struct bench *bench, const struct input *input);
} works[WORKS] = {
    {"memchr over the heads", find_lines},
    {"index", parse_index},
    {"index and every typed field", parse_values},
};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* Seconds for one message, over all messages the given number of times. */
static double measure(struct bench *bench, const struct work *work, size_t times)
{
    uint64_t sum = 0;
    double start = now();
    for (size_t i = 0; i < times; i++) {
        for (size_t k = 0; k < bench->count; k++)
            sum += work->run(bench, &bench->inputs[k]);
    }
    double seconds = now() - start;
    bench->sink = sum;
    return seconds / ((double)times * (double)bench->count);
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, size_t count)
{
    qsort(values, count, sizeof *values, compare);
    return (values[(count - 1) / 2] + values[count / 2]) / 2;
}

static void report(const struct bench *bench, const double seconds[WORKS])
{
    double mean = (double)bench->octets / (double)bench->count;
    printf("%zu message%s, %.0f octets on average; %s instructions\n\n", bench->count, bench->count == 1 ? "" : "s",
           mean, sipwire_level_name(sipwire_level_get()));
    printf("%-28s %12s %14s %10s %10s\n", "", "ns/message", "messages/s", "MB/s", "x memchr");
    for (size_t i = 0; i < WORKS; i++)
        printf("%-28s %12.0f %14.0f %10.0f %10.2f\n", works[i].name, seconds[i] * 1e9, 1 / seconds[i],
               mean / seconds[i] / 1e6, seconds[i] / seconds[0]);
}

/* The works take turns, so that what else the machine does hits all of them. */
static void run_rounds(struct bench *bench, double limit)
{
    double *samples = must_alloc(sizeof *samples * WORKS * MOST_ROUNDS);
    double seconds[WORKS], start = now();
    size_t rounds = 0;
    double pass = measure(bench, &works[WORKS - 1], 1) * (double)bench->count;
    size_t times = pass < 0.002 ? (size_t)(0.002 / (pass > 1e-7 ? pass : 1e-7)) : 1;
    do {
        for (size_t i = 0; i < WORKS; i++)
            samples[i * MOST_ROUNDS + rounds] = measure(bench, &works[i], times);
        rounds++;
    } while (rounds < MOST_ROUNDS && (rounds < 3 || now() - start < limit));
    for (size_t i = 0; i < WORKS; i++)
        seconds[i] = median(samples + i * MOST_ROUNDS, rounds);
    free(samples);
    report(bench, seconds);
}

/* Keeps a file when it parses. */
static int load(struct bench *bench, const char *path)
{
    struct input input;
    struct message message;
    sipwire_options options = SIPWIRE_OPTIONS_INIT;
    if (!input_read(&input, path))
        return EXIT_TROUBLE;
    message_parse(&message, (sipwire_str){input.data, input.len}, &options);
    bool ok = message.status == SIPWIRE_OK;
    if (message.msg.count > bench->rows)
        bench->rows = message.msg.count;
    message_free(&message);
    if (!ok) {
        bench->refused++;
        input_free(&input);
        return EXIT_FINE;
    }
    if (bench->count == bench->capacity) {
        bench->capacity = bench->capacity * 2 + 16;
        bench->inputs = must_realloc(bench->inputs, bench->capacity * sizeof *bench->inputs);
    }
    bench->octets += input.len;
    bench->inputs[bench->count++] = input;
    return EXIT_FINE;
}

static void run_loaded(struct bench *bench, double limit)
{
    sipwire_row *rows = must_alloc(bench->rows * sizeof *rows);
    sipwire_msg_init(&bench->msg, rows, bench->rows, NULL);
    run_rounds(bench, limit);
    free(rows);
}

static int run(const struct command *self, int argc, char **argv)
{
    const char *time = "2";
    const struct option options[] = {{"--time", OPTION_VALUE, NULL, &time}};
    struct bench bench = {0};
    char *end;
    int status = args_take(self, &argc, argv, options, 1);
    if (status != ARGS_GO_ON)
        return status;
    double limit = strtod(time, &end);
    if (end == time || *end || !isfinite(limit) || limit <= 0)
        return args_wrong(self, "--time wants a number of seconds, not ", time);
    if (argc == 0)
        return args_wrong(self, "no FILE given", "");
    status = EXIT_FINE;
    for (int i = 0; i < argc && status == EXIT_FINE; i++)
        status = load(&bench, argv[i]);
    if (status == EXIT_FINE && bench.refused)
        fprintf(stderr, "sipwire bench: %zu of %d files do not parse and are left out\n", bench.refused, argc);
    if (status == EXIT_FINE && bench.count)
        run_loaded(&bench, limit);
    for (size_t i = 0; i < bench.count; i++)
        input_free(&bench.inputs[i]);
    free(bench.inputs);
    return status != EXIT_FINE || bench.count ? status : EXIT_FINDING;
}

const struct command bench_command = {
    .name = "bench",
    .synopsis = "[--time SECONDS] FILE...",
    .summary = "Measure how fast messages are parsed",
    .help =
        "Parses the messages one after the other, over and over: only the index, then also the value of every header\n"
        "field that is typed. Beside it, in the same run, memchr looks for the line ends of the heads. The figures\n"
        "are medians of rounds that take turns. Files that do not parse are left out.\n\n"
        "  --time SECONDS  how long to measure (2)\n\n"
        "Exit status: 0 fine, 1 no file parses, 2 wrong usage or an unreadable file.\n",
    .run = run,
};
