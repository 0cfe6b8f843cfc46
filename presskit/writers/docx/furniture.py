"""Masthead, running head and foot: what stands on the page without being an editable block.

Source: ECMA-376 part 1, 17.10 (headers and footers), 17.16.18 (complex fields), 17.3.3.23 (alignment tabs).

Not here: where they stand on the sheet (`sections`).
"""

from __future__ import annotations

import re

from presskit.document.nodes import Document, Head, Masthead
from presskit.document.walk import running_head, warning
from presskit.writers.docx.markup import DECLARATION, W, val
from presskit.writers.docx.runs import Runs

FIELD = re.compile(r"(\{pages?\})")
SEPARATOR = " · "


def masthead_xml(masthead: Masthead, runs: Runs, logo: str = "") -> str:
    """Return the top of page 1: logo and issuer, then kind, date and reference side by side."""
    name = f"{logo}<w:r><w:br/></w:r>" * bool(logo) + runs.plain(masthead.issuer)
    issuer = f"<w:p><w:pPr>{val('pStyle', 'Masthead')}</w:pPr>{name}</w:p>"
    middle, last = (masthead.date, masthead.reference) if masthead.reference else ("", masthead.date)
    line = runs.plain(masthead.kind, "MastheadKind")
    if last:
        line += f"{_aligned('center')}{runs.plain(middle)}{_aligned('right')}{runs.plain(last)}"
    return f"{issuer}<w:p><w:pPr>{val('pStyle', 'MastheadLine')}</w:pPr>{line}</w:p>" if line else issuer


def running_head_xml(document: Document, runs: Runs) -> str:
    """Return the running head of page 2 and on."""
    alarm, said = warning(document), running_head(document)
    opening = runs.plain(alarm, "Warning") if alarm else ""
    return _part("hdr", "Header", opening + runs.plain(said.removeprefix(alarm)))


def foot_xml(head: Head, runs: Runs) -> str:
    """Return the foot of every page: office and reference, and at the right the page's number."""
    words = SEPARATOR.join(filter(None, (head.office, head.masthead.reference)))
    fields = {"{page}": _field("PAGE", "1"), "{pages}": _field("NUMPAGES", "1")}
    label = "".join(fields.get(part) or runs.plain(part) for part in FIELD.split(head.page_label) if part)
    return _part("ftr", "Footer", f"{runs.plain(words)}{_aligned('right')}{label}")


def _part(kind: str, style: str, content: str) -> str:
    paragraph = f"<w:p><w:pPr>{val('pStyle', style)}</w:pPr>{content}</w:p>"
    return f'{DECLARATION}<w:{kind} xmlns:w="{W}">{paragraph}</w:{kind}>'


def _aligned(side: str) -> str:
    """Return what aligns the words after it, with a space for programs that pass over alignment tabs.

    Why: an alignment tab goes to the line's middle or end whatever the margins are, and reads as a space;
    LibreOffice takes it for a tab, so the styles have stops at the same places.
    """
    tab = f'<w:ptab w:relativeTo="indent" w:alignment="{side}" w:leader="none"/>'
    return f'<w:r><w:t xml:space="preserve"> </w:t>{tab}</w:r>'


def _field(name: str, result: str) -> str:
    """Return a field Word computes, with a result to show until it has.

    Why: a field without result is said to make Word offer a repair.
    """
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {name} </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        f'<w:r><w:t>{result}</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
