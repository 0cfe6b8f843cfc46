"""What the file says about itself: document properties, all from the head of the release.

Source: ECMA-376 part 2, 11 (core properties); part 1, 22.2 (extended), 22.3 (custom).

Not here: anybody's name, the time of the build, or the computer's.
"""

from __future__ import annotations

from datetime import UTC

from presskit.document.nodes import Head
from presskit.writers.docx.baseline import SCHEMA
from presskit.writers.docx.markup import DECLARATION, escaped

CORE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
CUSTOM = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
EXTENDED = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"
TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
OWN_PROPERTIES = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"  # 22.3.2.2: the id all programs give their own
LONGEST = 255  # characters a program may expect in a core property
FIRST_OWN = 2  # 22.3.2.2: lower ones are reserved


def core_properties_xml(head: Head) -> str:
    """Return ``docProps/core.xml``; its dates are the release's own, in UTC."""
    moment = head.issued.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    said = (
        ("dc:title", head.title),
        ("dc:subject", head.masthead.kind),
        ("dc:creator", head.masthead.issuer),
        ("dc:description", head.summary),
        ("dc:identifier", head.masthead.reference or head.slug),
        ("dc:language", head.language),
    )
    words = "".join(f"<{name}>{escaped(_short(value))}</{name}>" for name, value in said if value)
    dates = "".join(
        f'<dcterms:{name} xsi:type="dcterms:W3CDTF">{moment}</dcterms:{name}>'
        for name in ("created", "modified")
    )
    return (
        f'{DECLARATION}<cp:coreProperties xmlns:cp="{CORE}" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"{words}{dates}</cp:coreProperties>"
    )


def custom_properties_xml(head: Head) -> str:
    """Return ``docProps/custom.xml``: by what the file is known again when it comes back."""
    said = ("presskit.release", head.slug), ("presskit.language", head.language), ("presskit.schema", SCHEMA)
    entries = "".join(
        f'<property fmtid="{OWN_PROPERTIES}" pid="{pid}" name="{name}">'
        f"<vt:lpwstr>{escaped(value)}</vt:lpwstr></property>"
        for pid, (name, value) in enumerate(said, FIRST_OWN)
    )
    return f'{DECLARATION}<Properties xmlns="{CUSTOM}" xmlns:vt="{TYPES}">{entries}</Properties>'


def extended_properties_xml() -> str:
    """Return ``docProps/app.xml``."""
    return f'<Properties xmlns="{EXTENDED}"><Application>presskit</Application></Properties>'


def _short(value: str) -> str:
    """Return a value as long as a property can be, cut after a whole word."""
    return value if len(value) <= LONGEST else f"{value[: LONGEST - 1].rsplit(' ', 1)[0]}…"
