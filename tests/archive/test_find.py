from __future__ import annotations

import multiprocessing
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from presskit.archive import find as module
from presskit.archive import layout
from presskit.archive.find import Found, find, update
from presskit.archive.purge import purge
from presskit.archive.store import Archive
from presskit.errors import Unreadable
from tests.archive.samples import AT, DOMAIN, OFFICE, Sample, archive_of, deposit

CLINIC = Sample()
CLINIC_AGAIN = replace(CLINIC, headline="City opens its first free clinic on Monday", reference="2026-15")
BRIDGE = Sample(
    slug="bridge-closes",
    headline="The Mill Street bridge closes",
    text="Cyclists and the café crowd have to go round.\n\nIt's the year's joint-forces project: $100.",
    words=("We will open it again in May.",),
    issued="2026-04-01",
    reference="2026-20",
    agency="Orillia Public Works",
)
CLINIC_DAY = date(2026, 3, 2)
PONT = Sample(
    slug="pont-ferme",
    headline="Le pont de la rue Mill est fermé",
    text="Les cyclistes et les clients du CAFÉ font le tour. Les élèves aussi : l’été sera long.",
    words=("Nous l’ouvrirons en mai.",),
    language="fr-CA",
    issued="2026-04-01",
    reference="CP-21",
)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return archive_of(tmp_path / "archive", [CLINIC, CLINIC_AGAIN, BRIDGE, PONT])


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "index.sqlite"


def slugs(found: tuple[Found, ...]) -> list[str]:
    return [f"{version.slug}/{version.version}" for version in found]


def rows(index: Path) -> int:
    connection = sqlite3.connect(index)
    (count,) = connection.execute("SELECT count(*) FROM version").fetchone()
    connection.close()
    return int(count)


# --- what is found -------------------------------------------------------------------------------------


def test_a_found_version_says_what_it_is(archive: Archive, index: Path) -> None:
    assert find(archive, index, "cyclists") == (
        Found(
            "bridge-closes",
            1,
            "2026-20",
            "2026-04-01",
            "The Mill Street bridge closes",
            "en-CA",
            "signed_off",
            "…2026-20 The Mill Street bridge closes Cyclists and the café crowd have to go round. "
            "It's the year…",
        ),
    )


def test_without_a_word_everything_is_found_the_last_issued_first(archive: Archive, index: Path) -> None:
    assert slugs(find(archive, index)) == [
        "pont-ferme/1",
        "bridge-closes/1",
        "clinic-opens/2",
        "clinic-opens/1",
    ]
    assert slugs(find(archive, index, limit=1)) == ["pont-ferme/1"]
    assert find(archive, index, limit=-1) == ()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("clinic door", ["clinic-opens/2", "clinic-opens/1"]),
        ("clinic cyclists", []),
        ("CAFE", ["pont-ferme/1", "bridge-closes/1"]),
        ("cafe\u0301", ["pont-ferme/1", "bridge-closes/1"]),
        ("ferme eleves", ["pont-ferme/1"]),
        ('"free clinic"', ["clinic-opens/2", "clinic-opens/1"]),
        ('"clinic free"', []),
        ("“free clinic” monday", ["clinic-opens/2", "clinic-opens/1"]),
        ('"first free clinic on"', ["clinic-opens/2"]),
        ("cycl*", ["pont-ferme/1", "bridge-closes/1"]),
        ('"and the caf*"', ["bridge-closes/1"]),
        ("cycl", []),
        ("joint-forces", ["bridge-closes/1"]),
        ("it's", ["bridge-closes/1"]),
        ("2026-20", ["bridge-closes/1"]),
        ("$100 – project.", ["bridge-closes/1"]),
        ("rent doctor", ["clinic-opens/2", "clinic-opens/1"]),
        ("signed_off", []),
    ],
)
def test_words_are_found_as_people_type_them(
    archive: Archive, index: Path, query: str, expected: list[str]
) -> None:
    assert slugs(find(archive, index, query)) == expected


@pytest.mark.parametrize(
    "query",
    [
        '"',
        '""',
        '"clinic',
        "clinic AND",
        "NOT",
        "AND OR NOT",
        "clinic OR cyclists",
        "NEAR(clinic cyclists)",
        "headline:clinic",
        "headline : nowhere",
        "{headline} : x",
        "-clinic",
        "^city",
        "clinic)",
        "(((",
        "*",
        "**",
        "a**",
        "'; DROP TABLE version; --",
        '" OR rowid > 0 OR "',
        "%",
        "?",
        "clinic\0cyclists",
        "\ud800",
        "clinic\ud800",
        "\U0001f600",
        "clinic " * 5000,
        '"' * 5000,
    ],
)
def test_no_words_can_be_an_order_to_the_index(archive: Archive, index: Path, query: str) -> None:
    plain = "".join(character if character.isalnum() or character == '"' else " " for character in query)
    if not query.endswith("*") and ":" not in query:
        assert find(archive, index, query) == find(archive, index, plain)
    find(archive, index, speaker=query, agency=query, slug=query.replace("\ud800", ""))
    assert rows(index) == 4


