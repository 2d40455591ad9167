"""Estimators for scikit-learn 1.6 and later."""

from __future__ import annotations

import copy
import os
from typing import Any, Dict, Mapping, Optional, Union

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.utils import check_random_state
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from ._checkpoint import load
from ._data import temporary
from ._program import Error, Interrupted, StrPath, refuse
from ._run import outputs
from ._training import train


# Options that have a parameter, or that the estimator sets.
RESERVED = {
    **{name: f"use the parameter {name} of the estimator" for name in ("arch", "cycles", "validation")},
    "seed": "use the parameter random_state of the estimator",
    "progress": "use the parameter verbose of the estimator",
    **{name: "the estimator sets it itself" for name in ("x", "y", "data", "layout", "output", "preset", "task")},
}


class _Estimator(BaseEstimator):  # type: ignore[misc]
    """The parts common to the classifier and the regressor."""

    def __init__(
        self,
        *,
        arch: Union[str, "os.PathLike[str]", Mapping[str, Any]] = "auto",
        cycles: Optional[int] = None,
        validation: Union[float, int, None] = None,
        options: Optional[Mapping[str, Any]] = None,
        random_state: Any = None,
        verbose: bool = False,
    ) -> None:
        self.arch = arch
        self.cycles = cycles
        self.validation = validation
        self.options = options
        self.random_state = random_state
        self.verbose = verbose

    def _train(self, samples: "np.ndarray[Any, Any]", targets: "np.ndarray[Any, Any]", task: str) -> None:
        seed = int(check_random_state(self.random_state).randint(np.iinfo(np.int32).max))
        options = {"save_interval": 3600, "keep_last": 1, **dict(self.options or {})}
        refuse(options, RESERVED)
        # The arrays are written by `train`, beside the run.
        with temporary() as folder:
            try:
                run = train(
                    samples, targets, output=os.path.join(folder, "run"), arch=self.arch, cycles=self.cycles,
                    validation=self.validation, task=task, seed=seed, layout="nchw" if samples.ndim == 4 else None,
                    progress=self.verbose, **options)
            except Interrupted:
                raise Interrupted(None, "the fit was stopped, and nothing of it is kept") from None
            if not any(run.checkpoints):
                raise Error("the time was over before the first cycle ended, so there is no network; give max_time in "
                            "options more time, or use a smaller network or fewer samples")
            # The last state lies inside a cycle if the time was over. Without a validation set, the best cycle is
            # that of the lowest training loss, which proves nothing.
            checkpoint = load(run.checkpoints[max(run.checkpoints)]) if self.validation is None else run.best
            # The file itself: a fitted estimator can be pickled, and needs no directory.
            self.checkpoint_ = checkpoint.path.read_bytes()
            self.n_cycles_ = checkpoint.cycle
            self.history_: Dict[str, "np.ndarray[Any, Any]"] = run.history

    def _outputs(self, x: Any) -> Dict[str, "np.ndarray[Any, Any]"]:
        check_is_fitted(self)
        samples = validate_data(self, x, reset=False, dtype=np.float32, allow_nd=True)
        with temporary() as folder:
            file = self.save(os.path.join(folder, "network.h5"))
            return outputs(file, samples, {"layout": "nchw"} if samples.ndim == 4 else {})

    def save(self, path: StrPath) -> StrPath:
        """Writes the checkpoint of the fitted network, for `rso.load` and all verbs, and returns the path."""
        check_is_fitted(self)
        with open(path, "wb") as file:
            file.write(self.checkpoint_)
        return path


class RSOClassifier(ClassifierMixin, _Estimator):  # type: ignore[misc]
    """A neural network for classes, trained by random search.

    arch: the network: "auto" for a small one that fits the data, the path of a JSON file, or its contents.
    cycles: cycles to train; None to let rso choose.
    validation: part of the samples (0.1, or 500) that chooses the best cycle; None for the last cycle.
    options: further options of `rso train --help` with underscores, as a dictionary; not those that have a parameter.
    random_state: as everywhere in scikit-learn; the same state gives the same network, bit for bit.
    verbose: shows the progress.

    A fit that fails or is interrupted leaves the estimator as it was. If the option `max_time` ends the fit inside a cycle,
    the network is that of the last finished cycle.

    After `fit`: `classes_`; `n_features_in_`; `history_`, the learning curves as of `rso.Run`; `n_cycles_`, the cycles of
    the network; `checkpoint_`, the bytes of its checkpoint.
    """

    def fit(self, X: Any, y: Any) -> "RSOClassifier":
        """Trains the network.

        X: N x F features, or images N x channels x height x width; they become float32.
        y: N classes.

        Raises: ValueError for samples or classes that cannot be learned; TypeError for wrong `options`; Error with the
        message of the program; Interrupted after Ctrl-C, which keeps nothing.
        """
        # A copy is fitted, so that a fit that fails leaves this estimator as it was.
        new = copy.copy(self)
        samples, targets = validate_data(new, X, y, dtype=np.float32, allow_nd=True)
        check_classification_targets(targets)
        new.classes_, codes = np.unique(targets, return_inverse=True)
        if len(new.classes_) < 2:
            raise ValueError(f"expected samples of at least two classes, found one class: {new.classes_[0]!r}")
        new._train(samples, codes.astype(np.int64), "classification")
        self.__dict__ = new.__dict__
        return self

    def predict(self, X: Any) -> "np.ndarray[Any, Any]":
        """Predicts the classes of samples: N."""
        # Before classes_, which an estimator that is not fitted lacks.
        prediction = self._outputs(X)["prediction"]
        classes: "np.ndarray[Any, Any]" = self.classes_[prediction]
        return classes

    def predict_proba(self, X: Any) -> "np.ndarray[Any, Any]":
        """Predicts the probabilities of the classes: float64, N x classes, in the order of `classes_`."""
        probability = self._outputs(X)["probability"].astype(np.float64)
        # The program writes float32, whose sum differs from 1 in the last digits.
        normalized: "np.ndarray[Any, Any]" = probability / probability.sum(axis=1, keepdims=True)
        return normalized


class RSORegressor(RegressorMixin, _Estimator):  # type: ignore[misc]
    """A neural network for one or several numbers, trained by random search.

    The parameters, and what is there after `fit`, are those of `RSOClassifier`, without `classes_`.
    """

    def fit(self, X: Any, y: Any) -> "RSORegressor":
        """Trains the network.

        X: N x F features, or images N x channels x height x width; they become float32.
        y: N numbers, or N x K; they become float32.

        Raises: ValueError for samples that cannot be learned; TypeError for wrong `options`; Error with the message of
        the program; Interrupted after Ctrl-C, which keeps nothing.
        """
        # A copy is fitted, so that a fit that fails leaves this estimator as it was.
        new = copy.copy(self)
        samples, targets = validate_data(
            new, X, y, dtype=np.float32, allow_nd=True, multi_output=True, y_numeric=True, ensure_min_samples=2)
        new.n_outputs_ = 1 if targets.ndim == 1 else targets.shape[1]
        new._is_flat = targets.ndim == 1
        new._train(samples, targets.astype(np.float32), "regression")
        self.__dict__ = new.__dict__
        return self

    def predict(self, X: Any) -> "np.ndarray[Any, Any]":
        """Predicts the numbers of samples: float64, N or N x K, as `y` was."""
        prediction = self._outputs(X)["prediction"].astype(np.float64)
        return prediction.reshape(-1) if self._is_flat else prediction

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags
