#!/usr/bin/env python3
"""Trains a network of rso by stochastic gradient descent in PyTorch, for comparison with rso.

The network is read from rso: a preset, or a file as in rso-architecture(5). It is first built with
weights that rso has exported, and must give the answers of `rso eval`. Then its weights are drawn
from the distribution that rso uses: N(0, sqrt(2 / fan-in)), gamma 1, beta and biases 0. After each
epoch it is measured on the test set, with batch norms fixed to the statistics of a part of the
training set.
"""
import argparse
import csv
import json
import os
import pathlib
import platform
import sys
import tempfile
import time

import numpy as np
import torch
import torch.nn.functional as F

import machine
from images import normalized, read
from network import Network
from rso import Rso

ROOT = pathlib.Path(__file__).resolve().parent.parent
# Relative, of a logit: rso and PyTorch both compute in float32.
TOLERANCE = 1e-4
# The number of test images that are classified at a time.
CHUNK = 1000


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rso", default=ROOT / ".build/release/rso", help="the program rso")
    network = parser.add_mutually_exclusive_group()
    network.add_argument("--preset", default="mnist-6conv")
    network.add_argument("--arch", type=pathlib.Path, help="a network in JSON")
    parser.add_argument("--data", default=ROOT / "Fixtures/mnist", type=pathlib.Path,
                        help="a directory with IDX files, or CIFAR-10's binary files: a directory "
                             "or a tar archive")
    parser.add_argument("--epochs", type=int, default=20, help="the number of epochs; 0 only checks the network")
    parser.add_argument("--batch-size", type=int, default=128)
    parser.add_argument("--learning-rate", type=float, default=0.1,
                        help="the rate of the first step; it falls to 0 along half a cosine")
    parser.add_argument("--momentum", type=float, default=0.9)
    parser.add_argument("--weight-decay", type=float, default=1e-4)
    parser.add_argument("--statistics", type=int, default=5000,
                        help="the number of training images for the batch-norm statistics of a test")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("-o", "--output", type=pathlib.Path, action="append", default=[],
                        help="a file for the results, .json or .csv; may be repeated")
    options = parser.parse_args()
    for path in options.output:
        if path.suffix not in (".json", ".csv"):
            parser.error(f"--output {path}: expected a name that ends in .json or .csv")
    return options


def check(rso, network, images):
    """The largest difference of a logit from rso's, relative to the largest of its image. `network`
    must have rso's weights."""
    path = rso.scratch / "predictions.csv"
    rso.call("eval", rso.checkpoint, "--data", rso.options.data, "--threads", rso.options.threads,
             "--predictions", path, "--quiet")
    with path.open() as file:
        rows = list(csv.DictReader(file))[:CHUNK]
    classes = sum(name.startswith("logit_") for name in rows[0])
    theirs = np.array([[float(row[f"logit_{k}"]) for k in range(classes)] for row in rows])
    with torch.inference_mode():
        ours = network.logits(images[:len(rows)], fixed=True).double().numpy()
    scale = np.abs(theirs).max(axis=1, keepdims=True)
    worst = float((np.abs(ours - theirs) / scale).max())
    if not worst <= TOLERANCE:
        sys.exit(f"sgd: a logit differs by {worst:.1e} from rso's, more than {TOLERANCE:.0e}")
    return worst


def draw(network, generator):
    """Gives the network the weights that training begins with; returns those to be trained."""
    trained = []
    for name, tensor in network.tensors.items():
        if name.endswith((".running_mean", ".running_var")):
            continue
        if tensor.dim() > 1:
            fan_in = tensor[0].numel()
            tensor.copy_(torch.randn(tensor.shape, generator=generator) * (2 / fan_in) ** 0.5)
        else:
            is_gamma = name.endswith(".weight")
            tensor.fill_(1 if is_gamma else 0)
        trained.append(tensor.requires_grad_())
    return trained


def fix_statistics(network, images):
    """Sets the batch norms' statistics to those of `images`."""
    for norm, (mean, variance) in network.moments(images).items():
        network.tensors[f"{norm}.running_mean"].copy_(mean)
        network.tensors[f"{norm}.running_var"].copy_(variance)


def measure(network, images, labels):
    loss, right = 0.0, 0
    for begin in range(0, len(labels), CHUNK):
        logits = network.logits(images[begin:begin + CHUNK], fixed=True)
        answers = labels[begin:begin + CHUNK]
        loss += float(F.cross_entropy(logits.double(), answers, reduction="sum"))
        right += int((logits.argmax(1) == answers).sum())
    return loss / len(labels), right / len(labels)


def train(options, network, training, test):
    generator = torch.Generator().manual_seed(options.seed)
    with torch.no_grad():
        parameters = draw(network, generator)
    count = sum(tensor.numel() for tensor in parameters)
    images, labels = training
    batches = len(labels) // options.batch_size
    optimizer = torch.optim.SGD(parameters, options.learning_rate, options.momentum,
                                weight_decay=options.weight_decay)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, options.epochs * batches)
    began = time.perf_counter()
    for epoch in range(1, options.epochs + 1):
        order = torch.randperm(len(labels), generator=generator)
        total = 0.0
        for batch in order[:batches * options.batch_size].split(options.batch_size):
            loss = F.cross_entropy(network.logits(images[batch], fixed=False), labels[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += float(loss.detach())
        with torch.no_grad():
            fix_statistics(network, images[:options.statistics])
            test_loss, accuracy = measure(network, *test)
        yield {
            "epoch": epoch, "steps": epoch * batches, "updates": epoch * batches * count,
            "training_loss": total / batches, "test_loss": test_loss, "test_accuracy": accuracy,
            "seconds": time.perf_counter() - began}


def write(path, result):
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".json":
        path.write_text(json.dumps(result, indent=1) + "\n")
        return
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, result["epochs"][0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(result["epochs"])


def main():
    options = arguments()
    torch.set_num_threads(options.threads)
    with tempfile.TemporaryDirectory() as scratch:
        rso = Rso(options, pathlib.Path(scratch))
        training, test = ((normalized(images, rso.tensors), labels)
                          for images, labels in (read(options.data, "train"),
                                                 read(options.data, "test")))
        tensors = {k: torch.from_numpy(np.array(v)) for k, v in rso.network_tensors().items()}
        network = Network(rso.architecture, tensors, torch.contiguous_format)
        worst = check(rso, network, test[0])
        print(f"the network answers as rso does: relative difference of a logit {worst:.1e}", flush=True)
        if options.epochs < 1:
            return
        epochs = []
        for row in train(options, network, training, test):
            epochs.append(row)
            print(f"epoch {row['epoch']}/{options.epochs}  loss {row['training_loss']:.4f}  test "
                  f"loss {row['test_loss']:.4f}  test accuracy {100 * row['test_accuracy']:.2f} %  "
                  f"{row['seconds']:.0f} s", flush=True)
    best = max(epochs, key=lambda row: row["test_accuracy"])
    result = {
        "network": rso.architecture["name"], "data": options.data.name,
        "options": {name: getattr(options, name) for name in (
            "epochs", "batch_size", "learning_rate", "momentum", "weight_decay", "statistics",
            "seed", "threads")},
        "epochs": epochs, "test_accuracy": epochs[-1]["test_accuracy"],
        "best_test_accuracy": best["test_accuracy"], "best_epoch": best["epoch"],
        "difference_from_rso": worst, "pytorch": torch.__version__,
        "python": platform.python_version(), "processor": machine.processor(),
        "commit": machine.commit(ROOT)}
    for path in options.output:
        write(path, result)


if __name__ == "__main__":
    main()
