#!/usr/bin/env python3
"""Writes the examples to measure: of each typed header field the first value that an RFC prints and its grammar takes.

usage: fields.py EXAMPLES.tsv OUT
"""

import csv
import json
import sys


def main(examples, out):
    with open(examples, encoding="utf-8", newline="") as table:
        rows = [row for row in csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE) if row["verdict"] == "ok"]
    first = {}
    for row in rows:
        first.setdefault(row["field"], row["value"].replace("\\r", "\r").replace("\\n", "\n"))
    with open(out, "w", encoding="ascii") as file:
        file.write("/* Written by bench/fields.py. */\nstatic const struct { const char *field, *value; } field_examples[] = {\n")
        for field, value in sorted(first.items()):
            file.write(f"    {{{json.dumps(field)}, {quoted(value)}}},\n")
        file.write("};\n")


def quoted(value):
    """A C string; octets beyond ASCII in octal, which ends by itself."""
    octal = {ord(c): "\\" + c for c in '"\\'}
    return '"' + "".join(octal.get(o) or (chr(o) if 32 <= o < 127 else f"\\{o:03o}") for o in value.encode()) + '"'


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
