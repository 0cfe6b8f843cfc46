from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from presskit.writers.docx.markup import bookmark_of, escaped, quoted, style_id, tag_of

IDS = st.from_regex(r"[a-z0-9]+([.-][a-z0-9]+)*", fullmatch=True) | st.text(min_size=1, max_size=120)


def test_a_bookmark_is_readable_where_it_can_be() -> None:
    assert bookmark_of("body.1") == "_pk_body_1"
    assert bookmark_of("agencies.1.six-nations") == "_pk_agencies_1_six__nations"


def test_a_long_bookmark_keeps_its_start() -> None:
    assert (
        bookmark_of("boilerplate.ijfs.roster.niagara-regional") == "_pk_boilerplate_ijfs_rost___c7731235a9cf"
    )


@given(IDS)
def test_word_takes_every_bookmark(passage_id: str) -> None:
    assert re.fullmatch(r"_pk_[A-Za-z0-9_]{1,36}", bookmark_of(passage_id))


@given(st.lists(IDS, unique=True, min_size=2, max_size=60))
def test_no_two_ids_share_a_bookmark(ids: list[str]) -> None:
    names = {bookmark_of(passage_id).lower() for passage_id in ids}
    assert len(names) == len(ids)


def test_ids_that_differ_by_their_signs_have_bookmarks_of_their_own() -> None:
    ids = ["a.b", "a-b", "a_b", "a--b", "a-.b", "a.-b", "a..b", "A.b", "a b", "à.b", "ab"]
    assert len({bookmark_of(passage_id).lower() for passage_id in ids}) == len(ids)


def test_a_tag_is_the_id_where_it_is_short_enough() -> None:
    assert tag_of("quote.dusto") == "pk:quote.dusto"
    assert tag_of("x" * 61) == "pk:" + "x" * 61
    assert tag_of("x" * 62) != tag_of("x" * 63)


@given(IDS)
def test_no_tag_is_longer_than_word_takes(block_id: str) -> None:
    assert len(tag_of(block_id)) <= 64


def test_signs_of_markup_are_words_in_a_text_and_in_an_attribute() -> None:
    assert escaped('<a & "b">') == '&lt;a &amp; "b"&gt;'
    assert quoted('<a &\n"b">') == "&lt;a & &quot;b&quot;&gt;".replace(" & ", " &amp; ")


def test_the_id_of_a_style_follows_from_its_name() -> None:
    assert [style_id(name) for name in ("heading 1", "List Bullet 2", "caption")] == [
        "Heading1",
        "ListBullet2",
        "Caption",
    ]
