"""``presskit watch``: changes in data/ and templates/ in, fresh kits out, until Ctrl-C."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import click

from presskit.cli import report
from presskit.cli.build import build_one, show_built
from presskit.cli.run import Run, format_option, quiet_option, slugs_argument, strict_option
from presskit.errors import ExitCode, PresskitError
from presskit.workspace import Workspace

if TYPE_CHECKING:
    from presskit.pipeline import Office

FIRST_LOOK_MS = 200
"""When the first build starts: by then the watch is set up, so no change falls between them."""

GATHER_MS = 400
"""How long changes that come close together are gathered into one build."""

EXAMPLES = """\b
Examples:
  presskit watch
  presskit watch bridge-opening --format html
"""


@click.command(epilog=EXAMPLES)
@slugs_argument
@format_option
@strict_option
@quiet_option
@click.pass_obj
def command(
    run: Run, slugs: tuple[str, ...], formats: tuple[str, ...], strict: bool, quiet: bool
) -> ExitCode:
    """Build releases again at every change.

    Without a name, all releases are watched.  Problems are printed and the watch goes on; Ctrl-C ends it.
    """
    from watchfiles import watch

    from presskit import pipeline

    workspace = run.workspace()
    pipeline.require_known(slugs, workspace)
    watched = Watched(workspace.root, slugs, pipeline.chosen_formats(formats), strict, quiet)
    folders = [folder for name in ("data", "templates") if (folder := workspace.root / name).is_dir()]
    report.say("watching data/ and templates/; Ctrl-C ends it.", quiet=quiet)
    try:
        started = False
        for changes in watch(*folders, debounce=GATHER_MS, rust_timeout=FIRST_LOOK_MS, yield_on_timeout=True):
            if changes or not started:
                watched.rebuild([Path(path) for _, path in changes] if started else folders)
                started = True
    except KeyboardInterrupt:
        report.say("stopped.", quiet=quiet)
    return ExitCode.OK


@dataclass
class Watched:
    """The releases under watch, and the office as it was last read."""

    root: Path
    slugs: Sequence[str]  # none: all there are
    formats: Sequence[str]
    strict: bool
    quiet: bool
    office: Office | None = None

    def rebuild(self, changed: Iterable[Path]) -> None:
        """Build what the changed files belong to, and print what came of it."""
        from presskit import pipeline

        started = monotonic()
        touched = {self._release_of(path) for path in changed}
        try:
            if self.office is None or None in touched:
                self.office, touched = None, {None}
                self.office = pipeline.Office(Workspace(self.root, datetime.now(UTC)))
            watched = self.slugs or pipeline.releases(self.office.workspace)
        except PresskitError as error:
            report.say(report.listing(error.problems, colour=report.coloured(sys.stderr)))
            return
        wanted = [slug for slug in watched if None in touched or slug in touched]
        outcomes = [build_one(slug, self.office, self.formats, strict=self.strict) for slug in wanted]
        show_built(outcomes, quiet=self.quiet)
        if built := [outcome.slug for outcome in outcomes if not outcome.exit_code]:
            report.say(f"built {', '.join(built)} in {monotonic() - started:.1f} s", quiet=self.quiet)

    def _release_of(self, path: Path) -> str | None:
        """Return the slug of the release a file belongs to; ``None`` for what all releases share."""
        parts = path.relative_to(self.root).parts
        return parts[2] if parts[:2] == ("data", "releases") and len(parts) > 2 else None
