"""Run directories and checkpoints."""

from __future__ import annotations

import csv
import json
import shutil
import struct
import subprocess
from pathlib import Path
from typing import Any, Dict

import h5py
import numpy as np
import pytest
from sklearn import metrics

import rso

from conftest import samples


def test_the_history_is_that_of_metrics_csv(run: rso.Run) -> None:
    with open(run.path / "metrics.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    history = run.history
    assert len(rows) == 3
    for name in rows[0]:
        expected = [float(row[name]) if row[name] else np.nan for row in rows]
        # metrics.csv has milliseconds.
        np.testing.assert_allclose(history[name], expected, rtol=0, atol=6e-4 if name == "seconds" else 0)
    frame = run.history_frame()
    assert frame.index.tolist() == [1, 2, 3]
    assert frame["kept"].dtype == np.int64


def test_checkpoints_best_and_last(run: rso.Run) -> None:
    assert list(run.checkpoints) == [0, 1, 2, 3]
    assert run.last.cycle == 3
    assert run.result is not None and run.best.cycle == run.result["best_cycle"]
    assert run.plan["seed"] == 1
    assert run.summary["state_sha256"] == run.last.state_sha256 == rso.load(run.checkpoints[3]).state_sha256


def test_predictions_have_the_names_of_the_classes(run: rso.Run) -> None:
    x, y = samples(seed=5)
    names = np.array(["red", "green", "blue"])[y]
    found = run.predict(x)
    accuracy = float((found == names).mean())
    assert accuracy > 0.6
    assert run.evaluate(x, names)["accuracy"] == pytest.approx(accuracy, abs=1e-12)
    outputs = run.outputs(x, which="best")
    assert outputs["probability"].shape == (300, 3)
    np.testing.assert_array_equal(outputs["probability"].argmax(1), outputs["prediction"])


QUICK: Dict[str, Any] = {"cycles": 2, "seed": 1, "threads": 1, "progress": False}


@pytest.mark.parametrize("parts", [
    {"test": 0.3, "validation": 0.2}, {"test": 0.3}, {"validation": 50}, {}, {"test": "own"}, {"validation": "own"},
], ids=str)
def test_all_samples_that_are_given_are_measured(there: Path, parts: Dict[str, Any]) -> None:
    # Also the run's own, which the run divided.
    x, y = samples()
    x += np.random.default_rng(1).normal(0, 0.8, x.shape)
    names = np.array(["red", "green", "blue"])[y]
    run = rso.train(x, names, output="a", **{name: (x[:90], names[:90]) if part == "own" else part
                                             for name, part in parts.items()}, **QUICK)
    for chosen in (slice(None), slice(90), slice(90, None), slice(1)):
        found = run.evaluate(x[chosen], names[chosen])
        assert (found["samples"], found["split"]) == (len(x[chosen]), "all")
        assert found["accuracy"] == pytest.approx(metrics.accuracy_score(names[chosen], run.predict(x[chosen])), abs=1e-12)
        assert "chosen_on_samples" not in found
    assert run.evaluate(split="train")["samples"] < 300 or not {0.3, 0.2, 50} & set(parts.values())


def test_all_samples_with_labels_or_numbers_are_measured(there: Path) -> None:
    x, _ = samples()
    labels = np.stack([x[:, 0] > 1, x[:, 1] + x[:, 2] > 2], axis=1)
    run = rso.train(x, labels, output="labels", test=0.3, validation=0.2, **QUICK)
    found = run.evaluate(x, labels)
    predicted = run.predict(x)
    assert found["samples"] == 300
    assert found["exact_match"] == pytest.approx(metrics.accuracy_score(labels, predicted), abs=1e-12)
    assert found["macro_f1"] == pytest.approx(metrics.f1_score(labels, predicted, average="macro"), abs=1e-12)
    numbers = x @ [1.0, -2, 0, 0.5]
    run = rso.train(x, numbers, output="numbers", test=0.3, validation=0.2, **QUICK)
    found = run.evaluate(x, numbers)
    predicted = run.predict(x)[:, 0]
    assert found["samples"] == 300
    # The program has the targets as float32.
    assert found["mae"] == pytest.approx(metrics.mean_absolute_error(numbers, predicted), rel=1e-5)
    assert found["r2"] == pytest.approx(metrics.r2_score(numbers, predicted), rel=1e-5)


def test_a_mean_of_weights_is_measured_on_samples_that_are_given(run: rso.Run) -> None:
    # Its batch norms need the statistics of the run's training set.
    for seed in (0, 5):
        x, y = samples(seed)
        names = np.array(["red", "green", "blue"])[y]
        found = run.evaluate(x, names, average=2)
        assert (found["samples"], found["split"], found["averaged_cycles"]) == (300, "all", [2, 3])
        assert found["accuracy"] == pytest.approx((run.predict(x, average=2) == names).mean(), abs=1e-12)


def test_samples_that_are_given_are_not_divided(run: rso.Run) -> None:
    x, y = samples()
    for option in ("data", "split", "test", "validation", "test_data", "split_seed", "inputs", "labels"):
        with pytest.raises(TypeError, match=f"'{option}' is no keyword here: all samples x are measured"):
            run.evaluate(x, y, **{option: "test"})


def test_errors_about_samples_are_in_words_of_python(run: rso.Run, tmp_path: Path) -> None:
    x, y = samples()
    with pytest.raises(rso.Error, match="; pass arrays that fit the network") as error:
        run.predict(x[:, :3])
    assert "--data" not in str(error.value)
    with pytest.raises(TypeError, match="samples x and targets y"):
        run.evaluate(x)
    with pytest.raises(TypeError, match="the answer is a dictionary"):
        run.evaluate(json=True)
    for which in ("foo", -1, True):
        with pytest.raises(ValueError, match="expected 'last', 'best' or the number of a cycle"):
            run.predict(x, which=which)  # type: ignore[arg-type]
    scaled = (x * 20 + 40).clip(0, 100)
    trained = rso.train(scaled.astype("u1"), y, output=tmp_path / "bytes", **QUICK)
    with pytest.raises(rso.Error, match=r"pass x.astype\('uint8'\)"):
        trained.predict(scaled)
    with pytest.raises(rso.Error, match="give samples x and targets y"):
        trained.evaluate()


def test_a_run_is_no_checkpoint_and_a_checkpoint_no_run(run: rso.Run) -> None:
    with pytest.raises(rso.Error, match=r"use rso.Run\(.*\).last"):
        rso.load(run.path)
    with pytest.raises(rso.Error, match=r"use rso.load\("):
        rso.Run(run.last_path)


def test_evaluation_is_that_of_the_run(run: rso.Run) -> None:
    assert run.result is not None
    measured = run.evaluate(which="best")
    assert measured["accuracy"] == run.result["test_accuracy"]
    assert run.evaluate(which="2", split="validation")["samples"] == 24


def test_a_run_continues(run: rso.Run, tmp_path: Path) -> None:
    longer = run.resume(output=tmp_path / "longer", cycles=5, extend="keep", progress=False)
    assert longer.path == tmp_path / "longer"
    assert longer.last.cycle == 5 and run.last.cycle == 3
    with pytest.raises(rso.Error, match="--extend"):
        run.resume(cycles=9, progress=False)


def test_a_directory_without_checkpoints_is_no_run(tmp_path: Path) -> None:
    with pytest.raises(rso.Error, match="is no run"):
        rso.Run(tmp_path)


def test_a_report_is_written(run: rso.Run, tmp_path: Path) -> None:
    assert run.report(tmp_path / "report.html").stat().st_size > 1000


def test_arrays_are_those_of_the_file(run: rso.Run) -> None:
    checkpoint = run.last
    with h5py.File(checkpoint.path) as file:
        for layer, group in file["parameters"].items():
            for kind, values in group.items():
                np.testing.assert_array_equal(checkpoint.arrays[f"parameters/{layer}/{kind}"], values[...])
        assert checkpoint.state_sha256 == file.attrs["state_sha256"].decode()
    assert "plan" not in checkpoint.arrays and len(checkpoint.arrays) > 20
    with pytest.raises(KeyError):
        checkpoint.arrays["parameters/none/weight"]


def test_tensors_are_those_of_an_export(run: rso.Run, tmp_path: Path) -> None:
    file = tmp_path / "network.safetensors"
    subprocess.run([rso.program(), "export", run.path, "-o", file, "--quiet"], check=True)
    data = file.read_bytes()
    (size,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8:8 + size])
    header.pop("__metadata__")
    expected = {}
    for name, entry in header.items():
        first, last = entry["data_offsets"]
        expected[name] = np.frombuffer(data[8 + size + first:8 + size + last], "<f4").reshape(entry["shape"])
    constants = {name for name in expected if name.startswith("normalization_")}
    tensors = run.last.tensors()
    assert set(tensors) == set(expected) - constants
    for name, tensor in tensors.items():
        assert tensor.dtype == np.float32
        np.testing.assert_array_equal(tensor, expected[name])


