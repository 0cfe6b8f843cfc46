"""``presskit schema``: the JSON Schema of release.yaml, for editors."""

from __future__ import annotations

import json
from pathlib import Path

import click

from presskit.cli import report
from presskit.cli.outcome import near
from presskit.cli.run import Run
from presskit.errors import ExitCode
from presskit.workspace import Workspace

SCHEMA = "data/release.schema.json"
"""Where editors look for it: the first line of each release.yaml names it."""

EXAMPLES = """\b
Examples:
  presskit schema --write
  presskit schema > release.schema.json
"""


@click.command(epilog=EXAMPLES)
@click.option("--write", is_flag=True, help=f"Write it to {SCHEMA}, where editors look for it.")
@click.pass_obj
def command(run: Run, write: bool) -> ExitCode:
    """Print the JSON Schema of release.yaml.

    With it an editor completes fields and marks mistakes.
    """
    report.out(near(write_schema(run.workspace())) if write else _schema().rstrip("\n"))
    return ExitCode.OK


def write_schema(workspace: Workspace) -> Path:
    """Write the schema into the project; return its path."""
    return workspace.add(SCHEMA, _schema().encode(), replace=True)


def _schema() -> str:
    from presskit import pipeline

    return json.dumps(pipeline.release_schema(), ensure_ascii=False, indent=2) + "\n"
