"""What follows from a report, given what came back before: a pure function, and the whole policy of it.

Not here: reading (`reports`), and doing what follows (`books`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, assert_never

from presskit.send.bounces.reports import Report
from presskit.send.outbox.suppression import Reason

Step = Literal["suppress", "count", "tell", "nothing"]

AT_ONCE = ("5.1.1", "5.1.2", "5.1.3", "5.1.10")
"""There is no such mailbox or domain: one report is enough.

Source: RFC 3463, 3.2; RFC 7505, 4.2 (5.1.10: a domain that takes no mail).
"""

HARD_BOUNCES = 2
SOFT_BOUNCES = 5
WITHIN = timedelta(days=30)
"""So many lasting failures, or full mailboxes and the like, within this time are enough."""

_NOT_THE_ADDRESS = (
    ("5.7", "their server refuses our mail as a matter of policy"),
    ("5.1.7", "their server does not like our own address"),
    ("5.1.8", "their server does not like our own address"),
    ("5.2.3", "the message is too large for them"),
    ("5.3.4", "the message is too large for them"),
    ("5.5", "the servers did not understand each other"),
    ("5.6", "their server does not take what is in the message"),
)
"""Failures that say nothing against an address, by the start of their code.

Source: RFC 3463, 3.
"""


@dataclass(frozen=True, slots=True)
class History:
    """What the office knows of a mailbox when a report about it comes in."""

    ours: bool = True  # a mark of ours shows which delivery it is about
    written_to: bool = True  # the office ever wrote to it
    suppressed: str = ""  # why it gets no mail already
    hard: int = 0  # reports before this one, within `WITHIN`
    soft: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What follows, and how it is said."""

    step: Step
    words: str
    reason: Reason | None = None  # of the suppression


def follow(report: Report, history: History) -> Verdict:
    """Return what follows from a report."""
    match report.kind:
        case "unsubscribe" | "complaint":
            return _wish(report.kind, history)
        case "hard" | "soft":
            return _failure(report, history) if history.ours else _UNPROVED
        case "delayed":
            return Verdict("nothing", "their server still tries")
        case "arrived":
            return Verdict("nothing", "it arrived")
        case "auto_reply":
            return Verdict("nothing", "an automatic answer")
        case "other":
            return Verdict("tell", "something else: look at it yourself")
        case _:
            assert_never(report.kind)


_UNPROVED = Verdict("tell", "nothing shows that this is about mail of ours, so it counts for nothing")


def _wish(kind: Literal["unsubscribe", "complaint"], history: History) -> Verdict:
    """Return what follows when somebody wants no more, or calls our mail spam."""
    if not history.written_to:
        return Verdict("tell", "wants no more mail, but we never wrote to this address")
    if kind == "complaint" and not history.ours:
        return _UNPROVED
    reason: Reason = "unsubscribed" if kind == "unsubscribe" else "complained"
    # A bounced address may be taken back without asking; one that asked may not.
    if history.suppressed not in ("", "bounced"):
        return Verdict("nothing", f"gets no mail already ({history.suppressed})")
    why = "asked for it" if kind == "unsubscribe" else "reported our mail as spam"
    return Verdict("suppress", f"gets no more mail: {why}", reason)


def _failure(report: Report, history: History) -> Verdict:
    """Return what follows when a server could not deliver for good, or not for now."""
    if history.suppressed:
        return Verdict("nothing", f"gets no mail already ({history.suppressed})")
    if other := _fault_elsewhere(report.status):
        return Verdict("tell", f"not the address is at fault: {other}")
    if report.kind == "hard" and report.status in AT_ONCE:
        return Verdict("suppress", "gets no more mail: there is no such mailbox", "bounced")
    before, enough = (history.hard, HARD_BOUNCES) if report.kind == "hard" else (history.soft, SOFT_BOUNCES)
    if before + 1 >= enough:
        what = f"gets no more mail: failed {before + 1} times within {WITHIN.days} days"
        return Verdict("suppress", what, "bounced")
    return Verdict("count", f"counted: {before + 1} of {enough} within {WITHIN.days} days")


def _fault_elsewhere(status: str) -> str:
    return next((words for start, words in _NOT_THE_ADDRESS if f"{status}.".startswith(f"{start}.")), "")
