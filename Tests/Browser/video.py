"""What the Video tab must do; clips are those of ../shared/testdata, cut and packed anew into the check's own folder."""

import base64
import csv
import dataclasses
import io
import json
import subprocess
import time
import urllib.request

from PIL import Image, ImageChops, ImageStat
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.select import Select

from browser import Skipped
from checks import assert_accessible, photograph, wait_for_file
from prefixed import Prefixed

FRAMES = 42  # of the usual clip
RATE = 30
SIZE = (640, 360)
# Joints that lie apart from others, and how far from its place one may be drawn, in CSS pixels: the canvas has whole pixels.
JOINTS = ("leftShoulder", "rightShoulder", "leftElbow", "rightElbow", "leftKnee", "rightKnee")
TOLERANCE = 1.0
IS_SETTLED = "!document.getElementById('clip-another').hidden"


def plays_a_clip_with_its_skeletons_in_step(visit):
    """While it plays, after a stop, a jump and a step: the skeletons are those of the frame that is seen, at the right pixels."""
    clip = usual_clip(visit)
    results = service_results(visit, clip)
    with open_tab(visit) as page:
        send(page, clip)
        assert page.find("#clip-facts").text.startswith(f"{FRAMES} frames"), page.find("#clip-facts").text

        page.find("#clip-play").click()
        page.wait("document.getElementById('clip-video').currentTime > 0.5", "the clip plays")
        # The video's own word for each picture that it gives to the screen, and the frame that was drawn then.
        told = page.driver.execute_async_script(
            "const done = arguments[0], video = document.getElementById('clip-video'), told = [];"
            "const listen = (_, { mediaTime }) => { setTimeout(() => {"
            "  told.push([mediaTime, document.getElementById('clip-number').textContent]);"
            "  if (told.length < 10) return video.requestVideoFrameCallback(listen);"
            "  document.getElementById('clip-play').click(); done(told); }); };"
            "video.requestVideoFrameCallback(listen);"
        )
        wrong = [(time, number) for time, number in told if number != f"frame {round(time * RATE)}"]
        assert not wrong, f"drawn for another frame than the one on the screen: {wrong}"
        page.wait("document.getElementById('clip-video').paused", "the pause")
        assert_in_step(page, clip, results, shown_frame(page))

        page.run("document.getElementById('clip-video').currentTime = 37.5 / 30")
        wait_for_frame(page, 37)
        assert_in_step(page, clip, results, 37)

        page.find("#clip-stage").send_keys(Keys.ARROW_LEFT, ",", ",", ".")
        wait_for_frame(page, 35)
        assert_in_step(page, clip, results, 35)

        page.find("#clip-stage").send_keys(" ")
        page.wait("document.getElementById('clip-play').getAttribute('aria-label') === 'Pause'", "the space bar plays")
        page.wait("document.getElementById('clip-video').ended", "the end")
        wait_for_frame(page, FRAMES - 1)
        strangers = [a for a in page.addresses() if not a.startswith((visit.base, "blob:", "data:", "chrome:", "about:"))]
        assert strangers == [], strangers
        assert_clean(page)


def jumps_by_the_time_line(visit):
    """By click, drag and keys; the place is told in words."""
    clip = usual_clip(visit)
    with open_tab(visit) as page:
        send(page, clip)
        slider = page.find("#timeline")
        now = lambda: float(slider.get_attribute("aria-valuenow"))
        length = float(slider.get_attribute("aria-valuemax"))
        assert abs(length - FRAMES / RATE) < 0.15, length
        # Between the room for numbers at the left and the margin at the right, as timeline.js has them.
        left, right = 52, 14
        at = lambda part: left + part * (slider.rect["width"] - left - right) - slider.rect["width"] / 2
        mouse = ActionChains(page.driver)
        mouse.move_to_element_with_offset(slider, round(at(0.5)), 0).click().perform()
        assert abs(now() - length / 2) < 0.02, now()
        mouse.move_to_element_with_offset(slider, round(at(0.2)), 0).click_and_hold()
        mouse.move_by_offset(round(at(0.8) - at(0.2)), 5).release().perform()
        assert abs(now() - length * 0.8) < 0.02, now()

        slider.send_keys(Keys.HOME)
        wait_for_frame(page, 0)
        slider.send_keys(Keys.ARROW_RIGHT, Keys.ARROW_UP, Keys.ARROW_LEFT)
        wait_for_frame(page, 1)
        ActionChains(page.driver).key_down(Keys.SHIFT).send_keys(Keys.ARROW_RIGHT).key_up(Keys.SHIFT).perform()
        wait_for_frame(page, 31)
        words = slider.get_attribute("aria-valuetext")
        assert words.startswith("0:01.0") and "frame 31" in words and "person 1" in words, words
        slider.send_keys(Keys.END)
        assert length - now() < 0.15, now()

        # Another width, and other curves, are drawn anew.
        drawing = lambda: page.run("return document.getElementById('timeline-canvas').toDataURL()")
        before = drawing()
        Select(page.find("#plot [name=quantity]")).select_by_value("y")
        assert drawing() != before, "the curves are the same"
        height = slider.rect["height"]
        Select(page.find("#plot [name=third]")).select_by_value("nose")
        assert slider.rect["height"] > height, "no third lane"
        assert_clean(page)


