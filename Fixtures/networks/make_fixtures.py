#!/usr/bin/env python3
"""Writes expected/NAME.json and expected/NAME.bin for every NAME.json here: what PyTorch computes.

    python3 -m venv venv && venv/bin/pip install torch numpy
    venv/bin/python make_fixtures.py [NAME ...]

Evaluates each network with torch.nn.functional in float64, from float32 parameters and samples of
one byte a pixel, so that the figures are those of the formulas and not of one library's rounding.
"""
import json
import sys
import zlib
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

HERE = Path(__file__).parent
SAMPLES = 12  # the whole training set, for population statistics
BATCH = 8  # samples of the one minibatch


ACTIVATIONS = {
    "relu": lambda x, layer: F.relu(x),
    "leaky-relu": lambda x, layer: F.leaky_relu(x, layer.get("slope", 0.01)),
    "tanh": lambda x, layer: torch.tanh(x),
    "sign": lambda x, layer: torch.sign(x),
    "step": lambda x, layer: (x > 0).to(x.dtype),
    "sigmoid": lambda x, layer: torch.sigmoid(x),
    "gelu": lambda x, layer: F.gelu(x),
    "silu": lambda x, layer: F.silu(x),
    "elu": lambda x, layer: F.elu(x, layer.get("alpha", 1.0)),
    "softplus": lambda x, layer: F.softplus(x, threshold=1000),
    "hard-sigmoid": lambda x, layer: F.hardsigmoid(x),
    "hard-swish": lambda x, layer: F.hardswish(x),
}


def pair(value):
    return list(value) if isinstance(value, list) else [value, value]


