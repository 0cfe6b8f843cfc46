from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from presskit.load.office import load_registers
from presskit.load.release import load_release
from presskit.load.schema import release_schema
from presskit.model.registers import Draft
from presskit.model.release import AgencyListBlock, TextBlock
from presskit.workspace import Workspace

ROOT = Path(__file__).parent.parent.parent
SEED = Path(__file__).parent / "seed.txt"


@pytest.fixture(scope="module")
def seed() -> Draft:
    workspace = Workspace(ROOT, datetime(2026, 11, 23, tzinfo=UTC))
    registers, places = load_registers(workspace)
    return load_release("ijfs-world-day", registers, workspace, places)[0]


def test_the_sample_release_says_word_for_word_what_was_published(seed: Draft) -> None:
    assert "\n".join(published(seed)) + "\n" == SEED.read_text("utf-8")


def published(seed: Draft) -> list[str]:
    """The release as plain lines, put together the way it was published."""
    release, day = seed.release, seed.release.issued
    names = {agency.id: agency.name_on(day)["en"] for agency in seed.registers.agencies.values()}
    lines = [block.text for block in release.body if isinstance(block, TextBlock)]
    lines[0] = f"({release.dateline}) – {lines[0]}"
    (partners,) = (block for block in release.body if isinstance(block, AgencyListBlock))
    lines.append(partners.intro or "")
    lines += [f"{number}. {names[agency]}" for number, agency in enumerate(partners.agencies, 1)]
    (quote,) = release.quotes
    speaker = seed.registers.people[quote.speaker]
    title = speaker.title_on(day)
    assert title is not None and title.rank is not None and title.title is not None
    lines += ["QUOTES", *(f"“{words}”" for words in quote.words)]
    lines.append(f"– {title.rank['en']} {speaker.name}, {title.title['en']}")
    for boilerplate in (seed.registers.boilerplates[name] for name in release.boilerplates):
        lines += [boilerplate.heading["en"], *boilerplate.body["en"]]
        if boilerplate.roster is not None:
            lines.append(boilerplate.roster.intro["en"])
            members = seed.registers.rosters[boilerplate.roster.id].members_on(day)
            lines += [f"- {names[agency]}" for agency in members]
    return lines


def test_the_sample_release_has_its_parts_in_full(seed: Draft) -> None:
    release = seed.release
    assert (str(release.issued), release.dateline, seed.language) == ("2025-07-30", "ORILLIA, ON", "en-CA")
    assert [type(block) for block in release.body] == [TextBlock] * 6 + [AgencyListBlock]
    assert len(seed.registers.agencies) == len(seed.registers.rosters["ijfs"].members) == 20
    assert release.boilerplates == ("ijfs", "world-day")
    assert release.contacts == ("ijfs-media",)


def test_the_schema_editors_use_is_the_present_one() -> None:
    kept = (ROOT / "data/release.schema.json").read_text("utf-8")
    assert kept == json.dumps(release_schema(), ensure_ascii=False, indent=2) + "\n"
    first = (ROOT / "data/releases/ijfs-world-day/release.yaml").read_text("utf-8").split("\n")[0]
    assert first == "# yaml-language-server: $schema=../../release.schema.json"
