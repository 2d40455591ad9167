"""Three checkpoints with every bit flipped, cut at every length, with bytes appended, with blocks
of 512 bytes swapped and zeroed: the reader accepts none."""
from .support import BIN, ROOT, Count, finish

FILES = ["mlp.h5", "inside.h5", "cycle-1.h5"]


def run(full, scratch):
    count = Count()
    folder = ROOT / "Fixtures" / "checkpoints" / "v1"
    for name in FILES:
        result = finish([BIN / "campaign-damage", "1" if full else "61", folder / name])
        if result.returncode != 0:
            count.add(f"{name}: {result.stderr}")
        for line in result.stdout.splitlines():
            file, kind, trials, accepted = line.split()
            count.trials += int(trials)
            for _ in range(int(accepted)):
                count.add(f"{file}: {kind} was accepted", trials=0)
    return count
