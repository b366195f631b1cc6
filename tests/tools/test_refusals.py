"""What the compiler refuses beyond ABNF syntax, each with one example: a change of a scratch copy of the grammar."""

import subprocess
import sys
import unittest

from scratch import RAGEL, ROOT, ScratchTest
import compile as compiler
from abnf import GrammarError
from names import Refusal
from project import Project
import straight


class RefusalTest(ScratchTest):
    def setUp(self):
        super().setUp()
        self.top = self.grammar()

    def path(self, name):
        return self.top / name

    def refuse(self, place, sentence, error=GrammarError):
        self.refused(error, place, sentence, lambda: Project(str(self.top)))

    def refuse_machine(self, name, place, sentence):
        """The machine's plan is fine, what Ragel makes of it is not."""
        project = Project(str(self.top))
        self.refused(GrammarError, place, sentence, compiler.build_machine, project, project.machines[name],
                     str(self.folder), RAGEL)

    def refuse_proof(self, name, place, sentence):
        project = Project(str(self.top))
        prover = compiler.Prover(project, str(self.folder))
        for machine in project.machines.values():
            compiler.build_machine(project, machine, str(self.folder), RAGEL)
        self.refused(GrammarError, place, sentence, prover.composed, project.shapes[name])

    def shape(self, name, text):
        return self.write(f"grammar/shapes/{name}.shape", text)


class Command(RefusalTest):
    def test_told_on_one_line_with_status_1(self):
        line = self.append(self.path("abnf/rfc3261.abnf"), "unknown-thing = (\n")
        ran = subprocess.run([sys.executable, ROOT / "tools/compile.py", "list", self.top], capture_output=True, text=True,
                             check=False)
        self.assertEqual(ran.returncode, 1)
        self.assertEqual(ran.stdout, "")
        self.assertEqual(ran.stderr, f"{self.path('abnf/rfc3261.abnf')}:{line}: an element is expected at the end of the rule\n")

    def test_wrong_words_give_usage_and_status_2(self):
        ran = subprocess.run([sys.executable, ROOT / "tools/compile.py", "lost"], capture_output=True, text=True, check=False)
        self.assertEqual(ran.returncode, 2)
        self.assertIn("usage: compile.py", ran.stderr)


class Rules(RefusalTest):
    def test_undefined_rule(self):
        path = self.path("abnf/rfc3261.abnf")
        line = self.replace(path, 'sent-by           =  host [ COLON port ]', 'sent-by           =  hsot [ COLON port ]')
        self.refuse((path, line), "rule 'hsot' is not defined in rfc3261 and not imported there")

    def test_unused_rule(self):
        path = self.path("abnf/rfc3261.abnf")
        line = self.append(path, 'forgotten = "x"\n')
        self.refuse((path, line), "rule 'forgotten' is used by nothing and not listed as unused")

    def test_replaced_rule_without_reason(self):
        path = self.path("abnf/errata.abnf")
        line = self.append(path, "srvr = hostport\n;@ amend rfc3261\nttl = 1*2DIGIT\n")
        self.replace(path, "srvr = hostport\n;@ amend rfc3261\n", ";\n;@ amend rfc3261\n")
        old = self.path("abnf/rfc3261.abnf")
        found = next(n for n, text in enumerate(old.read_text().split("\n"), 1) if text.startswith("ttl "))
        self.refuse((path, line + 2), f"'ttl' replaces {old}:{found} without a reason (;@ because ...)")

    def test_recursion_without_depth(self):
        path = self.path("shapes/server.shape")
        self.replace(path, "unroll comment 8\n", "")
        rules = self.path("abnf/rfc3261.abnf")
        line = next(n for n, text in enumerate(rules.read_text().split("\n"), 1) if text.startswith("comment "))
        self.refuse((rules, line), "rule 'comment' contains itself and no shape says how deep (unroll)")


