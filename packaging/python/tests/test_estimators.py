"""The estimators for scikit-learn."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

import rso
from rso import _estimators

from conftest import samples

QUICK = {"threads": 1}


@parametrize_with_checks(  # type: ignore[untyped-decorator]
    [rso.RSOClassifier(random_state=1, options=QUICK), rso.RSORegressor(random_state=1, options=QUICK)])
def test_the_checks_of_scikit_learn_pass(estimator: Any, check: Any) -> None:
    check(estimator)


def test_a_fitted_classifier_is_pickled_with_its_network() -> None:
    x, y = samples()
    names = np.array(["red", "green", "blue"])
    classifier = rso.RSOClassifier(random_state=3, options=QUICK).fit(x, names[y])
    again = pickle.loads(pickle.dumps(classifier))
    np.testing.assert_array_equal(classifier.predict_proba(x), again.predict_proba(x))
    assert again.classes_.tolist() == ["blue", "green", "red"]
    assert again.score(x, names[y]) > 0.9


def test_the_state_of_the_random_numbers_decides_the_network() -> None:
    x, y = samples()
    first, same, other = (rso.RSOClassifier(random_state=s, options=QUICK, cycles=2).fit(x, y) for s in (1, 1, 2))
    np.testing.assert_array_equal(first.predict_proba(x), same.predict_proba(x))
    assert not np.array_equal(first.predict_proba(x), other.predict_proba(x))


def test_a_validation_set_chooses_the_cycle(tmp_path: Any) -> None:
    x, y = samples()
    classifier = rso.RSOClassifier(random_state=1, validation=0.2, cycles=6, options=QUICK).fit(x, y)
    accuracy = classifier.history_["validation_accuracy"]
    assert classifier.n_cycles_ == int(np.argmax(accuracy)) + 1
    assert rso.load(classifier.save(tmp_path / "network.h5")).cycle == classifier.n_cycles_


def test_images_with_channels_are_samples() -> None:
    rng = np.random.default_rng(0)
    y = np.arange(90) % 2
    x = rng.normal(size=(90, 1, 6, 6)) + y[:, None, None, None] * (np.arange(6) > 2)
    classifier = rso.RSOClassifier(random_state=1, cycles=3, options=QUICK).fit(x, y)
    assert classifier.score(x, y) > 0.8


def test_several_numbers_are_predicted() -> None:
    x, _ = samples()
    y = np.stack([x @ [1, 2, 0, 0], x @ [0, 0, -1, 1]], axis=1)
    regressor = rso.RSORegressor(random_state=1, options=QUICK).fit(x, y)
    assert regressor.predict(x).shape == (300, 2)
    assert regressor.score(x, y) > 0.7


def test_estimators_work_in_pipelines() -> None:
    x, y = samples()
    scores = cross_val_score(make_pipeline(StandardScaler(), rso.RSOClassifier(random_state=1, options=QUICK)), x, y, cv=2)
    assert min(scores) > 0.8


def test_an_interrupted_fit_says_that_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*arguments: Any, **options: Any) -> None:
        raise rso.Interrupted("/tmp/rso-none/run")

    monkeypatch.setattr(_estimators, "train", interrupt)
    x, y = samples()
    with pytest.raises(rso.Interrupted) as error:
        rso.RSOClassifier().fit(x, y)
    assert error.value.path is None and str(error.value) == "the fit was stopped, and nothing of it is kept"


def state(estimator: Any) -> Any:
    return {name: value for name, value in vars(estimator).items() if name != "options"}


@pytest.mark.parametrize("kind", [rso.RSOClassifier, rso.RSORegressor])
@pytest.mark.parametrize("fault", ["interrupted", "refused", "samples"])
def test_a_refit_that_fails_leaves_the_estimator_as_it_was(monkeypatch: pytest.MonkeyPatch, kind: Any, fault: str) -> None:
    x, y = samples()
    frame = pd.DataFrame(x, columns=["a", "b", "c", "d"])
    estimator = kind(random_state=1, cycles=2, options=QUICK).fit(frame, y)
    before, prediction = state(estimator), estimator.predict(frame)

    def interrupt(*arguments: Any, **options: Any) -> None:
        raise rso.Interrupted("/tmp/rso-none/run")

    if fault == "interrupted":
        monkeypatch.setattr(_estimators, "train", interrupt)
    if fault == "refused":
        estimator.options = {"batch_size": "wrong"}
    others = x[:, :3] if fault != "samples" else np.where(x == x.max(), np.nan, x)[:, :3]
    targets = y + 7 if kind is rso.RSOClassifier else np.stack([y, y], axis=1)
    with pytest.raises((rso.Error, rso.Interrupted, ValueError)):
        estimator.fit(others, targets)
    after = state(estimator)
    assert list(after) == list(before) and all(after[name] is before[name] for name in before)
    np.testing.assert_array_equal(estimator.predict(frame), prediction)


def test_a_first_fit_that_fails_leaves_nothing() -> None:
    x, y = samples()
    classifier = rso.RSOClassifier(options={"batch_size": "wrong"})
    with pytest.raises(rso.Error, match="invalid batch-size"):
        classifier.fit(x, y)
    assert vars(classifier) == classifier.get_params()


@pytest.mark.parametrize("validation", [None, 0.2])
def test_the_last_finished_cycle_counts_if_the_time_is_over(tmp_path: Any, validation: Any) -> None:
    x, y = samples(count=600)
    options = {**QUICK, "max_time": "0:00:01"}
    classifier = rso.RSOClassifier(random_state=1, validation=validation, cycles=100000, options=options).fit(x, y)
    assert classifier.score(x, y) > 0.5
    checked = rso.verify(classifier.save(tmp_path / "network.h5"))
    assert (checked["cycle"], checked["steps"]) == (classifier.n_cycles_, 0)
    last = classifier.history_["cycle"][-1]
    assert 0 < classifier.n_cycles_ <= last < 100000
    assert validation or classifier.n_cycles_ == last


@pytest.mark.parametrize("validation", [None, 0.2])
def test_a_fit_without_a_finished_cycle_is_an_error(monkeypatch: pytest.MonkeyPatch, validation: Any) -> None:
    monkeypatch.setattr(rso.Run, "checkpoints", {0: "ckpt-000000.h5"})
    x, y = samples()
    classifier = rso.RSOClassifier(validation=validation, cycles=1, options=QUICK)
    with pytest.raises(rso.Error, match="the time was over before the first cycle ended"):
        classifier.fit(x, y)
    with pytest.raises(NotFittedError):
        classifier.predict(x)


@pytest.mark.parametrize(("name", "hint"), [
    ("seed", "use the parameter random_state"), ("cycles", "use the parameter cycles"), ("arch", "use the parameter arch"),
    ("progress", "use the parameter verbose"), ("layout", "sets it itself"), ("task", "sets it itself"),
    ("output", "sets it itself"),
])
def test_options_that_have_a_parameter_are_refused(name: str, hint: str) -> None:
    x, y = samples()
    with pytest.raises(TypeError, match=f"'{name}' is no keyword here: .*{hint}"):
        rso.RSOClassifier(options={name: 3}).fit(x, y)


def test_one_class_is_refused() -> None:
    with pytest.raises(ValueError, match="one class"):
        rso.RSOClassifier().fit(np.zeros((4, 2)), np.zeros(4))
