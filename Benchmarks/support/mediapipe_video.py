"""mediapipe_video.py frames|file COMPLEXITY FRAME…|FILE: MediaPipe's legacy Pose, tracking one person.

frames: as `stance-benchmark tracked-frames`: it speaks the worker's language (Benchmarks/StanceBenchmark/Orders.swift) and plays
decoded frames forwards and backwards, pixels in, landmarks out. file: a whole file by cv2.VideoCapture, as people's programs do it.
"""
import itertools
import json
import os
import statistics
import sys
import time

os.environ.setdefault("GLOG_minloglevel", "3")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import cv2  # noqa: E402
import mediapipe as mp  # noqa: E402

from memory import memory  # noqa: E402

WARM_SECONDS = 0.5


def follow_file(pose, path):
    """Prints how many frames there were, and in how many of them somebody."""
    reader, frames, people = cv2.VideoCapture(path), 0, 0
    while True:
        is_there, picture = reader.read()
        if not is_there:
            break
        frames += 1
        people += pose.process(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)).pose_landmarks is not None
    print(json.dumps({"frames": frames, "people": people}), flush=True)
    os._exit(0)  # as quick an end as any


def run(pose, pictures, seconds):
    times, people = [], 0
    start, processor = time.perf_counter(), time.process_time()
    while True:
        picture = next(pictures)
        began = time.perf_counter()
        people += pose.process(picture).pose_landmarks is not None
        ended = time.perf_counter()
        times.append((ended - began) * 1e3)
        if ended - start >= seconds:
            return {"median": statistics.median(times), "mean": statistics.fmean(times), "frames": len(times),
                    "processor": (time.process_time() - processor) * 1e3 / len(times), "people": people / len(times)}


def main():
    mode, complexity, *paths = sys.argv[1:]
    pose = mp.solutions.pose.Pose(static_image_mode=False, model_complexity=int(complexity))
    if mode == "file":
        follow_file(pose, paths[0])
    frames = [cv2.cvtColor(cv2.imread(path), cv2.COLOR_BGR2RGB) for path in paths]
    pictures = itertools.cycle(frames + frames[-2:0:-1])
    run(pose, pictures, WARM_SECONDS)
    print("ready", flush=True)
    for line in sys.stdin:
        word, *rest = line.split()
        print(json.dumps(run(pose, pictures, float(rest[0])) if word == "go" else memory()), flush=True)


main()
