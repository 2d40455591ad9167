"""Reads rso's data sets: directories of IDX files or of CIFAR-10's binary files, or its tar archive."""
import fnmatch
import gzip
import pathlib
import tarfile

import numpy as np
import torch

# A record of CIFAR-10's binary version: a label, and three planes of 32 x 32.
CIFAR_SHAPE = (3, 32, 32)


def read_idx(path):
    if not path.exists():
        path = path.with_name(path.name + ".gz")
    data = gzip.open(path).read() if path.suffix == ".gz" else path.read_bytes()
    shape = np.frombuffer(data, ">u4", count=data[3], offset=4)
    return np.frombuffer(data, np.uint8, offset=4 + 4 * data[3]).reshape(shape)


def read_cifar(contents):
    records = np.frombuffer(b"".join(contents), np.uint8)
    records = records.reshape(-1, 1 + int(np.prod(CIFAR_SHAPE)))
    return records[:, 1:].reshape(-1, *CIFAR_SHAPE), records[:, 0]


def archived(path, pattern):
    """The files of an archive whose names match, sorted by name, in any folder."""
    with tarfile.open(path) as archive:
        members = [member for member in archive.getmembers()
                   if fnmatch.fnmatch(pathlib.PurePosixPath(member.name).name, pattern)]
        return [archive.extractfile(member).read() for member in sorted(members, key=lambda m: m.name)]


def read(place, split):
    """The images, N x C x H x W in bytes, and the labels of "train" or "test"."""
    names = "data_batch_*.bin" if split == "train" else "test_batch.bin"
    if place.is_file():
        images, labels = read_cifar(archived(place, names))
    elif (place / "test_batch.bin").exists():
        images, labels = read_cifar(path.read_bytes() for path in sorted(place.glob(names)))
    else:
        prefix = {"train": "train", "test": "t10k"}[split]
        images = read_idx(place / f"{prefix}-images-idx3-ubyte")[:, None]
        labels = read_idx(place / f"{prefix}-labels-idx1-ubyte")
    return images, torch.from_numpy(labels.astype(np.int64))


def normalized(images, tensors):
    """Images normalised with the constants in `tensors`, the export of a run."""
    images = images.reshape(len(images), -1, *images.shape[-2:]).astype(np.float64) / 255
    mean, std = (np.asarray(tensors[f"normalization_{k}"], np.float64).reshape(-1, 1, 1)
                 for k in ("mean", "std"))
    return torch.from_numpy(((images - mean) / std).astype(np.float32))
