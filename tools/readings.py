#!/usr/bin/env python3
"""Write sentences together with what they mean: values of header fields and URIs, derived from the ABNF at random.

usage: readings.py FOLDER OUT

Each line of OUT: HEADER HEX MEMBERS, separated by tabs. HEADER is the number of the field, 0 for a URI by itself; MEMBERS is
what every member of the struct must hold, written as tests/sentences/test_readings.c writes it. It is known from the derivation:
which rule each octet was made by. No automaton and no machine has a part in it, only the exclusions.
"""

import random
import re
import sys
from dataclasses import dataclass

from abnf import Alt, Cat, Literal, Range, Ref, Rep
from language import is_params, leads_params, read_scope, step, suffix
from project import Project

SENTENCES = 240         # of each header field
BLANKS = b" \t\r\n"


class Again(Exception):
    """The derivation ran into an exclusion."""


@dataclass
class Made:
    """Octets [start, end) made by the rule at the end of a path; or by a node of its own (node is not None)."""
    path: tuple
    node: object
    start: int
    end: int


@dataclass
class FirstParam:
    """Stands for the parameter before a repetition of them, which has no separator."""
    repeated: object


class Deriver:
    """Derives one sentence at random."""

    def __init__(self, project, source):
        self.project, self.random, self.excluded, self.leading, self.taking = project, source, {}, {}, {}

    def derive(self, node, space, path):
        while True:
            self.text, self.made, self.depth = bytearray(), [], 0
            try:
                self.of(node, space, path)
                return bytes(self.text), self.made
            except Again:
                continue

    def of(self, node, space, path):
        start = len(self.text)
        if isinstance(node, Literal):
            text = node.text if node.sensitive or self.random.random() < 0.8 else node.text.swapcase()
            self.text += text.encode("latin-1")
        elif isinstance(node, Range):
            self.text.append(self.random.randint(node.lo, node.hi))
        elif isinstance(node, Cat):
            self.items(node, space, path)
        elif isinstance(node, Alt):
            self.of(self.random.choice(node.items), space, path)
        elif isinstance(node, Rep):
            self.repeat(node, space, path)
        else:
            self.rule(self.project.grammar.find(space, node.name), path)
            return
        self.made.append(Made(path, node, start, len(self.text)))

    def items(self, node, space, path):
        """The items of a sequence; a first parameter without a separator is one of those behind it."""
        items, separators = node.items, self.project.language.separators
        if id(node) not in self.leading:
            self.leading[id(node)] = {at for at, item in enumerate(items)
                                      if any(leads_params(item, items[at + 1:], separator) for separator in separators)}
        for at, item in enumerate(items):
            begin = len(self.text)
            self.of(item, space, path)
            if at in self.leading[id(node)]:
                scope = read_scope(self.project.grammar, items[at + 1], space, path)
                if scope:
                    self.check_param(scope, begin)
                    self.made.append(Made(path, FirstParam(items[at + 1]), begin, len(self.text)))

    def repeat(self, node, space, path):
        if id(node) not in self.taking:
            self.taking[id(node)] = any(is_params(node, separator) for separator in self.project.language.separators)
        scope = read_scope(self.project.grammar, node, space, path) if self.taking[id(node)] else None
        most = node.low + 3 if node.high is None else node.high
        if isinstance(node.item, Ref) and node.item.name == "LWS" or node.item == Ref("WSP"):
            most = min(most, max(node.low, self.random.choice([0, 1, 1, 2])))
        for _ in range(self.random.randint(node.low, min(most, node.low + 6))):
            begin = len(self.text)
            self.of(node.item, space, path)
            if scope:
                self.check_param(scope, begin)

    def check_param(self, scope, begin):
        """The catch-all may not have made a parameter with the name of one that has a rule."""
        rules = {made.path[-1] for made in self.made if made.node is None and made.start >= begin}
        name, _ = param_of(bytes(self.text[begin:]))
        for param in scope.params:
            if param.name == name.decode().lower() and param.value is not None and param.rule.name.lower() not in rules:
                raise Again

    def rule(self, rule, path):
        path = path + (step(rule),)
        if path.count(path[-1]) > 3:
            raise Again
        if rule.name == "SWS" and self.random.random() < 0.7:
            return
        if rule.name == "LWS" and self.random.random() < 0.8:
            self.text += b" "
            return
        for _ in range(200):
            start, count = len(self.text), len(self.made)
            self.of(rule.node, rule.namespace, path)
            if not self.is_excluded(rule, path, bytes(self.text[start:])):
                self.made.append(Made(path, None, start, len(self.text)))
                return
            del self.text[start:], self.made[count:]
        raise Again

    def is_excluded(self, rule, path, text):
        out = self.project.language.excluded(path)
        if not out or out.node is None:
            return False
        if out.where not in self.excluded:
            self.excluded[out.where] = self.project.language.of(out.node, rule.namespace, ("exclusion",))
        return self.excluded[out.where].accepts(text)


