/* The benchmark programs: each measures some pieces of work, and the floor beside them in the same run. */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include <functional>
#include <string>
#include <vector>

#include "work.h"

/* What pieces of work are measured on. */
struct subject {
    std::string label; /* behind the work's name: ", cold"; empty for the mix as it is */
    mix messages;      /* lives as long as the program */
    int threads = 1;   /* that do the same work at once */
    double units = 0;  /* things in one message that the time is also told by, such as header fields; 0: none */
};

/* Measures the floor on the messages of the files among the arguments, or on the shipped mix, and each piece of work at
 * the level in use on each subject made of these messages; with --all-levels before the files at each level that the
 * processor has. Other arguments are Google Benchmark's. Returns the exit status. */
int bench_run(int argc, char **argv, const std::vector<work> &works,
              const std::function<std::vector<subject>(const mix &)> &subjects);

/* The same, on the messages as they are. */
int bench_run(int argc, char **argv, const std::vector<work> &works);

#endif
