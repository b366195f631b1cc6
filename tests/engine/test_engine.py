"""The second engine reads grammar files and recognises texts as RFC 5234 and the ";@" lines say.
SIPWIRE_ENGINE: engine.mjs beside its packages."""

import itertools
import os
import re
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tools"))
from scratch import ScratchTest  # pylint: disable=wrong-import-position

CORE = "ALPHA = %x41-5A / %x61-7A\nDIGIT = %x30-39\n"


class EngineTest(ScratchTest):
    def engine(self, action, lines, *numbers):
        command = ["node", os.environ["SIPWIRE_ENGINE"], action, str(self.folder), *map(str, numbers)]
        return subprocess.run(command, input="".join(line + "\n" for line in lines), capture_output=True, check=False,
                              encoding="utf-8")

    def accepts(self, symbol, *texts):
        """The engine's verdicts on texts."""
        done = self.engine("recognise", [f"{symbol}\t{text.encode('latin-1').hex()}" for text in texts])
        self.assertEqual(done.returncode, 0, done.stderr)
        return [verdict == "accept" for verdict in done.stdout.split()]

    def same_as_pattern(self, rules, pattern, octets, longest):
        """The rule one:s must accept the texts that the pattern matches, of all texts up to a length."""
        self.write("one.abnf", rules)
        texts = ["".join(text) for length in range(longest + 1) for text in itertools.product(octets, repeat=length)]
        expected = [bool(re.fullmatch(pattern, text)) for text in texts]
        self.assertEqual(set(expected), {True, False})
        self.assertEqual(self.accepts("one:s", *texts), expected)

    def test_recognise_ambiguous_rule_exact(self):
        self.same_as_pattern('s = 1*x *(*x "b")\nx = 1*"a"\n', "(?:a+)(?:a*b)*", "ab", 8)

    def test_recognise_repeated_empty_text_exact(self):
        self.same_as_pattern('s = *( ["a"] *"b" [ "ab" / x ] ) "c"\nx = *x y\ny = ["a"]\n', "[ab]*c", "abc", 6)

    def test_recognise_prefix_alternative_takes_the_longer_one(self):
        self.same_as_pattern('s = ( "a" / "ab" ) ( "c" / "bcd" )\n', "ac|abc|abcd|abbcd", "abcd", 5)

    def test_recognise_nested_rule_balanced(self):
        self.write("one.abnf", 's = [ "(" s ")" ]\n')
        self.assertEqual(self.accepts("one:s", "", "()", "(((())))"), [True, True, True])
        self.assertEqual(self.accepts("one:s", "(((()))", "())"), [False, False])

    def test_recognise_long_ambiguous_text_ends(self):
        self.write("one.abnf", 's = 1*x *(*x "a")\nx = 1*"a"\n')
        self.assertEqual(self.accepts("one:s", "a" * 200, "a" * 200 + "b"), [True, False])

    def test_recognise_repeats_within_their_bounds(self):
        self.same_as_pattern('s = 2*3"a" *1"b" 2"c"\n', "a{2,3}b?c{2}", "abc", 6)

    def test_recognise_strings_fold_case_unless_numbers_or_marked(self):
        self.write("one.abnf", 's = "a" / %x62.63 / %s"d" / %d200-201\n')
        self.assertEqual(self.accepts("one:s", "a", "A", "bc", "Bc", "d", "D", "\xc8", "\xc9", "\xe8"),
                         [True, True, True, False, True, False, True, True, False])

    def test_recognise_elements_without_blank_between_read(self):
        self.write("one.abnf", 's = ("a")*("b")["c"]"d" ; ("x")*\n')
        self.assertEqual(self.accepts("one:s", "abbcd", "ad", "a*d"), [True, True, False])

    def test_recognise_value_begins_behind_colon(self):
        self.write("one.abnf", 'Field = ( "Field" / "f" ) HCOLON "a" *( "," "a" )\nHCOLON = *" " ":" *" "\n')
        self.assertEqual(self.accepts("one:Field#value", "a,a", "f:a", ""), [True, False, False])
        self.assertEqual(self.accepts("one:Field", "F : a,a", "f:a", "a"), [True, True, False])

    def test_files_imported_name_means_the_other_namespace(self):
        self.write("core.abnf", CORE)
        self.write("one.abnf", ";@ import core DIGIT\n;@ import two word\ns = DIGIT word\nmine = \"m\"\n")
        self.write("two.abnf", ";@ import core ALPHA\nword = 1*mine\nmine = ALPHA\n")
        self.assertEqual(self.accepts("one:s", "1ab", "ab", "11"), [True, False, False])

    def test_files_amended_rule_replaced_or_extended(self):
        self.write("a.abnf", ';@ amend one\n;@ import a z\ns =/ z\nt = "T2"\n')
        self.write("one.abnf", 's = "x" / t\nt = "T1"\n')
        self.write("errata.abnf", ';@ amend one\ns =/ "last"\n;@ amend a\nz = "z"\n')
        self.assertEqual(self.accepts("one:s", "x", "z", "t2", "last"), [True, True, True, True])
        self.assertEqual(self.accepts("one:s", "t1", "before"), [False, False])

    def test_files_unknown_rule_refused(self):
        self.write("one.abnf", "s = nowhere\n")
        done = self.engine("recognise", ["one:s\t61"])
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("rule nowhere is not known in one", done.stderr)

    def test_files_prose_refused(self):
        self.write("one.abnf", "s = <whatever>\n")
        done = self.engine("recognise", ["one:s\t61"])
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("<whatever> in rule one:s says nothing to a machine", done.stderr)

    def test_derive_sentences_different_valid_and_within_length(self):
        self.write("one.abnf", 's = *( "a" / ( "(" s ")" ) ) 1*3"end"\n')
        done = self.engine("derive", ["one:s\t7"], 50, 40)
        texts = [bytes.fromhex(line.split("\t")[1]).decode() for line in done.stdout.splitlines()]
        self.assertEqual(len(set(texts)), 50)
        self.assertEqual(texts[0].lower(), "end")
        self.assertEqual({len(text) <= 40 for text in texts}, {True})
        self.assertGreater(max(map(len, texts)), 30)
        self.assertEqual(set(self.accepts("one:s", *texts)), {True})
        self.assertEqual(self.engine("derive", ["one:s\t7"], 50, 40).stdout, done.stdout)


if __name__ == "__main__":
    unittest.main()
