"""What the Jobs tab must do, against a service that takes jobs."""

import csv
import dataclasses
import io
import json
import time
import urllib.error
import urllib.request

from PIL import Image
from selenium.webdriver.common.keys import Keys

from browser import Skipped
from checks import assert_accessible, not_a_picture, photograph, wait_for_file
from prefixed import Prefixed
from video import IS_SETTLED, made_clip, refusing, service_results, usual_clip

MANY = 20  # photos at once are looked at on the page; more are offered as a job
# A look at a photo that takes a while: what happens midway can be seen.
SLOW = "localStorage.setItem('stance.settings', JSON.stringify({ search: 'thorough', complexity: '2' }));"
KEPT = "Object.keys(localStorage).filter((name) => name.startsWith('stance.job:'))"
CARDS = "[...document.querySelectorAll('.job')]"


def many_photos_become_a_job_that_survives_a_reload(visit):
    photos = [*many_photos(visit, MANY), not_a_picture(visit)]
    with open_page(visit, begin=SLOW) as page:
        page.wait("!document.getElementById('tab-jobs').hidden", "the tab")
        page.find("#file").send_keys("\n".join(map(str, photos)))
        page.wait("document.getElementById('job-offer').open", "the offer")
        words = page.find("#job-offer-why").text
        assert f"{MANY + 1} photos" in words and str(MANY) in words, words
        page.driver.switch_to.active_element.send_keys(Keys.ENTER)
        wait_for_state(page, "running")
        assert page.run("return document.activeElement.id") == "jobs-heading", "the focus is lost"
        assert page.find("#jobs-open").text == "1"
        page.wait(f"{progress} > 0", "progress")

        page.driver.refresh()
        wait_for_state(page, "running", "done")
        assert page.find(".job h3").text == f"{photos[0].name} and {MANY} more"
        wait_for_state(page, "done")
        page.wait("document.getElementById('jobs-open').hidden", "no open job")
        assert page.find(".job-progress").text == f"{MANY + 1} of {MANY + 1} photos · 1 with an error"
        page.find(".job summary").click()
        page.wait("document.querySelector('.job-errors li')", "the photo with the error")
        assert page.find(".job-errors li").text == "broken.jpg This picture can't be read"

        # After the reload the photos are gone: what was found is there, and the photos can be chosen again.
        page.find("[data-act=open]").click()
        page.wait(f"document.querySelectorAll('#strip li').length === {MANY + 1}", "the photos")
        assert page.run("return document.activeElement.id") == "picture", "the focus is lost"
        assert page.run("return document.querySelectorAll('.joint').length") == 33
        assert not page.find("#downloads [data-format=jpeg]").is_displayed()
        assert "choose them again" in page.find("#notice").text
        page.find("#file").send_keys("\n".join(map(str, photos)))
        page.wait("document.getElementById('photo').naturalWidth > 0", "the photo under the skeleton")
        assert page.run("return document.querySelectorAll('#strip li').length") == MANY + 1, "photos are there twice"
        assert page.find("#downloads [data-format=jpeg]").is_displayed()
        assert_clean(page)


