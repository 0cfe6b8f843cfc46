"""The Nu HTML checker on every message, and axe in a real browser, narrow and wide, by day and by night."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path

import pytest

from presskit.writers.mail import MailBody
from tests.conformance import judges
from tests.conformance.web import invalid, unnoticed
from tests.writers.test_mail import DOCUMENTS, mail

IN_A_BROWSER = "seed", "everything", "draft", "french", "sixty_agencies", "long_table"
WIDTHS_PX = 320, 380, 700
THE_READER_S_OWN = "landmark-one-main", "region"
"""Rules about a page's landmarks: a message stands within those of the program that shows it."""


@pytest.fixture(scope="module")
def messages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("mail")
    files = {name: folder / f"{name}.html" for name in DOCUMENTS}
    for name, file in files.items():
        file.write_text(as_shown(mail(name)), "utf-8")
    return files


def as_shown(body: MailBody) -> str:
    """Return the HTML with its pictures in it, as a mail program puts them there."""
    html = body.html
    for picture in body.pictures:
        data = b64encode(picture.data).decode()
        html = html.replace(f"cid:{picture.cid}", f"data:{picture.media_type};base64,{data}")
    return html


def test_every_message_is_valid(messages: dict[str, Path]) -> None:
    judges.require("html-validator")
    assert len(messages) > 10
    assert invalid(list(messages.values())) == {}


def test_no_message_shuts_anybody_out_or_scrolls_sideways(messages: dict[str, Path]) -> None:
    judges.require("axe")
    views = [
        judges.View(messages[name], width, dark)
        for name in IN_A_BROWSER
        for width in WIDTHS_PX
        for dark in (False, True)
    ]
    found = {
        f"{view.file.stem} {view.width_px} {view.dark}": findings
        for view, all_findings in judges.axe_views(views).items()
        if (findings := [one for one in all_findings if not one.startswith(THE_READER_S_OWN)])
    }
    assert found == {}


BREAKS = {
    "html-has-lang": ("everything", '<html lang="en-CA">', "<html>"),
    "image-alt": ("everything", 'alt="A ramp of colours"', ""),
    "color-contrast": ("everything", "color: #4a5058", "color: #cccccc"),
    "scrollable-region-focusable": ("unbroken", ' tabindex="0"', ""),
    "overflow": ("everything", "white-space: pre-wrap", "white-space: pre"),
}
"""Rule → the document, what the rule is about in it, and what stands there once it is broken."""


def test_what_each_rule_is_about_is_noticed_when_it_is_broken(
    messages: dict[str, Path], tmp_path: Path
) -> None:
    judges.require("axe")
    breaks = {rule: (messages[name], whole, broken) for rule, (name, whole, broken) in BREAKS.items()}
    assert unnoticed(breaks, tmp_path) == []
