"""sipwire field and sipwire uri."""

import json
import re
import unittest

import command


class FieldTest(command.CommandTest):
    def parsed(self, *args):
        out = self.assert_runs(*args)
        self.assertEqual(out.count(b"\n"), 1)
        return json.loads(out)

    def assert_refused(self, *args, code, offset):
        result = command.run(*args)
        self.assertEqual((result.returncode, result.stdout), (1, b""), args)
        self.assertIn(f"at offset {offset} [{code}]", result.stderr.decode(), args)

    def test_field_by_any_of_its_names(self):
        for name in ("Call-ID", "i", "I", "cAlL-iD"):
            self.assertEqual(self.parsed("field", name, "a@b"), [{"callid": "a@b"}])

    def test_field_list_has_an_object_for_each_value(self):
        self.assertEqual([v["host"] for v in self.parsed("field", "Via", "SIP/2.0/UDP a , SIP/2.0/TCP b:1")], ["a", "b"])
        self.assertEqual(self.parsed("field", "Supported", ""), [])

    def test_field_is_the_same_as_in_a_message(self):
        value = '"A, \\"B\\"" <sip:a@b;lr>;tag=x;y="z"'
        in_message = self.header(command.replaced(b"<sip:carol@chicago.example>\r\n", value.encode() + b"\r\n"), "To")
        self.assertEqual(self.parsed("field", "To", value), in_message["parsed"])

    def test_field_blanks_before_the_value_are_passed_over(self):
        for blanks in (" ", "\t ", "\r\n ", " \r\n\t"):
            self.assertEqual(self.parsed("field", "Max-Forwards", blanks + "7"), [{"value": 7}])

    def test_field_folds_are_taken_as_one_blank(self):
        self.assertEqual(self.parsed("field", "To", '"a\r\n  b" <sip:c>')[0]["display_name"], "a b")

    def test_field_value_may_begin_with_a_dash(self):
        self.assert_refused("field", "Content-Length", "-999", code="E_SYNTAX", offset=0)
        self.assert_refused("field", "CSeq", "--help", code="E_SYNTAX", offset=0)

    def test_field_error_counts_from_the_start_of_the_text(self):
        self.assert_refused("field", "Via", " SIP/2.0/UDP a, SIP/2.0/UDP ;", code="E_SYNTAX", offset=28)
        self.assert_refused("field", "Contact", "*, <sip:a>", code="E_SYNTAX", offset=1)
        self.assert_refused("field", "Allow", "a,,b", code="E_SYNTAX", offset=2)
        self.assert_refused("field", "To", "<sip:a>;tag=a;TAG=b", code="E_DUPLICATE_PARAM", offset=14)

    def test_field_that_takes_one_value_refuses_two(self):
        self.assertEqual(command.run("field", "To", "<sip:a>, <sip:b>").returncode, 1)

    def test_field_that_is_not_known_or_not_typed_is_said(self):
        for name in ("X-Unknown", "not a name", ""):
            result = command.run("field", name, "x")
            self.assertEqual((result.returncode, result.stdout), (2, b""))
            self.assertIn(b"known", result.stderr)

    def test_field_octets_that_are_not_utf8(self):
        value = self.parsed("field", "m", b'"\xc0\x80" <sip:a>')[0]
        self.assertEqual((value["display_name"], value["octets"]), ("\ufffd\ufffd", b'"\xc0\x80" <sip:a>'.hex()))

    def assert_tolerated(self, *args, deviations):
        """The values that a run prints; deviations: (name, offset) of each line on the standard error output."""
        result = command.run(*args)
        self.assertEqual(result.returncode, 0, result.stderr)
        told = re.findall(r": tolerated: .*, at offset (\d+) \[(\w+)\] \(RFC 3261 section", result.stderr.decode("utf-8"))
        self.assertEqual([(name, int(offset)) for offset, name in told], deviations)
        return json.loads(result.stdout)

    def test_field_with_tolerances_tells_what_was_used_of_them(self):
        value = " <sip:a@b>;x=, <sip:a@my_host>"
        self.assert_refused("field", "Contact", value, code="E_SYNTAX", offset=13)
        self.assert_refused("field", "--lenient=FLAG_EQUALS", "Contact", value, code="E_SYNTAX", offset=24)
        for lenient in ("--lenient", "--lenient=ALL", "--lenient=flag-equals,HOST_UNDERSCORE"):
            values = self.assert_tolerated("field", lenient, "Contact", value,
                                           deviations=[("FLAG_EQUALS", 13), ("HOST_UNDERSCORE", 24)])
            self.assertEqual([v["uri"]["host"] for v in values], ["b", "my_host"])
            self.assertEqual(values[0]["params"], [["x", None]])

    def test_uri_with_tolerances_tells_what_was_used_of_them(self):
        uri = self.assert_tolerated("uri", "--lenient", "sip:a@b_c;x=?s=1", deviations=[("HOST_UNDERSCORE", 7), ("FLAG_EQUALS", 12)])
        self.assertEqual((uri["host"], uri["params"], uri["headers"]), ("b_c", [["x", None]], [["s", "1"]]))
        self.assert_refused("uri", "--lenient=FLAG_EQUALS", "sip:a@b_c;x=?s=1", code="E_SYNTAX", offset=7)

    def test_field_and_uri_without_use_of_tolerances_tell_nothing(self):
        self.assertEqual(self.parsed("field", "--lenient=ALL", "CSeq", "1 ACK"), self.parsed("field", "CSeq", "1 ACK"))
        self.assertEqual(self.parsed("uri", "--lenient=ALL", "sip:a@b"), self.parsed("uri", "sip:a@b"))

    def test_lenient_is_an_option_only_before_name_and_text(self):
        self.assert_refused("field", "Content-Length", "--lenient", code="E_SYNTAX", offset=0)
        for args in (["field", "--lenientx", "To", "x"], ["field", "--lenient=x", "To", "x"], ["uri", "--lenient"],
                     ["field", "To", "x", "--lenient"]):
            self.assertEqual(command.run(*args).returncode, 2, args)

    def test_uri_sip(self):
        self.assertEqual(self.parsed("uri", "SIPS:%41:p@[::1]:0;a=b;c?h=v"), {
            "raw": "SIPS:%41:p@[::1]:0;a=b;c?h=v", "scheme": "sips", "user": "%41", "password": "p", "host": "::1",
            "host_type": "ipv6", "port": 0, "params": [["a", "b"], ["c", None]], "headers": [["h", "v"]]})
        self.assertEqual(self.parsed("uri", "sip:192.0.2.1")["host_type"], "ipv4")
        self.assertIsNone(self.parsed("uri", "sip:h")["user"])

    def test_uri_tel(self):
        self.assertEqual(self.parsed("uri", "tel:7042;phone-context=example.com"), {
            "raw": "tel:7042;phone-context=example.com", "scheme": "tel", "number": "7042",
            "params": [["phone-context", "example.com"]]})

    def test_uri_of_another_scheme(self):
        self.assertEqual(self.parsed("uri", "mailto:a@b"), {"raw": "mailto:a@b", "scheme": "mailto"})

    def test_uri_errors(self):
        self.assert_refused("uri", "", code="E_SYNTAX", offset=0)
        self.assert_refused("uri", "sip:", code="E_SYNTAX", offset=4)
        self.assert_refused("uri", "sip:a b", code="E_SYNTAX", offset=5)
        self.assert_refused("uri", "-x", code="E_SYNTAX", offset=0)


if __name__ == "__main__":
    unittest.main()
