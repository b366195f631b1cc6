"""Classes of octets taken from the grammar."""

import unittest

from scratch import ROOT
import classes
import fsa
from abnf import GrammarError
from project import Project


class ClassesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.project = Project(str(ROOT / "grammar"))

    def octets(self, name):
        return classes.octets_of(name, classes.CLASSES[name](self.project))

    def test_octets_are_those_of_the_rule(self):
        self.assertEqual(bytes(sorted(self.octets("token"))),
                         b"!%'*+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_`abcdefghijklmnopqrstuvwxyz~")

    def test_octets_that_need_others_are_left_out(self):
        self.assertNotIn(ord("%"), self.octets("reason_phrase"))
        self.assertIn(ord("%"), self.octets("request_uri"))

    def test_rule_that_cannot_be_repeated_is_refused(self):
        letters = fsa.octet_set(b"ab")
        self.assertEqual(classes.octets_of("word", fsa.repeat(letters, 1, None)), frozenset(b"ab"))
        with self.assertRaises(GrammarError) as caught:
            classes.octets_of("word", fsa.repeat(letters, 1, 2))
        self.assertEqual(str(caught.exception), "word: its single octets cannot be repeated at will: it has no class")


if __name__ == "__main__":
    unittest.main()
