"""Clips that end before their end: what is left plays, and the message says up to where."""

import functools
import os
import pathlib
import re
import shlex
import signal
import subprocess
import time

from bench import LIMIT, QUICK, Skipped, partial
from inputs import H264, person
from media import whole_frames

EARLIER = b"an earlier video"
SOUND = ["-map", "0:v", "-map", "1:a"]


def long_clip(bench, name="in.mp4", seconds=20):
    return person(bench, name, *H264, "-c:a", "aac", "-movflags", "+faststart", seconds=seconds, sound=SOUND)


def begin(bench, source, count):
    """Starts to draw over an earlier video; gives the process and both files once so many frames have their lines."""
    drawn, lines = bench.path("drawn.mp4"), bench.path("lines.jsonl")
    drawn.write_bytes(EARLIER)
    with lines.open("w") as file:
        process = bench.start(source, "-o", drawn, "--json", stdout=file)
    wait_until(lambda: process.poll() is not None or lines.read_text().count("\n") > count, "lines of JSON")
    assert process.poll() is None, "the program ended before it could be disturbed: " + process.communicate()[1]
    return process, drawn, lines


def wait_until(condition, what, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"after {seconds} s still not: {what}"
        time.sleep(0.02)


def check_rest(errors, drawn, frames):
    """The partial file holds these frames, and the message says so."""
    rest = partial(drawn)
    assert whole_frames(rest) == len(frames), f"{whole_frames(rest)} frames play of {len(frames)}"
    said = re.search(re.escape(str(rest)) + r" plays up to ([0-9.]+) s, frame ([0-9]+)", errors)
    assert said, errors
    last = frames[-1]
    assert int(said[2]) == last["frame"] and abs(float(said[1]) - last["time"]) < 0.006, errors


def interrupted(bench):
    process, drawn, lines = begin(bench, long_clip(bench), 60)
    with process:
        process.send_signal(signal.SIGINT)
        run = bench.end(process)
    run.output = lines.read_text()
    assert run.status == 130, f"status {run.status}: {run.errors}"
    assert drawn.read_bytes() == EARLIER, "the earlier video was touched"
    assert 60 <= len(run.frames) < 400, len(run.frames)
    check_rest(run.errors, drawn, run.frames)


def killed(bench):
    drawn = kill(bench)
    count = bench.path("lines.jsonl").read_text().count("\n") - 1
    assert drawn.read_bytes() == EARLIER, "the earlier video was touched"
    assert whole_frames(partial(drawn)) > count - 10, f"{whole_frames(partial(drawn))} frames play of {count}"


def kill(bench):
    """Kills a run that has drawn something, and waits until its processes are gone; gives the output's place."""
    process, drawn, _ = begin(bench, long_clip(bench), 60)
    with process:
        wait_until(lambda: partial(drawn).stat().st_size > 0, "the first fragment")
        children = descendants(process.pid)
        assert any("ffmpeg" in name for name in children.values()), children
        process.kill()
        process.communicate()
    wait_until(lambda: not any(is_running(child) for child in children), f"all of {children} are gone")
    return drawn


def descendants(pid):
    """The processes that a process started, and those started by them: numbers and names."""
    found, parents = {}, {}
    for folder in pathlib.Path("/proc").iterdir():
        if folder.name.isdigit():
            fields = stat(int(folder.name))
            if fields:
                parents[int(folder.name)] = fields
    more = {pid}
    while more:
        more = {child for child, (_, _, parent) in parents.items() if parent in more}
        found |= {child: parents[child][0] for child in more}
    return found


def stat(pid):
    """A process's name, state and parent; None when there is none of this number."""
    try:
        name, fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)
    except OSError:
        return None
    return name.split("(", 1)[1], fields.split()[0], int(fields.split()[1])


def is_running(pid):
    found = stat(pid)
    return found is not None and found[1] != "Z"


def full_disk(shares, bench):
    """Disks that hold so many times what the drawn video alone needs."""
    source = long_clip(bench, seconds=4)
    _, drawn = bench.draw(source)
    for share in shares:
        status, errors, kept = on_small_disk(bench, source, f"disk{share}", int(share * drawn.stat().st_size))
        place = f"{share} times the disk: status {status}: {errors}"
        assert status == 1 and not (kept / "drawn.mp4").exists(), place
        assert "no space is left on the disk" in errors and f"disk{share}/drawn.partial.mp4" in errors, place
        count = whole_frames(kept / "drawn.partial.mp4")
        # Only where there is room for a second copy the partial file is whole.
        assert count == 80 if share > 1.2 else 20 <= count <= 80, f"{count} frames play, {place}"
        assert [path.name for path in kept.iterdir()] == ["drawn.partial.mp4"], list(kept.iterdir())


