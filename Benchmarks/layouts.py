#!/usr/bin/env python3
"""Layouts in which projects publish models and data, made small, and the verdict of rso on each.

    layouts.py [--rso PROGRAM] [--keep DIRECTORY] [-o FILE.md]

Makes each file with the library that the project uses (numpy, h5py, safetensors, torch, onnx), or by its published
format where that library is large. Runs `rso inspect` on it and `rso diff` of it with itself, and checks the number of
rows against what the library counts. Prints a table in Markdown. The status is 1 if a verdict is wrong: rows that
are missing, "equal" about something that was not read, or an error without advice.
"""
import argparse
import gzip
import io
import json
import pathlib
import pickle
import struct
import subprocess
import sys
import tarfile
import tempfile
import zipfile

import h5py
import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import save_file as save_numpy
from safetensors.torch import save_file as save_torch

import machine

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGE = """# Layouts in which projects publish models and data

`make benchmark-toolkit` (`Benchmarks/layouts.py`) makes {count} small files, each in the layout of a project, and
writes this page. Entries are counted as the project's library counts them; "-" is a file that `rso inspect`
refuses, with the words in the last column. `rso diff` of a file with itself ends with 0 if everything was compared,
and with 2 if something was not. Verdicts that are wrong: {wrong}. Commit {commit}.

{table}
"""

LAYOUTS = []
RNG = np.random.default_rng(1)


def layout(name, made_by, rows, unread=0, diff=None, words=""):
    """Registers a builder: path -> None. `rows` is the number of entries, None for a file that is not read;
    `unread` of them have no figures. `diff` is the status of the comparison with itself: 0 if all bytes can be had.
    `words` are in the message about a file that is not read."""
    def register(function):
        status = (2 if unread else 0) if diff is None else diff
        LAYOUTS.append((name, made_by, rows, unread, status, words, function))
        return function
    return register


def f32(*shape):
    return RNG.standard_normal(shape).astype(np.float32)


def t32(*shape):
    return torch.from_numpy(f32(*shape))


def raw_safetensors(path, tensors, metadata=None):
    """tensors: name -> (dtype, shape, bytes)"""
    header, offset, parts = {}, 0, []
    if metadata:
        header["__metadata__"] = metadata
    for name, (dtype, shape, data) in tensors.items():
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [offset, offset + len(data)]}
        offset += len(data)
        parts.append(data)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(parts))


def gguf(path, tensors, version=3):
    """tensors: name -> (type number, shape in GGUF's order, bytes)"""
    def string(text):
        return struct.pack("<Q", len(text)) + text.encode()
    head = b"GGUF" + struct.pack("<IQQ", version, len(tensors), 2)
    head += string("general.architecture") + struct.pack("<I", 8) + string("llama")
    head += string("general.alignment") + struct.pack("<II", 4, 32)
    body = b""
    for name, (kind, shape, data) in tensors.items():
        body += b"\0" * (-len(body) % 32)
        head += string(name) + struct.pack("<I", len(shape)) + struct.pack(f"<{len(shape)}Q", *shape)
        head += struct.pack("<IQ", kind, len(body))
        body += data
    head += b"\0" * (-len(head) % 32)
    path.write_bytes(head + body)


# Safetensors

@layout("bert.safetensors", "Transformers: F32, metadata", 3)
def _(path):
    save_torch({"bert.embeddings.word_embeddings.weight": t32(20, 8), "bert.pooler.dense.weight": t32(8, 8),
                "bert.pooler.dense.bias": t32(8)}, path, metadata={"format": "pt"})


