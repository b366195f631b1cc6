"""Reading ABNF: all of RFC 5234 and RFC 7405 is taken, and what is none is refused with its place."""

import unittest

from scratch import ScratchTest
from abnf import Alt, Cat, Grammar, GrammarError, Literal, Range, Ref, Rep


class AbnfTest(ScratchTest):
    def rules(self, text, name="one.abnf"):
        return Grammar.load([self.write(name, text)]).spaces["one"].rules

    def node(self, right):
        return self.rules(f"a = {right}\n")["a"].node

    def refuse(self, line, sentence, text):
        path = self.write("one.abnf", text)
        self.refused(GrammarError, (path, line), sentence, Grammar.load, [path])


class Accepted(AbnfTest):
    def test_string_any_case(self):
        self.assertEqual(self.node('"aB"'), Literal("aB", False))

    def test_string_empty(self):
        self.assertEqual(self.node('""'), Literal("", False))

    def test_string_percent_s_is_case_sensitive(self):
        self.assertEqual(self.node('%s"aB"'), Literal("aB", True))
        self.assertEqual(self.node('%S"aB"'), Literal("aB", True))

    def test_string_percent_i_is_any_case(self):
        self.assertEqual(self.node('%i"aB"'), Literal("aB", False))
        self.assertEqual(self.node('%I"aB"'), Literal("aB", False))

    def test_number_in_each_base(self):
        for text in ("%x41", "%X41", "%d65", "%D65", "%b1000001", "%B1000001"):
            self.assertEqual(self.node(text), Range(65, 65), text)

    def test_number_range(self):
        self.assertEqual(self.node("%x30-39"), Range(0x30, 0x39))
        self.assertEqual(self.node("%d0-255"), Range(0, 255))
        self.assertEqual(self.node("%b0-1"), Range(0, 1))

    def test_number_concatenation(self):
        self.assertEqual(self.node("%d13.10.32"), Cat((Range(13, 13), Range(10, 10), Range(32, 32))))

    def test_repeat_forms(self):
        element = Ref("b")
        for text, low, high in (("*b", 0, None), ("1*b", 1, None), ("*2b", 0, 2), ("1*2b", 1, 2), ("3b", 3, 3),
                                ("0*0b", 0, 0), ("[b]", 0, 1)):
            self.assertEqual(self.node(text + "\nb = %x41"), Rep(low, high, element), text)

    def test_repeat_of_group_and_string(self):
        self.assertEqual(self.node('2( "a" / "b" )'), Rep(2, 2, Alt((Literal("a"), Literal("b")))))
        self.assertEqual(self.node('1*3("0")'), Rep(1, 3, Literal("0")))

    def test_concatenation_binds_closer_than_alternation(self):
        self.assertEqual(self.node('"a" "b" / "c"'), Alt((Cat((Literal("a"), Literal("b"))), Literal("c"))))

    def test_group_binds_closest(self):
        self.assertEqual(self.node('"a" ("b" / "c")'), Cat((Literal("a"), Alt((Literal("b"), Literal("c"))))))

    def test_elements_without_blanks_between(self):
        self.assertEqual(self.node('"a"("b")["c"]'), Cat((Literal("a"), Literal("b"), Rep(0, 1, Literal("c")))))

    def test_rule_names_in_any_case(self):
        grammar = Grammar.load([self.write("one.abnf", "Long-Name1 = %x41\nother = LONG-NAME1\n")])
        self.assertEqual(grammar.refs(grammar.find("one", "OTHER"))[0].name, "Long-Name1")

    def test_incremental_alternatives(self):
        self.assertEqual(self.rules('a = "x"\na =/ "y"\nA =/ "z"\n')["a"].node,
                         Alt((Literal("x"), Literal("y"), Literal("z"))))

    def test_continuation_lines(self):
        self.assertEqual(self.node('"x"\n  "y"\n\t/ "z"'), Alt((Cat((Literal("x"), Literal("y"))), Literal("z"))))

    def test_elements_begin_on_the_next_line(self):
        self.assertEqual(self.rules('a =\n   "x"\n')["a"].node, Literal("x"))

    def test_comments_and_empty_lines_within_a_rule(self):
        text = 'a = "x" ; one "quoted" < comment\n; a line of its own\n\n   ; and another\n    "y"\n'
        self.assertEqual(self.rules(text)["a"].node, Cat((Literal("x"), Literal("y"))))

    def test_semicolon_in_string_is_no_comment(self):
        self.assertEqual(self.node('";" ; comment'), Literal(";"))

    def test_crlf_line_ends(self):
        path = self.folder / "one.abnf"
        path.write_bytes(b'a = "x"\r\n    "y"\r\nb = a\r\n')
        self.assertEqual(set(Grammar.load([path]).spaces["one"].rules), {"a", "b"})

    def test_blanks_around_defined_as(self):
        self.assertEqual(set(self.rules('a="x"\nb   =   "y"\nc\t=\t"z"\n')), {"a", "b", "c"})

    def test_sections_are_remembered(self):
        rule = self.rules(';@ rfc 3261\n;@ section 25.1\na = "x"\n')["a"]
        self.assertEqual(rule.reference, "RFC 3261 section 25.1")


