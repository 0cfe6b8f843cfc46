"""The theme's logo stands at the top of every file that shows pictures, with its description."""

from __future__ import annotations

import io
import zipfile

import pytest

from presskit.document.nodes import Image
from presskit.model.theme import Theme
from presskit.writers import WRITERS
from presskit.writers.theme import logo_of, logo_size_pt
from tests.documents import picture, seed, theme
from tests.writers.pdf.anatomy import opened, structure


@pytest.fixture(scope="module")
def with_logo() -> Theme:
    logo: Image = picture("image/png", 800, 320)
    update = {
        "logo": "crest.png",
        "logo_alt": "The office’s crest: a wave",
        "logo_size_px": (800, 320),
        "resources": {**theme().resources, "crest.png": logo.data},
    }
    return theme().model_copy(update=update)


def test_the_logo_comes_first_in_the_tag_tree(with_logo: Theme) -> None:
    first = structure(opened(WRITERS["pdf"].write(seed(), with_logo))).children[0]
    assert not isinstance(first, str)
    assert (first.tag, first.attributes["Alt"]) == ("Figure", "The office’s crest: a wave")


def test_the_press_file_has_it_in_ink(with_logo: Theme) -> None:
    pdf = opened(WRITERS["pdf-press"].write(seed(), with_logo))
    (image,) = dict(pdf.pages[0].Resources.XObject).values()
    assert image.ColorSpace == "/DeviceCMYK"


def test_the_word_file_shows_it_before_the_issuer(with_logo: Theme) -> None:
    package = zipfile.ZipFile(io.BytesIO(WRITERS["docx"].write(seed(), with_logo)))
    body = package.read("word/document.xml").decode()
    assert body.index('descr="The office’s crest: a wave"') < body.index(seed().head.masthead.issuer)
    assert package.read("word/media/image1.png") == with_logo.resources["crest.png"]


def test_the_page_shows_it_in_its_header(with_logo: Theme) -> None:
    page = WRITERS["html"].write(seed(), with_logo).decode()
    assert 'alt="The office’s crest: a wave"' in page[page.index("<header") : page.index("</header>")]


def test_it_is_as_high_as_the_masthead_has_room_for(with_logo: Theme) -> None:
    logo = logo_of(with_logo)
    assert logo is not None
    width, height = logo_size_pt(logo.image, with_logo)
    assert height == pytest.approx(14 * 72 / 25.4)
    assert width / height == pytest.approx(800 / 320)
    assert logo_of(theme()) is None
