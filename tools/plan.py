"""Expand the rules that a shape needs, with the shape's captures and cuts in place: captures marked, cuts replaced by octets
that could be what was cut, parameters read by one template. Ragel source is written from the plan.
"""

from dataclasses import dataclass

import fsa
from abnf import Alt, Cat, GrammarError, Literal, Range, Ref, Rep
from language import QUOTE, is_params, leads_params, read_scope, step, suffix, takes_quotes, value_octets
from shape import CUTS, Member


# Plan nodes. A stack is the path of rules that an octet stands in, outermost first.

@dataclass
class Octets:
    values: frozenset
    stack: tuple


@dataclass
class Sequence:
    items: list


@dataclass
class Choice:
    items: list


@dataclass
class Repeat:
    low: int
    high: object
    item: object


@dataclass
class Named:
    """The expansion of one rule, so that the Ragel source can say its name."""
    name: str
    item: object


@dataclass
class Capture:
    """A member of the struct; nullable when it may be empty."""
    member: object
    item: object
    nullable: bool = False
    quoted: bool = False      # a quote at its start begins a quoted-string


@dataclass
class Mark:
    """An action on the last octet of the item."""
    action: str
    item: object


class Entering(Mark):
    """An action on the first octet of the item."""


@dataclass
class Without:
    """The item's texts except those of another; dfa is what is left."""
    item: object
    out: object
    dfa: object
    stack: tuple


NONE = Choice([])             # matches nothing: what is left of a recursive rule below its depth


def sequence(items):
    return NONE if any(item is NONE for item in items) else Sequence(items)


def choice(items):
    left = [item for item in items if item is not NONE]
    return Choice(left) if left else NONE


def repeat(low, high, item):
    if item is NONE:
        return Sequence([]) if low == 0 else NONE
    return Repeat(low, high, item)


class Pseudo:
    """A capture of the parameter template, which belongs to no member; closes: whether its end is of interest."""

    def __init__(self, name, closes=True):
        self.name, self.kind, self.octets, self.each, self.closes = name, "pseudo", None, False, closes


