"""What a check gets: kept results, and the program that exports them."""

import pathlib
import subprocess

import numpy

LIMIT = 60  # seconds for any program


class Bench:
    def __init__(self, program, results, folder):
        self.program, self.results, self.folder = program, results, folder

    def export(self, name, format=None, *words):
        """Exports the results; gives the path that was asked for."""
        path = self.folder / name
        words = [*(["--format", format] if format else []), *words]
        run(self.program, "export", self.results, "--export", path, *words)
        return path


def run(*words):
    words = [str(word) for word in words]
    ending = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, timeout=LIMIT)
    assert ending.returncode == 0, f"{' '.join(words)}\n{ending.stderr.decode()}"
    return ending.stdout.decode()


def one_each(path, people):
    """Where a file holds one person: their files by id."""
    path = pathlib.Path(path)
    return {person: path.with_name(f"{path.stem}.{person}{path.suffix}") for person in people}


def close(given, wanted, tolerance):
    given, wanted = numpy.asarray(given, float), numpy.asarray(wanted, float)
    assert given.shape == wanted.shape, f"{given.shape} is not {wanted.shape}"
    worst = numpy.abs(given - wanted).max(initial=0)
    assert worst <= tolerance, f"off by {worst}, {tolerance} is allowed"
