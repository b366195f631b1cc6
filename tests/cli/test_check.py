"""sipwire check: findings, their places, and the exit status."""

import datetime
import re
import unittest

import command
from command import REQUEST, replaced, with_line

FINDING = re.compile(r"(?P<file>[^:]*):(?P<line>\d+):(?P<column>\d+): (?P<severity>error|warning|note): (?P<text>.*)"
                     r" \[(?P<id>[a-z-]+)\] \((?P<rfc>RFC \d+ section [0-9A-Z.]+)\)$")


class CheckTest(command.CommandTest):
    def findings(self, message, *args, status):
        """(line, column, severity, id) of each finding."""
        out = self.assert_runs("check", *args, "-", stdin=message, status=status).decode("utf-8")
        found = [FINDING.match(line) for line in out.splitlines() if not line.startswith("  ")]
        self.assertTrue(all(found), out)
        return [(int(f["line"]), int(f["column"]), f["severity"], f["id"]) for f in found]

    def text(self, message):
        return command.run("check", "-", stdin=message).stdout.decode("utf-8")

    def assert_error(self, message, line, column, identity, answer="400"):
        findings = self.findings(message, status=1)
        self.assertEqual(findings, [(line, column, "error", identity), (1, 1, "note", "response")])
        self.assertIn(f"a server would answer: SIP/2.0 {answer} ", self.text(message))

    def test_good_message_prints_nothing(self):
        self.assertEqual(self.assert_runs("check", "-", stdin=REQUEST), b"")

    def test_malformed_value_is_an_error_at_its_octet(self):
        self.assert_error(replaced(b"Alice <", b"Al@ice <"), 5, 9, "syntax")

    def test_several_faults_are_all_found_in_order(self):
        message = with_line(b"Bad\r\nSubject: \x01\r\nWorse Line: x\r\n folded\r\n<: y").replace(b"63104", b"-1")
        self.assertEqual(self.findings(message, status=1), [
            (7, 7, "error", "syntax"), (8, 4, "error", "name"), (9, 10, "error", "syntax"), (10, 7, "error", "name"),
            (12, 1, "error", "name"), (1, 1, "note", "response")])

    def test_lines_that_are_cut_off_are_found(self):
        self.assert_error(REQUEST[:-2], 9, 1, "head-unended")

    def test_bare_line_feeds_are_an_error(self):
        findings = self.findings(REQUEST.replace(b"\r\n", b"\n"), status=1)
        self.assertEqual(findings[0], (1, 42, "error", "line-end"))

    def test_start_line_error(self):
        self.assert_error(replaced(b"SIP/2.0\r\n", b"SIP/2.0 \r\n"), 1, 42, "start-line")

    def test_request_uri_error(self):
        self.assert_error(replaced(b"chicago.example SIP", b"chicago.example:x SIP"), 1, 35, "syntax")

    def test_repetition_is_an_error_at_each_repetition(self):
        findings = self.findings(with_line(b"From: <sip:a@b>\r\nf: <sip:a@b>"), status=1)
        self.assertEqual(findings[:2], [(8, 1, "error", "duplicate"), (9, 1, "error", "duplicate")])

    def test_octet_that_no_value_may_hold_is_an_error_in_any_field(self):
        for octet in (b"\0", b"\x01", b"\x7f", b"\xff"):
            self.assert_error(with_line(b"X-A: a" + octet), 8, 7, "control")
            self.assert_error(with_line(b"DC-Info: a" + octet), 8, 11, "syntax")

    def test_content_length_faults_are_said_once(self):
        self.assert_error(replaced(b"Length: 0", b"Length: +0"), 8, 17, "content-length")
        self.assert_error(with_line(b"l: 0"), 9, 15, "content-length-repeated")
        self.assert_error(replaced(b"Length: 0", b"Length: 1"), 10, 1, "body-short")

    def test_short_body_is_found_behind_another_error(self):
        findings = self.findings(with_line(b"bad").replace(b"Length: 0", b"Length: 1"), status=1)
        self.assertEqual([f[3] for f in findings], ["name", "body-short", "response"])

    def test_too_large_message_is_answered_513(self):
        self.assert_error(with_line(b"X: " + b"y" * 200000), 8, 131073, "limit-field", answer="513")

    def test_parameter_that_stands_twice_is_an_error_at_each_repetition(self):
        self.assert_error(with_line(b"Contact: <sip:a>;x=1;y;X=2"), 8, 24, "duplicate-param")
        self.assert_error(with_line(b"Contact: <sip:a;x=1;y;x=2>;y"), 8, 23, "duplicate-param")
        self.assert_error(with_line(b"Reply-To: <tel:+1;x=1;x=2>"), 8, 23, "duplicate-param")
        self.assert_error(with_line(b"Accept: a/b;x=1;q=1;x=2"), 8, 21, "duplicate-param")
        self.assert_error(replaced(b"chicago.example SIP", b"chicago.example;a;b;A=c SIP"), 1, 39, "duplicate-param")
        findings = self.findings(with_line(b"m: <sip:a>;x;x;x,<sip:a>;y;y"), status=1)
        self.assertEqual(findings[:-1], [(8, column, "error", "duplicate-param") for column in (14, 16, 28)])

    @staticmethod
    def register(lines):
        return with_line(lines).replace(b"OPTIONS", b"REGISTER")

    def test_contact_star_stands_alone_in_register_with_expires_0(self):
        self.assertEqual(self.findings(self.register(b"Contact: *\r\nExpires: 0"), status=0), [])
        for lines, line in ((b"Contact: *\r\nm: <sip:a@b>\r\nExpires: 0", 8), (b"m: <sip:a@b>,<sip:c@d>\r\nContact: *\r\nExpires: 0", 9),
                            (b"Contact: *\r\nContact: *\r\nExpires: 0", 8), (b"Contact: *", 8), (b"Contact: *\r\nExpires: 1", 8)):
            self.assert_error(self.register(lines), line, 10, "contact-star")
        self.assert_error(with_line(b"Contact: *\r\nExpires: 0"), 8, 10, "contact-star")

    def test_malformed_contact_or_expires_beside_a_star_is_one_finding_each(self):
        findings = self.findings(self.register(b"Contact: *\r\nExpires: x"), status=1)
        self.assertEqual([f[3] for f in findings], ["syntax", "response"])
        findings = self.findings(self.register(b"Contact: *\r\nContact: <"), status=1)
        self.assertEqual([f[3] for f in findings], ["contact-star", "syntax", "response"])

    def test_response_message_is_not_answered(self):
        message = REQUEST.replace(REQUEST.split(b"\r\n")[0], b"SIP/2.0 200 OK").replace(b"63104", b"x")
        self.assertEqual(self.findings(message, status=1), [(7, 7, "error", "syntax")])

    def test_ack_is_not_answered(self):
        self.assertIn("an ACK is never answered", self.text(REQUEST.replace(b"OPTIONS", b"ACK").replace(b"63104", b"x")))

    def test_missing_field_is_an_error(self):
        for line in REQUEST.split(b"\r\n")[1:7]:
            findings = self.findings(replaced(line + b"\r\n", b""), status=0 if line.startswith(b"Max") else 1)
            severity = "warning" if line.startswith(b"Max") else "error"
            self.assertEqual(findings[0], (1, 1, severity, "missing-header-field"), line)

    def test_missing_field_is_not_guessed_where_a_line_is_malformed(self):
        self.assertEqual([f[3] for f in self.findings(replaced(b"To: ", b"To "), status=1)], ["name", "response"])

    def test_missing_max_forwards_in_a_response_is_fine(self):
        lines = REQUEST.split(b"\r\n")
        self.assertEqual(self.findings(b"\r\n".join([b"SIP/2.0 200 OK", lines[1], *lines[3:]]), status=0), [])

    def test_cseq_of_another_method_is_an_error(self):
        self.assert_error(replaced(b"63104 OPTIONS", b"63104 INVITE"), 7, 13, "cseq-method")

    def test_abilities_are_notes(self):
        for old, new, column, identity in ((b"SIP/2.0\r\n", b"SIP/3.0\r\n", 35, "version"),
                                           (b"sip:carol@", b"xmpp:carol@", 9, "scheme")):
            self.assertEqual(self.findings(replaced(old, new), "--werror", status=0), [(1, column, "note", identity)])
        unknown = REQUEST.replace(b"OPTIONS", b"Options")
        self.assertEqual(self.findings(unknown, status=0), [(1, 1, "note", "unknown-method")])

    def test_error_of_another_version_is_answered_505(self):
        self.assertIn("SIP/2.0 505", self.text(replaced(b"SIP/2.0\r\n", b"SIP/3.0\r\n").replace(b"63104", b"x")))

    def test_octets_behind_a_datagram_are_a_warning(self):
        self.assertEqual(self.findings(REQUEST + b"more", status=0), [(10, 1, "warning", "trailing")])
        self.assertEqual(self.findings(REQUEST + b"more", "--werror", status=1), [(10, 1, "warning", "trailing")])

    def test_caret_stands_under_the_column(self):
        lines = self.text(replaced(b"Alice <", b"Al@ice <")).splitlines()
        self.assertEqual(lines[1], "  From: Al@ice <sip:alice@atlanta.example>;tag=1928301774")
        self.assertEqual(lines[1][lines[2].index("^")], "@")

    def test_caret_counts_tabs_and_characters(self):
        lines = self.text(with_line("Contact:\t\t\"é€\"\t<sip:a>@".encode())).splitlines()
        self.assertEqual(lines[1][lines[2].index("^")], "@")
        self.assertNotIn("\t", lines[1])

    def test_column_counts_octets(self):
        self.assertEqual(self.findings(with_line("Contact: \"é\" @".encode()), status=1)[0][:2], (8, 15))

    def test_control_octets_are_not_printed(self):
        out = self.text(with_line(b"Subject: a\x1b[31m\x00\x7f\xff\xc2\x9b\xe2\x80\xae\rb"))
        self.assertIn(r"a\x1B[31m\x00\x7F\xFF\xC2\x9B\xE2\x80\xAE\x0Db", out)
        self.assertTrue(all(c == "\n" or c.isprintable() for c in out))

    def test_long_lines_are_cut_around_the_caret(self):
        lines = self.text(with_line(b"Subject: " + b"a" * 5000 + b"\x01" + b"b" * 5000)).splitlines()
        self.assertLess(len(lines[1]), 130)
        self.assertEqual(lines[1][lines[2].index("^"):][:4], r"\x01")
        self.assertTrue(lines[1].endswith("..."))

    def test_stream_lines_count_from_the_start_of_the_file(self):
        bad = replaced(b"63104", b"x")
        findings = self.findings(b"\r\n" + REQUEST + bad, "--stream", status=1)
        self.assertEqual(findings[0], (1 + 9 + 7, 7, "error", "syntax"))

    def test_stream_column_counts_behind_a_body_without_line_end(self):
        first = replaced(b"Length: 0\r\n\r\n", b"Length: 4\r\n\r\nbody")
        findings = self.findings(first + b"X  y", "--stream", status=1)
        self.assertEqual(findings[0][:2], (10, 7))

    def test_weekday_of_another_day_is_a_warning(self):
        message = with_line(b"Date: Mon, 13 Nov 2010 23:29:00 GMT")
        self.assertEqual(self.findings(message, status=0), [(8, 7, "warning", "weekday")])
        self.assertIn("warning: Date: the date is a Saturday, not a Monday [weekday] (RFC 822 section 5.2)", self.text(message))
        self.findings(message, "--werror", status=1)

    def test_weekdays_are_those_of_the_calendar(self):
        days = [datetime.date(year, month, day) for year in (1, 4, 100, 400, 1900, 1999, 2000, 2023, 2024, 2100, 9999)
                for month in range(1, 13) for day in (1, 13, 28)]
        days += [datetime.date(year, 2, 29) for year in (4, 400, 2000, 2024)]
        stream, wrong = b"", []
        for day in days:
            for weekday, name in enumerate(("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")):
                if weekday != day.weekday():
                    wrong.append((stream.count(b"\n") + 8, 7, "warning", "weekday"))
                stream += with_line(f"Date: {name}, {day:%d} {day:%b} {day.year:04} 00:00:00 GMT".encode())
        self.assertEqual(self.findings(stream, "--stream", status=0), wrong)

    def test_stream_needs_content_length(self):
        findings = self.findings(replaced(b"Content-Length: 0\r\n", b""), "--stream", status=1)
        self.assertEqual(findings[0][2:], ("error", "content-length-missing"))

    def test_conformance_messages_have_their_exit_status(self):
        for row in command.verdicts():
            result = command.run("check", command.DATA / row["file"])
            if row["strict"] != "ok":
                self.assertEqual(result.returncode, 1, row["file"])
            for line in result.stdout.decode("utf-8").splitlines():
                self.assertTrue(line.startswith("  ") or FINDING.match(line), line)


if __name__ == "__main__":
    unittest.main()
