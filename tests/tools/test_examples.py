"""Whether data/rfc-examples.tsv has an example for each header field with a grammar, or says that its RFC prints none."""

import csv
import os
import unittest

from names import read_table

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
GRAMMAR = os.path.join(os.path.dirname(TESTS), "grammar")
VERDICTS = {"ok", "error", "none"}


def missing(fields, examples):
    """Fields without an example that are not said to have none."""
    return sorted(fields - {name for name, verdict in examples if verdict in ("ok", "none")})


def contradicted(examples):
    """Fields that are said to have no example and have one."""
    return sorted({name for name, verdict in examples if verdict == "none"} & {name for name, verdict in examples if verdict == "ok"})


class Examples(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        table = read_table(os.path.join(GRAMMAR, "headers.tsv"), ["name", "shape", "rfc"])
        cls.rows = {row["name"]: row for _, row in table}
        with open(os.path.join(TESTS, "data", "rfc-examples.tsv"), encoding="utf-8", newline="") as lines:
            cls.lines = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
        cls.examples = [(line["field"], line["verdict"]) for line in cls.lines]
        cls.fields = {name for name, row in cls.rows.items() if row["shape"] != "header-value" and row["rfc"]}

    def test_field_with_a_grammar_has_an_example_or_its_rfc_prints_none(self):
        self.assertEqual(missing(self.fields, self.examples), [])

    def test_field_without_an_example_has_none(self):
        self.assertEqual(contradicted(self.examples), [])

    def test_missing_field_left_out_is_found(self):
        self.assertEqual(missing({"Via", "To"}, [("To", "ok"), ("Via", "error")]), ["Via"])

    def test_contradicted_field_with_both_is_found(self):
        self.assertEqual(contradicted([("To", "ok"), ("To", "none"), ("Via", "none")]), ["To"])

    def test_line_names_a_field_and_a_verdict_and_its_rfc(self):
        for line in self.lines:
            with self.subTest(line=line):
                self.assertIn(line["field"], self.fields)
                self.assertIn(line["verdict"], VERDICTS)
                if line["verdict"] == "none":
                    self.assertEqual((line["value"], line["rfc"]), ("", self.rows[line["field"]]["rfc"]))

    def test_line_stands_once(self):
        seen = [(line["field"], line["value"]) for line in self.lines]
        self.assertEqual(sorted({pair for pair in seen if seen.count(pair) > 1}), [])


if __name__ == "__main__":
    unittest.main()
