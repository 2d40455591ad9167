#!/usr/bin/env python3
"""An objective for rso train --objective 'python3 cross_entropy.py': the mean cross entropy of classes.

Change `objective` to compute another number from the outputs. Lower is better: return a score or reward
with its sign turned round. rso-objective(5) describes the messages.
"""

import array
import math
import struct
import sys


def objective(logits, classes, outputs):
    """The objective of one candidate: a number, lower is better.

    logits: the outputs of all samples, one sample after the other.
    classes: the class of each sample.
    """
    total = 0.0
    for sample, label in enumerate(classes):
        row = logits[sample * outputs : (sample + 1) * outputs]
        largest = max(row)
        total += largest + math.log(sum(math.exp(z - largest) for z in row)) - row[label]
    return total / len(classes)


def read(count):
    """Reads exactly `count` bytes; ends the program when rso has closed its side."""
    data = sys.stdin.buffer.read(count)
    if len(data) < count:
        sys.exit(0 if not data else "cross_entropy.py: a message ends in the middle")
    return data


def main():
    magic, version, size, task, outputs, _, _ = struct.unpack("<8s6I", read(32))
    read(size - 32)  # the version of rso, and what a later version may add
    if magic != b"rso-obj\n" or version != 1:
        sys.exit("cross_entropy.py: not version 1 of the protocol")
    if task != 0:
        sys.exit("cross_entropy.py: expected samples with classes")
    answer = sys.stdout.buffer
    answer.write(struct.pack("<8sII", b"rso-obj\n", 1, 0))
    answer.flush()
    targets = {}
    while True:
        kind, number, samples, candidates, size = struct.unpack("<4IQ", read(24))
        if kind == 1:
            targets[number] = array.array("i", read(size))
            continue
        values = []
        for _ in range(candidates):
            logits = array.array("f", read(4 * samples * outputs))
            values.append(objective(logits, targets[number], outputs))
        answer.write(struct.pack("<%dd" % candidates, *values))
        answer.flush()


main()
