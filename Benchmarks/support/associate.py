"""associate.py TRUTH.json rivals|STANCE-BENCHMARK SEED…: association alone, on sequences without pictures (run in the trackers' environment).

The degraded sequences (degraded.py) go to the rivals (rivals.py), or to `stance-benchmark associate`; motmetrics scores what comes back.
Writes a JSON object: system -> a list of figures, one for each of degraded.py's columns, the seeds added up.
"""
import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys

import motmetrics
import numpy as np

from degraded import COLUMNS, degraded, read
from rivals import RIVALS

# Name -> the sight from which on a body has its id: the clips' results, which wait, and live ones.
OURS = {"Stance, at once": 1, "Stance, from the third sight": 3}
METRICS = ["num_switches", "idtp", "idfp", "idfn", "num_objects", "num_unique_objects"]


def point(xy):
    return None if np.isnan(xy).any() else [round(float(value), 2) for value in xy]


def our_ids(program, sights, sequences):
    """What `stance-benchmark associate` answers: for each sequence, for each frame, the ids."""
    lines = [{"sequence": sequence.name, "time": frame.time, "bodies": [[point(xy) for xy in body] for body in frame.bodies]}
             for sequence in sequences for frame in sequence.frames]
    done = subprocess.run([program, "associate", "--sights", str(sights)], input="".join(json.dumps(line) + "\n" for line in lines),
                          capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"stance-benchmark associate ended with status {done.returncode}: {done.stderr[-2000:]}")
    answers = iter([json.loads(line)["ids"] for line in done.stdout.splitlines()])
    return [[next(answers) for _ in sequence.frames] for sequence in sequences]


def their_ids(make, sequences):
    def follow(sequence):
        tracker = make(sequence.rate)
        return [tracker.ids(frame.bodies, frame.time) for frame in sequence.frames]
    return [follow(sequence) for sequence in sequences]


def accumulated(sequence, ids):
    """The sequence for motmetrics. Whose body each is is known, so nobody else's can match it."""
    events = motmetrics.MOTAccumulator(auto_id=True)
    for frame, answered in zip(sequence.frames, ids):
        if len(answered) != len(frame.bodies):
            raise RuntimeError(f"{len(answered)} ids for {len(frame.bodies)} bodies in {sequence.name} at {frame.time}")
        named = [(person, id) for person, id in zip(frame.given, answered) if id is not None]
        distances = [[0.0 if person == owner else np.nan for owner, _ in named] for person in frame.people]
        events.update(frame.people, [id for _, id in named], np.array(distances).reshape(len(frame.people), len(named)))
    return events


def scored(sequences, ids):
    """The figures of all sequences together."""
    events = [accumulated(sequence, of) for sequence, of in zip(sequences, ids)]
    rows = motmetrics.metrics.create().compute_many(events, metrics=METRICS, names=[sequence.name for sequence in sequences])
    sums = {name: int(rows[name].sum()) for name in METRICS}
    distinct = [{id for frame in of for id in frame if id is not None} for of in ids]
    return {"switches": sums["num_switches"], "idtp": sums["idtp"], "idfp": sums["idfp"], "idfn": sums["idfn"],
            "bodies": sums["num_objects"], "people": sums["num_unique_objects"], "ids": sum(map(len, distinct)),
            "given": sum(len(frame.bodies) for sequence in sequences for frame in sequence.frames),
            "named": sum(id is not None for of in ids for frame in of for id in frame)}


def measured(truth, whose, column, seed):
    """System -> figures, of one column and seed."""
    sequences = [degraded(name, frames, column, seed) for name, frames in read(truth)]
    if whose == "rivals":
        found = {name: their_ids(make, sequences) for name, make in RIVALS.items()}
    else:
        found = {name: our_ids(whose, sights, sequences) for name, sights in OURS.items()}
    return {name: scored(sequences, ids) for name, ids in found.items()}


def added(figures):
    """The seeds together."""
    sums = {name: sum(one[name] for one in figures) for name in figures[0]}
    return {**sums, "idf1": 2 * sums["idtp"] / max(1, 2 * sums["idtp"] + sums["idfp"] + sums["idfn"])}


def main():
    truth, whose, *seeds = sys.argv[1:]
    with concurrent.futures.ProcessPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        jobs = [[pool.submit(measured, pathlib.Path(truth), whose, column, int(seed)) for seed in seeds] for column in COLUMNS]
        columns = [[job.result() for job in of] for of in jobs]
    print(json.dumps({name: [added([seed[name] for seed in column]) for column in columns] for name in columns[0][0]}))


if __name__ == "__main__":
    main()