class Refused(AbnfTest):
    def test_missing_bracket(self):
        self.refuse(2, "')' expected before the end of the rule", 'b = "x"\na = ( "x"\n')
        self.refuse(1, "']' expected before ') \"y\"'", 'a = [ "x" ) "y"\n')

    def test_stray_bracket(self):
        self.refuse(1, "') \"y\"' is not ABNF here", 'a = "x" ) "y"\n')

    def test_empty_alternative(self):
        self.refuse(1, "an element is expected at '/ \"y\"'", 'a = "x" / / "y"\n')
        self.refuse(1, "an element is expected at the end of the rule", 'a = "x" /\n')

    def test_empty_rule(self):
        self.refuse(1, "an element is expected at the end of the rule", "a =\n")

    def test_empty_group(self):
        self.refuse(1, "an element is expected at ')'", "a = ()\n")

    def test_repeat_upside_down(self):
        self.refuse(1, "repeat 3*2 has its bounds the wrong way round", 'a = 3*2"x"\n')

    def test_repeat_apart_from_its_element(self):
        self.refuse(1, "a blank stands between the repeat 1* and its element", 'a = 1* "x"\n')

    def test_repeat_of_nothing(self):
        self.refuse(1, "an element is expected at the end of the rule", "a = 1*\n")

    def test_prose(self):
        self.refuse(1, "a prose-val (<...>) cannot be compiled: write the rule out", "a = <any; text>\n")

    def test_string_unended(self):
        self.refuse(1, "an element is expected at '\"x'", 'a = "x\n')

    def test_string_with_control(self):
        self.refuse(1, "an element is expected at '\"x y\"'", 'a = "x\ty"\n')

    def test_number_without_base(self):
        self.refuse(1, "'%41' is no num-val", "a = %41\n")

    def test_number_with_foreign_digit(self):
        self.refuse(1, "%d4F has a digit that its base does not have", "a = %d4F\n")
        self.refuse(1, "%b012 has a digit that its base does not have", "a = %b012\n")

    def test_number_of_more_than_an_octet(self):
        self.refuse(1, "%x100 is more than one octet", "a = %x100\n")
        self.refuse(1, "%d0-256 is more than one octet", "a = %d0-256\n")

    def test_number_range_upside_down(self):
        self.refuse(1, "%x39-30 has its bounds the wrong way round", "a = %x39-30\n")

    def test_number_range_with_concatenation(self):
        self.refuse(1, "an element is expected at '.41'", "a = %x30-39.41\n")

    def test_other_operator(self):
        self.refuse(1, "'a := \"x\"' is no rule: NAME = ELEMENTS expected", 'a := "x"\n')

    def test_name_with_underscore(self):
        self.refuse(1, "'a_b = \"x\"' is no rule: NAME = ELEMENTS expected", 'a_b = "x"\n')
        self.refuse(1, "an element is expected at '_c'", "a = b_c\n")

    def test_name_that_begins_with_digit(self):
        self.refuse(1, "'1a = \"x\"' is no rule: NAME = ELEMENTS expected", '1a = "x"\n')

    def test_continuation_without_rule(self):
        self.refuse(2, "a continuation line without a rule above it", '; only a comment\n  "x"\n')

    def test_error_names_the_rules_first_line(self):
        self.refuse(2, "') \"y\"' is not ABNF here", 'b = "x"\na = "x"\n  ) "y"\n')

    def test_defined_twice(self):
        self.refuse(3, f"'A' is defined again; the first definition is at {self.folder / 'one.abnf'}:1",
                    'a = "x"\n\nA = "y"\n')

    def test_extended_before_defined(self):
        self.refuse(1, "'a' is extended here but defined nowhere before", 'a =/ "x"\n')

    def test_unknown_directive(self):
        self.refuse(1, "unknown directive 'improt'", ";@ improt core DIGIT\n")

    def test_unused_without_reason(self):
        self.refuse(1, "unused rules need a reason: ;@ unused NAME because REASON", ';@ unused a\na = "x"\n')
        self.refuse(1, "unused rules need a reason: ;@ unused NAME because REASON", ';@ unused a because \na = "x"\n')


