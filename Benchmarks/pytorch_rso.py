#!/usr/bin/env python3
"""Times rso against the same algorithm in PyTorch, side by side on one machine.

The algorithm evaluates three losses for each weight: unchanged, plus a change, and minus the change.
Two programs in PyTorch do so. The naive one makes three whole forward passes. The other caches the
searched layer's input, as the paper proposes, and computes the network from that layer on. First,
their losses are compared with those of `rso bench --losses`. Then the three programs take turns, layer
by layer and round by round, and the best time of each counts.
"""
import argparse
import json
import os
import pathlib
import sys
import tempfile
import time

import numpy as np
import torch

import report
from images import normalized, read
from network import Network
from rso import Rso

ROOT = pathlib.Path(__file__).resolve().parent.parent
# Relative, of a loss. rso computes in float32 and is compared with PyTorch's float64.
TOLERANCE = 1e-5
# PyTorch's own float32 is less exact: it adds up a batch norm's moments in float32.
FLOAT32_TOLERANCE = 2e-3
DELTA = 0.05


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rso", default=ROOT / ".build/release/rso", help="the program rso")
    parser.add_argument("--preset", default="mnist-6conv")
    parser.add_argument("--data", default=ROOT / "Fixtures/mnist", type=pathlib.Path,
                        help="a directory with IDX files, plain or gzip")
    parser.add_argument("--batch-size", type=int, default=5000)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--rounds", type=int, default=2, help="the number of times that each layer is timed")
    parser.add_argument("--samples", type=int, default=2,
                        help="the number of weights per layer and round that PyTorch is timed on")
    parser.add_argument("--seconds", type=float, default=3,
                        help="seconds per layer and round that rso is timed for")
    parser.add_argument("--no-compile", action="store_true", help="do not try torch.compile")
    parser.add_argument("-o", "--output", type=pathlib.Path, help="a Markdown file for the results")
    return parser.parse_args()


class TimedRso(Rso):
    """The programs of rso that this one is compared with."""

    def losses(self, steps):
        path = self.scratch / "steps.json"
        path.write_text(json.dumps({"steps": steps}))
        return json.loads(self.call(
            "bench", "--losses", path, "--weights", self.checkpoint, "--data", self.options.data,
            "--threads", self.options.threads))["steps"]

    def time(self, layer):
        return json.loads(self.call(
            "bench", "--preset", self.options.preset, "--batch-size", self.options.batch_size,
            "--threads", self.options.threads, "--layers", layer, "--seconds",
            self.options.seconds, "--json"))


def three_losses(network, layer, place, delta, loss):
    """The work for one weight: three losses, with the weight changed in its tensor."""
    weight = network.weight(layer)
    current = weight[place].clone()
    result = []
    for value in (current, current + delta, current - delta):
        weight[place] = value
        result.append(loss())
    weight[place] = current
    return [float(x) for x in result]


