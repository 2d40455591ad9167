"""usage: terminal.py COLUMNSxROWS[,COLUMNSxROWS ...] PROGRAM [ARGUMENT ...]

Runs a program in a terminal. With several sizes, the terminal has each of them for a second of output, and the last one
from then on; as most terminals do, it breaks lines again when it becomes narrower. Prints, as JSON, the program's status, the
lines on the terminal at the end, those that have left its screen included, and the screens in between.
"""
import fcntl
import json
import os
import pty
import re
import select
import struct
import sys
import termios
import time

ESCAPE = re.compile(rb"\x1b\[(\d*)([A-Za-z])")


class Screen:
    """Lines of text, and the place of the cursor. A line that was too long goes on in the next one."""

    def __init__(self, columns, rows):
        self.columns, self.rows = columns, rows
        self.lines, self.goes_on = [""], [False]
        self.y = self.x = 0
        self.rest = b""

    def resize(self, columns, rows):
        """Breaks the lines anew; the cursor stays at its character."""
        whole, place = [], (0, 0)
        for index, line in enumerate(self.lines):
            if index == 0 or not self.goes_on[index - 1]:
                whole.append("")
            if index == self.y:
                place = (len(whole) - 1, len(whole[-1]) + self.x)
            whole[-1] += line
        self.columns, self.rows = columns, rows
        self.lines, self.goes_on = [], []
        for index, line in enumerate(whole):
            parts = [line[at:at + columns] for at in range(0, len(line), columns)] or [""]
            if index == place[0]:
                down = min(place[1] // columns, len(parts) - 1)
                self.y, self.x = len(self.lines) + down, min(columns, place[1] - down * columns)
            self.lines += parts
            self.goes_on += [True] * (len(parts) - 1) + [False]

    @property
    def top(self):
        return max(0, len(self.lines) - self.rows)

    def feed(self, data):
        data = self.rest + data
        at = 0
        while at < len(data):
            byte = data[at]
            if byte == 0x1B:
                match = ESCAPE.match(data, at)
                if not match:
                    break
                self.command(match.group(2), int(match.group(1) or 0))
                at = match.end()
                continue
            size = 1 if byte < 0x80 else 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            if at + size > len(data):
                break
            self.put(data[at:at + size].decode())
            at += size
        self.rest = data[at:]

    def command(self, name, number):
        if name == b"A":
            self.y = max(self.top, self.y - max(1, number))
        elif name in b"JK":
            self.lines[self.y] = self.lines[self.y][:self.x]
            self.goes_on[self.y] = False
            if name == b"J":
                del self.lines[self.y + 1:], self.goes_on[self.y + 1:]
        elif name != b"m":
            sys.exit(f"terminal.py: unknown command {name!r}")

    def put(self, character):
        if character == "\r":
            self.x = 0
        elif character == "\n":
            self.down()
        else:
            if self.x >= self.columns:
                self.goes_on[self.y] = True
                self.down()
                self.x = 0
            line = self.lines[self.y].ljust(self.x)
            self.lines[self.y] = line[:self.x] + character + line[self.x + 1:]
            self.x += 1

    def down(self):
        self.y += 1
        if self.y == len(self.lines):
            self.lines.append("")
            self.goes_on.append(False)


def size(text):
    return tuple(map(int, text.split("x")))


def main():
    sizes, command = [size(text) for text in sys.argv[1].split(",")], sys.argv[2:]
    process, terminal = pty.fork()
    if process == 0:
        os.environ["TERM"] = "xterm"
        # The size is set before the program asks for it.
        time.sleep(0.2)
        os.execvp(command[0], command)
    screen = Screen(*sizes[0])
    screens = []

    def set_size(columns, rows):
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def take(seconds):
        """Takes what the program writes within this time; None at its end."""
        if not select.select([terminal], [], [], seconds)[0]:
            return b""
        try:
            return os.read(terminal, 1 << 16) or None
        except OSError:
            return None

    set_size(*sizes.pop(0))
    change = float("inf")
    while True:
        data = take(0.05)
        if data is None:
            break
        if data:
            screen.feed(data)
            screens.append({"columns": screen.columns, "lines": list(screen.lines)})
            change = min(change, time.monotonic() + 1)
        elif sizes and time.monotonic() >= change:
            # Nothing is on the way that was meant for the size before.
            screen.resize(*sizes[0])
            set_size(*sizes.pop(0))
            change = time.monotonic() + 1
    status = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    json.dump({"status": status, "lines": screen.lines, "screens": screens}, sys.stdout)


main()
