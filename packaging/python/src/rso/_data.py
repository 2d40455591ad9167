"""Writes arrays for the program."""

from __future__ import annotations

import filecmp
import numbers
import os
import shutil
import tempfile
from contextlib import contextmanager
from decimal import Decimal
from typing import Any, Callable, Dict, Iterator, Optional

import numpy as np

from ._program import Error, StrPath, errors_of_files

# The types of None, and of the missing values of pandas, which need not be installed.
MISSING = ("NoneType", "NAType", "NaTType")


def arrays_of(x: Any, y: Any, part: str = "") -> Dict[str, "np.ndarray[Any, Any]"]:
    """Returns samples and targets under the names that the program knows.

    x: N x F features, or images N x height x width, N x channels x height x width or N x height x width x channels;
       bytes (uint8) or any numbers. Numbers and truth values in arrays of objects are read, too.
    y: N classes (integers or texts), N numbers, or N x K labels or numbers; None for samples without answers.
    part: "" for training data, otherwise "val" or "test".

    Raises: ValueError if there are not as many targets as samples, or a value is missing, masked, of another kind or
    too large for a float32.
    """
    prefix = {"": "", "val": "validation ", "test": "test "}[part]
    samples = _array(x, prefix + "sample")
    if samples.dtype.kind not in "buif":
        raise ValueError(f"expected numbers as {prefix}samples, found {_kind(samples)}")
    if samples.ndim == 0:
        raise ValueError(f"expected N {prefix}samples, found a single value")
    if samples.size == 0:
        raise ValueError(f"expected {prefix}samples, found none: their shape is {samples.shape}")
    _check_finite(samples, prefix + "sample")
    suffix = "_" + part if part else ""
    arrays = {("x" + suffix) if part else "X": samples}
    if y is not None:
        targets = _array(y, prefix + "target")
        if targets.dtype.kind not in "buifUS":
            raise ValueError(f"expected numbers or texts as {prefix}targets, found {_kind(targets)}")
        if samples.shape[:1] != targets.shape[:1]:
            raise ValueError(f"expected as many targets as samples, found {targets.shape[:1]} and {samples.shape[:1]}")
        _check_finite(targets, prefix + "target")
        arrays["y" + suffix] = targets
    return arrays


def _array(values: Any, what: str) -> "np.ndarray[Any, Any]":
    """Returns values as an array without objects where that is possible.

    what: the name of an element, for errors.
    """
    if values is None:
        raise ValueError(f"expected {what}s, found None")
    if hasattr(values, "toarray"):
        raise ValueError(f"expected an array of {what}s, found a sparse matrix; pass its .toarray()")
    rows = values if isinstance(values, (list, tuple)) else [values]
    if any(np.ma.is_masked(row) for row in rows if isinstance(row, np.ma.MaskedArray)):
        raise ValueError(f"a {what} is masked; leave out or fill masked values first")
    array = np.asarray(values)
    if array.dtype.kind in "US" and rows is values:
        # numpy has turned each None, nan and number among texts into a text.
        array = np.array(values, dtype=object)
    if array.dtype.kind in "OT":
        array = _without_objects(array.astype(object), what)
    # The program does not read longer floats.
    return array.astype(np.float64) if array.dtype.kind == "f" and array.dtype.itemsize > 8 else array


def _without_objects(array: "np.ndarray[Any, Any]", what: str) -> "np.ndarray[Any, Any]":
    types = set(map(type, array.flat))
    missing = "is missing: found {}; leave out such samples first, or fill in a value"
    if any(kind.__name__ in MISSING for kind in types):
        _find(array, _is_missing, what, missing)

    def every(*kinds: type) -> bool:
        return all(issubclass(kind, kinds) for kind in types)

    try:
        if every(bool, np.bool_):
            return array.astype(np.bool_)
        if every(bool, np.bool_, numbers.Integral):
            whole = np.array(array.tolist())
            if whole.dtype == object:
                raise OverflowError
            return whole
        if every(bool, np.bool_, numbers.Real, Decimal):
            return array.astype(np.float64)
    except OverflowError:
        raise ValueError(f"a {what} is too large for a float32") from None
    if every(str):
        return array.astype(np.str_)
    if every(bytes):
        return array.astype(np.bytes_)
    _find(array, _is_missing, what, missing)
    known = (bool, np.bool_, numbers.Real, Decimal, str, bytes)
    _find(array, lambda value: not isinstance(value, known), what, "is neither a number nor a text: found {}")
    names = ", ".join(sorted(kind.__name__ for kind in types))
    raise ValueError(f"expected {what}s of one kind, found several: {names}; convert them to numbers, or all to texts")


