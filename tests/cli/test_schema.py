"""docs/json-schema.json describes what the json command prints."""

import json
import unittest

import command
from schema import Schema


class SchemaTest(command.CommandTest):
    @classmethod
    def setUpClass(cls):
        cls.schema = Schema(json.loads((command.DOCS / "json-schema.json").read_text(encoding="utf-8")))

    def assert_valid(self, output):
        objects = [json.loads(line) for line in output.decode("utf-8").splitlines()]
        for value in objects:
            self.assertEqual(self.schema.faults(value), [], value)
        return objects

    def test_all_messages_are_described(self):
        files = command.data_files()
        self.assertGreater(len(files), 600)
        objects = self.assert_valid(command.run("json", *files).stdout)
        self.assertEqual(len(objects), len(files))

    def test_streams_are_described(self):
        self.assertGreater(len(self.assert_valid(command.run("json", "--stream", *command.data_files()[-80:]).stdout)), 60)

    def test_odd_values_are_described(self):
        for line in (b"Contact: *", b"Contact: <tel:+1-201;ext=2>;q=0.5, <x:y>", b"Allow:", b"Subject: \xff",
                     b'Contact: "\xc0\x80" <sip:a:b@[::1]:5?c=>;x=""', b"X: \xff\r\n \xfe", b"To: again", b"Via: bad"):
            self.assert_valid(command.run("json", "-", stdin=command.with_line(line)).stdout)

    def test_broken_start_lines_are_described(self):
        for message in (b"", b"\0", b"SIP/2.0 999 \r\n\r\n", b"SIP/2.0 200 \xc0\x80\r\n\r\n", b"X <a> SIP/2.0\r\n\r\n",
                        b"X sip:[ SIP/2.0\r\n\r\n"):
            self.assert_valid(command.run("json", "-", stdin=message).stdout)

    def test_other_objects_are_refused(self):
        good = self.assert_valid(self.assert_runs("json", "-", stdin=command.REQUEST))[0]
        for change in ({"kind": "reply"}, {"extra": 1}, {"headers": {}}, {"body": {"offset": -1, "length": 0}},
                       {"error": {"code": "E_SYNTAX"}}, {"request_uri": {"raw": "x"}}, {"version": 2}):
            self.assertNotEqual(self.schema.faults({**good, **change}), [], change)
        for name in good:
            self.assertNotEqual(self.schema.faults({k: v for k, v in good.items() if k != name}), [], name)
        good["headers"][0]["parsed"][0]["port"] = "5060"
        self.assertNotEqual(self.schema.faults(good), [])


if __name__ == "__main__":
    unittest.main()
