"""Finite automata over octets: just enough regular algebra to compare what machines accept.

A Dfa is minimal and trimmed: every state lies on a path from the start to a final state, so the octet on which it dies is
the first one that no valid text can have there. Transitions are sorted (low, high, target) ranges.
"""

import operator
from functools import reduce
from itertools import chain


_determinised, _combined = {}, {}


class Nfa:
    """States with empty moves and octet ranges; a scratch pad for building a Dfa."""

    def __init__(self):
        self.empty, self.moves = [], []

    def state(self):
        self.empty.append([])
        self.moves.append([])
        return len(self.moves) - 1

    def embed(self, dfa):
        """A copy of dfa inside; returns its start state and its final states."""
        base = len(self.moves)
        for row in dfa.rows:
            state = self.state()
            self.moves[state] = [(low, high, base + target) for low, high, target in row]
        return base, [base + state for state in dfa.finals]

    def closure(self, states):
        found, todo = set(states), list(states)
        while todo:
            for target in self.empty[todo.pop()]:
                if target not in found:
                    found.add(target)
                    todo.append(target)
        return frozenset(found)

    def determinise(self, start, finals):
        """The Dfa; made once for equal automata, since rules build the same expressions over and over."""
        key = start, frozenset(finals), tuple(map(tuple, self.empty)), tuple(map(tuple, self.moves))
        if key not in _determinised:
            _determinised[key] = self.subsets(start, set(finals))
        return _determinised[key]

    def subsets(self, start, finals):
        closures = {}

        def closed(targets):
            out = set()
            for target in targets:
                if target not in closures:
                    closures[target] = self.closure([target])
                out |= closures[target]
            return frozenset(out)

        first = closed([start])
        number, rows, accept, todo = {first: 0}, [], set(), [first]
        for subset in todo:
            if not finals.isdisjoint(subset):
                accept.add(number[subset])
            row = []
            moves = [self.moves[state] for state in subset if self.moves[state]]
            cut = split(list(chain.from_iterable(moves))) if len(moves) > 1 else \
                [(low, high, (target,)) for low, high, target in (moves[0] if moves else [])]
            for low, high, targets in cut:
                after = closed(targets)
                if after not in number:
                    number[after] = len(number)
                    todo.append(after)
                row.append((low, high, number[after]))
            rows.append(row)
        return Dfa(rows, accept).minimal()


def split(moves):
    """Cuts overlapping (low, high, target) moves into disjoint ranges, each with the set of its targets."""
    if not moves:
        return
    bounds = sorted({low for low, _, _ in moves} | {high + 1 for _, high, _ in moves})
    at = {bound: index for index, bound in enumerate(bounds)}
    cells = [set() for _ in bounds]
    for low, high, target in moves:
        for index in range(at[low], at[high + 1]):
            cells[index].add(target)
    for index, targets in enumerate(cells[:-1]):
        if targets:
            yield bounds[index], bounds[index + 1] - 1, frozenset(targets)


def join(row):
    """Joins neighbouring ranges with the same target."""
    out = []
    for low, high, target in row:
        if out and out[-1][2] == target and out[-1][1] + 1 == low:
            out[-1] = (out[-1][0], high, target)
        else:
            out.append((low, high, target))
    return out


