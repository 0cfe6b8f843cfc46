"""Events of a YAML file from ruamel, and its complaints in a press officer's words.

Not here: what the events build (`yaml`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import Event, ScalarEvent

from presskit.errors import Place, Problem
from presskit.load.characters import place_at

QUOTE_IT = "put the whole text in quotation marks, or write >- after the colon and the text on the next line."
ALIGN = "start it in the same column as the lines it belongs with, using spaces."


class Refused(Exception):
    """A file can not be read on; carries why."""

    def __init__(self, place: Place, what: str, fix: str, code: str = "yaml-syntax") -> None:
        self.problem = Problem(place, "", what, fix, code)
        super().__init__(what)


def events(text: str, file: str) -> Iterator[Event]:
    """Yield the events of a file.

    Raises:
        Refused: it is not YAML.
    """
    quoted: ScalarEvent | None = None
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            if isinstance(event, ScalarEvent) and event.style in ("'", '"'):
                quoted = event
            yield event
    except MarkedYAMLError as error:
        raise _explained(error, quoted, text, file) from None
    except (YAMLError, ValueError, OverflowError):  # the last two: an escape beyond U+10FFFF
        found = re.search(r"\\U(?!000|0010)[0-9A-Fa-f]{8}", text)
        place = place_at(text, found.start(), file) if found else Place(file)
        raise Refused(place, "this escape stands for no character.", "write the character itself.") from None


def second_document(place: Place) -> Refused:
    """Say that a line of three hyphens starts a second document."""
    return Refused(place, "a line of three hyphens ends the release here.", "delete that line.")


def special_start(character: str, place: Place) -> Refused:
    """Say that a text starts with a character that means something else to YAML."""
    return Refused(place, f"a text can not start with a bare {character}", QUOTE_IT)


def nameless(place: Place) -> Refused:
    """Say that a field has no name, or one that is no text."""
    return Refused(place, "this field has no name before its colon.", f"write the name, or {QUOTE_IT}")


def cut_text(rest: str, place: Place) -> Problem:
    """Return the problem of a text that YAML cuts off at a #: no space follows, so it is hardly a comment."""
    what = f"the text ends here, since what follows is taken for a comment: “{rest[:40]}”."
    fix = "put the whole text in quotation marks; or, if it is a comment, put a space after the #."
    return Problem(place, "", what, fix, "text-cut")


def too_deep(place: Place, limit: int) -> Refused:
    """Say that lists and fields lie too deep in each other."""
    what = f"here more than {limit} lists and fields lie in each other."
    return Refused(place, what, "write it flatter.", "file-too-deep")


def too_many(place: Place, limit: int) -> Refused:
    """Say that a file holds too many values."""
    what = f"this file holds more than the {limit:,} texts, lists and fields that are read."
    return Refused(place, what, "see whether it is the right file, or split it.", "file-too-large")


class _Explanation(NamedTuple):
    """What one of ruamel's complaints means."""

    complaint: str  # pattern over its context and its problem
    what: str  # {0}: the first group of the pattern
    fix: str
    at_start: bool = False  # of what was being read, not where it went wrong


