"""Runs libFuzzer targets: shows progress, keeps the corpus, explains what was found. scripts/fuzz calls it.

Exit status: 0 nothing found, 1 something found, 2 a target that cannot be run, 130 interrupted.
"""

import argparse
import collections
import concurrent.futures
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

# What libFuzzer is asked in every run, also to reproduce a finding.
LIMITS = ["-timeout=10", "-rss_limit_mb=2048"]
MAX_LEN = 8192
SEED = 3261
INTERRUPTED = 72  # libFuzzer's exit status after SIGINT or SIGTERM
SHOWN_OCTETS = 256
SHOWN_REPORT_LINES = 30
KEPT_LINES = 2000
FOUND = re.compile(r"Test unit written to (.+)$")
STATUS = re.compile(r"^#(\d+)\s+\S+\s+cov: (\d+).*? corp: (\d+)/")
NOISE = re.compile(r"^\s*#\d+ \w+ in (fuzzer::|__sanitizer|main |_start |__libc_start|raise |abort |__pthread)|"
                   r"^\s*#\d+ \w+ +\(.*/libc\.|^NOTE: |^ +Combine libFuzzer|^stat::|^\s*$")
BUILD_ID = re.compile(r" \(BuildId: \w+\)")
REPORT = re.compile(r"ERROR: |runtime error: |^SUMMARY: ")


def parse_arguments(arguments):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--programs", type=Path, required=True, help="folder of the targets")
    parser.add_argument("--corpus", type=Path, required=True, help="folder of the corpora, one folder for each target")
    parser.add_argument("--found", type=Path, required=True, help="folder for what makes a target fail")
    parser.add_argument("--seeds", type=Path, action="append", default=[],
                        help="folder to start from; {target} in its name stands for the target's")
    parser.add_argument("--dictionary", type=Path)
    limit = parser.add_mutually_exclusive_group(required=True)
    limit.add_argument("--time", type=int, help="seconds, for all targets together")
    limit.add_argument("--runs", type=int, help="inputs for each target, always the same ones; the corpus is not used")
    parser.add_argument("targets", nargs="+")
    return parser.parse_args(arguments)