def chooses_a_person_for_3d_and_table(visit):
    clip = usual_clip(visit)
    results = service_results(visit, clip)
    with open_tab(visit) as page:
        send(page, clip)
        people = page.run("return [...document.querySelectorAll('#clip-people .number')].map((number) => number.textContent)")
        assert people == sorted({str(p["id"]) for r in results for p in r["people"]}), people
        page.run("document.getElementById('clip-video').currentTime = 20.5 / 30")
        wait_for_frame(page, 20)
        page.find("#clip-people li:nth-child(2) button").click()
        page.find("#tab-clip-table").click()
        person = next(p for p in results[20]["people"] if p["id"] == 2)
        row = page.run("return [...document.querySelector('#clip-table tbody tr').children].map((cell) => cell.textContent)")
        assert row[0] == "Nose" and row[1] == f"{person['landmarks'][0]['x'] * SIZE[0]:.1f}", row
        assert row[6:] == [f"{person['worldLandmarks'][0][axis]:.3f}" for axis in "xyz"], row
        page.find("#tab-clip-world").click()
        drawing = lambda: page.run("return document.getElementById('clip-world').toDataURL()")
        before = drawing()
        page.find("#timeline").send_keys(Keys.ARROW_RIGHT)
        wait_for_frame(page, 21)
        assert drawing() != before, "3D does not follow the time"
        page.find("#tab-clip-picture").click()
        overlay = lambda: page.run("return document.getElementById('clip-overlay').toDataURL()")
        for name in ("joints", "bones", "ids", "trails", "labels"):
            before = overlay()
            page.find(f"#clip-shows [name={name}]").click()
            assert overlay() != before, f"{name} does not toggle"
        assert_clean(page)


def saves_mp4_lines_and_csv_of_a_clip(visit):
    clip = usual_clip(visit)
    results = service_results(visit, clip)
    with open_tab(visit) as page:
        send(page, clip)
        drawing = "!document.getElementById('clip-drawing').hidden"
        page.find("#clip-downloads [data-format=mp4]").click()
        page.wait(drawing, "how far the MP4 is")
        page.find("#clip-drawing-cancel").click()
        page.wait(f"!({drawing})", "the end of the drawing")
        for format, name in (("jsonl", "clip.jsonl"), ("csv", "clip.csv"), ("mp4", "clip-pose.mp4")):
            page.find(f"#clip-downloads [data-format={format}]").click()
            wait_for_file(visit.downloads / name)
        assert len(list(visit.downloads.iterdir())) == 3, "what was cancelled is saved"
        lines = [json.loads(line) for line in (visit.downloads / "clip.jsonl").read_text().splitlines()]
        assert lines[0]["stance"] == "results/1" and lines[-1] == {"end": FRAMES}, (lines[0], lines[-1])
        assert [line["people"] for line in lines[1:-1]] == [result["people"] for result in results]

        rows = list(csv.DictReader(io.StringIO((visit.downloads / "clip.csv").read_text())))
        assert list(rows[0])[:6] == ["frame", "time", "id", "person", "landmark", "x"], list(rows[0])
        assert len(rows) == sum(33 * len(result["people"]) for result in results)
        row = rows[-1]
        result = results[int(row["frame"])]
        landmark = next(p for p in result["people"] if p["id"] == int(row["id"]))["landmarks"][-1]
        assert float(row["time"]) == result["time"] and row["landmark"] == landmark["name"]
        assert float(row["x"]) == landmark["x"] and float(row["yPixels"]) == landmark["y"] * SIZE[1]

        probed = subprocess.run(
            ["ffprobe", "-v", "error", "-count_frames", "-select_streams", "v", "-of", "json", "-show_entries",
             "stream=codec_name,width,height,nb_read_frames", visit.downloads / "clip-pose.mp4"],
            check=True, capture_output=True, timeout=60,
        )
        [stream] = json.loads(probed.stdout)["streams"]
        wanted = {"codec_name": "h264", "width": SIZE[0], "height": SIZE[1], "nb_read_frames": str(FRAMES)}
        assert stream == wanted, stream
        assert_clean(page)


