"""The manual and the completions, which pip installs beside the program."""

from __future__ import annotations

import importlib.metadata
import subprocess
from pathlib import Path
from typing import Dict

import pytest
import rso

MANUAL = Path(__file__).resolve().parent.parent.parent.parent / "man"
COMPLETIONS = {
    "bash": "share/bash-completion/completions/rso",
    "fish": "share/fish/vendor_completions.d/rso.fish",
    "zsh": "share/zsh/site-functions/_rso",
}


@pytest.fixture(scope="module")
def installed() -> Dict[str, Path]:
    """The installed files under share, by their paths under the prefix."""
    files = importlib.metadata.files("rso") or []
    paths = [Path(str(file.locate())).resolve() for file in files]
    found = {}
    for path in paths:
        # The prefix may have a folder share among its parents.
        parts = path.parts
        if "share" in parts:
            last = len(parts) - 1 - parts[::-1].index("share")
            found["/".join(parts[last:])] = path
    return found


def test_the_manual_is_installed(installed: Dict[str, Path]) -> None:
    pages = sorted(MANUAL.glob("*.[157]"))
    assert len(pages) > 20
    for page in pages:
        assert installed[f"share/man/man{page.suffix[1:]}/{page.name}"].read_bytes() == page.read_bytes()


@pytest.mark.parametrize("shell", COMPLETIONS)
def test_the_completions_are_installed(shell: str, installed: Dict[str, Path]) -> None:
    script = subprocess.run(
        [rso.program(), "--generate-completion-script", shell], stdout=subprocess.PIPE, check=True).stdout
    assert installed[COMPLETIONS[shell]].read_bytes() == script
