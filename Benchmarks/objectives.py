#!/usr/bin/env python3
"""Trains classifiers for macro F1 and for AUC on imbalanced data, with rso and with scikit-learn, and writes a table.

The data are drawn by scikit-learn's make_classification: 6,000 samples of 20 features, whose classes have 85, 12 and 3 %
of them, or 97 and 3 %. For each seed a half is for training; a quarter each for validation, which chooses rso's best
cycle, and for the test. scikit-learn's models are a linear one and a multilayer perceptron of 128 units with their
defaults, but with enough iterations, and the linear one with balanced class weights. rso gets the same network.
"""
import argparse
import datetime
import json
import pathlib
import platform
import statistics
import subprocess
import tempfile
import warnings

import numpy as np
import sklearn
from sklearn.datasets import make_classification
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score, f1_score, roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from machine import commit, processor

ROOT = pathlib.Path(__file__).resolve().parent.parent
SHARES = {3: [0.85, 0.12, 0.03], 2: [0.97, 0.03]}
OBJECTIVES = {
    "cross-entropy": [], "balanced-error": ["--tie-break", "cross-entropy"],
    "macro-f1": ["--tie-break", "cross-entropy"], "macro-f1, no tie-break": [], "auc": [],
    "macro-f1, after cross-entropy": ["--tie-break", "cross-entropy"], "auc, after cross-entropy": [],
}
# Goes on with the best network of the run with cross entropy, in small steps.
AFTER = ["--cycles", "4", "--batch-size", "3000", "--deviation-scale", "0.1"]
MODELS = {
    "logistic regression": LogisticRegression(max_iter=2000),
    "logistic regression, balanced": LogisticRegression(max_iter=2000, class_weight="balanced"),
    "MLP": MLPClassifier((128,), max_iter=500, random_state=1),
}


def data(classes, seed):
    """Samples and labels of training, validation and test."""
    X, y = make_classification(
        6000, 20, n_informative=8, n_classes=classes, weights=SHARES[classes], class_sep=0.8, flip_y=0.02,
        random_state=seed)
    X = X.astype("f4")
    train_X, rest_X, train_y, rest_y = train_test_split(X, y, test_size=0.5, random_state=seed, stratify=y)
    return (train_X, train_y, *train_test_split(rest_X, rest_y, test_size=0.5, random_state=seed, stratify=rest_y))


def figures(labels, probabilities):
    answers = probabilities.argmax(1)
    scores = probabilities[:, 1] if probabilities.shape[1] == 2 else probabilities
    return {"macro F1": f1_score(labels, answers, average="macro"),
            "balanced accuracy": balanced_accuracy_score(labels, answers),
            "ROC AUC": roc_auc_score(labels, scores, multi_class="ovr"),
            "accuracy": (answers == labels).mean()}


