"""Writes the first samples of MNIST as a data set of their own.

usage: digits.py DIRECTORY COUNT
"""
import gzip
import pathlib
import struct
import sys

source = pathlib.Path(__file__).resolve().parent.parent / "mnist"
target, count = pathlib.Path(sys.argv[1]), int(sys.argv[2])
target.mkdir()
for half in ["train", "t10k"]:
    images = gzip.open(source / f"{half}-images-idx3-ubyte.gz").read()
    labels = gzip.open(source / f"{half}-labels-idx1-ubyte.gz").read()
    (target / f"{half}-images-idx3-ubyte").write_bytes(
        images[:4] + struct.pack(">I", count) + images[8:16 + count * 784])
    (target / f"{half}-labels-idx1-ubyte").write_bytes(
        labels[:4] + struct.pack(">I", count) + labels[8:8 + count])
