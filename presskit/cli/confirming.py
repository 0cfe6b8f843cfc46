"""The page somebody reads before mail goes out, and the number they type if it is right.

Not here: working out what would be sent (`pipeline`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from presskit.cli import report
from presskit.errors import NotAllowed, Place, Problem

if TYPE_CHECKING:
    from presskit.model.media import Recipient
    from presskit.send.mailing.plan import Plan

FIRST_NAMES = 5
SEPARATORS = " ,.'’\u00a0\u202f"
"""What people write between the thousands of a number."""


def page(planned: Plan, now: datetime) -> tuple[str, ...]:
    """Return the page, a line each."""
    rows = [(name, line) for name, lines in _rows(planned, now) for line in lines]
    width = max(len(name) for name, _ in rows)
    shown, last = [], ""
    for name, line in rows:
        shown.append(f"  {'' if name == last else name:<{width}}  {line}")
        last = name
    return tuple(shown)


def confirm(planned: Plan, count: int | None) -> None:
    """Have the number of recipients typed, or compare the one that was given.

    Raises:
        NotAllowed: it is another one, or nobody is there and none was given.
    """
    wanted = len(planned.new)
    if count is None and planned.kind == "test":
        return
    if count is None and report.somebody_is_there():
        typed = click.prompt("Type the number of recipients to send it", err=True)
        digits = "".join(character for character in typed if character not in SEPARATORS)
        count = int(digits) if digits.isdecimal() else None
    if count == wanted:
        return
    what = f"it goes to {_counted(wanted)}, and {'no number' if count is None else count} was given."
    fix = f"look at the page; if it is right, answer with --count {wanted}."
    raise NotAllowed(Problem(Place("presskit send"), "", what, fix, "count-differs"))


def as_data(planned: Plan) -> dict[str, Any]:
    """Return a plan for programs."""
    audience = planned.audience
    return {
        "kind": planned.kind,
        "not_before": planned.not_before.isoformat(),
        "releases": [
            {
                "slug": release.slug,
                "version": release.revision,
                "language": release.draft.language,
                "reference": release.draft.reference,
                "signed_by": list(release.signed_by),
                "subject": letterhead.subject,
            }
            for release, letterhead in zip(planned.outgoing, planned.letterheads, strict=True)
        ],
        "recipients": len(planned.new),
        "there_already": len(audience.recipients) - len(planned.new),
        "suppressed": audience.suppressed,
        "no_embargo": audience.no_embargo,
        "filtered": audience.filtered,
        "twice": audience.twice,
    }


def _rows(planned: Plan, now: datetime) -> Iterator[tuple[str, list[str]]]:
    for release, letterhead in zip(planned.outgoing, planned.letterheads, strict=True):
        number = f", number {release.draft.reference}" if release.draft.reference else ""
        version = f"version {release.revision}" if release.revision else "DRAFT, not approved"
        yield "release", [f"{release.slug}, {version}{number}, {release.draft.language}"]
        yield "subject", [letterhead.subject]
        yield "signed off", [f"by {' and '.join(release.signed_by)}"] if release.signed_by else []
    first = planned.letterheads[0]
    answers = first.reply_to or first.sender
    yield "from", [f"{first.sender_name} <{first.sender}>; answers go to {answers}"]
    yield "goes", list(_timing(planned, now))
    yield "to", list(_recipients(planned))
    yield "files", list(_files(planned))
    yield "left out", list(_left_out(planned))
    yield "note", list(_notes(planned))


def _timing(planned: Plan, now: datetime) -> Iterator[str]:
    at = planned.not_before.astimezone(ZoneInfo(planned.zone))
    when = f"{at:%A} {at.day} {at:%B %Y, %H:%M} ({planned.zone}), in {_span((at - now).total_seconds())}"
    match planned.kind:
        case "now":
            yield "at once"
            for ended in dict.fromkeys(filter(None, (release.embargo for release in planned.outgoing))):
                yield f"its embargo ended on {_on(ended)}, by this machine's clock"
        case "test":
            yield "at once, as a test"
        case "at":
            yield when
        case "embargo":
            yield f"when the embargo ends: {when}"
        case "early":
            ends = planned.outgoing[0].draft.embargo
            assert ends is not None
            yield f"AT ONCE, BEFORE THE EMBARGO ENDS on {_on(ends)}"


def _on(time: datetime) -> str:
    return f"{time:%A} {time.day} {time:%B %Y, %H:%M} ({time.tzinfo})"


def _recipients(planned: Plan) -> Iterator[str]:
    new = planned.new
    lists = Counter(recipient.list for recipient in new)
    yield f"{_counted(len(new))}: {', '.join(f'{name} {count:,}' for name, count in sorted(lists.items()))}"
    gets = Counter(planned.outgoing[planned.language_of(recipient)].draft.language for recipient in new)
    reads = Counter(recipient.language or "any language" for recipient in new)
    yield "they read: " + ", ".join(f"{name} {count:,}" for name, count in sorted(reads.items()))
    if len(planned.outgoing) > 1:
        yield "they get: " + ", ".join(f"{name} {count:,}" for name, count in sorted(gets.items()))
    yield from map(_named, new[:FIRST_NAMES])
    if len(new) > FIRST_NAMES:
        yield f"and {len(new) - FIRST_NAMES:,} more"


def _named(recipient: Recipient) -> str:
    who = ", ".join(filter(None, (recipient.reporter, recipient.outlet)))
    return f"{who} <{recipient.address.typed}>" if who else recipient.address.typed


def _files(planned: Plan) -> Iterator[str]:
    for body in planned.bodies.values():
        parts = [f"attached: {', '.join(body.attached)}"] if body.attached else []
        parts += [f"linked: {', '.join(body.linked)}"] if body.linked else []
        yield f"{'; '.join(parts) or 'none'}  ({len(body.prepared.body):,} bytes)"


def _left_out(planned: Plan) -> Iterator[str]:
    found = planned.audience
    known = len(found.recipients) - len(planned.new)
    reasons = {
        "had it queued before": known,
        "bounced or unsubscribed": found.suppressed,
        "have not agreed to keep embargoes": found.no_embargo,
        "not wanted by --where": found.filtered,
        "stand on several lists, and get one message": found.twice,
    }
    for why, count in reasons.items():
        if count:
            yield f"{count:,} {why}"


def _notes(planned: Plan) -> Iterator[str]:
    for revision, count in planned.replaced.items():
        yield f"version {revision} still waits for {count:,}; no more of it is sent"
    for revision, count in planned.earlier.items():
        yield f"{count:,} of them got version {revision} before"
    for release in planned.outgoing:
        said = release.draft.release
        for kind, original in (("corrects", said.corrects), ("withdraws", said.withdraws)):
            if original:
                told = f"that or {' or '.join(release.originals[:-1])}" if release.originals[1:] else "that"
                yield f"{kind} {original}; {len(planned.had):,} got {told}, and no more of it is sent"


def _counted(number: int) -> str:
    return "1 recipient" if number == 1 else f"{number:,} recipients"


def _span(seconds: float) -> str:
    for unit, length in (("day", 86_400), ("hour", 3600), ("minute", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit}s"
    return "a minute" if seconds > 30 else "a moment"
