from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

import pytest

from presskit.document.foot import Foot
from presskit.document.nodes import Document
from presskit.writers.mail import MailBody, write_mail
from presskit.writers.text import write_text
from tests.documents import hard, paperwork, seed, theme
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


@cache
def mail(name: str, foot: Foot = FOOT) -> MailBody:
    return write_mail(DOCUMENTS[name], theme(), foot)


@pytest.mark.parametrize("name", ["seed", "everything"])
def test_the_message_is_the_one_looked_at(name: str, golden: Callable[[str, str], None]) -> None:
    body = mail(name)
    golden(f"{name}.mail.html", body.html)


def test_the_foot_in_plain_text_is_the_one_looked_at(golden: Callable[[str, str], None]) -> None:
    text = mail("seed").text
    golden("seed.mail.txt", text)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_message_says_every_word_of_the_release_in_its_order(name: str) -> None:
    said = folded("".join(Page(mail(name, NOTHING).html.encode()).said))
    assert said == meant(DOCUMENTS[name], "html")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_text_is_the_kit_s_own_with_the_foot_below_it(name: str) -> None:
    document: Document = DOCUMENTS[name]
    assert mail(name).text.startswith(write_text(document, theme()).decode() + "\n---")
    assert re.search(r"^-- $", mail(name).text, re.MULTILINE) is None