@layout("llama", "Transformers: BF16 in two shards with an index", 4)
def _(path):
    path.mkdir()
    names = ["model.embed_tokens.weight", "model.layers.0.mlp.up_proj.weight", "model.norm.weight", "lm_head.weight"]
    tensors = {n: t32(4, 8).to(torch.bfloat16) for n in names}
    files = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"]
    save_torch({n: tensors[n] for n in names[:2]}, path / files[0], metadata={"format": "pt"})
    save_torch({n: tensors[n] for n in names[2:]}, path / files[1], metadata={"format": "pt"})
    (path / "model.safetensors.index.json").write_text(json.dumps(
        {"metadata": {"total_size": 256}, "weight_map": {n: files[i // 2] for i, n in enumerate(names)}}))
    (path / "config.json").write_text('{"model_type": "llama"}')


@layout("deepseek.safetensors", "FP8 weights with F32 scales", 2)
def _(path):
    raw_safetensors(path, {"w.weight": ("F8_E4M3", [16, 16], bytes(range(120)) + bytes(136)),
                           "w.weight_scale_inv": ("F32", [1, 1], f32(1, 1).tobytes())})


@layout("gpt-oss.safetensors", "MXFP4: U8 blocks and E8M0 scales", 2)
def _(path):
    raw_safetensors(path, {"mlp.blocks": ("U8", [4, 16], bytes(64)), "mlp.scales": ("F8_E8M0", [4], bytes(4))})


@layout("nvfp4.safetensors", "a type of 4 bits beside BF16", 2, 1, diff=0)
def _(path):
    raw_safetensors(path, {"q": ("F4", [4, 16], bytes(32)), "w": ("BF16", [4], bytes(8))})


@layout("gptq.safetensors", "GPTQ: I32 of packed numbers, F16 scales", 4)
def _(path):
    save_numpy({"l.qweight": RNG.integers(-2**31, 2**31, (4, 8), dtype=np.int32),
                "l.qzeros": np.zeros((1, 1), np.int32), "l.scales": f32(1, 8).astype(np.float16),
                "l.g_idx": np.arange(32, dtype=np.int32)}, path)


@layout("adapter_model.safetensors", "PEFT: a LoRA adapter", 2)
def _(path):
    save_numpy({"base_model.model.q_proj.lora_A.weight": f32(2, 8),
                "base_model.model.q_proj.lora_B.weight": np.zeros((8, 2), np.float32)}, path)


@layout("unet.fp16.safetensors", "Diffusers: F16 convolutions", 2)
def _(path):
    save_numpy({"conv_in.weight": f32(4, 4, 3, 3).astype(np.float16), "conv_in.bias": np.zeros(4, np.float16)}, path)


@layout("empty.safetensors", "no tensor at all", 0, diff=2)
def _(path):
    save_numpy({}, path)


# PyTorch

@layout("resnet18.pth", "torchvision: a state dictionary", 4)
def _(path):
    torch.save({"conv1.weight": t32(4, 3, 7, 7), "bn1.running_mean": t32(4), "bn1.running_var": t32(4).abs(),
                "bn1.num_batches_tracked": torch.tensor(7)}, path)


@layout("pytorch_model.bin", "Transformers: tied weights share a storage", 2)
def _(path):
    w = t32(20, 8)
    torch.save({"wte.weight": w, "lm_head.weight": w}, path)


@layout("lightning.ckpt", "PyTorch Lightning: state, optimizer, hyperparameters", 4)
def _(path):
    torch.save({"epoch": 3, "global_step": 900, "pytorch-lightning_version": "2.4.0",
                "state_dict": {"net.weight": t32(4, 3), "net.bias": t32(4)},
                "optimizer_states": [{"state": {0: {"exp_avg": t32(4, 3), "exp_avg_sq": t32(4, 3)}},
                                      "param_groups": [{"lr": 1e-3, "params": [0]}]}],
                "hyper_parameters": {"lr": 1e-3}}, path)


@layout("dcgan.pt", "channels-last and transposed views", 2)
def _(path):
    torch.save({"a": t32(2, 3, 4, 4).contiguous(memory_format=torch.channels_last), "b": t32(3, 5).t()}, path)


@layout("whisper.pt", "a dictionary of dimensions beside half weights", 1)
def _(path):
    torch.save({"dims": {"n_mels": 80, "n_vocab": 51864}, "model_state_dict": {"encoder.conv1.weight":
               t32(4, 8, 3).half()}}, path)


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = torch.nn.Linear(3, 2)

    def forward(self, x):
        return self.fc(x)


@layout("yolo.pt", "a whole module was pickled", 2)
def _(path):
    torch.save({"model": Net(), "epoch": -1}, path)


@layout("legacy.pth", "PyTorch before 1.6: not a zip", None, words="torch.load")
def _(path):
    torch.save({"w": t32(3, 2)}, path, _use_new_zipfile_serialization=False)


@layout("clip.torchscript.pt", "TorchScript: code and parameters", 2)
def _(path):
    torch.jit.save(torch.jit.script(Net()), str(path))


@layout("quantised.pt", "torch.quantize_per_tensor", 2, 1)
def _(path):
    torch.save({"q": torch.quantize_per_tensor(t32(3, 3), 0.1, 0, torch.qint8), "w": t32(2)}, path)


# HDF5

def keras_h5(f):
    g = f.create_group("model_weights")
    g.attrs["layer_names"] = [b"dense"]
    d = g.create_group("dense")
    d.attrs["weight_names"] = [b"dense/kernel:0", b"dense/bias:0"]
    d["dense/kernel:0"], d["dense/bias:0"] = f32(4, 3), f32(3)


@layout("legacy-keras.h5", "Keras 2: model_weights", 2)
def _(path):
    with h5py.File(path, "w") as f:
        keras_h5(f)
        f.attrs["keras_version"] = "2.15.0"


def keras3(f):
    f["layers/dense/vars/0"], f["layers/dense/vars/1"] = f32(4, 3), f32(3)
    f["layers/conv2d/vars/0"] = f32(3, 3, 1, 8)


@layout("model.weights.h5", "Keras 3: save_weights", 3)
def _(path):
    with h5py.File(path, "w") as f:
        keras3(f)


@layout("model.keras", "Keras 3: a zip with config.json", 3)
def _(path):
    data = io.BytesIO()
    with h5py.File(data, "w") as f:
        keras3(f)
    with zipfile.ZipFile(path, "w") as z:
        z.writestr("metadata.json", '{"keras_version": "3.5.0"}')
        z.writestr("config.json", "{}")
        z.writestr("model.weights.h5", data.getvalue())


@layout("cells.h5ad", "AnnData: sparse groups, texts, categories", 6, 2, diff=0)
def _(path):
    with h5py.File(path, "w") as f:
        f["X/data"], f["X/indices"], f["X/indptr"] = f32(6), np.arange(6), np.array([0, 3, 6])
        f["obs/_index"] = np.array(["a", "b"], dtype=h5py.string_dtype())
        f["obs/kind/codes"] = np.array([0, 1], np.int8)
        f["obs/kind/categories"] = np.array(["t", "u"], dtype=h5py.string_dtype())


@layout("matlab73.mat", "MATLAB 7.3: HDF5 behind a block of text, Fortran order", 2)
def _(path):
    with h5py.File(path, "w", userblock_size=512) as f:
        f["W"], f["flag"] = f32(5, 4).astype("f8"), np.array([[1]], np.uint8)
        f["W"].attrs["MATLAB_class"] = np.bytes_("double")
    with open(path, "r+b") as f:
        f.write(b"MATLAB 7.3 MAT-file, Platform: GLNXA64".ljust(512))


@layout("climate.nc", "netCDF-4: big-endian, gzip, shuffle, dimension scales", 3)
def _(path):
    with h5py.File(path, "w") as f:
        f["lat"], f["lon"] = np.arange(4.0), np.arange(6.0)
        f.create_dataset("t2m", data=f32(4, 6).astype(">f4"), chunks=(2, 3), compression="gzip", shuffle=True)
        for d, name in enumerate(("lat", "lon")):
            f[name].make_scale(name)
            f["t2m"].dims[d].attach_scale(f[name])


@layout("pytables.h5", "PyTables: a table of records beside an array", 2, 1)
def _(path):
    with h5py.File(path, "w") as f:
        f["table"] = np.zeros(3, dtype=[("x", "f4"), ("n", "i8")])
        f["array"] = f32(3, 2)


@layout("lzf.h5", "h5py: LZF, fletcher32, scale-offset", 3)
def _(path):
    with h5py.File(path, "w") as f:
        f.create_dataset("a", data=f32(64, 8), chunks=(16, 8), compression="lzf")
        f.create_dataset("b", data=f32(64, 8), chunks=(16, 8), fletcher32=True)
        f.create_dataset("c", data=np.arange(512).reshape(64, 8), chunks=(16, 8), scaleoffset=0)


@layout("virtual.h5", "a virtual dataset whose source is away", 1, 1)
def _(path):
    layout = h5py.VirtualLayout(shape=(4, 3), dtype="f4")
    layout[:] = h5py.VirtualSource("gone.h5", "x", shape=(4, 3))
    with h5py.File(path, "w") as f:
        f.create_virtual_dataset("x", layout, fillvalue=0)


# numpy

@layout("flax.npz", "JAX: names with slashes, float32", 2)
def _(path):
    np.savez(path, **{"params/Dense_0/kernel": f32(4, 3), "params/Dense_0/bias": f32(3)})


@layout("medmnist.npz", "compressed bytes", 2)
def _(path):
    np.savez_compressed(path, train_images=np.zeros((5, 4, 4), np.uint8), train_labels=np.arange(5)[:, None])


@layout("vit_b16.npz", "Fortran order, big-endian, half, complex, bool, text", 6, 1, diff=0)
def _(path):
    np.savez(path, f=np.asfortranarray(f32(3, 4)), b=f32(3).astype(">f8"), h=f32(2).astype("f2"),
             c=(f32(2) + 1j * f32(2)).astype("c8"), t=np.array([True, False]), s=np.array(["ü", "b"]))


@layout("objects.npz", "pickled objects beside an array", 2, 1)
def _(path):
    np.savez(path, w=f32(2), o=np.array([{"a": 1}, None], dtype=object))


@layout("features.npy", "one array of half precision", 1)
def _(path):
    np.save(path, f32(10, 3).astype("f2"))


# ONNX, GGUF

@layout("mobilenet.onnx", "ONNX: initialisers", 2)
def _(path):
    graph = helper.make_graph([helper.make_node("Gemm", ["x", "w", "b"], ["y"])], "g",
                              [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 6])],
                              [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 5])],
                              [numpy_helper.from_array(f32(6, 5), "w"), numpy_helper.from_array(f32(5), "b")])
    onnx.save_model(helper.make_model(graph), str(path))


@layout("external.onnx", "ONNX: external data", 1)
def _(path):
    graph = helper.make_graph([helper.make_node("MatMul", ["x", "w"], ["y"])], "g",
                              [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 6])],
                              [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 5])],
                              [numpy_helper.from_array(f32(6, 5), "w")])
    onnx.save_model(helper.make_model(graph), str(path), save_as_external_data=True,
                    location="external.bin", size_threshold=0)


