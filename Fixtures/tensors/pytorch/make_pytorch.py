#!/usr/bin/env python3
"""Writes the fixtures of this directory; see README.md. Needs torch and numpy."""
import argparse
import collections
import json
import pathlib
import warnings
import zipfile

import numpy as np
import torch

warnings.filterwarnings("ignore")
here = pathlib.Path(__file__).resolve().parent
numbers = torch.arange(24, dtype=torch.float64).reshape(2, 3, 4) / 8 - 1

# One tensor of each type: i / 8 - 1; unsigned i - 8 without its sign; complex (i / 8 - 1) - 2j.
kinds = {}
for name in ["float64", "float32", "float16", "bfloat16", "float8_e4m3fn", "float8_e5m2",
             "float8_e4m3fnuz", "float8_e5m2fnuz", "int8", "int16", "int32", "int64"]:
    kinds[name] = numbers.to(getattr(torch, name))
for name in ["uint8", "uint16", "uint32", "uint64"]:
    kinds[name] = (numbers * 8).abs().to(torch.int64).to(getattr(torch, name))
kinds["float8_e8m0fnu"] = torch.tensor([0, 126, 127, 128, 254], dtype=torch.uint8).view(torch.float8_e8m0fnu)
kinds["bool"] = numbers > 0
for name in ["complex32", "complex64", "complex128"]:
    kinds[name] = torch.complex(numbers, torch.full_like(numbers, -2)).to(getattr(torch, name))
kinds["scalar"] = torch.tensor(0.1)
kinds["empty"] = torch.zeros(0, 5)
torch.save(kinds, here / "kinds.pt")

# Views of one storage, the numbers 0 to 23 in single precision.
base = torch.arange(24, dtype=torch.float32)
grid = base.reshape(4, 6)
views = collections.OrderedDict(
    base=base, grid=grid, transposed=grid.t(), column=grid[:, 2], rows=grid[1:3], step=grid[::2, 1::2],
    expanded=grid[:, :1].expand(4, 3), repeated=base[5].expand(7), cube=base.reshape(2, 3, 4).permute(2, 0, 1),
    again=base)
torch.save(views, here / "views.pt")
torch.save(views, here / "views-4.pt", pickle_protocol=4)

# The zip form as another tool repacks it: compressed. And with the numbers big-endian.
with zipfile.ZipFile(here / "views.pt") as source, \
        zipfile.ZipFile(here / "views-deflated.pt", "w", zipfile.ZIP_DEFLATED) as packed, \
        zipfile.ZipFile(here / "views-big.pt", "w") as big:
    for name in source.namelist():
        content = source.read(name)
        packed.writestr(name, content)
        if "/data/" in name:
            content = np.frombuffer(content, "<f4").astype(">f4").tobytes()
        big.writestr(name, b"big" if name.endswith("/byteorder") else content)

# A checkpoint as trainers write them: nested, with other values beside the tensors.
model = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.BatchNorm1d(2))
with torch.no_grad():
    for index, parameter in enumerate(model.parameters()):
        parameter.copy_(torch.arange(parameter.numel()).reshape(parameter.shape) + index * 10)
optimizer = torch.optim.Adam(model.parameters(), lr=0.25)
model(torch.ones(4, 3)).sum().backward()
optimizer.step()
with torch.no_grad():
    for index, parameter in enumerate(model.parameters()):
        parameter.copy_(torch.arange(parameter.numel()).reshape(parameter.shape) + index * 10)
torch.save({"epoch": 3, "model": model.state_dict(), "optimizer": optimizer.state_dict(),
            "history": [0.5, 0.25], "name": "first", "options": argparse.Namespace(rate=0.1, kind="x"),
            "frozen": torch.nn.Parameter(torch.tensor([1.5, -2.0])), "tied": [base[:2], (base[2:4],)],
            "array": np.arange(3), "random": b"\x01\x02", "none": None, "flag": True, "long": 2**70},
           here / "training.pt")

# What is not an array of plain numbers.
storage = torch.tensor([1.0, 2.0, 3.0])
quantised = torch.quantize_per_tensor(torch.tensor([0.5, 1.0]), 0.5, 0, torch.qint8)
torch.save({"plain": storage, "quantised": quantised,
            "sparse": torch.tensor([[0.0, 2.0], [3.0, 0.0]]).to_sparse(),
            "csr": torch.tensor([[0.0, 2.0], [3.0, 0.0]]).to_sparse_csr(),
            "conjugate": torch.tensor([1 + 2j]).conj(), "negative": torch._neg_view(torch.tensor([3.0])),
            "meta": torch.empty(2, 3, device="meta"), "storage": torch.tensor([9], dtype=torch.int32).untyped_storage(),
            "typed": torch.tensor([4, 5], dtype=torch.int16).storage(),
            "last": torch.tensor([7], dtype=torch.int64)}, here / "special.pt")

# A whole module, whose class is a name in the file; a tensor alone; a list.
torch.save(torch.nn.Sequential(model[0]), here / "module.pt")
torch.save(base[4:8], here / "alone.pt")
torch.save([base[:1], {"x": (base[1:3], 5)}], here / "list.pt")

# Other forms: the one before PyTorch 1.6, and TorchScript.
torch.save({"w": base}, here / "legacy.pt", _use_new_zipfile_serialization=False)


class Scripted(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = torch.nn.Linear(3, 2)
        self.register_buffer("scale", torch.tensor([2.0, 4.0]))
        self.fc.load_state_dict(model[0].state_dict())

    def forward(self, x):
        return self.fc(x) * self.scale + torch.tensor([[8.0, 16.0]])


torch.jit.save(torch.jit.script(Scripted()), here / "script.pt")
try:
    torch.jit.save(torch.jit.trace(Scripted(), torch.ones(1, 3)), here / "trace.pt")
except Exception as error:
    print("trace:", error)

# Without checksums.
torch.serialization.set_crc32_options(False)
torch.save({"w": base}, here / "unchecked.pt")


def tensors(value, path=()):
    """The plain tensors in what torch.load returns, each with its name."""
    if isinstance(value, torch.nn.Module):
        value = value.state_dict()
    if isinstance(value, torch.Tensor):
        if value.layout is torch.strided and value.device.type == "cpu" and not value.is_quantized \
                and not value.is_conj() and not value.is_neg():
            yield ".".join(map(str, path)) or "tensor", value.detach()
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from tensors(part, (*path, key))
    elif isinstance(value, (list, tuple)):
        for key, part in enumerate(value):
            yield from tensors(part, (*path, key))


# What PyTorch reads: name, type, shape, and the elements as hexadecimal bytes, little-endian and row-major.
expected = {}
for file in sorted(here.glob("*.pt")):
    value = torch.jit.load(file) if file.stem in ("script", "trace") else torch.load(file, weights_only=False)
    if file.stem in ("views-4", "views-deflated", "views-big", "legacy"):
        continue
    expected[file.name] = [
        [name, str(tensor.dtype).removeprefix("torch."), list(tensor.shape),
         bytes(tensor.contiguous().reshape(-1).view(torch.uint8).tolist()).hex()]
        for name, tensor in tensors(value)]
(here / "expected.json").write_text(json.dumps(expected, indent=0) + "\n")
