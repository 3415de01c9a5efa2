"""The facts are complete: whatever the model reads or names is there, for every release, with its source."""

from __future__ import annotations

import ast
import re
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path
from textwrap import wrap

import pytest

from studyapp.cluster.misconceptions import MISCONCEPTIONS
from studyapp.cluster.properties import PROPERTIES
from studyapp.cluster.scenario import RELEASES
from studyapp.packs.facts import SEVERITIES, BadFacts, Source, load_facts, read_facts
from studyapp.packs.places import content_folder, data_folder

CLUSTER = Path(__file__).resolve().parents[2] / "studyapp" / "cluster"
HEARTBEATS = (
    "heartbeat.same_subnet_delay",
    "heartbeat.same_subnet_threshold",
    "heartbeat.cross_subnet_delay",
    "heartbeat.cross_subnet_threshold",
)


def trees() -> list[ast.Module]:
    return [ast.parse(file.read_text(encoding="utf-8")) for file in sorted(CLUSTER.rglob("*.py"))]


def constants(node: ast.expr) -> Iterator[str]:
    """The words that an expression may be: a string, or one of two."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from constants(node.body)
        yield from constants(node.orelse)


def keys_read(tree: ast.Module) -> Iterator[str]:
    """The keys of the facts that a file asks for by name: rows, features, and the defaults of settings."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        words = [word for argument in node.args for word in constants(argument)]
        if node.func.attr in ("number", "row"):
            yield from words
        elif node.func.attr == "has":
            yield from (f"feature.{word}" for word in words)
        elif node.func.attr == "setting":
            yield from (PROPERTIES[word].fact for word in words if word in PROPERTIES)


