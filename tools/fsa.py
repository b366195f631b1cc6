"""Finite automata over octets: just enough regular algebra to compare what machines accept.

A Dfa is minimal and trimmed: every state lies on a path from the start to a final state, so the octet on which it dies is
the first one that no valid text can have there. Transitions are sorted (low, high, target) ranges.
"""

from functools import reduce


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
        finals, closures = set(finals), {}

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
            for low, high, targets in split([move for state in subset for move in self.moves[state]]):
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
        self.rows, self.finals = rows, frozenset(finals)

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
        """Moore's partition refinement, over the classes of octets that no state tells apart."""
        dead = len(self.rows)
        bounds = sorted({bound for row in self.rows for low, high, _ in row for bound in (low, high + 1)})
        at = {bound: index for index, bound in enumerate(bounds)}
        cells = []
        for row in self.rows:
            targets = [dead] * len(bounds)
            for low, high, target in row:
                targets[at[low]:at[high + 1]] = [target] * (at[high + 1] - at[low])
            cells.append(targets)
        group = [int(state in self.finals) for state in range(dead)] + [-1]
        count = len(set(group)) - 1
        while True:
            keys = {}
            fresh = [keys.setdefault((group[state], *map(group.__getitem__, targets)), len(keys))
                     for state, targets in enumerate(cells)]
            group = fresh + [-1]
            if len(keys) == count:
                break
            count = len(keys)
        rows, finals = {}, set()
        for state, row in enumerate(self.rows):
            if group[state] not in rows:
                rows[group[state]] = join([(a, b, group[t]) for a, b, t in row])
            if state in self.finals:
                finals.add(group[state])
        return Dfa([rows[i] for i in range(len(rows))], finals)

    def step(self, state, octet):
        for low, high, target in self.rows[state]:
            if low <= octet <= high:
                return target
        return None

    def accepts(self, text):
        state = 0
        for octet in text:
            state = self.step(state, octet)
            if state is None:
                return False
        return state in self.finals

    def viable_prefix(self, text):
        """How many leading octets some accepted text also begins with."""
        state = 0
        for at, octet in enumerate(text):
            state = self.step(state, octet)
            if state is None:
                return at
        return len(text)

    def octets(self):
        """Every octet that occurs in some accepted text."""
        return {octet for row in self.rows for low, high, _ in row for octet in range(low, high + 1)}

    def key(self):
        """Equal for equal languages, since the automaton is minimal and numbered in breadth-first order."""
        return tuple(map(tuple, self.rows)), self.finals

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
    """A Dfa that is made when it is first looked at: a part of an expression that nobody looks at is not made for itself.
    build(nfa, start) adds the expression behind a state and returns the states behind it."""

    def __init__(self, build):
        self.build, self.made = build, None

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

    def behind(self, nfa, ends):
        if self.made:
            return self.made.behind(nfa, ends)
        start = nfa.state()
        for end in ends:
            nfa.empty[end].append(start)
        return self.build(nfa, start)


def cat(parts):
    parts = [part for part in parts if part is not EMPTY]
    if len(parts) <= 1:
        return parts[0] if parts else EMPTY

    def build(nfa, start):
        ends = [start]
        for part in parts:
            ends = part.behind(nfa, ends)
        return ends
    return Lazy(build)


def alt(parts):
    parts = list(parts)
    if len(parts) == 1:
        return parts[0]
    return Lazy(lambda nfa, start: [end for part in parts for end in part.behind(nfa, [start])])


def repeat(part, low, high):
    """low to high copies (high None: without limit)."""
    def build(nfa, start):
        ends = [start]
        for _ in range(low):
            ends = part.behind(nfa, ends)
        if high is None:
            loop = nfa.state()
            for end in ends + part.behind(nfa, [loop]):
                nfa.empty[end].append(loop)
            return [loop]
        accept = list(ends)
        for _ in range(high - low):
            ends = part.behind(nfa, ends)
            accept += ends
        return accept
    return Lazy(build)


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
    rows, order = pairs(left, right)
    finals = [i for i, (a, b) in enumerate(order) if accept(a in left.finals, b in right.finals)]
    return Dfa(rows, finals).minimal()


def difference(left, right):
    return combine(left, right, lambda a, b: a and not b)


def intersection(left, right):
    return combine(left, right, lambda a, b: a and b)


def symmetric_difference(left, right):
    return combine(left, right, lambda a, b: a != b)


def union_all(parts):
    return reduce(lambda a, b: alt([a, b]), parts)


ANY = octet_set(range(256))
ALL = Dfa([[(0, 255, 0)]], [0])
