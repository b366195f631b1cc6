"""The regular algebra against brute force: languages over a few octets, compared on every short text."""

import itertools
import random
import unittest

import scratch  # noqa: F401  the path to the tools
import fsa

OCTETS = b"ab\xff"
TEXTS = [bytes(text) for length in range(6) for text in itertools.product(OCTETS, repeat=length)]


def language(dfa):
    return {text for text in TEXTS if dfa.accepts(text)}


class Expression:
    """A random expression as an automaton and as the set of its short texts."""

    def __init__(self, source, depth):
        kind = source.choice(["set", "text"] if depth == 0 else ["set", "text", "cat", "alt", "repeat", "less", "both"])
        getattr(self, kind)(source, depth)
        self.texts = {text for text in self.texts if len(text) < 6}

    def parts(self, source, depth):
        return Expression(source, depth - 1), Expression(source, depth - 1)

    def set(self, source, _):
        octets = source.sample(OCTETS, source.randint(1, 3))
        self.dfa, self.texts = fsa.octet_set(octets), {bytes([octet]) for octet in octets}

    def text(self, source, _):
        text = bytes(source.choices(b"ab", k=source.randint(0, 3)))
        self.dfa = fsa.literal(text, sensitive=True)
        self.texts = {text}

    def cat(self, source, depth):
        left, right = self.parts(source, depth)
        self.dfa, self.texts = fsa.cat([left.dfa, right.dfa]), {a + b for a in left.texts for b in right.texts}

    def alt(self, source, depth):
        left, right = self.parts(source, depth)
        self.dfa, self.texts = fsa.alt([left.dfa, right.dfa]), left.texts | right.texts

    def less(self, source, depth):
        left, right = self.parts(source, depth)
        self.dfa, self.texts = fsa.difference(left.dfa, right.dfa), left.texts - right.texts

    def both(self, source, depth):
        left, right = self.parts(source, depth)
        self.dfa, self.texts = fsa.intersection(left.dfa, right.dfa), left.texts & right.texts

    def repeat(self, source, depth):
        part = Expression(source, depth - 1)
        low = source.randint(0, 2)
        high = source.choice([None, low, low + 1, low + 2])
        self.dfa, self.texts, power = fsa.repeat(part.dfa, low, high), set(), {b""}
        for count in range(8 if high is None else high + 1):
            if count >= low:
                self.texts |= power
            power = {a + b for a in power for b in part.texts if len(a + b) < 6}


class Algebra(unittest.TestCase):
    def test_random_expressions_accept_what_brute_force_says(self):
        source = random.Random(5234)
        for number in range(1500):
            expression = Expression(source, source.randint(0, 3))
            self.assertEqual(language(expression.dfa), expression.texts, f"expression {number}")

    def test_equal_languages_have_equal_keys(self):
        source, seen = random.Random(7405), {}
        for _ in range(800):
            expression = Expression(source, 2)
            if expression.dfa.rows and len(expression.dfa.rows) < 5:    # then five octets tell languages apart
                known = seen.setdefault(frozenset(expression.texts), expression.dfa)
                if len(known.rows) < 5 and fsa.symmetric_difference(known, expression.dfa).shortest() is None:
                    self.assertEqual(known.key(), expression.dfa.key())

    def test_symmetric_difference_is_in_one_of_both(self):
        source = random.Random(8259)
        for _ in range(200):
            left, right = Expression(source, 2), Expression(source, 2)
            self.assertEqual(language(fsa.symmetric_difference(left.dfa, right.dfa)), left.texts ^ right.texts)

    def test_minimal_automaton_has_no_two_equal_states(self):
        source = random.Random(822)
        for _ in range(200):
            dfa, futures = Expression(source, 2).dfa, set()
            if len(dfa.rows) > 6:          # texts of five octets tell only so many states apart
                continue
            for state in range(len(dfa.rows)):
                moved = fsa.Dfa(dfa.rows, dfa.finals)
                rows = [moved.rows[state]] + moved.rows        # a copy of the state as the new start
                shifted = [[(a, b, t + 1) for a, b, t in row] for row in rows]
                copy = fsa.Dfa(shifted, {f + 1 for f in moved.finals} | ({0} if state in moved.finals else set()))
                futures.add(frozenset(language(copy)))
            self.assertEqual(len(futures), len(dfa.rows))


class Questions(unittest.TestCase):
    def test_shortest_is_accepted_and_none_is_shorter(self):
        source = random.Random(1)
        for _ in range(400):
            expression = Expression(source, 3)
            shortest = expression.dfa.shortest()
            if expression.texts:
                self.assertIn(shortest, expression.texts)
                self.assertEqual(len(shortest), min(map(len, expression.texts)))

    def test_shortest_of_nothing_is_none(self):
        self.assertIsNone(fsa.NOTHING.shortest())
        self.assertIsNone(fsa.difference(fsa.ANY, fsa.ANY).shortest())

    def test_viable_prefix_is_what_some_accepted_text_begins_with(self):
        dfa = fsa.alt([fsa.literal(b"abab"), fsa.literal(b"ba")])
        for text in TEXTS:
            expected = max(n for n in range(len(text) + 1) if b"abab".startswith(text[:n]) or b"ba".startswith(text[:n]))
            self.assertEqual(dfa.viable_prefix(text), expected, text)

    def test_literal_takes_letters_in_any_case(self):
        dfa = fsa.literal(b"a1[", sensitive=False)
        self.assertTrue(dfa.accepts(b"A1["))
        self.assertFalse(dfa.accepts(b"a1{"))
        self.assertFalse(fsa.literal(b"a").accepts(b"A"))

    def test_octets_are_those_that_occur(self):
        self.assertEqual(fsa.cat([fsa.octet_set(b"ab"), fsa.literal(b"\xff")]).octets(), {0x61, 0x62, 0xff})

    def test_whole_octet_range(self):
        self.assertTrue(all(fsa.ANY.accepts(bytes([octet])) for octet in range(256)))
        self.assertTrue(fsa.ALL.accepts(bytes(range(256))))

    def test_symbols_beyond_octets(self):
        dfa = fsa.cat([fsa.octet_set([300]), fsa.octet_set([97])])
        self.assertEqual(dfa.step(0, 300), 1)
        self.assertIsNone(dfa.step(0, 44))


if __name__ == "__main__":
    unittest.main()
