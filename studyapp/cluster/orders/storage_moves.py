"""Moving the disk of a virtual machine from one storage to another while it runs: nothing is lost, nobody notices."""

from __future__ import annotations

from studyapp.cluster import paths, view
from studyapp.cluster.moves.migration import not_movable
from studyapp.cluster.orders.machines import told
from studyapp.cluster.scenario import Act, Role
from studyapp.cluster.world import Handler, Verb, World


def storage_migrate(world: World, act: Act) -> None:
    """The verb `storage-migrate`."""
    to = act.to or ""
    for vm in act.subjects:
        role = world.scenario.role.get(world.scenario.ha_vms.get(vm, ""))
        refused = _obstacle(world, vm, role, to)
        if refused is not None:
            world.refuse(refused[0], vm, refused[1])
            continue
        seq = told(world, act, vm, f"the disk of {vm} is moved to {to} while {vm} runs")
        world.note(("disk move", vm), (seq, world.state["boots", vm]))
        length = world.number("storage_migration.duration", role.cluster if role is not None else None)
        world.after(length, "disk-moved", vm, to, seq, cause=seq)


def _obstacle(world: World, vm: str, role: Role | None, to: str) -> tuple[str, str] | None:
    if not world.has("storage_migration", role.cluster if role is not None else None):
        return "OPS005", f"this release cannot move the disk of {vm} while it runs"
    wrong = not_movable(world, vm)
    if wrong is None and ("disk move", vm) in world.memo:
        wrong = f"the disk of {vm} is already on its way"
    if wrong is not None:
        return "OPS019", wrong
    shared = _shared_disk(world, vm)
    if shared is not None:
        return "OPS023", f"the disk of {vm} stays where it is: other guests share {shared}"
    if not _reaches(world, vm, to):
        return "OPS006", f"the disk of {vm} stays where it is: its host does not reach {to}"
    return None


def _shared_disk(world: World, vm: str) -> str | None:
    """The shared virtual disk that a cluster of guests has for a role, with this machine as a node."""
    for cluster in view.clusters_of(world.scenario, world.state, vm):
        for role in world.scenario.roles_of.get(cluster.name, ()):
            if role.storage is not None and world.scenario.store[role.storage].kind == "shared-vhdx":
                return role.storage
    return None


def _reaches(world: World, vm: str, storage: str) -> bool:
    host = view.host_of(world.state, vm) or ""
    return paths.storage_reached(world.scenario, world.state, storage, host)


def disk_moved(world: World, vm: str, to: str, seq: int, *, cause: int | None) -> None:
    """The copy is complete; it is void where the machine has stopped meanwhile, or cannot reach one of the two."""
    began, boots = world.memo["disk move", vm]
    world.note(("disk move", vm), None)
    same = began == seq and boots == world.state["boots", vm] and view.vm_state(world.state, vm) == "Running"
    if not same or not _reaches(world, vm, to):
        detail = f"the disk of {vm} stays where it was"
        world.emit("storage-migrate", vm, detail, cause=seq, rule="migration-failed")
        return
    world.set(("storage", world.scenario.ha_vms.get(vm, vm)), to)
    detail = f"the disk of {vm} lies on {to} now"
    world.emit("storage-migrate", vm, detail, cause=seq, rule="storage-migration")


VERBS: dict[str, Verb] = {"storage-migrate": storage_migrate}
HANDLERS: dict[str, Handler] = {"disk-moved": disk_moved}
