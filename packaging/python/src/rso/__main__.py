"""The command `rso`, and `python -m rso`: becomes the program."""

from __future__ import annotations

import os
import sys

from ._program import Error, program


def main() -> None:
    try:
        path = program()
    except Error as error:
        sys.exit(f"rso: {error}")
    os.execv(path, ["rso", *sys.argv[1:]])


if __name__ == "__main__":
    main()
