"""Judge the machine that Ragel made, from Ragel's own XML.

The XML says which actions each transition runs, the plan says which rules and captures an octet can stand in. Walking both
side by side gives, for every state of the machine, the places in the grammar where the text read so far can be. From them
follow the rule that an error names, the captures that are certainly open, and the captures that compete: which must have
been declared (choice). None of it depends on the path to the state.
"""

import xml.etree.ElementTree as ElementTree

import fsa
import plan as P
from abnf import GrammarError
from language import step


class Machine:
    """A machine as Ragel's XML tells it; the error state and the action "fail" are left out."""

    def __init__(self, path):
        root = ElementTree.parse(path).getroot().find("ragel_def").find("machine")
        names = {a.get("id"): a.get("name") for a in root.find("action_list")}
        tables = {t.get("id"): tuple(names[i] for i in t.text.split()) for t in root.find("action_table_list") or []}
        self.start = int(root.find("start_state").text)
        error = root.find("error_state")
        self.error = int(error.text) if error is not None else -1
        self.rows, self.at_end, self.finals = {}, {}, set()
        for state in root.find("state_list"):
            number = int(state.get("id"))
            if number == self.error:
                continue
            if state.get("final"):
                self.finals.add(number)
            self.at_end[number] = self.end_actions(state, tables)
            self.rows[number] = list(self.transitions(state, tables))

    @staticmethod
    def end_actions(state, tables):
        actions = state.find("state_actions")
        table = actions.text.split()[2] if actions is not None else "x"
        return tuple(a for a in tables.get(table, ()) if a != "fail")

    def transitions(self, state, tables):
        for transition in state.find("trans_list"):
            low, high, target, table = transition.text.split()
            if target != "x" and int(target) != self.error:
                actions = tuple(a for a in tables.get(table, ()) if a != "fail")
                yield int(low), int(high), int(target), actions

    def refusing(self, actions):
        """The machine without the transitions that run one of these actions."""
        self.rows = {state: [move for move in row if actions.isdisjoint(move[3])] for state, row in self.rows.items()}
        return self

    def runs(self, least=16):
        """For each state with a wide self-loop without actions, the octets of the loop."""
        found = {}
        for state, row in self.rows.items():
            octets = set()
            for low, high, target, actions in row:
                if target == state and not actions:
                    octets.update(range(low, high + 1))
            if len(octets) >= least:
                found[state] = frozenset(octets)
        return found


class Places(fsa.Nfa):
    """The plan as an automaton whose states remember the rules and captures of the octet that led to them."""

    def __init__(self, plan):
        super().__init__()
        self.labels = {}
        self.first = self.state()
        self.last = self.build(plan, self.first, frozenset())

    def build(self, node, source, inside):
        """Adds node behind the state source; returns the state behind it. inside: names of the captures around it."""
        return getattr(self, "build_" + type(node).__name__.lower())(node, source, inside)

    def build_octets(self, node, source, inside):
        target = self.state()
        self.labels[target] = (node.stack, inside)
        self.moves[source] += [(low, high, target) for low, high, _ in fsa.octet_set(node.values).rows[0]]
        return target

    def build_sequence(self, node, source, inside):
        for item in node.items:
            source = self.build(item, source, inside)
        return source

    def build_choice(self, node, source, inside):
        end = self.state()
        for item in node.items:
            self.empty[self.build(item, source, inside)].append(end)
        return end

    def build_repeat(self, node, source, inside):
        for _ in range(node.low):
            source = self.build(node.item, source, inside)
        end = self.state()
        self.empty[source].append(end)
        if node.high is None:
            self.empty[self.build(node.item, end, inside)].append(end)
            return end
        for _ in range(node.high - node.low):
            source = self.build(node.item, source, inside)
            self.empty[source].append(end)
        return end

    def build_named(self, node, source, inside):
        return self.build(node.item, source, inside)

    def build_mark(self, node, source, inside):
        return self.build(node.item, source, inside)

    build_entering = build_mark

    def build_capture(self, node, source, inside):
        # a state of its own at either side, so that no loop mixes the inside with the outside
        begin, end = self.state(), self.state()
        self.empty[source].append(begin)
        self.empty[self.build(node.item, begin, inside | {node.member.name})].append(end)
        return end

    def build_without(self, node, source, inside):
        first, finals = self.embed(node.dfa)
        for state in range(first, first + len(node.dfa.rows)):
            if state != first or any(t == first for row in self.moves for _, _, t in row):
                self.labels[state] = (node.stack, inside)
        self.empty[source].append(first)
        end = self.state()
        for state in finals:
            self.empty[state].append(end)
        return end


