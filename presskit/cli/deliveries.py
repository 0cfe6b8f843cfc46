"""``presskit deliveries``: who got which version of a release and when, and who did not and why."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from presskit.cli import report
from presskit.cli.run import Run, json_option, slug_argument
from presskit.errors import ExitCode

if TYPE_CHECKING:
    from datetime import datetime

    from presskit.send.outbox.deliveries import Delivery

EXAMPLES = """\b
Examples:
  presskit deliveries bridge-opening
  presskit deliveries bridge-opening --state refused --state in-doubt
  presskit deliveries bridge-opening --json
"""

CHOICES = ("waiting", "sent", "refused", "in-doubt", "left-out", "cancelled")


@click.command(epilog=EXAMPLES)
@slug_argument
@click.option(
    "--state", "states", multiple=True, type=click.Choice(CHOICES), help="Only these. Several times."
)
@click.option("--tests", is_flag=True, help="Tests, too.")
@json_option
@click.pass_obj
def command(run: Run, slug: str, states: tuple[str, ...], tests: bool) -> ExitCode:
    """Show who got a release, and who did not.

    One row for each delivery: sent, refused, in doubt, left out, waiting.  "Sent" means that the relay took
    responsibility for it.
    """
    from presskit import pipeline
    from presskit.send.outbox.deliveries import NAMES, WORDS

    workspace = run.workspace()
    pipeline.require_known((slug,), workspace)
    office = pipeline.Office(workspace)
    wanted = {state.replace("-", "_") for state in states}
    found = pipeline.deliveries(office, slug, tests=tests)
    found = tuple(delivery for delivery in found if not wanted or NAMES[delivery.state] in wanted)
    if run.as_json:
        report.answer(run, ExitCode.OK, slug=slug, deliveries=[_as_data(d, NAMES[d.state]) for d in found])
        return ExitCode.OK
    zone = ZoneInfo(office.registers.house.time_zone)
    for delivery in found:
        report.out(_row(delivery, WORDS[delivery.state], zone))
    waits = [problem for held, problem in pipeline.undecided(office) if held in ("", slug)]
    if waits:
        report.say(report.listing(waits, colour=report.coloured(sys.stderr)))
    counts = Counter(WORDS[delivery.state] for delivery in found)
    report.say(
        ", ".join(f"{count:,} {word}" for word, count in sorted(counts.items())) or "nothing was queued."
    )
    if counts["in doubt"]:
        report.say(
            "In doubt: look for the Message-ID in the relay's log, then  presskit outbox treat-as-sent "
            f"{slug} ADDRESS  or  presskit outbox resend {slug} ADDRESS"
        )
    return ExitCode.OK


def _row(delivery: Delivery, state: str, zone: ZoneInfo) -> str:
    who = ", ".join(filter(None, (delivery.name, delivery.outlet)))
    at = _when(delivery.at, zone)
    why = f"  {delivery.reply}" if delivery.state not in ("sent", "queued") and delivery.reply else ""
    test = "test, " if delivery.is_test else ""
    version = f"version {delivery.revision}" if delivery.revision else "draft"
    return f"{state:<13}  {at}  {test}{version}  {delivery.typed}{f'  ({who})' if who else ''}{why}"


def _when(at: datetime | None, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S}" if at else " " * 19


def _as_data(delivery: Delivery, state: str) -> dict[str, object]:
    return {
        "number": delivery.id,
        "mailing": delivery.mailing,
        "version": delivery.revision,
        "test": delivery.is_test,
        "address": delivery.typed,
        "reporter": delivery.name,
        "outlet": delivery.outlet,
        "list": delivery.list,
        "language": delivery.language,
        "message_id": delivery.message_id,
        "state": state,
        "attempts": delivery.attempts,
        "code": delivery.code,
        "reply": delivery.reply,
        "at": delivery.at.isoformat() if delivery.at else None,
        "due": delivery.due.isoformat() if delivery.state == "queued" else None,
        "body_sha256": delivery.body_sha256,
    }
