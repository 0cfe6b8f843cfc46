from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from presskit import pipeline
from presskit.errors import ProblemsFound, WrongUsage
from presskit.first_office import start_office
from presskit.workspace import LIMIT_BYTES, Workspace
from presskit.writers import WRITERS
from tests.cli.conftest import FINE
from tests.signed_office import SLUG, Stages


@dataclass(frozen=True)
class Counting(Workspace):
    """A workspace that remembers what was read and saved."""

    seen: Counter[str] = field(default_factory=Counter)

    def read(self, path: str, limit_bytes: int = LIMIT_BYTES) -> bytes:
        self.seen[path] += 1
        return Workspace.read(self, path, limit_bytes)


@pytest.fixture
def office(tmp_path: Path) -> Counting:
    made = start_office(tmp_path / "office", datetime(2026, 11, 23, tzinfo=UTC))
    for slug in ("bridge", "tunnel"):
        made.add(f"data/releases/{slug}/release.yaml", FINE.encode())
    return Counting(made.root, made.now)


def test_a_kit_holds_a_file_of_each_format_and_stands_below_output(office: Counting) -> None:
    formats = pipeline.chosen_formats(())
    kit = pipeline.build("bridge", pipeline.Office(office), formats)
    folder = office.root / "output" / "bridge"
    assert kit.files == {name: folder / f"bridge{writer.suffix}" for name, writer in WRITERS.items()}
    assert kit.warnings == ()
    assert kit.files["pdf"].read_bytes().startswith(b"%PDF-")


def test_registers_and_templates_are_read_once_for_many_releases(office: Counting) -> None:
    once = pipeline.Office(office)
    for slug in ("bridge", "tunnel", "bridge"):
        pipeline.build(slug, once, ["text"])
    assert office.seen.pop("data/releases/bridge/release.yaml") == 2
    assert office.seen.pop("data/releases/tunnel/release.yaml") == 1
    assert len(office.seen) > 5
    assert {path: times for path, times in office.seen.items() if times > 1} == {}


def test_nothing_is_written_if_anything_is_wrong(office: Counting) -> None:
    office.add("data/releases/bridge/release.yaml", FINE.encode() + b"headlin: twice\n", replace=True)
    with pytest.raises(ProblemsFound, match="headlin") as error:
        pipeline.build("bridge", pipeline.Office(office), ["text"])
    assert not (office.root / "output" / "bridge").exists()
    assert pipeline.check("bridge", pipeline.Office(office)) == error.value.problems


def test_a_check_and_a_build_find_the_same(office: Counting) -> None:
    office.add("data/releases/bridge/release.yaml", FINE.replace("opens", "opens 月").encode(), replace=True)
    with pytest.raises(ProblemsFound) as error:
        pipeline.build("bridge", pipeline.Office(office), list(WRITERS))
    assert pipeline.check("bridge", pipeline.Office(office)) == error.value.problems
    assert {problem.code for problem in error.value.problems} == {"character-without-glyph"}


def test_house_rules_and_what_keeps_a_release_from_being_composed_are_said_together(office: Counting) -> None:
    text = FINE.replace("contacts: [ijfs-media]\n", "").replace("Monday", "[Monday](ftp://example.org)")
    office.add("data/releases/bridge/release.yaml", text.encode(), replace=True)
    found = {problem.code for problem in pipeline.check("bridge", pipeline.Office(office))}
    assert found == {"contact-missing", "link-scheme"}


def test_many_characters_without_glyph_are_one_problem_a_field(office: Counting) -> None:
    office.add(
        "data/releases/bridge/release.yaml", FINE.replace("Monday", "月火水木金").encode(), replace=True
    )
    (problem,) = pipeline.check("bridge", pipeline.Office(office))
    assert problem.field == "body[0]"
    assert problem.what.count("U+") == 3
    assert problem.what.endswith(" and 2 more.")


def test_a_release_is_a_folder_with_a_release_in_it(office: Counting) -> None:
    (office.root / "data" / "releases" / "empty").mkdir()
    (office.root / "data" / "releases" / "notes.txt").write_text("")
    found = pipeline.releases(office)
    assert {"bridge", "tunnel"} <= set(found)
    assert {"empty", "notes.txt"} & set(found) == set()
    assert list(found) == sorted(found)


def test_a_release_is_a_draft_until_it_is_signed_off_and_again_when_it_is_edited(
    stages: Stages, tmp_path: Path
) -> None:
    desk = stages.copy("approved", tmp_path / "signed")
    assert pipeline.signed_off(desk.office) == ()
    draft = pipeline.show(SLUG, desk.office)
    desk.sign("lee")
    desk.sign("kim")
    assert pipeline.signed_off(desk.office) == (SLUG,)
    signed = pipeline.show(SLUG, desk.office)
    assert ("2026-0001" in draft, "2026-0001" in signed) == (False, True)
    assert ("DRAFT" in draft, "DRAFT" in signed) == (True, False)
    desk.edit("Monday", "Tuesday")
    assert pipeline.signed_off(desk.office) == ()
    assert pipeline.show(SLUG, desk.office) == draft.replace("Monday", "Tuesday")


def test_a_broken_release_keeps_no_other_from_being_archived(stages: Stages, tmp_path: Path) -> None:
    desk = stages.copy("signed", tmp_path / "signed")
    desk.workspace.add("data/releases/broken/release.yaml", b"headlin: twice\n")
    assert pipeline.signed_off(desk.office) == (SLUG,)


def test_all_files_of_a_signed_off_release_are_the_very_bytes_that_were_signed(
    stages: Stages, tmp_path: Path
) -> None:
    desk = stages.copy("signed", tmp_path / "signed")
    built = desk.built()
    for name in built:
        (desk.root / "output" / SLUG / name).write_bytes(b"something else")
    pipeline.build(SLUG, desk.office, pipeline.chosen_formats(()))
    assert desk.built() == built


def test_all_unknown_releases_are_named_at_once(office: Counting) -> None:
    with pytest.raises(WrongUsage) as error:
        pipeline.require_known(["brigde", "bridge", "zzz"], office)
    assert [problem.place.file for problem in error.value.problems] == ["release brigde", "release zzz"]
    assert "did you mean “bridge”?" in error.value.problems[0].fix
    assert "or use one of: " in error.value.problems[1].fix


def test_formats_come_in_the_order_of_the_registry_each_once() -> None:
    assert pipeline.chosen_formats(["text", "pdf", "text"]) == ("pdf", "text")
    assert pipeline.chosen_formats([]) == tuple(WRITERS)
    with pytest.raises(WrongUsage, match="did you mean “docx”"):
        pipeline.chosen_formats(["doc"])
