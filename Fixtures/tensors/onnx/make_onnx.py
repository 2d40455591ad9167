"""Writes ONNX models with initialisers of every kind, and their elements: expected.json.

For each name: type, shape and the SHA-256 of the elements, row-major and little-endian; a text is its length
(4 bytes) and its UTF-8. Names without a digest are not read by rso.
"""
import hashlib
import json
import pathlib

import ml_dtypes
import numpy as np
import onnx
from onnx import TensorProto, helper

here = pathlib.Path(__file__).resolve().parent
numbers = np.arange(24, dtype=np.float64).reshape(2, 3, 4) / 8 - 1
expected = {"kinds.onnx": [], "external.onnx": []}
tensors = {"kinds.onnx": [], "external.onnx": []}


def expect(file, name, type, shape, data=None):
    row = {"name": name, "type": type, "shape": list(shape)}
    if data is not None:
        row["sha256"] = hashlib.sha256(data).hexdigest()
    expected[file].append(row)


def add(name, array, kind, type=None, data=None):
    """Adds a tensor twice: as raw bytes, and in the field for its type."""
    data = array.tobytes() if data is None else data
    for form in ["raw", "typed"]:
        if form == "raw":
            tensor = helper.make_tensor(f"raw/{name}", kind, array.shape, data, raw=True)
        else:
            tensor = helper.make_tensor(f"typed/{name}", kind, array.shape, array.ravel())
        tensors["kinds.onnx"].append(tensor)
        expect("kinds.onnx", f"{form}/{name}", type or name, array.shape, data)


add("float32", numbers.astype(np.float32), TensorProto.FLOAT)
add("float64", numbers, TensorProto.DOUBLE)
add("float16", numbers.astype(np.float16), TensorProto.FLOAT16)
add("bfloat16", numbers.astype(ml_dtypes.bfloat16), TensorProto.BFLOAT16)
for name in ["int8", "int16", "int32", "int64"]:
    add(name, (8 * numbers).astype(name), getattr(TensorProto, name.upper()))
for name in ["uint8", "uint16", "uint32", "uint64"]:
    add(name, np.abs(8 * numbers).astype(name), getattr(TensorProto, name.upper()))
add("bool", numbers > 0, TensorProto.BOOL)
add("complex64", (numbers + 1j).astype(np.complex64), TensorProto.COMPLEX64)
add("complex128", numbers - 2j * numbers, TensorProto.COMPLEX128)
add("float8_e4m3", numbers.astype(ml_dtypes.float8_e4m3fn), TensorProto.FLOAT8E4M3FN)
add("float8_e5m2", numbers.astype(ml_dtypes.float8_e5m2), TensorProto.FLOAT8E5M2)
add("float8_e4m3fnuz", numbers.astype(ml_dtypes.float8_e4m3fnuz), TensorProto.FLOAT8E4M3FNUZ)
small = np.arange(-8, 7, dtype=np.int8)
packed = [int(low) & 15 | (int(high) & 15) << 4 for low, high in zip(small[::2], [*small[1::2], 0])]
for name, kind in [("int4", TensorProto.INT4)]:
    add(name, small.astype(ml_dtypes.int4), kind, data=bytes(packed))
extremes = np.array([-(2**63), 2**63 - 1, -1])
add("extremes", extremes, TensorProto.INT64, type="int64")
texts = [b"one", "gr\u00fcn".encode(), b""]
tensors["kinds.onnx"].append(helper.make_tensor("texts", TensorProto.STRING, [3], texts))
expect("kinds.onnx", "texts", "text", [3], b"".join(len(t).to_bytes(4, "little") + t for t in texts))
tensors["kinds.onnx"].append(onnx.numpy_helper.from_array(np.zeros((0, 5), np.float32), "empty"))
expect("kinds.onnx", "empty", "float32", [0, 5], b"")
tensors["kinds.onnx"].append(onnx.numpy_helper.from_array(np.float32(0.1), "scalar"))
expect("kinds.onnx", "scalar", "float32", [], np.float32(0.1).tobytes())
sparse = helper.make_sparse_tensor(
    helper.make_tensor("sparse", TensorProto.FLOAT, [2], [1.0, 2.0]),
    helper.make_tensor("places", TensorProto.INT64, [2], [3, 7]), [3, 4])
expect("kinds.onnx", "sparse", "sparse float32", [3, 4])


def external(name, array, location, offset=None, length=None):
    tensor = onnx.TensorProto()
    tensor.name, tensor.data_type = name, TensorProto.FLOAT
    tensor.dims.extend(array.shape)
    tensor.data_location = TensorProto.EXTERNAL
    for key, value in [("location", location), ("offset", offset), ("length", length)]:
        if value is not None:
            tensor.external_data.add(key=key, value=str(value))
    tensors["external.onnx"].append(tensor)


first, second = numbers.astype(np.float32), numbers[0].astype(np.float32) * 2
(here / "external.bin").write_bytes(bytes(64) + first.tobytes() + second.tobytes())
external("first", first, "external.bin", 64, first.nbytes)
external("second", second, "external.bin", 64 + first.nbytes)
expect("external.onnx", "first", "float32", first.shape, first.tobytes())
expect("external.onnx", "second", "float32", second.shape, second.tobytes())
external("above", first, "../onnx/external.bin", 64, first.nbytes)
external("absolute", first, "/etc/passwd", 0, first.nbytes)
external("missing", first, "missing.bin")
external("beyond", first, "external.bin", 150, first.nbytes)
external("short", first, "external.bin", 64, 4)
for name in ["above", "absolute", "missing", "beyond", "short"]:
    expect("external.onnx", name, "float32", first.shape)

for name, list in tensors.items():
    graph = helper.make_graph([], "kinds", [], [], initializer=list)
    if name == "kinds.onnx":
        graph.sparse_initializer.append(sparse)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)
    helper.set_model_props(model, {"made by": "onnx"})
    (here / name).write_bytes(model.SerializeToString())

with open(here / "expected.json", "w") as file:
    json.dump(expected, file, indent=1, sort_keys=True)
    file.write("\n")
