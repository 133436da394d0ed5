"""What the page must do, each a function that a name says; they share nothing but the arguments."""

import copy
import dataclasses
import io
import json
import os
import struct
import time
import urllib.request
import zlib

from PIL import Image
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.actions.action_builder import ActionBuilder
from selenium.webdriver.common.actions.pointer_input import PointerInput
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.select import Select

from browser import LIMIT
from prefixed import Prefixed


def shows_the_skeleton_at_the_right_pixels(visit):
    """Joints stand where the JSON says, and are red in the picture of the screen."""
    with visit.browser() as page:
        page.open()
        page.send(visit.photo)
        result = visit.result
        frame = page.run("return document.getElementById('photo').getBoundingClientRect().toJSON()")
        joints = page.run(
            "return [...document.querySelectorAll('[data-person=\"0\"] .joint')].map((joint) => {"
            " const box = joint.getBoundingClientRect();"
            " return [joint.dataset.joint, box.x + box.width / 2, box.y + box.height / 2]; })"
        )
        landmarks = {l["name"]: l for l in result["people"][0]["landmarks"]}
        assert {name for name, _, _ in joints} == set(landmarks), "not all joints are drawn"
        for name, x, y in joints:
            landmark = landmarks[name]
            wanted = (frame["x"] + landmark["x"] * frame["width"], frame["y"] + landmark["y"] * frame["height"])
            assert abs(x - wanted[0]) < 0.75 and abs(y - wanted[1]) < 0.75, f"{name} at {x}, {y} and not {wanted}"
        screen = Image.open(io.BytesIO(page.driver.get_screenshot_as_png())).convert("RGB")
        for name in ("nose", "leftShoulder", "rightShoulder"):
            x, y = next((x, y) for joint, x, y in joints if joint == name)
            red, green, blue = screen.getpixel((round(x), round(y)))
            assert red > 200 and green < 60 and blue < 60, f"{name} is {red}, {green}, {blue} and not red"
        assert page.complaints() == []


def tells_name_place_and_visibility_of_the_joint_under_the_pointer(visit):
    with visit.browser() as page:
        page.open()
        page.send(visit.photo)
        ActionChains(page.driver).move_to_element(page.find("[data-joint=nose]")).perform()
        page.wait("!document.getElementById('tip').hidden", "the card beside the joint")
        nose, width = visit.result["people"][0]["landmarks"][0], visit.result["image"]["width"]
        text = page.find("#tip").text
        for part in ("Nose", f"{nose['x'] * width:.1f} px", f"{round(nose['visibility'] * 100)} %"):
            assert part in text, f"{part} is not in {text!r}"
        page.find("#picture").send_keys(Keys.ARROW_RIGHT)
        assert "Left eye, inner" in page.find("#tip").text, "the arrow key does not go to the next joint"
        page.find("#picture").send_keys(Keys.ESCAPE)
        assert page.run("return document.getElementById('tip').hidden")


def hides_and_shows_joints_bones_names_and_mask(visit):
    with visit.browser() as page:
        page.open()
        page.send(visit.photo)
        count = lambda selector: page.run(f"return document.querySelectorAll('{selector}').length")
        for name, selector in (("joints", ".joint"), ("bones", ".bone"), ("labels", ".joint-name")):
            before = count(selector)
            page.find(f".shows [name={name}]").click()
            assert (count(selector) == 0) != (before == 0), f"{name} does not toggle"
        page.find(".shows [name=mask]").click()
        page.wait("!document.getElementById('mask').hidden", "the mask")
        opaque = page.run(
            "const mask = document.getElementById('mask');"
            "const { data } = mask.getContext('2d').getImageData(0, 0, mask.width, mask.height);"
            "return data.filter((value, i) => i % 4 === 3 && value > 60).length / (mask.width * mask.height)"
        )
        assert 0.05 < opaque < 0.9, f"{opaque:.0%} of the picture are mask"
        assert page.complaints() == []


