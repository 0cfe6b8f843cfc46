"""What all models share: frozen, closed to unknown fields, and texts that exist per language.

Values arrive as text, as typed in YAML; the models convert them.  Not here: files and places (`load`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, StringConstraints

ANY_LANGUAGE = ""


class Model(BaseModel):
    """Base of everything read from the office's files."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


def _valid_language(tag: str) -> str:
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?", tag):
        raise ValueError(f"“{tag}” is not a language tag such as en, en-CA or iu-Cans-CA")
    return tag


def _per_language(value: Any) -> Any:  # noqa: ANN401 (pydantic hands over whatever the file holds)
    return {ANY_LANGUAGE: value} if isinstance(value, str) else value


Line = Annotated[str, StringConstraints(min_length=1, max_length=1000)]
"""One line of words."""

Words = Annotated[str, StringConstraints(min_length=1, max_length=50_000)]
"""Running words, at most a long paragraph."""

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
"""Lower-case letters, digits and single hyphens: safe as a folder name everywhere."""

Language = Annotated[str, AfterValidator(_valid_language)]
"""A language tag (BCP 47): language, script, region."""

PerLanguage = Annotated[Mapping[str, Line], BeforeValidator(_per_language)]
"""Words by language tag; a plain text means: the same in every language (key "")."""


def in_language(words: Mapping[str, str], language: str) -> str | None:
    """Return the words for a language: the exact tag, else the bare language, else the words for any.

    ``None`` when there are none.
    """
    for tag in (language, language.split("-")[0], ANY_LANGUAGE):
        if tag in words:
            return words[tag]
    return next((text for tag, text in sorted(words.items()) if tag.split("-")[0] == language.split("-")[0]), None)
