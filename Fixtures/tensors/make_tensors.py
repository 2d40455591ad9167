"""Writes the files of tensors that rso's readers are tested with, by the tools whose formats they are."""
import pathlib

import ml_dtypes
import numpy as np
import onnx
import onnx.numpy_helper
import safetensors.numpy

here = pathlib.Path(__file__).resolve().parent
numbers = np.arange(24, dtype=np.float64).reshape(2, 3, 4) / 8 - 1

kinds = {
    name: numbers.astype(name)
    for name in ["float16", "float32", "float64", "int8", "int16", "int32", "int64"]
}
kinds |= {
    name: np.abs(numbers * 8).astype(name) for name in ["uint8", "uint16", "uint32", "uint64"]
}
kinds["bool"] = numbers > 0
kinds["scalar"] = np.float32(0.1)
kinds["empty"] = np.zeros((0, 5), np.float32)
plain = {name: np.array(array, order="C") for name, array in kinds.items()}

safetensors.numpy.save_file(
    plain | {"bfloat16": numbers.astype(ml_dtypes.bfloat16)}, here / "kinds.safetensors",
    metadata={"format": "np", "made by": "safetensors \"0.8.0\" \u00fc"})

np.savez(here / "kinds.npz", text=np.array("gr\u00fcn"), **plain)
np.savez_compressed(
    here / "orders.npz", fortran=np.asfortranarray(kinds["float32"]),
    big=kinds["float32"].astype(">f4"), big_fortran=np.asfortranarray(kinds["int16"]).astype(">i2"),
    zeros=np.zeros((100, 100), np.float32))
np.savez(here / "pickled.npz", weight=np.array([{"a": 1}], dtype=object))

helper = onnx.helper
raw = [onnx.numpy_helper.from_array(kinds[name], name) for name in
       ["float16", "float32", "float64", "int64", "uint8", "bool"]]
typed = [
    helper.make_tensor("float_data", onnx.TensorProto.FLOAT, [2, 3, 4], kinds["float32"].ravel()),
    helper.make_tensor("double_data", onnx.TensorProto.DOUBLE, [2, 3, 4], kinds["float64"].ravel()),
    helper.make_tensor("int64_data", onnx.TensorProto.INT64, [2, 3, 4], kinds["int64"].ravel()),
    helper.make_tensor("int32_data", onnx.TensorProto.INT32, [2, 3, 4], kinds["int32"].ravel()),
]
graph = helper.make_graph(
    [helper.make_node("Identity", ["float32"], ["output"])], "kinds", [],
    [helper.make_tensor_value_info("output", onnx.TensorProto.FLOAT, [2, 3, 4])],
    initializer=raw + typed)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
helper.set_model_props(model, {"made by": "onnx"})
onnx.save(model, here / "kinds.onnx")
