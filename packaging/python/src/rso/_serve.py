"""Computes an objective with a function of a file: python -m rso._serve FILE MODULE FUNCTION.

FILE is among the words so that the plan of the run records its digest, and so that the function is found by whoever
repeats the command. MODULE is empty for the file of a script, which runs under another name than __main__.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import runpy
import sys
from typing import Any, Dict

from ._objective import fail, objective


def main() -> None:
    file, module, name = sys.argv[1:]
    found = names_of(file, module)
    if name not in found:
        fail(f"'{file}' defines no function '{name}'")
    objective(found[name])


def names_of(file: str, module: str) -> Dict[str, Any]:
    """Returns what a file defines, as a script or as a module, which may be in a package."""
    if not module:
        # As Python does for a script.
        sys.path.insert(0, os.path.dirname(os.path.abspath(file)))
        return runpy.run_path(file, run_name="rso_objective")
    top = module.partition(".")[0]
    root = _root(file, module)
    # The path of this process may lack the directory, or have another module of this name before it.
    if root and not _is_found(top, root):
        sys.path.insert(0, root)
    return vars(importlib.import_module(module))


def _root(file: str, module: str) -> str:
    """Returns the directory from which a file is imported as this module; empty if there is none."""
    path = os.path.splitext(os.path.abspath(file))[0]
    folders = (os.path.dirname(path) if os.path.basename(path) == "__init__" else path).split(os.sep)
    names = module.split(".")
    return os.sep.join(folders[:-len(names)]) or os.sep if folders[-len(names):] == names else ""


def _is_found(top: str, root: str) -> bool:
    """Returns whether importing a package or module takes the one in this directory."""
    spec = importlib.util.find_spec(top)
    places = (spec.submodule_search_locations or [spec.origin or ""]) if spec else []
    return any(os.path.realpath(os.path.dirname(place)) == os.path.realpath(root) for place in places)


if __name__ == "__main__":
    main()
