#!/usr/bin/env python3
"""Measures rso inspect and rso diff beside Python and h5diff on large files of tensors.

    toolkit.py [--rso PROGRAM] [--python PYTHON] [--gigabytes 1.5] [--repeat 3] [-o FILE.md] DIRECTORY

Makes two files of the given size in DIRECTORY, for each type, reads each once so that it is in the page cache, and
runs all programs in turn, REPEAT times. Writes a page in Markdown with the median of the seconds, the processor
seconds and the largest resident memory of each program. Removes the files. PYTHON needs numpy, safetensors, h5py
and torch; h5diff is in Debian's hdf5-tools.
"""
import argparse
import datetime
import json
import os
import pathlib
import shutil
import statistics
import struct
import subprocess
import sys
import time

import machine

ROOT = pathlib.Path(__file__).resolve().parent.parent

NUMPY_INSPECT = """
import sys, numpy
from safetensors import safe_open
for path in sys.argv[1:]:
    with safe_open(path, "numpy") as f:
        for name in f.keys():
            x = f.get_tensor(name).astype(numpy.float32, copy=False)
            finite = numpy.isfinite(x)
            x = x[finite] if not finite.all() else x
            print(name, x.shape, x.mean(dtype=float), x.std(dtype=float), x.min(), x.max(),
                  numpy.linalg.norm(x.ravel()), int((x == 0).sum()))
"""
TORCH_INSPECT = """
import sys, torch
from safetensors import safe_open
for path in sys.argv[1:]:
    with safe_open(path, "pt") as f:
        for name in f.keys():
            x = f.get_tensor(name).float()
            finite = torch.isfinite(x)
            x = x[finite] if not finite.all() else x
            print(name, x.shape, x.mean().item(), x.std(correction=0).item(), x.min().item(),
                  x.max().item(), x.norm().item(), int((x == 0).sum()))
"""
TORCH_DIFF = """
import sys, torch
from safetensors import safe_open
with safe_open(sys.argv[1], "pt") as f, safe_open(sys.argv[2], "pt") as g:
    for name in f.keys():
        a, b = f.get_tensor(name).float(), g.get_tensor(name).float()
        d = b - a
        print(name, int((d != 0).sum()), d.abs().max().item(), (d.norm() / a.norm()).item(),
              torch.nn.functional.cosine_similarity(a.ravel(), b.ravel(), dim=0).item())
"""
H5PY_INSPECT = """
import sys, h5py, numpy
def show(name, data):
    if isinstance(data, h5py.Dataset):
        x = data[...]
        print(name, x.shape, x.mean(dtype=float), x.std(dtype=float), x.min(), x.max(),
              numpy.linalg.norm(x.ravel()), int((x == 0).sum()))
with h5py.File(sys.argv[1]) as file:
    file.visititems(show)
"""
NUMPY_DIFF = """
import sys, numpy
from safetensors import safe_open
with safe_open(sys.argv[1], "numpy") as f, safe_open(sys.argv[2], "numpy") as g:
    for name in f.keys():
        a, b = f.get_tensor(name).ravel(), g.get_tensor(name).ravel()
        d = b - a
        print(name, int((d != 0).sum()), numpy.abs(d).max(), numpy.linalg.norm(d) / numpy.linalg.norm(a),
              a @ b / numpy.linalg.norm(a) / numpy.linalg.norm(b))
"""


PAGE = """# Large files of tensors: beside Python and h5diff

`make benchmark-toolkit` (`Benchmarks/toolkit.py`) writes this page.

- Files: matrices of 4096 x 4096 normally distributed numbers, {gigabytes} GB together, and a copy in which every
  number differs a little; in the page cache. `BF16`, `F16`, `F32`: one safetensors file; `shards`: two, with an
  index, of F32; `HDF5`: F32, contiguous, written by h5py.
- Programs: `rso` at commit {commit}; scripts of a few lines that print the same figures of each tensor
  with {libraries};
  `h5diff -q`, which counts the differences and prints no other figure.
- Figures: the median of {repeat} runs of each program in turn. A diff reads two files, and its GB count both.
- Machine: {processor}, {processors} processors; load average at the end {load:.1f}; {date}

{table}"""

SIZES = {"BF16": 2, "F16": 2, "F32": 4}
EDGE = 4096


def matrix(index, change):
    """Weights of a network: normally distributed, and a copy that training has changed a little."""
    import numpy
    x = numpy.random.default_rng(index).standard_normal((EDGE, EDGE), numpy.float32) * 0.02
    if change:
        x *= 1 + 0.01 * numpy.random.default_rng(index + 1000).standard_normal((EDGE, EDGE), numpy.float32)
    return x


def write_safetensors(path, kind, indices, change):
    import numpy
    size = SIZES[kind] * EDGE * EDGE
    header = {
        f"layers.{index}.weight": {
            "dtype": kind, "shape": [EDGE, EDGE], "data_offsets": [place * size, (place + 1) * size]}
        for place, index in enumerate(indices)}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for index in indices:
            x = matrix(index, change)
            if kind == "F16":
                x = x.astype(numpy.float16)
            elif kind == "BF16":
                bits = x.view(numpy.uint32)
                x = ((bits + 0x7FFF + (bits >> 16 & 1)) >> 16).astype(numpy.uint16)
            file.write(x.tobytes())


