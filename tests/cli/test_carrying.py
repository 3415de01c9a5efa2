"""A pack that gets another id: what was learned under the old one is offered to it, and stays where it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from studyapp.cli.main import main
from studyapp.conduct import Practice
from studyapp.wiring import make_services
from tests.cli.packs import Told, run
from tests.cli.test_archives import typing
from tests.conduct import small

pytestmark = pytest.mark.usefixtures("here")


def renamed(folder: Path, *, authors: str = "[nobody]", was: str = "[small]") -> Path:
    """The small pack as it is called now."""
    pack = small.PACK.replace("id: small", f"id: new\nwas: {was}").replace("[nobody]", authors)
    return small.write_pack(folder, pack=pack)


def learned() -> None:
    """Somebody answers two questions of the small pack."""
    with make_services() as services:
        practice = Practice(services, services.open_pack("small"), 2, 1)
        for _ in range(2):
            assert practice.current is not None
            practice.answer(small.RIGHT[practice.current.question.id], "sure", services.now())
            practice.advance()


def answers(pack: str) -> int:
    with make_services() as services:
        return len(services.store.reviews(pack))


@pytest.mark.parametrize("command", ["install", "update"])
def test_what_was_learned_under_another_name_is_copied_once_it_is_agreed(
    command: str, here: Path, capsys: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(capsys, "install", small.write_pack(here / "mine"))
    learned()
    typing(monkeypatch, "no\n")
    code, out, err = run(capsys, command, renamed(here / "new"))
    assert (code, err) == (0, [])
    assert out[1] == "it says that it was called small, which stays as it is beside it"
    assert out[3:5] == [
        "new says that it was called small. There you have 2 answers.",
        "It can be copied to new. It stays in small as well, whatever you answer.",
    ]
    assert out[5].startswith("Copy it, yes or no?")
    assert "nothing was copied; studyapp history carry new does it later" in out
    assert (answers("small"), answers("new")) == (2, 0)
    typing(monkeypatch, "yes\n")
    assert main(["history", "carry", "new"]) == 0
    assert "copied what was learned in small to new: 2 answers" in capsys.readouterr().out
    assert (answers("small"), answers("new")) == (2, 2)
    assert main(["history", "carry", str(here / "new")]) == 0
    assert capsys.readouterr().out == "new: there is nothing in small that is not there\n"
    run(capsys, "remove", "new")
    assert "Copy it" not in "\n".join(run(capsys, "install", renamed(here / "again"), "--yes")[1])
    assert answers("new") == 2


def test_a_stranger_who_says_so_is_named_and_takes_nothing(
    here: Path, packs: Path, capsys: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(capsys, "install", small.write_pack(here / "mine"))
    learned()
    stranger = renamed(here / "new", authors="[a stranger]", was="[small, windows-clustering]")
    typing(monkeypatch, "no\n")
    code, out, _ = run(capsys, "install", stranger)
    assert code == 1
    assert out[0] == "new 1.0.0: it says that it was called small, which is by other authors: nobody"
    assert out[1].startswith("new 1.0.0: it says that it was called windows-clustering, which is by other authors: ")
    assert not (packs / "new").exists()
    assert run(capsys, "install", stranger, "--yes")[0] == 0
    assert (answers("small"), answers("new")) == (2, 2), "it has a copy, and nothing is gone"
    assert run(capsys, "remove", "new")[0] == 0
    assert answers("small") == 2


def test_an_update_needs_what_it_updates_under_one_of_its_names(here: Path, capsys: Told) -> None:
    code, _, err = run(capsys, "update", renamed(here / "new"))
    assert (code, err) == (2, [f'studyapp pack update: {here / "new"}: no pack "new" is installed'])
    run(capsys, "install", small.write_pack(here / "mine"))
    code, out, _ = run(capsys, "update", renamed(here / "new"))
    assert code == 0
    assert not any("learned" in line for line in out), "nothing was learned yet, so nothing is asked"
    assert [line.split()[0] for line in run(capsys, "list")[1] if " installed" in line] == ["new", "small"]


@pytest.mark.parametrize(
    "words, code, says",
    [
        (["nowhere"], 2, 'studyapp history carry: There is no pack "nowhere"'),
        (["windows-clustering"], 0, "windows-clustering: it says of no name that it had before"),
    ],
)
def test_there_is_nothing_to_carry(words: list[str], code: int, says: str, capsys: Told) -> None:
    assert main(["history", "carry", *words]) == code
    told = capsys.readouterr()
    assert (told.out + told.err).startswith(says)
