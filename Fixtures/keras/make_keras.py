"""Writes one small network in Keras's three forms, and what h5py reads from them: expected.json."""
import hashlib
import io
import json
import os
import pathlib
import zipfile

os.environ["KERAS_BACKEND"] = "torch"
import h5py  # noqa: E402
import keras  # noqa: E402
import numpy as np  # noqa: E402

here = pathlib.Path(__file__).resolve().parent
keras.utils.set_random_seed(1)
network = keras.Sequential([
    keras.Input((8, 8, 1)),
    keras.layers.Conv2D(4, 3, name="conv"),
    keras.layers.BatchNormalization(name="norm"),
    keras.layers.Flatten(name="flat"),
    keras.layers.Dense(3, name="dense"),
])
network.save(here / "network.keras")
network.save(here / "network.h5")
network.save_weights(here / "network.weights.h5")

# The same archive, deflated.
with zipfile.ZipFile(here / "network.keras") as stored, \
        zipfile.ZipFile(here / "deflated.keras", "w", zipfile.ZIP_DEFLATED) as deflated:
    for name in stored.namelist():
        deflated.writestr(zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0)), stored.read(name), zipfile.ZIP_DEFLATED)


def rows(file):
    found = []

    def visit(name, item):
        if isinstance(item, h5py.Dataset):
            array = item[()]
            if isinstance(array, (bytes, np.bytes_)):
                data, kind = len(array).to_bytes(4, "little") + array, "text"
            else:
                data, kind = array.tobytes(), item.dtype.name
            found.append({
                "name": name, "type": kind, "shape": list(item.shape),
                "sha256": hashlib.sha256(data).hexdigest()})

    file.visititems(visit)
    return found


expected = {}
for name in ["network.h5", "network.weights.h5"]:
    with h5py.File(here / name) as file:
        expected[name] = rows(file)
with zipfile.ZipFile(here / "network.keras") as archive:
    with h5py.File(io.BytesIO(archive.read("model.weights.h5"))) as file:
        expected["network.keras"] = expected["deflated.keras"] = rows(file)
with open(here / "expected.json", "w") as file:
    json.dump(expected, file, indent=1, sort_keys=True)
    file.write("\n")
