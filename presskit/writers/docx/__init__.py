"""The tree as a Word file that an officer can edit anywhere and that can be read back block by block.

Each block stands in a titled control, each passage carries its id in a hidden bookmark, styles say what it
is, and the tree as it was travels along in a part of its own: any of the four finds a block again.

Not here: reading a file back.
"""

from __future__ import annotations

from collections.abc import Iterator

from presskit.document.nodes import Document
from presskit.model.theme import Theme
from presskit.writers.docx.baseline import baseline_xml
from presskit.writers.docx.body import Main, main_part
from presskit.writers.docx.furniture import foot_xml, running_head_xml
from presskit.writers.docx.markup import DECLARATION, quoted
from presskit.writers.docx.package import Part, pack, stored, xml_part
from presskit.writers.docx.pictures import part_name, picture_part
from presskit.writers.docx.properties import core_properties_xml, custom_properties_xml
from presskit.writers.docx.runs import Runs
from presskit.writers.docx.template import RELATIONS, Template, template

RELATION_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def write_docx(document: Document, theme: Theme) -> bytes:
    """Return the Word file of a document; the same bytes for the same document and theme."""
    prepared = template(theme, document.head.language)
    main = main_part(document, theme, prepared.references)
    return pack((*prepared.parts, *_parts(document, theme, prepared, main)))


def _parts(document: Document, theme: Theme, prepared: Template, main: Main) -> Iterator[Part]:
    """Yield the parts of one release."""
    head = document.head
    foot = foot_xml(head, Runs(theme))
    yield xml_part("word/document.xml", main.xml)
    yield xml_part(RELATIONS, _relations_xml(prepared, main))
    yield xml_part("word/numbering.xml", DECLARATION + main.numbering_xml)
    yield xml_part("word/header1.xml", running_head_xml(document, Runs(theme)))
    yield xml_part("word/footer1.xml", foot)
    yield xml_part("word/footer2.xml", foot)
    yield xml_part("docProps/core.xml", core_properties_xml(head))
    yield xml_part("docProps/custom.xml", custom_properties_xml(head))
    yield stored("customXml/item1.xml", baseline_xml(document).encode())
    for number, image in enumerate(main.pictures, 1):
        yield picture_part(number, image)


def _relations_xml(prepared: Template, main: Main) -> str:
    """Return the relations of the main part: the template's, then links and pictures."""
    links = (
        _relation(key, "hyperlink", quoted(address), ' TargetMode="External"')
        for address, key in main.addresses.items()
    )
    pictures = (
        _relation(key, "image", part_name(number, image).removeprefix("word/"))
        for number, (image, key) in enumerate(main.pictures.items(), 1)
    )
    return "".join((prepared.relations, *links, *pictures, "</Relationships>"))


def _relation(key: str, kind: str, target: str, mode: str = "") -> str:
    return f'<Relationship Id="{key}" Type="{RELATION_TYPES}/{kind}" Target="{target}"{mode}/>'
