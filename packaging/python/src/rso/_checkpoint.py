"""Checkpoints, as rso-checkpoint(5) specifies them."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any, Dict, Iterator, List, Mapping

import h5py
import numpy as np

from ._program import Error, StrPath, capture, report

BEGINNING = b"rso checkpoint "


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
        with h5py.File(self._path, "r") as file:
            return np.asarray(file[name][()])

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


class Checkpoint:
    """A checkpoint file: parameters, plan and position of a run.

    h5py parses the file in this process. Check a file that you do not trust with `verify` first.

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
        try:
            with open(self.path, "rb") as file:
                start = file.read(len(BEGINNING))
            if start != BEGINNING:
                raise Error(f"cannot read '{self.path}': not a checkpoint of rso; expected a file such as RUN/last.h5")
            with h5py.File(self.path, "r") as content:
                self.plan: Dict[str, Any] = json.loads(_text(content["plan"][()]))
                self.architecture: Dict[str, Any] = json.loads(_text(content["architecture"][()]))
                self.attributes: Dict[str, str] = {name: _text(value) for name, value in content.attrs.items()}
                self.cursor = tuple(int(value) for value in content["search/cursor"][()])
            self.arrays = Arrays(self.path)
        except (OSError, KeyError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise Error(f"cannot read '{self.path}': {reason}; rso.Run(...).checkpoints lists the others") from error

    def __repr__(self) -> str:
        return f"rso.load({os.fspath(self.path)!r})"

    @property
    def cycle(self) -> int:
        """The number of finished cycles."""
        return self.cursor[0]

    @property
    def state_sha256(self) -> str:
        """The identity of the state: equal for runs that are equal, bit for bit."""
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
        """Checks the file and returns what `rso verify --json` says of it: `verdict`, `problems` and more.

        A damaged file is a verdict, not an exception. Raises: Error if the file could not be checked at all.
        """
        # 1: damaged; 2: not checkable; the verdict says which.
        files = report(["verify", self.path, "--quiet"], accept=(0, 1, 2))["files"]
        found: Dict[str, Any] = files[0]
        return found


def load(path: StrPath) -> Checkpoint:
    """Opens a checkpoint file. Raises: Error if it cannot be read."""
    return Checkpoint(path)


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8")
    return str(value)
