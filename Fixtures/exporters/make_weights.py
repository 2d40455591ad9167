"""Writes the weights of a perceptron of 64, 8 and 10 numbers, as PyTorch names them, by other tools.

usage: make_weights.py STEM [constant]

The weights of the first layer are -1, -255/256 ... in their order, those of the second likewise, or all
0 with `constant`; the biases are 0, 1, 2 ... They are in half, single and double precision.
"""
import sys

import numpy as np
import onnx
import onnx.numpy_helper
import safetensors.numpy


def ramp(*shape):
    return np.arange(np.prod(shape)).reshape(shape) / 256 - 1


stem, constant = sys.argv[1], len(sys.argv) > 2
tensors = {
    "fc1.weight": ramp(8, 64).astype(np.float32),
    "fc1.bias": np.arange(8).astype(np.float64),
    "fc2.weight": (ramp(10, 8) * (not constant)).astype(np.float16),
    "fc2.bias": np.arange(10).astype(np.float32),
}
safetensors.numpy.save_file(tensors, stem + ".safetensors")
np.savez_compressed(stem + ".npz", **tensors)
helper = onnx.helper
graph = helper.make_graph(
    [helper.make_node("Flatten", ["x"], ["y"])], "perceptron",
    [helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, ["N", 64])],
    [helper.make_tensor_value_info("y", onnx.TensorProto.FLOAT, ["N", 64])],
    initializer=[onnx.numpy_helper.from_array(array, name) for name, array in tensors.items()])
onnx.save(helper.make_model(graph), stem + ".onnx")
