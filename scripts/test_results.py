"""Reads Meson's testlog.json; prints how many tests passed, how many failed, and the names of those that failed."""

import json
import sys

GOOD = {"OK", "EXPECTEDFAIL"}
NEITHER = {"SKIP"}


def main(path):
    try:
        with open(path, encoding="utf-8") as log:
            results = [json.loads(line) for line in log if line.strip()]
    except OSError:
        results = []
    good = sum(result["result"] in GOOD for result in results)
    bad = [result["name"].replace(" ", "") for result in results if result["result"] not in GOOD | NEITHER]
    if not results:
        bad = ["no-test-ran"]
    print(good, len(bad), ",".join(bad) or "-")


if __name__ == "__main__":
    main(sys.argv[1])
