#!/usr/bin/env python3
"""Makes the HDF5 files in this folder that rso did not write (h5py; see README.md)."""

import shutil
from pathlib import Path

import h5py

here = Path(__file__).parent

# A checkpoint in which a user changed one weight: the user block stays, the digest no longer fits.
shutil.copy(here / "v1/tiny.h5", here / "edited.h5")
with h5py.File(here / "edited.h5", "r+") as file:
    file["parameters/fc/bias"][0] = 1.0

# A checkpoint to which a user added a note, which makes the file longer.
shutil.copy(here / "v1/tiny.h5", here / "annotated.h5")
with h5py.File(here / "annotated.h5", "r+") as file:
    file["note"] = "my best run"

# A file of another program.
with h5py.File(here / "foreign.h5", "w") as file:
    file["parameters"] = [1.0, 2.0]