class Namespaces(AbnfTest):
    def load(self, **texts):
        return Grammar.load([self.write(f"{name}.abnf", text) for name, text in texts.items()])

    def refuse_use(self, place, sentence, roots=(), **texts):
        grammar = self.load(**texts)
        self.refused(GrammarError, f"{self.folder}/{place}", sentence,
                     lambda: grammar.check_use([grammar.qualified(root) for root in roots]))

    def test_import_is_seen(self):
        grammar = self.load(one='a = "x"\n', two=";@ import one a\nb = a\n")
        self.assertEqual(grammar.find("two", "A").namespace, "one")
        grammar.check_use([grammar.qualified("two:b")])

    def test_name_without_import_is_not_seen(self):
        self.refuse_use("two.abnf:1", "rule 'a' is not defined in two and not imported there", one='a = "x"\n', two="b = a\n")

    def test_import_of_what_is_not_there(self):
        self.refuse_use("two.abnf:2", "rule 'a' is imported from one, which does not define it", one='c = "x"\n',
                        two=";@ import one a\nb = a\n")

    def test_import_beside_own_rule(self):
        path = self.write("two.abnf", ';@ import one a\nb = a\na = "y"\n')
        self.refused(GrammarError, (path, 3), "'a' is defined here and imported from one; one of them would never be read",
                     Grammar.load, [self.write("one.abnf", 'a = "x"\n'), path])

    def test_import_from_two(self):
        path = self.write("two.abnf", ";@ import one a\n;@ import three a\nb = a\n")
        self.refused(GrammarError, (path, 2), "'a' is imported from one and from three", Grammar.load,
                     [self.write("one.abnf", 'a = "x"\n'), path, self.write("three.abnf", 'a = "x"\n')])

    def test_unused_rule(self):
        self.refuse_use("one.abnf:2", "rule 'b' is used by nothing and not listed as unused", ["one:a"],
                        one='a = "x"\nb = "y"\n')

    def test_unused_rules_that_use_each_other(self):
        self.refuse_use("one.abnf:2", "rule 'b' is used by nothing and not listed as unused", ["one:a"],
                        one='a = "x"\nb = "y" c\nc = "z" b\n')

    def test_unused_rule_that_is_listed(self):
        grammar = self.load(one=';@ unused b because nobody reads it\na = "x"\nb = "y"\n')
        grammar.check_use([grammar.qualified("one:a")])

    def test_used_rule_that_is_listed(self):
        self.refuse_use("one.abnf:1", "rule 'b' is listed as unused but is used", ["one:a"],
                        one=';@ unused b because nobody reads it\na = b\nb = "y"\n')

    def test_listed_rule_that_is_nowhere(self):
        self.refuse_use("one.abnf:1", "rule 'c' is listed as unused but not defined", ["one:a"],
                        one=';@ unused c because nobody reads it\na = "x"\n')

    def test_replaced_without_reason(self):
        base = self.write("one.abnf", '; first\na = "x"\n')
        path = self.write("two.abnf", ';@ amend one\na = "y"\n')
        self.refused(GrammarError, (path, 2), f"'a' replaces {base}:2 without a reason (;@ because ...)", Grammar.load,
                     [base, path])

    def test_replaced_with_reason(self):
        grammar = self.load(one='a = "x"\n', two=';@ amend one\n;@ because it is wrong\na = "y"\n')
        self.assertEqual(grammar.find("one", "a").node, Literal("y"))

    def test_reason_counts_once(self):
        base = self.write("one.abnf", 'a = "x"\nb = "x"\n')
        path = self.write("two.abnf", ';@ amend one\n;@ because it is wrong\na = "y"\nb = "y"\n')
        self.refused(GrammarError, (path, 4), f"'b' replaces {base}:2 without a reason (;@ because ...)", Grammar.load,
                     [base, path])

    def test_reason_without_replacement(self):
        path = self.write("two.abnf", ';@ amend one\n;@ because it is wrong\nc = "y"\n')
        self.refused(GrammarError, (path, 3), "a reason stands before 'c', which replaces nothing", Grammar.load,
                     [self.write("one.abnf", 'a = "x"\n'), path])

    def test_what_amends_is_read_after_what_it_amends(self):
        grammar = self.load(one=';@ amend three\na =/ "1"\n', two='b = "2"\n',
                            three='a = "3"\n;@ amend two\nb =/ "3"\n')
        self.assertEqual(grammar.find("three", "a").node, Alt((Literal("3"), Literal("1"))))

    def test_errata_are_read_last(self):
        grammar = self.load(one=';@ amend two\na =/ "1"\n', two='a = "2"\n',
                            errata=';@ amend two\n;@ because it is wrong\na = "3"\n')
        self.assertEqual(grammar.find("two", "a").node, Literal("3"))

    def test_files_that_amend_each_other(self):
        one = self.write("one.abnf", ';@ amend two\na =/ "1"\n')
        two = self.write("two.abnf", ';@ amend one\nb =/ "2"\n')
        self.refused(GrammarError, (one, 1), "the files one, two amend each other", Grammar.load, [one, two])


if __name__ == "__main__":
    unittest.main()
