"""What an officer asked for, and what it comes to: shown and confirmed before anything is queued.

Not here: working it out (`pipeline`), and asking (`cli`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from presskit.errors import NotAllowed, Place, Problem
from presskit.model.media import Recipient
from presskit.send.mailing.audience import Audience, Files, files_for, language_for
from presskit.send.mailing.outgoing import Body, Cover, Outgoing
from presskit.send.message.head import Letterhead, letterhead_json
from presskit.send.message.tokens import Tokens
from presskit.send.outbox.embargo import Armed
from presskit.send.outbox.queue import EditionMeant, Kind, Mailing, Meant, VariantMeant

Timing = Literal["now", "hold", "early"]
"""At once (or at a time); when the embargo ends; before it does, to those trusted."""


@dataclass(frozen=True, slots=True)
class SendOrder:
    """What an officer asked for."""

    slugs: tuple[str, ...]  # language versions of one release, the first for whoever reads none of them
    lists: tuple[str, ...] = ()
    where: str = ""  # filter expression
    test: tuple[str, ...] = ()  # only to these addresses of the office's own
    timing: Timing = "now"
    at: datetime | None = None  # aware


@dataclass(frozen=True, slots=True)
class Plan:
    """What it comes to."""

    order: SendOrder
    kind: Kind
    not_before: datetime
    zone: str
    outgoing: tuple[Outgoing, ...]
    letterheads: tuple[Letterhead, ...]  # of each outgoing release
    cover: Cover
    audience: Audience
    had: Mapping[str, str]  # mailbox key → Message-ID of what this release corrects, as they got it
    known: frozenset[str]  # mailbox keys that had this revision queued before
    earlier: Mapping[int, int]  # earlier revision → how many of the audience had it
    replaced: Mapping[int, int]  # other revision → how many wait for it, and get no more of it
    bodies: Mapping[tuple[int, Files], Body]  # by outgoing release and files

    @property
    def new(self) -> tuple[Recipient, ...]:
        """Those who will get a message."""
        return tuple(r for r in self.audience.recipients if r.address.key not in self.known)

    @property
    def waits(self) -> bool:
        """Whether it goes at a time, for which the clock has to be right."""
        return self.kind in ("at", "embargo")

    @property
    def trusts_clock(self) -> bool:
        """Whether a wrong clock could break an embargo: it waits, or takes an embargo for ended."""
        return self.waits or (self.kind == "now" and any(release.embargo for release in self.outgoing))

    def language_of(self, recipient: Recipient) -> int:
        """Return which of the outgoing releases somebody gets, as its index."""
        return language_for(recipient, [outgoing.draft.language for outgoing in self.outgoing])


def mailing_of(
    plan: Plan, now: datetime, armed: Armed | None
) -> tuple[Mailing, Mapping[tuple[int, Files], int]]:
    """Return a plan as the outbox takes it, and the index of each variant."""
    editions = [
        EditionMeant(
            outgoing.slug,
            outgoing.revision,
            outgoing.draft.reference or outgoing.draft.release.reference or "",
            outgoing.draft.language,
            outgoing.draft.release.headline,
            letterhead_json(letterhead),
            outgoing.words,
            outgoing.digests,
        )
        for outgoing, letterhead in zip(plan.outgoing, plan.letterheads, strict=True)
    ]
    variants = [
        VariantMeant(edition, body.attached, body.prepared) for (edition, _), body in plan.bodies.items()
    ]
    at = {key: index for index, key in enumerate(plan.bodies)}
    return Mailing(plan.kind, now, plan.not_before, plan.zone, armed, editions, variants), at


def meant_by(
    plan: Plan, at: Mapping[tuple[int, Files], int], tokens: Tokens, now: datetime
) -> Iterator[Meant]:
    """Yield the deliveries of a plan."""
    domain = plan.letterheads[0].sender.rpartition("@")[2]
    for recipient in plan.new:
        edition = plan.language_of(recipient)
        outgoing, key = plan.outgoing[edition], recipient.address.key
        of_test = f"|test {now.isoformat()}" if plan.kind == "test" else ""
        message_id = tokens.message_id(outgoing.slug, max(1, outgoing.revision), key + of_test, domain)
        variant = at[edition, files_for(recipient, plan.audience.settings)]
        yield Meant(recipient, variant, message_id, plan.had.get(key, ""))


def timing_of(order: SendOrder, outgoing: tuple[Outgoing, ...], now: datetime) -> tuple[Kind, datetime]:
    """Return when a mailing goes: nothing under embargo before its time, unless that is what was asked for.

    Raises:
        NotAllowed: it is not clear what is meant, or it would break the embargo.
    """
    ends = max((o.embargo for o in outgoing if o.embargo is not None and o.embargo > now), default=None)
    if order.test:
        return "test", now
    if order.timing == "hold":
        if ends is None:
            raise _refused(order, "no embargo lies ahead.", "send it without --hold.", "embargo-passed")
        return "embargo", ends
    if order.timing == "early":
        if ends is None:
            fix = "send it without --embargoed-to-trusted."
            raise _refused(order, "no embargo lies ahead.", fix, "embargo-passed")
        if any(o.embargo != o.draft.embargo for o in outgoing):
            what = f"what this corrects or withdraws is under embargo until {_typed(ends)}, and this is not."
            fix = "write that embargo into this, too, and have it signed off; or send it with --hold."
            raise _refused(order, what, fix, "embargo-undecided")
        if late := [release.slug for release in outgoing if not release.early]:
            what = "nobody has allowed that this goes out before its time."
            fix = f"somebody who clears kits says: presskit sign {late[0]} --scope early"
            raise _refused(order, what, fix, "early-missing")
        return "early", now
    if order.at is not None:
        return _chosen(order, order.at, ends, now)
    if ends is not None:
        if any(o.draft.embargo == ends for o in outgoing):
            what = f"this is under embargo until {_typed(ends)}."
            now_fix = "--embargoed-to-trusted sends it now to lists that are trusted."
        else:
            what = f"what this corrects or withdraws is under embargo until {_typed(ends)}."
            now_fix = (
                "to send it before, write that embargo into this, too, and have it signed off to go early."
            )
        fix = f"--hold sends it at that moment; {now_fix}"
        raise _refused(order, what, fix, "embargo-undecided")
    return "now", now


def _chosen(order: SendOrder, at: datetime, ends: datetime | None, now: datetime) -> tuple[Kind, datetime]:
    if at <= now:
        what = f"{_typed(at)} has passed."
        raise _refused(order, what, "leave --at out to send it now.", "time-passed")
    if ends is not None and at < ends:
        what = f"that is before the embargo ends, on {_typed(ends)}."
        raise _refused(order, what, "choose a later time, or write --hold.", "embargo-undecided")
    return "at", at


def _typed(time: datetime) -> str:
    return time.isoformat(timespec="minutes")


def _refused(order: SendOrder, what: str, fix: str, code: str) -> NotAllowed:
    return NotAllowed(Problem(Place(f"release {order.slugs[0]}"), "", what, fix, code))
