"""What the Camera tab must do. Chromium's camera shows a clip, and the page's socket is listened to."""

import atexit
import base64
import dataclasses
import functools
import io
import json
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

from PIL import Image
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from browser import Skipped
from checks import assert_accessible, photograph
from prefixed import Prefixed

LARGE = ("leftShoulder", "rightShoulder", "leftHip", "rightHip", "leftKnee", "rightKnee")

# Frames that were sent, results, sockets and camera tracks. When a script runs, the canvas shows the last result; `change` may
# make another one of it first.
LISTENER = """
window.sent = new Map();
window.results = [];
window.sockets = [];
window.tracks = [];
let number;
const send = WebSocket.prototype.send;
WebSocket.prototype.send = function (data) {
  if (typeof data === "string") number = JSON.parse(data).frame ?? number;
  else sent.set(number, data);
  return send.call(this, data);
};
window.WebSocket = class extends WebSocket {
  constructor(...values) {
    super(...values);
    sockets.push(this);
    this.addEventListener("message", ({ data }) => {
      const answer = JSON.parse(data);
      if (!answer.people) return;
      results.push(answer);
      for (const frame of sent.keys()) if (frame < answer.frame) sent.delete(frame);
    });
  }
  addEventListener(name, listener) {
    super.addEventListener(name, (event) => {
      if (name !== "message" || !window.change || !JSON.parse(event.data).people) return listener(event);
      listener(new MessageEvent("message", { data: JSON.stringify(change(JSON.parse(event.data))) }));
    });
  }
};
const ask = navigator.mediaDevices?.getUserMedia.bind(navigator.mediaDevices);
if (ask) navigator.mediaDevices.getUserMedia = async (wanted) => {
  const stream = await ask(wanted);
  tracks.push(...stream.getTracks());
  return stream;
};
"""