@pytest.mark.torch
def test_state_dict_fits_the_module_that_is_exported(
    run: rso.Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    import importlib

    import torch

    words = ["export", run.path, "-o", tmp_path / "n.safetensors", "--emit-pytorch", tmp_path / "exported.py", "--quiet"]
    subprocess.run([rso.program(), *words], check=True)
    monkeypatch.syspath_prepend(tmp_path)
    exported = importlib.import_module("exported")
    network = exported.Network().eval()
    network.load_state_dict(run.last.state_dict(), strict=True)
    x, _ = samples(seed=5)
    with torch.no_grad():
        logits = network(exported.normalize(torch.from_numpy(x.astype("f4")).reshape(-1, 4, 1, 1))).numpy()
    np.testing.assert_allclose(logits, run.outputs(x)["logit"], rtol=0, atol=1e-4)


def test_damage_is_a_verdict_and_other_files_are_errors(run: rso.Run, tmp_path: Path) -> None:
    assert run.last.verify()["verdict"] == "good"
    damaged = tmp_path / "damaged.h5"
    shutil.copy(run.last_path, damaged)
    with h5py.File(damaged, "r+") as file:
        file["parameters/fc/weight"][0, 0] = 7
    for verdict in (rso.load(damaged).verify(), rso.verify(damaged)):
        assert verdict["verdict"] == "damaged" and verdict["problems"]
    other = tmp_path / "other.h5"
    other.write_bytes(b"something else")
    with pytest.raises(rso.Error, match="not a checkpoint of rso"):
        rso.load(other)
    assert rso.verify(other)["verdict"] == "unknown"
    with pytest.raises(rso.Error, match="No such file"):
        rso.load(tmp_path / "none.h5")
    assert rso.verify(tmp_path / "none.h5")["verdict"] == "unknown"
    with pytest.raises(rso.Error, match="it is a directory"):
        rso.verify(tmp_path)
    truncated = tmp_path / "truncated.h5"
    truncated.write_bytes(run.last_path.read_bytes()[:3000])
    with pytest.raises(rso.Error, match=r"cannot read .*; rso.verify\('.*truncated.h5'\) checks the file"):
        rso.load(truncated)
    assert rso.verify(truncated)["verdict"] == "damaged"


def test_any_damage_is_a_verdict_or_an_error(run: rso.Run, tmp_path: Path) -> None:
    whole = run.last_path.read_bytes()
    flipped = [whole[:place] + bytes([whole[place] ^ 255]) + whole[place + 1:] for place in range(0, len(whole), 211)]
    cut = [whole[:length] for length in range(0, len(whole), 997)]
    file = tmp_path / "damaged.h5"
    refused = 0
    for index, data in enumerate(cut + flipped):
        file.write_bytes(data)
        if index % 10 == 0:
            assert rso.verify(file)["verdict"] in ("damaged", "unknown")
        try:
            checkpoint = rso.load(file)
            for name in checkpoint.arrays:
                checkpoint.arrays[name]
            assert checkpoint.cycle >= 0 and checkpoint.state_sha256
        except rso.Error:
            refused += 1
    assert refused >= len(cut) + len(flipped) // 20
