"""Runs a training and waits for it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import tempfile
from typing import IO, Any, Dict, List, Mapping, Optional, Sequence, Union

from ._program import Error, Interrupted, answer_of, message, program
from ._progress import CYCLE, Progress

# --max-time is over and the state is saved: the run can be resumed, and nothing has failed.
TIME_IS_OVER = 85

# Options that run_training gives itself.
ALWAYS = {"json": "the answer is a Run", "stop_at_eof": "a training always stops when Python ends"}


def run_training(
    words: Sequence[str], *, show: Union[bool, str], path: Optional[str], env: Optional[Dict[str, str]] = None,
) -> Optional[Dict[str, Any]]:
    """Runs `rso train` or `rso resume` until it ends, and returns its summary; None if it did not end a run.

    words: the verb and its options.
    show: as for Progress.
    path: the run directory, for the error of an interruption; None to take the one that the program prints.
    env: the environment of the program; None for that of this process.

    The run is in a process group of its own: Ctrl-C reaches it once, from here, and it saves its state. It also
    saves and stops when this process ends for any reason.

    Raises: Error with the program's message and status; Interrupted after Ctrl-C.
    """
    command = [program(), *words, "--json", "--stop-at-eof"]
    # A file, since a pipe that nobody reads would stop the program when it is full.
    with tempfile.TemporaryFile() as answer:
        _wait(command, answer, show, path, env)
        answer.seek(0)
        text = answer.read()
    summary = answer_of(text.decode("utf-8", "backslashreplace"), words[0]) if text.strip() else None
    return summary if summary and "run" in summary else None


def _wait(
    command: List[str], answer: IO[bytes], show: Union[bool, str], path: Optional[str], env: Optional[Dict[str, str]],
) -> None:
    try:
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=answer, stderr=subprocess.PIPE, text=True,
            errors="backslashreplace", start_new_session=True, env=env)
    except OSError as error:
        raise Error(f"cannot run '{command[0]}': {error.strerror}", None, command) from error
    lines: List[str] = []
    progress = Progress(show)
    try:
        _read(process, lines, progress)
    except KeyboardInterrupt:
        _stop(process)
        place = path or _begun(lines)
        is_saved = place and os.path.exists(os.path.join(place, "last.h5"))
        objective = any(word.startswith("--objective=") for word in command)
        raise Interrupted(place if is_saved else None, objective=objective) from None
    except BaseException:
        _stop(process)
        raise
    finally:
        progress.close()
    assert process.stdin
    process.stdin.close()
    status = process.wait()
    if status not in (0, TIME_IS_OVER):
        raise Error(_with_objective(message(lines, status), lines), status, command)


def _with_objective(text: str, lines: Sequence[str]) -> str:
    """Returns the error of an objective with its last lines, which were perhaps not shown."""
    above = "; its own messages are above"
    if above not in text:
        return text
    rso = ("training ", "options chosen ", "the run is saved", "rso-train: ", "rso-resume: ")
    own = [line for line in lines if not line.startswith(rso) and not CYCLE.match(line)]
    return text.replace(above, "; its last messages:\n" + "\n".join(own[-20:]) if own else "; it printed no message")


def _read(process: "subprocess.Popen[str]", lines: List[str], progress: Progress) -> None:
    assert process.stderr
    for line in process.stderr:
        lines.append(line.rstrip("\n"))
        progress.line(lines[-1])
    process.stderr.close()


def _stop(process: "subprocess.Popen[str]") -> None:
    try:
        process.send_signal(signal.SIGINT)
        process.communicate()
    except KeyboardInterrupt:
        # A second Ctrl-C does not wait for the save. The last saved state stays.
        process.kill()
        process.communicate()


def _begun(lines: Sequence[str]) -> Optional[str]:
    for line in lines:
        match = re.match(r"training .*, seed \d+, in (.*)$", line)
        if match:
            return match.group(1)
    return None


def show_of(options: Mapping[str, Any], progress: Union[bool, str]) -> Union[bool, str]:
    """Returns what to show: nothing with quiet=True."""
    return False if options.get("quiet") else progress