def param_of(text):
    """Name and value of one parameter with the separator before it; the value is None without '='."""
    text = text.strip(BLANKS)
    text = text[1:] if text[:1] in (b";", b",") else text
    name, equal, value = text.partition(b"=")
    return name.strip(BLANKS), value.strip(BLANKS) if equal else None


class Reader:
    """What the members of a struct must be, from a derivation."""

    def __init__(self, text, made, named=()):
        self.text, self.named = text, named     # named: the parameters that have a rule of their own here
        self.made = sorted(made, key=lambda m: (m.start, -m.end))

    def find(self, pattern, within=None, without=(), nth=0):
        """The octets that a pattern made first, or as the nth, or None."""
        for made in self.made:
            last, head = pattern[-1], tuple(pattern[:-1])
            fits = suffix(pattern, made.path) and made.node is None if isinstance(last, str) else \
                made.node == last and suffix(head, made.path)
            inside = within is None or within.start <= made.start and made.end <= within.end
            if fits and inside and not any(name in made.path for name in without):
                nth -= 1
                if nth <= 0:
                    return made
        return None

    def octets(self, made):
        return None if made is None else self.text[made.start:made.end]

    def params(self, separators, within=None, without=()):
        """All (name, value) behind one of the separators, in order."""
        out = []
        for made in self.made:
            first = isinstance(made.node, FirstParam)
            node = made.node.repeated if first else made.node
            if node is None or not any(is_params(node, separator) for separator in separators):
                continue
            if within and not within.start <= made.start <= made.end <= within.end or any(n in made.path for n in without):
                continue
            if first:
                out.append(param_of(self.octets(made)))
                continue
            items = [m for m in self.made if m.node == made.node.item and m.path == made.path and made.start <= m.start < made.end]
            out += [param_of(self.octets(item)) for item in items]
        return out

    # members as text

    def host(self, octets):
        if not octets:
            return "-/0"
        bare = octets[1:-1] if octets[:1] == b"[" else octets
        kind = 3 if b":" in bare else 2 if re.fullmatch(rb"\d+\.\d+\.\d+\.\d+", bare) else 1
        return f"{bare.hex()}/{kind}"

    def uri(self, made):
        if made is None:
            return "-"
        raw = self.octets(made)
        scheme, _, rest = raw.partition(b":")
        known = {b"sip": 1, b"sips": 2, b"tel": 3}.get(scheme.lower(), 4)
        parts = {"user": None, "password": None, "host": None, "port": -1, "number": None, "headers": None,
                 "rest": rest if known == 4 else None}
        params = []
        if known < 3:
            parts["user"] = self.octets(self.find(("userinfo", "user"), made))
            parts["password"] = self.octets(self.find(("userinfo", "password"), made))
            parts["host"] = self.octets(self.find(("hostport", "host"), made))
            port = self.find(("hostport", "port"), made)
            parts["port"] = int(self.octets(port)) if port else -1
            headers = self.octets(self.find(("headers",), made))
            parts["headers"] = headers and headers[1:]
            params = self.params([Literal(";")], made)
        elif known == 3:
            parts["number"] = self.octets(self.find(("global-number-digits",), made, ("context", "trunk-context")) or
                                          self.find(("local-number-digits",), made))
            params = [param_of(text) for text in re.findall(rb";[^;]*", rest)]
        return "|".join([raw.hex(), str(known), octets_text(parts["user"]), octets_text(parts["password"]),
                         self.host(parts["host"]), str(parts["port"]), octets_text(parts["number"]),
                         octets_text(parts["headers"]), octets_text(parts["rest"]), params_text(params)])

    def member(self, member, params):
        if member.param is not None:
            known = [value for name, value in params if name.decode().lower() == member.param]
            found = known[0] if known and member.param in self.named else None
            return self.value(member, found)
        if member.pattern == ("*",):    # TEXT-UTF8 may begin with a quote, and is no quoted-string
            return octets_text(self.text.strip(BLANKS)) if member.kind == "text" else self.value(member, self.text)
        made = self.find(member.pattern, nth=member.nth)
        if member.kind == "uri":
            return self.uri(made or self.find(("addr-spec",)))
        if member.kind == "flag":
            return "1" if made else "0"
        return self.value(member, self.octets(made))

    def value(self, member, octets):
        if member.kind == "host":
            return self.host(octets)
        if member.kind == "number":
            return str(int(octets)) if octets else "-1"
        if member.kind == "ordinal":
            return str(member.low + [word.lower() for word in member.words].index(octets.decode().lower()))
        if member.kind == "hex":
            return str(int(octets, 16)) if octets else "-1"
        if member.kind == "truth":
            return str(int(octets.lower() == b"true")) if octets else "-1"
        if member.kind == "decimal":
            return decimal_text(octets)
        if member.kind == "products":
            return self.products()
        if member.kind == "qvalue":
            return str(round(float(octets) * 1000)) if octets else "-1"
        if member.kind == "comment" and octets:
            return "q" + octets.strip(BLANKS)[1:-1].hex()
        return text_text(octets) if member.kind == "text" else octets_text(octets)

    def products(self):
        """Every product and comment that is not part of a comment, in order."""
        out = []
        for made in (m for m in self.made if m.node is None):
            if made.path[-1] == "comment" and made.path.count("comment") == 1:
                out.append("/-/-/" + self.octets(made).strip(BLANKS)[1:-1].hex())
            elif made.path[-1] == "product":
                name, _, version = self.octets(made).partition(b"/")
                out.append(f"/{name.strip(BLANKS).hex()}/{octets_text(version.strip(BLANKS) or None)}/-")
        return "".join(out)


