"""What is asked before a cluster is watched."""

from __future__ import annotations

from studyapp.packs.scenarios import load_scenario
from studyapp.questions.predictions import prediction_on
from tests.conduct.small import THREE_HOSTS

HOSTS = THREE_HOSTS.replace("  app: {runs_on: vm2}", "  web: {runs_on: vm1}\n  app: {runs_on: vm2}")


def asked(more: str) -> tuple[str, str] | None:
    found = prediction_on(load_scenario(HOSTS + more))
    return None if found is None else (found.claim.text, found.comes)


def test_what_people_get_wrong_is_asked() -> None:
    """Hosts do not see what a guest does: app stays away. Nobody is wrong about web, which nothing happens to."""
    assert asked("timeline: [{hang: vm2}]") == ("available('app')", "no")


def test_a_crash_of_a_host_restarts_its_guests() -> None:
    """One of three votes is lost; vm1 starts on a host that is left."""
    found = asked("timeline: [{crash: host1}]")
    assert found is not None
    assert found[1] == "yes"


def test_nothing_is_asked_where_nothing_happens_or_nothing_is_there() -> None:
    assert asked("") is None
    bare = "title: t\nrelease: ws2008r2\nhosts: {host1: {}}\ntimeline: [{crash: host1}]\n"
    assert prediction_on(load_scenario(bare)) is None


def test_chance_is_an_answer() -> None:
    """Two nodes without a witness are cut apart: either half may win, so who asks may be answered or not."""
    text = """
title: Two nodes
release: ws2012r2
networks: {lan: {}}
hosts: {n1: {networks: [lan]}, n2: {networks: [lan]}}
clusters: {group: {kind: failover, nodes: [n1, n2], witness: none}}
timeline: [{crash: n1}]
"""
    found = prediction_on(load_scenario(text))
    assert found is not None
    assert (found.claim.text, found.comes) == ("quorum('group')", "chance")
