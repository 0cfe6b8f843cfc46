"""``presskit doctor``: whether everything is set up, thing by thing, with what to do about the rest."""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

import click

from presskit.cli import report
from presskit.cli.run import Run, json_option
from presskit.errors import ExitCode

if TYPE_CHECKING:
    from presskit.send.health.rows import Row

Found = Sequence[tuple[str, "Row"]]

COLOURS = {"ok": "green", "look": "yellow", "wrong": "red"}
WIDEST, NARROWEST = 110, 60
"""Characters of a line on a terminal; in a file each row is one line."""

EXAMPLES = """\b
Examples:
  presskit doctor
  presskit doctor --offline
"""


@click.command(epilog=EXAMPLES)
@click.option("--offline", is_flag=True, help="Ask nobody on the network: no relay, mailbox or bucket.")
@json_option
@click.pass_obj
def command(run: Run, offline: bool) -> ExitCode:
    """See whether everything is set up.

    Each thing is ok, to be looked at, or wrong.  Nothing is sent and nothing is changed.  The exit code is 1
    if something is wrong.
    """
    from presskit import pipeline
    from presskit.clock import SystemClock

    found = pipeline.check_up(run.workspace(), SystemClock(), os.environ, offline=offline)
    code = ExitCode.PROBLEMS if any(row.verdict == "wrong" for _, row in found) else ExitCode.OK
    if run.as_json:
        report.answer(run, code, checks=[_as_data(group, row) for group, row in found])
        return code
    report.out(table(found, colour=report.coloured(sys.stdout), width=_width()))
    report.say(f"\n{_verdict(found)}")
    return code


def table(found: Found, *, colour: bool, width: int) -> str:
    """Return the rows under their headings; a width of 0 breaks no lines."""
    widest = max(len(row.subject) for _, row in found)
    lines: list[str] = []
    for group, rows in groupby(found, key=lambda one: one[0]):
        lines += [""] if lines else []
        lines.append(click.style(group, bold=True) if colour else group)
        for _, row in rows:
            lines += _lines(row, widest, colour=colour, width=width)
    return "\n".join(lines)


def _lines(row: Row, widest: int, *, colour: bool, width: int) -> Iterator[str]:
    verdict = f"{row.verdict:5}"
    shown = (
        click.style(verdict, fg=COLOURS[row.verdict], bold=row.verdict != "ok" or None) if colour else verdict
    )
    head = f"  {shown}  {row.subject:{widest}}  "
    margin = " " * (widest + 11)
    first, *others = _wrapped(row.fact, width - len(margin))
    yield head + first
    yield from (margin + line for line in others)
    if row.fix:
        code = f"  [{row.code}]" if row.code else ""
        for line in _wrapped(f"fix: {row.fix}{code}", width - len(margin)):
            yield margin + (click.style(line, fg="cyan") if colour else line)


def _wrapped(text: str, width: int) -> list[str]:
    plain = text.translate(report.INVISIBLE)
    if width <= 0:
        return [plain]
    return textwrap.wrap(plain, width, break_long_words=False, break_on_hyphens=False) or [""]


def _width() -> int:
    if not sys.stdout.isatty():
        return 0
    return max(NARROWEST, min(WIDEST, shutil.get_terminal_size().columns))


def _verdict(found: Found) -> str:
    count = {name: sum(row.verdict == name for _, row in found) for name in ("wrong", "look")}
    parts = [f"{count['wrong']} wrong"] if count["wrong"] else []
    parts += [f"{count['look']} to be looked at"] if count["look"] else []
    return f"{len(found)} things looked at: {', '.join(parts) or 'everything is set up'}."


def _as_data(group: str, row: Row) -> dict[str, str]:
    return {
        "group": group,
        "subject": row.subject,
        "verdict": row.verdict,
        "fact": row.fact,
        "fix": row.fix,
        "code": row.code,
    }
