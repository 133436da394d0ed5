"""Annotated sequences made as bad as found bodies are: noise on the joints, bodies dropped at random and hidden for a while.

Truth is ../shared/testdata/tracks/posetrack_train.json (25 frames a second). One seed gives the same bodies on every machine.
"""
import json
import zlib
from typing import NamedTuple

import numpy as np

RATE = 25
NOISE = 0.03  # standard deviation of each joint, of the larger side of the joints' box
HIDDEN_SECONDS, HIDDEN_SHARE = 0.6, 0.13


class Column(NamedTuple):
    """One of the settings that are measured."""
    name: str
    step: int  # every frame, every 2nd, …
    dropped: float
    hides: bool


COLUMNS = [
    Column("every frame, nothing lost", 1, 0, False),
    Column("every frame, 10 % + hides", 1, 0.1, True),
    Column("every 2nd, 10 % + hides", 2, 0.1, True),
    Column("every 4th, 10 % + hides", 4, 0.1, True),
    Column("every 4th, 20 % + hides", 4, 0.2, True),
]


class Frame(NamedTuple):
    time: float
    people: list  # the ids of everybody annotated
    given: list  # the ids of those whose body is given, in the bodies' order
    bodies: list  # arrays of 14 points in pixels, NaN where a joint is not annotated


class Sequence(NamedTuple):
    name: str
    rate: float
    frames: list


def size(body):
    """The larger side of the joints' box."""
    return float(np.max(np.nanmax(body, axis=0) - np.nanmin(body, axis=0)))


def read(path):
    """Names with frames, each a list of ids and arrays of points."""
    def points(joints): return np.array([joint[:2] if joint else (np.nan, np.nan) for joint in joints], float)
    return [(sequence["name"], [[(body["id"], points(body["joints"])) for body in frame] for frame in sequence["frames"]])
            for sequence in json.loads(path.read_text())["sequences"]]


def _hidden_spans(random, seconds):
    """Spans of 0.6 s in which a person is hidden, so that it comes to 13 % of the time; one may have begun before."""
    mean_visible = HIDDEN_SECONDS * (1 - HIDDEN_SHARE) / HIDDEN_SHARE
    begins_hidden = random.random() < HIDDEN_SHARE
    start = -random.uniform(0, HIDDEN_SECONDS) if begins_hidden else random.exponential(mean_visible)
    spans = []
    while start < seconds:
        spans.append((start, start + HIDDEN_SECONDS))
        start += HIDDEN_SECONDS + random.exponential(mean_visible)
    return spans


def degraded(name, frames, column, seed):
    """The sequence as it is given to the trackers."""
    random = np.random.default_rng([seed, zlib.crc32(name.encode()), COLUMNS.index(column)])
    people = sorted({id for frame in frames for id, _ in frame})
    spans = {id: _hidden_spans(random, len(frames) / RATE) if column.hides else [] for id in people}
    made = []
    for number in range(0, len(frames), column.step):
        time, given = number / RATE, []
        for id, body in frames[number]:
            noisy = body + random.normal(0, NOISE * size(body), body.shape)
            is_dropped = random.random() < column.dropped
            if not is_dropped and not any(start <= time < end for start, end in spans[id]):
                given.append((id, noisy))
        random.shuffle(given)  # nobody finds people in the annotators' order
        made.append(Frame(time, [id for id, _ in frames[number]], [id for id, _ in given], [body for _, body in given]))
    return Sequence(name, RATE / column.step, made)
