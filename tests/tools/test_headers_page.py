"""docs/headers.md is what tools/headers_page.py writes of the grammar, and says of each field what its row says."""

import subprocess
import sys
import unittest

from names import read_table
from scratch import ROOT, ScratchTest


class HeadersPageTest(ScratchTest):
    def test_page_is_up_to_date(self):
        made = self.folder / "headers.md"
        subprocess.run([sys.executable, "-B", ROOT / "tools/headers_page.py", ROOT / "grammar", made], check=True)
        self.assertEqual((ROOT / "docs/headers.md").read_text(encoding="utf-8"), made.read_text(encoding="utf-8"),
                         "run: python3 tools/headers_page.py grammar docs/headers.md")

    def test_page_has_every_field_with_its_rule(self):
        page = (ROOT / "docs/headers.md").read_text(encoding="utf-8")
        for _, row in read_table(ROOT / "grammar/headers.tsv", ["name", "compact", "rule"]):
            self.assertIn(f"\n| [{row['name']}](#{row['name'].lower()}) | {row['compact']} |", page)
            self.assertIn(f"\n## {row['name']}\n", page)
            own = page.split(f"\n## {row['name']}\n")[1].split("\n## ")[0]
            self.assertRegex(own, rf"(?mi)^{row['rule'].split(':')[1]} *= ")

    def test_page_quotes_what_extends_a_rule_and_an_example(self):
        page = (ROOT / "docs/headers.md").read_text(encoding="utf-8")
        own = page.split("\n## WWW-Authenticate\n")[1].split("\n## ")[0]
        self.assertIn('\nchallenge  =/  ("Bearer" LWS bearer-cln', own)
        self.assertIn("RFC 3261 section 20.17 prints\n\n```\nDate: Sat, 13 Nov 2010 23:29:00 GMT\n```\n", page)
        self.assertIn("Its RFC prints no example", page.split("\n## Flow-Timer\n")[1].split("\n## ")[0])


if __name__ == "__main__":
    unittest.main()
