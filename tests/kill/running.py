"""The program, really running: at the end of pipes, in a terminal line by line, or on a full screen."""

from __future__ import annotations

import os
import re
import select
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pexpect
import pyte

from tests.house.tree import ROOT

PATIENCE = 60
"""Seconds that are waited for something to be shown: much more than it takes, since other tests may be running."""
ROWS, COLUMNS = 40, 100


class Program:
    """A run of `studyapp`. `shown` is everything that it has written."""

    def __init__(self, home: Path, *words: str) -> None:
        environment = {key: value for key, value in os.environ.items() if key not in ("COLUMNS", "LINES")}
        self.environment = {
            **environment,
            "PYTHONPATH": str(ROOT),
            "STUDYAPP_HOME": str(home),
            "TERM": "xterm-256color",
        }
        self.command = [sys.executable, "-m", "studyapp.cli.main", *words]
        self.raw = b""
        self.started = time.time()
        self.killed = False
        self.before = 0
        """How often the acknowledgement that is waited for had been shown before."""

    # -- what each kind of program does in its own way -----------------------------------------------------------------

    def send(self, keys: str) -> None:
        """Press keys."""
        raise NotImplementedError

    def read(self, seconds: float) -> bool:
        """Take in what is written within some seconds, returning at the first of it; False when nothing was."""
        raise NotImplementedError

    def end(self) -> None:
        """End the process with SIGKILL."""
        raise NotImplementedError

    @property
    def shown(self) -> str:
        """What a person has been shown: everything, or the screen."""
        return self.raw.decode("utf-8", "replace").replace("\r\n", "\n")

    # -- what they share -----------------------------------------------------------------------------------------------

    def wait(self, seen: Callable[[], bool]) -> None:
        """Wait until something is shown."""
        until = time.monotonic() + PATIENCE
        while not seen():
            self.read(0.05)
            assert time.monotonic() < until, f"not shown within {PATIENCE} s:\n{self.shown[-3000:]}"

    def wait_for(self, pattern: str, beyond: int = 0) -> None:
        """Wait until a pattern is shown more than `beyond` times."""
        self.wait(lambda: self.count(pattern) > beyond)

    def count(self, pattern: str) -> int:
        """How often a pattern is shown."""
        return len(re.findall(pattern, self.shown))

    def kill(self) -> None:
        """Kill it, and take in what it had written by then: that has been shown. Killing twice does nothing."""
        if not self.killed:
            self.killed = True
            self.end()
            while self.read(0.05):
                pass
            self.close()

    def close(self) -> None:
        """Let go of what the program was reached through."""
        raise NotImplementedError


class Piped(Program):
    """Line by line, at the end of pipes."""

    def __init__(self, home: Path, *words: str) -> None:
        super().__init__(home, *words, "--plain")
        self.process = subprocess.Popen(
            self.command, env=self.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.input, self.output = self.process.stdin, self.process.stdout

    def send(self, keys: str) -> None:
        self.input.write(keys.encode())
        self.input.flush()

    def read(self, seconds: float) -> bool:
        if not select.select([self.output], [], [], seconds)[0]:
            return False
        found = os.read(self.output.fileno(), 65536)
        self.raw += found
        return bool(found)

    def end(self) -> None:
        self.process.kill()
        self.process.wait(timeout=PATIENCE)

    def close(self) -> None:
        self.input.close()
        self.output.close()


class Terminal(Program):
    """Line by line, in a terminal."""

    extra: tuple[str, ...] = ("--plain",)

    def __init__(self, home: Path, *words: str) -> None:
        super().__init__(home, *words, *self.extra)
        first, *others = self.command
        self.process = pexpect.spawn(first, others, env=self.environment, dimensions=(ROWS, COLUMNS), timeout=PATIENCE)
        self.process.delaybeforesend = None

    def send(self, keys: str) -> None:
        self.process.send(keys)

    def read(self, seconds: float) -> bool:
        try:
            found: bytes = self.process.read_nonblocking(65536, seconds)
        except (pexpect.TIMEOUT, pexpect.EOF):
            return False
        self.raw += found
        self.take(found)
        return bool(found)

    def take(self, found: bytes) -> None:
        """Do something with what was written."""

    def end(self) -> None:
        self.process.kill(9)

    def close(self) -> None:
        self.process.close(force=True)


class FullScreen(Terminal):
    """On a full screen."""

    extra = ()

    def __init__(self, home: Path, *words: str) -> None:
        self.screen = pyte.Screen(COLUMNS, ROWS)
        self.stream = pyte.ByteStream(self.screen)
        super().__init__(home, *words)

    def take(self, found: bytes) -> None:
        self.stream.feed(found)

    @property
    def shown(self) -> str:
        """The screen as it is."""
        return "\n".join(line.rstrip() for line in self.screen.display)
