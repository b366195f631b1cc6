/* One value of each typed header field, as an RFC prints it (tests/data/rfc-examples.tsv). */
#include "bench.h"
#include "fields.inc"

namespace
{

std::vector<subject> fields(const mix &)
{
    static mix_message values[sizeof field_examples / sizeof *field_examples];
    std::vector<subject> found;
    for (size_t i = 0; i < sizeof field_examples / sizeof *field_examples; i++) {
        const std::string text = field_examples[i].value;
        values[i] = {field_examples[i].value, text.size(), 0, text.size(), i, field_examples[i].field};
        found.push_back({std::string(" ") + field_examples[i].field, {&values[i], 1}});
    }
    return found;
}

} // namespace

int main(int argc, char **argv)
{
    return bench_run(argc, argv, {{"value", true, work_value}}, fields);
}
