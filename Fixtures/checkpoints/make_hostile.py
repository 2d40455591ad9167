#!/usr/bin/env python3
"""Makes checkpoints that mean harm: their digest is right, and their content is not.

usage: make_hostile.py CHECKPOINT DIRECTORY

Writes one file for each row of `HOSTILE` into DIRECTORY, each a copy of CHECKPOINT with one thing
changed and a digest that fits; needs h5py.
"""

import hashlib
import re
import shutil
import sys
from pathlib import Path

import h5py
import numpy

BLOCK = 512
HUGE = 1 << 40


def replace(file, name, **options):
    if name in file:
        del file[name]
    return file.create_dataset(name, **options)


def low(file, name, shape, maximum=None, dtype=h5py.h5t.IEEE_F64LE, external=None, virtual=None):
    """A dataset through the low-level interface, which refuses less."""
    if name in file:
        del file[name]
    properties = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    if external:
        properties.set_external(external.encode(), 0, h5py.h5f.UNLIMITED)
    space = h5py.h5s.create_simple(shape, maximum or shape)
    return h5py.h5d.create(file.id, name.encode(), dtype, space, properties)


def loop(file):
    del file["search"]
    file["search"] = file["/"]


def wide_loop(file):
    group = file.create_group("search/loop")
    for index in range(64):
        group[str(index)] = group


def many_names(file):
    file["big"] = numpy.zeros(1000)
    group = file.create_group("names")
    for index in range(4000):
        group[str(index)] = file["big"]


def virtual(file):
    layout = h5py.VirtualLayout(shape=(3,), dtype="<i8")
    layout[:] = h5py.VirtualSource("/etc/passwd", "x", shape=(3,))
    del file["search/cursor"]
    file.create_virtual_dataset("search/cursor", layout)


def text(file, name, content):
    replace(file, name, data=numpy.bytes_(content))


def nan(file):
    weights = file["parameters/fc/weight"]
    values = weights[()]
    values.flat[0] = numpy.nan
    weights[...] = values


HOSTILE = {
    "elements-2e40": lambda f: low(f, "search/initial_deviation", (HUGE,)),
    "elements-2e40-in-weights": lambda f: low(
        f, "parameters/fc/weight", (HUGE, 4), dtype=h5py.h5t.IEEE_F32LE),
    "elements-2e58": lambda f: low(f, "search/deviation", (1 << 29, 1 << 29)),
    "text-2e30": lambda f: replace(f, "plan", shape=(), dtype=h5py.string_dtype(length=1 << 30)),
    "external-storage": lambda f: low(f, "search/cursor", (3,), external="/etc/passwd"),
    "external-link": lambda f: (f.pop("plan"), f.__setitem__(
        "plan", h5py.ExternalLink("/etc/passwd", "/plan"))),
    "soft-link": lambda f: (f.pop("plan"), f.__setitem__("plan", h5py.SoftLink("/architecture"))),
    "dangling-link": lambda f: (f.pop("plan"), f.__setitem__("plan", h5py.SoftLink("/nowhere"))),
    "loop-of-groups": loop,
    "wide-loop-of-groups": wide_loop,
    "many-names": many_names,
    "compound-type": lambda f: replace(
        f, "search/cursor", data=numpy.zeros(3, dtype=[("a", "<i8"), ("b", "<f4")])),
    "variable-text": lambda f: replace(f, "plan", data="{}", dtype=h5py.string_dtype()),
    "half-floats": lambda f: replace(f, "search/initial_deviation", data=numpy.zeros(4, "<f2")),
    "big-endian": lambda f: replace(f, "search/initial_deviation", data=numpy.zeros(4, ">f8")),
    "references": lambda f: replace(
        f, "search/cursor", shape=(3,), dtype=h5py.ref_dtype),
    "opaque-type": lambda f: replace(f, "search/cursor", data=numpy.zeros(3, "V8")),
    "array-type": lambda f: replace(f, "search/cursor", shape=(), dtype="(3,)<i8"),
    "named-type": lambda f: (f.pop("plan"), f.__setitem__("plan", numpy.dtype("<f8"))),
    "text-for-numbers": lambda f: replace(
        f, "search/initial_deviation", data=numpy.array([b"1", b"2", b"3", b"4"])),
    "numbers-for-text": lambda f: replace(f, "plan", data=numpy.arange(4.0)),
    "rank-32": lambda f: replace(f, "search/initial_deviation", data=numpy.zeros((1,) * 32)),
    "empty-space": lambda f: replace(f, "search/loss_sum", dtype="<f8", data=h5py.Empty("<f8")),
    "chunked": lambda f: replace(
        f, "search/initial_deviation", data=numpy.ones(4), chunks=(2,)),
    "compressed": lambda f: replace(
        f, "search/initial_deviation", data=numpy.ones(4), compression="gzip"),
    "virtual": virtual,
    "missing-object": lambda f: f.pop("history/cycle"),
    "superfluous-object": lambda f: f.create_group("extra"),
    "superfluous-attribute": lambda f: f["plan"].attrs.__setitem__("x", 1),
    "json-100-mb": lambda f: text(f, "plan", b"[" + b"1," * (50 << 20) + b"1]"),
    "json-10000-levels": lambda f: text(f, "architecture", b"[" * 10000 + b"]" * 10000),
    "json-of-objects": lambda f: text(f, "architecture", b'{"a":' * 10000 + b"1" + b"}" * 10000),
    "weight-not-a-number": nan,
    "resumes-2e63": lambda f: f["provenance"].attrs.modify("resumes", (1 << 63) - 1),
    "evaluations-2e63": lambda f: f["history/evaluations"].__setitem__(Ellipsis, (1 << 63) - 1),
}


def reseal(path):
    """Gives the file a length and a digest that fit."""
    content = bytearray(path.read_bytes())
    block = bytes(content[:BLOCK]).rstrip(b"\0")
    block = re.sub(rb"length \d+", b"length %d" % len(content), block)
    block = re.sub(rb"sha256 \w+", b"sha256 " + b"0" * 64, block)
    content[:BLOCK] = block.ljust(BLOCK, b"\0")
    digest = hashlib.sha256(content).hexdigest().encode()
    content[:BLOCK] = content[:BLOCK].replace(b"0" * 64, digest)
    path.write_bytes(content)


def main(checkpoint, directory):
    for name, change in HOSTILE.items():
        path = Path(directory) / f"{name}.h5"
        shutil.copy(checkpoint, path)
        with h5py.File(path, "r+") as file:
            change(file)
        reseal(path)


if __name__ == "__main__":
    main(*sys.argv[1:])