class Shapes(RefusalTest):
    def test_unknown_word(self):
        path = self.shape("cseq", "shape cseq\nentry row\nmembre number str from Method\n")
        self.refuse((path, 3), "unknown word 'membre'")

    def test_no_name(self):
        path = self.shape("cseq", "# nothing\n")
        self.refuse((path, 1), "no shape is named here")

    def test_name_comes_first(self):
        path = self.shape("cseq", "budget 40\nshape cseq\n")
        self.refuse((path, 1), "the first line must name the shape")

    def test_no_budget(self):
        path = self.shape("cseq", "shape cseq\nentry row\n")
        self.refuse((path, 1), "shape 'cseq' has no state budget")

    def test_two_of_one_name(self):
        path = self.shape("second", "shape cseq\nentry row\nbudget 1\n")
        self.refuse((path, 1), f"shape 'cseq' is also in {self.path('shapes/cseq.shape')}:2")

    def test_too_few_words(self):
        path = self.shape("cseq", "shape cseq\nentry row\nmember number\n")
        self.refuse((path, 3), "'member' is followed by too few words, or by a word that is no number")

    def test_budget_that_is_no_number(self):
        path = self.shape("cseq", "shape cseq\nbudget small\n")
        self.refuse((path, 2), "'budget' is followed by too few words, or by a word that is no number")

    def test_no_number(self):
        path = self.shape("cseq", "shape cseq\nentry row\nbudget 1\n")
        self.refuse((path, 1), "shape 'cseq' has no number")

    def test_number_of_another(self):
        path = self.shape("via", "shape via\nnumber 3\nentry row\nbudget 1\n")
        self.refuse((path, 1), "shape 'via' has the number of shape 'cseq'")

    def test_ordinal_of_no_words(self):
        path = self.path("shapes/date.shape")
        line = self.replace(path, "from wkday  ", "from SIP-date")
        self.refuse((path, line), "member 'weekday' is an ordinal, but its rule is no choice of words")

    def test_unknown_kind(self):
        path = self.shape("cseq", "shape cseq\nentry row\nmember number integer from {1*DIGIT}\n")
        self.refuse((path, 3), "unknown kind 'integer'; the kinds are comment, decimal, flag, hex, host, later-uri, method, "
                               "number, ordinal, products, qvalue, str, text, truth, uri")

    def test_member_from_nowhere(self):
        path = self.shape("cseq", "shape cseq\nentry row\nmember method str of Method\n")
        self.refuse((path, 3), "'from' or 'param' is expected, not 'of'")

    def test_word_behind_member(self):
        path = self.shape("cseq", "shape cseq\nentry row\nmember method str from Method octet {token}\n")
        self.refuse((path, 3), "'octet' is not expected here")

    def test_expression_without_braces(self):
        path = self.shape("cseq", "shape cseq\nparams SEMI\n")
        self.refuse((path, 2), "an expression in braces is expected, not 'SEMI'")

    def test_expression_with_syntax_error(self):
        path = self.shape("cseq", "shape cseq\nparams {(SEMI}\n")
        self.refuse((path, 2), "')' expected before the end of the rule")

    def test_choice_without_reason(self):
        path = self.shape("cseq", "shape cseq\nentry row\nmember method str from Method\nchoice method\n")
        self.refuse((path, 4), "a choice needs a reason: choice MEMBER because REASON")

    def test_choice_of_no_member(self):
        path = self.shape("cseq", "shape cseq\nentry row\nchoice method because so\n")
        self.refuse((path, 3), "shape 'cseq' has no member 'method'")

    def test_member_that_matches_nothing(self):
        path = self.path("shapes/userinfo.shape")
        line = self.replace(path, "shape userinfo\n", "shape userinfo\nmember lost str from via-parm\n")
        self.refuse((path, line), "member 'lost' of shape 'userinfo' matches nothing in its entry")

    def test_exclusion_without_reason(self):
        path = self.path("shapes/exclusions")
        line = self.append(path, 'except token {"x"}\n')
        self.refuse((path, line), "expected: except PATTERN {ABNF} because REASON")


    def refuse_path(self, place, sentence):
        project = Project(str(self.top))
        self.refused(GrammarError, place, sentence, lambda: straight.sources(project))

    def test_path_that_takes_more_than_is_parsed(self):
        path = self.path("shapes/absolute.shape")
        self.replace(path, "straight {1*uric}", "straight {*uric}")
        self.refuse_path((path, 2), "what the path takes is more than what is parsed")

    def test_usual_beginning_that_is_a_run(self):
        path = self.path("shapes/via.shape")
        self.replace(path, 'usual "SIP/2.0/"', 'usual "SIP"')
        self.refuse_path((path, 2), "'SIP' is no beginning of a value that ends with one octet")

    def test_usual_beginning_that_ends_in_a_run(self):
        path = self.path("shapes/via.shape")
        self.replace(path, 'usual "SIP/2.0/"', 'usual "SIP/2.0"')
        self.refuse_path((path, 2), "'SIP/2.0' is no beginning of a value that ends with one octet")

    def test_path_given_for_a_shape_with_members(self):
        path = self.path("shapes/tel.shape")
        self.append(path, "straight {global-number}\n")
        self.refuse_path((path, 2), "a shape that says what its path takes may have no members")