def tells_seen_joints_from_guessed_ones(visit):
    """Hollow, hidden or like the others in the picture; in words in the card and in the table."""
    result = copy.deepcopy(visit.result)
    for landmark in result["people"][0]["landmarks"]:
        landmark.update(x=0.5, y=0.5, seen=True, inFrame=True)
    nose, eye, shoulder = (result["people"][0]["landmarks"][i] for i in (0, 2, 11))
    nose.update(y=0.2, seen=False)
    eye.update(y=0.2, visibility=0.1)
    shoulder.update(x=1.5, seen=False, inFrame=False)
    with visit.browser() as page:
        page.answer(result)
        page.open()
        page.send(visit.photo)
        joints = lambda selector: page.run(f"return [...document.querySelectorAll('{selector}')].map((j) => j.dataset.joint)")
        guessed = ["nose", "leftShoulder"]
        assert joints(".joint.guessed") == guessed
        assert len(joints(".joint:not(.guessed)")) == 31, "a joint that was seen is drawn as guessed"
        fill = page.run("return getComputedStyle(document.querySelector('.joint.guessed')).fill")
        assert fill.replace(" ", "") == "rgba(0,0,0,0)", f"a guessed joint is filled: {fill}"
        assert page.run("return document.querySelectorAll('.bone.guessed').length") == 5, "bones of guessed joints"
        picture = page.find("#picture")
        picture.send_keys(Keys.ARROW_RIGHT)
        assert "Nose" in page.find("#tip").text and "Guessed" in page.find("#tip").text, page.find("#tip").text
        picture.send_keys(Keys.ARROW_RIGHT)
        assert "Seen" in page.find("#tip").text, page.find("#tip").text
        page.find("#tab-table").click()
        words = page.run("return [...document.querySelectorAll('#table tbody tr')].map((row) => row.children[5].textContent)")
        assert (words[0], words[2], words[11]) == ("Guessed", "Seen", "Outside the picture"), words
        page.find("#tab-picture").click()
        choice = Select(page.find("[name=guessed]"))
        choice.select_by_value("hidden")
        assert not set(guessed) & set(joints(".joint")), "hidden joints are drawn"
        choice.select_by_value("plain")
        assert joints(".joint.guessed") == [] and len(joints(".joint")) == 33
        assert page.complaints() == []


def tells_how_sure_it_is_and_how_many_more_were_found(visit):
    result = copy.deepcopy(visit.result)
    result["people"] = [{**result["people"][0], "confidence": confidence} for confidence in (0.934, 0.5)]
    result["peopleFound"] = 31
    with visit.browser() as page:
        page.answer(result)
        page.open()
        page.send(visit.photo)
        people = page.run("return [...document.querySelectorAll('#people small')].map((small) => small.textContent)")
        assert people == ["93 % sure", "50 % sure"], people
        assert page.find("#more-found").text == "2 of 31 people found are shown."
        page.addresses()
        page.find("#show-all").click()
        page.wait_for_answers()
        assert page.queries() == [[("maxPeople", "31")]]
        page.driver.refresh()
        page.find("#open-settings").click()
        assert page.find("#maxPeople").get_attribute("value") == "31", "it is no setting"


def turns_the_person_in_3d(visit):
    """Drag, arrow key and view button each change the drawing; the floor and the person are there."""
    with visit.browser() as page:
        page.open()
        page.send(visit.photo)
        page.find("#tab-world").click()
        drawing = lambda: page.run("return document.getElementById('world').toDataURL()")
        colours = page.run(
            "const canvas = document.getElementById('world');"
            "const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);"
            "let red = 0, white = 0; for (let i = 0; i < data.length; i += 4) {"
            " if (data[i] > 240 && data[i + 1] < 20 && data[i + 3] > 240) red += 1;"
            " if (data[i] > 240 && data[i + 1] > 240 && data[i + 3] > 240) white += 1; } return [red, white]"
        )
        assert min(colours) > 50, f"red and white pixels: {colours}"
        canvas = page.find("#world")
        before = drawing()
        ActionChains(page.driver).drag_and_drop_by_offset(canvas, 90, 20).perform()
        dragged = drawing()
        assert dragged != before, "a drag does not turn"
        canvas.send_keys(Keys.ARROW_LEFT)
        assert drawing() != dragged, "an arrow key does not turn"
        page.find("[data-view=side]").click()
        side = drawing()
        page.find("[data-view=front]").click()
        assert drawing() != side, "views do not differ"
        assert page.complaints() == []


