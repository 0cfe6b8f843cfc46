"""``presskit purge``: a release out of the archive because the law says so."""

from __future__ import annotations

import click

from presskit.cli import report
from presskit.cli.run import Run, slug_argument
from presskit.cli.signer import chosen_key, key_option
from presskit.errors import ExitCode, Place, Problem, WrongUsage

EXAMPLES = """\b
Examples:
  presskit purge old-release --ground "Court order of 2026-11-02: publication ban"
  presskit purge old-release --ground "Section 12 of the act" --confirm old-release
"""


@click.command(epilog=EXAMPLES)
@slug_argument
@click.option(
    "--ground", required=True, metavar="TEXT", help="The law or order. It stays for ever: name nobody in it."
)
@click.option("--confirm", metavar="SLUG", help="The release's name again, instead of typing it when asked.")
@key_option
@click.pass_obj
def command(run: Run, slug: str, ground: str, confirm: str | None, key_name: str | None) -> ExitCode:
    """Remove all versions of a release from the archive.

    For legal orders only: nothing of it can be brought back.  A signed note that it was removed, when, by
    whom and on what ground stays, and the log still proves all else.  Copies of the archive, data/ and
    output/ are not touched: remove it there yourself.
    """
    from presskit import pipeline

    typed = confirm or click.prompt(f"Type “{slug}” to remove all its archived versions", err=True)
    if typed != slug:
        what, fix = f"“{typed}” is not “{slug}”; nothing was removed.", "type the release's name."
        raise WrongUsage(Problem(Place("presskit purge"), "", what, fix, "usage-wrong"))
    office = pipeline.Office(run.workspace())
    pipeline.purge(slug, office, chosen_key(key_name), ground)
    report.out(f"{slug} is removed from the archive.")
    report.say(f"Copies of the archive, data/releases/{slug} and output/{slug} are as they were.")
    return ExitCode.OK
