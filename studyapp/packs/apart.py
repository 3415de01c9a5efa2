"""Work on a whole pack in a process of its own: whoever waits for it does other things meanwhile, and can break it off.

The process tells how far it is, may ask, and gives one result; all of that is plain values. It prints nothing. When the
other end of the line is closed, because the work is no longer wanted or the program has ended, it stops by itself.

The standard library's `multiprocessing` is not used for it: it hands the standard streams on, which are not those of a
terminal while a full screen is shown.
"""

from __future__ import annotations

import _thread
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from typing import Any, BinaryIO, Generic, TypeVar

Result = TypeVar("Result")

GRACE_S = 5.0
"""Seconds that work has to end by itself once it is no longer wanted."""
NICE = 5
"""How much the work gives way to what a person does meanwhile, where the system knows of that."""
SAID, ASKED, DONE = "said", "asked", "done"
BEGIN = "import sys; sys.path[:] = {path!r}; from studyapp.packs.apart import work; work()"
"""What the process runs: it finds the program where this one does."""


class Stopped(Exception):
    """The work was broken off."""


class WorkLost(Exception):
    """The process that worked has ended by itself, as when memory runs out."""


class Apart(Generic[Result]):
    """One piece of work. `job` is a function of a module, its first argument the line; it is given the `arguments`."""

    def __init__(self, job: Callable[..., Result], *arguments: object) -> None:
        self._job = (job, arguments)
        self._lock = threading.Lock()
        self._stopped = False
        self._process: subprocess.Popen[bytes] | None = None

    def stop(self) -> None:
        """Break the work off; may be called from any thread, also before it has begun and after it has ended."""
        with self._lock:
            self._stopped = True
            if self._process is not None:
                _hang_up(self._process)
                late = threading.Timer(GRACE_S, _kill, (self._process,))
                late.daemon = True
                late.start()

    @property
    def stopped(self) -> bool:
        """It has been broken off."""
        return self._stopped

    def run(self, hear: Callable[[Any], None], answer: Callable[[Any], Any] = lambda asked: None) -> Result:
        """Do the work and wait for its result; `hear` is given what it tells, `answer` what it asks.

        Raises:
            Stopped: it was broken off.
            WorkLost: the process has ended by itself, or could not begin.
        """
        try:
            with self._lock:
                if self._stopped:
                    raise Stopped
                self._process = process = _begun()
        except OSError as error:
            raise WorkLost(f"no process could be started to work on the pack: {error.strerror or error}") from error
        try:
            return self._talk(process, hear, answer)
        except (EOFError, OSError, pickle.UnpicklingError) as error:
            if self._stopped:
                raise Stopped from None
            raise WorkLost("a process that worked on the pack was ended; try again") from error
        finally:
            with self._lock:
                self._process = None
            _end(process)

    def _talk(
        self, process: subprocess.Popen[bytes], hear: Callable[[Any], None], answer: Callable[[Any], Any]
    ) -> Result:
        assert process.stdin is not None, "it was begun with pipes"
        assert process.stdout is not None, "it was begun with pipes"
        _send(process.stdin, self._job)
        while True:
            kind, message = pickle.load(process.stdout)
            if self._stopped:
                raise Stopped
            if kind == DONE:
                found: Result = message
                return found
            if kind == SAID:
                hear(message)
            else:
                _send(process.stdin, answer(message))


def _begun() -> subprocess.Popen[bytes]:
    """A process that waits for its job. Raises OSError."""
    return subprocess.Popen(
        [sys.executable, "-c", BEGIN.format(path=sys.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        # What it begins itself is ended with it.
        start_new_session=True,
    )


def _send(pipe: Any, message: object) -> None:
    """Write a message whole. Raises OSError, also where the pipe has been closed."""
    try:
        pickle.dump(message, pipe)
        pipe.flush()
    except ValueError as error:
        raise OSError("closed") from error


def _hang_up(process: subprocess.Popen[bytes]) -> None:
    """Close the line to the process, which then stops."""
    with suppress(OSError):
        assert process.stdin is not None, "it was begun with pipes"
        process.stdin.close()


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End the process and all that it has begun, if it is still there."""
    if process.poll() is None:
        with suppress(OSError):
            if hasattr(os, "killpg"):
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()


def _end(process: subprocess.Popen[bytes]) -> None:
    """Let the process end by itself, and see that it does."""
    _hang_up(process)
    try:
        process.wait(GRACE_S)
    except subprocess.TimeoutExpired:
        _kill(process)
        process.wait()
    assert process.stdout is not None, "it was begun with pipes"
    process.stdout.close()


# -- in the process ----------------------------------------------------------------------------------------------------


class Line:
    """What a process that works has to talk with whoever waits for it."""

    def __init__(self, inward: BinaryIO, outward: BinaryIO) -> None:
        self._inward = inward
        self._outward = outward
        self._answers: SimpleQueue[Any] = SimpleQueue()

    def say(self, message: object) -> None:
        """Tell something."""
        self._send(SAID, message)

    def ask(self, message: object) -> Any:
        """Ask something, and wait for the answer."""
        self._send(ASKED, message)
        return self._answers.get()

    def end(self, result: object) -> None:
        """Give the result."""
        self._send(DONE, result)

    def _send(self, kind: str, message: object) -> None:
        try:
            _send(self._outward, (kind, message))
        except OSError:
            # Nobody is there any more.
            raise KeyboardInterrupt from None

    def listen(self) -> None:
        """Take the answers, in a thread of its own; break the work off when nobody is there any more."""
        with suppress(EOFError, OSError):
            while True:
                self._answers.put(pickle.load(self._inward))
        _interrupt()


def _interrupt() -> None:
    """Break off what the main thread does, also where it waits."""
    main = threading.main_thread().ident
    if hasattr(signal, "pthread_kill") and main is not None:
        signal.pthread_kill(main, signal.SIGINT)
    else:
        _thread.interrupt_main()


def work() -> None:
    """What the process does: one job, with the line over the standard streams, which nothing else is written to."""
    inward, outward = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    if hasattr(os, "nice"):
        os.nice(NICE)
    with suppress(KeyboardInterrupt, EOFError):
        job, arguments = pickle.load(inward)
        line = Line(inward, outward)
        threading.Thread(target=line.listen, daemon=True).start()
        line.end(job(line, *arguments))
    # What still listens must not keep the process.
    os._exit(0)
