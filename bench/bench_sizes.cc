/* How cost grows: messages with 5 to 500 header fields, values of 10 to 10,000 octets, values with 1 to 10,000
 * parameters. */
#include "bench.h"
#include "sizes.h"

namespace
{

std::vector<subject> sizes(const mix &)
{
    size_t count;
    const sized_message *all = sizes_all(&count);
    std::vector<subject> found;
    for (size_t i = 0; i < count; i++) {
        const std::string label = " of " + std::to_string(all[i].units) + " " + all[i].things;
        found.push_back({label, {&all[i].message, 1}, 1, static_cast<double>(all[i].units)});
    }
    return found;
}

} // namespace

int main(int argc, char **argv)
{
    return bench_run(argc, argv, {{"index", true, work_index}, {"all-values", true, work_all_values}}, sizes);
}
