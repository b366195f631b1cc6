/* The same work on messages that lie otherwise in memory, and by two threads at once. */
#include <cstring>

#include "bench.h"

namespace
{

/* Copies of all messages, each at the next multiple of stride behind the one before. */
mix laid_out(const mix &messages, size_t copies, size_t stride)
{
    std::vector<size_t> offsets;
    size_t end = 0;
    for (size_t i = 0; i < messages.count * copies; i++) {
        offsets.push_back(end);
        end += (messages.messages[i % messages.count].len + stride - 1) / stride * stride;
    }
    char *octets = new char[end]();
    auto *made = new mix_message[offsets.size()];
    for (size_t i = 0; i < offsets.size(); i++) {
        made[i] = messages.messages[i % messages.count];
        std::memcpy(octets + offsets[i], made[i].data, made[i].len);
        made[i].data = octets + offsets[i];
        made[i].rest = made[i].len;
        made[i].number = i;
    }
    return {made, offsets.size()};
}

/* So many octets that no second-level cache holds them. */
const size_t COLD_OCTETS = 64u << 20;
/* What receivers of many datagrams at once lay out for each: no message shares a page with another, and all begin in
 * the same set of the cache. */
const size_t SLOT = 4096;

std::vector<subject> layouts(const mix &messages)
{
    size_t octets = 0;
    for (size_t i = 0; i < messages.count; i++) {
        octets += messages.messages[i].len;
    }
    return {{", cold", laid_out(messages, COLD_OCTETS / octets + 1, 1)},
            {", in 4 KiB slots", laid_out(messages, 1, SLOT)},
            {", two threads", messages, 2}};
}

} // namespace

int main(int argc, char **argv)
{
    return bench_run(argc, argv, {{"index", true, work_index}, {"all-values", true, work_all_values}}, layouts);
}
