"""Two processes take the same run directory at the same moment, to begin a run or to go on with one:
exactly one has it, the other says who, and leaves it alone."""
import shutil
import signal
import time

from .support import SLOWEST, Count, Site, all_good, finish, start, told


def run(full, scratch):
    count = Count()
    site = Site(scratch, cycles=100000)
    folder, kept = scratch / "run", scratch / "kept"
    begun = start(site.train(kept, "--save-interval", "0.000001"))
    while not (kept / "last-copy.h5").exists():
        time.sleep(0.01)
    begun.send_signal(signal.SIGTERM)
    begun.communicate()
    for trial in range(200 if full else 10):
        shutil.rmtree(folder, ignore_errors=True)
        if trial % 2:
            shutil.copytree(kept, folder)
        command = (site.resume if trial % 2 else site.train)(folder)
        writers = [start(command), start(command)]
        count.add(outcome(writers, folder))
        count.progress(50)
    return count


def outcome(writers, folder):
    deadline = time.monotonic() + SLOWEST
    while all(writer.poll() is None for writer in writers):
        if time.monotonic() > deadline:
            break
        time.sleep(0.005)
    ended = [writer for writer in writers if writer.poll() is not None]
    # Time for the other to end wrongly, and to have saved.
    while not (folder / "last.h5").exists() and time.monotonic() < deadline:
        time.sleep(0.005)
    running = [writer for writer in writers if writer.poll() is None]
    while not all(map(watches_for_termination, running)) and time.monotonic() < deadline:
        time.sleep(0.005)
    for writer in running:
        writer.send_signal(signal.SIGTERM)
    texts = {writer.pid: writer.communicate()[1] for writer in writers}
    if len(ended) != 1 or len(running) != 1:
        return f"{len(ended)} ended, {len(running)} went on: {texts}"
    loser, winner = ended[0], running[0]
    # 75: in use; 73: there is a run already, which the winner has begun.
    if loser.returncode not in (73, 75):
        return f"the loser ended with {loser.returncode}: {texts[loser.pid]}"
    if loser.returncode == 75 and str(winner.pid) not in texts[loser.pid]:
        return f"the loser does not name {winner.pid}: {texts[loser.pid]}"
    if winner.returncode != 128 + signal.SIGTERM:
        return f"the winner ended with {winner.returncode}: {texts[winner.pid]}"
    return all_good(folder)


def watches_for_termination(process):
    """Whether SIGTERM would interrupt the run rather than end the process at once."""
    with open(f"/proc/{process.pid}/status") as status:
        words = dict(line.split(":", 1) for line in status)
    return int(words["SigCgt"], 16) >> (signal.SIGTERM - 1) & 1 == 1
