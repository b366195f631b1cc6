"""The audit: which rule an error names, which captures are open, and when captures compete."""

import subprocess
import unittest

from scratch import RAGEL, ScratchTest
import audit
import plan as P
from abnf import Grammar, GrammarError
from language import Language
from plan import Planner
from ragel import MachineWriter
from shape import Shape, ShapeReader

CORE = "ALPHA = %x41-5A / %x61-7A\nDIGIT = %x30-39\nSP = %x20\n"


class AuditTest(ScratchTest):
    def machine(self, rules, shape):
        """Builds the machine of a grammar with the namespaces core and one, and a shape; returns what an audit needs."""
        grammar = Grammar.load([self.write("core.abnf", CORE), self.write("one.abnf", ";@ import core ALPHA DIGIT SP\n" + rules)])
        self.shape = ShapeReader(self.write("it.shape", "shape it\ninto void\nbudget 99\nentry one {start}\n" + shape)).read()
        planner = Planner(grammar, Language(grammar, [], []), {"it": self.shape}, self.shape)
        plan = planner.plan(self.shape.entry, "one")
        writer = MachineWriter("it", self.shape, plan, False)
        source = self.write("it.rl", writer.ragel("/* test */"))
        subprocess.run([RAGEL, "-x", "-o", self.folder / "it.xml", source], check=True)
        self.made = audit.Machine(self.folder / "it.xml")
        self.places = audit.Places(plan)
        self.facts, self.steps = audit.walk(self.made, self.places)
        self.default = grammar.find("one", "start")

    def after(self, text):
        state = self.made.start
        for octet in text.encode():
            state = next(target for low, high, target, _ in self.made.rows[state] if low <= octet <= high)
        return state

    def rule(self, text):
        """The rule that an error behind this text names."""
        return str(audit.common_rule(self.facts[self.after(text)].labels(self.places), P.step(self.default)))

    def open(self, text, name):
        return bool(audit.open_captures(self.facts[self.after(text)], self.places, [name]))

    def check(self):
        audit.check_captures(self.places, self.facts, self.steps, self.shape, "it.shape:1")


class Rules(AuditTest):
    RULES = 'start = name SP number\nname = 1*letter\nletter = ALPHA\nnumber = int [ "." fraction ]\nint = 1*DIGIT\nfraction = 1*DIGIT\n'

    def test_innermost_rule_is_named(self):
        self.machine(self.RULES, "")
        self.assertEqual(self.rule("a"), "letter")
        self.assertEqual(self.rule("a 1"), "int")
        self.assertEqual(self.rule("a 1.5"), "fraction")

    def test_rule_of_a_literal_is_the_one_around_it(self):
        self.machine(self.RULES, "")
        self.assertEqual(self.rule("a 1."), "number")

    def test_lexical_rules_are_never_named(self):
        self.machine(self.RULES, "")
        self.assertEqual(self.rule("a "), "start")

    def test_before_the_first_octet_the_entry_is_named(self):
        self.machine(self.RULES, "")
        self.assertEqual(self.rule(""), "start")

    def test_rules_that_share_a_state_give_what_they_have_in_common(self):
        self.machine('start = both\nboth = one / two\none = "x" word "1"\ntwo = "x" word "2"\nword = 1*ALPHA\n', "")
        self.assertEqual(self.rule("xa"), "both")

    def test_state_reached_on_several_paths_gives_the_same(self):
        self.machine('start = ( "x" / "y" ) tail\ntail = "a" "b"\n', "")
        self.assertEqual(self.after("xa"), self.after("ya"))
        self.assertEqual(self.rule("xa"), "tail")
        self.assertEqual(self.rule("ya"), "tail")


class Captures(AuditTest):
    RULES = 'start = name "=" value\nname = 1*ALPHA\nvalue = 1*DIGIT\n'
    MEMBERS = "member name str from name\nmember value str from value\n"

    def test_open_from_its_first_octet_to_its_last(self):
        self.machine(self.RULES, self.MEMBERS)
        self.check()
        self.assertEqual([self.open(text, "name") for text in ("", "a", "ab", "ab=")], [False, True, True, False])
        self.assertEqual([self.open(text, "value") for text in ("a", "a=", "a=1", "a=12")], [False, False, True, True])

    def test_disjoint_captures_do_not_compete(self):
        self.machine(self.RULES, self.MEMBERS)
        self.check()

    def test_captures_of_one_octet_compete(self):
        self.machine('start = name / value\nname = 1*ALPHA ":"\nvalue = 1*ALPHA ";"\n', self.MEMBERS)
        with self.assertRaisesRegex(GrammarError, "^it.shape:1: capture 'name' competes with rule 'value' after 'A': declare"):
            self.check()

    def test_capture_and_what_is_none_compete(self):
        self.machine('start = name / *ALPHA ";"\nname = 1*ALPHA\n', "member name str from name\n")
        with self.assertRaisesRegex(GrammarError, "capture 'name' competes with rule 'start'"):
            self.check()

    def test_capture_that_may_be_over_competes(self):
        self.machine('start = name *DIGIT\nname = ALPHA *DIGIT\n', "member name str from name\n")
        with self.assertRaisesRegex(GrammarError, "capture 'name' competes with rule 'start'"):
            self.check()

    def test_choice_is_allowed_and_noted(self):
        self.machine('start = name / value\nname = 1*ALPHA ":"\nvalue = 1*ALPHA ";"\n',
                     self.MEMBERS + "choice name because the end decides\nchoice value because the end decides\n")
        self.check()
        self.assertEqual(self.shape.needed, {"name", "value"})

    def test_capture_that_competes_is_not_certainly_open(self):
        self.machine('start = name / value\nname = 1*ALPHA ":"\nvalue = 1*ALPHA ";"\n',
                     self.MEMBERS + "choice name because the end decides\nchoice value because the end decides\n")
        self.assertFalse(self.open("a", "name"))
        self.assertFalse(self.open("a", "value"))

    def test_capture_that_ends_and_goes_on(self):
        self.machine(self.RULES, self.MEMBERS)
        kernel = next(kernel for _, _, kernel, text in self.steps if text == b"a")
        self.steps.append((kernel, ("close_name",), kernel, b"ab"))
        with self.assertRaisesRegex(GrammarError, "^it.shape:1: capture 'name' ends and goes on after 'ab': declare"):
            self.check()


class Runs(AuditTest):
    def test_state_that_loops_on_many_octets_without_action_is_a_run(self):
        self.machine('start = "<" 1*ALPHA ">"\n', "")
        runs = self.made.runs()
        self.assertEqual(list(runs), [self.after("<a")])
        self.assertEqual(len(runs[self.after("<a")]), 52)

    def test_few_octets_are_no_run(self):
        self.machine('start = "<" 1*DIGIT ">"\n', "")
        self.assertEqual(self.made.runs(), {})

    def test_loop_with_action_is_no_run(self):
        self.machine('start = *( ALPHA ) ">"\n', "member all str from start\n")
        self.assertNotIn(self.made.start, self.made.runs())


if __name__ == "__main__":
    unittest.main()
