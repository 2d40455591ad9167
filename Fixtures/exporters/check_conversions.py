"""Compares the files b.h5, b.npz, b.onnx and b.safetensors in a folder with a.npz: every array, by the format's own
library. Prints the number of equal arrays of each."""
import pathlib
import sys

import h5py
import numpy as np
import onnx
import onnx.numpy_helper
import safetensors.numpy

NOTE = 'a "b" / ü'


def hdf5(path):
    arrays = {}

    def visit(name, item):
        if isinstance(item, h5py.Dataset):
            value = item[()]
            if item.dtype.kind == "S":
                decode = np.vectorize(lambda text: text.decode(), otypes=[object])
                value = decode(np.asarray(value)).astype("U")
            arrays[name] = np.asarray(value)

    with h5py.File(path) as file:
        file.visititems(visit)
        assert file.attrs["note"].decode() == NOTE
    return arrays


def model(path):
    graph = onnx.load(path)
    assert graph.metadata_props[0].value == NOTE
    arrays = {}
    for tensor in graph.graph.initializer:
        array = onnx.numpy_helper.to_array(tensor)
        if tensor.data_type == onnx.TensorProto.STRING:
            texts = [text.decode() for text in tensor.string_data]
            array = np.array(texts).reshape(tuple(tensor.dims))
        arrays[tensor.name] = array
    return arrays


def archive(path):
    with np.load(path) as file:
        arrays = dict(file)
    assert arrays.pop("note") == NOTE
    return arrays


def tensors(path):
    with safetensors.safe_open(path, "np") as file:
        assert file.metadata()["note"] == NOTE
    return safetensors.numpy.load_file(path)


def main():
    folder = pathlib.Path(sys.argv[1])
    wanted = archive(folder / "a.npz")
    for name, read in {"h5": hdf5, "npz": archive, "onnx": model, "safetensors": tensors}.items():
        arrays = read(folder / f"b.{name}")
        for key, array in arrays.items():
            other = wanted[key]
            assert array.shape == other.shape and array.dtype.kind == other.dtype.kind, (name, key)
            assert array.dtype.kind == "U" or array.dtype == other.dtype, (name, key)
            assert (array == other).all(), (name, key)
        print(name, len(arrays))


main()
