#!/usr/bin/env python3
r"""Draws small videos of all kinds with the built program, from end to end, and checks what comes out.

    Tests/Clips/run.py --program .build/release/stance

Needs Debian's ffmpeg. Playing needs chromium, chromium-driver and the packages of Tests/Browser/requirements.txt, and is skipped
without them; `make clips` gets these. Exit status 1 when a check failed.
"""

import argparse
import concurrent.futures
import os
import pathlib
import signal
import sys
import tempfile
import time
import traceback

import drawn
import endings
import outputs
import playing
import sound
from bench import Bench, Skipped

CHECKS = drawn.CHECKS | sound.CHECKS | playing.CHECKS | endings.CHECKS | outputs.CHECKS
PASSED, SKIPPED, FAILED = "ok", "skipped", "FAILED"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=pathlib.Path, default=pathlib.Path(".build/release/stance"))
    parser.add_argument("--photo", type=pathlib.Path, default=pathlib.Path("samples/astronaut.png"))
    parser.add_argument("--jobs", type=int, default=min(4, os.cpu_count()), help="checks at the same time")
    parser.add_argument("words", nargs="*", help="run only checks whose names contain one of these")
    arguments = parser.parse_args()
    # A shell's work in the background is started with Ctrl-C ignored, and what it starts would ignore it too.
    signal.signal(signal.SIGINT, signal.default_int_handler)

    names = [name for name in CHECKS if not arguments.words or any(word in name for word in arguments.words)]
    begin, results = time.monotonic(), []
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        attempts = [pool.submit(attempt, name, arguments.program.resolve(), arguments.photo.resolve()) for name in names]
        for name, ending in zip(names, attempts):
            result, text = ending.result()
            results.append(result)
            print(f"{result:7} {name}{text}", flush=True)
    counts = ", ".join(f"{results.count(kind)} {kind}" for kind in (PASSED, SKIPPED, FAILED))
    print(f"{counts} in {time.monotonic() - begin:.0f} s")
    return 1 if FAILED in results or not results else 0


def attempt(name, program, photo):
    """Runs one check in a folder of its own; gives how it went, and what is to be said of it."""
    with tempfile.TemporaryDirectory(prefix="stance-clips-") as folder:
        try:
            CHECKS[name](Bench(program, photo, pathlib.Path(folder)))
        except Skipped as reason:
            return SKIPPED, f": {reason}"
        except Exception:
            return FAILED, "\n" + traceback.format_exc()
    return PASSED, ""


if __name__ == "__main__":
    sys.exit(main())
