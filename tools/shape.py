"""Read shape files: how the text of a grammar rule becomes the members of a C struct.

A shape file is a list of lines, '#' begins a comment:

    shape NAME                                    also the name of the struct, sipwire_NAME
    number N                                      of SIPWIRE_SHAPE_NAME, part of the ABI; shapes with a struct of their own
    entry row | NAMESPACE {ABNF}                  what is parsed: the rule of each row of headers.tsv, or this expression
    into STRUCT                                   fill a struct that is written by hand instead of an own one
    octets {ABNF}                                 what a machine that cuts this shape out takes for it
    straight {ABNF}                               for a shape without members: a part of what is parsed, which its straight path
                                                  takes (straight.py)
    usual "TEXT"                                  what most values begin with, which their straight path compares at once; it
                                                  ends with an octet that the rule has once
    everywhere RULE [octets {ABNF}] because REASON   every other machine cuts this rule out; it is no member, and always a
                                                  declared choice
    compose NAMESPACE {ABNF}                      no machine of its own: C code joins other shapes' machines; instead of entry
    scheme NAME... SHAPE                          composed: what stands behind NAME ":" is of that shape; NAME otherwise: any
    scheme NAME... split "CHAR" LEFT RIGHT        other; split: [ LEFT ] RIGHT, LEFT ending in the character
    empty NAME                                    composed: behind NAME ":" there may be nothing too
    member NAME KIND from PATTERN [octets {ABNF} [each] | nth N] [-- DOC]
    member NAME KIND param NAME [-- DOC]
    params {ABNF}                                 parameters stand behind this separator; the first one may stand without it
    bound NAME LOW-HIGH [-- DOC]                  the numbers that a parameter may be that is no member; its rule has digits alone
    days DAY MONTH YEAR                           the number DAY is one of that month's days (days.h); MONTH and YEAR are members too
    split NAME BEFORE BEHIND                      two more members: the parameters before the one called NAME; it and the rest
    write [when FLAG | when MEMBER is "TEXT"] {TEMPLATE}   how a value is written (writing.py)
    choice MEMBER because REASON                  the member may be read in several ways for a while; the last end counts
    unroll RULE N                                 how deep a recursive rule may nest
    budget N                                      states that the machine may have
    except PATTERN {ABNF} because REASON          (file "exclusions" only) texts taken out of a rule's language
    tolerant ...                                  any line: of tolerant readings only (tolerant.py)

KIND is str, text, comment (the text between its parentheses), products (of Server), flag, method, qvalue, decimal,
number LOW-HIGH, number row, hex (a number in hexadecimal digits), truth (true or false), ordinal N (which of the words of the
rule it is; the first one is N), host, uri or later-uri. The last three are cuts: the machine takes octets that could be one
(those of "octets"), and the machine of that shape reads them: at once, or, for later-uri, when the user of the library asks.
PATTERN is a path of rules ending in the one meant ("sent-by/host"), or in an expression as it stands in a rule
("CSeq/{1*DIGIT}"), or "*" for the whole value. The longest path that fits counts. nth: the rule has the expression several
times, and this is the one meant. each: the cut occurs several times, and each one is read where it ends.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

from abnf import GrammarError, read_expression

CUTS = {"host": "host", "uri": "uri", "later-uri": "uri", "ipv6": "ipv6"}  # kind -> shape that reads what was cut out
KINDS = {"str", "text", "comment", "products", "flag", "method", "qvalue", "decimal", "number", "hex", "truth", "ordinal", "host",
         "uri", "later-uri"}


@dataclass
class Member:
    """Where a struct member's octets come from."""
    name: str
    kind: str
    where: str
    pattern: tuple = None     # path of rule names, the last may be an ABNF node
    param: str = None         # or the name of a parameter
    octets: object = None     # ABNF node: what the machine takes for it instead of its rule
    low: int = 0
    high: int = 0
    by_row: bool = False
    each: bool = False        # a cut that is read wherever it ends
    nth: int = 0              # 0: every one of equal expressions in a rule
    words: tuple = ()         # ordinal: the words of the rule
    doc: str = ""


