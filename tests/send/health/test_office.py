from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from presskit import pipeline
from presskit.errors import PresskitError
from presskit.first_office import start_office
from presskit.send.health import office
from presskit.send.health.rows import Check, Row, look_at
from presskit.signoff.ring_acts import NewHolder
from presskit.workspace import Workspace
from tests.archive.s3.buckets import Server, new_bucket, serving, settings
from tests.signed_office import NOW, Desk, Stages
from tests.signoff.office import key_of

THEME = "templates/news-release/theme.yaml"
GLYPHS = "templates/news-release/fonts/NotoSansCanadianAboriginal-Bold.ttf"


@pytest.fixture
def fresh(tmp_path: Path) -> Workspace:
    """An office as `presskit init` makes it."""
    return start_office(tmp_path.resolve() / "office", NOW)


@pytest.fixture
def founded(stages: Stages, tmp_path: Path) -> Desk:
    """An office with a key ring."""
    return stages.copy("founded", tmp_path / "founded")


def seen(check: Callable[[], Iterable[Row]]) -> list[Row]:
    return [row for _, row in look_at([Check("", "checked", check)])]


def ring_of(desk: Desk) -> list[Row]:
    workspace = desk.workspace
    return seen(lambda: office.key_ring(office.house_of(workspace), workspace))


def archive_of(desk: Desk) -> list[Row]:
    workspace = desk.workspace
    return seen(lambda: office.archive(office.house_of(workspace), workspace))


def test_the_office_presskit_comes_with_is_fine(fresh: Workspace) -> None:
    house = office.house_of(fresh)
    found = [*office.files(fresh), *office.look(house, fresh), *office.archive(house, fresh)]
    assert [(row.subject, row.verdict, row.fact) for row in found] == [
        ("registers", "ok", "people: 2, agencies: 20, rosters: 1, boilerplates: 2"),
        ("template pack", "ok", "news-release, 18 templates, wording in en-CA"),
        ("fonts", "ok", "Source Serif 4, Source Sans 3, Noto Sans Canadian Aboriginal"),
        ("archive", "ok", "none yet in output/archive; the first presskit archive makes it"),
    ]


def test_a_broken_register_is_told_and_leaves_the_house_to_be_read(fresh: Workspace) -> None:
    fresh.add("data/people.yaml", b"- id: mayor\n  nam: x\n", replace=True)
    (row,) = seen(lambda: office.files(fresh))
    assert (row.subject, row.verdict, row.code) == ("checked", "wrong", "field-missing")
    assert row.fact.startswith("data/people.yaml:1:")
    assert office.house_of(fresh).domain == "example.org"


def test_a_broken_house_can_not_be_read(fresh: Workspace) -> None:
    fresh.add("data/house.yaml", b"name: x\n", replace=True)
    with pytest.raises(PresskitError):
        office.house_of(fresh)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("family: Source Serif 4", "family: Source Srif 4", "font-unknown"),
        ("size: letter ", "size: lettre ", "value-not-allowed"),
    ],
)
def test_a_look_that_can_not_be_set_is_wrong(fresh: Workspace, old: str, new: str, code: str) -> None:
    theme = fresh.read(THEME).decode()
    assert old in theme
    fresh.add(THEME, theme.replace(old, new).encode(), replace=True)
    *_, last = seen(lambda: office.look(office.house_of(fresh), fresh))
    assert (last.verdict, last.code) == ("wrong", code)


def test_a_font_that_is_none_is_wrong(fresh: Workspace) -> None:
    fresh.add(GLYPHS, b"not a font", replace=True)
    *_, last = seen(lambda: office.look(office.house_of(fresh), fresh))
    assert (last.subject, last.verdict) == ("fonts", "wrong")
    assert last.fact == "“fonts/NotoSansCanadianAboriginal-Bold.ttf” can not be opened as a font"


def test_without_a_key_ring_nothing_can_be_signed_off_which_is_to_be_looked_at(fresh: Workspace) -> None:
    (row,) = office.key_ring(office.house_of(fresh), fresh)
    assert (row.verdict, row.fact) == ("look", "there is none yet, so nothing can be signed off")


