"""What other SIP implementations read in messages that sipwire wrote: the same as in the originals.

scripts/assure peers runs it. GNU oSIP and Sofia-SIP parse each message and print it their way; tshark dissects them. What they
make of a message must not change when `sipwire fmt` has written it anew from its values, in its own form, compact or long.
"""

import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "bench"))
sys.path.insert(0, str(ROOT / "tools"))
import mix  # noqa: E402
from names import read_table  # noqa: E402

SIPWIRE = os.environ["SIPWIRE_COMMAND"]
FORMS = ([], ["--compact"], ["--long"])
PEERS = {"osip": "libosip2", "sofia": "sofia-sip-ua"}
DISSECTED = ["sip.Method", "sip.Status-Code", "sip.r-uri", "sip.Via.transport", "sip.Via.sent-by.address", "sip.Via.branch",
             "sip.from.user", "sip.from.host", "sip.from.tag", "sip.to.user", "sip.to.host", "sip.to.tag", "sip.Call-ID",
             "sip.CSeq.seq", "sip.CSeq.method", "sip.contact.uri", "sip.auth.digest.response", "sip.auth.realm", "sip.auth.nonce",
             "sip.Expires", "sip.Max-Forwards", "sip.Content-Type", "sip.Event", "sip.Subject", "sip.msg_body"]


def run(*command, octets=None):
    return subprocess.run([str(word) for word in command], input=octets, capture_output=True, check=False)


def long_names():
    columns = ["name", "compact"]
    return {row["compact"]: row["name"].lower() for _, row in read_table(str(ROOT / "grammar/headers.tsv"), columns)
            if row["compact"]}


def fields(text, names):
    """A peer's print as {long name: values on one line}: peers keep names that they do not know, the letters of words, zeros at
    the end of numbers, and lines or lists as they were."""
    head, _, body = text.partition(b"\r\n\r\n")
    start, *lines = re.sub(rb"\r\n[ \t]+", b" ", head).decode("utf-8", "replace").split("\r\n")
    found = {"": start, "body": body}
    for line in lines:
        name, _, value = line.partition(":")
        name = names.get(name.strip().lower(), name.strip().lower())
        value = re.sub("stale=(true|false)", lambda found: found[0].lower(), value, flags=re.I)
        value = re.sub(r"(;q=[01])\.?0*(?=[;,]|$)|(;q=0\.\d*?)0+(?=[;,]|$)", r"\1\2", value.strip())
        found[name] = f"{found[name]}, {value}" if name in found else value
    return found


class PeersTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        holder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(holder.cleanup)
        cls.folder = Path(holder.name)
        mix.write_files(cls.folder, mix.make())
        cls.messages = sorted(cls.folder.glob("*.sip"))
        cls.names = long_names()

    def written(self, path, form):
        done = run(SIPWIRE, "fmt", *form, path)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def compare(self, peer):
        program = self.folder / peer
        options = run("pkg-config", "--cflags", "--libs", PEERS[peer]).stdout.decode().split()
        built = run("cc", HERE / f"peer_{peer}.c", "-o", program, *options)
        self.assertEqual(built.returncode, 0, built.stderr)
        for path in self.messages:
            before = run(program, octets=path.read_bytes())
            self.assertEqual(before.returncode, 0, f"{peer} reads {path.name}")
            for form in FORMS:
                with self.subTest(path.name, form=form):
                    after = run(program, octets=self.written(path, form))
                    self.assertEqual(after.returncode, 0, f"{peer} reads what was written")
                    self.assertEqual(fields(after.stdout, self.names), fields(before.stdout, self.names))

    def test_osip_reads_the_same(self):
        self.compare("osip")

    def test_sofia_reads_the_same(self):
        self.compare("sofia")

    def dissected(self, messages):
        """What tshark says of each message, one line each, as datagrams between two ports of SIP."""
        dump = []
        for octets in messages:
            dump += [f"{at:06x} " + octets[at:at + 16].hex(" ") for at in range(0, len(octets), 16)]
            dump.append("")
        (self.folder / "dump").write_text("\n".join(dump) + "\n", encoding="ascii")
        made = run("text2pcap", "-q", "-u", "5060,5060", self.folder / "dump", self.folder / "pcap")
        self.assertEqual(made.returncode, 0, made.stderr)
        wanted = [word for field in DISSECTED for word in ("-e", field)]
        done = run("tshark", "-r", self.folder / "pcap", "-T", "fields", *wanted)
        self.assertEqual(done.returncode, 0, done.stderr)
        malformed = run("tshark", "-r", self.folder / "pcap", "-Y", "_ws.malformed || !sip")
        self.assertEqual(malformed.stdout, b"", "tshark finds it malformed")
        return done.stdout.decode("utf-8", "replace").splitlines()

    def test_tshark_reads_the_same(self):
        before = self.dissected([path.read_bytes() for path in self.messages])
        self.assertEqual(len(before), len(self.messages))
        self.assertIn("INVITE", before[0] + before[1] + before[2])
        for form in FORMS:
            after = self.dissected([self.written(path, form) for path in self.messages])
            for path, old, new in zip(self.messages, before, after):
                with self.subTest(path.name, form=form):
                    self.assertEqual(new, old)


if __name__ == "__main__":
    unittest.main()
