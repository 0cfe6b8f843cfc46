from __future__ import annotations

import json
import re
from base64 import b64decode
from collections.abc import Callable, Iterator
from colorsys import rgb_to_hls
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Any

import pytest

from presskit.document.nodes import AgencyList, Block, Document
from presskit.model.theme import Theme
from presskit.writers.html import write_html
from presskit.writers.html.colours import BLACK, WHITE, by_day, by_night, contrast, legible
from presskit.writers.html.style import style_sheet
from tests.documents import (
    HEAD,
    agencies,
    hard,
    headline,
    listed,
    paragraph,
    picture,
    seed,
    table,
    theme,
    words,
)
from tests.writers.reading import Page

DOCUMENTS = {"seed": seed(), **hard()}


@cache
def source(name: str) -> str:
    return write_html(DOCUMENTS[name], theme()).decode()


def page(name: str) -> Page:
    return Page(source(name).encode())


def body(*blocks: Block, look: Theme | None = None) -> str:
    """Return the elements of the blocks, below masthead and headline."""
    document = Document(HEAD, (headline("The headline"), *blocks))
    html = write_html(document, look or theme()).decode()
    return html.split("The headline</h1>\n")[1].split("\n</article>")[0]


def linked_data(html: str) -> dict[str, Any]:
    (script,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)
    found = json.loads(script)
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("name", ["seed", "everything"])
def test_the_page_is_the_one_looked_at(name: str, golden: Callable[[str, str], None]) -> None:
    styles_apart = re.sub("<style>.*?</style>", "<style>…</style>", source(name), flags=re.DOTALL)
    golden(f"{name}.html", re.sub('(;base64,)[^"]+', r"\1…", styles_apart))


def test_the_styles_are_the_ones_looked_at(golden: Callable[[str, str], None]) -> None:
    golden("page.css", style_sheet(theme()))


# --- the page as a whole -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_block_can_be_linked_to_by_its_id(name: str) -> None:
    found = [attributes["id"] for _, attributes in page(name).elements if "id" in attributes]
    assert len(found) == len(set(found))
    assert sorted(found) == sorted(_ids(DOCUMENTS[name].blocks))


def _ids(node: object) -> Iterator[str]:
    """Every id below a node, found by nothing but the fields of dataclasses."""
    if isinstance(node, AgencyList) and node.form == "sentence":
        yield node.id  # its names are no elements
    elif isinstance(node, tuple):
        for part in node:
            yield from _ids(part)
    elif is_dataclass(node):
        values = {field.name: getattr(node, field.name) for field in fields(node)}
        if "id" in values:
            yield values["id"]
        yield from _ids(tuple(values.values()))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_nothing_is_loaded_from_elsewhere(name: str) -> None:
    loading = [
        (tag, value)
        for tag, attributes in page(name).elements
        for key, value in attributes.items()
        if key in ("src", "href", "srcset", "poster", "action", "data") and tag != "a"
    ]
    assert all(value.startswith("data:image/") for _, value in loading)
    assert len(loading) == source(name).count("<img")
    assert not re.search(r"url\(|@import|@font-face", style_sheet(theme()))
    assert {tag for tag, _ in page(name).elements} & {"link", "iframe", "object", "embed", "form"} == set()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_one_script_is_data(name: str) -> None:
    assert page(name).all("script") == [{"type": "application/ld+json"}]
    assert not [key for _, attributes in page(name).elements for key in attributes if key.startswith("on")]


def test_the_page_says_what_language_it_and_its_parts_are_in() -> None:
    assert page("french").all("html") == [{"lang": "fr-CA"}]
    assert page("french").all("span") == [{"lang": "en"}]
    assert page("everything").all("html") == [{"lang": "en-CA"}]


def test_signs_of_markup_in_the_words_stay_words() -> None:
    html = source("everything")
    assert "signs &lt;&amp;&gt;\"' and ]]&gt; and &lt;/script&gt;, a soft" in html
    assert 'href="https://example.org/a?b=1&amp;c=2"' in html