def seconds(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def fastest_form(rso, images, labels, compiled):
    """The times of a forward pass by memory format and by eager or compiled execution."""
    times = {}
    for memory in ("contiguous", "channels_last"):
        for form in ("eager", "compiled") if compiled else ("eager",):
            network = pytorch_network(rso, memory)
            first = network.layers[0]
            suffix = network.suffix(first)
            if form == "compiled":
                suffix = torch.compile(suffix, dynamic=False)
            x, kept = network.cached(images, first)
            try:
                suffix(x, kept, labels)
            except Exception as error:  # for instance, no compiler
                if form == "eager":
                    raise
                print(f"torch.compile: {error}", file=sys.stderr)
                continue
            times[memory, form] = min(seconds(lambda: suffix(x, kept, labels)) for _ in range(3))
            print(f"one forward pass, {memory}, {form}: {times[memory, form]:.2f} s", flush=True)
    return times


def pytorch_network(rso, memory, dtype=torch.float32):
    tensors = {k: torch.from_numpy(np.array(v)).to(dtype)
               for k, v in rso.network_tensors().items()}
    return Network(rso.architecture, tensors, getattr(
        torch, "contiguous_format" if memory == "contiguous" else memory))


def places(network, layer, count):
    """Some weights of a layer, in different output neurons."""
    shape = network.weight(layer).shape
    total = network.weight(layer).numel()
    return [tuple(int(i) for i in np.unravel_index((2 * k + 1) * total // (2 * count), shape))
            for k in range(count)]


def compare(rso, network, suffixes, images, labels):
    """The largest relative differences of a loss from rso's: of PyTorch's in float64, and of the
    timed form's."""
    exact = pytorch_network(rso, "contiguous", torch.float64)
    steps, losses = [], []
    for layer in network.layers:
        place = places(network, layer, 1)[0]
        row = network.weight(layer)[place[0]].shape
        steps.append({
            "layer": layer, "neuron": place[0],
            "weight": int(np.ravel_multi_index(place[1:], row)), "delta": DELTA,
            "batch": [0, len(labels)]})
        forms = []
        for form, suffix, x in ((exact, exact.suffix(layer), images.double()),
                                (network, suffixes[layer], images)):
            x, kept = form.cached(x, layer)
            forms.append(three_losses(form, layer, place, DELTA, lambda: suffix(x, kept, labels)))
        losses.append(forms)
    worst = [0.0, 0.0]
    for step, forms, answer in zip(steps, losses, rso.losses(steps), strict=True):
        for k, tolerance in enumerate((TOLERANCE, FLOAT32_TOLERANCE)):
            for value, name in zip(forms[k], ("current", "plus", "minus")):
                difference = abs(value - answer[name]) / abs(answer[name])
                worst[k] = max(worst[k], difference)
                if not difference <= tolerance:
                    sys.exit(f"pytorch_rso: {step['layer']}, neuron {step['neuron']}, weight "
                             f"{step['weight']}: loss '{name}' is {value!r} in PyTorch "
                             f"(float{(64, 32)[k]}), {answer[name]!r} in rso")
    return worst, 3 * len(steps)


def time_layers(options, rso, network, suffixes, images, labels):
    rows = {layer: {"layer": layer, "rso": [], "cached": [], "naive": []}
            for layer in network.layers}
    first = network.layers[0]
    whole = suffixes[first]
    begin, begin_kept = network.cached(images, first)
    calibration = []
    for turn in range(options.rounds):
        for layer, row in rows.items():
            answer = rso.time(layer)
            calibration.append(answer["calibration"]["gflops_per_core"])
            timed = answer["layers"][0]
            row["parameters"] = timed["parameters"]
            row["rso"].append(timed["milliseconds_per_weight"])
            x, kept = network.cached(images, layer)
            suffixes[layer](x, kept, labels)
            for place in places(network, layer, options.samples):
                row["cached"].append(1e3 * seconds(lambda: three_losses(
                    network, layer, place, DELTA, lambda: suffixes[layer](x, kept, labels))))
            place = places(network, layer, 1)[0]
            row["naive"].append(1e3 * seconds(lambda: three_losses(
                network, layer, place, DELTA, lambda: whole(begin, begin_kept, labels))))
            print(f"round {turn + 1}, {layer}: rso {row['rso'][-1]:.2f} ms per weight, PyTorch with "
                  f"caching {row['cached'][-1]:.1f} ms, naive {row['naive'][-1]:.0f} ms",
                  flush=True)
    return list(rows.values()), max(calibration)


def main():
    options = arguments()
    torch.set_num_threads(options.threads)
    load = [os.getloadavg()[0]]
    with tempfile.TemporaryDirectory() as scratch, torch.inference_mode():
        rso = TimedRso(options, pathlib.Path(scratch))
        count = options.batch_size
        images, labels = read(options.data, "train")
        images, labels = normalized(images[:count], rso.tensors), labels[:count]
        forms = fastest_form(rso, images, labels, not options.no_compile)
        memory, form = min(forms, key=forms.get)
        network = pytorch_network(rso, memory)
        suffixes = {layer: network.suffix(layer) for layer in network.layers}
        if form == "compiled":
            suffixes = {layer: torch.compile(suffix, dynamic=False)
                        for layer, suffix in suffixes.items()}
        worst, losses = compare(rso, network, suffixes, images, labels)
        print(f"{losses} losses agree: at most {worst[0]:.1e} relative difference from "
              f"PyTorch's float64, {worst[1]:.1e} from the timed form's", flush=True)
        rows, calibration = time_layers(options, rso, network, suffixes, images, labels)
    load.append(os.getloadavg()[0])
    text = report.text(
        root=ROOT, options=options, forms=forms, chosen=(memory, form), worst=worst, losses=losses,
        tolerances=(TOLERANCE, FLOAT32_TOLERANCE), rows=rows, calibration=calibration, load=load)
    print("\n" + text)
    if options.output:
        options.output.parent.mkdir(parents=True, exist_ok=True)
        options.output.write_text(text)


if __name__ == "__main__":
    main()
