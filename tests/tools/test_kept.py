"""What a step of the build made is taken by other builds, as long as nothing that it reads has changed."""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

import kept

STEP = """
import pathlib, sys
log, source, out = map(pathlib.Path, sys.argv[1:4])
log.write_text(log.read_text() + "x")
(out / "made").mkdir(exist_ok=True)
(out / "made" / "upper").write_text(source.read_text().upper())
print("made")
sys.exit(3 if source.read_text() == "bad" else 0)
"""


class KeptTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.step, self.log, self.source = (self.folder / name for name in ("step.py", "log", "source"))
        self.step.write_text(STEP)
        self.source.write_text("text")

    def build(self, name):
        """Runs the step for a build; returns its status, what it printed, and whether it was run."""
        out = self.folder / name
        out.mkdir(exist_ok=True)
        self.log.write_text("")
        result = subprocess.run([sys.executable, kept.__file__, self.folder / "kept", out, sys.executable, self.step,
                                 os.path.relpath(self.log), self.source, out], stdout=subprocess.PIPE, check=False)
        return result.returncode, result.stdout, self.log.read_text() != ""

    def made(self, name):
        return (self.folder / name / "made" / "upper").read_text()

    def test_other_build_takes_what_the_first_made(self):
        self.assertEqual(self.build("one"), (0, b"made\n", True))
        self.assertEqual(self.build("two"), (0, b"made\n", False))
        self.assertEqual((self.made("one"), self.made("two")), ("TEXT", "TEXT"))

    def test_changed_input_is_read_again(self):
        self.build("one")
        self.source.write_text("next")
        self.assertEqual(self.build("two"), (0, b"made\n", True))
        self.assertEqual(self.build("one"), (0, b"made\n", False))
        self.assertEqual((self.made("one"), self.made("two")), ("NEXT", "NEXT"))

    def test_changed_step_is_run_again(self):
        self.build("one")
        self.step.write_text(STEP.replace("upper()", "title()"))
        self.assertEqual(self.build("two"), (0, b"made\n", True))
        self.assertEqual(self.made("two"), "Text")

    def test_failed_step_is_not_kept(self):
        self.build("one")
        self.source.write_text("bad")
        self.assertEqual(self.build("two"), (3, b"", True))
        self.assertEqual(self.build("two"), (3, b"", True))
        self.assertFalse((self.folder / "two" / "made").exists())
        self.source.write_text("text")
        self.assertEqual(self.build("two"), (0, b"made\n", True))

    def test_file_that_is_as_it_was_is_left_alone(self):
        self.build("one")
        path = self.folder / "one" / "made" / "upper"
        os.utime(path, (1, 1))
        self.build("one")
        self.assertEqual(path.stat().st_mtime, 1)
        path.write_text("other")
        self.build("one")
        self.assertEqual(self.made("one"), "TEXT")

    def test_every_tool_and_the_grammar_count(self):
        command = [sys.executable, str(self.step)]
        read = kept.files_read("out", command)
        for path in (kept.TOOLS / "fsa.py", kept.GRAMMAR / "abnf" / "rfc3261.abnf", kept.GRAMMAR / "headers.tsv", self.step):
            self.assertIn(path, read)

    def test_what_a_step_is_told_counts(self):
        one, other = (kept.digest("out", ["python3", str(self.step), word]) for word in ("one", "other"))
        self.assertNotEqual(one, other)
        self.assertEqual(kept.digest("out", ["python3", "out/x"]), kept.digest("else", ["python3", "else/x"]))
        self.assertNotEqual(kept.step_name("out", ["python3", "a.py", "out/x"]), kept.step_name("out", ["python3", "a.py", "out/y"]))


if __name__ == "__main__":
    unittest.main()
