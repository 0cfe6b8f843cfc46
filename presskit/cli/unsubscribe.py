"""``presskit unsubscribe``: addresses, or tags of unsubscribe links, in; no more mail to them from now on."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from presskit.cli import report
from presskit.cli.outside import read_outside
from presskit.cli.run import Run, json_option
from presskit.errors import ExitCode, Place, Problem, WrongUsage

FILE_BYTES = 10_000_000

EXAMPLES = """\b
Examples:
  presskit unsubscribe jane@news.example --reason "asked by phone"
  presskit unsubscribe 4711.0123456789
  presskit unsubscribe --from-file clicks.txt
"""


@click.command(epilog=EXAMPLES)
@click.argument("wishes", nargs=-1, metavar="[ADDRESS|TAG]...")
@click.option(
    "--from-file",
    "file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A file with an address, tag or link on each line; - reads standard input.",
)
@click.option("--reason", default="", metavar="TEXT", help="How the office knows of the wish.")
@json_option
@click.pass_obj
def command(run: Run, wishes: tuple[str, ...], file: Path | None, reason: str) -> ExitCode:
    """Send somebody no more mail.

    The whole office stops writing to them, whatever lists they are on; the lists stay as they are.  Doing it
    twice is the same as once.  To take somebody back: presskit bounces --lift ADDRESS.
    """
    from presskit import pipeline

    wanted = (*wishes, *(_lines(file) if file is not None else ()))
    if not wanted:
        what, fix = "nobody is named.", "name addresses or tags, or a file that has some with --from-file."
        raise WrongUsage(Problem(Place("presskit unsubscribe"), "", what, fix, "usage-wrong"))
    done, problems = pipeline.unsubscribe(pipeline.Office(run.workspace()), wanted, reason)
    code = ExitCode.PROBLEMS if problems else ExitCode.OK
    if run.as_json:
        answers = [{"address": one.address, "was_already": one.was_already} for one in done]
        report.answer(run, code, unsubscribed=answers, problems=[report.as_data(p) for p in problems])
        return code
    for one in done:
        report.out(f"{one.address}  {'got none already' if one.was_already else 'gets no more mail'}")
    if problems:
        report.say(report.listing(problems, colour=report.coloured(sys.stderr)))
    return code


def _lines(file: Path) -> tuple[str, ...]:
    """Return the lines of a file that say something."""
    if str(file) == "-":
        content = sys.stdin.buffer.read(FILE_BYTES + 1)
    else:
        content = read_outside(file, FILE_BYTES, "name a text file with one address or tag on each line.")
    if len(content) > FILE_BYTES:
        what = f"this has more than the {FILE_BYTES:,} bytes that are read."
        raise WrongUsage(Problem(Place(str(file)), "", what, "make several files of it.", "file-too-large"))
    lines = content.decode("utf-8-sig", "replace").splitlines()
    return tuple(line.strip() for line in lines if line.strip() and not line.startswith("#"))
