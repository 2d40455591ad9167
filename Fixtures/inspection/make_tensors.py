#!/usr/bin/env python3
"""Makes the files of tensors in this folder (h5py and numpy; see README.md)."""

from pathlib import Path

import h5py
import numpy as np

here = Path(__file__).parent

# As Keras nests them: groups in groups; and every way to store a floating-point number.
with h5py.File(here / "nested.h5", "w") as file:
    file.attrs["backend"] = "tensorflow"
    dense = file.create_group("model_weights/dense/dense")
    dense.create_dataset(
        "kernel:0", data=np.arange(6, dtype=np.float32).reshape(3, 2), chunks=(2, 2),
        compression="gzip", shuffle=True)
    dense["bias:0"] = np.array([0.5, -0.5], dtype=np.float16)
    file["big_endian"] = np.array([1e-300, 2.0], dtype=">f8")
    file["scalar"] = np.float32(3)
    file["steps"] = np.arange(3)
    file["soft"] = h5py.SoftLink("/scalar")
    file["outside"] = h5py.ExternalLink("other.h5", "/scalar")

# The problems that rso inspect marks.
filters = np.arange(8, dtype=np.float32).reshape(2, 2, 2) / 8
filters[1] = 0.25
np.savez(
    here / "unhealthy.npz", constant=filters,
    huge=np.full((2, 3), [100, -100, 50], dtype=np.float32),
    broken=np.array([np.nan, 1, np.inf], dtype=np.float64), counts=np.arange(3))
