"""``presskit export``: archived versions of a release as a plain folder, a bag, or an FOI package."""

from __future__ import annotations

from pathlib import Path

import click

from presskit.cli import report
from presskit.cli.outcome import near
from presskit.cli.restore import to_option, version_option
from presskit.cli.run import Run, slug_argument
from presskit.errors import ExitCode

EXAMPLES = """\b
Examples:
  presskit export bridge-opening --to handed-over
  presskit export bridge-opening --form bag --to bag-for-the-archives
  presskit export bridge-opening --form foi --to request-2026-17
"""


@click.command(epilog=EXAMPLES)
@slug_argument
@click.option(
    "--form",
    type=click.Choice(["plain", "bag", "foi"]),
    default="plain",
    show_default=True,
    help="plain: the files. bag: BagIt, for other archives. foi: public, personal and advice apart.",
)
@version_option
@to_option
@click.pass_obj
def command(run: Run, slug: str, form: str, version: int | None, target: Path) -> ExitCode:
    """Hand out what is archived of a release, in a new folder.

    The FOI package holds all versions (or the one named), with what went to the public apart from personal
    data and from advice, and a list that says what lies where and why.
    """
    from presskit import pipeline
    from presskit.archive.handing_out import hand_out

    files = pipeline.export(slug, pipeline.Office(run.workspace()), form, version)
    report.out(near(hand_out(files.items(), target)))
    report.say(f"{len(files)} files.")
    return ExitCode.OK
