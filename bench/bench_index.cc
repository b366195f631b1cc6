/* The index: sipwire_parse of one message. */
#include "bench.h"

int main(int argc, char **argv)
{
    return bench_run(argc, argv, {{"memcpy", false, work_memcpy}, {"index", true, work_index}});
}
