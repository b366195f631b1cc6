"""sipwire fmt: the same octets with --exact, the same values without."""

import json
import unittest

import command
from command import REQUEST, replaced, with_line


class FmtTest(command.CommandTest):
    def test_all_messages_that_parse_come_back(self):
        files, accepted = command.data_files(), 0
        objects = command.run("json", *files).stdout.decode("utf-8").splitlines()
        self.assertEqual(len(objects), len(files))
        for path, line in zip(files, objects):
            message = json.loads(line)
            result = command.run("fmt", "--exact", path)
            if message["error"] is None:
                self.assertEqual((result.returncode, result.stdout), (0, path.read_bytes()), path)
                accepted += 1
            elif message.get("request_uri", "") is not None:  # else the error may be the Request-URI's
                self.assertEqual((result.returncode, result.stdout), (1, b""), path)
        self.assertGreater(accepted, 600)

    def test_odd_layout_comes_back(self):
        body = replaced(b"Length: 0\r\n\r\n", b"Length: 3\r\n\r\n\0\r\nbehind")
        for message in (body, with_line(b"X  \t:\r\n  a \t\r\n\tb \r\n  \xff"), with_line(b"X:\r\nY: \r\n "), b"X a:b SIP/2.0\r\n\r\n"):
            self.assertEqual(self.assert_runs("fmt", "--exact", "-", stdin=message), message)

    def test_malformed_field_comes_back(self):
        message = replaced(b"63104", b"x")
        self.assertEqual(self.assert_runs("fmt", "--exact", "-", stdin=message), message)

    def test_message_that_does_not_parse_is_refused(self):
        for message in (b"", REQUEST[:-1], with_line(b"bad"), replaced(b"Length: 0", b"Length: 1")):
            result = command.run("fmt", "--exact", "-", stdin=message)
            self.assertEqual((result.returncode, result.stdout), (1, b""))
            self.assertRegex(result.stderr, rb"^-:\d+:\d+: error: ")


class CanonicalTest(command.CommandTest):
    @staticmethod
    def values(line):
        """What the json command says of a message, without its layout and Content-Length."""
        message, fields = json.loads(line), {}
        for header in message["headers"]:
            name = header["field"] or header["name"].lower()
            if name != "Content-Length":
                fields.setdefault(name, []).extend(header["parsed"] or [header["value"].strip()])
        for value in fields.get("WWW-Authenticate", []) + fields.get("Proxy-Authenticate", []):
            value["params"] = [[n, v.lower() if n.lower() == "stale" else v] for n, v in value["params"]]
        return {"start": [message.get(key) for key in ("method", "request_uri", "status", "reason")], "fields": fields}

    def test_all_messages_that_parse_keep_their_values(self):
        files, written = command.data_files(), 0
        objects = command.run("json", *files).stdout.decode("utf-8").splitlines()
        for path, line in zip(files, objects):
            if json.loads(line)["error"] is not None:
                continue
            for option in ("--long", "--compact"):
                result = command.run("fmt", option, path)
                if result.returncode == 1 and b"SIP/2.0" not in path.read_bytes():
                    continue
                self.assertEqual((result.returncode, result.stderr), (0, b""), path)
                again = command.run("json", "-", stdin=result.stdout).stdout.decode("utf-8")
                self.assertEqual(self.values(again), self.values(line), path)
                self.assertEqual(command.run("fmt", option, "-", stdin=result.stdout).stdout, result.stdout, path)
                written += 1
        self.assertGreater(written, 1200)

    def test_names_are_long_or_compact(self):
        message = with_line(b"k : x\r\nrefer-TO: y").replace(b"Via:", b"v :")
        for options, names in (((), (b"Via", b"Supported", b"Refer-To")), (("--long",), (b"Via", b"Supported", b"Refer-To")),
                               (("--compact",), (b"v", b"k", b"r"))):
            out = self.assert_runs("fmt", *options, "-", stdin=message)
            for name in names:
                self.assertIn(b"\r\n" + name + b": ", out)
            self.assertEqual(out.count(b"\r\n" + (b"l: " if "--compact" in options else b"Content-Length: ")), 1)

    def test_layout_becomes_canonical(self):
        message = replaced(b"From: Alice <sip:alice@atlanta.example>;tag=1928301774",
                           b'f :\r\n "A\r\n  \\"" <sip:alice@atlanta.example> ; TAG = x ;a')
        out = self.assert_runs("fmt", "-", stdin=message)
        self.assertIn(b'\r\nFrom: "A \\"" <sip:alice@atlanta.example>;TAG=x;a\r\n', out)

    def test_malformed_and_repeated_fields_are_copied(self):
        message = with_line(b"CSeq: x").replace(b"Max-Forwards: 70", b"Max-Forwards:  x \r\n\t y")
        out = self.assert_runs("fmt", "-", stdin=message)
        for line in (b"\r\nCSeq: 63104 OPTIONS\r\n", b"\r\nCSeq: x\r\n", b"\r\nMax-Forwards:  x \r\n\t y\r\n"):
            self.assertIn(line, out)

    def test_values_that_the_writer_refuses_are_copied(self):
        for lines in (b"Contact:*\r\nContact:<sip:b>", b"Contact:sip:b\r\nContact:*"):
            self.assertIn(lines, self.assert_runs("fmt", "-", stdin=with_line(lines)))

    def test_parameters_that_stand_twice_are_copied(self):
        message = with_line(b"Contact:<sip:a>;x;x").replace(b"chicago.example SIP", b"chicago.example;a;A SIP")
        out = self.assert_runs("fmt", "-", stdin=message)
        self.assertTrue(out.startswith(message.split(b"\r\n")[0]))
        self.assertIn(b"\r\nContact:<sip:a>;x;x\r\n", out)

    def test_content_length_is_that_of_the_body(self):
        out = self.assert_runs("fmt", "-", stdin=replaced(b"Content-Length: 0\r\n\r\n", b"\r\nbody"))
        self.assertTrue(out.endswith(b"\r\nContent-Length: 4\r\n\r\nbody"))

    def test_malformed_request_uri_is_refused(self):
        result = command.run("fmt", "-", stdin=replaced(b"sip:carol@chicago.example", b"sip:carol@"))
        self.assertEqual((result.returncode, result.stdout), (1, b""))
        self.assertRegex(result.stderr, rb"^-:1:\d+: error: ")

    def test_two_ways_at_once_are_wrong_usage(self):
        self.assertEqual(command.run("fmt", "--long", "--compact", "-").returncode, 2)


if __name__ == "__main__":
    unittest.main()
