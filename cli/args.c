/* Command lines.
 * SPDX-License-Identifier: MIT */
#include "command.h"

#include <stdlib.h>
#include <string.h>

int args_wrong(const struct command *command, const char *what, const char *which)
{
    fprintf(stderr, "sipwire %s: %s%s\nUsage: sipwire %s %s\n", command->name, what, which, command->name,
            command->synopsis);
    return EXIT_TROUBLE;
}

static const struct option *option_named(const struct option *options, size_t count, const char *arg)
{
    size_t len = strcspn(arg, "=");
    for (size_t i = 0; i < count; i++) {
        if (strlen(options[i].name) == len && memcmp(options[i].name, arg, len) == 0)
            return &options[i];
    }
    return NULL;
}

/* Takes the option at argv[*at]; *at is left at its last word. */
static int take_option(const struct command *command, const struct option *option, int argc, char **argv, int *at)
{
    const char *value = strchr(argv[*at], '=');
    if (option->form == OPTION_FLAG && value)
        return args_wrong(command, "takes no value: ", option->name);
    if (option->form == OPTION_VALUE && !value && *at + 1 == argc)
        return args_wrong(command, "needs a value: ", option->name);
    if (option->given)
        *option->given = true;
    if (value)
        *option->value = value + 1;
    else if (option->form == OPTION_VALUE)
        *option->value = argv[++*at];
    return ARGS_GO_ON;
}

int args_take(const struct command *command, int *argc, char **argv, const struct option *options, size_t count)
{
    int operands = 0;
    bool ended = false;
    for (int at = 0; at < *argc; at++) {
        char *arg = argv[at];
        if (ended || arg[0] != '-' || arg[1] == '\0') {
            argv[operands++] = arg;
            continue;
        }
        if (strcmp(arg, "--") == 0) {
            ended = true;
            continue;
        }
        if (strcmp(arg, "--help") == 0 || strcmp(arg, "-h") == 0) {
            command_help(command, stdout);
            return EXIT_FINE;
        }
        const struct option *option = option_named(options, count, arg);
        if (!option)
            return args_wrong(command, "unknown option ", arg);
        int status = take_option(command, option, *argc, argv, &at);
        if (status != ARGS_GO_ON)
            return status;
    }
    *argc = operands;
    return ARGS_GO_ON;
}

/* Whether a name of the table, or a preset, is the one of len octets at given: in any letter case, with "-" for "_". */
static bool is_named(const char *name, const char *given, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        char octet = given[i] == '-' ? '_' : given[i];
        octet = octet >= 'a' && octet <= 'z' ? (char)(octet - ('a' - 'A')) : octet;
        if (name[i] == '\0' || octet != name[i])
            return false;
    }
    return name[len] == '\0';
}

/* The bits of a name; 0 when there is none. */
static uint64_t accept_named(const char *name, size_t len)
{
    size_t count;
    const sipwire_tolerance *list = sipwire_tolerances(&count);
    if (is_named("DEPLOYED", name, len))
        return SIPWIRE_ACCEPT_DEPLOYED;
    if (is_named("ALL", name, len))
        return SIPWIRE_ACCEPT_ALL;
    for (size_t i = 0; i < count; i++) {
        if (is_named(list[i].name, name, len))
            return list[i].accept;
    }
    return 0;
}

int reading_resolve(const struct command *command, struct reading *reading)
{
    reading->options = SIPWIRE_OPTIONS_INIT;
    reading->options.mode = reading->stream ? SIPWIRE_STREAM : SIPWIRE_DATAGRAM;
    if (reading->lenient && !reading->tolerances)
        reading->options.accept = SIPWIRE_ACCEPT_DEPLOYED;
    for (const char *name = reading->tolerances; name;) {
        size_t len = strcspn(name, ",");
        uint64_t accept = accept_named(name, len);
        if (accept == 0)
            return args_wrong(command, "there is no tolerance named ", name);
        reading->options.accept |= accept;
        name = name[len] == ',' ? name + len + 1 : NULL;
    }
    return ARGS_GO_ON;
}

static void help_tolerances(FILE *to)
{
    size_t count;
    const sipwire_tolerance *list = sipwire_tolerances(&count);
    fputs("\nTolerances (NAME in any letter case; DEPLOYED: those with a *, as --lenient alone; ALL: all of them):\n",
          to);
    for (size_t i = 0; i < count; i++)
        fprintf(to, "%c %-20s %s\n", list[i].deployed ? '*' : ' ', list[i].name, list[i].what);
}

void command_help(const struct command *command, FILE *to)
{
    fprintf(to, "Usage: sipwire %s %s\n%s.\n\n%s", command->name, command->synopsis, command->summary, command->help);
    if (command->lenient)
        help_tolerances(to);
}

static void *or_give_up(void *memory)
{
    if (memory)
        return memory;
    fputs("sipwire: out of memory\n", stderr);
    exit(EXIT_TROUBLE);
}

void *must_alloc(size_t size)
{
    return or_give_up(malloc(size ? size : 1));
}

void *must_realloc(void *old, size_t size)
{
    return or_give_up(realloc(old, size ? size : 1));
}
