"""Follows docs/adding-a-header.md to the letter, in a scratch copy: its files, its rows, its commands, its output."""

import os
import re
import shutil
import subprocess
import unittest

from scratch import ROOT, ScratchTest

BLOCK = re.compile(r"^```(\w+)(?: (file|append)=(\S+))?\n(.*?)^```$", re.M | re.S)
PARTS = ("cli", "docs", "grammar", "include", "src", "tools", "meson.build", "meson_options.txt")


class AddingAHeader(ScratchTest):
    def setUp(self):
        super().setUp()
        for part in PARTS:
            source = ROOT / part
            if source.is_dir():
                shutil.copytree(source, self.folder / part, ignore=shutil.ignore_patterns("__pycache__"))
            elif source.exists():
                shutil.copy(source, self.folder / part)
        self.has_command = (ROOT / "cli/meson.build").exists() and self.run_line("pkg-config --exists jansson").returncode == 0

    def run_line(self, line):
        environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "MESON_TEST")}
        environment["CFLAGS"] = "-O0" # nothing here is about speed
        return subprocess.run(line, shell=True, cwd=self.folder, capture_output=True, text=True, check=False, env=environment)

    def run_lines(self, text):
        said = ""
        for line in text.strip().split("\n"):
            if not self.has_command:
                if line.startswith("build/cli/"):
                    continue
                line = line.replace("meson setup build", "meson setup build -Dcli=false")
            ran = self.run_line(line)
            self.assertEqual(ran.returncode, 0, f"{line}\n{ran.stdout[-3000:]}{ran.stderr[-3000:]}")
            said = ran.stdout if line.startswith(("python3", "./")) else said + ran.stdout
            self.commands.setdefault(line.split(" ")[0], []).append(ran.stdout)
        return said

    def test_page_works_as_it_stands(self):
        page = (ROOT / "docs/adding-a-header.md").read_text(encoding="utf-8")
        self.commands, said = {}, ""
        changed = []
        for kind, verb, path, text in BLOCK.findall(page):
            if verb:
                with open(self.folder / path, "a" if verb == "append" else "x", encoding="utf-8") as file:
                    file.write(text)
                changed.append(path)
            elif kind == "sh":
                said = self.run_lines(text)
            elif kind == "output":
                self.assertEqual(said, text)
        self.assertEqual(changed[:2], ["grammar/abnf/x-transferor.abnf", "grammar/headers.tsv"],
                         "a rule and a row are all it takes")
        self.assertEqual(changed[2:], ["grammar/abnf/x-queue-state.abnf", "grammar/headers.tsv", "grammar/params.tsv",
                                       "grammar/shapes/queue-state.shape", "try.c"])
        if self.has_command:
            self.check_command("".join(self.commands["build/cli/sipwire"]))

    def check_command(self, said):
        for part in ('"display_name"', '"Alice"', '"sip:alice@example.com"', '"reason"', '"busy"', '"queue_name":"support"',
                     '"queue_length":17', '"policy":"fifo"'):
            self.assertIn(part, said)


if __name__ == "__main__":
    unittest.main()
