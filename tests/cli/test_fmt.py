"""sipwire fmt: the same octets with --exact, the same values without."""

import itertools
import pathlib
import tempfile
import unittest

import command
from command import REQUEST, replaced, with_line


class FmtTest(command.CommandTest):
    def test_all_messages_that_parse_come_back(self):
        files = command.data_files()
        result = command.run("fmt", "--exact", *files)
        refused = command.names_in(result.stderr)
        for path, message in zip(files, command.objects("json", *files), strict=True):
            if message["error"] is None:
                self.assertNotIn(str(path), refused)
            elif message.get("request_uri", "") is not None:  # else the error may be the Request-URI's
                self.assertIn(str(path), refused)
        accepted = [path for path in files if str(path) not in refused]
        self.assertGreater(len(accepted), 600)
        self.assertEqual((result.returncode, len(accepted) + len(refused)), (1, len(files)))
        self.assert_same(result.stdout, b"".join(path.read_bytes() for path in accepted))

    def test_several_files_stand_one_behind_the_other(self):
        with tempfile.TemporaryDirectory() as folder:
            paths = [pathlib.Path(folder, name) for name in ("one", "bad", "two")]
            messages = (with_line(b"X: 1"), REQUEST[:-1], b"X a:b SIP/2.0\r\n\r\n")
            for path, message in zip(paths, messages):
                path.write_bytes(message)
            result = command.run("fmt", "--exact", *paths)
            self.assertEqual((result.returncode, result.stdout), (1, messages[0] + messages[2]))
            self.assertEqual(command.names_in(result.stderr), {str(paths[1])})
            result = command.run("fmt", "--exact", paths[0], pathlib.Path(folder, "none"), paths[2])
            self.assertEqual((result.returncode, result.stdout), (2, messages[0] + messages[2]))

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
    def values(message):
        """What the json command says of a message, without its layout and Content-Length."""
        fields = {}
        for header in message["headers"]:
            name = header["field"] or header["name"].lower()
            if name != "Content-Length":
                fields.setdefault(name, []).extend(header["parsed"] or [header["value"].strip()])
        for name in ("WWW-Authenticate", "Proxy-Authenticate"):
            fields[name] = [{**value, "params": [[n, v.lower() if n.lower() == "stale" else v] for n, v in value["params"]]}
                            for value in fields.get(name, [])]
        return {"start": [message.get(key) for key in ("method", "request_uri", "status", "reason")], "fields": fields}

    @staticmethod
    def pieces(octets):
        """What fmt wrote for several messages: it ends each by its Content-Length."""
        lengths = [m["body"]["offset"] + m["body"]["length"] for m in command.objects("json", "--stream", "-", stdin=octets)]
        ends = list(itertools.accumulate(lengths))
        return [octets[end - length:end] for end, length in zip(ends, lengths)]

    def test_all_messages_that_parse_keep_their_values(self):
        files = command.data_files()
        parsed = [(path, message) for path, message in zip(files, command.objects("json", *files), strict=True)
                  if message["error"] is None]
        paths = [path for path, _ in parsed]
        for option in ("--long", "--compact"):
            result = command.run("fmt", option, *paths)
            refused = command.names_in(result.stderr)
            for path in paths:
                self.assertFalse(str(path) in refused and b"SIP/2.0" in path.read_bytes(), path)
            self.assertEqual(result.returncode, 1 if refused else 0)
            written = [(path, message) for path, message in parsed if str(path) not in refused]
            self.assertGreater(len(written), 600)
            self.assert_rewritten(option, written, result.stdout)

    def assert_rewritten(self, option, originals, octets):
        """What was written is, message by message, equal to the originals, and is written again as it is."""
        pieces = self.pieces(octets)
        self.assert_same(b"".join(pieces), octets)
        with tempfile.TemporaryDirectory() as folder:
            paths = [pathlib.Path(folder, str(i)) for i in range(len(pieces))]
            for path, piece in zip(paths, pieces):
                path.write_bytes(piece)
            for (path, message), again, piece in zip(originals, command.objects("json", *paths), pieces, strict=True):
                self.assertEqual(self.values(again), self.values(message), path)
                self.assert_same(self.body(again, piece), self.body(message, path.read_bytes()))
            self.assert_same(self.assert_runs("fmt", option, *paths), octets)
        self.assert_same(self.assert_runs("fmt", option, "--stream", "-", stdin=octets), octets)

    @staticmethod
    def body(message, octets):
        begin = message["body"]["offset"]
        return octets[begin:begin + message["body"]["length"]]

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

    def test_message_of_a_stream_is_refused_at_its_line(self):
        bad = replaced(b"sip:carol@chicago.example", b"sip:carol@")
        for stream, place in ((b"\r\n" + REQUEST + bad + REQUEST, b"11:19"), (b" " + bad, b"1:1")):
            result = command.run("fmt", "--stream", "-", stdin=stream)
            self.assertEqual((result.returncode, result.stdout), (1, REQUEST * stream.count(REQUEST)))
            self.assertRegex(result.stderr, rb"^-:" + place + rb": error: ")

    def test_two_ways_at_once_are_wrong_usage(self):
        self.assertEqual(command.run("fmt", "--long", "--compact", "-").returncode, 2)


if __name__ == "__main__":
    unittest.main()
