"""Expand the rules that a shape needs, with the shape's captures and cuts in place.

Two readings of the same rules come from here, and the equivalence proof compares them:
  Language   the flattened ABNF as a Dfa: no captures, no cuts, only the exclusions;
  Planner    the plan of a machine, from which Ragel source is written: captures marked, cuts replaced by octets that could
             be what was cut, parameters read by one template.
"""

from dataclasses import dataclass

import fsa
from abnf import Alt, Cat, GrammarError, Literal, Range, Ref, Rep, alt, cat
from shape import CUTS, Member


class Step(str):
    """A rule's name in a path, with its namespace."""
    space = ""


def step(rule):
    name = Step(rule.name.lower())
    name.space = rule.namespace
    return name


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


@dataclass
class Mark:
    """An action on the last octet of the item."""
    action: str
    item: object


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


@dataclass
class Param:
    """One named parameter of a scope."""
    name: str
    value: object             # ABNF node, None when it has no value
    optional: bool            # the value may be missing
    rule: object
    path: tuple


@dataclass
class Generic:
    """The catch-all parameter: how names, '=' and values look in general."""
    name: object
    equal: object
    value: object
    optional: bool
    rule: object
    path: tuple


@dataclass
class Scope:
    """The parameters that one repetition takes."""
    params: list
    generic: Generic
    space: str


def suffix(pattern, path):
    return len(pattern) <= len(path) and tuple(path[len(path) - len(pattern):]) == tuple(pattern)


class Language:
    """Flattened ABNF as automata."""

    def __init__(self, grammar, exclusions, separators):
        self.grammar, self.exclusions, self.separators, self.memo = grammar, exclusions, separators, {}
        self.inner = {name for ex in exclusions for name in ex.pattern}

    def excluded(self, path):
        fitting = [ex for ex in self.exclusions if suffix(ex.pattern, path)]
        return max(fitting, key=lambda ex: len(ex.pattern), default=None)

    def of_rule(self, rule, path=(), unroll=None):
        path = path + (step(rule),)
        depth = path.count(path[-1])
        if depth > 1:
            limit = (unroll or {}).get(path[-1])
            if limit is None:
                raise GrammarError(rule.where, f"rule '{rule.name}' contains itself and no shape says how deep (unroll)")
            if depth > limit:
                return fsa.NOTHING
        context = tuple(name for name in path[:-1] if name in self.inner)
        nesting = tuple(sorted((name, path.count(name)) for name in (unroll or {})))
        key = (rule.namespace, rule.name.lower(), context, nesting)
        if key not in self.memo:
            dfa = self.of(rule.node, rule.namespace, path, unroll, rule.where)
            out = self.excluded(path)
            if out and out.node is not None:
                dfa = fsa.difference(dfa, self.of(out.node, rule.namespace, ("exclusion",), unroll, out.where))
            self.memo[key] = dfa
        return self.memo[key]

    def of(self, node, space, path=(), unroll=None, where="shape"):
        if isinstance(node, Literal):
            return fsa.literal(node.text.encode("latin-1"), node.sensitive)
        if isinstance(node, Range):
            return fsa.octet_set(range(node.lo, node.hi + 1))
        if isinstance(node, Cat):
            return fsa.cat([self.of(item, space, path, unroll, where) for item in node.items])
        if isinstance(node, Alt):
            return fsa.alt([self.of(item, space, path, unroll, where) for item in node.items])
        if isinstance(node, Rep):
            params = self.of_params(node, space, path)
            return params or fsa.repeat(self.of(node.item, space, path, unroll, where), node.low, node.high)
        return self.of_rule(self.grammar.find(space, node.name, where), path, unroll)

    def of_params(self, node, space, path):
        """The language of a repetition of parameters behind a separator, or None when node is none."""
        separator = next((sep for sep in self.separators if is_params(node, sep)), None)
        if separator is None:
            return None
        scope = read_scope(self.grammar, node, space, path)
        if scope is None:
            return None
        return fsa.repeat(fsa.cat([self.of(separator, space, path), self.of_scope(scope)]), 0, None)

    def of_value(self, param, space):
        return self.of(param.value, param.rule.namespace, param.path + (step(param.rule),))

    def of_scope(self, scope):
        """All parameters of a scope; the catch-all may not bear the name of one that has a rule of its own."""
        generic = scope.generic
        equal = self.of(generic.equal, generic.rule.namespace)
        texts, names = [], []
        for param in scope.params:
            name = fsa.literal(param.name.encode(), sensitive=False)
            if param.value is None:
                texts.append(name)
                continue
            names.append(name)
            valued = fsa.cat([name, equal, self.of_value(param, scope.space)])
            texts.append(fsa.alt([name, valued]) if param.optional else valued)
        free = self.of(generic.name, generic.rule.namespace)
        if names:
            free = fsa.difference(free, fsa.alt(names))
        valued = fsa.cat([equal, self.of_value(generic, scope.space)])
        texts.append(fsa.cat([free, fsa.repeat(valued, 0, 1) if generic.optional else valued]))
        return fsa.alt(texts)


