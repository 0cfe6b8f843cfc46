"""Deliveries out of the outbox one at a time, each with two marks: before it is offered, and before its end.

::

    queued → sending (committed before MAIL) → dot (committed just before the final dot)
                                                 → sent | queued again, later | failed | in doubt
    after a crash:  sending → queued     no final dot was written, so nothing was accepted (RFC 5321, 4.1.1.4)
                    dot     → in doubt   accepted or not: nobody but the relay knows (RFC 1047)

Call `recover` only while holding the sender's lock.  Not here: talking to the relay (`send.relay`).
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Literal, assert_never

from presskit.clock import Boot
from presskit.send.outbox.embargo import Armed, Timely, Waiting
from presskit.send.outbox.store import Outbox

State = Literal["queued", "sending", "dot", "sent", "failed", "in_doubt", "left_out", "cancelled"]

Outcome = Literal["sent", "failed", "put_off", "in_doubt", "given_back"]


@dataclass(frozen=True, slots=True)
class Claim:
    """A delivery somebody has taken on."""

    id: int
    mailing: int
    edition: int
    variant: int
    slug: str
    key: str
    typed: str
    envelope: str
    domain: str
    name: str
    message_id: str
    answers: str
    attempts: int  # this one included
    head: bytes | None  # as it was offered before; a second copy has to be the same


@dataclass(frozen=True, slots=True)
class Done:
    """What became of an attempt."""

    claim: Claim
    outcome: Outcome
    at: float
    code: int = 0  # of the relay's reply; 0: there was none
    reply: str = ""
    due: float = 0.0  # of the next attempt, if it was put off
    pauses_domain: bool = False  # the mail domain wants to be left in peace until then


_UNSETTLED = "select id, not_before, wall, boot, boot_id from mailing where settled=0 and held=''"
_OPEN = f"""
{_UNSETTLED} and not_before<=? and not exists (
  select 1 from edition join halt on halt.slug in ('', edition.slug) where edition.mailing=mailing.id)