class Dfa:
    """rows[state] are the transitions; state 0 is the start."""

    def __init__(self, rows, finals):
        self.rows, self.finals, self.targets = rows, frozenset(finals), {}

    def behind(self, nfa, ends):
        """Adds a copy behind states of an Nfa; returns the states behind it."""
        first, finals = nfa.embed(self)
        for end in ends:
            nfa.empty[end].append(first)
        return finals

    def minimal(self):
        return self.trimmed().merged()

    def trimmed(self):
        """Without the states that cannot reach a final one."""
        back = [[] for _ in self.rows]
        for state, row in enumerate(self.rows):
            for _, _, target in row:
                back[target].append(state)
        alive, todo = set(self.finals), list(self.finals)
        while todo:
            for source in back[todo.pop()]:
                if source not in alive:
                    alive.add(source)
                    todo.append(source)
        order, todo = {0: 0}, [0]
        while todo:
            for _, _, target in self.rows[todo.pop(0)]:
                if target in alive and target not in order:
                    order[target] = len(order)
                    todo.append(target)
        rows = [[] for _ in order]
        for state, number in order.items():
            rows[number] = join([(a, b, order[t]) for a, b, t in self.rows[state] if t in alive])
        return Dfa(rows, [order[s] for s in self.finals if s in order])

    def merged(self):
        """Partition refinement: only the states whose successors changed groups are looked at again."""
        cells, back = self.cells(), [set() for _ in self.rows]
        for state, row in enumerate(self.rows):
            for _, _, target in row:
                back[target].add(state)
        group = [int(state in self.finals) for state in range(len(self.rows))] + [-1]
        size, looks, changed = [len(self.rows) - len(self.finals), len(self.finals)], [None, None], range(len(self.rows))
        while changed:
            parts = {}
            for state in changed:
                look = tuple(map(group.__getitem__, cells[state]))
                parts.setdefault(group[state], {}).setdefault(look, []).append(state)
            moved = []
            for old, found in parts.items():
                if sum(map(len, found.values())) == size[old]: # else the states not looked at still look like their group
                    looks[old] = max(found, key=lambda look: len(found[look]))
                found.pop(looks[old], None)
                for look, states in found.items():
                    moved.append((len(size), states))
                    size[old] -= len(states)
                    size.append(len(states))
                    looks.append(look)
            for number, states in moved:
                for state in states:
                    group[state] = number
            changed = set().union(*(back[state] for _, states in moved for state in states))
        first = list(dict.fromkeys(group[:-1]))
        number = {old: new for new, old in enumerate(first)}
        rows = [None] * len(first)
        for state, row in enumerate(self.rows):
            new = number[group[state]]
            if rows[new] is None:
                rows[new] = join([(low, high, number[group[target]]) for low, high, target in row])
        return Dfa(rows, {number[group[state]] for state in self.finals})

    def cells(self):
        """The targets of each state, one for each class of octets that no state tells apart; the last number is no state."""
        bounds = sorted({bound for row in self.rows for low, high, _ in row for bound in (low, high + 1)})
        at = {bound: index for index, bound in enumerate(bounds)}
        cells = []
        for row in self.rows:
            targets = [len(self.rows)] * len(bounds)
            for low, high, target in row:
                targets[at[low]:at[high + 1]] = [target] * (at[high + 1] - at[low])
            cells.append(targets)
        return list(zip(*set(zip(*cells)))) if bounds else cells

    def step(self, state, octet):
        for low, high, target in self.rows[state]:
            if low <= octet <= high:
                return target
        return None

    def walk(self, text):
        """How many leading octets some accepted text also begins with, and the state behind them."""
        state, targets = 0, self.targets
        for at, octet in enumerate(text):
            if state not in targets:
                targets[state] = {octet: target for low, high, target in self.rows[state] for octet in range(low, high + 1)}
            after = targets[state].get(octet)
            if after is None:
                return at, state
            state = after
        return len(text), state

    def accepts(self, text):
        length, state = self.walk(text)
        return length == len(text) and state in self.finals

    def viable_prefix(self, text):
        return self.walk(text)[0]

    def octets(self):
        """Every octet that occurs in some accepted text."""
        return {octet for row in self.rows for low, high, _ in row for octet in range(low, high + 1)}

    def key(self):
        """Equal for equal languages, since the automaton is minimal and numbered in breadth-first order."""
        return tuple(map(tuple, self.rows)), frozenset(self.finals)

    def shortest(self):
        """A shortest accepted text, or None when there is none."""
        seen, todo = {0: b""}, [0]
        while todo:
            state = todo.pop(0)
            if state in self.finals:
                return seen[state]
            for low, high, target in self.rows[state]:
                if target not in seen:
                    seen[target] = seen[state] + bytes([printable(low, high)])
                    todo.append(target)
        return None


def printable(low, high):
    """An octet of the range that reads well in a counterexample."""
    for wanted in b"a0A1x-.":
        if low <= wanted <= high:
            return wanted
    return max(low, 0x21) if max(low, 0x21) <= min(high, 0x7E) else low


NOTHING = Dfa([[]], [])
EMPTY = Dfa([[]], [0])