def separator_items(node):
    return list(node.items) if isinstance(node, Cat) else [node]


def is_params(node, separator):
    """Whether node is *( SEPARATOR rule )."""
    if not (isinstance(node, Rep) and node.low == 0 and node.high is None and isinstance(node.item, Cat)):
        return False
    return list(node.item.items[:-1]) == separator_items(separator) and isinstance(node.item.items[-1], Ref)


def read_scope(grammar, node, space, path):
    """Takes the rule behind the separator apart into named parameters and the catch-all; None when it is no such rule."""
    rule = grammar.find(space, node.item.items[-1].name)
    params, generics = [], []
    collect(grammar, rule, rule.node, path + (step(rule),), params, generics)
    if len(generics) != 1 or generics[0].equal is None:
        return None
    return Scope(params, generics[0], space)


def collect(grammar, rule, node, path, params, generics):
    if isinstance(node, Alt):
        for item in node.items:
            collect(grammar, rule, item, path, params, generics)
        return
    items = list(node.items) if isinstance(node, Cat) else [node]
    head = items[0]
    if isinstance(head, Ref) and len(items) == 1:
        inner = grammar.find(rule.namespace, head.name)
        collect(grammar, inner, inner.node, path + (step(inner),), params, generics)
        return
    name, rest, optional = head, items[1:], False
    if isinstance(name, Rep) and not rest:
        generics.append(Generic(name, None, None, False, rule, path[:-1]))
        return
    if len(rest) == 1 and isinstance(rest[0], Rep) and (rest[0].low, rest[0].high) == (0, 1):
        rest = list(rest[0].item.items) if isinstance(rest[0].item, Cat) else [rest[0].item]
        optional = True
    if isinstance(name, Literal) and name.text.endswith("="):
        rest, name = [Literal("=")] + rest, Literal(name.text[:-1])
    equal, value = (rest[0], cat(*rest[1:])) if len(rest) > 1 else (None, None)
    if rest and equal is None:
        raise GrammarError(rule.where, f"a parameter of rule '{rule.name}' is neither NAME nor NAME = VALUE")
    if isinstance(name, Literal):
        params.append(Param(name.text.lower(), value, optional or value is None, rule, path[:-1]))
    else:
        generics.append(Generic(name, equal, value, optional, rule, path[:-1]))


QUOTE = frozenset(b'"')
BLANKS = frozenset(b" \t\r\n")


@dataclass
class ValueOctets:
    """What a parameter value may be made of: plain ones need no further look when the catch-all reads them."""
    plain: frozenset
    extra: frozenset
    quoted: bool


def value_octets(language, scope):
    quoted_any = fsa.cat([fsa.repeat(fsa.octet_set(BLANKS), 0, None), fsa.octet_set(QUOTE), fsa.ALL])
    values = [language.of_value(scope.generic, scope.space)]
    generic = values[0]
    values += [language.of_value(p, scope.space) for p in scope.params if p.value is not None]
    plain = frozenset(octet for octet in range(256) if generic.accepts(bytes([octet])))
    runs = fsa.repeat(fsa.octet_set(plain), 1, None)
    if fsa.difference(runs, generic).finals:
        raise GrammarError(scope.generic.rule.where, "the catch-all's value is not closed under its single octets")
    quoted = any(fsa.intersection(value, quoted_any).finals for value in values)
    every = frozenset().union(*[fsa.difference(value, quoted_any).octets() for value in values])
    extra = every - plain
    if extra & (BLANKS | frozenset(b';,"')):
        raise GrammarError(scope.generic.rule.where, "a parameter value outside quotes may hold a blank or a separator")
    return ValueOctets(plain, extra, quoted)


class Pseudo:
    """A capture of the parameter template, which belongs to no member."""

    def __init__(self, name):
        self.name, self.kind, self.octets = name, "pseudo", None


