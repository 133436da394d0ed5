"""Trackers that association is measured against. Each is made anew for a sequence and has `ids(bodies, time)`: an id or None for each body.

ByteTrack, OC-SORT and C-BIoU are those of the package `trackers` (PyPI), given the joints' boxes; once with the package's defaults,
once with the memory of 3 s that Stance has, and ids as early as the package gives them (a track's second sight). The greedy ones are
short code after what rtmlib (IoU), mmpose (OKS) and tfjs (OKS with a memory of a second) do.
"""
import numpy as np
import supervision
import trackers

from greedy import FrameBefore, iou

# COCO's, in PoseTrack's order: ankle, knee, hip, hip, knee, ankle, wrist, elbow, shoulder, shoulder, elbow, wrist; neck, top of the head.
SIGMAS = np.array([89, 87, 107, 107, 87, 89, 62, 72, 79, 79, 72, 62, 79, 79]) / 1000
ENLARGED = 1.25  # the boxes that rtmlib and mmpose make of joints
OUR_MEMORY = 90  # thirtieths of a second, as the package counts


def box(body, enlarged=1.0):
    """Left, top, right and bottom of the joints."""
    low, high = np.nanmin(body, axis=0), np.nanmax(body, axis=0)
    centre, half = (low + high) / 2, np.maximum(1, enlarged * (high - low) / 2)
    return np.concatenate([centre - half, centre + half])


def oks(a, b):
    """COCO's object keypoint similarity over the joints that both have; the area is the mean of the two enlarged boxes'."""
    squares = ((a - b) ** 2).sum(axis=1)
    shared = ~np.isnan(squares)
    if not shared.any():
        return 0.0
    area = np.mean([np.prod(of[2:] - of[:2]) for of in (box(a, ENLARGED), box(b, ENLARGED))])
    return float(np.mean(np.exp(-squares[shared] / (2 * SIGMAS[shared]) ** 2 / area / 2)))


class Greedy:
    """Likeness to the frame before alone."""

    def __init__(self, likeness, least, of=lambda body: body):
        self.before, self.of = FrameBefore(likeness, least), of

    def ids(self, bodies, time):
        return self.before.ids([self.of(body) for body in bodies])


class GreedyMemory:
    """Likeness to the last sight of each track, which is kept for a time."""

    def __init__(self, likeness, least, memory):
        self.likeness, self.least, self.memory = likeness, least, memory
        self.tracks, self.next = {}, 1

    def ids(self, bodies, time):
        self.tracks = {id: of for id, of in self.tracks.items() if time - of[1] <= self.memory}
        free, given = dict(self.tracks), []
        for body in bodies:
            scores = {id: self.likeness(body, last) for id, (last, _) in free.items()}
            id = max(scores, key=scores.get, default=None)
            if id is None or scores[id] < self.least:
                id, self.next = self.next, self.next + 1
            free.pop(id, None)
            self.tracks[id] = (body, time)
            given.append(id)
        return given


class Packaged:
    """A tracker of boxes of the package `trackers`."""

    def __init__(self, kind, rate, **options):
        self.tracker = kind(frame_rate=rate, **options)

    def ids(self, bodies, time):
        boxes = np.array([box(body) for body in bodies]).reshape(-1, 4)
        detections = supervision.Detections(xyxy=boxes, confidence=np.ones(len(bodies)), class_id=np.zeros(len(bodies), int),
                                            data={"place": np.arange(len(bodies))})
        given = [None] * len(bodies)
        tracked = self.tracker.update(detections)
        for place, id in zip(tracked.data.get("place", []), tracked.tracker_id):
            given[int(place)] = int(id) if id >= 0 else None
        return given


def _packaged(kind, **options):
    return lambda rate: Packaged(kind, rate, **options)


_AT_ONCE = {"lost_track_buffer": OUR_MEMORY, "minimum_consecutive_frames": 1}

# Name -> what makes one for a frame rate.
RIVALS = {
    "greedy IoU 0.3 to the frame before (rtmlib)": lambda rate: Greedy(iou, 0.3, lambda body: box(body, ENLARGED)),
    "greedy OKS 0.3 to the frame before (mmpose)": lambda rate: Greedy(oks, 0.3),
    "greedy OKS 0.2, memory 1 s (tfjs)": lambda rate: GreedyMemory(oks, 0.2, 1.0),
    "ByteTrack, memory 3 s, at once": _packaged(trackers.ByteTrackTracker, **_AT_ONCE),
    "OC-SORT, memory 3 s, at once": _packaged(trackers.OCSORTTracker, **_AT_ONCE),
    "C-BIoU, memory 3 s, at once": _packaged(trackers.CBIoUTracker, **_AT_ONCE),
    "ByteTrack, defaults: from the second sight": _packaged(trackers.ByteTrackTracker),
    "OC-SORT, defaults: from the third sight": _packaged(trackers.OCSORTTracker),
}
