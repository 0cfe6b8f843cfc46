"""A kit: all files of one release, as they were built."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from presskit.errors import Problem


@dataclass(frozen=True, slots=True)
class Kit:
    """What one build of one release gave."""

    slug: str
    files: Mapping[str, Path]  # name of the writer → where its file stands
    warnings: tuple[Problem, ...]
