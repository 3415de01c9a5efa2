"""How often a role may be started, and what becomes of one whose failures its policies never add up.

Policies count in periods that slide. Where a role fails more slowly than that, or a period has no length, it is tried
for ever: the run goes on with it, and does not wait for its end.
"""

from __future__ import annotations

from studyapp.cluster import view
from studyapp.cluster.scenario import Role
from studyapp.cluster.trace import STEP
from studyapp.cluster.world import Handler, World

NEVER = 0xFFFFFFFF
"""The product's value of RetryPeriodOnFailure for: do not try again."""
ONE_FEWER_THAN_NODES = 0xFFFFFFFF
"""The product's value of FailoverThreshold for its default."""
ENOUGH = 300
"""Starts of a role after which its policies are not waited for, however many they would allow; a cluster of 64 nodes
allows fewer where nothing is set.
"""
ENDLESS: tuple[str, ...] = ("tried for ever",)
"""Where the run keeps the roles that are tried for ever: each with the time at which its present start ends."""


def failovers_allowed(world: World, role: Role) -> int:
    """The most failovers of a role in its period."""
    found = world.by_hand(role.name, "FailoverThreshold")
    if isinstance(found, int) and found != ONE_FEWER_THAN_NODES:
        return found
    world.row("FailoverThreshold", role.cluster)
    return len(view.nodes(world.scenario, world.state, role.cluster)) - 1


def retry_period(world: World, role: Role) -> int | None:
    """After how long a resource left failed is tried again; None where it never is.

    The least that is documented is the restart period. Nothing is tried again at the moment at which it has failed.
    """
    period = world.setting(role.name, "RetryPeriodOnFailure", role.cluster)
    if period == NEVER:
        return None
    period = period or world.setting(role.name, "RestartPeriod", role.cluster)
    return period or world.number("RestartDelay", role.cluster)


# -- for ever -------------------------------------------------------------------------------------------------------


def is_endless(world: World, role: Role) -> bool:
    """Count a start. Since the last step of the timeline there were far more of them than the policies allow in their
    periods: the failures of the role never add up.
    """
    step, count = world.memo.get(("starts", role.name), (0, 0))
    now = world.state.get(STEP, 0)
    count = count + 1 if step == now else 1
    world.note(("starts", role.name), (now, count))
    if count <= 2:
        return False
    restarts = world.setting(role.name, "RestartThreshold", role.cluster)
    return bool(count > min(2 * (restarts + 1) * (failovers_allowed(world, role) + 1), ENOUGH))


def forget_starts(world: World, role: Role) -> None:
    """The role has stopped: its policies have ended its starts, or somebody has."""
    world.note(("starts", role.name), None)


def not_awaited(world: World, role: Role, wait: int) -> int:
    """Note the end of a start that is not waited for, and give how long it takes: time has to go on, though a failure
    that takes no time may be followed by a start that takes none.
    """
    wait = wait or world.number("RestartDelay", role.cluster)
    others = (known for known in world.memo.get(ENDLESS, ()) if known[0] != role.name)
    world.note(ENDLESS, (*others, (role.name, world.now + wait)))
    return wait


def something_new(world: World) -> None:
    """A step of the timeline: what was tried for ever may end now, so the starts under way are waited for."""
    for role, due in world.memo.get(ENDLESS, ()):
        if due >= world.now:
            world.after(due - world.now, "awaited", role, cause=None)
    world.note(ENDLESS, None)


def awaited(world: World, role_name: str, *, cause: int | None) -> None:
    """A start that was waited for has ended; what follows from it is in the queue."""


HANDLERS: dict[str, Handler] = {"awaited": awaited}
