"""The seed release as data, and its variants: same words, every text changed, a third of all words new."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from presskit.load.office import load_registers
from presskit.load.pack import load_pack
from presskit.load.release import load_release
from presskit.model.pack import Pack
from presskit.model.registers import Draft
from presskit.model.release import AgencyListBlock, TextBlock
from presskit.workspace import Workspace

ROOT = Path(__file__).parent.parent.parent
SEED = "ijfs-world-day"
Edit = Callable[[str], str]


def seed() -> tuple[Draft, Pack]:
    """Return the seed release and the template pack, loaded once."""
    workspace = Workspace(ROOT, datetime(2026, 1, 1, tzinfo=UTC))
    registers, _ = load_registers(workspace)
    draft, _ = load_release(SEED, registers, workspace)
    return draft, load_pack(workspace, registers.house.template_pack, draft.language)


def changed(draft: Draft, edit: Edit) -> Draft:
    """Return the release with every text changed: headline, paragraphs, quotes, agencies, boilerplates."""
    release, registers = draft.release, draft.registers
    body = []
    for block in release.body:
        if isinstance(block, TextBlock):
            block = block.model_copy(update={"text": edit(block.text)})
        elif isinstance(block, AgencyListBlock) and block.intro:
            block = block.model_copy(update={"intro": edit(block.intro)})
        body.append(block)
    quotes = [q.model_copy(update={"words": tuple(map(edit, q.words))}) for q in release.quotes]
    agencies = {
        key: agency.model_copy(update={"name": _edited(agency.name, edit)})
        for key, agency in registers.agencies.items()
    }
    boilerplates = {
        key: text.model_copy(update={"body": {k: tuple(map(edit, v)) for k, v in text.body.items()}})
        for key, text in registers.boilerplates.items()
    }
    update = {"headline": edit(release.headline), "body": tuple(body), "quotes": tuple(quotes)}
    return replace(
        draft,
        release=release.model_copy(update=update),
        registers=replace(registers, agencies=agencies, boilerplates=boilerplates),
    )


def _edited(words: Mapping[str, str], edit: Edit) -> dict[str, str]:
    return {language: edit(text) for language, text in words.items()}


def edits(case: str) -> Iterator[Edit]:
    """Yield an edit for each run, never the same twice (but for the case "same text")."""
    rng, number = random.Random(7), 0
    while True:
        number += 1
        if case == "same text":
            yield str
        elif case == "every text changed":
            yield lambda text, mark=number: f"{text} {mark}"  # type: ignore[misc]
        else:
            yield lambda text: " ".join(_new_word(word, rng) for word in text.split(" "))


def _new_word(word: str, rng: random.Random) -> str:
    if word.isalpha() and rng.random() < 0.35:
        return "".join(rng.choice("abcdefghijklmnopqrstuvwxyz") for _ in word)
    return word


def plain(draft: Draft) -> dict[str, Any]:
    """Return the release as the plain values peers take."""
    release, registers = draft.release, draft.registers
    names = {key: next(iter(agency.name.values())) for key, agency in registers.agencies.items()}
    (partners,) = [block for block in release.body if isinstance(block, AgencyListBlock)]
    ijfs, day = (registers.boilerplates[key] for key in release.boilerplates)
    assert ijfs.roster is not None
    speaker = registers.people[release.quotes[0].speaker]
    return {
        "headline": release.headline,
        "body": [block.text for block in release.body if isinstance(block, TextBlock)],
        "partner_intro": partners.intro,
        "partners": [names[key] for key in partners.agencies],
        "quote": " ".join(release.quotes[0].words),
        "attribution": speaker.name,
        "about_ijfs": " ".join(next(iter(ijfs.body.values()))),
        "about_intro": next(iter(ijfs.roster.intro.values())),
        "agencies": [names[m.agency] for m in registers.rosters[ijfs.roster.id].members],
        "about_day": " ".join(next(iter(day.body.values()))),
    }
