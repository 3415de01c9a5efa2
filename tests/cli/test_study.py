"""`learn`, `practice` and `exam` from outside: what they say, where, and how they end."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pexpect
import pytest

from studyapp.cli.main import main
from tests.house.tree import ROOT
from tests.plain.desk import write_pack

COMMANDS = ("learn", "practice", "exam")
LOADED = """
import atexit, json, sys
atexit.register(lambda: print("\\n" + json.dumps(sorted({name.split(".")[0] for name in sys.modules}))))
from studyapp.cli.main import main
sys.exit(main())
"""


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return write_pack(tmp_path / "small")


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), **more}


@dataclass(frozen=True)
class Done:
    """How a run of the program ended, and what it said."""

    code: int
    out: str
    err: str


Run = Callable[..., Done]


@pytest.fixture
def studyapp(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the program in this process, with what is typed at the end of no terminal."""

    def run(*words: str, typed: str = "") -> Done:
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        try:
            code = main(words)
        except SystemExit as ended:
            code = int(str(ended.code))
        said = capsys.readouterr()
        return Done(code, said.out, said.err)

    return run


def process(*words: str, typed: str = "", loaded: bool = False, **more: str) -> subprocess.CompletedProcess[str]:
    """Run the program in a process of its own, at the end of pipes; `loaded` adds the modules that it has loaded."""
    program = ("-c", LOADED) if loaded else ("-m", "studyapp.cli.main")
    return subprocess.run(
        [sys.executable, *program, *words],
        input=typed,
        env=environment(**more),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_the_end_of_the_input_leaves_politely(studyapp: Run, command: str, pack: Path) -> None:
    done = studyapp(command, str(pack), "--plain")
    assert (done.code, done.err) == (0, "")
    assert done.out.endswith("Goodbye. Everything is saved.\n")


@pytest.mark.parametrize("command", COMMANDS)
def test_without_a_terminal_it_goes_on_line_by_line_and_says_so(studyapp: Run, command: str, pack: Path) -> None:
    done = studyapp(command, str(pack))
    assert done.code == 0
    assert re.fullmatch(rf"studyapp {command}: there is no terminal .*\n", done.err)
    assert done.out.endswith("Goodbye. Everything is saved.\n")


def test_the_menu_can_be_asked_for_line_by_line(studyapp: Run) -> None:
    done = studyapp("--plain", typed="quit\n")
    assert (done.code, done.err) == (0, "")
    assert "1. Lessons" in done.out


def test_without_a_command_or_a_terminal_there_is_a_menu(studyapp: Run) -> None:
    done = studyapp(typed="3\n1\nquit\n")
    assert done.code == 0
    assert "1. Lessons\n2. Practice\n3. Exam\n4. Free play\n" in done.out
    assert "Type start to begin" in done.out
    assert done.err.count("\n") == 1


@pytest.mark.parametrize("command", COMMANDS)
def test_an_unknown_pack_is_refused_on_one_line(studyapp: Run, command: str, tmp_path: Path) -> None:
    for argument in ("no-such-pack", str(tmp_path / "missing"), "nasty\x1b[2J\nname"):
        done = studyapp(command, argument, "--plain")
        assert (done.code, done.out) == (2, "")
        assert done.err.startswith(f"studyapp {command}: There is no pack")
        assert done.err.count("\n") == 1
        assert "windows-clustering" in done.err
        assert "\x1b" not in done.err


@pytest.mark.parametrize("command", COMMANDS)
def test_a_pack_with_errors_is_refused_with_the_first_of_them(studyapp: Run, command: str, pack: Path) -> None:
    for number in range(5):
        (pack / "questions" / f"bad{number}.md").write_text("no front matter\n")
    done = studyapp(command, str(pack), "--plain")
    first, *others = done.err.splitlines()
    assert (done.code, done.out) == (2, "")
    assert "5 things are wrong" in first
    assert f"studyapp pack check {pack}" in first
    assert len(others) == 4
    assert all("no-front-matter" in line for line in others[:3])
    assert others[3] == "... and 2 more"


def test_a_pack_that_hides_characters_never_reaches_the_terminal(studyapp: Run, pack: Path) -> None:
    path = pack / "questions" / "crash.md"
    path.write_text(path.read_text() + "\x1b[2J\u202e\n")
    done = studyapp("practice", str(pack), "--plain")
    assert done.code == 2
    assert "hostile-character" in done.err
    assert not set(done.out + done.err) & set("\x1b\u202e")


@pytest.mark.parametrize(
    "words",
    [["practice", "--size", "0"], ["practice", "--size", "x"], ["exam", "--seed", "-1"], ["learn", "--size", "3"]],
)
def test_what_is_typed_wrongly_is_said_on_one_line(studyapp: Run, words: list[str]) -> None:
    done = studyapp(*words, "--plain")
    assert (done.code, done.out) == (2, "")
    assert done.err.count("\n") == 1


def test_a_lesson_is_opened_by_its_id_or_refused(studyapp: Run, pack: Path) -> None:
    done = studyapp("learn", str(pack), "--plain", "--lesson", "second")
    assert "Lesson 2 of 2: The second lesson" in done.out
    done = studyapp("learn", str(pack), "--plain", "--lesson", "third")
    assert done.code == 2
    assert done.err == 'studyapp learn: small has no lesson "third"; it has: first, second\n'


def test_only_questions_with_a_tag_are_asked(studyapp: Run, pack: Path) -> None:
    done = studyapp("practice", str(pack), "--plain", "--tag", "Quorum")
    assert (done.code, done.out) == (2, "")
    nothing = 'No question of small has the tag "Quorum". Nothing was asked. Its questions have no tags.'
    assert done.err == f"studyapp practice: {nothing}\n"
    path = pack / "questions" / "votes.md"
    path.write_text(path.read_text().replace("objective: votes", "objective: votes\ntags: [Quorum]"))
    done = studyapp("practice", str(pack), "--plain", "--tag", "quorum")
    assert "Practice: Small things, 1 question." in done.out
    assert "Only questions with the tag quorum: 1 question." in done.out
    shown = studyapp("pack", "show", str(pack)).out
    assert "Tags: 1\n- Quorum: 1 question\n" in shown
    assert ", tagged Quorum" in shown
    assert "Tags: Quorum\n" in studyapp("pack", "show", str(pack), "questions/votes").out
    told = json.loads(studyapp("pack", "show", str(pack), "questions/votes", "--format", "json").out)
    assert told["tags"] == ["Quorum"]


def test_a_seed_draws_the_same_questions_again(
    studyapp: Run, pack: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = "1\n\n\n1\n\n\n"
    runs = []
    for name in ("one", "two"):
        monkeypatch.setenv("STUDYAPP_HOME", str(tmp_path / name))
        runs.append(studyapp("practice", str(pack), "--plain", "--seed", "5", typed=typed).out)
    assert runs[0] == runs[1]
    assert "of 2 right." in runs[0]


def test_a_store_that_cannot_be_opened_is_said_on_one_line(
    studyapp: Run, pack: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("STUDYAPP_HOME", str(tmp_path / "file"))
    done = studyapp("practice", str(pack), "--plain")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("studyapp practice: ")
    assert done.err.count("\n") == 1


def test_input_and_output_may_be_closed_or_of_another_encoding(pack: Path) -> None:
    done = process("practice", str(pack), "--plain", typed="…\n1\n", PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    shell = f'"{sys.executable}" -m studyapp.cli.main practice "{pack}" --plain'
    for closing in ("<&-", "<&- 2>&-"):
        assert subprocess.run(f"{shell} {closing}", shell=True, env=environment(), check=False).returncode == 0
    cut = subprocess.run(f"{shell} | head -n 1", shell=True, env=environment(), capture_output=True, check=False)
    assert cut.stderr == b""


def test_line_by_line_loads_no_screen_and_help_loads_nothing(pack: Path) -> None:
    done = process("practice", str(pack), "--plain", loaded=True)
    assert not {"textual", "rich"} & set(json.loads(done.stdout.splitlines()[-1]))
    done = process("practice", "--help", loaded=True)
    assert not {"textual", "sqlmodel", "yaml", "markdown_it"} & set(json.loads(done.stdout.splitlines()[-1]))
    done = process("practice", "no-such-pack", "--plain", loaded=True)
    assert "sqlmodel" not in json.loads(done.stdout.splitlines()[-1])


# -- in a terminal --------------------------------------------------------------------------------------------------


def terminal(*words: str, term: str = "xterm-256color") -> pexpect.spawn:
    """The program in a terminal."""
    return pexpect.spawn(
        sys.executable,
        ["-m", "studyapp.cli.main", *words],
        env=environment(TERM=term),
        dimensions=(24, 60),
        timeout=60,
        encoding="utf-8",
    )


def test_a_terminal_gets_one_prompt_a_line_and_nothing_that_moves_its_cursor(pack: Path) -> None:
    program = terminal("practice", str(pack), "--plain")
    said = ""
    for waited, typed in (("Your answers?[^:]*: ", "1"), ("sure[^:]*: ", "2"), ("Enter to [^:]*: ", "quit")):
        program.expect(waited)
        said += program.before + program.after
        program.sendline(typed)
    program.expect(pexpect.EOF)
    said += program.before
    program.close()
    assert program.exitstatus == 0
    lines = said.replace("\r\n", "\n")
    assert not [character for character in lines if ord(character) < 32 and character != "\n"]
    wide = [line for line in lines.split("\n") if len(line) > 60 and " " in line.strip()]
    assert not [line for line in wide if not line.startswith(("Enter", "How sure"))], "lines fit the window"


def test_a_terminal_that_cannot_show_a_screen_goes_on_line_by_line(pack: Path) -> None:
    program = terminal("exam", str(pack), term="dumb")
    program.expect("this terminal cannot show a full screen")
    program.expect("Type start to begin[^:]*: ")
    program.sendeof()
    program.expect("Goodbye. Everything is saved.")
    program.expect(pexpect.EOF)
    program.close()
    assert program.exitstatus == 0


def test_an_interruption_ends_without_a_traceback(pack: Path) -> None:
    program = terminal("practice", str(pack), "--plain")
    program.expect("Your answers?[^:]*: ")
    program.kill(signal.SIGINT)
    program.expect(pexpect.EOF)
    assert "Traceback" not in program.before
    program.close()
    assert program.exitstatus == 130


@pytest.mark.parametrize(
    "words, says",
    [
        (["practice", "--plain"], "studyapp: stopped; every answer so far is kept\n"),
        (["--plain"], "studyapp: stopped; every answer so far is kept\n"),
        (["stats"], "studyapp: stopped\n"),
        (["pack", "list"], "studyapp: stopped\n"),
    ],
    ids=" ".join,
)
def test_an_interruption_speaks_of_answers_only_where_some_are_given(
    words: list[str], says: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(**more: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("studyapp.wiring.make_services", interrupted)
    assert main(words) == 130
    assert capsys.readouterr().err.endswith(says)


def test_an_interruption_while_the_words_are_read_is_no_traceback(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("studyapp.cli.parser.make_parser", interrupted)
    assert main(["practice", "--plain"]) == 130
    assert capsys.readouterr().err == "studyapp: stopped\n"


def test_the_package_is_the_command(pack: Path) -> None:
    found = subprocess.run(
        [sys.executable, "-m", "studyapp", "pack", "show", str(pack)],
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.startswith('small 1.0.0: "Small things"')


def test_a_terminal_gets_the_full_screen(pack: Path) -> None:
    program = terminal("practice", str(pack))
    program.expect("How many questions", timeout=60)
    program.kill(signal.SIGKILL)
    program.close(force=True)


@pytest.mark.parametrize(
    "words, told",
    [(("learn", "--lesson", "second"), "Lesson 2"), (("practice", "--size", "1"), "1 of 1")],
)
def test_the_full_screen_begins_where_it_is_told_to(words: tuple[str, str, str], told: str, pack: Path) -> None:
    program = terminal(words[0], str(pack), *words[1:])
    program.expect(told, timeout=60)
    program.kill(signal.SIGKILL)
    program.close(force=True)


def test_a_cluster_of_the_pack_or_of_a_file_can_be_played_with(studyapp: Run, pack: Path) -> None:
    """host1 loses its power: the cluster notices when five heartbeats of a second each are missing."""
    noticed = "00:05 hv has not heard host1 for 5 s"
    typed = "break host1 crash\nplay\n\n"
    by_id = studyapp("lab", "pair", "--pack", str(pack), "--plain", typed=typed)
    by_file = studyapp("lab", str(pack / "scenarios" / "pair.yaml"), "--plain", typed=typed)
    chosen = studyapp("lab", "--pack", str(pack), "--plain", typed=f"9\n2\n{typed}\n")
    for done in (by_id, by_file, chosen):
        assert (done.code, done.err) == (0, "")
        assert noticed in done.out
    assert "Type a number from 1 to 2" in chosen.out


@pytest.mark.parametrize(
    "named, told",
    [("nothing", 'has no scenario "nothing"; it has: '), ("nothing.yaml", "not-a-file"), ("\x1b[2J", "no")],
)
def test_a_cluster_that_is_not_there_is_refused(studyapp: Run, pack: Path, named: str, told: str) -> None:
    done = studyapp("lab", named, "--pack", str(pack), "--plain")
    assert (done.code, done.out) == (2, "")
    assert told in done.err
    assert "\x1b" not in done.err
