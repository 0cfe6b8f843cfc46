"""``presskit check``: releases in, everything the house rules find out."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from presskit.cli import report
from presskit.cli.outcome import Outcome, all_problems, one_by_one, worst
from presskit.cli.run import Run, json_option, quiet_option, slugs_argument, strict_option
from presskit.errors import ExitCode, PresskitError, errors_among

if TYPE_CHECKING:
    from presskit.pipeline import Office

EXAMPLES = """\b
Examples:
  presskit check
  presskit check bridge-opening --strict
  presskit check --json
"""


@click.command(epilog=EXAMPLES)
@slugs_argument
@strict_option
@json_option
@quiet_option
@click.pass_obj
def command(run: Run, slugs: tuple[str, ...], strict: bool, quiet: bool) -> ExitCode:
    """Print what is wrong with releases.

    Without a name, all releases are checked.  Nothing is written.
    """
    from presskit import pipeline

    workspace = run.workspace()
    pipeline.require_known(slugs, workspace)
    wanted = tuple(dict.fromkeys(slugs)) or pipeline.releases(workspace)
    office = pipeline.Office(workspace)
    outcomes = [_check_one(slug, office, strict=strict) for slug in one_by_one(wanted, run, quiet=quiet)]
    if run.as_json:
        report.answer(run, worst(outcomes), releases=[outcome.as_data() for outcome in outcomes])
        return worst(outcomes)
    problems = all_problems(outcome for outcome in outcomes if outcome.exit_code or not quiet)
    if problems:
        report.out(report.listing(problems, colour=report.coloured(sys.stdout)))
    many = "1 release" if len(wanted) == 1 else f"{len(wanted)} releases"
    report.say(f"{many} checked: {report.count(problems)}.", quiet=quiet)
    return worst(outcomes)


def _check_one(slug: str, office: Office, *, strict: bool) -> Outcome:
    """Check one release; settings that are wrong stop only the releases that need them."""
    from presskit import pipeline

    try:
        problems = pipeline.check(slug, office)
    except PresskitError as error:
        return Outcome(slug, error.exit_code, error.problems)
    return Outcome(
        slug, ExitCode.PROBLEMS if errors_among(problems, strict=strict) else ExitCode.OK, problems
    )
