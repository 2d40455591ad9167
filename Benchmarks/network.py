"""A network of rso in PyTorch, as a list of operations that can be entered at any layer."""
import torch
import torch.nn.functional as F


# Functions of a single value and of the layer's argument, if it has one. Gradient descent learns
# nothing through `sign` and `step`, whose slope is 0.
ACTIVATIONS = {
    "identity": lambda x, _: x,
    "leaky-relu": F.leaky_relu,
    "relu": lambda x, _: F.relu(x),
    "sign": lambda x, _: torch.sign(x),
    "step": lambda x, _: torch.heaviside(x, torch.zeros((), dtype=x.dtype)),
    "tanh": lambda x, _: torch.tanh(x),
}


def operations(architecture):
    """The layers of an architecture (rso-architecture(5)) as (kind, name, argument). A batch norm has
    its own name, or the name of the layer that it belongs to."""
    layers = architecture["layers"]
    linear = sum(layer["type"] == "linear" for layer in layers)
    counts = {"convolution": 0, "linear": 0, "norm": 0}
    block, pooled = None, False
    result = []
    for position, layer in enumerate(layers):
        kind = layer["type"]
        if kind in ("convolution", "linear"):
            counts[kind] += 1
            number = counts[kind]
            default = f"conv{number}" if kind == "convolution" else (
                "fc" if linear == 1 else f"fc{number}")
            block, pooled = layer.get("name", default), False
            following = layers[position + 1] if position + 1 < len(layers) else {}
            if following.get("type") == "skip" and following.get("projection"):
                result.append(("project", f"{block}.projection", following["from"]))
            result.append((kind, block, None))
        elif kind == "skip":
            source = f"{block}.projection" if layer.get("projection") else layer["from"]
            result.append(("add", None, source))
        elif kind == "batch-norm":
            if block is None:
                counts["norm"] += 1
                block = layer.get("name", f"norm{counts['norm']}")
            result.append((kind, block, None))
            result.append(("keep", block, None))
            block = None
            continue
        elif kind == "average-pool":
            result.append((kind, None, None))
            block, pooled = (None if pooled else block), True
        elif kind == "global-pool":
            result.append((kind, None, layer["mode"]))
            block = None
        elif kind == "flatten" or kind in ACTIVATIONS:
            result.append((kind, None, layer.get("slope", 0.01)))
            block = None
        else:
            raise ValueError(f"unknown layer '{kind}'")
        if block is not None:
            result.append(("keep", block, None))
    read = {source for _, _, source in result}
    return [o for o in result if o[0] != "keep" or o[1] in read]


class Network:
    """The operations with their tensors, named as by `rso export`."""

    def __init__(self, architecture, tensors, memory_format):
        self.operations = operations(architecture)
        self.epsilon = architecture.get("epsilon", 1e-5)
        self.memory_format = memory_format
        # Moments are recorded here while `moments` runs.
        self.seen = None
        self.tensors = {
            name: tensor.to(memory_format=memory_format) if tensor.dim() == 4 else tensor.clone()
            for name, tensor in tensors.items()}
        self.layers = [name for kind, name, _ in self.operations
                       if kind in ("convolution", "linear", "project")]

    def logits(self, images, fixed):
        """The logits of images, N x C x H x W, with the training set's statistics or the minibatch's."""
        x = images.contiguous(memory_format=self.memory_format)
        logits, _ = self._run(x, {}, 0, len(self.operations), fixed)
        return logits.flatten(1)

    def moments(self, images):
        """The mean and variance of each batch norm's input for `images`, by the batch norm's name."""
        self.seen = {}
        self.logits(images, fixed=False)
        seen, self.seen = self.seen, None
        return seen

    def weight(self, layer):
        return self.tensors[layer.replace(".", "_") + ".weight"]

    def entry(self, layer):
        """The index of a layer among the operations."""
        return next(i for i, (kind, name, _) in enumerate(self.operations)
                    if name == layer and kind in ("convolution", "linear", "project"))

    def cached(self, images, layer):
        """The input of a layer, with the batch norms before it fixed to the training set's statistics,
        and the values that skips over the layer add later."""
        x = images.contiguous(memory_format=self.memory_format)
        return self._run(x, {}, 0, self.entry(layer), fixed=True)

    def suffix(self, layer):
        """A function from a layer's cached input and the labels to the loss. It computes the network from
        that layer on, with the minibatch's own statistics."""
        begin, end = self.entry(layer), len(self.operations)

        def losses(x, kept, labels):
            logits, _ = self._run(x, kept, begin, end, fixed=False)
            return F.cross_entropy(logits.flatten(1), labels)

        return losses

    def _run(self, x, kept, begin, end, fixed):
        kept = dict(kept)
        for kind, name, argument in self.operations[begin:end]:
            if kind == "convolution":
                x = self._convolve(x, name)
            elif kind == "linear":
                module = name.replace(".", "_")
                x = F.linear(
                    x.flatten(1), self.tensors[f"{module}.weight"],
                    self.tensors.get(f"{module}.bias"))
            elif kind == "project":
                kept[name] = self._norm(self._convolve(kept[argument], name), name, fixed)
            elif kind == "add":
                x = x + kept[argument]
            elif kind == "keep":
                kept[name] = x
            elif kind == "batch-norm":
                x = self._norm(x, name, fixed)
            elif kind in ACTIVATIONS:
                x = ACTIVATIONS[kind](x, argument)
            elif kind == "average-pool":
                x = F.avg_pool2d(x, 2)
            elif kind == "global-pool":
                pool = F.adaptive_max_pool2d if argument == "max" else F.adaptive_avg_pool2d
                x = pool(x, 1)
        return x, kept

    def _convolve(self, x, layer):
        weight = self.weight(layer)
        bias = self.tensors.get(layer.replace(".", "_") + ".bias")
        return F.conv2d(x, weight, bias, padding=weight.shape[-1] // 2)

    def _norm(self, x, layer, fixed):
        module = layer.replace(".", "_")
        module = f"{module}_norm" if f"{module}_norm.weight" in self.tensors else module
        if self.seen is not None:
            over = [0, *range(2, x.dim())]
            self.seen[module] = x.mean(over), x.var(over, unbiased=False)
        mean, variance = (self.tensors[f"{module}.running_{k}"] if fixed else None
                          for k in ("mean", "var"))
        return F.batch_norm(
            x, mean, variance, self.tensors[f"{module}.weight"], self.tensors[f"{module}.bias"],
            training=not fixed, eps=self.epsilon)
