"""``presskit withdraw``: a new release that withdraws one that went out."""

from __future__ import annotations

import click

from presskit.cli.correct import reason_option, start
from presskit.cli.run import Run, slug_argument
from presskit.errors import ExitCode

EXAMPLES = """\b
Examples:
  presskit withdraw bridge-opening --reason "The opening is put off; we do not know until when."
  presskit withdraw bridge-opening --reason "It went out by mistake."
"""


@click.command(epilog=EXAMPLES)
@slug_argument
@reason_option
@click.pass_obj
def command(run: Run, slug: str, reason: str) -> ExitCode:
    """Start the withdrawal of an archived release.

    It is a release of its own, takes the same sign-off, and asks not to use the other one any more.
    """
    return start(run, slug, "withdrawal", reason)
