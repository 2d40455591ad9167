"""Shows the progress lines of a training."""

from __future__ import annotations

import re
import sys
from typing import Any, Optional, Union

CYCLE = re.compile(r"cycle (\d+)/(\d+)\s+(.*)")


class Progress:
    """Shows the lines that the program writes to standard error.

    With the package tqdm, the lines of cycles become a bar in terminals and notebooks. Without it, all lines are
    printed. Warnings are always printed.

    show: True for a bar or lines, False for warnings only, "lines" for lines without a bar.
    """

    def __init__(self, show: Union[bool, str]) -> None:
        self.show = show
        self.bar: Optional[Any] = None
        self.make_bar: Optional[Any] = None
        if show is True:
            try:
                from tqdm.auto import tqdm
                self.make_bar = tqdm
            except ImportError:
                pass

    def line(self, text: str) -> None:
        """Shows one line."""
        match = CYCLE.match(text)
        if not match or self.make_bar is None:
            if self.show or "warning" in text:
                self._print(text)
            return
        done, total = int(match.group(1)), int(match.group(2))
        if self.bar is None:
            self.bar = self.make_bar(total=total, initial=done - 1, unit="cycle")
        self.bar.total = total
        self.bar.update(done - self.bar.n)
        # The time is the bar's.
        self.bar.set_postfix_str(re.split(r"\s+\S+ s(?:\s|$)", match.group(3))[0])

    def close(self) -> None:
        if self.bar is not None:
            self.bar.close()

    def _print(self, text: str) -> None:
        if self.bar is not None:
            self.bar.write(text, file=sys.stderr)
        else:
            print(text, file=sys.stderr, flush=True)
