"""Narrow the plan of a value to what a straight path reads (straight.py).

Blanks that may be there are Blank or not at all; of two alternatives that begin alike the wider one is left, of a repetition that
mixes single octets with rarer things the octets come first; what need not be there and cannot be written as a path is not there.
What is left is a part of the plan's language, with the plan's captures, and is read without looking back. None stands for what
has no path.
"""

from dataclasses import dataclass, replace

import plan as P

SP = frozenset(b" ")
COMMA = 0x2C                      # it may end an element
NOTHING = P.Sequence([])


@dataclass
class Blank:
    """A place where a blank may stand."""


class Gap(P.Octets):
    """Blanks that must be there, mostly one."""


@dataclass
class Params:
    """Parameters; first: the first one has no separator before it."""
    first: bool


@dataclass
class Nested(P.Named):
    """A rule inside itself; depth: how many of it are around the octets."""
    depth: int


OPEN = []                         # names of the rules around the node
DEEPEST = 2                       # of a rule inside itself

def narrow(node):
    """The narrowed node, or None."""
    return globals()["narrow_" + type(node).__name__.lower()](node)


def bare(node):
    """The plan in which of a choice between a URI and something else only the URI is left, of other choices what has one; the
    node itself when there is none."""
    if isinstance(node, P.Choice):
        uris = [item for item in node.items if isinstance(item, P.Capture) and item.member.kind == "uri"]
        if uris and len(node.items) > 1:
            return uris[0]
        items = [left for item in node.items if (left := bare(item)) is not item]
        return replace(node, items=items) if items else node
    if isinstance(node, P.Sequence):
        items = [bare(item) for item in node.items]
        return node if all(a is b for a, b in zip(items, node.items)) else replace(node, items=items)
    item = bare(node.item) if hasattr(node, "item") else None
    return node if item is None or item is node.item else replace(node, item=item)


def narrow_octets(node):
    return P.Octets(node.values, ())


def narrow_named(node):
    name = node.name.lower()
    if name == "sws":
        return Blank()
    if name == "lws":
        return Gap(SP, ())
    OPEN.append(name)
    depth = OPEN.count(name)
    item = narrow(node.item) if depth <= DEEPEST else None
    OPEN.pop()
    if item is None or plain_item(item):
        return item
    return P.Named(node.name, item) if depth == 1 else Nested(node.name, item, depth)


def plain_item(item):
    return isinstance(item, (P.Octets, Blank, Params, P.Repeat)) or item == NOTHING


def narrow_sequence(node):
    lead = node.items[0].member.name if node.items and isinstance(node.items[0], P.Capture) else ""
    if lead == "param_first" or lead.startswith("param_place_"):
        return Params(True) if lead == "param_first" else None
    items = [narrow(item) for item in node.items]
    if any(item is None for item in items):
        return None
    flat = []
    for item in items:
        flat += item.items if isinstance(item, P.Sequence) else [item]
    flat = in_a_row([item for at, item in enumerate(flat) if not comes_again(item, flat[at + 1:])])
    return flat[0] if len(flat) == 1 else P.Sequence(flat)


def comes_again(item, behind):
    """Whether an item is the first one of *octet other *octet where the other is one of the octets: none is there then."""
    return (isinstance(item, P.Repeat) and item.low == 0 and len(behind) > 1 and item == behind[1] and
            isinstance(item.item, P.Octets) and isinstance(behind[0], P.Octets) and behind[0].values <= item.item.values)


def in_a_row(items):
    """Of *( word SP ) word, only the last word is sure: one word, and others behind it, each with a SP before it."""
    out = []
    for item in items:
        word = item.item if isinstance(item, P.Named) else item
        words = word.items if isinstance(word, P.Choice) else [word]
        repeated = out[-1].item if out and isinstance(out[-1], P.Repeat) and (out[-1].low, out[-1].high) == (0, None) else None
        ends = [choice.items for choice in alternatives_of(repeated) if isinstance(choice, P.Sequence)]
        space = Gap(SP, ())
        if repeated and all([w, space] in ends or [w, P.Repeat(0, 1, space)] in ends for w in words):
            out[-1:] = [item, P.Repeat(0, None, P.Sequence([P.Octets(SP, ()), item]))]
        else:
            out.append(item)
    return out


