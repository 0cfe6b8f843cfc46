"""``presskit new``: an empty release with a word of help at every field."""

from __future__ import annotations

from datetime import date

import click

from presskit.cli import report
from presskit.cli.outcome import near
from presskit.cli.run import Run, quiet_option
from presskit.cli.schema import SCHEMA, write_schema
from presskit.errors import ExitCode, Place, WrongUsage

EXAMPLES = """\b
Examples:
  presskit new bridge-opening
  presskit new 2027-budget
"""

RELEASE = """\
# yaml-language-server: $schema=../../release.schema.json
# One news release.  Fill in what is empty, delete what you do not need, then:
#   presskit check SLUG
#   presskit build SLUG

headline:
# subhead: One line that says what the headline leaves out.

issued: ISSUED
# embargo: ISSUEDT09:00-05:00   # leave out for immediate release; the offset is part of it
# reference: 2027-14
dateline:                              # the place, as it is printed: ORILLIA, ON

# The text: a paragraph each, *stressed*, **important**, [words of a link](https://example.org).
body:
  -
#   - heading: A heading within the text
#   - list:
#       - one thing
#       - another thing
#   - agencies: [durham, london]       # ids of data/agencies.yaml
#     intro: "Partner agencies who supported this include:"
#   - photo: bridge.jpg                # in the folder photos/ beside this file
#     alt: What is to be seen, for those who can not see it.
#     caption: What the reader should know about it.
#     credit: Who took it

# quotes:
#   - id: mayor
#     speaker: mayor                   # id of data/people.yaml; the title is the one held on the day of issue
#     words: What was said, without quotation marks.

# facts:
#   - A figure a reporter will look for.

# boilerplates: [office]               # names of files in data/boilerplates/
contacts:                              # ids of data/people.yaml: [media-desk]
"""


@click.command(epilog=EXAMPLES)
@click.argument("slug", metavar="SLUG")
@quiet_option
@click.pass_obj
def command(run: Run, slug: str, quiet: bool) -> ExitCode:
    """Make an empty, explained release.

    It stands in data/releases/SLUG/release.yaml; one that is there already is never touched.
    """
    from presskit.load.slugs import bad_slug

    if bad := bad_slug(slug, Place("presskit new")):
        raise WrongUsage(bad)
    workspace = run.workspace()
    text = RELEASE.replace("SLUG", slug).replace("ISSUED", _today(run).isoformat())
    path = workspace.add(f"data/releases/{slug}/release.yaml", text.encode())
    if not workspace.exists(SCHEMA):
        write_schema(workspace)
    report.out(near(path))
    report.say(f"\nNext: write the headline and the text in it, then\n  presskit check {slug}", quiet=quiet)
    return ExitCode.OK


def _today(run: Run) -> date:
    return run.workspace().now.astimezone().date()
