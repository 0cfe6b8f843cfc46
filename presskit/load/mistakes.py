"""What pydantic finds wrong with a field, in plain words with a fix and a code.

Not here: finding it (`model`), and syntax (`syntax`).
"""

from __future__ import annotations

import re
from typing import NamedTuple

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from presskit.errors import Place, Problem
from presskit.load.suggest import as_id, did_you_mean, quoted
from presskit.load.yaml import Places, Tree, shown
from presskit.model.base import ID_PATTERN, LINE_PATTERN
from presskit.model.release import KINDS


class Spot(NamedTuple):
    """One spot of a file that a mistake is about."""

    path: str
    outer: str  # path of what it lies in
    name: str  # of the field; "" for an entry of a list
    models: tuple[type[BaseModel], ...]  # what it, or for a field what it lies in, may be
    value: Tree | None


class Words(NamedTuple):
    """What a problem says, and its code."""

    what: str
    fix: str
    code: str


_SECRET = (
    "delete it; a password comes from PRESSKIT_SMTP_PASSWORD_FILE or the system's keyring, "
    "and the name from PRESSKIT_SMTP_USER (for a mailbox, IMAP)."
)
_ELSEWHERE = dict.fromkeys(("password", "passphrase", "user", "username", "login"), _SECRET)
"""What never stands in a file of the office, and where it belongs."""

_FORMATS = {
    r"^#[0-9a-fA-F]{6}$": "write a colour as six digits: #123f6d.",
    r"^[0-9A-F]{4,6}-[0-9A-F]{4,6}$": "write a range of characters as 1400-167F.",
}
"""How values of a pattern are written."""


def problem_of(detail: ErrorDetails, spot: Spot, places: Places) -> Problem | None:
    """Return one of pydantic's errors as a problem; ``None`` if it only follows from another."""
    kind = detail["type"]
    if kind == "too_short" and detail["input"]:
        return None  # its entries are wrong, which is said already
    if kind == "union_tag_not_found" and (untyped := _untyped_kind(spot, places)):
        kind, spot = "missing", untyped
    words = _words(kind, detail, spot, places)
    if kind == "extra_forbidden":
        place = places.name(spot.path)
    elif kind == "missing" and spot.path not in places.empty:
        place = places.find(spot.outer)
    else:
        place = places.find(spot.path)
    return Problem(place, shown(spot.path), words.what, words.fix, words.code)


def _untyped_kind(spot: Spot, places: Places) -> Spot | None:
    """Return the spot of the field that would tell a block's kind, if it is named but nothing is typed."""
    for kind, model in KINDS.items():
        if (path := f"{spot.path}.{kind}") in places.empty:
            return Spot(path, spot.path, kind, (model,), "")
    return None


def not_fields(spot: Spot, places: Places) -> Problem:
    """Return the problem of a text, a list or nothing at all where fields are wanted."""
    if spot.value is None:
        what, code = "this file is empty.", "file-empty"
    else:
        what, code = f"here is {_kind(spot.value)} where fields are wanted.", "field-type"
    fix = f"write a name, a colon, a space and the value, for example  {_example(spot.models[0])}"
    return Problem(places.find(spot.path), shown(spot.path), what, fix, code)


def not_entries(value: Tree, place: Place) -> Problem:
    """Return the problem of a text or of fields where a register's list of entries is wanted."""
    what = f"here is {_kind(value)} where a list of entries is wanted."
    return Problem(place, "", what, "start each entry with a hyphen, a space and its id: …", "field-type")


def file_not_an_id(name: str, place: Place) -> Problem:
    """Return the problem of a file whose name can not be the id of what stands in it."""
    words = _not_an_id(name, "rename the file to")
    return Problem(place, "", words.what, words.fix, words.code)


def _words(kind: str, detail: ErrorDetails, spot: Spot, places: Places) -> Words:
    limits = detail.get("ctx", {})
    if "fix" in limits:  # raised by a model of ours: its type is the code
        return Words(str(limits["what"]), str(limits["fix"]), kind)
    match kind:
        case "missing" | "string_too_short" | "too_short":
            return _missing(kind, spot, places)
        case "extra_forbidden":
            return _unknown(spot)
        case "union_tag_not_found":
            return _no_kind(spot)
        case "literal_error":
            return _not_allowed(spot, re.findall("'([^']*)'", str(limits["expected"])))
        case "bool_parsing" | "bool_type":
            return _not_allowed(spot, ["yes", "no"])
        case "string_pattern_mismatch":
            return _misformed(spot, str(limits["pattern"]))
        case "string_too_long":
            most = int(limits["max_length"])
            what = f"this text has {len(str(detail['input'])):,} characters; {most:,} are the most."
            return Words(what, "shorten it, or divide it.", "text-too-long")
        case "too_long":
            what = f"this list has {len(detail['input']):,} entries; {limits['max_length']:,} are the most."
            return Words(what, "delete some, or divide it.", "list-too-long")
        case "greater_than_equal":
            what = f"{quoted(spot.value)} is too small."
            return Words(what, f"write at least {limits['ge']}.", "number-range")
        case "less_than_equal":
            what = f"{quoted(spot.value)} is too large."
            return Words(what, f"write at most {limits['le']}.", "number-range")
    return _wrong_type(kind, detail, spot)


