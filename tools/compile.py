#!/usr/bin/env python3
"""Compile the grammar: ABNF and shapes into machines, and everything that follows from the tables.

usage: compile.py list FOLDER                 the grammar's files and the names of its machines
       compile.py headers FOLDER OUT          write the generated public headers below OUT
       compile.py build FOLDER OUT RAGEL      write all other generated sources below OUT, but for
       compile.py tolerant FOLDER OUT FILE RAGEL   those of tolerant readings: FILE; what they are made of goes to OUT
       compile.py prove FOLDER OUT [NAME...]  prove what was built in OUT equal to the grammar: machines, each for every
                                              header field that it reads; or header fields by their names
       compile.py prove-tolerant FOLDER OUT TOLERANT [NAME...]   the same of what "build" left in OUT and "tolerant" in
                                              TOLERANT; and that a machine whose transitions do not use a tolerance, or
                                              any, accepts the ABNF without its rules
       compile.py prove-writing FOLDER        prove that what the templates of shapes make of right members is in the grammar
"""

import os
import subprocess
import sys
from dataclasses import replace

import audit
import emit
import fsa
import straight
import tolerant
import writers
import writing
from abnf import GrammarError
from equivalence import Reader, ScopeModel, counterexample
from names import Refusal
from project import Project
from shape import CUTS


def write(path, text):
    """Writes a file only when it changes, so that nothing is compiled again for nothing."""
    if os.path.exists(path):
        with open(path, encoding="utf-8") as old:
            if old.read() == text:
                return
    with open(path, "w", encoding="utf-8") as new:
        new.write(text)


def build_machine(project, machine, out, ragel):
    """Ragel source, audit, state facts, C."""
    base = os.path.join(out, machine.name)
    write(base + ".rl", machine.writer.ragel(emit.header(machine)))
    subprocess.run([ragel, "-x", "-o", base + ".xml", base + ".rl"], check=True)
    made = audit.Machine(base + ".xml")
    if len(made.rows) > machine.shape.budget:
        raise GrammarError(machine.shape.where, f"machine '{machine.name}' has {len(made.rows)} states, over its budget of "
                                                f"{machine.shape.budget}")
    write(base + ".states.inc", emit.states(project, machine, made, judge(machine, made, machine.plan)))
    subprocess.run([ragel, "-G2", "-L", "-o", base + ".c", base + ".rl"], check=True)
    with open(base + ".c", encoding="utf-8") as source:
        text = source.read()
    write(base + ".c", emit.with_runs(machine, made, text))
    return made


def judge(machine, made, plan):
    """Audits a machine against a plan; returns its states as (rule, names of the open captures)."""
    places = audit.Places(plan)
    facts, steps = audit.walk(made, places)
    audit.check_captures(places, facts, steps, machine.shape, machine.shape.where)
    return audit.summary(machine, facts, places)


def build(folder, out, ragel):
    project = Project(folder)
    os.makedirs(out, exist_ok=True)
    made = {machine.name: build_machine(project, machine, out, ragel) for machine in project.machines.values()}
    for row in project.rows:
        if row.machine:
            machine = project.machines[row.machine]
            row.states = judge(replace(machine, default_rule=row.rule), made[row.machine], row.plan)
    check_choices(project)
    write_all(out, emit.sources(project) | writers.sources(project) | {"paths.inc": straight.sources(project)})


def check_choices(project):
    """Refuses a declared choice that no machine of its shape needs."""
    for shape in project.shapes.values():
        for name in sorted(shape.choices & set(shape.choice_places) - shape.needed):
            raise GrammarError(shape.choice_places[name], f"nothing competes with capture '{name}': the choice is not needed")


def write_all(out, files):
    os.makedirs(out, exist_ok=True)
    for name, text in files.items():
        write(os.path.join(out, name), text)


