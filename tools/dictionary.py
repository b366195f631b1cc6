#!/usr/bin/env python3
"""Write a libFuzzer dictionary: the names of the tables, and the strings of the grammar.

usage: dictionary.py FOLDER OUT
"""

import os
import sys

from abnf import Alt, Cat, Literal, Rep
from names import read_table
from project import Project

NAMES = {"headers": ["name", "compact"], "methods": ["name"], "params": ["name"], "transports": ["name"]}


def literals(node):
    if isinstance(node, Literal):
        yield node.text
    elif isinstance(node, Rep):
        yield from literals(node.item)
    elif isinstance(node, (Cat, Alt)):
        for item in node.items:
            yield from literals(item)


def words(folder):
    for table, columns in NAMES.items():
        for _, row in read_table(os.path.join(folder, table + ".tsv"), columns):
            yield from (row[column] for column in columns)
    for space in Project(folder).grammar.spaces.values():
        for rule in space.rules.values():
            yield from literals(rule.node)
    yield from ("SIP/2.0 ", "SIP/2.0/UDP ", "<sip:", "\r\n", "\r\n ", "\r\n\r\n", "z9hG4bK", "[::1]", "192.0.2.1", "%41")


def entry(text):
    return '"' + "".join(c if c.isalnum() or c in " -_./:;<>=[]*+?@,&" else f"\\x{ord(c):02x}" for c in text) + '"'


def main(folder, out):
    with open(out, "w", encoding="ascii") as file:
        file.writelines(entry(word) + "\n" for word in sorted({word for word in words(folder) if word}))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
