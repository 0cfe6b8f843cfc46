"""From a YAML file to plain texts, lists and fields, with the place of each.

Every scalar stays the text that was typed: NO, 10:30, 01234, 1.10, null and ~ mean nothing but themselves.
A field with nothing after its colon counts as absent.  What YAML can do beyond texts, lists and fields (tags,
anchors, aliases, several documents) is refused.  Not here: what the fields mean (`convert`), and the wording
of syntax errors (`syntax`).

Source: YAML 1.2.2, 10.1 (failsafe schema).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice

from ruamel.yaml.events import (
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    NodeEvent,
    ScalarEvent,
    SequenceStartEvent,
)

from presskit.errors import Place, Problem
from presskit.load import syntax
from presskit.load.characters import (
    SHOWN,
    decode,
    forbidden_character,
    forbidden_escapes,
    joined_surrogates,
    place_at,
)

LIMIT_BYTES = 2_000_000
"""The largest YAML file that is read: several hundred pages of text."""

LIMIT_DEPTH = 40
"""How many lists and fields may lie in each other; the models need a fraction of it."""

LIMIT_VALUES = 100_000
"""How many texts, lists and names of fields one file may hold: it bounds time where bytes do not."""

_CUT = re.compile(r" +(#[^\s#].*)")

Tree = str | list["Tree"] | dict[str, "Tree"]
"""What a YAML file holds."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where each field stands: ``body[2].agencies[0]`` of a release, ``people#dusto.name`` of a register."""

    values: Mapping[str, Place] = field(default_factory=dict)
    names: Mapping[str, Place] = field(default_factory=dict)  # of the fields' names
    empty: frozenset[str] = frozenset()  # fields and entries that are named, but nothing was typed

    def find(self, field: str) -> Place:
        """Return where a field's value stands; else what it lies in, else the file, else the data folder."""
        file = field.rpartition("#")[0]
        while field not in self.values and field.rpartition("#")[2]:
            field = _outer(field)
        return self.values.get(field) or Place(f"data/{file}.yaml" if file else "data")

    def name(self, field: str) -> Place:
        """Return where a field's name stands; else where its value would."""
        return self.names.get(field) or self.find(field)

    def __or__(self, other: Places) -> Places:
        return Places(
            {**self.values, **other.values}, {**self.names, **other.names}, self.empty | other.empty
        )


def shown(field: str) -> str:
    """Return a field as a message shows it, which names the file already: dusto.name."""
    return field.rpartition("#")[2]


def _outer(field: str) -> str:
    """Return what a field lies in: ``people#dusto.name``, ``people#dusto``, ``people#``."""
    file, mark, path = field.rpartition("#")
    return file + mark + path[: max(path.rfind("."), path.rfind("["), 0)]


@dataclass(frozen=True, slots=True)
class Source:
    """One YAML file, read."""

    tree: Tree | None  # none: nothing is in it, or it can not be read
    places: Places
    problems: tuple[Problem, ...]


def parse(content: bytes, file: str, prefix: str = "") -> Source:
    """Return what a YAML file holds, or all that is wrong with it as YAML.

    Args:
        prefix: what the paths of the fields start with: "people#".
    """
    text, problems = decode(content, file)
    if problems:
        return Source(None, Places({prefix: Place(file)}), problems)
    reader = _Reader(text, file, prefix)
    try:
        reader.read()
    except syntax.Refused as refused:
        return Source(None, reader.places(), (*reader.problems, refused.problem))
    return Source(reader.tree, reader.places(), tuple(reader.problems))


@dataclass(slots=True)
class _Holder:
    """A list or a block of fields that is being filled."""

    path: str
    content: list[Tree] | dict[str, Tree]
    named: dict[str, Place] = field(default_factory=dict)  # its fields so far
    name: str | None = None  # of the field whose value comes next

    def next_path(self) -> str:
        """Return the path of the value that comes next."""
        if isinstance(self.content, list):
            return f"{self.path}[{len(self.content)}]"
        return _joined(self.path, self.name or "")

    def put(self, value: Tree) -> None:
        """Take the next value in; a field that stands twice keeps its first."""
        if isinstance(self.content, list):
            self.content.append(value)
        elif self.name is not None:
            self.content.setdefault(self.name, value)
            self.name = None


