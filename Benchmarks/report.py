"""The results of pytorch_rso.py as Markdown."""
import datetime
import platform

import torch

from machine import commit, processor


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
    tried = "\n".join(f"| {', '.join(form)} | {1e3 * time:.0f} | {'used' if form == chosen else ''} |"
                      for form, time in forms.items())
    layers = "\n".join(table)
    return f"""# Speed beside PyTorch

`make benchmark` (`Benchmarks/pytorch_rso.py`) writes this page;
[Benchmarks](../../Benchmarks/README.md) describes what is compared.

- Network: `{options.preset}`, minibatches of {options.batch_size:,} samples, three losses per
  weight, float32
- Machine: {processor()}, {options.threads} threads; load average {load[0]:.1f} before,
  {load[1]:.1f} after
- Calibration: {calibration:.1f} GFLOP/s per core (`rso bench`)
- PyTorch {torch.__version__}, Python {platform.python_version()}
- Commit {commit(root)}, {datetime.date.today().isoformat()}

{losses} losses of the same weights on the same minibatch agree. The relative difference of rso's is at
most {worst[0]:.1e} from PyTorch in float64 (allowed: {tolerances[0]:.0e}), and {worst[1]:.1e} from the
timed program in float32 (allowed: {tolerances[1]:.0e}).

Milliseconds per weight, the best of {options.rounds} rounds in which the programs took turns:

| layer | parameters | rso | PyTorch, caching | ratio | PyTorch, naive | ratio |
|---|---|---|---|---|---|---|
{layers}
| **per cycle, s** | {parameters:,} | {cycle['rso']:.0f} | {cycle['cached']:.0f} | \
**{cycle['cached'] / cycle['rso']:.1f}** | {cycle['naive']:.0f} | \
**{cycle['naive'] / cycle['rso']:.1f}** |

rso's figures include its work per neuron and per layer. PyTorch's do not include filling the cache.
A cycle is the sum over the layers; batch norm's parameters count as weights.

One forward pass of the whole network in PyTorch, in the forms that were tried:

| form | ms | |
|---|---|---|
{tried}
"""
