"""What of a release needs whose approval, each with the digest of exactly what that approver answers for.

Derived from the data alone, never set by hand: a quote needs its speaker, a mention its agency, the whole kit
the office.  A part's digest holds its words and whose they are, not where it stands.  That a release under
embargo may be sent before its time is a question of its own, and the kit never waits for it.  Not here: who
has approved what (`state`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from presskit.model import release as model
from presskit.model.base import PerLanguage, in_language
from presskit.model.house import SignOff
from presskit.model.people import Person
from presskit.model.registers import Draft
from presskit.signoff.canon import Value, canonical, digest

VERSION = 1
"""Of the way digests are made; raised when the same words would get another one."""


@dataclass(frozen=True, slots=True)
class Scope:
    """One thing to be approved."""

    name: str  # "block:quote.dusto@en-CA", "kit@en-CA", "early@en-CA"
    content: bytes  # what the digest is of: RFC 8785 JSON

    @property
    def digest(self) -> str:
        """What a signature on this scope covers, SHA-256 in hexadecimal."""
        return digest(self.content)


@dataclass(frozen=True, slots=True)
class Part(Scope):
    """A quote or a mention of an agency."""

    kind: Literal["quote", "mention"]
    principal: str  # whose approval it needs: "person:dusto", "agency:durham"
    owner: str  # the person's or agency's name as it is printed
    registered: str  # the bare name of the register, which the key ring has to know the person by
    field: str = ""  # of the release

    @property
    def short(self) -> str:
        """The name people use: "quote.dusto"."""
        return self.name.removeprefix("block:").rpartition("@")[0]


@dataclass(frozen=True, slots=True)
class Scopes:
    """Everything of one release that needs an approval."""

    kit: str  # "example.org/ijfs-world-day"
    slug: str
    whole: Scope
    parts: tuple[Part, ...]
    early: Scope | None  # that trusted lists may get it before its time; only under an embargo
    policy: SignOff
    by_name: Mapping[str, Part] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {part.name: part for part in self.parts})


def scopes_of(draft: Draft, pack_sha256: str) -> Scopes:
    """Return what of a release needs an approval.

    Args:
        pack_sha256: digest of the template pack, whose look the office answers for with the whole kit.

    Raises:
        Unsignable: a text holds what no digest can stand for.
    """
    house = draft.registers.house
    kit = f"{house.domain}/{draft.slug}"
    parts = (*_quotes(draft, kit), *_mentions(draft, kit))
    said = _whole(draft, parts, pack_sha256)
    content = canonical({"presskit": VERSION, "kit": kit, "lang": draft.language, "whole": said})
    whole = Scope(f"kit@{draft.language}", content)
    early = _early(kit, draft.language, said["embargo"], whole)
    return Scopes(kit, draft.slug, whole, parts, early, house.sign_off)


def _quotes(draft: Draft, kit: str) -> Iterator[Part]:
    for index, quote in enumerate(draft.release.quotes):
        language = quote.language or draft.language
        person = draft.registers.people[quote.speaker]
        speaker = _person(person, draft)
        block: dict[str, Value] = {
            "id": f"quote.{quote.id}",
            "type": "quote",
            "speaker": speaker,
            "words": list(quote.words),
        }
        owner = f"{speaker['rank']} {person.name}" if speaker.get("rank") else person.name
        principal, name = f"person:{person.id}", f"block:quote.{quote.id}@{language}"
        content = _content(kit, language, block)
        yield Part(name, content, "quote", principal, owner, person.name, f"quotes[{index}]")


def _mentions(draft: Draft, kit: str) -> Iterator[Part]:
    """Yield a mention for each agency: what all lists of the release say of it, in no order."""
    said: dict[str, list[str]] = {}
    fields: dict[str, str] = {}
    for place, block in _agency_lists(draft.release):
        for agency in block.agencies:
            said.setdefault(agency, []).append(block.intro or "")
            fields.setdefault(agency, place)
    for agency_id in sorted(said):
        name = _named(draft.registers.agencies[agency_id].name_on(draft.release.issued), draft)
        block_of: dict[str, Value] = {
            "id": f"mention.{agency_id}",
            "type": "mention",
            "agency": {"id": agency_id, "name": name},
            "said": sorted(said[agency_id]),
        }
        principal, scope = f"agency:{agency_id}", f"block:mention.{agency_id}@{draft.language}"
        content = _content(kit, draft.language, block_of)
        yield Part(scope, content, "mention", principal, name, name, fields[agency_id])


def _content(kit: str, language: str, block: Mapping[str, Value]) -> bytes:
    return canonical({"presskit": VERSION, "kit": kit, "lang": language, "block": block})


def _agency_lists(release: model.Release) -> Iterator[tuple[str, model.AgencyListBlock]]:
    for part, found in (("body", release.body), ("notes", release.notes)):
        for index, block in enumerate(found):
            if isinstance(block, model.AgencyListBlock):
                yield f"{part}[{index}]", block


def _person(person: Person, draft: Draft) -> dict[str, Value]:
    held = person.title_on(draft.release.issued)
    return {
        "id": person.id,
        "name": person.name,
        "rank": _named(held.rank if held else None, draft),
        "title": _named(held.title if held else None, draft),
        "organisation": _named(person.organisation, draft),
    }


def _named(names: PerLanguage | None, draft: Draft) -> str:
    return (in_language(names, draft.language) or "") if names else ""


def _whole(draft: Draft, parts: Iterable[Part], pack_sha256: str) -> dict[str, Value]:
    """Return everything that is printed, resolved, and the rules it is signed off by.

    Why: the number is left out, since it is allotted by the sign-off itself.
    """
    release, registers, house = draft.release, draft.registers, draft.registers.house
    contacts = [registers.people[person] for person in release.contacts]
    return {
        "release": release.model_dump(mode="json", exclude_defaults=True),
        "embargo": draft.embargo.isoformat() if draft.embargo else None,
        "house": {"name": _named(house.name, draft), "short_name": _named(house.short_name, draft)},
        "contacts": [{**_person(p, draft), "phone": p.phone, "email": p.email} for p in contacts],
        "boilerplates": [_boilerplate(name, draft) for name in release.boilerplates],
        "photos": {name: digest(photo.data) for name, photo in draft.photos.items()},
        "parts": {part.name: part.digest for part in parts},
        "pack": pack_sha256,
        "policy": house.sign_off.model_dump(mode="json", exclude_defaults=True),
    }


def _early(kit: str, language: str, embargo: Value, whole: Scope) -> Scope | None:
    """Return what is approved by whoever lets trusted lists have a release before its time.

    Why: it holds the digest of the whole kit, so that other words or another time ask for it anew.
    """
    if embargo is None:
        return None
    said: dict[str, Value] = {"embargo": embargo, "whole": whole.digest}
    content = canonical({"presskit": VERSION, "kit": kit, "lang": language, "early": said})
    return Scope(f"early@{language}", content)


def _boilerplate(name: str, draft: Draft) -> dict[str, Value]:
    found = draft.registers.boilerplates[name]
    printed: dict[str, Value] = {
        "id": name,
        "heading": _named(found.heading, draft),
        "body": list(in_language(found.body, draft.language) or ()),
    }
    if found.roster is not None:
        roster = draft.registers.rosters[found.roster.id]
        members = roster.members_on(draft.release.issued)
        agencies = draft.registers.agencies
        printed["intro"] = _named(found.roster.intro, draft)
        printed["form"] = found.roster.form
        printed["roster"] = [_named(agencies[m].name_on(draft.release.issued), draft) for m in members]
    return printed


# --- and back from what was kept -----------------------------------------------------------------------


def words_of(scopes: Scopes) -> dict[str, bytes]:
    """Return what every digest of a release is of, by file name: quote.dusto@en-CA.json, kit@en-CA.json.

    Why: what an approval to send early is of is left out, since the words of the kit say it all.
    """
    found = {part.name.removeprefix("block:"): part.content for part in scopes.parts}
    return {
        f"{name}.json": content
        for name, content in {**found, scopes.whole.name: scopes.whole.content}.items()
    }


def scopes_from(words: Mapping[str, bytes]) -> Scopes:
    """Return what of a release needed an approval, from what its digests were of.

    Raises:
        ValueError: it is not what `words_of` gives.
    """
    try:
        wholes = {name: content for name, content in words.items() if name.startswith("kit@")}
        ((whole_name, whole),) = wholes.items()
        said = json.loads(whole)
        parts = [_kept_part(name, content) for name, content in sorted(words.items()) if name not in wholes]
        if {part.name: part.digest for part in parts} != said["whole"]["parts"]:
            raise ValueError("the parts are not those of the kit")
        kit, policy = said["kit"], SignOff.model_validate(said["whole"]["policy"])
        scope = Scope(whole_name.removesuffix(".json"), whole)
        early = _early(kit, said["lang"], said["whole"].get("embargo"), scope)
        return Scopes(kit, kit.partition("/")[2], scope, tuple(parts), early, policy)
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError("the words that were signed are garbled") from error


def _kept_part(name: str, content: bytes) -> Part:
    said = json.loads(content)
    block, scope = said["block"], f"block:{name.removesuffix('.json')}"
    if scope != f"block:{block['id']}@{said['lang']}":
        raise ValueError(f"{name} holds the words of another part")
    if block["type"] == "mention":
        agency = block["agency"]
        return Part(scope, content, "mention", f"agency:{agency['id']}", agency["name"], agency["name"])
    person = block["speaker"]
    owner = " ".join(filter(None, (person.get("rank"), person["name"])))
    return Part(scope, content, "quote", f"person:{person['id']}", owner, person["name"])
