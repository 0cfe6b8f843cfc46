"""``presskit restore``: an archived version of a release into a folder, as it was deposited."""

from __future__ import annotations

from pathlib import Path

import click

from presskit.cli import report
from presskit.cli.outcome import near
from presskit.cli.run import Run, slug_argument
from presskit.errors import ExitCode

EXAMPLES = """\b
Examples:
  presskit restore bridge-opening --to restored
  presskit restore bridge-opening --version 1 --to as-it-went-out
"""

version_option = click.option(
    "--version",
    "version",
    type=click.IntRange(min=1),
    metavar="N",
    help="Which version; the newest without it.",
)
to_option = click.option(
    "--to",
    "target",
    required=True,
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="A folder to be made.",
)


@click.command(epilog=EXAMPLES)
@slug_argument
@version_option
@to_option
@click.pass_obj
def command(run: Run, slug: str, version: int | None, target: Path) -> ExitCode:
    """Write an archived version into a new folder.

    Every file is compared with its digest first; nothing that lies anywhere is written over.
    """
    from presskit import pipeline
    from presskit.archive.handing_out import hand_out

    found, files = pipeline.kept_files(slug, pipeline.Office(run.workspace()), version)
    report.out(near(hand_out(files.items(), target)))
    report.say(f"version {found.number} of {found.deposited}, {len(files)} files.")
    return ExitCode.OK
