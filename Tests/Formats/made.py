"""A made-up clip whose every number is known: two people who walk on the spot, are out of sight at times, and a missing frame."""

import json
import math
import struct

NAMES = (
    "nose leftEyeInner leftEye leftEyeOuter rightEyeInner rightEye rightEyeOuter leftEar rightEar mouthLeft mouthRight "
    "leftShoulder rightShoulder leftElbow rightElbow leftWrist rightWrist leftPinky rightPinky leftIndex rightIndex "
    "leftThumb rightThumb leftHip rightHip leftKnee rightKnee leftAnkle rightAnkle leftHeel rightHeel leftFootIndex "
    "rightFootIndex"
).split()
WIDTH, HEIGHT, RATE, COUNT = 640, 480, 25, 40
MISSING_FRAME = 17  # no line at all: a frame that could not be read
SEEN = {1: set(range(COUNT)) - set(range(10, 15)), 4: set(range(6, 30)) - {20}}
FRAMES = [frame for frame in range(COUNT) if frame != MISSING_FRAME]


def is_seen(person, frame):
    return frame in SEEN[person] and frame != MISSING_FRAME


def time(frame):
    return 3 + frame / RATE


def single(number):
    """The nearest number of single precision, which is what results are written in."""
    return struct.unpack("f", struct.pack("f", number))[0]


def turned(point, axis, degrees):
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    x, y, z = point
    return {"x": (x, c * y - s * z, s * y + c * z), "y": (c * x + s * z, y, c * z - s * x)}[axis]


def plus(*points):
    return tuple(map(sum, zip(*points)))


def body(person, frame):
    """Metres, y up, z towards the camera, the person's left at +x: name to point. Of constant lengths, as a skeleton's."""
    swing = 35 * math.sin(2 * math.pi * frame / 20 + person)
    heading = {1: 0, 4: 120}[person] + frame
    points = {"leftHip": (0.1, 0, 0), "rightHip": (-0.1, 0, 0), "nose": (0, 0.75, 0.12)}
    for side, word in ((1, "left"), (-1, "right")):
        for name, x, y, z in (("EyeInner", 0.02, 0.79, 0.1), ("Eye", 0.03, 0.79, 0.1), ("EyeOuter", 0.04, 0.79, 0.1), ("Ear", 0.075, 0.75, 0)):
            points[word + name] = (side * x, y, z)
        points["mouth" + word.capitalize()] = (side * 0.025, 0.69, 0.1)
        shoulder = points[word + "Shoulder"] = (side * 0.18, 0.5, 0)
        raised, bent = side * swing, 25 + side * swing / 3
        elbow = points[word + "Elbow"] = plus(shoulder, turned((0, -0.3, 0), "x", -raised))
        wrist = points[word + "Wrist"] = plus(elbow, turned((0, -0.26, 0), "x", -raised - bent))
        for name, z in (("Index", 0.03), ("Pinky", -0.03), ("Thumb", 0.05)):
            points[word + name] = plus(wrist, turned((0, -0.09, z), "x", -raised - bent))
        knee = points[word + "Knee"] = plus(points[word + "Hip"], turned((0, -0.44, 0), "x", side * swing))
        shank = side * swing + 40
        ankle = points[word + "Ankle"] = plus(knee, turned((0, -0.42, 0), "x", shank))
        points[word + "Heel"] = plus(ankle, turned((0, -0.08, -0.05), "x", shank))
        points[word + "FootIndex"] = plus(ankle, turned((0, -0.08, 0.15), "x", shank))
    return {name: tuple(single(number) for number in turned(points[name], "y", heading)) for name in NAMES}


def picture(person, frame):
    """Parts of the picture: name to x, y, z, visibility. The second person's feet are below the picture."""
    across, down = {1: (0.3, 0.45), 4: (0.7, 0.62)}[person]
    return {
        name: tuple(map(single, (across + x / 4, down - y / 2.2, -z / 4, 0.6 + 0.01 * NAMES.index(name))))
        for name, (x, y, z) in body(person, frame).items()
    }


def is_in_frame(landmark):
    return 0 <= landmark[0] < 1 and 0 <= landmark[1] < 1


def write_results(path):
    """As `stance video --json` would write it."""
    with open(path, "w", encoding="utf-8") as file:
        file.write(_line(_header()))
        for frame in FRAMES:
            people = [_person(person, frame) for person in SEEN if is_seen(person, frame)]
            file.write(_line(_frame(frame, people)))


def _line(value):
    return json.dumps(value, separators=(",", ":")) + "\n"


def _header():
    options = {
        "complexity": 1, "maxPeople": 20, "minDetectionConfidence": 0.5, "minTrackingConfidence": 0.5, "search": "auto",
        "region": [], "segmentation": False, "precision": "f32", "memory": 3.0, "raw": False, "every": 1,
    }
    source = {"file": "made.mp4", "width": WIDTH, "height": HEIGHT, "codec": "h264", "frameRate": float(RATE), "frames": COUNT}
    return {"stance": "results/1", "source": source, "options": options, "passes": 1, "smoothing": {"name": "one-euro"}}


def _frame(frame, people):
    return {
        "frame": frame, "time": time(frame), "image": {"width": WIDTH, "height": HEIGHT},
        "model": {"complexity": 1, "name": "full", "precision": "f32", "search": "auto"},
        "people": people, "lost": [], "passes": {"landmarks": 2, "detector": 0, "scouts": 0}, "peopleFound": len(people),
        "timing": {"decode": 0.0, "detect": 0.0, "landmarks": 0.0, "total": 0.0},
    }


def _person(person, frame):
    seen, world = picture(person, frame), body(person, frame)
    left, top, right, bottom = box(person, frame)
    return {
        "id": person, "confidence": 0.5 + person / 16, "presence": 0.75,
        "box": {"x": left, "y": top, "width": right - left, "height": bottom - top},
        "landmarks": [
            {"name": name, "x": x, "y": y, "z": z, "visibility": visibility, "presence": 0.875,
             "inFrame": is_in_frame((x, y)), "seen": is_in_frame((x, y))}
            for name, (x, y, z, visibility) in seen.items()
        ],
        "worldLandmarks": [
            {"name": name, "x": x, "y": -y, "z": -z, "visibility": seen[name][3], "presence": 0.875}
            for name, (x, y, z) in world.items()
        ],
    }


def box(person, frame):
    """Pixels: left, top, right, bottom."""
    points = picture(person, frame).values()
    across, down = [x * WIDTH for x, *_ in points], [y * HEIGHT for _, y, *_ in points]
    return tuple(map(single, (min(across), min(down), max(across), max(down))))
