"""The structure tree as PDF objects: elements, parent tree, annotations, bookmarks.

Source: ISO 32000-1, 14.7.2 to 14.7.4 (tree, parent tree), 12.3.3 (outline); ISO 14289-1, 7.1 and 7.18.

Not here: which elements there are (`story`), where their marks stand (`paper`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from presskit.writers.pdf.elements import Element
from presskit.writers.pdf.objects import text_string
from presskit.writers.pdf.paper import Annotation, Mark, Paper


class Bookmark(NamedTuple):
    """A heading in the reader's side panel."""

    title: str
    level: int  # 1 for the headline
    page: int  # from 0
    y_pt: float  # just above it, from the sheet's bottom


def write_structure(paper: Paper, root: Element) -> None:
    """Add the tree below `root` to the file, with the annotations that hang on it."""
    document = paper.document
    if not paper.owners[-1]:
        paper.owners.pop()
    pages = [document.page_number(page) for page in range(len(paper.owners))]
    top, parents = document.add(), document.add()
    numbers = {element: document.add() for element in _all(root, paper.marks)}
    for element, number in numbers.items():
        document.put(number, _element(element, paper, numbers, pages, top))
    entries = [
        b"%d[%s]" % (page, b" ".join([b"%d 0 R" % numbers[owner] for owner in owners]))
        for page, owners in enumerate(paper.owners)
    ]
    for key, annotation in enumerate(paper.annotations, len(pages)):
        document.put(annotation.object_number, b"<</Type/Annot%s/StructParent %d>>" % (annotation.body, key))
        entries.append(b"%d %d 0 R" % (key, numbers[annotation.element]))
    document.put(
        top,
        b"<</Type/StructTreeRoot/K[%d 0 R]/ParentTree %d 0 R/ParentTreeNextKey %d>>"
        % (numbers[root], parents, len(entries)),
    )
    document.put(parents, b"<</Nums[%s]>>" % b" ".join(entries))
    document.set_in_catalog(StructTreeRoot=b"%d 0 R" % top, MarkInfo=b"<</Marked true>>")


def _all(root: Element, marks: Mapping[Element, Sequence[Mark | Element | Annotation]]) -> list[Element]:
    """The elements from the root on, inline ones too."""
    found = [root]
    for element in found:  # grows while it is walked
        found += element.children
        found += [mark for mark in marks.get(element, ()) if isinstance(mark, Element)]
    return found


def _element(
    element: Element, paper: Paper, numbers: Mapping[Element, int], pages: Sequence[int], top: int
) -> bytes:
    """One structure element, ISO 32000-1 table 323."""
    marks = paper.marks.get(element, ())
    home = next((mark.page for mark in marks if isinstance(mark, Mark)), None)
    kids = [b"%d 0 R" % numbers[child] for child in element.children]
    kids[:0] = list(_kids(marks, numbers, pages, home))
    parent = numbers[element.parent] if element.parent is not None else top
    page = b"" if home is None else b"/Pg %d 0 R" % pages[home]
    attributes = element.attributes + paper.boxes.get(element, b"")
    return b"<</S/%s/P %d 0 R%s%s/K[%s]>>" % (element.tag.encode(), parent, attributes, page, b" ".join(kids))


def _kids(
    marks: Sequence[Mark | Element | Annotation],
    numbers: Mapping[Element, int],
    pages: Sequence[int],
    home: int | None,
) -> Iterator[bytes]:
    for mark in marks:
        if isinstance(mark, Element):
            yield b"%d 0 R" % numbers[mark]
        elif isinstance(mark, Annotation):
            yield b"<</Type/OBJR/Pg %d 0 R/Obj %d 0 R>>" % (pages[mark.page], mark.object_number)
        elif mark.page == home:
            yield b"%d" % mark.mcid
        else:
            yield b"<</Type/MCR/Pg %d 0 R/MCID %d>>" % (pages[mark.page], mark.mcid)


def write_bookmarks(paper: Paper, bookmarks: Sequence[Bookmark]) -> None:
    """Add the outline, all of it open: headings below the headline, as deep as their levels."""
    if not bookmarks:
        return
    document = paper.document
    root = document.add()
    numbers = [document.add() for _ in bookmarks]
    for parent, children in _families(bookmarks).items():
        ends = b"/First %d 0 R/Last %d 0 R" % (numbers[children[0]], numbers[children[-1]])
        above = root if parent < 0 else numbers[parent]
        if parent < 0:
            document.put(root, b"<</Type/Outlines%s/Count %d>>" % (ends, len(bookmarks)))
        for before, at, after in zip((None, *children), children, (*children[1:], None), strict=False):
            links = b"/Parent %d 0 R" % above
            links += b"" if before is None else b"/Prev %d 0 R" % numbers[before]
            links += b"" if after is None else b"/Next %d 0 R" % numbers[after]
            document.put(numbers[at], _bookmark(paper, bookmarks, at, numbers, links))
    document.set_in_catalog(Outlines=b"%d 0 R" % root)


def _bookmark(
    paper: Paper, bookmarks: Sequence[Bookmark], at: int, numbers: Sequence[int], links: bytes
) -> bytes:
    """One outline item, ISO 32000-1 table 153."""
    mark = bookmarks[at]
    total = len(bookmarks)
    below = next((i for i in range(at + 1, total) if bookmarks[i].level <= mark.level), total)
    if below > at + 1:
        children = [i for i in range(at + 1, below) if _above(bookmarks, i) == at]
        ends = numbers[children[0]], numbers[children[-1]], below - at - 1
        links += b"/First %d 0 R/Last %d 0 R/Count %d" % ends
    target = b"/Dest[%d 0 R/XYZ null %.2f null]" % (paper.document.page_number(mark.page), mark.y_pt)
    return b"<</Title %s%s%s>>" % (text_string(mark.title), links, target)


def _families(bookmarks: Sequence[Bookmark]) -> dict[int, list[int]]:
    """Indices of the children of each bookmark that has any; -1 is the outline itself."""
    families: dict[int, list[int]] = {}
    for at in range(len(bookmarks)):
        families.setdefault(_above(bookmarks, at), []).append(at)
    return families


def _above(bookmarks: Sequence[Bookmark], at: int) -> int:
    """The index of the nearest earlier bookmark of a higher level; -1 for none."""
    level = bookmarks[at].level
    return next((i for i in range(at - 1, -1, -1) if bookmarks[i].level < level), -1)