def _is_missing(value: Any) -> bool:
    if type(value).__name__ in MISSING:
        return True
    if isinstance(value, Decimal):
        return value.is_nan()
    return isinstance(value, numbers.Real) and bool(value != value)


def _check_finite(array: "np.ndarray[Any, Any]", what: str) -> None:
    if array.dtype.kind != "f" or array.size == 0:
        return

    def fits(value: Any) -> bool:
        with np.errstate(over="ignore"):
            return bool(np.isfinite(np.float32(value)))

    # Both are nan if an element is.
    if not (fits(array.min()) and fits(array.max())):
        with np.errstate(over="ignore"):
            bad = ~np.isfinite(array.astype(np.float32))
        value = array[bad][0]
        text = ("holds {}, not a finite number; leave out or replace such values first" if not np.isfinite(value)
                else "holds {}, which is too large for a float32; scale such values first")
        _refuse(np.argwhere(bad)[0], value, what, text)


def _find(array: "np.ndarray[Any, Any]", test: Callable[[Any], bool], what: str, text: str) -> None:
    """Raises ValueError for the first element that the test holds for."""
    for index, value in np.ndenumerate(array):
        if test(value):
            _refuse(index, value, what, text)


def _refuse(index: Any, value: Any, what: str, text: str) -> None:
    place = ", ".join(str(number) for number in index[1:])
    where = f"{what} {index[0]} (counted from 0{', at [' + place + ']' if place else ''})" if len(index) else f"the {what}"
    shown = str(value) if isinstance(value, (numbers.Number, np.generic)) else repr(value)
    raise ValueError(f"{where} {text.format(shown)}")


def _kind(array: "np.ndarray[Any, Any]") -> str:
    return {"U": "texts", "S": "texts", "c": "complex numbers", "M": "dates", "m": "times"}.get(
        array.dtype.kind, str(array.dtype))


def write(path: StrPath, arrays: Dict[str, "np.ndarray[Any, Any]"]) -> bool:
    """Writes arrays as npz and returns whether the file is new; it appears complete or not at all.

    When this returns, the file and its name are on the disk, so that a power cut leaves a run its data. A file with
    the same bytes is left as it is.

    Raises: Error if there is another file, which may be the data of another run, or if writing fails.
    """
    path = os.fspath(path)
    folder = os.path.dirname(path) or os.curdir
    with errors_of_files(path):
        os.makedirs(folder, exist_ok=True)
        handle, temporary = tempfile.mkstemp(suffix=".npz", dir=folder)
        os.close(handle)
        try:
            np.savez(temporary, **arrays)  # type: ignore[arg-type]
            os.chmod(temporary, 0o666 & ~_umask())
            _synchronize(temporary)
            new = not os.path.exists(path)
            if new:
                os.rename(temporary, path)
                _synchronize(folder)
            elif not filecmp.cmp(temporary, path, shallow=False):
                raise Error(f"'{path}' holds other data: choose another output, or delete the file")
            return new
        finally:
            if os.path.exists(temporary):
                os.unlink(temporary)


def _synchronize(path: StrPath) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


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
            file = os.path.join(folder, "data.npz")
            with errors_of_files(file):
                np.savez(file, **arrays)  # type: ignore[arg-type]
        yield folder


def _memory(size: int) -> Optional[str]:
    # The program waits for the disk after each file, which is wasted on files that nobody keeps.
    folder = "/dev/shm"
    if "TMPDIR" in os.environ or not os.access(folder, os.W_OK):
        return None
    return folder if shutil.disk_usage(folder).free > 4 * size + (256 << 20) else None
