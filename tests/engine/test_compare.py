"""The comparison with the second engine finds what differs. SIPWIRE_ENGINE: engine.mjs beside its packages;
SIPWIRE_VERDICT: the program made from verdict.c. scripts/test runs SampleTest, scripts/assure all."""

import contextlib
import io
import os
import shutil
import sys
import unittest
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tools"))
# pylint: disable=wrong-import-position
from scratch import ROOT, ScratchTest
import compare

ENGINE, VERDICT = os.environ["SIPWIRE_ENGINE"], os.environ["SIPWIRE_VERDICT"]


class Comparing(ScratchTest):
    def compare(self, field, *arguments, verdict=VERDICT, sentences="40"):
        """The exit status of a comparison of one field, and what it prints."""
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            status = compare.main([ENGINE, verdict, "--field", field, "--sentences", sentences, *arguments])
        return status, out.getvalue()

    def altered(self, field, file, old, new, sentences="40"):
        """Compares a field with an engine that reads an altered grammar."""
        folder = self.folder / "abnf"
        shutil.copytree(ROOT / "grammar" / "abnf", folder)
        self.replace(folder / file, old, new)
        return self.compare(field, "--grammar", str(folder), sentences=sentences)

    def answering(self, answer):
        """A program in place of verdict.c that gives one answer to every line."""
        path = self.write("verdict", f"#!{sys.executable}\nimport sys\nfor _ in sys.stdin:\n    print({answer!r})\n")
        path.chmod(0o755)
        return str(path)


class SampleTest(Comparing):
    def test_compare_sample_of_every_shape_agrees(self):
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            status = compare.main([ENGINE, VERDICT, "--quick"])
        print(out.getvalue())
        self.assertEqual(status, 0)

    def test_compare_narrower_rule_found(self):
        status, out = self.altered("Call-ID", "rfc3261.abnf", 'callid   =  word [ "@" word ]', "callid   =  word")
        self.assertEqual(status, 1)
        self.assertRegex(out, "disagreement: rfc3261:Call-ID: engine refuses, library OK at 0: b.*@")

    def test_compare_library_that_takes_everything_found(self):
        status, out = self.compare("Call-ID", verdict=self.answering("OK\t0"))
        self.assertEqual(status, 1)
        self.assertIn("disagreement: rfc3261:Call-ID: engine refuses, library OK at 0", out)


class DifferenceTest(Comparing):
    def test_compare_untyped_field_agrees(self):
        project, _ = compare.whole_project()
        row = next(row for row in project.rows if row.name == "Warning")
        with mock.patch.object(row, "machine", ""):
            status, out = self.compare("Warning")
        self.assertEqual(status, 0, out)
        self.assertIn("0 compared with the library, 1 with the flattened ABNF alone", out)
        self.assertIn("\n      0 disagreements\n", out)

    def test_compare_wider_rule_found(self):
        status, out = self.altered("CSeq", "rfc3261.abnf", "HCOLON 1*DIGIT LWS Method", "HCOLON 1*DIGIT SWS Method")
        self.assertEqual(status, 1)
        self.assertRegex(out, r"disagreement: rfc3261:CSeq: engine accepts, library E_SYNTAX at \d+: b'\d+[A-Za-z]")

    def test_compare_other_amendment_found(self):
        status, out = self.altered("Via", "rfc5954.abnf", "h16           = 1*4HEXDIG", "h16           = 1*3HEXDIG", sentences="400")
        self.assertEqual(status, 1)
        self.assertIn("disagreement: rfc3261:Via: engine refuses, library OK", out)

    def test_compare_other_than_automaton_found(self):
        status, out = self.altered("Warning", "rfc3261.abnf", "warn-code      =  3DIGIT", "warn-code      =  2*3DIGIT")
        self.assertEqual(status, 1)
        self.assertIn("disagreement: rfc3261:Warning: engine accepts, automaton refuses", out)

    def test_compare_other_name_found(self):
        status, out = self.altered("CSeq", "rfc3261.abnf", '"CSeq" HCOLON', '"C-Seq" HCOLON')
        self.assertEqual(status, 1)
        self.assertIn("disagreement: rfc3261:CSeq: engine refuses the name", out)

    def test_compare_library_that_takes_what_is_excluded_found(self):
        status, out = self.compare("Reply-To", verdict=self.answering("OK\t0"), sentences="100")
        self.assertEqual(status, 1)
        self.assertIn("engine accepts, library OK at 0, which the exclusions refuse", out)

    def test_compare_refusal_by_syntax_without_exclusion_found(self):
        status, out = self.compare("Call-ID", verdict=self.answering("E_SYNTAX\t0"))
        self.assertEqual(status, 1)
        self.assertIn("engine accepts, library E_SYNTAX at 0", out)

    def test_compare_range_and_duplicate_looked_into(self):
        for answer in ("E_RANGE\t0", "E_DUPLICATE_PARAM\t0", "E_LIMIT_URI\t0"):
            status, out = self.compare("CSeq", verdict=self.answering(answer))
            self.assertEqual(status, 1)
            self.assertIn(f"engine accepts, library {answer.split()[0]} at 0", out)

    def test_compare_unknown_field_is_misuse(self):
        with self.assertRaises(SystemExit) as caught, contextlib.redirect_stderr(io.StringIO()):
            compare.main([ENGINE, VERDICT, "--field", "No-Such"])
        self.assertEqual(caught.exception.code, 2)