def rules_named(modules: list[ast.Module]) -> Iterator[str]:
    """The ids that events may carry: arguments named `rule`, their defaults, and variables of that name; those of the
    reasons why nothing followed, which come first of two; and those of what is read: arguments named `rules`, and keys
    of a table of that name.
    """
    positions: dict[str, int] = {}
    for node in (node for tree in modules for node in ast.walk(tree)):
        if isinstance(node, ast.FunctionDef):
            named = [argument.arg for argument in node.args.args]
            defaults = dict(zip(reversed(named), reversed(node.args.defaults), strict=False))
            if "rule" in named:
                positions[node.name] = named.index("rule")
            if "rule" in defaults:
                yield from constants(defaults["rule"])
        elif isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "rule" for t in node.targets):
            yield from constants(node.value)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.value, ast.Dict):
            if isinstance(node.target, ast.Name) and node.target.id.endswith("RULES"):
                yield from (word for key in node.value.keys if key is not None for word in constants(key))
        elif isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple) and len(node.value.elts) == 2:
            yield from (word for word in constants(node.value.elts[0]) if re.fullmatch(r"[a-z]+(-[a-z]+)*", word))
        elif isinstance(node, ast.Call):
            for keyword in node.keywords:
                if keyword.arg == "rule":
                    yield from constants(keyword.value)
                elif keyword.arg == "rules" and isinstance(keyword.value, ast.Tuple):
                    yield from (word for item in keyword.value.elts for word in constants(item))
    for node in (node for tree in modules for node in ast.walk(tree)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in positions:
            for argument in node.args[positions[node.func.id] : positions[node.func.id] + 1]:
                yield from constants(argument)


def test_the_scans_see_what_they_should() -> None:
    keys = {key for tree in trees() for key in keys_read(tree)}
    assert {"FailoverPeriod", "FailoverThreshold", "feature.tie_breaker", "nlb.AliveMsgPeriod"} <= keys
    assert {"majority", "succession", "timeline", "vm-needs-its-host", "silence"} <= set(rules_named(trees()))


@pytest.mark.parametrize("release", RELEASES)
def test_every_release_has_every_fact_that_the_model_reads(release: str) -> None:
    have = {fact.key for fact in load_facts().releases[release]}
    read = {key for tree in trees() for key in keys_read(tree)} | set(HEARTBEATS)
    read |= {setting.fact for setting in PROPERTIES.values() if setting.fact}
    assert not read - have
    assert {"event.removed", "event.quorum-lost", "feature.dynamic_quorum", "failover.max_nodes"} <= have


@pytest.mark.parametrize("release", RELEASES)
def test_every_row_is_whole(release: str) -> None:
    rows = load_facts().releases[release]
    assert len({row.key for row in rows}) == len(rows)
    for row in rows:
        assert len(row.source) > 20, row.key
        assert row.value not in row.also, row.key
        assert not row.also or row.doubtful, row.key
        assert all(isinstance(other, type(row.value)) for other in row.also), row.key


def test_rows_that_sources_dispute_are_marked_so() -> None:
    facts = {release: {row.key: row for row in rows} for release, rows in load_facts().releases.items()}
    for release in RELEASES:
        convergence, default = facts[release]["nlb.Convergence"], facts[release]["GuestHeartbeatMonitoringDefault"]
        assert (convergence.value, convergence.mark, convergence.also) == (3000, "≠", (2500,))
        assert (default.value, default.mark, default.also) == (False, "≠", (True,))
    documented = {release: facts[release]["GuestHeartbeatMonitoring"] for release in RELEASES}
    assert (documented["ws2008"].value, documented["ws2008"].mark, documented["ws2008"].also) == (False, "?", (True,))
    assert all(documented[release].value and not documented[release].doubtful for release in RELEASES[1:])


def test_a_dispute_about_a_threshold_is_one_with_the_role_too() -> None:
    for release in RELEASES:
        rows = {row.key: row for row in load_facts().releases[release]}
        for key in [key for key in rows if key.endswith(".hyper-v")]:
            plain = rows[key.removesuffix(".hyper-v")]
            assert rows[key].doubtful == plain.doubtful, (release, key)


def test_defaults_of_the_releases() -> None:
    """As in the table of heartbeat defaults: delay and threshold, same subnet and cross subnet."""
    defaults = {
        release: tuple(load_facts().value(release, key) for key in HEARTBEATS) for release in load_facts().releases
    }
    assert defaults == {
        "ws2008": (1000, 5, 1000, 5),
        "ws2008r2": (1000, 5, 1000, 5),
        "ws2012": (1000, 5, 1000, 5),
        "ws2012r2": (1000, 5, 1000, 5),
        "ws2016": (1000, 10, 1000, 20),
        "ws2019": (1000, 10, 1000, 20),
        "ws2022": (1000, 10, 1000, 20),
        "ws2025": (1000, 10, 1000, 20),
    }
    dynamic = [release for release in RELEASES if load_facts().value(release, "feature.dynamic_quorum")]
    assert dynamic == list(RELEASES[2:])
    assert load_facts().value("ws2008", "no such key") is None


FIRST = {
    "ws2008r2": {"csv", "extended_affinity", "live_migration", "redirected_io"},
    "ws2012": {
        "csv_roles",
        "dynamic_quorum",
        "group_priority",
        "node_drain",
        "shared_nothing_migration",
        "smb_storage",
        "storage_migration",
        "virtual_fibre_channel",
        "vm_monitoring",
    },
    "ws2012r2": {
        "auto_prevent_quorum",
        "drain_on_shutdown",
        "dynamic_witness",
        "network_health",
        "shared_vhdx",
        "tie_breaker",
    },
    "ws2016": {
        "cloud_witness",
        "compute_resiliency",
        "multi_domain",
        "rolling_upgrade",
        "s2d",
        "site_awareness",
        "storage_resiliency",
        "vhd_set",
        "vm_load_balancing",
        "vm_start_order",
    },
    "ws2019": {"affinity_rules"},
}
"""The release that brought each feature which 2008 lacks."""


def test_what_came_with_which_release() -> None:
    facts = load_facts()
    seen: set[str] = {"quick_migration"}
    for release in RELEASES:
        seen |= FIRST.get(release, set())
        features = {
            row.key.removeprefix("feature."): row.value for row in facts.releases[release] if "feature." in row.key
        }
        assert {name for name, there in features.items() if there} == seen, release


def test_no_release_leaves_out_what_another_has() -> None:
    """But for what holds only together with a role."""
    keys = {
        release: {row.key for row in rows if not row.key.endswith(".hyper-v")}
        for release, rows in load_facts().releases.items()
    }
    assert all(keys[release] == keys[RELEASES[0]] for release in RELEASES)


def test_settings_name_the_first_release_with_them() -> None:
    for release in RELEASES:
        named = [row for row in load_facts().releases[release] if row.key.startswith("since.")]
        assert named
        assert all(value in RELEASES for row in named for value in (row.value, *row.also))


def test_levels_and_limits_only_grow() -> None:
    facts = load_facts()
    for key in ("ClusterFunctionalLevel", "failover.max_nodes", "failover.max_vms", "failover.max_vms_per_node"):
        values = [facts.value(release, key) for release in RELEASES]
        assert all(isinstance(value, int) for value in values)
        assert values == sorted(values, key=lambda value: int(value or 0)), key


def test_every_rule_has_its_sentence_and_every_sentence_its_rule() -> None:
    assert set(load_facts().rules) == set(rules_named(trees()))
    for rule in load_facts().rules.values():
        assert rule.text[0].isupper(), rule.id
        assert rule.text.endswith("."), rule.id


def test_every_misconception_is_told_kindly() -> None:
    told = load_facts().misconceptions
    assert set(told) == set(MISCONCEPTIONS)
    lessons = {file.stem[3:] for file in content_folder().glob("windows-clustering/lessons/*.md")}
    for belief in told.values():
        assert belief.says[0].islower() or belief.says.startswith("Network Load Balancing"), belief.name
        assert not belief.says.endswith("."), belief.name
        assert belief.truth.endswith("."), belief.name
        assert belief.lesson in lessons, belief.name


def test_every_finding_is_told_in_one_plain_sentence() -> None:
    told = load_facts().findings
    assert len(told) >= 45
    assert {finding.severity for finding in told.values()} == set(SEVERITIES)
    assert len({finding.title for finding in told.values()}) == len(told)
    for finding in told.values():
        said = finding.text.format(subject="n1", value="7", limit="5")
        assert "{" not in said, finding.id
        assert said[0].isupper() or said[0].isdigit() or said.startswith("n1"), finding.id
        assert said.endswith("."), finding.id
        assert not finding.title.endswith("."), finding.id
        assert len(finding.title) <= 60, finding.id
        assert len(finding.source) > 20, finding.id
        assert "subject" in finding.when, finding.id


def test_every_finding_that_the_model_reports_is_told() -> None:
    words = {node.value for tree in trees() for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    named = {word for word in words if isinstance(word, str) and re.fullmatch(r"[A-Z]{3}\d{3}", word)}
    assert not named - set(load_facts().findings)


def test_findings_name_only_rows_and_properties_that_exist() -> None:
    """What `when` tells an implementer to read is there."""
    keys = {fact.key for rows in load_facts().releases.values() for fact in rows}
    kinds = "|".join(sorted({key.split(".")[0] for key in keys if key[0].islower() and "." in key}))
    for finding in load_facts().findings.values():
        for key in re.findall(rf"\b(?:{kinds})\.[a-z_0-9]+(?:\.[a-z_0-9]+)?", finding.when):
            assert key in keys, (finding.id, key)


def test_the_first_release_with_a_feature_or_setting_is_known() -> None:
    facts = load_facts()
    assert facts.first_with("feature.csv") == "Windows Server 2008 R2"
    assert facts.first_with("feature.quick_migration") == "Windows Server 2008"
    assert facts.first_with("since.CrossSiteDelay") == "Windows Server 2016"
    with pytest.raises(KeyError):
        facts.first_with("feature.teleportation")


def test_facts_are_read_once() -> None:
    assert load_facts() is load_facts()


FINDING = '[ABX001]\nseverity = "info"\ntitle = "a"\ntext = "{subject} is it."\nwhen = "b"\nsource = ["model"]\n'
ROW = '[[row]]\nkey = "a"\nvalue = 1\nmark = "V"\nsource = ["model"]\n'


@pytest.mark.parametrize(
    "file, text, says",
    [
        ("releases/ws2012.toml", "title = ", "ws2012.toml"),
        ("releases/ws2012.toml", 'title = "x"\ninherits = "nobody"\n', "nobody.toml"),
        ("releases/ws2012.toml", 'title = "x"\ninherits = "ws2012"\n', "inherits from itself"),
        ("releases/ws2012.toml", 'inherits = "common"\n', "title is missing"),
        ("releases/common/limits.toml", ROW + ROW, "two rows for a"),
        ("releases/common/limits.toml", ROW.replace('"a"', '"Priority"'), "limits.toml: two rows for Priority"),
        ("releases/common/limits.toml", ROW.replace('"V"', '"W"'), "a has a mark"),
        ("releases/common/limits.toml", ROW + "unitt = 1\n", "a has a mark or an entry"),
        ("releases/common/limits.toml", ROW.replace("1", "1.5"), "a needs a value"),
        ("releases/common/limits.toml", ROW.replace("model", "hearsay"), "hearsay"),
        ("releases/common/limits.toml", ROW.replace('["model"]', "[]"), "a source is missing"),
        ("rules.toml", '[timeline]\ntext = "x"\n', "timeline needs exactly source, text"),
        ("rules.toml", "timeline = 1\n", "timeline needs exactly"),
        ("findings.toml", FINDING.replace("X001", "X1"), "ABX1 needs three letters"),
        ("findings.toml", FINDING.replace("info", "hint"), "ABX001 needs three letters"),
        ("findings.toml", FINDING.replace("it.", "{it}."), "ABX001 may name only limit, subject, value"),
        ("findings.toml", FINDING.replace("it.", "{it."), "ABX001: expected"),
        ("findings.toml", FINDING.replace("it.", "{}."), "ABX001 may name only"),
        ("findings.toml", FINDING.replace("when", "where"), "ABX001 needs exactly"),
        ("findings.toml", FINDING.replace("model", "hearsay"), "hearsay"),
    ],
)
def test_damaged_facts_are_told_with_their_file(tmp_path: Path, file: str, text: str, says: str) -> None:
    folder = tmp_path / "data"
    shutil.copytree(data_folder(), folder)
    (folder / file).write_text(text, encoding="utf-8")
    with pytest.raises(BadFacts, match=says):
        read_facts(folder)


def test_missing_facts_are_told(tmp_path: Path) -> None:
    with pytest.raises(BadFacts, match=r"sources\.toml"):
        read_facts(tmp_path)


@pytest.mark.parametrize(
    "source, brief",
    [
        (Source("Quorum types", "https://learn.microsoft.com/en-us/sql/x"), "Quorum types, learn.microsoft.com"),
        (Source("Live migration", "http://www.petri.com"), "Live migration, petri.com"),
        (Source("Fault domains", "MicrosoftDocs/windowsserverdocs, a/b.md"), "Fault domains, MicrosoftDocs"),
        (Source("The scenario itself"), "The scenario itself"),
        (Source("word " * 20), "word word word word word word word word word …"),
    ],
)
def test_a_source_is_told_briefly_by_its_title_and_its_site(source: Source, brief: str) -> None:
    assert source.brief == brief


def test_what_a_rule_rests_on_takes_two_lines_and_can_be_had_in_full() -> None:
    """In the feedback of a window of 80 columns 72 are left for it."""
    written = tomllib.loads((data_folder() / "sources.toml").read_text(encoding="utf-8")).values()
    for rule in load_facts().rules.values():
        assert len(wrap("; ".join(each.brief for each in rule.sources), 72)) <= 2, rule.id
        assert {each.whole for each in rule.sources} <= set(written)
        assert not any("/" in each.title for each in rule.sources), rule.id
