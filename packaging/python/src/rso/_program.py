"""Finds and runs the program rso."""

from __future__ import annotations

import difflib
import functools
import json
import os
import re
import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple, Union

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
    """Ctrl-C stopped a training. Its state is saved if there is a path.

    path: the run directory, for `rso.Run(path).resume()`; None if nothing is saved: the run had not begun, or was that
        of an estimator.
    """

    def __init__(self, path: Optional[str], text: str = "", *, objective: bool = False) -> None:
        """objective: True for a run with an objective, which must be given again."""
        super().__init__(text or (
            f"the run is saved in '{path}'; {resuming(path, objective)} continues it" if path
            else "the run had not begun"))
        self.path = path

    def __reduce__(self) -> Tuple[Any, ...]:
        return Interrupted, (self.path, str(self))


def resuming(path: str, objective: bool) -> str:
    """Returns the words of Python that continue a run."""
    return f"rso.Run({path!r}).resume({'objective=...' if objective else ''})"


@contextmanager
def errors_of_files(path: StrPath) -> Iterator[None]:
    """Turns an OSError into an Error that names the file: that of the error, otherwise this one."""
    try:
        yield
    except OSError as error:
        raise Error(f"cannot write '{error.filename or path}': {error.strerror or error}") from error


@contextmanager
def said_as(words: Mapping[str, str]) -> Iterator[None]:
    """Replaces words of the command line in the text of an Error by those of Python."""
    try:
        yield
    except Error as error:
        text = str(error)
        for old, new in words.items():
            text = text.replace(old, new)
        error.args = (text,)
        raise


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
    words = capture(["--version"]).split()
    if not words or not re.match(r"\d+\.\d+\.", words[-1]):
        raise _other_program(program())
    return words[-1]


def _other_program(path: str) -> Error:
    return Error(f"'{path}' is not the program rso; correct the variable RSO_PROGRAM")


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
    return answer_of(capture([*words, "--json"], accept=accept), os.fspath(words[0]))


def answer_of(text: str, verb: str) -> Dict[str, Any]:
    """Returns the object that a verb printed. Raises: Error if it is none."""
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise Error(
            f"cannot read the answer of '{program()} {verb}': expected a JSON object; if this is not the program rso, "
            "correct the variable RSO_PROGRAM")
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
    if not found:
        raise _other_program(path)
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

    None and False leave an option out, True gives one without a value, a list or array joins its elements with commas
    and its rows with semicolons, and a dictionary its pairs, as in conv1:4,fc:8.

    Raises: TypeError for a keyword that is no option of the verb, or a value that does not fit.
    """
    known = options_of(verb)
    words: List[str] = []
    for keyword, value in options.items():
        name = keyword.replace("_", "-")
        if name not in known:
            raise TypeError(f"unknown option '{keyword}' of 'rso {verb}'; {_hint(verb, name)}")
        if getattr(getattr(value, "dtype", None), "kind", None) == "b" and value.ndim == 0:
            value = bool(value)
        if value is None or value is False:
            continue
        if known[name] == (value is True):
            raise TypeError(f"option '{keyword}' of 'rso {verb}' " + (
                "needs a value" if known[name] else f"takes True or False, not {value!r}"))
        # One word, so that a value that begins with a hyphen is no option.
        words.append(f"--{name}" if value is True else f"--{name}={_text(value)}")
    return words


def _hint(verb: str, name: str) -> str:
    """Returns a hint for a name that is no option."""
    # The program knows options of other tools. Those of `resume` include those of `train`, which with --dry-run
    # certainly trains nothing.
    words = ["train", "--dry-run"] if verb in ("train", "resume") else [verb]
    said = re.search(r"unknown option [^;\n]*; (use .*)", _run([program(), *words, f"--{name}"]).stderr)
    if said:
        return re.sub(r"--([a-z][a-z-]*)", lambda option: option.group(1).replace("-", "_"), said.group(1))
    near = difflib.get_close_matches(name, options_of(verb), 1, 0.7)
    return f"did you mean '{near[0].replace('-', '_')}'?" if near else f"'rso {verb} --help' lists the options"


def refuse(options: Mapping[str, Any], reasons: Mapping[str, str]) -> None:
    """Refuses options that have no use as keywords. Raises: TypeError with the reason."""
    for name, reason in reasons.items():
        if name in options:
            raise TypeError(f"'{name}' is no keyword here: {reason}")


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        return ",".join(f"{key}:{item}" for key, item in value.items())
    if hasattr(value, "to_numpy"):
        value = value.to_numpy()
    if getattr(value, "ndim", 0) > 0:
        value = list(value)
    if isinstance(value, (list, tuple)):
        rows = bool(value) and all(isinstance(item, (list, tuple)) or getattr(item, "ndim", 0) > 0 for item in value)
        return ";".join(_text(item) for item in value) if rows else ",".join(str(item) for item in value)
    return str(os.fspath(value)) if isinstance(value, os.PathLike) else str(value)
