from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from presskit.errors import Problem
from presskit.workspace import Workspace

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)

Keep = Callable[..., Workspace]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path.resolve(), NOW)


@pytest.fixture
def keep(workspace: Workspace) -> Keep:
    """Write a list, over an old one too."""

    def write(content: str | bytes, settings: str | None = "kind: media\n", name: str = "desk") -> Workspace:
        octets = content if isinstance(content, bytes) else content.encode()
        workspace.add(f"data/media-lists/{name}.csv", octets, replace=True)
        if settings is not None:
            workspace.add(f"data/media-lists/{name}.yaml", settings.encode(), replace=True)
        return workspace

    return write


def told(problem: Problem) -> str:
    """A problem as one line: where, what, code."""
    place = problem.place
    where = f"{place.line}:{place.column} " if place.column else f"{place.line} " if place.line else ""
    field = f"{problem.field}: " if problem.field else ""
    kind = "warning " if problem.severity == "warning" else ""
    return f"{kind}{where}{field}{problem.what} [{problem.code}]"
