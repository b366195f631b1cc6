/* The sipwire command: which part of it is asked for.
 * SPDX-License-Identifier: MIT */
#include "command.h"

#include <string.h>

static const struct command *const commands[] = {&check_command, &json_command, &field_command,
                                                 &uri_command,   &fmt_command,  &bench_command};

enum { COMMANDS = sizeof commands / sizeof commands[0] };

static void print_help(FILE *to)
{
    fputs("Usage: sipwire COMMAND [OPTION]... [ARGUMENT]...\n"
          "Read SIP messages (RFC 3261) by the grammar.\n\nCommands:\n",
          to);
    for (size_t i = 0; i < COMMANDS; i++)
        fprintf(to, "  %-6s %s\n", commands[i]->name, commands[i]->summary);
    fputs("\n"
          "  sipwire COMMAND --help   more about one of them\n"
          "  sipwire --version        the version\n\n"
          "A FILE is one message as in a UDP datagram, with CRLF line ends; - is the standard input.\n"
          "Exit status: 0 fine, 1 an error was found in a message, 2 wrong usage or an unreadable file.\n",
          to);
}

/* Output that could not be written must not look like success. */
static int finish(int status)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    perror("sipwire: standard output");
    return EXIT_TROUBLE;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        print_help(stderr);
        return EXIT_TROUBLE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        print_help(stdout);
        return finish(EXIT_FINE);
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("sipwire %s\n", sipwire_version());
        return finish(EXIT_FINE);
    }
    for (size_t i = 0; i < COMMANDS; i++) {
        if (strcmp(argv[1], commands[i]->name) == 0)
            return finish(commands[i]->run(commands[i], argc - 2, argv + 2));
    }
    fprintf(stderr, "sipwire: there is no command '%s'. 'sipwire --help' lists them.\n", argv[1]);
    return EXIT_TROUBLE;
}
