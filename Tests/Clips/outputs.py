"""What goes together with a drawn clip: its results, masks, backgrounds, colours, the second pass."""

import struct
import subprocess

from bench import QUICK
from inputs import SIZE, person
from media import Facts, ffmpeg, pictures, whole_frames

PLAIN = ["--no-joints", "--no-bones"]


def results_beside_a_drawing(bench):
    source = person(bench, "in.mp4")
    alone = bench.video(source, "--json")
    beside, drawn = bench.draw(source, "--trails")
    assert alone.status == 0 and beside.untimed == alone.untimed, "drawing changes the results"
    assert len(beside.frames) == whole_frames(drawn) == 20


def second_pass(bench):
    source = person(bench, "in.mp4")
    alone = bench.video(source, "--json", "--passes", "2")
    beside, drawn = bench.draw(source, "--passes", "2")
    assert alone.status == 0 and beside.untimed == alone.untimed, "drawing changes the results"
    assert len(beside.frames) == whole_frames(drawn) == 20
    assert Facts(drawn).times() == Facts(source).times()


def part_and_every(bench):
    source = person(bench, "in.mp4", seconds=2)
    run, drawn = bench.draw(source, "--start", "0.5", "--duration", "1", "--every", "3")
    wanted = [frame["time"] - 0.5 for frame in run.frames]
    found = list(map(float, Facts(drawn).times()))
    assert len(found) == len(wanted) == 7, found
    assert all(abs(a - b) < 1e-6 for a, b in zip(found, wanted)), f"{found}, not {wanted}"


def bone_colour(bench):
    source = person(bench, "in.mp4")
    _, drawn = bench.draw(source, "--bone-color", "#00ff00", "--no-joints", "--thickness", "4")
    before, after = (green(pictures(path, SIZE)[-1]) for path in (source, drawn))
    assert before < 10 < 100 < after, f"{before} pixels are green in the source, {after} with the bones"


def green(picture):
    pixels = zip(picture[0::3], picture[1::3], picture[2::3])
    return sum(g > 200 and r < 110 and b < 110 for r, g, b in pixels)


def mask_folder(bench):
    source, folder = person(bench, "in.mp4"), bench.path("masks")
    run, _ = bench.draw(source, "--mask", folder)
    names = [f"{frame['frame']:06}.png" for frame in run.frames]
    assert sorted(path.name for path in folder.iterdir()) == names, sorted(folder.iterdir())
    for name in names:
        assert png_header(folder / name) == (*SIZE, 8, 0), f"{name}: {png_header(folder / name)}"
    check_mask(pictures(folder / names[-1], SIZE, "gray")[0])


def mask_clip(bench):
    source, masks = person(bench, "in.mp4"), bench.path("masks.mp4")
    bench.draw(source, "--mask", masks)
    assert Facts(masks).times() == Facts(source).times()
    assert not Facts(masks).sounds
    last = pictures(masks, SIZE)[-1]
    assert max(max(pixel) - min(pixel) for pixel in zip(last[0::3], last[1::3], last[2::3])) <= 3, "not grey"
    check_mask(last[0::3])


def check_mask(shades):
    white, black = (sum(map(test, shades)) / len(shades) for test in (lambda s: s > 220, lambda s: s < 35))
    assert white > 0.1 and black > 0.1 and white + black > 0.7, f"{white:.0%} white, {black:.0%} black"


def backgrounds(bench):
    source = person(bench, "in.mp4")
    _, plain = bench.draw(source, *PLAIN, name="plain.mp4")
    _, white = bench.draw(source, *PLAIN, "--background", "white", name="white.mp4")
    _, blurred = bench.draw(source, *PLAIN, "--background", "blur", name="blurred.mp4")
    plain, white, blurred = (pictures(path, SIZE)[-1] for path in (plain, white, blurred))
    count = SIZE[0] * SIZE[1]
    whites = sum(white[at : at + 3] >= bytes([250] * 3) for at in range(0, 3 * count, 3))
    assert 0.1 < whites / count < 0.9, f"{whites / count:.0%} white"
    apart = [abs(a - b) for a, b in zip(plain, blurred)]
    assert max(apart) > 40, "nothing is blurred"
    # Where nothing is white the person is left as it was.
    inside = [at for at in range(0, 3 * count, 3) if max(abs(white[at + k] - plain[at + k]) for k in range(3)) <= 6]
    assert len(inside) / count > 0.1, f"{len(inside) / count:.0%} left of the person"


def transparent_still(bench):
    cut = bench.path("cut.png")
    words = [bench.program, "detect", bench.photo, "-o", cut, "--background", "none", *PLAIN, *QUICK]
    ending = subprocess.run(list(map(str, words)), capture_output=True, text=True, timeout=60)
    assert ending.returncode == 0, ending.stderr
    width, height, depth, kind = png_header(cut)
    assert (depth, kind) == (8, 6), f"depth {depth}, colour type {kind}"
    check_mask(ffmpeg("-i", cut, "-vf", "format=rgba,alphaextract", "-pix_fmt", "gray", "-f", "rawvideo", "pipe:1"))
    refused = bench.video(person(bench, "in.mp4"), "-o", bench.path("drawn.mp4"), "--background", "none")
    assert refused.status == 64 and "transparency" in refused.errors, refused


def png_header(path):
    """Width, height, bits a channel, and the colour type: 0 grey, 6 with alpha."""
    data = path.read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n", path
    return struct.unpack(">IIBB", data[16:26])


CHECKS = {
    "results are the same beside a drawing": results_beside_a_drawing,
    "two passes draw each frame once": second_pass,
    "a part and every third frame keep their times": part_and_every,
    "bones have the wanted colour": bone_colour,
    "masks are a PNG a frame in a folder": mask_folder,
    "masks are a grey video": mask_clip,
    "backgrounds replace all but the people": backgrounds,
    "a photo's background is transparent": transparent_still,
}