class Parameters(RefusalTest):
    def test_without_row(self):
        path = self.path("params.tsv")
        self.replace(path, "11\tMETHOD\tmethod\t3261\n", "")
        rules = self.path("abnf/rfc3261.abnf")
        line = next(n for n, text in enumerate(rules.read_text().split("\n"), 1) if text.startswith("method-param "))
        self.refuse((rules, line), "parameter 'method' has no row in params.tsv")

    def test_neither_name_nor_value(self):
        path = self.path("abnf/rfc3261.abnf")
        line = self.replace(path, 'tag-param   =  "tag" EQUAL token', 'tag-param   =  "tag" token')
        self.refuse((path, line), "a parameter of rule 'tag-param' is neither NAME nor NAME = VALUE")

    def test_with_two_catch_alls(self):
        path = self.path("abnf/rfc3261.abnf")
        self.replace(path, "from-param  =  tag-param / generic-param", "from-param  =  tag-param / generic-param / rr-param")
        self.refuse(f"{self.path('shapes/address.shape')}:2",
                    "what stands behind the separator is no parameter with a catch-all")

    def other_challenge(self, text):
        self.append(self.path("abnf/errata.abnf"), f";@ amend rfc3261\n;@ because so\nother-challenge = {text}\n")

    def test_second_place_with_another_catch_all(self):
        self.other_challenge("auth-scheme LWS generic-param *(COMMA generic-param)")
        self.refuse(f"{self.path('shapes/challenge.shape')}:3", "two places take parameters; they must have the same catch-all")

    def test_second_place_with_values_that_the_first_has_not(self):
        self.other_challenge('auth-scheme LWS odd-param *(COMMA odd-param)\nodd-param = ( "odd" EQUAL ":" ) / auth-param')
        self.refuse(f"{self.path('shapes/challenge.shape')}:3",
                    "two places take parameters; the first one takes other values than the second")

    def test_more_names_than_bits(self):
        path = self.path("abnf/errata.abnf")
        names = [f"p{n}" for n in range(65)]
        self.append(path, "".join([";@ amend rfc3261\n;@ because so\n",
                                   f"rr-param = generic-param / {' / '.join(f'{name}-param' for name in names)}\n"] +
                                  [f'{name}-param = "{name}" EQUAL token\n' for name in names]))
        self.append(self.path("params.tsv"), "".join(f"{999 + n}\t{name.upper()}\t{name}\t-\n" for n, name in enumerate(names)))
        line = path.read_text().count("\n") - 65
        self.refuse((path, line), "rule 'rr-param' has 65 parameters with a rule of their own; the bits in which those seen are "
                    "kept are 64")

    def test_catch_all_of_words(self):
        path = self.path("abnf/rfc3261.abnf")
        line = self.replace(path, "rr-param      =  generic-param", 'rr-param      =  token [ EQUAL ( "aa" / "b" ) ]')
        self.refuse((path, line), "the catch-all's value is not closed under its single octets")

    def test_value_with_blank(self):
        path = self.path("abnf/rfc3261.abnf")
        self.replace(path, 'tag-param   =  "tag" EQUAL token', 'tag-param   =  "tag" EQUAL token SP token')
        rules = next(n for n, t in enumerate(path.read_text().split("\n"), 1) if t.startswith("generic-param "))
        self.refuse((path, rules), "a parameter value outside quotes may hold a blank or a separator")

    def test_two_places(self):
        path = self.path("abnf/rfc3261.abnf")
        self.replace(path, "from-spec   =  ( name-addr / addr-spec )\n               *( SEMI from-param )",
                     "from-spec   =  ( name-addr / addr-spec )\n               *( SEMI from-param ) SP *( SEMI from-param )")
        self.refuse(f"{self.path('shapes/address.shape')}:2", "two places take parameters; a machine can have one")


