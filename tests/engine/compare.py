#!/usr/bin/env python3
"""Compare the library's verdicts with those of an engine that none of the library's code has a part in.

usage: compare.py ENGINE VERDICT [--quick | --sentences N] [--grammar FOLDER] [--field NAME]...

ENGINE is engine.mjs beside its installed packages, VERDICT the program made from verdict.c. For each header field whose
row has a rule, sentences are derived from the rule by the engine and walked on the automaton of tools/language.py, with
as many near misses that the automaton refuses: N of all together (400), and mutants that turned out to be valid. The
engine must accept what the library accepts, and what the automaton of the flattened ABNF accepts (the only one to
compare with while a field has no shape). What the library may refuse beside the grammar is looked into, text by text
(Field.reason).

--quick: of the fields of each shape the first, with 24 texts, none walked. --grammar: what the engine reads instead of
grammar/abnf, to see that a difference is found. --field: only these. Exit status: 0 they agree, 1 they do not, 2 usage.
"""

import argparse
import re
import subprocess
import sys
from collections import Counter
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
# pylint: disable=wrong-import-position
import sentences
import sentences_of as of
from abnf import Ref, cat
from language import Language, step
from names import read_table
from project import Project

SENTENCES, QUICK = 400, 24
DEEPER = 32                      # what nests deeper still is a disagreement until this is raised
WHOLE = {"decimal": (0, 10**17 - 1)}    # before the point; the tables give no range for this kind
ENCLOSED = re.compile(rb'"(?:[^"\\]|\\.)*"|<[^>]*>', re.S)
SHOWN = 20


class Field:
    """A header field, and what is known of its texts without engine and library."""

    def __init__(self, project, plain, row):
        self.project, self.plain_language, self.row = project, plain, row
        self.rule = f"{row.rule.namespace}:{row.rule.name}"
        self.value = f"{self.rule}#value"
        self.typed = bool(row.machine)
        self.mode = "list" if self.typed and row.element.is_list else "value"

    def value_in(self, language, unroll):
        """The field's value; unroll: how deep recursive rules nest, the same at each use of a Language."""
        rule = self.row.rule
        return language.of(cat(*rule.node.items[2:]), rule.namespace, (step(rule),), unroll, rule.where)

    @cached_property
    def unroll(self):
        """How deep the shapes let rules nest: the field's own shape, or before it has one any."""
        shapes = [self.row.shape] if self.typed else self.project.shapes.values()
        return {rule: depth for shape in shapes for rule, depth in shape.unroll.items()}

    @cached_property
    def plain(self):
        """The flattened ABNF without any exclusion."""
        return self.value_in(self.plain_language, self.unroll)

    @cached_property
    def deeper(self):
        return self.value_in(Language(self.project.grammar, [], []), dict.fromkeys(self.unroll, DEEPER))

    @cached_property
    def strict(self):
        """The flattened ABNF less the exclusions: what the library is to accept."""
        language = sentences.list_language if self.mode == "list" else sentences.value_language
        return language(self.project, self.row)

    def nests_deeper(self, text):
        """Whether only the depth to which rules were unrolled keeps the text out of the flattened ABNF."""
        return bool(self.unroll) and not self.plain.accepts(text) and self.deeper.accepts(text)

    def bounds(self):
        """The ranges of the numbers that a value of this field may hold."""
        rules = self.rules_used()
        for shape in self.project.shapes.values():
            for member in shape.members:
                inside = shape.entry is not None and member.pattern and {*map(str, member.pattern)} <= rules
                if member.kind not in ("number", "decimal") or not (shape is self.row.shape or inside):
                    continue
                own = (self.row.low, self.row.high) if member.by_row else (member.low, member.high)
                yield WHOLE.get(member.kind, own)

    def rules_used(self):
        """The names of the rules that the field's rule is made of."""
        found, todo = set(), [self.row.rule]
        while todo:
            rule = todo.pop()
            if rule.name.lower() not in found:
                found.add(rule.name.lower())
                todo.extend(self.project.grammar.refs(rule))
        return found

    def out_of_range(self, text, offset):
        digits = re.match(rb"\d+", text[offset:])
        if self.row.shape.days and digits and re.match(rb"(?i)31 (apr|jun|sep|nov)|3[01] feb|29 feb", text[offset:]):
            return not re.match(rb"(?i)29 feb (\d\d(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)", text[offset:])
        bounds = [*self.bounds(), *self.bounds_of_parameter(text[:offset])]
        return bool(digits) and any(not low <= int(digits[0]) <= high for low, high in bounds)

    def bounds_of_parameter(self, before):
        """The range of a parameter's number, if one begins behind this text that has a range and is no member."""
        for shape in self.project.shapes.values():
            for name, bounds in shape.bounds.items():
                if re.search(rb"(?i);%s=$" % re.escape(name.encode()), before):
                    yield bounds

    def repeats_param(self, text, offset):
        """Whether the name at the offset is that of a parameter before it; of a list, in the same element."""
        name = re.match(rb"[^\s=;,<>?\"]+", text[offset:])
        begin = 0
        if self.mode == "list":
            begin = ENCLOSED.sub(lambda found: b"x" * len(found[0]), text[:offset]).rfind(b",") + 1
        # where parameters lead a value, the first one stands behind a blank or nothing; those of their URIs behind ";"
        before = rb"(?:^|[;,\s])" if self.project.leads.get(self.row.scope) else rb";\s*"
        pattern = rb"(?i)%s%s\s*(?:[=;]|$)"
        return bool(name) and bool(re.search(pattern % (before, re.escape(name[0])), text[begin:offset]))

    def reason(self, text, status, offset):
        """Why the library refuses what the engine accepts, or None when nothing gives it the right to."""
        if status == "E_RANGE" and self.out_of_range(text, offset):
            return "a number out of its range"
        if status == "E_DUPLICATE_PARAM" and self.repeats_param(text, offset):
            return "a parameter that occurs twice"
        if status == "E_LIMIT_NESTING" and self.nests_deeper(text):
            return "nested deeper than the shape unrolls"
        if status == "E_SYNTAX" and self.plain.accepts(text) and not self.strict.accepts(text):
            return "in grammar/shapes/exclusions, or a parameter with a rule of its own"
        return None


