from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from presskit.archive import layout
from presskit.archive.foi import foi_package
from presskit.archive.keeping import Keeper, open_archive
from presskit.archive.store import Archive
from presskit.errors import ArchiveDamaged, WrongUsage
from presskit.signoff.canon import digest
from presskit.signoff.envelope import sign
from presskit.signoff.records import Decision, statement_of
from tests.archive.samples import SPEAKER, Sample, archive_of
from tests.signoff.office import FILES, PACK, PEOPLE, key_of, start

CLINIC = Sample()
KIT = [f"public/v1/kit/clinic-opens{suffix}" for suffix in ("-press.pdf", ".docx", ".html", ".pdf", ".txt")]
HIDDEN = (
    b"chief-of-staff",
    b"person:",
    b"agency:",
    b"rivers@",
    b"fire.example.org",
    b"705-555-0199",
    b"Too soft",
    b"Glad that",
    b"lawyer",
    b"0002-mail.eml",
    b"manifest",
    b"eyJ",  # how a JSON object begins in base64
)
"""What must stand in nothing that is public: approvers, addresses, reasons, notes, comments, records."""


def packed(tmp_path: Path, *samples: Sample, versions: tuple[int, ...] = (1,)) -> Mapping[str, bytes]:
    archive = archive_of(tmp_path / "archive", samples or (CLINIC,))
    return foi_package(archive, CLINIC.object_id, versions)


def public(package: Mapping[str, bytes]) -> dict[str, bytes]:
    found = {path: content for path, content in package.items() if path.startswith("public/")}
    assert found
    return found


def test_the_kit_is_public_as_it_went_out(tmp_path: Path) -> None:
    found = public(packed(tmp_path))
    assert sorted(found) == ["public/v1/facts.txt", *KIT]
    files = CLINIC.files()
    assert all(found[path] == files[path.removeprefix("public/v1/")] for path in KIT)


def test_what_the_release_says_of_itself_is_public(tmp_path: Path) -> None:
    assert packed(tmp_path)["public/v1/facts.txt"].decode() == (
        "slug       clinic-opens\n"
        "headline   City opens its first free clinic\n"
        "reference  2026-14\n"
        "issued     2026-03-02\n"
        "language   en-CA\n"
    )


def test_nothing_public_names_an_approver_an_address_or_a_note(tmp_path: Path) -> None:
    package = packed(tmp_path, CLINIC, replace(CLINIC, headline="New"), versions=(1, 2))
    found = [(path, word) for path, content in public(package).items() for word in HIDDEN if word in content]
    assert found == []
    elsewhere = b"".join(content for path, content in package.items() if not path.startswith("public/"))
    assert [word for word in HIDDEN if word not in elsewhere] == []


def test_what_is_said_and_who_said_it_are_apart(tmp_path: Path) -> None:
    package = packed(tmp_path)
    assert package["advice/v1/decisions.txt"].decode().split("\n\n")[0] == (
        "Record 0001\n"
        "about     quote.rivers@en-CA\n"
        "decision  reject\n"
        "at        2026-03-01T12:00:00Z\n"
        "reason    Too soft: call 705-555-0199."
    )
    who = package["personal/v1/sign-off.txt"].decode().split("\n\n")
    assert len(who) == 5
    assert re.fullmatch(
        r"Record 0002\n"
        r"context        \{.*\}\n"
        r"decision       approve\n"
        r"evidence       [0-9a-f]{64}\n"
        r"evidence_name  0002-mail.eml\n"
        r"method         mail\n"
        r"principal      agency:fire\n"
        r"signed with    [0-9a-f]{64}",
        who[1],
    )
    for name in (b"person:", b"agency:", b"chief", b"0002-mail.eml"):
        assert name not in package["advice/v1/decisions.txt"]


def test_every_file_of_the_version_is_there_once(tmp_path: Path) -> None:
    package = packed(tmp_path)
    made = {"facts.txt", "decisions.txt", "sign-off.txt"}
    paths = [path.split("/", 2)[2] for path in package if "/" in path]
    assert sorted(paths) == sorted([*CLINIC.files(), *made])
    files = CLINIC.files()
    for path, content in package.items():
        name = path.split("/", 2)[-1]
        assert name not in files or content == files[name]


def test_the_index_names_every_file_and_why_it_lies_there(tmp_path: Path) -> None:
    package = packed(tmp_path)
    rows = list(csv.DictReader(io.StringIO(package["index.csv"].decode())))
    assert [row["path"] for row in rows] == sorted(set(package) - {"index.csv", "README.txt"})
    for row in rows:
        assert row["category"] == row["path"].split("/")[0]
        assert (row["sha256"], row["bytes"]) == (digest(package[row["path"]]), str(len(package[row["path"]])))
    why = {row["path"]: row["why"] for row in rows}
    assert {
        path: why[path] for path in why if "sign-off/" in path or "words/" in path or "release" in path
    } == {
        "advice/v1/release.yaml": "the draft, with the editors' comments",
        **{
            f"advice/v1/words/{name}@en-CA.json": "words as they were shown for approval"
            for name in ("kit", "mention.fire", "quote.rivers")
        },
        "personal/v1/sign-off/evidence/0002-mail.eml": "shows an answer: a mail, a call or a paper",
        **{
            f"personal/v1/sign-off/000{name}.dsse.json": "names who decided"
            for name in ("1-rivers", "2-fire", "3-rivers", "4-office", "5-chief")
        },
    }


UNKNOWN = {
    "notes.txt": "of a kind that is not known",
    "kit/draft.pdf": "no record says that it went out",
    "kit/sub/clinic-opens.pdf": "no record says that it went out",
    "public/x": "of a kind that is not known",
    "words/deeper/quote.json": "of a kind that is not known",
    "sign-off/list.txt": "of a kind that is not known",
    "sign-off/evidence/call.dsse.json": "shows an answer: a mail, a call or a paper",
    "photos/other.jpg": "may hold where and when it was taken, and by whom",
    "kits/clinic-opens.pdf": "of a kind that is not known",
}