def stops_a_clip_that_is_cancelled(visit):
    """What came is kept; the service works no more."""
    clip = made_clip(visit, "long.mp4", "-c", "copy", before=("-stream_loop", "20"))
    with open_tab(visit) as page:
        page.find("#clip-file").send_keys(str(clip))
        page.wait("document.querySelectorAll('#clip-people li').length > 0", "people")
        page.wait("/[1-9] %/.test(document.getElementById('clip-progress-text').textContent)", "percent")
        page.wait("/ left$/.test(document.getElementById('clip-progress-text').textContent)", "the time left")
        page.find("#clip-cancel").click()
        page.wait(IS_SETTLED, "the end")
        assert page.find("#clip-failure-title").text == "Cancelled"
        kept = int(page.find("#clip-facts").text.split()[0])
        assert f"kept: {kept} frames" in page.find("#clip-failure-advice").text and 0 < kept < 20 * FRAMES, kept
        end = time.monotonic() + 20  # a second is what the service promises, on an idle machine; the whole clip takes longer
        while videos_worked_on(visit):
            assert time.monotonic() < end, "the service goes on"
            time.sleep(0.1)
        page.find("#clip-downloads [data-format=jsonl]").click()
        wait_for_file(visit.downloads / "long.jsonl")
        lines = (visit.downloads / "long.jsonl").read_text().splitlines()
        assert sum('"people":' in line and line.endswith("}") for line in lines) == kept
        assert_clean(page)


def says_what_is_wrong_with_a_clip(visit):
    """No video at all, too large, a busy service; a clip that breaks off keeps what came before."""
    broken = visit.folder / "broken.mp4"
    broken.write_bytes(b"This is no video.")
    whole = made_clip(visit, "whole.mkv", "-c", "copy", "-frames:v", FRAMES)
    cut = visit.folder / "cut.mkv"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    with open_tab(visit) as page:
        title = lambda: page.find("#clip-failure-title").text
        send(page, broken)
        assert title() in ("This clip can't be read", "This is not a kind of video that Stance reads"), title()
        assert page.find("#clip-failure-advice").text and page.find("#clip-retry").is_displayed()
        send(page, cut)
        if title():
            assert "What came until then is kept" in page.find("#clip-failure-advice").text
        frames = int(page.find("#clip-facts").text.split()[0])
        assert 0 < frames < FRAMES, f"{frames} frames of half a clip"
        # Chromium itself writes a line for each answer that is no 2xx.
        assert all("/v1/video" in line and " 4" in line for line in page.complaints())

        page.run(refusing(413, "video_too_large"))
        send(page, whole)
        assert title() == "This clip is too large"
        page.run(refusing(503, "overloaded"))
        page.find("#clip-retry").click()
        page.wait("/next try in 7 s/.test(document.getElementById('clip-progress-text').textContent)", "the wait")
        page.find("#clip-cancel").click()
        page.wait(IS_SETTLED, "the end of the wait")
        assert title() == "Cancelled"


def plays_what_the_browser_cannot_through_the_service(visit):
    clip = made_clip(visit, "lossless.mkv", "-c:v", "ffv1", "-frames:v", "20")
    with open_tab(visit) as page:
        send(page, clip)
        page.wait("!document.getElementById('clip-unplayable').hidden", "the word that it can't be played")
        # Skeletons without pictures can be looked at already.
        page.find("#timeline").send_keys(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT)
        wait_for_frame(page, 2)
        page.find("#clip-convert").click()
        page.wait("document.getElementById('clip-video').videoWidth > 0", "the service's MP4")
        slider = page.find("#timeline")
        slider.send_keys(Keys.HOME)
        wait_for_frame(page, 0)
        slider.send_keys(Keys.ARROW_RIGHT)
        wait_for_frame(page, 1)
        assert_in_step(page, clip, service_results(visit, clip), 1)
        page.find("#clip-play").click()
        page.wait("document.getElementById('clip-video').ended", "the end")
        wait_for_frame(page, 19)
        assert_clean(page)


