"""CSV by pandas, and our own JSON Lines read back."""

import json

import numpy
import pandas

import made
from bench import close


def same(given, wanted):
    """Digits are the fewest that give the same number of single precision again."""
    close(numpy.float32(given), wanted, 0)


def long(bench):
    table = pandas.read_csv(bench.export("made.csv"))
    people = {(frame, person) for person in made.SEEN for frame in made.FRAMES if made.is_seen(person, frame)}
    assert len(table) == 33 * len(people) and not table.isna().any().any()
    assert set(zip(table.frame, table.id)) == people
    for (frame, person), rows in table.groupby(["frame", "id"]):
        assert list(rows.landmark) == made.NAMES
        close(rows.time, [made.time(frame)] * 33, 1e-12)
        picture, world = made.picture(person, frame), made.body(person, frame)
        same(rows[["x", "y", "z", "visibility"]], [picture[name] for name in made.NAMES])
        same(rows[["worldX", "worldY", "worldZ"]], [(x, -y, -z) for x, y, z in world.values()])
        close(rows.xPixels, [picture[name][0] * made.WIDTH for name in made.NAMES], 1e-4)
        assert list(rows.inFrame) == [made.is_in_frame(picture[name]) for name in made.NAMES]


def wide(bench):
    table = pandas.read_csv(bench.export("wide.csv", "csv-wide"))
    assert list(table.columns[:7]) == ["frame", "time", "id", "x0", "y0", "z0", "v0"] and len(table.columns) == 3 + 33 * 4
    for _, row in table.iterrows():
        picture = made.picture(int(row.id), int(row.frame))
        same(row.iloc[3:], [number for name in made.NAMES for number in picture[name]])


def lines(bench):
    def read(path):
        with open(path, encoding="utf-8") as file:
            return [json.loads(line, parse_float=lambda digits: made.single(float(digits))) for line in file]

    given, back = read(bench.results), read(bench.export("back.jsonl", "jsonl"))
    # Whether there is a first line is the format's business; every frame must be the same.
    frames = [[line for line in lines if "frame" in line] for lines in (given, back)]
    assert len(frames[0]) == len(made.FRAMES) and frames[0] == frames[1], "frames differ"


CHECKS = {"CSV, a row a landmark (pandas)": long, "CSV, a row a person (pandas)": wide, "JSON Lines, without loss": lines}
