"""Runs rso, and holds a checkpoint of a short training."""
import json
import subprocess

import numpy as np


class Rso:
    """A network after a short training, with weights, statistics and normalisation.

    `options` has `rso` (the program), `preset` or `arch`, `data` and `threads`.
    """

    def __init__(self, options, scratch):
        self.options = options
        self.scratch = scratch
        arch = getattr(options, "arch", None)
        run = scratch / "run"
        self.call("train", *(("--arch", arch) if arch else ("--preset", options.preset)),
                  "--cycles", 1, "--batch-size", 20, "--phase-samples", 60, "--data", options.data,
                  "--threads", options.threads, "--seed", 1, "-o", run, "--quiet")
        self.checkpoint = run / "last.h5"
        self.call("export", run, "-o", scratch / "network.json", "--quiet")
        self.call("export", run, "-o", scratch / "network.npz", "--quiet")
        self.architecture = json.loads((scratch / "network.json").read_text())
        self.tensors = dict(np.load(scratch / "network.npz"))

    def call(self, *words):
        return subprocess.run([str(w) for w in (self.options.rso, *words)], check=True,
                              stdout=subprocess.PIPE).stdout

    def network_tensors(self):
        """The tensors of the network itself, without the normalisation of images."""
        return {k: v for k, v in self.tensors.items()
                if v.dtype == np.float32 and not k.startswith("normalization_")}
