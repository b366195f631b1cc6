"""The tables of names: what names.py refuses, each with its line."""

import subprocess
import sys
import unittest

from scratch import ROOT, ScratchTest

HEADERS = "number\tid\tname\tcompact\n"
METHODS = "number\tid\tname\trfc\tdialog\trefresh\tanswered\tbody\n"


class NamesTest(ScratchTest):
    def run_on(self, name, text):
        path = self.write(name + ".tsv", text)
        out = [argument for kind in ("ids", "names", "internal") for argument in (f"--{kind}", str(self.folder / kind))]
        return path, subprocess.run([sys.executable, ROOT / "tools/names.py", *out, path], capture_output=True, text=True,
                                    check=False)

    def refuse(self, line, sentence, text, name="headers"):
        path, ran = self.run_on(name, text)
        self.assertEqual(ran.returncode, 1)
        self.assertEqual(ran.stderr.strip(), f"{path}{':' if line else ''}{line}: {sentence}".replace(": : ", ": "))
        self.assertFalse((self.folder / "ids").exists(), "nothing is written")

    def test_good_table_is_taken(self):
        _, ran = self.run_on("headers", HEADERS + "1\tTO\tTo\tt\n2\tFROM\tFrom\tf\n")
        self.assertEqual((ran.returncode, ran.stderr), (0, ""))
        self.assertIn("SIPWIRE_HEADER_FROM = 2", (self.folder / "ids").read_text())

    def lines_of(self, *names):
        rows = "".join(f"{number}\tN{number}\t{name}\t-\n" for number, name in enumerate(names, 1))
        path = self.write("headers.tsv", HEADERS + rows)
        ran = subprocess.run([sys.executable, ROOT / "tools/names.py", "--names", self.folder / "names.c", path], check=False)
        self.assertEqual(ran.returncode, 0)
        return (self.folder / "names.c").read_text().split("sipwire_header_lines = ")[1]

    def test_names_that_a_line_cannot_tell_apart_need_another_lookup(self):
        self.assertEqual(self.lines_of("Reply-To", "Repeat-To", "Via").count("another lookup tells"), 1)
        self.assertEqual(self.lines_of("Reply-To", "Refer-To", "Via").count("another lookup tells"), 0)

    def test_name_too_long_for_a_line_needs_another_lookup(self):
        self.assertEqual(self.lines_of("N" * 31, "Via").count("another lookup tells"), 1)
        self.assertEqual(self.lines_of("N" * 30, "Via").count("another lookup tells"), 0)

    def test_name_twice(self):
        self.refuse(3, f"the name To stands already at {self.folder}/headers.tsv:2", HEADERS + "1\tA\tTo\t-\n2\tB\tTo\t-\n")

    def test_name_twice_in_another_case(self):
        self.refuse(3, f"the name TO stands already at {self.folder}/headers.tsv:2", HEADERS + "1\tA\tTo\t-\n2\tB\tTO\t-\n")

    def test_method_in_another_case_is_another(self):
        _, ran = self.run_on("methods", METHODS + "1\tA\tACK\t1\tno\tno\tno\tany\n2\tB\tAck\t1\tno\tno\tno\tany\n")
        self.assertEqual(ran.returncode, 0)

    def test_compact_form_twice(self):
        self.refuse(3, f"the name t stands already at {self.folder}/headers.tsv:2", HEADERS + "1\tA\tTo\tt\n2\tB\tTx\tt\n")

    def test_compact_form_that_is_a_name(self):
        self.refuse(3, f"the name t stands already at {self.folder}/headers.tsv:2", HEADERS + "1\tA\tT\t-\n2\tB\tTo\tt\n")

    def test_number_twice(self):
        self.refuse(3, f"number 1 stands already at {self.folder}/headers.tsv:2", HEADERS + "1\tA\tTo\t-\n1\tB\tFrom\t-\n")

    def test_id_twice(self):
        self.refuse(3, f"id A stands already at {self.folder}/headers.tsv:2", HEADERS + "1\tA\tTo\t-\n2\tA\tFrom\t-\n")

    def test_number_out_of_range(self):
        for number in ("0", "65536", "-1", "x", "1234567890"):
            self.refuse(2, f"the number {number} is not a number from 1 to 65535", HEADERS + f"{number}\tA\tTo\t-\n")

    def test_id_that_is_no_c_name(self):
        self.refuse(2, "the id To is not an upper-case C name, or is reserved", HEADERS + "1\tTo\tTo\t-\n")
        self.refuse(2, "the id UNKNOWN is not an upper-case C name, or is reserved", HEADERS + "1\tUNKNOWN\tTo\t-\n")

    def test_name_that_is_no_token(self):
        self.refuse(2, "the name To: is not a token of 1 to 255 octets", HEADERS + "1\tTO\tTo:\t-\n")
        self.refuse(2, "the name (none) is not a token of 1 to 255 octets", HEADERS + "1\tTO\t-\t-\n")

    def test_missing_column(self):
        self.refuse(1, "the heading has no column compact", "number\tid\tname\n1\tTO\tTo\n")

    def test_too_many_cells(self):
        self.refuse(2, "the row has 5 cells, the heading 4", HEADERS + "1\tTO\tTo\tt\tx\n")

    def test_no_rows(self):
        self.refuse("", "the table has no rows", "# nothing\n" + HEADERS)

    def test_unknown_table(self):
        self.refuse("", "colours is none of headers, methods, params, transports, option_tags, event_packages, reason_protocols, "
                    "priv_values, statuses, warn_codes", "number\n1\n", "colours")

    def test_status_twice(self):
        self.refuse(3, f"code 200 stands already at {self.folder}/statuses.tsv:2", "code\tphrase\n200\tOK\n200\tFine\n",
                    "statuses")

    def test_status_out_of_range(self):
        self.refuse(2, "the code 700 is not a number from 100 to 699", "code\tphrase\n700\tNo\n", "statuses")


if __name__ == "__main__":
    unittest.main()
