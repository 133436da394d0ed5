"""Poses of the reader's own on the Camera tab: recorded, told from each other, kept in the browser, saved and loaded as a table."""

import atexit
import csv
import functools
import json
import shutil
import subprocess
import tempfile
from pathlib import Path

from camera import open_tab, start
from checks import assert_accessible, photograph, wait_for_file
from movement import LOOKS, squats

# Made by postures.py beside it, in another language once more.
KEPT = Path(__file__).resolve().parents[1] / "PoseMotionTests/Kept/postures.json"

# How high the last result's person is: a share of the picture that is more for who stands than for who squats.
HEIGHT = "(results.at(-1).people[0]?.box.height / results.at(-1).image.height)"
IS_TALL, IS_LOW = f"{HEIGHT} > 0.62", f"{HEIGHT} < 0.55"


@functools.cache
def two_poses(source):
    """A film in which a woman stands still for ten seconds, and then squats for ten."""
    folder = Path(tempfile.mkdtemp(prefix="stance-poses-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    run = lambda *words: subprocess.run(["ffmpeg", "-v", "error", "-nostdin", *map(str, words)], check=True, timeout=60)
    for name, time in (("tall", 0), ("low", 2)):
        run("-ss", time, "-i", source, "-frames:v", 1, "-vf", "scale=288:512", folder / f"{name}.png")
    stills = [word for name in ("tall", "low") for word in ("-loop", 1, "-framerate", 15, "-t", 10, "-i", folder / f"{name}.png")]
    run(*stills, "-filter_complex", "[0:v][1:v]concat", "-q:v", 2, "-f", "mjpeg", folder / "film.mjpeg")
    return folder / "film.mjpeg"


def record(page, name, condition, other):
    """Begins when the pose has just begun."""
    page.wait(f"results.length && {other}", f"the pose before {name}")
    page.wait(condition, f"the pose {name}")
    field = page.find("#examples-name")
    field.clear()
    field.send_keys(name)
    page.find("#examples-record").click()
    page.wait("!document.getElementById('examples-countdown').hidden", "the number over the picture")
    page.wait(f"document.getElementById('examples-said').textContent.includes('24 examples of {name}')", "24 examples")
    assert page.run(f"return {condition}"), "the film went on: the machine is too slow for this check"


def listed(page):
    return page.run(
        "return [...document.querySelectorAll('#examples-list li')].map((row) =>"
        " [row.querySelector('strong').textContent, row.querySelector('small').textContent])"
    )


def knows_poses_as_the_service_does(visit):
    """The page's own nearest neighbours have the limits, votes and distances that Swift's and Python's have."""
    kept = json.loads(KEPT.read_text())
    with visit.browser() as page:
        page.open()
        limits, answers = page.run_async(
            "const [samples, queries] = arguments; import('./assets/postures.js').then(({ embedding, PostureClassifier, readPostureTable }) => {"
            " const classifier = new PostureClassifier(readPostureTable(samples));"
            " done([classifier.limits, readPostureTable(queries).map(({ points }) => classifier.classify(embedding(points)))]); })",
            "\n".join(kept["samples"]),
            "\r\n".join(kept["queries"]),
        )
        assert limits.keys() == kept["limits"].keys()
        assert all(abs(limits[label] - limit) < 1e-3 for label, limit in kept["limits"].items()), limits
        assert len(answers) == len(kept["answers"])
        for answer, wanted in zip(answers, kept["answers"]):
            assert answer.get("label") == wanted["label"] and abs(answer["distance"] - wanted["distance"]) < 1e-3, (answer, wanted)
            assert answer["votes"].keys() == wanted["votes"].keys()
            assert all(abs(answer["votes"][label] - share) < 1e-9 for label, share in wanted["votes"].items())


def camera_tells_poses_that_were_recorded(visit):
    """Two poses of the film are recorded and told from each other; they outlive a reload, and a table holds them."""
    film = two_poses(squats(visit))
    table = visit.downloads / "poses.csv"
    label = "document.querySelector('#examples-now:not([hidden]) strong')?.textContent"
    with visit.browser(camera=film) as page:
        open_tab(page)
        start(page)
        assert page.find("#examples-save").get_attribute("disabled")
        record(page, "low", IS_LOW, IS_TALL)
        record(page, "tall", IS_TALL, IS_LOW)
        assert listed(page) == [["low", "24 examples"], ["tall", "24 examples"]], listed(page)
        page.wait(f"{IS_TALL} && {label} === 'tall'", "the pose tall")
        photograph(page, visit, "desktop-light-en", "camera-poses")
        page.run("document.querySelector('.examples').scrollIntoView({ block: 'center' })")
        photograph(page, visit, "desktop-light-en", "camera-poses-panel")
        assert_accessible(page, visit, "camera-poses", {})
        page.wait(f"{IS_LOW} && {label} === 'low'", "the pose low")
        assert page.run("return document.getElementById('camera-pose').textContent").startswith("low ")
        assert page.run("return document.getElementById('examples-now').role") == "status"
        page.find("#examples-save").click()
        wait_for_file(table)
        rows = list(csv.reader(table.open()))
        assert [row[1] for row in rows] == ["low"] * 24 + ["tall"] * 24 and all(len(row) == 101 for row in rows)
        assert len({row[0].rpartition("__")[0] for row in rows}) == 2, "a recording is a clip"
        assert all(abs(float(cell)) < 5000 for row in rows for cell in row[2:])

        # Kept over a reload; deleted and loaded again; a damaged table is said to be one.
        page.driver.refresh()
        page.wait("document.querySelectorAll('#examples-list li').length === 2", "what was kept")
        start(page)
        page.find("#examples-list button").click()
        assert [name for name, _ in listed(page)] == ["tall"]
        damaged = visit.folder / "damaged.csv"
        damaged.write_text(table.read_text() + "name,low,1,2\n")
        page.find("#examples-file").send_keys(str(damaged))
        page.wait("document.getElementById('examples-said').textContent.includes('Line 49')", "what is wrong")
        assert [name for name, _ in listed(page)] == ["tall"]
        page.find("#examples-file").send_keys(str(table))
        page.wait("document.getElementById('examples-said').textContent.includes('48 examples')", "what was loaded")
        assert sorted(listed(page)) == [["low", "24 examples"], ["tall", "48 examples"]]
        assert page.complaints() == []
    look = LOOKS["phone-dark-zh"]
    with visit.browser(camera=film, **look) as page:
        open_tab(page)
        page.run("localStorage.setItem('stance.poses', JSON.stringify(arguments[0])); location.reload()", table.read_text())
        page.wait("document.querySelectorAll('#examples-list li').length === 2", "what was kept")
        start(page)
        page.wait("document.querySelector('#camera-pose:not([hidden])')", "a pose")
        page.run("document.getElementById('camera-stage').scrollIntoView()")
        photograph(page, visit, "phone-dark-zh", "camera-poses")
        page.run("document.querySelector('.examples').scrollIntoView({ block: 'center' })")
        photograph(page, visit, "phone-dark-zh", "camera-poses-panel")
        assert_accessible(page, visit, "camera-poses", look)


ALL = [knows_poses_as_the_service_does, camera_tells_poses_that_were_recorded]
