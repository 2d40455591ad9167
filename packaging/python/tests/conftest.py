"""Small runs that several tests read."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from pathlib import Path
from typing import Any, Iterator, Tuple

import numpy as np
import pytest

import rso

# Lets all of scikit-learn's checks run. It must be set before scikit-learn is imported.
os.environ["SCIPY_ARRAY_API"] = "1"
# Some tests interrupt themselves. A background job of a shell ignores that, and all that it starts.
signal.signal(signal.SIGINT, signal.default_int_handler)


def samples(seed: int = 0, count: int = 300) -> "Tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]":
    rng = np.random.default_rng(seed)
    y = np.arange(count) % 3
    return rng.normal(y[:, None], 0.4, (count, 4)), y


@contextlib.contextmanager
def interrupted_at(file: str) -> Iterator[None]:
    """Sends Ctrl-C to this process as soon as there is a file of this name."""

    def interrupt() -> None:
        while not os.path.exists(file):
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    yield
    thread.join()


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> rso.Run:
    """A run of three cycles on three named classes, with a validation and a test set."""
    x, y = samples()
    names = np.array(["red", "green", "blue"])
    return rso.train(
        x, names[y], output=tmp_path_factory.mktemp("runs") / "a", validation=0.1, test=0.2, cycles=3, seed=1,
        threads=1, progress=False)


@pytest.fixture
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory of its own, which is the working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path
