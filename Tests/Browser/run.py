#!/usr/bin/env python3
r"""Checks the page in a real browser, against a server that is already running.

    Tests/Browser/run.py --base http://127.0.0.1:5000 --photo samples/astronaut.png \
        --axe .build/browser-test/axe.min.js --output out/browser

Needs Debian's chromium and chromium-driver, and the packages of requirements.txt; `make browser` gets
them and axe-core. Exit status 1 when a check failed.
"""

import argparse
import dataclasses
import json
import pathlib
import sys
import tempfile
import traceback
import urllib.request

import camera
import checks
import examples
import jobs
import movement
import video
from browser import Browser, Skipped

# Open clips beside the project, where there are any.
TESTDATA = pathlib.Path(__file__).resolve().parents[3] / "shared/testdata"


@dataclasses.dataclass
class Visit:
    """What a check needs: the server, a photo of people and the server's JSON for it, folders for files."""

    base: str
    photo: pathlib.Path
    result: dict
    folder: pathlib.Path
    screenshots: pathlib.Path
    axe: str  # axe-core's source
    testdata: pathlib.Path = TESTDATA

    @property
    def downloads(self):
        return self.folder / "downloads"

    def browser(self, **look):
        return Browser(self.base, self.downloads, **look)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", required=True, help="the server's address, without a slash at the end")
    parser.add_argument("--photo", type=pathlib.Path, default=pathlib.Path("samples/astronaut.png"))
    parser.add_argument("--output", type=pathlib.Path, default=pathlib.Path("out/browser"), help="for screenshots")
    parser.add_argument("--axe", type=pathlib.Path, required=True, help="axe-core's script, axe.min.js")
    parser.add_argument("names", nargs="*", help="run only checks whose names contain one of these")
    arguments = parser.parse_args()

    base, photo = arguments.base.rstrip("/"), arguments.photo.resolve()
    axe = arguments.axe.read_text()
    arguments.output.mkdir(parents=True, exist_ok=True)
    request = urllib.request.Request(base + "/v1/pose", photo.read_bytes(), {"Content-Type": "image/png"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        result = json.load(answer)
    assert result["people"], f"{photo.name} must show somebody"

    every = [*checks.ALL, *video.ALL, *camera.ALL, *movement.ALL, *examples.ALL, *jobs.ALL]
    chosen = [c for c in every if not arguments.names or any(n in c.__name__ for n in arguments.names)]
    failed, skipped = 0, 0
    for check in chosen:
        with tempfile.TemporaryDirectory() as folder:
            visit = Visit(base, photo, result, pathlib.Path(folder), arguments.output.resolve(), axe)
            visit.downloads.mkdir()
            try:
                check(visit)
                print("ok    ", check.__name__.replace("_", " "), flush=True)
            except Skipped as reason:
                skipped += 1
                print("skip  ", check.__name__.replace("_", " ") + ":", reason, flush=True)
            except Exception:
                failed += 1
                print("FAILED", check.__name__.replace("_", " "), flush=True)
                traceback.print_exc()
    passed = len(chosen) - failed - skipped
    print(f"{passed} of {len(chosen)} checks passed, {skipped} skipped; screenshots in {arguments.output}")
    return 1 if failed or not chosen else 0


if __name__ == "__main__":
    sys.exit(main())
