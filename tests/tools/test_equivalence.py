"""The proof of equivalence must notice a machine that is wrong: each test bends one and expects a counterexample."""

import contextlib
import io
import os
import unittest

from scratch import RAGEL, ROOT, ScratchTest
import audit
import compile as compiler
import fsa
from abnf import read_expression
from equivalence import counterexample
from language import Step
from project import Project


class BuildingProver(compiler.Prover):
    """Builds a machine when it is first needed."""

    def automaton(self, name, scope=None):
        if not os.path.exists(os.path.join(self.out, name + ".xml")):
            compiler.build_machine(self.project, self.project.machines[name], self.out, RAGEL)
        return super().automaton(name, scope)


class EquivalenceTest(ScratchTest):
    """Machines are built from a project that a test may have bent, and compared with the true grammar."""

    @classmethod
    def setUpClass(cls):
        cls.true = Project(str(ROOT / "grammar"))

    def setUp(self):
        super().setUp()
        self.top = self.grammar()

    def prover(self):
        return BuildingProver(Project(str(self.top)), str(self.folder))

    def compare(self, prover, name):
        return counterexample(prover.automaton(name), self.true.machines[name].grammar_text())

    def differ(self, prover, name, by_machine):
        found = self.compare(prover, name)
        self.assertIsNotNone(found, f"{name} should differ")
        text, taken = found
        self.assertEqual(taken, by_machine, text)
        return text


class Right(EquivalenceTest):
    def test_true_machines_are_equal(self):
        prover = self.prover()
        for name in ("cseq", "userinfo", "media_type", "via"):
            self.assertIsNone(self.compare(prover, name), name)

    def prove(self, name):
        with contextlib.redirect_stdout(io.StringIO()) as said:
            status = compiler.prove(str(self.top), str(self.folder), [name])
        return status, said.getvalue()

    def test_command_says_so(self):
        self.prover().automaton("media_type")
        self.assertEqual(self.prove("media_type"), (0, "Content-Type by media_type: equal, 41 states\n"))

    def test_command_fails_with_a_counterexample(self):
        self.prover().automaton("media_type")
        self.replace(self.top / "abnf/rfc3261.abnf", 'm-type           =  discrete-type', 'm-type           =  "\\" / discrete-type')
        status, said = self.prove("media_type")
        self.assertEqual(status, 1)
        self.assertRegex(said, r"^Content-Type by media_type: NOT EQUAL: the grammar accepts b'\\\\/.', the machine does not\n$")


