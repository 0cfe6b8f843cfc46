"""``presskit correct``: a new release that corrects one that went out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from presskit.cli import report
from presskit.cli.outcome import near
from presskit.cli.run import Run, slug_argument
from presskit.errors import ExitCode

if TYPE_CHECKING:
    from presskit.load.follow_up import FollowUp

EXAMPLES = """\b
Examples:
  presskit correct bridge-opening --reason "The bridge opens on Tuesday, not on Monday."
  presskit correct 2027-budget --reason "Two figures in the table were swapped."
"""

reason_option = click.option(
    "--reason", required=True, metavar="TEXT", help="Why; it is printed at the head of the new release."
)


@click.command(epilog=EXAMPLES)
@slug_argument
@reason_option
@click.pass_obj
def command(run: Run, slug: str, reason: str) -> ExitCode:
    """Start a correction of an archived release.

    It holds the words as they are now, for you to mend, and says at its head what it corrects.  It takes the
    same sign-off; approvals, number and embargo are not taken along.
    """
    return start(run, slug, "correction", reason)


def start(run: Run, slug: str, kind: FollowUp, reason: str) -> ExitCode:
    """Start a correction or withdrawal, and say what comes next."""
    from presskit import pipeline

    workspace = run.workspace()
    pipeline.require_known((slug,), workspace)
    path = pipeline.follow_up(slug, pipeline.Office(workspace), kind, reason)
    report.out(near(path))
    new = path.parent.name
    report.say(f"\nNext: edit it, then\n  presskit check {new}\n  presskit request {new}")
    return ExitCode.OK
