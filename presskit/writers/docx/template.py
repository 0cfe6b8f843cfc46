"""Everything of a Word file that does not change from release to release, prepared once by python-docx.

python-docx brings its default package: the relations, the content types and the parts a program expects.  All
it says is replaced: its own styles are 350 kB, its layout that of Word 2010.

Why: python-docx takes 70 ms for a release; prepared parts are copied as they are, and the rest is one string.

Not here: anything of one release.  This is the one module that imports python-docx.
"""

from __future__ import annotations

import io
import zipfile
from functools import lru_cache
from typing import NamedTuple

from docx import Document
from docx.opc.constants import CONTENT_TYPE as CT
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.packuri import PackURI
from docx.opc.part import Part as PythonDocxPart
from docx.oxml import parse_xml
from docx.parts.document import DocumentPart
from docx.section import Section
from lxml import etree

from presskit.model.theme import Theme
from presskit.writers.docx.baseline import store_properties_xml
from presskit.writers.docx.markup import DECLARATION, A, R, W
from presskit.writers.docx.package import LEVEL_ONCE, Part, deflated
from presskit.writers.docx.properties import extended_properties_xml
from presskit.writers.docx.settings import (
    colour_scheme_xml,
    font_scheme_xml,
    font_table_xml,
    settings_xml,
)
from presskit.writers.docx.styles import styles_xml

CONTENT_TYPES = "[Content_Types].xml"
RELATIONS = "word/_rels/document.xml.rels"
OF_EACH_RELEASE = (
    "word/document.xml",
    RELATIONS,
    "word/header1.xml",
    "word/footer1.xml",
    "word/footer2.xml",
    "word/numbering.xml",
    "docProps/core.xml",
    "docProps/custom.xml",
    "customXml/item1.xml",
)
"""Parts the writer makes for each release; here they hold nothing."""

PICTURE_TYPES = (
    '<Default Extension="jpeg" ContentType="image/jpeg"/><Default Extension="png" ContentType="image/png"/>'
)
TYPE, ID = f"{{{W}}}type", f"{{{R}}}id"


class Template(NamedTuple):
    """What all releases of one theme and language share."""

    parts: tuple[Part, ...]  # packed, content types first
    relations: str  # of the main part, without its end tag
    references: str  # of the first section: to its running head and feet


@lru_cache(8)
def template(theme: Theme, language: str) -> Template:
    """Return the prepared parts of a theme in a language."""
    document = Document()
    _drop(document.part)
    _dress(document.part, theme, language)
    references = _furnish(document.sections[0])
    _add_stores(document.part)
    saved = io.BytesIO()
    document.save(saved)
    with zipfile.ZipFile(saved) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    files[CONTENT_TYPES] = files[CONTENT_TYPES].replace(
        b"<Default ", PICTURE_TYPES.encode() + b"<Default ", 1
    )
    names = sorted(files.keys() - set(OF_EACH_RELEASE), key=lambda name: (name != CONTENT_TYPES, name))
    parts = tuple(deflated(name, files[name], LEVEL_ONCE) for name in names)
    return Template(parts, files[RELATIONS].decode().removesuffix("</Relationships>"), references)


def _drop(main: DocumentPart) -> None:
    """Take out what the default package has and nobody needs: old styles, a bibliography, a thumbnail."""
    for owner, endings in (
        (main, ("stylesWithEffects", "customXml", "webSettings")),
        (main.package, ("thumbnail",)),
    ):
        for key in [key for key, relation in owner.rels.items() if relation.reltype.endswith(endings)]:
            del owner.rels[key]


def _dress(main: DocumentPart, theme: Theme, language: str) -> None:
    """Put the theme's own styles, settings, fonts and colours in the place of the default ones."""
    main._styles_part._element = parse_xml(styles_xml(theme, language))
    main._settings_part._element = parse_xml(settings_xml(theme, language))
    main.part_related_by(RT.FONT_TABLE)._blob = _bytes(font_table_xml(theme))
    schemes = main.part_related_by(RT.THEME)
    tree = etree.fromstring(schemes.blob)
    (elements,) = tree.iterchildren(f"{{{A}}}themeElements")
    for scheme in (colour_scheme_xml(theme), font_scheme_xml(theme)):
        made = etree.fromstring(scheme)
        (old,) = elements.iterchildren(made.tag)
        elements.replace(old, made)
    schemes._blob = etree.tostring(tree, encoding="UTF-8", standalone=True)


def _furnish(section: Section) -> str:
    """Add the parts of running head and feet; return the references to them.

    The first page has a foot but no running head: one that is not given is blank (17.10.2).
    """
    for part in (section.header, section.footer, section.first_page_footer):
        part.is_linked_to_previous = False
    found = section._sectPr.xpath("w:headerReference | w:footerReference")
    return "".join(
        f'<w:{etree.QName(e).localname} w:type="{e.get(TYPE)}" r:id="{e.get(ID)}"/>' for e in found
    )


def _add_stores(main: DocumentPart) -> None:
    """Add the parts python-docx knows nothing of: custom properties and our own store."""
    package = main.package
    package.relate_to(_part(main, "/docProps/custom.xml", CT.OFC_CUSTOM_PROPERTIES), RT.CUSTOM_PROPERTIES)
    store = _part(main, "/customXml/item1.xml", CT.XML)
    facts = _part(main, "/customXml/itemProps1.xml", CT.OFC_CUSTOM_XML_PROPERTIES, store_properties_xml())
    store.relate_to(facts, RT.CUSTOM_XML_PROPS)
    main.relate_to(store, RT.CUSTOM_XML)
    package.part_related_by(RT.EXTENDED_PROPERTIES)._blob = _bytes(extended_properties_xml())


def _part(main: DocumentPart, name: str, content_type: str, xml: str = "<empty/>") -> PythonDocxPart:
    return PythonDocxPart(PackURI(name), content_type, _bytes(xml), main.package)


def _bytes(xml: str) -> bytes:
    return (DECLARATION + xml).encode()
