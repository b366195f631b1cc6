"""sipwire fmt --exact: the same octets."""

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


if __name__ == "__main__":
    unittest.main()
