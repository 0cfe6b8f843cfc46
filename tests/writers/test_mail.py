from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from presskit.document.foot import Foot
from presskit.document.nodes import Block, Document, Figure, Notice, NoticeKind
from presskit.writers.html.colours import by_day, by_night
from presskit.writers.mail import RULE, MailBody, write_mail
from presskit.writers.text import write_text
from tests.documents import (
    HEAD,
    agencies,
    hard,
    headline,
    listed,
    paperwork,
    picture,
    quote,
    seed,
    table,
    theme,
    under,
    words,
)
from tests.documents.parts import about
from tests.writers.reading import Page, folded, meant

DOCUMENTS = {"seed": seed(), **hard(), **paperwork()}

CHECKPOINT = """\
archive.example.org/presskit
42
q1rZ0w8cV3H1oL0m6M2y3Qx0d1n9pQmN7F5h2b4s6T8=

— archive.example.org/presskit xQmZt1l8o8sJ7v6cXK2m0pP6wq7v5fYzS2n8T4a9b1c0d3e5f7g9h1j3k5m7n9p1q3r5==
"""

FOOT = Foot(
    lines=(
        "Attached: ijfs-world-day.pdf",
        "You get this because IJFS has your address on its list for the media.",
    ),
    links=(
        ("PDF to print", "https://media.example.org/kits/ijfs-world-day/ijfs-world-day-press.pdf"),
        ("Get no more news from us", "mailto:media@example.org?subject=unsubscribe"),
    ),
    checkpoint=CHECKPOINT,
    meaning="Keep this message: the lines below prove what the archive held that day.",
)
NOTHING = Foot(())


ROOT = Path(__file__).parents[2]
KNOWN = set(
    "html head meta title style body div table thead tbody tr th td caption p h1 h2 h3 ul ol li blockquote "
    "pre img a b br em strong span".split()
)
"""The elements a message may consist of: none that loads, runs, asks or plays anything."""


@cache
def mail(name: str, foot: Foot = FOOT) -> MailBody:
    return write_mail(DOCUMENTS[name], theme(), foot)


def page(name: str, foot: Foot = FOOT) -> Page:
    return Page(mail(name, foot).html.encode())


def shown(*blocks: Block) -> str:
    """Return a message that consists of masthead and blocks."""
    return write_mail(Document(HEAD, blocks), theme(), NOTHING).html


def page_of(*blocks: Block) -> str:
    """Return the elements of the blocks."""
    return shown(*blocks).split("</style>\n</head>")[1]


def notice(kind: NoticeKind) -> Notice:
    return Notice("notice", "", kind, words("Mind this."))


def figure(**changes: Any) -> Figure:
    return replace(Figure("f", "body[0]", picture("image/png"), "A ramp", (), ()), **changes)


@pytest.mark.parametrize("name", ["seed", "everything"])
def test_the_message_is_the_one_looked_at(name: str, golden: Callable[[str, str], None]) -> None:
    golden(f"{name}.mail.html", mail(name).html.replace("</tr>", "</tr>\n"))


def test_the_message_in_plain_text_is_the_one_looked_at(golden: Callable[[str, str], None]) -> None:
    golden("seed.mail.txt", mail("seed").text)


# --- the words -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_message_says_every_word_of_the_release_in_its_order(name: str) -> None:
    assert folded("".join(page(name, NOTHING).said)) == meant(DOCUMENTS[name], "html")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_text_is_the_kit_s_own_with_the_foot_below_it(name: str) -> None:
    kit_s_own = write_text(DOCUMENTS[name], theme()).decode()
    assert mail(name).text.startswith(f"{kit_s_own}\n{RULE}\n\nAttached: ")
    assert re.search("^-- $", mail(name).text, re.MULTILINE) is None


