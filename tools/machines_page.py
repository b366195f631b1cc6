#!/usr/bin/env python3
"""Write docs/machines.md: the size of each machine. No part of the build: code is as large as the compiler makes it.

usage: machines_page.py GRAMMAR BUILD OUT

BUILD is a build folder of Meson that is up to date: there are Ragel's XML, the generated C and the commands that compile it.
"""

import json
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

import audit
from project import Project

INTRO = """# The machines

Written by `python3 -B tools/machines_page.py grammar build/release docs/machines.md` after a build
with {compiler} for {target}.

States are those of Ragel's machine, minimised. Code is the function that `ragel -G2` wrote of it, at `-O2` and at `-Os`, as the
library is built; facts are what is known in its states (rule and open captures, for errors), constant. Both in octets. Each is
compiled once; only those of the two start lines are in the library once for each SIMD level, and tolerant readings have machines
of their own (`architecture.md`).

| machine | reads | states | code -O2 | code -Os | facts |
|---|---|---|---|---|---|
"""


def command_of(build, name):
    """The words that compile a machine, without the optimisation and the files it writes."""
    commands = json.loads((build / "compile_commands.json").read_text(encoding="utf-8"))
    found = next(c for c in commands if re.search(rf"machines(-scalar)?\.a\.p/meson-generated_\.\._{name}\.c\.o$", c["output"]))
    words = shlex.split(found["command"])
    kept = [word for at, word in enumerate(words) if not word.startswith(("-O", "-o", "-MD", "-MF", "-MQ", "-g", "-fsanitize"))
            and words[at - 1] not in ("-o", "-MF", "-MQ", "-c") and word != "-c"]
    return kept, found["file"]


def sizes(build, name, level):
    """Octets of the sections .text and .rodata of a machine."""
    words, source = command_of(build, name)
    with tempfile.TemporaryDirectory() as folder:
        made = f"{folder}/machine.o"
        subprocess.run(words + [level, "-c", source, "-o", made], cwd=build, check=True)
        said = subprocess.run(["size", "-A", made], capture_output=True, text=True, check=True).stdout
    sections = re.findall(r"^(\.\S+)\s+(\d+)", said, re.M)
    return [sum(int(size) for section, size in sections if section.startswith(kind)) for kind in (".text", ".rodata")]


def reads(machine):
    if machine.readers:
        return ", ".join(machine.readers)
    if machine.name.startswith("match_"):
        return f"a parameter's value: {machine.default_rule.name}"
    return f"what others cut out, or an entry: shape `{machine.shape.name.replace('_', '-')}`"


def main(grammar, build, out):
    build, project, totals = Path(build), Project(grammar), [0, 0, 0, 0]
    compiler = subprocess.run([command_of(build, "cseq")[0][0], "--version"], capture_output=True, text=True, check=True).stdout
    target = subprocess.run([command_of(build, "cseq")[0][0], "-dumpmachine"], capture_output=True, text=True, check=True).stdout
    lines = []
    for name, machine in sorted(project.machines.items()):
        fast, (small, facts) = sizes(build, name, "-O2")[0], sizes(build, name, "-Os")
        figures = [len(audit.Machine(str(build / "src" / f"{name}.xml")).rows), fast, small, facts]
        totals = [total + figure for total, figure in zip(totals, figures)]
        lines.append(f"| `{name}` | {reads(machine)} | {' | '.join(f'{figure:,}' for figure in figures)} |")
    lines.append(f"| {len(lines)} machines | | {' | '.join(f'{total:,}' for total in totals)} |")
    intro = INTRO.format(compiler=compiler.split("\n", maxsplit=1)[0], target=target.strip())
    Path(out).write_text(intro + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
