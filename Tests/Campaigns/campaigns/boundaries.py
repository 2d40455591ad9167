"""A tiny run is killed (SIGKILL) at every boundary between two neurons, with 1, 2, 3 and 7 threads
and three save intervals, and resumed with another number of threads. `state_sha256` is always the same.
In the two parallel modes, where each neuron of a layer has its own thread, at the first moments."""
import concurrent.futures
import shutil

from .support import BIN, Count, Site, finish, told

THREADS = [1, 2, 3, 7]
INTERVALS = [0.000001, 0.004, 1000]


def run(full, scratch):
    count = Count()
    site = Site(scratch, cycles=2)

    def train(folder, threads, interval, kill=-1, mode="none"):
        return finish([BIN / "campaign-boundaries", folder, site.data, site.architecture,
                       site.cycles, threads, interval, kill, mode])

    whole = train(scratch / "whole", 1, INTERVALS[0])
    expected = {"none": None, "layer": None, "neuron": None}
    expected["none"], steps = whole.stdout.splitlines()[-1].split()[1:]
    for mode in ["layer", "neuron"]:
        result = train(scratch / f"whole-{mode}", 1, INTERVALS[0], mode=mode)
        expected[mode] = result.stdout.splitlines()[-1].split()[1]
    cycle = int(steps) // site.cycles
    saved = [line.split()[1:] for line in whole.stdout.splitlines() if line.startswith("saved")]
    boundaries = sorted({int(cycles) * cycle + int(done) for cycles, done in saved})

    def undisturbed(threads, interval, mode):
        result = train(scratch / f"whole-{mode}-{threads}-{interval}", threads, interval, mode=mode)
        if expected[mode] in result.stdout.split():
            return None
        return f"{mode}, {threads} threads: {told(result)}"

    def killed(threads, interval, step, others, mode):
        folder = scratch / f"run-{mode}-{threads}-{interval}-{step}"
        first = train(folder, threads, interval, step, mode)
        second = train(folder, others, interval, mode=mode)
        shutil.rmtree(folder, ignore_errors=True)
        if (first.returncode == -9 and second.returncode == 0
                and expected[mode] in second.stdout.split()):
            return None
        return (f"{mode}, {threads}, then {others} threads, interval {interval}, killed before step "
                f"{step}: {first.returncode}, {told(second)}")

    # The last boundary is the end of the run.
    steps = boundaries[:-1] if full else boundaries[2::12]
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        trials = [pool.submit(undisturbed, threads, interval, mode)
                  for threads in THREADS for interval in INTERVALS for mode in expected]
        # A run asks at least twice in each wave, however many neurons the wave has.
        moments = range(12) if full else [3, 8]
        trials += [pool.submit(killed, threads, interval, step, THREADS[(index + 1 + step) % 4], mode)
                   for index, threads in enumerate(THREADS) for interval in INTERVALS
                   for mode in expected for step in (steps if mode == "none" else moments)]
        for trial in trials:
            count.add(trial.result())
            count.progress(100)
    count.notes.append(f"{len(boundaries)} boundaries; killed at {len(steps)} of them")
    return count
