"""``presskit outbox``: send what waits, stop it, and decide about what was refused or is in doubt."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from presskit.cli import report
from presskit.cli.run import Group, Run, json_option, quiet_option, slug_argument
from presskit.errors import ExitCode

if TYPE_CHECKING:
    from presskit.pipeline import Decision, Office

EXAMPLES = """\b
Examples:
  presskit outbox run
  presskit outbox halt bridge-opening --reason "A name is wrong"
  presskit outbox retry bridge-opening
  presskit outbox resend bridge-opening desk@example.org
"""

only_argument = click.argument("address", required=False, metavar="[ADDRESS]")


@click.group(cls=Group, epilog=EXAMPLES)
def command() -> None:
    """Send what waits, stop it, decide about the rest.

    The rest is what was refused or is in doubt; `presskit deliveries SLUG` shows it.
    """


@command.command("run")
@click.option("--wait", "waits", is_flag=True, help="Stay until everything is sent, what is due later, too.")
@json_option
@quiet_option
@click.pass_obj
def run_outbox(run: Run, waits: bool, quiet: bool) -> ExitCode:
    """Send what is due.

    After a crash it goes on where it stopped; it can run every minute.
    """
    from presskit import pipeline
    from presskit.cli.mailing import send_and_tell
    from presskit.clock import SystemClock

    office = pipeline.Office(run.workspace())
    return send_and_tell(run, office, SystemClock(), None, waits=waits, quiet=quiet)


@command.command("halt")
@click.argument("slug", required=False, metavar="[SLUG]")
@click.option(
    "--reason", default="stopped by a person", metavar="TEXT", help="Why; it is shown to whoever asks."
)
@click.pass_obj
def halt_release(run: Run, slug: str | None, reason: str) -> ExitCode:
    """Send no more of a release, or of any.

    It holds from this moment on; what the relay has taken is gone.
    """
    from presskit import pipeline

    office = _office(run, slug)
    pipeline.halt_sending(office, slug or "", reason)
    report.out(f"halted: {slug or 'everything'}")
    return ExitCode.OK


@command.command("go-on")
@click.argument("slug", required=False, metavar="[SLUG]")
@click.option(
    "--clock-is-right", is_flag=True, help="You have compared this machine's clock with another one."
)
@click.pass_obj
def go_on(run: Run, slug: str | None, clock_is_right: bool) -> ExitCode:
    """Lift a halt, or what holds a release back.

    With --clock-is-right, also what was held back because its clocks disagreed; `presskit outbox run` sends.
    """
    from presskit import pipeline
    from presskit.clock import SystemClock

    office = _office(run, slug)
    clock = SystemClock() if clock_is_right else None
    if clock is not None:
        here = clock.now().astimezone(ZoneInfo(office.registers.house.time_zone))
        report.say(f"taken for right: {here:%Y-%m-%d %H:%M:%S} ({here.tzinfo}).")
    lifted = pipeline.go_on_sending(office, slug or "", clock)
    left = [problem for held, problem in pipeline.undecided(office) if not slug or held in ("", slug)]
    if left:
        report.say(report.listing(left))
    if lifted:
        report.out(f"goes on: {slug or 'everything'}; send it with: presskit outbox run")
    elif not left:
        report.out("nothing was halted or held back")
    return ExitCode.OK


@command.command("retry")
@slug_argument
@only_argument
@click.pass_obj
def retry(run: Run, slug: str, address: str | None) -> ExitCode:
    """Try the refused deliveries again.

    And no others, but for those who were left out and get mail again; `presskit outbox run` then sends.
    """
    return _decide(run, slug, "retry", address)


@command.command("resend")
@slug_argument
@only_argument
@click.pass_obj
def resend(run: Run, slug: str, address: str | None) -> ExitCode:
    """Send deliveries in doubt again.

    Whoever got them gets a second copy, the same byte for byte; `presskit outbox run` then sends.
    """
    return _decide(run, slug, "resend", address)


@command.command("treat-as-sent")
@slug_argument
@only_argument
@click.pass_obj
def treat_as_sent(run: Run, slug: str, address: str | None) -> ExitCode:
    """Take deliveries in doubt for sent.

    Whoever did not get them never will.
    """
    return _decide(run, slug, "treat_as_sent", address)


@command.command("cancel")
@slug_argument
@click.pass_obj
def cancel(run: Run, slug: str) -> ExitCode:
    """Take out of the queue what waits."""
    return _decide(run, slug, "cancel", None)


def _decide(run: Run, slug: str, decision: Decision, address: str | None) -> ExitCode:
    from presskit import pipeline

    count = pipeline.decide_deliveries(_office(run, slug), slug, decision, address)
    words = {
        "retry": "queued again; send them with: presskit outbox run",
        "resend": "queued again; send them with: presskit outbox run",
        "treat_as_sent": "taken for sent",
        "cancel": "taken out of the queue",
    }
    report.out(f"{count:,} {'delivery' if count == 1 else 'deliveries'} {words[decision]}")
    return ExitCode.OK


def _office(run: Run, slug: str | None) -> Office:
    from presskit import pipeline

    workspace = run.workspace()
    if slug:
        pipeline.require_known((slug,), workspace)
    return pipeline.Office(workspace)