def test_the_foot_stands_below_the_release_in_both_forms() -> None:
    said = folded("".join(page("seed").said))
    release = meant(DOCUMENTS["seed"], "html")
    labels = [label for label, _ in FOOT.links]
    assert said == folded(" ".join((release, *FOOT.lines, *labels, FOOT.meaning, CHECKPOINT)))
    assert mail("seed").text.endswith(f"held that day.\n\n{CHECKPOINT}")


def test_a_checkpoint_can_be_copied_out_of_both_forms_and_checked() -> None:
    odd = 'archive.example.org\n7\nA+/=\n  <&> "quoted"  two  spaces \n\n— archive.example.org abc=\n'
    body = write_mail(seed(), theme(), replace(FOOT, checkpoint=odd))
    assert body.text.endswith(f"\n\n{odd}")
    assert Page(body.html.encode()).texts["pre"] == [odd]


def test_a_foot_may_say_nothing_but_why() -> None:
    body = write_mail(seed(), theme(), Foot(("Why.",)))
    assert body.text.endswith(f"\n{RULE}\n\nWhy.\n")
    assert "<pre" not in body.html


def test_lines_of_the_foot_are_filled_and_addresses_never_cut() -> None:
    address = f"https://example.org/{'a' * 90}"
    foot = Foot((" ".join(["word"] * 40),), (("Read\u00a0on", address), ("More", "https://example.org/")))
    _, _, text = write_mail(seed(), theme(), foot).text.partition(f"{RULE}\n\n")
    assert text.endswith(f"\n\nRead on:\n<{address}>\nMore: <https://example.org/>\n")
    assert [len(line) for line in text.split("\n")[:3]] == [69, 69, 59]


def test_a_french_foot_has_the_colon_french_has() -> None:
    french = write_mail(hard()["french"], theme(), Foot((), (("Page Web", "https://example.org/"),)))
    assert french.text.endswith("\n\nPage Web : <https://example.org/>\n")


# --- for every mail program ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", DOCUMENTS)
def test_nothing_is_loaded_run_asked_or_hidden(name: str) -> None:
    found = page(name)
    assert {tag for tag, _ in found.elements} <= KNOWN
    assert all(image["src"].startswith("cid:") for image in found.all("img"))
    assert not re.search(r"url\(|@import|@font-face|display: ?none|visibility", mail(name).html)
    assert not [key for _, attributes in found.elements for key in attributes if key.startswith("on")]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_pictures_that_are_shown_are_those_sent_along(name: str) -> None:
    shown = [image["src"].removeprefix("cid:") for image in page(name).all("img")]
    sent = [picture.cid for picture in mail(name).pictures]
    assert shown == sent
    assert all(re.fullmatch(r"[a-z0-9]+([.-][a-z0-9]+)*@presskit", cid) for cid in sent)


def test_a_picture_comes_as_it_is_and_keeps_its_description() -> None:
    first, second = mail("everything").pictures
    assert (first.media_type, first.data) == ("image/png", picture("image/png").data)
    assert (second.media_type, second.data) == ("image/jpeg", picture("image/jpeg").data)
    image = page("everything").all("img")[0]
    assert image["alt"] == "A ramp of colours that fades out to the right"
    assert (image["width"], image["height"]) == ("240", "150")


def test_a_picture_in_a_section_is_sent_along_too() -> None:
    within = about("within", "About", "Words.", (figure(),))
    body = write_mail(Document(HEAD, (within,)), theme(), NOTHING)
    assert [sent.data for sent in body.pictures] == [picture("image/png").data]


@pytest.mark.parametrize(
    ("pixels", "as_shown"),
    [
        ((1800, 1200), ("592", "395")),
        ((600, 900), ("373", "560")),
        ((300, 200), ("300", "200")),
        ((3000, 1), ("592", "1")),
    ],
)
def test_a_picture_is_shown_no_wider_than_the_words_and_no_higher_than_a_window(
    pixels: tuple[int, int], as_shown: tuple[str, str]
) -> None:
    (image,) = Page(shown(figure(image=picture("image/jpeg", *pixels))).encode()).all("img")
    assert (image["width"], image["height"]) == as_shown
    assert "width: 100%" in image["style"]
    assert f"max-width: {as_shown[0]}px" in image["style"]


