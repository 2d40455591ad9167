"""Writes HDF5 files of every kind with h5py, and what h5py reads from them: expected.json.

For each name: type, shape and the SHA-256 of the elements, row-major and little-endian; a text is its length
(4 bytes) and its UTF-8. Names without a digest are not read by rso.
"""
import hashlib
import json
import pathlib

import h5py
import numpy as np

here = pathlib.Path(__file__).resolve().parent
numbers = np.arange(24, dtype=np.float64).reshape(2, 3, 4) / 8 - 1
long = np.arange(240, dtype=np.float32).reshape(40, 6) / 8 - 1
expected = {}


def elements(array):
    """The bytes that rso delivers."""
    if array.dtype.kind in "OS":
        texts = [x if isinstance(x, bytes) else x.encode() for x in array.ravel().tolist()]
        return b"".join(len(text).to_bytes(4, "little") + text for text in texts)
    return array.astype(array.dtype.newbyteorder("<")).tobytes()


def expect(file, name, array=None, type=None):
    row = {"name": name}
    if array is not None:
        array = np.asarray(array)
        row["type"] = type or ("text" if array.dtype.kind in "OS" else array.dtype.name)
        row["shape"] = list(array.shape)
        row["sha256"] = hashlib.sha256(elements(array)).hexdigest()
    expected.setdefault(file, []).append(row)


def expect_all(path, unread=()):
    """Expects what h5py reads of every dataset."""
    found = {}
    with h5py.File(here / path) as file:
        file.visititems(lambda name, item: found.update({name: item}))
        for name, item in found.items():
            if isinstance(item, h5py.Dataset):
                expect(path, name) if name in unread else expect(path, name, item[()])


# Types
with h5py.File(here / "kinds.h5", "w") as file:
    for name in ["float16", "float32", "float64", "int8", "int16", "int32", "int64"]:
        file[f"little/{name}"] = numbers.astype(name)
        file[f"big/{name}"] = numbers.astype(np.dtype(name).newbyteorder(">"))
    for name in ["uint8", "uint16", "uint32", "uint64"]:
        file[f"little/{name}"] = np.abs(numbers * 8).astype(name)
        file[f"big/{name}"] = np.abs(numbers * 8).astype(np.dtype(name).newbyteorder(">"))
    file["little/bool"] = numbers > 0
    for name in ["complex64", "complex128"]:
        file[f"little/{name}"] = (numbers + 1j * numbers[::-1]).astype(name)
        file[f"big/{name}"] = (numbers - 2j).astype(np.dtype(name).newbyteorder(">"))
    file["extremes/int64"] = np.array([-(2**63), 2**63 - 1, 2**53 + 1])
    file["extremes/uint64"] = np.array([2**64 - 1, 2**53 + 1], np.uint64)
    file["extremes/float64"] = np.array([np.nan, np.inf, -0.0, 5e-324])
    file["scalar"] = np.float32(0.1)
    file["empty"] = np.zeros((0, 5), np.float32)
    file["dimensions"] = np.arange(2**10, dtype=np.int16).reshape((2,) * 10)
    colors = h5py.enum_dtype({"red": 0, "green": 200}, basetype="u1")
    file.create_dataset("enumeration", data=np.array([0, 200, 0], "u1"), dtype=colors)
    file["text/fixed"] = np.array([b"one", b"three", b"", b"a\0b"])
    file.create_dataset(
        "text/variable", data=["gr\u00fcn", "", "x" * 5000], dtype=h5py.string_dtype())
    file["text/scalar"] = "a text"
    # Types that are named and not read.
    file["unread/records"] = np.zeros(3, [("a", "f4"), ("b", "i4")])
    file.create_dataset("unread/arrays", (3,), dtype=np.dtype("(2,)f4"))[...] = np.ones((3, 2))
    file.create_dataset(
        "unread/times", data=np.zeros(2, "M8[s]").astype(h5py.opaque_dtype("M8[s]")))
    file.create_dataset("unread/references", data=[file["scalar"].ref], dtype=h5py.ref_dtype)
    sequences = file.create_dataset("unread/sequences", (2,), dtype=h5py.vlen_dtype("i4"))
    sequences[0] = [1, 2]
    file["unread/null"] = h5py.Empty("f4")
    file["unread/wide"] = np.zeros(2, np.longdouble)
    # bfloat16 is float32's upper half.
    half = h5py.h5t.IEEE_F32LE.copy()
    half.set_fields(15, 7, 8, 0, 7)
    half.set_size(2)
    half.set_ebias(127)
    space = h5py.h5s.create_simple((2, 3, 4))
    data = h5py.h5d.create(file.id, b"bfloat16", half, space)
    upper = (numbers.astype(np.float32).view(np.uint32) >> 16).astype(np.uint16)
    data.write(h5py.h5s.ALL, h5py.h5s.ALL, np.ascontiguousarray(upper), mtype=half)
    names = []
    file.visititems(lambda name, item: names.append(name) if isinstance(item, h5py.Dataset) else None)
    for name in names:
        if name.startswith("unread/"):
            expect("kinds.h5", name)
        elif name == "bfloat16":
            expect("kinds.h5", name, upper, type="bfloat16")
        else:
            expect("kinds.h5", name, file[name][()])

