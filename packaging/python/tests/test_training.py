"""Training, progress, errors and interruptions."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Dict

import numpy as np
import pytest

import rso
from rso import _data, _objective, _program
from rso._progress import Progress

from conftest import interrupted_at, samples

QUICK: Dict[str, Any] = {"cycles": 2, "seed": 1, "threads": 1, "progress": False}


def test_the_run_is_that_of_the_program(there: Path) -> None:
    x, y = samples()
    run = rso.train(x, y, output="a", validation=0.1, test=0.2, **QUICK)
    words = ["train", "--data", "a.npz", "--arch", "auto", "-o", "b", "--validation", "0.1", "--test", "0.2",
             "--cycles", "2", "--seed", "1", "--json", "--quiet"]
    summary = json.loads(subprocess.run([rso.program(), *words], check=True, stdout=subprocess.PIPE).stdout)
    assert run.result is not None
    assert run.result["state_sha256"] == summary["state_sha256"] == run.last.state_sha256


def test_pairs_of_arrays_are_validation_and_test_sets(there: Path) -> None:
    x, y = samples()
    run = rso.train(x[:200], y[:200], validation=(x[200:240], y[200:240]), test=[x[240:], y[240:]], output="a", **QUICK)
    data = run.plan["data"]
    assert (data["trainingCount"], data["validationCount"], data["testCount"]) == (200, 40, 60)


def test_an_architecture_is_a_dictionary_and_targets_are_numbers(there: Path) -> None:
    x, _ = samples()
    arch = {"name": "line", "input": np.array([4, 1, 1]), "classes": np.int64(1), "layers": [
        {"type": "flatten"}, {"type": "linear", "outputs": 1}]}
    run = rso.train(x, x @ [1.0, -2, 0, 0.5], output="a", arch=arch, **{**QUICK, "cycles": 12})
    assert run.last.architecture["name"] == "line"
    assert run.plan["data"]["task"] == "regression"
    assert run.predict(x).shape == (300, 1)


@pytest.mark.parametrize("dtype", ["u1", "i1", "i8", "f2", "f4", "f8", ">f8"])
def test_samples_of_any_type_are_read(there: Path, dtype: str) -> None:
    x, y = samples()
    run = rso.train((x * 20 + 40).clip(0, 100).astype(dtype), y, output="a", **QUICK)
    assert ("elements" in run.plan["data"]) == (dtype != "u1")


def test_every_option_of_the_help_is_a_keyword() -> None:
    known = _program.options_of("train")
    assert known["cycles"] and known["batch-size"] and not known["test-each-cycle"]
    # Options that the help only mentions, in the text of others, are none.
    assert "batch" not in known
    help_text = subprocess.run([rso.program(), "train", "--help"], check=True, stdout=subprocess.PIPE, text=True).stdout
    listed = {line.split()[0] for line in help_text.splitlines() if line.startswith("  --")}
    assert {f"--{name}" for name in known} >= listed - {"--version"}


@pytest.mark.parametrize(("options", "words"), [
    ({"cycles": 3, "test_each_cycle": True, "patience": None, "no_lock": False}, ["--cycles=3", "--test-each-cycle"]),
    ({"batch_factors": {"conv1": 4, "fc": 8}}, ["--batch-factors=conv1:4,fc:8"]),
    ({"class_weights": [1, 2.5]}, ["--class-weights=1,2.5"]),
    ({"class_weights": np.array([1, 2.5])}, ["--class-weights=1.0,2.5"]),
    ({"target_scales": [1, 1e6]}, ["--target-scales=1,1000000.0"]),
    ({"cost_matrix": [[0, 1], [5, 0]]}, ["--cost-matrix=0,1;5,0"]),
    ({"cost_matrix": np.array([[0, 1], [5, 0]])}, ["--cost-matrix=0,1;5,0"]),
    ({"test_each_cycle": np.True_, "no_lock": np.False_}, ["--test-each-cycle"]),
    ({"label": -1}, ["--label=-1"]),
    ({"data": Path("a b")}, ["--data=a b"]),
])
def test_keywords_become_words(options: Dict[str, Any], words: Any) -> None:
    assert _program.words_of("train", options) == words


@pytest.mark.parametrize(("options", "text"), [
    ({"cycels": 3}, "unknown option 'cycels' of 'rso train'; did you mean 'cycles'?"),
    ({"epochs": 3}, "unknown option 'epochs' of 'rso train'; use cycles; a cycle visits every parameter once"),
    ({"force": True}, "unknown option 'force' of 'rso train'; 'rso train --help' lists the options"),
    ({"json": True}, "'json' is no keyword here: the answer is a Run"),
    ({"stop_at_eof": True}, "'stop_at_eof' is no keyword here: a training always stops when Python ends"),
    ({"validation": (1, 2, 3)}, "validation is a pair of arrays (x, y), found 3"),
    ({"cycles": True}, "option 'cycles' of 'rso train' needs a value"),
    ({"no_lock": 3}, "option 'no_lock' of 'rso train' takes True or False, not 3"),
])
def test_wrong_keywords_are_type_errors(options: Dict[str, Any], text: str) -> None:
    x, y = samples()
    with pytest.raises(TypeError) as error:
        rso.train(x, y, output="never", **options)
    assert str(error.value) == text
    assert not os.path.exists("never.npz")


def test_errors_have_the_text_and_status_of_the_program(there: Path) -> None:
    x, y = samples()
    with pytest.raises(rso.Error) as error:
        rso.train(x, y, output="a", **{**QUICK, "cycles": "many"})
    assert str(error.value).startswith("invalid cycles 'many': expected")
    assert error.value.status == 64
    assert error.value.command[1] == "train"


def test_a_run_is_not_replaced_and_its_data_neither(there: Path) -> None:
    x, y = samples()
    rso.train(x, y, output="a", **QUICK)
    before = Path("a.npz").read_bytes()
    with pytest.raises(rso.Error, match="'a.npz' holds other data"):
        rso.train(x + 1, y, output="a", **QUICK)
    with pytest.raises(rso.Error) as error:
        rso.train(x, y, output="a", **QUICK)
    assert error.value.status == 73
    assert Path("a.npz").read_bytes() == before
    assert sorted(os.listdir()) == ["a", "a.npz"]


def test_a_refused_training_leaves_no_data(there: Path) -> None:
    x, y = samples()
    with pytest.raises(ValueError, match="sample 0 .* holds nan"):
        rso.train(x * np.nan, y, output="a", **QUICK)
    with pytest.raises(rso.Error, match="^cannot use the arrays: all training samples have the label '0'"):
        rso.train(x, y * 0, output="a", **QUICK)
    assert os.listdir() == []
    rso.train(x, y, output="a", **QUICK)
    with pytest.raises(rso.Error, match=r"continue it with rso.Run\('a'\).resume\(\)"):
        rso.train(x, y, output="a", **QUICK)
    assert sorted(os.listdir()) == ["a", "a.npz"]


def test_an_output_must_name_a_directory_that_can_be_made(there: Path) -> None:
    x, y = samples()
    for output in ("/", ".", "..", "", "b/."):
        with pytest.raises(ValueError, match="names no directory to make"):
            rso.train(x, y, output=output, **QUICK)
    Path("file").touch()
    for output in ("file/a", "/proc/a"):
        with pytest.raises(rso.Error, match="^cannot write '"):
            rso.train(x, y, output=output, **QUICK)
    assert os.listdir() == ["file"]


def test_an_architecture_that_is_wrong_is_named_as_the_argument(there: Path) -> None:
    x, y = samples()
    with pytest.raises(rso.Error, match="^cannot use arch: .*missing key 'input'"):
        rso.train(x, y, output="a", arch={}, **QUICK)
    with pytest.raises(TypeError, match="in arch, found"):
        rso.train(x, y, output="a", arch={"input": object()}, **QUICK)


def test_an_interruption_can_be_pickled() -> None:
    for error in (rso.Interrupted("runs/a"), rso.Interrupted(None), rso.Interrupted(None, "the fit was stopped")):
        again = pickle.loads(pickle.dumps(error))
        assert isinstance(again, rso.Interrupted)
        assert (again.path, str(again)) == (error.path, str(error))


def test_another_program_is_named(monkeypatch: pytest.MonkeyPatch, run: rso.Run) -> None:
    monkeypatch.setenv("RSO_PROGRAM", "/bin/true")
    for ask in (rso.version, lambda: run.summary, lambda: rso.train([[1]], [1], output="never")):
        with pytest.raises(rso.Error, match="correct the variable RSO_PROGRAM"):
            ask()


def test_numbers_of_samples_and_targets_must_agree() -> None:
    with pytest.raises(ValueError, match="as many targets as samples"):
        rso.train(np.zeros((3, 2)), np.zeros(2), output="never")
    with pytest.raises(TypeError, match="samples x and targets y"):
        rso.train(np.zeros((3, 2)), output="never")
    with pytest.raises(TypeError, match="makes no run"):
        rso.train(np.zeros((3, 2)), np.zeros(3), output="never", dry_run=True)


def test_time_that_is_over_is_no_error_and_the_run_continues(there: Path) -> None:
    x, y = samples(count=3000)
    options = {**QUICK, "cycles": 400, "hold": 1, "batch_size": 500}
    run = rso.train(x, y, output="a", max_time="0:00:01", **options)
    assert run.result is None or run.last.cycle < 400

    def position(found: rso.Run) -> Any:
        # The layers of a cycle are searched from the last to the first.
        cycle, layer, neuron = found.last.cursor
        return cycle, -layer, neuron

    before = position(run)
    again = run.resume(max_time="0:00:01", progress=False)
    assert position(again) > before


def test_an_interruption_saves_and_the_resumed_run_is_the_same(there: Path) -> None:
    x, y = samples(count=2000)
    options = {**QUICK, "cycles": 20, "hold": 1, "batch_size": 500}
    whole = rso.train(x, y, output="whole", **options)
    os.rename("whole.npz", "kept.npz")
    with interrupted_at("part/ckpt-000002.h5"), pytest.raises(KeyboardInterrupt) as error:
        rso.train(data="kept.npz", arch="auto", output="part", **options)
    assert isinstance(error.value, rso.Interrupted) and error.value.path == "part"
    part = rso.Run("part")
    assert 2 <= part.last.cycle < 20
    done = part.resume(progress=False)
    # The names of the data are part of a state: whole.npz and kept.npz.
    for name, array in whole.last.arrays.items():
        if name.startswith(("parameters/", "search/")):
            assert np.array_equal(array, done.last.arrays[name]), name


def test_the_run_stops_when_python_is_killed(there: Path) -> None:
    script = ("import sys, rso, numpy; x = numpy.random.default_rng(0).normal(size=(3000, 8)); "
              "rso.train(x, x[:, 0] > 0, output='a', cycles=100000, hold=1, batch_size=500, seed=1, progress=False)")
    process = subprocess.Popen([sys.executable, "-c", script])
    limit = time.monotonic() + 60
    while not os.path.exists("a/ckpt-000001.h5") and time.monotonic() < limit:
        time.sleep(0.01)
    process.kill()
    process.wait()
    while time.monotonic() < limit:
        if Path("a/lock").read_text() == "":
            break
        time.sleep(0.05)
    assert Path("a/lock").read_text() == "", "the run still holds its lock"
    assert rso.load("a/last.h5").verify()["verdict"] == "good"


def test_an_interruption_before_the_run_names_no_run(there: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # A program that has made no directory when Ctrl-C comes.
    program = there / "slow"
    program.write_text("#!/bin/sh\ncase $2 in --help) exec '%s' \"$@\";; esac\ntouch started\nexec sleep 60\n" % rso.program())
    program.chmod(0o755)
    monkeypatch.setenv("RSO_PROGRAM", str(program))
    x, y = samples()
    with interrupted_at("started"), pytest.raises(rso.Interrupted) as error:
        rso.train(x, y, output="a", **QUICK)
    assert error.value.path is None and "had not begun" in str(error.value)


def test_progress_is_a_bar_or_lines(capsys: pytest.CaptureFixture[str]) -> None:
    lines = ["training auto", "cycle 1/2  loss 0.5  changed 0.86  0.1 s  run ends in 3 s", "rso-train: warning: careful",
             "cycle 2/2  loss 0.25  changed 0.80  0.1 s"]
    for show in (True, "lines", False):
        progress = Progress(show)
        for line in lines:
            progress.line(line)
        progress.close()
        text = capsys.readouterr().err
        assert "careful" in text
        assert ("loss 0.25  changed 0.80" in text) == bool(show)
        assert ("2/2 [" in text) == (show is True)
        assert (lines[1] in text) == (show == "lines")


def test_the_program_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RSO_PROGRAM", str(tmp_path / "none"))
    with pytest.raises(rso.Error, match="correct the variable RSO_PROGRAM"):
        rso.version()
    monkeypatch.delenv("RSO_PROGRAM")
    script = tmp_path / "rso"
    script.write_text("#!/bin/sh\nexit 3\n")
    script.chmod(0o755)
    # A package without a program in it.
    found = rso.program()
    monkeypatch.setattr(_program, "__file__", str(tmp_path / "_program.py"))
    monkeypatch.setenv("PATH", str(tmp_path))
    # The command that this package installs is a script: it is never taken for the program.
    with pytest.raises(rso.Error, match="cannot find the program.*RSO_PROGRAM"):
        rso.program()
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "rso").symlink_to(found)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{tmp_path / 'more'}")
    assert rso.program() == str(tmp_path / "more" / "rso")


def test_the_file_holds_the_arrays_alone(there: Path) -> None:
    _data.write("a.npz", _data.arrays_of([[1.0, 2.0], [3.0, 4.0]], [0, 1]))
    with np.load("a.npz") as arrays:
        assert arrays.files == ["X", "y"]


def test_only_an_objective_of_this_python_gets_its_modules(there: Path) -> None:
    Path("cost.py").touch()
    assert _objective.environment(None) is None and _objective.environment("python3 cost.py") is None
    for chosen in ("cost.py", Path("cost.py"), test_the_program_is_found):
        found = _objective.environment(chosen)
        assert found is not None and os.path.dirname(os.__file__) in found["PYTHONPATH"].split(os.pathsep)


def test_the_command_is_the_program() -> None:
    done = subprocess.run([sys.executable, "-m", "rso", "--version"], stdout=subprocess.PIPE, text=True, check=True)
    assert done.stdout.split()[-1] == rso.version()
    done = subprocess.run([sys.executable, "-m", "rso", "train", "--cycels", "3"], stderr=subprocess.PIPE, text=True)
    assert done.returncode == 64 and "--cycles" in done.stderr