def on_small_disk(bench, source, name, size):
    """Draws to a disk of so many bytes; gives the status, what was said, and a folder with what was left on the disk."""
    disk, kept = bench.path(name), bench.path(f"kept-{name}")
    disk.mkdir()
    commands = [
        shlex.join(["mount", "-t", "tmpfs", "-o", f"size={size // 4096 * 4096}", "tmpfs", str(disk)]) + " || exit",
        shlex.join(map(str, [bench.program, "video", source, "-o", disk / "drawn.mp4", *QUICK])),
        "status=$?",
        shlex.join(["cp", "-r", str(disk), str(kept)]),
        "exit $status",
    ]
    for alone in (["unshare", "--mount"], ["unshare", "--mount", "--map-root-user"]):
        ending = subprocess.run([*alone, "sh", "-c", "\n".join(commands)], capture_output=True, text=True, timeout=LIMIT)
        if kept.exists():
            return ending.returncode, ending.stderr, kept
    raise Skipped(f"no disk can be mounted here: {ending.stderr.strip()}")


def cut_off(ending, words, bench):
    """The first one to nine tenths of a file."""
    clip = ["-c:a", "aac", *words]
    whole = person(bench, f"whole.{ending}", *H264, *clip, sound=SOUND, seconds=1.5).read_bytes()
    counts = []
    for tenth in range(1, 10):
        source, drawn = bench.path(f"cut{tenth}.{ending}"), bench.path(f"drawn{tenth}.mp4")
        source.write_bytes(whole[: len(whole) * tenth // 10])
        run = bench.video(source, "-o", drawn, "--json")
        place = f"{tenth} tenths: {run.errors}"
        assert run.status == 1 and not drawn.exists(), f"status {run.status}, {place}"
        assert source.name in run.errors, place
        counts.append(len(run.frames))
        if run.frames:
            try:
                check_rest(run.errors, drawn, run.frames)
            except AssertionError as error:
                raise AssertionError(place) from error
        else:
            assert not partial(drawn).exists(), place
    assert counts == sorted(counts) and counts[-1] > 20, counts


def output_is_input(bench):
    source = person(bench, "in.mp4")
    before = source.read_bytes()
    os.link(source, bench.path("hard.mp4"))
    bench.path("soft.mp4").symlink_to(source)
    os.link(source, bench.path("other.partial.mp4"))
    for name in ("in.mp4", "hard.mp4", "soft.mp4", "other.mp4"):
        for option in ("--output", "--mask"):
            run = bench.video(source, option, bench.path(name))
            assert run.status == 1 and "is the video that is read" in run.errors, f"{name}: {run}"
    assert source.read_bytes() == before, "the input was harmed"
    there = sorted(os.listdir(bench.folder))
    assert there == ["hard.mp4", "in.mp4", "other.partial.mp4", "soft.mp4"], there


def broken_pipe(bench):
    source, drawn = long_clip(bench, seconds=5), bench.path("drawn.mp4")
    with bench.start(source, "-o", drawn, "--json") as process:
        for _ in range(3):
            assert process.stdout.readline()
        process.stdout.close()
        errors = process.stderr.read()
        status = process.wait(60)
    assert status == 141 and not drawn.exists(), f"status {status}: {errors}"
    assert whole_frames(partial(drawn)) >= 1, "what was drawn doesn't play"


CHECKS = {
    "Ctrl-C leaves what was drawn until then": interrupted,
    "kill -9 leaves what was drawn, and no process": killed,
    "a full disk leaves what was drawn until then": functools.partial(full_disk, [0.5, 0.8]),
    "a disk too small for the whole file leaves the partial one": functools.partial(full_disk, [1.5, 1.98]),
    "an MP4 cut off at every tenth is drawn up to there": functools.partial(cut_off, "mp4", ["-movflags", "+faststart"]),
    "an MKV cut off at every tenth is drawn up to there": functools.partial(cut_off, "mkv", []),
    "an output that is the input is refused": output_is_input,
    "a broken pipe leaves what was drawn until then": broken_pipe,
}
