/* Runs each piece of work on the messages of each kind of the shipped mix, at each level, with callgrind counting, and
 * has it dump the count under the name "WORK LEVEL KIND MESSAGES". scripts/callgrind runs it and reads the dumps. With
 * names of work as arguments it counts only these. */
#include <stdio.h>
#include <string.h>
#include <valgrind/callgrind.h>

#include "sipwire/level.h"
#include "sizes.h"
#include "work.h"

static const work WORKS[] = {
    {"index", true, work_index},
    {"frame", true, work_frame},
    {"frame+index", true, work_frame_index},
    {"proxy", true, work_proxy},
    {"all-values", true, work_all_values},
    {"write", true, work_write},
    {"write-rows", true, work_write_rows},
};
static const sipwire_level LEVELS[] = {SIPWIRE_LEVEL_SCALAR, SIPWIRE_LEVEL_SSSE3, SIPWIRE_LEVEL_AVX2,
                                       SIPWIRE_LEVEL_NEON};

/* Runs the work on all messages of a kind; returns how many there are. */
static size_t run(const work *task, const mix *messages, const char *kind)
{
    size_t count = 0;
    for (size_t i = 0; i < messages->count; i++) {
        if (strcmp(messages->messages[i].kind, kind) == 0) {
            count++;
            CALLGRIND_TOGGLE_COLLECT;
            task->run(&messages->messages[i]);
            CALLGRIND_TOGGLE_COLLECT;
        }
    }
    return count;
}

static void count_kinds(const work *task, const mix *messages, const char *level)
{
    for (size_t i = 0; i < messages->count; i++) {
        const char *kind = messages->messages[i].kind;
        size_t before = 0;
        while (strcmp(messages->messages[before].kind, kind) != 0) {
            before++;
        }
        if (before == i) {
            run(task, messages, kind); /* what is set up once is set up now */
            CALLGRIND_ZERO_STATS;
            size_t count = run(task, messages, kind);
            char name[128];
            snprintf(name, sizeof name, "%s %s %s %zu", task->name, level, kind, count);
            CALLGRIND_DUMP_STATS_AT(name);
        }
    }
}

/* Counts one piece of work on messages that hold more and more of one thing, under the kind "500-fields". */
static void count_sizes(const work *task, const char *level)
{
    size_t count;
    const sized_message *sizes = sizes_all(&count);
    for (size_t i = 0; i < count; i++) {
        task->run(&sizes[i].message);
        CALLGRIND_ZERO_STATS;
        CALLGRIND_TOGGLE_COLLECT;
        task->run(&sizes[i].message);
        CALLGRIND_TOGGLE_COLLECT;
        char name[128];
        snprintf(name, sizeof name, "%s %s %zu-%s 1", task->name, level, sizes[i].units, sizes[i].things);
        CALLGRIND_DUMP_STATS_AT(name);
    }
}

/* Whether a piece of work is among the arguments, or there are none. */
static bool wanted(const work *task, int argc, char **argv)
{
    bool found = argc < 2;
    for (int i = 1; i < argc; i++) {
        found = found || strcmp(argv[i], task->name) == 0;
    }
    return found;
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "--compiler") == 0) {
#if defined(__clang__)
        printf("clang %d.%d.%d\n", __clang_major__, __clang_minor__, __clang_patchlevel__);
#else
        printf("gcc %d.%d.%d\n", __GNUC__, __GNUC_MINOR__, __GNUC_PATCHLEVEL__);
#endif
        return 0;
    }
    mix messages = mix_shipped();
    for (size_t w = 0; w < sizeof WORKS / sizeof *WORKS; w++) {
        for (size_t l = 0; l < sizeof LEVELS / sizeof *LEVELS; l++) {
            if (wanted(&WORKS[w], argc, argv) && sipwire_level_force(LEVELS[l])) {
                count_kinds(&WORKS[w], &messages, sipwire_level_name(LEVELS[l]));
                if (WORKS[w].run == work_index || WORKS[w].run == work_all_values) {
                    count_sizes(&WORKS[w], sipwire_level_name(LEVELS[l]));
                }
            }
        }
    }
    return 0;
}