class Planner:
    """Makes the plan of one machine."""

    def __init__(self, grammar, language, shapes, shape):
        self.grammar, self.language, self.shapes, self.shape = grammar, language, shapes, shape
        self.scope = self.values = None
        self.used = set()
        self.everywhere = {s.everywhere: Member(s.name, s.name, s.where) for s in shapes.values()
                           if s.everywhere and s is not shape}
        shape.choices |= {member.name for member in self.everywhere.values()}

    def plan(self, node, space, path=()):
        """The plan of a node; whole-value captures ("*") are put around it."""
        item = self.of(node, space, path)
        for member in self.shape.captures():
            if member.pattern == ("*",):
                self.used.add(member.name)
                nullable = b"" == self.language.of(node, space, (), self.shape.unroll).shortest()
                item = Capture(member, item, nullable)
        return item

    def member_for(self, path, node):
        """The member whose pattern fits best at this place."""
        fitting = []
        for member in self.shape.captures():
            last = member.pattern[-1]
            head = member.pattern[:-1]
            if isinstance(last, str):
                if isinstance(node, Ref) and suffix(member.pattern, path + (node.name.lower(),)):
                    fitting.append(member)
            elif last == node and suffix(head, path):
                fitting.append(member)
        return max(fitting, key=lambda m: len(m.pattern), default=None)

    def of(self, node, space, path):
        if self.shape.params is not None and is_params(node, self.shape.params):
            return self.params(node, space, path)
        member = self.member_for(path, node)
        if not member and isinstance(node, Ref):
            member = self.everywhere.get(node.name.lower())
        if member:
            return self.capture(member, node, space, path)
        return self.plain(node, space, path)

    def capture(self, member, node, space, path):
        self.used.add(member.name)
        inner = path + ((step(self.grammar.find(space, node.name)),) if isinstance(node, Ref) else ())
        if member.kind in CUTS:
            octets = member.octets or self.shapes[CUTS[member.kind]].octets
            return Capture(member, Named(f"{CUTS[member.kind]}-octets", self.plain(octets, "rfc3261", inner)))
        dfa = self.language.of(node, space, path, self.shape.unroll)
        octets_given = member.octets is not None
        item = self.plain(member.octets, space, inner) if octets_given else self.plain(node, space, path)
        return Capture(member, item, 0 in dfa.finals)

    def plain(self, node, space, path):
        if isinstance(node, Literal):
            return self.literal(node, path)
        if isinstance(node, Range):
            return Octets(frozenset(range(node.lo, node.hi + 1)), path)
        if isinstance(node, Cat):
            return sequence([self.of(item, space, path) for item in node.items])
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
        out = self.language.excluded(path + (step(rule),))
        if out and out.node is not None:
            dfa = self.language.of_rule(rule, path, self.shape.unroll)
            return Without(item, self.of(out.node, rule.namespace, ("exclusion",)), dfa, path + (step(rule),))
        return item

    def params(self, node, space, path):
        """The template: SEPARATOR NAME [ = VALUE ], whatever the name; values are looked at in the flush."""
        if self.scope:
            raise GrammarError(self.shape.where, "two places take parameters; a machine can have one")
        self.scope = read_scope(self.grammar, node, space, path)
        if not self.scope:
            raise GrammarError(self.shape.where, "what stands behind the separator is no parameter with a catch-all")
        self.values = value_octets(self.language, self.scope)
        generic = self.scope.generic
        here = path + (step(self.grammar.find(space, node.item.items[-1].name)),)
        owner = generic.rule.namespace
        name = Capture(Pseudo("param_name"), self.plain(generic.name, owner, here))
        value = Capture(Pseudo("param_value"), self.value(here))
        valued = Sequence([self.plain(generic.equal, owner, here), value])
        if self.values.quoted:
            quoted = Sequence([Octets(QUOTE, here), self.quoted(here), Octets(QUOTE, here)])
            blank = self.plain(Ref("SWS"), owner, here)
            text = Sequence([blank, Capture(Pseudo("param_quoted"), quoted)])
            valued.items[1] = Choice([value, text])
        needed = not generic.optional and all(not p.optional for p in self.scope.params)
        separator = self.separator(space, here)
        return Repeat(0, None, Sequence([separator, name, valued if needed else Repeat(0, 1, valued)]))

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


@dataclass
class Element:
    """What a row's rule says of its value."""
    node: object              # one element
    space: str
    is_list: bool
    may_be_empty: bool
    star: object = None       # an alternative that stands for the whole value (Contact: *)


def read_row(grammar, rule):
    """Strips the name from a header field's rule and finds out whether it is a comma list."""
    items = list(rule.node.items) if isinstance(rule.node, Cat) else [rule.node]
    if len(items) < 3 or items[1] != Ref("HCOLON"):
        raise GrammarError(rule.where, f"rule '{rule.name}' is not NAME HCOLON VALUE")
    rest = items[2:]
    empty = False
    if len(rest) == 1 and isinstance(rest[0], Rep) and (rest[0].low, rest[0].high) == (0, 1):
        empty, rest = True, separator_items(rest[0].item)
    star = None
    if len(rest) == 1 and isinstance(rest[0], Alt) and rest[0].items[0] == Ref("STAR"):
        star, rest = rest[0].items[0], separator_items(alt(*rest[0].items[1:]))
    last = rest[-1]
    if isinstance(last, Rep) and (last.low, last.high) == (0, None) and isinstance(last.item, Cat):
        if last.item.items[0] == Ref("COMMA") and list(last.item.items[1:]) == rest[:-1]:
            return Element(cat(*rest[:-1]), rule.namespace, True, empty, star)
    if star:
        raise GrammarError(rule.where, f"rule '{rule.name}' has STAR beside something that is no list")
    return Element(cat(*rest), rule.namespace, False, empty)


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
        out = fsa.cat([of(node.item), symbol(node.action)])
    else:
        out = node.dfa
    symbols[id(node)] = out
    return out
