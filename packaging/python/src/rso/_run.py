"""Run directories."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Dict, Optional, Union

import numpy as np

from ._checkpoint import Checkpoint, load
from ._data import arrays_of, temporary
from ._objective import Objective, command_of, environment
from ._process import ALWAYS, run_training, show_of
from ._program import Error, StrPath, capture, refuse, report, said_as, words_of

if TYPE_CHECKING:
    import pandas


# Options of `rso eval` that have no use for arrays.
DATA_OPTIONS = ("data", "inputs", "labels", "split", "split_seed", "test", "test_data", "validation")


class Run:
    """A run directory, as rso-run(5) describes it. The run may be in progress.

    path: the directory.
    result: the summary that the training printed: best_cycle, state_sha256, test_accuracy and more. `resume` of a
        finished run with a validation set does not measure its test set again. None if this object was made from a
        path, or if the training ended early.
    """

    def __init__(self, path: StrPath, *, result: Optional[Dict[str, Any]] = None) -> None:
        """Raises: Error if the directory holds no checkpoint."""
        self.path = Path(path)
        self.result = result
        if self.path.is_file():
            raise Error(f"'{self.path}' is no run directory, but a file; for a checkpoint, use rso.load({os.fspath(path)!r})")
        if not (self.last_path.exists() or self.checkpoints or (self.path / "last-copy.h5").exists()):
            raise Error(f"'{self.path}' is no run: it holds no checkpoint; expected a directory of 'rso train'")

    def __repr__(self) -> str:
        return f"rso.Run({os.fspath(self.path)!r})"

    @property
    def last_path(self) -> Path:
        return self.path / "last.h5"

    @property
    def last(self) -> Checkpoint:
        """The newest saved state. Raises: Error if last.h5 cannot be read."""
        return load(self.last_path)

    @property
    def best(self) -> Checkpoint:
        """The state after the best cycle: by the validation set, or without one by the training loss.

        Raises: Error if there is none yet.
        """
        return load(self.path / "best.h5")

    @property
    def checkpoints(self) -> Dict[int, Path]:
        """The files after each cycle that are kept, by the number of finished cycles."""
        found = {}
        for file in self.path.glob("ckpt-*.h5"):
            match = re.fullmatch(r"ckpt-(\d{6,})\.h5", file.name)
            if match:
                found[int(match.group(1))] = file
        return dict(sorted(found.items()))

    @property
    def plan(self) -> Dict[str, Any]:
        """The plan of the run: options, seed, data and more, as rso-checkpoint(5) lists them."""
        return self.last.plan

    @property
    def summary(self) -> Dict[str, Any]:
        """The object that `rso inspect --json` prints for the newest state."""
        return report(["inspect", self.path])

    @property
    def history(self) -> Dict[str, "np.ndarray[Any, Any]"]:
        """The learning curves: an array with a value per finished cycle for each column of `rso history --csv`.

        Losses are in the units of the loss (nats for the cross entropy), accuracies from 0 to 1, times in seconds.
        A value that was not measured is NaN.
        """
        cycles = report(["history", self.path])["runs"][0]["cycles"]
        names = [name for name in _columns(self.path) if name != "run"]
        columns = {}
        for name in names:
            values = [cycle.get(name) for cycle in cycles]
            whole = all(isinstance(value, int) for value in values) and bool(values)
            columns[name] = np.array(
                [np.nan if value is None else value for value in values], np.int64 if whole else np.float64)
        return columns

    def history_frame(self) -> "pandas.DataFrame":
        """The history as a table whose index is the cycle. Needs the package pandas."""
        import pandas

        frame: "pandas.DataFrame" = pandas.DataFrame(self.history).set_index("cycle")
        return frame

    def resume(
        self, *, objective: Union[str, "os.PathLike[str]", Objective, None] = None,
        progress: Union[bool, str] = True, **options: Any,
    ) -> "Run":
        """Continues the run until its planned end, as if it had never stopped, and returns it.

        objective: that of a run with an objective, again: a file never makes rso run a command.
        progress: as for `rso.train`.
        options: every option of `rso resume --help`, with underscores: cycles=40, max_time="1:00:00". Options of the
            plan may be repeated.

        Raises: TypeError for a keyword that is no option; Error with the message of the program; Interrupted after
        Ctrl-C.
        """
        refuse(options, {
            "dry_run": "it continues no run; 'rso resume --dry-run' on the command line shows what it would do",
            **ALWAYS})
        chosen = dict(options)
        if objective is not None:
            chosen["objective"] = command_of(objective)
        path = os.fspath(options.get("output") or self.path)
        words = ["resume", os.fspath(self.path), *words_of("resume", chosen)]
        result = run_training(words, show=show_of(options, progress), path=path, env=environment(objective))
        return Run(path, result=result)

    def evaluate(self, x: Any = None, y: Any = None, *, which: str = "last", **options: Any) -> Dict[str, Any]:
        """Measures the network and returns what `rso eval --json` prints: accuracy, loss, classes and more.

        x, y: samples and targets, as for `rso.train`. All are measured, also those that the run was trained on, and
            `split` is "all". Without x and y, the run's own test set is measured.
        which: "last", "best" or the number of a cycle.
        options: every option of `rso eval --help`, with underscores: split="validation". Those that name or divide
            data do not go with x and y.

        Raises: TypeError for a keyword that is no option, or for x without y; ValueError for samples or targets that
        cannot be used, or a wrong `which`; Error with the message of the program.
        """
        refuse(options, {"json": "the answer is a dictionary", "csv": "the answer is a dictionary"})
        if (x is None) != (y is None):
            raise TypeError("expected samples x and targets y, or neither; predict(x) needs no targets")
        source = self._source(which)

        def measured(**data: str) -> Dict[str, Any]:
            return report(["eval", source, "--quiet", *words_of("eval", {**options, **data})])

        if x is None:
            with said_as({"name another part with --split, or other data with --data":
                          "give samples x and targets y, or another part as in split='train'"}):
                return measured()
        refuse(options, {name: "all samples x are measured" for name in DATA_OPTIONS})
        with temporary(arrays_of(x, y)) as folder, said_as(_words(folder)):
            file = os.path.join(folder, "data.npz")
            try:
                # The program would divide the run's own samples as the run did. With these parts it sets none aside.
                found = measured(data=file, test_data=file, validation="none", split="train")
            except Error as error:
                if "no batch-norm statistics" not in str(error):
                    raise
                # They are computed from the run's training set.
                found = measured(test_data=file, split="test")
        return {**found, "split": "all"}

    def outputs(self, x: Any, *, which: str = "last", **options: Any) -> Dict[str, "np.ndarray[Any, Any]"]:
        """Returns the arrays that `rso predict` writes for samples.

        x: samples, N x the shape of the training samples.
        which: "last", "best" or the number of a cycle.
        options: every option of `rso predict --help`, with underscores.

        `prediction`: int64 indices of classes, N, or 0 and 1, N x labels; float32 numbers, N x numbers.
        `probability` and `logit`: float32, N x outputs; not for numbers.
        `names`: the names of the outputs, if they have any.

        Raises: TypeError for a keyword that is no option; ValueError for samples that cannot be used, or a wrong
        `which`; Error with the message of the program.
        """
        refuse(options, {name: "the samples are x, and the answer is a dictionary" for name in ("data", "output")})
        found = outputs(self._source(which), x, options)
        if "names" in found and len(found["names"]) != found.get("probability", found["prediction"]).shape[1]:
            # The program separates names by line breaks, and a name has one.
            found["names"] = np.array(self.plan["data"]["outputNames"])
        return found

    def predict(self, x: Any, *, which: str = "last", **options: Any) -> "np.ndarray[Any, Any]":
        """Predicts samples. Arguments and errors are those of `outputs`.

        Returns the names of the classes (N texts) or, if they have none, their indices from 0 (N int64); for several
        labels 0 and 1 (N x labels); for numbers float32, N x numbers.
        """
        found = self.outputs(x, which=which, **options)
        prediction = found["prediction"]
        if "names" in found and "probability" in found and prediction.ndim == 1:
            classes: "np.ndarray[Any, Any]" = found["names"][prediction]
            return classes
        return prediction

    def report(self, path: StrPath, **options: Any) -> Path:
        """Writes the report of the run into a file and returns its path.

        options: every option of `rso report --help`, with underscores.

        Raises: Error with the message of the program.
        """
        capture(["report", self.path, *words_of("report", {**options, "output": path})])
        return Path(path)

    def _source(self, which: Union[str, int]) -> str:
        if isinstance(which, bool) or not re.fullmatch(r"last|best|[0-9]+", str(which)):
            raise ValueError(f"expected 'last', 'best' or the number of a cycle as which, found {which!r}")
        return os.fspath(self.path) if which == "last" else f"{os.fspath(self.path)}@{which}"


def _words(folder: str) -> Dict[str, str]:
    """Returns what to replace in errors about arrays in a temporary directory."""
    return {
        f"'{os.path.join(folder, 'data.npz')}'": "the arrays",
        "the data's kind of numbers is 'floats', the network's 'bytes': choose other data with --data, or a network for "
        "these data": "the samples are floats, but the network was trained with bytes; pass x.astype('uint8')",
        ": choose other data with --data, or a network for these data":
            "; pass arrays that fit the network: N x the shape of the training samples, in their units",
    }


def outputs(source: StrPath, x: Any, options: Dict[str, Any]) -> Dict[str, "np.ndarray[Any, Any]"]:
    """Runs `rso predict` on samples; see `Run.outputs`."""
    with temporary(arrays_of(x, None)) as folder, said_as(_words(folder)):
        file = os.path.join(folder, "outputs.npz")
        chosen = {"inputs": "X", **options, "data": os.path.join(folder, "data.npz"), "output": file}
        capture(["predict", source, *words_of("predict", {"quiet": True, **chosen})])
        with np.load(file, allow_pickle=False) as arrays:
            found = {name: arrays[name] for name in arrays.files}
    if "names" in found:
        found["names"] = np.array(str(found["names"]).split("\n"))
    return found


def _columns(path: StrPath) -> "list[str]":
    return capture(["history", path, "--csv"]).split("\n", 1)[0].split(",")
