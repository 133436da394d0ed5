"""What the scripts of ../shared/eval say about predictions."""
import json
import subprocess

import environment


def score(script, *arguments):
    """What a script of ../shared/eval writes with --json."""
    out = environment.WORK / "score.json"
    subprocess.run([str(word) for word in (environment.PYTHON, environment.shared() / "eval" / script, *arguments, "--json", out)],
                   check=True, stdout=subprocess.DEVNULL)
    return json.loads(out.read_text())


def number(value, digits=3):
    return "–" if value is None else f"{value:.{digits}f}"