class Rows(RefusalTest):
    """headers.tsv"""

    def row(self, old, new):
        path = self.path("headers.tsv")
        return path, self.replace(path, old, new)

    def test_no_rule(self):
        self.refuse(self.row("\trfc3261:CSeq\t", "\t-\t"), "header field CSeq has a shape but no rule")

    def test_unknown_namespace(self):
        self.refuse(self.row("\trfc3261:CSeq\t", "\trfc9999:CSeq\t"), "there is no namespace 'rfc9999'")

    def test_unknown_rule(self):
        self.refuse(self.row("\trfc3261:CSeq\t", "\trfc3261:C-Seq\t"),
                    "rule 'C-Seq' is not defined in rfc3261 and not imported there")

    def test_unknown_shape(self):
        self.refuse(self.row("\trfc3261:CSeq\tcseq\t", "\trfc3261:CSeq\tsequence\t"), "there is no shape 'sequence'")

    def test_unknown_cardinality(self):
        self.refuse(self.row("\trfc3261:CSeq\tcseq\tone\t", "\trfc3261:CSeq\tcseq\tsome\t"),
                    "cardinality 'some' is none of one, list, rows")

    def test_one_where_the_rule_is_a_list(self):
        self.refuse(self.row("\trfc3261:Via\tvia\tlist\t", "\trfc3261:Via\tvia\tone\t"),
                    "cardinality 'one' does not fit rule 'Via'")

    def test_list_where_the_rule_is_one(self):
        self.refuse(self.row("\trfc3261:CSeq\tcseq\tone\t", "\trfc3261:CSeq\tcseq\tlist\t"),
                    "cardinality 'list' does not fit rule 'CSeq'")

    def test_list_parted_by_semicolons_alone(self):
        self.replace(self.path("abnf/errata.abnf"), "*((COMMA / SEMI) priv-value)", "*(SEMI priv-value)")
        self.refuse(self.row("\trfc3323:Privacy-hdr\ttoken\tlist\t", "\trfc3323:privacy-hdr\ttoken\tlist\t"),
                    "cardinality 'list' does not fit rule 'Privacy-hdr'")

    def test_empty_where_the_rule_is_not(self):
        self.refuse(self.row("\trfc3261:CSeq\tcseq\tone\tno\t", "\trfc3261:CSeq\tcseq\tone\tyes\t"),
                    "rule 'CSeq' and the column 'empty' disagree")

    def test_range_that_is_none(self):
        self.refuse(self.row("\t20\t0-255\t", "\t20\t255\t"), "the range '255' is not LOW-HIGH")

    def test_rule_of_no_field(self):
        path = self.path("abnf/rfc3261.abnf")
        line = self.replace(path, 'CSeq  =  "CSeq" HCOLON 1*DIGIT LWS Method', 'CSeq  =  "CSeq" COLON 1*DIGIT LWS Method')
        self.refuse((path, line), "rule 'CSeq' is not NAME HCOLON VALUE")

    def test_star_beside_one_value(self):
        path = self.path("abnf/rfc3261.abnf")
        line = self.replace(path, '"CSeq" HCOLON 1*DIGIT LWS Method', '"CSeq" HCOLON ( STAR / ( 1*DIGIT LWS Method ) )')
        self.refuse((path, line), "rule 'CSeq' has STAR beside something that is no list")

    def test_table_without_column(self):
        self.refuse(self.row("\tcardinality\t", "\tcount\t"), "the heading has no column cardinality", Refusal)


class Machines(RefusalTest):
    """What only the machine that Ragel made can tell."""

    def test_over_budget(self):
        path = self.path("shapes/cseq.shape")
        self.replace(path, "budget 40", "budget 3")
        self.refuse_machine("cseq", f"{path}:2", "machine 'cseq' has 7 states, over its budget of 3")

    def without_choice(self, shape, member):
        path = self.path(f"shapes/{shape}.shape")
        self.replace(path, next(line for line in path.read_text().split("\n") if line.startswith(f"choice {member}")), "")
        return f"{path}:2"

    def test_captures_that_compete(self):
        place = self.without_choice("address", "uri")
        self.refuse_machine("address", place, "capture 'uri' competes with rule 'token' after 'A': declare a choice or cut the "
                                              "shape elsewhere")

    def test_choice_that_is_not_needed(self):
        path = self.path("shapes/cseq.shape")
        line = self.append(path, "choice method because it looks like it\n")
        self.refused(GrammarError, (path, line), "nothing competes with capture 'method': the choice is not needed",
                     compiler.build, str(self.top), str(self.folder), RAGEL)

    def test_split_character_in_both_parts(self):
        path = self.path("shapes/uri.shape")
        self.replace(path, 'split "@"', 'split ":"')
        self.refuse_proof("uri", f"{path}:2", "':' does not split these parts: it occurs elsewhere in them")


if __name__ == "__main__":
    unittest.main()
