"""Objectives: the protocol, and training with them."""

from __future__ import annotations

import io
import os
import shlex
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any, List

import numpy as np
import pytest

import rso
from rso import _objective, _program

from conftest import interrupted_at, samples

HELLO = struct.Struct("<8s6I")
HEAD = struct.Struct("<4IQ")


def hello(task: int, outputs: int, target_type: int, version: int = 1) -> bytes:
    text = b"rso 1.0.0 and what a later version adds"
    return HELLO.pack(b"rso-obj\n", version, 32 + len(text), task, outputs, target_type, len(text)) + text


@pytest.mark.parametrize(("task", "target_type", "targets"), [
    (0, 0, np.array([2, 0], "<i4")),
    (1, 1, np.array([[1, 0, 1], [0, 0, 1]], "u1")),
    (2, 2, np.array([[1, 0.5, 1], [0, -3, 1]], "<f4")),
])
def test_requests_are_answered(task: int, target_type: int, targets: Any) -> None:
    logits = np.arange(12, dtype="<f4").reshape(2, 2, 3)
    requests = hello(task, 3, target_type)
    requests += HEAD.pack(1, 5, 2, 0, targets.nbytes) + targets.tobytes()
    for kind in (2, 3, 4):
        requests += HEAD.pack(kind, 5, 2, 2, logits.nbytes) + logits.tobytes()
    seen: List[Any] = []

    def cost(outputs: Any, found: Any) -> float:
        seen.append((outputs.copy(), found))
        return float(outputs.sum())

    answers = io.BytesIO()
    _objective.serve(cost, io.BytesIO(requests), answers)
    assert answers.getvalue() == struct.pack("<8sII", b"rso-obj\n", 1, 0) + struct.pack("<2d", 15, 51) * 3
    for index, (outputs, found) in enumerate(seen):
        np.testing.assert_array_equal(outputs, logits[index % 2])
        assert found.dtype == targets.dtype
        np.testing.assert_array_equal(found, targets)


def test_another_version_and_a_truncated_message_end_the_program() -> None:
    with pytest.raises(SystemExit, match="not version 1"):
        _objective.serve(lambda outputs, targets: 0.0, io.BytesIO(hello(0, 3, 0, version=2)), io.BytesIO())
    with pytest.raises(SystemExit, match="ends in the middle"):
        _objective.serve(lambda outputs, targets: 0.0, io.BytesIO(hello(0, 3, 0) + b"abc"), io.BytesIO())


COST = '''
import numpy, rso

def cost(outputs, targets):
    print("computing")
    shifted = outputs.astype("f8") - outputs.max(axis=1, keepdims=True)
    logs = numpy.log(numpy.exp(shifted).sum(axis=1)) - shifted[numpy.arange(len(targets)), targets]
    return logs.mean()

if __name__ == "__main__":
    rso.objective(cost)
'''


def test_a_script_writes_answers_alone_to_standard_output(there: Path) -> None:
    Path("cost.py").write_text(COST)
    targets = np.array([0, 1], "<i4")
    logits = np.zeros((1, 2, 2), "<f4")
    requests = hello(0, 2, 0) + HEAD.pack(1, 0, 2, 0, 8) + targets.tobytes() + HEAD.pack(2, 0, 2, 1, 16) + logits.tobytes()
    for words in (["cost.py"], ["-m", "rso._serve", "cost.py", "", "cost"], ["-m", "rso._serve", "cost.py", "cost", "cost"]):
        done = subprocess.run([sys.executable, *words], input=requests, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=True)
        assert done.stdout[16:] == struct.pack("<d", np.log(2.0))
        assert done.stderr == b"computing\n"


def serve(words: List[str], folder: Path) -> float:
    """Returns the answer of a command that computes an objective, in a directory and with no other path."""
    logits = np.zeros((1, 2, 2), "<f4")
    requests = hello(0, 2, 0) + HEAD.pack(1, 0, 2, 0, 8) + np.array([0, 1], "<i4").tobytes()
    requests += HEAD.pack(2, 0, 2, 1, 16) + logits.tobytes()
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(words, input=requests, stdout=subprocess.PIPE, cwd=folder, env=environment, check=True)
    return float(struct.unpack("<d", done.stdout[16:])[0])


@pytest.mark.parametrize(("file", "module", "statement"), [
    ("cost.py", "cost", "import beside"),
    ("pack/cost.py", "pack.cost", "from . import beside"),
    ("pack/inner/cost.py", "pack.inner.cost", "from .. import beside"),
    ("pack/__init__.py", "pack", "from . import beside"),
    # A package without __init__.py.
    ("space/cost.py", "space.cost", "from . import beside"),
    ("cost.py", "", "import beside"),
])
def test_the_command_finds_its_function_from_anywhere(there: Path, file: str, module: str, statement: str) -> None:
    for folder in ("code/pack/inner", "code/space", "elsewhere/pack"):
        Path(folder).mkdir(parents=True)
    for name in ("pack/__init__.py", "pack/inner/__init__.py"):
        Path("code", name).touch()
    for name in ("beside.py", "pack/beside.py", "space/beside.py"):
        Path("code", name).write_text("VALUE = 3\n")
    Path("code", file).write_text(f"{statement}\n\ndef cost(outputs, targets):\n    return beside.VALUE\n")
    # Others of the same names, which the directory of the process would give.
    for name in ("cost.py", "pack/cost.py", "pack/__init__.py"):
        Path("elsewhere", name).write_text("def cost(outputs, targets):\n    return 4\n")
    words = [sys.executable, "-m", "rso._serve", str(there / "code" / file), module, "cost"]
    assert serve(words, there / "elsewhere") == 3


