"""The runs around the outbox: say who got what, stop, go on, decide about what was refused or is in doubt.

Not here: planning and sending (`sending`), and asking and printing (`cli`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Literal, assert_never

from presskit.clock import Clock
from presskit.errors import NotAllowed, Place, Problem
from presskit.office import Office
from presskit.workspace import Workspace

if TYPE_CHECKING:
    from presskit.send.outbox.claims import State
    from presskit.send.outbox.deliveries import Delivery
    from presskit.send.outbox.store import Outbox

Decision = Literal["retry", "resend", "treat_as_sent", "cancel"]
"""What a person can decide: about what was refused, what is in doubt (twice), what waits."""


@contextmanager
def opened(workspace: Workspace) -> Iterator[Outbox]:
    """Open the office's outbox, made if there is none."""
    from presskit.send.outbox.store import OUTBOX, Outbox

    with closing(Outbox.open(workspace.root / OUTBOX)) as outbox:
        yield outbox


@contextmanager
def looked_into(workspace: Workspace) -> Iterator[Outbox]:
    """Open the office's outbox to look; where there is none, an empty one that is nowhere."""
    from presskit.send.outbox.store import OUTBOX, Outbox

    if workspace.exists(OUTBOX):
        with opened(workspace) as outbox:
            yield outbox
    else:
        with closing(Outbox.nowhere()) as outbox:
            yield outbox


def deliveries(office: Office, slug: str, *, tests: bool = False) -> tuple[Delivery, ...]:
    """Return the deliveries of a release; none if nothing of it was ever queued."""
    from presskit.send.outbox.deliveries import deliveries_of

    with looked_into(office.workspace) as outbox:
        return tuple(deliveries_of(outbox, slug, tests=tests))


def sent_versions(office: Office, slug: str) -> Mapping[int, Mapping[State, int]]:
    """Return how many deliveries of each version of a release are in each state, tests left out."""
    from presskit.send.outbox.deliveries import counts

    with looked_into(office.workspace) as outbox:
        return counts(outbox, slug)


def record_of(office: Office, slug: str) -> Mapping[str, bytes]:
    """Return what is known of a release's deliveries as it joins the archive; none if it was never queued."""
    from presskit.send.record import delivery_record

    with looked_into(office.workspace) as outbox:
        return delivery_record(outbox, slug)


def sent_releases(office: Office) -> tuple[str, ...]:
    """Return the releases of which anything was ever queued but tests."""
    from presskit.send.outbox.deliveries import sent_releases as found

    with looked_into(office.workspace) as outbox:
        return found(outbox)


def undecided(office: Office) -> tuple[tuple[str, Problem], ...]:
    """Return what is not sent before a person lets it go on: the release, "" for all, and how to do so."""
    from presskit.send.outbox.decisions import undecided as found

    with looked_into(office.workspace) as outbox:
        return found(outbox)


def doubtful(office: Office) -> tuple[Problem, ...]:
    """Return what has to be decided about deliveries in doubt, whenever that came to be."""
    from presskit.send.outbox.decisions import doubtful as found

    with looked_into(office.workspace) as outbox:
        return found(outbox)


def halt_sending(office: Office, slug: str, reason: str) -> bool:
    """Send nothing more of a release, or of any with "", from this moment on; False if it was halted."""
    from presskit.send.outbox.decisions import halt

    with opened(office.workspace) as outbox:
        return halt(outbox, slug, office.workspace.now, reason)


def go_on_sending(office: Office, slug: str, clock: Clock | None) -> bool:
    """Lift a halt, and with a clock a person has found right what held a release; False if nothing did."""
    from presskit.send.outbox.decisions import believe_clock, go_on
    from presskit.send.outbox.embargo import arm

    with opened(office.workspace) as outbox:
        lifted = go_on(outbox, slug)
        believed = believe_clock(outbox, slug, arm(clock)) if clock is not None else 0
    return lifted or believed > 0


def decide_deliveries(office: Office, slug: str, decision: Decision, address: str | None) -> int:
    """Carry out what a person decided about a release's deliveries, or one; return how many there were.

    Raises:
        NotAllowed: there are none of that kind.
    """
    from presskit.load.addresses import read_address
    from presskit.model.media import Address
    from presskit.send.outbox import decisions

    found = read_address(address) if address else None
    key = found.key if isinstance(found, Address) else address
    now = office.workspace.now
    with opened(office.workspace) as outbox:
        match decision:
            case "retry":
                count = decisions.retry_failed(outbox, slug, now, key)
                count += decisions.take_back_left_out(outbox, slug, now, key)
            case "resend" | "treat_as_sent":
                count = decisions.settle_doubt(outbox, slug, decision, now, key)
            case "cancel":
                count = decisions.cancel(outbox, slug, now)
            case _:
                assert_never(decision)
    if not count:
        kind = {"retry": "was refused", "cancel": "waits"}.get(decision, "is in doubt")
        what = f"nothing of it {kind}{f' for {address}' if address else ''}."
        fix = f"see how it stands: presskit deliveries {slug}"
        raise NotAllowed(Problem(Place(f"release {slug}"), "", what, fix, "delivery-unknown"))
    return count
