#!/usr/bin/env python3
r"""Has the built program work on jobs while it and what it needs are killed, frozen, cut off and filled up; then looks at every job.

    Tests/Chaos/run.py --jobs 2000 --seconds 120 --stores sqlite,redis,postgresql

Parts: storm (kill -9 at random of workers, service and store; a full disk; frozen workers; clients that repeat themselves), clocks (workers whose
clocks are ten minutes apart), hosts (network namespaces, one cut off and healed), poison (a photo that kills who opens it), sweep (old
results). The store redis-everysec is killed as by a loss of power, and what that loses is counted. Needs ffmpeg; Redis and PostgreSQL by
`make databases`, Debian's faketime and iproute2. As root all of it runs in namespaces of its own. What is missing is skipped, with
the reason. Exit status 1 when a promise was not kept.
"""

import argparse
import dataclasses
import os
import pathlib
import random
import shutil
import signal
import sys
import tempfile
import time
import traceback

import clocks
import hosts
import machine
import poison
import storm
from pictures import Pictures
from stores import STORES

PARTS = {"storm": storm.storm, "clocks": clocks.clocks, "hosts": hosts.hosts, "poison": poison.poison, "sweep": poison.sweep}
FIRST = ("accepted", "done", "dead", "dead items", "gone", "broken promises", "repeated", "kills", "leases lost", "refused ends", "attempts")


@dataclasses.dataclass
class Setting:
    """What every part works with."""

    program: pathlib.Path
    pictures: Pictures
    folder: pathlib.Path
    jobs: int
    seconds: float
    seed: int


def words(known):
    def read(text):
        found = [word for word in text.replace(",", " ").split() if word]
        for word in found:
            if word not in known:
                raise argparse.ArgumentTypeError(f"{word} is none of {', '.join(known)}")
        return found
    return read


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=pathlib.Path, default=pathlib.Path(".build/release/stance"))
    parser.add_argument("--photo", type=pathlib.Path, default=pathlib.Path("samples/astronaut.png"))
    parser.add_argument("--jobs", type=int, default=2000, help="of each storm")
    parser.add_argument("--seconds", type=float, default=120, help="that a storm lasts")
    parser.add_argument("--stores", type=words(STORES), default=list(STORES))
    parser.add_argument("--parts", type=words(PARTS), default=list(PARTS))
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="of what is hit, and when")
    parser.add_argument("--keep", type=pathlib.Path, help="leave logs and stores of parts that fail in this folder")
    arguments = parser.parse_args()
    if "--seed" not in sys.argv:
        sys.argv += ["--seed", str(arguments.seed)]
    machine.enter_namespaces()
    if machine.has_namespaces():
        machine.raise_loopback()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    print(f"seed {arguments.seed}; {'namespaces of its own' if machine.has_namespaces() else 'not root: no namespaces'}", flush=True)
    rows = []
    with tempfile.TemporaryDirectory(prefix="stance-chaos-") as name:
        base = pathlib.Path(name)
        base.chmod(0o711)  # PostgreSQL's user looks for its own folder here
        program = arguments.program.resolve()
        pictures = Pictures(program, arguments.photo.resolve(), base)
        for store in arguments.stores:
            for part in arguments.parts:
                folder = base / f"{part}-{store}"
                folder.mkdir(mode=0o711)
                setting = Setting(program, pictures, folder, arguments.jobs, arguments.seconds, arguments.seed)
                rows.append(attempt(part, STORES[store], setting))
                if rows[-1].startswith("FAILED") and arguments.keep:
                    arguments.keep.mkdir(parents=True, exist_ok=True)
                    shutil.move(folder, arguments.keep / folder.name)
    print("\n" + "\n".join(rows))
    return 1 if any(row.startswith("FAILED") for row in rows) else 0


def attempt(part, store, setting):
    """Runs one part; gives its row of the table."""
    report, begin, ending, text = {}, time.monotonic(), "ok", ""
    try:
        if store.loses and part != "storm":
            raise machine.Skipped("its storm is what it is for")
        PARTS[part](setting, store, report)
    except machine.Skipped as reason:
        ending, text = "skipped", f": {reason}"
    except machine.Failed as reason:
        ending, text = "FAILED", f": {reason}"
    except Exception:
        ending, text = "FAILED", ":\n" + traceback.format_exc()
    numbers = [f"{name} {report[name]}" for name in (*FIRST, *(set(report) - set(FIRST))) if name in report]
    row = f"{ending:7} {part}, {store.title}, {time.monotonic() - begin:.0f} s{text}"
    if numbers:
        row += "\n        " + "; ".join(numbers)
    print(row, flush=True)
    return row


if __name__ == "__main__":
    sys.exit(main())
