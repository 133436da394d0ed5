"""Poses of the reader's own on the Camera tab: recorded, told from each other, kept in the browser, saved and loaded as a table."""

import csv
import json
import subprocess
from pathlib import Path

from camera import one_person, open_tab, start
from checks import assert_accessible, photograph, wait_for_file
from movement import LOOKS, ask, squats

# Made by postures.py beside it, in another language once more.
KEPT = Path(__file__).resolve().parents[1] / "PoseMotionTests/Kept/postures.json"

# The person of `window.pose` is in every answer, so that the poses don't depend on how quick the machine is.
POSING = "window.change = (answer) => (window.pose ? { ...answer, people: [window.pose], peopleFound: 1, lost: [] } : answer);"


def pose(visit, time):
    """The woman of the clip at a time, as the service finds her in that frame."""
    frame = visit.folder / "frame.png"
    command = ["ffmpeg", "-v", "error", "-nostdin", "-y", "-ss", str(time), "-i", squats(visit), "-frames:v", "1", "-vf", "scale=288:512", frame]
    subprocess.run(command, check=True, timeout=60)
    [person] = json.loads(ask(visit, "/v1/pose", frame.read_bytes(), "image/png"))["people"]
    return {"id": 1, **person}


def record(page, name, person):
    page.run("window.pose = arguments[0]", person)
    field = page.find("#examples-name")
    field.clear()
    field.send_keys(name)
    page.find("#examples-record").click()
    page.wait("!document.getElementById('examples-countdown').hidden", "the number over the picture")
    assert page.find("#examples-record").text == "Stop recording"
    page.wait(f"/examples? of {name} w/.test(document.getElementById('examples-said').textContent)", "what was recorded")
    assert not page.find("#examples-countdown").is_displayed()


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
    """Two poses are recorded and told from each other; they outlive a reload, and a table holds them."""
    tall, low = pose(visit, 0), pose(visit, 2)
    film = one_person(visit)
    table = visit.downloads / "poses.csv"
    label = "document.querySelector('#examples-now:not([hidden]) strong')?.textContent"
    with visit.browser(camera=film) as page:
        page.begin_with(POSING)
        open_tab(page)
        start(page)
        assert page.find("#examples-save").get_attribute("disabled")
        record(page, "low", low)
        record(page, "tall", tall)
        counts = {name: int(words.split()[0]) for name, words in listed(page)}
        assert counts.keys() == {"low", "tall"} and all(1 <= count <= 24 for count in counts.values()), counts
        page.wait(f"{label} === 'tall'", "the pose tall")
        page.wait("document.getElementById('camera-pose').textContent === 'tall 100 %'", "how sure that is")
        photograph(page, visit, "desktop-light-en", "camera-poses")
        page.run("document.querySelector('.examples').scrollIntoView({ block: 'center' })")
        photograph(page, visit, "desktop-light-en", "camera-poses-panel")
        assert_accessible(page, visit, "camera-poses", {})
        page.run("window.pose = arguments[0]", low)
        page.wait(f"{label} === 'low'", "the pose low")
        assert page.run("return document.getElementById('examples-now').role") == "status"
        # Neither: head down.
        upset = {**tall, "landmarks": [{**one, "y": 1 - one["y"]} for one in tall["landmarks"]]}
        page.run("window.pose = arguments[0]", upset)
        page.wait("!document.getElementById('examples-none').hidden && document.getElementById('camera-pose').hidden", "that it is none")
        page.find("#examples-save").click()
        wait_for_file(table)
        rows = list(csv.reader(table.open()))
        assert [row[1] for row in rows] == ["low"] * counts["low"] + ["tall"] * counts["tall"] and all(len(row) == 101 for row in rows)
        assert len({row[0].rpartition("__")[0] for row in rows}) == 2, "a recording is a clip"
        # Pixels of the frames, whose size the page chooses as it goes.
        x, y, nose = float(rows[-1][2]), float(rows[-1][3]), tall["landmarks"][0]
        assert abs(x / y - nose["x"] * 288 / (nose["y"] * 512)) < 0.02, rows[-1][:5]

        # Kept over a reload; deleted and loaded again; a damaged table is said to be one.
        page.driver.refresh()
        page.wait("document.querySelectorAll('#examples-list li').length === 2", "what was kept")
        start(page)
        page.find("#examples-list button").click()
        assert [name for name, _ in listed(page)] == ["tall"]
        damaged = visit.folder / "damaged.csv"
        damaged.write_text(table.read_text() + "name,low,1,2\n")
        page.find("#examples-file").send_keys(str(damaged))
        page.wait(f"document.getElementById('examples-said').textContent.includes('Line {len(rows) + 1} ')", "what is wrong")
        assert [name for name, _ in listed(page)] == ["tall"]
        page.find("#examples-file").send_keys(str(table))
        page.wait(f"document.getElementById('examples-said').textContent.includes('{len(rows)} examples')", "what was loaded")
        loaded = {name: int(words.split()[0]) for name, words in listed(page)}
        assert loaded == {"low": counts["low"], "tall": 2 * counts["tall"]}, loaded
        assert page.complaints() == []
    look = LOOKS["phone-dark-zh"]
    with visit.browser(camera=film, **look) as page:
        page.begin_with(POSING)
        open_tab(page)
        page.run("localStorage.setItem('stance.poses', JSON.stringify(arguments[0])); location.reload()", table.read_text())
        page.wait("document.querySelectorAll('#examples-list li').length === 2", "what was kept")
        page.run("window.pose = arguments[0]", low)
        start(page)
        page.wait("document.querySelector('#camera-pose:not([hidden])')", "a pose")
        page.run("document.getElementById('camera-stage').scrollIntoView()")
        photograph(page, visit, "phone-dark-zh", "camera-poses")
        page.run("document.querySelector('.examples').scrollIntoView({ block: 'center' })")
        photograph(page, visit, "phone-dark-zh", "camera-poses-panel")
        assert_accessible(page, visit, "camera-poses", look)


ALL = [knows_poses_as_the_service_does, camera_tells_poses_that_were_recorded]
