"""What a screen reader and a search engine get: every word, in order, in its element."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest

from presskit.document.walk import words
from presskit.writers.pdf import write_digital
from tests.documents import hard, seed, theme
from tests.writers.pdf.anatomy import opened, painted, structure, tree_text, words_of

DOCUMENTS = {"seed": seed(), **hard()}
UNHEARD = str.maketrans({"\u00ad": None, "\u200b": None})


@cache
def digital(name: str) -> bytes:
    return write_digital(DOCUMENTS[name], theme())


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_tag_tree_says_every_word_in_reading_order(name: str) -> None:
    said = " ".join(words_of(structure(opened(digital(name)))))
    meant = " ".join(words(DOCUMENTS[name]))
    assert _folded(said) == _folded(meant)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_all_paint_is_content_or_an_artifact(name: str) -> None:
    found = painted(opened(digital(name)))
    assert found.untagged == []
    assert all(shown.mcid is not None or shown.artifact for shown in found.shown)
    assert len([s for s in found.shown if s.mcid is not None]) > 3


@pytest.mark.parametrize("name", ["seed", "everything"])
def test_the_tag_tree_is_the_one_looked_at(name: str, golden: Callable[[str, str], None]) -> None:
    golden(f"{name}.tags.txt", tree_text(structure(opened(digital(name)))))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_furniture_is_the_only_text_outside_the_tree(name: str) -> None:
    head = DOCUMENTS[name].head
    artifacts = "".join(s.text for s in painted(opened(digital(name))).shown if s.artifact)
    assert head.office in artifacts
    if len(opened(digital(name)).pages) == 1:
        assert head.running_title not in artifacts


def _folded(text: str) -> str:
    """Words joined over lines, no-break spaces as spaces."""
    return " ".join(text.translate(UNHEARD).replace("\u202f", " ").replace("\u00a0", " ").split())
