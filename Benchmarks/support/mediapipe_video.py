"""mediapipe_video.py frames|file|drawn|drawn-h264 COMPLEXITY FRAME…|FILE [OUTPUT]: MediaPipe's legacy Pose, tracking one person.

frames: as `stance-benchmark tracked-frames`: it speaks the worker's language (Benchmarks/StanceBenchmark/Orders.swift) and plays
decoded frames forwards and backwards, pixels in, landmarks out. file: a whole file by cv2.VideoCapture, as people's programs do it.
drawn: the same with draw_landmarks and cv2.VideoWriter's mp4v; drawn-h264: with what `stance video` encodes, by a pipe to ffmpeg.
"""
import itertools
import json
import os
import statistics
import subprocess
import sys
import time

os.environ.setdefault("GLOG_minloglevel", "3")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import cv2  # noqa: E402
import mediapipe as mp  # noqa: E402

from memory import memory  # noqa: E402

WARM_SECONDS = 0.5


class OpenCVWriter:
    """What people's programs write: MPEG-4 Part 2, which no browser plays."""

    def __init__(self, path, size, rate):
        self.writer = cv2.VideoWriter(path, cv2.VideoWriter_fourcc(*"mp4v"), rate, size)

    def write(self, picture):
        self.writer.write(picture)

    def close(self):
        self.writer.release()


class PipeWriter:
    """H.264 as `stance video` encodes it."""

    def __init__(self, path, size, rate):
        self.child = subprocess.Popen(
            ["ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "bgr24", "-s", f"{size[0]}x{size[1]}", "-r", str(rate), "-i", "-",
             "-c:v", "libx264", "-preset", "superfast", "-crf", "21", "-pix_fmt", "yuv420p", "-threads", "1", path], stdin=subprocess.PIPE)

    def write(self, picture):
        self.child.stdin.write(picture)

    def close(self):
        self.child.stdin.close()
        self.child.wait()


def follow_file(pose, path, make_writer=None, output=None):
    """Prints how many frames there were, and in how many of them somebody."""
    reader, frames, people = cv2.VideoCapture(path), 0, 0
    size = int(reader.get(cv2.CAP_PROP_FRAME_WIDTH)), int(reader.get(cv2.CAP_PROP_FRAME_HEIGHT))
    writer = make_writer(output, size, reader.get(cv2.CAP_PROP_FPS)) if make_writer else None
    while True:
        is_there, picture = reader.read()
        if not is_there:
            break
        frames += 1
        landmarks = pose.process(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)).pose_landmarks
        people += landmarks is not None
        if writer:
            mp.solutions.drawing_utils.draw_landmarks(picture, landmarks, mp.solutions.pose.POSE_CONNECTIONS)
            writer.write(picture)
    if writer:
        writer.close()
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
    if mode != "frames":
        follow_file(pose, paths[0], {"drawn": OpenCVWriter, "drawn-h264": PipeWriter}.get(mode), *paths[1:])
    frames = [cv2.cvtColor(cv2.imread(path), cv2.COLOR_BGR2RGB) for path in paths]
    pictures = itertools.cycle(frames + frames[-2:0:-1])
    run(pose, pictures, WARM_SECONDS)
    print("ready", flush=True)
    for line in sys.stdin:
        word, *rest = line.split()
        print(json.dumps(run(pose, pictures, float(rest[0])) if word == "go" else memory()), flush=True)


main()
