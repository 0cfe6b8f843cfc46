"""PDF syntax as bytes: strings, names, dates and streams.

Not here: what a file consists of (`paper`, `structure`).
"""

from __future__ import annotations

import re
import zlib
from datetime import datetime

PAGE_LEVEL, FILE_LEVEL = 4, 6  # zlib: pages are made anew for each release, other streams are often kept


def text_string(text: str) -> bytes:
    """Return a text string, ISO 32000-1 7.9.2.2: ASCII as a literal, all else as UTF-16."""
    if text.isascii() and text.isprintable():
        return b"(" + re.sub(rb"([\\()])", rb"\\\1", text.encode()) + b")"
    return b"<FEFF" + text.encode("utf-16-be").hex().upper().encode() + b">"


def name(text: str) -> bytes:
    """Return a name object, ISO 32000-1 7.3.5: everything but letters, digits and ``-._+`` escaped."""
    return b"/" + re.sub(rb"[^A-Za-z0-9\-._+]", lambda m: b"#%02X" % m[0][0], text.encode())


def date_string(moment: datetime) -> bytes:
    """Return an aware date and time, ISO 32000-1 7.9.4."""
    zone = moment.strftime("%z")
    return text_string(moment.strftime("D:%Y%m%d%H%M%S") + f"{zone[:3]}'{zone[3:5]}'")


def stream(data: bytes, entries: bytes = b"", level: int = FILE_LEVEL) -> bytes:
    """Return a stream object, deflated.

    Source: ISO 32000-1 7.3.8; ISO 19005-3 6.1.7.1 (an end of line before ``endstream``).
    """
    packed = zlib.compress(data, level)
    head = b"<<%s/Filter/FlateDecode/Length %d>>\nstream\n" % (entries, len(packed))
    return head + packed + b"\nendstream"


def number(value: float) -> str:
    """Return a real with two decimals and no needless zeros."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if value % 1 else f"{value:.0f}"


def rectangle(left: float, bottom: float, right: float, top: float) -> bytes:
    """Return a rectangle in points, ISO 32000-1 7.9.5."""
    return f"[{number(left)} {number(bottom)} {number(right)} {number(top)}]".encode()