def test_what_stands_in_an_attribute_can_not_end_it() -> None:
    sly = '"><script>alert(1)</script>'
    figure = replace(_figure(), id=sly, alt=sly)
    found = Page(write_html(Document(HEAD, (figure,)), theme()))
    assert len(found.all("script")) == 1
    assert found.all("img")[0]["alt"] == sly
    assert sly in [attributes["id"] for attributes in found.all("figure")]


# --- for machines ----------------------------------------------------------------------------------------


def test_linked_data_says_what_the_release_is() -> None:
    office = {"@type": "Organization", "name": HEAD.masthead.issuer}
    assert linked_data(source("seed")) == {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": HEAD.title.replace("\u00a0", " "),
        "description": HEAD.summary.replace("\u00a0", " "),
        "datePublished": "2025-07-30",
        "dateline": "ORILLIA, ON",
        "identifier": "No. 2025-14",
        "inLanguage": "en-CA",
        "author": office,
        "publisher": office,
    }


def test_linked_data_says_nothing_of_what_is_not_there() -> None:
    assert not {"dateline", "identifier"} & set(linked_data(source("minimal")))


def test_linked_data_can_not_end_its_script() -> None:
    sly = "</script><script>alert(1)</script><!-- \u2028 & é"
    html = write_html(Document(replace(HEAD, title=sly), ()), theme()).decode()
    assert html.count("</script") == 1
    assert "\u2028" not in re.findall("<script.*?</script>", html)[0]
    assert linked_data(html)["headline"] == sly


def test_what_a_link_preview_shows_is_there() -> None:
    found = {m.get("property", m.get("name", "")): m.get("content") for m in page("seed").all("meta")}
    assert page("seed").texts["title"] == [HEAD.title.replace("\u00a0", " ")]
    assert found["og:title"] == HEAD.title.replace("\u00a0", " ")
    assert found["description"] == found["og:description"] == HEAD.summary.replace("\u00a0", " ")
    assert found["og:type"] == "article"
    assert found["og:locale"] == "en_CA"
    assert found["article:published_time"] == "2025-07-30"


@pytest.mark.parametrize(
    ("language", "locale"), [("fr-CA", "fr_CA"), ("iu-Cans-CA", "iu_CA"), ("fr", None), ("iu-Cans", None)]
)
def test_a_locale_needs_a_region(language: str, locale: str | None) -> None:
    found = Page(write_html(Document(replace(HEAD, language=language), ()), theme())).all("meta")
    assert next((m["content"] for m in found if m.get("property") == "og:locale"), None) == locale


def test_only_from_drafts_and_under_embargo_search_engines_are_kept_away() -> None:
    hidden = [name for name in DOCUMENTS if "robots" in [m.get("name") for m in page(name).all("meta")]]
    assert hidden == ["embargo", "draft"]
    assert '<meta name="robots" content="noindex,noarchive">' in source("embargo")
    assert linked_data(source("embargo"))["datePublished"] == "2025-07-30T09:00:00-04:00"


# --- elements ----------------------------------------------------------------------------------------------


def test_a_quote_s_attribution_stands_outside_of_what_was_said() -> None:
    html = source("everything")
    (quote,) = re.findall(r'<figure class="quote" id="quote.mayor">.*?</figure>', html, re.DOTALL)
    speech, attribution = re.findall("<blockquote>(.*)</blockquote>\n<figcaption>(.*)</figcaption>", quote)[0]
    assert speech.count("<p>") == 2
    assert attribution == "– <strong>Mayor Zoë Exemplaire</strong>, City of Example"


def test_a_table_has_a_caption_scopes_and_a_box_a_keyboard_can_scroll() -> None:
    found = page("everything")
    (box,) = [a for a in found.all("div") if a.get("class") == "scroll"]
    assert (box["role"], box["tabindex"]) == ("group", "0")
    assert box["aria-label"] == "Charges by offence, all services"
    assert found.all("th") == [{"scope": "col"}] * 3
    assert len(found.all("caption")) == 1


