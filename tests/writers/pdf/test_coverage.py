from __future__ import annotations

from dataclasses import replace

from presskit.document.nodes import Paragraph, Text
from presskit.writers.pdf.coverage import uncovered
from tests.documents import hard, seed, theme


def test_every_document_of_the_tests_can_be_set() -> None:
    for document in (seed(), *hard().values()):
        assert uncovered(document, theme()) == ()


def test_a_character_no_font_has_is_named_with_its_field() -> None:
    document = hard()["minimal"]
    (paragraph,) = [b for b in document.blocks if isinstance(b, Paragraph)]
    broken = replace(paragraph, content=(Text("A 漢 and a 😀."),))
    blocks = tuple(broken if block is paragraph else block for block in document.blocks)
    found = uncovered(replace(document, blocks=blocks), theme())
    assert found == (("body[0]", "漢"), ("body[0]", "😀"))


def test_furniture_is_looked_at_too() -> None:
    document = seed()
    head = replace(document.head, running_title="漢")
    assert uncovered(replace(document, head=head), theme()) == (("head", "漢"),)
