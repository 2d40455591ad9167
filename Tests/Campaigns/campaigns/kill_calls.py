"""`kill -9` at every system call of a run's saves (strace injects SIGKILL). Afterwards every file is good,
an old or a new one, and the run ends as the uninterrupted one does."""
import re
import shutil

from .support import CannotRun, Count, Site, all_good, finish, side_by_side, state, told

CALLS = ("openat,open,creat,write,pwrite64,writev,fsync,fdatasync,close,read,pread64,lseek,fadvise64,"
         "rename,renameat,renameat2,unlink,unlinkat,statfs,fstatfs,ftruncate,fstat,newfstatat,statx,"
         "getdents64,mkdir,link,linkat,fallocate,sync_file_range,flock")


def run(full, scratch):
    if not shutil.which("strace"):
        raise CannotRun("strace is not installed")
    count = Count()
    site = Site(scratch, cycles=2)
    expected = site.uninterrupted()
    begun = scratch / "begun"
    finish(["strace", "-o", "/dev/null", "-e", "trace=rename,renameat,renameat2",
            "-e", "inject=rename,renameat,renameat2:signal=KILL:when=12",
            *site.train(begun, "--save-interval", "0.000001")])
    if not (begun / "last.h5").exists():
        raise CannotRun("strace cannot trace here")
    for verb in ["train", "resume"]:
        every_call(count, site, verb, begun, scratch, expected, full)
    return count


def every_call(count, site, verb, begun, scratch, expected, full):
    def attempt(folder, *options):
        if verb == "resume":
            shutil.copytree(begun, folder)
        command = (site.resume if verb == "resume" else site.train)(folder, "--threads", "1")
        log = folder.with_suffix(".calls")
        finish(["strace", "-o", log, "-e", f"trace={CALLS}", *options, *command])
        return log

    calls = saving(attempt(scratch / verb))
    count.notes.append(f"{verb}: {len(calls)} calls")

    def trial(call):
        name, number = call
        folder = scratch / f"{verb}-{name}-{number}"
        log = attempt(folder, "-e", f"inject={name}:signal=KILL:when={number}")
        problem = all_good(folder) if any(folder.glob("*.h5")) else None
        if "killed by SIGKILL" not in log.read_text(errors="replace"):
            problem = "it was not killed"
        result = finish(site.go_on(folder))
        if problem is None and state(result) != expected:
            problem = told(result)
        shutil.rmtree(folder, ignore_errors=True)
        log.unlink()
        return f"{verb}, {name} {number}: {problem}" if problem else None

    for problem in side_by_side(trial, calls[::1 if full else 23]):
        count.add(problem)
        count.progress(50)


def saving(log):
    """The calls from the first save's first to the last save's last, each with its number among
    those of its name, which is how strace counts."""
    calls, seen, places = [], {}, []
    for line in log.read_text(errors="replace").splitlines():
        match = re.match(r"(\w+)\(", line)
        if not match:
            continue
        seen[match[1]] = seen.get(match[1], 0) + 1
        calls.append((match[1], seen[match[1]]))
        if ".rso-" in line:
            places.append(len(calls) - 1)
    return calls[max(0, places[0] - 3):places[-1] + 4]
