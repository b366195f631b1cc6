"""Runs the sipwire command, and finds the messages to run it on."""

import csv
import json
import os
import pathlib
import re
import subprocess
import unittest

SIPWIRE = os.environ["SIPWIRE"]
DATA = pathlib.Path(__file__).resolve().parent.parent / "data"
DOCS = DATA.parent.parent / "docs"

REQUEST = (
    b"OPTIONS sip:carol@chicago.example SIP/2.0\r\n"
    b"Via: SIP/2.0/UDP pc33.atlanta.example;branch=z9hG4bKhjhs8ass877\r\n"
    b"Max-Forwards: 70\r\n"
    b"To: <sip:carol@chicago.example>\r\n"
    b"From: Alice <sip:alice@atlanta.example>;tag=1928301774\r\n"
    b"Call-ID: a84b4c76e66710\r\n"
    b"CSeq: 63104 OPTIONS\r\n"
    b"Content-Length: 0\r\n"
    b"\r\n"
)


def with_line(line, before=b"Content-Length"):
    """REQUEST with one more header field."""
    return REQUEST.replace(before, line + b"\r\n" + before, 1)


def replaced(old, new):
    assert old in REQUEST
    return REQUEST.replace(old, new, 1)


def data_files():
    """All messages of the tests, whatever is wrong with them."""
    return sorted(p for p in DATA.rglob("*") if p.suffix == ".sip")


def verdicts():
    with open(DATA / "verdicts.tsv", encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE))


def run(*args, stdin=b""):
    return subprocess.run([SIPWIRE, *map(os.fsencode, args)], input=stdin, capture_output=True, check=False, timeout=60)


def objects(*args, stdin=b""):
    """What the json command prints."""
    return [json.loads(line) for line in run(*args, stdin=stdin).stdout.decode("utf-8").splitlines()]


def names_in(complaints):
    """The files that a command complains of on its standard error output."""
    return set(re.findall(r"^(?:sipwire \w+: )?(.+?):(?:\d+:\d+: error:| the (?:message|index)) ", complaints.decode("utf-8"), re.M))


class CommandTest(unittest.TestCase):
    """Assertions about one run."""

    maxDiff = None

    def assert_runs(self, *args, stdin=b"", status=0):
        """Returns the standard output of a run that must end with this status."""
        result = run(*args, stdin=stdin)
        self.assertEqual(result.returncode, status, (args, result.stdout, result.stderr))
        if status == 0:
            self.assertEqual(result.stderr, b"", args)
        return result.stdout

    def assert_same(self, octets, wanted):
        """That long texts are equal: a failure shows where they begin to differ."""
        if octets != wanted:
            at = len(os.path.commonprefix((octets, wanted)))
            self.assertEqual(octets[at:at + 200], wanted[at:at + 200], f"at octet {at}")

    def json_of(self, message, *args, status=0):
        """The one object that the json command prints for a message."""
        lines = self.assert_runs("json", *args, "-", stdin=message, status=status).decode("utf-8").splitlines()
        self.assertEqual(len(lines), 1)
        return json.loads(lines[0])

    def header(self, message, field, status=0):
        return next(h for h in self.json_of(message, status=status)["headers"] if h["field"] == field)
