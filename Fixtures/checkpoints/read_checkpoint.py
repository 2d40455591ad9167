#!/usr/bin/env python3
"""Reads rso checkpoints, checks everything that can be checked without their data set, and redraws
their random numbers.

Written from rso-checkpoint(5) alone, with h5py and numpy and nothing of rso's. For each file it prints
one line a dataset (path, type, shape), then `sha256 DIGEST`, `state_sha256 DIGEST` and, where the
weights of the beginning are drawn from the seed, `initial weights redrawn`. Of two files of one run
that follow each other within a cycle it draws every proposal between them anew, and prints `N steps
redrawn, OLD to NEW`. Exits with 1 at the first thing that is wrong.

usage: read_checkpoint.py FILE.h5 ...
"""

import hashlib
import json
import math
import re
import struct
import sys

import h5py
import numpy

BLOCK = 512
KINDS = ["weight", "bias", "gamma", "beta"]
PURPOSES = ["initialization", "proposal", "minibatch"]
# The values of options that version 1 does not have.
USUAL = {"hold": 1, "proposal": "gaussian", "granularity": "weight", "order": "output",
         "layers": "backward", "parallel": "none", "selection": "best", "anneal": "linear"}
TYPES = {"weight": "<f4", "bias": "<f4", "gamma": "<f4", "beta": "<f4", "mean": "<f4",
         "variance": "<f4"}


def fail(message):
    sys.exit(f"{sys.argv[0]}: {message}")


# The file


def check_user_block(path):
    """Checks the file's length and digest; returns its digest and generator."""
    with open(path, "rb") as file:
        content = file.read()
    lines = content[:BLOCK].split(b"\n")
    fields = [line.split(b" ", 1) for line in lines[1:4]]
    if not lines[0].startswith((b"rso checkpoint 1.", b"rso checkpoint 2.")):
        fail(f"{path}: not an rso checkpoint of version 1 or 2")
    if [name for name, _ in fields] != [b"length", b"sha256", b"generator"]:
        fail(f"{path}: unexpected lines in the user block")
    length, digest, generator = (value for _, value in fields)
    if int(length) != len(content):
        fail(f"{path}: {len(content)} bytes where {int(length)} are stated")
    if lines[4].strip(b"\0"):
        fail(f"{path}: text after the user block's fourth line")
    blank = content[:BLOCK].replace(digest, b"0" * 64, 1) + content[BLOCK:]
    found = hashlib.sha256(blank).hexdigest()
    if found.encode() != digest:
        fail(f"{path}: SHA-256 is {found}, stated is {digest.decode()}")
    return found, generator.decode(), int(lines[0][15:16])


def text(value):
    """The text of a scalar dataset or attribute with a string type of fixed length."""
    value = value[()] if isinstance(value, h5py.Dataset) else value
    return value.decode("utf-8")


def unescaped(stored):
    """The bytes of a path; None where the text is not the one that they are written as."""
    path = re.sub(rb"\\x([0-9a-f]{2})", lambda match: bytes.fromhex(match[1].decode()),
                  stored.encode())
    plain = path.decode("utf-8", "surrogateescape")
    written = "".join(
        "".join(f"\\x{byte:02x}" for byte in character.encode("utf-8", "surrogateescape"))
        if ord(character) < 0x20 or character in "\x7f\\" or 0xDC80 <= ord(character) <= 0xDCFF
        else character for character in plain)
    return path if written == stored else None


def list_all(file, path):
    def visit(name, item):
        if isinstance(item, h5py.Dataset):
            if item.chunks is not None or item.external is not None:
                fail(f"{path}: /{name} is not stored in one piece")
            print(f"/{name} {item.dtype} {item.shape}")

    file.visititems(visit)