class Planner:
    """Makes the plan of one machine."""

    def __init__(self, grammar, language, shapes, shape):
        self.grammar, self.language, self.shapes, self.shape = grammar, language, shapes, shape
        self.scopes = []          # of the places that take parameters
        self.values = None
        self.first = False        # whether a parameter without a separator stands before the others
        self.used, self.places = set(), {}   # places: a member's, as (member, node, space, path)
        self.everywhere = {rule: Member(s.name, s.name, s.where, octets=octets) for s in shapes.values()
                           if s is not shape for rule, octets in s.everywhere.items()}
        shape.choices |= {member.name for member in self.everywhere.values()}

    @property
    def scope(self):
        """That of the first place, whose template all share."""
        return self.scopes[0] if self.scopes else None

    def plan(self, node, space, path=()):
        """The plan of a node; whole-value captures ("*") are put around it."""
        item = self.of(node, space, path)
        for member in self.shape.captures():
            if member.pattern == ("*",):
                self.used.add(member.name)
                self.note_place(member, node, space, path)
                dfa = self.language.of(node, space, (), self.shape.unroll)
                item = Capture(member, item, 0 in dfa.finals, takes_quotes(dfa))
        return item

    def note_place(self, member, node, space, path):
        self.places.setdefault(member.name, []).append((member, node, space, path))

    def member_for(self, path, node, nth):
        """The member whose pattern fits best at this place; nth: how many such expressions the rule has up to here."""
        fitting = []
        for member in self.shape.captures():
            if member.nth not in (0, nth):
                continue
            last = member.pattern[-1]
            head = member.pattern[:-1]
            if isinstance(last, str):
                if isinstance(node, Ref) and suffix(member.pattern, path + (node.name.lower(),)):
                    fitting.append(member)
            elif last == node and suffix(head, path):
                fitting.append(member)
        return max(fitting, key=lambda m: len(m.pattern), default=None)

    def of(self, node, space, path, nth=1):
        if self.shape.params is not None and is_params(node, self.shape.params):
            return self.params(node, space, path)
        member = self.member_for(path, node, nth)
        if not member and isinstance(node, Ref):
            member = self.everywhere.get(node.name.lower())
        if member:
            return self.capture(member, node, space, path)
        return self.plain(node, space, path)

    def capture(self, member, node, space, path):
        self.used.add(member.name)
        if member in self.shape.members:
            self.note_place(member, node, space, path)
        inner = path + ((step(self.grammar.find(space, node.name)),) if isinstance(node, Ref) else ())
        if member.kind in CUTS:
            octets = member.octets or self.shapes[CUTS[member.kind]].octets
            return Capture(member, Named(f"{CUTS[member.kind]}-octets", self.plain(octets, "rfc3261", inner)))
        if member.kind == "ordinal":
            member.words = self.words(node, space, member)
        dfa = self.language.of(node, space, path, self.shape.unroll)
        octets_given = member.octets is not None
        item = self.plain(member.octets, space, inner) if octets_given else self.plain(node, space, path)
        return Capture(member, item, 0 in dfa.finals, takes_quotes(dfa))

    def words(self, node, space, member):
        """The words of a rule that is nothing but a choice of them."""
        node = self.grammar.find(space, node.name).node
        if not isinstance(node, Alt) or not all(isinstance(item, Literal) for item in node.items):
            raise GrammarError(member.where, f"member '{member.name}' is an ordinal, but its rule is no choice of words")
        return tuple(item.text for item in node.items)

    def items(self, items, space, path):
        """The items of a sequence; a first parameter without a separator takes the repetition behind it along."""
        for at, item in enumerate(items):
            if self.shape.params is not None and leads_params(item, items[at + 1:], self.shape.params):
                yield self.first_param(items[at + 1], space, path)
            else:
                yield self.of(item, space, path, items[:at + 1].count(item))

    def plain(self, node, space, path):
        if isinstance(node, Literal):
            return self.literal(node, path)
        if isinstance(node, Range):
            return Octets(frozenset(range(node.lo, node.hi + 1)), path)
        if isinstance(node, Cat):
            return sequence(list(self.items(node.items, space, path)))
        if isinstance(node, Alt):
            return choice([self.of(item, space, path) for item in node.items])
        if isinstance(node, Rep):
            return repeat(node.low, node.high, self.of(node.item, space, path))
        return self.rule(self.grammar.find(space, node.name, self.shape.where), path)

    def literal(self, node, path):
        items = []
        for octet in node.text.encode("latin-1"):
            both = {octet}
            if not node.sensitive:
                both = set(chr(octet).lower().encode("latin-1")) | set(chr(octet).upper().encode("latin-1"))
            items.append(Octets(frozenset(both), path))
        return items[0] if len(items) == 1 else Sequence(items)

    def rule(self, rule, path):
        name = rule.name.lower()
        depth = path.count(name)
        if depth:
            limit = self.shape.unroll.get(name)
            if limit is None:
                raise GrammarError(rule.where, f"rule '{rule.name}' contains itself and no shape says how deep (unroll)")
            if depth >= limit:
                return NONE
        inner = self.of(rule.node, rule.namespace, path + (step(rule),))
        if inner is NONE:
            return NONE
        item = Named(rule.name, inner)
        if rule.accept and rule.marked:
            item = Entering("accept_" + rule.accept, item)
        out = self.language.excluded(path + (step(rule),))
        if out and out.node is not None:
            dfa = self.language.of_rule(rule, path, self.shape.unroll)
            return Without(item, self.of(out.node, rule.namespace, ("exclusion",)), dfa, path + (step(rule),))
        return item

    def params(self, node, space, path):
        """The template: SEPARATOR NAME [ = VALUE ], whatever the name; values are looked at in the flush."""
        if self.scope:
            if not self.first:
                raise GrammarError(self.shape.where, "two places take parameters; a machine can have one")
            return self.repeated(node, space, path)
        scope = read_scope(self.grammar, node, space, path)
        if not scope:
            raise GrammarError(self.shape.where, "what stands behind the separator is no parameter with a catch-all")
        self.scopes.append(scope)
        self.values = value_octets(self.language, scope)
        return self.repeated(node, space, path)

    def first_param(self, node, space, path):
        """A parameter without a separator, before a repetition of them. A machine may have several such places, each with
        named parameters of its own, when the catch-all is the same."""
        mark = f"param_place_{len(self.scopes)}" if self.scope else "param_first"
        if self.scope:
            self.scopes.append(self.other_place(read_scope(self.grammar, node, space, path)))
        self.first = True
        repeated = self.params(node, space, path)
        name, rest = self.template(node, space, path)
        return Sequence([Capture(Pseudo(mark, closes=False), name), rest, repeated])

    def other_place(self, scope):
        if not scope or scope.generic.rule is not self.scope.generic.rule:
            raise GrammarError(self.shape.where, "two places take parameters; they must have the same catch-all")
        values = value_octets(self.language, scope)
        if values.extra - self.values.extra or values.quoted > self.values.quoted:
            raise GrammarError(self.shape.where, "two places take parameters; the first one takes other values than the second")
        return scope

    def repeated(self, node, space, path):
        here = path + (step(self.grammar.find(space, node.item.items[-1].name)),)
        template = Sequence(list(self.template(node, space, path)))
        if self.language.may_be_empty(self.shape.params):
            template = Repeat(0, 1, template)
        return Repeat(0, None, Sequence([self.separator(space, here), template]))

    def template(self, node, space, path):
        """The name of a parameter, and what follows it."""
        generic = self.scope.generic
        here = path + (step(self.grammar.find(space, node.item.items[-1].name)),)
        owner = generic.rule.namespace
        name = Capture(Pseudo("param_name"), self.plain(generic.name, owner, here))
        value = Capture(Pseudo("param_value"), self.value(here))
        valued = Sequence([self.plain(generic.equal, owner, here), value])
        if self.values.quoted:
            quoted = Sequence([Octets(QUOTE, here), self.quoted(here), Octets(QUOTE, here)])
            blank = self.plain(Ref("SWS"), "rfc3261", here)
            text = Sequence([blank, Capture(Pseudo("param_quoted"), quoted)])
            valued.items[1] = Choice([value, text]) if self.values.plain | self.values.extra else text
        needed = not generic.optional and all(not p.optional for p in self.scope.params)
        if self.language.tolerant and not needed:
            valued.items[1] = Repeat(0, 1, valued.items[1])
        return name, valued if needed else Repeat(0, 1, valued)

    def value(self, path):
        plain, extra = Octets(self.values.plain, path), Octets(self.values.extra, path)
        if not self.values.extra:
            return Repeat(1, None, plain)
        return Repeat(1, None, Choice([plain, Mark("param_other", extra)]))

    def quoted(self, path):
        rule = self.grammar.find("rfc3261", "quoted-string")
        return self.plain(rule.node.items[2], "rfc3261", path + (step(rule),))

    def separator(self, space, path):
        """The separator with the flush of the parameter before it on its own octet."""
        node = self.shape.params
        if isinstance(node, Ref):
            rule = self.grammar.find(space, node.name)
            blank, octet, after = rule.node.items
            return Sequence([self.plain(blank, rule.namespace, path), Mark("param_flush", self.plain(octet, space, path)),
                             self.plain(after, rule.namespace, path)])
        return Mark("param_flush", self.plain(node, space, path))


def marked_language(node, symbols=None):
    """The plan's texts with a symbol beyond the octets wherever an action runs: equal ones make equal machines."""
    symbols = symbols if symbols is not None else {}

    def symbol(name):
        number = 256 + sum(256 ** at * octet for at, octet in enumerate(name.encode()))
        return fsa.octet_set([number])

    def of(item):
        return marked_language(item, symbols)

    if id(node) in symbols:
        return symbols[id(node)]
    if isinstance(node, Octets):
        out = fsa.octet_set(node.values)
    elif isinstance(node, Sequence):
        out = fsa.cat([of(item) for item in node.items])
    elif isinstance(node, Choice):
        out = fsa.alt([of(item) for item in node.items])
    elif isinstance(node, Repeat):
        out = fsa.repeat(of(node.item), node.low, node.high)
    elif isinstance(node, Named):
        out = of(node.item)
    elif isinstance(node, Capture):
        out = fsa.cat([symbol("open_" + node.member.name), of(node.item), symbol("close_" + node.member.name)])
    elif isinstance(node, Mark):
        parts = [of(node.item), symbol(node.action)]
        out = fsa.cat(parts[::-1] if isinstance(node, Entering) else parts)
    else:
        out = node.dfa
    symbols[id(node)] = out
    return out
