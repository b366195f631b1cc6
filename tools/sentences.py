#!/usr/bin/env python3
"""Write sentences of the grammar, and near misses, with what the flattened ABNF says of them.

usage: sentences.py FOLDER OUT
       sentences.py FOLDER OUT EXAMPLES [COUNT]   instead, what RFCs print (tests/data/rfc-examples.tsv), and of each example
                                                  COUNT mutations (20)

Each line of OUT: MODE HEADER VERDICT OFFSET HEX, separated by tabs.
MODE is value (one value of a header field, nothing behind it), list (all of a field's value) or uri; HEADER the number of
the field; VERDICT accept or refuse; OFFSET the octets that some accepted text also begins with, "-" when it is not compared; HEX the
octets.
The automaton of the flattened ABNF is the only judge here: no machine and no C has a part in it. The seed is fixed.
"""

import csv
import random
import re
import sys
from collections import deque

import fsa
from abnf import Ref
from language import step
from project import Project

RANDOM = 240            # random sentences of each language
NEAR = 480              # near misses of each language that are refused, besides those of every state
LONG = 160              # octets from which a walk goes straight to its end
MUTATIONS = 20          # of each example
PIECES = [b",", b";", b"=", b'"', b"<", b">", b"@", b":", b"%", b"\\", b"(", b")", b"\0", b"\t", b"  ", b"\r\n ", b"\r\n", b";;",
          b",,", b", ,", b'""', b"<>", b"%00", "\u00e9".encode(), b"\x80"]


class Walker:
    """Walks on the automaton of one language."""

    def __init__(self, dfa, source):
        self.dfa, self.random = dfa.minimal(), source
        self.into = self.ways_in()
        self.onward = self.ways_out()

    def ways_in(self):
        """For each state a shortest text that leads to it."""
        found, todo = {0: b""}, deque([0])
        while todo:
            state = todo.popleft()
            for low, high, target in self.dfa.rows[state]:
                if target not in found:
                    found[target] = found[state] + bytes([fsa.printable(low, high)])
                    todo.append(target)
        return found

    def ways_out(self):
        """For each state a shortest text that leads from it to acceptance."""
        back = [[] for _ in self.dfa.rows]
        for state, row in enumerate(self.dfa.rows):
            for low, high, target in row:
                back[target].append((state, fsa.printable(low, high)))
        todo = deque(sorted(self.dfa.finals))
        found = dict.fromkeys(todo, b"")
        while todo:
            state = todo.popleft()
            for source, octet in back[state]:
                if source not in found:
                    found[source] = bytes([octet]) + found[state]
                    todo.append(source)
        return found

    def octet(self, low, high):
        return self.random.choice([low, high, fsa.printable(low, high), self.random.randint(low, high)])

    def random_sentence(self, least=0):
        state, text, most = 0, bytearray(), self.random.choice([8, 20, 40, 80, LONG])
        while len(text) < max(most, least) and self.dfa.rows[state]:
            if state in self.dfa.finals and len(text) >= least and self.random.random() < 0.15:
                return bytes(text)
            low, high, state = self.random.choice(self.dfa.rows[state])
            text.append(self.octet(low, high))
        return bytes(text) + self.onward[state]

    def every_edge(self):
        """Sentences that together take every edge: each goes to an edge not taken yet and stays on such edges."""
        edges = [(state, index) for state, row in enumerate(self.dfa.rows) for index in range(len(row))]
        left = set(edges)
        for start in edges:
            if start not in left:
                continue
            state, text = start[0], bytearray(self.into[start[0]])
            while start:
                left.discard(start)
                low, high, state = self.dfa.rows[start[0]][start[1]]
                text.append(self.octet(low, high))
                fresh = [(state, i) for i in range(len(self.dfa.rows[state])) if (state, i) in left]
                start = fresh[0] if fresh and len(text) < LONG else None
            yield bytes(text) + self.onward[state]

    def every_refusal(self):
        """In every state each kind of octet that cannot follow, and the end of the text."""
        for state, row in enumerate(self.dfa.rows):
            yield self.into[state]
            at = 0
            for low, high, _ in row + [(256, 256, None)]:
                if at < low:
                    yield self.into[state] + bytes([self.octet(at, low - 1)]) + self.onward[state]
                at = high + 1

    def near_miss(self, text):
        """One octet inserted, deleted, replaced or swapped with its neighbour, or the rest cut off."""
        at, kind = self.random.randrange(len(text) + 1), self.random.randrange(5)
        octet = bytes([self.random.choice([self.random.randrange(256), self.random.choice(b' \t\r\n"\\<>,;:@=?%[]*/()-.0aA')])])
        if kind == 0:
            return text[:at] + octet + text[at:]
        if kind == 1:
            return text[:at] + text[at + 1:]
        if kind == 2:
            return text[:at] + octet + text[at + 1:]
        if kind == 3:
            return text[:at] + text[at + 1:at + 2] + text[at:at + 1] + text[at + 2:]
        return text[:at]

    def sentences(self):
        valid = {self.dfa.shortest(), self.random_sentence(2 * LONG)}
        valid.update(self.every_edge())
        enough = len(valid) + RANDOM
        for _ in range(20 * RANDOM):          # a small language has no more of them
            valid.add(self.random_sentence())
            if len(valid) >= enough:
                break
        valid = sorted(valid)
        near, refused = set(self.every_refusal()), set()
        while len(refused) < NEAR:
            text = self.near_miss(self.random.choice(valid))
            near.add(text)
            if not self.dfa.accepts(text):
                refused.add(text)
        return valid + sorted(near - set(valid))


