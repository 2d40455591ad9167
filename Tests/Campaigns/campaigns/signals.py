"""Many signals to a run: it continues, or ends with a good file from which it can be resumed."""
import collections
import itertools
import random
import shutil
import signal
import subprocess
import time

from .support import (SLOWEST, Count, Site, finish, side_by_side, start, state, told,
                      watches_signals)

SIGNALS = [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1, signal.SIGCONT,
           signal.SIGWINCH, signal.SIGPIPE]


# An exit status (the run saved) or the signal itself (before it watched for signals).
ALLOWED = {0} | {128 + number for number in SIGNALS} | {-number for number in SIGNALS}


def run(full, scratch):
    count = Count()
    site = Site(scratch)
    began = time.monotonic()
    expected = site.uninterrupted()
    longest = time.monotonic() - began
    ends = collections.Counter()
    trials = 2000 if full else 40

    def trial(number):
        return storm(site, scratch / f"run-{number}", random.Random(number), longest, expected)

    for problem, storms, found in side_by_side(
            trial, itertools.count(), lambda: count.trials >= trials):
        ends += found
        count.add(problem, trials=max(storms, 1 if problem else 0))
        count.progress(100)
    count.notes.append("ends: " + ", ".join(f"{key}: {ends[key]}" for key in sorted(ends)))
    return count


def storm(site, folder, dice, longest, expected):
    """Signals a run up to eight times, resumes it if that ended it, and lets it end."""
    ends, storms, problem = collections.Counter(), 0, None
    for _ in range(8):
        interval = dice.choice(["0.000001", "1000"])
        process = start(site.go_on(folder, "--save-interval", interval), stdout=subprocess.DEVNULL)
        if dice.random() < 0.2:
            time.sleep(dice.uniform(0.0, longest * 0.5))
        else:
            # Most signals should arrive during training, a small part of such a short run.
            while process.poll() is None and not watches_signals(process):
                time.sleep(0.001)
            time.sleep(dice.uniform(0.0, longest * 0.2))
        storms += process.poll() is None
        for _ in range(dice.choice([1, 1, 2, 5])):
            if process.poll() is None:
                process.send_signal(dice.choice(SIGNALS))
            time.sleep(dice.choice([0, 0, 0.002]))
        try:
            _, errors = process.communicate(timeout=SLOWEST)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            return "it neither went on nor ended", storms, ends
        ends[process.returncode] += 1
        if process.returncode not in ALLOWED:
            return f"status {process.returncode}: {errors[-300:]}", storms, ends
        problem = damage(errors)
        if problem or process.returncode == 0:
            break
    if problem is None:
        result = finish(site.go_on(folder))
        problem = damage(result.stderr) if state(result) == expected else told(result)
    shutil.rmtree(folder, ignore_errors=True)
    return problem, storms, ends


def damage(errors):
    """A resumed run warns about every file that it cannot read."""
    return f"it found damage: {errors[-300:]}" if "cannot read" in errors else None
