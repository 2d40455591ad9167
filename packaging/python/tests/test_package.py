"""The package as such."""

from __future__ import annotations

import ast
import doctest
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent.parent
SOURCES = sorted((HERE / "src/rso").glob("*.py"))


def test_the_transcript_of_the_readme_is_true(there: Path) -> None:
    results = doctest.testfile(str(HERE / "README.md"), module_relative=False)
    assert results.attempted > 10 and results.failed == 0


@pytest.mark.parametrize("file", SOURCES, ids=lambda file: file.name)
def test_the_source_is_that_of_python_3_9(file: Path) -> None:
    tree = ast.parse(file.read_text(), feature_version=(3, 9))
    first = [node for node in tree.body if isinstance(node, ast.ImportFrom)][0]
    # Later annotations are then never evaluated.
    assert first.module == "__future__"


def test_the_types_are_strict() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "src"], cwd=HERE, stdout=subprocess.PIPE, text=True)
    assert done.returncode == 0, done.stdout


def test_the_command_needs_no_other_package() -> None:
    code = "import sys, rso.__main__, rso; rso.program; print([m for m in ('numpy', 'h5py', 'sklearn') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, check=True)
    assert done.stdout == "[]\n"
