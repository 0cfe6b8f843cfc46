"""``presskit diff``: two archived versions of a release in, the words that differ out."""

from __future__ import annotations

import click

from presskit.cli import report
from presskit.cli.run import Run, json_option, slug_argument
from presskit.errors import ExitCode

EXAMPLES = """\b
Examples:
  presskit diff bridge-opening 1 2
  presskit diff bridge-opening 1 2 --json
"""


@click.command(epilog=EXAMPLES)
@slug_argument
@click.argument("before", type=click.IntRange(min=1), metavar="V1")
@click.argument("after", type=click.IntRange(min=1), metavar="V2")
@json_option
@click.pass_obj
def command(run: Run, slug: str, before: int, after: int) -> ExitCode:
    """Compare two archived versions, word by word.

    Words that are gone stand as [-gone-], new ones as {+new+}.  That who got it has changed is told, too.
    """
    from presskit import pipeline
    from presskit.archive.contents import deliveries_in
    from presskit.archive.differences import unified

    office = pipeline.Office(run.workspace())
    changes = pipeline.differences(slug, office, before, after)
    found = {edition.number: deliveries_in(edition.files) for edition in pipeline.history(slug, office)}
    resent = found[before] != found[after]
    if run.as_json:
        data = [
            {
                "what": change.what,
                "kind": change.kind,
                "pieces": [{"kind": kind, "text": text} for kind, text in change.pieces],
            }
            for change in changes
        ]
        report.answer(
            run, ExitCode.OK, slug=slug, before=before, after=after, changes=data, deliveries_differ=resent
        )
        return ExitCode.OK
    if changes:
        report.out(unified(changes).rstrip("\n"))
    else:
        report.say("the words are the same.")
    if resent:
        report.say(
            f"what is known of its deliveries differs: presskit show-version {slug} {max(before, after)}"
        )
    return ExitCode.OK
