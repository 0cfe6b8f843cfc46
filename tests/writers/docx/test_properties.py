from __future__ import annotations

import base64
import hashlib
import json
import zlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from lxml import etree

from presskit.document import nodes
from presskit.writers.docx import write_docx
from tests.documents import hard, seed, theme
from tests.writers.docx.anatomy import WordFile, found

DOCUMENTS = {"seed": seed(), **hard()}
CORE, CUSTOM, APP, STORE = (
    "docProps/core.xml",
    "docProps/custom.xml",
    "docProps/app.xml",
    "customXml/item1.xml",
)


def _file(document: nodes.Document) -> WordFile:
    return WordFile(write_docx(document, theme()))


def _said(file: WordFile, part: str) -> dict[str, str]:
    return {etree.QName(one).localname: one.text or "" for one in file.xml(part)}


def test_the_properties_say_what_the_head_says_and_nothing_else() -> None:
    head = seed().head
    summary = (
        "In recognition of World Day Against Trafficking in Persons on July\u00a030, the Provincial Human"
    )
    said = _said(_file(seed()), CORE)
    assert said.pop("description").startswith(summary)
    assert said == {
        "title": head.title,
        "subject": "NEWS RELEASE",
        "creator": head.masthead.issuer,
        "identifier": "No.\u00a02025-14",
        "language": "en-CA",
        "created": "2025-07-30T04:00:00Z",
        "modified": "2025-07-30T04:00:00Z",
    }
    assert _said(_file(seed()), APP) == {"Application": "presskit"}


def test_dates_are_the_releases_own_in_utc() -> None:
    head = replace(seed().head, issued=datetime(2025, 1, 1, 0, 30, tzinfo=timezone(timedelta(hours=9))))
    assert _said(_file(replace(seed(), head=head)), CORE)["created"] == "2024-12-31T15:30:00Z"
    head = replace(head, issued=datetime(2025, 1, 1, 0, 30, tzinfo=UTC))
    assert _said(_file(replace(seed(), head=head)), CORE)["created"] == "2025-01-01T00:30:00Z"


def test_a_property_is_not_longer_than_programs_expect() -> None:
    head = replace(seed().head, title="word " * 100, summary="x" * 300)
    said = _said(_file(replace(seed(), head=head)), CORE)
    assert max(map(len, said.values())) <= 255
    assert said["title"].endswith("word…")


def test_the_file_is_known_again_by_its_custom_properties() -> None:
    properties = {one.get("name"): one[0].text for one in _file(seed()).xml(CUSTOM)}
    assert properties == {
        "presskit.release": "ijfs-world-day",
        "presskit.language": "en-CA",
        "presskit.schema": "1",
    }


def _baseline(file: WordFile) -> tuple[dict[str, Any], bytes]:
    (packed,) = found(file.xml(STORE), "pk:baseline")
    tree = zlib.decompress(base64.b64decode(packed.text or ""))
    assert file.xml(STORE).get("sha256") == hashlib.sha256(tree).hexdigest()
    assert file.xml(STORE).get("schema") == "1"
    return json.loads(tree), tree


def _rebuilt(value: Any, images: dict[str, bytes], inline: bool = False) -> Any:
    """Make the tree of its JSON again; words stand as plain strings where inlines are."""
    if isinstance(value, list):
        return tuple(_rebuilt(one, images, inline) for one in value)
    if isinstance(value, str) and inline:
        return nodes.Text(value)
    if not isinstance(value, dict):
        return value
    if "node" not in value:
        return images[json.dumps(value)]
    kind = getattr(nodes, value.pop("node"))
    made = {name: _rebuilt(one, images, isinstance(one, list)) for name, one in value.items()}
    for name in ("issued", "embargo"):
        if made.get(name) and kind is nodes.Head:
            made[name] = datetime.fromisoformat(made[name])
    return kind(**made)


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_the_tree_can_be_made_again_of_what_the_file_keeps(document: nodes.Document) -> None:
    kept, _ = _baseline(_file(document))
    pictures = [block.image.data for block in document.blocks if isinstance(block, nodes.Figure)]
    attached = [one.data for one in document.head.attachments]
    known = {
        json.dumps({"size_bytes": len(data), "crc32": zlib.crc32(data)}): data
        for data in (*pictures, *attached)
    }
    assert _rebuilt(kept, known) == document


def test_nothing_in_the_file_is_bound_to_what_it_keeps() -> None:
    file = _file(DOCUMENTS["everything"])
    assert found(file.main, "//w:dataBinding") == []
    properties = file.xml("customXml/itemProps1.xml")
    (reference,) = properties.iter(
        "{http://schemas.openxmlformats.org/officeDocument/2006/customXml}schemaRef"
    )
    assert "urn:presskit:release:1" in reference.attrib.values()


def test_another_release_leaves_nothing_of_the_one_before_in_the_file() -> None:
    first, second = _file(seed()), _file(DOCUMENTS["minimal"])
    again = _file(seed())
    assert again.data == first.data
    assert b"ijfs-world-day" not in b"".join(second.parts.values())
    assert b"80" not in second.parts[CORE].split(b"<dc:title>")[1].split(b"</dc:title>")[0]
