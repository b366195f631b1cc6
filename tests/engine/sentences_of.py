"""Sentences of a header field's value, and near misses: texts of at most LONGEST octets, the same ones at each run."""

import random

from sentences import Walker

LONGEST = 200           # octets: Earley's time grows with their square or worse
TOUCHY = b' \t\r\n"\\<>,;:@=?%[]*/()-.0aA'


def mutant(source, text):
    """One octet inserted, deleted, replaced, or swapped with another; or the end cut off."""
    at, other = source.randrange(len(text) + 1), source.randrange(len(text) + 1)
    octet = bytes([source.choice([source.randrange(256), source.choice(TOUCHY)])])
    first, last = sorted((at, other))
    return source.choice([
        text[:at] + octet + text[at:],
        text[:at] + text[at + 1:],
        text[:at] + octet + text[at + 1:],
        text[:first] + text[last:last + 1] + text[first + 1:last] + text[first:first + 1] + text[last + 1:],
        text[:at],
    ])


def walked(source, dfa, count):
    """Up to count sentences walked on an automaton: the shortest, a long one, some that take edges, random ones."""
    walker = Walker(dfa, source)
    edges = [text for text in walker.every_edge() if len(text) <= LONGEST]
    found = {dfa.shortest(), *source.sample(edges, min(count // 2, len(edges)))}
    for _ in range(20 * count):
        if len(found) >= count:
            break
        text = walker.random_sentence(source.choice([0, 0, 0, LONGEST * 3 // 4]))
        if len(text) <= LONGEST:
            found.add(text)
    return sorted(found)


def near_misses(source, valid, count, dfa=None):
    """Mutants of valid texts, until count of them are not in the language of dfa; without it, count of them."""
    found, misses = set(), 0
    for _ in range(50 * count):
        if misses >= count:
            break
        text = mutant(source, source.choice(valid))
        if text not in found:
            found.add(text)
            misses += dfa is None or not dfa.accepts(text)
    return sorted(found)


def source_for(name):
    """Random numbers of their own for each field, so that a new field changes no other's sentences."""
    return random.Random(f"second engine: {name}")
