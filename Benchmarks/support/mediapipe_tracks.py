"""mediapipe_tracks.py BUNDLE FOLDER CLIP…: what MediaPipe Tasks finds in clips, with ids as rtmlib's (run in the virtual environment).

PoseLandmarker in VIDEO mode, at most 6 poses, everything else at its defaults. FOLDER gets CLIP.jsonl: a line a frame as
`stance video --json` writes it. MediaPipe gives no ids; these come from the overlap with the frame before alone, greedily.
"""
import json
import os
import pathlib
import sys

os.environ.setdefault("GLOG_minloglevel", "3")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import cv2  # noqa: E402
import mediapipe as mp  # noqa: E402
from mediapipe.tasks.python import BaseOptions, vision  # noqa: E402

from greedy import FrameBefore, iou  # noqa: E402

MOST_POSES = 6
LEAST_OVERLAP = 0.3
LEAST_AREA = 1000  # square pixels: a smaller box that overlaps nobody's gets no id
ENLARGED = 1.25


def box(landmarks, width, height):
    """The landmarks' box in pixels, enlarged about its centre."""
    xs, ys = [one.x * width for one in landmarks], [one.y * height for one in landmarks]
    x, y = (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
    half_width, half_height = ENLARGED * (max(xs) - min(xs)) / 2, ENLARGED * (max(ys) - min(ys)) / 2
    return x - half_width, y - half_height, x + half_width, y + half_height


def is_large(of):
    return (of[2] - of[0]) * (of[3] - of[1]) >= LEAST_AREA


def frames(clip):
    """Each frame in RGB with its time in seconds."""
    reader = cv2.VideoCapture(str(clip))
    rate = reader.get(cv2.CAP_PROP_FPS)
    number = 0
    while True:
        is_there, picture = reader.read()
        if not is_there:
            return
        yield number / rate, cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)
        number += 1


def lines(clip, bundle):
    """The results, a frame each."""
    options = vision.PoseLandmarkerOptions(base_options=BaseOptions(model_asset_path=bundle), num_poses=MOST_POSES,
                                           running_mode=vision.RunningMode.VIDEO)
    ids = FrameBefore(iou, LEAST_OVERLAP, is_large)
    with vision.PoseLandmarker.create_from_options(options) as landmarker:
        for number, (time, picture) in enumerate(frames(clip)):
            height, width = picture.shape[:2]
            image = mp.Image(image_format=mp.ImageFormat.SRGB, data=picture)
            poses = landmarker.detect_for_video(image, round(time * 1000)).pose_landmarks
            given = ids.ids([box(pose, width, height) for pose in poses])
            people = [{"id": id, "landmarks": [{"x": one.x, "y": one.y, "z": one.z, "visibility": one.visibility} for one in pose]}
                      for id, pose in zip(given, poses) if id is not None]
            yield {"frame": number, "time": time, "image": {"width": width, "height": height}, "people": people}


def main():
    bundle, folder, *clips = sys.argv[1:]
    for clip in map(pathlib.Path, clips):
        text = "".join(json.dumps(line) + "\n" for line in lines(clip, bundle))
        (pathlib.Path(folder) / f"{clip.stem}.jsonl").write_text(text)


main()
