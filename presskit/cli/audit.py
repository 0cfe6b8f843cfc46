"""``presskit audit``: an archived release in, a report out that proves who approved what."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from presskit.cli import report
from presskit.cli.outcome import near
from presskit.cli.run import Run, json_option, slug_argument
from presskit.errors import ExitCode

if TYPE_CHECKING:
    from presskit.pipeline import Audited

EXAMPLES = """\b
Examples:
  presskit audit bridge-opening
  presskit audit bridge-opening --json
"""


@click.command(epilog=EXAMPLES)
@slug_argument
@json_option
@click.pass_obj
def command(run: Run, slug: str) -> ExitCode:
    """Write the report that proves who approved what.

    A PDF of all archived versions: files and fingerprints, approvals, refusals with their reasons, what was
    sent without all approvals, what changed, and to how many of the media it went.  What the archive has of
    the release is checked first.
    """
    from presskit import pipeline

    done = pipeline.audit(slug, pipeline.Office(run.workspace()))
    if run.as_json:
        facts = _as_data(asdict(done.report))
        more = {"unprintable": list(done.unprintable), "behind_outbox": done.is_behind}
        report.answer(run, ExitCode.OK, path=near(done.path), **more, audit=facts)
        return ExitCode.OK
    report.out(near(done.path))
    report.say(_summary(done))
    if done.is_behind:
        report.say(
            f"more is known of its deliveries than the archive has; deposit it: presskit archive {slug}"
        )
    if done.unprintable:
        named = ", ".join(f"U+{ord(character):04X}" for character in done.unprintable)
        report.say(f"no font of the theme has {named}; the report prints their numbers.")
    return ExitCode.OK


def _summary(done: Audited) -> str:
    counts = (
        (len(done.report.versions), "version"),
        (len(done.report.approvals), "approval"),
        (len(done.report.rejections), "rejection"),
        (len(done.report.changes), "change"),
        (len(done.report.mailings), "mailing"),
    )
    return ", ".join(f"{count} {noun}{'' if count == 1 else 's'}" for count, noun in counts) + "."


def _as_data(value: Any) -> Any:  # noqa: ANN401 (facts of any shape)
    """Return facts as JSON has them."""
    match value:
        case datetime():
            return value.isoformat()
        case dict():
            return {name: _as_data(found) for name, found in value.items()}
        case list() | tuple():
            return [_as_data(found) for found in value]
        case _:
            return value
