"""Prints the results of the benchmark programs as a table. scripts/bench calls it with their JSON files.

Each program measures the floor in the same run as its work, so each ratio is to the floor of that run.
"""

import json
import statistics
import sys


def read(path):
    """{name: nanoseconds per message of each repetition}, in the order of the program."""
    with open(path, encoding="utf-8") as results:
        runs = json.load(results)["benchmarks"]
    times = {}
    for run in sorted(runs, key=lambda run: run["family_index"]):
        if run["run_type"] == "iteration":
            times.setdefault(run["run_name"], []).append(run["cpu_time"] / run["messages"])
    return times


def spread(values):
    """Half the distance between the quartiles, relative to the median."""
    if len(values) < 2:
        return 0.0
    low, middle, high = statistics.quantiles(values, n=4)
    return (high - low) / 2 / middle


def main(paths):
    print(f"{'work':26} {'ns/message':>10} {'x floor':>8} {'spread':>7}")
    floor_printed = False
    for path in paths:
        times = read(path)
        floor = statistics.median(times["floor"])
        for name, values in times.items():
            if name == "floor" and floor_printed:
                continue
            floor_printed = True
            median = statistics.median(values)
            print(f"{name:26} {median:10.1f} {median / floor:8.2f} {spread(values):7.1%}")
    print("Medians of CPU time. floor: glibc's memchr finds every LF of the header block. x floor: to the floor of the same\n"
          "run. spread: half the distance between the quartiles.")


if __name__ == "__main__":
    main(sys.argv[1:])
