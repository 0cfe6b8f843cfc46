from __future__ import annotations

import json
import shutil
import unicodedata
from pathlib import Path

import pytest

from presskit.workspace import Workspace
from presskit.writers import WRITERS
from tests.cli.conftest import FINE, Call, Said, Write


def test_without_a_format_every_file_of_the_kit_is_built(fine: str, call: Call) -> None:
    said = call("build", fine)
    assert said.code == 0, said.err
    assert said.out.splitlines() == [
        str(Path("output", fine, fine + writer.suffix)) for writer in WRITERS.values()
    ]
    assert sorted(p.name for p in Path("output", fine).iterdir()) == sorted(
        fine + w.suffix for w in WRITERS.values()
    )


def test_a_kit_built_twice_has_the_same_bytes(fine: str, call: Call) -> None:
    call("build", fine)
    first = {p.name: (p.read_bytes(), p.stat().st_mtime_ns) for p in Path("output", fine).iterdir()}
    call("build", fine)
    assert {p.name: (p.read_bytes(), p.stat().st_mtime_ns) for p in Path("output", fine).iterdir()} == first


def test_all_builds_every_release(fine: str, write: Write, call: Call) -> None:
    write("data/releases/another/release.yaml", FINE)
    said = call("build", "--all", "--format", "text", "--quiet")
    assert said == Said(0, "", said.err)
    built = {p.name for p in Path("output").iterdir() if p.is_dir()}
    assert {fine, "another"} <= built == {p.name for p in Path("data/releases").iterdir()}


def test_an_office_without_releases_is_told_how_to_make_one(office: Workspace, call: Call) -> None:
    shutil.rmtree(office.root / "data" / "releases")
    assert call("build", "--all") == Said(0, "", "there is no release yet; make one: presskit new SLUG\n")
    assert "presskit new SLUG" in call("build").err
    assert "presskit new SLUG" in call("build", "first").err
    assert json.loads(call("build", "--all", "--json").out)["releases"] == []


def test_paths_are_relative_below_the_current_folder_and_absolute_elsewhere(
    fine: str, office: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: Call
) -> None:
    monkeypatch.chdir(office.root / "data" / "releases")
    said = call("build", fine, "-f", "text")
    assert said.out == f"{office.root / 'output' / fine / fine}.txt\n"
    monkeypatch.chdir(office.root.parent)
    said = call("--project", office.root.name, "build", fine, "-f", "text")
    assert said.out == f"{Path(office.root.name, 'output', fine, fine)}.txt\n"


def test_strict_takes_warnings_for_errors(fine: str, office: Workspace, write: Write, call: Call) -> None:
    house = office.read("data/house.yaml").decode()
    write("data/house.yaml", f"{house}\nrules: {{contact-missing: warning}}\n")
    write(f"data/releases/{fine}/release.yaml", FINE.replace("contacts: [ijfs-media]\n", ""))
    mild = call("build", fine, "-f", "text")
    assert (mild.code, mild.out) == (0, f"{Path('output', fine, fine)}.txt\n")
    assert "[contact-missing]" in mild.err
    assert mild.err.endswith("\n1 warning.\n")
    strict = call("build", fine, "-f", "text", "--strict")
    assert (strict.code, strict.out) == (1, "")
    assert call("check", fine).code == 0
    assert call("check", fine, "--strict").code == 1
    assert call("build", fine, "-f", "text", "--quiet") == Said(0, "", "")


def test_a_check_writes_nothing(fine: str, call: Call) -> None:
    assert call("check", fine) == Said(0, "", "1 release checked: no problems.\n")
    assert list(Path("output").iterdir()) == []


def test_a_check_without_a_name_checks_all(fine: str, broken: str, call: Call) -> None:
    answer = json.loads(call("check", "--json").out)
    assert {fine, broken} < {release["slug"] for release in answer["releases"]}
    assert answer["exit_code"] == 1


def test_show_prints_the_tree(fine: str, call: Call) -> None:
    said = call("show", fine)
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("document\n  title: The bridge opens\n")
    assert json.loads(call("show", fine, "--json").out)["tree"] == said.out


def test_the_schema_is_printed_or_written(office: Workspace, call: Call) -> None:
    shipped = office.read("data/release.schema.json").decode()
    assert call("schema") == Said(0, shipped, "")
    office.add("data/release.schema.json", b"{}", replace=True)
    assert call("schema", "--write") == Said(0, f"{Path('data', 'release.schema.json')}\n", "")
    assert office.read("data/release.schema.json").decode() == shipped


def test_a_character_no_font_has_is_named_with_its_place(fine: str, write: Write, call: Call) -> None:
    write(f"data/releases/{fine}/release.yaml", FINE.replace("Monday", "Monday, 月曜日"))
    said = call("build", fine, "--format", "pdf")
    assert (said.code, said.out) == (1, "")
    assert f"data/releases/{fine}/release.yaml:6:5: body[0]: " in said.err
    assert "月 (U+6708 CJK UNIFIED IDEOGRAPH-6708)" in said.err
    assert "[character-without-glyph]" in said.err
    assert call("check", fine).code == 1
    assert call("build", fine, "--format", "text").code == 0


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_photos_with_accents_in_their_names_are_found(
    form: str, fine: str, office: Workspace, write: Write, call: Call
) -> None:
    from io import BytesIO

    from PIL import Image

    picture = BytesIO()
    Image.new("RGB", (600, 400), "navy").save(picture, "JPEG")
    name = unicodedata.normalize(form, "Préfet à Orléans.jpg")  # type: ignore[arg-type]
    office.add(f"data/releases/{fine}/photos/{name}", picture.getvalue())
    write(
        f"data/releases/{fine}/release.yaml",
        FINE + "  - {photo: Préfet à Orléans.jpg, alt: A prefect, caption: He came, credit: Office}\n",
    )
    said = call("build", fine, "--format", "html")
    assert said.code == 0, said.err


def test_a_release_can_not_be_named_out_of_the_project(office: Workspace, call: Call) -> None:
    (office.root.parent / "release.yaml").write_text(FINE)
    for slug in ("../..", "../../..", "..", "bridge/../..", "/etc"):
        said = call("build", slug)
        assert (said.code, said.out) == (2, "")
        assert "[release-unknown]" in said.err
