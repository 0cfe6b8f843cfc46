from __future__ import annotations

import csv
import io
import tempfile
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presskit.errors import Place
from presskit.load.addresses import read_address
from presskit.load.characters import FORBIDDEN
from presskit.load.media import load_list, write_list
from presskit.load.media.cells import guarded, unguarded
from presskit.model.media import WISHES, Address, Recipient, Wish
from presskit.workspace import Workspace
from tests.load.media.conftest import NOW


def usual(text: str) -> str:
    """Words as a cell holds them: composed, on one line, nothing around them."""
    words = unicodedata.normalize("NFC", FORBIDDEN.sub("", text).replace("\n", " ").replace("\t", " "))
    return words.strip()


LETTERS = st.sampled_from("=+-@'\",;|\tａ＝＋－＠ éx1")
WORDS = (st.text(LETTERS, max_size=12) | st.text(max_size=12)).map(usual)
TOPICS = WORDS.map(lambda words: words.translate(dict.fromkeys(map(ord, ",;|"))).strip())
EMAILS = st.sampled_from(
    ["a@x.test", "+b@x.test", "-c@x.test", "=d@x.test", "É@bücher.example", "E.F@x.test"]
)


def recipient(email: str, line: int) -> Recipient:
    address = read_address(email)
    assert isinstance(address, Address)
    return Recipient(address, "desk", Place("data/media-lists/desk.csv", line))


def wishes_of(found: list[Wish] | None) -> tuple[Wish, ...] | None:
    return None if found is None else tuple(wish for wish in WISHES if wish in found)


RECIPIENTS = st.builds(
    replace,
    EMAILS.map(lambda email: recipient(email, 2)),
    outlet=WORDS,
    reporter=WORDS,
    language=st.sampled_from(["", "fr", "fr-CA", "iu-Cans-CA", "es-419"]),
    region=WORDS,
    beat=st.lists(TOPICS.filter(bool), unique=True, max_size=3).map(tuple),
    accepts_embargo=st.booleans(),
    wishes=(st.none() | st.lists(st.sampled_from(WISHES), unique=True)).map(wishes_of),
    consent=WORDS,
)


@given(st.lists(RECIPIENTS, min_size=1, max_size=6, unique_by=lambda one: one.address.key))
def test_a_list_that_is_handed_out_reads_as_it_was(recipients: list[Recipient]) -> None:
    in_order = [replace(one, place=Place(one.place.file, line)) for line, one in enumerate(recipients, 2)]
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder).resolve(), NOW)
        workspace.add("data/media-lists/desk.csv", write_list(in_order))
        workspace.add("data/media-lists/desk.yaml", b"kind: media\n")
        assert list(load_list(workspace, "desk").recipients) == in_order


@given(st.lists(RECIPIENTS, max_size=4))
def test_no_cell_that_is_handed_out_starts_like_a_formula(recipients: list[Recipient]) -> None:
    rows = list(csv.reader(io.StringIO(write_list(recipients).decode(), newline=""), strict=True))
    assert len(rows) == len(recipients) + 1
    assert {len(row) for row in rows} == {9}
    assert [cell for row in rows for cell in row if cell[:1] in tuple("=+-@\t\r＝＋－＠")] == []


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@sum", "\t=1", "\r=1", "＝1", "'=1", "''@x"])
def test_what_a_spreadsheet_may_run_gets_an_apostrophe(cell: str) -> None:
    assert guarded(cell) == f"'{cell}"
    assert unguarded(guarded(cell)) == cell


@given(st.text(LETTERS, max_size=6) | st.text(max_size=6))
def test_a_guarded_cell_can_be_taken_back(cell: str) -> None:
    assert unguarded(guarded(cell)) == cell


@pytest.mark.parametrize("cell", ["", "O'Neil", "'quoted'", "1-1", "a=b", "'t Nieuws"])
def test_other_cells_stay_as_they_are(cell: str) -> None:
    assert guarded(cell) == cell
    assert unguarded(cell) == cell
