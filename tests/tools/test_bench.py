"""scripts/bench: what the table says of given results, also that they are not to be relied on; and the programs."""

import contextlib
import io
import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bench"))
import instructions  # noqa: E402
import table  # noqa: E402

STEADY = [98.0, 99.0, 100.0, 101.0, 102.0]


class TableTest(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = Path(holder.name)

    def results(self, layer, **times):
        """A file as Google Benchmark writes it, of a mix of 4 messages of 25 octets; times are ns per message."""
        runs = [{"run_type": "iteration", "run_name": name.replace("__", "/"), "family_index": index,
                 "cpu_time": time * 4, "messages": 4.0, "octets": 100.0}
                for index, (name, values) in enumerate(times.items()) for time in values]
        runs.append({"run_type": "aggregate", "run_name": "floor", "family_index": 0, "cpu_time": 1e9})
        path = self.folder / f"{layer}.json"
        path.write_text(json.dumps({"benchmarks": runs[::-1]}), encoding="utf-8")
        return str(path)

    def printed(self, *arguments):
        with contextlib.redirect_stdout(io.StringIO()) as text:
            table.main([str(argument) for argument in arguments])
        return text.getvalue()


class Table(TableTest):
    def test_rows_stand_under_their_layer_with_ratios_to_its_own_floor(self):
        text = self.printed(self.results("frame", floor=STEADY, frame__avx2=[time * 2 for time in STEADY]),
                            self.results("index", floor=[time * 1.02 for time in STEADY], index__avx2=[204.0] * 5))
        lines = [line.split() for line in text.splitlines()]
        self.assertEqual(text.splitlines()[0], "the shipped mix: 4 messages, 25 octets on average")
        layer = lines.index(["frame"])
        self.assertEqual(lines[layer + 1], ["floor", "100.0", "1.00", "0.99", "-", "1.01", "1.0%"])
        self.assertEqual(lines[layer + 2], ["frame", "(avx2)", "200.0", "2.00", "1.98", "-", "2.02", "1.0%"])
        self.assertEqual(lines[layer + 3], ["index"])
        self.assertEqual(lines[layer + 5], ["index", "(avx2)", "204.0", "2.00", "2.00", "-", "2.00", "0.0%"])
        self.assertNotIn("NOT QUIET", text)

    def test_json_holds_what_the_table_says(self):
        self.printed("--json", self.folder / "out", "--mix", "your files",
                     self.results("index", floor=STEADY, index__avx2=[204.0] * 5))
        report = json.loads((self.folder / "out").read_text(encoding="utf-8"))
        self.assertEqual((report["mix"], report["messages"], report["octets"]), ("your files", 4, 100))
        self.assertEqual(report["not_quiet"], [])
        row = report["layers"][0]["rows"][1]
        self.assertEqual((row["work"], row["level"], row["ns"], row["ratio"], row["repetitions"]),
                         ("index", "avx2", 204.0, 2.04, 5))
        self.assertEqual(report["layers"][0]["rows"][0]["ns_quartiles"], [99.0, 101.0])
        self.assertEqual(report["layers"][0]["rows"][0]["ns_range"], [98.0, 102.0])

    def test_time_of_each_unit_is_told_where_messages_have_units(self):
        path = self.results("sizes", floor=STEADY, index=[200.0] * 5)
        with open(path, encoding="utf-8") as file:
            results = json.load(file)
        for run in results["benchmarks"]:
            if run["run_name"] == "index":
                run["units"] = 50.0
        Path(path).write_text(json.dumps(results), encoding="utf-8")
        self.assertRegex(self.printed(path), r"\n  index +200\.0 .* 4\.000 ns each\n")

    def test_threads_are_no_level(self):
        text = self.printed(self.results("layouts", **{"floor": STEADY, "index, two threads/avx2/threads:2": [200.0] * 5}))
        self.assertIn("\n  index, two threads (avx2) ", text)

    def test_chart_has_a_bar_with_its_ratio_for_each_work_but_the_floor(self):
        self.printed("--svg", self.folder / "out.svg", self.results("index", floor=STEADY, **{"a<b": [250.0] * 5}))
        chart = ElementTree.parse(self.folder / "out.svg").getroot()
        said = [text.text for text in chart.iter("{http://www.w3.org/2000/svg}text")]
        self.assertEqual(said[1:], ["a<b", "2.50"])

    def test_chart_has_work_that_several_programs_measured_once(self):
        self.printed("--svg", self.folder / "out.svg", self.results("index", floor=STEADY, index__avx2=[150.0] * 5),
                     self.results("peers", floor=STEADY, index__avx2=[160.0] * 5, other=[900.0] * 5))
        chart = ElementTree.parse(self.folder / "out.svg").getroot()
        said = [text.text for text in chart.iter("{http://www.w3.org/2000/svg}text")]
        self.assertEqual(said[1:], ["index (avx2)", "1.60", "other", "9.00"])

    def test_results_without_a_floor_are_refused(self):
        with self.assertRaises(SystemExit):
            self.printed(self.results("index", index__avx2=STEADY))


class Unrest(TableTest):
    def said(self, *arguments):
        lines = self.printed(*arguments).splitlines()
        return [line.partition(": ")[2] for line in lines if line.startswith("NOT QUIET")]

    def test_floor_that_spreads_is_said(self):
        said = self.said(self.results("index", floor=[100.0, 100.0, 104.0, 108.0, 108.0]))
        self.assertEqual(said, ["the floor spreads by 3.8% around its median (quiet: under 3%)"])

    def test_floors_that_differ_between_runs_are_said(self):
        said = self.said(self.results("frame", floor=STEADY), self.results("index", floor=[110.0] * 5))
        self.assertEqual(said, ["the floor was 100.0 ns in one run and 110.0 ns in another"])

    def test_work_that_spreads_is_said(self):
        said = self.said(self.results("index", floor=STEADY, index__avx2=[200.0, 200.0, 220.0, 240.0, 240.0]))
        self.assertEqual(said, ["1 of 2 spread by more than 5%"])

    def test_other_programs_are_said(self):
        said = self.said("--others", "3", self.results("index", floor=STEADY))
        self.assertEqual(said, ["other programs were running (3)"])

    def test_too_few_repetitions_are_said(self):
        said = self.said(self.results("index", floor=[100.0]))
        self.assertEqual(said, ["fewer than five repetitions say nothing about the spread"])


@unittest.skipUnless("SIPWIRE_BENCH" in os.environ, "the benchmarks are not built")
class Programs(TableTest):
    """The programs themselves, for a moment each: whatever they measure, the table can be made of it."""

    def measured(self, layer, *files):
        out = self.folder / f"{layer}.json"
        program = os.path.join(os.environ["SIPWIRE_BENCH"], f"bench_{layer}")
        done = subprocess.run([program, "--benchmark_min_time=0.0001", "--benchmark_repetitions=2",
                               f"--benchmark_out={out}", "--benchmark_out_format=json", *files],
                              capture_output=True, text=True, check=True)
        return table.read(out), done.stderr

    def test_programs_measure_the_mix_and_a_floor(self):
        for source in sorted((ROOT / "bench").glob("bench_*.cc")):
            layer = source.stem.removeprefix("bench_")
            if layer == "peers" and not os.path.exists(os.path.join(os.environ["SIPWIRE_BENCH"], "bench_peers")):
                continue    # built where the peers are installed
            with self.subTest(layer):
                result, _ = self.measured(layer)
                self.assertEqual(result["messages"], 384)
                self.assertGreater(len(result["times"]), 1)
                self.assertEqual({len(values) for values in result["times"].values()}, {2})

    def test_programs_measure_the_files_of_the_user_and_name_the_refused_ones(self):
        good = ROOT / "tests" / "data" / "rfc4475" / "wsinv.sip"
        bad = self.folder / "bad.sip"
        bad.write_bytes(b"no message\r\n\r\n")
        result, notes = self.measured("index", str(good), str(bad))
        self.assertEqual((result["messages"], result["octets"]), (2, good.stat().st_size + bad.stat().st_size))
        self.assertIn(f"note: {bad} is refused by index\n", notes)
        self.assertNotIn(str(good), notes)


class Linear(unittest.TestCase):
    """What scripts/callgrind says of counts that grow."""

    def said(self, *counts):
        return list(instructions.bent({("index", "avx2", f"{10 ** at}-fields"): float(count) for at, count in enumerate(counts)}))

    def test_cost_that_grows_with_the_number_is_fine(self):
        self.assertEqual(self.said(20, 110, 1010, 10010), [])

    def test_cost_that_grows_with_the_square_is_said(self):
        self.assertEqual(self.said(1, 100, 10000, 1000000), ["not linear: index, avx2: each further of the fields takes "
                                                             "11.00, then 110.00, then 1100.00 instructions"])

    def test_kinds_of_messages_are_no_sizes(self):
        self.assertEqual(list(instructions.bent({("index", "avx2", "invite"): 1.0, ("index", "avx2", "bye"): 9.0})), [])


class Usage(unittest.TestCase):
    def test_wrong_usage_is_refused_before_anything_is_built(self):
        for wrong, sentence in ((["--repetitions", "x"], "bench: --repetitions needs a number, not x\n"),
                                (["--nonsense"], "bench: unknown option --nonsense\n"),
                                (["/no/such/file"], "bench: /no/such/file: cannot be read, or is empty\n")):
            done = subprocess.run([ROOT / "scripts" / "bench", *wrong], capture_output=True, text=True, check=False)
            self.assertEqual((done.returncode, done.stdout, done.stderr), (2, "", sentence))


if __name__ == "__main__":
    unittest.main()
