"""``presskit archive``: signed-off releases into the archive, with all that proves them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from presskit.cli import report
from presskit.cli.outcome import Outcome, all_problems, worst
from presskit.cli.run import Run, json_option, quiet_option, slugs_argument
from presskit.cli.signer import chosen_key, key_option
from presskit.errors import ExitCode, PresskitError

if TYPE_CHECKING:
    from presskit.archive.keeping import Kept
    from presskit.pipeline import Office

EXAMPLES = """\b
Examples:
  presskit archive bridge-opening
  presskit archive
"""


@click.command(epilog=EXAMPLES)
@slugs_argument
@key_option
@json_option
@quiet_option
@click.pass_obj
def command(run: Run, slugs: tuple[str, ...], key_name: str | None, quiet: bool) -> ExitCode:
    """Deposit signed-off releases.

    Exactly the signed bytes are kept, with the words, the approvals, the registers used and the key ring; of
    what was sent, who got it and when.  Without a name, all releases that are signed off or were sent; what
    is there already is left alone, so that it can be run again after a crash, or every night.
    """
    from presskit import pipeline

    workspace = run.workspace()
    pipeline.require_known(slugs, workspace)
    office = pipeline.Office(workspace)
    wanted = tuple(dict.fromkeys(slugs)) or pipeline.to_archive(office)
    key = chosen_key(key_name) if wanted else None
    outcomes, kept = [], []
    for slug in wanted:
        try:
            assert key is not None
            done = pipeline.deposit(slug, office, key)
        except PresskitError as error:
            outcomes.append(Outcome(slug, error.exit_code, error.problems))
            continue
        missing = done.why_record_alone if slug in slugs else None
        outcomes.append(
            Outcome(slug, missing.exit_code, missing.problems) if missing else Outcome(slug, ExitCode.OK, ())
        )
        kept.append(_as_data(slug, done))
        if not run.as_json and not quiet:
            report.out(_line(slug, done))
        for line in done.deposited.recovered.logged:
            report.say(
                f"a deposit that a crash cut short was ended: {line[0]} version {line[1]}", quiet=quiet
            )
    if kept:
        outcomes += _stamped(office)
    problems = all_problems(outcomes)
    if run.as_json:
        data = [report.as_data(problem) for problem in problems]
        report.answer(run, worst(outcomes), deposited=kept, problems=data)
    elif problems:
        report.say(report.listing(problems))
    if not wanted:
        report.say("no release is signed off; see presskit status", quiet=quiet or run.as_json)
    return worst(outcomes)


def _line(slug: str, done: Kept) -> str:
    there = "" if done.deposited.is_new else ", there already"
    alone = ", its delivery record alone" if done.why_record_alone else ""
    return f"{slug}: version {done.deposited.version}{alone}{there}"


def _as_data(slug: str, done: Kept) -> dict[str, object]:
    return {
        "slug": slug,
        "version": done.deposited.version,
        "new": done.deposited.is_new,
        "object": done.object_id,
        "delivery_record_alone": done.why_record_alone is not None,
    }


def _stamped(office: Office) -> list[Outcome]:
    """Have the archive's newest checkpoint stamped; a refusal undoes no deposit, and is told."""
    from presskit import pipeline

    try:
        pipeline.stamp(office)
    except PresskitError as error:
        return [Outcome("archive", error.exit_code, error.problems)]
    return []
