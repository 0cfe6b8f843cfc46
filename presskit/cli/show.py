"""``presskit show``: one release in, the tree every writer reads out."""

from __future__ import annotations

import click

from presskit.cli import report
from presskit.cli.run import Run, json_option, slug_argument
from presskit.errors import ExitCode

EXAMPLES = """\b
Examples:
  presskit show bridge-opening
  presskit show bridge-opening | grep quote
  presskit show bridge-opening --json
"""


@click.command(epilog=EXAMPLES)
@slug_argument
@json_option
@click.pass_obj
def command(run: Run, slug: str) -> ExitCode:
    """Print a release as presskit understands it.

    One line per part, in reading order.
    """
    from presskit import pipeline

    workspace = run.workspace()
    pipeline.require_known((slug,), workspace)
    tree = pipeline.show(slug, pipeline.Office(workspace))
    if run.as_json:
        report.answer(run, ExitCode.OK, slug=slug, tree=tree)
    else:
        report.out(tree.rstrip("\n"))
    return ExitCode.OK
