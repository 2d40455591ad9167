#!/usr/bin/env python3
"""Makes small data sets in the layouts that public ones have, with the libraries that define the formats.

Element e of a part (row-major, in the file's own layout) is (31 e + 7 + first) mod 251; `first` is 0 for
training, 1000 for validation and 2000 for test samples. Label i is i mod the number of classes.
"""
import gzip
import pathlib
import struct

import h5py
import numpy as np
import sklearn.datasets

here = pathlib.Path(__file__).resolve().parent
FIRST = {"train": 0, "val": 1000, "test": 2000}
COUNT = {"train": 9, "val": 3, "test": 6}


def samples(part, *shape, type="u1"):
    count = COUNT[part] * int(np.prod(shape))
    values = (31 * np.arange(count) + 7 + FIRST[part]) % 251
    return values.reshape(COUNT[part], *shape).astype(type)


def labels(part, classes=3, type="i8"):
    return (np.arange(COUNT[part]) % classes).astype(type)


def rows(values, type):
    return np.array([values[i % len(values)] for i in range(COUNT["train"])], dtype=type)


def npz(name, packed=False, **arrays):
    path = here / name
    path.parent.mkdir(exist_ok=True)
    (np.savez_compressed if packed else np.savez)(path, **arrays)


def idx(name, array, packed=False):
    codes = {"u1": 8, "i1": 9, "i2": 0x0B, "i4": 0x0C, "f4": 0x0D, "f8": 0x0E}
    code = codes[array.dtype.kind + str(array.dtype.itemsize)]
    data = struct.pack(">HBB", 0, code, array.ndim) + struct.pack(f">{array.ndim}I", *array.shape)
    data += array.astype(array.dtype.newbyteorder(">")).tobytes()
    path = here / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(gzip.compress(data, mtime=0) if packed else data)


def numpy_files():
    npz("keras.npz", x_train=samples("train", 4, 5), y_train=labels("train", type="u1"),
        x_test=samples("test", 4, 5), y_test=labels("test", type="u1"))
    npz("medmnist.npz", packed=True, **{
        f"{part}_{kind}": array for part in ("train", "val", "test")
        for kind, array in (("images", samples(part, 6, 5, 3)),
                            ("labels", labels(part, type="u1")[:, None]))})
    flags = {part: (np.arange(COUNT[part] * 14).reshape(-1, 14) % 5 == 0).astype("u1")
             for part in ("train", "val", "test")}
    npz("chestmnist.npz", packed=True, **{
        f"{part}_{kind}": array for part in ("train", "val", "test")
        for kind, array in (("images", samples(part, 4, 5)), ("labels", flags[part]))})
    for part in ("train", "test"):
        np.savez_compressed(folder("kmnist") / f"kmnist-{part}-imgs.npz", samples(part, 4, 5))
        np.savez_compressed(folder("kmnist") / f"kmnist-{part}-labels.npz", labels(part, type="u1"))
        np.save(folder("npy") / f"X_{part}.npy", samples(part, 4, type="f4"))
        np.save(folder("npy") / f"y_{part}.npy", labels(part, type="i4"))
    npz("features.npz", X=samples("train", 4, type="f8") / 8, y=rows([3, 5, -9], "i8"))
    npz("sklearn.npz", data=samples("train", 4, type=">f4"), target=labels("train", type=">i2"))
    np.savez(here / "positional.npz", samples("train", 4, type="f2"), labels("train"))
    npz("texts.npz", X=samples("train", 4, type="i2"), y=rows(["red", "green", "deep blue"], "U9"))
    npz("bytes.npz", X=samples("train", 4, type="u8"), y=rows([b"red", b"green", b"blue"], "S5"))
    npz("booleans.npz", images=samples("train", 4, 5) > 100, labels=rows([True, False], bool))
    npz("fortran.npz", X=np.asfortranarray(samples("train", 2, 4, 5)),
        y=np.asfortranarray(np.eye(3, dtype="f4")[labels("train")]))
    npz("saved.npz", **{f"{name}_{part}": array for part in ("train", "test")
                        for name, array in (("X", samples(part, 4, type="f4")), ("y", labels(part)))})
    npz("named.npz", data=samples("train", 4, type="f4"), target=labels("train"), DESCR="Flowers",
        target_names=np.array(["setosa", "versicolor", "azure"]),
        feature_names=np.array(["length", "width", "height", "weight"]))
    npz("regression.npz", X=samples("train", 4), y=(np.arange(9) / 4 - 1).astype("f8"))
    npz("outputs.npz", X=samples("train", 4), y=(np.arange(18).reshape(9, 2) / 4).astype("f4"))
    npz("channels-first.npz", images=samples("train", 3, 4, 5), labels=labels("train"))
    npz("columns.npz", X=samples("train", 4), y=np.stack([labels("train"), labels("train") + 5], 1))
    npz("several.npz", data=samples("train", 20), images=samples("train", 4, 5), target=labels("train"))
    npz("test-only.npz", X=samples("test", 4, type="f8") / 8, y=np.array([5, 3, -9, 5, 3, -9]))
    npz("unknown-label.npz", X=samples("test", 4, type="f8"), y=np.array([5, 3, -9, 5, 4, -9]))
    npz("other-names.npz", a=samples("train", 4), b=labels("train"))
    npz("not-finite.npz", X=np.where(samples("train", 4) == 38, np.nan, 1.0), y=labels("train"))
    npz("objects.npz", X=samples("train", 4), y=np.array([{"a": 1}, None], dtype=object))
    npz("one-class.npz", X=samples("train", 4), y=np.zeros(9, "i8"))
    npz("unequal.npz", X=samples("train", 4), y=np.zeros(8, "i8"))


