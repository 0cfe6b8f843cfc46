from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from presskit.compose.audit import Piece, compose_audit
from presskit.compose.paperwork import grouped, instant, shown
from presskit.compose.sheet import Passage, compose_sheet
from presskit.document import nodes
from presskit.document.dump import dump
from presskit.document.walk import blocks, plain, words
from tests.compose.drafts import pack
from tests.documents.content import SPEECH
from tests.documents.paperwork import MENTION, NOON, QUOTE, audit, sheet

LANGUAGES = ["en-CA", "fr-CA"]


def of_kind(kind: type[nodes.Block], document: nodes.Document) -> list[nodes.Block]:
    return [block for block in blocks(document) if isinstance(block, kind)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sheet_becomes_the_tree_it_always_became(
    language: str, golden: Callable[[str, str], None]
) -> None:
    composed = compose_sheet(replace(sheet(), language=language), pack(language))
    golden(f"compose/sheet.{language}.tree", dump(composed))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_becomes_the_tree_it_always_became(
    language: str, golden: Callable[[str, str], None]
) -> None:
    composed = compose_audit(replace(audit(), language=language), pack(language))
    golden(f"compose/audit.{language}.tree", dump(composed))


def test_the_sheet_prints_the_words_of_a_quote_as_the_release_does() -> None:
    typed = replace(QUOTE, words=('It\'s *done* -- he said "yes".', "Really."))
    document = compose_sheet(replace(sheet(), passages=(typed,)), pack("en-CA"))
    (quote,) = of_kind(nodes.Quote, document)
    assert isinstance(quote, nodes.Quote)
    assert [plain(paragraph) for paragraph in quote.speech] == ["“It’s done – he said ‘yes’.", "“Really.”"]
    assert plain(quote.attribution) == "– Acting Detective Inspector Dan Dusto, IJFS Lead"
    assert quote.attribution[1] == nodes.Strong((nodes.Text("Acting Detective Inspector Dan Dusto"),))


def test_a_mention_in_a_list_is_shown_with_the_lists_introduction() -> None:
    document = compose_sheet(replace(sheet(), passages=(MENTION,)), pack("en-CA"))
    (agencies,) = of_kind(nodes.AgencyList, document)
    assert isinstance(agencies, nodes.AgencyList)
    assert plain(agencies.intro) == MENTION.words[0]
    assert [plain(item.content) for item in agencies.items] == ["Ontario Provincial Police"]


def test_a_mention_in_a_sentence_stands_out_in_it() -> None:
    sentence = "With the *Ontario Provincial Police* and Ontario Provincial Police Pipes and Drums."
    passage = replace(MENTION, words=(sentence,))
    document = compose_sheet(replace(sheet(), passages=(passage,)), pack("en-CA"))
    assert not of_kind(nodes.AgencyList, document)
    (found,) = [b for b in of_kind(nodes.Paragraph, document) if "Pipes" in plain(_content(b))]
    assert nodes.Strong((nodes.Text("Ontario Provincial Police"),)) in _content(found)
    assert plain(_content(found)) == sentence.replace("*", "")


def test_the_sheet_says_nothing_of_the_release_but_headline_day_embargo_and_the_approvers_words() -> None:
    asked = sheet()
    empty = replace(
        asked,
        headline="",
        embargo="",
        passages=tuple(Passage(p.scope, p.kind, ("x",), "y", p.digest) for p in asked.passages),
    )
    known = " ".join(words(compose_sheet(empty, pack("en-CA"))))
    said = " ".join(words(compose_sheet(asked, pack("en-CA"))))
    for own in (asked.headline, asked.embargo, SPEECH, *MENTION.words, MENTION.attribution):
        assert own in said
        said = said.replace(own, "", 1)
    left = [word for word in said.split() if word not in known.split()]
    assert left == QUOTE.attribution.split()


def test_a_fingerprint_can_be_compared_by_eye_and_broken_into_lines() -> None:
    said = words(compose_sheet(sheet(), pack("en-CA")))
    (line,) = [line for line in said if line.replace(" ", "") == QUOTE.digest]
    assert [len(group) for group in line.split(" ")] == [8] * 8
    assert grouped("") == ""


def test_the_embargo_line_is_told_apart() -> None:
    (notice,) = of_kind(nodes.Notice, compose_sheet(sheet(), pack("en-CA")))
    assert isinstance(notice, nodes.Notice)
    assert (notice.kind, plain(notice.content)) == ("embargo", sheet().embargo)
    assert not of_kind(nodes.Notice, compose_sheet(replace(sheet(), embargo=""), pack("en-CA")))


def test_what_was_removed_and_added_is_said_in_words_and_in_type() -> None:
    document = compose_audit(audit(), pack("en-CA"))
    (change,) = [b for b in of_kind(nodes.Paragraph, document) if "removed:" in plain(_content(b))]
    content = _content(change)
    said = "Human trafficking is a [removed: complex] [added: complex and persistent] threat."
    assert plain(content) == said
    assert nodes.Emphasis((nodes.Text("complex"),)) in content
    assert nodes.Strong((nodes.Text("complex and persistent"),)) in content


def test_a_report_with_nothing_to_list_says_so_under_each_heading() -> None:
    bare = replace(
        audit(),
        versions=(),
        passages=(),
        approvals=(),
        rejections=(),
        break_glass=(),
        changes=(),
        mailings=(),
        checkpoint=None,
    )
    document = compose_audit(bare, pack("en-CA"))
    headings = len(of_kind(nodes.Heading, document))
    nothing = [b for b in of_kind(nodes.Paragraph, document) if plain(_content(b)) == "None."]
    assert (headings, len(nothing)) == (7, 6)
    assert "The archive has no record that it was sent." in words(document)


def test_an_approval_still_owed_after_break_glass_is_told() -> None:
    owed = [line for line in words(compose_audit(audit(), pack("en-CA"))) if line == "still owed"]
    assert len(owed) == len([b for b in audit().break_glass if not b.made_good]) == 1


def test_no_table_has_more_than_four_columns() -> None:
    tables = of_kind(nodes.Table, compose_audit(audit(), pack("en-CA")))
    assert len(tables) > 4
    assert max(len(table.header) for table in tables if isinstance(table, nodes.Table)) == 4


@pytest.mark.parametrize(
    "made", [compose_sheet(sheet(), pack("en-CA")), compose_audit(audit(), pack("en-CA"))]
)
def test_every_id_stands_once(made: nodes.Document) -> None:
    ids = [block.id for block in blocks(made)]
    assert len(ids) > 10
    assert len(set(ids)) == len(ids)


def test_characters_that_hide_what_others_wrote_are_made_visible() -> None:
    assert shown(" a\u202eb\n c\x07\ud800 ") == "a[U+202E]b c[U+0007][U+D800]"
    hostile = Piece("added", "\u2066x\x00")
    change = replace(audit().changes[0], pieces=(hostile,))
    said = words(compose_audit(replace(audit(), changes=(change,)), pack("en-CA")))
    assert "[added: [U+2066]x[U+0000]]" in said


def test_labels_fill_in_what_others_wrote_word_for_word() -> None:
    said = words(compose_sheet(replace(sheet(), approver='{issuer} \\1 -- "x"'), pack("en-CA")))
    assert [line for line in said if 'asks {issuer} \\1 -- "x" to approve' in line]


def test_an_instant_is_the_same_wherever_it_is_read() -> None:
    assert instant(NOON) == instant(NOON.astimezone(sheet().issued.tzinfo)) == "2025-07-29 16:00:05 UTC"


def _content(block: nodes.Block) -> tuple[nodes.Inline, ...]:
    assert isinstance(block, nodes.Paragraph)
    return block.content
