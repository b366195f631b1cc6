#!/usr/bin/env python3
"""Writes the mix of messages that the benchmarks measure: always the same 384 messages, in the same shuffled order.

--times N makes N times as many of each kind, all different.

    mix.py --source mix.inc --binary mix.bin    for the build: C arrays, and the messages one after the other
    mix.py --files DIR                          a file per message, NNN-kind.sip
    mix.py --summary                            how many of each kind, and their octets
"""

import argparse
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from mix_kinds import KINDS  # noqa: E402  (found by the line above)
from mix_parts import Dice  # noqa: E402

SEED = 3261


def make(times=1):
    """The mix: (kind, octets) pairs. Each message has its own dice, so that a new kind leaves the others alone."""
    messages = []
    for kind, function, count in KINDS:
        for i in range(count * times):
            dice = Dice(SEED * 1000003 + sum(ord(c) << (5 * p) for p, c in enumerate(kind)) * 4099 + i)
            messages.append((kind, function(dice).encode()))
    Dice(SEED).shuffle(messages)
    return messages


def write_source(path, messages):
    """The octets as one array, since compilers limit string literals, and where each message lies in it."""
    with open(path, "w", encoding="ascii") as out:
        out.write("/* Written by bench/mix.py. */\nstatic const unsigned char mix_octets[] = {\n")
        for kind, octets in messages:
            out.write(f"/* {kind} */\n")
            for i in range(0, len(octets), 32):
                out.write(",".join(map(str, octets[i:i + 32])) + ",\n")
        out.write("};\n\nstatic const struct { unsigned offset, length; const char *kind; } mix_table[] = {\n")
        offset = 0
        for kind, octets in messages:
            out.write(f'{{{offset}, {len(octets)}, "{kind}"}},\n')
            offset += len(octets)
        out.write("};\n")


def write_binary(path, messages):
    with open(path, "wb") as out:
        out.write(b"".join(octets for _, octets in messages))


def write_files(directory, messages):
    os.makedirs(directory, exist_ok=True)
    for i, (kind, octets) in enumerate(messages):
        write_binary(os.path.join(directory, f"{i:03}-{kind}.sip"), [(kind, octets)])


def print_summary(messages):
    for kind, _, _ in KINDS:
        sizes = [len(octets) for k, octets in messages if k == kind]
        print(f"{kind:16} {len(sizes):4}  mean {sum(sizes) / len(sizes):6.0f}  {min(sizes):5} to {max(sizes):5} octets")
    total = sum(len(octets) for _, octets in messages)
    print(f"{'all':16} {len(messages):4}  mean {total / len(messages):6.0f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--source", metavar="FILE")
    parser.add_argument("--binary", metavar="FILE")
    parser.add_argument("--files", metavar="DIR")
    parser.add_argument("--summary", action="store_true")
    parser.add_argument("--times", metavar="N", type=int, default=1)
    args = parser.parse_args()
    messages = make(args.times)
    if args.source:
        write_source(args.source, messages)
    if args.binary:
        write_binary(args.binary, messages)
    if args.files:
        write_files(args.files, messages)
    if args.summary:
        print_summary(messages)


if __name__ == "__main__":
    main()