def looks_at_a_clip_below_a_path(visit):
    with Prefixed(visit.base) as proxy:
        with open_tab(dataclasses.replace(visit, base=proxy.base)) as page:
            send(page, made_clip(visit, "short.mp4", "-c", "copy", "-frames:v", "10"))
            assert page.find("#clip-facts").text.startswith("10 frames"), page.find("#clip-failure").text
            assert_clean(page)
        assert proxy.strays == [], f"asked for outside of the path: {proxy.strays}"


def shows_clips_to_everybody(visit):
    """axe-core and screenshots in each state, light and dark, wide and narrow; nothing wider than the window."""
    clip = made_clip(visit, "clip.mp4", "-c", "copy", "-frames:v", "12")
    broken = visit.folder / "broken.mp4"
    broken.write_bytes(b"This is no video.")
    looks = {
        "desktop-light-en": {},
        "phone-dark-zh": {"width": 390, "height": 844, "phone": True, "dark": True, "language": "zh-CN"},
        "small-phone-light-en": {"width": 320, "height": 568, "phone": True},
    }
    for name, look in looks.items():
        is_judged = not name.startswith("small")  # but for its width the same as the other phone
        judge = lambda state: is_judged and assert_accessible(page, visit, state, look)
        with open_tab(visit, **look) as page:
            photograph(page, visit, name, "clip-empty")
            judge("clip-empty")
            send(page, clip)
            page.run("document.getElementById('clip-shows').elements.trails.click()")
            for tab in ("table", "world", "picture"):
                page.run(f"document.getElementById('tab-clip-{tab}').click()")
                photograph(page, visit, name, f"clip-{tab}")
                judge(f"clip-{tab}")
            page.run("scrollTo(0, document.body.scrollHeight)")
            photograph(page, visit, name, "clip-below")
            send(page, broken)
            photograph(page, visit, name, "clip-failure")
            judge("clip-failure")


def open_tab(visit, **look):
    page = visit.browser(**look)
    page.go("/#video")
    return page


def made_clip(visit, name, *output, before=()):
    """A clip of two people who cross, of 120 frames, read and written as these options of ffmpeg say."""
    source = visit.testdata / "tracks/cross.mp4"
    if not source.exists():
        raise Skipped("needs ../shared/testdata, which this clone does not have")
    target = visit.folder / name
    command = ["ffmpeg", "-v", "error", "-y", *before, "-i", source, "-map", "0:v", *output, target]
    subprocess.run([str(part) for part in command], check=True, timeout=60)
    return target


def usual_clip(visit):
    return made_clip(visit, "clip.mp4", "-c", "copy", "-frames:v", FRAMES)


kept_results = {}


