"""The results of pytorch_rso.py as Markdown."""
import datetime
import pathlib
import platform
import subprocess

import torch


def processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def commit(root):
    def git(*words):
        return subprocess.run(["git", "-C", root, *words], check=True, text=True,
                              stdout=subprocess.PIPE).stdout.strip()
    try:
        changed = git("status", "--porcelain", "--untracked-files=no", "Sources", "Benchmarks")
        return git("rev-parse", "--short=12", "HEAD") + (", changed since" if changed else "")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def text(*, root, options, forms, chosen, worst, losses, tolerances, rows, calibration, load):
    table = []
    cycle = {"rso": 0.0, "cached": 0.0, "naive": 0.0}
    for row in rows:
        best = {k: min(row[k]) for k in cycle}
        for k in cycle:
            cycle[k] += row["parameters"] * best[k] / 1e3
        table.append(
            f"| {row['layer']} | {row['parameters']:,} | {best['rso']:.2f} | "
            f"{best['cached']:.1f} | {best['cached'] / best['rso']:.1f} | {best['naive']:.0f} | "
            f"{best['naive'] / best['rso']:.0f} |")
    parameters = sum(row["parameters"] for row in rows)
    tried = "\n".join(f"| {', '.join(form)} | {1e3 * time:.0f} | {'taken' if form == chosen else ''} |"
                      for form, time in forms.items())
    layers = "\n".join(table)
    return f"""# Speed beside PyTorch

Written by `make benchmark` (`Benchmarks/pytorch_rso.py`), which says what is compared.

- Network: `{options.preset}`, minibatches of {options.batch_size:,} samples, three losses a
  weight, float32
- Machine: {processor()}, {options.threads} threads; load average {load[0]:.1f} before,
  {load[1]:.1f} after
- Calibration: {calibration:.1f} GFLOP/s a core (`rso bench`)
- PyTorch {torch.__version__}, Python {platform.python_version()}
- Commit {commit(root)}, {datetime.date.today().isoformat()}

{losses} losses of the same weights on the same minibatch agree. rso's are at most {worst[0]:.1e} of a
loss from what PyTorch computes in float64 (allowed: {tolerances[0]:.0e}), and {worst[1]:.1e} from what
the timed program computes in float32 (allowed: {tolerances[1]:.0e}).

Milliseconds a weight, the best of {options.rounds} rounds in which the programs took turns:

| layer | parameters | rso | PyTorch, caching | ratio | PyTorch, naive | ratio |
|---|---|---|---|---|---|---|
{layers}
| **a cycle, s** | {parameters:,} | {cycle['rso']:.0f} | {cycle['cached']:.0f} | \
**{cycle['cached'] / cycle['rso']:.1f}** | {cycle['naive']:.0f} | \
**{cycle['naive'] / cycle['rso']:.1f}** |

rso's figures include what it does once a neuron and once a layer; PyTorch's do not include filling
the cache. A cycle is the sum over the layers, with batch norm's parameters counted as weights.

One forward pass of the whole network in PyTorch, in ms, in the forms that were tried:

| form | ms | |
|---|---|---|
{tried}
"""