def lists_people_and_landmarks(visit):
    with visit.browser() as page:
        page.open()
        page.send(visit.photo)
        people = page.run("return document.querySelectorAll('#people button').length")
        assert people == len(visit.result["people"])
        page.find("#tab-table").click()
        rows = page.run(
            "return [...document.querySelectorAll('#table tbody tr')]"
            ".map((row) => [...row.children].map((cell) => cell.textContent))"
        )
        assert len(rows) == 33
        world = visit.result["people"][0]["worldLandmarks"][0]
        assert rows[0][0] == "Nose" and rows[0][6:] == [f"{world[axis]:.3f}" for axis in "xyz"], rows[0]


def speaks_chinese_and_english(visit):
    """The browser's language first; the button switches and is remembered."""
    with visit.browser(language="zh-CN") as page:
        page.open()
        assert page.run("return document.documentElement.lang") == "zh-CN"
        assert page.find("#choose").text == "选择照片"
        page.send(visit.photo)
        assert "人物 1" in page.find("#people").text
        page.find("#language").click()
        assert page.run("return document.documentElement.lang") == "en"
        assert "Person 1" in page.find("#people").text
        page.open()
        assert page.find("#choose").text == "Choose photos", "the choice is forgotten"
        complaints = page.complaints()
        assert complaints == [], complaints


def saves_json_csv_and_drawings(visit):
    with visit.browser() as page:
        page.open()
        page.send(visit.photo)
        stem = visit.photo.stem
        for format, name in (
            ("json", f"{stem}.json"),
            ("csv", f"{stem}.csv"),
            ("jpeg", f"{stem}-pose.jpg"),
            ("png", f"{stem}-pose.png"),
        ):
            page.find(f"[data-format={format}]").click()
            wait_for_file(visit.downloads / name)
        saved = json.loads((visit.downloads / f"{stem}.json").read_text())
        assert saved["people"] == visit.result["people"], "not the same numbers as from the server"
        lines = (visit.downloads / f"{stem}.csv").read_text().splitlines()
        assert len(lines) == 1 + 33 * len(saved["people"]), f"{len(lines)} lines of CSV"
        size = (saved["image"]["width"], saved["image"]["height"])
        for suffix, kind in (("jpg", "JPEG"), ("png", "PNG")):
            with Image.open(visit.downloads / f"{stem}-pose.{suffix}") as drawing:
                assert (drawing.format, drawing.size) == (kind, size), f"{drawing.format} of {drawing.size}"
        assert page.complaints() == []


def takes_several_photos_and_says_what_is_wrong_with_one(visit):
    """A strip with a person, nobody, and a file that is no picture: words, advice and a way on."""
    nobody = visit.folder / "nobody.png"
    nobody.write_bytes(grey_png(320, 240))
    with visit.browser() as page:
        page.open()
        page.send(visit.photo, nobody, not_a_picture(visit))
        badges = page.run("return [...document.querySelectorAll('#strip .badge')].map((badge) => badge.textContent)")
        assert badges == [str(len(visit.result["people"])), "0", "!"], badges
        page.run("document.querySelectorAll('#strip button')[1].click()")
        assert "Nobody found" in page.find("#nobody").text
        page.addresses()
        page.find("#search-thoroughly").click()
        page.wait_for_answers()
        assert page.queries() == [[("search", "thorough")]]
        assert "Nobody found" in page.find("#nobody").text
        assert not page.find("#search-thoroughly").is_displayed(), "it was thorough already"
        page.run("document.querySelectorAll('#strip button')[2].click()")
        page.wait_for_answers()  # under the settings of now
        assert page.find("#failure-title").text != "" and page.find("#failure-advice").text != ""
        assert page.find("#retry").is_displayed()
        # Chromium itself writes a line for each answer that is no 2xx.
        assert all("/v1/pose" in line and " 4" in line for line in page.complaints())
        page.find("#clear").click()
        assert page.find("#choose").is_displayed()


