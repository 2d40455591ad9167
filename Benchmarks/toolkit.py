#!/usr/bin/env python3
"""Measures rso inspect and rso diff beside Python on large files of tensors.

    toolkit.py [--rso PROGRAM] [--python PYTHON] [--gigabytes 1.5] [--repeat 3] [--json FILE] DIRECTORY

Makes two files of the given size in DIRECTORY, for each type, reads each once so that it is in the
page cache, and runs all programs in turn, REPEAT times. Prints a table in Markdown with the median of the
seconds, the processor seconds and the largest resident memory of each program. Removes the files. The Python programs need numpy
and safetensors, and for bfloat16 torch.
"""
import argparse
import json
import os
import pathlib
import statistics
import struct
import subprocess
import sys
import time

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


def write(path, kind, gigabytes, change):
    """Writes a file of matrices of 4096 x 4096: weights of a network, normally distributed."""
    import numpy
    size = {"BF16": 2, "F16": 2, "F32": 4}[kind]
    count = max(1, round(gigabytes * 1e9 / size / 4096 / 4096))
    header, offset = {}, 0
    for index in range(count):
        header[f"layers.{index}.weight"] = {
            "dtype": kind, "shape": [4096, 4096],
            "data_offsets": [offset, offset + size * 4096 * 4096]}
        offset += size * 4096 * 4096
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for index in range(count):
            x = numpy.random.default_rng(index).standard_normal((4096, 4096), numpy.float32) * 0.02
            if change:
                x *= 1 + 0.01 * numpy.random.default_rng(index + 1000).standard_normal(
                    (4096, 4096), numpy.float32)
            if kind == "F16":
                x = x.astype(numpy.float16)
            elif kind == "BF16":
                bits = x.view(numpy.uint32)
                x = ((bits + 0x7FFF + (bits >> 16 & 1)) >> 16).astype(numpy.uint16)
            file.write(x.tobytes())


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


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("directory", type=pathlib.Path)
    parser.add_argument("--rso", default=".build/release/rso")
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--gigabytes", type=float, default=1.5)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--json", type=pathlib.Path)
    options = parser.parse_args()
    options.directory.mkdir(parents=True, exist_ok=True)
    python = [options.python, "-c"]
    results = []
    for kind in ("BF16", "F16", "F32"):
        files = {}
        for name, change in (("a", False), ("b", True)):
            path = options.directory / f"{name}-{kind.lower()}.safetensors"
            if not path.exists():
                # In a process of its own: a child's largest resident memory begins with its parent's.
                child = os.fork()
                if child == 0:
                    write(path, kind, options.gigabytes, change)
                    os._exit(0)
                if os.waitpid(child, 0)[1] != 0:
                    sys.exit(f"cannot write {path}")
            files[name] = str(path)
        for path in files.values():
            subprocess.run(["cat", path], stdout=subprocess.DEVNULL, check=True)
        size = os.path.getsize(files["a"])
        inspect = {
            "rso inspect": [options.rso, "inspect", files["a"]],
            "rso inspect, 1 thread": [options.rso, "inspect", files["a"], "--threads", "1"],
            "safetensors + torch": python + [TORCH_INSPECT, files["a"]],
        }
        diff = {
            "rso diff": [options.rso, "diff", files["a"], files["b"]],
            "rso diff, 1 thread": [options.rso, "diff", files["a"], files["b"], "--threads", "1"],
            "rso diff, equal files": [options.rso, "diff", files["a"], files["a"]],
            "safetensors + torch": python + [TORCH_DIFF, files["a"], files["b"]],
        }
        if kind == "F32":
            inspect["safetensors + numpy"] = python + [NUMPY_INSPECT, files["a"]]
            diff["safetensors + numpy"] = python + [NUMPY_DIFF, files["a"], files["b"]]
        for what, commands, read in (("inspect", inspect, size), ("diff", diff, 2 * size)):
            found = measure(commands, options.repeat)
            for name, (seconds, processor, memory) in found.items():
                results.append({
                    "type": kind, "what": what, "program": name, "bytes": read, "seconds": seconds,
                    "processor_seconds": processor, "resident_bytes": memory,
                    "times_rso": seconds / next(iter(found.values()))[0]})
        for path in files.values():
            os.unlink(path)
    print("| type | program | seconds | GB/s per processor second | resident MB | time beside rso |")
    print("|---|---|---:|---:|---:|---:|")
    for row in results:
        print(
            f"| {row['type'].lower()} | {row['what']}: {row['program']} | {row['seconds']:.2f} | "
            f"{row['bytes'] / 1e9 / row['processor_seconds']:.2f} | "
            f"{row['resident_bytes'] / 1e6:.0f} | {row['times_rso']:.2f} |")
    if options.json:
        options.json.write_text(json.dumps(results, indent=2) + "\n")


if __name__ == "__main__":
    main()
