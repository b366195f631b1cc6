"""Prove that a machine with its cuts and parameters accepts exactly the flattened ABNF.

The machine is taken from Ragel's XML. Where it cuts a value out, the automaton of the machine that reads the cut runs along
from the octet where the capture opens to where it closes, just as the C code runs it; a parameter's value likewise, chosen
by its name. What comes out is an ordinary automaton. If it differs from the flattened ABNF, the shortest text on which the
two differ is the counterexample.
"""

from dataclasses import dataclass, replace

import fsa


@dataclass(frozen=True)
class ParamState:
    name: object = None       # lower-case octets so far; b"*" once they fit no known name
    pending: object = None    # name of the parameter that was read ("*" for the catch-all), None when there is none
    valid: bool = True        # whether it may stand as it is
    value: object = None      # state of the value's automaton, None when it is dead or none is open
    place: int = 0            # of the places that take parameters, which


@dataclass(frozen=True)
class State:
    at: int
    cuts: tuple               # per cut (state of its automaton or None, accepted when closed or None)
    param: ParamState
    stopped: bool = False


class ScopeModel:
    """The parameters of a scope as automata."""

    def __init__(self, names, values, flags):
        self.names = names    # known names with a rule of their own
        self.values = values  # name -> Dfa of its value; "*" for the catch-all
        self.flags = flags    # names that may stand without a value


class Reader:
    """Runs machine, cuts and parameters in step."""

    def __init__(self, machine, cuts, scopes, each=()):
        """scopes: of the places that take parameters; each: the names of the cuts that must be right wherever they end, not only the last time."""
        self.machine, self.cuts, self.scopes, self.each = machine, sorted(cuts.items()), scopes, each
        self.start = State(machine.start, tuple((None, None) for _ in cuts), ParamState())

    def moves(self, state):
        """(low, high, state behind it) of all octets that it takes."""
        if state.stopped:
            return
        for low, high, target, actions in self.machine.rows[state.at]:
            cuts, param = self.run(state, actions)
            if cuts is None:
                continue
            if "stop" in actions:
                if self.complete(cuts, param):
                    yield low, high, State(target, (), ParamState(), True)
                continue
            for first, last in self.classes(cuts, param, low, high):
                stepped = tuple((dfa.step(at, first) if at is not None else None, ok)
                                for (at, ok), (_, dfa) in zip(cuts, self.cuts))
                yield first, last, State(target, stepped, self.step_param(param, first))

    def classes(self, cuts, param, low, high):
        """Cuts a range of octets where one of the open parts tells two of them apart."""
        rows = [dfa.rows[at] for (at, _), (_, dfa) in zip(cuts, self.cuts) if at is not None]
        if param.value is not None:
            rows.append(self.value_dfa(param).rows[param.value])
        bounds = {bound for row in rows for first, last, _ in row for bound in (first, last + 1)}
        if param.name is not None and param.name != b"*":
            at = len(param.name)
            names = self.scopes[param.place].names
            letters = {known[at] for known in names if known.encode().startswith(param.name) and at < len(known)}
            bounds |= {ord(c) + more for letter in letters for c in (letter.lower(), letter.upper()) for more in (0, 1)}
        bounds = [low] + sorted(bound for bound in bounds if low < bound <= high) + [high + 1]
        return [(first, behind - 1) for first, behind in zip(bounds, bounds[1:])]

    def run(self, state, actions):
        cuts, param = list(state.cuts), state.param
        for action in actions:
            for index, (name, dfa) in enumerate(self.cuts):
                at, ok = cuts[index]
                if action == "open_" + name:
                    cuts[index] = (0, ok)
                elif action == "close_" + name:
                    cuts[index] = (at, at in dfa.finals)
                    if name in self.each and at not in dfa.finals:
                        return None, None
            param = self.run_param(param, action)
            if param is None:
                return None, None
        return tuple(cuts), param

    def run_param(self, param, action):
        scope = self.scopes[param.place] if self.scopes else None
        if action.startswith("open_param_place_"):
            return replace(param, place=int(action.rpartition("_")[2]))
        if action == "open_param_name":
            return replace(param, name=b"")
        if action == "close_param_name":
            known = param.name != b"*" and param.name.decode() in scope.names
            name = param.name.decode() if known else "*"
            return replace(param, name=None, pending=name, valid=name in scope.flags, value=None)
        if action in ("open_param_value", "open_param_quoted"):
            return replace(param, value=0)
        if action in ("close_param_value", "close_param_quoted"):
            return replace(param, valid=param.value in self.value_dfa(param).finals)
        if action == "param_flush":
            return ParamState(place=param.place) if param.valid else None
        return param

    def value_dfa(self, param):
        values = self.scopes[param.place].values
        return values[param.pending] if param.pending in values else values["*"]

    def step_param(self, param, octet):
        if param.name is not None and param.name != b"*":
            name = param.name + bytes([octet]).lower()
            fits = any(known.encode().startswith(name) for known in self.scopes[param.place].names)
            param = replace(param, name=name if fits else b"*")
        if param.value is not None:
            param = replace(param, value=self.value_dfa(param).step(param.value, octet))
        return param

    @staticmethod
    def complete(cuts, param):
        return param.valid and all(ok is not False for _, ok in cuts)

    def accepts_here(self, state):
        if state.stopped:
            return True
        if state.at not in self.machine.finals:
            return False
        cuts, param = self.run(state, self.machine.at_end[state.at])
        return cuts is not None and self.complete(cuts, param)

    def dfa(self):
        """The whole as one automaton."""
        number, todo, rows, finals = {self.start: 0}, [self.start], [], set()
        for state in todo:
            if self.accepts_here(state):
                finals.add(number[state])
            row = []
            for low, high, after in self.moves(state):
                if after not in number:
                    number[after] = len(number)
                    todo.append(after)
                row.append((low, high, number[after]))
            rows.append(fsa.join(row))
        return fsa.Dfa(rows, finals).minimal()


def counterexample(machine_dfa, grammar_dfa):
    """None when both accept the same texts, else (text, True when only the machine accepts it)."""
    if machine_dfa.key() == grammar_dfa.key():
        return None
    text = fsa.symmetric_difference(machine_dfa, grammar_dfa).shortest()
    if text is None:
        return None
    return text, machine_dfa.accepts(text)
