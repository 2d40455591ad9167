"""Training from arrays."""

from __future__ import annotations

import json
import os
import tempfile
from contextlib import ExitStack
from typing import Any, Dict, List, Mapping, Tuple, Union

import numpy as np

from ._data import arrays_of, write
from ._objective import Objective, command_of, environment
from ._process import ALWAYS, run_training, show_of
from ._program import Error, Interrupted, StrPath, errors_of_files, refuse, resuming, said_as, words_of
from ._run import Run

Part = Union[float, int, str, Tuple[Any, Any], List[Any], None]


def train(
    x: Any = None,
    y: Any = None,
    *,
    output: StrPath,
    arch: Union[str, "os.PathLike[str]", Mapping[str, Any], None] = None,
    validation: Part = None,
    test: Part = None,
    objective: Union[str, "os.PathLike[str]", Objective, None] = None,
    progress: Union[bool, str] = True,
    **options: Any,
) -> Run:
    """Trains a network and returns the run.

    x: the samples: N x F features, or images N x height x width, N x channels x height x width or N x height x width x
        channels. uint8 stays bytes; every other number becomes a float32.
    y: the targets: N classes (integers or texts), N numbers, or N x K labels (0 and 1) or numbers.
        Without x and y, name the data with `data`.
    output: the run directory to make. The arrays are written beside it, as OUTPUT.npz: a run needs its data to
        continue.
    arch: the network: "auto" for a small one that fits the data (the default for arrays), the path of a JSON file, or
        its contents as a dictionary; see rso-architecture(5).
    validation, test: a part of the training set (0.1 is a tenth, 500 are 500 samples), or a pair of arrays (x, y), as a
        tuple or list.
    objective: what to minimise instead of a loss: a function as for `rso.objective`, which is at the top level of a file;
        the path of a script; or a command.
    progress: True for a bar (with the package tqdm) or lines, "lines" for lines, False for warnings only.
    options: every option of `rso train --help` but dry_run, json and stop_at_eof, with underscores: cycles=20,
        batch_size="250:3,1000", test_each_cycle=True. Lists and arrays are rows of numbers: class_weights=[1, 2.5],
        cost_matrix=[[0, 1], [5, 0]].

    Ctrl-C saves the state and raises Interrupted, a KeyboardInterrupt. `max_time` ends the run early without an
    exception; `Run.resume` continues it. If the training is refused, OUTPUT.npz is removed again.

    Raises:
        TypeError: a keyword is no option, or arguments do not go together.
        ValueError: x, y or the arrays of a part cannot be used; another process cannot find the objective; or output
            names no directory to make.
        Error: the program refused or failed, with its message; or a file cannot be written.
        Interrupted: Ctrl-C.
    """
    refuse(options, {
        "dry_run": "it makes no run; 'rso train --dry-run' on the command line shows what a run would do", **ALWAYS})
    chosen: Dict[str, Any] = dict(options)
    path = os.fsdecode(output)
    arrays: Dict[str, Any] = {}
    if x is not None:
        if y is None or "data" in chosen:
            raise TypeError("expected samples x and targets y, or data")
        arrays.update(arrays_of(x, y))
        arch = "auto" if arch is None and "preset" not in chosen else arch
    elif y is not None:
        raise TypeError("expected samples x with the targets y")
    for name, suffix, part in (("validation", "val", validation), ("test", "test", test)):
        if isinstance(part, (tuple, list)):
            if len(part) != 2:
                raise TypeError(f"{name} is a pair of arrays (x, y), found {len(part)}")
            if x is None:
                raise TypeError(f"{name} is a pair of arrays, so x and y must be arrays, too")
            if part[1] is None:
                raise TypeError(f"{name} is a pair of arrays (x, y), found no y")
            arrays.update(arrays_of(part[0], part[1], suffix))
        else:
            chosen[name] = part
    if objective is not None:
        chosen["objective"] = command_of(objective)
    chosen["output"] = path
    file = path.rstrip("/") + ".npz"
    if arrays:
        if os.path.basename(path.rstrip("/")) in ("", os.curdir, os.pardir):
            raise ValueError(f"output '{path}' names no directory to make; choose one such as 'runs/mine'")
        chosen["data"] = file
    with ExitStack() as stack:
        network = ""
        if isinstance(arch, Mapping):
            with errors_of_files(path):
                folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="rso-"))
                network = os.path.join(folder, "network.json")
                with open(network, "w", encoding="utf-8") as stream:
                    json.dump(arch, stream, default=_plain)
        chosen["arch"] = network or arch
        words = words_of("train", chosen)
        new = write(file, arrays) if arrays else False
        said = {f"'{network}' as an architecture": "arch",
                "continue it with 'rso resume', or name another one with -o":
                    f"continue it with {resuming(path, objective is not None)}, or choose another output"}
        try:
            with said_as(said):
                result = run_training(
                    ["train", *words], show=show_of(options, progress), path=path, env=environment(objective))
        except (Error, Interrupted) as error:
            if new and not _begun(path):
                os.unlink(file)
                for name in (file, os.path.abspath(file), os.path.realpath(file)):
                    error.args = (str(error).replace(f"'{name}'", "the arrays"),)
            raise
    return Run(path, result=result)


def _begun(path: str) -> bool:
    return any(os.path.exists(os.path.join(path, name)) for name in ("lock", "last.h5"))


def _plain(value: Any) -> Any:
    """Returns a number or array of numpy as JSON has them."""
    if isinstance(value, (np.generic, np.ndarray)):
        return value.tolist()
    raise TypeError(f"expected texts, numbers, lists and dictionaries in arch, found {value!r}")
