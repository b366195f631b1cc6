/* The index and all values, for each kind of message alone. */
#include <algorithm>

#include "bench.h"

namespace
{

std::vector<subject> kinds(const mix &messages)
{
    std::vector<std::string> names;
    for (size_t i = 0; i < messages.count; i++) {
        if (std::find(names.begin(), names.end(), messages.messages[i].kind) == names.end()) {
            names.push_back(messages.messages[i].kind);
        }
    }
    std::sort(names.begin(), names.end());
    std::vector<subject> found;
    for (const std::string &name : names) {
        auto *of_kind = new std::vector<mix_message>;
        for (size_t i = 0; i < messages.count; i++) {
            if (messages.messages[i].kind == name) {
                of_kind->push_back(messages.messages[i]);
            }
        }
        found.push_back({" " + name, {of_kind->data(), of_kind->size()}});
    }
    return found;
}

} // namespace

int main(int argc, char **argv)
{
    return bench_run(argc, argv, {{"index", true, work_index}, {"all-values", true, work_all_values}}, kinds);
}
