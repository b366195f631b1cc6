"""The whole grammar as a set of machines: which there are, what each reads, and what C needs to know of them."""

import glob
import os
import re
from functools import partial
from dataclasses import dataclass, field

import fsa
import plan as P
from abnf import Grammar, GrammarError, Literal, Ref
from language import QUOTE, Language, Param, read_row, step
from names import read_table
from plan import Planner
from ragel import MachineWriter, identifier
from shape import Shape, load_shapes, read_exclusions

COLUMNS = ["number", "id", "name", "compact", "rule", "shape", "cardinality", "empty", "order", "range"]
ENTRIES = ["rfc3261:Request-Line", "rfc3261:Status-Line", "rfc3261:extension-header", "rfc3261:addr-spec",
           "rfc3966:telephone-uri"]
MOST_PARAMS = 64              # of a scope: bits of struct param_reader (src/machine.h)


@dataclass
class Row:
    """A row of headers.tsv."""
    where: str
    number: int
    id: str
    name: str
    rule: object
    shape: object = None
    cardinality: str = "one"
    may_be_empty: bool = False
    low: int = 0
    high: int = 0
    element: object = None
    plan: object = None
    machine: str = ""
    states: object = None     # filled when the machine is built
    places: dict = None       # of the members (Planner.places)
    params: tuple = ()        # a language.Scope for each place that takes some
    order: int = 0
    scope: str = ""

    @property
    def value_rule(self):
        """The rule of one element when it has a name of its own."""
        return self.element.node.name if self.element and isinstance(self.element.node, Ref) else ""


@dataclass
class ScopeParam:
    name: str                 # "" for the catch-all
    matcher: str              # machine that reads the value, "" when none is needed
    rule: object
    may_be_flag: bool
    no_value: bool
    plain_ok: bool
    quoted_ok: bool
    member: object = None
    struct: str = ""
    bounds: tuple = ()        # lowest and highest number, of one that is no member
    text: object = None       # the value's language; None when it has no value
    name_text: object = None  # that of the name, of the catch-all

    def key(self):
        return (self.name, self.matcher, self.may_be_flag, self.no_value, self.plain_ok, self.quoted_ok, self.struct,
                self.member.name if self.member else "", self.bounds)


@dataclass
class ScopeOctets:
    """What straight paths need to know of the parameters of a scope."""
    names: frozenset          # octets of which every name is a name of the scope, unless that is closed
    closed: bool              # only names with a rule of their own are names
    values: object            # language.ValueOctets
    separator: bytes
    blanks: bool              # a blank may follow the separator


@dataclass
class Machine:
    """One machine: its plan, and the flattened ABNF that it must equal."""
    name: str
    shape: Shape
    plan: object
    writer: MachineWriter
    default_rule: object
    grammar_text: object      # function without arguments giving the Dfa of the flattened ABNF
    scope: object = None      # (P.Scope, P.ValueOctets) when it takes parameters
    readers: list = field(default_factory=list)
    leveled: bool = True      # compiled once for each SIMD level
    outer: int = 0            # rules around what it reads: who runs it names those in errors
    twin: str = ""            # the strict project's machine that is the same