def test_or_and_not_are_words_like_others(archive: Archive, index: Path) -> None:
    assert find(archive, index, "clinic OR cyclists") == ()
    assert slugs(find(archive, index, "nobody OR rent")) == []
    assert slugs(find(archive, index, "cyclists and")) == ["bridge-closes/1"]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"slug": "bridge-closes"}, ["bridge-closes/1"]),
        ({"slug": "bridge"}, []),
        ({"reference": "2026-15"}, ["clinic-opens/2"]),
        ({"reference": "cp-21"}, ["pont-ferme/1"]),
        ({"language": "fr"}, ["pont-ferme/1"]),
        ({"language": "FR-ca"}, ["pont-ferme/1"]),
        ({"language": "f"}, []),
        ({"language": "%"}, []),
        ({"speaker": "rivers", "language": "fr"}, ["pont-ferme/1"]),
        ({"speaker": "Sám RIVERS"}, ["pont-ferme/1", "bridge-closes/1", "clinic-opens/2", "clinic-opens/1"]),
        ({"speaker": "mayor", "query": "bridge"}, ["bridge-closes/1"]),
        ({"speaker": "clinic"}, []),
        ({"agency": "public works"}, ["bridge-closes/1"]),
        ({"agency": "fire", "query": "closes"}, ["bridge-closes/1"]),
        ({"since": date(2026, 4, 1)}, ["pont-ferme/1", "bridge-closes/1"]),
        ({"until": date(2026, 3, 31)}, ["clinic-opens/2", "clinic-opens/1"]),
        ({"until": date(2026, 4, 1), "since": date(2026, 4, 1), "query": "tour"}, ["pont-ferme/1"]),
        ({"until": CLINIC_DAY, "query": "pays", "since": CLINIC_DAY, "limit": 1}, ["clinic-opens/2"]),
        ({"since": date.max}, []),
        ({"until": date.min}, []),
    ],
)  # fmt: skip
def test_fields_narrow_down_what_is_found(
    archive: Archive, index: Path, fields: dict[str, object], expected: list[str]
) -> None:
    assert slugs(find(archive, index, **fields)) == expected  # type: ignore[arg-type]


# --- the index is a cache ------------------------------------------------------------------------------


