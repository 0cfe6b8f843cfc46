"""``presskit build``: releases in, their kits below output/."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from presskit.cli import report
from presskit.cli.outcome import Outcome, all_problems, near, one_by_one, worst
from presskit.cli.run import Run, format_option, json_option, quiet_option, slugs_argument, strict_option
from presskit.errors import ExitCode, Place, PresskitError, Problem, WrongUsage

if TYPE_CHECKING:
    from presskit.pipeline import Office

EXAMPLES = """\b
Examples:
  presskit build bridge-opening
  presskit build bridge-opening --format pdf --format docx
  presskit build --all --strict
  presskit build bridge-opening --json
"""


@click.command(epilog=EXAMPLES)
@slugs_argument
@click.option("--all", "everything", is_flag=True, help="Build every release of the office.")
@format_option
@strict_option
@json_option
@quiet_option
@click.pass_obj
def command(
    run: Run, slugs: tuple[str, ...], everything: bool, formats: tuple[str, ...], strict: bool, quiet: bool
) -> ExitCode:
    """Build the kits of releases.

    The paths of the files are printed.  Nothing of a release is written if anything is wrong with it; other
    releases are built all the same.
    """
    from presskit import pipeline

    workspace = run.workspace()
    known = pipeline.releases(workspace)
    if everything == bool(slugs):
        raise WrongUsage(_which(known, everything))
    pipeline.require_known(slugs, workspace)
    chosen = pipeline.chosen_formats(formats)
    office = pipeline.Office(workspace)
    wanted = known if everything else tuple(dict.fromkeys(slugs))
    outcomes = [
        build_one(slug, office, chosen, strict=strict) for slug in one_by_one(wanted, run, quiet=quiet)
    ]
    if not wanted:
        report.say("there is no release yet; make one: presskit new SLUG", quiet=quiet or run.as_json)
    if run.as_json:
        report.answer(run, worst(outcomes), releases=[outcome.as_data() for outcome in outcomes])
    else:
        show_built(outcomes, quiet=quiet)
    return worst(outcomes)


def _which(known: Sequence[str], everything: bool) -> Problem:
    """Say that it is not clear which releases are meant."""
    what = "--all and a release were named." if everything else "it was not said which release to build."
    listed = f"name one ({', '.join(known[:10])}), or use --all." if known else "make one: presskit new SLUG"
    return Problem(Place("presskit build"), "", what, listed, "usage-wrong")


def build_one(slug: str, office: Office, formats: Sequence[str], *, strict: bool) -> Outcome:
    """Build one release; what is wrong with it is part of the outcome."""
    from presskit import pipeline

    try:
        kit = pipeline.build(slug, office, formats, strict=strict)
    except PresskitError as error:
        return Outcome(slug, error.exit_code, error.problems)
    return Outcome(slug, ExitCode.OK, kit.warnings, kit.files)


def show_built(outcomes: Sequence[Outcome], *, quiet: bool) -> None:
    """Print the paths that were written, then what is wrong and which releases it stopped."""
    for outcome in outcomes:
        for path in outcome.files.values():
            if not quiet:
                report.out(near(path))
    failed = [outcome.slug for outcome in outcomes if outcome.exit_code]
    problems = all_problems(outcome for outcome in outcomes if outcome.exit_code or not quiet)
    if problems:
        report.say(report.listing(problems, colour=report.coloured(sys.stderr)))
        report.say(f"\n{report.count(problems)}." + (f" Not built: {', '.join(failed)}." if failed else ""))
