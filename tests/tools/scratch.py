"""Scratch copies of the grammar, for tests that change it."""

import os
import shutil
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
RAGEL = os.environ.get("SIPWIRE_RAGEL") or shutil.which("ragel")


class ScratchTest(unittest.TestCase):
    """Each test has a folder of its own; grammar() puts a copy of the grammar there."""

    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = Path(holder.name)

    def grammar(self):
        shutil.copytree(ROOT / "grammar", self.folder / "grammar")
        return self.folder / "grammar"

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def replace(self, path, old, new):
        """Replaces the one occurrence of a text; returns the number of the line where it stood."""
        text = path.read_text(encoding="utf-8")
        self.assertEqual(text.count(old), 1, f"{old!r} in {path.name}")
        path.write_text(text.replace(old, new), encoding="utf-8")
        return text[:text.index(old)].count("\n") + 1

    def append(self, path, text):
        """Adds lines at the end; returns the number of the first."""
        before = path.read_text(encoding="utf-8")
        path.write_text(before + text, encoding="utf-8")
        return before.count("\n") + 1

    def refused(self, error, where, sentence, action, *args):
        """The action must be refused with exactly this place and sentence. where: PATH:LINE or (PATH, LINE)."""
        with self.assertRaises(error) as caught:
            action(*args)
        place = where if isinstance(where, str) else f"{where[0]}:{where[1]}"
        self.assertEqual(str(caught.exception), f"{place}: {sentence}")