def test_a_file_nobody_classified_is_personal(tmp_path: Path) -> None:
    package = packed(tmp_path, replace(CLINIC, extra=dict.fromkeys(UNKNOWN, b"secret")))
    rows = {row["path"]: row["why"] for row in csv.DictReader(io.StringIO(package["index.csv"].decode()))}
    assert {name: rows.get(f"personal/v1/{name}") for name in UNKNOWN} == UNKNOWN
    assert all(b"secret" not in content for content in public(package).values())


@pytest.mark.parametrize("state", ["in_review", "approved", ""])
def test_a_kit_that_was_not_signed_off_is_not_public(tmp_path: Path, state: str) -> None:
    package = packed(tmp_path, replace(CLINIC, state=state))
    assert sorted(public(package)) == ["public/v1/facts.txt"]
    assert "personal/v1/kit/clinic-opens.pdf" in package


def test_a_kit_file_other_than_the_one_signed_off_is_not_public(tmp_path: Path) -> None:
    package = packed(tmp_path, replace(CLINIC, extra={"kit/clinic-opens.pdf": b"another"}))
    assert "personal/v1/kit/clinic-opens.pdf" in package
    assert "public/v1/kit/clinic-opens.pdf" not in package


def test_a_file_that_was_rejected_is_not_public(tmp_path: Path) -> None:
    decision = Decision(
        act="reject",
        principal="person:rivers",
        method="key",
        scopes={"kit@en-CA": "0" * 64},
        files={"draft.pdf": digest(b"draft")},
        whole="0" * 64,
        at="2026-03-01",
        reason="no",
    )
    record = sign(statement_of(decision, CLINIC.kit), SPEAKER)
    extra = {"kit/draft.pdf": b"draft", "sign-off/0006-rivers.dsse.json": record}
    assert "personal/v1/kit/draft.pdf" in packed(tmp_path, replace(CLINIC, extra=extra))


def test_a_record_that_can_not_be_read_is_kept_and_named(tmp_path: Path) -> None:
    package = packed(tmp_path, replace(CLINIC, extra={"sign-off/0006-odd.dsse.json": b"{}"}))
    assert package["personal/v1/sign-off/0006-odd.dsse.json"] == b"{}"
    assert package["personal/v1/sign-off.txt"].decode().endswith("Record 0006\nrecord  can not be read\n")


def test_facts_that_can_not_be_read_make_nothing_public(tmp_path: Path) -> None:
    package = packed(tmp_path, replace(CLINIC, extra={"version.json": b"\xff"}))
    assert public(package) == {"public/v1/facts.txt": b""}


def test_the_readme_counts_the_files_and_warns_of_an_embargo(tmp_path: Path) -> None:
    facts = CLINIC.files()["version.json"].replace(b'"embargo":', b'"x":')
    facts = facts.replace(b'{"', b'{"embargo":"2026-03-02T09:00:00-05:00","', 1)
    package = packed(tmp_path, CLINIC, replace(CLINIC, extra={"version.json": facts}), versions=(2, 1, 2))
    readme = package["README.txt"].decode()
    assert "Versions: 1, 2\n" in readme
    assert "public/     12 files\n" in readme
    assert "Under embargo, so not public before: version 2, 2026-03-02T09:00:00-05:00.\n" in readme
    assert max(map(len, readme.splitlines())) <= 110


def test_only_what_was_deposited_is_packed(tmp_path: Path) -> None:
    archive = archive_of(tmp_path / "archive", [CLINIC])
    with pytest.raises(WrongUsage):
        foi_package(archive, CLINIC.object_id, [1, 2])
    file = archive.root / layout.object_path(CLINIC.object_id) / "v1/content/kit/clinic-opens.pdf"
    file.write_bytes(b"another")
    with pytest.raises(ArchiveDamaged):
        foi_package(archive, CLINIC.object_id, [1])


def test_the_same_request_gives_the_same_package(tmp_path: Path) -> None:
    archive = archive_of(tmp_path / "archive", [CLINIC])
    one, other = (foi_package(Archive.open(archive.root), CLINIC.object_id, [1]) for _ in range(2))
    assert list(one.items()) == list(other.items())


def test_an_offices_own_deposit_is_sorted_the_same_way(tmp_path: Path) -> None:
    office = start(tmp_path)
    office.submit()
    office.reject("person:mayor", "block:quote.mayor@en-CA", reason="Not my words, says my lawyer")
    office.vouch("agency:fire", "block:mention.fire@en-CA", mail=b"From: private@example.net")
    office.clear()
    draft = office.draft()
    archive = open_archive(draft.registers.house, office.workspace, create=True)
    hand = office.hand("person:officer")
    keeper = Keeper(archive, key_of("person:officer"), hand.holder, office.workspace)
    kept = keeper.keep(draft, office.standing(), FILES, PACK)
    package = foi_package(archive, kept.object_id, [1])
    found = public(package)
    assert {path.rpartition("/")[2] for path in found} == {*FILES, "facts.txt"}
    names = [*PEOPLE, *(name for name, _ in PEOPLE.values())]
    for hidden in (*names, "lawyer", "private@example.net", os.fspath(tmp_path)):
        assert [path for path, content in found.items() if hidden.encode() in content] == []
    assert "Not my words, says my lawyer" in package["advice/v1/decisions.txt"].decode()
    assert [path for path, content in package.items() if b"private@example.net" in content] == [
        path for path in package if path.startswith("personal/v1/sign-off/evidence/")
    ]
