#!/usr/bin/env python3
"""Reads every dataset of an rso checkpoint, and checks both of its digests.

Written from rso-checkpoint(5) alone, with h5py and numpy and nothing of rso's. Prints one line a
dataset (path, type, shape), then `sha256 DIGEST` and `state_sha256 DIGEST`; exits with 1 at the first
thing that is wrong.

usage: read_checkpoint.py FILE.h5 ...
"""

import hashlib
import json
import struct
import sys

import h5py
import numpy

BLOCK = 512
KINDS = ["weight", "bias", "gamma", "beta"]
PURPOSES = ["initialization", "proposal", "minibatch"]


def fail(message):
    sys.exit(f"{sys.argv[0]}: {message}")


def check_user_block(path):
    """Checks the file's length and digest; returns its digest and generator."""
    with open(path, "rb") as file:
        content = file.read()
    lines = content[:BLOCK].split(b"\n")
    fields = [line.split(b" ", 1) for line in lines[1:4]]
    if not lines[0].startswith(b"rso checkpoint 1."):
        fail(f"{path}: not an rso checkpoint of version 1")
    if [name for name, _ in fields] != [b"length", b"sha256", b"generator"]:
        fail(f"{path}: unexpected lines in the user block")
    length, digest, generator = (value for _, value in fields)
    if int(length) != len(content):
        fail(f"{path}: {len(content)} bytes where {int(length)} are stated")
    if lines[4].strip(b"\0"):
        fail(f"{path}: text after the user block's fourth line")
    blank = content[:BLOCK].replace(digest, b"0" * 64, 1) + content[BLOCK:]
    found = hashlib.sha256(blank).hexdigest()
    if found.encode() != digest:
        fail(f"{path}: SHA-256 is {found}, stated is {digest.decode()}")
    return found, generator.decode()


def text(dataset):
    """The text of a scalar dataset or attribute with a string type of fixed length."""
    value = dataset[()] if isinstance(dataset, h5py.Dataset) else dataset
    return value.decode("utf-8")


def read_all(file, path):
    """Reads every dataset; returns them by path."""
    found = {}

    def visit(name, item):
        if isinstance(item, h5py.Dataset):
            if item.chunks is not None or item.external is not None:
                fail(f"{path}: /{name} is not stored in one piece")
            found[name] = item[()]
            print(f"/{name} {item.dtype} {item.shape}")

    file.visititems(visit)
    return found


def layers(file):
    """The layers' groups in the order of evaluation."""
    return sorted(file["parameters"].values(), key=lambda group: group.attrs["position"])


def state_digest(file):
    digest = hashlib.sha256(b"rso state 1\n")

    def add(name, content):
        digest.update(name.encode() + b"\0" + struct.pack("<Q", len(content)) + content)

    def numbers(name, dtype):
        add(name, file[name][()].astype(dtype).tobytes())

    add("plan", text(file["plan"]).encode())
    add("architecture", text(file["architecture"]).encode())
    for layer in layers(file):
        for kind in KINDS:
            if kind in layer:
                numbers(f"{layer.name[1:]}/{kind}", "<f4")
    numbers("search/cursor", "<i8")
    numbers("search/initial_deviation", "<f8")
    add("random/algorithm", text(file["random/algorithm"]).encode())
    for purpose in PURPOSES:
        numbers(f"random/key/{purpose}", "<u8")
    return digest.hexdigest()


def check_contents(file, path):
    plan = json.loads(text(file["plan"]))
    json.loads(text(file["architecture"]))
    count = len(layers(file))
    cycle, layer, neuron = (int(value) for value in file["search/cursor"][()])
    if not (0 <= cycle <= plan["options"]["cycles"] and 0 <= layer < count and neuron >= 0):
        fail(f"{path}: cursor {cycle}, {layer}, {neuron} is out of range")
    if file["search/deviation"].shape != (cycle, count):
        fail(f"{path}: deviations of shape {file['search/deviation'].shape}")
    if file["history/cycle"][()].tolist() != list(range(1, cycle + 1)):
        fail(f"{path}: history of cycles {file['history/cycle'][()]}")
    for group in layers(file):
        for kind, dataset in group.items():
            if dataset.dtype != numpy.float32 or not numpy.isfinite(dataset[()]).all():
                fail(f"{path}: {dataset.name} is not finite float32")
    seed = plan["seed"]
    for number, purpose in enumerate(PURPOSES, 1):
        if file["random/key"][purpose][()].tolist() != [seed, number]:
            fail(f"{path}: /random/key/{purpose} does not fit the seed")


def main(paths):
    if not paths:
        fail("no file given")
    for path in paths:
        digest, generator = check_user_block(path)
        with h5py.File(path, "r") as file:
            if file.userblock_size != BLOCK:
                fail(f"{path}: a user block of {file.userblock_size} bytes")
            if text(file.attrs["generator"]) != generator:
                fail(f"{path}: two generators")
            read_all(file, path)
            check_contents(file, path)
            state = state_digest(file)
            if text(file.attrs["state_sha256"]) != state:
                fail(f"{path}: state_sha256 is {state}, stated is another")
        print(f"sha256 {digest}")
        print(f"state_sha256 {state}")


if __name__ == "__main__":
    main(sys.argv[1:])
