"""``presskit init``: a folder for an office, with everything to start from."""

from __future__ import annotations

import shlex
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from presskit.cli import report
from presskit.cli.outcome import near
from presskit.cli.run import quiet_option
from presskit.errors import ExitCode
from presskit.first_office import start_office

EXAMPLES = """\b
Examples:
  presskit init press-office
  presskit init .
"""


@click.command(epilog=EXAMPLES)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@quiet_option
def command(folder: Path, quiet: bool) -> ExitCode:
    """Make a folder for an office.

    It gets data/ with an example, templates/ and output/; nothing that is there already is touched.
    """
    workspace = start_office(folder, datetime.now(UTC))
    report.out(near(workspace.root))
    examples = workspace.names("data/releases")
    steps = [] if workspace.root == Path.cwd().resolve() else [f"cd {_quoted(folder)}"]
    steps += [f"presskit build {slug}" for slug in examples[:1]]
    steps += ["presskit new my-first-release"]
    report.say("\nNext:\n" + "".join(f"  {step}\n" for step in steps), quiet=quiet)
    report.say("Your office's name, people and agencies stand in data/: make them your own.", quiet=quiet)
    return ExitCode.OK


def _quoted(path: Path) -> str:
    """Return the path so that it can be copied into a command line of this system."""
    return f'"{path}"' if sys.platform == "win32" else shlex.quote(str(path))
