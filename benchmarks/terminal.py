"""Drive a program on a real pseudo-terminal and take the time until the screen shows something."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pyte


class Terminal:
    """A program running on a pseudo-terminal of `columns` × `rows`; its screen is kept as a person would see it."""

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str], *, columns: int = 80, rows: int = 24
    ) -> None:
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.started = self.came = time.perf_counter()
        """When the program began or a key was sent, and when the last of what it has written came."""
        self.work_then = 0.0
        """Seconds that it had worked by then; 0 where that cannot be known."""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execvpe(command[0], list(command), dict(environment))
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def read(self, timeout: float) -> bool:
        """Take in what the program has written; False when nothing came in time or it has ended."""
        ready, _, _ = select.select([self.fd], [], [], timeout)
        if not ready:
            return False
        try:
            data = os.read(self.fd, 1 << 16)
        except OSError:
            return False
        # Before it is understood: that takes as long as what is timed, and the program goes on meanwhile.
        self.came = time.perf_counter()
        with contextlib.suppress(OSError):
            self.work_then = self.worked()
        self.stream.feed(data)
        return bool(data)

    def wait(self, shown: Callable[[str], bool], timeout: float = 30.0) -> float:
        """Seconds since the start until that came with which the screen fulfils `shown`. Raises TimeoutError with the
        screen in it.
        """
        end = time.perf_counter() + timeout
        while time.perf_counter() < end:
            if shown(self.text()):
                return self.came - self.started
            self.read(0.05)
        raise TimeoutError("the screen never showed it:\n" + self.text())

    def press(self, keys: str, shown: Callable[[str], bool], timeout: float = 10.0) -> float:
        """Send keys and give the seconds until the screen fulfils `shown`."""
        self.started = time.perf_counter()
        os.write(self.fd, keys.encode())
        return self.wait(shown, timeout)

    def worked(self) -> float:
        """Seconds that the processor has worked for the program's main thread: a busy machine changes them little.
        Linux only; raises OSError elsewhere.
        """
        return int(Path(f"/proc/{self.pid}/schedstat").read_text().split()[0]) / 1e9

    def settle(self, quiet: float = 0.3) -> None:
        """Wait until the program has written nothing for `quiet` seconds."""
        while self.read(quiet):
            pass

    def text(self) -> str:
        """The screen as text."""
        return "\n".join(self.screen.display)

    def close(self) -> None:
        """Kill the program."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.fd)


def environment(home: str) -> dict[str, str]:
    """A plain environment with its own data folder; no animation, so that what is timed is the answer."""
    keep = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "LANG", "LC_ALL")}
    return {**keep, "TERM": "xterm-256color", "LANG": "C.UTF-8", "STUDYAPP_HOME": home, "TEXTUAL_ANIMATIONS": "none"}


def python(*arguments: str) -> list[str]:
    """A command that runs this interpreter."""
    return [sys.executable, *arguments]


def middle(values: Sequence[float]) -> float:
    """The median."""
    ordered = sorted(values)
    return ordered[len(ordered) // 2]
