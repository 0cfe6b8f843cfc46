"""A run of the sender as a person follows it: how far it is, what went wrong, how it ended.

Not here: sending (`pipeline`).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from presskit.cli import report
from presskit.cli.run import Run
from presskit.errors import ExitCode, NotAllowed, Place, Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from presskit.clock import Clock
    from presskit.pipeline import Office
    from presskit.send.outbox.claims import Done, Outcome
    from presskit.send.outbox.queue import Queued
    from presskit.send.relay.sender import Ended

WORDS: Mapping[Outcome, str] = {
    "sent": "sent",
    "failed": "refused",
    "put_off": "put off",
    "in_doubt": "in doubt",
}


def send_and_tell(
    run: Run, office: Office, clock: Clock, queued: Queued | None, *, waits: bool, quiet: bool = False
) -> ExitCode:
    """Send what is due, and tell how it went; the exit code is 6 if something is left that was due."""
    from presskit import pipeline

    is_quiet = quiet or run.as_json
    if queued is not None:
        one = "1 delivery" if queued.deliveries == 1 else f"{queued.deliveries:,} deliveries"
        report.say(f"queued: {one}", quiet=is_quiet)
    try:
        with _followed(queued.deliveries if queued else 0, quiet=is_quiet) as tell:
            ended = pipeline.send_due(office, clock, waits=waits, tell=tell)
    except NotAllowed as busy:
        if queued is None or busy.problems[0].code != "sender-busy":
            raise
        return _left_to_another(run, queued)
    held = [*(problem for _, problem in pipeline.undecided(office)), *pipeline.doubtful(office)]
    code = _code(ended, waiting=bool(held))
    problems = [*_trouble(ended), *held]
    if run.as_json:
        report.answer(run, code, **_facts(queued, ended), problems=[report.as_data(p) for p in problems])
        return code
    if problems:
        report.say(report.listing(problems))
    report.out(_summary(ended, office))
    return code


def _left_to_another(run: Run, queued: Queued) -> ExitCode:
    """Say that what was queued goes with the run that is under way."""
    what = "another presskit is sending, and takes along what was queued now."
    fix = "see whether it is sent: presskit deliveries SLUG; if it waits for long: presskit outbox run"
    problem, code = Problem(Place("outbox"), "", what, fix, "sender-busy"), ExitCode.PARTLY_SENT
    if run.as_json:
        facts = {
            "mailing": queued.mailing,
            "queued": queued.deliveries,
            "there_already": queued.there_already,
        }
        report.answer(run, code, **facts, problems=[report.as_data(problem)])
    else:
        report.say(report.listing([problem]))
        report.out("queued, not sent yet")
    return code


_LEFT: tuple[Outcome, ...] = ("failed", "put_off", "in_doubt")


def _code(ended: Ended, *, waiting: bool) -> ExitCode:
    """Return whether all that was due has gone."""
    left = any(ended.outcomes.get(outcome, 0) for outcome in _LEFT)
    return ExitCode.PARTLY_SENT if left or ended.recovered or ended.trouble or waiting else ExitCode.OK


def _facts(queued: Queued | None, ended: Ended) -> dict[str, object]:
    next_due = None if ended.next_due is None else datetime.fromtimestamp(ended.next_due, UTC).isoformat()
    return {
        "mailing": queued.mailing if queued else None,
        "queued": queued.deliveries if queued else 0,
        "there_already": queued.there_already if queued else 0,
        **{word.replace(" ", "_"): ended.outcomes.get(outcome, 0) for outcome, word in WORDS.items()},
        "recovered": ended.recovered,
        "next_due": next_due,
    }


def _trouble(ended: Ended) -> tuple[Problem, ...]:
    """Return what ended the run early, if anything did."""
    if ended.trouble is None:
        return ()
    fix = "see what is wrong: presskit doctor. What is queued stays queued."
    return (Problem(Place("relay"), "", f"{ended.trouble.why}.", fix, ended.trouble.code),)


def _summary(ended: Ended, office: Office) -> str:
    parts = [
        f"{ended.outcomes[outcome]:,} {word}"
        for outcome, word in WORDS.items()
        if ended.outcomes.get(outcome)
    ]
    if ended.recovered:
        parts.append(f"{ended.recovered:,} in doubt since a crash")
    said = ", ".join(parts) or "nothing was due"
    if ended.next_due is None:
        return said
    at = datetime.fromtimestamp(ended.next_due, ZoneInfo(office.registers.house.time_zone))
    return f"{said}; next at {at:%Y-%m-%d %H:%M:%S}: presskit outbox run --wait"


@contextmanager
def _followed(total: int, *, quiet: bool) -> Iterator[Callable[[Done], None]]:
    """Show how far the run is, and each delivery that went wrong; threads call what is given."""
    if quiet:
        yield lambda done: None
        return
    if not sys.stderr.isatty():
        yield _tell_wrong
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("sending", total=total or None)

        def tell(done: Done) -> None:
            if done.outcome != "sent":
                progress.console.print(_line(done), markup=False, highlight=False)
            if done.outcome in ("sent", "failed", "in_doubt"):
                progress.advance(task)

        yield tell


def _tell_wrong(done: Done) -> None:
    if done.outcome in ("failed", "put_off", "in_doubt"):
        report.say(_line(done))


def _line(done: Done) -> str:
    code = f"{done.code} " if done.code else ""
    return f"{done.claim.typed}: {WORDS.get(done.outcome, 'not offered')}: {code}{done.reply}"