def octet_set(octets):
    """The one-octet texts over a set."""
    row = join([(octet, octet, 1) for octet in sorted(octets)])
    return Dfa([row, []], [1]) if row else NOTHING


def literal(text, sensitive=True):
    parts = []
    for octet in text:
        both = {octet} if sensitive else set(chr(octet).lower().encode("latin-1") + chr(octet).upper().encode("latin-1"))
        parts.append(octet_set(both))
    return cat(parts)


class Lazy(Dfa):
    """An expression that becomes a Dfa when it is first looked at: a part of an expression that nobody looks at is not made
    for itself. build(nfa, start) adds the expression behind a state and returns the states behind it."""

    def __init__(self):
        self.made = None

    def make(self):
        if not self.made:
            nfa = Nfa()
            start = nfa.state()
            self.made = nfa.determinise(start, self.build(nfa, start))
        return self.made

    @property
    def rows(self):
        return self.make().rows

    @property
    def finals(self):
        return self.make().finals

    @property
    def targets(self):
        return self.make().targets

    def minimal(self):
        return self.make()

    def behind(self, nfa, ends):
        if self.made:
            return self.made.behind(nfa, ends)
        start = nfa.state()
        for end in ends:
            nfa.empty[end].append(start)
        return self.build(nfa, start)


class Sequence(Lazy):
    def __init__(self, parts):
        super().__init__()
        self.parts = parts

    def build(self, nfa, start):
        ends = [start]
        for part in self.parts:
            ends = part.behind(nfa, ends)
        return ends


class Choice(Lazy):
    def __init__(self, parts):
        super().__init__()
        self.parts = parts

    def build(self, nfa, start):
        return [end for part in self.parts for end in part.behind(nfa, [start])]


class Repetition(Lazy):
    def __init__(self, part, low, high):
        super().__init__()
        self.part, self.low, self.high = part, low, high

    def build(self, nfa, start):
        ends = [start]
        for _ in range(self.low):
            ends = self.part.behind(nfa, ends)
        if self.high is None:
            loop = nfa.state()
            for end in ends + self.part.behind(nfa, [loop]):
                nfa.empty[end].append(loop)
            return [loop]
        accept = list(ends)
        for _ in range(self.high - self.low):
            ends = self.part.behind(nfa, ends)
            accept += ends
        return accept


def cat(parts):
    parts = [part for part in parts if part is not EMPTY]
    if len(parts) <= 1:
        return parts[0] if parts else EMPTY
    return Sequence(parts)


def alt(parts):
    parts = list(parts)
    return parts[0] if len(parts) == 1 else Choice(parts)


def repeat(part, low, high):
    """low to high copies (high None: without limit)."""
    return Repetition(part, low, high)


def pairs(left, right):
    """Walks both automata at once; yields nothing, returns rows and the pair of each product state (None: dead)."""
    number, todo, rows = {(0, 0): 0}, [(0, 0)], []
    while todo:
        a, b = todo.pop(0)
        moves = [(low, high, ("a", t)) for low, high, t in (left.rows[a] if a is not None else [])]
        moves += [(low, high, ("b", t)) for low, high, t in (right.rows[b] if b is not None else [])]
        row = []
        for low, high, targets in split(moves):
            where = dict(targets)
            pair = (where.get("a"), where.get("b"))
            if pair not in number:
                number[pair] = len(number)
                todo.append(pair)
            row.append((low, high, number[pair]))
        rows.append(row)
    return rows, list(number)


def combine(left, right, accept):
    """The language of the texts for which accept(in left, in right) holds; accept(False, False) must be False."""
    key = left.key(), right.key(), accept
    if key not in _combined:
        rows, order = pairs(left, right)
        finals = [i for i, (a, b) in enumerate(order) if accept(a in left.finals, b in right.finals)]
        _combined[key] = Dfa(rows, finals).minimal()
    return _combined[key]


def difference(left, right):
    return combine(left, right, operator.gt)


def intersection(left, right):
    return combine(left, right, operator.and_)


def symmetric_difference(left, right):
    return combine(left, right, operator.ne)


def union_all(parts):
    return reduce(lambda a, b: alt([a, b]), parts)


ANY = octet_set(range(256))
ALL = Dfa([[(0, 255, 0)]], [0])
