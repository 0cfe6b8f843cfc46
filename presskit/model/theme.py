"""The look of a template pack: what stands in ``theme.yaml``, plus the files it names.

Lengths end in ``_mm`` or ``_pt``.  Not here: how a writer uses them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from presskit.model.base import Line, Model

PAGE_SIZES_MM = {"letter": (215.9, 279.4), "a4": (210.0, 297.0)}


def _percentages(value: Any) -> Any:  # noqa: ANN401 (pydantic hands over whatever the file holds)
    return value.split() if isinstance(value, str) else value


def _size_and_leading(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, str) and value.count("/") == 1:
        size, leading = value.split("/")
        return {"size_pt": size, "leading_pt": leading}
    return value


Percent = Annotated[float, Field(ge=0, le=100)]
Ink = Annotated[tuple[Percent, Percent, Percent, Percent], BeforeValidator(_percentages)]


class Colour(Model):
    """One colour for screens and the same colour for ink."""

    rgb: Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")]
    cmyk: Ink  # per cent of cyan, magenta, yellow, black: "100 62 10 35"


class Colours(Model):
    """The roles a colour can have."""

    text: Colour
    brand: Colour  # masthead, headline, headings, the rule beside a quote
    link: Colour
    muted: Colour  # captions, running head and foot
    rule: Colour  # hairlines
    alert: Colour  # the embargo line
    paper: Colour  # words on colour


class Family(Model):
    """A family of faces, and what Word uses where it is not installed."""

    family: Line
    fallback: Line


class Fallback(Model):
    """Faces for characters the families lack."""

    ranges: tuple[Annotated[str, StringConstraints(pattern=r"^[0-9A-F]{4,6}-[0-9A-F]{4,6}$")], ...]
    name: Line  # for Word: the family's name
    regular: Line  # file in the pack's folder
    bold: Line
    alternatives: tuple[Line, ...] = ()  # for Word: families to use where that one is not installed

    def covers(self, character: str) -> bool:
        """Whether the character lies in one of the ranges."""
        return any(
            int(first, 16) <= ord(character) <= int(last, 16)
            for first, last in (r.split("-") for r in self.ranges)
        )


class Fonts(Model):
    """Two families and their fallbacks."""

    text: Family  # for reading
    display: Family  # for all that navigates
    fallbacks: tuple[Fallback, ...] = ()


class Size(Model):
    """Type size and the distance of base lines, in points; written "10.5/15"."""

    size_pt: Annotated[float, Field(ge=5, le=96)]
    leading_pt: Annotated[float, Field(ge=5, le=120)]


TypeSize = Annotated[Size, BeforeValidator(_size_and_leading)]


class Sizes(Model):
    """One scale for everything."""

    foot: TypeSize
    small: TypeSize  # boilerplate, captions, attribution
    body: TypeSize
    quote: TypeSize
    heading: TypeSize
    headline: TypeSize


class Page(Model):
    """The sheet."""

    size: Literal["letter", "a4"]
    margin_mm: Annotated[float, Field(ge=10, le=60)]

    @property
    def width_mm(self) -> float:
        """Trimmed width."""
        return PAGE_SIZES_MM[self.size][0]

    @property
    def height_mm(self) -> float:
        """Trimmed height."""
        return PAGE_SIZES_MM[self.size][1]


class Setting(Model):
    """How text is set in the PDF."""

    indent_mm: Annotated[float, Field(ge=0, le=60)] = 0  # running text stands this far right of the headline
    justify: bool = False
    hyphenate: bool = False
    columns_from: Annotated[int, Field(ge=2)] = 13  # entries from which a list takes two columns
    three_columns_from: Annotated[int, Field(ge=3)] = 31


class Press(Model):
    """What the printer asks for."""

    profile: Line  # ICC file in the pack's folder, CMYK output
    condition: Line  # its name in the ICC characterization registry, FOGRA39
    description: Line
    bleed_mm: Annotated[float, Field(ge=0, le=10)] = 3
    ink_limit: Annotated[int, Field(ge=200, le=400)] = 300  # total area coverage, per cent
    image_dpi: Annotated[int, Field(ge=72, le=600)] = 300


class Word(Model):
    """How the Word file takes its blocks."""

    container: Literal["docpart", "none"] = "docpart"  # content controls around each block, or bookmarks only
    track_changes: bool = False
    protect: bool = False  # only tracked changes are possible


class Theme(Model):
    """The look of one template pack; compared by identity, so that writers can keep what they make of it."""

    page: Page
    fonts: Fonts
    sizes: Sizes
    colours: Colours
    setting: Setting = Setting()
    press: Press
    word: Word = Word()
    screen_profile: Line  # ICC file in the pack's folder, RGB
    logo: Line | None = None  # PNG or JPEG in the pack's folder
    logo_alt: Line | None = None
    logo_size_px: tuple[int, int] | None = Field(default=None, exclude=True, repr=False)  # found when loaded
    resources: Mapping[str, bytes] = Field(
        default_factory=dict, exclude=True, repr=False
    )  # the files named above

    def __hash__(self) -> int:
        return id(self)

    def __eq__(self, other: object) -> bool:
        return self is other
