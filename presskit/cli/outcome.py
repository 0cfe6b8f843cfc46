"""What became of each release of a run, for people and for programs."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

from presskit.cli import report
from presskit.cli.run import Run
from presskit.errors import ExitCode, Problem

PATIENCE_SECONDS = 1.0
"""How long a run may take before it shows how far it is."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One release after its run."""

    slug: str
    exit_code: ExitCode
    problems: tuple[Problem, ...]
    files: Mapping[str, Path] = field(default_factory=dict)  # format → path

    def as_data(self) -> dict[str, object]:
        """Return it as it stands in JSON answers."""
        files = [{"format": name, "path": near(path)} for name, path in self.files.items()]
        problems = [report.as_data(problem) for problem in self.problems]
        return {"slug": self.slug, "exit_code": int(self.exit_code), "files": files, "problems": problems}


def worst(outcomes: Iterable[Outcome]) -> ExitCode:
    """Return the exit code of the whole run: the highest of its releases."""
    return max((outcome.exit_code for outcome in outcomes), default=ExitCode.OK)


def all_problems(outcomes: Iterable[Outcome]) -> tuple[Problem, ...]:
    """Return the problems of all releases, each once."""
    return tuple(dict.fromkeys(problem for outcome in outcomes for problem in outcome.problems))


def near(path: Path) -> str:
    """Return a path as short as it can be typed here: relative when it lies below the current folder."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def one_by_one(slugs: Sequence[str], run: Run, *, quiet: bool) -> Iterator[str]:
    """Yield the slugs; on a terminal, show how far the run is once it has taken a moment."""
    if quiet or run.as_json or len(slugs) < 2 or not sys.stderr.isatty():
        yield from slugs
        return
    started = monotonic()
    waiting = iter(slugs)
    for done, slug in enumerate(waiting, 1):
        yield slug
        if monotonic() - started > PATIENCE_SECONDS:
            yield from _shown(list(waiting), done)


def _shown(slugs: Sequence[str], done: int) -> Iterator[str]:
    from rich.console import Console  # a tenth of a second to import
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=done + len(slugs), completed=done)
        for slug in slugs:
            progress.update(task, description=slug, refresh=True)
            yield slug
            progress.advance(task)
