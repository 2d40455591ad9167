"""Shared parts of the campaigns: the programs, a tiny run, and counting."""
import concurrent.futures
import itertools
import json
import os
import pathlib
import random
import shutil
import signal
import struct
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
BIN = pathlib.Path(os.environ.get("RSO_BIN") or ROOT / ".build" / "release").resolve()
ENVIRONMENT = {**os.environ, "SWIFT_BACKTRACE": "enable=no", "RSO_DATA": ""}
WORKERS = 4  # trials at once
SLOWEST = 600  # seconds after which a program counts as hung


class CannotRun(Exception):
    """This machine cannot run the campaign; the text gives the reason."""


class Count:
    """The numbers of trials and failures, and notes on the first failures."""

    def __init__(self):
        self.trials = 0
        self.failures = 0
        self.notes = []
        self.told = 0

    def add(self, problem=None, trials=1):
        """Counts a trial; `problem` is None if it passed."""
        self.trials += trials
        if problem is not None:
            self.failures += 1
            if self.failures <= 10:
                print(f"    FAILURE: {problem}", file=sys.stderr)

    def progress(self, every):
        """Reports progress every few trials."""
        if self.trials // every > self.told:
            self.told = self.trials // every
            print(f"    {self.trials} trials, {self.failures} failures", file=sys.stderr, flush=True)


def side_by_side(trial, cases, until=lambda: False):
    """Runs `trial` for each case, a few at a time, since they mostly wait. Yields the results in the
    order in which they arrive, until there are no more cases or the caller stops."""
    cases = iter(cases)
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        waiting = {pool.submit(trial, case) for case in itertools.islice(cases, WORKERS)}
        while waiting:
            done, waiting = concurrent.futures.wait(
                waiting, return_when=concurrent.futures.FIRST_COMPLETED)
            for future in done:
                yield future.result()
            if not until():
                waiting |= {pool.submit(trial, case) for case in itertools.islice(cases, len(done))}


ARCHITECTURE = {
    "name": "campaign", "input": [1, 4, 4], "classes": 10, "layers": [
        {"type": "convolution", "filters": 2, "kernel": 3}, {"type": "batch-norm"},
        {"type": "relu"}, {"type": "global-pool", "mode": "average"},
        {"type": "linear", "outputs": 10}]}


class Site:
    """A data set of 48 + 16 images of 4 x 4 pixels, a network of two layers, and runs of them."""

    def __init__(self, scratch, cycles=3):
        self.scratch = scratch
        self.cycles = cycles
        self.data = scratch / "data"
        self.architecture = scratch / "network.json"
        self.data.mkdir(parents=True, exist_ok=True)
        self.architecture.write_text(json.dumps(ARCHITECTURE))
        noise = random.Random(1)
        for half, count in [("train", 48), ("t10k", 16)]:
            pixels = bytes(noise.randrange(256) for _ in range(count * 16))
            labels = bytes(index % 10 for index in range(count))
            (self.data / f"{half}-images-idx3-ubyte").write_bytes(
                struct.pack(">IIII", 0x803, count, 4, 4) + pixels)
            (self.data / f"{half}-labels-idx1-ubyte").write_bytes(
                struct.pack(">II", 0x801, count) + labels)

    def train(self, run, *more):
        return [BIN / "rso-train", "--arch", self.architecture, "--data", self.data, "--cycles",
                str(self.cycles), "--batch-size", "8", "--seed", "7", "-o", run, "--json",
                "--keep-last", "1", *more]

    def resume(self, run, *more):
        return [BIN / "rso-resume", run, "--data", self.data, "--json", "--keep-last", "1", *more]

    def go_on(self, run, *more):
        """The command that continues `run`, or starts it if it has not reached its first save."""
        if any(run.glob("*.h5")):
            return self.resume(run, *more)
        return self.train(run, *more)

    def uninterrupted(self):
        """`state_sha256` at the end of an undisturbed run."""
        run = self.scratch / "whole"
        shutil.rmtree(run, ignore_errors=True)
        return state(finish(self.train(run)))


def start(command, **options):
    options = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE,
               "env": ENVIRONMENT, "text": True, **options}
    return subprocess.Popen([str(word) for word in command], **options)


def finish(command, **options):
    """Runs a program to its end. The result has `returncode`, `stdout` and `stderr`."""
    process = start(command, **options)
    try:
        output, errors = process.communicate(timeout=SLOWEST)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return subprocess.CompletedProcess(command, -999, "", f"no end within {SLOWEST} s")
    return subprocess.CompletedProcess(command, process.returncode, output, errors)


def state(result):
    """`state_sha256` of a summary; None for a run that has none."""
    if result.returncode != 0:
        return None
    return json.loads(result.stdout)["state_sha256"]


def told(result):
    return f"status {result.returncode}: {result.stderr.strip()[-300:]}"


def all_good(run):
    """None if every checkpoint in the directory is good; otherwise the problem."""
    result = finish([BIN / "rso-verify", run])
    return None if result.returncode == 0 else f"verify says: {result.stdout[-300:]}{told(result)}"


def watches_signals(process):
    """True if SIGTERM would interrupt the process's run; false if it would end the process at once."""
    with open(f"/proc/{process.pid}/status") as status:
        words = dict(line.split(":", 1) for line in status)
    # A process that has ended and has not been waited for has no such line.
    if "SigCgt" not in words:
        return False
    return int(words["SigCgt"], 16) >> (signal.SIGTERM - 1) & 1 == 1