_EXPLANATIONS = (
    _Explanation(
        r"quoted scalar.*(?:end of stream|document separator)",
        "the quotation mark that opens here is never closed.",
        "put the same mark at the end of the text.",
        at_start=True,
    ),
    _Explanation(
        r"could not find expected ':'",
        "this line is neither a field with a colon nor indented under one.",
        "indent it under the field it belongs to, or write name: before it.",
        at_start=True,
    ),
    _Explanation(
        r"character '\\t'",
        "a tab stands where only spaces may.",
        "replace it with spaces; most editors can do so on their own.",
    ),
    _Explanation(r"character '(.)' that cannot start", "a text can not start with a bare {0}", QUOTE_IT),
    _Explanation(
        r"sequence entries are not allowed",
        "a list can not start on the line of its field.",
        "start it on the next line: a hyphen, a space, the entry.",
    ),
    _Explanation(
        r"flow (?:sequence|mapping).*expected ',' or '(.)'",
        "this opening bracket is not matched by a {0}",
        "close it; or, if it is part of a text, put the whole text in quotation marks.",
        at_start=True,
    ),
    _Explanation(
        r"flow node.*found ','",
        "an entry is missing before this comma.",
        "delete the comma, or write the entry.",
    ),
    _Explanation(
        r"unknown escape character '(.+)'|expected escape sequence",
        "a backslash in double quotation marks has a meaning of its own, and this one is not known.",
        "write two backslashes, or put the text in single quotation marks.",
    ),
    _Explanation(
        r"block scalar.*(?:comment or a line break|chomping|indentation indicator)",
        "nothing may follow > or | on its line.",
        "start the text on the next line, indented; or put it in quotation marks.",
    ),
    _Explanation(r"scanning an? (?:alias|anchor)", "a text can not start with a bare * or &", QUOTE_IT, True),
    _Explanation(r"(?:scan|pars)ing a tag|tag handle", "a text can not start with a bare !", QUOTE_IT, True),
    _Explanation(
        r"block (?:end|scalar)|document start",
        "this line does not line up with the ones above.",
        ALIGN,
    ),
)
"""ruamel's complaints, the first that fits counts."""


def _explained(error: MarkedYAMLError, quoted: ScalarEvent | None, text: str, file: str) -> Refused:
    """Return one complaint of ruamel in plain words."""
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return Refused(Place(file), "this file is not YAML.", "compare it with a release that works.")
    place = Place(file, mark.line + 1, mark.column + 1)
    complaint = f"{error.context or ''} {error.problem or ''}"
    if percent := re.search(r"^%", text, re.MULTILINE):  # it ends the document, and all after it looks wrong
        return Refused(place_at(text, percent.start(), file), "a line can not start with a bare %", QUOTE_IT)
    if "mapping values are not allowed" in complaint:
        return _stray_colon(text, mark.index, place)
    if "block end" in complaint and "'<scalar>'" in complaint:
        return _text_after(quoted, text, mark.index, place)
    for known in _EXPLANATIONS:
        if found := re.search(known.complaint, complaint):
            if known.at_start and error.context_mark is not None:
                place = Place(file, error.context_mark.line + 1, error.context_mark.column + 1)
            what = known.what.replace("{0}", found.group(1) or "") if found.groups() else known.what
            return Refused(place, what, known.fix)
    return Refused(place, f"this can not be read as YAML: {error.problem}.", QUOTE_IT)


def _stray_colon(text: str, index: int, place: Place) -> Refused:
    """Say what a colon that starts no field does: it stands in a text, or its line is indented too far."""
    line = text[text.rfind("\n", 0, index) + 1 : index]
    if re.fullmatch(r"\s*(- +)*\w+", line):
        name = line.strip(" -")
        place = Place(place.file, place.line, place.column - len(name))
        what = f"“{name}:” is read as part of the text above, because it is indented further."
        return Refused(place, what, f"{ALIGN[:-1]}; or, if it is text, put it in quotation marks.")
    return Refused(place, "a colon with a space after it stands in the middle of a text.", QUOTE_IT)


def _text_after(quoted: ScalarEvent | None, text: str, index: int, place: Place) -> Refused:
    """Say what is wrong with text that follows a closing mark or bracket."""
    before = text[:index].rstrip(" ")
    if quoted is not None and quoted.end_mark.index == len(before):
        start, end = quoted.start_mark, quoted.end_mark
        if start.line != end.line:
            opened = Place(place.file, start.line + 1, start.column + 1)
            what = f"the quotation mark that opens here is closed only in line {end.line + 1}."
            return Refused(opened, what, "put the same mark at the end of this text.")
        what = "text goes on after the closing quotation mark."
        return Refused(place, what, "put the whole text in quotation marks of the other kind, ' or \".")
    if before.endswith(("]", "}")):
        return Refused(place, "text goes on after the closing bracket.", QUOTE_IT)
    return Refused(place, "this line does not line up with the ones above.", ALIGN)
