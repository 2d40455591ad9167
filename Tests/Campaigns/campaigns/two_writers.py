"""Two processes open the same run directory at the same moment, to begin a run or to continue one.
Exactly one gets it; the other names the holder and leaves the directory alone."""
import shutil
import signal
import time

from .support import SLOWEST, Count, Site, all_good, finish, side_by_side, start, told, watches_signals


def run(full, scratch):
    count = Count()
    site = Site(scratch, cycles=100000)
    kept = scratch / "kept"
    begun = start(site.train(kept, "--save-interval", "0.000001"))
    while not (kept / "last-copy.h5").exists():
        time.sleep(0.01)
    begun.send_signal(signal.SIGTERM)
    begun.communicate()

    def trial(number):
        folder = scratch / f"run-{number}"
        if number % 2:
            shutil.copytree(kept, folder)
        command = (site.resume if number % 2 else site.train)(folder)
        problem = outcome([start(command), start(command)], folder)
        shutil.rmtree(folder, ignore_errors=True)
        return problem

    for problem in side_by_side(trial, range(200 if full else 10)):
        count.add(problem)
        count.progress(50)
    return count


def outcome(writers, folder):
    deadline = time.monotonic() + SLOWEST
    while all(writer.poll() is None for writer in writers):
        if time.monotonic() > deadline:
            break
        time.sleep(0.005)
    ended = [writer for writer in writers if writer.poll() is not None]
    # Time for the other one to end wrongly or to save.
    while not (folder / "last.h5").exists() and time.monotonic() < deadline:
        time.sleep(0.005)
    running = [writer for writer in writers if writer.poll() is None]
    while not all(map(watches_signals, running)) and time.monotonic() < deadline:
        time.sleep(0.005)
    for writer in running:
        writer.send_signal(signal.SIGTERM)
    texts = {writer.pid: writer.communicate()[1] for writer in writers}
    if len(ended) != 1 or len(running) != 1:
        return f"{len(ended)} ended, {len(running)} went on: {texts}"
    loser, winner = ended[0], running[0]
    # 75: in use; 73: the winner has already begun a run.
    if loser.returncode not in (73, 75):
        return f"the loser ended with {loser.returncode}: {texts[loser.pid]}"
    if loser.returncode == 75 and str(winner.pid) not in texts[loser.pid]:
        return f"the loser does not name {winner.pid}: {texts[loser.pid]}"
    if winner.returncode != 128 + signal.SIGTERM:
        return f"the winner ended with {winner.returncode}: {texts[winner.pid]}"
    return all_good(folder)
