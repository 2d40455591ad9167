"""Evaluates exports of binary and int8 weights as other tools do.

usage: check_integers.py DIRECTORY

Every folder in DIRECTORY holds one network as network.safetensors, network.npz and network.onnx, with integer weights;
as real.npz, with the same weights in float32; and what rso computed with it: input.bin, logits.bin (float32). The
weights are unpacked with NumPy and compared bit for bit; the model is run by ONNX Runtime. Prints one JSON object: for
each folder the largest deviation of the logits, the largest logit and the number of packed layers.
"""
import json
import pathlib
import sys

import numpy as np
import onnx
import onnx.numpy_helper
import onnxruntime
import safetensors.numpy


def unpacked(arrays):
    """Returns the arrays with weights in place of their integers, and the number of layers."""
    arrays, count = dict(arrays), 0
    for name in [name for name in arrays if name.endswith(".weight_scale")]:
        scale, weight = arrays.pop(name), name.removesuffix("_scale")
        count += 1
        if weight in arrays:
            assert arrays[weight].dtype == np.int8
            arrays[weight] = arrays[weight].astype(np.float32) * scale
        else:
            bits, shape = arrays.pop(weight + "_bits"), arrays.pop(weight + "_shape")
            ones = np.unpackbits(bits, axis=1, count=int(np.prod(shape[1:])))
            arrays[weight] = np.where(ones.reshape(shape) == 1, scale, -scale)
    return arrays, count


results = {}
for folder in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    with np.load(folder / "real.npz") as file:
        real = {name: file[name] for name in file if "." in name}
    with np.load(folder / "network.npz") as file:
        npz = {name: file[name] for name in file if "." in name}
    model = onnx.load(folder / "network.onnx")
    onnx.checker.check_model(model, full_check=True)
    initialisers = {entry.name: onnx.numpy_helper.to_array(entry) for entry in model.graph.initializer}
    files = [npz, safetensors.numpy.load_file(folder / "network.safetensors"),
             {name: array for name, array in initialisers.items() if "." in name}]
    for arrays in files:
        found, count = unpacked(arrays)
        assert found.keys() == real.keys(), (folder.name, sorted(found), sorted(real))
        for name, array in found.items():
            expected = real[name]
            assert array.dtype == expected.dtype and array.tobytes() == expected.tobytes(), (folder.name, name)
    shape = [dimension.dim_value for dimension in model.graph.input[0].type.tensor_type.shape.dim[1:]]
    samples = np.fromfile(folder / "input.bin", np.float32).reshape([-1] + shape)
    logits = np.fromfile(folder / "logits.bin", np.float32).reshape(len(samples), -1)
    session = onnxruntime.InferenceSession(folder / "network.onnx", providers=["CPUExecutionProvider"])
    found = session.run(["logits"], {"input": samples})[0]
    results[folder.name] = {
        "deviation": float(np.abs(found - logits).max()), "largest": float(np.abs(logits).max()), "packed": count}
print(json.dumps(results))