def alternatives_of(node):
    return node.items if isinstance(node, P.Choice) else [node]


def narrow_choice(node):
    items = [item for choice in map(narrow, node.items) if choice is not None for item in alternatives(choice)]
    single = [item.values for item in items if isinstance(item, P.Octets)]
    others = [item for item in items if not isinstance(item, P.Octets)]
    if single:
        others.append(P.Octets(frozenset().union(*single), ()))
    kept = []
    for item in sorted(others, key=lambda item: -weight(item)):
        if not may_be_empty(item) and not any(first(item) & first(other) for other in kept):
            kept.append(item)
    if not kept:
        return None
    return kept[0] if len(kept) == 1 else P.Choice(kept)


def alternatives(node):
    """Those of a choice that has single octets among them; else node itself."""
    inner = node.item if isinstance(node, P.Named) else node
    if isinstance(inner, P.Choice) and any(isinstance(item, P.Octets) for item in inner.items):
        return inner.items
    return [node]


def weight(node):
    """How much of its plan an alternative takes: the octets that it can begin with, then those that it can hold."""
    return len(first(node)) * 1000 + len(octets_of(node))


def octets_of(node):
    if isinstance(node, P.Octets):
        return node.values
    if isinstance(node, (P.Sequence, P.Choice)):
        return frozenset().union(*[octets_of(item) for item in node.items])
    if isinstance(node, (Blank, Params)):
        return frozenset()
    return octets_of(node.item)


def narrow_repeat(node):
    if node.low == 0 and node.high is None and holds_capture(node.item, "param_name"):
        return Params(False)
    item = narrow(node.item)
    if item is None or isinstance(item, Blank) or item == NOTHING:
        return NOTHING if node.low == 0 else None
    if (node.low, node.high) == (1, 1):
        return item
    return P.Repeat(node.low, node.high, item)


def narrow_capture(node):
    if node.member.kind in ("uri", "ordinal"):
        item = node.item
    elif node.member.kind in ("str", "text", "comment", "products", "later-uri", "number", "decimal", "method", "flag", "host"):
        item = narrow(node.item)
    else:
        item = None
    return None if item is None else P.Capture(node.member, item, node.nullable, node.quoted)


def narrow_mark(node):
    return NOTHING if node.action == "stop" else narrow(node.item)


def narrow_without(node):
    return None


def flat(node):
    """The items of a sequence, of those in it too."""
    if isinstance(node, P.Named):
        return flat(node.item)
    return sum(map(flat, node.items), []) if isinstance(node, P.Sequence) else [node]


def holds_capture(node, name):
    if isinstance(node, P.Capture) and node.member.name == name:
        return True
    items = node.items if isinstance(node, (P.Sequence, P.Choice)) else [node.item] if hasattr(node, "item") else []
    return any(holds_capture(item, name) for item in items)


# what a narrowed node begins with

def may_be_empty(node):
    if isinstance(node, P.Octets):
        return False
    if isinstance(node, P.Sequence):
        return all(may_be_empty(item) for item in node.items)
    if isinstance(node, P.Choice):
        return any(may_be_empty(item) for item in node.items)
    if isinstance(node, P.Repeat):
        return node.low == 0 or may_be_empty(node.item)
    if isinstance(node, Params):
        return not node.first
    return isinstance(node, Blank) or may_be_empty(node.item)


def first(node):
    if isinstance(node, P.Octets):
        return node.values
    if isinstance(node, P.Choice):
        return frozenset().union(*[first(item) for item in node.items])
    if isinstance(node, P.Sequence):
        found = frozenset()
        for item in node.items:
            found |= first(item)
            if not may_be_empty(item):
                break
        return found
    if isinstance(node, (Blank, Params)):
        return frozenset()
    return first(node.item)


def behind(rest, follow):
    """What may come behind an item: the beginnings of the rest; None when they are not known."""
    known = frozenset()
    for item in rest.items:
        if isinstance(item, Params):
            return None
        known |= first(item)
        if not may_be_empty(item):
            return known
    return None if follow is None else known | follow
