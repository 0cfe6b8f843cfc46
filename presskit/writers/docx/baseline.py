"""The tree as it was when the file was made, kept in a part of our own inside the file.

With it an edited file says what was changed, wherever it was edited and whatever was stripped from it.  The
part is bound to nothing: Word would put a bound part's words over the officer's.

Form: JSON; a node is an object with its name under "node" and its fields, ``Text`` is a plain string, bytes
are their size and CRC-32 (pictures are in the file).

Source: ECMA-376 part 1, 15.2.5 and 15.2.6, 22.5 (custom XML data storage and its properties).

Not here: reading it back.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections.abc import Callable
from dataclasses import fields
from datetime import datetime
from functools import cache
from operator import attrgetter

from presskit.document import nodes
from presskit.writers.docx.markup import DECLARATION, RELEASE, quoted

SCHEMA = "1"  # of the JSON; a reader refuses one it does not know
STORE_ID = "{6E0D9B6E-52B1-4C3C-8C9A-6D1B7B1F0E55}"  # of this part within the file
STORE_NAMESPACE = "http://schemas.openxmlformats.org/officeDocument/2006/customXml"


def baseline_xml(document: nodes.Document) -> str:
    """Return our own part: the release's slug, the tree, and the SHA-256 of its JSON."""
    tree = tree_json(document).encode()
    packed = base64.b64encode(zlib.compress(tree, 1)).decode("ascii")
    facts = (
        f'slug="{quoted(document.head.slug)}" schema="{SCHEMA}" sha256="{hashlib.sha256(tree).hexdigest()}"'
    )
    baseline = f'<pk:baseline encoding="zlib+base64">{packed}</pk:baseline>'
    return f'{DECLARATION}<pk:release xmlns:pk="{RELEASE}" {facts}>{baseline}</pk:release>'


def store_properties_xml() -> str:
    """Return the properties of our own part."""
    return (
        f'<ds:datastoreItem ds:itemID="{STORE_ID}" xmlns:ds="{STORE_NAMESPACE}"><ds:schemaRefs>'
        f'<ds:schemaRef ds:uri="{RELEASE}"/></ds:schemaRefs></ds:datastoreItem>'
    )


def tree_json(document: nodes.Document) -> str:
    """Return the tree as JSON; the same tree gives the same text."""
    return ENCODER.encode(document)


def _plain(value: object) -> object:
    """Return what JSON has for a value it does not know."""
    if isinstance(value, nodes.Text):
        return value.text
    if isinstance(value, bytes):
        return {"size_bytes": len(value), "crc32": zlib.crc32(value)}
    if isinstance(value, datetime):
        return value.isoformat()
    kind: type = type(value)
    names, values = _shape(kind)
    return {"node": kind.__name__, **dict(zip(names, values(value), strict=True))}


@cache
def _shape(kind: type) -> tuple[tuple[str, ...], Callable[[object], tuple[object, ...]]]:
    """Return the names of a node's fields and what reads their values."""
    names = tuple(field.name for field in fields(kind))
    if len(names) < 2:  # attrgetter returns a tuple from two names on
        return names, lambda node: tuple(getattr(node, name) for name in names)
    return names, attrgetter(*names)


ENCODER = json.JSONEncoder(default=_plain, ensure_ascii=False, separators=(",", ":"))
