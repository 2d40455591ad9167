#!/usr/bin/env python3
"""Writes the fixtures of this directory; see README.md. Needs torch and safetensors."""
import json
import pathlib

import torch
from safetensors.torch import save_file

here = pathlib.Path(__file__).resolve().parent
parts = [{"a.weight": torch.arange(6.0).reshape(2, 3), "a.bias": torch.tensor([0.5, -0.5]).to(torch.bfloat16)},
         {"b.weight": torch.arange(6, dtype=torch.int32)}]


def index(folder, name, kind, save):
    path = here / folder
    path.mkdir(exist_ok=True)
    names = {}
    for number, part in enumerate(parts, 1):
        file = f"{name}-{number:05}-of-00002.{kind}"
        save(part, path / file)
        names |= {tensor: file for tensor in part}
    text = json.dumps({"metadata": {"total_size": 52}, "weight_map": names}, indent=2)
    (path / f"{name}.{kind}.index.json").write_text(text + "\n")


index("safetensors", "model", "safetensors", lambda part, path: save_file(part, path, metadata={"format": "pt"}))
index("pytorch", "pytorch_model", "bin", torch.save)