class Run:
    """The contents of one checkpoint."""

    def __init__(self, path):
        self.path = path
        self.digest, generator, version = check_user_block(path)
        with h5py.File(path, "r") as file:
            if file.userblock_size != BLOCK:
                fail(f"{path}: a user block of {file.userblock_size} bytes")
            if text(file.attrs["generator"]) != generator:
                fail(f"{path}: two generators")
            list_all(file, path)
            self.run_id = text(file.attrs["run_id"])
            self.plan_text = text(file["plan"])
            self.plan = json.loads(self.plan_text)
            self.options = {**(USUAL if version == 1 else {}), **self.plan["options"]}
            self.architecture_text = text(file["architecture"])
            json.loads(self.architecture_text)
            groups = sorted(file["parameters"].values(), key=lambda group: group.attrs["position"])
            self.names = [group.name.rsplit("/", 1)[1] for group in groups]
            self.layers = [{kind: data[()] for kind, data in group.items()} for group in groups]
            self.cursor = [int(value) for value in file["search/cursor"][()]]
            self.initial_deviation = file["search/initial_deviation"][()]
            self.deviation = file["search/deviation"][()]
            self.deviation_factor = (file["search/deviation_factor"][()]
                                     if "search/deviation_factor" in file else None)
            self.layer_parameters = (file["search/layer_parameters"][()]
                                     if "search/layer_parameters" in file else None)
            steps = int(file["search/choices"][()].sum())
            comparisons = steps if version == 1 else int(file["search/comparisons"][()])
            if not 0 <= comparisons <= steps:
                fail(f"{path}: {comparisons} comparisons in {steps} steps")
            self.cycles = file["history/cycle"][()]
            self.algorithm = text(file["random/algorithm"])
            self.keys = {name: file["random/key"][name][()] for name in PURPOSES}
            self.stated = text(file.attrs["state_sha256"])
            self.edited = file["provenance"].attrs.get("resealed")
            self.data_paths = {name: text(file["provenance"].attrs[name])
                               for name in ("data_path", "data_path_relative")
                               if name in file["provenance"].attrs}
        self.check()

    def check(self):
        cycle, layer, neuron = self.cursor
        options = self.options
        if not (0 <= cycle <= options["cycles"] and 0 <= layer < len(self.layers)):
            fail(f"{self.path}: cursor {self.cursor} is out of range")
        if neuron not in range(len(self.neurons(layer))):
            fail(f"{self.path}: layer {layer} has no neuron {neuron}")
        is_inside = options["parallel"] != "none" and neuron > 0
        size = sum(values.size for values in self.layers[layer].values())
        if is_inside != (self.layer_parameters is not None) or (
                is_inside and self.layer_parameters.shape != (size,)):
            fail(f"{self.path}: layer_parameters are not those of a layer that is begun")
        is_adapted = options.get("adapt", "none") != "none"
        if is_adapted != (self.deviation_factor is not None) or (
                is_adapted and self.deviation_factor.shape != (len(self.layers),)):
            fail(f"{self.path}: deviation_factor is not one number for each layer")
        if self.deviation.shape != (cycle, len(self.layers)):
            fail(f"{self.path}: deviations of shape {self.deviation.shape}")
        if self.cycles.tolist() != list(range(1, cycle + 1)):
            fail(f"{self.path}: history of cycles {self.cycles}")
        for name, tensors in zip(self.names, self.layers):
            for kind, values in tensors.items():
                if values.dtype != TYPES[kind] or not numpy.isfinite(values).all():
                    fail(f"{self.path}: {kind} of {name} is not finite float32")
        for number, purpose in enumerate(PURPOSES, 1):
            if self.keys[purpose].tolist() != [self.plan["seed"], number]:
                fail(f"{self.path}: /random/key/{purpose} does not fit the seed")
        for name, stored in self.data_paths.items():
            path = unescaped(stored)
            if path is None or not 1 <= len(path) <= 4095 or b"\0" in path:
                fail(f"{self.path}: {name} is not an escaped path")
            if path.startswith(b"/") != (name == "data_path"):
                fail(f"{self.path}: {name} is not {'absolute' if name == 'data_path' else 'relative'}")
        if "data_path_relative" in self.data_paths and "data_path" not in self.data_paths:
            fail(f"{self.path}: a relative path of the data without the absolute one")
        if self.state_sha256() != self.stated:
            fail(f"{self.path}: state_sha256 is {self.state_sha256()}, stated is another")

    def state_sha256(self):
        digest = hashlib.sha256(b"rso state 1\n")

        def add(name, content):
            digest.update(name.encode() + b"\0" + struct.pack("<Q", len(content)) + content)

        add("plan", self.plan_text.encode())
        add("architecture", self.architecture_text.encode())
        for name, tensors in zip(self.names, self.layers):
            for kind in KINDS:
                if kind in tensors:
                    add(f"parameters/{name}/{kind}", tensors[kind].astype("<f4").tobytes())
        add("search/cursor", struct.pack("<3q", *self.cursor))
        add("search/initial_deviation", self.initial_deviation.astype("<f8").tobytes())
        if self.deviation_factor is not None:
            add("search/deviation_factor", self.deviation_factor.astype("<f8").tobytes())
        if self.layer_parameters is not None:
            add("search/layer_parameters", self.layer_parameters.astype("<f4").tobytes())
        add("random/algorithm", self.algorithm.encode())
        for purpose in PURPOSES:
            add(f"random/key/{purpose}", self.keys[purpose].astype("<u8").tobytes())
        return digest.hexdigest()

    # The order of the search

    def neurons(self, layer):
        """The layer's neurons: each a list of (kind, output, index), in the order of visits."""
        tensors = self.layers[layer]
        outputs = len(next(iter(tensors.values())))
        found = []
        groups = [["weight", "bias"], ["beta"], ["gamma"]]
        if self.options["order"] == "input":
            groups = [["bias"], ["beta"], ["gamma"]]
            inputs = tensors["weight"].shape[1] if "weight" in tensors else 0
            for place in range(inputs):
                area = tensors["weight"].size // (inputs * outputs)
                found += [[("weight", output, place * area + index) for index in range(area)]
                          for output in range(outputs)]
        for kinds in groups:
            kinds = [kind for kind in kinds if kind in tensors]
            for output in range(outputs) if kinds else []:
                found.append([
                    (kind, output, index)
                    for kind in kinds for index in range(tensors[kind].size // outputs)])
        return found

    def order(self):
        """The layers in the order of visits."""
        layers = list(range(len(self.layers)))
        return layers if self.options["layers"] == "forward" else layers[::-1]

    def place(self):
        """The objects that grow during a run."""
        cycle, layer, neuron = self.cursor
        return cycle, self.order().index(layer), neuron

    def steps(self, cursor, end):
        """Every step from one cursor to the other: (layer, ordinal, kind, output, index, cycle)."""
        cycle, layer, neuron = cursor
        order = self.order()
        while [cycle, layer, neuron] != end:
            neurons = self.neurons(layer)
            ordinal = sum(len(visit) for visit in neurons[:neuron])
            for place, (kind, output, index) in enumerate(neurons[neuron]):
                yield layer, ordinal + place, kind, output, index, cycle
            neuron += 1
            if neuron == len(neurons):
                place, neuron = order.index(layer) + 1, 0
                if place == len(order):
                    cycle, place = cycle + 1, 0
                layer = order[place]

    def proposal_deviation(self, layer, kind, cycle):
        options = self.options
        initial = float(self.initial_deviation[layer]) if kind == "weight" else 0.167
        cycles = options.get("annealCycles", options["cycles"])
        factor = 1.0
        if cycles > 1:
            progress = min(cycle, cycles - 1) / (cycles - 1)
            end = 1 if options["anneal"] == "none" else options["annealTo"]
            factor = 1 - (1 - end) * progress
        scale = options["sigmaScale"] * (1 if options["granularity"] == "weight" else 0.1)
        adapted = 1.0
        if kind == "weight" and self.deviation_factor is not None:
            adapted = float(self.deviation_factor[layer])
        return initial * scale * factor * adapted

    def delta(self, deviation, stream):
        """The next proposed change of a stream of words."""
        if self.options["proposal"] == "uniform":
            return numpy.float32(deviation * (4 * uniform(next(stream)) - 2))
        if self.options["proposal"] == "template":
            return numpy.float32(deviation * (whole(stream, 3) - 1))
        return numpy.float32(deviation * normal(next(stream)))


# Random numbers


def words(key, a, b, c):
    """The random 64-bit words of one position, one after the other."""
    block = 0
    while True:
        # numpy's generator adds 1 to its counter before it draws.
        counter = (block + (a << 64) + (b << 128) + (c << 192) - 1) % (1 << 256)
        philox = numpy.random.Philox(counter=counter, key=int(key[0]) + (int(key[1]) << 64))
        yield from (int(word) for word in philox.random_raw(4))
        block += 1


def logarithm(x):
    mantissa, exponent = math.frexp(x)
    mantissa, exponent = mantissa * 2, exponent - 1
    if mantissa >= math.sqrt(2.0):
        mantissa, exponent = mantissa / 2, exponent + 1
    s = (mantissa - 1) / (mantissa + 1)
    square = s * s
    series = 0.0
    for divisor in range(23, 1, -2):
        series = (series + 1 / divisor) * square
    high, low = float.fromhex("0x1.62e42feep-1"), float.fromhex("0x1.a39ef35793c76p-33")
    return exponent * high + (2 * s + (2 * s * series + exponent * low))


CENTRAL = (
    [2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4,
     4.5921953931549871457e4, 1.3731693765509461125e4, 1.9715909503065514427e3,
     1.3314166789178437745e2, 3.3871328727963666080e0],
    [5.2264952788528545610e3, 2.8729085735721942674e4, 3.9307895800092710610e4,
     2.1213794301586595867e4, 5.3941960214247511077e3, 6.8718700749205790830e2,
     4.2313330701600911252e1, 1])
MIDDLE = (
    [7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1,
     1.27045825245236838258e0, 3.64784832476320460504e0, 5.76949722146069140550e0,
     4.63033784615654529590e0, 1.42343711074968357734e0],
    [1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2,
     1.48103976427480074590e-1, 6.89767334985100004550e-1, 1.67638483018380384940e0,
     2.05319162663775882187e0, 1])
FAR = (
    [2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3,
     2.65321895265761230930e-2, 2.96560571828504891230e-1, 1.78482653991729133580e0,
     5.46378491116411436990e0, 6.65790464350110377720e0],
    [2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5,
     7.86869131145613259100e-4, 1.48753612906148506525e-2, 1.36929880922735805310e-1,
     5.99832206555887937690e-1, 1])


def polynomial(coefficients, x):
    value = coefficients[0]
    for coefficient in coefficients[1:]:
        value = value * x + coefficient
    return value


def uniform(word):
    return ((word >> 12) + 0.5) * 2.0 ** -52


def whole(stream, bound):
    """A whole number below `bound`, each equally likely."""
    while True:
        product = next(stream) * bound
        if product % 2 ** 64 >= 2 ** 64 % bound:
            return product >> 64


def normal(word):
    """A standard normal number from 64 random bits: Wichura's algorithm AS 241."""
    p = uniform(word)
    q = p - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        return q * polynomial(CENTRAL[0], r) / polynomial(CENTRAL[1], r)
    r = math.sqrt(-logarithm(p if q < 0 else 1 - p))
    (top, bottom), r = (MIDDLE, r - 1.6) if r <= 5 else (FAR, r - 5)
    magnitude = polynomial(top, r) / polynomial(bottom, r)
    return -magnitude if q < 0 else magnitude


def check_beginning(run):
    """Draws the initial weights anew, if they were drawn; compares what the file says of them."""
    if "initialParameters" in run.plan:
        return
    is_beginning = run.cursor == [0, run.order()[0], 0]
    for layer, tensors in enumerate(run.layers):
        if "weight" not in tensors:
            continue
        weight = tensors["weight"]
        deviation = math.sqrt(2 / (weight.size // weight.shape[0]))
        stream = words(run.keys["initialization"], layer, 0, 0)
        drawn = [numpy.float32(deviation * normal(next(stream))) for _ in range(weight.size)]
        if is_beginning and weight.ravel().tolist() != [float(value) for value in drawn]:
            fail(f"{run.path}: the weights of layer {layer} are not those of the seed")
        total = 0.0
        for value in drawn:
            total += float(value)
        mean = total / len(drawn)
        squares = 0.0
        for value in drawn:
            squares += (float(value) - mean) * (float(value) - mean)
        if math.sqrt(squares / len(drawn)) != run.initial_deviation[layer]:
            fail(f"{run.path}: /search/initial_deviation of layer {layer} is not the weights'")
    print("initial weights redrawn")


def redraw_steps(old, new):
    """Draws every proposal between two checkpoints anew: each parameter must be one of the three."""
    count = 0
    decay = numpy.float32(1 - old.plan["options"]["weightDecay"])
    for layer, ordinal, kind, output, index, cycle in old.steps(old.cursor, new.cursor):
        # A cycle that is finished meanwhile may have changed what deviations are multiplied by.
        state = old if cycle == old.cursor[0] else new
        deviation = state.proposal_deviation(layer, kind, cycle)
        stream = words(old.keys["proposal"], ordinal, layer, cycle)
        delta = old.delta(deviation, stream)
        shape = (len(old.layers[layer][kind]), -1)
        value = old.layers[layer][kind].reshape(shape)[output, index] * decay
        found = new.layers[layer][kind].reshape(shape)[output, index]
        among = (min(value, value + delta, value - delta) <= found
                 <= max(value, value + delta, value - delta))
        if not (among if old.options["selection"] == "vertex"
                else found in (value, value + delta, value - delta)):
            fail(f"{new.path}: {kind} {index} of output {output} of {old.names[layer]} is none of "
                 f"{value}, {value + delta}, {value - delta}, but {found}")
        count += 1
        if cycle < new.cursor[0] and deviation != new.deviation[cycle, layer] and kind == "weight":
            fail(f"{new.path}: /search/deviation of cycle {cycle + 1} is not the plan's")
    print(f"{count} steps redrawn, {old.path} to {new.path}")


def main(paths):
    if not paths:
        fail("no file given")
    runs = []
    for path in paths:
        run = Run(path)
        print(f"sha256 {run.digest}")
        print(f"state_sha256 {run.stated}")
        check_beginning(run)
        runs.append(run)
    runs.sort(key=lambda run: (run.run_id, run.place()))
    for old, new in zip(runs, runs[1:]):
        limit = (old.place()[0] + 1, *old.place()[1:])
        reached = new.place()
        is_one_run = (old.run_id, old.plan, old.edited) == (new.run_id, new.plan, new.edited)
        # For a parameter that changes in many steps, only the sum is visible.
        if is_one_run and reached <= limit and old.options["granularity"] == "weight":
            redraw_steps(old, new)


if __name__ == "__main__":
    main(sys.argv[1:])