@functools.cache
def clip(source, size, marked):
    """A film for Chromium's camera: forwards and backwards, so that it has no cut where it begins anew. Marked: a white square
    goes along the upper edge, a step a frame, and tells which frame one sees."""
    if not source.exists():
        raise Skipped(f"{source.name} is not there: no {source.parent}")
    folder = Path(tempfile.mkdtemp(prefix="stance-camera-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    mark = f"color=white:size=16x16:rate=30[m];[l][m]overlay=x='mod(n*16,{size[0]})':y=0:shortest=1" if marked else "[l]null"
    chain = f"[0:v]trim=duration=4,fps=30,scale={size[0]}:{size[1]},split[a][b];[b]reverse[r];[a][r]concat[l];{mark}"
    film = folder / "film.mjpeg"
    command = ["ffmpeg", "-v", "error", "-nostdin", "-i", source, "-filter_complex", chain, "-t", "8", "-q:v", "3", "-f", "mjpeg", film]
    subprocess.run(command, check=True, timeout=60)
    return film


def one_person(visit):
    return clip(visit.testdata / "video/tfjs_squats.mp4", (288, 512), True)


def three_people(visit):
    return clip(visit.testdata / "tracks/near.mp4", (640, 360), False)


def open_tab(page, base=None):
    page.begin_with(LISTENER)
    page.go("/#camera")


def start(page, results=3):
    page.find("#camera-start").click()
    page.wait(f"results.length >= {results}", "results")


def colour(page, id):
    """Of somebody's joints."""
    css = page.run_async("import('./assets/colors.js').then(({ colorsOf }) => done(colorsOf(arguments[0]).joint))", id)
    return tuple(int(part) for part in css[4:-1].split())


def assert_steady(page, people):
    """From left to right the ids stay, but over a second without a frame, when the service forgets everybody."""
    find = (
        "results.filter(({ people }) => people.length === %d).map(({ time, people }) => ({ time, ids: people"
        ".sort((a, b) => a.box.x + a.box.width / 2 - b.box.x - b.box.width / 2).map(({ id }) => id).join() }))"
        ".filter((one, at, all) => at > 0 && one.time - all[at - 1].time < 0.7)" % people
    )
    page.wait(f"{find}.length > 10", f"results with {people}")
    changes = page.run(f"return {find}.map(({{ ids }}) => ids).filter((ids, at, all) => at > 0 && ids !== all[at - 1])")
    assert changes == [], f"ids from left to right become {changes}"


def drawn(page):
    """The last result, the canvas that shows it, and the frame that was sent for it, as pictures."""
    result, shown, frame = page.run_async(
        "const result = results.at(-1);"
        "const shown = document.getElementById('camera-picture').toDataURL();"
        "const reader = new FileReader();"
        "reader.onload = () => done([result, shown, reader.result]);"
        "reader.readAsDataURL(sent.get(result.frame));"
    )
    bytes_of = lambda url: base64.b64decode(url.partition(",")[2])
    jpeg = bytes_of(frame)
    return result, Image.open(io.BytesIO(bytes_of(shown))).convert("RGB"), jpeg


def joints_of(person):
    return {landmark["name"]: landmark for landmark in person["landmarks"]}


def is_colour(picture, x, y, wanted):
    """Whether a pixel within one of this place has the colour, but for 16 a channel."""
    for dx in (-1, 0, 1):
        for dy in (-1, 0, 1):
            at = (min(max(round(x) + dx, 0), picture.width - 1), min(max(round(y) + dy, 0), picture.height - 1))
            if all(abs(a - b) <= 16 for a, b in zip(picture.getpixel(at), wanted)):
                return True
    return False


def mark_in(picture):
    """Where the white square is, as a part of the width: the brightest column of the upper edge."""
    row = picture.convert("L").resize((picture.width, 100)).crop((0, 1, picture.width, 2))
    bright = [x for x in range(row.width) if row.getpixel((x, 0)) > 225]
    assert bright, "the frame has no mark"
    return (min(bright) + max(bright) + 1) / 2 / row.width


def camera_draws_each_skeleton_on_its_own_frame(visit):
    """Joints stand where the result says, mirrored, on the frame that was sent; and where `/v1/pose` finds them in that frame: within 2 % of the
    body's height in the median, 6 % at most, for the camera's are smoothed."""
    with visit.browser(camera=one_person(visit)) as page:
        open_tab(page)
        start(page, 10)
        for is_mirrored in (True, False):
            result, shown, jpeg = drawn(page)
            [person] = result["people"]
            mirrored = lambda x: 1 - x if is_mirrored else x
            frame = Image.open(io.BytesIO(jpeg))
            assert max(frame.size) <= 640 and frame.size == (result["image"]["width"], result["image"]["height"]), frame.size
            # The film is darker than its mark; a step of it is 1/18 of the width.
            assert abs(mark_in(shown) - mirrored(mark_in(frame))) < 0.02, f"{mark_in(shown)} shown, {mark_in(frame)} sent"
            for name in LARGE:
                x, y = mirrored(joints_of(person)[name]["x"]) * shown.width, joints_of(person)[name]["y"] * shown.height
                assert is_colour(shown, x, y, colour(page, person["id"])), f"{name} is not drawn at {x:.0f}, {y:.0f}"
            query = f"complexity={result['model']['complexity']}&search=quick"
            request = urllib.request.Request(f"{visit.base}/v1/pose?{query}", jpeg, {"Content-Type": "image/jpeg"})
            with urllib.request.urlopen(request, timeout=60) as answer:
                [still] = json.load(answer)["people"]
            height = person["box"]["height"]
            distances = sorted(
                abs(complex((a["x"] - b["x"]) * frame.width, (a["y"] - b["y"]) * frame.height)) / height
                for a, b in zip(person["landmarks"], still["landmarks"])
                if a["seen"] and b["seen"]
            )
            assert len(distances) > 15 and distances[len(distances) // 2] < 0.02 and distances[-1] < 0.06, distances
            page.find("#camera-mirror").click()
        page.wait("/^[1-9][0-9]* frames\\/s · [1-9][0-9]* ms delay$/.test(document.getElementById('camera-speed').textContent)", "the speed")
        assert_steady(page, 1)

        # The 3D view moves along.
        world = lambda: page.run("return document.getElementById('camera-world').toDataURL()")
        before = world()
        number = page.run("return results.at(-1).frame")
        page.wait(f"results.at(-1).frame > {number + 3}", "more results")
        assert world() != before, "3D stands still"

        assert page.run("return Math.max(results[0].image.width, results[0].image.height)") == 320, "it does not start small"
        page.run(
            "for (const [name, value] of [['side', '480'], ['complexity', '1']]) {"
            " const field = document.querySelector(`#camera-quality [name=${name}]`);"
            " field.value = value; field.dispatchEvent(new Event('change')); }"
        )
        page.wait("results.at(-1).image.height === 480 && results.at(-1).model.name === 'full'", "480 pixels and the full model")
        assert page.complaints() == []


def camera_stops_when_the_reader_leaves(visit):
    """The tab, by the button, or out of sight: no track, no session and no picture is left."""
    leaves = {
        "the tab": "document.getElementById('tab-photos').click()",
        "the button": "document.getElementById('camera-stop').click()",
        "out of sight": "Object.defineProperty(document, 'hidden', { value: true, configurable: true });"
        "document.dispatchEvent(new Event('visibilitychange')); delete document.hidden",
    }
    with visit.browser(camera=one_person(visit)) as page:
        open_tab(page)
        for name, leave in leaves.items():
            page.run("document.getElementById('tab-camera').click(); results.length = 0")
            start(page)
            assert page.run("return tracks.at(-1).readyState") == "live"
            page.run(leave)
            assert page.run("return tracks.every((track) => track.readyState === 'ended')"), f"{name}: the camera runs on"
            page.wait("sockets.every((socket) => socket.readyState === WebSocket.CLOSED)", f"{name}: the session's end")
            assert page.run("return document.getElementById('camera-picture').width") == 0, f"{name}: the picture is still there"
            assert page.run("return document.getElementById('camera-video').srcObject === null")
        assert page.find("#camera-note").is_displayed() and page.find("#camera-start").is_displayed()
        assert page.complaints() == []


def camera_keeps_people_apart(visit):
    """Three people keep their ids and colours; by click and key one is chosen and followed alone. Accessible, and fits, light and dark."""
    for name, look in {"desktop-light-en": {}, "phone-dark-zh": {"width": 390, "height": 844, "phone": True, "dark": True, "language": "zh-CN"}}.items():
        with visit.browser(camera=three_people(visit), **look) as page:
            open_tab(page)
            photograph(page, visit, name, "camera-empty")
            assert_accessible(page, visit, "camera-empty", look)
            page.find("#camera-start").click()
            page.wait("results.at(-1)?.people.length === 3", "three people")
            result, shown, _ = drawn(page)
            for person in result["people"]:
                placed = [(1 - joint["x"], joint["y"]) for joint in joints_of(person).values() if joint["seen"]]
                wanted = colour(page, person["id"])
                found = sum(is_colour(shown, x * shown.width, y * shown.height, wanted) for x, y in placed)
                assert found > len(placed) / 2, f"{found} of {len(placed)} joints of {person['id']} have their colour"
            photograph(page, visit, name, "camera-live")
            assert_accessible(page, visit, "camera-live", look)
            if look:
                continue
            assert_steady(page, 3)
            assert page.find("#camera-people").text.count("Person") >= 3
            chosen = lambda: page.run("return [...document.querySelectorAll('#camera-people [aria-pressed=true] .number')].map((one) => one.textContent)")
            picture = page.find("#camera-picture")
            # A click on somebody's shoulder; then by key the next one, nobody, the first one.
            people = page.run("return results.findLast(({ people }) => people.length === 3).people")
            first, second, third = sorted(people, key=lambda person: person["id"])
            shoulder, size = joints_of(second)["leftShoulder"], picture.size
            across, down = (0.5 - shoulder["x"]) * size["width"], (shoulder["y"] - 0.5) * size["height"]
            ActionChains(page.driver).move_to_element_with_offset(picture, across, down).click().perform()
            assert chosen() == [str(second["id"])], chosen()
            picture.send_keys(Keys.ARROW_RIGHT)
            assert chosen() == [str(third["id"])], chosen()
            picture.send_keys(Keys.ESCAPE)
            assert chosen() == [], chosen()
            picture.send_keys(Keys.ARROW_RIGHT)
            assert chosen() == [str(first["id"])], chosen()
            # Who is lost stays in the list, and comes back.
            row = f"[...document.querySelectorAll('#camera-people button')].find((one) => one.textContent.startsWith('{third['id']}'))"
            page.run("window.change = (answer) => ({ ...answer, people: answer.people.filter(({ id }) => id !== arguments[0]), lost: [arguments[0]] })"
                     .replace("arguments[0]", str(third["id"])))
            page.wait(f"{row}?.textContent.includes('out of sight') && {row}.classList.contains('lost')", "that somebody is lost")
            photograph(page, visit, name, "camera-lost")
            page.run("delete window.change")
            page.wait(f"{row}?.textContent.includes('sure')", "that one again")
            page.find("#camera-alone").click()
            page.wait(f"results.at(-1).people.map(({{ id }}) => id).join() === '{first['id']}'", "the first one alone")
            # A session that breaks off meanwhile is followed by one with everybody.
            page.run("sockets.at(-1).dispatchEvent(new CloseEvent('close', { code: 1011 })); results.length = 0")
            page.wait("results.at(-1)?.people.length > 1", "everybody again")
            assert page.complaints() == []


def camera_chooses_its_quality(visit):
    """Up to the best while there is time to spare, down from what is too much, and not up again at once; a size that was chosen stays."""
    with visit.browser() as page:
        page.open()
        steps = page.run_async(
            "import('./assets/quality.js').then(({ Quality }) => {"
            " let time = 0;"
            " const run = (quality, work, interval, seconds) => {"
            "  for (const end = time + seconds * 1000; time < end; time += interval) quality.note(time, work, 33);"
            "  return `${quality.now.side} ${quality.now.complexity}`; };"
            " const quick = new Quality(), slow = new Quality(), fixed = new Quality();"
            " fixed.choose({ side: 960, complexity: undefined });"
            " done([run(quick, 5, 33, 20), run(quick, 60, 90, 2.2), run(quick, 5, 33, 20), run(slow, 60, 100, 20), run(fixed, 5, 33, 20)]); });"
        )
        assert steps == ["960 1", "640 1", "640 1", "320 0", "960 1"], steps


def camera_says_what_is_wrong(visit):
    """Refused, missing, busy, an address without https; a screen reader hears it, and the focus is where one goes on."""
    port = urlsplit(visit.base).port
    with visit.browser(extra=["--use-fake-ui-for-media-stream=deny", "--host-resolver-rules=MAP stance.test 127.0.0.1"]) as page:
        page.begin_with(
            "const ask = navigator.mediaDevices?.getUserMedia.bind(navigator.mediaDevices);"
            "if (ask) navigator.mediaDevices.getUserMedia = async (wanted) => {"
            " if (window.failure) throw new DOMException('as asked', failure); return await ask(wanted); };"
        )
        page.go("/#camera")

        def says(title, failure=""):
            page.run("window.failure = arguments[0]; document.querySelector('#camera-start').click()", failure)
            page.wait(f"document.getElementById('camera-failure-title').textContent.includes({json.dumps(title)})", title)
            assert title in page.run("return document.getElementById('status').textContent"), "a screen reader is not told"
            assert page.run("return document.activeElement.id") == "camera-retry"

        says("not allowed")
        says("no camera", "NotFoundError")
        says("busy", "NotReadableError")
        says("can't be used", "TypeError")
        photograph(page, visit, "desktop-light-en", "camera-failure")
        assert_accessible(page, visit, "camera-failure", {})
        assert page.complaints() == []
        # Chromium itself complains of fields that mean nothing without https.
        page.driver.get(f"http://stance.test:{port}/#camera")
        says("gives no camera")
        assert "https" in page.find("#camera-failure-advice").text


def camera_connects_again_below_a_path(visit):
    """The session goes through the proxy's path. A camera without pictures is told; a session that is cut off too, and it begins again by itself."""
    with Prefixed(visit.base) as proxy:
        below = dataclasses.replace(visit, base=proxy.base)
        with below.browser(camera=one_person(visit)) as page:
            open_tab(page)
            start(page)
            page.run("document.getElementById('camera-video').pause()")
            page.wait("!document.getElementById('camera-word').hidden", "that the camera gives no more pictures")
            assert page.find("#camera-word").text == "No new picture from the camera"
            page.run("document.getElementById('camera-video').play()")
            page.wait("document.getElementById('camera-word').hidden", "pictures again")
            proxy.cut()
            page.wait("!document.getElementById('camera-progress').hidden", "that it broke off")
            assert "broke off" in page.find("#camera-progress-text").text and "Next try" in page.find("#camera-progress-text").text
            assert page.run("return tracks.at(-1).readyState") == "live"
            photograph(page, below, "desktop-light-en", "camera-broken")
            page.run("results.length = 0")
            page.wait("results.length > 3 && document.getElementById('camera-progress').hidden", "results again")
            assert page.run("return sockets.length") == 2
            assert page.complaints() == []
        assert proxy.strays == [], f"asked for outside of the path: {proxy.strays}"


def camera_says_when_there_is_no_room(visit):
    """All sessions are taken: the page says so and tries again, and comes in when one is free."""
    taken = fill_sessions(visit.base)
    try:
        with visit.browser(camera=one_person(visit)) as page:
            open_tab(page)
            page.find("#camera-start").click()
            page.wait("!document.getElementById('camera-hurry').hidden", "that it waits")
            assert "busy" in page.find("#camera-progress-text").text, page.find("#camera-progress-text").text
            for one in taken:
                one.close()
            page.find("#camera-hurry").click()
            page.wait("results.length > 0", "a free session")
    finally:
        for one in taken:
            one.close()


def fill_sessions(base):
    """Opens live sessions until no more is let in."""
    address = urlsplit(base)
    taken = []
    for _ in range(64):
        one = socket.create_connection((address.hostname, address.port), timeout=60)
        one.sendall(
            f"GET /v1/live HTTP/1.1\r\nHost: {address.netloc}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n".encode()
        )
        status = one.recv(12)
        if status != b"HTTP/1.1 101":
            assert status == b"HTTP/1.1 503", status
            one.close()
            return taken
        taken.append(one)
    raise AssertionError("64 sessions were let in")


def keeps_the_tab_in_the_address(visit):
    """Photos, Video and Camera by click and key; a reload keeps the tab, and Back goes to the one before."""
    with visit.browser() as page:
        page.open()
        panels = lambda: page.run("return [...document.querySelectorAll('main > [role=tabpanel]:not([hidden])')].map(({ id }) => id)")
        assert panels() == ["panel-photos"]
        page.find("#tab-photos").send_keys(Keys.ARROW_RIGHT)
        page.driver.switch_to.active_element.send_keys(Keys.ARROW_RIGHT)
        assert panels() == ["panel-camera"] and page.run("return document.activeElement.id") == "tab-camera"
        assert page.run("return location.hash") == "#camera"
        page.driver.refresh()
        page.wait("document.getElementById('tab-camera').ariaSelected === 'true'", "the tab after a reload")
        assert panels() == ["panel-camera"]
        page.find("#tab-video").click()
        assert panels() == ["panel-video"]
        page.driver.back()
        page.wait("!document.getElementById('panel-camera').hidden", "the tab before")
        assert panels() == ["panel-camera"]
        assert page.complaints() == []


ALL = [
    keeps_the_tab_in_the_address,
    camera_draws_each_skeleton_on_its_own_frame,
    camera_stops_when_the_reader_leaves,
    camera_keeps_people_apart,
    camera_chooses_its_quality,
    camera_says_what_is_wrong,
    camera_connects_again_below_a_path,
    camera_says_when_there_is_no_room,
]
