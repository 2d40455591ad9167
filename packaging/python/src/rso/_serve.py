"""Computes an objective with a function of a file: python -m rso._serve FILE MODULE FUNCTION.

FILE is among the words so that the plan of the run records its digest. MODULE is empty for the file of a script, which
runs under another name than __main__.
"""

from __future__ import annotations

import importlib
import runpy
import sys

from ._objective import fail, objective


def main() -> None:
    file, module, name = sys.argv[1:]
    if module:
        found = vars(importlib.import_module(module))
    else:
        found = runpy.run_path(file, run_name="rso_objective")
    if name not in found:
        fail(f"'{file}' defines no function '{name}'")
    objective(found[name])


if __name__ == "__main__":
    main()
