"""`kill -9` at random moments of train and resume, on a network that saves at every neuron: whatever
is left can be taken up, and ends as the uninterrupted run does."""
import random
import shutil
import subprocess
import time

from .support import Count, Site, finish, start, state, told


def run(full, scratch):
    count = Count()
    site = Site(scratch)
    dice = random.Random(4)
    began = time.monotonic()
    expected = site.uninterrupted()
    longest = time.monotonic() - began
    folder = scratch / "run"
    kills = 2000 if full else 40
    kinds = {"train": 0, "resume": 0, "before the first save": 0}
    while count.trials < kills:
        shutil.rmtree(folder, ignore_errors=True)
        problem, pending = None, 0
        # A run is killed up to eight times, and then left to end.
        while problem is None and pending < 8 and count.trials + pending < kills:
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
            pending += 1
            kinds["resume" if command[0].name == "rso-resume" else "train"] += 1
            if not any(folder.glob("*.h5")):
                kinds["before the first save"] += 1
        if problem is None:
            result = finish(site.go_on(folder))
            problem = None if state(result) == expected else told(result)
        count.add(problem, trials=max(pending, 1 if problem else 0))
        count.progress(1 if pending and count.trials % 200 < pending else 10 ** 9)
    count.notes.append(", ".join(f"{value} {name}" for name, value in kinds.items()))
    return count
