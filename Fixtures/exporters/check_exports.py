"""Reads exported networks with the tools that they were written for, and says how far these agree.

usage: check_exports.py DIRECTORY onnx|torch

With `onnx` the files are read by h5py, NumPy, safetensors and onnx, and run by ONNX Runtime; with `torch` the
PyTorch module is run.

Every folder in DIRECTORY holds one network in all formats, and what rso computed with it: `numbers.bin`,
all tensors as float32 one after the other; `images.bin`, bytes; `input.bin`, the same normalised,
float32; `logits.bin`, float32. `floats.bin`, `floats_input.bin` and `floats_logits.bin` are the same for
the network with the normalisation of floats. Prints one JSON object: for each network, the number of tensors and the
largest deviations of logits. Ends with status 1 at the first tensor that differs in a bit.
"""
import csv
import importlib.util
import json
import pathlib
import sys

import numpy as np

TOOLS = sys.argv[2]
if TOOLS == "torch":
    import torch

    torch.set_num_threads(1)
else:
    import h5py
    import onnx
    import onnx.numpy_helper
    import onnxruntime
    import safetensors
    import safetensors.numpy


def same(first, second, what):
    if first.dtype != second.dtype or first.shape != second.shape or first.tobytes() != second.tobytes():
        sys.exit(f"{what} differs")


def read_csv(path, shapes):
    tensors = {name: np.full(shape, np.nan, np.float32) for name, shape in shapes.items()}
    with open(path, newline="") as file:
        for row in csv.DictReader(file):
            place = [int(row[key]) for key in ["out", "in", "row", "column"] if row[key]]
            tensors[row["tensor"]][tuple(place)] = np.float32(row["value"])
    return tensors


def check_tensors(folder):
    with safetensors.safe_open(folder / "network.safetensors", "np") as file:
        names, metadata = list(file.offset_keys()), file.metadata()
    tensors = safetensors.numpy.load_file(folder / "network.safetensors")
    architecture = json.loads((folder / "network.json").read_text())
    mean, std = (json.loads(metadata[f"normalization_{key}"]) for key in ["mean", "std"])
    if metadata["format"] != "pt" or json.loads(metadata["architecture"]) != architecture:
        sys.exit("metadata of safetensors")
    numbers = np.fromfile(folder / "numbers.bin", np.float32)
    same(np.concatenate([tensors[name].ravel() for name in names]), numbers, "safetensors")

    archive = np.load(folder / "network.npz", allow_pickle=False)
    extra = ["normalization_mean", "normalization_std"]
    if [name for name in archive if archive[name].dtype.kind == "f"] != names + extra:
        sys.exit("names in npz")
    if json.loads(archive["architecture"].item()) != architecture:
        sys.exit("metadata of npz")
    same(archive["normalization_mean"], np.array(mean), "mean in npz")
    same(archive["normalization_std"], np.array(std), "std in npz")
    table = read_csv(folder / "network.csv", {name: tensors[name].shape for name in names})
    model = onnx.load(folder / "network.onnx")
    initialisers = {entry.name: onnx.numpy_helper.to_array(entry) for entry in model.graph.initializer}
    with h5py.File(folder / "network.h5") as file:
        if json.loads(file["architecture"][()]) != architecture:
            sys.exit("metadata of HDF5")
        same(file["normalization/mean"][:], np.array(mean), "mean in HDF5")
        for name in names:
            same(archive[name], tensors[name], f"{name} in npz")
            same(table[name], tensors[name], f"{name} in CSV")
            same(initialisers[name], tensors[name], f"{name} in ONNX")
            same(file["state_dict/" + name.replace(".", "/")][()], tensors[name], f"{name} in HDF5")
    return len(names)


def run_onnx(path, name, samples):
    onnx.checker.check_model(path, full_check=True)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    one = session.run(["logits"], {name: samples[:1]})[0]
    logits = session.run(["logits"], {name: samples})[0]
    if one.shape != logits[:1].shape or np.abs(one - logits[:1]).max() > 1e-4:
        sys.exit("one sample alone is answered otherwise")
    return logits


def run_torch(path, images, samples):
    spec = importlib.util.spec_from_file_location("network", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    network = module.load()
    with torch.no_grad():
        same(module.normalize(torch.from_numpy(images)).numpy(), samples, "normalised images")
        if images.dtype == np.float32:
            rows = torch.from_numpy(images.reshape(len(images), -1))
            same(module.normalize(rows).numpy(), samples, "normalised rows")
        return network(torch.from_numpy(samples)).numpy()


results = {}
for folder in sorted(path for path in pathlib.Path(sys.argv[1]).iterdir() if path.is_dir()):
    try:
        architecture = json.loads((folder / "network.json").read_text())
        shape = [-1] + architecture["input"]
        images = np.fromfile(folder / "images.bin", np.uint8).reshape(shape)
        samples = np.fromfile(folder / "input.bin", np.float32).reshape(shape)
        logits = np.fromfile(folder / "logits.bin", np.float32).reshape(len(images), -1)
        floats, floats_input = (
            np.fromfile(folder / f"{name}.bin", np.float32).reshape(shape)
            for name in ["floats", "floats_input"])
        expected = {"floats": np.fromfile(folder / "floats_logits.bin", np.float32).reshape(len(floats), -1)}
        if TOOLS == "torch":
            answers = {
                "torch": run_torch(folder / "network.py", images, samples),
                "torch_floats": run_torch(folder / "floats.py", floats, floats_input),
            }
        else:
            answers = {
                "onnx": run_onnx(folder / "network.onnx", "input", samples),
                "onnx_images": run_onnx(folder / "images.onnx", "images", images),
                "onnx_floats": run_onnx(folder / "floats.onnx", "samples", floats),
            }
        results[folder.name] = {
            "tensors": None if TOOLS == "torch" else check_tensors(folder),
            "samples": len(images),
            "deviations": {
                name: float(np.abs(found - expected.get(name.split("_")[-1], logits)).max())
                for name, found in answers.items()
            },
            "largest_logit": float(np.abs(logits).max()),
        }
    except SystemExit as error:
        sys.exit(f"{folder.name}: {error}")
print(json.dumps(results))