# Storage
with h5py.File(here / "storage.h5", "w") as file:
    file["contiguous"] = long
    file.create_dataset("chunked", data=long, chunks=(7, 4))
    file.create_dataset("gzip", data=long, chunks=(7, 4), compression="gzip")
    file.create_dataset("shuffle", data=long, chunks=(16, 6), compression="gzip", shuffle=True)
    file.create_dataset("fletcher32", data=long, chunks=(16, 6), fletcher32=True)
    file.create_dataset("lzf", data=long, chunks=(16, 6), compression="lzf", shuffle=True)
    file.create_dataset(
        "scale_offset", data=(8 * long).astype(np.int32), chunks=(16, 6), scaleoffset=0)
    file.create_dataset(
        "constant", data=np.full((64, 64), 7, np.int32), chunks=(64, 64), scaleoffset=0)
    file.create_dataset("big_endian", data=long.astype(">f4"), chunks=(9, 6), compression="gzip")
    file.create_dataset("text", data=["a", "bb", "ccc"], chunks=(2,), compression="gzip")
    file.create_dataset("zeros", data=np.zeros((300, 300)), chunks=(300, 300), compression="gzip")
    deep = np.arange(3 * 4 * 5 * 6, dtype=np.int16).reshape(3, 4, 5, 6)
    file.create_dataset("deep", data=deep, chunks=(2, 3, 2, 5), compression="gzip")
    # Chunks that were never written have the fill value.
    part = file.create_dataset("partial", (8, 8), "f4", chunks=(4, 4), fillvalue=-3)
    part[:4, :4] = 1
    file.create_dataset("never", (8, 8), "f4")
    compact = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    compact.set_layout(h5py.h5d.COMPACT)
    data = h5py.h5d.create(
        file.id, b"compact", h5py.h5t.IEEE_F32LE, h5py.h5s.create_simple((40, 6)), compact)
    data.write(h5py.h5s.ALL, h5py.h5s.ALL, long)
expect_all("storage.h5", unread=["never"])

# A file after a user block.
with h5py.File(here / "user-block.h5", "w", userblock_size=1024) as file:
    file["x"] = long
    file["packed"] = h5py.Empty("f4")
with open(here / "user-block.h5", "r+b") as file:
    file.write(b"MATLAB 7.3 MAT-file")
expect_all("user-block.h5", unread=["packed"])

# Links
with h5py.File(here / "links.h5", "w") as file:
    file["group/x"] = long
    file["group/alias"] = file["group/x"]
    file["second"] = file["group"]
    file["group/up"] = file["/"]
    file["soft"] = h5py.SoftLink("/group/x")
    file["softer"] = h5py.SoftLink("/soft")
    file["soft_group"] = h5py.SoftLink("/group")
    file["dangling"] = h5py.SoftLink("/nowhere")
    file["loop"] = h5py.SoftLink("/loop")
    file["outside"] = h5py.ExternalLink("storage.h5", "/chunked")
    file["through"] = h5py.SoftLink("/outside")
    file["type"] = np.dtype("f4")
    level = file
    for depth in range(40):
        level = level.create_group("g")
    level["deep"] = np.arange(3)