def _missing(kind: str, spot: Spot, places: Places) -> Words:
    field = next((m.model_fields[spot.name] for m in spot.models if spot.name in m.model_fields), None)
    example = next(iter(field.examples or ()), None) if field else None
    for_example = f", for example  {spot.name}: {example}" if isinstance(example, str) else "."
    if kind == "missing" and spot.path not in places.empty:
        what = "is missing." if spot.name else "an entry is missing."
        return Words(what, f"add it{for_example}", "field-missing")
    if kind == "too_short":
        return Words("has no entries.", "add one.", "field-missing")
    optional = field is None or not field.is_required()
    fix = "write it, or delete the line." if optional else f"write it{for_example}"
    return Words("nothing is written here.", fix, "field-missing")


def _unknown(spot: Spot) -> Words:
    """Word a field that does not exist where it stands."""
    known = [name for model in spot.models for name in model.model_fields]
    own = next((kind for kind, model in KINDS.items() if model in spot.models), None)
    if own and spot.name in KINDS:
        what = f"“{spot.name}” can not stand in one entry with “{own}”."
        return Words(what, "start a new entry for it: a hyphen and a space before it.", "field-unknown")
    fix = _ELSEWHERE.get(spot.name) or did_you_mean(spot.name, known, "delete it.")
    return Words("there is no such field here.", fix, "field-unknown")


def _no_kind(spot: Spot) -> Words:
    """Word a block of the text that is none of the known kinds."""
    if isinstance(spot.value, dict) and spot.value:
        first = next(iter(spot.value))
        what = f"{quoted(first)} and the fields beside it make none of the blocks there are."
        fix = did_you_mean(first, KINDS, "if it is a text with a colon, put it in quotation marks.")
        return Words(what, fix, "block-unknown")
    if spot.value == {}:
        return Words("nothing is written here.", "write it, or delete the line.", "field-missing")
    fix = "write a text, or fields: text, heading, list, agencies, photo, table, quote or page_break."
    return Words("here is a list where a block of the text is wanted.", fix, "field-type")


def _not_allowed(spot: Spot, allowed: list[str]) -> Words:
    what = f"{quoted(spot.value)} is not among the values for this field: {', '.join(allowed)}."
    return Words(what, did_you_mean(str(spot.value), allowed), "value-not-allowed")


def _misformed(spot: Spot, pattern: str) -> Words:
    value = str(spot.value)
    if pattern == LINE_PATTERN:
        fix = "join its lines; with >- in place of | they are joined on their own."
        return Words(f"{quoted(value)} has several lines where one is wanted.", fix, "line-break")
    if pattern == ID_PATTERN:
        return _not_an_id(value, "write it as")
    fix = _FORMATS.get(pattern, "compare it with the file presskit comes with.")
    return Words(f"{quoted(value)} is not written as it has to be.", fix, "value-invalid")


def _not_an_id(value: str, do: str) -> Words:
    what = f"{quoted(value)} is not an id: lower-case letters, digits and single hyphens."
    proposal = as_id(value)
    return Words(what, f"{do} {proposal}" if proposal else "choose one.", "id-invalid")


def _wrong_type(kind: str, detail: ErrorDetails, spot: Spot) -> Words:
    if kind in ("string_type", "string_sub_type"):
        fix = "write words; if they hold a colon, put them in quotation marks."
        return Words(f"here is {_kind(spot.value)} where a text is wanted.", fix, "field-type")
    if kind == "date_type":
        fix = "write year-month-day: 2025-07-30."
        return Words(f"here is {_kind(spot.value)} where a date is wanted.", fix, "field-type")
    if kind in ("tuple_type", "list_type"):
        fix = "write each entry on a line of its own, with a hyphen and a space before it."
        return Words(f"here is {_kind(spot.value)} where a list is wanted.", fix, "field-type")
    if kind in ("model_type", "model_attributes_type", "dict_type", "mapping_type"):
        fix = "write names with a colon and a value, indented, on the lines below."
        return Words(f"here is {_kind(spot.value)} where fields are wanted.", fix, "field-type")
    if kind.startswith(("int_", "float_")):
        return Words(f"{quoted(spot.value)} is not a number.", "write it in digits.", "number-invalid")
    what = str(detail.get("ctx", {}).get("error", detail["msg"]))
    return Words(f"{what.removesuffix('.')}.", "correct it.", "value-invalid")


def _kind(value: object) -> str:
    match value:
        case str():
            return f"a text, {quoted(value)},"
        case list():
            return "a list"
        case dict():
            return "a block of fields"
    return "nothing"


def _example(model: type[BaseModel]) -> str:
    """Return a line of the model as it could stand in a file."""
    for name, field in model.model_fields.items():
        if field.is_required():
            return f"{name}: {next(iter(field.examples or ()), '…')}"
    return "name: value"
