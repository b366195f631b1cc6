"""The flattened ABNF as automata: no captures, no cuts, only the exclusions; and what ABNF rules say of parameters and rows.

The equivalence proof compares Language with the machines that plan.py makes of the same rules.
"""

from dataclasses import dataclass

import fsa
from abnf import Alt, Cat, GrammarError, Literal, Range, Ref, Rep, alt, cat


class Step(str):
    """A rule's name in a path, with its namespace."""
    space = ""


def step(rule):
    name = Step(rule.name.lower())
    name.space = rule.namespace
    return name


@dataclass
class Param:
    """One named parameter of a scope."""
    name: str
    value: object             # ABNF node, None when it has no value
    optional: bool            # the value may be missing
    rule: object
    path: tuple
    equal: object = None      # what stands before the value


@dataclass
class Generic:
    """The catch-all parameter: how names, '=' and values look in general. When there is none, it stands for all that have a
    rule (closed)."""
    name: object
    equal: object
    value: object
    optional: bool
    rule: object
    path: tuple
    closed: bool = False


@dataclass
class Scope:
    """The parameters that one repetition takes."""
    params: list
    generic: Generic
    space: str
    rule: object = None       # what stands behind the separator


def suffix(pattern, path):
    return len(pattern) <= len(path) and tuple(path[len(path) - len(pattern):]) == tuple(pattern)


class Language:
    """Flattened ABNF as automata."""

    def __init__(self, grammar, exclusions, separators, tolerant=False):
        self.grammar, self.exclusions, self.separators, self.memo = grammar, exclusions, separators, {}
        self.tolerant = tolerant  # of EMPTY_PARAMS and FLAG_EQUALS in deployed.abnf
        self.refused = frozenset()   # tolerances of which nothing is in the language
        self.depth = 0            # of values of parameters in which the rule stands that is being read
        self.inner = {name for ex in exclusions for name in ex.pattern}
        self.ending = {}
        for ex in exclusions:
            self.ending.setdefault(ex.pattern[-1], []).append(ex)

    def refuse(self, tolerances):
        """From now on texts that need one of them are not in the language."""
        self.refused, self.memo = frozenset(tolerances), {}
        return self

    def excluded(self, path):
        fitting = [ex for ex in self.ending.get(path[-1] if path else None, []) if suffix(ex.pattern, path)]
        return max(fitting, key=lambda ex: len(ex.pattern), default=None)

    def of_rule(self, rule, path=(), unroll=None):
        path = path + (step(rule),)
        if rule.accept in self.refused:
            return fsa.NOTHING
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
            self.memo[key] = dfa.minimal()
        return self.memo[key]

    def of(self, node, space, path=(), unroll=None, where="shape"):
        if isinstance(node, Literal):
            return fsa.literal(node.text.encode("latin-1"), node.sensitive)
        if isinstance(node, Range):
            return fsa.octet_set(range(node.lo, node.hi + 1))
        if isinstance(node, Cat):
            return fsa.cat(list(self.of_items(node.items, space, path, unroll, where)))
        if isinstance(node, Alt):
            return fsa.alt([self.of(item, space, path, unroll, where) for item in node.items])
        if isinstance(node, Rep):
            params = self.of_params(node, space, path)
            return params or fsa.repeat(self.of(node.item, space, path, unroll, where), node.low, node.high)
        return self.of_rule(self.grammar.find(space, node.name, where), path, unroll)

    def of_items(self, items, space, path, unroll, where):
        """The items of a sequence; a first parameter without a separator takes the repetition behind it along."""
        rest = list(items)
        while rest:
            item = rest.pop(0)
            if any(leads_params(item, rest, separator) for separator in self.separators):
                scope = read_scope(self.grammar, rest[0], space, path)
                if scope:
                    yield self.of_scope(scope)
                    continue
            yield self.of(item, space, path, unroll, where)

    def of_params(self, node, space, path):
        """The language of a repetition of parameters behind a separator, or None when node is none."""
        separator = next((sep for sep in self.separators if is_params(node, sep)), None)
        if separator is None:
            return None
        scope = read_scope(self.grammar, node, space, path)
        if scope is None:
            return None
        param = self.of_scope(scope)
        if self.may_be_empty(separator):
            param = fsa.repeat(param, 0, 1)
        return fsa.repeat(fsa.cat([self.of(separator, space, path), param]), 0, None)

    def may_be_empty(self, separator):
        """Whether there need not be a parameter behind a separator: those of URIs need one, and those within a value."""
        return self.tolerant and self.depth == 0 and isinstance(separator, Ref)

    def of_value(self, param):
        path = param.path + (step(param.rule),)
        key = (param.rule.namespace, param.value, tuple(name for name in path if name in self.inner))
        if key not in self.memo:
            self.depth += 1
            self.memo[key] = self.of(param.value, param.rule.namespace, path)
            self.depth -= 1
        return self.memo[key]

    def quoting(self, value):
        """Whether a value may stand in quotes, and the octets that it may have outside of them."""
        key = value.key()
        if key not in self.memo:
            quoted_any = fsa.cat([fsa.repeat(fsa.octet_set(BLANKS), 0, None), fsa.octet_set(QUOTE), fsa.ALL])
            quoted = bool(fsa.intersection(value, quoted_any).finals)
            self.memo[key] = quoted, fsa.difference(value, quoted_any).octets()
        return self.memo[key]

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
            valued = fsa.cat([name, equal, self.of_value(param)])
            texts.append(fsa.alt([name, valued] + self.odd_flag(name, equal)) if param.optional else valued)
        free = self.of(generic.name, generic.rule.namespace)
        if names:
            free = fsa.difference(free, fsa.alt(names))
        valued = fsa.cat([equal, self.of_value(generic)])
        texts.append(fsa.cat([free, fsa.repeat(valued, 0, 1) if generic.optional else valued]))
        return fsa.alt(texts + (self.odd_flag(free, equal) if generic.optional else []))

    def odd_flag(self, name, equal):
        return [fsa.cat([name, equal])] if self.tolerant else []


