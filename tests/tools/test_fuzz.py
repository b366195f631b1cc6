"""scripts/fuzz and what runs behind it: a finding is printed with its input and a command that reproduces it; the
corpus lasts and is kept small; targets share the time. The target here is a small one that fails on purpose."""

import contextlib
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))
import fuzz_run  # noqa: E402

# Fails on inputs that begin with "!"; otherwise has some branches to cover.
SOURCE = r"""
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 0 && data[0] == '!')
        abort();
    return size > 1 && data[0] == 'a' && data[1] == 'b' ? 0 : 0;
}
"""
COMPILER = ["clang", "-g", "-fsanitize=fuzzer,address,undefined", "-x", "c", "-"]


def made_target(path):
    """Whether the small target could be compiled."""
    return bool(shutil.which("clang")) and subprocess.run(
        [*COMPILER, "-o", path], input=SOURCE, text=True, capture_output=True, check=False).returncode == 0


class Running(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        holder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(holder.cleanup)
        cls.programs = Path(holder.name)
        if not made_target(cls.programs / "fuzz_small"):
            raise unittest.SkipTest("there is no clang with libFuzzer")

    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = Path(holder.name)

    def seed(self, *inputs):
        folder = self.folder / "seeds" / "fuzz_small"
        folder.mkdir(parents=True)
        for number, octets in enumerate(inputs):
            (folder / str(number)).write_bytes(octets)

    def folders(self):
        return ["--programs", str(self.programs), "--corpus", str(self.folder / "corpus"),
                "--found", str(self.folder / "found"), "--seeds", str(self.folder / "seeds" / "{target}")]

    def target(self, *limit):
        options = fuzz_run.parse_arguments([*self.folders(), *limit, "fuzz_small"])
        return fuzz_run.Target("fuzz_small", options), options

    def fuzz(self, *limit):
        """Exit status and text."""
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            status = fuzz_run.main([*self.folders(), *limit, "fuzz_small"])
        return status, printed.getvalue()

    def test_finding_is_printed_in_hex_and_as_text_and_the_status_is_1(self):
        self.seed(b"!\x00\xffVia\r\n" + b"v" * 20)
        status, text = self.fuzz("--runs", "10")
        self.assertEqual(status, 1)
        self.assertIn("fuzz_small: FOUND", text)
        self.assertIn("deadly signal", text)
        self.assertIn("  input, 28 octets:\n"
                      "    000000  21 00 ff 56 69 61 0d 0a 76 76 76 76 76 76 76 76  !..Via..vvvvvvvv\n"
                      "    000010  76 76 76 76 76 76 76 76 76 76 76 76              vvvvvvvvvvvv\n", text)
        self.assertIn(r"  as text: '!\x00\xffVia\r\n" + "v" * 20 + "'", text)

    def test_command_of_a_finding_reproduces_it(self):
        self.seed(b"!reproduce")
        text = self.fuzz("--runs", "10")[1]
        command = shlex.split(re.search(r"to reproduce it: +(.*)", text).group(1))
        again = subprocess.run(command, capture_output=True, text=True, check=False)
        self.assertNotEqual(again.returncode, 0)
        self.assertIn("deadly signal", again.stderr)
        self.assertEqual(Path(command[-1]).read_bytes(), b"!reproduce")
        self.assertEqual(Path(command[-1]).parent, self.folder / "found")

    def test_long_input_of_a_finding_is_shortened(self):
        self.seed(b"!" + b"x" * 5000)
        text = self.fuzz("--runs", "10")[1]
        self.assertIn(f"input, 5001 octets; the first {fuzz_run.SHOWN_OCTETS}:", text)
        self.assertNotIn("x" * (fuzz_run.SHOWN_OCTETS + 1), text)

    def test_nothing_found_is_status_0_and_leaves_no_corpus_with_runs(self):
        self.seed(b"ab")
        status, text = self.fuzz("--runs", "10")
        self.assertEqual(status, 0)
        self.assertRegex(text, "fuzz_small +done: 1[01] runs, nothing found")
        self.assertFalse((self.folder / "corpus").exists())

    def test_finding_does_not_spoil_the_corpus(self):
        self.seed(b"!")
        corpus = self.folder / "corpus" / "fuzz_small"
        corpus.mkdir(parents=True)
        (corpus / "mine").write_bytes(b"ab")
        self.assertEqual(self.fuzz("--time", "1")[0], 1)
        self.assertIn(b"ab", [path.read_bytes() for path in corpus.iterdir()])

    def test_corpus_is_kept_between_runs_and_made_small(self):
        corpus = self.folder / "corpus" / "fuzz_small"
        corpus.mkdir(parents=True)
        for number in range(40):
            (corpus / str(number)).write_bytes(b"ab" + bytes([0x30 + number]))
        self.assertTrue(self.target("--time", "1")[0].merge())
        kept = [path.read_bytes() for path in corpus.iterdir()]
        self.assertEqual([octets[:2] for octets in kept], [b"ab"])
        self.assertEqual([path.name for path in corpus.parent.iterdir()], ["fuzz_small"])

    def test_interrupted_target_is_no_finding(self):
        target, options = self.target("--runs", "1")
        target.fuzz = lambda limit, corpus: (fuzz_run.INTERRUPTED, [])
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            good = fuzz_run.run_target(target, options, None)
        self.assertTrue(good)
        self.assertEqual(printed.getvalue(), "")


class Report(unittest.TestCase):
    def test_report_keeps_what_is_about_the_library_up_to_the_summary(self):
        kept = fuzz_run.readable(["==9== ERROR: AddressSanitizer: heap-buffer-overflow",
                                  "    #0 0x1 in raise signal/raise.c:26",
                                  "    #1 0x2 in read_all fuzz_value.c:51:69 (BuildId: 00ff)",
                                  "    #2 0x3 in fuzzer::Fuzzer::ExecuteCallback(int) (fuzz_value+0x1)",
                                  "", "SUMMARY: AddressSanitizer: heap-buffer-overflow", "MS: 0 ; base unit: 00"])
        self.assertEqual(kept, ["==9== ERROR: AddressSanitizer: heap-buffer-overflow",
                                "    #1 0x2 in read_all fuzz_value.c:51:69",
                                "SUMMARY: AddressSanitizer: heap-buffer-overflow"])


class Sharing(unittest.TestCase):
    def test_targets_share_the_time(self):
        self.assertEqual(fuzz_run.share(600, 4, 1), 150)
        self.assertEqual(fuzz_run.share(600, 4, 2), 300)
        self.assertEqual(fuzz_run.share(600, 5, 2), 200)
        self.assertEqual(fuzz_run.share(600, 1, 8), 600)
        self.assertEqual(fuzz_run.share(2, 40, 1), 1)


class Usage(unittest.TestCase):
    def refused(self, *arguments):
        done = subprocess.run([ROOT / "scripts" / "fuzz", *arguments], capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        return done.stderr

    def test_unknown_target_is_refused_with_the_names_of_the_others(self):
        names = sorted(path.stem for path in (ROOT / "fuzz").glob("fuzz_*.c"))
        self.assertEqual(self.refused("nonsense"), f"fuzz: no target nonsense; there are: {' '.join(names)} \n")

    def test_time_and_runs_must_be_numbers(self):
        for wrong in ("", "10x", "-1", "0", "m"):
            with self.subTest(wrong):
                self.assertIn("--time needs a duration", self.refused("--time", wrong))
                self.assertIn("--runs needs a number", self.refused("--runs", wrong))

    def test_missing_program_is_status_2(self):
        with contextlib.redirect_stderr(io.StringIO()) as printed:
            status = fuzz_run.main(["--programs", os.devnull, "--corpus", "c", "--found", "f", "--runs", "1",
                                    "fuzz_no"])
        self.assertEqual((status, printed.getvalue()), (2, f"no target fuzz_no in {os.devnull}\n"))


if __name__ == "__main__":
    unittest.main()
