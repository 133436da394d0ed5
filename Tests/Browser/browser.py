"""Headless Chromium on the page: one window of a given size, colour scheme and language."""

import json
import time
from urllib.parse import parse_qsl, urlsplit

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By

LIMIT = 90  # seconds that anything may take before it counts as failed


class Skipped(Exception):
    """A check can't be made here; the message says why."""


class Browser:
    """A window on the page. Leave it by `with`, so that Chromium ends whatever happened."""

    def __init__(
        self, base, downloads, width=1280, height=860, dark=False, language="en-US", phone=False, script=True, camera=None, extra=()
    ):
        """`camera` is a file that Chromium shows as its camera, instead of a picture of its own; `extra` are more arguments."""
        self.base = base
        options = Options()
        options.binary_location = "/usr/bin/chromium"
        for argument in (
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--hide-scrollbars",
            f"--lang={language}",
            "--use-fake-device-for-media-stream",
            "--use-fake-ui-for-media-stream",
            *([f"--use-file-for-fake-video-capture={camera}"] if camera else []),
            *extra,
        ):
            options.add_argument(argument)
        preferences = {
            "intl.accept_languages": language,
            "download.default_directory": str(downloads),
            "download.prompt_for_download": False,
            # One page saves several files in a row here.
            "profile.default_content_setting_values.automatic_downloads": 1,
        }
        if not script:
            preferences["profile.managed_default_content_settings.javascript"] = 2
        options.add_experimental_option("prefs", preferences)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
        self.driver.set_page_load_timeout(LIMIT)
        self.driver.set_script_timeout(LIMIT)
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 2 if phone else 1, "mobile": phone},
        )
        self.driver.execute_cdp_cmd(
            "Emulation.setEmulatedMedia",
            {"features": [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]},
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.driver.quit()

    def open(self):
        self.go("/")

    def go(self, path):
        """Opens what lies at this path of the service."""
        self.driver.get(self.base + path)

    def answer(self, result):
        """From the next opening on the page takes this for the server's result, whatever was found."""
        self.begin_with(
            f"const answer = new Blob([{json.dumps(json.dumps(result))}]);"
            "Object.defineProperty(XMLHttpRequest.prototype, 'response', { get: () => answer });"
            "Object.defineProperty(XMLHttpRequest.prototype, 'status', { get: () => 200 });"
        )

    def begin_with(self, source):
        """From the next opening on this script runs before the page's own."""
        self.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": source})

    def find(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def run(self, script, *values):
        return self.driver.execute_script(script, *values)

    def run_async(self, script, *values):
        """Gives what the script hands to `done`."""
        return self.driver.execute_async_script(f"const done = arguments[arguments.length - 1]; {script}", *values)

    def wait(self, condition, what):
        """Waits until the JavaScript expression is true."""
        end = time.monotonic() + LIMIT
        while time.monotonic() < end:
            if self.run(f"return Boolean({condition})"):
                return
            time.sleep(0.05)
        raise AssertionError(f"after {LIMIT} s still not: {what}")

    def send(self, *photos):
        """Chooses these files in the page's file input and waits until every photo is done or failed."""
        before = self.run("return document.querySelectorAll('#strip li').length")
        self.find("#file").send_keys("\n".join(str(photo) for photo in photos))
        self.wait(f"document.querySelectorAll('#strip .badge').length === {before + len(photos)}", "all photos in the strip")
        self.wait_for_answers()

    def wait_for_answers(self):
        """Waits until every photo is done or failed."""
        self.wait(
            "[...document.querySelectorAll('#strip .badge')].every((badge) => badge.textContent !== '…')",
            "all photos answered",
        )

    def complaints(self):
        """What the console said since it was last asked."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def queries(self):
        """The query of every request for people since addresses were last asked for, as pairs of name and value."""
        asked = [urlsplit(address) for address in self.addresses()]
        return [parse_qsl(one.query) for one in asked if one.path == urlsplit(self.base).path + "/v1/pose"]

    def addresses(self):
        """Every address that the page asked for since this was last asked."""
        messages = (json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance"))
        return [m["params"]["request"]["url"] for m in messages if m["method"] == "Network.requestWillBeSent"]
