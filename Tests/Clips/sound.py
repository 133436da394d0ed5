"""Sound stays in step with the pictures: a white flash and a click every half second."""

import array
import functools

from inputs import flashes
from media import Facts, ffmpeg, pictures

SAMPLE_RATE = 48000
TOLERANCE = 0.010  # seconds

MP3 = ["-c:a", "libmp3lame"]
OPUS = ["-c:a", "libopus"]
AAC = ["-c:a", "aac"]
PART = ["--start", "0.7", "--duration", "1"]

# The file's name and encoding, when its clock and its sound begin, the program's options.
CLIPS = {
    "AAC": ("in.mp4", AAC, {}, []),
    "MP3": ("in.mp4", MP3, {}, []),
    "Opus": ("in.mkv", OPUS, {}, []),
    "PCM": ("in.mov", ["-c:a", "pcm_s16le"], {}, []),
    "AAC that starts late": ("in.mp4", AAC, {"offset": 0.4}, []),
    "MP3 that starts late": ("in.mkv", MP3, {"offset": 0.4}, []),
    "Opus that starts late": ("in.mkv", OPUS, {"offset": 0.4}, []),
    "AAC that starts after the pictures": ("in.mp4", AAC, {"sound_from": 0.3}, []),
    "AAC in MPEG-TS that starts late": ("in.ts", AAC, {"offset": 3.3}, []),
    "a part of AAC": ("in.mp4", AAC, {}, PART),
    "a part of MP3": ("in.mp4", MP3, {}, PART),
    "a part of Opus that starts late": ("in.mkv", OPUS, {"offset": 0.4}, PART),
    "a part of PCM": ("in.mov", ["-c:a", "pcm_s16le"], {}, PART),
}


def check(name, words, timing, options, bench):
    source = flashes(bench, name, *words, **timing)
    _, drawn = bench.draw(source, *options)
    flashed, clicked = flash_times(drawn), click_times(drawn)
    assert len(clicked) >= (2 if options else 4), f"{len(clicked)} clicks"
    for click in clicked:
        apart = min(abs(click - flash) for flash in flashed)
        assert apart <= TOLERANCE, f"a click at {click:.4f} s; flashes at {flashed}"


def flash_times(path):
    times = map(float, Facts(path).times())
    shades = [picture[0] for picture in pictures(path, (1, 1), "gray")]
    return [time for time, shade in zip(times, shades, strict=True) if shade > 128]


def click_times(path):
    """When it becomes loud after a silence."""
    # On the file's own clock, from its 0 on.
    words = ["-copyts", "-i", path, "-map", "0:a:0", "-af", f"aresample={SAMPLE_RATE}:async=1:min_hard_comp=0.001:first_pts=0"]
    samples = array.array("f", ffmpeg(*words, "-ac", "1", "-f", "f32le", "pipe:1"))
    times, last = [], -1.0
    for number, sample in enumerate(samples):
        if abs(sample) > 0.3:
            time = number / SAMPLE_RATE
            if time - last > 0.2:
                times.append(time)
            last = time
    return times


CHECKS = {f"keeps {name} in step": functools.partial(check, *clip) for name, clip in CLIPS.items()}
