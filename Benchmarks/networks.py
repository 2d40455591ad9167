#!/usr/bin/env python3
"""Times steps of the common networks of Fixtures/networks with `rso bench`, and writes a table.

A step compares three values of a weight on a minibatch. The shares are those of the calibration that `rso bench`
measures just before: the multiplications and additions that a step needs (`rso train --dry-run`), in three losses,
per second of processor time, divided by the rate of the calibration's kernel. For agreement, the logits of `rso eval`
are compared with those that onnxruntime computes from the exported network."""
import argparse
import csv
import json
import os
import pathlib
import re
import subprocess
import tempfile

import numpy
import onnxruntime

from machine import commit, processor

ROOT = pathlib.Path(__file__).resolve().parent.parent
# The size of the minibatch of each network.
NETWORKS = {
    "lenet-5": 250, "all-convolutional": 250, "resnet-20": 20, "depthwise": 250, "vgg-small": 250, "wide-mlp": 250,
    "binary": 250, "mnist-6conv": 250,
}


def output(*words):
    return subprocess.run(words, check=True, text=True, stdout=subprocess.PIPE).stdout


def architecture(name):
    return ROOT / "Fixtures/networks" / f"{name}.json"


def samples(name, folder):
    """A file with 1,000 random images of the network's shape."""
    shape = json.loads(architecture(name).read_text())["input"]
    data = folder / f"{'-'.join(map(str, shape))}.npz"
    if not data.exists():
        images = numpy.random.default_rng(1).integers(0, 256, (1000, *shape))
        numpy.savez(data, x=images.astype("u1"), y=numpy.arange(1000) % 10)
    return data


def disagreement(rso, name, folder):
    """The largest difference between a logit of rso and that of onnxruntime, by the largest logit.

    The network is one that was searched for a second, with batch norm's statistics of the samples."""
    data, run, predictions, onnx = samples(name, folder), folder / name, folder / "logits.csv", folder / "network.onnx"
    ended = subprocess.run([rso, "train", "--arch", architecture(name), "--data", data, "--batch-size", "20", "--seed", "1",
                            "--max-time", "0:01", "--quiet", "-o", run])
    if ended.returncode not in (0, 85):  # 85: the time is over
        raise SystemExit(f"networks.py: rso train of {name} ended with status {ended.returncode}")
    output(rso, "eval", run, "--data", data, "--split", "train", "--predictions", predictions, "--quiet")
    output(rso, "export", run, "-o", onnx, "--include-normalization", "--force", "--quiet")
    with open(predictions) as lines:
        table = list(csv.DictReader(lines))
    columns = [column for column in table[0] if column.startswith("logit")]
    found = numpy.array([[float(row[column]) for column in columns] for row in table])
    split = [int(row["index"]) for row in table]
    images = numpy.load(data)["x"][split]
    expected = onnxruntime.InferenceSession(onnx).run(None, {"images": images})[0]
    return abs(found - expected).max() / abs(expected).max()


def costs(rso, name, folder):
    """The multiply-adds of a step for one sample and one loss, by layer."""
    text = output(rso, "train", "--arch", architecture(name), "--data", samples(name, folder), "--batch-size", "100",
                  "--dry-run")
    table = text[text.index("\n  layer "):]
    rows = re.findall(r"^  (\w+) .*\s([\d,]+)\s+([\d,]+)\s+([\d,]+)$", table, re.M)
    return {layer: int(step.replace(",", "")) for layer, _, _, step in rows}


def bench(rso, name, *options):
    return json.loads(output(rso, "bench", "--arch", architecture(name), "--json", *options))


def rows(rso, name, batch, folder, seconds):
    cost = costs(rso, name, folder)
    # The calibration is measured without --layers; a small network has it soonest.
    rate = bench(rso, "binary", "--seconds", "1")["calibration"]["gflops_per_core"] * 1e9
    names = list(cost)
    places = {"first": names[0], "middle": names[len(names) // 2], "last": names[-1]}
    if len(names) < 3:
        del places["middle"]
    found = bench(rso, name, "--batch-size", str(batch), "--layers", ",".join(dict.fromkeys(places.values())), "--samples",
                  str(20 * batch), "--test-samples", "100", "--seconds", str(seconds))
    layers = {layer["layer"]: layer for layer in found["layers"]}
    difference = disagreement(rso, name, folder)
    for place, layer in places.items():
        figures = layers[layer]
        seconds_per_step = figures["processor_milliseconds_per_step"] / 1000
        share = 2 * 3 * cost[layer] * batch / seconds_per_step / rate
        yield (f"| `{name}` | {batch} | {place}: `{layer}` | {figures['milliseconds_per_step']:.3g} | "
               f"{figures['milliseconds_per_weight']:.3g} | {share:.0%} | {difference:.1e} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rso", required=True)
    parser.add_argument("--seconds", type=float, default=20, help="the time for the steps of a network")
    parser.add_argument("-o", "--output")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        lines = [row for name, batch in NETWORKS.items()
                 for row in rows(arguments.rso, name, batch, pathlib.Path(folder), arguments.seconds)]
    text = TEXT.format(
        table="\n".join(lines), machine=processor(), processors=os.cpu_count(), commit=commit(ROOT),
        load=os.getloadavg()[0])
    print(text)
    if arguments.output:
        pathlib.Path(arguments.output).write_text(text)


TEXT = """# Steps of common networks

`make benchmark-networks` (`Benchmarks/networks.py`) writes this page. The networks are those of
[Fixtures/networks](../../Fixtures/networks), B is the number of samples in a minibatch, and a step compares three values
of a weight, with f32. The last column of times includes what a minibatch that is new for a neuron costs.

The share is that of the calibration of `rso bench`: the additions and multiplications that a step needs, per second of
processor time, divided by the rate of a convolution in registers. Winograd's filtering and sums that are folded
multiply less than is counted, so that a share may be above 100 %; a step of a last layer has hardly any
multiplications, and consists of reading, activations and the loss.

The difference is that between the logits of rso and those of onnxruntime for the exported network, on 1,000 random
images: the largest one, divided by the largest logit. Both compute in single precision. The tests also hold the losses
of all these networks to those of an evaluator in double precision, within 0.00002 of the loss (`BackendConformance`),
and that evaluator to PyTorch in double precision, within 0.000000001.

| network | B | layer | ms per step | ms per weight | share | difference |
|---|---|---|---|---|---|---|
{table}

{machine}, {processors} processors; commit {commit}; load average at the end {load:.1f}.
"""

if __name__ == "__main__":
    main()