class ReasonTest(unittest.TestCase):
    """Which refusals of what the engine accepts are explained."""

    def field(self, name):
        project, plain = compare.whole_project()
        return compare.Field(project, plain, next(row for row in project.rows if row.name == name))

    def test_reason_number_above_its_range(self):
        via = self.field("Via")
        self.assertIsNotNone(via.reason(b"SIP/2.0/UDP h:65536", "E_RANGE", 14))
        self.assertIsNone(via.reason(b"SIP/2.0/UDP h:65536", "E_RANGE", 13))
        self.assertIsNone(via.reason(b"SIP/2.0/UDP h:1", "E_RANGE", 14))

    def test_reason_number_of_the_row(self):
        self.assertIsNotNone(self.field("Max-Forwards").reason(b"256", "E_RANGE", 0))
        self.assertIsNone(self.field("Max-Forwards").reason(b"255", "E_RANGE", 0))
        self.assertIsNone(self.field("Expires").reason(b"256", "E_RANGE", 0))

    def test_reason_parameter_that_occurs_twice(self):
        via = self.field("Via")
        self.assertIsNotNone(via.reason(b"SIP/2.0/UDP h;ttl=1 ; TTL=2", "E_DUPLICATE_PARAM", 22))
        self.assertIsNone(via.reason(b"SIP/2.0/UDP h;ttl=1;ttl=2", "E_DUPLICATE_PARAM", 14))
        self.assertIsNone(via.reason(b"SIP/2.0/UDP h;ttls=1;ttl=2", "E_DUPLICATE_PARAM", 21))

    def test_reason_parameter_of_a_uri_in_quotes(self):
        redirect = self.field("P-DCS-Redirect")
        self.assertIsNotNone(redirect.reason(b'"tel:+1;enumdi;ENUMDI" ;x', "E_DUPLICATE_PARAM", 15))

    def test_reason_parameter_between_commas(self):
        credentials = self.field("Authorization")
        self.assertIsNotNone(credentials.reason(b"Digest nc=00000000, NC=00000000", "E_DUPLICATE_PARAM", 20))
        self.assertIsNone(credentials.reason(b"Digest nc=00000000, nd=0", "E_DUPLICATE_PARAM", 20))

    def test_reason_parameter_of_another_element(self):
        contact = self.field("Contact")
        self.assertIsNone(contact.reason(b"<a:b>;q=1,<a:b>;q=1", "E_DUPLICATE_PARAM", 16))
        self.assertIsNotNone(contact.reason(b'"," <a:,>;q=1;q=1', "E_DUPLICATE_PARAM", 14))

    def test_reason_whole_part_of_a_decimal(self):
        timestamp = self.field("Timestamp")
        self.assertIsNotNone(timestamp.reason(b"1" + 17 * b"0" + b".5", "E_RANGE", 0))
        self.assertIsNone(timestamp.reason(17 * b"9" + b".5", "E_RANGE", 0))

    def test_reason_number_in_a_parameter(self):
        credentials = self.field("Authorization")
        self.assertIsNotNone(credentials.reason(b'Digest uri="sip:h:65536"', "E_RANGE", 18))
        self.assertIsNone(credentials.reason(b'Digest uri="sip:h:65535"', "E_RANGE", 18))

    def test_reason_number_in_a_parameter_that_is_no_member(self):
        route = self.field("Route")
        self.assertIsNotNone(route.reason(b"<sip:h;ttl=256>", "E_RANGE", 11))
        self.assertIsNone(route.reason(b"<sip:h;ttl=255>", "E_RANGE", 11))
        self.assertIsNone(route.reason(b"<sip:h;tt1=256>", "E_RANGE", 11))

    def test_reason_excluded_scheme(self):
        self.assertIsNotNone(self.field("Reply-To").reason(b"<sip:/>", "E_SYNTAX", 5))
        self.assertIsNone(self.field("Reply-To").reason(b"<sip:h>", "E_SYNTAX", 5))
        self.assertIsNone(self.field("Reply-To").reason(b"<sip:/>", "E_RANGE", 5))

    def test_reason_comment_nested_deeper_than_unrolled(self):
        server = self.field("Server")
        deepest = server.unroll["comment"]
        self.assertIsNotNone(server.reason(b"(" * (deepest + 1) + b")" * (deepest + 1), "E_LIMIT_NESTING", deepest))
        self.assertIsNone(server.reason(b"(" * deepest + b")" * deepest, "E_LIMIT_NESTING", deepest))


if __name__ == "__main__":
    unittest.main()
