"""Every file system call of a run's saves fails, once and forever, with each of six errors; writes and
reads are cut short. The run still continues to its end. The files on the disk are good, each failure is
named with its cause, and a run that ends unsaved says so."""
import errno
import os
import shutil
import subprocess

from .support import ENVIRONMENT, CannotRun, Count, Site, all_good, finish, side_by_side, state, told

ERRORS = [errno.ENOSPC, errno.EIO, errno.EDQUOT, errno.EINTR, errno.EROFS, errno.EMFILE]
# The calls that a save needs; their failure must be reported.
ESSENTIAL = {"openat", "write", "fsync", "renameat"}
UNSAVED = 74
LONGER = ["--cycles", "3", "--extend", "keep"]


def run(full, scratch):
    count = Count()
    site = Site(scratch, cycles=2)
    library = scratch / "faults.so"
    source = os.path.join(os.path.dirname(os.path.dirname(__file__)), "faults.c")
    compiler = shutil.which("cc") or shutil.which("clang")
    if not compiler:
        raise CannotRun("there is no C compiler")
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"], check=True)
    begun = scratch / "begun"
    finish(site.train(begun))
    whole = scratch / "longer"
    shutil.copytree(begun, whole)
    expected = state(finish(site.resume(whole, *LONGER)))

    def attempt(folder, **faults):
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(begun, folder)
        environment = {**ENVIRONMENT, "LD_PRELOAD": str(library), "RSO_FAULT_FOLDER": str(folder)}
        environment.update({f"RSO_FAULT_{name}": str(value) for name, value in faults.items()})
        return finish(site.resume(folder, *LONGER, "--threads", "1"), env=environment)

    log = scratch / "calls"
    attempt(scratch / "logged", LOG=log)
    calls = log.read_text().split()
    if "fsync" not in calls:
        raise CannotRun("LD_PRELOAD does not reach the program")
    numbers = saving(calls)
    count.notes.append(f"{len(numbers)} calls, from the first of the first save to the last save's last")
    cases = [(number, code, ever) for number in numbers for code in ERRORS for ever in [False, True]]
    cases += [(number, 0, ever) for number in numbers if calls[number - 1] in ("write", "read")
              for ever in [False, True]]
    cases = cases[::1 if full else 37]

    def trial(index):
        number, code, ever = cases[index]
        folder = scratch / f"run-{index}"
        result = attempt(folder, AT=number, ERROR=code, **({"EVER": 1} if ever else {}))
        problem = judge(result, folder, calls[number - 1], code, ever, expected)
        if problem is None and state(finish(site.resume(folder, *LONGER))) != expected:
            problem = "it cannot be taken up"
        shutil.rmtree(folder, ignore_errors=True)
        name = errno.errorcode.get(code, "short")
        return (f"{calls[number - 1]} {number}, {name}, {'for ever' if ever else 'once'}: {problem}"
                if problem else None)

    for problem in side_by_side(trial, range(len(cases))):
        count.add(problem)
        count.progress(100)
    return count


def saving(calls):
    """The numbers of the calls from the first save's opening of the directory to the last save's
    closing of it, or to the last removal of an old file."""
    first = calls.index("fsync")
    while calls[first] != "open":
        first -= 1
    last = max(index for index, name in enumerate(calls) if name in ("fsync", "unlink", "unlinkat"))
    return range(first + 1, min(last + 2, len(calls)) + 1)


def judge(result, folder, call, code, ever, expected):
    if result.returncode == 0:
        if state(result) != expected:
            return "the run ended differently"
    elif not (ever and result.returncode == UNSAVED):
        return told(result)
    silent = code in (0, errno.EINTR) or call not in ESSENTIAL
    if (not silent or result.returncode != 0) and (
            os.strerror(code).lower() not in result.stderr.lower()):
        return f"the cause is not named; {told(result)}"
    return all_good(folder)
