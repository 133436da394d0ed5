"""Drawn clips played in headless Chromium."""

import contextlib
import functools
import http.server
import importlib.util
import pathlib
import shutil
import statistics
import sys
import threading

import endings
from bench import Skipped, partial
from drawn import INPUTS
from inputs import STRIP, STRIP_WIDTH
from media import Facts, pictures

PLAYED = [
    "AAC sound", "MP3 sound", "Opus sound in MKV", "FLAC sound",
    "a variable rate with a gap", "turned by 90 degrees", "odd sizes",
]

# Plays to the end, and gives what was seen and heard, with some of the pixels of the picture of a time.
PLAY = """
const [address, time, places] = arguments;
const video = document.createElement('video');
video.muted = true;
const shown = [];
const note = (_, frame) => {
  shown.push(frame.mediaTime);
  video.requestVideoFrameCallback(note);
};
const event = (name) => new Promise((done, fail) => {
  video.addEventListener(name, done, { once: true });
  video.onerror = () => fail(new Error(video.error.message));
});
return (async () => {
  video.src = address;
  video.requestVideoFrameCallback(note);
  await Promise.all([event('ended'), video.play()]);
  const [end, width, height] = [video.currentTime, video.videoWidth, video.videoHeight];
  // At the end Chromium may not have come to show the last picture, and the server can't be asked for a part.
  video.src = URL.createObjectURL(await (await fetch(address)).blob());
  const played = shown.splice(0);
  await event('loadedmetadata');
  video.currentTime = time + 0.001;
  while (!(Math.abs(shown.at(-1) - time) < 0.01)) await new Promise((done) => setTimeout(done, 20));
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context.drawImage(video, 0, 0);
  const pixels = places.map(([x, y]) => [...context.getImageData(x, y, 1, 1).data].slice(0, 3));
  return { width, height, end, shown: played, pixels, heard: video.webkitAudioDecodedByteCount };
})();
"""


def check(make, bench):
    source = make(bench)
    _, path = bench.draw(source)
    facts, times = Facts(path), list(map(float, Facts(path).times()))
    width, height = facts.picture["width"], facts.picture["height"]
    places = [(x, y) for y in range(4, height, 16) for x in range(4, width, 16)]
    in_strip = (STRIP_WIDTH // 2, height // 8)
    seen = play(bench, path, times[-1], [in_strip, *places])
    assert (seen["width"], seen["height"]) == (width, height), seen
    assert abs(seen["end"] - float(facts.format["duration"])) < 0.1, f"ended at {seen['end']} s"
    assert bool(seen["heard"]) == bool(facts.sounds), f"{seen['heard']} bytes of sound decoded"
    wrong = [time for time in seen["shown"] if min(abs(time - other) for other in times) > 0.001]
    assert seen["shown"] and not wrong, f"pictures shown at {wrong}, not {times}"
    strip, *pixels = seen["pixels"]
    assert max(abs(a - b) for a, b in zip(strip, STRIP)) <= 10, f"{strip}, not {STRIP}"
    last = pictures(path, (width, height))[-1]
    drawn = [last[3 * (y * width + x) :][:3] for x, y in places]
    apart = statistics.mean(abs(a - b) for one, other in zip(pixels, drawn) for a, b in zip(one, other))
    assert apart <= 4, f"the last picture is {apart:.1f} grey levels from what was drawn"


def rest_of_a_killed_run(bench):
    drawn = endings.kill(bench)
    last = float(Facts(partial(drawn)).times()[-1])
    seen = play(bench, partial(drawn), last)
    # The sound goes on for what was in a pipe of 64 KiB, but not to its end at 20 s.
    assert last - 0.2 < seen["end"] < last + 12, f"played to {seen['end']} s; the last picture is at {last} s"


def play(bench, path, time, places=()):
    """Plays a file to its end; gives what was seen and heard, and pixels at a time."""
    with served(bench.folder) as base, browser(base, bench.folder) as window:
        window.go("/")
        seen = window.run(PLAY, "/" + path.name, time, places)
        complaints = [words for words in window.complaints() if "favicon" not in words]
    assert not complaints, complaints
    return seen


def browser(base, folder):
    """The page's tests' window."""
    for program in ("chromium", "chromedriver"):
        if not shutil.which(program):
            raise Skipped(f"there is no {program}")
    if not importlib.util.find_spec("selenium"):
        raise Skipped("this Python has no selenium")
    path = str(pathlib.Path(__file__).parent.parent / "Browser")
    if path not in sys.path:
        sys.path.append(path)
    return importlib.import_module("browser").Browser(base, folder)


@contextlib.contextmanager
def served(folder):
    """Serves a folder's files."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


CHECKS = {f"Chromium plays what was drawn of {name}": functools.partial(check, INPUTS[name]) for name in PLAYED} | {
    "Chromium plays what kill -9 left": rest_of_a_killed_run
}
