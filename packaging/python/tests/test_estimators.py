"""The estimators for scikit-learn."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest
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