def shows_a_job_with_its_photos(visit):
    """While the page has them; what is seen is what the service says of them."""
    photos = many_photos(visit, MANY + 1)
    with open_page(visit) as page:
        hand_over(page, photos)
        wait_for_state(page, "done")
        page.find("[data-act=open]").click()
        page.wait("document.getElementById('photo').naturalWidth > 0", "the photo under the skeleton")
        page.find("#tab-table").click()
        request = urllib.request.Request(visit.base + "/v1/pose", photos[0].read_bytes(), {"Content-Type": "image/jpeg"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            result = json.load(answer)
        nose = result["people"][0]["landmarks"][0]
        cells = page.run("return [...document.querySelectorAll('#table tbody tr:first-child td')].map((cell) => cell.textContent)")
        assert cells[:2] == [f"{nose['x'] * result['image']['width']:.1f}", f"{nose['y'] * result['image']['height']:.1f}"], cells
        assert_clean(page)


def stays_with_the_photos_when_asked_to(visit):
    photos = many_photos(visit, MANY + 1)
    with open_page(visit) as page:
        choose = lambda: page.find("#file").send_keys("\n".join(map(str, photos)))
        choose()
        page.wait("document.getElementById('job-offer').open", "the offer")
        page.find("#job-offer").send_keys(Keys.ESCAPE)
        page.wait("!document.getElementById('job-offer').open", "the end of the offer")
        assert not page.find("#workspace").is_displayed(), "something was done without a yes"
        choose()
        page.wait("document.getElementById('job-offer').open", "the offer")
        page.find("#job-offer-here").click()
        page.wait(f"document.querySelectorAll('#strip li').length === {MANY + 1}", "the photos")
        page.wait_for_answers()
        assert page.run(f"return {KEPT}") == []
        assert_clean(page)


def saves_lines_and_a_table_of_a_job(visit):
    photos = many_photos(visit, MANY + 1)
    with open_page(visit) as page:
        hand_over(page, photos)
        wait_for_state(page, "done")
        stem = photos[0].stem
        for act, name in (("result", f"{stem}.jsonl"), ("csv", f"{stem}.csv")):
            page.find(f"[data-act={act}]").click()
            wait_for_file(visit.downloads / name)
        results = [json.loads(line) for line in (visit.downloads / f"{stem}.jsonl").read_text().splitlines()]
        results = [result for result in results if "people" in result]
        assert [result["file"] for result in results] == [photo.name for photo in photos]
        rows = list(csv.DictReader(io.StringIO((visit.downloads / f"{stem}.csv").read_text())))
        assert len(rows) == sum(33 * len(result["people"]) for result in results)
        last, landmark = rows[-1], results[-1]["people"][-1]["landmarks"][-1]
        assert last["file"] == photos[-1].name and last["landmark"] == landmark["name"], last
        assert float(last["x"]) == landmark["x"] and float(last["visibility"]) == landmark["visibility"], last
        assert_clean(page)


def cancels_a_job_and_forgets_it(visit):
    """The keyboard does all of it, and the focus is never lost."""
    with open_page(visit, begin=SLOW) as page:
        hand_over(page, many_photos(visit, 3 * MANY))
        wait_for_state(page, "running")
        focus(page, "cancel").send_keys(Keys.ENTER)
        wait_for_state(page, "cancelled")
        assert page.run("return document.activeElement.closest('.job') !== null"), "the focus is lost"
        [name] = page.run(f"return {KEPT}")
        job = json.loads(page.run("return localStorage.getItem(arguments[0])", name))
        assert set(job) == {"id", "kind", "name", "count", "time"}, job
        assert state_of(visit, job["id"]) == "cancelled"

        focus(page, "forget").send_keys(Keys.ENTER)
        page.wait("document.getElementById('job-forget').open", "the question")
        page.find("#job-forget").send_keys(Keys.ESCAPE)
        assert page.run(f"return {KEPT}") == [name], "forgotten without a yes"
        focus(page, "forget").send_keys(Keys.ENTER)
        page.find("#job-forget [value=forget]").click()
        page.wait(f"{CARDS}.length === 0", "no card")
        assert page.run(f"return {KEPT}") == []
        assert page.run("return document.activeElement.id") == "jobs-choose"
        assert state_of(visit, job["id"]) is None, "the service still has it"
        assert_clean(page)


def does_not_do_twice_what_broke_off(visit):
    """The page is left while it sends: the same files again are the same request."""
    photos = many_photos(visit, MANY + 1)
    stall = "XMLHttpRequest.prototype.send = function () { this.upload.onprogress({ loaded: 1, total: 4 }); };"
    with open_page(visit) as page:
        page.run(stall)
        hand_over(page, photos)
        page.wait("document.querySelector('.job-progress').textContent === 'Sending, 25 %'", "how much was sent")
        [before] = page.run(f"return {KEPT}")
        page.driver.refresh()
        wait_for_state(page, "unsent")
        # Other files are another job.
        page.find("#tab-photos").click()
        page.find("#file").send_keys("\n".join(map(str, photos)))
        wait_for_state(page, "queued", "running", "done")
        assert page.run(f"return {KEPT}") == [before], "another request"
        wait_for_state(page, "done")
        assert page.complaints() == []


def shows_the_same_jobs_in_every_tab(visit):
    with open_page(visit) as page:
        hand_over(page, many_photos(visit, MANY + 1))
        first = page.driver.current_window_handle
        page.driver.switch_to.new_window("tab")
        page.go("/#jobs")
        wait_for_state(page, "done")
        second = page.driver.current_window_handle
        page.driver.switch_to.window(first)
        wait_for_state(page, "done")
        page.find("[data-act=forget]").click()
        page.find("#job-forget [value=forget]").click()
        page.wait(f"{CARDS}.length === 0", "no card")
        page.driver.switch_to.window(second)
        page.wait(f"{CARDS}.length === 0", "no card in the other tab")
        assert_clean(page)


def follows_a_job_below_a_path_that_holds_events_back(visit):
    """The proxy passes an answer on when it is whole: the page asks instead of listening."""
    photos = many_photos(visit, MANY + 1)
    with Prefixed(visit.base) as proxy, open_page(dataclasses.replace(visit, base=proxy.base)) as page:
        hand_over(page, photos)
        wait_for_state(page, "done")
        page.find("[data-act=result]").click()
        wait_for_file(visit.downloads / f"{photos[0].stem}.jsonl")
        page.find("[data-act=forget]").click()
        page.find("#job-forget [value=forget]").click()
        page.wait(f"{CARDS}.length === 0", "no card")
        assert_clean(page)
        assert proxy.strays == [], f"asked for outside of the path: {proxy.strays}"


def goes_on_when_the_service_is_back(visit):
    photos = many_photos(visit, 2 * MANY)
    with Prefixed(visit.base) as proxy, open_page(dataclasses.replace(visit, base=proxy.base), begin=SLOW) as page:
        hand_over(page, photos)
        wait_for_state(page, "running")
        proxy.is_down = True
        page.wait("!document.getElementById('jobs-problem').hidden", "the word that the service can't be reached")
        assert page.find("#jobs-problem").text.startswith("The server can't be reached")
        proxy.is_down = False
        page.wait("document.getElementById('jobs-problem').hidden", "the end of that word")
        wait_for_state(page, "done")
        # Chromium itself writes a line for each request that failed.
        assert all("ERR_" in line for line in page.complaints())


def offers_a_job_for_a_long_video(visit):
    clip = made_clip(visit, "long.mp4", "-c", "copy", before=("-stream_loop", "35"))
    with open_page(visit, "/#video") as page:
        page.find("#clip-file").send_keys(str(clip))
        page.wait("document.getElementById('job-offer').open", "the offer")
        assert "long (2:24)" in page.find("#job-offer-why").text, page.find("#job-offer-why").text
        page.find("#job-offer [value=nothing]").click()
        page.wait("document.getElementById('clip-workspace').hidden", "no clip")
        page.find("#clip-file").send_keys(str(clip))
        page.wait("document.getElementById('job-offer').open", "the offer")
        page.find("#job-offer [value=job]").click()
        wait_for_state(page, "running")
        page.wait("/^\\d:\\d\\d of 2:24/.test(document.querySelector('.job-progress').textContent)", "seconds of the video")
        page.find("[data-act=cancel]").click()
        wait_for_state(page, "cancelled")
        assert_clean(page)


def shows_the_result_of_a_video(visit):
    """With its pictures while the page has them; after a reload once they are chosen again."""
    clip = usual_clip(visit)
    frames = len(service_results(visit, clip))
    with open_page(visit, "/#jobs") as page:
        page.find("#job-file").send_keys(str(clip))
        page.wait("document.getElementById('job-offer').open", "what shall be made")
        page.find("#job-offer [value=job]").click()
        wait_for_state(page, "done")
        page.find("[data-act=open]").click()
        page.wait(f"document.getElementById('clip-facts').textContent.startsWith('{frames} frames')", "the results")
        page.wait("document.getElementById('clip-video').videoWidth > 0", "the video")
        page.go("/#jobs")
        page.driver.refresh()
        wait_for_state(page, "done")
        page.find("[data-act=open]").click()
        page.wait("!document.getElementById('clip-unplayable').hidden", "the word that the video is not kept")
        page.find("#clip-file").send_keys(str(clip))
        page.wait("document.getElementById('clip-video').videoWidth > 0", "the video")
        assert page.find("#clip-facts").text.startswith(f"{frames} frames")
        assert_clean(page)


def offers_a_job_for_a_video_that_is_refused(visit):
    clip = made_clip(visit, "clip.mp4", "-c", "copy", "-frames:v", "12")
    with open_page(visit, "/#video") as page:
        page.run(refusing(413, "video_too_large"))
        page.find("#clip-file").send_keys(str(clip))
        page.wait(IS_SETTLED, "the refusal")
        page.find("#clip-as-job").click()
        page.wait("document.getElementById('job-offer').open", "the offer")


def works_as_before_without_jobs(visit):
    off = (
        "const ask = fetch; window.fetch = (address, ...rest) => String(address).endsWith('/version')"
        " ? Promise.resolve(new Response('{\"jobs\":false}')) : ask(address, ...rest);"
    )
    photos = many_photos(visit, MANY + 1)
    with open_page(visit, begin=off) as page:
        page.find("#file").send_keys("\n".join(map(str, photos)))
        page.wait(f"document.querySelectorAll('#strip li').length === {MANY + 1}", "the photos")
        assert not page.find("#job-offer").is_displayed() and not page.find("#tab-jobs").is_displayed()
        page.wait_for_answers()
        # An old address leads here.
        page.go("/#jobs")
        page.wait("!document.getElementById('jobs-off').hidden", "the word that there are no jobs")
        assert not page.find("#jobs-choose").is_displayed()
        assert_clean(page)


def lists_the_jobs_of_an_access_key(visit):
    """The service's list, with the key, which is asked for."""
    listing = (
        "const ids = ['a', 'b', 'c'].map((letter) => letter.repeat(32));"
        "const told = [{ source: 'photos', name: 'a.jpg' }, { source: 'folder', name: 'scans/2026' }, {}];"
        "const list = ids.map((id, place) => ({ ...told[place], id, state: ['running', 'dead', 'done'][place], stage: 'work', attempts: 2,"
        " created: new Date(Date.now() - 60000 * place).toISOString(), progress: { items: 30, ended: 10 * (place + 1), failed: 0 } }));"
        "const ask = fetch; window.fetch = (address, options) => {"
        " const path = String(address).split('/v1/jobs')[1];"
        " if (path === undefined) return ask(address, options);"
        " if (options.headers.Authorization !== 'Bearer sesame') return Promise.resolve(new Response('{\"code\":\"unauthorized\"}', { status: 401 }));"
        " return Promise.resolve(new Response(JSON.stringify(path.startsWith('?') ? { jobs: list } : list[0]))); };"
    )
    with open_page(visit, "/#jobs", begin=listing) as page:
        page.wait("!document.getElementById('jobs-key-form').hidden", "the question for a key")
        page.find("#jobs-key").send_keys("sesame", Keys.ENTER)
        page.wait(f"{CARDS}.length === 3", "the jobs")
        words = page.run(f"return {CARDS}.map((card) => card.querySelector('.job-state').textContent)")
        assert words == ["Being worked on", "Given up", "Done"], words
        titles = page.run(f"return {CARDS}.map((card) => card.querySelector('h3').textContent)")
        assert titles == ["a.jpg and 29 more", "scans/2026", "Photos"], titles
        assert "attempt 2" in page.find(".job-progress").text
        assert page.run(f"return {KEPT}") == [], "the service's list is kept in the browser"
        assert_clean(page)


def shows_jobs_to_everybody(visit):
    """axe-core and screenshots in each state, light and dark, wide and narrow; nothing wider than the window."""
    looks = {
        "desktop-light-en": {},
        "desktop-dark-zh": {"dark": True, "language": "zh-CN"},
        "phone-light-zh": {"width": 390, "height": 844, "phone": True, "language": "zh-CN"},
        "phone-dark-en": {"width": 390, "height": 844, "phone": True, "dark": True},
        "small-phone-light-en": {"width": 320, "height": 568, "phone": True},
    }
    photos = [*many_photos(visit, MANY // 2), not_a_picture(visit)]
    for name, look in looks.items():
        with open_page(visit, "/#jobs", begin=SLOW, **look) as page:
            page.wait("document.getElementById('jobs-off').hidden", "whether there are jobs")
            photograph(page, visit, name, "jobs-empty")
            assert_accessible(page, visit, "jobs-empty", look)
            page.find("#job-file").send_keys("\n".join(map(str, photos)))
            page.wait("document.getElementById('job-offer').open", "the offer")
            photograph(page, visit, name, "jobs-offer")
            assert_accessible(page, visit, "jobs-offer", look)
            page.find("#job-offer [value=job]").click()
            wait_for_state(page, "running")
            photograph(page, visit, name, "jobs-running")
            assert_accessible(page, visit, "jobs-running", look)
            page.run("document.querySelector('[data-act=cancel]:not([hidden])')?.click()")
            wait_for_state(page, "cancelled", "done")
            page.find("#job-file").send_keys("\n".join(map(str, photos)))
            page.wait("document.getElementById('job-offer').open", "the offer")
            page.find("#job-offer [value=job]").click()
            wait_for_state(page, "done")
            page.find(".job summary").click()
            page.wait("document.querySelector('.job-errors li')", "the photo with the error")
            photograph(page, visit, name, "jobs-done")
            assert_accessible(page, visit, "jobs-done", look)
            page.find("[data-act=forget]:not([hidden])").click()
            photograph(page, visit, name, "jobs-forget")
            assert_accessible(page, visit, "jobs-forget", look)


def open_page(visit, path="/", begin="", **look):
    """The page with a service that takes jobs, and nothing remembered; `begin` runs before the page's own script."""
    try:
        urllib.request.urlopen(visit.base + "/v1/jobs", timeout=10).close()
    except urllib.error.HTTPError as error:
        raise Skipped(f"the service takes no jobs: {error.code}") from None
    page = visit.browser(**look)
    if begin:
        page.begin_with(begin)
    page.go(path)
    return page


def many_photos(visit, count):
    """Photos of the usual photo, each of its own name and bytes."""
    picture = Image.open(visit.photo).convert("RGB")
    paths = [visit.folder / f"IMG_{number:04}.jpg" for number in range(count)]
    for number, path in enumerate(paths):
        picture.save(path, quality=70 + number % 25)
    return paths


def hand_over(page, photos):
    page.find("#file").send_keys("\n".join(map(str, photos)))
    page.wait("document.getElementById('job-offer').open", "the offer")
    page.find("#job-offer [value=job]").click()
    page.wait(f"{CARDS}.length > 0", "a card")


progress = "(document.querySelector('.job progress').value || 0)"


def wait_for_state(page, *states):
    """Waits until the newest job is in one of these."""
    end = time.monotonic() + 120
    while time.monotonic() < end:
        state = page.run("return document.querySelector('.job')?.dataset.state")
        if state in states:
            return
        time.sleep(0.05)
    raise AssertionError(f"after 120 s the newest job is {state}, not {' or '.join(states)}: {page.find('body').text}")


def focus(page, act):
    page.wait(f"!document.querySelector('[data-act={act}]').hidden", f"the button {act}")
    page.run(f"document.querySelector('[data-act={act}]').focus()")
    return page.driver.switch_to.active_element


def state_of(visit, job):
    """What the service says; None for a job that it does not have."""
    try:
        with urllib.request.urlopen(f"{visit.base}/v1/jobs/{job}", timeout=10) as answer:
            return json.load(answer)["state"]
    except urllib.error.HTTPError as error:
        assert error.code == 404, error
        return None


def assert_clean(page):
    complaints = page.complaints()
    assert complaints == [], complaints


ALL = [
    many_photos_become_a_job_that_survives_a_reload,
    shows_a_job_with_its_photos,
    stays_with_the_photos_when_asked_to,
    saves_lines_and_a_table_of_a_job,
    cancels_a_job_and_forgets_it,
    does_not_do_twice_what_broke_off,
    shows_the_same_jobs_in_every_tab,
    goes_on_when_the_service_is_back,
    follows_a_job_below_a_path_that_holds_events_back,
    offers_a_job_for_a_long_video,
    shows_the_result_of_a_video,
    offers_a_job_for_a_video_that_is_refused,
    works_as_before_without_jobs,
    lists_the_jobs_of_an_access_key,
    shows_jobs_to_everybody,
]
