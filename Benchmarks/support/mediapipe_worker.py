"""mediapipe_worker.py worker|first COMPLEXITY JPEG…: MediaPipe's legacy Pose as `stance-benchmark worker`, or one photo from a cold process.

It speaks the worker's language (Benchmarks/StanceBenchmark/Worker.swift), and does the same work: JPEG bytes -> OpenCV -> landmarks.
"""
import json
import os
import statistics
import sys
import time

os.environ.setdefault("GLOG_minloglevel", "3")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import cv2  # noqa: E402
import mediapipe as mp  # noqa: E402
import numpy as np  # noqa: E402

from memory import memory  # noqa: E402

mode, complexity, *paths = sys.argv[1:]
pose = mp.solutions.pose.Pose(static_image_mode=True, model_complexity=int(complexity))


def read(path):
    with open(path, "rb") as file:
        return file.read()


def find(data):
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    return pose.process(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)).pose_landmarks


def run(seconds):
    times, people = [], 0
    start = time.perf_counter()
    while True:
        for photo in photos:
            began = time.perf_counter()
            people += find(photo) is not None
            times.append((time.perf_counter() - began) * 1e3)
        elapsed = time.perf_counter() - start
        if elapsed >= seconds:
            return {"median": statistics.median(times), "mean": statistics.fmean(times), "stills": len(times),
                    "perSecond": len(times) / elapsed, "people": people / len(times)}


photos = [read(path) for path in paths]
if mode == "first":
    landmarks = find(photos[0])
    print(landmarks.landmark[0] if landmarks else "nobody", flush=True)
    os._exit(0)  # as quick an end as any: only the start is measured
run(0.3)
print("ready", flush=True)
for line in sys.stdin:
    word, *rest = line.split()
    print(json.dumps(run(float(rest[0])) if word == "go" else memory()), flush=True)