class _Reader:
    """Builds the tree from ruamel's events; one for each file.

    Why: events, not nodes: composing nodes recurses, so a deep file would exhaust the stack before anything
    could say where.
    """

    def __init__(self, text: str, file: str, prefix: str) -> None:
        self.tree: Tree | None = None
        self.problems: list[Problem] = []
        self._text, self._file, self._prefix = text, file, prefix
        self._values: dict[str, Place] = {prefix: Place(file)}
        self._names: dict[str, Place] = {}
        self._empty: set[str] = set()
        self._open: list[_Holder] = []
        self._documents = self._count = 0

    def places(self) -> Places:
        """Return the places found so far."""
        return Places(self._values, self._names, frozenset(self._empty))

    def read(self) -> None:
        """Read the file; raises `syntax.Refused` where it can not be read on."""
        for event in syntax.events(self._text, self._file):
            match event:
                case DocumentStartEvent():
                    self._documents += 1
                    if self._documents > 1:
                        raise syntax.second_document(self._place(event))
                case CollectionEndEvent():
                    self._open.pop()
                case NodeEvent():
                    self._node(event)

    def _node(self, event: NodeEvent) -> None:
        place = self._place(event)
        if event.anchor is not None or getattr(event, "tag", None) is not None:
            raise syntax.special_start(self._text[event.start_mark.index], place)
        self._count += 1
        if self._count > LIMIT_VALUES:
            raise syntax.too_many(place, LIMIT_VALUES)
        holder = self._open[-1] if self._open else None
        if holder is not None and isinstance(holder.content, dict) and holder.name is None:
            self._name(event, place, holder)
        elif isinstance(event, ScalarEvent):
            self._text_value(event, place, holder)
        else:
            self._opened(event, place, holder)

    def _name(self, event: NodeEvent, place: Place, holder: _Holder) -> None:
        """Take the name of the field that comes next."""
        name = self._words(event, holder.path) if isinstance(event, ScalarEvent) else ""
        if not name:
            raise syntax.nameless(place)
        if name in holder.named:
            what = f"this field stands twice, in line {holder.named[name].line} and in line {place.line}."
            path = shown(_joined(holder.path, name))
            self.problems.append(Problem(place, path, what, "keep one and delete the other.", "field-twice"))
        holder.named.setdefault(name, place)
        holder.name = name

    def _text_value(self, event: ScalarEvent, place: Place, holder: _Holder | None) -> None:
        path = holder.next_path() if holder else self._prefix
        if event.style is None:
            self._find_cut(event)
        if event.style is None and not event.value:
            self._empty.add(path)
            if holder is None:  # a line of three hyphens and nothing else
                return
            if holder.name is not None:
                self._note(path, holder.named[holder.name], holder)
                holder.name = None
                return
        words = self._words(event, path)
        self._note(path, place, holder)
        if holder is None:
            self.tree = words
        else:
            holder.put(words)

    def _opened(self, event: NodeEvent, place: Place, holder: _Holder | None) -> None:
        """Open a list or a block of fields."""
        if len(self._open) == LIMIT_DEPTH:
            raise syntax.too_deep(place, LIMIT_DEPTH)
        assert isinstance(event, CollectionStartEvent)
        opened = _Holder(
            holder.next_path() if holder else self._prefix,
            [] if isinstance(event, SequenceStartEvent) else {},
        )
        if holder is None:
            self.tree = opened.content
        else:
            self._note(opened.path, place, holder)
            holder.put(opened.content)
        self._open.append(opened)

    def _note(self, path: str, place: Place, holder: _Holder | None) -> None:
        """Note the place of a value and of its name; of a field that stands twice, the first counts."""
        self._values.setdefault(path, place)
        if holder is not None and holder.name is not None:
            self._names.setdefault(path, holder.named[holder.name])

    def _words(self, event: ScalarEvent, path: str) -> str:
        """Return a text with composed accents (NFC); report what escapes smuggle into it."""
        words: str = event.value
        start = event.start_mark.index
        if event.style == '"' and "\\" in (source := self._text[start : event.end_mark.index]):
            for index, character in islice(forbidden_escapes(source), SHOWN):
                place = place_at(self._text, start + index, self._file)
                self.problems.append(forbidden_character(character, place, shown(path)))
            words = joined_surrogates(words)
        return words if words.isascii() else unicodedata.normalize("NFC", words)

    def _find_cut(self, event: ScalarEvent) -> None:
        """Report a # right after a bare text that is more likely part of it than the start of a comment."""
        start = event.end_mark.index
        if found := _CUT.match(self._text, start):
            place = place_at(self._text, found.start(1), self._file)
            self.problems.append(syntax.cut_text(found.group(1), place))

    def _place(self, event: Event) -> Place:
        return Place(self._file, event.start_mark.line + 1, event.start_mark.column + 1)


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path and not path.endswith("#") else path + name
