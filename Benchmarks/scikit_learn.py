#!/usr/bin/env python3
"""Trains on real data with rso and with scikit-learn, on the same samples, and writes a table.

The tables come with scikit-learn: iris, wine, breast_cancer, digits (64 features) and diabetes (a number to
predict). For each seed, a quarter of the samples is drawn for the test. scikit-learn's models are a linear
one and a multilayer perceptron with their defaults, but with enough iterations, on standardised features.
rso gets the same samples as an npz file, and no option but `--arch auto`. The rule for
these options was fitted while looking at figures of these splits, so rso's figures may be optimistic.
rso's estimate of its time (`--dry-run`) stands beside the real one.

--images trains on whole data sets of images as well, once: a file in Keras' form, written here from MNIST's
files, and Fashion-MNIST's directory, if --fashion names it.
"""
import argparse
import datetime
import gzip
import json
import os
import pathlib
import platform
import re
import statistics
import subprocess
import tempfile
import time
import warnings

# Each program gets one thread. Libraries read these when they are loaded, and threads of BLAS that wait for
# each other would count as processor time.
for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ[variable] = "1"

import numpy as np
import sklearn
from sklearn import datasets
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from machine import commit, processor

ROOT = pathlib.Path(__file__).resolve().parent.parent
TABLES = ["iris", "wine", "breast_cancer", "digits", "diabetes"]
ITERATIONS = 2000


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rso", default=ROOT / ".build/release/rso", type=pathlib.Path,
                        help="the program rso")
    parser.add_argument("--seeds", type=int, default=5, help="splits, each with a seed of its own")
    parser.add_argument("--images", action="store_true", help="train on MNIST too")
    parser.add_argument("--mnist", default=ROOT / "Fixtures/mnist", type=pathlib.Path,
                        help="a directory with MNIST's IDX files, plain or gzip")
    parser.add_argument("--fashion", type=pathlib.Path,
                        help="a directory with Fashion-MNIST's IDX files, with --images")
    parser.add_argument("-o", "--output", type=pathlib.Path, help="a Markdown file for the results")
    return parser.parse_args()


def rso(options, *words):
    """Runs rso on one thread; returns what it printed, and its processor time in seconds."""
    before = os.times()
    answer = subprocess.run([str(w) for w in (options.rso, *words)], check=True, text=True,
                            stdout=subprocess.PIPE).stdout
    after = os.times()
    return answer, after.children_user - before.children_user


def seconds(text):
    """The seconds of `about 12 s` or `about 1:05`; None for `less than 1 s`."""
    words, duration = re.search(r"^time +(about|less than) ([^,]*),", text, re.MULTILINE).groups()
    if words != "about":
        return None
    if ":" in duration:
        return sum(int(part) * 60 ** place
                   for place, part in enumerate(reversed(duration.split(":"))))
    return float(duration.split()[0])


def trained(options, data, run, seed):
    """Accuracy or R2 of a run with rso, its processor time, and the time that rso estimated."""
    words = ("train", "--data", data, "--arch", "auto", "--seed", seed, "--threads", 1, "-o", run)
    estimate = seconds(rso(options, *words, "--dry-run")[0])
    _, took = rso(options, *words, "--quiet")
    figures = json.loads(rso(options, "eval", run, "--json", "--quiet")[0])
    return figures["r2"] if "r2" in figures else figures["accuracy"], took, estimate


def fitted(model, training, test):
    """Accuracy or R2 of a model of scikit-learn, and its processor time."""
    began = time.process_time()
    pipeline = make_pipeline(StandardScaler(), model).fit(*training)
    took = time.process_time() - began
    return pipeline.score(*test), took


def models(is_regression, seed):
    if is_regression:
        return {"linear": LinearRegression(),
                "mlp": MLPRegressor(max_iter=ITERATIONS, random_state=seed)}
    return {"linear": LogisticRegression(max_iter=ITERATIONS),
            "mlp": MLPClassifier(max_iter=ITERATIONS, random_state=seed)}


def table(options, name, scratch):
    """The results of each method, one per seed."""
    X, y = getattr(datasets, f"load_{name}")(return_X_y=True)
    is_regression = name == "diabetes"
    X, y = X.astype("f4"), y.astype("f4" if is_regression else "i8")
    results = {"linear": [], "mlp": [], "rso": []}
    for seed in range(1, options.seeds + 1):
        train_X, test_X, train_y, test_y = train_test_split(
            X, y, test_size=0.25, random_state=seed, stratify=None if is_regression else y)
        for method, model in models(is_regression, seed).items():
            results[method].append(fitted(model, (train_X, train_y), (test_X, test_y)))
        data = scratch / f"{name}-{seed}.npz"
        np.savez(data, X_train=train_X, y_train=train_y, X_test=test_X, y_test=test_y)
        results["rso"].append(trained(options, data, scratch / f"run-{name}-{seed}", seed))
    return {"name": name, "samples": len(train_y), "features": X.shape[1],
            "figure": "R²" if is_regression else "accuracy", "results": results}


