"""Read ABNF (RFC 5234 with RFC 7405) into rules, one namespace per file.

A grammar file is plain ABNF. What ABNF cannot say stands in comments that begin with ";@" in column 0:

    ;@ rfc 3261                        the RFC that the rules below come from
    ;@ section 25.1                    and the section
    ;@ import core ALPHA DIGIT         rules of another namespace used by these
    ;@ amend rfc3261                   the rules below change that namespace: "=" replaces, "=/" extends
    ;@ because REASON                  why the next rule replaces one (required)
    ;@ unused NAME... because REASON   rules that no machine needs, on purpose
    ;@ accept NAME                     (deployed.abnf only) the rules below are those of a tolerance of tolerances.tsv;
                                       where octets are of a rule odd-..., it is used
    ;@ unmarked because REASON         the next rule is of the tolerance too, but other octets than its own use it
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

AMEND = re.compile(r"^;@ amend +(\S+)", re.M)


class GrammarError(Exception):
    """A defect of the grammar, told as FILE:LINE: sentence."""

    def __init__(self, where, text):
        super().__init__(f"{where}: {text}")


@dataclass(frozen=True)
class Literal:
    """A quoted string; letters match in either case unless sensitive."""
    text: str
    sensitive: bool = False


@dataclass(frozen=True)
class Range:
    """One octet of lo to hi."""
    lo: int
    hi: int


@dataclass(frozen=True)
class Cat:
    items: tuple


@dataclass(frozen=True)
class Alt:
    items: tuple


@dataclass(frozen=True)
class Rep:
    """At least low and at most high (None: any number of) times item."""
    low: int
    high: object
    item: object


@dataclass(frozen=True)
class Ref:
    name: str


@dataclass
class Rule:
    namespace: str
    name: str
    node: object
    where: str
    rfc: str = ""
    section: str = ""
    amended: bool = False
    accept: str = ""          # the tolerance that its texts use
    marked: bool = False      # from their first octet on
    extensions: list = field(default_factory=list)     # what "=/" added, as rules

    @property
    def reference(self):
        if not self.rfc:
            return ""
        return f"RFC {self.rfc}" + (f" section {self.section}" if self.section else "")


@dataclass
class Namespace:
    name: str
    rules: dict = field(default_factory=dict)     # lower-case name -> Rule
    imports: dict = field(default_factory=dict)   # lower-case name -> namespace name
    unused: dict = field(default_factory=dict)    # lower-case name -> where


def optional(node):
    return Rep(0, 1, node)


def cat(*items):
    flat = []
    for item in items:
        flat.extend(item.items if isinstance(item, Cat) else [item])
    return flat[0] if len(flat) == 1 else Cat(tuple(flat))


def alt(*items):
    flat = []
    for item in items:
        flat.extend(item.items if isinstance(item, Alt) else [item])
    return flat[0] if len(flat) == 1 else Alt(tuple(flat))


NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
REPEAT = re.compile(r"(\d*)\*(\d*)|(\d+)")
NUMBER = re.compile(r"%([xXdDbB])([0-9A-Fa-f]+)(?:-([0-9A-Fa-f]+)|((?:\.[0-9A-Fa-f]+)+))?")
STRING = re.compile(r'(%[sSiI])?"([\x20\x21\x23-\x7e]*)"')
BASES = {"x": 16, "d": 10, "b": 2}


class ExpressionReader:
    """Recursive descent over the right side of one rule (RFC 5234 section 4)."""

    def __init__(self, text, where):
        self.text, self.where, self.at = text, where, 0

    def fail(self, sentence):
        raise GrammarError(self.where, sentence)

    def blank(self):
        while self.at < len(self.text) and self.text[self.at] in " \t\n":
            self.at += 1

    def peek(self):
        self.blank()
        return self.text[self.at] if self.at < len(self.text) else ""

    def take(self, pattern):
        found = pattern.match(self.text, self.at)
        if found:
            self.at = found.end()
        return found

    def expect(self, char):
        if self.peek() != char:
            self.fail(f"'{char}' expected before {self.rest()}")
        self.at += 1

    def rest(self):
        text = " ".join(self.text[self.at:].split())
        return f"'{text[:30]}'" if text else "the end of the rule"

    def whole(self):
        node = self.alternation()
        if self.peek():
            self.fail(f"{self.rest()} is not ABNF here")
        return node

    def alternation(self):
        items = [self.concatenation()]
        while self.peek() == "/":
            self.at += 1
            items.append(self.concatenation())
        return alt(*items)

    def concatenation(self):
        items = [self.repetition()]
        while self.peek() and self.peek() not in "/)]":
            items.append(self.repetition())
        return cat(*items)

    def repetition(self):
        self.blank()
        found = self.take(REPEAT)
        if not found:
            return self.element()
        if found.group(3):
            low = high = int(found.group(3))
        else:
            low = int(found.group(1) or 0)
            high = int(found.group(2)) if found.group(2) else None
        if high is not None and high < low:
            self.fail(f"repeat {found.group(0)} has its bounds the wrong way round")
        if self.at < len(self.text) and self.text[self.at] in " \t\n":
            self.fail(f"a blank stands between the repeat {found.group(0)} and its element")
        return Rep(low, high, self.element())

    def element(self):
        char = self.peek()
        if char == "(":
            return self.bracketed(")")
        if char == "[":
            return optional(self.bracketed("]"))
        if char == "<":
            self.fail("a prose-val (<...>) cannot be compiled: write the rule out")
        found = self.take(STRING)
        if found:
            return Literal(found.group(2), (found.group(1) or "").lower() == "%s")
        if char == "%":
            return self.number()
        found = self.take(NAME)
        if found:
            return Ref(found.group(0))
        return self.fail(f"an element is expected at {self.rest()}")

    def bracketed(self, close):
        self.at += 1
        node = self.alternation()
        self.expect(close)
        return node

    def number(self):
        found = self.take(NUMBER)
        if not found:
            self.fail(f"{self.rest()} is no num-val")
        base = BASES[found.group(1).lower()]
        try:
            values = [int(part, base) for part in re.findall(r"[0-9A-Fa-f]+", found.group(0)[2:])]
        except ValueError:
            self.fail(f"{found.group(0)} has a digit that its base does not have")
        if max(values) > 255:
            self.fail(f"{found.group(0)} is more than one octet")
        if found.group(3):
            if values[0] > values[1]:
                self.fail(f"{found.group(0)} has its bounds the wrong way round")
            return Range(values[0], values[1])
        return cat(*[Range(v, v) for v in values])


DEFINED = re.compile(r"([A-Za-z][A-Za-z0-9-]*)[ \t]*(=/|=)(.*)", re.S)


def strip_comment(line):
    """The line without its ABNF comment; a ';' in quotes or in a prose-val is no comment."""
    inside = ""
    for at, char in enumerate(line):
        if inside:
            inside = "" if char == inside else inside
        elif char == '"':
            inside = '"'
        elif char == "<":
            inside = ">"
        elif char == ";":
            return line[:at]
    return line


class FileReader:
    """Reads one grammar file into a Grammar."""

    def __init__(self, grammar, path):
        self.grammar, self.path = grammar, Path(path)
        self.space = grammar.namespace(self.path.stem)
        self.amending = False
        self.rfc = self.section = ""
        self.because = None
        self.accept = ""
        self.unmarked = False
        self.pending = None       # [line number, text] of the rule being collected

    def read(self):
        text = self.path.read_text(encoding="utf-8")
        for number, line in enumerate(text.split("\n"), 1):
            if line.startswith(";@"):
                self.finish()
                self.directive(line[2:].strip(), f"{self.path}:{number}")
                continue
            body = strip_comment(line).rstrip()
            if not body:
                continue
            if body[0] in " \t":
                if not self.pending:
                    raise GrammarError(f"{self.path}:{number}", "a continuation line without a rule above it")
                self.pending[1] += "\n" + body
            else:
                self.finish()
                self.pending = [number, body]
        self.finish()

    def directive(self, text, where):
        word, _, rest = text.partition(" ")
        if word == "rfc":
            self.rfc, self.section = rest.strip(), ""
        elif word == "section":
            self.section = rest.strip()
        elif word == "import":
            source, *names = rest.split()
            for name in names:
                self.take_import(name, source, where)
        elif word == "amend":
            self.space, self.amending = self.grammar.namespace(rest.strip()), True
        elif word == "because":
            self.because = rest.strip()
        elif word == "accept":
            self.accept = rest.strip()
        elif word == "unmarked":
            self.unmarked = True
        elif word == "unused":
            names, found, reason = rest.partition(" because ")
            if not found or not reason.strip():
                raise GrammarError(where, "unused rules need a reason: ;@ unused NAME because REASON")
            for name in names.split():
                self.space.unused[name.lower()] = where
        else:
            raise GrammarError(where, f"unknown directive '{word}'")

    def take_import(self, name, source, where):
        other = self.space.imports.setdefault(name.lower(), source)
        if other != source:
            raise GrammarError(where, f"'{name}' is imported from {other} and from {source}")
        if name.lower() in self.space.rules:
            self.shadowed(name, where)

    def shadowed(self, name, where):
        source = self.space.imports[name.lower()]
        raise GrammarError(where, f"'{name}' is defined here and imported from {source}; one of them would never be read")

    def finish(self):
        if not self.pending:
            return
        number, text = self.pending
        self.pending = None
        where = f"{self.path}:{number}"
        found = DEFINED.match(text)
        if not found:
            raise GrammarError(where, f"'{text.split(chr(10))[0][:40]}' is no rule: NAME = ELEMENTS expected")
        name, operator, right = found.groups()
        self.define(name, operator, ExpressionReader(right, where).whole(), where)

    def define(self, name, operator, node, where):
        rules = self.space.rules
        before = rules.get(name.lower())
        marked = name.lower().startswith("odd-")
        accept = self.accept if marked or self.unmarked else ""
        self.unmarked = False
        rule = Rule(self.space.name, name, node, where, self.rfc, self.section, self.amending, accept, marked)
        if operator == "=/":
            if not before:
                raise GrammarError(where, f"'{name}' is extended here but defined nowhere before")
            before.node = alt(before.node, node)
            before.extensions.append(rule)
            return
        if before and not self.amending:
            raise GrammarError(where, f"'{name}' is defined again; the first definition is at {before.where}")
        if name.lower() in self.space.imports:
            self.shadowed(name, where)
        if self.because and not before:
            raise GrammarError(where, f"a reason stands before '{name}', which replaces nothing")
        if before and not self.because:
            raise GrammarError(where, f"'{name}' replaces {before.where} without a reason (;@ because ...)")
        self.because = None
        rules[name.lower()] = rule


def reading_order(files):
    """Paths of the files, by namespace, in an order in which what amends comes after what it amends; errata come last, but
    for what is tolerated."""
    amended = {name: set(AMEND.findall(Path(path).read_text(encoding="utf-8"))) - {name} for name, path in files.items()}
    if "errata" in files:
        amended["errata"] = files.keys() - {"errata", "deployed"}
    if "deployed" in files:
        amended["deployed"] = files.keys() - {"deployed"}
    left = sorted(files)
    while left:
        name = next((name for name in left if amended[name].isdisjoint(left)), None)
        if name is None:
            raise GrammarError(f"{files[left[0]]}:1", f"the files {', '.join(left)} amend each other")
        left.remove(name)
        yield files[name]


class Grammar:
    """All namespaces, and the rules found by name."""

    def __init__(self):
        self.spaces = {}

    @classmethod
    def load(cls, paths):
        """Reads the files in their order of dependence: those that amend come after what they amend."""
        grammar = cls()
        for path in reading_order({Path(path).stem: path for path in paths}):
            FileReader(grammar, path).read()
        return grammar

    def namespace(self, name):
        return self.spaces.setdefault(name, Namespace(name))

    def find(self, space, name, where="grammar"):
        """The rule called name as seen from a namespace: its own, or an imported one."""
        owner = self.spaces.get(space)
        if owner is None:
            raise GrammarError(where, f"there is no namespace '{space}'")
        key = name.lower()
        if key in owner.rules:
            return owner.rules[key]
        source = owner.imports.get(key)
        if source is None:
            raise GrammarError(where, f"rule '{name}' is not defined in {space} and not imported there")
        if source not in self.spaces or key not in self.spaces[source].rules:
            raise GrammarError(where, f"rule '{name}' is imported from {source}, which does not define it")
        return self.spaces[source].rules[key]

    def qualified(self, text, where="grammar"):
        """The rule of a name written NAMESPACE:NAME."""
        space, _, name = text.partition(":")
        return self.find(space, name, where)

    def refs(self, rule):
        """The rules that this one uses directly."""
        return [self.find(rule.namespace, name, rule.where) for name in ref_names(rule.node)]

    def check_use(self, roots):
        """Refuses undefined rules anywhere, and rules that nothing uses and no directive lists."""
        for space in self.spaces.values():
            for rule in space.rules.values():
                self.refs(rule)
        seen, todo = set(), list(roots)
        while todo:
            rule = todo.pop()
            if id(rule) not in seen:
                seen.add(id(rule))
                todo.extend(self.refs(rule))
        for space in self.spaces.values():
            for key, rule in space.rules.items():
                if id(rule) not in seen and key not in space.unused:
                    raise GrammarError(rule.where, f"rule '{rule.name}' is used by nothing and not listed as unused")
                if id(rule) in seen and key in space.unused:
                    raise GrammarError(space.unused[key], f"rule '{rule.name}' is listed as unused but is used")
            for key, where in space.unused.items():
                if key not in space.rules:
                    raise GrammarError(where, f"rule '{key}' is listed as unused but not defined")


def ref_names(node):
    if isinstance(node, Ref):
        yield node.name
    elif isinstance(node, Rep):
        yield from ref_names(node.item)
    elif isinstance(node, (Cat, Alt)):
        for item in node.items:
            yield from ref_names(item)


def read_expression(text, where):
    """The node of an ABNF expression that stands outside a grammar file."""
    return ExpressionReader(text, where).whole()