def test_a_table_without_a_caption_is_named_by_its_header() -> None:
    html = body(table("", ["Offence", "No."], ["Luring", "12"]))
    assert 'aria-label="Offence, No."' in html
    assert "<caption>" not in html


def test_a_header_without_words_is_no_header() -> None:
    empty = replace(table("Charges", ["Offence", "No."], ["Luring", "12"]), header=(words("Offence"), ()))
    assert '<tr><th scope="col">Offence</th><td></td></tr>' in body(empty)


def test_a_picture_comes_with_the_page_and_keeps_its_place() -> None:
    (image, _) = page("everything").all("img")
    kind, data = image["src"].split(";base64,")
    assert kind == "data:image/png"
    assert b64decode(data) == picture("image/png").data
    assert (image["width"], image["height"]) == ("240", "150")
    assert image["alt"] == "A ramp of colours that fades out to the right"


def test_a_picture_without_words_has_no_caption() -> None:
    assert "<figcaption>" in body(_figure())
    assert "<figcaption>" not in body(replace(_figure(), caption=(), credit=()))


def test_the_day_of_issue_is_a_date_for_machines_too() -> None:
    assert '<time datetime="2025-07-30">July\u00a030, 2025</time>' in source("seed")


def test_a_masthead_line_that_is_not_there_leaves_no_element() -> None:
    assert 'class="reference"' in source("seed")
    assert 'class="reference"' not in source("minimal")
    undated = replace(HEAD, masthead=replace(HEAD.masthead, date=""))
    assert "<time" not in write_html(Document(undated, ()), theme()).decode()


@pytest.mark.parametrize(("count", "columns"), [(12, None), (13, "2"), (30, "2"), (31, "3")])
@pytest.mark.parametrize("form", ["numbered", "bulleted", "columns"])
def test_many_names_stand_in_columns(form: Any, count: int, columns: str | None) -> None:
    names = {f"n{n}": "Police Service" for n in range(count)}
    found = re.findall(r'class="[^"]*columns-(\d)[^"]*"', body(agencies("names", "body[0]", form, names)))
    assert found == ([columns] if columns else [])


def test_a_list_with_lists_in_it_never_stands_in_columns() -> None:
    assert "columns-" in body(listed("list", *["entry"] * 40))
    deep = listed("list", *["entry"] * 40)
    deep = replace(deep, items=(replace(deep.items[0], sublist=listed("inner", "x")), *deep.items[1:]))
    assert "columns-" not in body(deep)


def test_room_is_made_for_long_numbers() -> None:
    assert 'style="--digits:3' in body(listed("list", *["entry"] * 100, ordered=True))


def test_introduction_and_sentence_run_on() -> None:
    names = replace(agencies("a", "b", "sentence", {"x": "X", "y": "Y"}), intro=words("Partners:"))
    assert body(names) == '<p id="a">Partners: X and Y.</p>'


def test_contacts_stand_in_a_footer_as_an_address() -> None:
    assert '<footer class="contacts" id="contacts">' in source("seed")
    assert (
        '<address id="contact.ijfs-media"><strong>IJFS Media Relations</strong><br>\n'
        '<a href="mailto:media@example.org">media@example.org</a></address>'
    ) in source("seed")


def test_the_embargo_can_not_be_overlooked() -> None:
    assert '<p class="notice embargo" id="notice">EMBARGOED' in source("embargo")
    assert ".embargo{" in style_sheet(theme())


# --- the look ----------------------------------------------------------------------------------------------


def look(**changes: object) -> Theme:
    return theme().model_copy(update=changes)


def colours(**rgb: str) -> Theme:
    """Return the theme with some of its screen colours changed."""
    own = theme().colours
    return look(
        colours=own.model_copy(
            update={name: getattr(own, name).model_copy(update={"rgb": value}) for name, value in rgb.items()}
        )
    )


