"""Objectives in Python: the program's side of rso-objective(5)."""

from __future__ import annotations

import inspect
import os
import shlex
import struct
import sys
from typing import Any, BinaryIO, Callable, Dict, NoReturn, Optional, Union

import numpy as np

Objective = Callable[["np.ndarray[Any, Any]", "np.ndarray[Any, Any]"], float]

MAGIC = b"rso-obj\n"
TARGET_TYPES = {0: "<i4", 1: "u1", 2: "<f4"}
TARGETS = 1
ANSWERED = (2, 3, 4)


def objective(function: Objective) -> None:
    """Computes the objective of each minibatch with a function, until the run ends. Call it in a script:

        if __name__ == "__main__":
            rso.objective(cost)

    and train with `--objective 'python3 script.py'`. What the script prints appears among the messages of rso.

    function: called with the outputs of all samples and their targets; returns a finite number. Lower is better.
        Its number must follow from its arguments alone.
        Outputs: float32, samples x outputs; logits for classes and labels.
        Targets: int32, samples, for classes; uint8, samples x outputs, for labels; float32, samples x outputs, for
        numbers. Do not write to either array.
    """
    answers = os.fdopen(os.dup(1), "wb")
    # Whatever else is written to standard output, from C too, would be taken as an answer.
    os.dup2(2, 1)
    serve(function, sys.stdin.buffer, answers)


def serve(function: Objective, requests: BinaryIO, answers: BinaryIO) -> None:
    """Answers requests until the stream ends."""
    hello = _get(requests, 32)
    magic, version, size, _, outputs, target_type, _ = struct.unpack("<8s6I", hello)
    _get(requests, size - 32)
    if magic != MAGIC or version != 1:
        fail("not version 1 of the protocol of rso-objective(5); update the package rso")
    answers.write(struct.pack("<8sII", MAGIC, 1, 0))
    answers.flush()
    targets: Dict[int, "np.ndarray[Any, Any]"] = {}
    while True:
        head = requests.read(24)
        if not head:
            return
        kind, number, samples, candidates, size = struct.unpack("<4IQ", head + _get(requests, 24 - len(head)))
        body = _get(requests, size)
        if kind == TARGETS:
            values = np.frombuffer(body, TARGET_TYPES[target_type])
            targets[number] = values if target_type == 0 else values.reshape(samples, outputs)
        elif kind in ANSWERED:
            logits = np.frombuffer(body, "<f4").reshape(candidates, samples, outputs)
            results = [float(function(candidate, targets[number])) for candidate in logits]
            answers.write(struct.pack(f"<{candidates}d", *results))
            answers.flush()
        else:
            fail(f"does not know requests of kind {kind}; update the package rso")


def _get(stream: BinaryIO, count: int) -> bytes:
    data = stream.read(count)
    if len(data) < count:
        fail("a message ends in the middle")
    return data


def command_of(chosen: Union[str, "os.PathLike[str]", Objective]) -> str:
    """Returns the command for --objective.

    chosen: a function at the top level of a file; the path of a script that calls `rso.objective`, whose name ends in
        .py; or a command as `rso train` takes it.

    Raises: ValueError for a function that another process cannot find.
    """
    if not callable(chosen):
        text = os.fspath(chosen)
        return shlex.join([sys.executable, text]) if _is_script(text) else text
    name = getattr(chosen, "__qualname__", "")
    module = getattr(chosen, "__module__", None)
    try:
        # A decorator may be in another file.
        file = inspect.getsourcefile(inspect.unwrap(chosen))
    except TypeError:
        file = None
    if file is None or not os.path.isfile(file) or not name.isidentifier() or not module:
        raise ValueError(
            f"cannot use {chosen!r} as objective: another process computes it, so it must be a function at the top "
            "level of a file; write it to a file such as cost.py and import it from there")
    if module == "__main__":
        module = _started_in_package(file)
    place = os.path.abspath(file) if module else os.path.relpath(file)
    return shlex.join([sys.executable, "-m", "rso._serve", place, module, name])


def _started_in_package(file: str) -> str:
    """Returns the name of a module of a package that `python -m` started; empty for a script."""
    spec = getattr(sys.modules["__main__"], "__spec__", None)
    if spec is None or not spec.parent or os.path.realpath(spec.origin or "") != os.path.realpath(file):
        return ""
    return str(spec.name)


def _is_script(text: str) -> bool:
    return text.endswith(".py") and os.path.isfile(text)


def environment(chosen: Union[str, "os.PathLike[str]", Objective, None]) -> Optional[Dict[str, str]]:
    """Returns the environment for a run with this objective; None for that of this process.

    A function or script runs in this Python and imports what this process could. A command may run in another one, whose
    modules are its own.
    """
    if chosen is None or (not callable(chosen) and not _is_script(os.fspath(chosen))):
        return None
    here = [os.path.abspath(entry) for entry in sys.path]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(here)}


def fail(text: str) -> NoReturn:
    sys.exit(f"rso.objective: {text}")
