/* How cost grows: messages with 5 to 500 header fields, values of 10 to 10,000 octets, values with 1 to 10,000 parameters. */
#include <cstring>

#include "bench.h"

namespace
{

subject sized(const std::string &label, const std::string &fields, size_t units)
{
    auto *text = new std::string("OPTIONS sip:alice@example.com SIP/2.0\r\n" + fields + "\r\n");
    auto *message = new mix_message{text->data(), text->size(), text->size(), text->size(), 0, "sized"};
    return {label, {message, 1}, 1, static_cast<double>(units)};
}

std::string repeated(const std::string &text, size_t times)
{
    std::string all;
    for (size_t i = 0; i < times; i++) {
        all += text;
    }
    return all;
}

std::vector<subject> sizes(const mix &)
{
    const std::string route = "Route: <sip:proxy.example.com;lr>\r\n";
    std::vector<subject> found;
    for (size_t count : {5u, 50u, 500u}) {
        found.push_back(sized(" of " + std::to_string(count) + " fields", repeated(route, count), count));
    }
    for (size_t length : {10u, 100u, 1000u, 10000u}) {
        found.push_back(sized(" of a value of " + std::to_string(length) + " octets",
                              "Subject: " + std::string(length, 'x') + "\r\n", length));
    }
    for (size_t count : {1u, 10u, 100u, 1000u, 10000u}) {
        found.push_back(sized(" of " + std::to_string(count) + " parameters",
                              "Route: <sip:proxy.example.com>" + repeated(";x=yz", count) + "\r\n", count));
    }
    return found;
}

} // namespace

int main(int argc, char **argv)
{
    return bench_run(argc, argv, {{"index", true, work_index}, {"all-values", true, work_all_values}}, sizes);
}
