"""What the check proves beyond single findings: traces, counts, doubt, sampling, other rules, and the shipped packs."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studyapp.packs import families, folder
from studyapp.packs.check import check_pack
from studyapp.packs.places import content_folder
from studyapp.packs.scenarios import load_scenario
from studyapp.packs.worlds import Worlds
from studyapp.wiring import FIRST_PACK
from tests.packs.cases import RIGHT, cases, check_files, found, write_pack

STATIC = """---
kind: choice
objective: hosts
vary:
  a: [1, 2, 3, 4, 5, 6]
  b: [1, 2, 3, 4, 5, 6]
---
{a} and {b}?

- [a > b] more
- [a <= b] not more

## Why
Because.
"""


def test_what_is_wrong_in_pack_yaml_hides_nothing_in_other_files(tmp_path: Path) -> None:
    wrong = {
        "pack.yaml": RIGHT["pack.yaml"].replace("id: small", "id: Small"),
        "scenarios/other.yaml": "hosts: {a: }\n",
        "questions/good.md": RIGHT["questions/good.md"].replace("kind: choice", "kind: choose"),
        "lessons/first.md": "nothing\n",
    }
    problems = check_pack(write_pack(tmp_path, wrong)).problems
    assert [(problem.path, problem.code) for problem in problems] == [
        ("lessons/first.md", "no-front-matter"),
        ("pack.yaml", "bad-id"),
        ("questions/good.md", "unknown-word"),
        ("scenarios/other.yaml", "missing-key"),
    ]


def test_a_folder_that_cannot_be_read_is_found_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lesson = "---\ntitle: First\n---\nRead.\n\n```question good\n```\n"
    pack = write_pack(tmp_path, {"lessons/first.md": lesson})
    look = os.scandir

    def refuse(path: Path) -> object:
        if Path(path).name == "questions":
            raise PermissionError(13, "Permission denied")
        return look(path)

    monkeypatch.setattr("studyapp.packs.folder.os.scandir", refuse)
    assert list(found(check_pack(pack))) == [
        "questions/:0:0: error: not-readable: the folder cannot be read: Permission denied"
    ]


@pytest.mark.parametrize("pack", sorted(path.parent.name for path in content_folder().glob("*/pack.yaml")))
def test_the_shipped_packs_are_proved(pack: str) -> None:
    report = check_pack(content_folder() / pack)
    assert list(found(report)) == []
    assert report.ok
    assert report.proved == report.variants > (100 if pack == FIRST_PACK else 0)
    assert not report.sampled
    assert report.families == report.modelled + report.mixed + report.static


def test_a_finding_brings_its_variant_and_its_trace(tmp_path: Path) -> None:
    wrong = RIGHT["questions/good.md"].replace('[not moved("sql")]', '[up("host2")]')
    report = check_files(tmp_path, {"questions/good.md": wrong})
    [none, several] = report.problems
    assert (several.code, several.variant) == ("several-right-options", "host = host1")
    assert several.trace[0].startswith("00:00  host1 loses its power")
    assert any("sql" in line for line in several.trace[1:])
    assert none.variant == "host = host2"


def test_counts(tmp_path: Path) -> None:
    mixed = RIGHT["questions/good.md"].replace('[not moved("sql")]', "[host != 'host1']")
    report = check_files(tmp_path, {"questions/mixed.md": mixed, "questions/static.md": STATIC})
    assert (report.families, report.modelled, report.mixed, report.static) == (3, 1, 1, 1)
    assert report.variants == report.proved == 3 + 3 + 36
    assert report.ok
    assert [problem.code for problem in report.problems] == ["static-option"]


def test_files_of_which_nothing_is_proved_are_named(tmp_path: Path) -> None:
    more = "---\nextends: good\n---\n{host} hangs. Does `sql` move?\n"
    files = {"questions/more.md": more, "scenarios/over.yaml": "extends: trio\n", "questions/static.md": STATIC}
    assert check_files(tmp_path / "whole", files).unproved == ()
    broken = {**files, "scenarios/trio.yaml": RIGHT["scenarios/trio.yaml"].replace("hosts:", "hosst:")}
    report = check_files(tmp_path / "broken", broken)
    assert [problem.path for problem in report.problems] == ["scenarios/trio.yaml"]
    assert report.unproved == ("questions/good.md", "questions/more.md", "scenarios/over.yaml")


def test_equal_worlds_are_simulated_once(tmp_path: Path) -> None:
    one = check_files(tmp_path / "one", {})
    two = check_files(tmp_path / "two", {"questions/again.md": RIGHT["questions/good.md"]})
    assert (one.variants, two.variants) == (3, 6)
    assert one.worlds == two.worlds


def test_a_large_family_is_sampled_and_called_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(families, "MAX_VARIANTS", 10)
    report = check_files(tmp_path, {"questions/static.md": STATIC})
    assert (report.variants, report.proved, report.sampled) == (39, 3, 10)


def test_wrong_options_are_traced_to_beliefs(tmp_path: Path) -> None:
    memory = RIGHT["questions/good.md"].replace("Does `sql` move?", "And vm1?")
    memory = memory.replace('- [moved("sql")] Yes.\n- [not moved("sql")] No.', "- [True] x\n- [False] y")
    memory = memory.replace("- [True] x", '- [keeps_state("vm1")] It has what it had in memory.')
    memory = memory.replace("- [False] y", '- [not keeps_state("vm1")] Its memory is gone.')
    report = check_files(tmp_path, {"questions/memory.md": memory})
    assert report.beliefs is not None
    assert "failover-keeps-memory" in report.beliefs["memory"][0]
    assert 0 < report.foreseen <= report.wrong
    assert check_pack(tmp_path / "pack", beliefs=False).wrong == 0


def test_right_options_that_are_longest_too_often(tmp_path: Path) -> None:
    question = STATIC.replace("[a > b] more", "[a > 0] a much longer and more careful option")
    question = question.replace("[a <= b] not more", "[a == 0] short")
    files = {f"questions/q{number}.md": question for number in range(10)}
    report = check_files(tmp_path, files)
    [warning] = [problem for problem in report.problems if problem.code == "longest-option"]
    assert (warning.path, warning.code) == ("pack.yaml", "longest-option")
    assert "94%" in warning.message
    assert "50%" in warning.message


# -- files ----------------------------------------------------------------------------------------------------------


def codes(pack: Path) -> list[tuple[str, str]]:
    return [(problem.path, problem.code) for problem in check_pack(pack).problems]


def test_links_are_refused(tmp_path: Path) -> None:
    pack = write_pack(tmp_path / "pack", {})
    outside = tmp_path / "outside.md"
    outside.write_text(RIGHT["questions/good.md"])
    (pack / "questions" / "link.md").symlink_to(outside)
    (pack / "lessons").symlink_to(tmp_path)
    (pack / "assets").mkdir()
    (pack / "assets" / "loop").symlink_to(pack)
    assert codes(pack) == [("assets/loop", "link"), ("lessons", "link"), ("questions/link.md", "link")]


def test_a_manifest_that_is_a_link_is_none(tmp_path: Path) -> None:
    pack = write_pack(tmp_path / "pack", {"pack.yaml": ""})
    (tmp_path / "elsewhere.yaml").write_text(RIGHT["pack.yaml"])
    (pack / "pack.yaml").symlink_to(tmp_path / "elsewhere.yaml")
    report = check_pack(pack)
    assert [(p.path, p.code) for p in report.problems] == [("pack.yaml", "link")]
    assert not report.ran


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no pipes in folders")
def test_a_pipe_is_not_read(tmp_path: Path) -> None:
    pack = write_pack(tmp_path / "pack", {})
    os.mkfifo(pack / "questions" / "pipe.md")
    assert codes(pack) == [("questions/pipe.md", "not-a-file")]


def test_a_file_is_bounded(tmp_path: Path) -> None:
    pack = write_pack(tmp_path / "pack", {"questions/big.md": "x" * (1024 * 1024 + 1)})
    assert codes(pack) == [("questions/big.md", "too-big")]


def test_the_number_and_size_of_files_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pack = write_pack(tmp_path / "pack", {f"assets/{number}": "12345678" for number in range(8)})
    assert codes(pack) == []
    monkeypatch.setattr(folder, "MAX_FILES", 5)
    assert codes(pack) == [("assets/5", "too-big")]
    monkeypatch.setattr(folder, "MAX_FILES", 100)
    monkeypatch.setattr(folder, "MAX_TOTAL", 30)
    assert codes(pack) == [("assets/3", "too-big")]


def test_what_is_not_text(tmp_path: Path) -> None:
    pack = write_pack(tmp_path / "pack", {})
    (pack / "questions" / "latin.md").write_bytes(b"---\nkind: ch\xf6ice\n---\n")
    (pack / "lessons").mkdir()
    (pack / "lessons" / "wide.md").write_bytes("---\n".encode("utf-16"))
    (pack / "lessons" / "mark.md").write_bytes(b"\xef\xbb\xbf---\ntitle: x\n---\ntext\n")
    assert [(p.path, p.line, p.column, p.code) for p in check_pack(pack).problems] == [
        ("lessons/mark.md", 1, 1, "character"),
        ("lessons/wide.md", 1, 1, "encoding"),
        ("questions/latin.md", 2, 9, "encoding"),
    ]


def test_line_ends_do_not_matter(tmp_path: Path) -> None:
    pack = write_pack(tmp_path / "pack", {name: text.replace("\n", "\r\n") for name, text in RIGHT.items()})
    assert codes(pack) == []


def test_no_such_folder(tmp_path: Path) -> None:
    report = check_pack(tmp_path / "nowhere")
    assert (report.ran, report.ok) == (False, False)
    assert [problem.code for problem in report.problems] == ["no-pack"]


EVERY = cases("every-kind.txt")[0].files
KINDS = sorted(name for name in EVERY if name.startswith("questions/"))
KEYS = st.lists(
    st.sampled_from(
        [
            *(
                "answer: ",
                "unit: s\n",
                "tolerance: ",
                "accept:\n",
                "events:\n",
                "among: ",
                "goal: ",
                "allow:\n",
                "cost: ",
            ),
            *(
                "scoring: ",
                "per-option\n",
                "longest-run\n",
                "[hosts]\n",
                "not quorum('hv')\n",
                "  - {set: hv, property: ",
            ),
            *(
                "  - {online: sql}\n",
                "  - {witness: hv, is: none}\n",
                "| a | b |\n",
                "| - | - |\n",
                "|",
                "1. one\n",
                "* ",
            ),
            *(
                "kind: break\n",
                "kind: order\n",
                "kind: lab\n",
                "kind: match\n",
                "kind: design\n",
                "votes('hv')\n",
                "1e999",
            ),
        ]
    ),
    max_size=6,
).map("".join)


# -- any text -------------------------------------------------------------------------------------------------------

PIECES = st.sampled_from(
    [
        *("---\n", "kind: choice\n", "objective: hosts\n", "scenario: trio\n", "vary:\n  a: [vm1, vm2]\n", "let:\n"),
        *("  b: host_of(a)\n", "timeline:\n", '  - crash: "{a}"\n', "where: a\n", "Which {a}?\n\n", "- [up(a)] {a}\n"),
        *("- [not up(a)] x\n", "- [x] y\n", "  > z\n", "## Why\n", "## Hint\n", "text\n", "[", "]", "{", "}", '"', "'"),
        *(
            "```claim trio\n",
            "```\n",
            "- claims:\n",
            "    - up('vm1')\n",
            "<b>",
            "\t",
            "\x1b",
            "\u202e",
            ":",
            "- ",
            "é",
        ),
        *("title: x\n", "objectives:\n", "  - {id: hosts, title: H, weight: 100}\n", "format: 1\n", "id: small\n"),
        *("version: 1.0.0\n", "&a ", "*a", "!t ", "<<: ", "\r\n", "\\", "'[", "up(", "1e999", "null\n", "0x"),
    ]
)
TEXTS = st.lists(PIECES, max_size=25).map("".join) | st.text(max_size=80)


@pytest.mark.parametrize("name", ["questions/any.md", "lessons/any.md", "scenarios/any.yaml", "exams/any.yaml"])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=TEXTS)
def test_any_text_gives_problems_and_never_a_traceback(name: str, text: str, tmp_path: Path) -> None:
    report = check_files(tmp_path, {name: text or " "})
    assert report.ran
    for problem in report.problems:
        assert problem.path
        assert problem.code
        assert problem.line >= 0
        assert "\n" not in problem.format()
        assert problem.format().isprintable()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=TEXTS)
def test_any_manifest_gives_problems_and_never_a_traceback(text: str, tmp_path: Path) -> None:
    report = check_files(tmp_path, {"pack.yaml": text or " "})
    assert report.ok or report.problems


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(KINDS), text=TEXTS | KEYS, place=st.floats(0, 1), left_out=st.integers(0, 40))
def test_any_text_inside_a_question_of_any_kind_is_checked(
    name: str, text: str, place: float, left_out: int, tmp_path: Path
) -> None:
    good = EVERY[name]
    at = round(place * len(good))
    report = check_files(tmp_path, {**EVERY, name: good[:at] + text + good[at + left_out :]})
    assert report.ran
    for problem in report.problems:
        assert problem.line >= 0
        assert problem.format().isprintable()


def test_doubtful_facts_of_another_release_are_looked_at_too() -> None:
    """A cluster of older nodes runs by the facts of their release, which are not those of the scenario."""
    text = "release: RELEASE\nhosts: {a: {release: ws2016}, b: {release: ws2016}, c: {release: ws2016}}\n"
    text += "clusters: {g: {kind: failover, nodes: [a, b, c]}}\nroles: {sql: {cluster: g, owner: a}}\n"
    text += "timeline: [{crash: a}]\n"
    worlds = Worlds()
    own, other = (
        {
            (d.supposed.fact.key, d.supposed.other)
            for d in worlds.doubts(load_scenario(text.replace("RELEASE", release)))
        }
        for release in ("ws2016", "ws2022")
    )
    assert own == other
    assert "ResiliencyLevel" in {key for key, _ in other}
