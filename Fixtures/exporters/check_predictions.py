"""Compares the logits of `rso eval --predictions` with those of ONNX Runtime.

usage: check_predictions.py IMAGES.onnx DATA PREDICTIONS.csv

IMAGES.onnx takes samples as they are. DATA is an IDX data set's directory, one of CIFAR-10's form, or a table of
floats whose last column is the class. Prints a JSON object: samples, and the largest deviation.
"""
import csv
import json
import pathlib
import sys

import numpy as np
import onnx
import onnxruntime

model, data, predictions = sys.argv[1:]
onnx.checker.check_model(model, full_check=True)
batch = pathlib.Path(data) / "test_batch.bin"
name = "images"
if data.endswith(".csv"):
    name, images = "samples", np.loadtxt(data, np.float32, delimiter=",")[:, :-1, None, None]
elif batch.exists():
    images = np.fromfile(batch, np.uint8).reshape(-1, 3073)[:, 1:].reshape(-1, 3, 32, 32)
else:
    images = np.fromfile(pathlib.Path(data) / "t10k-images-idx3-ubyte", np.uint8)[16:]
    images = images.reshape(-1, 1, 28, 28)
logits = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"]).run(
    ["logits"], {name: images})[0]
with open(predictions, newline="") as file:
    rows = list(csv.DictReader(file))
expected = np.array([[float(row[f"logit_{k}"]) for k in range(logits.shape[1])] for row in rows])
assert expected.shape == logits.shape
assert [int(row["prediction"]) for row in rows] == expected.argmax(1).tolist()
print(json.dumps({"samples": len(rows), "deviation": float(np.abs(logits - expected).max())}))
