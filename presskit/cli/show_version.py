"""``presskit show-version``: what an archived version of a release holds, and who approved it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from presskit.cli import report
from presskit.cli.run import Run, json_option, slug_argument
from presskit.cli.status import columns
from presskit.errors import ExitCode

if TYPE_CHECKING:
    from presskit.archive.history import Edition

EXAMPLES = """\b
Examples:
  presskit show-version bridge-opening
  presskit show-version bridge-opening 2
"""


@click.command(epilog=EXAMPLES)
@slug_argument
@click.argument("version", type=click.IntRange(min=1), required=False)
@json_option
@click.pass_obj
def command(run: Run, slug: str, version: int | None) -> ExitCode:
    """Show what is archived of a release.

    Without a number, its versions, a line each; with one, the version's facts, its files and its text.
    """
    from presskit import pipeline

    office = pipeline.Office(run.workspace())
    if version is None:
        return _list(run, slug, pipeline.history(slug, office))
    found, files = pipeline.kept_files(slug, office, version)
    text = files.get(f"kit/{slug}.txt", b"").decode("utf-8", "replace")
    if run.as_json:
        report.answer(run, ExitCode.OK, **_as_data(found), files=dict(found.files), text=text)
        return ExitCode.OK
    report.out(_line(found))
    report.out("\n" + columns([(name, f"{len(content):,} bytes") for name, content in files.items()]))
    report.out("\n" + text.rstrip("\n"))
    return ExitCode.OK


def _list(run: Run, slug: str, found: tuple[Edition, ...]) -> ExitCode:
    if run.as_json:
        report.answer(run, ExitCode.OK, slug=slug, versions=[_as_data(one) for one in found])
        return ExitCode.OK
    for one in found:
        report.out(_line(one))
    return ExitCode.OK


def _line(found: Edition) -> str:
    glass = "  BREAK-GLASS" if found.facts.get("break_glass") else ""
    number = f"  {found.reference}" if found.reference else ""
    headline = found.facts.get("headline", "")
    return f"version {found.number}  {found.deposited}  by {found.by}{number}  {headline}{glass}"


def _as_data(found: Edition) -> dict[str, object]:
    return {"version": found.number, "deposited": found.deposited, "by": found.by, "facts": dict(found.facts)}
