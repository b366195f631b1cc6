/* The framer on a stream of messages, alone and with the index behind it. */
#include "bench.h"

int main(int argc, char **argv)
{
    return bench_run(argc, argv, {{"frame", true, work_frame}, {"frame+index", true, work_frame_index}});
}