class Engine:
    def __init__(self, program, folder):
        self.program, self.folder = program, str(folder)

    def run(self, action, lines, *numbers):
        return run(["node", self.program, action, self.folder, *map(str, numbers)], lines)

    def derive(self, fields, count):
        """For each field up to count sentences, the first of them the shortest."""
        lines = self.run("derive", [f"{field.value}\t{field.row.number}" for field in fields], count, of.LONGEST)
        found = {field.value: [] for field in fields}
        for line in lines:
            symbol, text = line.split("\t")
            found[symbol].append(bytes.fromhex(text))
        return found

    def recognise(self, cases):
        verdicts = self.run("recognise", [f"{symbol}\t{text.hex()}" for symbol, text in cases])
        return [verdict == "accept" for verdict in verdicts]


def run(command, lines):
    """Gives lines to a program; returns the lines that it printed."""
    done = subprocess.run(command, input="".join(line + "\n" for line in lines), stdout=subprocess.PIPE, check=True,
                          encoding="ascii")
    return done.stdout.splitlines()


def library_verdicts(program, cases):
    """(status, offset) for each (field, text); None for a field without a shape."""
    typed = [f"{field.row.number}\t{field.mode}\t{text.hex()}" for field, text in cases if field.typed]
    verdicts = iter(run([program], typed))
    out = []
    for field, _ in cases:
        status, offset = next(verdicts).split("\t") if field.typed else (None, 0)
        out.append((status, int(offset)))
    return out


@cache
def whole_project():
    project = Project(str(ROOT / "grammar"))
    return project, Language(project.grammar, [], [])