def takes_quotes(dfa):
    """Whether a quote at the start of a text begins a quoted-string: in other languages it is an octet like others."""
    mark = fsa.octet_set(QUOTE)
    quoted = fsa.intersection(dfa, fsa.cat([mark, fsa.ALL]))
    return bool(quoted.finals) and not fsa.difference(quoted, fsa.cat([mark, fsa.ALL, mark])).finals


def separator_items(node):
    return list(node.items) if isinstance(node, Cat) else [node]


def is_params(node, separator):
    """Whether node is *( SEPARATOR rule )."""
    if not (isinstance(node, Rep) and node.low == 0 and node.high is None and isinstance(node.item, Cat)):
        return False
    return list(node.item.items[:-1]) == separator_items(separator) and isinstance(node.item.items[-1], Ref)


def leads_params(node, following, separator):
    """Whether node is RULE and *( SEPARATOR RULE ) follows."""
    return bool(following) and is_params(following[0], separator) and following[0].item.items[-1] == node


def read_scope(grammar, node, space, path):
    """Takes the rule behind the separator apart into named parameters and the catch-all; None when it is no such rule."""
    rule = grammar.find(space, node.item.items[-1].name)
    params, generics = [], []
    path = path + (step(rule),)
    collect(grammar, rule, rule.node, path, params, generics)
    if not generics and params and all(p.value is not None and p.equal == params[0].equal for p in params):
        names, values = alt(*[Literal(p.name) for p in params]), alt(*[p.value for p in params])
        return Scope(params, Generic(names, params[0].equal, values, False, rule, path[:-1], True), space, rule)
    if len(generics) != 1 or generics[0].equal is None:
        return None
    return Scope(params, generics[0], space, rule)


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
    words = names_of(grammar, rule, name)
    for word in words:
        params.append(Param(word.text.lower(), value, optional or value is None, rule, path[:-1], equal))
    if not words:
        generics.append(Generic(name, equal, value, optional, rule, path[:-1]))


def names_of(grammar, rule, name):
    """The words that a parameter may be called, as a list; empty when its name is a pattern."""
    node = grammar.find(rule.namespace, name.name).node if isinstance(name, Ref) else name
    words = list(node.items) if isinstance(node, Alt) else [node]
    return words if all(isinstance(word, Literal) for word in words) else []


QUOTE = frozenset(b'"')
BLANKS = frozenset(b" \t\r\n")


@dataclass
class ValueOctets:
    """What a parameter value may be made of: plain ones need no further look when the catch-all reads them."""
    plain: frozenset
    extra: frozenset
    quoted: bool


def value_octets(language, scope):
    generic = language.of_value(scope.generic)
    values = [generic] + [language.of_value(p) for p in scope.params if p.value is not None]
    plain = frozenset(octet for octet in range(256) if generic.accepts(bytes([octet])))
    runs = fsa.repeat(fsa.octet_set(plain), 1, None)
    if fsa.difference(runs, generic).finals:
        raise GrammarError(scope.generic.rule.where, "the catch-all's value is not closed under its single octets")
    quoted = any(language.quoting(value)[0] for value in values)
    every = frozenset().union(*[language.quoting(value)[1] for value in values])
    extra = every - plain
    if extra & (BLANKS | frozenset(b';,"')):
        raise GrammarError(scope.generic.rule.where, "a parameter value outside quotes may hold a blank or a separator")
    return ValueOctets(plain, extra, quoted)


# What parts the values of a list, and the octets of it that end a value, the last of which is written: of the two that
# Privacy takes (grammar/abnf/errata.abnf) the one that peers know from RFC 3323.
COMMAS = {Ref("COMMA"): b",", Alt((Ref("COMMA"), Ref("SEMI"))): b",;"}


@dataclass
class Element:
    """What a row's rule says of its value."""
    node: object              # one element
    space: str
    comma: object             # what parts the elements of a list; None when it is none
    may_be_empty: bool
    star: object = None       # an alternative that stands for the whole value (Contact: *)

    @property
    def is_list(self):
        return self.comma is not None

    @property
    def end(self):
        """The octets that end an element of a list."""
        return frozenset(COMMAS[self.comma])

    @property
    def written(self):
        """The octet that is written between two elements."""
        return COMMAS[self.comma][-1]


def read_row(grammar, rule, separator=None):
    """Strips the name from a header field's rule and finds out whether it is a comma list; separator: that of the
    parameters of its shape, which a comma then parts instead."""
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
        comma = last.item.items[0]
        if comma in COMMAS and comma != separator and list(last.item.items[1:]) == rest[:-1]:
            return Element(cat(*rest[:-1]), rule.namespace, comma, empty, star)
    if star:
        raise GrammarError(rule.where, f"rule '{rule.name}' has STAR beside something that is no list")
    return Element(cat(*rest), rule.namespace, None, empty)
