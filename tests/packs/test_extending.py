"""Scenarios that extend another: merged key by key, found beside it and nowhere else, told of where it is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from studyapp.cluster.scenario import Scenario
from studyapp.packs.extending import MAX_CHAIN
from studyapp.packs.pack import load_pack
from studyapp.packs.scenarios import BadScenario, load_documents, load_scenario
from tests.packs.cases import RIGHT, SCENARIO, write_pack

BASE = """\
id: trio
title: Three nodes
release: ws2019
networks: {lan: , backup: }
storage: {san: {kind: iscsi, size: 100}}
hosts: {n1: {memory: 64}, n2: , n3: }
clusters: {c: {kind: failover, nodes: [n1, n2, n3], witness: {disk: san}}}
roles: {sql: {cluster: c, owner: n1, restart: {action: 1, threshold: 2}}}
timeline: [{crash: n1}]
claims: ['up("n1")']
"""


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def loaded(folder: Path, text: str, **files: str) -> Scenario:
    write(folder, base=BASE, over=text, **files)
    return load_scenario(folder / "over.yaml")


def problems(folder: Path, text: str, **files: str) -> list[str]:
    with pytest.raises(BadScenario) as raised:
        loaded(folder, text, **files)
    return [problem.format().replace(f"{folder}/", "") for problem in raised.value.problems]


def test_what_is_written_again_replaces_and_the_rest_stays(tmp_path: Path) -> None:
    made = loaded(tmp_path, "extends: base\ntitle: Another\nhosts: {n1: {site: east}, n4: {}}\nsites: [east]\n")
    assert (made.title, made.release) == ("Another", "ws2019")
    assert [host.name for host in made.hosts] == ["n1", "n2", "n3", "n4"]
    assert (made.host["n1"].memory, made.host["n1"].site) == (64, "east")
    assert made.failover["c"].nodes == ("n1", "n2", "n3")
    assert made.timeline == load_scenario(tmp_path / "base.yaml").timeline


def test_lists_and_words_are_replaced_whole(tmp_path: Path) -> None:
    text = "extends: base\nclusters: {c: {nodes: [n1, n2]}}\ntimeline: []\nroles: {sql: {restart: {threshold: 5}}}\n"
    made = loaded(tmp_path, text)
    assert made.failover["c"].nodes == ("n1", "n2")
    assert made.timeline == ()
    assert dict(made.role["sql"].properties) == {"RestartAction": 1, "RestartThreshold": 5}


def test_null_takes_away(tmp_path: Path) -> None:
    text = "extends: base\nhosts: {n3: null}\nclusters: {c: {nodes: [n1, n2], witness: ~}}\nstorage:\ntimeline: null\n"
    made = loaded(tmp_path, text)
    assert [host.name for host in made.hosts] == ["n1", "n2"]
    assert (made.storage, made.timeline, made.failover["c"].witness) == ((), (), None)
    [typed] = problems(tmp_path, "extends: base\nhosts: {n2: {}, node3: }\n")
    assert typed.startswith('over.yaml:2:17: error: nothing-to-remove: there is no "node3" to take away (write {} for ')
    assert problems(tmp_path, "extends: base\nuntil:\n") == [
        'over.yaml:2:1: error: nothing-to-remove: there is no "until" to take away (did you mean "title"?)'
    ]


def test_id_and_claims_stay_with_their_file(tmp_path: Path) -> None:
    write(tmp_path, base=BASE)
    [document] = load_documents("extends: base\n", "here", file=tmp_path / "over.yaml")
    assert document.scenario is not None
    assert (document.id, document.claims) == (None, ())


def test_several_documents_may_extend(tmp_path: Path) -> None:
    write(tmp_path, base=BASE)
    text = "id: a\nextends: base\n---\nid: b\nextends: nothing\n---\nid: c\nextends: base\nrelease: ws2016\n"
    documents = load_documents(text, "many", file=tmp_path / "many.yaml", release=None)
    assert [document.scenario.release if document.scenario else None for document in documents] == [
        "ws2019",
        None,
        "ws2016",
    ]


def test_a_chain(tmp_path: Path) -> None:
    made = loaded(
        tmp_path, "extends: middle\nuntil: 1h\n", middle="extends: base\ntitle: M\nhosts: {n2: {memory: 8}}\n"
    )
    assert (made.title, made.until_ms, made.host["n2"].memory, made.host["n1"].memory) == ("M", 3_600_000, 8, 64)


def test_a_file_is_found_by_its_name_without_number(tmp_path: Path) -> None:
    write(tmp_path, **{"07-base": BASE, "over": "extends: base\n"})
    assert load_scenario(tmp_path / "over.yaml").title == "Three nodes"
    (tmp_path / "short.yml").write_text(BASE, encoding="utf-8")
    assert loaded(tmp_path, "extends: short\n").title == "Three nodes"


def test_the_ending_of_a_file_may_be_written(tmp_path: Path) -> None:
    write(tmp_path, **{"07-base": BASE})
    (tmp_path / "short.yml").write_text(BASE, encoding="utf-8")
    for name in ("07-base.yaml", "base.yaml", "short.yml"):
        assert loaded(tmp_path, f"extends: {name}\n").title == "Three nodes"


def test_a_problem_is_told_where_it_is_written(tmp_path: Path) -> None:
    assert problems(tmp_path, "extends: base\nhosts: {n3: null}\nservices: {x: {role: mail}}\n") == [
        'over.yaml:3:22: error: unknown-name: there is no role called "mail"',
        'base.yaml:7:48: error: unknown-name: there is no host or virtual machine called "n3"',
    ]
    broken = problems(tmp_path, "extends: broken\n", broken="hosts: [\n")
    assert broken[0].startswith("broken.yaml:2:1: error: yaml: ")
    assert problems(tmp_path, "extends: words\n", words="just words\n") == [
        'over.yaml:1:10: error: bad-base: "words.yaml" is no mapping, so it cannot be extended'
    ]


def test_circles_and_long_chains_are_refused(tmp_path: Path) -> None:
    [itself] = problems(tmp_path, "extends: over\n")
    assert itself == 'over.yaml:1:10: error: cycle: the scenario extends itself: "over.yaml" > "over.yaml"'
    [circle] = problems(tmp_path, "extends: one\n", one="extends: two\n", two="title: T\nextends: one\n")
    assert circle.startswith("two.yaml:2:10: error: cycle: ")
    chain = {f"s{n}": f"extends: s{n + 1}\n" for n in range(MAX_CHAIN)}
    assert problems(tmp_path, "extends: s0\n", **chain) == [
        f"s{MAX_CHAIN - 2}.yaml:1:10: error: too-deep: one scenario is made of at most {MAX_CHAIN} files"
    ]
    long = BASE + "#" + "x" * 600_000 + "\n"
    assert problems(tmp_path, "extends: l1\n", l1="extends: l2\n" + long, l2=long)[0].startswith(
        "l1.yaml:1:10: error: too-big"
    )


@pytest.mark.parametrize(
    "name, code",
    [
        ("../base", "bad-name"),
        ("/etc/passwd", "bad-name"),
        ("..", "bad-name"),
        (".base", "bad-name"),
        ("a/b", "bad-name"),
        ("a\\b", "bad-name"),
        ("C:base", "bad-name"),
        ('"a b"', "bad-name"),
        ("base.yaml", "unknown-scenario"),
        ("bass", "unknown-scenario"),
        ("folder", "unknown-scenario"),
        ("leads-out", "unknown-scenario"),
        ("[base]", "wrong-type"),
        ("{base: 1}", "wrong-type"),
        ("", "wrong-type"),
        ("true", "wrong-type"),
    ],
)
def test_nothing_is_read_outside_the_folder(tmp_path: Path, name: str, code: str) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "folder.yaml").mkdir()
    write(tmp_path, base=BASE, secret=BASE)
    (inner / "leads-out.yaml").symlink_to(tmp_path / "secret.yaml")
    (inner / "over.yaml").write_text(f"extends: {name}\n", encoding="utf-8")
    with pytest.raises(BadScenario) as raised:
        load_scenario(inner / "over.yaml")
    assert [(p.code, p.line) for p in raised.value.problems] == [(code, 1)]


def test_a_text_without_a_place_extends_nothing() -> None:
    with pytest.raises(BadScenario, match="<text>:1:1: error: extends-nowhere: this text is no file of a folder"):
        load_scenario("extends: base\nrelease: ws2019\nhosts: {a: }\n")


def test_scenarios_of_a_pack_extend_each_other(tmp_path: Path) -> None:
    four = "extends: trio\nhosts: {host4: {networks: [lan], storage: [san]}}\n"
    four += "clusters: {hv: {nodes: [host1, host2, host3, host4]}}\n"
    question = RIGHT["questions/good.md"].replace("scenario: trio", "scenario: four")
    files = {"scenarios/01-four.yaml": four, "questions/more.md": question}
    pack, found = load_pack(write_pack(tmp_path / "a", files))
    assert pack is not None
    assert not found
    assert pack.scenarios["four"].failover["hv"].nodes[3] == "host4"
    stage = pack.question("more").stage
    assert stage is not None
    assert stage({"host": "host1"}).host["host4"].networks == ("lan",)
    other, _ = load_pack(write_pack(tmp_path / "b", {**files, "scenarios/trio.yaml": SCENARIO + "until: 1h\n"}))
    assert other is not None
    assert other.question("more").digest != pack.question("more").digest, "its base is part of a question"


def test_what_is_wrong_with_the_base_of_a_pack_is_told_once(tmp_path: Path) -> None:
    files = {"scenarios/over.yaml": "extends: trio\n", "scenarios/trio.yaml": SCENARIO.replace("owner: host1,", "")}
    _, found = load_pack(write_pack(tmp_path / "a", files))
    places = [(p.path, p.line, p.code) for p in found if p.path.startswith("scenarios/")]
    assert len(places) == len(set(places))
    assert all(path == "scenarios/trio.yaml" for path, _, _ in places)
    lost = {"scenarios/over.yaml": "extends: tri\n", "scenarios/broken.yaml": "hosts: [\n"}
    lost["scenarios/more.yaml"] = "extends: broken\n"
    _, found = load_pack(write_pack(tmp_path / "b", lost))
    assert [(p.path, p.line, p.column, p.code) for p in found] == [
        ("scenarios/broken.yaml", 2, 1, "yaml"),
        ("scenarios/over.yaml", 1, 10, "unknown-scenario"),
    ]


def test_a_name_that_is_misspelt_is_told_with_the_one_that_is_meant(tmp_path: Path) -> None:
    [found] = problems(tmp_path, "extends: bass\n")
    assert found == (
        'over.yaml:1:10: error: unknown-scenario: there is no scenario "bass" beside this one (did you mean "base"?)'
    )
    pack = write_pack(tmp_path / "pack", {"scenarios/more.yaml": "extends: tiro\n"})
    _, found_in_pack = load_pack(pack)
    assert [problem.hint for problem in found_in_pack] == ['did you mean "trio"?']
