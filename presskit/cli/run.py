"""What one call of ``presskit`` was asked for, and the options several commands share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click

from presskit.errors import PresskitError
from presskit.workspace import Workspace, find_workspace


@dataclass
class Run:
    """One call: filled by `presskit.cli` as the command line is read."""

    as_json: bool = False
    command: str = ""
    project: Path | None = None

    def workspace(self) -> Workspace:
        """Return the project the call is about, with the time it is now."""
        return find_workspace(self.project or Path.cwd(), datetime.now(UTC))


class Group(click.Group):
    """Commands under one name, shown in the order they stand in their file: what is needed first, first."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return their names."""
        return list(self.commands)


def _slugs_there(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Return the releases a shell may complete to."""
    run = Run(project=ctx.find_root().params.get("project"))
    try:
        return [slug for slug in run.workspace().names("data/releases") if slug.startswith(incomplete)]
    except PresskitError:
        return []


slugs_argument = click.argument("slugs", nargs=-1, metavar="[SLUG]...", shell_complete=_slugs_there)
slug_argument = click.argument("slug", metavar="SLUG", shell_complete=_slugs_there)
json_option = click.option(
    "--json", is_flag=True, expose_value=False, help="Print the result as one JSON object."
)
quiet_option = click.option("--quiet", "-q", is_flag=True, help="Print nothing but errors.")
strict_option = click.option("--strict", is_flag=True, help="Take warnings for errors.")
format_option = click.option(
    "--format",
    "-f",
    "formats",
    multiple=True,
    metavar="NAME",
    help="Write only this: pdf, pdf-press, docx, html or text. May be given several times.",
)
