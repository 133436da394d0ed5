"""`stance detect --json` as the scores want it: "pose-predictions/1" (../shared/eval/README.md)."""
import json
import pathlib
import subprocess


def _point(landmark, *names):
    return [landmark[name] for name in names]


def _person(person):
    return {
        # After a thorough search the confidence ranks people, else the pose flag, as the goldens' predictions do.
        "score": person.get("confidence", person["presence"]),
        "landmarks": [_point(one, "x", "y", "z", "visibility") for one in person["landmarks"]],
        "world_landmarks": [_point(one, "x", "y", "z") for one in person["worldLandmarks"]],
    }


def detect(program, photos, system, *options):
    """The predictions for these files. A file that can't be read ends the run: none of them is broken."""
    command = [str(word) for word in (program, "detect", "--json", *options, *photos)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"stance detect ended with status {done.returncode}: {done.stderr[-2000:]}")
    images = {}
    for line in done.stdout.splitlines():
        result = json.loads(line)
        images[pathlib.Path(result["file"]).name] = {**result["image"], "persons": [_person(p) for p in result["people"]]}
    return {"format": "pose-predictions/1", "system": system, "images": images}
