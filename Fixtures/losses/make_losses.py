"""Writes expected.json: outputs, targets, and what scikit-learn says of them. Needs numpy and scikit-learn.

    python make_losses.py >expected.json
"""

import json
import re

import numpy as np
import sklearn
from sklearn import metrics

random = np.random.default_rng(5)
SAMPLES, CLASSES = 60, 5


def quarters(shape, scale=3.0):
    """Numbers that are exact in single precision; some of them are equal."""
    return np.round(random.normal(0, scale, shape) * 4) / 4


def softmax(logits):
    exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
    return exponentials / exponentials.sum(axis=1, keepdims=True)


# Classes: no two logits of a sample are equal, since scikit-learn orders ties otherwise.
logits = quarters((SAMPLES, CLASSES))
while any(len(set(row)) < CLASSES for row in logits):
    for row in range(SAMPLES):
        if len(set(logits[row])) < CLASSES:
            logits[row] = quarters(CLASSES)
classes = random.integers(0, CLASSES, SAMPLES)
class_weights = np.array([0.5, 1, 2, 4, 0.25])
weights = class_weights[classes]
answers = logits.argmax(axis=1)
margins = np.array(
    [[row[k] - max(np.delete(row, k)) for k in range(CLASSES)] for row in logits])
areas = [metrics.roc_auc_score(classes == k, margins[:, k]) for k in range(CLASSES)]

# Labels.
label_logits = quarters((SAMPLES, 3))
labels = random.integers(0, 2, (SAMPLES, 3))
probabilities = 1 / (1 + np.exp(-label_logits))

# Numbers.
predictions, numbers = quarters((SAMPLES, 2)), quarters((SAMPLES, 2))

result = {
    "scikit-learn": sklearn.__version__,
    "classes": {
        "logits": logits.ravel().tolist(),
        "targets": classes.tolist(),
        "class_weights": class_weights.tolist(),
        "cross-entropy": metrics.log_loss(classes, softmax(logits)),
        # rso divides by the number of samples, scikit-learn by the sum of their weights.
        "weighted cross-entropy": metrics.log_loss(classes, softmax(logits), sample_weight=weights)
        * weights.sum() / SAMPLES,
        "zero-one": 1 - metrics.accuracy_score(classes, answers),
        "balanced-error": 1 - metrics.balanced_accuracy_score(classes, answers),
        "macro-f1": 1 - metrics.f1_score(classes, answers, average="macro"),
        "auc": 1 - float(np.mean(areas)),
        "top-2": 1 - metrics.top_k_accuracy_score(classes, logits, k=2),
        "top-4": 1 - metrics.top_k_accuracy_score(classes, logits, k=4),
        "hinge": metrics.hinge_loss(classes, logits, labels=range(CLASSES)),
    },
    "labels": {
        "logits": label_logits.ravel().tolist(),
        "targets": labels.ravel().tolist(),
        "binary-cross-entropy": float(
            np.mean([metrics.log_loss(labels[:, k], probabilities[:, k]) for k in range(3)])),
        "macro-f1": 1 - metrics.f1_score(labels, label_logits > 0, average="macro"),
        "auc": 1 - metrics.roc_auc_score(labels, label_logits, average="macro"),
    },
    "numbers": {
        "logits": predictions.ravel().tolist(),
        "targets": numbers.ravel().tolist(),
        "squared": metrics.mean_squared_error(numbers, predictions),
        "absolute": metrics.mean_absolute_error(numbers, predictions),
        "quantile 0.9": metrics.mean_pinball_loss(numbers, predictions, alpha=0.9),
        "quantile 0.25": metrics.mean_pinball_loss(numbers, predictions, alpha=0.25),
    },
}
text = json.dumps(result, indent=1)
# A list on one line.
print(re.sub(r"\[\s+([^\]]*?)\s+\]", lambda found: "[" + " ".join(found[1].split()) + "]", text))
