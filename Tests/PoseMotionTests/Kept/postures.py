#!/usr/bin/env python3
"""Makes postures.json beside it: made-up labelled poses, and what k nearest neighbours say of others, computed here once more.

Swift (PostureTests) and the page (Tests/Browser/examples.py) are both held against these numbers. docs/motion.md has the definition.
"""

import json
import math
import pathlib
import random

# Left and right shoulder, elbow, wrist, hip, knee, ankle in MediaPipe's order.
JOINTS = [11, 12, 13, 14, 15, 16, 23, 24, 25, 26, 27, 28]
PAIRS = [
    (11, 13), (12, 14), (13, 15), (14, 16), (23, 25), (24, 26), (25, 27), (26, 28),  # one joint apart
    (11, 15), (12, 16), (23, 27), (24, 28),  # two
    (23, 15), (24, 16), (11, 27), (12, 28), (23, 15), (24, 16),  # four and five
    (13, 14), (25, 26), (15, 16), (27, 28),  # left and right
]  # fmt: skip


def embedding(points):
    def middle(a, b):
        return [(points[a][axis] + points[b][axis]) / 2 for axis in range(3)]

    hips, shoulders = middle(23, 24), middle(11, 12)
    flat = lambda point: math.dist(point[:2], hips[:2])
    size = max(2.5 * flat(shoulders), *map(flat, points))
    differences = [(hips, shoulders)] + [(points[a], points[b]) for a, b in PAIRS]
    return [(b[axis] - a[axis]) * 100 / size * (0.2 if axis == 2 else 1) for a, b in differences for axis in range(3)]


def differences(one, other, join):
    straight = [abs(a - b) for a, b in zip(one, other)]
    mirrored = [abs(a + b) if place % 3 == 0 else abs(a - b) for place, (a, b) in enumerate(zip(one, other))]
    return min(join(straight), join(mirrored))


def mean(numbers):
    return sum(numbers) / len(numbers)


class Classifier:
    def __init__(self, samples):
        self.samples = [(label, name.rpartition("__")[0] or name, embedding(points)) for name, label, points in samples]
        labels = [label for label, *_ in self.samples]
        self.voters = min(10, *(labels.count(label) for label in labels))
        self.limits = {label: self.limit(label) for label in sorted(set(labels))}

    def nearest(self, pose, others):
        by_largest = sorted(others, key=lambda one: differences(one[2], pose, max))[:30]
        by_mean = sorted(((differences(one[2], pose, mean), one[0]) for one in by_largest), key=lambda one: one[0])
        return by_mean[: self.voters]

    def limit(self, label):
        own = [one for one in self.samples if one[0] == label]
        clips = {clip for _, clip, _ in own}
        distances = []
        for one in own:
            others = [other for other in self.samples if other is not one and (len(clips) == 1 or other[1] != one[1])]
            distances.append(mean([distance for distance, _ in self.nearest(one[2], others)]))
        limit = sorted(distances)[math.ceil(0.95 * len(distances)) - 1]
        return max(7.8, min(15.6, limit))

    def classify(self, points):
        nearest = self.nearest(embedding(points), self.samples)
        labels = [label for _, label in nearest]
        votes = {label: labels.count(label) / len(labels) for label in sorted(set(labels))}
        most = max(votes, key=votes.get)
        distance = mean([distance for distance, _ in nearest])
        return {"label": most if distance <= self.limits[most] else None, "votes": votes, "distance": distance}


def main():
    chance = random.Random(1)
    body = [(320 + chance.gauss(0, 60), 40 + 12 * place + chance.gauss(0, 20), chance.gauss(0, 40)) for place in range(33)]

    def moved(points, by):
        return [[round(value + chance.gauss(0, by), 2) for value in point] for point in points]

    poses = {label: moved(body, 22) for label in ("bridge", "tree", "warrior")}
    samples = []
    # The tree was recorded in one go, and less often.
    for label, clips, count in (("bridge", 3, 6), ("tree", 1, 7), ("warrior", 4, 5)):
        for clip in range(clips):
            base = moved(poses[label], 25)
            samples += [(f"{label}-{clip}__{number}", label, moved(base, 8)) for number in range(count)]
    queries = []
    for label, points in poses.items():
        for by in (3, 12, 22, 30):
            pose = moved(points, by)
            queries += [pose, [[640 - x, y, z] for x, y, z in moved(points, by)]]
        queries.append([[3 * x, 3 * y, 3 * z] for x, y, z in moved(points, 3)])
    queries.append(moved(body, 90))
    classifier = Classifier(samples)
    line = lambda name, label, points: ",".join([name, label, *(f"{value:g}" for point in points for value in point)])
    kept = {
        "samples": [line(*sample) for sample in samples],
        "limits": classifier.limits,
        "queries": [line(f"query__{place}", "?", points) for place, points in enumerate(queries)],
        "answers": [classifier.classify(points) for points in queries],
    }
    pathlib.Path(__file__).with_name("postures.json").write_text(json.dumps(kept, indent=1) + "\n")
    print(classifier.limits, [(a["label"], round(a["distance"], 2), a["votes"]) for a in kept["answers"]])


if __name__ == "__main__":
    main()
