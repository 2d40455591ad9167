"""Training from arrays."""

from __future__ import annotations

import json
import os
import tempfile
from typing import Any, Dict, Mapping, Tuple, Union

from ._data import arrays_of, write
from ._objective import Objective, command_of, environment
from ._process import run_training, show_of
from ._program import StrPath, words_of
from ._run import Run

Part = Union[float, int, str, Tuple[Any, Any], None]


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
    validation, test: a part of the training set (0.1 is a tenth, 500 are 500 samples), or a pair of arrays (x, y).
    objective: what to minimise instead of a loss: a function as for `rso.objective`, which is at the top level of a file;
        the path of a script; or a command.
    progress: True for a bar (with the package tqdm) or lines, "lines" for lines, False for warnings only.
    options: every option of `rso train --help`, with underscores: cycles=20, batch_size="250:3,1000",
        test_each_cycle=True.

    Ctrl-C saves the state and raises Interrupted, a KeyboardInterrupt. `max_time` ends the run early without an
    exception; `Run.resume` continues it.

    Raises: TypeError for a keyword that is no option; Error with the message of the program.
    """
    chosen: Dict[str, Any] = dict(options)
    if chosen.get("dry_run"):
        raise TypeError("dry_run makes no run; 'rso train --dry-run' on the command line shows what a run would do")
    arrays: Dict[str, Any] = {}
    if x is not None:
        if y is None or "data" in chosen:
            raise TypeError("expected samples x and targets y, or data")
        arrays.update(arrays_of(x, y))
        arch = "auto" if arch is None and "preset" not in chosen else arch
    for name, suffix, part in (("validation", "val", validation), ("test", "test", test)):
        if isinstance(part, tuple):
            if x is None:
                raise TypeError(f"{name} is a pair of arrays, so x and y must be arrays, too")
            arrays.update(arrays_of(part[0], part[1], suffix))
        else:
            chosen[name] = part
    if objective is not None:
        chosen["objective"] = command_of(objective)
    chosen["output"] = output
    path = os.fspath(output)
    with tempfile.TemporaryDirectory(prefix="rso-") as folder:
        if isinstance(arch, Mapping):
            chosen["arch"] = os.path.join(folder, "network.json")
            with open(chosen["arch"], "w", encoding="utf-8") as file:
                json.dump(arch, file)
        else:
            chosen["arch"] = arch
        if arrays:
            chosen["data"] = path.rstrip("/") + ".npz"
        words = words_of("train", {k: v for k, v in chosen.items() if k != "json" and k != "stop_at_eof"})
        if arrays:
            write(chosen["data"], arrays)
        result = run_training(
            ["train", *words], show=show_of(options, progress), path=path, env=environment(objective))
    return Run(path, result=result)
