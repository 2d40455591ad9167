"""A power cut, for real: an ext4 on a loop device stops at once (EXT4_IOC_SHUTDOWN, its journal not
flushed) as soon as a run has ended and said that it saved, and is mounted again. Every file is there
with the bytes that it had, and the run that goes on from there ends as ever."""
import contextlib
import fcntl
import itertools
import os
import queue
import random
import shutil
import signal
import struct
import subprocess
import time

from .support import WORKERS, CannotRun, Count, Site, finish, side_by_side, start, state, told

SHUTDOWN = 0x8004587D  # EXT4_IOC_SHUTDOWN
NO_LOG_FLUSH = 2


class Disk:
    def __init__(self, folder):
        self.image, self.mount_point = folder / "image", folder / "mount"
        self.mount_point.mkdir(parents=True)
        with open(self.image, "wb") as file:
            file.truncate(48 << 20)
        self.call("mkfs.ext4", "-q", self.image)

    def call(self, *words):
        try:
            result = subprocess.run([str(word) for word in words], capture_output=True, text=True)
        except FileNotFoundError as error:
            raise CannotRun(f"{words[0]} is not installed") from error
        if result.returncode != 0:
            raise CannotRun(f"{words[0]}: {result.stderr.strip() or result.stdout.strip()}")

    def mount(self):
        self.call("mount", "-o", "loop", self.image, self.mount_point)

    def unmount(self):
        """A process that has just been forked may hold a descriptor of it for a moment."""
        for _ in range(100):
            result = subprocess.run(["umount", str(self.mount_point)], capture_output=True, text=True)
            if result.returncode == 0:
                return
            time.sleep(0.1)
        raise RuntimeError(result.stderr.strip())

    def cut(self):
        descriptor = os.open(self.mount_point, os.O_RDONLY)
        try:
            fcntl.ioctl(descriptor, SHUTDOWN, struct.pack("I", NO_LOG_FLUSH))
        finally:
            os.close(descriptor)


def run(full, scratch):
    if os.geteuid() != 0:
        raise CannotRun("only root mounts file systems")
    count = Count()
    site = Site(scratch, cycles=2)
    began = time.monotonic()
    expected = site.uninterrupted()
    longest = time.monotonic() - began
    disks = queue.SimpleQueue()
    with contextlib.ExitStack() as stack:
        for number in range(WORKERS):
            disk = Disk(scratch / f"disk-{number}")
            disk.mount()
            stack.callback(disk.unmount)
            disks.put(disk)

        def trial(number):
            disk = disks.get()
            try:
                return cut(site, disk, number, longest, expected)
            finally:
                disks.put(disk)

        trials = 200 if full else 4
        for problem, saved in side_by_side(
                trial, itertools.count(), lambda: count.trials >= trials):
            count.add(problem, trials=1 if saved else 0)
            count.progress(20)
    return count


def cut(site, disk, number, longest, expected):
    """Cuts a disk's power when a run has saved; the answer's second half is whether it had."""
    folder = disk.mount_point / f"run-{number}"
    process = start(site.train(folder, "--save-interval", "0.000001"))
    time.sleep(random.Random(number).uniform(0.0, longest))
    process.send_signal(signal.SIGTERM)
    process.communicate()
    # Both ends tell that the state is saved; before it watches for signals, nothing is.
    saved = process.returncode in (0, 128 + signal.SIGTERM)
    files = {file.name: file.read_bytes() for file in folder.glob("*.h5")} if saved else {}
    disk.cut()
    disk.unmount()
    disk.mount()
    problem = survival(site, folder, files, expected) if saved else None
    if saved and "last.h5" not in files:
        problem = f"status {process.returncode}, but there is no last.h5"
    shutil.rmtree(folder, ignore_errors=True)
    return problem, saved


def survival(site, folder, files, expected):
    for name, content in files.items():
        file = folder / name
        if not file.exists() or file.read_bytes() != content:
            return f"{name} is {'another' if file.exists() else 'gone'}"
    result = finish(site.go_on(folder))
    return None if state(result) == expected else told(result)
