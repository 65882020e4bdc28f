"""A headless Chromium, driven through chromedriver over WebDriver, to see how long pages take as people load them."""

import http.client
import json
import shutil
import subprocess
import time

from servers import free_port


class Chromium:
    """A browser of its own, empty at first; a context manager."""

    @staticmethod
    def is_installed():
        return all(shutil.which(program) for program in ("chromium", "chromedriver"))

    def __init__(self, directory):
        directory.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        log = open(directory / "chromedriver.log", "wb")
        self.driver = subprocess.Popen(["chromedriver", f"--port={self.port}"], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        arguments = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--window-size=1440,1000",
                     "--disable-background-networking", "--disable-component-update", f"--user-data-dir={directory / 'profile'}"]  # fmt: skip
        options = {"binary": shutil.which("chromium"), "args": arguments}
        for attempt in range(100):
            try:
                made = self.call("POST", "/session", {"capabilities": {"alwaysMatch": {"browserName": "chrome", "goog:chromeOptions": options}}})
                break
            except OSError:
                if attempt == 99:
                    raise
                time.sleep(0.1)
        self.session = "/session/" + made["sessionId"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self.call("DELETE", self.session)
        finally:
            self.driver.terminate()
            self.driver.wait(15)

    def call(self, method, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(method, path, None if body is None else json.dumps(body), {"Content-Type": "application/json"})
        answer = json.loads(connection.getresponse().read())["value"]
        connection.close()
        if isinstance(answer, dict) and "error" in answer:
            raise SystemExit(f"bench: Chromium: {answer['error']}: {answer.get('message', '').splitlines()[0]}")
        return answer

    def open(self, address):
        self.call("POST", self.session + "/url", {"url": address})

    def run(self, script):
        return self.call("POST", self.session + "/execute/sync", {"script": script, "args": []})

    def sign_in(self, address, token):
        self.open(address + "/sign-in")
        self.run(f"document.querySelector('#token').value = {json.dumps(token)}; document.querySelector('main button').click()")
        for _ in range(200):
            if self.run("return document.querySelector('form.account button') !== null"):
                return
            time.sleep(0.05)
        raise SystemExit("bench: Chromium could not sign in")

    def loaded(self, address):
        """Seconds from asking for a page until it is loaded, with all that it loads, as the browser tells."""
        self.open(address)
        for _ in range(200):
            ended = self.run("return performance.getEntriesByType('navigation')[0].loadEventEnd")
            if ended > 0:
                return ended / 1000
            time.sleep(0.01)
        raise SystemExit(f"bench: {address} was never loaded")

    def drawn(self, address):
        """Seconds until a page is loaded and its charts in sight are drawn, and from a jump to its last chart until those in sight there are."""
        loaded = self.loaded(address)
        in_sight = max(loaded, self.last_drawn_in_sight())
        # What is a screen away is drawn before anybody jumps.
        count = -1
        while count != (count := self.run("return performance.getEntriesByName('gosset-chart').length")):
            time.sleep(0.5)
        jump = "[...document.querySelectorAll('gosset-chart')].at(-1).scrollIntoView({block: 'center'})"
        jumped = self.run(f"const jumped = performance.now(); {jump}; return jumped / 1000")
        return in_sight, self.last_drawn_in_sight() - jumped

    def last_drawn_in_sight(self):
        """When the last of the charts that are in sight now was drawn, in seconds since the page was asked for."""
        missing = """return [...document.querySelectorAll('gosset-chart')].filter(chart => {
            const { top, bottom } = chart.getBoundingClientRect();
            return bottom > 0 && top < innerHeight && !chart.shadowRoot?.querySelector('.drawing svg')
        }).length"""
        for _ in range(1000):
            if self.run("return document.querySelectorAll('gosset-chart').length") > 0 and self.run(missing) == 0:
                marks = "performance.getEntriesByName('gosset-chart').filter(mark => mark.detail.isInSight)"
                return self.run(f"return Math.max(...{marks}.map(mark => mark.startTime)) / 1000")
            time.sleep(0.01)
        raise SystemExit("bench: charts in sight were never drawn")
