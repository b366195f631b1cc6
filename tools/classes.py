#!/usr/bin/env python3
"""Write the sets of octets that hand-written scanners skip, from the grammar, as classes of src/run.h.

usage: classes.py GRAMMAR_FOLDER OUT.h

A class holds the octets below 80 that are texts of their rule by themselves. Any number of them in any order, but at least
one, must be a text of the rule too: that is checked, so whoever finds nothing but octets of the class has read the rule."""

import sys

import emit
import fsa
from abnf import GrammarError
from project import Project


def uri_octets(project):
    """What the machine of Request-Line takes for the Request-URI."""
    member = next(m for m in project.shapes["request_line"].members if m.name == "uri")
    return project.language.of(member.octets, "rfc3261")


def rule(name):
    return lambda project: project.language.of_rule(project.grammar.find("rfc3261", name))


CLASSES = {"token": rule("token"), "request_uri": uri_octets, "reason_phrase": rule("Reason-Phrase")}


def octets_of(name, language):
    octets = frozenset(octet for octet in range(0x80) if language.accepts(bytes([octet])))
    if not octets or fsa.difference(fsa.repeat(fsa.octet_set(octets), 1, None), language).finals:
        raise GrammarError(name, "its single octets cannot be repeated at will: it has no class")
    return octets


def main(folder, out):
    project = Project(folder)
    lines = [emit.banner("Sets of octets."), "#ifndef SIPWIRE_CLASSES_H", "#define SIPWIRE_CLASSES_H", "", '#include "run.h"', ""]
    lines += [emit.class_text(f"{name}_class", octets_of(name, language(project))) + "\n" for name, language in CLASSES.items()]
    with open(out, "w", encoding="utf-8") as header:
        header.write(emit.table(lines + ["#endif"]))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    try:
        main(*sys.argv[1:])
    except GrammarError as error:
        sys.exit(str(error))
