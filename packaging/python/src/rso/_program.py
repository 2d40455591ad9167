"""Finds and runs the program rso."""

from __future__ import annotations

import functools
import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Sequence, Union

StrPath = Union[str, "os.PathLike[str]"]


class Error(Exception):
    """The program refused or failed.

    The text says what is wrong and what to do, as the program printed it.

    status: the exit status of the program, as the manual page of the verb lists it; None if it did not run.
    command: the words that it was started with.
    """

    def __init__(self, message: str, status: Optional[int] = None, command: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.status = status
        self.command = list(command)


class Interrupted(KeyboardInterrupt):
    """Ctrl-C stopped a training. Its state is saved.

    path: the run directory, for `rso.Run(path).resume()`; None if the run had not begun.
    """

    def __init__(self, path: Optional[str]) -> None:
        super().__init__(
            f"the run is saved in '{path}'; rso.Run({path!r}).resume() continues it" if path
            else "the run had not begun")
        self.path = path


def program() -> str:
    """Returns the path of the program.

    That is the environment variable RSO_PROGRAM; otherwise the program inside this package; otherwise the first
    program called rso along PATH.

    Raises: Error if there is none.
    """
    chosen = os.environ.get("RSO_PROGRAM")
    if chosen:
        if not os.access(chosen, os.X_OK) or os.path.isdir(chosen):
            raise Error(f"cannot run '{chosen}': not a program; correct the variable RSO_PROGRAM")
        return chosen
    contained = Path(__file__).parent / "bin" / "rso"
    if os.access(contained, os.X_OK):
        return str(contained)
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        path = os.path.join(folder or os.curdir, "rso")
        if os.path.isfile(path) and os.access(path, os.X_OK) and _is_elf(path):
            return path
    raise Error("cannot find the program 'rso': install it, or name it with the variable RSO_PROGRAM")


def _is_elf(path: str) -> bool:
    # The command that this package installs is a script called rso as well, and would start itself again.
    with open(path, "rb") as file:
        return file.read(4) == b"\x7fELF"


def version() -> str:
    """Returns the version of the program, such as 0.6.0.

    Raises: Error if the program cannot be found or run.
    """
    return capture(["--version"]).split()[-1]


def capture(words: Sequence[StrPath], *, accept: Sequence[int] = (0,)) -> str:
    """Runs the program and returns what it prints to standard output.

    accept: the exit statuses that are no errors.

    Raises: Error with the program's message and status.
    """
    command = [program(), *(os.fspath(word) for word in words)]
    done = _run(command)
    if done.returncode not in accept:
        raise Error(message(done.stderr.splitlines(), done.returncode), done.returncode, command)
    return done.stdout


def _run(command: List[str]) -> "subprocess.CompletedProcess[str]":
    try:
        return subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True, errors="backslashreplace")
    except OSError as error:
        raise Error(f"cannot run '{command[0]}': {error.strerror}", None, command) from error


def report(words: Sequence[StrPath], *, accept: Sequence[int] = (0,)) -> Dict[str, Any]:
    """Runs the program with --json and returns the object that it prints.

    Raises: Error with the program's message and status.
    """
    text = capture([*words, "--json"], accept=accept)
    value = json.loads(text)
    if not isinstance(value, dict):
        raise Error(f"cannot read the answer of '{os.fspath(words[0])}': expected a JSON object")
    return value


def message(lines: Sequence[str], status: int) -> str:
    """Returns the last error in the lines of standard error, without the program's name before it."""
    for index in range(len(lines) - 1, -1, -1):
        match = re.match(r"rso(?:-[a-z0-9]+)?: (?!warning)(.*)", lines[index])
        if match:
            return "\n".join([match.group(1), *lines[index + 1:]])
    if status < 0:
        return f"the program was ended by signal {-status}"
    return "\n".join(lines) or f"the program ended with status {status}"


@functools.lru_cache(maxsize=None)
def _options_of(path: str, verb: str) -> Mapping[str, bool]:
    done = _run([path, verb, "--help"])
    if done.returncode != 0:
        raise Error(message(done.stderr.splitlines(), done.returncode), done.returncode, [path, verb, "--help"])
    found = re.findall(r"^  (?:-\w, )?--([a-z][a-z0-9-]*)(?: (<[^>]*>))?", done.stdout, re.M)
    return {name: bool(value) for name, value in found if name not in ("help", "version")}


def options_of(verb: str) -> Mapping[str, bool]:
    """Returns the options of a verb, as its --help lists them: the name, and whether it takes a value.

    Those of `resume` include those of `train`: the options of a plan may be repeated, and the program refuses others.

    Raises: Error if the program has no such verb.
    """
    known = _options_of(program(), verb)
    return {**_options_of(program(), "train"), **known} if verb == "resume" else known


def words_of(verb: str, options: Mapping[str, Any]) -> List[str]:
    """Returns the words of a command line for keywords, whose underscores stand for hyphens.

    None and False leave an option out, True gives one without a value, a list joins its elements with commas, and
    a dictionary its pairs, as in conv1:4,fc:8.

    Raises: TypeError for a keyword that is no option of the verb, or a value that does not fit.
    """
    known = options_of(verb)
    words: List[str] = []
    for keyword, value in options.items():
        name = keyword.replace("_", "-")
        if name not in known:
            import difflib
            near = difflib.get_close_matches(name, known, 1)
            hint = f"did you mean '{near[0].replace('-', '_')}'?" if near else f"'rso {verb} --help' lists the options"
            raise TypeError(f"unknown option '{keyword}' of 'rso {verb}'; {hint}")
        if value is None or value is False:
            continue
        if known[name] == (value is True):
            raise TypeError(f"option '{keyword}' of 'rso {verb}' " + (
                "needs a value" if known[name] else f"takes True or False, not {value!r}"))
        # One word, so that a value that begins with a hyphen is no option.
        words.append(f"--{name}" if value is True else f"--{name}={_text(value)}")
    return words


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        return ",".join(f"{key}:{item}" for key, item in value.items())
    if isinstance(value, (list, tuple)):
        return ",".join(str(item) for item in value)
    return str(os.fspath(value)) if isinstance(value, os.PathLike) else str(value)