def write_shards(path, indices, change):
    path.mkdir()
    shards = [indices[: len(indices) // 2], indices[len(indices) // 2 :]]
    names = [f"model-{k + 1:05}-of-00002.safetensors" for k in range(2)]
    for name, part in zip(names, shards):
        write_safetensors(path / name, "F32", part, change)
    weights = {f"layers.{i}.weight": name for name, part in zip(names, shards) for i in part}
    (path / "model.safetensors.index.json").write_text(json.dumps({"weight_map": weights}))


def write_hdf5(path, indices, change):
    import h5py
    with h5py.File(path, "w") as file:
        for index in indices:
            file[f"layers/{index}/weight"] = matrix(index, change)


def write(path, kind, gigabytes, change):
    indices = range(max(1, round(gigabytes * 1e9 / SIZES.get(kind, 4) / EDGE / EDGE)))
    if kind == "HDF5":
        write_hdf5(path, indices, change)
    elif kind == "shards":
        write_shards(path, indices, change)
    else:
        write_safetensors(path, kind, indices, change)


def apart(function, *arguments):
    """Calls a function in a process of its own: a child's largest resident memory begins with its parent's."""
    child = os.fork()
    if child == 0:
        function(*arguments)
        os._exit(0)
    if os.waitpid(child, 0)[1] != 0:
        sys.exit(f"{function.__name__}{arguments} failed")


def files_of(path):
    return [f for f in path.iterdir() if f.suffix != ".json"] if path.is_dir() else [path]


def run(command):
    """Returns seconds, processor seconds and the largest resident memory in bytes."""
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        sys.exit(f"{command[:3]} failed")
    return time.monotonic() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024


def measure(commands, repeat):
    """Runs all commands in turn; the median of each figure."""
    runs = {name: [] for name in commands}
    for _ in range(repeat):
        for name, command in commands.items():
            runs[name].append(run(command))
    return {name: [statistics.median(v) for v in zip(*found)] for name, found in runs.items()}


def commands(options, kind, a, b):
    """The programs that are compared: for inspect, and for diff."""
    python = [options.python, "-c"]
    inspect = {
        "rso inspect": [options.rso, "inspect", a],
        "rso inspect, 1 thread": [options.rso, "inspect", a, "--threads", "1"],
    }
    diff = {
        "rso diff": [options.rso, "diff", a, b],
        "rso diff, 1 thread": [options.rso, "diff", a, b, "--threads", "1"],
        "rso diff, equal files": [options.rso, "diff", a, a],
    }
    if kind == "HDF5":
        inspect["h5py + numpy"] = python + [H5PY_INSPECT, a]
        diff["h5diff"] = ["h5diff", "-q", a, b]
    elif kind != "shards":
        inspect["safetensors + torch"] = python + [TORCH_INSPECT, a]
        diff["safetensors + torch"] = python + [TORCH_DIFF, a, b]
        if kind == "F32":
            inspect["safetensors + numpy"] = python + [NUMPY_INSPECT, a]
            diff["safetensors + numpy"] = python + [NUMPY_DIFF, a, b]
    return inspect, diff


def libraries(python):
    program = "import importlib.metadata as m; print(', '.join(f'{n} {m.version(n)}' for n in %r))"
    names = ["safetensors", "numpy", "torch", "h5py"]
    return subprocess.run([python, "-c", program % names], check=True, text=True, stdout=subprocess.PIPE).stdout.strip()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("directory", type=pathlib.Path)
    parser.add_argument("--rso", default=".build/release/rso")
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--gigabytes", type=float, default=1.5)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--kinds", default="BF16,F16,F32,shards,HDF5")
    parser.add_argument("-o", type=pathlib.Path)
    options = parser.parse_args()
    options.directory.mkdir(parents=True, exist_ok=True)
    lines = []
    for kind in options.kinds.split(","):
        paths = []
        for name, change in (("a", False), ("b", True)):
            path = options.directory / f"{name}-{kind.lower()}"
            apart(write, path, kind, options.gigabytes, change)
            paths.append(path)
        for path in paths:
            for file in files_of(path):
                subprocess.run(["cat", file], stdout=subprocess.DEVNULL, check=True)
        size = sum(os.path.getsize(f) for f in files_of(paths[0]))
        for what, programs, read in zip(
            ("inspect", "diff"), commands(options, kind, *map(str, paths)), (size, 2 * size)
        ):
            found = measure(programs, options.repeat)
            for name, (seconds, processor, memory) in found.items():
                lines.append(
                    f"| {kind} | {what}: {name} | {seconds:.2f} | {read / 1e9 / processor:.2f} | "
                    f"{memory / 1e6:.0f} | {seconds / next(iter(found.values()))[0]:.2f} |")
        for path in paths:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    table = "\n".join([
        "| files | program | seconds | GB/s per processor second | resident MB | time beside rso |",
        "|---|---|---:|---:|---:|---:|", *lines]) + "\n"
    page = PAGE.format(
        gigabytes=options.gigabytes, commit=machine.commit(ROOT), repeat=options.repeat, table=table,
        libraries=libraries(options.python), processor=machine.processor(), processors=os.cpu_count(),
        load=os.getloadavg()[0], date=datetime.date.today())
    options.o.write_text(page) if options.o else print(page, end="")


if __name__ == "__main__":
    main()