def trained(options, name, parts, folder, seed):
    """Figures of rso on validation and test, computed by scikit-learn from its probabilities."""
    train_X, validation_X, train_y, validation_y = parts[0], parts[2], parts[1], parts[4]
    test_X, test_y = parts[3], parts[5]
    np.savez(folder / "data.npz", X_train=train_X, y_train=train_y, X_val=validation_X, y_val=validation_y,
             X_test=test_X, y_test=test_y)
    network = {"name": "mlp", "input": [20, 1, 1], "classes": int(train_y.max()) + 1, "layers": [
        {"type": "flatten"}, {"type": "linear", "outputs": 128, "bias": True}, {"type": "relu"},
        {"type": "linear", "outputs": int(train_y.max()) + 1, "bias": True}]}
    (folder / "mlp.json").write_text(json.dumps(network))
    run = folder / name
    begun = ["--init", f"{folder / 'cross-entropy'}@best", *AFTER] if name.endswith("after cross-entropy") else [
        "--arch", folder / "mlp.json", "--cycles", str(options.cycles), "--batch-size", "1000:2,3000"]
    subprocess.run([options.rso, "train", "--data", folder / "data.npz", *begun, "--loss", name.split(",")[0],
                    "--seed", str(seed), "-o", run, "--quiet", *OBJECTIVES[name]],
                   check=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    results = []
    for X, y in ((validation_X, validation_y), (test_X, test_y)):
        np.save(folder / "X.npy", X)
        answers = folder / "answers.npz"
        subprocess.run([options.rso, "predict", f"{run}@best", "--data", folder / "X.npy", "-o", answers, "--force", "--quiet"],
                       check=True, stdout=subprocess.PIPE)
        with np.load(answers) as file:
            results.append(figures(y, file["probability"]))
    return results


def fitted(model, parts):
    model = make_pipeline(StandardScaler(), model).fit(parts[0], parts[1])
    return [figures(y, model.predict_proba(X)) for X, y in ((parts[2], parts[4]), (parts[3], parts[5]))]


def cell(values):
    return f"{statistics.mean(values):.3f} ± {statistics.stdev(values) if len(values) > 1 else 0:.3f}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rso", default=ROOT / ".build/release/rso", type=pathlib.Path, help="the program rso")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--cycles", type=int, default=8)
    parser.add_argument("-o", "--output", type=pathlib.Path, help="a Markdown file for the results")
    options = parser.parse_args()
    warnings.filterwarnings("ignore")
    tables = []
    for classes in SHARES:
        results = {}
        for seed in range(1, options.seeds + 1):
            parts = data(classes, seed)
            with tempfile.TemporaryDirectory() as folder:
                for name in OBJECTIVES:
                    results.setdefault(f"rso, {name}", []).append(trained(options, name, parts, pathlib.Path(folder), seed))
            for name, model in MODELS.items():
                results.setdefault(f"scikit-learn, {name}", []).append(fitted(model, parts))
        shares = ", ".join(f"{share:.0%}" for share in SHARES[classes])
        lines = [f"## {classes} classes: {shares} of the samples\n",
                 "| model | macro F1, validation | macro F1 | balanced accuracy | ROC AUC | accuracy |", "|---|---|---|---|---|---|"]
        for name, runs in results.items():
            cells = [cell([run[0]["macro F1"] for run in runs])]
            cells += [cell([run[1][figure] for run in runs]) for figure in runs[0][1]]
            lines.append(f"| {name} | " + " | ".join(cells) + " |")
        tables.append("\n".join(lines))
        print(tables[-1], flush=True)
    if options.output:
        options.output.write_text(TEXT.format(
            tables="\n\n".join(tables), after=" ".join(AFTER), seeds=options.seeds, cycles=options.cycles, commit=commit(ROOT), processor=processor(),
            sklearn=sklearn.__version__, python=platform.python_version(), date=datetime.date.today()))


TEXT = """# Objectives on imbalanced data

`make benchmark-objectives` (`Benchmarks/objectives.py`) writes this page, and says how the data are drawn.

- rso: one hidden layer of 128 units, `--cycles {cycles} --batch-size 1000:2,3000 --loss LOSS`, for `balanced-error` and
  `macro-f1` with `--tie-break cross-entropy`; the network of the best validation loss (for `cross-entropy`: accuracy);
  commit {commit}
- "after cross-entropy": `--init RUN@best` of the run with cross entropy, `{after}`
- scikit-learn {sklearn}, Python {python}; {processor}; {date}
- Mean and standard deviation over {seeds} seeds, on the test set unless the column says validation. All figures are
  computed by scikit-learn.

{tables}

A search that begins with macro F1 or AUC learns less in the same time than one with cross entropy, which says for every
sample how far its answer is from the right one. So begin with cross entropy, and go on in small steps with what you
want. What that gains is to be seen in the table, beside the spread over the seeds. Without a tie-break macro F1 hardly
learns, as rso warns.
"""

if __name__ == "__main__":
    main()
