"""Puts the program into the wheel: RSO_WHEEL_PROGRAM names it, and its --version is the version of the package."""

from __future__ import annotations

import os
import subprocess
import sysconfig
from typing import Any, Dict

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.metadata.plugin.interface import MetadataHookInterface


def program() -> str:
    path = os.environ.get("RSO_WHEEL_PROGRAM")
    if not path:
        raise SystemExit("RSO_WHEEL_PROGRAM is not set: run 'make wheel', which names the program")
    return path


class ProgramVersion(MetadataHookInterface):
    def update(self, metadata: Dict[str, Any]) -> None:
        words = subprocess.run([program(), "--version"], check=True, stdout=subprocess.PIPE, text=True).stdout.split()
        metadata["version"] = words[-1]


class ProgramInWheel(BuildHookInterface):  # type: ignore[type-arg]
    def initialize(self, version: str, build_data: Dict[str, Any]) -> None:
        if self.target_name != "wheel":
            return
        build_data["force_include"][program()] = "rso/bin/rso"
        build_data["pure_python"] = False
        # Any Python 3: the program is no extension module. auditwheel replaces linux by the manylinux that fits.
        build_data["tag"] = "py3-none-" + sysconfig.get_platform().replace("-", "_").replace(".", "_")


def get_metadata_hook() -> type:
    return ProgramVersion


def get_build_hook() -> type:
    return ProgramInWheel