class Project:
    """strict: None, or the project of the same folder without what is tolerated, for a project with it. Machines that the
    two have in common are those of the strict one (twin)."""

    def __init__(self, folder, strict=None):
        self.folder, self.strict = folder, strict
        self.grammar = Grammar.load(self.abnf_files())
        self.shapes = load_shapes(os.path.join(folder, "shapes"), self.tolerant)
        self.exclusions = read_exclusions(os.path.join(folder, "shapes", "exclusions"), self.tolerant)
        separators = [shape.params for shape in self.shapes.values() if shape.params is not None]
        self.language = Language(self.grammar, self.exclusions, separators, self.tolerant)
        self.bare = None          # what needs no tolerance
        if self.tolerant:
            accepts = {rule.accept for space in self.grammar.spaces.values() for rule in space.rules.values()}
            self.bare = Language(self.grammar, self.exclusions, separators, True).refuse(accepts - {""})
        self.params = {row["name"].lower(): row["id"] for _, row in read_table(self.table("params"), ["id", "name"])}
        self.machines, self.scopes, self.matchers, self.same, self.places = {}, {}, {}, {}, {}
        self.runs = {}            # of octets, in frames, that are right as values of parameters: their numbers
        self.scope_octets, self.takers, self.leads, self.nexts = {}, {}, {}, {}
        self.rows = [self.read_row(where, row) for where, row in read_table(self.table("headers"), COLUMNS)]
        self.grammar.check_use([row.rule for row in self.rows if row.rule] + [self.grammar.qualified(e) for e in ENTRIES])
        for shape in self.shapes.values():
            if shape.entry is not None and not shape.composed:
                self.add_entry(shape)
        for row in self.rows:
            if row.shape:
                self.add_row(row)

    @property
    def tolerant(self):
        return self.strict is not None

    def abnf_files(self):
        found = glob.glob(os.path.join(self.folder, "abnf", "*.abnf"))
        return [path for path in found if self.tolerant or os.path.basename(path) != "deployed.abnf"]

    def file_of(self, name):
        """What the files and functions of a machine are called."""
        if not self.tolerant:
            return name
        return self.machines[name].twin or "tolerant_" + name

    def files(self):
        """The files of the grammar that meson must watch, from its folder."""
        found = glob.glob(os.path.join(self.folder, "abnf", "*.abnf")) + glob.glob(os.path.join(self.folder, "shapes", "*"))
        return sorted(os.path.relpath(path, self.folder) for path in found)

    def table(self, name):
        return os.path.join(self.folder, name + ".tsv")

    def read_row(self, where, row):
        if row["shape"] and not row["rule"]:
            raise GrammarError(where, f"header field {row['name']} has a shape but no rule")
        rule = self.grammar.qualified(row["rule"], where) if row["rule"] else None
        shape = None
        if row["shape"]:
            shape = self.shapes.get(row["shape"].replace("-", "_"))
            if not shape:
                raise GrammarError(where, f"there is no shape '{row['shape']}'")
        if row["cardinality"] not in ("one", "list", "rows"):
            raise GrammarError(where, f"cardinality '{row['cardinality']}' is none of one, list, rows")
        bounds = re.fullmatch(r"(\d+)-(\d+)", row["range"] or "0-0")
        if not bounds:
            raise GrammarError(where, f"the range '{row['range']}' is not LOW-HIGH")
        low, high = int(bounds.group(1)), int(bounds.group(2))
        return Row(where, int(row["number"]), row["id"], row["name"], rule, shape, row["cardinality"], row["empty"] == "yes",
                   low, high, order=int(row["order"]))

    # machines

    def add(self, name, shape, plan, is_list, default_rule, grammar_text, planner):
        """Adds a machine, or finds the one that reads the same and does the same; returns its name."""
        unused = {m.name for m in shape.captures()} - planner.used
        key = (shape.name, P.marked_language(plan).key())
        if key in self.same:
            return self.same[key]
        self.same[key] = name
        writer = self.writer(name, shape, plan, is_list)
        if shape.entry is not None and unused:
            raise GrammarError(shape.where, f"member '{min(unused)}' of shape '{shape.name}' matches nothing in its entry")
        scope = (planner.scope, planner.values) if planner.scope else None
        twin = self.strict.same.get(key, "") if self.tolerant else ""
        self.machines[name] = Machine(name, shape, plan, writer, default_rule, grammar_text, scope, twin=twin)
        return name

    def writer(self, name, shape, plan, is_list):
        return MachineWriter("tolerant_" + name if self.tolerant else name, shape, plan, is_list, self.tolerant)

    def add_entry(self, shape):
        planner = Planner(self.grammar, self.language, self.shapes, shape)
        plan = planner.plan(shape.entry, shape.space)
        default = self.first_rule(shape.entry, shape.space)
        self.places[shape.name] = planner.places
        self.add(shape.name, shape, plan, False, default,
                 partial(self.language.of, shape.entry, shape.space, (), shape.unroll), planner)
        if planner.scope:
            self.add_scope(shape.name, planner, shape)
        if shape.into == "void" and not planner.scope:
            self.matchers[self.matcher_key(shape.entry, self.language.of(shape.entry, shape.space))] = shape.name

    def first_rule(self, node, space):
        """The rule that an error names when no inner one is being read."""
        while not isinstance(node, Ref):
            node = node.items[0] if hasattr(node, "items") else node.item
        return self.grammar.find(space, node.name)

    def add_row(self, row):
        row.element = read_row(self.grammar, row.rule, row.shape.params)
        if row.element.is_list != (row.cardinality == "list"):
            raise GrammarError(row.where, f"cardinality '{row.cardinality}' does not fit rule '{row.rule.name}'")
        if row.element.may_be_empty != row.may_be_empty:
            raise GrammarError(row.where, f"rule '{row.rule.name}' and the column 'empty' disagree")
        planner = Planner(self.grammar, self.language, self.shapes, row.shape)
        path = (step(row.rule),)
        plan = planner.plan(row.element.node, row.element.space, path)
        if row.element.is_list:
            tail = [planner.plain(Ref("SWS"), "rfc3261", path), P.Mark("stop", P.Octets(row.element.end, path))]
            plan = P.Sequence([plan, P.Repeat(0, 1, P.Sequence(tail))])
        if row.element.star:
            plan = P.Choice([plan, planner.of(row.element.star, row.element.space, path)])
        taken = {machine.shape.name for machine in self.machines.values()}
        name = row.shape.name if row.shape.name not in taken else f"{row.shape.name}_{row.id.lower()}"
        row.plan, row.places, row.params = plan, planner.places, planner.scopes
        row.machine = self.add(name, row.shape, plan, row.element.is_list, row.rule, partial(self.row_text, row), planner)
        self.machines[row.machine].readers.append(row.name)
        if planner.scope:
            row.scope = self.add_scope(row.id.lower(), planner, row.shape)

    def row_text(self, row):
        """Flattened ABNF of one element, with the comma behind it that ends an element of a list."""
        element, path = row.element, (step(row.rule),)
        text = self.language.of(element.node, element.space, path, row.shape.unroll)
        if element.is_list:
            tail = fsa.cat([self.language.of(Ref("SWS"), "rfc3261"), fsa.octet_set(element.end)])
            text = fsa.cat([text, fsa.repeat(tail, 0, 1)])
        if element.star:
            text = fsa.alt([text, self.language.of(element.star, element.space)])
        return text

    # parameters

    def chain(self, name):
        """The names of a scope and of those of the other places of its values."""
        while name:
            yield name
            name = self.nexts[name]

    def add_scope(self, name, planner, shape):
        """Adds the scopes of all places, the last one first; returns the name of the first."""
        following = ""
        for place, scope in reversed(list(enumerate(planner.scopes))):
            following = self.add_place(f"{name}_{place}" if place else name, scope, planner, shape, following)
        return following

    def add_place(self, name, scope, planner, shape, following):
        values, members = planner.values, shape.param_members()
        if len(scope.params) > MOST_PARAMS:
            raise GrammarError(scope.rule.where, f"rule '{scope.rule.name}' has {len(scope.params)} parameters with a rule of "
                               f"their own; the bits in which those seen are kept are {MOST_PARAMS}")
        out = [self.scope_param(p, scope, values, members.get(p.name), shape) for p in scope.params]
        self.take_bounds(out, shape)
        out.append(self.scope_param(scope.generic, scope, values, None, shape))
        out[-1].name_text = self.language.of(scope.generic.name, scope.generic.rule.namespace)
        octets = self.octets_of_scope(scope, values, shape)
        for other, params in self.scopes.items():
            if [p.key() for p in params] == [p.key() for p in out] and self.scope_octets[other] == octets and \
                    self.leads[other] == planner.first and self.nexts[other] == following:
                return other
        self.scopes[name], self.scope_octets[name], self.leads[name], self.nexts[name] = out, octets, planner.first, following
        return name

    @staticmethod
    def take_bounds(params, shape):
        """Numbers that are members have bounds of their own."""
        found = {param.name: param for param in params if param.matcher and not param.member}
        digits = fsa.repeat(fsa.octet_set(frozenset(b"0123456789")), 1, None)
        for name, bounds in shape.bounds.items():
            if name not in found or fsa.difference(found[name].text, digits).finals:
                raise GrammarError(shape.where, f"'{name}' has bounds, but is no parameter of digits alone that is no member")
            found[name].bounds = bounds

    def octets_of_scope(self, scope, values, shape):
        separator = self.language.of(shape.params, "rfc3261")
        names = self.language.of(scope.generic.name, scope.generic.rule.namespace)
        single = frozenset(octet for octet in range(0x80) if names.accepts(bytes([octet])))
        closed = not single or bool(fsa.difference(fsa.repeat(fsa.octet_set(single), 1, None), names).finals)
        return ScopeOctets(frozenset(names.octets()) if closed else single, closed, values, separator.shortest(),
                           separator.accepts(separator.shortest() + b" "))

    def scope_param(self, param, scope, values, member, shape):
        named = isinstance(param, Param)
        if named and param.name not in self.params:
            raise GrammarError(param.rule.where, f"parameter '{param.name}' has no row in params.tsv")
        if not named and param.closed:
            return ScopeParam("", "", param.rule, False, False, True, True, None, shape.struct)
        if param.value is None:
            return ScopeParam(param.name, "", param.rule, True, True, False, False, member, shape.struct)
        text = self.language.of_value(param)
        plain_ok, quoted_ok = self.takes_all(self.bare.of_value(param) if self.tolerant else text, values.plain)
        quoted_ok = quoted_ok and values.quoted
        matcher = ""
        if not (plain_ok and (quoted_ok or not values.quoted) and not values.extra):
            matcher = self.add_matcher(param, text)
        return ScopeParam(param.name if named else "", matcher, param.rule, param.optional, False, plain_ok, quoted_ok,
                          member, shape.struct, text=text)

    def takes_all(self, text, plain):
        """Whether a parameter's value may be any text of plain octets, and any quoted-string."""
        key = text.key(), plain
        if key not in self.takers:
            quoted = fsa.intersection(self.language.of(Ref("quoted-string"), "rfc3261"),
                                      fsa.cat([fsa.octet_set(QUOTE), fsa.ALL]))
            self.takers[key] = (not fsa.difference(fsa.repeat(fsa.octet_set(plain), 1, None), text).finals,
                                not fsa.difference(quoted, text).finals)
        return self.takers[key]

    @staticmethod
    def matcher_key(node, text):
        """Values of one language share a machine, unless errors in them would name another rule."""
        return text.key(), node.name.lower() if isinstance(node, Ref) else ""

    def add_matcher(self, param, text):
        """A machine that only says whether a parameter's value is right."""
        key = self.matcher_key(param.value, text)
        if key not in self.matchers:
            base = "match_" + identifier((param.value.name if isinstance(param.value, Ref) else param.rule.name).lower())
            name = base if base not in self.machines else f"{base}_{len(self.machines)}"
            shape = Shape(name, param.rule.where, into="void", budget=400)
            planner = Planner(self.grammar, self.language, self.shapes, shape)
            path = param.path + (step(param.rule),)
            plan = planner.plan(param.value, param.rule.namespace, path)
            twin = self.strict.matchers.get(key, "") if self.tolerant else ""
            self.machines[name] = Machine(name, shape, plan, self.writer(name, shape, plan, False), param.rule,
                                          text.minimal, outer=len(path), twin=twin)
            self.matchers[key] = name
        return self.matchers[key]
