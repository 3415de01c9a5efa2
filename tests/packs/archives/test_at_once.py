"""Several programs at once: one changes what is installed, the others wait their turn, whoever reads sees it whole."""

from __future__ import annotations

import os
import signal
import threading
import time

import pytest

from studyapp.packs.archives import lock
from studyapp.packs.archives.archive import Source, archive_sum
from studyapp.packs.archives.installed import LOCK, STAGE, installed_ids
from studyapp.packs.archives.lock import locked
from studyapp.packs.archives.tidying import tidy
from tests.packs.archives.cupboard import Cupboard, files_of, refused, services, source_of
from tests.packs.archives.faults import in_a_process

FORKS = pytest.mark.skipif(not hasattr(os, "fork"), reason="the system cannot copy a process")


def test_a_lock_that_a_killed_program_has_left(at: Cupboard) -> None:
    at.home.mkdir(parents=True)
    (at.home / LOCK).write_text("12345")
    at.install(source_of())
    assert not (at.home / LOCK).exists()


@FORKS
def test_a_lock_ends_with_the_program_that_holds_it(at: Cupboard) -> None:
    def hold() -> None:
        with locked(at.home / LOCK):
            os.kill(os.getpid(), signal.SIGKILL)

    assert in_a_process(hold) == -signal.SIGKILL
    assert (at.home / LOCK).exists()
    tidy(at.home)
    assert not at.home.exists()
    in_a_process(hold)
    at.install(source_of())
    assert at.files == files_of()


def test_another_at_work_is_waited_for_and_then_told(at: Cupboard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "WAIT", 0.2)
    with locked(at.home / LOCK):
        (at.home / STAGE).mkdir()
        began = time.monotonic()
        error = refused(lambda: at.install(source_of()))
        assert (error.code, error.is_answer) == ("busy", False)
        assert time.monotonic() - began >= 0.2
        tidy(at.home)
        assert (at.home / STAGE).exists(), "what another is at work on is not cleared away"
    at.install(source_of())
    monkeypatch.setattr(lock, "WAIT", 60)
    held = locked(at.home / LOCK)
    held.__enter__()
    threading.Timer(0.3, held.__exit__, (None, None, None)).start()
    at.install(source_of("1.0.1"))
    assert at.files == files_of("1.0.1")


def install_and_tell(at: Cupboard, source: Source, code: int) -> None:
    """Install in this process, and end it with a code of its own."""
    at.install(source)
    os._exit(code)


@FORKS
@pytest.mark.parametrize("rounds", [2, pytest.param(40, marks=pytest.mark.nightly)])
def test_several_at_once_while_others_read(at: Cupboard, rounds: int) -> None:
    """Each of them gets its turn; what is read meanwhile is always one whole version."""
    versions = {f"1.0.{number}": source_of(f"1.0.{number}", {"assets/n": str(number) * 999}) for number in range(4)}
    sums = {version: archive_sum(source.files) for version, source in versions.items()}
    at.install(versions["1.0.0"])
    for _ in range(rounds):
        children = []
        for number, source in enumerate(versions.values()):
            child = os.fork()
            if child == 0:
                try:
                    install_and_tell(at, source, 10 + number)
                finally:
                    os._exit(70)
            children.append(child)
        waiting = dict.fromkeys(children)
        with services(at) as there:
            while waiting:
                assert len(there.open_pack("small").questions) == 1
                for child in list(waiting):
                    ended, status = os.waitpid(child, os.WNOHANG)
                    if ended:
                        assert os.waitstatus_to_exitcode(status) == 10 + children.index(child)
                        del waiting[child]
        counts = at.counts
        assert counts is not None
        assert counts.sum == sums[counts.version]
        assert at.files == versions[counts.version].files
        assert sorted(path.name for path in at.home.iterdir()) == ["small"]
        assert len(list((at.home / "small").iterdir())) == 2


@FORKS
def test_installing_and_removing_at_once(at: Cupboard) -> None:
    for _ in range(3):
        child = os.fork()
        if child == 0:
            try:
                install_and_tell(at, source_of(), 10)
            finally:
                os._exit(70)
        ended = status = 0
        while not ended:
            ended, status = os.waitpid(child, os.WNOHANG)
            if installed_ids(at.home):
                at.remove()
        assert os.waitstatus_to_exitcode(status) == 10
        assert not at.home.exists()