def test_a_picture_s_name_is_fit_for_a_head_whatever_its_id() -> None:
    for odd in ("ÉÉ", "a<b>\r\nBcc: x@example.org", "-x-" * 50, "...", "Photo.Of.Bridge"):
        (found,) = write_mail(Document(HEAD, (figure(id=odd),)), theme(), NOTHING).pictures
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*\.[0-9a-f]{16}@presskit", found.cid)
        assert len(found.cid) < 75


def test_a_logo_stands_before_the_issuer_and_is_sent_along() -> None:
    resources = {**theme().resources, "Crest.PNG": picture("image/png").data}
    changes = {
        "logo": "Crest.PNG",
        "logo_alt": "The crest",
        "logo_size_px": (240, 150),
        "resources": resources,
    }
    body = write_mail(seed(), theme().model_copy(update=changes), NOTHING)
    (image,) = Page(body.html.encode()).all("img")
    assert image["alt"] == "The crest"
    assert image["src"] == f"cid:{body.pictures[0].cid}"
    assert body.html.index("cid:") < body.html.index(HEAD.masthead.issuer)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_element_carries_its_own_style(name: str) -> None:
    styled = ("td", "th", "h1", "h2", "h3", "p", "a", "ul", "ol", "li", "blockquote", "pre", "table")
    bare = [tag for tag, attributes in page(name).elements if tag in styled and not attributes.get("style")]
    assert set(bare) <= {"td"}, "a header without words has no style of its own"
    assert len(page(name).all("style")) == 1


def test_the_release_is_far_from_what_gmail_cuts_off() -> None:
    assert len(mail("seed").html.encode()) < 102_000 / 4
    assert max(len(mail(name).html.encode()) for name in DOCUMENTS) < 102_000


def test_the_message_says_what_language_it_and_its_parts_are_in() -> None:
    found = page("french")
    assert found.all("html") == [{"lang": "fr-CA"}]
    assert found.all("div")[0]["lang"] == "fr-CA", "some programs show the body's content alone"
    assert found.all("span") == [{"lang": "en"}]


def test_dark_mode_has_the_colours_of_the_night() -> None:
    night = by_night(theme().colours)
    (rules,) = re.findall(r"@media \(prefers-color-scheme:dark\)\{\n(.*?)\n\}", mail("seed").html, re.DOTALL)
    assert f"background-color:{night.page}!important" in rules
    assert f"color:{night.text}!important" in rules


# --- blocks ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["embargo", "draft", "correction", "withdrawal"])
def test_what_can_not_be_overlooked_stands_in_a_box_of_the_colour_of_alarm(kind: NoticeKind) -> None:
    alert = by_day(theme().colours)
    (box,) = re.findall(rf'<td class="alert sans {kind}" style="([^"]*)">', shown(notice(kind)))
    assert f"background-color: {alert.alert}" in box
    assert f"color: {alert.on_alert}" in box


def test_the_usual_notice_stands_in_no_box() -> None:
    assert "alert" not in page_of(notice("immediate"))


def test_a_quote_has_its_rule_at_the_left_and_its_attribution_below() -> None:
    html = page_of(quote("dusto"))
    (style,) = re.findall('<td class="said" style="([^"]*)">', html)
    assert f"border-left: 4px solid {by_day(theme().colours).brand}" in style
    assert html.index("<blockquote") < html.index("</blockquote>") < html.index('class="attribution"')


