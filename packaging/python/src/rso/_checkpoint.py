"""Checkpoints, as rso-checkpoint(5) specifies them."""

from __future__ import annotations

import json
import os
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Dict, Iterator, List, Mapping

import h5py
import numpy as np

from ._program import Error, StrPath, capture, report

BEGINNING = b"rso checkpoint "


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    """Turns any exception while a file is read into an Error: for a damaged file, h5py raises many kinds."""
    try:
        yield
    except Exception as error:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        missing = isinstance(error, FileNotFoundError)
        remedy = "" if missing else f"rso.verify({os.fspath(path)!r}) checks the file, and "
        raise Error(f"cannot read '{path}': {reason}; {remedy}rso.Run(...).checkpoints lists the others") from error


class Arrays(Mapping[str, "np.ndarray[Any, Any]"]):
    """The datasets of a checkpoint by their names, such as parameters/conv1/weight; each is read when it is asked for."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with h5py.File(path, "r") as file:
            names: List[str] = []
            file.visititems(lambda name, item: names.append(name) if isinstance(item, h5py.Dataset) else None)
        self._names = [name for name in names if name not in ("plan", "architecture")]

    def __getitem__(self, name: str) -> "np.ndarray[Any, Any]":
        if name not in self._names:
            raise KeyError(name)
        with _reading(self._path), h5py.File(self._path, "r") as file:
            return np.asarray(file[name][()])

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


class Checkpoint:
    """A checkpoint file: parameters, plan and position of a run.

    h5py parses the file in this process. Check a file that you do not trust with `rso.verify` first.

    path: the file.
    arrays: all datasets, by the names of rso-checkpoint(5): parameters/LAYER/weight, history/training_loss ...
    plan, architecture: the JSON objects of the file.
    attributes: the texts of the root: format_version, generator, run_id, state_sha256.
    """

    def __init__(self, path: StrPath) -> None:
        """Raises: Error if the file cannot be opened or is no checkpoint."""
        self.path = Path(path)
        if self.path.is_dir():
            raise Error(f"cannot read '{self.path}': it is a directory; for a run, use rso.Run({os.fspath(path)!r}).last")
        with _reading(self.path), open(self.path, "rb") as file:
            start = file.read(len(BEGINNING))
        if start != BEGINNING:
            raise Error(f"cannot read '{self.path}': not a checkpoint of rso; expected a file such as RUN/last.h5")
        with _reading(self.path):
            with h5py.File(self.path, "r") as content:
                self.plan: Dict[str, Any] = json.loads(_text(content["plan"][()]))
                self.architecture: Dict[str, Any] = json.loads(_text(content["architecture"][()]))
                self.attributes: Dict[str, str] = {name: _text(value) for name, value in content.attrs.items()}
                cycle, layer, neuron = content["search/cursor"][()]
                self.cursor = int(cycle), int(layer), int(neuron)
            self.arrays = Arrays(self.path)

    def __repr__(self) -> str:
        return f"rso.load({os.fspath(self.path)!r})"

    @property
    def cycle(self) -> int:
        """The number of finished cycles."""
        return self.cursor[0]

    @property
    def state_sha256(self) -> str:
        """The identity of the state: equal for runs that are equal, bit for bit."""
        with _reading(self.path):
            return self.attributes["state_sha256"]

    def tensors(self) -> Dict[str, "np.ndarray[Any, Any]"]:
        """Returns the network under the names of a PyTorch state_dict, as `rso export` writes it.

        Shapes are PyTorch's: (outputs, inputs, rows, columns) for convolutions, (outputs, inputs) for linear layers.
        A checkpoint from inside a cycle needs the training set, for the statistics of its batch norms.

        Raises: Error with the message of the program.
        """
        with tempfile.TemporaryDirectory(prefix="rso-") as folder:
            file = os.path.join(folder, "network.npz")
            capture(["export", self.path, "-o", file, "--quiet"])
            with np.load(file, allow_pickle=False) as arrays:
                # The metadata have names without a dot.
                return {name: arrays[name] for name in arrays.files if "." in name}

    def state_dict(self) -> Dict[str, Any]:
        """Returns `tensors()` as torch tensors, for the class that `rso export --emit-pytorch` writes.

        Needs the package torch. Raises: Error with the message of the program.
        """
        import torch

        return {name: torch.from_numpy(array.copy()) for name, array in self.tensors().items()}

    def verify(self) -> Dict[str, Any]:
        """Checks the file; see `rso.verify`."""
        return verify(self.path)


def load(path: StrPath) -> Checkpoint:
    """Opens a checkpoint file. Raises: Error if it cannot be read; then `verify` says what is damaged."""
    return Checkpoint(path)


def verify(path: StrPath) -> Dict[str, Any]:
    """Checks a file and returns what `rso verify --json` says of it: `verdict`, `problems` and more.

    Only the program reads the file. A file that is damaged or missing is a verdict, not an exception.

    path: a checkpoint, or a file of another program.

    Raises: Error if the path is a directory, or the program fails.
    """
    if os.path.isdir(path):
        raise Error(f"cannot check '{os.fspath(path)}': it is a directory; check its files, such as last.h5")
    # 1: damaged; 2: not checkable; the verdict says which.
    answer = report(["verify", path, "--quiet"], accept=(0, 1, 2))
    # A file that does not begin as a checkpoint is examined as one of another program.
    found: Dict[str, Any] = [*answer["files"], *answer["tensor_files"]][0]
    return found


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8")
    return str(value)
