/* Other libraries on the same messages in the same run. bench/peers.h says what each of them does, and what it
 * leaves. */
#include "bench.h"
#include "peers.h"

int main(int argc, char **argv)
{
    return bench_run(argc, argv,
                     {{"index", true, work_index},
                      {"http-parser, split", false, peer_http_parser},
                      {"proxy", true, work_proxy},
                      {"libre, 5 fields", false, peer_re},
                      {"all-values", true, work_all_values},
                      {"oSIP, its fields", false, peer_osip},
                      {"Sofia-SIP, its fields", false, peer_sofia}});
}
