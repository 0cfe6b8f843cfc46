"""The run of ``presskit doctor``: everything an office needs, looked at without changing any of it.

Not here: how a thing is looked at (`send.health`), and printing (`cli`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING

from presskit.errors import PresskitError

if TYPE_CHECKING:
    from presskit.clock import Clock
    from presskit.model.house import House
    from presskit.send.health.rows import Check, Row
    from presskit.workspace import Workspace

MACHINE, OFFICE, MAIL = "This computer", "The office", "Mail to the media"


def check_up(
    workspace: Workspace, clock: Clock, environment: Mapping[str, str], *, offline: bool = False
) -> tuple[tuple[str, Row], ...]:
    """Return what was found about each thing, with the heading it stands under.

    Args:
        environment: where passwords are, or the files that hold them.
        offline: ask nobody on the network.
    """
    from presskit.send.health.office import house_of
    from presskit.send.health.rows import look_at

    try:
        house = house_of(workspace)
    except PresskitError:  # told by the check of the office's files
        house = None
    checks = [*_machine(house, workspace, clock), *_office(house, workspace)]
    if house is not None:
        checks += _mail(house, workspace, environment)
    return look_at(checks, offline=offline)


def _machine(house: House | None, workspace: Workspace, clock: Clock) -> Iterator[Check]:
    from presskit.send.health import machine
    from presskit.send.health.rows import Check

    yield Check(MACHINE, "presskit", partial(machine.programs, house))
    zone = house.time_zone if house else "UTC"
    yield Check(MACHINE, "clock", partial(machine.clocks, clock, workspace.now, zone))
    places = [(name, workspace.root / name) for name in ("data", "output")]
    if house is not None and not house.archive.folder.startswith("s3://"):
        places.append(("archive's disk", workspace.root / house.archive.folder))
    yield Check(MACHINE, "disk", partial(machine.disks, places))


def _office(house: House | None, workspace: Workspace) -> Iterator[Check]:
    from presskit.send.health import office
    from presskit.send.health.rows import Check

    yield Check(OFFICE, "files", partial(office.files, workspace))
    if house is None:
        yield Check(OFFICE, "all else", office.not_looked_at)
        return
    yield Check(OFFICE, "template pack", partial(office.look, house, workspace))
    yield Check(OFFICE, "key ring", partial(office.key_ring, house, workspace))
    yield Check(OFFICE, "archive", partial(office.archive, house, workspace), office.is_in_a_bucket(house))


def _mail(house: House, workspace: Workspace, environment: Mapping[str, str]) -> Iterator[Check]:
    from presskit.send.health import servers, settings, waiting
    from presskit.send.health.rows import Check

    yield Check(MAIL, "settings", partial(settings.settings, house))
    yield Check(MAIL, "lists", partial(settings.lists, house, workspace))
    if house.mail is not None:
        where = (workspace.root, environment, workspace.now)
        yield Check(MAIL, "DKIM", partial(settings.dkim, house.mail, workspace.root))
        yield Check(MAIL, "relay", partial(servers.relay, house, *where), house.mail.relay is not None)
        yield Check(MAIL, "mailbox", partial(servers.mailbox, house, *where), house.mail.mailbox is not None)
    yield Check(MAIL, "outbox", partial(waiting.outbox, workspace.root))