@pytest.mark.parametrize(
    "given",
    [
        theme(),
        colours(brand="#ffd400", link="#66ccff", muted="#cccccc", alert="#ffb000"),
        colours(text="#444444", paper="#f4ead5"),
        colours(text="#f0f0f0", paper="#101418", brand="#123f6d"),
    ],
    ids=["own", "pale", "on cream", "dark by day"],
)
def test_all_words_are_legible_by_day_and_by_night(given: Theme) -> None:
    for palette in (by_day(given.colours), by_night(given.colours)):
        for name in ("text", "brand", "link", "muted"):
            assert contrast(getattr(palette, name), palette.page) >= 7, name
        assert contrast(palette.rule, palette.page) >= 3
        assert contrast(palette.on_alert, palette.alert) >= 7 or palette.on_alert in (BLACK, WHITE)


def test_colours_that_are_legible_stay_as_they_are() -> None:
    given, day = theme().colours, by_day(theme().colours)
    assert (day.text, day.brand, day.link) == (given.text.rgb, given.brand.rgb, given.link.rgb)


def test_contrast_is_what_the_guidelines_say_it_is() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


def test_a_colour_made_legible_keeps_its_hue() -> None:
    before, after = (rgb_to_hls(*bytes.fromhex(c[1:])) for c in ("#123f6d", legible("#123f6d", "#1a1a1a")))
    assert after[1] > before[1] + 50
    assert after[0] == pytest.approx(before[0], abs=0.01)


def test_a_colour_is_changed_no_further_than_needed() -> None:
    assert 7 <= contrast(legible("#123f6d", "#1a1a1a"), "#1a1a1a") < 7.5
    assert 7 <= contrast(legible("#ffd400", "#ffffff"), "#ffffff") < 7.5
    assert legible("#123f6d", "#777777") == BLACK, "nothing has seven to a middle grey"


def test_the_night_is_for_screens_that_ask_for_it() -> None:
    night = f":root{{--page:{by_night(theme().colours).page}"
    assert f"@media screen and (prefers-color-scheme:dark){{{night}" in style_sheet(theme())


def test_the_night_is_dark_even_where_the_day_is() -> None:
    for given in (
        theme(),
        colours(text="#f0f0f0", paper="#101418"),
        colours(text="#1fffff", paper="#200000"),
    ):
        assert contrast(by_night(given.colours).page, WHITE) > 15


def test_a_family_s_name_can_not_end_the_styles() -> None:
    fonts = theme().fonts
    sly = fonts.model_copy(update={"text": fonts.text.model_copy(update={"family": 'A"}</style><b>'})})
    found = Page(write_html(seed(), look(fonts=sly)))
    assert found.all("style") == [{}]
    assert r'"A\22 \7d \3c \2f style\3e \3c b\3e "' in style_sheet(look(fonts=sly))


def test_sizes_follow_the_theme() -> None:
    sizes = theme().sizes
    larger = sizes.model_copy(update={"headline": sizes.headline.model_copy(update={"size_pt": 42.0})})
    assert "--headline:2rem" in style_sheet(theme())
    assert "--headline:4rem" in style_sheet(look(sizes=larger))


def test_a_logo_stands_before_the_issuer_with_its_description() -> None:
    resources = {**theme().resources, "Crest.PNG": picture("image/png").data}
    size_px = 240, 150
    with_logo = look(logo="Crest.PNG", logo_alt='The "crest"', logo_size_px=size_px, resources=resources)
    found = Page(write_html(seed(), with_logo))
    (image,) = found.all("img")
    assert image["alt"] == 'The "crest"'
    assert image["src"].startswith("data:image/png;base64,")
    tags = [tag for tag, _ in found.elements]
    assert tags[tags.index("header") + 1] == "img"


def _figure() -> Any:
    (figure,) = [b for b in hard()["everything"].blocks if getattr(b, "id", "") == "ramp"]
    return figure


def test_words_after_the_dateline_follow_it_directly() -> None:
    html = body(replace(paragraph(1, "In recognition"), dateline="(ORILLIA, ON) – "))
    assert html == '<p id="body.1"><b class="dateline">(ORILLIA, ON) – </b>In recognition</p>'
