"""Faults at a step of one's choice: a step is a call that changes the disk, and they are counted from 0."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from errno import ENOSPC
from pathlib import Path
from typing import Any

STEPS = ("mkdir", "open", "write", "fsync", "rename", "replace", "unlink", "rmdir")
"""The calls of `os` that are steps; an `open` is one where it may write."""

Fault = Callable[[str, Callable[..., Any], tuple[Any, ...]], Any]
"""What happens at the step: its name, what would do it, and its arguments; what it gives is the step's result."""


@contextmanager
def stepping(at: int | None, fault: Fault | None = None, *, onwards: bool = False) -> Iterator[list[tuple[str, str]]]:
    """Let a fault happen at a step, or at that and all of its name that follow; gives the steps, each with its path."""
    taken: list[tuple[str, str]] = []
    failing: set[str] = set()
    real = {name: getattr(os, name) for name in STEPS}

    def stepped(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def step(*arguments: Any, **named: Any) -> Any:
            if name == "open" and not arguments[1] & (os.O_CREAT | os.O_WRONLY | os.O_RDWR):
                return call(*arguments, **named)
            number = len(taken)
            taken.append((name, str(arguments[0])))
            if fault is not None and (number == at or name in failing):
                if onwards:
                    failing.add(name)
                return fault(name, call, arguments)
            return call(*arguments, **named)

        return step

    for name, call in real.items():
        setattr(os, name, stepped(name, call))
    try:
        yield taken
    finally:
        for name, call in real.items():
            setattr(os, name, call)


def killed(name: str, call: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    """The process ends without a word; of what is written half has been."""
    if name == "write":
        call(arguments[0], bytes(arguments[1])[: len(arguments[1]) // 2])
    os.kill(os.getpid(), signal.SIGKILL)


def full(name: str, call: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    """The disk is full."""
    raise OSError(ENOSPC, os.strerror(ENOSPC), str(arguments[0]))


def short(name: str, call: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    """Less is written than was asked for, as the system may."""
    return call(arguments[0], bytes(arguments[1])[:1]) if name == "write" else call(*arguments)


def in_a_process(do: Callable[[], object]) -> int:
    """Do something in a process of its own; gives how it ended, a signal below zero."""
    child = os.fork()
    if child == 0:
        code = 70
        try:
            do()
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def steps_of(do: Callable[[], object], at: Path) -> list[tuple[str, str]]:
    """The steps that something takes, done once; the paths below `at` are told from there."""
    with stepping(None) as taken:
        do()
    return [(name, path.removeprefix(f"{at}/")) for name, path in taken]