@dataclass
class Shape:
    name: str
    where: str
    entry: object = None      # None: the row's rule; else an ABNF node
    space: str = ""
    into: str = ""
    members: list = field(default_factory=list)
    params: object = None
    bounds: dict = field(default_factory=dict)    # parameter that is no member: lowest and highest number
    days: tuple = ()          # members: day, month, year
    split: tuple = ()         # parameter, member before it, member from it on
    number: int = 0
    choices: set = field(default_factory=set)
    choice_places: dict = field(default_factory=dict)
    needed: set = field(default_factory=set)      # choices that the audit found to be needed
    unroll: dict = field(default_factory=dict)
    octets: object = None
    straight: object = None   # ABNF node: what its path takes
    usual: str = ""           # what most values begin with
    everywhere: dict = field(default_factory=dict)   # rule: what a machine takes for it instead of the shape's octets
    schemes: list = field(default_factory=list)   # (names, split character or None, shape names)
    empty: list = field(default_factory=list)     # schemes behind which there may be nothing
    writes: list = field(default_factory=list)    # (where, member or "", its text, template)
    composed: bool = False
    budget: int = 0
    doc: str = ""

    @property
    def struct(self):
        return self.into or f"sipwire_{self.name}"

    def captures(self):
        return [m for m in self.members if m.pattern is not None]

    def param_members(self):
        return {m.param.lower(): m for m in self.members if m.param}


WORDS = re.compile(r"\{[^}]*\}|--.*|\S+")


def parse_pattern(word, rest, where):
    """A path such as sent-by/host or CSeq/{1*DIGIT}; a braced tail may have been split off by the word reader."""
    text = word + ("" if not rest else rest)
    parts = re.findall(r"\{[^}]*\}|[^/]+", text)
    return tuple(read_expression(p[1:-1], where) if p[0] == "{" else p.lower() for p in parts)


def braced(word, where):
    if not (word.startswith("{") and word.endswith("}")):
        raise GrammarError(where, f"an expression in braces is expected, not '{word}'")
    return word[1:-1].strip()