class Prover:
    """Turns machines into automata, the inner ones first."""

    def __init__(self, project, out):
        self.project, self.out, self.done = project, out, {}

    def made(self, name):
        return audit.Machine(os.path.join(self.out, name + ".xml"))

    def automaton(self, name, scope=None):
        """What a machine accepts; scope: the parameters of one of its readers, when it has several."""
        machine = self.project.machines[name]
        if machine.scope and not scope:
            scope = next(self.scopes(machine))
        if (name, scope) not in self.done:
            made = self.made(name)
            cuts = {c.member.name: self.cut(c.member.kind) for c in machine.writer.captures
                    if c.member.kind in CUTS}
            each = {c.member.name for c in machine.writer.captures if c.member.kind in CUTS and c.member.each}
            self.done[name, scope] = Reader(made, cuts, self.models(machine, scope), each).dfa()
        return self.done[name, scope]

    def scopes(self, machine):
        if machine.shape.entry is not None:
            yield machine.shape.name
        yield from (row.scope for row in self.project.rows if row.machine == machine.name)

    def cut(self, kind):
        shape = self.project.shapes[CUTS[kind]]
        return self.composed(shape) if shape.composed else self.automaton(shape.name)

    def composed(self, shape):
        """The schemes of a URI joined as uri.c joins them."""
        if shape.name in self.done:
            return self.done[shape.name]
        scheme = self.project.language.of_rule(self.project.grammar.find(shape.space, "scheme"))
        parts, known = [], []
        for names, char, shapes in shape.schemes:
            if names == ["otherwise"]:
                first = fsa.difference(scheme, fsa.alt(known))
            else:
                first = fsa.alt([fsa.literal(name.encode(), sensitive=False) for name in names])
                known.append(first)
            rest = self.automaton(shapes[0])
            if char:
                rest = self.split(shape, char, rest, self.automaton(shapes[1]))
            parts.append(fsa.cat([first, fsa.literal(b":"), rest]))
        parts += [fsa.literal(name.encode() + b":", sensitive=False) for name in shape.empty]
        self.done[shape.name] = fsa.alt(parts)
        return self.done[shape.name]

    @staticmethod
    def split(shape, char, left, right):
        """[ LEFT ] RIGHT is split at the first character: sound only if it ends LEFT and occurs nowhere else."""
        octet = ord(char)
        other = fsa.octet_set(set(range(256)) - {octet})
        only_last = fsa.cat([fsa.repeat(other, 0, None), fsa.octet_set([octet])])
        if fsa.difference(left, only_last).finals or octet in right.octets():
            raise GrammarError(shape.where, f"'{char}' does not split these parts: it occurs elsewhere in them")
        return fsa.cat([fsa.repeat(left, 0, 1), right])

    def models(self, machine, name):
        """The parameters of each place that takes some."""
        return [self.model(machine, part) for part in self.project.chain(name)] if machine.scope else []

    def model(self, machine, name):
        names, values, flags = [], {}, set()
        for param in self.project.scopes[name]:
            key = param.name or "*"
            if not param.no_value:
                names += [param.name] if param.name else []
                values[key] = self.automaton(param.matcher) if param.matcher else self.free(machine)
            if param.may_be_flag and not param.no_value:
                flags.add(key)
        return ScopeModel(names, values, flags)

    def free(self, machine):
        """What the template lets through without a look: plain octets and quoted strings."""
        _, values = machine.scope
        texts = [fsa.repeat(fsa.octet_set(values.plain), 1, None)]
        if values.quoted:
            rule = self.project.grammar.find("rfc3261", "quoted-string")
            texts.append(self.project.language.of_rule(rule))
        return fsa.alt(texts)


def claims(project, prover, name):
    """(what, its automaton, that of the flattened ABNF) of all that goes by a name."""
    rows = [row for row in project.rows if row.machine and name in (row.machine, row.name)]
    for row in rows:
        yield f"{row.name} by {row.machine}", prover.automaton(row.machine, row.scope), project.row_text(row)
    if name in project.machines and not rows:
        yield name, prover.automaton(name), project.machines[name].grammar_text()
    elif name in project.shapes and project.shapes[name].composed:
        shape = project.shapes[name]
        yield name, prover.composed(shape), project.language.of(shape.entry, shape.space, ("uri",))
    elif not rows:
        raise GrammarError(project.folder, f"there is no machine and no typed header field '{name}'")


def prove(folder, out, names):
    project = Project(folder)
    return report(project, Prover(project, out), names)


def prove_tolerant(folder, out, tolerant_out, names):
    project = Project(folder, strict=Project(folder))
    bits = sorted({rule.accept for space in project.grammar.spaces.values() for rule in space.rules.values() if rule.accept})
    failed = 0
    for refused in [frozenset(), frozenset(bits)] + [frozenset([bit]) for bit in bits]:
        made = tolerant.Made(project, out, tolerant_out, refused)
        prover = Prover(project, out)
        prover.made = made.machine
        if len(refused) == 1:
            wanted = [name for name in made.users() if name in (names or project.machines)]
        else:
            wanted = names or [name for name in project.machines if not name.startswith("match_")]
            wanted = [name for name in wanted if name != "host" or not refused]   # the machines that cut it out ask for the bit
        print(f"without {', '.join(sorted(refused)) or 'nothing'}: {len(wanted)}")
        failed += report(project, prover, wanted) if wanted else 0
    return 1 if failed else 0


def report(project, prover, names):
    failed = 0
    wanted = names or list(project.machines) + [s.name for s in project.shapes.values() if s.composed]
    for what, made, grammar in (claim for name in wanted for claim in claims(project, prover, name)):
        found = counterexample(made, grammar)
        if found:
            failed += 1
            text, by_machine = found
            taker, other = ("machine", "grammar") if by_machine else ("grammar", "machine")
            print(f"{what}: NOT EQUAL: the {taker} accepts {text!r}, the {other} does not")
        else:
            print(f"{what}: equal, {len(made.rows)} states")
    return 1 if failed else 0


def prove_writing(folder):
    project, failed = Project(folder), 0
    for row in project.rows:
        if row.shape:
            text = writing.unwritable(project, row)
            failed += text is not None
            print(f"{row.name}: " + ("what is written is right" if text is None else f"NOT RIGHT: {text!r} can be written"))
    return 1 if failed else 0


def main(args):
    try:
        if len(args) == 2 and args[0] == "list":
            project = Project(args[1])
            print("\n".join([f"file {path}" for path in project.files()] + [f"machine {n}" for n in project.machines]))
        elif len(args) == 3 and args[0] == "headers":
            project = Project(args[1])
            write_all(args[2], emit.headers(project) | writers.headers(project))
        elif len(args) == 4 and args[0] == "build":
            build(*args[1:])
        elif len(args) == 5 and args[0] == "tolerant":
            project = Project(args[1], strict=Project(args[1]))
            write(args[3], tolerant.source(project, args[2], args[4]))
        elif len(args) == 2 and args[0] == "prove-writing":
            return prove_writing(args[1])
        elif len(args) >= 3 and args[0] == "prove":
            return prove(args[1], args[2], args[3:])
        elif len(args) >= 4 and args[0] == "prove-tolerant":
            return prove_tolerant(*args[1:4], args[4:])
        else:
            print(__doc__, file=sys.stderr)
            return 2
    except (GrammarError, Refusal) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
