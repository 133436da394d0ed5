"""Drawn clips of all kinds of video, as ffprobe sees them."""

import functools
import statistics
import subprocess
from fractions import Fraction

from inputs import H264, HEVC, RATE, SIZE, VP8, VP9, person, turned, uneven
from media import Facts, boxes, ffmpeg, pictures

COPIED = {"aac", "mp3", "ac3", "eac3", "opus", "alac", "flac"}  # what MP4 holds; all else becomes AAC
HDR = "log-level=error:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc"
TAGS = ["-color_primaries", "bt2020", "-color_trc", "smpte2084", "-colorspace", "bt2020nc"]


def with_sound(codec, ending, *pictures, rate=48000):
    words = [*(pictures or H264), "-c:a", codec, "-ar", str(rate), "-strict", "-2"]
    return lambda bench: person(bench, f"in.{ending}", *words, sound=["-map", "0:v", "-map", "1:a"])


def clip(ending, *words, **options):
    return lambda bench: person(bench, f"in.{ending}", *words, **options)


INPUTS = {
    "a variable rate with a gap": lambda bench: uneven(bench, "in.mp4"),
    "turned by 90 degrees": lambda bench: turned(bench, "in.mp4", 90),
    "turned by -90 degrees": lambda bench: turned(bench, "in.mov", 270),
    "turned by 180 degrees": lambda bench: turned(bench, "in.mp4", 180),
    "no sound": clip("mp4"),
    "AAC sound": with_sound("aac", "mp4", rate=44100),
    "MP3 sound": with_sound("libmp3lame", "mp4", rate=44100),
    "Opus sound in MKV": with_sound("libopus", "mkv"),
    "Opus sound in WebM": with_sound("libopus", "webm", *VP9),
    "FLAC sound": with_sound("flac", "mkv"),
    "Vorbis sound": with_sound("libvorbis", "webm", *VP8),
    "PCM sound": with_sound("pcm_s16le", "mov"),
    "PCM sound in AVI": with_sound("pcm_s16le", "avi", "-c:v", "mpeg4"),
    "AC-3 sound": with_sound("ac3", "mkv"),
    "VP9 with AAC sound": with_sound("aac", "mp4", *VP9),
    "AV1": clip("mp4", "-c:v", "libsvtav1", "-preset", "12", "-pix_fmt", "yuv420p"),
    "HEVC of 10 bits": clip("mp4", *HEVC),
    "HDR": clip("mp4", *HEVC, "-x265-params", HDR, *TAGS),
    "odd sizes": clip("mkv", *VP9, size=(161, 119)),
    "odd sizes in 4:4:4": clip("mp4", "-c:v", "libx264", "-pix_fmt", "yuv444p", size=(161, 119)),
    "4:4:4": clip("mp4", "-c:v", "libx264", "-pix_fmt", "yuv444p"),
    "full range": clip("mp4", "-c:v", "libx264", "-pix_fmt", "yuvj420p"),
    "Motion JPEG": clip("avi", "-c:v", "mjpeg", "-q:v", "2"),
    "pixels that are not square": clip("mp4", *H264, filters=["scale=180:180", "setsar=4/3"]),
    "one frame": clip("mp4", *H264, "-frames:v", "1"),
    "GIF": clip("gif", "-c:v", "gif", "-r", "10"),
    "WebM with VP8": clip("webm", *VP8),
    "B-frames in MKV": clip("mkv", *H264),
    "MPEG-TS that starts late": lambda bench: person(
        bench, "in.ts", *H264, "-c:a", "aac", "-output_ts_offset", "10", sound=["-map", "0:v", "-map", "1:a"]
    ),
}


def check_input(make, bench):
    source = make(bench)
    run, drawn = bench.draw(source)
    assert any(frame["people"] for frame in run.frames), "nobody was found, so nothing was drawn"
    check(Facts(source), Facts(drawn))


def a_folder_of_pictures(bench):
    folder = bench.path("pictures")
    folder.mkdir()
    source = person(bench, "in.mp4")
    ffmpeg("-i", source, folder / "%d.png")
    _, drawn = bench.draw(folder, "--frame-rate", "12")
    facts = Facts(drawn)
    check_form(facts, SIZE)
    assert facts.times() == [Fraction(number, 12) for number in range(20)], facts.times()
    check_same_pictures(source, drawn)


