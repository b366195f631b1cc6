"""The README's C example compiles as it stands and prints what the README says; so does the command it shows."""

import os
import re
import subprocess
import tempfile
import unittest

from readme import fenced, section

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.environ["SIPWIRE_BUILD"]


class Readme(unittest.TestCase):
    def setUp(self):
        with open(os.path.join(ROOT, "README.md"), encoding="utf-8") as file:
            self.text = file.read()

    def test_example_prints_what_the_readme_says(self):
        with tempfile.TemporaryDirectory() as folder:
            source, program = os.path.join(folder, "example.c"), os.path.join(folder, "example")
            with open(source, "w", encoding="utf-8") as file:
                file.write(fenced(self.text, "## Using it", "c"))
            flags = os.environ.get("SIPWIRE_LINK_ARGS", "").split()
            subprocess.run([*os.environ.get("CC", "cc").split(), "-std=c11", "-Wall", "-Wextra", "-Werror",
                            "-I" + os.path.join(ROOT, "include"), "-I" + os.path.join(BUILD, "include"), source,
                            os.path.join(BUILD, "src", "libsipwire.a"), *flags, "-o", program], check=True)
            printed = subprocess.run([program], check=True, capture_output=True, text=True).stdout
        self.assertEqual(printed, fenced(self.text, "prints\n"))

    def test_example_is_short(self):
        self.assertLessEqual(len(fenced(self.text, "## Using it", "c").splitlines()), 25)

    @unittest.skipUnless("SIPWIRE" in os.environ, "the command is not built")
    def test_command_prints_what_the_readme_says(self):
        words = re.search(r"^    \$ build/release/cli/sipwire (.*)$", self.text, re.M).group(1).split()
        printed = subprocess.run([os.environ["SIPWIRE"], *words], cwd=ROOT, capture_output=True, text=True, check=False)
        self.assertEqual(printed.stdout, fenced(self.text, "    $ build/release/cli/sipwire"))


class Scripts(unittest.TestCase):
    """The scripts' commands are accepted as they stand; behind them comes an option that ends the script there."""

    def commands(self, heading, script):
        with open(os.path.join(ROOT, "README.md"), encoding="utf-8") as file:
            text = section(file.read(), heading)
        lines = re.findall(rf"^    (scripts/{script}\b[^#\n]*)", text, re.M)
        self.assertGreaterEqual(len(lines), 3)
        return [line.split() for line in lines]

    def test_fuzz_takes_the_commands_of_the_readme(self):
        for words in self.commands("### Fuzzing", "fuzz"):
            with self.subTest(" ".join(words)):
                done = subprocess.run([*words, "--list"], cwd=ROOT, capture_output=True, text=True, check=False)
                self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_bench_takes_the_commands_of_the_readme(self):
        for words in self.commands("### Benchmarking", "bench"):
            with self.subTest(" ".join(words)):
                options = [word for word in words if not word.endswith(".sip")]
                done = subprocess.run([*options, "--help"], cwd=ROOT, capture_output=True, text=True, check=False)
                self.assertEqual((done.returncode, done.stderr), (0, ""))


class Library(unittest.TestCase):
    def test_imports_only_mem_and_str_functions(self):
        listing = subprocess.run(["nm", "--undefined-only", "--format=posix", os.path.join(BUILD, "src", "libsipwire.a")],
                                 check=True, capture_output=True, text=True).stdout
        wanted = {line.split()[0] for line in listing.splitlines() if line.strip() and not line.endswith(":")}
        defined = subprocess.run(["nm", "--defined-only", "--format=posix", os.path.join(BUILD, "src", "libsipwire.a")],
                                 check=True, capture_output=True, text=True).stdout
        own = {line.split()[0] for line in defined.splitlines() if line.strip() and not line.endswith(":")}
        foreign = {name for name in wanted - own if not re.match(r"_?(mem|str)[a-z]+$|_GLOBAL_OFFSET_TABLE_$", name)}
        if os.environ.get("SIPWIRE_INSTRUMENTED"):
            self.skipTest("sanitizers and coverage import their own functions")
        self.assertEqual(foreign, set())


if __name__ == "__main__":
    unittest.main()
