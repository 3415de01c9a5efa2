"""What a host cluster sees of its guests: nothing, their heartbeat, or the services inside that it monitors."""

from __future__ import annotations

from studyapp.cluster import view
from studyapp.cluster.scenario import Service
from studyapp.cluster.world import Handler, World

RESTART, NONE, REBOOT = "restart", "none", "restart-computer"
"""What a service manager does about a failure."""


def is_seen(world: World, role_name: str, what: str) -> bool:
    """Does the host cluster notice that this fails inside the guest: its operating system (`system`), an `application`?

    The guest's heartbeat tells of its operating system alone, and only where it is watched: a setting of the VM's
    resource, for releases that have it, with integration services in the guest. Of an application the host cluster
    hears when the guest itself has raised its critical state.
    """
    role = world.scenario.role[role_name]
    assert role.vm is not None
    if what == "application":
        return bool(world.state.get(("critical", role.vm)))
    asked = bool(world.setting(role_name, "CheckHeartbeat", role.cluster))
    if not (asked and world.number("GuestHeartbeatMonitoring", role.cluster)):
        return False
    heard = world.scenario.vm[role.vm].integration_services
    return heard or bool(world.number("GuestHeartbeatMissingFails", role.cluster))


def is_monitored(world: World, service: str, machine: str) -> bool:
    """The host cluster of this virtual machine monitors the service inside."""
    role = world.scenario.role.get(world.scenario.ha_vms.get(machine, ""))
    return role is not None and service in role.monitored_services and world.has("vm_monitoring", role.cluster)


def service_fails(world: World, name: str, machine: str, again: bool = False, *, cause: int | None) -> None:
    """A service has failed on a machine: first its own service manager acts; a guest that can do no more about a
    service that its host cluster monitors tells the cluster. `again` tells that it fails as its machine starts: the
    machine is not restarted for that, or it would be for ever.
    """
    service = world.scenario.service.get(name)
    if service is None or not view.application_fails(world.state, name, machine):
        return
    action, cause = _manage(world, service, machine, cause)
    if action == REBOOT and not again:
        world.after(0, REBOOT, machine, cause=cause)
    elif action == NONE and is_monitored(world, name, machine):
        world.set(("critical", machine), True)
        world.accuse(machine, cause)
        world.after(0, "watch", world.scenario.ha_vms[machine], cause=cause)


def started(world: World, machine: str, cause: int | None) -> None:
    """A machine has started anew, and its services with it: what failed once works again, what fails for good fails."""
    if world.state.get(("critical", machine)):
        world.set(("critical", machine), False)
    for service in world.scenario.services:
        fails = view.application_fails(world.state, service.name, machine)
        if fails == "once":
            world.set(("app", service.name, machine), "")
        elif fails:
            world.after(0, "service-fails", service.name, machine, True, cause=cause)
    role = world.scenario.role.get(world.scenario.ha_vms.get(machine, ""))
    if role is not None and world.memo.get(("networks lost", role.cluster)):
        world.once("network-health", role.cluster, cause=cause)


def _manage(world: World, service: Service, machine: str, cause: int | None) -> tuple[str, int | None]:
    """What the service manager does in the end; it counts failures until its machine starts anew. A service that fails
    again at every start uses its actions up at once.
    """
    record, boot = ("failures", service.name, machine), world.state.get(("boots", machine), 0)
    booted, count = world.memo.get(record, (boot, 0))
    count = count if booted == boot else 0
    actions = service.recovery or (NONE,)
    lasting = view.application_fails(world.state, service.name, machine) == "lasting"
    action = NONE
    for number in range(count, max(len(actions), count + 1) if lasting else count + 1):
        action, count = actions[min(number, len(actions) - 1)], number + 1
        if action != RESTART:
            break
        detail = f"the service manager of {machine} restarts {service.name}{', which fails again' if lasting else ''}"
        cause = world.emit("restart", service.name, detail, cause=cause, rule="service-recovery")
        if not lasting:
            world.set(("app", service.name, machine), "")
            world.set(("fault", service.name), None)
    world.note(record, (boot, count))
    return action, cause


HANDLERS: dict[str, Handler] = {"service-fails": service_fails}
