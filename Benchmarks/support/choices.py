"""The options that the accuracy scripts have in common, so that one search or one model can be measured alone."""
import argparse
import pathlib

import environment

MODELS = ["lite", "full", "heavy"]
SEARCHES = ["quick", "auto", "thorough"]


def each_of(names, values):
    """A parser of lists such as "quick,auto" into the values of the names."""
    values = dict(zip(names, values))

    def parse(text):
        words = text.split(",")
        if unknown := [word for word in words if word not in values]:
            raise argparse.ArgumentTypeError(f"{unknown[0]} is none of {', '.join(values)}")
        return [values[word] for word in words]
    return parse


def parser(description, complexities=(1, 2), searches=SEARCHES):
    of = argparse.ArgumentParser(description=description)
    of.add_argument("--program", type=pathlib.Path, metavar="FILE",
                    help="a built stance to measure as it is; without this the checkout's is built first")
    of.add_argument("--complexity", type=each_of(["0", "1", "2"], [0, 1, 2]), default=list(complexities), metavar="LIST",
                    help=f"the models, 0 lite, 1 full, 2 heavy (default {','.join(map(str, complexities))})")
    of.add_argument("--search", type=each_of(SEARCHES, SEARCHES), default=list(searches), metavar="LIST",
                    help=f"the searches (default {','.join(searches)})")
    return of


def program(chosen):
    """The program to measure."""
    if chosen.program is None:
        return environment.build("stance")
    path = chosen.program.resolve()
    return path if path.is_file() else environment.fail(f"there is no program at {chosen.program}")
