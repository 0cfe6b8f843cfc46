"""The Nu HTML checker on every message, and axe in a real browser, narrow and wide, by day and by night."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path

import pytest

from presskit.writers.mail import MailBody
from tests.conformance import judges
from tests.writers.test_mail import DOCUMENTS, mail

IN_A_BROWSER = "seed", "everything", "draft", "french", "sixty_agencies", "long_table"
WIDTHS_PX = 320, 380, 700
GUESS = "This document appears to be written in"  # the checker's guess at the language of odd words
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
    found = {
        file.stem: [finding for finding in findings if GUESS not in finding]
        for file, findings in judges.html_validator(list(messages.values())).items()
    }
    assert {name: findings for name, findings in found.items() if findings} == {}


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
    "html-has-lang": ('<html lang="en-CA">', "<html>"),
    "image-alt": ('alt="A ramp of colours"', ""),
    "color-contrast": ("color: #4a5058", "color: #cccccc"),
    "scrollable-region-focusable": (' tabindex="0"', ""),
    "overflow": ("white-space: pre-wrap", "white-space: pre"),
}
"""Rule → what it is about in the message, and what stands there once it is broken."""


def test_what_each_rule_is_about_is_noticed_when_it_is_broken(
    messages: dict[str, Path], tmp_path: Path
) -> None:
    judges.require("axe")
    views = {}
    for rule, (whole, broken) in BREAKS.items():
        text = messages["unbroken" if rule == "scrollable-region-focusable" else "everything"].read_text(
            "utf-8"
        )
        assert whole in text
        file = tmp_path / f"{rule}.html"
        file.write_text(text.replace(whole, broken), "utf-8")
        views[rule] = judges.View(file, 320)
    verdicts = judges.axe_views(list(views.values()))
    for rule, view in views.items():
        assert [finding for finding in verdicts[view] if finding.startswith(rule)], rule
