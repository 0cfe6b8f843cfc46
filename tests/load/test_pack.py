from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from presskit.errors import BadSettings, Problem
from presskit.load.pack import load_pack
from presskit.workspace import Workspace
from tests.projects import office

PACK = "templates/news-release"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return office("city", tmp_path)


def change(workspace: Workspace, file: str, old: str, new: str) -> None:
    path = workspace.root / PACK / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def problems(workspace: Workspace, language: str = "en-CA") -> dict[str, Problem]:
    with pytest.raises(BadSettings) as caught:
        load_pack(workspace, "news-release", language)
    return {problem.code: problem for problem in caught.value.problems}


def test_a_pack_holds_theme_wording_templates_and_the_files_the_theme_names(workspace: Workspace) -> None:
    pack = load_pack(workspace, "news-release", "en-CA")
    assert pack.name == "news-release"
    assert pack.wording.kind == "NEWS RELEASE"
    assert pack.theme.page.size == "letter"
    folder = workspace.root / PACK
    assert dict(pack.theme.resources) == {
        name: (folder / name).read_bytes()
        for name in (
            "fonts/NotoSansCanadianAboriginal-Regular.ttf",
            "fonts/NotoSansCanadianAboriginal-Bold.ttf",
            "profiles/ISOcoated_v2_300_bas.icc",
            "profiles/srgb.icc",
        )
    }
    found = {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in folder.rglob("*.j2")}
    assert len(found) > 1
    assert pack.templates == found


def test_labels_keep_the_spaces_they_end_in(workspace: Workspace) -> None:
    wording = load_pack(workspace, "news-release", "en").wording
    assert (wording.dateline, wording.list_comma) == ("({place}) – ", ", ")


def test_wording_is_that_of_the_exact_language_else_of_the_bare_one(workspace: Workspace) -> None:
    assert load_pack(workspace, "news-release", "fr-CA").wording.kind == "COMMUNIQUÉ"
    folder = workspace.root / PACK
    french = (folder / "wording.fr.yaml").read_text("utf-8")
    (folder / "wording.fr-CA.yaml").write_text(french.replace("COMMUNIQUÉ", "COMMUNIQUÉ DE PRESSE"), "utf-8")
    assert load_pack(workspace, "news-release", "fr-CA").wording.kind == "COMMUNIQUÉ DE PRESSE"
    assert load_pack(workspace, "news-release", "fr-FR").wording.kind == "COMMUNIQUÉ"


def test_a_missing_pack_or_wording_names_what_there_is(workspace: Workspace) -> None:
    with pytest.raises(BadSettings) as caught:
        load_pack(workspace, "news-realease", "en")
    (problem,) = caught.value.problems
    assert (problem.code, problem.fix) == ("pack-unknown", "did you mean “news-release”?")
    found = problems(workspace, "iu-Cans-CA")["wording-missing"]
    assert found.what == "this pack has no wording in iu-Cans-CA, only wording.en.yaml, wording.fr.yaml."
    assert found.fix == "copy one to wording.iu.yaml and translate it."


def test_problems_of_theme_wording_and_templates_come_together(workspace: Workspace) -> None:
    change(workspace, "theme.yaml", "size: letter", "size: leter")
    change(workspace, "theme.yaml", "margin_mm: 25", "margin_mm: wide")
    change(workspace, "wording.en.yaml", "Page {page} of {pages}", "Page {number}")
    for template in (workspace.root / PACK / "documents").iterdir():
        template.unlink()
    found = problems(workspace)
    assert found["value-not-allowed"].fix == "did you mean “letter”?"
    assert found["number-invalid"].field == "page.margin_mm"
    assert found["label-gap"].field == "page_label"
    assert str(found["template-missing"].place) == f"{PACK}/documents"


def test_a_theme_s_colour_is_told_how_to_write_it(workspace: Workspace) -> None:
    change(workspace, "theme.yaml", 'rgb: "#123f6d"', "rgb: blue")
    found = problems(workspace)["value-invalid"]
    assert (found.field, found.what) == ("colours.brand.rgb", "“blue” is not written as it has to be.")
    assert found.fix == "write a colour as six digits: #123f6d."


@pytest.mark.parametrize(
    ("name", "code"), [("profiles/nowhere.icc", "file-missing"), ("../../secret.icc", "path-outside")]
)
def test_a_file_the_theme_names_and_does_not_have_is_told_at_its_place(
    name: str, code: str, workspace: Workspace
) -> None:
    change(workspace, "theme.yaml", "profiles/srgb.icc", name)
    found = problems(workspace)[code]
    assert found.field == "screen_profile"
    assert found.place.line > 40
    assert name in found.what


def test_a_logo_needs_a_description(workspace: Workspace) -> None:
    change(workspace, "theme.yaml", "screen_profile:", "logo: profiles/srgb.icc\nscreen_profile:")
    assert problems(workspace)["field-missing"].what == "the logo has no description."


def test_a_template_that_is_not_text_is_told(workspace: Workspace) -> None:
    (workspace.root / PACK / "parts" / "broken.xml.j2").write_bytes(b"<p>\xff</p>")
    assert str(problems(workspace)["file-not-text"].place) == f"{PACK}/parts/broken.xml.j2:1:4"


def test_a_logo_is_checked_like_a_photo(workspace: Workspace) -> None:
    entry = "logo: logo.png\nlogo_alt: The crest\nscreen_profile:"
    change(workspace, "theme.yaml", "screen_profile:", entry)
    (workspace.root / PACK / "logo.png").write_bytes(b"no picture")
    assert problems(workspace)["photo-format"].field == "logo"
    out = io.BytesIO()
    Image.new("RGB", (40, 16), "navy").save(out, "PNG")
    (workspace.root / PACK / "logo.png").write_bytes(out.getvalue())
    assert load_pack(workspace, "news-release", "en-CA").theme.logo_size_px == (40, 16)