@pytest.mark.parametrize(("count", "lists"), [(12, 1), (13, 2), (31, 2)])
def test_many_names_stand_side_by_side_and_are_numbered_on(count: int, lists: int) -> None:
    names = {f"n{n}": f"Service {n}" for n in range(count)}
    html = page_of(agencies("names", "body[0]", "numbered", names))
    starts = re.findall(r'<ol(?: start="(\d+)")?', html)
    assert starts == ["", str(-(-count // 2) + 1)][:lists]


def test_names_in_columns_have_no_marks() -> None:
    html = page_of(agencies("names", "body[0]", "columns", {"a": "A", "b": "B"}))
    assert re.findall('<ul class="plain" style="[^"]*list-style-type: none', html)


def test_a_list_with_lists_in_it_stays_one_list() -> None:
    deep = listed("list", under("x", listed("inner", "y", ordered=True)), *["entry"] * 40)
    html = page_of(deep)
    assert (html.count("<ul"), html.count("<ol")) == (1, 1)


def test_long_numbers_have_room() -> None:
    (style,) = re.findall('<ol style="([^"]*)"', page_of(listed("l", *["e"] * 12, ordered=True)))
    assert "28px" in style
    assert page_of(listed("l", *["e"] * 120, ordered=True)).count("margin-left: 33px") == 2


def test_a_section_in_a_section_is_told_in_full() -> None:
    inner = about("inner", "Within", "Words within.")
    said = folded("".join(Page(shown(about("outer", "About", "Words.", (inner,))).encode()).said))
    assert said.endswith("About Words. Within Words within.")


# --- what is not ours ------------------------------------------------------------------------------------


SLY = "\"><script>alert(1)</script><img src='https://example.org/x'>"


def test_signs_of_markup_stay_words_wherever_they_stand() -> None:
    head = replace(HEAD, title=SLY, masthead=replace(HEAD.masthead, issuer=SLY, reference=SLY))
    blocks = (headline(SLY), figure(alt=SLY, caption=words(SLY)), table(SLY, [SLY], [SLY]))
    foot = Foot((SLY,), ((SLY, f"https://example.org/{SLY}"),), f"{SLY}\n", SLY)
    found = Page(write_mail(Document(head, blocks), theme(), foot).html.encode())
    assert {tag for tag, _ in found.elements} <= KNOWN
    assert len(found.all("img")) == 1
    assert found.texts["pre"] == [f"{SLY}\n"]


@pytest.mark.parametrize("name", ["A'}</style><b>", "A--><b>x</b><!--", "A<![endif]-->"])
def test_a_family_s_name_can_not_end_the_styles_or_the_note_to_outlook(name: str) -> None:
    fonts = theme().fonts
    family = fonts.text.model_copy(update={"family": name, "fallback": name})
    sly = theme().model_copy(update={"fonts": fonts.model_copy(update={"text": family})})
    found = Page(write_mail(seed(), sly, NOTHING).html.encode())
    assert found.all("style") == [{}]
    assert found.all("b") == [{}], "the dateline alone"
    assert folded("".join(found.said)) == meant(seed(), "html")


def test_a_font_no_outlook_has_is_named_to_it_by_its_fallback() -> None:
    (note,) = re.findall(r"<!--\[if mso\]>(.*?)<!\[endif\]-->", mail("minimal").html)[:1]
    assert "font-family:'Georgia',serif!important" in note
    assert "font-family:'Calibri',sans-serif!important" in note
    assert "Source Serif" not in note


# --- again, and elsewhere --------------------------------------------------------------------------------


def test_the_same_release_gives_the_same_message_in_other_processes_too() -> None:
    here = {name: digest(mail(name)) for name in DOCUMENTS}
    assert len(set(here.values())) == len(here)
    command = [sys.executable, "-c", "from tests.writers.test_mail import tell; tell()"]
    for hash_seed in ("1", "4242"):
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT)}
        told = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, check=True).stdout
        assert json.loads(told) == here


def test_css_inline_is_loaded_only_to_write_a_message() -> None:
    code = "import sys, presskit.writers.mail; sys.exit('css_inline' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def tell() -> None:
    """Print the digest of every message: what the other processes do."""
    sys.stdout.write(json.dumps({name: digest(mail(name)) for name in DOCUMENTS}))


def digest(body: MailBody) -> str:
    return sha256(repr(body).encode()).hexdigest()
