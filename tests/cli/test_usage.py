"""Command lines, files, and the bench command."""

import os
import re
import subprocess
import tempfile
import unittest

import command
from command import REQUEST

COMMANDS = ("check", "json", "field", "uri", "fmt", "bench")


class UsageTest(command.CommandTest):
    def assert_usage_error(self, *args, says):
        result = command.run(*args)
        self.assertEqual((result.returncode, result.stdout), (2, b""), args)
        self.assertIn(says, result.stderr.decode(), args)

    def test_help_of_all_and_of_each(self):
        out = self.assert_runs("--help").decode()
        for name in COMMANDS:
            self.assertIn(f"  {name} ", out)
            self.assertTrue(self.assert_runs(name, "--help").startswith(f"Usage: sipwire {name} ".encode()))

    def test_version(self):
        self.assertRegex(self.assert_runs("--version"), rb"^sipwire \d+\.\d+\.\d+\n$")

    def test_wrong_commands_and_options(self):
        self.assert_usage_error(says="Usage")
        self.assert_usage_error("chek", says="no command 'chek'")
        self.assert_usage_error("check", says="no FILE")
        self.assert_usage_error("json", "--strem", "x", says="unknown option --strem")
        self.assert_usage_error("json", "--stream=yes", "x", says="no value: --stream")
        self.assert_usage_error("json", "--werror", "x", says="unknown option")
        self.assert_usage_error("field", "To", says="NAME and a VALUE")
        self.assert_usage_error("field", "To", "a", "b", says="too many")
        self.assert_usage_error("uri", says="URI")
        self.assert_usage_error("fmt", "--exact", says="no FILE")
        self.assert_usage_error("bench", "--time", says="needs a value")
        self.assert_usage_error("bench", "--time=soon", "x", says="not soon")
        self.assert_usage_error("bench", "--time=-1", "x", says="not -1")

    def test_lenient_takes_known_names_only(self):
        for name in ("check", "json"):
            self.assert_runs(name, "--lenient", "-", stdin=REQUEST)
            self.assert_usage_error(name, "--lenient=no-such", "-", says="no tolerance named no-such")
            self.assert_usage_error(name, "--lenient=", "-", says="no tolerance named")

    def test_options_stand_anywhere_until_two_dashes(self):
        self.assert_runs("check", "-", "--stream", stdin=REQUEST + REQUEST)
        self.assert_usage_error("check", "--", "--stream", says="--stream: No such file")

    def test_files_that_cannot_be_read(self):
        with tempfile.TemporaryDirectory() as folder:
            missing = os.path.join(folder, "missing")
            for name in ("check", "json", "bench"):
                self.assert_usage_error(name, missing, says="missing: No such file")
                self.assert_usage_error(name, folder, says="Is a directory")
            result = command.run("json", missing, "-", stdin=REQUEST)
            self.assertEqual((result.returncode, result.stdout.count(b"\n")), (2, 1))

    def test_unreadable_file_outweighs_an_error(self):
        self.assertEqual(command.run("check", "-", "/nonexistent", stdin=b"junk").returncode, 2)

    @unittest.skipUnless(os.path.exists("/dev/full"), "no /dev/full")
    def test_output_that_cannot_be_written_is_not_success(self):
        with open("/dev/full", "wb") as full:
            result = subprocess.run([command.SIPWIRE, "json", "-"], input=REQUEST, stdout=full, stderr=subprocess.PIPE,
                                    check=False)
        self.assertEqual(result.returncode, 2)

    def test_large_standard_input(self):
        messages = REQUEST * 10000
        out = self.assert_runs("json", "--stream", "-", stdin=messages)
        self.assertEqual(out.count(b"\n"), 10000)

    def test_bench_reports_three_speeds(self):
        out = self.assert_runs("bench", "--time", "0.05", *sorted(command.DATA.glob("rfc4475/ws*.sip"))).decode()
        rows = re.findall(r"^(\S.*?) {2,}\d+ +\d+ +\d+ +(\d+\.\d\d)$", out, re.MULTILINE)
        self.assertEqual([r[0] for r in rows], ["memchr over the heads", "index", "index and every typed field"])
        self.assertEqual(rows[0][1], "1.00")

    def test_bench_leaves_out_what_does_not_parse(self):
        with tempfile.NamedTemporaryFile() as junk:
            junk.write(b"junk")
            junk.flush()
            result = command.run("bench", "--time", "0.05", junk.name)
            self.assertEqual((result.returncode, result.stdout), (1, b""))
            self.assertIn(b"1 of 1 files do not parse", result.stderr)


if __name__ == "__main__":
    unittest.main()