def test_a_ring_with_a_keeper_and_two_who_clear_is_fine(founded: Desk) -> None:
    (row,) = ring_of(founded)
    assert row == Row("key ring", "ok", "1 person may keep it, 2 people may clear a kit; it takes 2")


def test_too_few_people_to_clear_a_kit_is_wrong(founded: Desk) -> None:
    pipeline.revoke(founded.office, key_of("clerk"), "person:kim", "gone")
    (row,) = ring_of(founded)
    assert (row.verdict, row.code) == ("wrong", "role-lacking")
    assert row.fact == "1 person may keep it, 1 person may clear a kit, but it takes 2"
    assert row.fix == "add keys with the role release: presskit key add"


def test_a_role_nobody_has_is_wrong(founded: Desk) -> None:
    founded.edit("roles: [release]", "roles: [release, chief]", "data/house.yaml")
    (row,) = ring_of(founded)
    assert row.verdict == "wrong"
    assert "nobody has the role chief" in row.fact


def test_a_ring_whose_keepers_key_has_run_out_is_wrong(fresh: Workspace) -> None:
    holder = NewHolder("person:clerk", "The Clerk", ("keeper",), None, NOW.date())
    pipeline.add_key(pipeline.Office(fresh), key_of("clerk"), key_of("clerk").public, holder)
    house = office.house_of(fresh)
    (today,) = office.key_ring(house, fresh)
    assert today.fact.startswith("1 person may keep it")
    (row,) = office.key_ring(house, Workspace(fresh.root, NOW + timedelta(days=1)))
    assert row.verdict == "wrong"
    assert row.fact.endswith("nobody can add or revoke keys")


def test_a_log_somebody_changed_is_wrong(founded: Desk) -> None:
    log = founded.root / "data" / "sign-off" / "log.jsonl"
    log.write_bytes(log.read_bytes().replace(b"add-person-lee", b"add-person-eve"))
    first, *_ = ring_of(founded)
    assert (first.verdict, first.code) == ("wrong", "log-broken")


def test_an_archive_and_its_newest_checkpoint_are_read(archived: Desk) -> None:
    (row,) = archive_of(archived)
    assert row == Row("archive", "ok", "in output/archive, 2 entries in its log")


def test_a_checkpoint_nobody_of_the_office_signed_is_wrong(archived: Desk) -> None:
    file = archived.root / "output" / "archive" / "checkpoint"
    file.write_bytes(file.read_bytes().replace(b"\n2\n", b"\n3\n"))
    (row,) = archive_of(archived)
    assert (row.verdict, row.code, row.fix) == (
        "wrong",
        "archive-damaged",
        "see what else is wrong: presskit verify",
    )


def test_something_else_where_the_archive_should_be_is_wrong(archived: Desk) -> None:
    shutil.rmtree(archived.root / "output" / "archive")
    (archived.root / "output" / "archive").mkdir()
    (archived.root / "output" / "archive" / "notes.txt").write_text("mine")
    (row,) = archive_of(archived)
    assert (row.verdict, row.code) == ("wrong", "archive-foreign")


@pytest.fixture
def buckets(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server of buckets."""
    server = Server()
    with serving(server) as url:
        settings(url, monkeypatch)
        yield server


def test_an_archive_in_a_bucket_is_reached_and_only_read(archived: Desk, buckets: Server) -> None:
    archived.edit("folder: output/archive", f"folder: s3://{new_bucket().name}/press", "data/house.yaml")
    assert office.is_in_a_bucket(office.house_of(archived.workspace))
    (row,) = archive_of(archived)
    assert row.fact.startswith("none yet in s3://presskit-")
    archived.archive()
    buckets.writes = 0
    (row,) = archive_of(archived)
    assert (row.verdict, row.fact.partition(", ")[2]) == ("ok", "2 entries in its log")
    assert buckets.writes == 0


def test_a_bucket_that_lets_nobody_in_is_wrong(archived: Desk, buckets: Server) -> None:
    archived.edit("folder: output/archive", f"folder: s3://{new_bucket().name}/press", "data/house.yaml")
    buckets.refuses = ("403 Forbidden", "InvalidAccessKeyId")
    (row,) = archive_of(archived)
    assert (row.verdict, row.code) == ("wrong", "bucket-refused")
