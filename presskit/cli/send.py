"""``presskit send``: a signed-off, archived release to the media, once, after a person has looked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from presskit.cli import report
from presskit.cli.run import Run, json_option, quiet_option
from presskit.errors import ExitCode, NotAllowed, Place, Problem, WrongUsage

if TYPE_CHECKING:
    from datetime import datetime

    from presskit.clock import Clock
    from presskit.pipeline import Office
    from presskit.send.mailing.plan import Plan, SendOrder, Timing

EXAMPLES = """\b
Examples:
  presskit send bridge-opening --test you@example.org
  presskit send bridge-opening --list dailies --list radio --dry-run
  presskit send bridge-opening --list dailies --where "region = North and not beat = sport"
  presskit send bridge-opening ouverture-du-pont --list dailies
  presskit send bridge-opening --list dailies --hold --wait
  presskit send bridge-opening-correction

\b
What is guaranteed:
  No recipient gets a release twice from us, and nobody is lost silently. After a crash at
  most C deliveries (C = open connections), and one for each connection that breaks between
  the end of a message and the relay's answer, are "in doubt": they are listed for one
  decision, and only "resend" there can make a second copy. "Sent" means the relay took
  responsibility; what other mail servers do afterwards is shown when they report it.
  Nothing under embargo is offered to the relay before its time, judged by two clocks; if
  they disagree presskit holds and asks.