def mutated(text, source):
    """One to three times: an octet gone, doubled, put in place of another, swapped with its neighbour, or a piece inserted."""
    for _ in range(source.choice([1, 1, 1, 2, 3])):
        at, kind = source.randrange(len(text) + 1), source.randrange(5)
        piece = source.choice(PIECES) if source.random() < 0.7 else bytes([source.randrange(256)])
        middle = [b"", text[at:at + 1] * 2, piece, text[at + 1:at + 2] + text[at:at + 1], piece + text[at:at + 1]][kind]
        text = text[:at] + middle + text[at + (2 if kind == 3 else 1):]
    return text


def value_language(project, row):
    """One value of the row, as sipwire_value_parse takes it when nothing may follow."""
    element, language = row.element, project.language
    text = language.of(element.node, element.space, (step(row.rule),), row.shape.unroll)
    if element.star:
        text = fsa.alt([text, language.of(element.star, element.space)])
    return fsa.alt([text, fsa.EMPTY]) if element.may_be_empty else text


def list_language(project, row):
    """The whole value of a list, behind the blanks that belong to the colon."""
    element, language = row.element, project.language
    one = language.of(element.node, element.space, (step(row.rule),), row.shape.unroll)
    text = fsa.cat([one, fsa.repeat(fsa.cat([language.of(element.comma, "rfc3261"), one]), 0, None)])
    if element.star:
        text = fsa.alt([text, language.of(element.star, element.space)])
    return fsa.alt([text, fsa.EMPTY]) if element.may_be_empty else text


def languages(project):
    """(mode, number of the header field, its automaton, the one that tells offsets) of all that is tested."""
    blanks = project.language.of(Ref("SWS"), "rfc3261")
    for row in project.rows:
        if row.machine:
            one = begins = value_language(project, row)
            if row.element.is_list:
                whole = list_language(project, row)
                yield "list", row.number, whole, whole
                begins = fsa.cat([fsa.difference(one, fsa.EMPTY), blanks])    # before a comma blanks may stand
            yield "value", row.number, one, begins
    shape = project.shapes["uri"]
    uri = project.language.of(shape.entry, shape.space, ("uri",))
    yield "uri", 0, uri, uri


# A tel URI without "+" needs ;phone-context=, which it cannot have without angle brackets around it. The grammar refuses it at
# its first digit, the library where the parameter is missing.
LOCAL_TEL = re.compile(rb"(?i)(^|,\s*)tel:[^+]")


def offset(mode, begins, text):
    return "-" if mode != "uri" and LOCAL_TEL.search(text) else begins.viable_prefix(text)


def read_examples(path):
    """What RFCs print of each field, by its name."""
    found = {}
    with open(path, encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row["verdict"] != "none":
                text = row["value"].replace("\\r", "\r").replace("\\n", "\n").lstrip("\r\n ")
                found.setdefault(row["field"], []).append(text.encode())
    return found


def uris_in(examples):
    """Those between angle brackets."""
    return sorted({uri for texts in examples.values() for text in texts for uri in re.findall(rb"<([^<>\s]+:[^<>\s]*)>", text)})


def example_lines(project, examples, count):
    """Examples and their mutations, judged as the whole of a field's value."""
    rows = {row.number: row for row in project.rows}
    for mode, number, dfa, begins in languages(project):
        texts = examples.get(rows[number].name, []) if number else uris_in(examples)
        if not texts or mode == "value" and rows[number].element.is_list:
            continue
        source, whole, begins = random.Random(number), dfa.minimal(), begins.minimal()
        for text in [text for example in texts for text in [example] + [mutated(example, source) for _ in range(count)]]:
            yield mode, number, whole.accepts(text), offset(mode, begins, text), text


def main_of_examples(folder, out, examples, count=MUTATIONS):
    with open(out, "w", encoding="ascii") as file:
        for line in example_lines(Project(folder), read_examples(examples), int(count)):
            file.write(line_text(*line))


def line_text(mode, number, accepted, at, text):
    return f"{mode}\t{number}\t{'accept' if accepted else 'refuse'}\t{at}\t{text.hex()}\n"


def main(folder, out):
    project, done = Project(folder), {}
    with open(out, "w", encoding="ascii") as file:
        for mode, number, dfa, begins in languages(project):
            key = dfa.key(), begins.key()
            if key not in done:
                found = Walker(dfa, random.Random(len(done))).sentences()
                whole, begins = dfa.minimal(), begins.minimal()
                done[key] = [(whole.accepts(text), offset(mode, begins, text), text) for text in found]
            for accepted, at, text in done[key]:
                file.write(line_text(mode, number, accepted, at, text))


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4, 5):
        sys.exit(__doc__)
    (main if len(sys.argv) == 3 else main_of_examples)(*sys.argv[1:])
