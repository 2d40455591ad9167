"""The machine and the version that results come from."""
import pathlib
import platform
import subprocess


def processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def commit(root):
    def git(*words):
        return subprocess.run(["git", "-C", root, *words], check=True, text=True,
                              stdout=subprocess.PIPE).stdout.strip()
    try:
        changed = git("status", "--porcelain", "--untracked-files=no", "Sources", "Benchmarks")
        return git("rev-parse", "--short=12", "HEAD") + (", changed since" if changed else "")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
