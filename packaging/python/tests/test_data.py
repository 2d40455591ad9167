"""Arrays that training takes, and those that it refuses."""

from __future__ import annotations

import os
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import rso
from rso import _data

from conftest import samples

X = np.arange(8.0).reshape(4, 2)


@pytest.mark.parametrize("missing", [
    [None, "a", "b", "a"],
    ["a", np.nan, "b", "a"],
    np.array(["a", None, "b", "a"], dtype=object),
    pd.Series(["a", None, "b", "a"]),
    pd.Series(["a", np.nan, "b", "a"], dtype=object),
    pd.Series(["a", pd.NA, "b", "a"], dtype="string"),
    pd.Series(pd.Categorical(["a", None, "b", "a"])),
    pd.Series([1, pd.NA, 2, 1], dtype=object),
    [None, 1.5, 2.5, 3.5],
    np.array([1, Decimal("nan"), 2, 1], dtype=object),
    [0.5, np.nan, 1.5, 2.5],
])
def test_a_missing_target_is_no_class(missing: Any) -> None:
    index = 0 if missing[0] is None else 1
    with pytest.raises(ValueError, match=rf"^target {index} \(counted from 0\) (is missing|holds nan)"):
        _data.arrays_of(X, missing)
    with pytest.raises(ValueError, match=f"^validation target {index} "):
        _data.arrays_of(X, missing, "val")


@pytest.mark.parametrize(("values", "kind", "expected"), [
    ([1, 2, 2, 1], "i", [1, 2, 2, 1]),
    ([1.5, 2, 2, 1], "f", [1.5, 2, 2, 1]),
    ([Decimal("1.5"), Fraction(1, 4), 2, np.float32(0.5)], "f", [1.5, 0.25, 2, 0.5]),
    ([True, False, np.True_, False], "b", [True, False, True, False]),
    (["a", "b", "b", "a"], "U", ["a", "b", "b", "a"]),
    ([b"a", b"b", b"b", b"a"], "S", [b"a", b"b", b"b", b"a"]),
])
def test_objects_become_what_they_hold(values: Any, kind: str, expected: Any) -> None:
    objects = np.empty(4, dtype=object)
    objects[:] = values
    for given in (objects, pd.Series(values, dtype=object)):
        found = _data.arrays_of(X, given)["y"]
        assert found.dtype.kind == kind and found.tolist() == expected


def test_numbers_in_objects_are_a_regression(there: Path) -> None:
    x, _ = samples()
    run = rso.train(x, x[:, 0].astype(object), output="a", cycles=1, seed=1, threads=1, progress=False)
    assert run.plan["data"]["task"] == "regression"


def test_samples_in_tables_become_numbers() -> None:
    whole = pd.DataFrame({"a": [1, 2, 3], "b": [4, 5, 6]}).astype("Int64")
    assert _data.arrays_of(whole, None)["X"].tolist() == [[1, 4], [2, 5], [3, 6]]
    mixed = pd.DataFrame({"a": pd.Series([1.5, 2, 3], dtype="Float64"), "b": [4, 5, 6]})
    assert _data.arrays_of(mixed, None)["X"].dtype == np.float64
    with pytest.raises(ValueError, match=r"^sample 1 \(counted from 0, at \[0\]\) is missing: found <NA>"):
        _data.arrays_of(whole.mask(whole == 2), None)


@pytest.mark.parametrize(("x", "text"), [
    (np.ma.masked_greater(X, 6), "a sample is masked"),
    ([np.ma.masked_greater(row, 6) for row in X], "a sample is masked"),
    (np.where(X > 6, np.inf, X), r"sample 3 \(counted from 0, at \[1\]\) holds inf, not a finite number"),
    (X * 1e300, r"sample 0 \(counted from 0, at \[1\]\) holds 1e\+300, which is too large for a float32"),
    (X[:0], "found none"),
    (3, "a single value"),
    (None, "found None"),
    (X + 1j, "found complex numbers"),
    (X.astype(str), "found texts"),
    ([[1, "a"]] * 4, "several: int, str"),
    (np.array([[2**70, 1]] * 4, dtype=object), "too large"),
    (np.array([[object(), 1]] * 4, dtype=object), "sample 0 .* neither a number nor a text"),
    (np.array(["2020-01-01"] * 4, dtype="M8[D]"), "found dates"),
])
def test_samples_that_cannot_be_used_are_named(x: Any, text: str) -> None:
    with pytest.raises(ValueError, match=text):
        _data.arrays_of(x, [0, 1, 0, 1])


def test_a_mask_that_hides_nothing_is_no_error_and_long_floats_are_read() -> None:
    assert _data.arrays_of(np.ma.masked_greater(X, 100), [0, 1, 0, 1])["X"].tolist() == X.tolist()
    assert _data.arrays_of(X.astype(np.longdouble), None)["X"].dtype == np.float64
    with pytest.raises(ValueError, match="a target is masked"):
        _data.arrays_of(X, np.ma.masked_equal([0, 1, 0, 1], 1))


def test_names_with_line_breaks_are_predicted(there: Path) -> None:
    x, y = samples()
    names = np.array(["a\nb", "c", "d"])
    run = rso.train(x, names[y], output="a", cycles=2, seed=1, threads=1, progress=False)
    assert run.outputs(x)["names"].tolist() == names.tolist()
    assert (run.predict(x) == names[y]).mean() > 0.7


def test_the_data_are_on_the_disk_before_the_run_begins(there: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = []
    rename = os.rename

    def synchronize(handle: int) -> None:
        steps.append(os.path.basename(os.readlink(f"/proc/self/fd/{handle}")))

    def move(old: str, new: str) -> None:
        steps.append(f"{os.path.basename(old)} becomes {os.path.basename(new)}")
        rename(old, new)

    monkeypatch.setattr(os, "fsync", synchronize)
    monkeypatch.setattr(os, "rename", move)
    assert _data.write("runs/a.npz", _data.arrays_of(X, None))
    temporary = steps[0]
    assert steps == [temporary, f"{temporary} becomes a.npz", "runs"]
    assert not _data.write("runs/a.npz", _data.arrays_of(X, None))
