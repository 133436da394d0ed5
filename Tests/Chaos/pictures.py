"""Small photos and a clip, cut out of the sample photo, and what the program itself finds in them."""

import json
import math
import subprocess
import time

from machine import need

COUNT = 12
SIDE = 160


class Pictures:
    """Photos by name, and the direct result of each."""

    def __init__(self, program, photo, folder):
        need("ffmpeg")
        self.program, self.photo, self.folder = program, photo, folder / "pictures"
        self.folder.mkdir()
        self.bytes, self.clips = {}, {}
        for number in range(COUNT):
            path = self.folder / f"photo-{number}.jpg"
            cut = f"crop=iw-{16 * number}:ih-{16 * number}:{8 * number}:{4 * number}"
            self._ffmpeg("-vf", f"{cut},scale={SIDE}:{SIDE}", "-frames:v", 1, path)
            self.bytes[path.name] = path.read_bytes()
        self.direct = self._direct(list(self.bytes))

    def _ffmpeg(self, *words, before=()):
        command = ["ffmpeg", "-nostdin", "-v", "error", "-y", *before, "-i", self.photo, *words]
        subprocess.run([str(word) for word in command], check=True)

    def _direct(self, names):
        run = subprocess.run([self.program, "detect", "--json", "--complexity", "0", "--search", "quick", "--threads", "1",
                              *(self.folder / name for name in names)], check=True, capture_output=True)
        return {name: untimed(json.loads(line)) for name, line in zip(names, run.stdout.splitlines(), strict=True)}

    def of_job(self, number):
        """Which photos a job of this number has: one to three."""
        return [f"photo-{(number * 5 + step) % COUNT}.jpg" for step in range(number % 3 + 1)]

    def files(self, names):
        return [(name, self.bytes[name]) for name in names]

    def difference(self, names, result):
        """Compares a job's result with the direct ones.

        Gives what is wrong, or None, and the reasons of items that failed.
        """
        lines = [json.loads(line) for line in result.splitlines()]
        if [line.get("file") for line in lines] != names:
            return f"files {[line.get('file') for line in lines]}, not {names}", []
        reasons = [str(line["error"]) for line in lines if "error" in line]
        for name, line in zip(names, lines):
            if "error" not in line and untimed(line) != self.direct[name]:
                return f"{name} differs from the direct result", reasons
        return None, reasons

    def clip(self, seconds):
        """A video that takes the program at least about so long; gives its path and its direct result."""
        if seconds in self.clips:
            return self.clips[seconds]
        path = self.folder / f"clip-{seconds}.mp4"
        frames = 100
        while True:
            self._ffmpeg("-vf", f"scale={2 * SIDE}:{2 * SIDE},format=yuv420p", "-r", 25, "-frames:v", frames, path, before=("-loop", 1))
            begin = time.monotonic()
            run = subprocess.run([self.program, "video", path, "--json", "--complexity", "0", "--search", "quick", "--threads", "1"],
                                 check=True, capture_output=True)
            took = time.monotonic() - begin
            if took >= seconds or frames >= 20_000:
                self.clips[seconds] = path, frames_of(run.stdout)
                return self.clips[seconds]
            frames = min(20_000, math.ceil(frames * max(1.5, 1.3 * seconds / took)))


def frames_of(result):
    """The lines about frames, without times."""
    return [untimed(line) for line in map(json.loads, result.splitlines()) if "people" in line]


def untimed(line):
    return {name: value for name, value in line.items() if name not in ("timing", "file")}
