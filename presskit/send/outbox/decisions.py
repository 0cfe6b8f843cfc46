"""What a person decides about deliveries: send again, take for sent, try once more, stop, go on.

Not here: what the outbox knows of them (`deliveries`).
"""

from __future__ import annotations

import sqlite3
from datetime import datetime
from typing import Literal

from presskit.errors import Place, Problem
from presskit.send.outbox.claims import mark, settle, take_out, was_in_doubt
from presskit.send.outbox.deliveries import halted, held
from presskit.send.outbox.embargo import Armed
from presskit.send.outbox.store import Outbox

Doubt = Literal["resend", "treat_as_sent"]


def undecided(outbox: Outbox) -> tuple[tuple[str, Problem], ...]:
    """Return what is not sent before a person lets it go on: the release, "" for all, and how to do so."""
    held_back = [
        (
            slug,
            f"this is held back: {why}.",
            f"see what time it is, then: presskit outbox go-on {slug} --clock-is-right",
        )
        for slug, why in held(outbox).items()
    ]
    stopped = [
        (slug, f"this is halted: {why}.", f"settle that, then: presskit outbox go-on {slug}".rstrip())
        for slug, why in halted(outbox).items()
    ]
    return tuple(
        (slug, Problem(Place(f"release {slug}" if slug else "outbox"), "", what, fix, "mailing-held"))
        for slug, what, fix in (*held_back, *stopped)
    )


def doubtful(outbox: Outbox) -> tuple[Problem, ...]:
    """Return what has to be decided about deliveries in doubt, release by release; tests are left out."""
    question = "select slug, count(*) as number from delivery where state='in_doubt' and test=0 group by slug"
    return tuple(
        Problem(
            Place(f"release {row['slug']}"),
            "",
            f"{row['number']:,} in doubt: only the mail server knows whether it took them.",
            f"see which, and what to do: presskit deliveries {row['slug']} --state in-doubt",
            "mailing-held",
        )
        for row in outbox.rows(f"{question} order by slug")
    )


def settle_doubt(outbox: Outbox, slug: str, decision: Doubt, now: datetime, key: str | None = None) -> int:
    """Decide on a release's deliveries in doubt, or on one mailbox's; return how many there were.

    A second copy is the same as the first, byte for byte, so that a mailbox can tell.
    """
    with outbox.transaction() as rows:
        found = _chosen(rows, slug, "in_doubt", key)
        for delivery in found:
            if decision == "resend":
                _queue_again(rows, delivery, now, "resend: decided by a person")
            else:
                mark(rows, delivery, "sent", now.timestamp(), None, "taken for sent by a person")
    return len(found)


def retry_failed(outbox: Outbox, slug: str, now: datetime, key: str | None = None) -> int:
    """Try again what failed of a release's version queued last, and nothing else; return how many there are.

    The head is written anew, but for a message that was in doubt: of that there may be a first copy.
    """
    with outbox.transaction() as rows:
        found = _chosen(rows, slug, "failed", key, newest=True)
        for delivery in found:
            _queue_again(rows, delivery, now, "retry: decided by a person")
            if not was_in_doubt(rows, delivery):
                rows.execute("update delivery set head=null where id=?", (delivery,))
    return len(found)


def take_back_left_out(outbox: Outbox, slug: str, now: datetime, key: str | None = None) -> int:
    """Queue those left out before because they got no mail, and do again; return how many there are."""
    with outbox.transaction() as rows:
        chosen = [
            delivery
            for delivery in _chosen(rows, slug, "left_out", key, newest=True)
            if not rows.execute(
                "select 1 from suppressed where key=(select key from delivery where id=?)", (delivery,)
            ).fetchone()
        ]
        for delivery in chosen:
            _queue_again(rows, delivery, now, "gets mail again")
    return len(chosen)


def cancel(outbox: Outbox, slug: str, now: datetime) -> int:
    """Take what waits of a release out of the queue for good; return how many deliveries that were.

    What is under way at this moment goes, or is cancelled as soon as it turns out that it did not.
    """
    with outbox.transaction() as rows:
        found = _chosen(rows, slug, "queued", None)
        for delivery in found:
            take_out(rows, delivery, now.timestamp())
        under_way = "slug=? and test=0 and state in ('sending', 'dot')"
        rows.execute(f"update delivery set unwanted=1 where {under_way}", (slug,))
        mailings = rows.execute("select distinct mailing from edition where slug=?", (slug,)).fetchall()
        for (mailing,) in mailings:
            settle(rows, mailing)
    return len(found)


def cancel_others(outbox: Outbox, slug: str, revision: int, now: datetime) -> int:
    """Take out of the queue what waits of other versions of a release; return how many deliveries that were.

    Why: none of it can go any more, since another kit is signed off, and it would hold up this version.
    """
    question = "select id, mailing from delivery where slug=? and revision!=? and state='queued' and test=0"
    with outbox.transaction() as rows:
        found = rows.execute(question, (slug, revision)).fetchall()
        for delivery, _ in found:
            take_out(rows, delivery, now.timestamp())
        for mailing in {mailing for _, mailing in found}:
            settle(rows, mailing)
    return len(found)


def halt(outbox: Outbox, slug: str, now: datetime, reason: str) -> bool:
    """Send nothing more of a release, or of all with ""; False if it was halted already."""
    with outbox.transaction() as rows:
        done = rows.execute("insert or ignore into halt values (?, ?, ?)", (slug, now.timestamp(), reason))
        return done.rowcount == 1


def go_on(outbox: Outbox, slug: str) -> bool:
    """Lift a halt; False if there was none."""
    with outbox.transaction() as rows:
        return rows.execute("delete from halt where slug=?", (slug,)).rowcount == 1


def believe_clock(outbox: Outbox, slug: str, armed: Armed) -> int:
    """Go on with mailings that were held because of their clocks; return how many there were.

    Args:
        armed: where the clocks stand now, which a person has found right.
    """
    values = (
        armed.wall,
        armed.boot.seconds if armed.boot else None,
        armed.boot.id if armed.boot else None,
        slug,
    )
    with outbox.transaction() as rows:
        return rows.execute(
            "update mailing set held='', wall=?, boot=?, boot_id=? where held!='' and wall is not null"
            " and id in (select mailing from edition where slug=?)",
            values,
        ).rowcount


def _chosen(
    rows: sqlite3.Connection, slug: str, state: str, key: str | None, *, newest: bool = False
) -> list[int]:
    """Return deliveries of a release in a state.

    Args:
        newest: only of the version queued last; of one before it, nothing may go any more.
    """
    question = "select id from delivery where slug=? and state=? and test=0 and (key=? or ? is null)"
    values = [slug, state, key, key]
    if newest:
        question += " and revision=(select revision from delivery where slug=? and test=0"
        question += " order by id desc limit 1)"
        values.append(slug)
    return [row[0] for row in rows.execute(f"{question} order by id", values)]


def _queue_again(rows: sqlite3.Connection, delivery: int, now: datetime, why: str) -> None:
    mark(rows, delivery, "queued", now.timestamp(), None, why)
    rows.execute("update delivery set attempts=0, unwanted=0, due=? where id=?", (now.timestamp(), delivery))
    rows.execute(
        "update mailing set settled=0 where id=(select mailing from delivery where id=?)", (delivery,)
    )
