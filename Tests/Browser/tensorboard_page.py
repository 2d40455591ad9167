"""TensorBoard's own page on the event files of runs, looked at in Chromium."""
import json
import pathlib
import re
import subprocess
import sys
import time
import urllib.request

SECONDS = 60
# The name of the run and the figures of each card of the page "Time series".
CARDS = """[...document.querySelectorAll('scalar-card')].map(card => ({
  tag: card.querySelector('.heading')?.innerText.replace(/\\s/g, '') || '',
  rows: [...card.querySelectorAll('tb-data-table-content-row')].map(row => row.innerText.split(/\\s+/))}))"""
# Elements of older parts of the page are in shadow trees.
COUNT = """(selector => {
  const count = root => root.querySelectorAll(selector).length +
    [...root.querySelectorAll('*')].reduce((sum, element) =>
      sum + (element.shadowRoot ? count(element.shadowRoot) : 0), 0);
  return count(document);
})"""
TEXT = """(() => {
  const text = root => [...root.childNodes].map(node =>
    node.nodeType === 3 ? node.textContent :
    node.nodeType === 1 && !['STYLE', 'SCRIPT'].includes(node.tagName) ?
      (node.shadowRoot ? text(node.shadowRoot) : '') + text(node) : '').join(' ');
  return text(document.body);
})()"""


class TensorBoard:
    """A server. Use it in a `with` statement."""

    def __init__(self, directory):
        program = pathlib.Path(sys.executable).with_name("tensorboard")
        self.process = subprocess.Popen(
            [program, "--logdir", directory, "--port", "0", "--host", "127.0.0.1"],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.address = None
        for line in self.process.stderr:
            match = re.search(r"http://\S+?:\d+/", line)
            if match:
                self.address = match.group(0)
                break
        if self.address is None:
            sys.exit("tensorboard did not start")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def data(self, path):
        with urllib.request.urlopen(self.address + "data/" + path) as answer:
            return json.load(answer)

    def wait(self, runs):
        """Waits until the server has read these runs to their last step."""
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            try:
                if all(self.steps(run)[-1:] == [cycles] for run, cycles in runs.items()):
                    return
            except OSError:
                pass
            time.sleep(0.2)

    def steps(self, run, tag="loss/training"):
        quoted = urllib.request.quote
        return [
            step for _, step, _ in self.data(
                f"plugin/scalars/scalars?tag={quoted(tag, '')}&run={quoted(run, '')}")]


class TensorBoardExamination:
    """Looks at the page, and collects what is wrong with it."""

    def __init__(self, browser, directory, pictures):
        self.browser, self.directory, self.pictures = browser, directory, pictures
        self.faults = []

    def expect(self, condition, text):
        if not condition:
            self.faults.append(f"tensorboard: {text}")

    def look(self, runs, loss):
        """Checks runs, given with their cycles, and the last loss of the first one of them."""
        with TensorBoard(self.directory) as server:
            server.wait(runs)
            self.expect(sorted(server.data("runs")) == sorted(runs), f"has runs {server.data('runs')}")
            for run, cycles in runs.items():
                steps = server.steps(run)
                self.expect(steps == list(range(1, cycles + 1)), f"{run} has steps {steps}")
            self.curves(server, list(runs.items())[0], loss)
            for page, element, least in [
                    ("histograms", "vz-histogram-timeseries", 3), ("images", "img", 1),
                    ("hparams", "vaadin-grid, tf-hparams-table-view", 1)]:
                self.page(server, page, lambda tab: tab.evaluate(f"{COUNT}('{element}')") >= least)
        return self

    def curves(self, server, run, loss):
        name, cycles = run
        self.page(
            server, "timeseries", lambda tab: self.is_shown(tab, name, cycles, loss),
            "?tagFilter=loss%7Caccuracy")

    def is_shown(self, tab, name, cycles, loss):
        """True if the card of the training loss has the run's last step and value."""
        for card in tab.evaluate(CARDS):
            for row in card["rows"]:
                numbers = [float(cell) for cell in row if re.fullmatch(r"-?[\d.]+(e-?\d+)?", cell)]
                if name in row and cycles in numbers and any(
                        abs(number - loss) < 1e-3 * abs(loss) for number in numbers):
                    return True
        return False

    def page(self, server, name, is_drawn, query=""):
        tab = self.browser.page(width=1280, height=1000)
        tab.go(f"{server.address}{query}#{name}")
        end = time.monotonic() + SECONDS
        while not is_drawn(tab) and time.monotonic() < end:
            time.sleep(0.3)
        self.expect(is_drawn(tab), f"{name}: not drawn: {tab.evaluate(TEXT)[:300]!r}")
        # Curves are drawn after the rest.
        time.sleep(1)
        tab.screenshot(self.pictures / f"tensorboard-{name}.png")
        found = tab.complaints(warnings=False)
        self.expect(found == [], f"{name}: {found}")
        tab.close()
