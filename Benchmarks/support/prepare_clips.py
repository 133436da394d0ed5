"""Clips for the speed of tracking, made by ffmpeg of one that shows one person from head to foot: frames as pictures, and a file."""
import shutil
import subprocess

PEOPLE = {1: "one", 2: "two"}
FRAME = "640x480"
FILM, LARGE_FILM, FILM_FRAMES = "640x360", "1280x720", 600


def _padded(width, height):
    """A filter that puts the whole picture into the middle of a black one."""
    return f"scale={width}:{height}:force_original_aspect_ratio=decrease,pad={width}:{height}:-1:-1"


def _ffmpeg(*words):
    subprocess.run(["ffmpeg", "-v", "error", "-y", *map(str, words)], check=True)


def frames(clip, folder, people):
    """The clip's frames in 640x480: the person alone, or beside his mirror image."""
    width, height = map(int, FRAME.split("x"))
    made = folder / f"{clip.stem}-{PEOPLE[people]}"
    if not made.is_dir():
        filters = _padded(width, height) if people == 1 else f"{_padded(width // 2, height)},split[a][b];[b]hflip[c];[a][c]hstack"
        partial = made.with_suffix(".partial")
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        _ffmpeg("-i", clip, "-fps_mode", "passthrough", "-filter_complex", filters, partial / "%04d.png")
        partial.rename(made)
    return sorted(made.iterdir())


def camera(clip, folder):
    """The clip there and back in 640x480 as JPEG files, so that it can go on for ever without a jump."""
    made = folder / f"{clip.stem}-camera"
    if not made.is_dir():
        partial = made.with_suffix(".partial")
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        filters = f"{_padded(*map(int, FRAME.split('x')))},split[a][b];[b]reverse[c];[a][c]concat"
        _ffmpeg("-i", clip, "-an", "-filter_complex", filters, "-fps_mode", "passthrough", "-q:v", 3, partial / "%04d.jpg")
        partial.rename(made)
    return sorted(made.iterdir())


def film(clip, folder, size=FILM):
    """The clip again and again as an H.264 file of that size with 600 frames, 30 a second."""
    width, height = map(int, size.split("x"))
    path = folder / f"{clip.stem}-{size}-{FILM_FRAMES}.mp4"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".partial.mp4")
        _ffmpeg("-stream_loop", -1, "-i", clip, "-vf", f"{_padded(width, height)},setpts=N/30/TB", "-r", 30, "-frames:v", FILM_FRAMES,
                "-an", "-c:v", "libx264", "-preset", "medium", "-crf", 18, "-pix_fmt", "yuv420p", partial)
        partial.rename(path)
    return path


def repeated(clip, folder, count, rate):
    """The clip again and again as it is coded, `count` frames of it, `rate` a second."""
    path = folder / f"{clip.stem}-{count}-{rate}.mp4"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        partial, once = path.with_suffix(".partial.mp4"), folder / f"{clip.stem}-{rate}.mp4"
        _ffmpeg("-i", clip, "-an", "-vf", f"setpts=N/{rate}/TB", "-r", rate, "-c:v", "libx264", "-crf", 20, "-pix_fmt", "yuv420p", once)
        _ffmpeg("-stream_loop", -1, "-i", once, "-c", "copy", "-frames:v", count, partial)
        partial.rename(path)
    return path
