from __future__ import annotations

import hashlib
from dataclasses import replace
from importlib.resources import files

import pytest

from presskit.document.nodes import Attachment
from presskit.writers.pdf import write_digital, write_press
from presskit.writers.pdf.fonts import FAMILIES
from tests.documents import hard, seed, theme
from tests.writers.pdf.anatomy import opened

SHA256 = {
    "SourceSerif4[opsz,wght].ttf": "97b2d4da6e3cb494",
    "SourceSerif4-Italic[opsz,wght].ttf": "15fbc7e4679489a5",
    "SourceSans3[wght].ttf": "042fe2cc0b933e32",
    "SourceSans3-Italic[wght].ttf": "39e3ab05ccd7cb94",
}


def test_attached_data_comes_out_byte_for_byte() -> None:
    data = bytes(range(256)) * 3
    document = seed()
    attachment = Attachment("données (v2).yaml", "application/yaml", data, "The data")
    document = replace(document, head=replace(document.head, attachments=(attachment,)))
    pdf = opened(write_digital(document, theme()))
    assert pdf.attachments["données (v2).yaml"].get_file().read_bytes() == data
    (specification,) = pdf.Root.AF
    assert specification.AFRelationship == "/Source"
    assert (
        specification.EF.F.Subtype == "/application#2Fyaml"
        or specification.EF.F.Subtype == "/application/yaml"
    )


def test_bookmarks_lead_to_the_headings() -> None:
    pdf = opened(write_digital(seed(), theme()))
    with pdf.open_outline() as outline:
        (headline,) = outline.root
        assert headline.title.startswith("80")
        titles = [child.title for child in headline.children]
    assert titles == [
        "QUOTES",
        "About THE IJFS",
        "About WORLD DAY AGAINST TRAFFICKING IN PERSONS",
        "Media contact",
    ]


def test_links_say_where_they_lead_and_sit_in_the_tree() -> None:
    pdf = opened(write_digital(hard()["everything"], theme()))
    links = [annotation for page in pdf.pages for annotation in page.get("/Annots", [])]
    assert len(links) > 2
    for link in links:
        assert str(link.Contents) == str(link.A.URI)
        assert link.F == 4
        assert "/StructParent" in link


def test_a_viewer_shows_the_title_and_knows_the_language() -> None:
    pdf = opened(write_digital(hard()["french"], theme()))
    assert pdf.Root.ViewerPreferences.DisplayDocTitle
    assert str(pdf.Root.Lang) == hard()["french"].head.language
    assert all(page.Tabs == "/S" for page in pdf.pages)


def test_files_carry_the_date_of_the_release() -> None:
    for data in (write_digital(seed(), theme()), write_press(seed(), theme())):
        pdf = opened(data)
        assert str(pdf.docinfo["/CreationDate"]) == "D:20250730000000-04'00'"


@pytest.mark.parametrize("write", [write_digital, write_press])
def test_the_same_bytes_come_after_other_releases(write: object) -> None:
    assert callable(write)
    first = write(seed(), theme())
    for document in hard().values():
        write(document, theme())
    assert write(seed(), theme()) == first


def test_press_and_digital_share_one_layout_and_different_releases_do_not() -> None:
    one, other = seed(), hard()["french"]
    alone = write_press(other, theme())
    write_digital(one, theme())
    assert write_press(other, theme()) == alone


def test_the_fonts_are_the_ones_that_were_looked_at() -> None:
    cuts = {(cut.package, cut.file) for family in FAMILIES.values() for cut in family.values()}
    assert len(cuts) == 4
    for package, file in cuts:
        digest = hashlib.sha256((files(package) / "files" / file).read_bytes()).hexdigest()
        assert digest.startswith(SHA256[file])
