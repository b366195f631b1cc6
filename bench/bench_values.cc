/* Typed values: the index with what a proxy needs, the index with all values, and the values of each shape alone. */
#include "bench.h"

int main(int argc, char **argv)
{
    return bench_run(argc, argv,
                     {{"proxy", true, work_proxy},
                      {"all-values", true, work_all_values},
                      {"read/request-uri", true, work_read_request_uri},
                      {"read/via", true, work_read_via},
                      {"read/address", true, work_read_address},
                      {"read/call-id", true, work_read_call_id},
                      {"read/cseq", true, work_read_cseq},
                      {"read/number", true, work_read_number},
                      {"read/token", true, work_read_token},
                      {"read/media-type", true, work_read_media_type},
                      {"read/text", true, work_read_text}});
}