def looks_only_in_the_regions_that_were_drawn(visit):
    """By mouse, finger and number; each change asks anew, and without regions the whole photo counts again."""
    width, height = visit.result["image"]["width"], visit.result["image"]["height"]
    with visit.browser() as page:
        page.answer(visit.result)
        page.open()
        page.send(visit.photo)
        page.addresses()
        asked, listed = (lambda: asked_regions(page)), (lambda: listed_regions(page))

        frame = page.find("#frame")
        page.find("#draw-region").click()
        mouse = ActionChains(page.driver).move_to_element(frame).click_and_hold()
        mouse.move_by_offset(frame.rect["width"] / 4, frame.rect["height"] / 4).release().perform()
        [drawn] = asked()
        for number, wanted in zip(drawn, (width / 2, height / 2, width / 4, height / 4)):
            assert abs(number - wanted) <= 2, f"{drawn} was drawn"
        assert listed() == [drawn]
        assert page.run("return document.querySelectorAll('.region').length") == 1
        assert page.run("return document.getElementById('tip').hidden"), "drawing points at joints"

        beside = ActionChains(page.driver).move_to_element(frame).move_by_offset(-100, -100).click_and_hold()
        beside.move_by_offset(50, 50).release().perform()
        assert page.queries() == [], "it draws although nobody asked for that again"

        # A finger may leave the photo: the region ends at its edge.
        page.find("#draw-region").click()
        finger = ActionBuilder(page.driver, mouse=PointerInput("touch", "finger"))
        finger.pointer_action.move_to(frame).pointer_down().move_by(-int(frame.rect["width"] / 2 + 20), 30).pointer_up()
        finger.perform()
        [first, touched] = asked()
        assert first == drawn and touched[0] == 0 and abs(touched[2] - width / 2) <= 2, touched

        page.find("#region-list li:nth-child(2) button").click()
        assert asked() == [drawn]
        field = page.find("#region-list input")
        field.send_keys(Keys.CONTROL, "a")
        field.send_keys("7", Keys.ENTER)
        assert asked() == [[7, *drawn[1:]]]
        assert page.run("return document.activeElement.value") == "7", "the field is left"
        page.find("#region-list button").click()
        assert asked() == [] and listed() == []

        page.find("#add-region").click()
        assert asked() == [[width // 4, height // 4, width // 2, height // 2]]
        assert page.run("return document.activeElement.closest('#region-list') !== null"), "the numbers have no focus"
        assert page.complaints() == []


def moves_and_resizes_regions_with_mouse_finger_and_keys(visit):
    """Each change asks once, a held key too; a screen reader hears of it, and a tap on a joint still chooses it."""
    width, height = visit.result["image"]["width"], visit.result["image"]["height"]
    with visit.browser() as page:
        page.answer(visit.result)
        page.open()
        page.send(visit.photo)
        page.find("#add-region").click()
        page.wait_for_answers()
        page.addresses()
        page.run(
            "window.heard = []; const status = document.getElementById('status');"
            "new MutationObserver(() => heard.push(status.textContent)).observe(status, { childList: true })"
        )
        region = [width // 4, height // 4, width // 2, height // 2]
        frame, box = page.find("#frame").rect, page.find(".region")
        # CSS pixels of the window that are an eighth of the photo.
        right, down = round(frame["width"] / 8), round(frame["height"] / 8)

        def changes(to, what):
            nonlocal region
            asked = asked_regions(page)
            assert len(asked) == 1 and listed_regions(page) == asked, f"{what}: {asked} asked, {listed_regions(page)} listed"
            assert all(abs(number - wanted) <= 2 for number, wanted in zip(asked[0], to)), f"{what}: {asked[0]} and not {to}"
            [region] = asked
            heard = page.run("return heard.splice(0)")
            x, y, w, h = region
            assert heard[0] == f"Region 1: {w} by {h} pixels, {x} from the left, {y} from the top", heard
            assert box.get_attribute("aria-label") == heard[0]

        def touch(target, x, y):
            finger = ActionBuilder(page.driver, mouse=PointerInput("touch", "finger"))
            finger.pointer_action.move_to(target).pointer_down().move_by(x, y).pointer_up()
            finger.perform()

        x, y, w, h = region
        ActionChains(page.driver).drag_and_drop_by_offset(box, right, down).perform()
        changes([x + width / 8, y + height / 8, w, h], "moved by mouse")
        touch(box, -3 * right, 0)
        changes([0, y + height / 8, w, h], "moved by finger, to the edge")

        x, y, w, h = region
        ActionChains(page.driver).drag_and_drop_by_offset(page.find(".handle:nth-child(4)"), right, -down).perform()
        changes([x, y, w + width / 8, h - height / 8], "resized by mouse")
        touch(page.find(".handle:nth-child(1)"), right, down)
        x, y, w, h = region
        changes([x + width / 8, y + height / 8, w - width / 8, h - height / 8], "resized by finger")

        step = round(max(width, height) / 100)
        x, y, w, h = region
        box.send_keys(Keys.ARROW_LEFT)
        changes([x - step, y, w, h], "moved by key")
        x, y, w, h = region
        held = ActionChains(page.driver).key_down(Keys.SHIFT)
        for _ in range(3):
            held.key_down(Keys.ARROW_DOWN)
        held.key_up(Keys.ARROW_DOWN).key_up(Keys.SHIFT).perform()
        changes([x, y, w, h + 3 * step], "resized by a held key")
        assert page.find("#tip").get_attribute("hidden"), "the keys go from joint to joint too"

        inside = lambda l: region[0] < l["x"] * width < sum(region[::2]) and region[1] < l["y"] * height < sum(region[1::2])
        joint = next(l["name"] for l in visit.result["people"][0]["landmarks"] if inside(l))
        ActionChains(page.driver).move_to_element(page.find(f"[data-joint={joint}]")).click().perform()
        assert page.find("#tip").is_displayed(), f"{joint} in the region can't be chosen"
        assert page.queries() == [], "a click is a change"

        # What ends a drag in between leaves the other regions alone.
        page.find("#add-region").click()
        both = asked_regions(page)
        assert len(both) == 2
        hold = lambda: ActionChains(page.driver).click_and_hold(page.find(".region:last-child")).move_by_offset(right, 0)
        hold().send_keys(Keys.ESCAPE).release().perform()
        assert listed_regions(page) == both and page.queries() == [], "Escape does not give a drag up"
        hold().send_keys(Keys.DELETE).move_by_offset(1, 0).release().perform()
        assert asked_regions(page) == listed_regions(page) == both[:1], "a drag outlives its region"

        box.send_keys(Keys.DELETE)
        assert asked_regions(page) == [] and listed_regions(page) == []
        assert page.run("return document.activeElement.id") == "draw-region", "the focus is lost"
        assert page.complaints() == []


def keeps_names_and_numbers_in_the_picture(visit):
    """Of people half outside, with joints at each edge and beyond."""
    result = copy.deepcopy(visit.result)
    width, height = result["image"]["width"], result["image"]["height"]
    ends = {"nose": (0.001, 0.001), "leftShoulder": (0.999, 0.001), "leftHip": (0.001, 0.999), "leftHeel": (0.999, 0.999)}
    for landmark in result["people"][0]["landmarks"]:
        x, y = ends.get(landmark["name"], (-0.1, 0.5))
        landmark.update(x=x, y=y, inFrame=landmark["name"] in ends)
    people = [(-50, -50), (width - 5, height / 2), (10, height + 40)]
    result["people"] = [{**result["people"][0], "box": {"x": x, "y": y, "width": 200, "height": 300}} for x, y in people]
    with visit.browser() as page:
        page.answer(result)
        page.open()
        page.send(visit.photo)
        page.find(".shows [name=labels]").click()
        frame = page.run("return document.getElementById('frame').getBoundingClientRect().toJSON()")
        labels = page.run(
            "return [...document.querySelectorAll('.joint-name, .person-number')]"
            ".map((label) => [label.textContent, label.getBoundingClientRect().toJSON()])"
        )
        names = sorted(name for name, _ in labels)
        assert names == ["1", "2", "3", "Left heel", "Left hip", "Left shoulder", "Nose"], names
        for name, label in labels:
            is_inside = (
                label["left"] >= frame["left"] - 0.5
                and label["right"] <= frame["right"] + 0.5
                and label["top"] >= frame["top"] - 0.5
                and label["bottom"] <= frame["bottom"] + 0.5
            )
            assert is_inside, f"{name} at {label}, the picture at {frame}"


def advises_what_helps_when_nobody_is_found(visit):
    """A closer look first, then what else there is; the minima are offered only where they count."""
    for search, advice in (("auto", "A thorough search"), ("quick", "A thorough search"), ("thorough", "draw a region")):
        with visit.browser() as page:
            model = {**visit.result["model"], "search": search}
            page.answer({**visit.result, "model": model, "people": [], "peopleFound": 0})
            page.open()
            page.send(visit.photo)
            page.find("#open-settings").click()
            page.find(f"[name=search][value={search}]").click()
            assert page.find("#minima legend").text == "For a quick search only"
            for slider in ("minDetectionConfidence", "minTrackingConfidence"):
                assert page.find(f"#{slider}").is_enabled() == (search == "quick"), f"{slider} in {search}"
            page.find("#settings [type=submit]").click()
            page.wait_for_answers()
            text = page.find("#nobody-advice").text
            assert advice in text and "confidence" not in text, f"{search}: {text}"
            assert page.find("#search-thoroughly").is_displayed() == (search != "thorough")
            page.find("#add-region").click()
            page.wait_for_answers()
            assert "in the regions" in page.find("#nobody-advice").text


def sends_the_settings_that_were_changed(visit):
    """What the server does by default is shown, and nothing of it sent."""
    with urllib.request.urlopen(visit.base + "/openapi.json", timeout=60) as answer:
        defaults = {name: one["schema"].get("default") for name, one in json.load(answer)["components"]["parameters"].items()}
    with visit.browser() as page:
        page.open()
        page.find("#open-settings").click()
        for name in ("search", "maxPeople", "minDetectionConfidence", "minTrackingConfidence"):
            field = f"document.querySelector('#settings form').elements.{name}"
            page.wait(f"{field}.value === '{defaults[name]}'", f"{name} as the server has it")
        page.find("#settings [type=submit]").click()
        page.addresses()
        page.send(visit.photo)
        assert page.queries() == [[]], "defaults are sent"
    with visit.browser() as page:
        page.open()
        page.find("#open-settings").click()
        page.find("[name=search][value=thorough]").click()
        page.find("[name=complexity][value='1']").click()
        number = page.find("#maxPeople")
        number.send_keys(Keys.CONTROL, "a")
        number.send_keys("3")
        page.find("#settings [type=submit]").click()
        page.addresses()
        page.send(visit.photo)
        assert page.queries() == [[("complexity", "1"), ("search", "thorough"), ("maxPeople", "3")]]


def takes_a_photo_with_the_camera(visit):
    with visit.browser() as page:
        page.open()
        page.find("#take-photo").click()
        page.wait("document.getElementById('viewfinder').videoWidth > 0", "the camera's picture")
        page.find("#shutter").click()
        page.wait("document.querySelector('#strip .badge')?.textContent === '0'", "the camera's photo, with nobody in it")
        assert page.complaints() == []


def takes_a_pasted_and_a_dropped_photo(visit):
    with visit.browser() as page:
        page.open()
        for event in (
            "new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true })",
            "new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true })",
        ):
            before = page.run("return document.querySelectorAll('#strip li').length")
            page.run(
                "const canvas = document.createElement('canvas'); canvas.width = 64; canvas.height = 64;"
                "return new Promise((done) => canvas.toBlob((bytes) => {"
                " const transfer = new DataTransfer();"
                " transfer.items.add(new File([bytes], 'given.png', { type: 'image/png' }));"
                f" document.body.dispatchEvent({event}); done(true); }}))"
            )
            page.wait(f"document.querySelectorAll('#strip li').length === {before + 1}", "one more photo")


def works_without_javascript(visit):
    with visit.browser(script=False) as page:
        send_plain_form(page, visit.photo)


def send_plain_form(page, photo):
    """The tutorial's plain form: choose, send, see the picture that comes back."""
    page.open()
    form = page.find("noscript form, form[action='pose']")
    assert form.get_attribute("method") == "post"
    page.find("form [name=image]").send_keys(str(photo))
    page.find("form [type=submit]").click()
    end = time.monotonic() + LIMIT
    while not page.driver.current_url.endswith("/pose") and time.monotonic() < end:
        time.sleep(0.05)
    assert page.find("img").get_attribute("src").startswith("data:image/jpeg;base64,")


def works_below_a_path(visit):
    """Behind a proxy that has the service at /tools/stance/ and strips that: page, description and plain form."""
    with Prefixed(visit.base) as proxy:
        below = dataclasses.replace(visit, base=proxy.base)
        with below.browser() as page:
            page.go("")  # without the slash: redirected
            page.send(visit.photo)
            assert page.queries() == [[]], "the photo was not sent below the path"
            assert page.run("return document.querySelectorAll('.joint').length") >= 33, "no joints"
            page.find(".shows [name=mask]").click()
            page.wait("!document.getElementById('mask').hidden", "the mask")
            page.find("#downloads [data-format=png]").click()
            wait_for_file(below.downloads / f"{visit.photo.stem}-pose.png")
            page.find("#open-settings").click()
            page.wait("document.getElementById('maxPeople').value !== ''", "the service's defaults")
            page.find("#settings [type=submit]").click()
            page.find("footer a").click()
            page.wait("document.title.includes('HTTP interface')", "the description")
            example = f"{proxy.base}/v1/pose"
            assert example in page.find("pre").text, f"{example} is in no example"
            page.find("main a[href='./']").click()
            page.wait("document.getElementById('choose') !== null", "the page again")
            page.go("/docs")
            page.find("main a[href='openapi.json']").click()
            page.wait("document.body.textContent.includes('3.1.0')", "the description for programs")
            assert page.complaints() == []
        with below.browser(script=False) as page:
            send_plain_form(page, visit.photo)
            assert page.driver.current_url == proxy.base + "/pose"
        assert proxy.strays == [], f"asked for outside of the path: {proxy.strays}"


def asks_nobody_but_its_server(visit):
    with visit.browser() as page:
        page.open()
        page.send(visit.photo)
        page.find("#tab-world").click()
        strangers = [a for a in page.addresses() if not a.startswith((visit.base, "blob:", "data:", "chrome:", "about:"))]
        assert strangers == [], strangers


def has_no_accessibility_violation(visit):
    """axe-core in every state of the page, light and dark, wide and narrow."""
    for look in ({}, {"dark": True, "language": "zh-CN"}, {"width": 390, "height": 844, "phone": True}):
        with visit.browser(**look) as page:
            page.open()
            assert_accessible(page, visit, "empty", look)
            page.send(visit.photo)
            for tab in ("picture", "world", "table"):
                page.find(f"#tab-{tab}").click()
                assert_accessible(page, visit, tab, look)
            page.find("#tab-picture").click()
            page.find("#add-region").click()
            page.wait_for_answers()
            page.find("#draw-region").click()
            assert_accessible(page, visit, "regions", look)
            page.send(not_a_picture(visit))
            page.run("document.querySelector('#strip li:last-child button').click()")
            assert_accessible(page, visit, "failure", look)
            page.find("#open-settings").click()
            assert_accessible(page, visit, "settings", look)


def fits_every_screen(visit):
    """Nothing wider than the window; screenshots of each state are kept."""
    looks = {
        "desktop-light-en": {},
        "desktop-dark-zh": {"dark": True, "language": "zh-CN"},
        "phone-light-zh": {"width": 390, "height": 844, "phone": True, "language": "zh-CN"},
        "phone-dark-en": {"width": 390, "height": 844, "phone": True, "dark": True},
        "small-phone-light-en": {"width": 320, "height": 568, "phone": True},
    }
    for name, look in looks.items():
        with visit.browser(**look) as page:
            page.open()
            photograph(page, visit, name, "empty")
            page.send(visit.photo)
            for tab in ("picture", "world", "table"):
                page.find(f"#tab-{tab}").click()
                photograph(page, visit, name, tab)
            page.find("#tab-picture").click()
            page.find("#add-region").click()
            page.wait_for_answers()
            photograph(page, visit, name, "region")
            page.find("#open-settings").click()
            photograph(page, visit, name, "settings")


def photograph(page, visit, look, state):
    page.driver.save_screenshot(str(visit.screenshots / f"{look}-{state}.png"))
    width, window = page.run("return [document.documentElement.scrollWidth, innerWidth]")
    assert width <= window, f"{look}, {state}: {width} pixels wide in a window of {window}"


def assert_accessible(page, visit, state, look):
    # Colours that are on their way to another look like too little contrast.
    page.wait("document.getAnimations().every((one) => !(one instanceof CSSTransition))", "colours that stay")
    page.run(visit.axe)
    found = page.driver.execute_async_script(
        "const done = arguments[0]; axe.run().then(done, (error) => done({ error: String(error) }));"
    )
    assert "error" not in found, found["error"]
    problems = [
        f"{violation['id']}: {violation['help']}\n  {node['html']}\n  {node['failureSummary']}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]
    assert not problems, "\n".join([f"{state} {look}", *problems])


def asked_regions(page):
    """The regions of the one request since addresses were last asked for, each as x, y, width and height."""
    page.wait_for_answers()
    queries = page.queries()
    assert len(queries) == 1 and all(name == "region" for name, _ in queries[0]), queries
    return [[int(number) for number in value.split(",")] for _, value in queries[0]]


def listed_regions(page):
    return page.run(
        "return [...document.querySelectorAll('#region-list li')]"
        ".map((row) => [...row.querySelectorAll('input')].map((input) => Number(input.value)))"
    )


def wait_for_file(path):
    end = time.monotonic() + LIMIT
    while not (path.exists() and os.path.getsize(path)):
        assert time.monotonic() < end, f"{path.name} was not saved"
        time.sleep(0.05)


def not_a_picture(visit):
    path = visit.folder / "broken.jpg"
    path.write_bytes(b"This is no picture.")
    return path


def grey_png(width, height):
    """A picture with nobody in it."""

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = (b"\0" + b"\x80" * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


ALL = [
    shows_the_skeleton_at_the_right_pixels,
    tells_name_place_and_visibility_of_the_joint_under_the_pointer,
    hides_and_shows_joints_bones_names_and_mask,
    tells_seen_joints_from_guessed_ones,
    tells_how_sure_it_is_and_how_many_more_were_found,
    turns_the_person_in_3d,
    lists_people_and_landmarks,
    speaks_chinese_and_english,
    saves_json_csv_and_drawings,
    takes_several_photos_and_says_what_is_wrong_with_one,
    keeps_names_and_numbers_in_the_picture,
    advises_what_helps_when_nobody_is_found,
    looks_only_in_the_regions_that_were_drawn,
    moves_and_resizes_regions_with_mouse_finger_and_keys,
    sends_the_settings_that_were_changed,
    takes_a_photo_with_the_camera,
    takes_a_pasted_and_a_dropped_photo,
    works_without_javascript,
    works_below_a_path,
    asks_nobody_but_its_server,
    has_no_accessibility_violation,
    fits_every_screen,
]
