"""Prints the results of the benchmark programs as a table of ratios to the floor. scripts/bench calls it.

    table.py [--json FILE] [--svg FILE] [--mix TEXT] RESULTS.json...

Each program is a layer, and measures the floor in the same run as its work: each ratio is to the floor of that run. How
far the floor itself spreads tells whether the machine was quiet enough to believe them.
"""

import argparse
import html
import json
import os
import re
import statistics
import sys

FLOOR = "floor"
# Half the distance between the quartiles of the floor, relative to its median; and how far the runs' floors lie apart.
# What a quiet machine shows is a third of it.
QUIET_SPREAD = 0.03
QUIET_DRIFT = 0.05
QUIET_WORK = 0.05


def read(path):
    """What one program measured: its layer and, in its order, the nanoseconds per message of all repetitions."""
    with open(path, encoding="utf-8") as results:
        runs = [run for run in json.load(results)["benchmarks"] if run["run_type"] == "iteration"]
    times, units = {}, {}
    for run in sorted(runs, key=lambda run: run["family_index"]):
        name = re.sub(r"/threads:\d+$", "", run["run_name"])
        times.setdefault(name, []).append(run["cpu_time"] / run["messages"])
        if "units" in run:
            units[name] = run["units"]
    if FLOOR not in times:
        raise SystemExit(f"{path}: no floor was measured")
    layer = os.path.splitext(os.path.basename(path))[0]
    return {"layer": layer, "messages": int(runs[0]["messages"]), "octets": int(runs[0]["octets"]), "times": times,
            "units": units}


def quartiles(values):
    return statistics.quantiles(values, n=4, method="inclusive") if len(values) > 1 else values * 3


def measured(name, values, floor, units):
    """A row: times in nanoseconds per message, and ratios to a floor. units: things in a message, or None."""
    low, median, high = quartiles(values)
    work, _, level = name.rpartition("/") if "/" in name else (name, "", "")
    return {"work": work, "level": level or None, "repetitions": len(values), "ns": median, "ns_quartiles": [low, high],
            "ns_range": [min(values), max(values)], "ratio": median / floor,
            "ratio_quartiles": [low / floor, high / floor], "spread": (high - low) / 2 / median,
            "ns_per_unit": median / units if units else None}


def layer_of(result):
    floor = statistics.median(result["times"][FLOOR])
    rows = [measured(name, values, floor, result["units"].get(name)) for name, values in result["times"].items()]
    return {"layer": result["layer"], "rows": rows}


def unrest(layers, others):
    """Why the figures are not to be relied on; empty when the machine was quiet. others: programs that ran beside."""
    floors = [next(row for row in layer["rows"] if row["work"] == FLOOR) for layer in layers]
    medians = [floor["ns"] for floor in floors]
    reasons = []
    worst = max(floor["spread"] for floor in floors)
    if worst > QUIET_SPREAD:
        reasons.append(f"the floor spreads by {worst:.1%} around its median (quiet: under {QUIET_SPREAD:.0%})")
    drift = max(medians) / min(medians) - 1
    if drift > QUIET_DRIFT:
        reasons.append(f"the floor was {min(medians):.1f} ns in one run and {max(medians):.1f} ns in another")
    rows = [row for layer in layers for row in layer["rows"]]
    restless = [row for row in rows if row["spread"] > QUIET_WORK]
    if restless:
        reasons.append(f"{len(restless)} of {len(rows)} spread by more than {QUIET_WORK:.0%}")
    if others:
        reasons.append(f"other programs were running ({others})")
    if min(floor["repetitions"] for floor in floors) < 5:
        reasons.append("fewer than five repetitions say nothing about the spread")
    return reasons


def table(report):
    count, mean = report["messages"], report["octets"] / report["messages"]
    width = max(28, *(len(label(row)) for layer in report["layers"] for row in layer["rows"]))
    lines = [f"{report['mix']}: {count} message{'s' * (count > 1)}, {mean:.0f} octets on average", "",
             f"{'work':{width}} {'ns/message':>10} {'x floor':>8}   {'quartiles':^15} {'spread':>7}"]
    for layer in report["layers"]:
        lines.append(layer["layer"])
        for row in layer["rows"]:
            low, high = row["ratio_quartiles"]
            each = f"   {row['ns_per_unit']:.3f} ns each" if row["ns_per_unit"] else ""
            lines.append(f"{label(row):{width}} {row['ns']:10.1f} {row['ratio']:8.2f}   {low:6.2f} - {high:6.2f} "
                         f"{row['spread']:7.1%}{each}")
    lines += ["", "Medians of CPU time. floor: glibc's memchr finds every LF of the head, in the same run. quartiles:",
              "of the ratio. spread: half the distance between the quartiles, relative to the median."]
    return lines + ["NOT QUIET, do not rely on these figures: " + reason for reason in report["not_quiet"]]


def label(row):
    return f"  {row['work']}" + (f" ({row['level']})" if row["level"] else "")


def chart(report):
    """The ratios as bars; the floor is the unit. Of work that several programs measured, that of the last one."""
    rows = [row for layer in report["layers"] for row in layer["rows"] if row["work"] != FLOOR]
    bars = [row for at, row in enumerate(rows) if label(row) not in map(label, rows[at + 1:])]
    most = max(row["ratio"] for row in bars)
    width, line, left = 860, 22, 300
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {line * (len(bars) + 2)}" font-family="sans-serif" '
           'font-size="13">', f'<rect width="{width}" height="{line * (len(bars) + 2)}" fill="#fff"/>',
           f'<text x="8" y="{line - 6}">time per message; 1 = memchr over its lines ({html.escape(report["mix"])})</text>']
    for at, row in enumerate(bars, 1):
        length, y = max(1, (width - left - 70) * row["ratio"] / most), at * line + 6
        out += [f'<text x="{left - 8}" y="{y + 13}" text-anchor="end">{html.escape(label(row).strip())}</text>',
                f'<rect x="{left}" y="{y}" width="{length:.1f}" height="{line - 6}" fill="{"#2a6fb0" if row["level"] else "#999"}"/>',
                f'<text x="{left + length + 6:.1f}" y="{y + 13}">{row["ratio"]:.2f}</text>']
    return "\n".join(out + ["</svg>", ""])


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", help="file to write the figures to")
    parser.add_argument("--svg", help="file to draw the ratios to")
    parser.add_argument("--mix", default="the shipped mix", help="what the messages are")
    parser.add_argument("--others", type=int, default=0, help="other programs that were running")
    parser.add_argument("results", nargs="+")
    options = parser.parse_args(arguments)
    results = [read(path) for path in options.results]
    layers = [layer_of(result) for result in results]
    report = {"mix": options.mix, "messages": results[0]["messages"], "octets": results[0]["octets"],
              "not_quiet": unrest(layers, options.others), "layers": layers}
    print("\n".join(table(report)))
    if options.svg:
        with open(options.svg, "w", encoding="utf-8") as file:
            file.write(chart(report))
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(report, file, indent=1)
            file.write("\n")


if __name__ == "__main__":
    main(sys.argv[1:])
