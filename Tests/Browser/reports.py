"""Runs, and reports on them."""
import itertools
import json
import math
import os
import pathlib
import shutil
import subprocess
import sys
import time

from chromium import PROGRAMS
from tensorboard_page import TensorBoardExamination

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent
NETWORK = {
    "name": "small", "input": [1, 28, 28], "classes": 10, "layers": [
        {"type": "convolution", "filters": 8, "kernel": 5}, {"type": "average-pool"},
        {"type": "average-pool"}, {"type": "batch-norm"}, {"type": "relu"},
        {"type": "convolution", "filters": 8}, {"type": "batch-norm"},
        {"type": "global-pool", "mode": "average"}, {"type": "linear", "outputs": 10}]}


class Reports:
    """Runs a program in a directory, and makes pages there."""

    def __init__(self, program, directory):
        self.program = str(pathlib.Path(program).resolve())
        self.directory = pathlib.Path(directory).resolve()
        self.environment = dict(os.environ, RSO_DATA=str(REPOSITORY / "Fixtures"))

    def rso(self, *arguments, directory=None):
        """Returns what a command prints."""
        done = subprocess.run(
            [self.program, *arguments], cwd=directory or self.directory, env=self.environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if done.returncode:
            sys.exit(f"rso {' '.join(arguments)}: status {done.returncode}\n{done.stderr}")
        return done.stdout

    def make(self, name, *paths, directory=None):
        """Returns the page of runs, its JSON, and the seconds that both took."""
        page = self.directory / f"{name}.html"
        begin = time.monotonic()
        output = self.rso(
            "report", *paths, "-o", str(page), "--force", "--json", "-q", directory=directory)
        return page, json.loads(output), time.monotonic() - begin

    def tensorboard(self, browser, run, sweep):
        """Looks at TensorBoard's page on the events of a run and of a sweep.

        run: its path, its name there, and its cycles. sweep: its name there, its cycles, and its definition.
        """
        path, name, cycles = run
        runs = {name: cycles}
        name, cycles, definition = sweep
        for cell in itertools.product(*([f"{option}={value}" for value in values]
                                        for option, values in sorted(definition["grid"].items()))):
            for seed in definition["seeds"]:
                runs[f"{name}/{','.join(cell)}/seed-{seed}"] = cycles
        history = json.loads(self.rso("history", path, "--json"))["runs"][0]
        return TensorBoardExamination(browser, self.directory / "events", self.directory).look(
            runs, history["cycles"][-1]["training_loss"])


def flowers():
    """A table of three kinds of flowers. The last kinds overlap."""
    rows = ["length,width,petal length,petal width,kind"]
    for index in range(150):
        kind = index % 3
        wave = [math.sin(index * step) for step in (1.0, 2.3, 3.7, 5.1)]
        rows.append(
            f"{5 + 0.8 * kind + 0.5 * wave[0]:.2f},{3.4 - 0.3 * kind + 0.4 * wave[1]:.2f},"
            f"{1.5 + 2 * kind + 1.1 * wave[2]:.2f},{0.3 + 0.8 * kind + 0.5 * wave[3]:.2f},"
            f"{['<setosa>', 'versicolor & co', 'virginica'][kind]}")
    return "\n".join(rows) + "\n"


def browser_program():
    for name in PROGRAMS:
        if shutil.which(name):
            return name
    sys.exit(f"no browser: none of {', '.join(PROGRAMS)} is on PATH; install chromium")
