from __future__ import annotations

import json
from pathlib import Path

from presskit.archive.contents import (
    ARCHIVED_KIND,
    MANIFEST,
    POSITIONS,
    release_files,
    ring_files,
    ring_log,
    with_manifest,
)
from presskit.signoff.canon import digest
from presskit.signoff.envelope import read
from tests.signed_office import FOLDER, SLUG, Desk, Stages
from tests.signoff.office import key_of


def test_a_version_holds_source_words_records_and_evidence_byte_for_byte(
    stages: Stages, tmp_path: Path
) -> None:
    desk = stages.copy("signed", tmp_path / "office")
    office, kit = desk.office, {"a.pdf": b"the PDF"}
    draft = office.load(SLUG).draft
    files = release_files(draft, office.standing(draft), kit, "0" * 64, office.workspace)
    assert files["kit/a.pdf"] == b"the PDF"
    lying = {p.relative_to(desk.root / FOLDER).as_posix(): p for p in (desk.root / FOLDER).rglob("*")}
    kept = {name.removeprefix("sign-off/"): c for name, c in files.items() if name.startswith("sign-off/")}
    assert kept == {name: p.read_bytes() for name, p in lying.items() if p.is_file()}
    assert {name for name in files if name.startswith("words/")} == {
        "words/kit@en-CA.json",
        "words/mention.opp@en-CA.json",
        "words/quote.dusto@en-CA.json",
    }


def test_a_record_the_log_does_not_name_is_not_archived(stages: Stages, tmp_path: Path) -> None:
    desk = stages.copy("signed", tmp_path / "office")
    (desk.root / FOLDER / "9999-stray.dsse.json").write_bytes(b"{}")
    office = desk.office
    draft = office.load(SLUG).draft
    files = release_files(draft, office.standing(draft), {}, "0" * 64, office.workspace)
    assert "sign-off/9999-stray.dsse.json" not in files


def test_the_ring_goes_with_the_place_of_each_record_in_the_log(archived: Desk) -> None:
    office = archived.office
    files = ring_files(office.ledger(), office.workspace)
    positions = json.loads(files[POSITIONS])["ring"]
    assert [line["seq"] for line in positions] == [0, 1, 2, 3]
    assert {line["record"] for line in positions} == set(files) - {POSITIONS}
    assert ring_log(office.workspace) == (archived.root / "data/sign-off/log.jsonl").read_bytes()


def test_the_signed_list_names_every_other_file_with_its_digest() -> None:
    files = with_manifest({"a": b"1", "b": b"2"}, {"object": "x"}, key_of("clerk"))
    envelope = read(files[MANIFEST])
    assert envelope.signed_by(key_of("clerk").public)
    assert envelope.statement.kind == ARCHIVED_KIND
    assert envelope.statement.subjects == {"a": digest(b"1"), "b": digest(b"2")}
