"""Train neural networks without gradients, by random search.

The package runs the program rso and reads the files that it writes. Start with `train`, `Run` and `load`;
`RSOClassifier` and `RSORegressor` are estimators for scikit-learn.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, List

if TYPE_CHECKING:
    from ._checkpoint import Checkpoint, load, verify
    from ._estimators import RSOClassifier, RSORegressor
    from ._objective import objective
    from ._program import Error, Interrupted, program, version
    from ._run import Run
    from ._training import train

__all__ = [
    "Checkpoint", "Error", "Interrupted", "RSOClassifier", "RSORegressor", "Run", "load", "objective",
    "program", "train", "verify", "version",
]

# Loaded on first use: the command `rso` needs neither numpy nor h5py, and only the estimators need scikit-learn.
_MODULES = {
    "Checkpoint": "_checkpoint", "load": "_checkpoint", "verify": "_checkpoint",
    "RSOClassifier": "_estimators", "RSORegressor": "_estimators",
    "objective": "_objective",
    "Error": "_program", "Interrupted": "_program", "program": "_program", "version": "_program",
    "Run": "_run",
    "train": "_training",
}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version as installed
        return installed("rso")
    if name not in _MODULES:
        raise AttributeError(f"module 'rso' has no attribute '{name}'")
    return getattr(importlib.import_module("." + _MODULES[name], __name__), name)


def __dir__() -> List[str]:
    return sorted([*globals(), *__all__])
