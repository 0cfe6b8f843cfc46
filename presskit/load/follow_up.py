"""A release's source to that of the release that corrects or withdraws it.

The words are taken over line by line, comments included; what must not be copied is left out: the embargo,
the number, the day of issue.  Not here: approvals, which hang on the new release's own name.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from datetime import date
from typing import Literal
from unicodedata import normalize

from presskit.errors import Place, Problem, WrongUsage
from presskit.load.characters import FORBIDDEN, decode, forbidden_character
from presskit.load.convert import convert_source
from presskit.load.yaml import parse
from presskit.model.house import Wording
from presskit.model.registers import Draft
from presskit.model.release import Release

NEVER_COPIED = "embargo", "reference", "issued", "corrects", "withdraws", "correction"
"""Source: Superdesk's embargo scenarios: a copy of an item never takes its embargo along."""

FollowUp = Literal["correction", "withdrawal"]

SLUG_CHARACTERS = 80

_SCHEMA_LINE = "# yaml-language-server: $schema=../../release.schema.json\n"


def free_slug(slug: str, kind: FollowUp, taken: Collection[str]) -> str:
    """Return a name for a follow-up that nothing has."""
    endings = (f"-{kind}", *(f"-{kind}-{number}" for number in range(2, len(taken) + 3)))
    names = (slug[: SLUG_CHARACTERS - len(ending)].rstrip("-") + ending for ending in endings)
    return next(name for name in names if name not in taken)


def follow_up_files(
    draft: Draft, kind: FollowUp, reason: str, today: date, wording: Wording, went_out: str
) -> Mapping[str, bytes]:
    """Return the files of a follow-up, its release.yaml last.

    Args:
        went_out: the day of issue of the release that is followed up, in words.

    Raises:
        WrongUsage: there is no reason, or it can not be printed, or the source can not be taken over.
    """
    place = Place(f"release {draft.slug}")
    words = normalize("NFC", reason.replace("\r\n", "\n").replace("\r", "\n").strip())
    if not words:
        what = f"a {kind} has to say why."
        raise WrongUsage(Problem(place, "reason", what, "add --reason; it is printed.", "reason-missing"))
    if hidden := FORBIDDEN.search(words):
        raise WrongUsage(forbidden_character(hidden.group(), place, "reason"))
    photos: Mapping[str, bytes] = {}
    if kind == "withdrawal":
        source = withdrawal_source(draft.release, draft.slug, words, today, wording, went_out)
    else:
        source = correction_source(draft.source, draft.slug, words, today)
        photos = {f"photos/{name}": photo.data for name, photo in draft.photos.items()}
    _, problems = convert_source(Release, parse(source, place.file))
    if problems:
        raise WrongUsage(Problem(place, p.field, p.what, p.fix, p.code) for p in problems)
    return {**photos, "release.yaml": source}


def correction_source(content: bytes, slug: str, reason: str, today: date) -> bytes:
    """Return the source of a release that corrects another one: its words, to be edited.

    Raises:
        WrongUsage: the source is written in a way that can not be taken over line by line.
    """
    file = f"data/releases/{slug}/release.yaml"
    old = parse(content, file)
    starts = {place.line: name for name, place in old.places.names.items() if not re.search(r"[.[]", name)}
    fields = {"corrects": slug, "correction": reason, "issued": today.isoformat()}
    kept: list[str] = []
    name = ""
    for number, line in enumerate(decode(content, file)[0].split("\n"), 1):
        if number in starts:
            kept += _new_fields(fields) if not name else ()
            name = starts[number]
        if name not in NEVER_COPIED or _is_apart(line):
            kept.append(line)
    if name in NEVER_COPIED and kept[-1]:
        kept.append("")  # so that the last field kept ends as it did before
    source = ("\r\n" if b"\r\n" in content else "\n").join(kept).encode()
    words = old.tree if isinstance(old.tree, dict) else {}
    if parse(source, file).tree != {n: v for n, v in words.items() if n not in NEVER_COPIED} | fields:
        fix = "write each field on a line of its own, or make the correction by hand: presskit new SLUG"
        what = "this release can not be taken over: its fields do not stand on lines of their own."
        raise WrongUsage(Problem(Place(file), "", what, fix, "follow-up-impossible"))
    return source


def _is_apart(line: str) -> bool:
    """Whether a line is a comment or empty: it may belong to what follows."""
    return not line.strip() or line.startswith("#")


def withdrawal_source(
    release: Release, slug: str, reason: str, today: date, wording: Wording, went_out: str
) -> bytes:
    """Return the source of a release that withdraws another one.

    Args:
        went_out: the other one's day of issue, in words.
    """
    filled = {"headline": release.headline, "date": went_out}
    fields: dict[str, object] = {
        **({"language": release.language} if release.language else {}),
        "headline": _filled(wording.withdrawn_headline, filled),
        "issued": today.isoformat(),
        "withdraws": slug,
        "correction": reason,
        **({"dateline": release.dateline} if release.dateline else {}),
        "body": [_filled(wording.withdrawn_body, filled)],
        **({"contacts": list(release.contacts)} if release.contacts else {}),
    }
    return (_SCHEMA_LINE + "\n".join(_new_fields(fields)) + "\n").encode()


def _new_fields(fields: Mapping[str, object]) -> list[str]:
    """Return fields as lines of YAML, of which JSON is a part."""
    return [f"{name}: {_written(value)}" for name, value in fields.items()]


def _written(value: object) -> str:
    plain = isinstance(value, str) and value.replace("-", "").isalnum() and value.isascii()
    return str(value) if plain else json.dumps(value, ensure_ascii=False)


def _filled(label: str, values: Mapping[str, str]) -> str:
    """Return a label with its gaps filled; what looks like a gap in a value is none."""
    return re.sub(r"\{(\w+)\}", lambda gap: values.get(gap[1], gap[0]), label)
