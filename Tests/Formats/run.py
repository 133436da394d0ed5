#!/usr/bin/env python3
r"""Exports made-up results in every format with the built program, and has each read by the reader that people use.

    Tests/Formats/run.py --program .build/release/stance

Needs the packages of Tests/Formats/requirements.txt, Pose2Sim and Debian's assimp-utils; `make formats` gets these. Compares
numbers, gaps, names and rates with what was made up (made.py). Exit status 1 when a check failed.
"""

import argparse
import pathlib
import sys
import tempfile
import time
import traceback

import figures
import keypoints
import made
import markers
import tables
from bench import Bench

CHECKS = tables.CHECKS | keypoints.CHECKS | markers.CHECKS | figures.CHECKS


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=pathlib.Path, default=pathlib.Path(".build/release/stance"))
    parser.add_argument("words", nargs="*", help="run only checks whose names contain one of these")
    arguments = parser.parse_args()

    begin, results = time.monotonic(), []
    with tempfile.TemporaryDirectory(prefix="stance-formats-") as folder:
        results_file = pathlib.Path(folder) / "made.jsonl"
        made.write_results(results_file)
        for number, (name, check) in enumerate(CHECKS.items()):
            if arguments.words and not any(word in name for word in arguments.words):
                continue
            own = pathlib.Path(folder) / f"{number}"
            own.mkdir()
            results.append(attempt(name, check, Bench(arguments.program.resolve(), results_file, own)))
    print(f"{results.count(True)} passed, {results.count(False)} failed in {time.monotonic() - begin:.0f} s")
    return 0 if results and all(results) else 1


def attempt(name, check, bench):
    try:
        check(bench)
    except Exception:
        print(f"FAILED  {name}\n{traceback.format_exc()}", flush=True)
        return False
    print(f"ok      {name}", flush=True)
    return True


if __name__ == "__main__":
    sys.exit(main())
