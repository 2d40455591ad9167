"""Chromium without a window, driven by its DevTools protocol."""
import base64
import json
import os
import pathlib
import re
import subprocess
import tempfile
import time

import websocket

PROGRAMS = ["chromium", "chromium-browser", "google-chrome"]


class BrowserError(Exception):
    pass


class Chromium:
    """A browser process. Use it in a `with` statement."""

    def __init__(self, program):
        self.profile = tempfile.TemporaryDirectory(prefix="rso-browser-")
        # As root there is no sandbox; the pages are our own.
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        self.process = subprocess.Popen(
            [program, "--headless=new", "--remote-debugging-port=0", "--disable-gpu",
             "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync", "--hide-scrollbars",
             "--force-color-profile=srgb", f"--user-data-dir={self.profile.name}"] + sandbox
            + ["about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True)
        address = self._address()
        self.socket = websocket.create_connection(address, suppress_origin=True, timeout=30)
        self.identifier = 0
        self.events = []

    def _address(self):
        seen = []
        for line in self.process.stderr:
            seen.append(line)
            match = re.search(r"DevTools listening on (ws://\S+)", line)
            if match:
                # What it says later is not of interest, but must not fill the pipe.
                subprocess.Popen(["cat"], stdin=self.process.stderr, stdout=subprocess.DEVNULL)
                return match.group(1)
        raise BrowserError("the browser did not start:\n" + "".join(seen))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self.call("Browser.close")
        except (OSError, websocket.WebSocketException):
            pass
        self.socket.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        for _ in range(20):
            try:
                self.profile.cleanup()
                break
            except OSError:
                time.sleep(0.1)

    def call(self, method, session=None, **parameters):
        self.identifier += 1
        message = {"id": self.identifier, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        self.socket.send(json.dumps(message))
        while True:
            answer = json.loads(self.socket.recv())
            if "id" not in answer:
                self.events.append(answer)
            elif answer["id"] == message["id"]:
                if "error" in answer:
                    raise BrowserError(f"{method}: {answer['error']['message']}")
                return answer["result"]

    def take_event(self, method, session, seconds=20):
        """Returns the parameters of the next event of this kind."""
        end = time.monotonic() + seconds
        while True:
            for index, event in enumerate(self.events):
                if event["method"] == method and event.get("sessionId") == session:
                    return self.events.pop(index)["params"]
            rest = end - time.monotonic()
            if rest <= 0:
                raise BrowserError(f"no {method} within {seconds} s")
            self.socket.settimeout(rest)
            try:
                message = json.loads(self.socket.recv())
            except websocket.WebSocketTimeoutException:
                continue
            finally:
                self.socket.settimeout(30)
            self.events.append(message)

    def page(self, **options):
        return Page(self, **options)


class Page:
    """A page in a tab of its own, with everything that it asked for and complained about."""

    def __init__(self, browser, width=1280, height=900, dark=False, script=True):
        self.browser = browser
        target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        self.target = target
        self.session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")
        self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
            mobile=width < 600)
        self.call(
            "Emulation.setEmulatedMedia",
            features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])
        self.call("Emulation.setScriptExecutionDisabled", value=not script)

    def call(self, method, **parameters):
        return self.browser.call(method, session=self.session, **parameters)

    def open(self, path):
        """Opens a file, and returns the milliseconds until it was loaded."""
        self.browser.events = [e for e in self.browser.events if e.get("sessionId") != self.session]
        begin = time.monotonic()
        self.call("Page.navigate", url=pathlib.Path(path).resolve().as_uri())
        self.browser.take_event("Page.loadEventFired", self.session)
        return (time.monotonic() - begin) * 1000

    def go(self, address):
        """Opens an address."""
        self.call("Page.navigate", url=address)
        self.browser.take_event("Page.loadEventFired", self.session)

    def evaluate(self, expression):
        result = self.call(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            raise BrowserError(json.dumps(result["exceptionDetails"]))
        return result["result"].get("value")

    def requests(self):
        """Addresses that were asked for, without the page itself and what it contains."""
        self.evaluate("0")
        addresses = [
            event["params"]["request"]["url"] for event in self.browser.events
            if event["method"] == "Network.requestWillBeSent"
            and event.get("sessionId") == self.session]
        return [a for a in addresses[1:] if not a.startswith("data:")]

    def complaints(self, warnings=True):
        """Errors of the console, and exceptions; with warnings, all that the page's scripts print as well."""
        self.evaluate("0")
        found = []
        for event in self.browser.events:
            if event.get("sessionId") != self.session:
                continue
            if event["method"] == "Runtime.exceptionThrown":
                found.append(json.dumps(event["params"]["exceptionDetails"]))
            elif event["method"] == "Log.entryAdded":
                entry = event["params"]["entry"]
                if warnings or entry["level"] == "error":
                    found.append(entry["text"])
            elif event["method"] == "Runtime.consoleAPICalled" and warnings:
                found.append(json.dumps(event["params"]["args"]))
        return found

    def screenshot(self, path, top=0, height=None):
        """Writes the page as PNG: the whole one, or what lies from `top` on in `height` pixels."""
        size = self.call("Page.getLayoutMetrics")["cssContentSize"]
        rest = size["height"] - top
        clip = {"x": 0, "y": top, "width": size["width"], "height": min(height or rest, rest), "scale": 1}
        data = self.call("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)
        pathlib.Path(path).write_bytes(base64.b64decode(data["data"]))

    def pdf(self, path):
        data = self.call("Page.printToPDF", printBackground=True)["data"]
        pathlib.Path(path).write_bytes(base64.b64decode(data))

    def close(self):
        self.browser.call("Target.closeTarget", targetId=self.target)