@layout("f16.gguf", "llama.cpp: F16 and F32", 2)
def _(path):
    gguf(path, {"token_embd.weight": (1, [8, 4], f32(4, 8).astype("f2").tobytes()),
                "output_norm.weight": (0, [8], f32(8).tobytes())})


@layout("q4_0.gguf", "llama.cpp: quantised beside F32", 2, 1, diff=0)
def _(path):
    gguf(path, {"blk.0.ffn_up.weight": (2, [32, 2], bytes(36)), "blk.0.attn_norm.weight": (0, [8], f32(8).tobytes())})


# Other things, which are named

@layout("pointer.safetensors", "a git-lfs pointer", None, words="git lfs pull")
def _(path):
    path.write_text("version https://git-lfs.github.com/spec/v1\noid sha256:" + "0" * 64 + "\nsize 1234\n")


@layout("mirror.bin", "a web page instead of a file", None, words="HTML")
def _(path):
    path.write_text("<!DOCTYPE html><html><head><title>403 Forbidden</title></head></html>\n")


@layout("sklearn.joblib", "scikit-learn: a pickle", None, words="pickle")
def _(path):
    path.write_bytes(pickle.dumps({"coef_": f32(3)}))


@layout("saved.tar.gz", "a packed directory", None, words="gunzip")
def _(path):
    with tarfile.open(path, "w:gz") as archive:
        info = tarfile.TarInfo("w.npy")
        info.size = 3
        archive.addfile(info, io.BytesIO(b"abc"))