class Comparison:
    def __init__(self, args):
        project, plain = whole_project()
        wanted = {name.lower() for name in args.field}
        rows = [row for row in project.rows if not wanted or row.name.lower() in wanted]
        of_shapes = {row.shape.name: row for row in reversed(rows) if row.shape}
        chosen = reversed(of_shapes.values()) if args.quick else [row for row in rows if row.rule]
        self.fields = [Field(project, plain, row) for row in chosen]
        self.left_out = len(rows) - len(self.fields)
        names = read_table(project.table("headers"), ["name", "compact"])
        self.compact = {row["name"]: row["compact"] for _, row in names}
        self.engine = Engine(args.engine, args.grammar or ROOT / "grammar" / "abnf")
        self.quick, self.count, self.program = args.quick, QUICK if args.quick else args.sentences, args.verdict
        self.derived = self.engine.derive(self.fields, self.count // 2 if self.quick else self.count // 4)
        self.faults, self.tally = [], Counter()

    # texts

    def texts(self, field):
        """Valid texts and near misses, about as many of each."""
        source, half, derived = of.source_for(field.row.name), self.count // 2, self.derived[field.value]
        if self.quick:
            return derived + of.near_misses(source, derived, half)
        valid = sorted({*derived, *of.walked(source, field.strict if field.typed else field.plain, half)})
        return valid + [text for text in of.near_misses(source, valid, half, field.plain) if text not in valid]

    def values(self):
        for field in self.fields:
            found = [text for text in self.texts(field) if len(text) <= of.LONGEST]
            if len(found) < min(self.count // 2, 200):
                self.fault(field, b"", f"only {len(found)} texts")
            for text in found:
                yield field, text

    # verdicts

    def fault(self, field, text, sentence):
        self.faults.append(f"{field.rule}: {sentence}: {shown(text)}")

    def compare_values(self):
        cases = list(self.values())
        accepted = self.engine.recognise([(field.value, text) for field, text in cases])
        library = library_verdicts(self.program, cases)
        kinds = {field.rule: set() for field in self.fields}
        for (field, text), engine, (status, offset) in zip(cases, accepted, library, strict=True):
            kinds[field.rule].add(engine)
            self.tally["accepted" if engine else "refused"] += 1
            if field.typed:
                self.against_library(field, text, engine, status, offset)
            if not field.typed or not self.quick:
                self.against_automaton(field, text, engine)
        for field in self.fields:
            if kinds[field.rule] != {True, False}:
                self.fault(field, b"", "the texts have one verdict only")

    def against_library(self, field, text, engine, status, offset):
        library = status == "OK" or (status == "END" and not text)
        verdicts = f"engine {'accepts' if engine else 'refuses'}, library {status} at {offset}"
        if library and not engine:
            self.fault(field, text, verdicts)
        elif engine and not library:
            reason = field.reason(text, status, offset)
            if reason:
                self.tally[reason] += 1
            else:
                self.fault(field, text, verdicts)
        elif library and not self.quick and not field.strict.accepts(text):
            self.fault(field, text, f"{verdicts}, which the exclusions refuse")

    def against_automaton(self, field, text, engine):
        automaton = field.plain.accepts(text)
        if automaton == engine:
            return
        if engine and field.nests_deeper(text):
            self.tally["nested deeper than the flattened ABNF"] += 1
        else:
            verdicts = ["refuses", "accepts"]
            self.fault(field, text, f"engine {verdicts[engine]}, automaton {verdicts[automaton]}")

    def compare_names(self):
        """The rule must take the name and the compact form that the table gives the field, and not a piece of them."""
        cases = []
        for field in self.fields:
            names = [name for name in (field.row.name, self.compact[field.row.name]) if name]
            for name in names:
                line = name.encode() + b": " + self.derived[field.value][0]
                cases.append((field, line, True))
                cases.append((field, line[1:], line[1:line.index(b":")].decode().lower() in map(str.lower, names)))
        verdicts = self.engine.recognise([(field.rule, line) for field, line, _ in cases])
        for (field, line, expected), engine in zip(cases, verdicts, strict=True):
            self.tally["names"] += 1
            if engine != expected:
                self.fault(field, line, f"engine {'accepts' if engine else 'refuses'} the name")

    def report(self):
        for fault in self.faults[:SHOWN]:
            print(f"disagreement: {fault}")
        if len(self.faults) > SHOWN:
            print(f"and {len(self.faults) - SHOWN} more")
        typed = sum(field.typed for field in self.fields)
        why = "of the sample" if self.quick else "without a rule"
        print(f"{len(self.fields)} header fields, {typed} compared with the library, {len(self.fields) - typed} with "
              f"the flattened ABNF alone; left out {why}: {self.left_out}")
        for kind, count in self.tally.items():
            print(f"{count:7} {kind}")
        print(f"{len(self.faults):7} disagreements")
        return 1 if self.faults else 0


def shown(text):
    """The text as C would write it, and in hex for whoever repeats it."""
    return f"{text!r} ({text.hex()})"


def main(arguments=None):
    parser = argparse.ArgumentParser(usage=__doc__.split("\n\n")[1].removeprefix("usage: "))
    parser.add_argument("engine")
    parser.add_argument("verdict")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--sentences", type=int, default=SENTENCES)
    parser.add_argument("--grammar")
    parser.add_argument("--field", action="append", default=[])
    comparison = Comparison(parser.parse_args(arguments))
    if not comparison.fields:
        parser.error("no such header field has a rule")
    comparison.compare_values()
    comparison.compare_names()
    return comparison.report()


if __name__ == "__main__":
    sys.exit(main())
