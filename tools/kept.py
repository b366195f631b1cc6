#!/usr/bin/env python3
"""Run a step of the build, or take what the same step made in another build of this tree.

usage: kept.py FOLDER OUT COMMAND...

COMMAND writes below OUT. All that it writes there and prints is kept in FOLDER, under the name of the step (its program and what it is told),
with a digest of what it may have read: the tools, the grammar, the files that it is given (Ragel is one), Python. When the digest
is the same, the files are copied to OUT, the text is printed, and COMMAND is not run. Ragel's C and the sentences of the tests are the same for every
compiler; making them takes longer than compiling them.
"""

import contextlib
import fcntl
import filecmp
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys

TOOLS = pathlib.Path(__file__).resolve().parent
GRAMMAR = TOOLS.parent / "grammar"


def below(out, word):
    """The part of a word that is behind OUT, or None."""
    path, out = os.path.abspath(word), os.path.abspath(out)
    return os.path.relpath(path, out) if path == out or path.startswith(out + os.sep) else None


def placed(word, out, place):
    rest = below(out, word)
    return word if rest is None else str(pathlib.Path(place, rest))


def step_name(out, command):
    """The same in every build: without the folders that differ."""
    words = [word if below(out, word) is None else below(out, word) for word in command[1:]]
    return "-".join(pathlib.Path(word).name for word in words if pathlib.Path(word).name)[:120]


def files_read(out, command):
    """All that the step may read; Ragel is among what it is given."""
    files = sorted(TOOLS.glob("*.py")) + sorted(path for path in GRAMMAR.rglob("*") if path.is_file())
    return files + [pathlib.Path(word) for word in command[1:] if below(out, word) is None and os.path.isfile(word)]


def digest(out, command):
    """Of everything that what the step makes depends on."""
    told = hashlib.sha256(sys.version.encode())
    for word in command[1:]:
        if below(out, word) is not None or not os.path.exists(word):
            told.update((below(out, word) or word).encode() + b"\0")
    for path in files_read(out, command):
        told.update(f"{path.name} {path.stat().st_size} ".encode() + path.read_bytes())
    return told.hexdigest()


@contextlib.contextmanager
def alone(path):
    """Two builds at once make a step once: the second waits for the first."""
    with open(path, "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def make(command, out, place, text):
    """Runs the step with OUT elsewhere; text: where to keep what it prints."""
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    with open(text, "wb") as printed:
        return subprocess.run([placed(word, out, place) for word in command], stdout=printed, check=False).returncode


def take(place, out):
    """Copies what differs: what is as it was needs no compiling."""
    for path in sorted(place.rglob("*")):
        to = pathlib.Path(out, path.relative_to(place))
        if path.is_dir():
            to.mkdir(exist_ok=True)
        elif not to.exists() or not filecmp.cmp(path, to, shallow=False):
            shutil.copyfile(path, to)


def main(args):
    folder, out, command = pathlib.Path(args[0]), args[1], args[2:]
    folder.mkdir(parents=True, exist_ok=True)
    name, wanted = step_name(out, command), digest(out, command)
    place, seal, text = folder / name, folder / (name + ".digest"), folder / (name + ".text")
    with alone(folder / (name + ".lock")):
        if not seal.exists() or seal.read_text(encoding="utf-8") != wanted:
            seal.unlink(missing_ok=True)
            status = make(command, out, place, text)
            if status != 0:
                return status
            seal.write_text(wanted, encoding="utf-8")
        take(place, out)
        sys.stdout.write(text.read_text(encoding="utf-8"))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
