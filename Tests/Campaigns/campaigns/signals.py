"""A storm of signals on a run: it goes on, or ends with a good file from which it can be taken up."""
import random
import shutil
import signal
import subprocess
import time

from .support import Count, Site, finish, start, state, told

SIGNALS = [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1, signal.SIGCONT,
           signal.SIGWINCH, signal.SIGPIPE]


def run(full, scratch):
    count = Count()
    site = Site(scratch)
    dice = random.Random(5)
    began = time.monotonic()
    expected = site.uninterrupted()
    longest = time.monotonic() - began
    folder = scratch / "run"
    trials = 2000 if full else 40
    ends = {}
    while count.trials < trials:
        shutil.rmtree(folder, ignore_errors=True)
        problem, pending = None, 0
        while problem is None and pending < 8 and count.trials + pending < trials:
            interval = dice.choice(["0.000001", "1000"])
            process = start(site.go_on(folder, "--save-interval", interval),
                            stdout=subprocess.DEVNULL)
            time.sleep(dice.uniform(0.0, longest * 0.7))
            if process.poll() is None:
                pending += 1
            for _ in range(dice.choice([1, 1, 2, 5])):
                if process.poll() is None:
                    process.send_signal(dice.choice(SIGNALS))
                time.sleep(dice.choice([0, 0, 0.002]))
            try:
                _, errors = process.communicate(timeout=60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
                problem = "it neither went on nor ended"
                break
            status = process.returncode
            ends[status] = ends.get(status, 0) + 1
            # As exit status (it saved) or as the signal itself (before it watched for signals).
            allowed = {0} | {128 + number for number in SIGNALS} | {-number for number in SIGNALS}
            if status not in allowed:
                problem = f"status {status}: {errors[-300:]}"
            if status == 0:
                break
        if problem is None:
            result = finish(site.go_on(folder))
            problem = None if state(result) == expected else told(result)
        count.add(problem, trials=max(pending, 1 if problem else 0))
        count.progress(1 if pending and count.trials % 200 < pending else 10 ** 9)
    count.notes.append("ends: " + ", ".join(f"{key}: {ends[key]}" for key in sorted(ends)))
    return count