@layout("train-images-idx3-ubyte.gz", "gzip within gzip", None, words="twice")
def _(path):
    path.write_bytes(gzip.compress(gzip.compress(b"\0\0\x08\x03" + bytes(12))))


@layout("model.zip", "a zip without arrays", None, words="readme.txt")
def _(path):
    with zipfile.ZipFile(path, "w") as z:
        z.writestr("readme.txt", "nothing here")


@layout("model.tflite", "TensorFlow Lite", None, words="Lite")
def _(path):
    path.write_bytes(b"\x1c\0\0\0TFL3" + bytes(40))


@layout("saved_model.pb", "TensorFlow SavedModel", None, words="SavedModel")
def _(path):
    path.write_bytes(b"\x08\x01\x12\x10\x0a\x0e\x12\x0c" + b"serve".ljust(12))


@layout("data.parquet", "Apache Parquet", None, words="Parquet")
def _(path):
    path.write_bytes(b"PAR1" + bytes(40) + b"PAR1")


def run(command):
    return subprocess.run(command, capture_output=True, text=True)


def verdict(rso, path, rows, unread, status, words):
    """Returns (right or wrong, what was seen)."""
    found = run([rso, "inspect", "--json", str(path)])
    if rows is None:
        line = (found.stderr.strip().splitlines() or [""])[0].replace(str(path), path.name)
        line = line.split("': ", 1)[-1]
        return found.returncode == 65 and words in line, "refused: " + line
    if found.returncode not in (0, 1):
        return False, f"status {found.returncode}: " + found.stderr.strip()[:200]
    tensors = json.loads(found.stdout)["tensors"]
    missing = sum("problem" in t for t in tensors)
    same = run([rso, "diff", str(path), str(path)]).returncode
    right = len(tensors) == rows and missing == unread and same == status
    return right, f"{len(tensors)} rows" + (f", {missing} not examined" if missing else "") + f"; diff {same}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rso", default=".build/release/rso")
    parser.add_argument("--keep", type=pathlib.Path)
    parser.add_argument("-o", type=pathlib.Path)
    options = parser.parse_args()
    folder = options.keep or pathlib.Path(tempfile.mkdtemp())
    lines = ["| file | made as | entries | verdict of `rso inspect`, status of `rso diff` with itself |",
             "| --- | --- | ---: | --- |"]
    wrong = 0
    for index, (name, made_by, rows, unread, status, words, function) in enumerate(LAYOUTS):
        path = folder / f"{index:02}" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            function(path)
        right, seen = verdict(options.rso, path, rows, unread, status, words)
        wrong += not right
        count = "-" if rows is None else str(rows)
        lines.append(f"| `{name}` | {made_by} | {count} | {'' if right else 'WRONG: '}{seen} |")
    text = PAGE.format(count=len(LAYOUTS), commit=machine.commit(ROOT), wrong=wrong, table="\n".join(lines))
    options.o.write_text(text) if options.o else sys.stdout.write(text)
    print(f"{len(LAYOUTS)} layouts, {wrong} wrong", file=sys.stderr)
    return wrong > 0


if __name__ == "__main__":
    sys.exit(main())
