"""A power cut: an ext4 on a loop device is stopped (EXT4_IOC_SHUTDOWN, without a flush of its journal) as
soon as a run has ended and reported its save, and is mounted again. Every file is there with its bytes,
and the run that continues from there ends as always."""
import fcntl
import os
import random
import shutil
import signal
import struct
import subprocess
import time

from .support import CannotRun, Count, Site, finish, start, state, told

SHUTDOWN = 0x8004587D  # EXT4_IOC_SHUTDOWN
NO_LOG_FLUSH = 2


class Disk:
    def __init__(self, scratch):
        self.image, self.mount_point = scratch / "disk", scratch / "mount"
        self.mount_point.mkdir()
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
        self.call("umount", self.mount_point)

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
    disk = Disk(scratch)
    dice = random.Random(6)
    began = time.monotonic()
    expected = site.uninterrupted()
    longest = time.monotonic() - began
    disk.mount()
    try:
        while count.trials < (200 if full else 4):
            folder = disk.mount_point / f"run-{count.trials}"
            process = start(site.train(folder, "--save-interval", "0.000001"))
            time.sleep(dice.uniform(0.0, longest))
            process.send_signal(signal.SIGTERM)
            process.communicate()
            # Both endings report a save; before the run watches for signals, nothing is saved.
            saved = process.returncode in (0, 128 + signal.SIGTERM)
            files = {file.name: file.read_bytes() for file in folder.glob("*.h5")} if saved else {}
            disk.cut()
            disk.unmount()
            disk.mount()
            if files:
                count.add(survival(site, folder, files, expected))
            shutil.rmtree(folder, ignore_errors=True)
            count.progress(50)
    finally:
        disk.unmount()
    return count


def survival(site, folder, files, expected):
    for name, content in files.items():
        file = folder / name
        if not file.exists() or file.read_bytes() != content:
            return f"{name} is {'another' if file.exists() else 'gone'}"
    result = finish(site.go_on(folder))
    return None if state(result) == expected else told(result)