def folder(name):
    (here / name).mkdir(exist_ok=True)
    return here / name


def hdf5_files():
    def create(name):
        return h5py.File(here / name, "w", track_order=False)

    with create("usps.h5") as file:
        for part in ("train", "test"):
            group = file.create_group(part)
            group["data"] = samples(part, 16, type="f4") / 256
            group["target"] = labels(part)
    for part, name in (("train", "train"), ("val", "valid"), ("test", "test")):
        for kind, array in (("x", samples(part, 6, 5, 3)), ("y", labels(part, 2, "u1"))):
            with h5py.File(folder("pcam") / f"camelyonpatch_level_2_split_{name}_{kind}.h5", "w") as f:
                f.create_dataset(kind, data=array if kind == "x" else array[:, None, None, None],
                                 chunks=True, compression="gzip")
    with create("lzf.h5") as file:
        many = np.tile(samples("train", 64), (1, 8))
        file.create_dataset("X", data=many, chunks=(4, 300), compression="lzf", shuffle=True)
        file.create_dataset("y", data=["red", "green", "deep blue"] * 3)
    with create("kinds.h5") as file:
        for name in ("f2", "f4", ">f4", "f8", ">f8", "i1", "u1", "i2", ">i2", "u2", "i4", "u4", "i8",
                     ">u8", "u8"):
            data = samples("train", 4).astype("i8") // 2
            file.create_dataset(name.replace(">", "big-"), data=data.astype(name), chunks=(2, 3),
                                compression="gzip", shuffle=True, fletcher32=True)
        file["y"] = np.array([b"red", b"green", b"blue"] * 3)
        file["flags"] = np.array([True, False, True] * 3)
        file.create_dataset("never", shape=(1000, 1000), dtype="f4")
        file["complex"] = np.zeros(9, "c8")
    with create("named.h5") as file:
        file["X"] = samples("train", 4, 5)
        file["y"] = labels("train")
        file["class_names"] = ["setosa", "versicolor", "azure"]
        file["label_names"] = ["of", "no", "use"]
    with create("virtual.h5") as file:
        layout = h5py.VirtualLayout(shape=(9, 4), dtype="f4")
        layout[:] = h5py.VirtualSource("kinds.h5", "f4", shape=(9, 4))
        file.create_virtual_dataset("X", layout)
        file["y"] = labels("train")


def idx_files():
    for part in ("train", "test"):
        letters = samples(part, 4, 5)
        idx(f"emnist/emnist-letters-{part}-images-idx3-ubyte.gz", letters, packed=True)
        idx(f"emnist/emnist-letters-{part}-labels-idx1-ubyte.gz",
            (labels(part, 3) + 1).astype("u1"), packed=True)
        idx(f"emnist/emnist-digits-{part}-images-idx3-ubyte.gz", letters, packed=True)
        idx(f"emnist/emnist-digits-{part}-labels-idx1-ubyte.gz", labels(part, type="u1"), packed=True)
        idx(f"qmnist/qmnist-{part}-images-idx3-ubyte", samples(part, 4, 5))
        numbers = np.stack([labels(part, type="i4")] + [np.arange(COUNT[part]) + 7] * 7, axis=1)
        idx(f"qmnist/qmnist-{part}-labels-idx2-int", numbers.astype("i4"))
    for type, name in (("i1", "byte"), ("i2", "short"), ("i4", "int"), ("f4", "float"),
                       ("f8", "double")):
        idx(f"idx-{name}/train-images-idx4-{name}", (samples("train", 2, 2, 3) // 2).astype(type))
        idx(f"idx-{name}/train-labels-idx1-short", labels("train", type="i2"))


def sparse_files():
    many = samples("train", 6, type="f8")
    data = np.where(many > 100, many / 8, 0)
    for name, start in (("zero", True), ("one", False)):
        sklearn.datasets.dump_svmlight_file(
            data, labels("train"), str(folder("svmlight") / f"{name}.svm"), zero_based=start)
    flags = np.eye(3, dtype="i8")[labels("train")] | np.eye(3, dtype="i8")[labels("train")[::-1]]
    sklearn.datasets.dump_svmlight_file(
        data, flags, str(folder("svmlight") / "sets.svm"), multilabel=True)


if __name__ == "__main__":
    numpy_files()
    hdf5_files()
    idx_files()
    sparse_files()
