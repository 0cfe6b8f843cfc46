"""The PDF file: ReportLab's document and numbering, with objects of ours that are bytes already.

Why: static objects (fonts, profiles) and thousands of structure elements would otherwise pass ReportLab's
dictionary formatting, which is most of its time.

Not here: what the objects say.
"""

from __future__ import annotations

import hashlib
from io import BytesIO

from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas

Version = tuple[int, int]


class Document(pdfdoc.PDFDocument):  # type: ignore[misc] # ReportLab ships no types
    """ReportLab's document, which also takes objects that are ready bytes."""

    def __init__(self, version: Version, language: str) -> None:
        super().__init__(compression=1, invariant=1, pdfVersion=version, lang=language)
        self.Catalog.Outlines = None
        self._ready: dict[int, bytes] = {}
        self._identity = hashlib.md5(usedforsecurity=False)

    def add(self, body: bytes = b"") -> int:
        """Return the number of a new object; its bytes may come later, by `put`."""
        self.objectcounter += 1
        self._ready[self.objectcounter] = body
        return int(self.objectcounter)

    def put(self, number: int, body: bytes) -> None:
        """Give the bytes of an object that has its number already."""
        self._ready[number] = body

    def identify(self, data: bytes) -> None:
        """Let the file's identifier depend on these bytes (ISO 32000-1, 14.4)."""
        self._identity.update(data)

    def page_number(self, page: int) -> int:
        """Return the object number of a page, counted from 0."""
        return int(self.idToObjectNumberAndVersion[f"Page{page + 1}"][0])

    def set_in_catalog(self, **entries: bytes) -> None:
        """Add ready entries to the document catalogue."""
        set_entries(self.Catalog, **entries)

    def format(self) -> bytes:
        """Return the whole file: header, objects, cross-reference table, trailer (ISO 32000-1, 7.5)."""
        info = self.Reference(self.info).format(self)
        catalog = self.Reference(self.Catalog).format(self)
        out = [b"%%PDF-%d.%d\n%%\xe2\xe3\xcf\xd3\n" % self._pdfVersion]
        at, number, offsets = len(out[0]), 0, []
        while number < self.objectcounter:  # formatting an object may add others
            number += 1
            body = self._ready.get(number)
            if body is None:
                body = pdfdoc.format(self.idToObject[self.numberToId[number]], self, toplevel=1)
            start = b"%d 0 obj\n" % number
            offsets.append(b"%010d 00000 n \n" % at)
            out += start, body, b"\nendobj\n"
            at += len(start) + len(body) + 8
        identity = self._identity.hexdigest().encode()
        out.append(b"xref\n0 %d\n0000000000 65535 f \n%s" % (number + 1, b"".join(offsets)))
        out.append(b"trailer\n<</Size %d/Root %s/Info %s" % (number + 1, catalog, info))
        out.append(b"/ID[<%s><%s>]>>\nstartxref\n%d\n%%%%EOF\n" % (identity, identity, at))
        return b"".join(out)


class Ready(pdfdoc.PDFObject):  # type: ignore[misc] # ReportLab ships no types
    """Ready bytes where ReportLab wants an object of its own."""

    __RefOnly__ = 1

    def __init__(self, body: bytes) -> None:
        self._body = body

    def format(self, document: Document) -> bytes:
        """Return the bytes."""
        return self._body

    def digest(self, signature: object) -> None:
        """Do nothing: the identifier is made by `Document.identify`."""


def set_entries(dictionary: pdfdoc.PDFCatalog, **entries: bytes) -> None:
    """Add ready entries to a dictionary of ReportLab's that knows only its own keys."""
    dictionary.__NoDefault__ = [*dictionary.__NoDefault__, *entries]
    vars(dictionary).update(entries)


def new_canvas(version: Version, language: str, size_pt: tuple[float, float]) -> Canvas:
    """Return a canvas over a `Document`, with nothing selected.

    Why: ReportLab's own preamble selects Helvetica, which no file of ours embeds.
    """
    canvas = Canvas(BytesIO(), size_pt, pageCompression=1, invariant=1, pdfVersion=version, lang=language)
    canvas._doc = Document(version, language)
    canvas._preamble = ""
    return canvas
