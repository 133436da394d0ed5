"""OpenPose's JSON by Pose2Sim's own reader, COCO by pycocotools."""

import ast
import contextlib
import importlib.metadata
import io
import json

from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

import made
from bench import close

BODY_25 = (
    "nose neck rightShoulder rightElbow rightWrist leftShoulder leftElbow leftWrist hip rightHip rightKnee rightAnkle leftHip "
    "leftKnee leftAnkle rightEye leftEye rightEar leftEar leftFootIndex - leftHeel rightFootIndex - rightHeel"
).split()
COCO_17 = (
    "nose leftEye rightEye leftEar rightEar leftShoulder rightShoulder leftElbow rightElbow leftWrist rightWrist leftHip "
    "rightHip leftKnee rightKnee leftAnkle rightAnkle"
).split()
MIDDLES = {"neck": ("leftShoulder", "rightShoulder"), "hip": ("leftHip", "rightHip")}


def openpose(bench):
    folder = bench.export("keypoints", "openpose")
    files = sorted(path.name for path in folder.iterdir())
    assert files == [f"made_{frame:012}_keypoints.json" for frame in made.FRAMES], files
    read = _pose2sim("read_json")
    for frame, name in zip(made.FRAMES, files):
        people = [person for person in made.SEEN if made.is_seen(person, frame)]
        bodies = read(folder / name)
        assert len(bodies) == len(people)
        for person, keypoints in zip(people, bodies):
            close(keypoints, [number for name in BODY_25 for number in _openpose(person, frame, name)], 1e-3)


def _openpose(person, frame, name):
    picture = made.picture(person, frame)
    points = [picture[part] for part in MIDDLES.get(name, (name,)) if part in picture]
    if not points or not all(map(made.is_in_frame, points)):
        return 0, 0, 0
    x, y = (sum(point[axis] for point in points) / len(points) for axis in (0, 1))
    return x * made.WIDTH, y * made.HEIGHT, min(point[3] for point in points)


def _pose2sim(name):
    """One function of Pose2Sim as it is installed. The module around it imports a desktop's worth of packages."""
    files = importlib.metadata.files("pose2sim")
    path = next(file for file in files if file.name == "personAssociation.py").locate()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    tree.body = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name]
    space = {"json": json}
    exec(compile(tree, str(path), "exec"), space)
    return space[name]


def coco(bench):
    with contextlib.redirect_stdout(io.StringIO()):
        truth = COCO(bench.export("truth.json", "coco"))
        found = truth.loadRes(str(bench.export("found.json", "coco-results")))
        evaluation = COCOeval(truth, found, "keypoints")
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    assert truth.getImgIds() == made.FRAMES
    assert truth.cats[1]["name"] == "person" and len(truth.cats[1]["keypoints"]) == 17
    close(evaluation.stats[:2], [1, 1], 1e-9)  # Results against annotations of the same people: average precision 1.
    for image in made.FRAMES:
        people = [person for person in made.SEEN if made.is_seen(person, image)]
        annotations = truth.loadAnns(truth.getAnnIds(imgIds=[image]))
        assert [annotation["track_id"] for annotation in annotations] == people
        for person, annotation in zip(people, annotations):
            points = [made.picture(person, image)[name] for name in COCO_17]
            wanted = [(x * made.WIDTH, y * made.HEIGHT, 2) if made.is_in_frame((x, y)) else (0, 0, 0) for x, y, *_ in points]
            close(annotation["keypoints"], [number for point in wanted for number in point], 1e-3)
            assert annotation["num_keypoints"] == sum(visibility > 0 for *_, visibility in wanted)
    for annotation in found.loadAnns(found.getAnnIds()):
        assert 0.5 < annotation["score"] < 1 and len(annotation["keypoints"]) == 51


CHECKS = {"OpenPose, BODY_25 (Pose2Sim's reader)": openpose, "COCO, annotations and results (pycocotools)": coco}
