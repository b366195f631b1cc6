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
 * that comes in the same order again and again, which takes two fifths off the floor and has nothing to do with
 * traffic. */
const size_t ORDERS = 64, MOST_VISITS = 64 * 1024;

std::vector<std::vector<uint32_t>> shuffled_orders(size_t count)
{
    std::mt19937 generator(3261);
    std::vector<uint32_t> order(count);
    std::iota(order.begin(), order.end(), 0u);
    std::vector<std::vector<uint32_t>> orders;
    for (size_t i = 0; i < std::clamp<size_t>(MOST_VISITS / count, 1, ORDERS); i++) {
        std::shuffle(order.begin(), order.end(), generator);
        orders.push_back(order);
    }
    return orders;
}

/* One iteration is all messages of the subject. */
void measure(benchmark::State &state, const work &task, const subject &on)
{
    const auto orders = shuffled_orders(on.messages.count);
    size_t pass = 0;
    for (auto _ : state) {
        size_t sum = 0;
        for (uint32_t index : orders[pass % orders.size()]) {
            sum += task.run(&on.messages.messages[index]);
        }
        benchmark::DoNotOptimize(sum);
        pass++;
    }
    size_t octets = 0;
    for (size_t i = 0; i < on.messages.count; i++) {
        octets += on.messages.messages[i].len;
    }
    const auto each = benchmark::Counter::kAvgThreads;
    state.counters["messages"] = benchmark::Counter(static_cast<double>(on.messages.count), each);
    state.counters["octets"] = benchmark::Counter(static_cast<double>(octets), each);
    if (on.units > 0) {
        state.counters["units"] = benchmark::Counter(on.units, each);
    }
}

/* Says which messages are refused, since refusing takes another time than accepting. */
void report_refused(const std::vector<work> &works, const mix &messages)
{
    for (size_t i = 0; i < messages.count; i++) {
        std::string refused;
        for (const work &task : works) {
            if (task.run(&messages.messages[i]) == 0) {
                refused += refused.empty() ? task.name : std::string(", ") + task.name;
            }
        }
        if (!refused.empty()) {
            std::fprintf(stderr, "note: %s is refused by %s\n", messages.messages[i].kind, refused.c_str());
        }
    }
}

void add(const work &task, const subject &on, bool all_levels)
{
    const std::string name = task.name + on.label;
    if (!task.levels) {
        benchmark::RegisterBenchmark(name.c_str(), [=](benchmark::State &state) { measure(state, task, on); });
        return;
    }
    const sipwire_level best = sipwire_level_get();
    for (sipwire_level level : LEVELS) {
        if (!sipwire_level_available(level) || (!all_levels && level != best)) {
            continue;
        }
        const std::string leveled = name + "/" + sipwire_level_name(level);
        auto *added = benchmark::RegisterBenchmark(leveled.c_str(), [=](benchmark::State &state) {
            sipwire_level_force(level);
            measure(state, task, on);
        });
        if (on.threads > 1) {
            added->Threads(on.threads);
        }
    }
}

} // namespace

int bench_run(int argc, char **argv, const std::vector<work> &works,
              const std::function<std::vector<subject>(const mix &)> &subjects)
{
    benchmark::Initialize(&argc, argv);
    const bool all_levels = argc > 1 && std::string(argv[1]) == "--all-levels";
    const int options = all_levels ? 2 : 1;
    mix messages = mix_load(static_cast<size_t>(argc - options), argv + options);
    add({"floor", false, work_floor}, {"", messages}, all_levels);
    for (const subject &on : subjects(messages)) {
        report_refused(works, on.messages);
        for (const work &task : works) {
            add(task, on, all_levels);
        }
    }
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}

int bench_run(int argc, char **argv, const std::vector<work> &works)
{
    return bench_run(argc, argv, works, [](const mix &messages) { return std::vector<subject>{{"", messages}}; });
}