def test_what_is_new_in_the_archive_is_found_without_making_the_index_anew(
    archive: Archive, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    find(archive, index)
    monkeypatch.setattr(module, "_make", None)
    deposit(archive, BRIDGE.object_id, replace(BRIDGE, headline="The bridge opens").files())
    assert slugs(find(archive, index, "opens", slug="bridge-closes")) == ["bridge-closes/2"]


def test_an_index_that_followed_is_the_same_as_one_made_anew(
    archive: Archive, index: Path, tmp_path: Path
) -> None:
    find(archive, index)
    for sample in (replace(BRIDGE, issued="2020-01-01"), replace(PONT, issued="2030-01-01"), Sample("third")):
        deposit(archive, sample.object_id, sample.files())
        find(archive, index)
    update(archive, tmp_path / "anew")
    for query in ("", "mill", "cafe"):
        assert find(archive, index, query) == find(archive, tmp_path / "anew", query)
    assert len(find(archive, index)) == 7


def test_the_key_ring_and_other_objects_are_no_releases(archive: Archive, index: Path) -> None:
    deposit(archive, f"urn:presskit:{DOMAIN}:key-ring", {"ring/0001.json": b"clinic"})
    assert len(find(archive, index, "clinic")) == 2


def test_a_removed_release_vanishes_from_the_file_too(archive: Archive, index: Path) -> None:
    find(archive, index)
    assert b"cyclists" in index.read_bytes().lower()
    purge(archive, BRIDGE.object_id, ground="order", user_name="office", at=AT, signer=OFFICE)
    assert find(archive, index, "cyclists") == ()
    assert b"cyclists" not in index.read_bytes().lower()
    assert [file.name for file in index.parent.iterdir()] == ["index.sqlite.lock", "index.sqlite"] or len(
        list(index.parent.iterdir())
    ) == 2


def test_an_index_of_an_archive_put_back_from_an_older_copy_is_made_anew(
    archive: Archive, index: Path
) -> None:
    log = archive.root / layout.LOG
    before = log.read_bytes()
    deposit(archive, BRIDGE.object_id, replace(BRIDGE, headline="The bridge opens").files())
    assert len(find(archive, index)) == 5
    log.write_bytes(before)
    assert len(find(archive, index)) == 4


def test_an_index_of_another_archive_is_made_anew(archive: Archive, index: Path, tmp_path: Path) -> None:
    find(archive, index)
    other = archive_of(
        tmp_path / "other", [Sample("fifth"), Sample("sixth"), Sample("seventh"), Sample("eighth")]
    )
    assert len((other.root / layout.LOG).read_bytes()) != 0
    assert slugs(find(other, index, slug="sixth")) == ["sixth/1"]
    assert find(other, index, "cyclists") == ()


def test_an_index_of_another_archive_with_as_long_a_log_is_made_anew(tmp_path: Path, index: Path) -> None:
    fifth, sixth = (archive_of(tmp_path / slug, [Sample(slug)]) for slug in ("fifth", "sixth"))
    assert (fifth.root / layout.LOG).stat().st_size == (sixth.root / layout.LOG).stat().st_size
    assert slugs(find(fifth, index)) == ["fifth/1"]
    assert slugs(find(sixth, index)) == ["sixth/1"]


def emptied(index: Path) -> None:
    index.write_bytes(b"")


def rubbish(index: Path) -> None:
    index.write_bytes(b"no index at all " * 1000)


def cut_off(index: Path) -> None:
    index.write_bytes(index.read_bytes()[: index.stat().st_size // 2])


def overwritten(index: Path) -> None:
    content = index.read_bytes()
    index.write_bytes(content[:8192] + b"\xff" * (len(content) - 8192))


def end_overwritten(index: Path) -> None:
    content = index.read_bytes()
    index.write_bytes(content[:24576] + b"\x55" * (len(content) - 24576))


def of_an_older_presskit(index: Path) -> None:
    changed(index, "DELETE FROM version")
    changed(index, "PRAGMA user_version = 0")


def without_a_table(index: Path) -> None:
    changed(index, "DROP TABLE words")


def without_its_place_in_the_log(index: Path) -> None:
    changed(index, "DELETE FROM journal")


def behind(index: Path) -> None:
    changed(index, "UPDATE journal SET bytes = 'x', last = NULL")


def gone(index: Path) -> None:
    index.unlink()


def changed(index: Path, order: str) -> None:
    connection = sqlite3.connect(index)
    connection.execute(order)
    connection.commit()
    connection.close()


DAMAGE = (
    emptied,
    rubbish,
    cut_off,
    overwritten,
    end_overwritten,
    of_an_older_presskit,
    without_a_table,
    without_its_place_in_the_log,
    behind,
    gone,
)


@pytest.mark.parametrize("hurt", DAMAGE)
def test_a_damaged_index_is_made_anew(archive: Archive, index: Path, hurt: Callable[[Path], None]) -> None:
    expected = find(archive, index, "cafe")
    assert len(expected) == 2
    hurt(index)
    assert find(archive, index, "cafe") == expected
    assert find(archive, index, "cafe") == expected


def test_what_an_old_index_was_being_changed_by_never_meets_a_new_one(archive: Archive, index: Path) -> None:
    find(archive, index)
    index.with_name("index.sqlite-journal").write_bytes(b"left by a process that was killed")
    update(archive, index, anew=True)
    assert not index.with_name("index.sqlite-journal").exists()


def test_what_can_not_be_read_in_the_archive_is_left_out_and_stops_nothing(
    archive: Archive, index: Path
) -> None:
    folder = archive.root / layout.object_path(BRIDGE.object_id)
    (folder / "v1" / layout.INVENTORY).write_bytes(b'{"manifest": 5}')
    clinic = archive.root / layout.object_path(CLINIC.object_id)
    (clinic / "v1/content/kit/clinic-opens.txt").write_bytes(b"\xff\xfe clinic")
    (clinic / "v2/content/version.json").unlink()
    with (archive.root / layout.LOG).open("ab") as log:
        log.write(b'\xff\n[]\n{"object": 5, "version": "x"}\n{"torn')
    assert slugs(find(archive, index)) == ["pont-ferme/1", "clinic-opens/1"]


def test_an_archive_without_a_deposit_has_nothing_to_find(tmp_path: Path, index: Path) -> None:
    assert find(archive_of(tmp_path / "empty", []), index, "clinic") == ()


def test_an_index_that_can_not_be_written_says_so(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(Unreadable) as caught:
        find(archive, tmp_path / "file" / "index")
    assert [problem.code for problem in caught.value.problems] == ["file-unwritable"]


def ask_often(root: Path, index: Path, times: int) -> None:
    archive = Archive.open(root)
    for turn in range(times):
        if turn % 3 == 0:
            update(archive, index, anew=True)
        assert len(find(archive, index, "cafe")) == 2


def test_many_processes_share_one_index(archive: Archive, index: Path) -> None:
    start = multiprocessing.get_context("spawn")
    askers = [start.Process(target=ask_often, args=(archive.root, index, 20)) for _ in range(3)]
    for asker in askers:
        asker.start()
    for number in range(5):
        deposit(archive, CLINIC.object_id, replace(CLINIC, headline=f"Headline {number}").files())
        find(archive, index)
    for asker in askers:
        asker.join(120)
    assert [asker.exitcode for asker in askers] == [0, 0, 0]
    assert len(find(archive, index)) == 9
