"""Rules about what a host cluster monitors in its virtual machines, and what clients lose with them."""

from __future__ import annotations

from collections.abc import Iterator

from studyapp.cluster.scenario import Role, Service
from studyapp.cluster.validation.case import Case, Check, Found


def _monitored(case: Case) -> Iterator[tuple[Role, Service]]:
    """Each monitored service that the scenario describes, with the role that names it."""
    for role in case.scenario.roles:
        for name in role.monitored_services:
            if name in case.scenario.service:
                yield role, case.scenario.service[name]


def _restarts_the_computer(case: Case) -> Iterator[Found]:
    for role, service in _monitored(case):
        if "restart-computer" in service.recovery:
            yield Found(service.name, clusters=(role.cluster,))


def _never_gives_up(case: Case) -> Iterator[Found]:
    for role, service in _monitored(case):
        if service.recovery and "none" not in service.recovery:
            yield Found(service.name, clusters=(role.cluster,))


def _deaf_monitoring(case: Case) -> Iterator[Found]:
    for role in case.scenario.roles:
        vm = case.scenario.vm[role.vm] if role.vm is not None else None
        if vm is not None and case.by_hand(role.name, "CheckHeartbeat") and not vm.integration_services:
            yield Found(role.name, property="CheckHeartbeat", clusters=(role.cluster,))


def _sessions_in_memory(case: Case) -> Iterator[Found]:
    for service in case.scenario.services:
        if service.kind == "role" and service.state == "in-memory":
            yield Found(service.name, service.target, clusters=case.clusters_of(service.target))


def _monitoring_across_domains(case: Case) -> Iterator[Found]:
    for role in case.scenario.roles:
        own = case.scenario.vm[role.vm].domain if role.vm is not None and role.monitored_services else None
        if own is not None:
            hosts = (case.machine(node).domain for node in case.scenario.failover[role.cluster].nodes)
            other = next((domain for domain in hosts if domain not in (None, own)), None)
            if other is not None:
                yield Found(str(role.vm), own, other, clusters=(role.cluster,))


CHECKS: dict[str, Check] = {
    "DOM002": _monitoring_across_domains,
    "VMM001": _restarts_the_computer,
    "VMM002": _never_gives_up,
    "VMM003": _deaf_monitoring,
    "VMM004": _sessions_in_memory,
}
