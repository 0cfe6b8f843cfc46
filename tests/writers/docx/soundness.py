"""Finds the faults in a Word file that no validator looks for."""

from __future__ import annotations

import re
from collections import Counter

from tests.writers.docx.anatomy import Element, WordFile, found, name, values

LONGEST = 64  # of a control's tag and title
PARTS = re.compile(r"word/(document|header\d*|footer\d*|footnotes)\.xml")


def flaws(data: bytes) -> list[str]:
    """Return the faults: control ids, bookmarks, fields, lengths of tags and titles."""
    file = WordFile(data)
    found_flaws: list[str] = []
    for part in filter(PARTS.fullmatch, file.parts):
        root = file.xml(part)
        for check in (_controls, _bookmarks, _fields):
            found_flaws += (f"{part}: {flaw}" for flaw in check(root))
    return found_flaws


def _controls(root: Element) -> list[str]:
    ids = values(root, "//w:sdtPr/w:id")
    long = [text for text in values(root, "//w:sdtPr/w:tag | //w:sdtPr/w:alias") if len(text) > LONGEST]
    nested = found(root, "//w:sdt//w:sdt")
    return (
        [f"two controls have the id {id}" for id in _twice(ids)]
        + [f"a control's tag or title is too long: {text}" for text in long]
        + ["a control stands in a control" for _ in nested]
    )


def _bookmarks(root: Element) -> list[str]:
    starts = values(root, "//w:bookmarkStart", "w:id")
    ends = values(root, "//w:bookmarkEnd", "w:id")
    names = values(root, "//w:bookmarkStart", "w:name")
    return (
        [f"bookmark {id} is not closed" for id in starts if id not in ends]
        + [f"bookmark {id} is not opened" for id in ends if id not in starts]
        + [f"two bookmarks have the id {id}" for id in _twice(starts)]
        + [f"two bookmarks are called {twice}" for twice in _twice([text.lower() for text in names])]
    )


def _fields(root: Element) -> list[str]:
    """Each field goes begin, separate, end, in one paragraph, and has a result to show."""
    flaws = []
    for paragraph in found(root, "//w:p"):
        order: list[str] = []
        for one in paragraph.iter(name("w:fldChar"), name("w:t")):
            kind = one.get(name("w:fldCharType"))
            if kind or (order and order[-1] == "separate"):
                order.append(kind or "result")
        if order != ["begin", "separate", "result", "end"] * (len(order) // 4):
            flaws.append(f"a field is not whole: {order}")
    return flaws


def _twice(texts: list[str]) -> list[str]:
    return [text for text, times in Counter(texts).items() if times > 1]
