"""Sets of octets by which most texts of a language are told without its automaton."""

import fsa


def nibbles(octets):
    """lo and hi tables of a nibble classification, or None when the class has too many kinds of rows."""
    rows = {}
    for high in range(16):
        row = frozenset(low for low in range(16) if high * 16 + low in octets)
        if row:
            rows.setdefault(row, []).append(high)
    if len(rows) > 8:
        return None
    low_table, high_table = [0] * 16, [0] * 16
    for bit, (row, highs) in enumerate(sorted(rows.items(), key=lambda item: item[1])):
        for low in row:
            low_table[low] |= 1 << bit
        for high in highs:
            high_table[high] |= 1 << bit
    return low_table, high_table


def octet_columns(dfa):
    """The kinds of octets, each with its target by state; and the kind of each octet."""
    columns = {}
    by_octet = [[None] * len(dfa.rows) for _ in range(256)]
    for state, row in enumerate(dfa.rows):
        for low, high, target in row:
            for octet in range(low, high + 1):
                by_octet[octet][state] = target
    kinds = [columns.setdefault(tuple(column), len(columns)) for column in by_octet]
    return list(columns), kinds


def run_octets(dfa):
    """The largest set of octets found, of which every text but the empty one is in the language."""
    def closed(octets):
        seen, todo = set(), [0]
        while todo:
            state = todo.pop()
            for octet in octets:
                target = dfa.step(state, octet)
                if target is None or target not in dfa.finals:
                    return False
                if target not in seen:
                    seen.add(target)
                    todo.append(target)
        return True

    columns, kinds = octet_columns(dfa)
    alike = [{octet for octet in range(256) if kinds[octet] == kind} for kind, column in enumerate(columns)
             if column[0] in dfa.finals]
    out = frozenset()
    for octets in sorted(alike, key=lambda o: (-len(o), min(o))):
        if closed(out | octets) and nibbles(out | octets):
            out |= octets
    return out


def some(octets):
    return fsa.repeat(fsa.octet_set(octets), 1, None)


def joints(dfa, octets):
    """Two octets, or 0 for none: texts of such octets with the first one between them, any number of them, are in the language;
    and with at most one of the second one in each. "/" is so in the products of a Server, "@" in a Call-ID."""
    def taken(outer, inner):
        part = some(octets)
        if inner is not None:
            part = fsa.cat([part, fsa.alt([fsa.EMPTY, fsa.cat([fsa.octet_set({inner}), part])])])
        if outer is not None:
            part = fsa.cat([part, fsa.repeat(fsa.cat([fsa.octet_set({outer}), part]), 0, None)])
        return not fsa.difference(part, dfa).finals

    others = sorted(octet for octet in dfa.octets() - octets if octets and 0x20 <= octet < 0x7F)
    outer = next((octet for octet in others if taken(octet, None)), None)
    inner = next((octet for octet in others if octet != outer and taken(outer, octet)), None)
    return outer or 0, inner or 0


def takes_utf8(dfa, octets):
    """Whether such octets and whole characters of more than one, in any order, are texts of the language (UTF8-NONASCII in RFC
    3261 section 25.1)."""
    more = fsa.octet_set(range(0x80, 0xC0))
    leads = [range(0xC0, 0xE0), range(0xE0, 0xF0), range(0xF0, 0xF8), range(0xF8, 0xFC), range(0xFC, 0xFE)]
    letters = [fsa.cat([fsa.octet_set(lead)] + [more] * at) for at, lead in enumerate(leads, 1)]
    return bool(octets) and not fsa.difference(fsa.repeat(fsa.alt([fsa.octet_set(octets)] + letters), 1, None), dfa).finals


def framed_run(dfa, before, behind):
    """Octets of which any so many, least to most, are a text of the language with one text before and another behind them:
    (octets, least, most); None when none are. most is at most 255."""
    def walk(state, text):
        for octet in text:
            state = dfa.step(state, octet) if state is not None else None
        return state

    begin = walk(0, before)
    groups = {}
    for octet in range(0x80) if begin is not None else ():
        groups.setdefault(dfa.step(begin, octet), set()).add(octet)
    groups.pop(None, None)
    for octets in sorted(groups.values(), key=lambda o: (-len(o), min(o))):
        lengths, state = [], begin
        for length in range(1, 256):
            targets = {dfa.step(state, octet) for octet in octets}
            if len(targets) != 1 or None in targets:
                break
            state = targets.pop()
            if walk(state, behind) in dfa.finals:
                lengths.append(length)
        if len(octets) >= 10 and lengths and lengths == list(range(lengths[0], lengths[-1] + 1)) and nibbles(octets):
            return frozenset(octets), lengths[0], lengths[-1]
    return None