def test_the_file_of_a_decorated_function_is_its_own(there: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("twofold.py").write_text("import functools\n\ndef twice(function):\n    @functools.wraps(function)\n"
                                  "    def both(*arguments):\n        return 2 * function(*arguments)\n    return both\n")
    Path("decorated.py").write_text("import twofold\n\n@twofold.twice\ndef cost(outputs, targets):\n    return 2\n")
    monkeypatch.syspath_prepend(there)
    import decorated  # type: ignore[import-not-found]

    words = shlex.split(_objective.command_of(decorated.cost))
    assert words[-3:] == [str(there / "decorated.py"), "decorated", "cost"]
    assert serve(words, there) == 4


def test_a_module_that_python_started_is_found_in_its_package(there: Path) -> None:
    Path("pack").mkdir()
    Path("pack/beside.py").write_text("VALUE = 3\n")
    Path("pack/start.py").write_text("from rso import _objective\nfrom . import beside\n\ndef cost(outputs, targets):\n"
                                     "    return beside.VALUE\n\nif __name__ == '__main__':\n"
                                     "    print(_objective.command_of(cost))\n")
    command = subprocess.run([sys.executable, "-m", "pack.start"], stdout=subprocess.PIPE, text=True, check=True).stdout
    assert serve(shlex.split(command), Path("/")) == 3


def test_the_command_that_a_refusal_names_continues_the_run(there: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("code").mkdir()
    Path("code/named.py").write_text(COST)
    x, y = samples()
    options = {"seed": 1, "threads": 1, "progress": False}
    with monkeypatch.context() as patch:
        patch.syspath_prepend(there / "code")
        import named  # type: ignore[import-not-found]

        run = rso.train(x, y, output="a", objective=named.cost, cycles=1, **options)
    with pytest.raises(rso.Error) as error:
        run.resume(cycles=2, extend="keep", progress=False)
    command = shlex.split(str(error.value).split("add: --objective ")[1])[0]
    assert run.resume(objective=command, cycles=2, extend="keep", progress=False).last.cycle == 2
    words = ["resume", "a", "--objective", command, "--cycles", "3", "--extend", "keep", "--quiet"]
    subprocess.run([rso.program(), *words], check=True)
    assert run.last.cycle == 3


def test_an_interruption_says_that_the_objective_is_needed_again(there: Path) -> None:
    Path("slow.py").write_text("import pathlib, time, rso\n\ndef cost(outputs, targets):\n    pathlib.Path('begun').touch()\n"
                               "    time.sleep(0.02)\n    return float((outputs ** 2).mean())\n\nrso.objective(cost)\n")
    x, y = samples()
    with interrupted_at("begun"), pytest.raises(rso.Interrupted) as error:
        rso.train(x, y, output="a", objective="slow.py", cycles=100, seed=1, progress=False)
    assert str(error.value) == "the run is saved in 'a'; rso.Run('a').resume(objective=...) continues it"
    with pytest.raises(rso.Error, match=r"continue it with rso.Run\('a'\).resume\(objective=...\)"):
        rso.train(x, y, output="a", objective="slow.py", cycles=100, seed=1, progress=False)


def test_functions_that_another_process_cannot_find_are_refused() -> None:
    with pytest.raises(ValueError, match="top level of a file"):
        _objective.command_of(lambda outputs, targets: 0.0)


@pytest.mark.parametrize("form", ["script", "function", "command"])
def test_training_minimises_the_objective(there: Path, monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    Path("cost.py").write_text(COST)
    monkeypatch.syspath_prepend(there)
    monkeypatch.delitem(sys.modules, "cost", raising=False)
    import cost

    objective = {"script": "cost.py", "function": cost.cost, "command": f"{sys.executable} cost.py"}[form]
    x, y = samples()
    run = rso.train(x, y, output="a", objective=objective, cycles=2, seed=1, threads=1, progress=False)
    assert run.plan["options"]["loss"] == "program"
    losses = run.history["training_loss"]
    assert losses[1] < losses[0]
    assert (run.predict(x) == y).mean() > 0.7
    with pytest.raises(rso.Error, match="objective"):
        run.resume(cycles=3, extend="keep", progress=False)
    assert run.resume(objective=objective, cycles=3, extend="keep", progress=False).last.cycle == 3


def test_a_failing_objective_is_an_error_and_the_run_is_kept(there: Path, capfd: pytest.CaptureFixture[str]) -> None:
    Path("bad.py").write_text("import rso\nrso.objective(lambda outputs, targets: 1 / 0)\n")
    x, y = samples()
    with pytest.raises(rso.Error) as error:
        rso.train(x, y, output="a", objective="bad.py", cycles=2, seed=1, progress=False)
    assert error.value.status == 69
    # Nothing was shown, so the error holds what the objective said.
    assert "ZeroDivisionError: division by zero" in str(error.value) and "above" not in str(error.value)
    assert rso.load("a/last.h5").cycle == 0
