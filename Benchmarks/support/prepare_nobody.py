"""prepare_nobody.py UNPACKED FOLDER: pictures without people, of unpacked Debian packages (run in the virtual environment).

Whatever is a raster of at least 200 px, made smaller to at most 1024 px, on white, as PNG; what has 100 to 199 px goes into the
folder "small" in it. Letters, coins and signs stay away.
"""
import pathlib
import sys

from PIL import Image

# All 519 were looked at. These show people or figures of people, so a pose on them would not be wrong.
LEFT_OUT = {
    "military-fireman240a": "person",
    "military-paratrooper": "person",
    "military-vehicles-bradley": "crew",
    "military-vehicles-bradley_mirror": "crew",
    "people-fireman200b": "person",
    "people-fireman240a": "person",
    "people-body_parts-eye": "eye",
    "people-cartoon-mermaid": "figure",
    "people-toys-grannysmith": "doll",
    "seasonal-christmas-German_Christmas_toy": "figure",
    "seasonal-christmas-Santa": "face",
    "seasonal-halloween-grave-i": "portrait",
    "space-spacewalk": "person",
    "town-monuments-cartoon-statue": "figure",
    "town-roadsigns-school_sign": "figures",
    "town-roadsigns-toilets": "figures",
    "town-roadsigns-xing_school": "figures",
    "town-roadsigns-xing_school_mirror": "figures",
    "vehicles-flight-balloon360": "people",
    "vehicles-race-indycar": "driver",
}
SMALLEST, USUAL, LARGEST = 100, 200, 1024
# A wallpaper of 8 K is larger than what Pillow thinks safe.
Image.MAX_IMAGE_PIXELS = None


def pictures(unpacked):
    """Name and path of each: the name is the path below the package's own folder of pictures."""
    for folder in ("usr/share/backgrounds", "usr/share/tuxpaint/stamps"):
        for path in sorted((unpacked / folder).rglob("*")):
            inside = path.relative_to(unpacked / folder)
            if path.suffix in (".png", ".jpg") and path.is_file() and not path.is_symlink() and inside.parts[0] != "symbols":
                yield "-".join(inside.with_suffix("").parts), path


def main():
    unpacked, folder = map(pathlib.Path, sys.argv[1:])
    (folder / "small").mkdir()
    left_out = set(LEFT_OUT)
    for name, path in pictures(unpacked):
        with Image.open(path) as picture:
            if max(picture.size) < SMALLEST:
                continue
            if name in LEFT_OUT:
                left_out.discard(name)
                continue
            into = folder if max(picture.size) >= USUAL else folder / "small"
            picture = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture).convert("RGB")
        picture.thumbnail((LARGEST, LARGEST), Image.Resampling.LANCZOS)
        picture.save(into / f"{name}.png")
    if left_out:
        sys.exit(f"the packages have changed, look at their pictures again: there is no {', '.join(sorted(left_out))}")


main()
