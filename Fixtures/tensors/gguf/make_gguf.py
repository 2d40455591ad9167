#!/usr/bin/env python3
"""Writes the fixtures of this directory; see README.md. Needs gguf and numpy."""
import json
import pathlib

import gguf
import numpy as np
from gguf import GGMLQuantizationType, GGUFEndian, GGUFReader, GGUFWriter

here = pathlib.Path(__file__).resolve().parent
numbers = np.arange(24, dtype=np.float64).reshape(2, 3, 4) / 8 - 1
row = np.linspace(-1, 1, 512, dtype=np.float32).reshape(2, 256)


def write(name, endianess=GGUFEndian.LITTLE, alignment=32):
    writer = GGUFWriter(here / name, "llama", endianess=endianess)
    writer.add_name("small")
    if alignment != 32:
        writer.add_custom_alignment(alignment)
    writer.add_uint8("test.u8", 200)
    writer.add_int8("test.i8", -3)
    writer.add_uint16("test.u16", 60000)
    writer.add_int16("test.i16", -300)
    writer.add_int32("test.i32", -70000)
    writer.add_uint64("test.u64", 2**64 - 1)
    writer.add_int64("test.i64", -(2**40))
    writer.add_float32("test.f32", 0.5)
    writer.add_float64("test.f64", 0.25)
    writer.add_bool("test.yes", True)
    writer.add_array("test.short", [1, 2, 3])
    writer.add_array("test.long", list(range(40)))
    writer.add_array("test.words", ["a", "b"])
    writer.add_array("test.many", [f"t{i}" for i in range(40)])
    for kind in (np.float32, np.float16, np.float64, np.int8, np.int16, np.int32, np.int64):
        writer.add_tensor(np.dtype(kind).name, numbers.astype(kind))
    if endianess == GGUFEndian.LITTLE:
        bits = (numbers.astype(np.float32).view(np.uint32) >> 16).astype(np.uint16)
        writer.add_tensor("bfloat16", bits.view(np.uint8), raw_dtype=GGMLQuantizationType.BF16)
        for kind in (GGMLQuantizationType.Q8_0, GGMLQuantizationType.Q4_0, GGMLQuantizationType.Q5_1,
                     GGMLQuantizationType.TQ1_0):
            writer.add_tensor(kind.name, gguf.quants.quantize(row, kind), raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


write("kinds.gguf")
write("kinds-big.gguf", endianess=GGUFEndian.BIG)
write("aligned.gguf", alignment=128)

# What the gguf package reads: name, type, shape as numpy's, and the bytes as hexadecimal digits.
expected = {}
for file in ("kinds.gguf", "aligned.gguf"):
    expected[file] = [[t.name, t.tensor_type.name, [int(n) for n in reversed(t.shape)], t.data.tobytes().hex()]
                      for t in GGUFReader(here / file).tensors]
(here / "expected.json").write_text(json.dumps(expected, indent=0) + "\n")
