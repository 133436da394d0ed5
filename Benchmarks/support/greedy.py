"""Ids by likeness to the frame before alone, as rtmlib (boxes) and mmpose (joints) give them: no memory, no motion."""


def iou(a, b):
    """The intersection over union of two boxes: left, top, right, bottom."""
    width, height = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    if width <= 0 or height <= 0:
        return 0
    def area(of): return (of[2] - of[0]) * (of[3] - of[1])
    return width * height / (area(a) + area(b) - width * height)


class FrameBefore:
    """Each body in turn gets the id of what is most like it in the frame before and not taken yet, or a new one."""

    def __init__(self, likeness, least, may_be_new=lambda body: True):
        self.likeness, self.least, self.may_be_new = likeness, least, may_be_new
        self.before, self.next = [], 1

    def ids(self, bodies, time=None):
        """One id a body; None where a body is like nobody and may not be new."""
        given, kept = [], []
        for body in bodies:
            id = self._taken_from_before(body)
            if id is None and self.may_be_new(body):
                id, self.next = self.next, self.next + 1
            given.append(id)
            if id is not None:
                kept.append((id, body))
        self.before = kept
        return given

    def _taken_from_before(self, body):
        scores = [self.likeness(body, other) for _, other in self.before]
        if not scores or max(scores) <= self.least:
            return None
        return self.before.pop(scores.index(max(scores)))[0]