for name in ["group/x", "group/alias", "second/x", "second/alias", "soft", "softer",
             "soft_group/x", "soft_group/alias"]:
    expect("links.h5", name, long)
expect("links.h5", "/".join(["g"] * 40 + ["deep"]), np.arange(3))
for name in ["dangling", "loop", "outside", "through"]:
    expect("links.h5", name)

# Virtual datasets
for name, shift in (("a", 0), ("b", 100)):
    with h5py.File(here / f"part-{name}.h5", "w") as file:
        file.create_dataset("data/x", data=long + shift, chunks=(8, 6), compression="gzip")


def virtual(file, name, shape, parts, **keys):
    layout = h5py.VirtualLayout(shape=shape, dtype="f4", **keys)
    for place, source in parts:
        layout[place] = source
    file.create_virtual_dataset(name, layout, fillvalue=-7)


def source(name, dataset="data/x", shape=(40, 6)):
    return h5py.VirtualSource(name, dataset, shape=shape)


with h5py.File(here / "virtual.h5", "w") as file:
    file["own"] = long
    a, b = source("part-a.h5"), source("part-b.h5")
    virtual(file, "stacked", (80, 6), [(np.s_[:40], a), (np.s_[40:], b)])
    virtual(file, "interleaved", (40, 12), [(np.s_[:, ::2], a), (np.s_[:, 1::2], b)])
    virtual(file, "cut", (10, 3), [(np.s_[:], a[5:15, 1:4])])
    virtual(file, "inside", (40, 6), [(np.s_[:], source(".", "own"))])
    virtual(file, "mixed", (2, 40, 6), [(0, b), (1, source("virtual.h5", "own"))])
    # What h5py fills up is not read.
    virtual(file, "gap", (50, 6), [(np.s_[:40], a)])
    virtual(file, "missing", (40, 6), [(np.s_[:], source("part-c.h5"))])
    virtual(file, "no_dataset", (40, 6), [(np.s_[:], source("part-a.h5", "y"))])
    virtual(file, "elsewhere", (40, 6), [(np.s_[:], source("../hdf5/part-a.h5"))])
    virtual(file, "nested", (80, 6), [(np.s_[:], source(".", "stacked", (80, 6)))])
    virtual(file, "shorter", (50, 6), [(np.s_[:], source("part-a.h5", shape=(50, 6)))])
    virtual(file, "beyond", (4, 6), [(np.s_[:], source("part-a.h5", shape=(50, 6))[40:44])])
    virtual(file, "growing", (40, 6), [(np.s_[:], a)], maxshape=(None, 6))
    # One part of 40 rows for each file, without an end.
    space = h5py.h5s.create_simple((40, 6), (h5py.h5s.UNLIMITED, 6))
    space.select_hyperslab((0, 0), (h5py.h5s.UNLIMITED, 1), (40, 6), (40, 6))
    layout = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    layout.set_virtual(space, b"part-%b.h5", b"data/x", h5py.h5s.create_simple((40, 6)))
    h5py.h5d.create(file.id, b"pattern", h5py.h5t.IEEE_F32LE, space, layout)
expect_all("virtual.h5", unread=[
    "gap", "missing", "no_dataset", "elsewhere", "nested", "shorter", "beyond", "pattern"])

# Elements in a file of their own
with h5py.File(here / "external.h5", "w") as file:
    file.create_dataset(
        "outside", (4,), "f4", external=[("external.raw", 0, 16)], data=np.ones(4))
    file["inside"] = long
(here / "external.raw").unlink(missing_ok=True)
expect("external.h5", "outside")
expect("external.h5", "inside", long)

with open(here / "expected.json", "w") as file:
    json.dump(expected, file, indent=1, sort_keys=True)
    file.write("\n")
