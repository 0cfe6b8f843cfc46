from __future__ import annotations

import pytest

from presskit import pipeline
from presskit.archive.history import contents, edition, editions, state_in
from presskit.archive.keeping import archived_ring
from presskit.errors import ArchiveDamaged, WrongUsage
from tests.archive.forgery import CLERK, archive_of, forge, kept
from tests.signed_office import SLUG, Desk

DOMAIN = "example.org"


def test_an_edition_says_when_by_whom_and_what(archived: Desk) -> None:
    (found,) = editions(archive_of(archived), DOMAIN, SLUG)
    assert (found.number, found.by, found.reference) == (1, "The Clerk", "2026-0001")
    assert found.deposited.startswith("2026-11-23T")
    assert found.facts["headline"] == "The bridge opens"
    assert edition(archive_of(archived), DOMAIN, SLUG, None) == found
    assert contents(archive_of(archived), DOMAIN, SLUG, found) == kept(archive_of(archived))


def test_what_was_never_archived_has_no_history(archived: Desk) -> None:
    with pytest.raises(WrongUsage, match="not-archived"):
        editions(archive_of(archived), DOMAIN, "other")
    with pytest.raises(WrongUsage, match="there is no version 2 of it"):
        edition(archive_of(archived), DOMAIN, SLUG, 2)


def test_a_version_can_be_asked_how_it_stood(archived: Desk) -> None:
    ring = archived_ring(archive_of(archived), archived.office.registers.house.domain)
    assert state_in(kept(archive_of(archived)), ring, SLUG).cleared
    with pytest.raises(ArchiveDamaged, match="archive-damaged"):
        state_in({}, ring, SLUG)


@pytest.mark.parametrize("content", [b"not JSON", b"\xff"])
def test_facts_that_can_not_be_read_are_damage(archived: Desk, content: bytes) -> None:
    forge(archived, lambda files: files.update({"version.json": content}), signer=CLERK)
    with pytest.raises(ArchiveDamaged, match="presskit verify"):
        pipeline.history(SLUG, archived.office)
