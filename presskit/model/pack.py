"""A template pack, read whole: templates, wording in one language, and look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from presskit.model.house import Wording
from presskit.model.theme import Theme


@dataclass(frozen=True, slots=True)
class Pack:
    """What `compose` and the writers need of ``templates/<pack>/``."""

    name: str
    templates: Mapping[str, str]  # "documents/news-release.xml.j2" → its source
    wording: Wording
    theme: Theme
