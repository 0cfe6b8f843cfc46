from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presskit.errors import ProblemsFound
from presskit.load.media import import_rows
from presskit.load.media.tables import Row


def rows_of(text: str | bytes) -> list[Row]:
    content = text if isinstance(text, bytes) else text.encode()
    table = import_rows(content, "book.vcf")
    assert table.header[1] == ["reporter", "outlet", "email", "language", "region", "beat"]
    return list(table.rows)


def card(*lines: str, version: str = "4.0") -> str:
    return "\r\n".join(["BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", ""])


def test_a_card_of_version_4_is_read_with_all_a_list_needs() -> None:
    text = card(
        "FN:Jane Doe",
        "N:Doe;Jane;;;",
        "ORG:The Star\\, Inc.;Newsroom",
        "EMAIL;TYPE=work;PREF=1:jane@example.org",
        "LANG;PREF=1:fr-CA",
        "LANG:en",
        "ADR;TYPE=work:;;1 Main St\\nRoom 2;Orillia;ON;L3V;Canada",
        "CATEGORIES:crime,courts",
        "PHOTO:data:image/jpeg;base64,AAAA",
        "NOTE:not taken over",
    )
    assert rows_of(text) == [
        (6, ["Jane Doe", "The Star, Inc.", "jane@example.org", "fr-CA", "ON", "crime; courts"])
    ]


def test_each_address_of_a_card_is_an_entry_once() -> None:
    text = card(
        "item1.EMAIL;type=INTERNET:jane@example.org",
        "FN:Jane",
        "EMAIL:desk@example.org",
        "email;TYPE=HOME:jane@example.org",
        version="3.0",
    )
    assert rows_of(text) == [
        (3, ["Jane", "", "jane@example.org", "", "", ""]),
        (5, ["Jane", "", "desk@example.org", "", "", ""]),
    ]


def test_a_name_is_put_together_if_none_is_given_whole() -> None:
    assert rows_of(card("N:Doe;Jane;Q.;Dr.;", "EMAIL:j@example.org"))[0][1][0] == "Jane Doe"


def test_a_desk_named_after_its_outlet_is_no_reporter() -> None:
    [row] = rows_of(card("FN:The Star", "ORG:The Star", "EMAIL:desk@example.org"))
    assert row[1][:3] == ["", "The Star", "desk@example.org"]


def test_a_card_without_an_address_is_still_a_row() -> None:
    assert rows_of(card("FN:Jane")) == [(1, ["Jane", "", "", "", "", ""])]


@pytest.mark.parametrize("fold", ["\r\n ", "\r\n\t", "\n "])
def test_continued_lines_are_joined(fold: str) -> None:
    [row] = rows_of(card(f"FN:Jane Do{fold}e", f"EMAIL:jane@exam{fold}ple.org"))
    assert row[1][0] == "Jane Doe"
    assert row[1][2] == "jane@example.org"


def test_quoted_printable_of_old_telephones_is_decoded() -> None:
    text = card(
        "FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Zo=C3=AB M=C3=\r\n=BCller",
        "ORG;ENCODING=QUOTED-PRINTABLE;CHARSET=ISO-8859-1:Le Qu=E9bec;R=E9daction",
        "EMAIL;INTERNET:zoe@example.org",
        version="2.1",
    )
    assert rows_of(text) == [(6, ["Zoë Müller", "Le Québec", "zoe@example.org", "", "", ""])]


def test_an_unknown_character_set_leaves_the_words_as_they_are() -> None:
    [row] = rows_of(card("FN;CHARSET=KLINGON;QUOTED-PRINTABLE:Zo=C3", "EMAIL:z@example.org", version="2.1"))
    assert row[1][0] == "Zo=C3"


def test_a_card_within_a_card_is_not_taken_for_it() -> None:
    text = card(
        "FN:Jane", "AGENT:", "BEGIN:VCARD", "FN:Bob", "EMAIL:bob@x.test", "END:VCARD", "EMAIL:j@x.test"
    )
    assert [row[1][2] for row in rows_of(text)] == ["j@x.test"]


def test_two_cards_do_not_mix() -> None:
    rows = rows_of(card("FN:A", "EMAIL:a@x.test", "LANG:fr") + card("FN:B", "EMAIL:b@x.test"))
    assert [(row[1][0], row[1][2], row[1][3]) for row in rows] == [
        ("A", "a@x.test", "fr"),
        ("B", "b@x.test", ""),
    ]


def test_a_line_end_within_a_name_becomes_a_space() -> None:
    [row] = rows_of(card("FN:Jane\\nBcc: all@example.org", "EMAIL:j@x.test"))
    assert row[1][0] == "Jane Bcc: all@example.org"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "list-unreadable"),
        (b"email\na@example.org\n", "list-unreadable"),
        (b"BEGIN:VCARD\nFN:Jane\nEMAIL:j@x.test\n", "list-unreadable"),
        (b"BEGIN:VCARD\nFN:Zo\xeb\nEND:VCARD\n", "file-not-text"),
        (b"BEGIN:VCALENDAR\nEND:VCALENDAR\n", "list-unreadable"),
    ],
)
def test_what_is_no_address_book_is_told(content: bytes, code: str) -> None:
    with pytest.raises(ProblemsFound) as caught:
        rows_of(content)
    assert [problem.code for problem in caught.value.problems] == [code]


LINES = st.sampled_from(
    [
        "BEGIN:VCARD",
        "END:VCARD",
        "FN:x",
        "EMAIL:a@x.test",
        "EMAIL;QUOTED-PRINTABLE:=",
        " more",
        "N:;",
        "ADR:;;",
        ":",
        ";:",
    ]
)


@given(st.lists(LINES | st.text(max_size=12), max_size=15).map("\n".join))
def test_any_lines_give_rows_or_problems_but_never_a_crash(text: str) -> None:
    try:
        rows = rows_of(text.encode("utf-8", "replace"))
    except ProblemsFound:
        return
    assert all(len(cells) == 6 and not any("\n" in cell for cell in cells) for _, cells in rows)


def test_a_folded_line_of_megabytes_is_read_in_time() -> None:
    photo = "PHOTO:" + "\r\n ".join(["A" * 70] * 50_000)
    [row] = rows_of(card("FN:Jane", photo, "EMAIL:j@x.test", "ORG:" + "\\;" * 50_000))
    assert row[1][2] == "j@x.test"
