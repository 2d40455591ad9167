"""Compares the time and memory of reading data with those of numpy, h5py and pandas.

usage: reading.py --rso RSO [--rounds N] [-o FILE.md]

Writes files of 60,000 x 28 x 28 bytes with labels (IDX, npz, HDF5) and a table of 1,000,000 x 28 numbers into a
temporary directory. Then rso and the other tool read each file in turn, in processes of their own. rso's time is
that of `rso train --dry-run`: it also computes SHA-256 and normalisation, and starts and ends a process. The
others' time is that of the reading call alone, after their imports. Needs numpy, h5py and pandas.
"""
import argparse
import multiprocessing
import os
import pathlib
import platform
import resource
import statistics
import struct
import subprocess
import sys
import tempfile
import time

READERS = {
    "IDX": "numpy.fromfile({0!r} + '/train-images-idx3-ubyte', 'u1')[16:].reshape(-1, 28, 28).copy()",
    "npz": "numpy.load({0!r})['x_train']",
    "npz, compressed": "numpy.load({0!r})['x_train']",
    "HDF5": "h5py.File({0!r})['x_train'][:]",
    "HDF5, gzip": "h5py.File({0!r})['x_train'][:]",
    "CSV": "pandas.read_csv({0!r}, header=None, dtype='f4').to_numpy()",
}
MODULES = {"IDX": "numpy", "npz": "numpy", "HDF5": "h5py", "CSV": "pandas"}


def make(folder):
    import h5py
    import numpy as np
    import pandas

    random = np.random.default_rng(1)
    # Half of the pixels are 0, as of digits.
    images = random.integers(0, 256, (60_000, 28, 28), dtype="u1")
    images *= random.integers(0, 2, images.shape, dtype="u1")
    labels = (np.arange(60_000) % 10).astype("u1")
    files = {"IDX": folder / "idx", "npz": folder / "a.npz", "npz, compressed": folder / "b.npz",
             "HDF5": folder / "a.h5", "HDF5, gzip": folder / "b.h5", "CSV": folder / "t.csv"}
    files["IDX"].mkdir()
    for part, count in (("train", 60_000), ("t10k", 10)):
        (files["IDX"] / f"{part}-images-idx3-ubyte").write_bytes(
            struct.pack(">4I", 0x803, count, 28, 28) + images[:count].tobytes())
        (files["IDX"] / f"{part}-labels-idx1-ubyte").write_bytes(
            struct.pack(">2I", 0x801, count) + labels[:count].tobytes())
    np.savez(files["npz"], x_train=images, y_train=labels)
    np.savez_compressed(files["npz, compressed"], x_train=images, y_train=labels)
    for name, options in (("HDF5", {}), ("HDF5, gzip", {"compression": "gzip", "chunks": (256, 28, 28)})):
        with h5py.File(files[name], "w") as file:
            file.create_dataset("x_train", data=images, **options)
            file.create_dataset("y_train", data=labels)
    table = random.normal(size=(1_000_000, 28)).astype("f4")
    frame = pandas.DataFrame(table)
    frame[28] = np.arange(len(frame)) % 2
    frame.to_csv(files["CSV"], header=False, index=False)
    return {name: str(path) for name, path in files.items()}


def measured(command):
    """Seconds and peak memory in MB of a process, and what it prints."""
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    output, errors = process.stdout.read(), process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    if status:
        sys.exit(f"{command}: {errors.decode()}")
    return seconds, usage.ru_maxrss / 1024, output


def other(name, path):
    module = MODULES[name.split(",")[0]]
    code = (f"import time, numpy, {module}\nbegan = time.perf_counter()\n"
            f"data = {READERS[name].format(path)}\nprint(time.perf_counter() - began)")
    _, memory, output = measured([sys.executable, "-c", code])
    return float(output), memory


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rso", required=True)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("-o", "--output")
    arguments = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        # In a process of its own: the peak of a child counts what its parent held when it was started.
        with multiprocessing.Pool(1) as pool:
            files = pool.apply(make, (pathlib.Path(folder),))
        for name, path in files.items():
            own, others = [], []
            for _ in range(arguments.rounds):
                own.append(measured([arguments.rso, "train", "--data", path, "--arch", "auto", "--dry-run"])[:2])
                others.append(other(name, path))
            ratios = [mine[0] / theirs[0] for mine, theirs in zip(own, others)]
            rows.append((name, MODULES[name.split(",")[0]], own, others, statistics.median(ratios)))
    lines = ["| file | rso | memory | other tool | memory | time, rso / other |", "|---|---|---|---|---|---|"]
    for name, module, own, others, ratio in rows:
        times, memories = zip(*own)
        theirs, other_memories = zip(*others)
        lines.append(
            f"| {name} | {statistics.median(times):.2f} s | {max(memories):.0f} MB | {module} "
            f"{statistics.median(theirs):.2f} s | {max(other_memories):.0f} MB | {ratio:.2f} |")
    text = "\n".join(lines) + "\n"
    print(text)
    if arguments.output:
        load = os.getloadavg()[0]
        pathlib.Path(arguments.output).write_text(TEXT.format(
            table=text, rounds=arguments.rounds, processors=os.cpu_count(), load=load))


TEXT = """# The cost of reading data

`Benchmarks/reading.py` writes this page. It makes files of 60,000 x 28 x 28 bytes (47 MB) with labels, and a CSV file of
1,000,000 x 28 numbers and a label. rso and the other tool read them in turn, {rounds} times each.

rso's time is that of `rso train --dry-run`: a whole process, with SHA-256, normalisation and plan. The other tool's
time is that of its reading call alone, after its imports. Times are medians, and the last column is the median of the
ratios of each round; memory is the largest peak of a process.

{table}
{processors} processors, load average {load:.1f} at the end.
"""

if __name__ == "__main__":
    main()