order by not_before, id
"""
_NEXT = """
select delivery.*, variant.edition as edition from delivery join variant on variant.id=delivery.variant
where delivery.mailing=? and delivery.state='queued' and delivery.due<=? order by delivery.due, delivery.id
limit 1
"""
_OF = "select id, not_before, wall, boot, boot_id from mailing where id=? and held='' and not_before<=?"
_DOT = """
update delivery set state='dot', head=?, at=? where id=? and state='sending' and unwanted=0
and not exists (select 1 from halt where slug in ('', delivery.slug))
and not exists (select 1 from suppressed where suppressed.key=delivery.key and delivery.test=0)
"""


def claim(outbox: Outbox, now: float, timely: Timely, done: Done | None = None) -> Claim | None:
    """Note what became of the last attempt and take on the next delivery that is due, in one step.

    Who wants no more mail is left out here, whatever was queued.

    Args:
        timely: says whether a mailing's time has come by all clocks.
    """
    with outbox.transaction() as rows:
        if done is not None:
            _note(rows, done)
        for mailing in map(_waiting, rows.execute(_OPEN, (now,)).fetchall()):
            if not _has_come(rows, mailing, timely):
                continue
            while (row := rows.execute(_NEXT, (mailing.id, now)).fetchone()) is not None:
                why = None if row["test"] else _suppressed(rows, row["key"])
                if why is None:
                    return _take(rows, row, now)
                left: State = "in_doubt" if was_in_doubt(rows, row["id"]) else "left_out"
                mark(rows, row["id"], left, now, 0, why)
            settle(rows, mailing.id)
    return None


def note(outbox: Outbox, done: Done) -> None:
    """Note what became of an attempt."""
    with outbox.transaction() as rows:
        _note(rows, done)
        settle(rows, done.claim.mailing)


def mark_dot(outbox: Outbox, claimed: Claim, head: bytes, now: float, timely: Timely) -> bool:
    """Note that the end of the message is about to be written; False if it must not be, after all.

    Why: a halt, a wish to get no more and an embargo count up to this moment.
    """
    with outbox.transaction() as rows:
        row = rows.execute(_OF, (claimed.mailing, now)).fetchone()
        if row is None or not _has_come(rows, _waiting(row), timely):
            return False
        return rows.execute(_DOT, (head, now, claimed.id)).rowcount == 1


def recover(outbox: Outbox, now: float) -> int:
    """Put right what a crash left half done; return how many deliveries are in doubt because of it."""
    with outbox.transaction() as rows:
        given_back = rows.execute("select id from delivery where state='sending'").fetchall()
        for (delivery,) in given_back:
            _give_back(rows, delivery)
            _cancel_unwanted(rows, delivery, now)
        doubtful = rows.execute("select id from delivery where state='dot'").fetchall()
        for (delivery,) in doubtful:
            why = "presskit stopped between the end of the message and the relay's answer"
            mark(rows, delivery, "in_doubt", now, 0, why)
    return len(doubtful)


def look_at_clocks(outbox: Outbox, timely: Timely) -> None:
    """Hold what should have gone by one clock while the other says it is too early by far.

    Why: whatever waits for a clock that was put back is taken on by nobody, so nobody would be told.
    """
    with outbox.transaction() as rows:
        waiting = f"{_UNSETTLED} and wall is not null"
        for mailing in map(_waiting, rows.execute(waiting).fetchall()):
            _has_come(rows, mailing, timely)


def next_due(outbox: Outbox) -> float | None:
    """Return when the next delivery is due that nobody has stopped; ``None`` if none is."""
    question = """
    select min(max(not_before, (
      select min(due) from delivery where delivery.mailing=mailing.id and delivery.state='queued')))
    from mailing where settled=0 and held='' and not exists (
      select 1 from edition join halt on halt.slug in ('', edition.slug) where edition.mailing=mailing.id)
    """
    found = outbox.value(question)
    return None if found is None else float(found)


def _waiting(row: sqlite3.Row) -> Waiting:
    wall, boot, boot_id = row["wall"], row["boot"], row["boot_id"]
    armed = None if wall is None else Armed(wall, None if boot is None else Boot(boot_id, boot))
    return Waiting(row["id"], row["not_before"], armed)


def _has_come(rows: sqlite3.Connection, mailing: Waiting, timely: Timely) -> bool:
    """Whether a mailing's time has come; if its clocks can not be believed, a person has to look.

    Why it is noted that it has come: a machine that starts anew in the middle need not ask again.
    """
    verdict = timely(mailing)
    if isinstance(verdict, str):
        rows.execute("update mailing set held=? where id=?", (verdict, mailing.id))
    elif verdict and mailing.armed is not None:
        rows.execute("update mailing set wall=null, boot=null, boot_id=null where id=?", (mailing.id,))
    return verdict is True


def _take(rows: sqlite3.Connection, row: sqlite3.Row, now: float) -> Claim:
    attempts = row["attempts"] + 1
    rows.execute(
        "update delivery set state='sending', attempts=?, at=? where id=?", (attempts, now, row["id"])
    )
    same = ("id", "mailing", "edition", "variant", "slug", "key", "typed", "envelope", "domain", "name")
    facts = {name: row[name] for name in (*same, "message_id", "answers", "head")}
    return Claim(**facts, attempts=attempts)


def _note(rows: sqlite3.Connection, done: Done) -> None:
    """Write down what became of an attempt.

    Why only "sent" always counts: it can not be undone, while the rest is about an attempt under way.
    """
    claimed = done.claim
    under_way = "select 1 from delivery where id=? and state in ('sending', 'dot')"
    if done.outcome != "sent" and rows.execute(under_way, (claimed.id,)).fetchone() is None:
        return
    match done.outcome:
        case "sent" | "failed" | "in_doubt":
            mark(rows, claimed.id, done.outcome, done.at, done.code, done.reply)
        case "put_off":
            mark(rows, claimed.id, "queued", done.at, done.code, done.reply)
            rows.execute("update delivery set due=? where id=?", (done.due, claimed.id))
            if done.pauses_domain:
                paused = "update delivery set due=? where domain=? and state='queued' and due<?"
                rows.execute(paused, (done.due, claimed.domain, done.due))
            _cancel_unwanted(rows, claimed.id, done.at)
        case "given_back":  # never offered to its end, and not the delivery's fault
            _give_back(rows, claimed.id)
            _cancel_unwanted(rows, claimed.id, done.at)
        case _:
            assert_never(done.outcome)


def _give_back(rows: sqlite3.Connection, delivery: int) -> None:
    back = "update delivery set state='queued', attempts=attempts-1 where id=? and state='sending'"
    rows.execute(back, (delivery,))


def _cancel_unwanted(rows: sqlite3.Connection, delivery: int, at: float) -> None:
    """Cancel what somebody cancelled while it was under way, since it did not go."""
    unwanted = "select 1 from delivery where id=? and unwanted and state='queued'"
    if rows.execute(unwanted, (delivery,)).fetchone() is not None:
        take_out(rows, delivery, at)


def take_out(rows: sqlite3.Connection, delivery: int, at: float) -> None:
    """Cancel a delivery that waits; what may have been accepted before is in doubt again, as it was."""
    if was_in_doubt(rows, delivery):
        mark(rows, delivery, "in_doubt", at, 0, "it was to be sent again, which a person cancelled")
    else:
        mark(rows, delivery, "cancelled", at, 0, "taken out of the queue")


def was_in_doubt(rows: sqlite3.Connection, delivery: int) -> bool:
    """Whether an earlier copy of it may have been accepted."""
    question = "select 1 from attempt where delivery=? and event='in_doubt' limit 1"
    return rows.execute(question, (delivery,)).fetchone() is not None


def mark(
    rows: sqlite3.Connection, delivery: int, state: State, at: float, code: int | None, reply: str
) -> None:
    """Note how a delivery stands now, and that it came to stand so.

    Args:
        code: of the relay's reply; none: a person decided.
    """
    changed = "update delivery set state=?, code=?, reply=?, at=? where id=?"
    rows.execute(changed, (state, code, reply, at, delivery))
    rows.execute("insert into attempt values (?, ?, ?, ?, ?)", (delivery, at, state, code, reply))


def _suppressed(rows: sqlite3.Connection, key: str) -> str | None:
    row = rows.execute("select reason from suppressed where key=?", (key,)).fetchone()
    return None if row is None else str(row["reason"])


def settle(rows: sqlite3.Connection, mailing: int) -> None:
    """Look at a mailing no more if nothing waits in it."""
    waiting = "select 1 from delivery where mailing=? and state in ('queued', 'sending', 'dot') limit 1"
    if rows.execute(waiting, (mailing,)).fetchone() is None:
        rows.execute("update mailing set settled=1 where id=?", (mailing,))
