/* The benchmark programs: each measures some pieces of work, and the floor beside them in the same run. */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include <vector>

#include "work.h"

/* Measures the floor, and each piece of work at the level in use, on the messages of the files among the arguments, or on the
 * shipped mix; with --all-levels before the files at each level that the processor has. Other arguments are Google
 * Benchmark's. Returns the exit status. */
int bench_run(int argc, char **argv, const std::vector<work> &works);

#endif
