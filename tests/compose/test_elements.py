from __future__ import annotations

from dataclasses import fields
from typing import get_args

from presskit.compose import view
from presskit.compose.elements import BLOCKS, ELEMENTS, FROM_HTML, INLINES
from presskit.document import nodes
from presskit.document.forms import FORMS
from tests.compose.drafts import pack


def element_name(node: type) -> str:
    return "".join(f"-{c.lower()}" if c.isupper() and i else c.lower() for i, c in enumerate(node.__name__))


def test_every_node_has_an_element_of_its_name_and_its_plain_fields_as_attributes() -> None:
    kinds = [*get_args(nodes.Block), *get_args(nodes.Inline), nodes.Item]
    assert {*kinds} - {nodes.Text} == FORMS.keys() - {nodes.Text}
    for node in kinds:
        if node is nodes.Text:
            continue
        element = ELEMENTS[element_name(node)]
        plain = {f.name for f in fields(node) if "tuple" not in str(f.type)}
        assert element.attributes - {"photo"} == plain - {"heading", "sublist", "image", "text"}


def test_the_elements_are_blocks_inlines_and_what_blocks_hold() -> None:
    assert {element_name(node) for node in get_args(nodes.Block)} == BLOCKS
    assert {element_name(node) for node in get_args(nodes.Inline)} - {"text"} == INLINES
    assert all(held in ELEMENTS for element in ELEMENTS.values() for held in element.elements)
    assert not FROM_HTML.keys() & ELEMENTS.keys()
    assert set(FROM_HTML.values()) <= ELEMENTS.keys()


def test_every_block_of_a_view_has_its_part_in_the_pack() -> None:
    parts = {block.part for block in (*get_args(view.Block), view.Contact)}
    assert len(parts) == 9
    assert parts <= pack("en-CA").templates.keys()


def test_every_template_starts_by_saying_what_it_is_for() -> None:
    templates = pack("en-CA").templates
    assert len(templates) > 15
    assert all(source.startswith("{#") for source in templates.values())
