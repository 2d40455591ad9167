"""`kill -9` at random moments of train and resume, on a network that saves at every neuron. The
run can always be resumed, and ends as the uninterrupted run does."""
import collections
import itertools
import random
import shutil
import subprocess
import time

from .support import Count, Site, finish, side_by_side, start, state, told


def run(full, scratch):
    count = Count()
    site = Site(scratch)
    began = time.monotonic()
    expected = site.uninterrupted()
    longest = time.monotonic() - began
    kinds = collections.Counter()
    kills = 2000 if full else 40

    def trial(number):
        return undo(site, scratch / f"run-{number}", random.Random(number), longest, expected)

    for problem, found in side_by_side(trial, itertools.count(), lambda: count.trials >= kills):
        kinds += found
        count.add(problem, trials=max(found["train"] + found["resume"], 1 if problem else 0))
        count.progress(100)
    count.notes.append(", ".join(f"{value} {name}" for name, value in sorted(kinds.items())))
    return count


def undo(site, folder, dice, longest, expected):
    """Kills a run up to eight times, then lets it end."""
    kinds = collections.Counter()
    problem = None
    for _ in range(8):
        command = site.go_on(folder, "--save-interval", "0.000001", "--threads",
                             str(dice.choice([1, 2, 3])))
        process = start(command, stdout=subprocess.DEVNULL)
        time.sleep(dice.uniform(0.0, longest))
        if process.poll() is not None:
            _, errors = process.communicate()
            problem = None if process.returncode == 0 else errors[-300:]
            break
        process.kill()
        process.communicate()
        if process.returncode == 0:
            break  # it has ended between the two
        kinds["resume" if command[0].name == "rso-resume" else "train"] += 1
        if not any(folder.glob("*.h5")):
            kinds["before the first save"] += 1
    if problem is None:
        result = finish(site.go_on(folder))
        problem = None if state(result) == expected else told(result)
    shutil.rmtree(folder, ignore_errors=True)
    return problem, kinds
