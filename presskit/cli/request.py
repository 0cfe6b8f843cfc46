"""``presskit request``: put a release's words forward, and make the papers each outside approver needs."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from presskit.cli import report
from presskit.cli.outcome import near
from presskit.cli.run import Run, json_option, quiet_option, slug_argument
from presskit.cli.signer import chosen_signer, signer_options
from presskit.errors import ExitCode

EXAMPLES = """\b
Examples:
  presskit request bridge-opening
  presskit request bridge-opening --note "After the call with the mayor"
"""


@click.command(epilog=EXAMPLES)
@slug_argument
@click.option("--note", default="", metavar="TEXT", help="A note that goes on record.")
@signer_options
@json_option
@quiet_option
@click.pass_obj
def command(
    run: Run, slug: str, note: str, key_name: str | None, ssh_key: Path | None, quiet: bool
) -> ExitCode:
    """Put the words of a release forward for approval.

    You answer for them as their editor, and can not clear the kit yourself.  Everybody whose approval is
    missing gets a sheet with their own words and nothing else: PDF, Word file, text of a mail, and a file
    that ssh-keygen can sign.
    """
    from presskit import pipeline

    workspace = run.workspace()
    pipeline.require_known((slug,), workspace)
    signer = chosen_signer(key_name, ssh_key)
    done = pipeline.request(slug, pipeline.Office(workspace), signer, note)
    if run.as_json:
        report.answer(
            run,
            ExitCode.OK,
            slug=slug,
            record=done.record.file if done.record else None,
            asked=[
                {"principal": r.principal, "name": r.owner, "scopes": [p.name for p in r.parts]}
                for r in done.requests
            ],
            files=[near(path) for path in done.paths],
            problems=[report.as_data(problem) for problem in done.warnings],
        )
        return ExitCode.OK
    for path in done.paths:
        if not quiet:
            report.out(near(path))
    if done.warnings and not quiet:
        report.say(report.listing(done.warnings, colour=report.coloured(sys.stderr)))
    asked = ", ".join(f"{r.owner} ({r.principal})" for r in done.requests)
    report.say(
        f"\nTo be asked: {asked}." if asked else "\nNobody outside the office has to be asked.", quiet=quiet
    )
    report.say(
        f"record: {done.record.file}" if done.record else "you had put these words forward before.",
        quiet=quiet,
    )
    return ExitCode.OK
