"""--lenient: each tolerance of the table by its name, in check and json."""

import csv
import json
import re
import unittest

import command
from command import REQUEST, replaced, with_line

TABLE = command.DATA.parent.parent / "grammar" / "tolerances.tsv"


def tolerances():
    with open(TABLE, encoding="utf-8", newline="") as table:
        return list(csv.DictReader((line for line in table if not line.startswith("#")), delimiter="\t", quoting=csv.QUOTE_NONE))


def octets(example):
    return re.sub(rb"\\x([0-9a-f]{2})", lambda m: bytes([int(m[1], 16)]), example.encode()).replace(rb"\"", b'"')


def with_field(field):
    """REQUEST with this header field, in place of the one with its name, and the number of its line."""
    name = field.split(b":")[0]
    lines = REQUEST.split(b"\r\n")
    at = next((i for i, line in enumerate(lines) if line.startswith(name + b":")), len(lines) - 3)
    lines[at:at + lines[at].startswith(name + b":")] = [field]
    return b"\r\n".join(lines), at + 1


class LenientTest(command.CommandTest):
    def test_each_field_tolerance_turns_its_error_into_a_warning(self):
        for row in tolerances():
            if row["of"] != "field":
                continue
            field = octets(row["example"])
            message, line = with_field(field)
            identity = row["name"].lower().replace("_", "-")
            strict = self.assert_runs("check", "-", stdin=message, status=1).decode("utf-8")
            self.assertIn(f"-:{line}:{int(row['refused']) + 1}: error: ", strict, row["name"])
            lenient = self.assert_runs("check", "--lenient=" + row["name"], "-", stdin=message).decode("utf-8")
            self.assertRegex(lenient, rf"^-:{line}:{int(row['deviates']) + 1}: warning: .* \[{identity}\] \(RFC ")
            out = json.loads(self.assert_runs("json", "--lenient=" + identity, "-", stdin=message))
            first = out["deviations"][0]
            self.assertEqual({d["code"] for d in out["deviations"]}, {row["name"]})
            self.assertEqual((first["line"], first["column"]), (line, int(row["deviates"]) + 1))
            self.assertIsNotNone(out["headers"][line - 2]["parsed"], row["name"])

    def test_deviation_names_its_field(self):
        message, _ = with_field(b"f: <sip:a@b_c>;tag=1")
        message = message.replace(b"From: Alice <sip:alice@atlanta.example>;tag=1928301774\r\n", b"")
        out = json.loads(self.assert_runs("json", "--lenient", "-", stdin=message))
        expected = {"code": "HOST_UNDERSCORE", "offset": message.index(b"_c"), "line": 7, "column": 12, "field": "From",
                    "rfc": "RFC 3261 section 25.1"}
        self.assertEqual(out["deviations"][0], expected)

    def test_bare_line_feeds_are_a_warning_and_all_fields_are_read(self):
        message = REQUEST.replace(b"\r\n", b"\n")
        out = self.assert_runs("check", "--lenient=BARE_LF", "-", stdin=message).decode("utf-8")
        self.assertRegex(out.splitlines()[0], r"^-:1:42: warning: tolerated: .* \[bare-lf\]")
        out = json.loads(self.assert_runs("json", "--lenient=bare-lf", "-", stdin=message))
        self.assertEqual(len(out["headers"]), 7)
        self.assert_runs("check", "--lenient=DEPLOYED", "-", stdin=message, status=1)

    def test_empty_privacy_values_are_empty_elements_behind_a_comma_or_at_the_end(self):
        both = [{"priv_value": "id"}, {"priv_value": "header"}]
        for value in ("id;header", "id,header", "id ; header"):
            self.assertEqual(json.loads(self.assert_runs("field", "Privacy", value)), both)
        for value in ("id;", "id,", "id;;header", ";id", ",id", ""):
            self.assert_runs("field", "Privacy", value, status=1)
        for value in ("id;", "id,", "id,,header"):
            result = command.run("field", "--lenient=EMPTY_ELEMENTS", "Privacy", value)
            self.assertEqual(json.loads(result.stdout), both if "h" in value else both[:1], value)
        for value in (";id", ",id", "id;;header"):
            self.assert_runs("field", "--lenient=ALL", "Privacy", value, status=1)

    def test_lenient_alone_is_the_preset(self):
        message, _ = with_field(b"From: <sip:a@b_c>;tag=1")
        for args in (["--lenient"], ["--lenient=DEPLOYED"], ["--lenient=all"], ["--lenient=TAG_CHARS,HOST_UNDERSCORE"]):
            self.assert_runs("check", *args, "-", stdin=message)
        self.assert_runs("check", "--lenient=TAG_CHARS", "-", stdin=message, status=1)
        self.assert_runs("check", "--lenient", "--werror", "-", stdin=message, status=1)

    def test_good_message_has_no_deviations(self):
        self.assertEqual(self.assert_runs("check", "--lenient=ALL", "-", stdin=REQUEST), b"")
        self.assertEqual(json.loads(self.assert_runs("json", "--lenient=ALL", "-", stdin=REQUEST))["deviations"], [])

    def test_streams_are_framed_strictly(self):
        self.assert_runs("check", "--stream", "--lenient=ALL", "-", stdin=REQUEST.replace(b"\r\n", b"\n"), status=1)
        self.assert_runs("check", "--stream", "--lenient=ALL", "-", stdin=replaced(b"Content-Length: 0\r\n", b""), status=1)
        self.assert_runs("check", "--stream", "--lenient=ALL", "-", stdin=replaced(b"Length: 0", b"Length: 0 "), status=1)

    def test_content_length_on_a_stream_is_an_error_and_not_tolerated_too(self):
        out = self.assert_runs("check", "--stream", "--lenient=ALL", "-", stdin=replaced(b"Length: 0", b"Length: 0 "), status=1)
        self.assertIn(b"-:8:18: error: ", out)
        self.assertNotIn(b"tolerated", out)
        out = self.json_of(replaced(b"Length: 0", b"Length: 0 "), "--stream", "--lenient=ALL", status=1)
        self.assertEqual(out["deviations"], [])

    def test_bare_line_feeds_all_malformed_lines_are_told(self):
        message = REQUEST.replace(b"\r\n", b"\n").replace(b"CSeq:", b"x\n=: y\nCSeq:").replace(b"Call-ID:", b"a b: c\nCall-ID:")
        out = self.assert_runs("check", "--lenient=BARE_LF", "-", stdin=message, status=1).decode("utf-8")
        errors = re.findall(r"(?m)^-:(\d+:\d+): error: .* \[(.*)\] \(", out)
        self.assertEqual(errors, [("6:3", "name"), ("8:2", "name"), ("9:1", "name")])

    def test_many_deviations_on_a_line_each_have_their_place_and_caret(self):
        names = [f"<sip:x{'x' * (7 * i % 50)}_y>" for i in range(40)]
        line = b'Contact: "\t\\\x01\xc3\xb6" <sip:a_b>,\t' + b", ".join(name.encode() for name in names)
        columns = [match.start() + 1 for match in re.finditer(b"_", line)]
        out = self.assert_runs("check", "--lenient", "-", stdin=with_line(line)).decode("utf-8").splitlines()
        self.assertEqual([int(said.split(":")[2]) for said in out[::3]], columns)
        for shown, caret in zip(out[1::3], out[2::3]):
            self.assertEqual(shown[caret.index("^")], "_", shown)

    def test_values_on_streams_are_tolerated(self):
        message = with_line(b"Contact: <sip:a@b_c>")
        self.assert_runs("check", "--stream", "--lenient", "-", stdin=message + message)

    def test_help_lists_the_table(self):
        for name in ("check", "json", "field", "uri"):
            out = self.assert_runs(name, "--help").decode("utf-8")
            for row in tolerances():
                mark = "*" if row["deployed"] == "yes" else " "
                self.assertRegex(out, rf"(?m)^\{mark} {row['name']} +\S" if mark == "*" else rf"(?m)^  {row['name']} +\S")

    def test_conformance_messages_have_their_lenient_verdicts(self):
        for row in command.verdicts():
            message = json.loads(command.run("json", "--lenient", command.DATA / row["file"]).stdout)
            errors = [message["error"]] + [h["error"] for h in message["headers"]]
            self.assertEqual(next((e["code"] for e in errors if e), "ok"), row["lenient"], row["file"])
            if row["strict"] == "ok":
                self.assertEqual(message["deviations"], [], row["file"])


if __name__ == "__main__":
    unittest.main()
