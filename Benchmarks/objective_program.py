#!/usr/bin/env python3
"""Measures what a program of `rso train --objective` costs in each step, and prints a table in Markdown.

The program is docs/examples/objectives/cross_entropy, in C and in Python; "built in" is rso's own cross entropy. The
network has 490 parameters, and one thread searches it on MNIST. The times are processor time: that of 21
cycles (2 for the program in Python) less that of one, divided by the steps between, so that starting and reading the
data do not count."""
import argparse
import json
import os
import pathlib
import shlex
import subprocess
import sys
import tempfile

from machine import commit, processor

ROOT = pathlib.Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "docs/examples/objectives"
NETWORK = {"name": "pooled", "version": 2, "input": [1, 28, 28], "classes": 10, "layers": [
    {"type": "average-pool", "kernel": 4}, {"type": "flatten"}, {"type": "linear", "outputs": 10, "bias": False}]}
STEPS = 490
# A program that runs the words after the first, and writes the processor time that they took into the file that the
# first names.
TIMED = """import os, subprocess, sys
status = subprocess.call(sys.argv[2:])
times = os.times()
open(sys.argv[1], "w").write(str(times.children_user + times.children_system))
sys.exit(status)"""


def run(rso, data, folder, batch, cycles, program):
    """The processor seconds of rso, and those of the program."""
    directory = pathlib.Path(tempfile.mkdtemp(dir=folder))
    times = directory / "times"
    words = [rso, "train", "--arch", folder / "pooled.json", "--data", data, "--seed", "1", "--threads", "1", "--quiet",
             "--batch-size", str(batch), "--phase-samples", str(batch), "--cycles", str(cycles), "-o", directory / "run"]
    if program:
        command = [sys.executable, folder / "timed.py", times, *program]
        words += ["--objective", shlex.join(map(str, command))]
    before = os.times()
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    after = os.times()
    total = after.children_user + after.children_system - before.children_user - before.children_system
    # rso has waited for the program, whose time is therefore a part of the total.
    answered = float(times.read_text()) if program else 0
    return total - answered, answered


def per_step(rso, data, folder, batch, program, more):
    """The microseconds of a step of rso, and of the program, from `more` further cycles."""
    short = run(rso, data, folder, batch, 1, program)
    long = run(rso, data, folder, batch, 1 + more, program)
    return [(b - a) / (more * STEPS) * 1e6 for a, b in zip(short, long)]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rso", required=True)
    parser.add_argument("--data", required=True, help="MNIST")
    parser.add_argument("--repeats", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "pooled.json").write_text(json.dumps(NETWORK))
        (folder / "timed.py").write_text(TIMED)
        compiled = folder / "cross_entropy"
        subprocess.run(["cc", "-O2", "-o", compiled, EXAMPLES / "cross_entropy.c", "-lm"], check=True)
        python = [sys.executable, EXAMPLES / "cross_entropy.py"]
        print("| samples in a minibatch | built in | rso beside a program | program in C | program in Python |")
        print("|---|---|---|---|---|")
        for batch in 100, 1000, 5000:
            def best(program, more=20):
                tries = [per_step(arguments.rso, arguments.data, folder, batch, program, more)
                         for _ in range(arguments.repeats)]
                return [min(column) for column in zip(*tries)]
            built_in, in_c, in_python = best(None), best([compiled]), best(python, more=1)
            print(f"| {batch:,} | {built_in[0]:,.0f} | {in_c[0]:,.0f} | {in_c[1]:,.0f} | {in_python[1]:,.0f} |", flush=True)
    print(f"\n{processor()}, {os.cpu_count()} processors; commit {commit(ROOT)}; "
          f"load average at the end {os.getloadavg()[0]:.1f}.")


if __name__ == "__main__":
    main()