def share(seconds, targets, at_once):
    """Seconds for each target, so that all of them together take the time given when some run side by side."""
    rounds = -(-targets // at_once)
    return max(1, seconds // rounds)


def say(text):
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def duration(seconds):
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def hexdump(octets):
    """Offset, octets in hex, octets as text: a line for each 16."""
    lines = []
    for at in range(0, len(octets), 16):
        line = octets[at:at + 16]
        text = "".join(chr(octet) if 0x20 <= octet < 0x7f else "." for octet in line)
        lines.append(f"    {at:06x}  {line.hex(' '):47}  {text}")
    return lines


def shown(octets):
    """An input for reading: in hex and as text; of a long one the first octets."""
    cut = octets[:SHOWN_OCTETS]
    more = f"; the first {len(cut)}" if len(cut) < len(octets) else ""
    return [f"  input, {len(octets)} octets{more}:", *hexdump(cut), f"  as text: {ascii(cut.decode('latin-1'))}"]


class Target:
    """One target, its folders, and how far it is."""

    def __init__(self, name, options):
        self.name = name
        self.program = options.programs / name
        self.corpus = options.corpus / name
        self.found = options.found
        self.dictionary = options.dictionary
        named = [Path(str(seeds).replace("{target}", name)) for seeds in options.seeds]
        self.seeds = [seeds for seeds in named if seeds.is_dir()]
        self.process = None
        self.begin = None  # None: not begun, or done
        self.news = None  # when libFuzzer last had something to say
        self.numbers = (0, 0, 0)  # inputs run, coverage, inputs in the corpus, as it last said

    def fuzz(self, limit, corpus):
        """Runs the target; returns its exit status and what it printed beside its progress."""
        command = [self.program, *LIMITS, *limit, f"-max_len={MAX_LEN}", f"-artifact_prefix={self.found}/{self.name}-",
                   "-print_final_stats=1", corpus, *self.seeds]
        if self.dictionary and self.dictionary.is_file():
            command.insert(1, f"-dict={self.dictionary}")
        printed = collections.deque(maxlen=KEPT_LINES)
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                              errors="replace") as self.process:
            self.begin = self.news = time.monotonic()
            for line in self.process.stderr:
                match = STATUS.match(line)
                if match:
                    self.news, self.numbers = time.monotonic(), tuple(int(number) for number in match.groups())
                else:
                    printed.append(line.rstrip("\n"))
        self.begin = None
        return self.process.returncode, list(printed)

    def merge(self):
        """Leaves in the corpus a small set of inputs that together reach all that it reached. False when that failed:
        the corpus is then as it was."""
        smaller = self.corpus.with_name(self.corpus.name + ".smaller")
        shutil.rmtree(smaller, ignore_errors=True)
        smaller.mkdir()
        command = [self.program, *LIMITS, "-merge=1", f"-max_len={MAX_LEN}", smaller, self.corpus]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as self.process:
            pass
        merged = self.process.returncode == 0
        if merged:
            shutil.rmtree(self.corpus)
            smaller.rename(self.corpus)
        shutil.rmtree(smaller, ignore_errors=True)
        return merged

    def progress(self):
        """A line on how far it is; libFuzzer says so when it found something new and at every power of two."""
        now, (runs, coverage, inputs) = time.monotonic(), self.numbers
        rate = runs / max(0.001, self.news - self.begin)
        return (f"{self.name:14} {duration(now - self.begin):>7}  coverage {coverage:>6,}  corpus {inputs:>6,}  "
                f"runs {runs:>11,}  {rate:>7,.0f}/s  last news {duration(now - self.news)} ago")

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()


def readable(report):
    """A sanitizer's report without what says nothing about the library: the frames of libFuzzer and libc, and what
    libFuzzer adds for itself."""
    lines = []
    for line in report:
        if line.startswith("SUMMARY: "):
            return [*lines, line]
        if not NOISE.search(line):
            lines.append(BUILD_ID.sub("", line))
    return lines


def explain(target, printed):
    """What was found, the input, and how to see it again."""
    lines = [f"==> {target.name}: FOUND"]
    begin = next((i for i, line in enumerate(printed) if REPORT.search(line)), -SHOWN_REPORT_LINES)
    lines += ["  " + line for line in readable(printed[begin:])[:SHOWN_REPORT_LINES]]
    written = next((match.group(1) for line in reversed(printed) if (match := FOUND.search(line))), None)
    if not written:
        return [*lines, "  the target ended without saying on which input"]
    options = " ".join(LIMITS)
    program, path = shlex.quote(str(target.program)), shlex.quote(written)
    return [*lines, *shown(Path(written).read_bytes()), f"  kept in: {path}",
            f"  to reproduce it:  {program} {options} {path}",
            f"  to shorten it:    {program} {options} -minimize_crash=1 -runs=100000 {path}"]


def total_runs(printed):
    return next((int(line.split()[-1]) for line in printed if line.startswith("stat::number_of_executed_units")), 0)


def run_target(target, options, seconds):
    """True when nothing was found."""
    if options.runs is not None:
        with tempfile.TemporaryDirectory() as corpus:
            status, printed = target.fuzz([f"-runs={options.runs}", f"-seed={SEED}"], corpus)
    else:
        target.corpus.mkdir(parents=True, exist_ok=True)
        status, printed = target.fuzz([f"-max_total_time={seconds}"], target.corpus)
    if status == INTERRUPTED:
        return True
    if status != 0:
        say("\n".join(explain(target, printed)))
    done = f"{target.name:14} done: {total_runs(printed):,} runs, {'a finding, above' if status else 'nothing found'}"
    if options.runs is None:
        before = len(os.listdir(target.corpus))
        merged = target.merge()
        done += f"; corpus: {len(os.listdir(target.corpus)):,} inputs" + (f" of {before:,} kept" if merged else "")
    say(done)
    return status == 0


def run_all(targets, options, at_once):
    seconds = share(options.time, len(targets), at_once) if options.time is not None else None
    limit = f"{options.runs:,} runs" if seconds is None else duration(seconds)
    say(f"==> {len(targets)} target{'s' * (len(targets) > 1)}, {limit} each, {min(at_once, len(targets))} at once")
    every = min(30.0, max(2.0, (seconds or 0) / 20))
    with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
        waiting = futures = {pool.submit(run_target, target, options, seconds) for target in targets}
        try:
            while waiting:
                waiting = concurrent.futures.wait(waiting, timeout=every).not_done
                for target in targets:
                    if target.begin is not None:
                        say(target.progress())
        except KeyboardInterrupt:
            pool.shutdown(wait=False, cancel_futures=True)
            for target in targets:
                target.stop()
            print("interrupted; the corpus keeps what was found so far", file=sys.stderr)
            return 130
    return 0 if all(future.result() for future in futures) else 1


def interrupt(number, frame):
    raise KeyboardInterrupt


def main(arguments):
    options = parse_arguments(arguments)
    targets = [Target(name, options) for name in options.targets]
    for target in targets:
        if not os.access(target.program, os.X_OK):
            print(f"no target {target.name} in {options.programs}", file=sys.stderr)
            return 2
    signal.signal(signal.SIGTERM, interrupt)
    options.found.mkdir(parents=True, exist_ok=True)
    return run_all(targets, options, len(os.sched_getaffinity(0)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
