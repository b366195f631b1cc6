#include "bench.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdio>
#include <numeric>
#include <random>
#include <string>

#include "sipwire/level.h"

namespace
{

const sipwire_level LEVELS[] = {SIPWIRE_LEVEL_SCALAR, SIPWIRE_LEVEL_SSSE3, SIPWIRE_LEVEL_AVX2, SIPWIRE_LEVEL_NEON};

/* Orders in which the messages are visited, a new one in each pass: a current processor's branch predictor learns a mix
 * that comes in the same order again and again, which takes two fifths off the floor and has nothing to do with traffic. */
const size_t ORDERS = 64;

std::vector<std::vector<uint32_t>> shuffled_orders(size_t count)
{
    std::mt19937 generator(3261);
    std::vector<uint32_t> order(count);
    std::iota(order.begin(), order.end(), 0u);
    std::vector<std::vector<uint32_t>> orders;
    for (size_t i = 0; i < ORDERS; i++) {
        std::shuffle(order.begin(), order.end(), generator);
        orders.push_back(order);
    }
    return orders;
}

/* One iteration is the whole mix. */
void measure(benchmark::State &state, const work &task, const mix &messages)
{
    const auto orders = shuffled_orders(messages.count);
    size_t pass = 0;
    for (auto _ : state) {
        size_t sum = 0;
        for (uint32_t index : orders[pass % ORDERS]) {
            sum += task.run(&messages.messages[index]);
        }
        benchmark::DoNotOptimize(sum);
        pass++;
    }
    state.counters["messages"] = static_cast<double>(messages.count);
}

/* Says which messages are refused, since refusing takes another time than accepting. */
void report_refused(const work &task, const mix &messages)
{
    for (size_t i = 0; i < messages.count; i++) {
        if (task.run(&messages.messages[i]) == 0) {
            std::fprintf(stderr, "note: %s refuses message %zu, %s\n", task.name, i, messages.messages[i].kind);
        }
    }
}

void add(const work &task, const mix &messages)
{
    report_refused(task, messages);
    if (!task.levels) {
        benchmark::RegisterBenchmark(task.name, [=](benchmark::State &state) { measure(state, task, messages); });
        return;
    }
    for (sipwire_level level : LEVELS) {
        if (!sipwire_level_available(level)) {
            continue;
        }
        std::string name = std::string(task.name) + "/" + sipwire_level_name(level);
        benchmark::RegisterBenchmark(name.c_str(), [=](benchmark::State &state) {
            sipwire_level_force(level);
            measure(state, task, messages);
        });
    }
}

} // namespace

int bench_run(int argc, char **argv, const std::vector<work> &works)
{
    benchmark::Initialize(&argc, argv);
    mix messages = mix_load(static_cast<size_t>(argc - 1), argv + 1);
    add({"floor", false, work_floor}, messages);
    for (const work &task : works) {
        add(task, messages);
    }
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