def service_results(visit, clip):
    """What the service itself answers for the clip, a frame a line; asked for once."""
    content = clip.read_bytes()
    if content not in kept_results:
        request = urllib.request.Request(visit.base + "/v1/video", content, {"Content-Type": "video/mp4"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            lines = [json.loads(line) for line in answer]
        assert lines[-1] == {"end": len(lines) - 2}, lines[-1]
        kept_results[content] = lines[1:-1]
    return kept_results[content]


def send(page, clip):
    """Chooses the clip and waits until all was looked at, or that failed."""
    page.run("document.getElementById('clip-another').hidden = true")
    page.find("#clip-file").send_keys(str(clip))
    page.wait(IS_SETTLED, f"{clip.name} is looked at")


def assert_clean(page):
    complaints = page.complaints()
    assert complaints == [], complaints


def shown_frame(page):
    return int(page.find("#clip-number").text.removeprefix("frame "))


def wait_for_frame(page, number):
    page.wait(f"document.getElementById('clip-number').textContent === 'frame {number}'", f"frame {number}")


def assert_in_step(page, clip, results, frame):
    """The picture on the screen is that frame of the file, and the joints of its result lie where they are drawn."""
    shown = shown_frame(page)
    assert shown == frame, f"skeletons of frame {shown} and not {frame}"
    picture = page.run(
        "const video = document.getElementById('clip-video'), canvas = document.createElement('canvas');"
        "canvas.width = video.videoWidth; canvas.height = video.videoHeight;"
        "canvas.getContext('2d').drawImage(video, 0, 0); return canvas.toDataURL('image/png')"
    )
    picture = Image.open(io.BytesIO(base64.b64decode(picture.split(",")[1]))).convert("RGB")
    near = range(max(frame - 2, 0), min(frame + 3, FRAMES))
    differences = {n: sum(ImageStat.Stat(ImageChops.difference(picture, file_frame(clip, n))).sum2) for n in near}
    assert min(differences, key=differences.get) == frame, f"the picture on the screen is another one than {frame}: {differences}"

    people = results[frame]["people"]
    assert people, "the check needs somebody in the frame"
    wanted = [
        [person["id"], landmark["name"], landmark["x"], landmark["y"]]
        for person in people
        for landmark in person["landmarks"]
        if landmark["name"] in JOINTS and landmark["seen"] and landmark["inFrame"]
    ]
    found = page.run(middles_of_joints, wanted)
    assert len(found) >= 6, f"too few joints to compare: {found}"
    for (id, name, *_), (dx, dy) in zip(wanted, found):
        assert max(abs(dx), abs(dy)) <= TOLERANCE, f"{name} of {id} in frame {frame} is {dx:.2f}, {dy:.2f} CSS pixels off"


# For each joint how far the middle of the pixels that have its colour, round its place, is from there, in CSS pixels.
middles_of_joints = """
const overlay = document.getElementById('clip-overlay');
const density = overlay.width / overlay.getBoundingClientRect().width;
const canvas = document.createElement('canvas');
Object.assign(canvas, { width: overlay.width, height: overlay.height });
const context = canvas.getContext('2d', { willReadFrequently: true });
context.drawImage(overlay, 0, 0);
const palette = [[255, 150, 0], [180, 0, 255], [80, 210, 255], [230, 40, 120]];
return arguments[0].map(([id, name, x, y]) => {
  const color = palette[(id - 1) % 12].map((part) => Math.floor((part + 510) / 3));
  const [left, top, reach] = [x * canvas.width, y * canvas.height, Math.ceil(5 * density)];
  const from = [Math.round(left) - reach, Math.round(top) - reach];
  const { data } = context.getImageData(...from, 2 * reach + 1, 2 * reach + 1);
  let [count, across, down] = [0, 0, 0];
  for (let i = 0; i < data.length; i += 4) {
    if (data[i + 3] < 250 || color.some((part, channel) => Math.abs(data[i + channel] - part) > 8)) continue;
    const place = i / 4;
    count += 1;
    across += from[0] + (place % (2 * reach + 1)) + 0.5;
    down += from[1] + Math.floor(place / (2 * reach + 1)) + 0.5;
  }
  return [(across / count - left) / density, (down / count - top) / density];
});
"""


def file_frame(clip, number):
    """A frame of the file as ffmpeg decodes it."""
    command = ["ffmpeg", "-v", "error", "-i", clip, "-vf", f"select=eq(n\\,{number})", "-frames:v", "1", "-f", "image2pipe", "-c:v", "png", "-"]
    decoded = subprocess.run([str(part) for part in command], check=True, capture_output=True, timeout=60)
    return Image.open(io.BytesIO(decoded.stdout)).convert("RGB")


def videos_worked_on(visit):
    with urllib.request.urlopen(visit.base + "/metrics", timeout=60) as answer:
        lines = answer.read().decode().splitlines()
    return next(float(line.split()[-1]) for line in lines if line.startswith("stance_videos "))


def refusing(status, code):
    """A script that has every request from now on refused like that."""
    return (
        f"Object.defineProperty(XMLHttpRequest.prototype, 'status', {{ configurable: true, get: () => {status} }});"
        f"Object.defineProperty(XMLHttpRequest.prototype, 'responseText', {{ configurable: true, get: () => '{{\"code\":\"{code}\"}}' }});"
        "XMLHttpRequest.prototype.getResponseHeader = () => '7';"
    )


ALL = [
    plays_a_clip_with_its_skeletons_in_step,
    jumps_by_the_time_line,
    chooses_a_person_for_3d_and_table,
    saves_mp4_lines_and_csv_of_a_clip,
    stops_a_clip_that_is_cancelled,
    says_what_is_wrong_with_a_clip,
    plays_what_the_browser_cannot_through_the_service,
    looks_at_a_clip_below_a_path,
    shows_clips_to_everybody,
]
