"""XML text to the tree: read by expat, held to `elements`, everything wrong reported with template and line.

Not here: how the text came about (`environment`), and what an element becomes (`builder`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from xml.parsers import expat

from presskit.compose.builder import Open, block, hand_up, inline, tidied
from presskit.compose.elements import BLOCKS, ELEMENTS, FROM_HTML, INLINES, ONCE, Element
from presskit.document import nodes
from presskit.errors import BadSettings, Place, Problem
from presskit.model.registers import Photo

DEPTH = 60
"""So deep elements may stand in each other; a list of nine levels needs a third of it."""

_ID = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")


def read(xml: str, folder: str, template: str, photos: Mapping[str, Photo]) -> tuple[nodes.Block, ...]:
    """Return the blocks of a document.

    Args:
        folder: the template pack's, from the project folder.
        template: the document's template, from the pack's folder.

    Raises:
        BadSettings: an element is unknown, misplaced, incomplete or not closed; carries all that was found.
    """
    reader = _Reader(folder, template, photos)
    content = xml.encode("utf-8", "xmlcharrefreplace")  # half a character becomes a number XML refuses
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.words
    parser.StartDoctypeDeclHandler = reader.doctype
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        reader.note_broken(error, content[parser.ErrorByteIndex :].decode(errors="replace"))
    if reader.problems:
        raise BadSettings(reader.problems)
    return tuple(reader.root.blocks)


class _Reader:
    """Builds the tree as expat goes through the text; after the first problem it only looks for more."""

    def __init__(self, folder: str, template: str, photos: Mapping[str, Photo]) -> None:
        self.problems: list[Problem] = []
        self.root = Open("", Element(elements=frozenset(("document",))), f"{template}:0", {})
        self._folder, self._photos = folder, photos
        self._open = [self.root]
        self._skipped = 0  # elements open within one that was refused, itself included
        self._ids: dict[str, Open] = {}

    # --- what expat calls --------------------------------------------------------------------------

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Open an element, or note why it can not stand here and skip it with all it holds."""
        parent = self._open[-1]
        at = attributes.pop("at", parent.at)
        if self._skipped or not self._fits(name, parent):
            if not self._skipped:
                self._note_misfit(name, parent, at)
            self._skipped += 1
            return
        parent.tried.add(name)
        opened = Open(name, ELEMENTS[name], at, attributes)
        if attributes.keys() != opened.element.attributes or opened.element.values or name == "figure":
            self._check_attributes(opened)
        if "id" in attributes:
            self._check_id(opened)
        self._open.append(opened)

    def words(self, text: str) -> None:
        """Take in words, or note that none may stand here."""
        holder = self._open[-1]
        if self._skipped:
            return
        if holder.element.words:
            holder.content.append(nodes.Text(text))
        elif shown := text.strip(" \t\r\n"):
            what = f"the words “{shown[:60]}” stand outside of any element for words."
            fix = f"put them into one of {_listed(holder.element.elements)}, or take them out."
            self._note(holder, what, fix, "template-words")

    def end(self, _: str) -> None:
        """Close an element and hand what it is to the one it stands in."""
        if self._skipped:
            self._skipped -= 1
            return
        closed = self._open.pop()
        name = closed.name
        if name not in INLINES:
            closed.content = tidied(closed.content)
        self._check_whole(closed)
        if self.problems:
            return
        if name in INLINES:
            self._open[-1].content += inline(closed)
        elif name in BLOCKS:
            self._open[-1].blocks.append(block(closed, self._photos))
        else:
            hand_up(closed, self._open[-1])

    def doctype(self, *_: object) -> None:
        """Note a document type: it could define entities, which grow without end or read files."""
        self._note(self._open[-1], "a template can not declare a DOCTYPE.", "take it out.", "template-xml")

    # --- what is wrong -----------------------------------------------------------------------------

    def note_broken(self, error: expat.ExpatError, rest: str) -> None:
        """Note where the text stops being well-formed XML; `rest` is the text from there on."""
        where = self._open[-1]
        reason = expat.ErrorString(error.code)
        what, fix = f"in here the XML is broken: {reason}.", "see that each < and & is part of an element."
        if unfinished := re.match(r'<([\w-]+) at="([^"]*)"', rest):
            where = Open(unfinished[1], Element(), unfinished[2], {})
        if error.code == expat.errors.codes[expat.errors.XML_ERROR_TAG_MISMATCH]:
            closing = re.match(r"[\w-]*", rest.removeprefix("</"))
            what = f"<{where.name}> opens here, and </{closing[0] if closing else ''}> comes before its end."
            fix = f"write </{where.name}> where it ends."
        elif entity := re.match(r"&\w+;", rest):
            what = f"XML does not know “{entity[0]}”."
            fix = "write the character itself, or its number: &#160; for a no-break space."
        elif where is self.root:
            what, fix = f"this makes no document: {reason}.", "write everything into one <document>."
        self._note(where, what, fix, "template-xml")

    def _note(self, where: Open, what: str, fix: str, code: str) -> None:
        file, _, line = where.at.rpartition(":")
        place = Place(f"{self._folder}/{file}", int(line))
        self.problems.append(Problem(place, f"<{where.name}>" if where.name else "", what, fix, code))

    def _fits(self, name: str, parent: Open) -> bool:
        """Whether an element may stand where it stands."""
        again = name in ONCE and name in parent.tried
        return name in parent.element.elements and not again and len(self._open) <= DEPTH

    def _note_misfit(self, name: str, parent: Open, at: str) -> None:
        """Note why an element can not stand where it stands."""
        here, allowed = Open(name, Element(), at, {}), _listed(parent.element.elements)
        if name not in ELEMENTS:
            near = FROM_HTML.get(name) or next(iter(get_close_matches(name, ELEMENTS, 1)), None)
            fix = f"did you mean <{near}>?" if near else f"write one of {allowed}."
            self._note(here, f"there is no element <{name}>.", fix, "template-element")
        elif name not in parent.element.elements:
            inside = f"in <{parent.name}>" if parent.name else "outside of <document>"
            self._note(here, f"it can not stand {inside}.", f"what can: {allowed}.", "template-nesting")
        elif name in ONCE and name in parent.tried:
            fix = f"write it once in each <{parent.name}>."
            self._note(here, f"it stands in <{parent.name}> twice.", fix, "template-nesting")
        else:
            what = f"elements stand more than {DEPTH} deep in each other."
            self._note(here, what, "make the text simpler.", "template-nesting")

    def _check_attributes(self, opened: Open) -> None:
        """Note attributes that are missing, not known, or have a value they can not have."""
        element, given = opened.element, opened.attributes
        missing = element.attributes - element.optional - given.keys()
        wrong = [f"{name} is missing" for name in sorted(missing)]
        wrong += [f"{name} is not known" for name in sorted(given.keys() - element.attributes)]
        for name, values in element.values.items():
            if given.get(name, values[0]) not in values:
                wrong.append(f"{name} is “{given[name]}” and can only be {' or '.join(values)}")
        if opened.name == "figure" and "photo" in given and given["photo"] not in self._photos:
            wrong.append(f"photo is “{given['photo']}”, and the release has none of that name")
        if wrong:
            names = ", ".join(sorted(element.attributes)) or "none"
            fix = f"the attributes of <{opened.name}>: {names}."
            self._note(opened, "; ".join(wrong) + ".", fix, "template-attribute")

    def _check_id(self, opened: Open) -> None:
        block_id = opened.attributes["id"]
        if not _ID.fullmatch(block_id):
            fix = "write lower-case letters, digits, hyphens and dots: quote.dusto."
            self._note(opened, f"“{block_id}” can not be an id.", fix, "template-attribute")
        elif (first := self._ids.setdefault(block_id, opened)) is not opened:
            what = f"the id “{block_id}” is that of <{first.name}> in {self._folder}/{first.at} already."
            fix = "print each block once, and give each element an id of its own."
            self._note(opened, what, fix, "id-twice")

    def _check_whole(self, closed: Open) -> None:
        """Note what is missing in an element that ends."""
        needs = closed.element.needs
        if closed.attributes.get("form") == "sentence":
            needs = needs | {"sentence"}
        missing = [f"<{part}>" for part in sorted(needs - closed.tried - {"words"})]
        if "words" in needs and not closed.content and not closed.tried & INLINES:
            missing.append("words")
        if missing:
            fix = "write them into it, or leave it out with {% if %}."
            self._note(closed, f"it holds no {' and no '.join(missing)}.", fix, "template-incomplete")
        elif (
            closed.name == "section" and not self.problems and not isinstance(closed.blocks[0], nodes.Heading)
        ):
            self._note(
                closed, "it does not open with its <heading>.", "write that first.", "template-nesting"
            )
        elif closed.name == "table" and len({len(row) for rows in closed.rows.values() for row in rows}) > 1:
            fix = "write as many <cell> in each <row> as in <header>."
            self._note(closed, "its rows have different numbers of cells.", fix, "template-incomplete")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"<{name}>" for name in sorted(names)) or "nothing"