def idx(directory, name):
    """An array of bytes from an IDX file, plain or gzip."""
    plain = directory / name
    data = plain.read_bytes() if plain.exists() else gzip.decompress(
        (directory / (name + ".gz")).read_bytes())
    shape = [int.from_bytes(data[4 + 4 * n:8 + 4 * n], "big") for n in range(data[3])]
    return np.frombuffer(data, "u1", offset=4 + 4 * len(shape)).reshape(shape)


def images(options, name, directory, data, scratch):
    """The results of each method on a data set of images, with seed 1."""
    sets = [(idx(directory, f"{part}-images-idx3-ubyte"), idx(directory, f"{part}-labels-idx1-ubyte"))
            for part in ("train", "t10k")]
    if data is None:
        data = scratch / f"{name}.npz"
        np.savez(data, x_train=sets[0][0], y_train=sets[0][1], x_test=sets[1][0], y_test=sets[1][1])
    flat = [(x.reshape(len(x), -1).astype("f4") / 255, y) for x, y in sets]
    results = {}
    for method, model in {"linear": LogisticRegression(max_iter=100),
                          "mlp": MLPClassifier(random_state=1)}.items():
        began = time.process_time()
        model.fit(*flat[0])
        results[method] = [(model.score(*flat[1]), time.process_time() - began)]
    results["rso"] = [trained(options, data, scratch / f"run-{name}", 1)]
    return {"name": name, "samples": len(flat[0][1]), "features": flat[0][0].shape[1],
            "figure": "accuracy", "results": results}


def spread(values, is_share):
    scale, digits = (100, 2) if is_share else (1, 3)
    mean = f"{scale * statistics.mean(values):.{digits}f}" + (" %" if is_share else "")
    if len(values) == 1:
        return mean
    return f"{mean} ± {scale * statistics.stdev(values):.{digits}f}"


def row(data):
    is_share = data["figure"] == "accuracy"
    cells = [data["name"], f"{data['samples']:,} x {data['features']}", data["figure"]]
    for method in ("linear", "mlp", "rso"):
        runs = data["results"][method]
        cells.append(spread([run[0] for run in runs], is_share))
    for method in ("linear", "mlp", "rso"):
        cells.append(f"{statistics.mean(run[1] for run in data['results'][method]):.2f} s")
    estimates = [run[2] for run in data["results"]["rso"]]
    cells.append("< 1 s" if None in estimates else f"{statistics.mean(estimates):.2f} s")
    return "| " + " | ".join(cells) + " |"


def text(options, rows):
    lines = "\n".join(row(data) for data in rows)
    return f"""# Beside scikit-learn

`make scikit-learn` (`Benchmarks/scikit_learn.py`) writes this page.
[Benchmarks](../../Benchmarks/README.md) describes what is compared.

- rso: `rso train --data DATA --arch auto`, no other option but the seed and `--threads 1`; commit
  {commit(ROOT)}
- linear: logistic or linear regression; MLP: one hidden layer of 100 units; scikit-learn
  {sklearn.__version__}, defaults but for the number of iterations, standardised features, one thread
- Machine: {processor()}, {os.cpu_count()} processors; load average at the end
  {os.getloadavg()[0]:.1f}; Python {platform.python_version()}; {datetime.date.today().isoformat()}

rso's options were chosen with these tables in view, some of them on these splits, so its figures may be a
little too good; those of scikit-learn are its defaults.

Tables: mean and standard deviation over {options.seeds} splits, a quarter of the samples for the test. Images:
the data's own test set, seed 1. Times are processor seconds of one training; rso's include the test after
each cycle and reading the data. "Estimated" is what `rso train --dry-run` says before the run.

| data | training | figure | linear | MLP | rso | time: linear | MLP | rso | estimated |
|---|---|---|---|---|---|---|---|---|---|
{lines}
"""


def main():
    options = arguments()
    warnings.filterwarnings("ignore", category=sklearn.exceptions.ConvergenceWarning)
    rows = []
    with tempfile.TemporaryDirectory() as directory:
        scratch = pathlib.Path(directory)
        for name in TABLES:
            rows.append(table(options, name, scratch))
            print(row(rows[-1]), flush=True)
        if options.images:
            rows.append(images(options, "mnist", options.mnist, None, scratch))
            print(row(rows[-1]), flush=True)
            if options.fashion:
                rows.append(images(options, "fashion-mnist", options.fashion, options.fashion, scratch))
                print(row(rows[-1]), flush=True)
    if options.output:
        options.output.write_text(text(options, rows))


if __name__ == "__main__":
    main()