def edges(layer, size, kernel, stride, dilation, default):
    """Top, left, bottom, right."""
    padding = layer.get("padding", default)
    if padding == "valid":
        return [0, 0, 0, 0]
    if padding == "same":
        before, after = [], []
        for n, k, s, d in zip(size, kernel, stride, dilation):
            rest = max(0, (-(-n // s) - 1) * s + (k - 1) * d + 1 - n)
            before.append(rest // 2)
            after.append(rest - rest // 2)
        return before + after
    if isinstance(padding, list) and len(padding) == 4:
        return padding
    return pair(padding) * 2


def padded(x, edges, value=0.0):
    top, left, bottom, right = edges
    return F.pad(x, [left, right, top, bottom], value=value)


def pooled(x, layer):
    kernel = pair(layer.get("kernel", 2))
    stride = pair(layer.get("stride", kernel))
    around = edges(layer, x.shape[2:], kernel, stride, [1, 1], "valid")
    if layer["type"] == "max-pool":
        return F.max_pool2d(padded(x, around, -torch.inf), kernel, stride)
    # The mean of the pixels of the map alone.
    count = F.avg_pool2d(padded(torch.ones_like(x), around), kernel, stride)
    return F.avg_pool2d(padded(x, around), kernel, stride) / count


def convolved(x, layer, tensors):
    name, filters, groups = layer["name"], layer["filters"], layer.get("groups", 1)
    kernel, stride = pair(layer.get("kernel", 3)), pair(layer.get("stride", 1))
    dilation = pair(layer.get("dilation", 1))
    around = edges(layer, x.shape[2:], kernel, stride, dilation, "same")
    weight = tensors(name, "weight", [filters, x.shape[1] // groups] + kernel)
    bias = tensors(name, "bias", [filters]) if layer.get("bias") else None
    return F.conv2d(padded(x, around), weight, bias, stride, 0, dilation, groups)


def takes_in(layer, pool):
    """Whether a batch norm after the pool still belongs to the convolution."""
    return (layer.get("stride", 1) == 1 and layer.get("dilation", 1) == 1
            and layer.get("groups", 1) == 1 and pool["type"] == "average-pool"
            and pool.get("kernel", 2) == 2 and pool.get("stride", 2) == 2
            and pool.get("padding", "valid") == "valid")


def other_losses(logits, target):
    """The losses of `--loss` other than the cross entropy."""
    classes = logits.shape[1]
    own = logits.gather(1, target[:, None])[:, 0]
    rivals = logits.masked_fill(F.one_hot(target, classes).bool(), -torch.inf).amax(1)
    return {
        "squared": F.mse_loss(logits, F.one_hot(target, classes).to(logits.dtype)).item(),
        "zero-one": (logits.argmax(1) != target).double().mean().item(),
        "hinge": (1 + rivals - own).clamp(min=0).mean().item(),
    }


def target_losses(outputs, labels, numbers):
    """The losses of samples with labels (multi-label) or numbers (regression)."""
    return {
        "multi-label": {
            "binary-cross-entropy":
                F.binary_cross_entropy_with_logits(outputs, labels).item(),
        },
        "regression": {
            "squared": F.mse_loss(outputs, numbers).item(),
            "absolute": F.l1_loss(outputs, numbers).item(),
            "huber": F.huber_loss(outputs, numbers).item(),
        },
    }


def named_layers(spec):
    """The layers with their default names: convN; fc for a lone linear layer, else fcN."""
    linear = sum(layer["type"] == "linear" for layer in spec["layers"])
    convolutions = linears = 0
    layers = []
    for layer in spec["layers"]:
        layer = dict(layer)
        if layer["type"] == "convolution":
            convolutions += 1
            layer.setdefault("name", f"conv{convolutions}")
        elif layer["type"] == "linear":
            linears += 1
            layer.setdefault("name", "fc" if linear == 1 else f"fc{linears}")
        layers.append(layer)
    return layers


class Network:
    """Interprets the layers. A `tensors` function gives a layer's tensor by name, kind and shape;
    a `norm` function normalises. With them the same walk lists the layout and computes losses."""

    def __init__(self, spec):
        self.layers = named_layers(spec)
        self.epsilon = spec.get("epsilon", 1e-5)

    def run(self, x, tensors, norm):
        outputs = {"input": x}
        block = None  # the layer that a batch norm at this place belongs to
        pooled_in = False
        convolution = None
        norms = 0
        for position, layer in enumerate(self.layers):
            kind = layer["type"]
            if kind == "convolution":
                projected = self.projected(position, outputs, tensors, norm)
                block, pooled_in, convolution = layer["name"], False, layer
                x = convolved(x, layer, tensors)
            elif kind == "linear":
                block, pooled_in, convolution = layer["name"], False, {"stride": 0}
                x = torch.flatten(x, 1)
                weight = tensors(block, "weight", [layer["outputs"], x.shape[1]])
                bias = tensors(block, "bias", [layer["outputs"]]) if layer.get("bias") else None
                x = F.linear(x, weight, bias)[:, :, None, None]
            elif kind == "skip":
                x = x + (projected if layer.get("projection", False) else outputs[layer["from"]])
                if self.layers[position - 1]["type"] not in ("convolution", "linear"):
                    block = None
            elif kind in ("average-pool", "max-pool"):
                x = pooled(x, layer)
                kept = block is not None and not pooled_in and takes_in(convolution, layer)
                block, pooled_in = (block if kept else None), True
            elif kind == "batch-norm":
                if block is None:
                    if "name" not in layer:
                        norms += 1
                    block = layer.get("name", f"norm{norms}")
                x = norm(x, block, tensors)
                outputs[block] = x
                block = None
            elif kind in ("layer-norm", "group-norm"):
                if "name" not in layer:
                    norms += 1
                own = layer.get("name", f"norm{norms}")
                gamma, beta = (tensors(own, part, [x.shape[1]]) for part in ("gamma", "beta"))
                x = F.group_norm(x, layer.get("groups", 1), gamma, beta, self.epsilon)
                outputs[own], block = x, None
            elif kind == "identity":
                pass
            elif kind in ACTIVATIONS:
                x, block = ACTIVATIONS[kind](x, layer), None
            elif kind == "global-pool":
                pool = F.adaptive_max_pool2d if layer["mode"] == "max" else F.adaptive_avg_pool2d
                x, block = pool(x, 1), None
            elif kind == "zero-pad":
                x, block = F.pad(x, [layer["padding"]] * 4), None
            elif kind == "flatten":
                block = None
            elif kind == "mark":
                outputs[layer["name"]], block = x, None
            elif kind == "branch":
                x, block = outputs[layer["from"]], None
            elif kind == "concatenate":
                x, block = torch.cat([outputs[name] for name in layer["from"]] + [x], 1), None
            elif kind == "zero-channels":
                x, block = F.pad(x, [0, 0, 0, 0, 0, layer["count"]]), None
            else:
                raise ValueError(kind)
            if block is not None:
                outputs[block] = x
        return torch.flatten(x, 1)

    def projected(self, position, outputs, tensors, norm):
        """The projection that is added to the convolution at this position, whose parameters come before
        the convolution's; none without one."""
        following = self.layers[position + 1:position + 3]
        if following and following[0]["type"] != "batch-norm":
            following = following[:1]
        layer = self.layers[position]
        for skip in following:
            if skip["type"] == "skip" and skip.get("projection", False):
                return self.project(
                    outputs[skip["from"]], layer["name"] + ".projection", layer["filters"], tensors,
                    norm)
        return None

    @staticmethod
    def project(x, name, filters, tensors, norm):
        weight = tensors(name, "weight", [filters, x.shape[1], 1, 1])
        return norm(F.conv2d(x, weight), name, tensors)

    def batch_norm(self, x, name, tensors):
        """Normalises with the minibatch's own statistics."""
        gamma = tensors(name, "gamma", [x.shape[1]])
        beta = tensors(name, "beta", [x.shape[1]])
        return F.batch_norm(x, None, None, gamma, beta, training=True, eps=self.epsilon)

    def population_norm(self, statistics):
        """Normalises with the statistics of all of x, rounded to float32, and notes them."""

        def norm(x, name, tensors):
            mean = x.mean(dim=(0, 2, 3)).float()
            variance = x.var(dim=(0, 2, 3), unbiased=False).float()
            statistics.append((name, mean.numpy(), variance.numpy()))
            gamma = tensors(name, "gamma", [x.shape[1]])
            beta = tensors(name, "beta", [x.shape[1]])
            return F.batch_norm(
                x, mean.double(), variance.double(), gamma, beta, training=False, eps=self.epsilon)

        return norm


def draw(random, kind, shape):
    if kind == "weight":
        return random.normal(0, np.sqrt(2 / np.prod(shape[1:])), shape)
    return random.normal(1 if kind == "gamma" else 0, 0.2, shape)


def render(manifest):
    """JSON with an entry a line."""
    lines = []
    for key, value in manifest.items():
        text = json.dumps(value)
        if isinstance(value, list) and value:
            text = "[\n  " + ",\n  ".join(json.dumps(entry) for entry in value) + "\n ]"
        lines.append(f' "{key}": {text}')
    return "{\n" + ",\n".join(lines) + "\n}\n"


def make(path):
    spec = json.loads(path.read_text())
    network = Network(spec)
    channels, height, width = spec["input"]
    random = np.random.Generator(np.random.Philox(key=zlib.crc32(path.stem.encode())))

    # Images a little smoothed, as real ones are.
    coarse = random.normal(128, 70, (SAMPLES, channels, height, width))
    pixels = (coarse + np.roll(coarse, 1, 2) + np.roll(coarse, 1, 3)) / 3
    pixels = np.clip(pixels, 0, 255).astype(np.uint8)
    labels = random.integers(0, spec["classes"], SAMPLES).astype(np.uint8)
    batch = random.permutation(SAMPLES)[:BATCH]
    mean = pixels.mean(axis=(0, 2, 3)) / 255
    deviation = pixels.std(axis=(0, 2, 3)) / 255
    byte = np.arange(256) / 255
    values = ((byte[None] - mean[:, None]) / deviation[:, None]).astype(np.float32)
    inputs = torch.from_numpy(
        np.stack([values[c][pixels[:, c]] for c in range(channels)], axis=1)).double()
    target = torch.from_numpy(labels.astype(np.int64))

    # The first walk draws the parameters, in the order of the layout: layer by layer, in each
    # weight, bias, gamma, beta.
    parameters, order, layers = {}, [], []

    def drawing(layer, kind, shape):
        if layer not in layers:
            layers.append(layer)
        if (layer, kind) not in parameters:
            parameters[layer, kind] = draw(random, kind, shape).astype(np.float32)
            order.append((layer, kind))
        return torch.from_numpy(parameters[layer, kind]).double()

    batch_logits = network.run(inputs[batch], drawing, network.batch_norm)
    order.sort(key=lambda key: layers.index(key[0]))  # stable
    statistics = []
    fixed_logits = network.run(inputs, drawing, network.population_norm(statistics))

    def loss():
        logits = network.run(inputs[batch], drawing, network.batch_norm)
        return F.cross_entropy(logits, target[batch]).item()

    # For one element of every tensor, the losses of three candidates.
    probes = []
    for key in order:
        flat = parameters[key].reshape(-1)
        index = int(random.integers(flat.size))
        current = flat[index]
        candidates = [current, current + np.float32(0.25), current - np.float32(0.25)]
        losses = []
        for value in candidates:
            flat[index] = value
            losses.append(loss())
        flat[index] = current
        probes.append({
            "layer": key[0], "kind": key[1], "index": index,
            "candidates": [float(value) for value in candidates], "losses": losses})

    # Targets of the other tasks, drawn apart so that all other numbers stay as they were.
    apart = np.random.Generator(np.random.Philox(key=zlib.crc32(f"{path.stem} targets".encode())))
    applying = apart.integers(0, 2, (SAMPLES, spec["classes"])).astype(np.uint8)
    numbers = apart.normal(0, 1.5, (SAMPLES, spec["classes"])).astype(np.float32)

    arrays = [
        ("pixels", pixels), ("labels", labels), ("batch", batch.astype(np.uint8)),
        ("values", values),
        ("parameters", np.concatenate([parameters[key].reshape(-1) for key in order])),
        ("batch_logits", batch_logits.numpy()), ("fixed_logits", fixed_logits.numpy()),
        ("mean", np.concatenate([np.zeros(0, np.float32)] + [m for _, m, _ in statistics])),
        ("variance", np.concatenate([np.zeros(0, np.float32)] + [v for _, _, v in statistics])),
        ("applying", applying), ("numbers", numbers),
    ]
    content, index = b"", []
    for name, array in arrays:
        content += b"\0" * (-len(content) % 8)
        little = np.ascontiguousarray(array.astype(array.dtype.newbyteorder("<")))
        index.append({
            "name": name, "type": array.dtype.name, "shape": list(array.shape),
            "offset": len(content)})
        content += little.tobytes()
    manifest = {
        "torch": torch.__version__.split("+")[0],
        "samples": SAMPLES,
        "tensors": [
            {"layer": layer, "kind": kind, "shape": list(parameters[layer, kind].shape)}
            for layer, kind in order],
        "statistics": [{"layer": name, "channels": len(m)} for name, m, _ in statistics],
        "loss": loss(),
        "other_losses": other_losses(batch_logits, target[batch]),
        "target_losses": target_losses(
            batch_logits, torch.from_numpy(applying[batch]).double(),
            torch.from_numpy(numbers[batch]).double()),
        "fixed_loss": F.cross_entropy(fixed_logits, target).item(),
        "probes": probes,
        "arrays": index,
    }
    (HERE / "expected" / f"{path.stem}.json").write_text(render(manifest))
    (HERE / "expected" / f"{path.stem}.bin").write_bytes(content)
    print(f"{path.stem}: loss {manifest['loss']:.6f}, {len(content)} bytes")


if __name__ == "__main__":
    (HERE / "expected").mkdir(exist_ok=True)
    names = sys.argv[1:] or sorted(path.stem for path in HERE.glob("*.json"))
    for name in names:
        make(HERE / f"{name}.json")
