"""Compares what is called seen or guessed with annotated joints: `seen.py STANCE-BENCHMARK SHARED COMPLEXITY…`

The photos are looked at as they are and cut to halves of each large person, so that joints are known to be outside.
"""
import csv
import json
import pathlib
import subprocess
import sys
from typing import NamedTuple, Optional

import cv2
import numpy as np

import environment
from report import table

NAMES = ["lite", "full", "heavy"]
# Data sets that tell visible joints from hidden ones, and label every joint in the picture.
FLAGGED = {"coco", "aic", "crowdpose", "ochuman"}
MIN_LABELLED = 3
MIN_HEIGHT = 120  # of a person who is cut, in pixels


class Joint(NamedTuple):
    """A landmark and the joint that it stands for."""
    visibility: float
    support: float
    in_frame: bool
    seen: bool
    outside: bool  # the joint lies outside the picture
    hidden: bool  # the joint is labelled as hidden, or left unlabelled where every joint in sight is labelled
    right: Optional[bool]  # nearer than the distance of OKS 0.5; None where there is no label


def predictions(program, folder, images, complexity, search):
    """Of each image the people, each 33 rows of CSV."""
    people = {image["file"]: {} for image in images}
    done = subprocess.run([program, "landmarks", *(folder / file for file in people), "--complexity", str(complexity),
                           "--search", search, "--max-people", "20"], capture_output=True, text=True, check=True)
    for row in csv.DictReader(done.stdout.splitlines()):
        people[pathlib.Path(row["file"]).name].setdefault(row["person"], []).append(row)
    return {file: list(of.values()) for file, of in people.items()}


def is_inside(image, x, y):
    return 0 <= x < image["width"] and 0 <= y < image["height"]


def joints(image, people, labelled):
    """The joints of everybody annotated who was found, by the joints inside the picture."""
    def matchable(person):
        inside = [k if is_inside(image, *k[:2]) else [0, 0, 0] for k in person["keypoints"]]
        return {**person, "keypoints": inside} if sum(k[2] > 0 for k in inside) >= MIN_LABELLED else None

    annotated = [(p, m) for p in image["persons"] if not p["ignore"] and (m := matchable(p))]
    points = [np.array([[float(row["x"]), float(row["y"])] for row in rows])[evaluate.BLAZE_TO_COCO] for rows in people]
    scores = np.array([[evaluate.oks(xy, m) for _, m in annotated] for xy in points]).reshape(len(people), len(annotated))
    while scores.size and scores.max() >= 0.5:
        found, person = np.unravel_index(scores.argmax(), scores.shape)
        scores[found, :] = scores[:, person] = -1
        truth = annotated[person][0]
        for joint, (x, y, flag) in enumerate(truth["keypoints"]):
            is_flagged = image["dataset"] in FLAGGED
            if not flag and not (is_flagged and joint in labelled[image["dataset"]]):
                continue
            row = people[found][evaluate.BLAZE_TO_COCO[joint]]
            outside = bool(flag) and not is_inside(image, x, y)
            square = ((points[found][joint] - (x, y)) ** 2).sum() / (2 * evaluate.SIGMAS[joint]) ** 2 / truth["area"] / 2
            yield Joint(float(row["visibility"]), float(row["support"]), is_inside(image, *points[found][joint]),
                        row["seen"] == "true", outside, is_flagged and flag < 2 and not outside,
                        bool(square <= np.log(2)) if flag else None)


def halves(images, photos, folder):
    """Writes the upper, lower, left and right half of every large person's photo."""
    for image in images:
        picture = cv2.imread(str(photos / image["file"]))
        for number, person in enumerate(image["persons"]):
            x, y, width, height = person["bbox"]
            if person["ignore"] or height < MIN_HEIGHT:
                continue
            right, lower = int(x + width / 2), int(y + height / 2)
            for name, rows, columns in (("upper", slice(0, lower), slice(None)), ("lower", slice(lower, None), slice(None)),
                                        ("left", slice(None), slice(0, right)), ("right", slice(None), slice(right, None))):
                half, left, top = picture[rows, columns], columns.start or 0, rows.start or 0
                file = f"{pathlib.Path(image['file']).stem}-{number}-{name}.png"
                cv2.imwrite(str(folder / file), half)
                moved = [{**p, "keypoints": [[k[0] - left, k[1] - top, k[2]] if k[2] else k for k in p["keypoints"]]}
                         for p in image["persons"]]
                yield {**image, "file": file, "width": half.shape[1], "height": half.shape[0], "persons": moved}


def part(chosen, among):
    among = list(among)
    return f"{sum(map(chosen, among)) / len(among):.2f}" if among else "–"


def figures(found, is_seen):
    """What a rule does with the joints."""
    rest = [joint for joint in found if not is_seen(joint)]
    return [part(lambda joint: joint.right, (j for j in found if is_seen(j) and j.right is not None)),
            part(lambda joint: joint.right, (j for j in rest if j.right is not None)),
            part(is_seen, (j for j in found if j.right and not j.outside and not j.hidden)),
            part(is_seen, (j for j in found if j.hidden)), part(is_seen, (j for j in found if j.outside))]


def main():
    program, shared, *complexities = sys.argv[1:]
    photos = pathlib.Path(shared) / "testdata/photos"
    images = json.loads((photos.parent / "groundtruth/photos.json").read_text())["images"]
    labelled = {}
    for image in images:
        for person in image["persons"]:
            labelled.setdefault(image["dataset"], set()).update(j for j, k in enumerate(person["keypoints"]) if k[2])
    cut = environment.WORK / "halves"
    cut.mkdir(exist_ok=True)
    sets = [("whole photos", photos, images, "thorough"), ("halves", cut, list(halves(images, photos, cut)), "quick")]
    rules, sweep = [], []
    for complexity in map(int, complexities):
        both = []
        for name, folder, of, search in sets:
            people = predictions(program, folder, of, complexity, search)
            found = [joint for image in of for joint in joints(image, people[image["file"]], labelled)]
            for rule, is_seen in (("visibility ≥ 0.5", lambda joint: joint.visibility >= 0.5), ("seen", lambda joint: joint.seen)):
                rules.append([NAMES[complexity], f"{name}, {len(found)} joints", rule, *figures(found, is_seen)])
            both += found
        for least in (0.3, 0.4, 0.5, 0.6, 0.7):
            sweep.append([NAMES[complexity], least, *figures(
                both, lambda joint: joint.in_frame and joint.visibility >= 0.5 and joint.support >= least)])
    head = ["of those called seen, in the right place", "of those called guessed", "called seen: visible joints in the right place",
            "hidden ones", "ones outside the picture"]
    table(["model", "joints", "rule", *head], rules)
    table(["model", "least support", *head], sweep)


sys.path.insert(0, str(pathlib.Path(sys.argv[2]) / "eval"))
import evaluate  # noqa: E402

main()