class Wrong(EquivalenceTest):
    def test_rule_with_another_octet(self):
        self.replace(self.top / "abnf/rfc3261.abnf", "CSeq  =  \"CSeq\" HCOLON 1*DIGIT LWS Method",
                     "CSeq  =  \"CSeq\" HCOLON 1*HEXDIG LWS Method")
        self.assertEqual(self.differ(self.prover(), "cseq", True), b"A\t!")

    def test_rule_with_fewer_texts(self):
        self.replace(self.top / "abnf/rfc3261.abnf", "CSeq  =  \"CSeq\" HCOLON 1*DIGIT LWS Method",
                     "CSeq  =  \"CSeq\" HCOLON 2*DIGIT LWS Method")
        self.assertEqual(len(self.differ(self.prover(), "cseq", False)), 3)

    def test_cut_that_leaves_octets_out(self):
        path = self.top / "shapes/host.shape"
        self.replace(path, 'alphanum / "-" / "."', 'alphanum / "."')
        text = self.differ(self.prover(), "hostport", False)
        self.assertIn(b"-", text)

    def test_cut_that_takes_its_neighbour(self):
        path = self.top / "shapes/host.shape"
        self.replace(path, 'alphanum / "-" / "."', 'alphanum / "-" / "." / ":"')
        self.replace(self.top / "shapes/hostport.shape", "budget 60", "choice host because test\nchoice port because test\nbudget 60")
        text = self.differ(self.prover(), "hostport", False)
        self.assertIn(b":", text)

    def test_exclusion_left_out(self):
        self.replace(self.top / "shapes/exclusions", 'except local-number/par/parameter/pname {"ext" / "isub" / "phone-context" /',
                     'except local-number/par/parameter/pname {"ext" / "isub" /')
        text = self.differ(self.prover(), "tel", True)
        self.assertIn(b"phone-context", text.lower())

    def test_exclusion_with_another_name(self):
        self.replace(self.top / "shapes/exclusions", 'except local-number/par/parameter/pname {"ext" /',
                     'except local-number/par/parameter/pname {"exit" /')
        self.differ(self.prover(), "tel", True)

    def test_parameter_rule_left_out(self):
        prover = self.prover()
        scope = prover.project.scopes["via"]
        scope[:] = [param for param in scope if param.name != "ttl"]
        self.assertIn(b";ttl", self.differ(prover, "via", True).lower())

    def test_parameter_that_may_lack_its_value(self):
        prover = self.prover()
        next(param for param in prover.project.scopes["via"] if param.name == "ttl").may_be_flag = True
        self.assertTrue(self.differ(prover, "via", True).lower().endswith(b";ttl"))

    def test_parameter_read_by_another_machine(self):
        prover = self.prover()
        next(param for param in prover.project.scopes["via"] if param.name == "ttl").matcher = "match_gen_value"
        self.assertIn(b";ttl", self.differ(prover, "via", True).lower())

    def test_scheme_read_by_another_machine(self):
        prover = self.prover()
        shape = prover.project.shapes["uri"]
        shape.schemes = [(names, None, ["absolute"]) if names == ["tel"] else (names, char, shapes)
                         for names, char, shapes in shape.schemes]
        grammar = self.true.language.of(self.true.shapes["uri"].entry, "rfc3261", ("uri",))
        text, by_machine = counterexample(prover.composed(shape), grammar)
        self.assertTrue(by_machine)
        self.assertTrue(text.lower().startswith(b"tel:"))

    def test_transition_bent_in_ragels_xml(self):
        """Whatever goes wrong between the plan and the machine is noticed too."""
        self.prover().automaton("token")
        prover, path = self.prover(), os.path.join(self.folder, "token.xml")
        made = audit.Machine(path)
        row = next(r for r in made.rows.values() if any(low <= ord("a") <= high for low, high, _, _ in r))
        low, high, target, _ = next(t for t in row if t[0] <= ord("a") <= t[1])
        with open(path, encoding="utf-8") as file:
            text = file.read()
        self.assertIn(f"<t>{low} {high} {target} ", text)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text.replace(f"<t>{low} {high} {target} ", f"<t>{low} {high - 1} {target} "))
        self.assertIn(bytes([high]), self.differ(prover, "token", False))


class Counterexample(unittest.TestCase):
    def test_shortest_text_is_told_with_who_takes_it(self):
        both, left = fsa.literal(b"ab"), fsa.literal(b"abc")
        self.assertEqual(counterexample(fsa.alt([both, left]), both), (b"abc", True))
        self.assertEqual(counterexample(both, fsa.alt([both, left])), (b"abc", False))
        self.assertIsNone(counterexample(both, fsa.cat([fsa.literal(b"a"), fsa.literal(b"b")])))


class Exclusions(unittest.TestCase):
    """The grammar's side of the proof honours the exclusions."""

    def test_catch_all_does_not_bear_known_names(self):
        project = Project(str(ROOT / "grammar"))
        text = project.machines["via"].grammar_text()
        self.assertTrue(text.accepts(b"SIP/2.0/UDP h;ttl=1"))
        self.assertTrue(text.accepts(b"SIP/2.0/UDP h;tt=x"))
        self.assertFalse(text.accepts(b"SIP/2.0/UDP h;ttl=x"))
        self.assertFalse(text.accepts(b"SIP/2.0/UDP h;TTL"))

    def test_longest_pattern_counts(self):
        language = Project(str(ROOT / "grammar")).language
        node = read_expression("addr-spec", "test")
        self.assertFalse(language.of(node, "rfc3261").accepts(b"sip:a;b"))
        self.assertTrue(language.of(node, "rfc3261", (Step("name-addr"),)).accepts(b"sip:a;b"))


if __name__ == "__main__":
    unittest.main()