def standard_input(bench):
    source = with_sound("aac", "mp4")(bench)
    with subprocess.Popen(["cat", source], stdout=subprocess.PIPE) as pipe:
        _, drawn = bench.draw("-", stdin=pipe.stdout)
    check(Facts(source), Facts(drawn))


def check(source, drawn):
    check_form(drawn, source.shown_size)
    origin = min(beginning(source), *source.times())
    wanted, found = [time - origin for time in source.times()], drawn.times()
    assert found == wanted, f"times {list(map(float, found))}, not {list(map(float, wanted))}"
    check_lengths(source, drawn, float(origin))
    check_sound(source, drawn)
    if source.picture.get("color_transfer") != "smpte2084":  # mapped to other colours
        check_same_pictures(source.path, drawn.path)


def beginning(source):
    """What becomes time 0: that of the file's clock, but in MPEG-TS, whose clock starts anywhere, the earliest stream's."""
    if source.format["format_name"] != "mpegts":
        return Fraction(0)
    unit = Fraction(source.picture["time_base"])
    return min(round(Fraction(s["start_time"]) / unit) for s in source.pictures + source.sounds) * unit


def check_form(drawn, shown_size):
    """What browsers and QuickTime play, upright, and with its index in front."""
    picture = drawn.picture
    width, height = shown_size
    wanted = {
        "codec_name": "h264",
        "pix_fmt": "yuv420p",
        "color_range": "tv",
        "color_space": "bt709",
        "color_transfer": "bt709",
        "color_primaries": "bt709",
        "width": width + width % 2,
        "height": height + height % 2,
    }
    assert {key: picture.get(key) for key in wanted} == wanted, picture
    assert picture["profile"] in ("Constrained Baseline", "Baseline", "Main", "High"), picture["profile"]
    assert picture.get("sample_aspect_ratio", "1:1") == "1:1", picture["sample_aspect_ratio"]
    assert drawn.rotation is None and "rotate" not in picture.get("tags", {}), picture
    assert len(drawn.pictures) == 1
    names = boxes(drawn.path)
    assert names.index("moov") < names.index("mdat") and "moof" not in names, names


def check_lengths(source, drawn, origin):
    """To a frame, or a packet of sound: nobody knows how much of the last one is heard."""
    frame = max(1 / RATE, (drawn.end("v") - float(drawn.times()[0])) / len(drawn.times()), drawn.sound_packet())
    ends = [source.end(kind) - origin for kind in ["v"] + ["a"] * bool(source.sounds)]
    assert abs(drawn.end("v") - ends[0]) <= 1.01 * frame, f"pictures end at {drawn.end('v')}, not {ends[0]}"
    length = float(drawn.format["duration"])
    assert abs(length - max(ends)) <= 1.01 * frame, f"{length} s long, not {max(ends)}"


def check_sound(source, drawn):
    assert len(drawn.sounds) == min(1, len(source.sounds)), drawn.sounds
    if not source.sounds:
        return
    (before, after), codec = (facts.sounds[0] for facts in (source, drawn)), source.sounds[0]["codec_name"]
    assert after["codec_name"] == (codec if codec in COPIED else "aac"), after["codec_name"]
    for key in ("sample_rate", "channels"):
        assert after[key] == before[key], f"{key} {after[key]}, not {before[key]}"
    # MPEG-TS has a header in front of each packet of AAC.
    if codec in COPIED and source.format["format_name"] != "mpegts":
        assert drawn.sound_sizes() == source.sound_sizes(), "not the same packets"
    lengths = [facts.end("a") - facts.start("a") for facts in (source, drawn)]
    assert abs(lengths[0] - lengths[1]) <= max(0.05, source.sound_packet()), lengths


def check_same_pictures(source, drawn):
    """Upright, in the same colours and order; the lines drawn on them are few enough not to move the median."""
    size = (32, 24)
    before_and_after = zip(pictures(source, size), pictures(drawn, size, part=Facts(source).shown_size), strict=True)
    for number, (before, after) in enumerate(before_and_after):
        apart = statistics.median(abs(a - b) for a, b in zip(before, after))
        assert apart <= 4, f"frame {number} is {apart} grey levels from the source's"


CHECKS = {f"draws {name}": functools.partial(check_input, make) for name, make in INPUTS.items()} | {
    "draws a folder of pictures": a_folder_of_pictures,
    "draws standard input": standard_input,
}