class ShapeReader:
    def __init__(self, path, tolerant=False):
        self.path, self.shape, self.tolerant = Path(path), None, tolerant

    def read(self):
        comment = ""
        for number, line in enumerate(self.path.read_text(encoding="utf-8").split("\n"), 1):
            if line.startswith("#"):
                comment = comment or line.lstrip("# ").strip()
                continue
            words = WORDS.findall(line)
            if words and words[0] == "tolerant":
                words = words[1:] if self.tolerant else []
            if words:
                try:
                    self.line(words, f"{self.path}:{number}")
                except (IndexError, ValueError):
                    raise GrammarError(f"{self.path}:{number}", f"'{words[0]}' is followed by too few words, or by a word that "
                                                                f"is no number") from None
        if not self.shape:
            raise GrammarError(f"{self.path}:1", "no shape is named here")
        self.shape.doc = comment
        if not self.shape.budget and not self.shape.composed:
            raise GrammarError(self.shape.where, f"shape '{self.shape.name}' has no state budget")
        return self.shape

    def line(self, words, where):
        key, args = words[0], words[1:]
        if key == "shape":
            self.shape = Shape(args[0], where)
        elif not self.shape:
            raise GrammarError(where, "the first line must name the shape")
        elif key == "entry":
            if args[0] != "row":
                self.shape.space = args[0]
                self.shape.entry = read_expression(braced(args[1], where), where)
        elif key == "compose":
            self.shape.space, self.shape.composed = args[0], True
            self.shape.entry = read_expression(braced(args[1], where), where)
        elif key == "scheme":
            self.scheme(args)
        elif key == "empty" and len(args) == 1:
            self.shape.empty += args
        elif key == "octets":
            self.shape.octets = read_expression(braced(args[0], where), where)
        elif key == "straight":
            self.shape.straight = read_expression(braced(args[0], where), where)
        elif key == "usual":
            self.shape.usual = args[0].strip('"')
        elif key == "everywhere":
            given = args[1] == "octets"
            self.shape.everywhere[args[0].lower()] = read_expression(braced(args[2], where), where) if given else None
        elif key == "into":
            self.shape.into = args[0]
        elif key == "member":
            self.member(args, where)
        elif key == "number":
            self.shape.number = int(args[0])
        elif key == "bound":
            low, high = args[1].split("-")
            self.shape.bounds[args[0].lower()] = int(low), int(high)
        elif key == "days":
            self.shape.days = (args[0], args[1], args[2])
        elif key == "split":
            self.shape.split = (args[0], args[1], args[2])
        elif key == "params":
            self.shape.params = read_expression(braced(args[0], where), where)
        elif key == "write":
            member, text = (args[1] if args[0] == "when" else ""), ""
            if member and args[2] == "is":
                text = args[3].strip('"')
            self.shape.writes.append((where, member, text, braced(args[-1], where)))
        elif key == "choice":
            self.choice(args, where)
        elif key == "unroll":
            self.shape.unroll[args[0].lower()] = int(args[1])
        elif key == "budget":
            self.shape.budget = int(args[0])
        else:
            raise GrammarError(where, f"unknown word '{key}'")

    def scheme(self, args):
        if "split" in args:
            at = args.index("split")
            self.shape.schemes.append((args[:at], args[at + 1].strip('"'), args[at + 2:]))
        else:
            self.shape.schemes.append((args[:-1], None, args[-1:]))

    def choice(self, args, where):
        if len(args) < 3 or args[1] != "because":
            raise GrammarError(where, "a choice needs a reason: choice MEMBER because REASON")
        if args[0] not in {m.name for m in self.shape.members}:
            raise GrammarError(where, f"shape '{self.shape.name}' has no member '{args[0]}'")
        self.shape.choices.add(args[0])
        self.shape.choice_places[args[0]] = where

    def member(self, args, where):
        doc = ""
        if args[-1].startswith("--"):
            doc = args.pop()[2:].strip()
        name, kind, *rest = args
        if kind not in KINDS:
            raise GrammarError(where, f"unknown kind '{kind}'; the kinds are {', '.join(sorted(KINDS))}")
        member = Member(name, kind, where, doc=doc)
        if kind == "number":
            bounds = rest.pop(0)
            member.by_row = bounds == "row"
            if not member.by_row:
                member.low, member.high = (int(bound) for bound in bounds.split("-"))
        elif kind == "ordinal":
            member.low = int(rest.pop(0))
        source, target, *rest = rest
        if source == "param":
            member.param = target
        elif source == "from":
            tail = rest.pop(0) if target.endswith("/") else ""
            member.pattern = parse_pattern(target, tail, where)
            if rest and rest[0] == "nth":
                member.nth = int(rest[1])
            elif rest and rest[0] == "octets":
                member.octets = read_expression(braced(rest[1], where), where)
                member.each = rest[2:] == ["each"]
            elif rest:
                raise GrammarError(where, f"'{rest[0]}' is not expected here")
        else:
            raise GrammarError(where, f"'from' or 'param' is expected, not '{source}'")
        self.shape.members.append(member)


@dataclass
class Exclusion:
    pattern: tuple
    node: object              # None: takes nothing out
    where: str
    reason: str


def read_exclusions(path, tolerant=False):
    """The lines of the file "exclusions"."""
    found = []
    for number, line in enumerate(Path(path).read_text(encoding="utf-8").split("\n"), 1):
        where = f"{path}:{number}"
        words = WORDS.findall(line) if not line.startswith("#") else []
        if words and words[0] == "tolerant":
            words = words[1:] if tolerant else []
        if not words:
            continue
        if words[0] != "except" or len(words) < 5 or words[3] != "because":
            raise GrammarError(where, "expected: except PATTERN {ABNF} because REASON")
        text = braced(words[2], where)
        node = read_expression(text, where) if text else None
        found.append(Exclusion(parse_pattern(words[1], "", where), node, where, " ".join(words[4:])))
    return found


def load_shapes(folder, tolerant=False):
    shapes, numbers = {}, {}
    for path in sorted(Path(folder).glob("*.shape")):
        shape = ShapeReader(path, tolerant).read()
        if shape.name in shapes:
            raise GrammarError(shape.where, f"shape '{shape.name}' is also in {shapes[shape.name].where}")
        shapes[shape.name] = shape
        if shape.entry is not None:
            continue
        if not shape.number:
            raise GrammarError(shape.where, f"shape '{shape.name}' has no number")
        if shape.number in numbers:
            raise GrammarError(shape.where, f"shape '{shape.name}' has the number of shape '{numbers[shape.number]}'")
        numbers[shape.number] = shape.name
    return shapes