class StateFacts:
    """What is known of one machine state: all kernels of places that the text read so far can be in."""

    def __init__(self):
        self.kernels = []

    def labels(self, places):
        return [places.labels[s] for kernel in self.kernels for s in kernel if s in places.labels]

    def reading(self, places):
        """The labels of what is being read: of the last octet, or, where that was a blank or a separator or there was none
        yet, of the octets that may follow."""
        for kernel in self.kernels:
            for state in kernel:
                label = places.labels.get(state)
                if label and not between(label):
                    yield label
                else:
                    yield from after_separator(places, state)


def between(label):
    """Whether the octet is a blank or a separator."""
    return any(str(step) in SEPARATORS for step in label[0])


def after_separator(places, state):
    following = [places.labels[t] for s in places.closure([state]) for _, _, t in places.moves[s] if t in places.labels]
    return [label for label in following if not between(label)] or following


def walk(machine, places):
    """Runs the machine and the places side by side; returns facts per state and the transitions with their kernels."""
    facts = {state: StateFacts() for state in machine.rows}
    start = (machine.start, frozenset([places.first]))
    seen, todo, steps = {start: b""}, [start], []
    while todo:
        state, kernel = pair = todo.pop(0)
        facts[state].kernels.append(kernel)
        moves = [m for s in places.closure(kernel) for m in places.moves[s]]
        cells = list(fsa.split([(a, b, ("place", t)) for a, b, t in moves] +
                               [(a, b, ("machine", (t, acts))) for a, b, t, acts in machine.rows[state]]))
        for low, high, targets in cells:
            target = [t for kind, t in targets if kind == "machine"]
            after = frozenset(t for kind, t in targets if kind == "place")
            if not target:
                continue          # the machine refuses what the plan allows: the equivalence proof tells
            text = seen[pair] + bytes([fsa.printable(low, high)])
            following = (target[0][0], after)
            steps.append((kernel, target[0][1], after, text))
            if following not in seen:
                seen[following] = text
                todo.append(following)
    return facts, steps


def check_captures(places, facts, steps, shape, where):
    """Refuses competing captures without a declared choice, and notes the choices that were needed."""
    for name, sentence in list(competing(places, facts, steps)) + list(going_on(places, steps)):
        if name not in shape.choices:
            raise GrammarError(where, f"capture '{name}' {sentence}: declare a choice or cut the shape elsewhere")
        shape.needed.add(name)


def competing(places, facts, steps):
    """Captures in which the text may be or not be, with what else it may be in."""
    texts = {kernel: text for _, _, kernel, text in reversed(steps)}
    for kernel in dict.fromkeys(kernel for fact in facts.values() for kernel in fact.kernels):
        labels = [places.labels[s] for s in kernel if s in places.labels]
        for name in sorted(frozenset().union(*[inside for _, inside in labels])):
            others = [stack for stack, inside in labels if name not in inside]
            if others:
                yield name, f"competes with {rule_of(others)} after {texts.get(kernel, b'').decode('latin-1')!r}"


def going_on(places, steps):
    """Captures that end on an octet that may still be theirs."""
    for _, actions, after, text in steps:
        for action in actions:
            name = action[len("close_"):]
            if not action.startswith("close_") or "open_" + name in actions:
                continue
            if any(name in places.labels[s][1] for s in after if s in places.labels):
                yield name, f"ends and goes on after {text.decode('latin-1')!r}"


def rule_of(stacks):
    named = [step for stack in stacks for step in reversed(stack) if not is_lexical(step)]
    return f"rule '{named[0]}'" if named else "nothing"


def common_rule(labels, default, outer=0):
    """The innermost rule that all places share, not counting so many outer ones; rules in capitals (SWS, DIGIT) are the
    lexical ones and do not count either."""
    stacks = [[s for s in stack[outer:] if not is_lexical(s)] for stack, _ in labels]
    if not stacks:
        return default
    shared = stacks[0]
    for stack in stacks[1:]:
        count = 0
        while count < min(len(shared), len(stack)) and shared[count] == stack[count]:
            count += 1
        shared = shared[:count]
    return shared[-1] if shared else default


LEXICAL = set("""alpha bit char cr crlf ctl digit dquote hexdig htab lf lwsp octet sp vchar wsp lws sws hcolon star slash equal
lparen rparen raquot laquot comma semi colon ldquot rdquot lhex alphanum""".split())


SEPARATORS = set("""cr crlf htab lf lwsp sp wsp lws sws hcolon star slash equal lparen rparen raquot laquot comma semi colon
ldquot rdquot""".split())


def is_lexical(name):
    return str(name) in LEXICAL


def summary(machine, facts, places):
    """For each state the rule that an error there names, and the captures that are certainly open."""
    default = step(machine.default_rule) if machine.outer == 0 else ""
    names = machine.writer.watched()
    return {state: (common_rule(list(fact.reading(places)), default, machine.outer), open_captures(fact, places, names))
            for state, fact in facts.items()}


def open_captures(fact, places, names):
    """The captures in which every place of the state is."""
    labels = fact.labels(places)
    return [name for name in names if labels and all(name in inside for _, inside in labels)]
