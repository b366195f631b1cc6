/* Writing: messages from typed values and from rows, beside a copy of the same octets. */
#include "bench.h"

int main(int argc, char **argv)
{
    return bench_run(argc, argv,
                     {{"write/copy", false, work_write_copy},
                      {"write/values", true, work_write},
                      {"write/rows", true, work_write_rows}});
}
