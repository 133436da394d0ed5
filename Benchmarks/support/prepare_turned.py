"""prepare_turned.py TESTDATA FOLDER ANGLE: the open photos and their annotations, turned anticlockwise (run in the virtual environment).

The decoded pixels are turned, not scaled: FOLDER gets each photo as PNG, truth.json and manifest.json, which name them so.
"""
import json
import pathlib
import sys

from PIL import Image, ImageOps

TURN = {0: lambda picture: picture, 90: lambda picture: picture.transpose(Image.Transpose.ROTATE_90),
        180: lambda picture: picture.transpose(Image.Transpose.ROTATE_180),
        270: lambda picture: picture.transpose(Image.Transpose.ROTATE_270)}


def turned_point(x, y, width, height, angle):
    """Where a point of an upright picture of this size comes to lie."""
    return {0: (x, y), 90: (y, width - x), 180: (width - x, height - y), 270: (height - y, x)}[angle]


def turned_person(person, width, height, angle):
    """What the multi mode of evaluate.py reads of a person."""
    x, y, w, h = person["bbox"]
    corners = [turned_point(*corner, width, height, angle) for corner in ((x, y), (x + w, y + h))]
    left, top = (min(along) for along in zip(*corners))
    right, bottom = (max(along) for along in zip(*corners))
    keypoints = [[*turned_point(*k[:2], width, height, angle), k[2]] if k[2] else k for k in person["keypoints"]]
    kept = {name: person[name] for name in ("labelled", "area", "ignore")}
    return {**kept, "keypoints": keypoints, "bbox": [left, top, right - left, bottom - top]}


def turned_image(image, angle):
    width, height = image["width"], image["height"]
    sideways = angle in (90, 270)
    return {**image, "file": png(image), "width": height if sideways else width, "height": width if sideways else height,
            "persons": [turned_person(person, width, height, angle) for person in image["persons"]]}


def png(entry):
    return pathlib.Path(entry["file"]).with_suffix(".png").name


def main():
    data, folder, angle = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), int(sys.argv[3])
    manifest = json.loads((data / "photos/manifest.json").read_text())
    truth = json.loads((data / "groundtruth/photos.json").read_text())
    for entry in manifest["images"]:
        with Image.open(data / "photos" / entry["file"]) as picture:
            TURN[angle](ImageOps.exif_transpose(picture).convert("RGB")).save(folder / png(entry), compress_level=1)
        entry["file"] = png(entry)
    truth["images"] = [turned_image(image, angle) for image in truth["images"]]
    (folder / "truth.json").write_text(json.dumps(truth))
    (folder / "manifest.json").write_text(json.dumps(manifest))


main()
