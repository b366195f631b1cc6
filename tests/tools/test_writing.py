"""What tools/writing.py refuses of templates, what it finds out about members, and that its proof can fail."""

import unittest

from scratch import ScratchTest
import fsa
import octet_sets
import writing
from abnf import GrammarError
from project import Project
from shape import load_shapes


class Templates(ScratchTest):
    def setUp(self):
        super().setUp()
        self.top = self.grammar()

    def refuse(self, name, old, new, sentence, line_of=None):
        """A change of one shape's file is refused at the line changed, or at the one that begins with line_of."""
        path = self.top / "shapes" / f"{name}.shape"
        line = self.replace(path, old, new)
        if line_of:
            line = next(n for n, text in enumerate(path.read_text().split("\n"), 1) if text.startswith(line_of))
        shape = load_shapes(self.top / "shapes")[name.replace("-", "_")]
        self.refused(GrammarError, (path, line), sentence, writing.templates, shape)

    def test_no_template(self):
        self.refuse("cseq", 'write {number " " method}', "", "shape 'cseq' needs one line 'write {TEMPLATE}', it has 0", "shape")

    def test_two_templates_without_condition(self):
        self.refuse("cseq", 'write {number " " method}', 'write {number " " method}\nwrite {method}',
                    "shape 'cseq' needs one line 'write {TEMPLATE}', it has 2", "shape")

    def test_unknown_member(self):
        self.refuse("cseq", '" " method}', '" " mehtod}', "'mehtod' is no member of shape 'cseq' that a template can name")

    def test_member_that_is_a_parameter(self):
        self.refuse("disposition", "{disp_type params}", "{disp_type handling params}",
                    "'handling' is no member of shape 'disposition' that a template can name")

    def test_forgotten_member(self):
        self.refuse("cseq", '{number " " method}', "{number}", "member 'method' of shape 'cseq' is never written")

    def test_forgotten_parameters(self):
        self.refuse("disposition", "{disp_type params}", "{disp_type}", "the parameters of shape 'disposition' are never written")

    def test_parameters_of_a_shape_without_any(self):
        self.refuse("cseq", 'method}', 'method params}', "'params' is no member of shape 'cseq' that a template can name")

    def test_group_without_member(self):
        self.refuse("cseq", '" " method', '[" "] method', "a group without a member would never be written")

    def test_group_not_closed(self):
        self.refuse("cseq", '" " method', '[" " method', "a group is not closed")

    def test_group_not_opened(self):
        self.refuse("cseq", 'method}', 'method]}', "']' is no member of shape 'cseq' that a template can name")

    def test_condition_on_what_is_no_flag(self):
        self.refuse("address", "write when star", "write when display_name", "'display_name' is no flag of shape 'address'")

    def test_condition_on_the_text_of_a_flag(self):
        self.refuse("address", "write when star", 'write when star is "x"', "'star' is no text of shape 'address'")

    def test_conditions_on_the_texts_of_two_members(self):
        self.refuse("credentials", 'write when auth_scheme is "Bearer"', 'write when token is "Bearer"',
                    "the texts of 'auth_scheme' tell the templates apart, not those of 'token'")


class Members(unittest.TestCase):
    def test_run_octets_are_right_in_every_text(self):
        word = fsa.cat([fsa.octet_set(b"ab"), fsa.repeat(fsa.octet_set(b"ab1"), 0, None)])
        self.assertEqual(octet_sets.run_octets(word), frozenset(b"ab"))
        self.assertEqual(octet_sets.run_octets(fsa.literal(b"ab")), frozenset())

    def test_joints_may_stand_between_texts_of_the_octets(self):
        word = fsa.repeat(fsa.octet_set(b"ab"), 1, None)
        once = fsa.cat([word, fsa.alt([fsa.EMPTY, fsa.cat([fsa.literal(b"@"), word])])])
        product = fsa.cat([word, fsa.alt([fsa.EMPTY, fsa.cat([fsa.literal(b"/"), word])])])
        many = fsa.cat([product, fsa.repeat(fsa.cat([fsa.literal(b" "), product]), 0, None)])
        self.assertEqual(octet_sets.joints(once, frozenset(b"ab")), (0, ord("@")))
        self.assertEqual(octet_sets.joints(many, frozenset(b"ab")), (ord(" "), ord("/")))
        self.assertEqual(octet_sets.joints(word, frozenset(b"ab")), (0, 0))

    def test_utf8_is_taken_where_whole_characters_may_stand_among_the_octets(self):
        more = fsa.octet_set(range(0x80, 0xC0))
        leads = [(0xC0, 0xE0), (0xE0, 0xF0), (0xF0, 0xF8), (0xF8, 0xFC), (0xFC, 0xFE)]
        letters = [fsa.cat([fsa.octet_set(range(*lead))] + [more] * (at + 1)) for at, lead in enumerate(leads)]
        self.assertTrue(octet_sets.takes_utf8(fsa.repeat(fsa.alt([fsa.octet_set(b"a")] + letters), 1, None), frozenset(b"a")))
        self.assertFalse(octet_sets.takes_utf8(fsa.repeat(fsa.alt([fsa.octet_set(b"a")] + letters[1:]), 1, None), frozenset(b"a")))
        self.assertFalse(octet_sets.takes_utf8(fsa.cat([fsa.octet_set(b"a"), letters[0]]), frozenset(b"a")))

    def test_between_takes_what_stands_between_the_octets(self):
        text = fsa.alt([fsa.literal(b'"ab"'), fsa.literal(b"ab"), fsa.literal(b'"c')])
        self.assertEqual(writing.between(text, ord('"'), ord('"')).key(), fsa.literal(b"ab").key())

    def test_fixed_length_is_0_for_texts_of_several_lengths(self):
        digit = fsa.octet_set(b"0123456789")
        self.assertEqual(writing.fixed_length(fsa.repeat(digit, 2, 2)), 2)
        self.assertEqual(writing.fixed_length(fsa.repeat(digit, 2, 3)), 0)

    def test_automaton_has_a_column_for_each_kind_of_octets(self):
        columns, kinds = octet_sets.octet_columns(fsa.cat([fsa.octet_set(b"a"), fsa.octet_set(b"ab")]))
        self.assertEqual(len(columns), 3)
        self.assertEqual(len({kinds[ord("a")], kinds[ord("b")], kinds[0]}), 3)


class Proof(ScratchTest):
    def test_template_that_makes_wrong_values_is_found(self):
        top = self.grammar()
        self.replace(top / "shapes/cseq.shape", '{number " " method}', "{number method}")
        project = Project(str(top))
        rows = {row.name: row for row in project.rows}
        self.assertIsNotNone(writing.unwritable(project, rows["CSeq"]))
        self.assertIsNone(writing.unwritable(project, rows["Max-Forwards"]))


if __name__ == "__main__":
    unittest.main()