"""


@click.command(epilog=EXAMPLES)
@click.argument("slugs", nargs=-1, required=True, metavar="SLUG...")
@click.option(
    "--list", "lists", multiple=True, metavar="NAME", help="To this list of the media. Several times."
)
@click.option(
    "--where", default="", metavar="CONDITION", help="Only to those of whom this holds: language = fr"
)
@click.option(
    "--test",
    multiple=True,
    metavar="ADDRESS",
    help="To this address of the office alone; drafts, too. Several times.",
)
@click.option("--at", "at_text", metavar="TIME", help="At this time: 2026-11-27T09:00-05:00")
@click.option("--hold", is_flag=True, help="When the embargo ends.")
@click.option(
    "--embargoed-to-trusted", "early", is_flag=True, help="Now, before the embargo ends, to trusted lists."
)
@click.option("--dry-run", is_flag=True, help="Show what would be sent, and send nothing.")
@click.option(
    "--draft",
    "draft_folder",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write drafts for Outlook or Thunderbird instead of sending.",
)
@click.option(
    "--count", type=int, metavar="N", help="The number of recipients, if nobody is there to type it."
)
@click.option(
    "--clock-is-right", is_flag=True, help="You have compared this machine's clock with another one."
)
@click.option("--wait", "waits", is_flag=True, help="Stay until everything is sent, what is due later, too.")
@json_option
@quiet_option
@click.pass_obj
def command(
    run: Run,
    slugs: tuple[str, ...],
    lists: tuple[str, ...],
    where: str,
    test: tuple[str, ...],
    at_text: str | None,
    hold: bool,
    early: bool,
    dry_run: bool,
    draft_folder: Path | None,
    count: int | None,
    clock_is_right: bool,
    waits: bool,
    quiet: bool,
) -> ExitCode:
    """Send a release to the media.

    Each recipient gets a message of their own, without anybody else's address.  Only what is signed off and
    archived is sent.  Of several releases, language versions of the same news, each recipient gets the one in
    their language, else the first.  A correction or withdrawal goes to exactly those who got the original,
    without --list.  You see what would be sent, and type how many it goes to.
    """
    from presskit import pipeline
    from presskit.cli.confirming import confirm, page
    from presskit.cli.mailing import send_and_tell
    from presskit.clock import SystemClock

    workspace, clock = run.workspace(), SystemClock()
    pipeline.require_known(slugs, workspace)
    office = pipeline.Office(workspace)
    if draft_folder is not None and (hold or at_text):
        fix = "write the drafts when their time has come, or leave --draft out and have presskit wait."
        raise _wrong("a draft waits for no time: whoever opens it can send it.", fix)
    order = _order(slugs, lists, where, test, _time(at_text, office), hold=hold, early=early)
    planned = pipeline.plan_mailing(order, office)
    if dry_run:
        return _show(run, planned)
    if draft_folder is not None:
        _require_clock(planned, clock, clock_is_right=clock_is_right)
        return _draft(run, planned, office, draft_folder)
    notes = pipeline.reach_relay(planned, office)
    if count is None or not (run.as_json or quiet):  # whoever is asked has to see what they are asked about
        report.say("\n".join((*page(planned, office.workspace.now), *notes)))
    confirm(planned, count)
    _require_clock(planned, clock, clock_is_right=clock_is_right)
    queued = pipeline.queue_mailing(planned, office, clock)
    return send_and_tell(run, office, clock, queued, waits=waits, quiet=quiet)


def _order(
    slugs: tuple[str, ...],
    lists: tuple[str, ...],
    where: str,
    test: tuple[str, ...],
    at: datetime | None,
    *,
    hold: bool,
    early: bool,
) -> SendOrder:
    from presskit.send.mailing.plan import SendOrder

    if sum((hold, early, at is not None)) > 1:
        raise _wrong("--at, --hold and --embargoed-to-trusted exclude each other.", "choose one of them.")
    if test and (lists or where or hold or early or at):
        raise _wrong("a test goes to the addresses named and nobody else, at once.", "leave the others out.")
    timing: Timing = "hold" if hold else "early" if early else "now"
    return SendOrder(tuple(dict.fromkeys(slugs)), lists, where, test, timing, at)


def _time(text: str | None, office: Office) -> datetime | None:
    """Return the time somebody typed; read as an embargo is, so that no hour is meant that comes twice."""
    if text is None:
        return None
    from dataclasses import replace

    from presskit.load.times import read_embargo

    at, problems = read_embargo(text, office.registers.house.time_zone, Place("presskit send"))
    if problems:
        raise WrongUsage(replace(problem, field="--at") for problem in problems)
    return at


def _show(run: Run, planned: Plan) -> ExitCode:
    """Show what would be sent."""
    from presskit.cli.confirming import as_data, page

    if run.as_json:
        report.answer(run, ExitCode.OK, plan=as_data(planned))
        return ExitCode.OK
    from datetime import UTC, datetime

    for line in page(planned, datetime.now(UTC)):
        report.out(line)
    report.say("nothing was sent.")
    return ExitCode.OK


def _draft(run: Run, planned: Plan, office: Office, folder: Path) -> ExitCode:
    """Write drafts."""
    from presskit import pipeline
    from presskit.cli.outcome import near

    paths = pipeline.draft_mailing(planned, office, folder)
    if run.as_json:
        report.answer(run, ExitCode.OK, drafts=[near(path) for path in paths])
    else:
        for path in paths:
            report.out(near(path))
        report.say("these are drafts: presskit does not know whether you send them, or twice.")
    return ExitCode.OK


def _require_clock(planned: Plan, clock: Clock, *, clock_is_right: bool) -> None:
    """Raise `NotAllowed` if an embargo or a time hangs on a clock nobody knows to be right."""
    if not planned.trusts_clock or clock_is_right or clock.synchronised():
        return
    from zoneinfo import ZoneInfo

    here = clock.now().astimezone(ZoneInfo(planned.zone))
    shown = f"{here:%Y-%m-%d %H:%M:%S} ({planned.zone})"
    if report.somebody_is_there():
        click.confirm(f"This machine's clock says {shown}. Is that right?", abort=True, err=True)
        return
    what = f"the system does not say that its clock is kept right; it shows {shown}."
    fix = "compare it with another clock, then add --clock-is-right."
    raise NotAllowed(Problem(Place("clock"), "", what, fix, "clock-unsure"))


def _wrong(what: str, fix: str) -> WrongUsage:
    return WrongUsage(Problem(Place("presskit send"), "", what, fix, "usage-wrong"))