def decimal_text(octets):
    if not octets:
        return "-/-1/0"
    whole, _, fraction = octets.decode().partition(".")
    number = int(whole) if whole else 0 if fraction else -1
    return f"{octets.hex()}/{number}/{int((fraction + '0' * 9)[:9])}"


def octets_text(octets):
    return "-" if octets is None else octets.hex()


def text_text(octets):
    if octets is None:
        return "-"
    octets = octets.strip(BLANKS)
    return "q" + octets[1:-1].hex() if octets[:1] == b'"' else octets.hex()


def params_text(params):
    return ";".join([str(len(params))] + [f"{name.hex()}={text_text(value)}" for name, value in params])


def readings(project, row, source):
    """Sentences of one header field, and what they mean."""
    shape, seen = row.shape, set()
    deriver = Deriver(project, source)
    names = list(dict.fromkeys(member.name for member in shape.members))
    for _ in range(SENTENCES):
        node = row.element.star if row.element.star and source.random() < 0.02 else row.element.node
        text, made = deriver.derive(node, row.element.space, (step(row.rule),))
        for _ in range(60):
            if not out_of_range(shape, Reader(text, made)):
                break
            text, made = deriver.derive(node, row.element.space, (step(row.rule),))
        if node is row.element.star:
            made.append(Made((step(row.rule), "star"), None, 0, len(text)))
        if text in seen:
            continue
        seen.add(text)
        reader = Reader(text, made, names_at(row, made))
        params = reader.params([shape.params]) if shape.params is not None else []
        cells = [f"{name}={first_of(reader, shape, name, params)}" for name in names]
        if shape.params is not None:
            cells.append("params=" + params_text(params))
        if shape.split:
            at = next((i for i, (name, _) in enumerate(params) if name.decode().lower() == shape.split[0]), len(params))
            cells += [f"{shape.split[1]}={params_text(params[:at])}", f"{shape.split[2]}={params_text(params[at:])}"]
        yield text, " ".join(cells)


def names_at(row, made):
    """The parameters with a rule of their own in the place that takes those of a derivation."""
    rules = [scope.rule.name for scope in row.params]
    taken = [m.node.repeated.item.items[-1].name for m in made if isinstance(m.node, FirstParam)]
    place = next((rules.index(rule) for rule in taken if rule in rules), 0)
    return {param.name for param in row.params[place].params} if row.params else set()


def out_of_range(shape, reader):
    """Whether a number is one that its member does not take; the row's own range does not matter here."""
    for member in shape.captures():
        if member.kind == "number" and not member.by_row and member.pattern != ("*",):
            octets = reader.octets(reader.find(member.pattern, nth=member.nth))
            if octets and not member.low <= int(octets) <= member.high:
                return True
    return False


def first_of(reader, shape, name, params):
    """A member may come from several places; the one that was made counts."""
    texts = [reader.member(member, params) for member in shape.members if member.name == name]
    return next((text for text in texts if text not in ("-", "-1", "-/0", "-/-1/0")), texts[0])


def uris(project, source):
    shape = project.shapes["uri"]
    deriver = Deriver(project, source)
    for _ in range(3 * SENTENCES):
        text, made = deriver.derive(shape.entry, shape.space, ("uri",))
        reader = Reader(text, made)
        yield text, "uri=" + reader.uri(Made((), None, 0, len(text)))


def main(folder, out):
    project = Project(folder)
    with open(out, "w", encoding="ascii") as file:
        for row in project.rows:
            if row.machine:
                for text, members in readings(project, row, random.Random(row.number)):
                    file.write(f"{row.number}\t{text.hex()}\t{members}\n")
        for text, members in uris(project, random.Random(0)):
            file.write(f"0\t{text.hex()}\t{members}\n")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
