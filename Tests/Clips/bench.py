"""What every check works with: the program, a folder for files, and what a run of the program left."""

import dataclasses
import json
import os
import pathlib
import re
import subprocess

LIMIT = 120  # seconds that the program may take before it counts as hanging
QUICK = ["--search", "quick", "--max-people", "1", "--complexity", "0"]


class Skipped(Exception):
    """This machine lacks what a check needs; the text says what."""


@dataclasses.dataclass
class Run:
    """How the program ended, and what it said."""

    status: int
    output: str
    errors: str

    @property
    def frames(self):
        """The lines of JSON after the first."""
        return [json.loads(line) for line in self.output.splitlines()[1:]]

    @property
    def untimed(self):
        """All that was printed but for how long it took."""
        return re.sub(r',"timing":{[^}]*}', "", self.output)


@dataclasses.dataclass
class Bench:
    """One check's tools. Its folder is its own and is removed afterwards."""

    program: pathlib.Path
    photo: pathlib.Path
    folder: pathlib.Path

    def path(self, name):
        return self.folder / name

    def start(self, *words, **options):
        """Starts the program on a video."""
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options
        return subprocess.Popen([str(word) for word in (self.program, "video", *words, *QUICK)], text=True, **pipes)

    def video(self, *words, **options):
        """Runs the program on a video to its end, whatever that is."""
        with self.start(*words, **options) as process:
            return self.end(process)

    def draw(self, source, *words, name="drawn.mp4", **options):
        """Draws a video that must come out whole, and gives the run and the file."""
        drawn = self.path(name)
        run = self.video(source, "-o", drawn, "--json", *words, **options)
        assert run.status == 0, f"status {run.status}: {run.errors}"
        assert drawn.exists() and not partial(drawn).exists(), sorted(os.listdir(self.folder))
        return run, drawn

    def end(self, process):
        """Waits until the program has ended by itself."""
        try:
            output, errors = process.communicate(timeout=LIMIT)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        return Run(process.returncode, output or "", errors or "")


def partial(path):
    """Where a video lies until it is whole."""
    return path.with_name(f"{path.stem}.partial{path.suffix}")
