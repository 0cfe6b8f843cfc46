"""What people and programs get to read: results on stdout, messages on stderr, colours where they show.

Not here: what is wrong and how to mend it (`errors` and whoever found it).
"""

from __future__ import annotations

import errno
import json
import os
import sys
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import IO, Any

import click

from presskit import __version__
from presskit.cli.run import Run
from presskit.errors import ExitCode, Place, Problem, Unreadable, in_reading_order

JSON_VERSION = 1
"""Raised when a field of the JSON answers changes its meaning or goes."""

INVISIBLE = {code: f"\\x{code:02x}" for code in (*range(9), *range(11, 32), *range(127, 160))}
"""Control characters, which could recolour or rewrite a terminal, as what they are."""


def prepare_streams() -> None:
    """Let a character the terminal's encoding lacks be printed as its number, never stop a run.

    Why: in a file or a pipe, Windows would write its old code page, which no JSON reader takes.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            piped = sys.platform == "win32" and not stream.isatty()
            stream.reconfigure(encoding="utf-8" if piped else None, errors="backslashreplace")


def somebody_is_there() -> bool:
    """Whether a person sits at the terminal, who can read and answer."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def out(text: str) -> None:
    """Print a result; if nobody reads on (``presskit show x | head``), go on without printing.

    Raises:
        Unreadable: what the output was sent to can not take it, a full disk for one.
    """
    try:
        _echo(text, sys.stdout)
    except OSError as error:
        with Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), sys.stdout.fileno())
        if error.errno not in (errno.EPIPE, errno.EINVAL):  # Windows calls a broken pipe EINVAL
            fix = "see whether the disk has room."
            what = f"the result can not be written: {error.strerror}."
            raise Unreadable(Problem(Place("standard output"), "", what, fix, "file-unwritable")) from error


def say(message: str, *, quiet: bool = False) -> None:
    """Print a message for the person at the terminal."""
    if not quiet:
        try:
            _echo(message, sys.stderr)
        except OSError:
            return  # there is nobody left to tell


def answer(run: Run, exit_code: ExitCode, **facts: object) -> None:
    """Print one JSON object as a command's whole result."""
    whole = {"presskit": JSON_VERSION, "command": run.command, "exit_code": int(exit_code), **facts}
    out(json.dumps(whole, indent=2))  # in ASCII, which no terminal or pipe can garble


def failure(run: Run, problems: Sequence[Problem], exit_code: ExitCode) -> None:
    """Say why a command ended without a result."""
    if run.as_json:
        answer(run, exit_code, problems=[as_data(problem) for problem in problems])
    else:
        say(listing(problems, colour=coloured(sys.stderr)))


def listing(problems: Sequence[Problem], *, colour: bool = False) -> str:
    """Return the problems as they are printed: by file, with an empty line between files."""
    by_file = groupby(in_reading_order(problems), key=lambda problem: problem.place.file)
    return "\n\n".join("\n".join(_entry(p, colour=colour) for p in group) for _, group in by_file)


def count(problems: Sequence[Problem]) -> str:
    """Return how many there are, in words: "2 errors, 1 warning"."""
    errors = sum(problem.severity == "error" for problem in set(problems))
    warnings = len(set(problems)) - errors
    parts = [
        f"{n} {word}{'s' if n > 1 else ''}" for n, word in ((errors, "error"), (warnings, "warning")) if n
    ]
    return ", ".join(parts) or "no problems"


def as_data(problem: Problem) -> dict[str, Any]:
    """Return one problem as it stands in JSON answers."""
    place = {"file": problem.place.file, "line": problem.place.line, "column": problem.place.column}
    said = {"field": problem.field, "what": problem.what, "fix": problem.fix}
    return {**place, **said, "code": problem.code, "severity": problem.severity}


def bug(run: Run, args: Sequence[str], error: Exception) -> None:
    """Say that presskit itself failed, and put what its makers need into a file of the temp folder."""
    import platform
    import tempfile
    import traceback

    system = f"presskit {__version__}, Python {platform.python_version()}, {platform.platform()}"
    facts = "\n".join([system, repr(list(args)), "", *traceback.format_exception(error)])
    try:
        descriptor, name = tempfile.mkstemp(prefix="presskit-bug-", suffix=".txt")
        os.close(descriptor)
        Path(name).write_text(facts, encoding="utf-8", errors="backslashreplace")
        fix = f"report it with this file: {name}"
    except OSError:
        say(facts)
        fix = "report it with the lines above."
    what = f"presskit failed where it should not ({type(error).__name__})."
    failure(run, (Problem(Place("presskit"), "", what, fix, "bug"),), ExitCode.BUG)


def coloured(stream: IO[str]) -> bool:
    """Whether to colour what goes to a stream.

    Source: no-color.org, force-color.org; NO_COLOR wins, as in Python itself.
    """
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (stream.isatty() and os.environ.get("TERM") != "dumb")


def _entry(problem: Problem, *, colour: bool) -> str:
    text, place = str(problem).translate(INVISIBLE), str(problem.place).translate(INVISIBLE)
    if not colour:
        return text
    said, _, fix = text[len(place) :].rpartition("\n")
    strong = click.style(place, fg="yellow" if problem.severity == "warning" else "red", bold=True)
    return f"{strong}{said}\n{click.style(fix, fg='cyan')}"


def _echo(text: str, stream: IO[str]) -> None:
    click.echo(text, file=stream, color=coloured(stream))
