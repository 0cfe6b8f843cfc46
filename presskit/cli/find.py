"""``presskit find``: words and fields in, the archived versions that have them out."""

from __future__ import annotations

from datetime import datetime

import click

from presskit.cli import report
from presskit.cli.run import Run, json_option
from presskit.errors import ExitCode

EXAMPLES = """\b
Examples:
  presskit find "joint forces" traffick*
  presskit find --speaker dusto --since 2025-01-01
  presskit find --reference 2025-0007
"""

DAY = click.DateTime(["%Y-%m-%d"])


@click.command(epilog=EXAMPLES)
@click.argument("words", nargs=-1, metavar="[WORD]...")
@click.option("--slug", metavar="SLUG", help="Only versions of this release.")
@click.option("--speaker", metavar="WHO", help="With a quote of this person: id, or words of name or title.")
@click.option("--agency", metavar="WHO", help="That name this agency.")
@click.option("--language", metavar="TAG", help="In this language; fr finds fr-CA, too.")
@click.option("--since", type=DAY, metavar="DAY", help="Issued on this day or later.")
@click.option("--until", type=DAY, metavar="DAY", help="Issued on this day or before.")
@click.option("--reference", metavar="NUMBER", help="With this number.")
@click.option(
    "--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="At most so many."
)
@json_option
@click.pass_obj
def command(
    run: Run,
    words: tuple[str, ...],
    slug: str | None,
    speaker: str | None,
    agency: str | None,
    language: str | None,
    since: datetime | None,
    until: datetime | None,
    reference: str | None,
    limit: int,
) -> ExitCode:
    """Find archived versions.

    All words have to be in the text; "several words" in quotation marks stand together, a word with * behind
    it is a beginning.  Accents and capitals do not count.
    """
    from presskit import pipeline

    query = " ".join(f'"{word}"' if " " in word else word for word in words)
    found = pipeline.find(
        pipeline.Office(run.workspace()),
        query,
        slug=slug,
        speaker=speaker,
        agency=agency,
        language=language,
        since=since.date() if since else None,
        until=until.date() if until else None,
        reference=reference,
        limit=limit,
    )
    if run.as_json:
        fields = ("slug", "version", "reference", "issued", "headline", "language", "state", "snippet")
        report.answer(
            run, ExitCode.OK, found=[{name: getattr(one, name) for name in fields} for one in found]
        )
        return ExitCode.OK
    for one in found:
        number = f"  {one.reference}" if one.reference else ""
        report.out(f"{one.slug}  version {one.version}  {one.issued}{number}  {one.headline}")
        if one.snippet and words:
            report.out(f"    {one.snippet}")
    report.say("1 version found." if len(found) == 1 else f"{len(found)} versions found.")
    return ExitCode.OK
