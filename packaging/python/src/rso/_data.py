"""Writes arrays for the program."""

from __future__ import annotations

import filecmp
import os
import shutil
import tempfile
from contextlib import contextmanager
from typing import Any, Dict, Iterator, Optional

import numpy as np

from ._program import Error, StrPath


def arrays_of(x: Any, y: Any, part: str = "") -> Dict[str, "np.ndarray[Any, Any]"]:
    """Returns samples and targets under the names that the program knows.

    x: N x F features, or images N x height x width, N x channels x height x width or N x height x width x channels;
       bytes (uint8) or any numbers.
    y: N classes (integers or texts), N numbers, or N x K labels or numbers; None for samples without answers.
    part: "" for training data, otherwise "val" or "test".

    Raises: ValueError if there are not as many targets as samples, or the samples are no numbers.
    """
    samples = np.asarray(x)
    if samples.dtype.hasobject:
        raise ValueError("expected numbers, found samples that are Python objects")
    suffix = "_" + part if part else ""
    arrays = {("x" + suffix) if part else "X": samples}
    if y is not None:
        targets = np.asarray(y)
        if targets.dtype == object:
            targets = targets.astype(str)
        if samples.shape[:1] != targets.shape[:1]:
            raise ValueError(f"expected as many targets as samples, found {targets.shape[:1]} and {samples.shape[:1]}")
        arrays["y" + suffix] = targets
    return arrays


def write(path: StrPath, arrays: Dict[str, "np.ndarray[Any, Any]"]) -> None:
    """Writes arrays as npz; the file appears complete or not at all.

    A file with the same bytes is left as it is.

    Raises: Error if there is another file, which may be the data of another run.
    """
    path = os.fspath(path)
    folder = os.path.dirname(path) or os.curdir
    os.makedirs(folder, exist_ok=True)
    handle, temporary = tempfile.mkstemp(suffix=".npz", dir=folder)
    os.close(handle)
    try:
        np.savez(temporary, **arrays)  # type: ignore[arg-type]
        os.chmod(temporary, 0o666 & ~_umask())
        if not os.path.exists(path):
            os.rename(temporary, path)
        elif not filecmp.cmp(temporary, path, shallow=False):
            raise Error(f"'{path}' holds other data: choose another output, or delete the file")
    finally:
        if os.path.exists(temporary):
            os.unlink(temporary)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


@contextmanager
def temporary(arrays: Optional[Dict[str, "np.ndarray[Any, Any]"]] = None) -> Iterator[str]:
    """Makes a directory for a while, with the arrays in its data.npz."""
    size = sum(array.nbytes for array in (arrays or {}).values())
    with tempfile.TemporaryDirectory(prefix="rso-", dir=_memory(size)) as folder:
        if arrays is not None:
            write(os.path.join(folder, "data.npz"), arrays)
        yield folder


def _memory(size: int) -> Optional[str]:
    # The program waits for the disk after each file, which is wasted on files that nobody keeps.
    folder = "/dev/shm"
    if "TMPDIR" in os.environ or not os.access(folder, os.W_OK):
        return None
    return folder if shutil.disk_usage(folder).free > 4 * size + (256 << 20) else None
