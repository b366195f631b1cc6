"""Compares callgrind's counts with the stored ones, or stores them. scripts/callgrind calls it."""

import argparse
import glob
import hashlib
import os
import re
import sys

TOLERANCE = 0.03
BEND = 0.25
NOT_COMPARED = 77
SHOWN = 12


def read_dumps(directory):
    """{(work, level, kind): instructions per message} from callgrind's dumps, which bench/count.c names."""
    counts = {}
    for path in glob.glob(os.path.join(directory, "out*")):
        with open(path, encoding="latin-1") as dump:
            text = dump.read()
        name = re.search(r"^desc: Trigger: Client Request: (\S+) (\S+) (\S+) (\d+)$", text, re.MULTILINE)
        if name:
            total = int(re.search(r"^totals: (\d+)$", text, re.MULTILINE)[1])
            counts[name.group(1, 2, 3)] = total / int(name[4])
    return counts


def read_baseline(path):
    """The facts in the comment lines, and the counts."""
    facts, counts = {}, {}
    with open(path, encoding="ascii") as table:
        for line in table:
            if line.startswith("# ") and ": " in line:
                key, value = line[2:].strip().split(": ", 1)
                facts[key] = value
            elif not line.startswith(("#", "work\t")):
                work, level, kind, count = line.split()
                counts[work, level, kind] = float(count)
    return facts, counts


def write_baseline(path, facts, counts):
    with open(path, "w", encoding="ascii") as table:
        table.write("# Instructions per message, counted by callgrind: scripts/callgrind --update writes this table.\n")
        for key, value in facts.items():
            table.write(f"# {key}: {value}\n")
        table.write("work\tlevel\tkind\tinstructions\n")
        for (work, level, kind), count in sorted(counts.items()):
            table.write(f"{work}\t{level}\t{kind}\t{count:.1f}\n")


def size_of(kind):
    """(things, how many) of a kind such as 500-fields; None for a kind of message."""
    found = re.fullmatch(r"(\d+)-(fields|octets|parameters|folds|bare-addresses|bare-uris)", kind)
    return (found[2], int(found[1])) if found else None


def bent(counts):
    """Sentences on work whose cost grows faster than what it is done on: what each further thing costs, once there are
    enough of them to fill vectors and blocks, must not rise."""
    series = {}
    for (work, level, kind), count in counts.items():
        if size_of(kind):
            things, units = size_of(kind)
            series.setdefault((work, level, things), []).append((units, count))
    for (work, level, things), points in sorted(series.items()):
        points.sort()
        steps = [(after[1] - before[1]) / (after[0] - before[0]) for before, after in zip(points, points[1:])]
        if steps[-1] > steps[-2] * (1 + BEND):
            yield (f"not linear: {work}, {level}: each further of the {things} takes " +
                   ", then ".join(f"{step:.2f}" for step in steps) + " instructions")


def summary(counts):
    """Mean over the kinds of message, per work and level."""
    groups = {}
    for (work, level, kind), count in counts.items():
        if not size_of(kind):
            groups.setdefault((work, level), []).append(count)
    return {key: sum(values) / len(values) for key, values in sorted(groups.items())}


def compare(old, new):
    """Prints what differs; returns whether anything takes too many instructions, or cannot be compared."""
    worse = [key for key in sorted(new) if key in old and new[key] > old[key] * (1 + TOLERANCE)]
    better = [key for key in sorted(new) if key in old and new[key] < old[key] * (1 - TOLERANCE)]
    unknown = sorted(set(new) - set(old))
    levels = {level for _, level, _ in new}
    gone = [key for key in sorted(old) if key not in new and key[1] in levels]
    for key in worse[:SHOWN]:
        print("more: %s, %s, %s:" % key, f"{old[key]:.1f} -> {new[key]:.1f} ({new[key] / old[key] - 1:+.1%})")
    if worse[SHOWN:]:
        print(f"and {len(worse) - SHOWN} others with more")
    if better:
        print(f"note: {len(better)} counts fell by more than {TOLERANCE:.0%}; scripts/callgrind --update keeps the gain")
    for what, keys in (("not in the baseline", unknown), ("in the baseline but not counted", gone)):
        if keys:
            print(f"{len(keys)} {what}, the first: %s, %s, %s" % keys[0])
    for level in sorted({level for _, level, _ in old} - levels):
        print(f"note: this processor lacks {level}: not compared")
    old_means = summary(old)
    for key, mean in summary(new).items():
        before = f"{old_means[key]:9.0f}" if key in old_means else "        -"
        print(f"{key[0]:12} {key[1]:7} {before} -> {mean:9.0f} instructions per message, mean of the kinds")
    bends = list(bent(new))
    print("\n".join(bends) if bends else "cost is linear in all of which messages hold more and more")
    return bool(worse or unknown or gone or bends)


def main():
    parser = argparse.ArgumentParser()
    mode = parser.add_mutually_exclusive_group(required=True)
    for name in ("--compare", "--update", "--show"):
        mode.add_argument(name, action="store_true")
    for name in ("--compiler", "--mix", "--baseline"):
        parser.add_argument(name, required=True)
    parser.add_argument("dumps")
    args = parser.parse_args()
    counts = read_dumps(args.dumps)
    if not counts:
        sys.exit("callgrind left no counts")
    with open(args.mix, "rb") as mix:
        digest = hashlib.sha256(mix.read()).hexdigest()[:16]
    facts = {"compiler": args.compiler, "mix": digest}
    if args.show:
        for key, count in sorted(counts.items()):
            print("%s\t%s\t%s" % key, f"{count:.1f}", sep="\t")
        return 0
    if args.update:
        write_baseline(args.baseline, facts, counts)
        print(f"{len(counts)} counts written")
        return 0
    if not os.path.exists(args.baseline):
        sys.exit("there is no baseline: scripts/callgrind --update makes it")
    old_facts, old = read_baseline(args.baseline)
    failed = compare(old, counts)
    if old_facts.get("compiler") != args.compiler:
        print(f"not compared: the baseline is by {old_facts.get('compiler')}, this is {args.compiler}")
        return NOT_COMPARED
    if old_facts.get("mix") != digest:
        print("the mix is not the one of the baseline: see whether the change is meant, then scripts/callgrind --update")
        return 1
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
