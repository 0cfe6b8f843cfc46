"""A release's source to that of the release that corrects or withdraws it.

The words are taken over line by line, comments included; what must not be copied is left out: the embargo,
the number, the day of issue.  Not here: approvals, which hang on the new release's own name.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import date
from typing import Literal

from presskit.errors import Place, Problem, WrongUsage
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
    """Return a name for a follow-up that no release has."""
    first = f"{slug[: SLUG_CHARACTERS - len(kind) - 4].rstrip('-')}-{kind}"
    names = (first, *(f"{first}-{number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)


def follow_up_files(
    draft: Draft, kind: FollowUp, reason: str, today: date, wording: Wording
) -> Mapping[str, bytes]:
    """Return the files of a follow-up, its release.yaml last.

    Raises:
        WrongUsage: there is no reason, or the source can not be taken over.
    """
    if not reason.strip():
        place = Place(f"release {draft.slug}")
        what = f"a {kind} has to say why."
        raise WrongUsage(Problem(place, "reason", what, "add --reason; it is printed.", "reason-missing"))
    if kind == "withdrawal":
        return {"release.yaml": withdrawal_source(draft.release, draft.slug, reason, today, wording)}
    photos = {f"photos/{name}": photo.data for name, photo in draft.photos.items()}
    return {**photos, "release.yaml": correction_source(draft.source, draft.slug, reason, today)}


def correction_source(content: bytes, slug: str, reason: str, today: date) -> bytes:
    """Return the source of a release that corrects another one: its words, to be edited.

    Raises:
        WrongUsage: the source is written in a way that can not be taken over line by line.
    """
    file = f"data/releases/{slug}/release.yaml"
    names = parse(content, file).places.names
    starts = {place.line: name for name, place in names.items() if "." not in name and "[" not in name}
    if any(names[name].column != 1 for name in starts.values()) or len(starts) < 2:
        fix = "write each field on a line of its own, or make the correction by hand: presskit new SLUG"
        what = "this release can not be taken over: its fields do not stand on lines of their own."
        raise WrongUsage(Problem(Place(file), "", what, fix, "follow-up-impossible"))
    lines = content.decode().splitlines(keepends=True)
    kept: list[str] = []
    name = ""
    for number, line in enumerate(lines, 1):
        if number in starts:
            if not name:
                kept += _new_fields({"corrects": slug, "correction": reason, "issued": today.isoformat()})
            name = starts[number]
        if name not in NEVER_COPIED or _is_apart(line):
            kept.append(line)
    return "".join(kept).encode()


def _is_apart(line: str) -> bool:
    """Whether a line is a comment or empty: it may belong to what follows."""
    return not line.strip() or line.startswith("#")


def withdrawal_source(release: Release, slug: str, reason: str, today: date, wording: Wording) -> bytes:
    """Return the source of a release that withdraws another one."""
    filled = {"headline": release.headline, "date": release.issued.isoformat()}
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
    return "".join(
        ("# yaml-language-server: $schema=../../release.schema.json\n", *_new_fields(fields))
    ).encode()


def _new_fields(fields: Mapping[str, object]) -> list[str]:
    """Return fields as lines of YAML, of which JSON is a part."""
    return [f"{name}: {_written(value)}\n" for name, value in fields.items()]


def _written(value: object) -> str:
    plain = isinstance(value, str) and value.replace("-", "").isalnum() and value.isascii()
    return str(value) if plain else json.dumps(value, ensure_ascii=False)


def _filled(label: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        label = label.replace(f"{{{name}}}", value)
    return label
