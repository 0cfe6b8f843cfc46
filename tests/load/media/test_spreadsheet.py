from __future__ import annotations

import random
import struct
import subprocess
import sys
import zlib
from datetime import date, datetime

import pytest

from presskit.errors import Place, ProblemsFound
from presskit.load.media import import_rows, spreadsheet
from presskit.load.media.spreadsheet import LIMIT_CELLS
from presskit.load.media.tables import Row
from tests.load.media.workbook import HEAD, MAIN, Value, packed, workbook


def rows_of(content: bytes) -> list[Row]:
    table = import_rows(content, "list.xlsx")
    return [table.header, *table.rows]


def code_of(content: bytes, name: str = "list.xlsx") -> str:
    with pytest.raises(ProblemsFound) as caught:
        import_rows(content, name)
    [problem] = caught.value.problems
    assert problem.place.file == name
    assert problem.fix
    return problem.code


def test_the_rows_of_the_first_sheet_that_is_shown_are_read() -> None:
    content = workbook([["Outlet", "E-Mail"], ["Le Nord", "r@nord.example"]], hidden_first=True)
    assert rows_of(content) == [(1, ["Outlet", "E-Mail"]), (2, ["Le Nord", "r@nord.example"])]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Zoë & <Co>", "Zoë & <Co>"),
        ("  two\nlines\t ", "two lines"),
        (2025, "2025"),
        (7.0, "7"),
        (1.5, "1.5"),
        (True, "yes"),
        (False, "no"),
        (date(2025, 7, 30), "2025-07-30"),
        (datetime(2025, 7, 30, 9, 30), "2025-07-30 09:30:00"),  # noqa: DTZ001 (Excel knows no zones)
        ("01234", "01234"),
        (None, ""),
    ],
)
def test_a_cell_is_the_text_people_see(value: Value, text: str) -> None:
    assert rows_of(workbook([["region", "email"], [value, "x"]]))[1] == (2, [text, "x"])


def test_a_list_that_starts_further_down_keeps_its_places() -> None:
    table = import_rows(workbook([[None], [], [None, "email"], [], [None, "a@example.org"]]), "list.xlsx")
    assert table.header == (3, ["", "email"])
    assert list(table.rows) == [(5, ["", "a@example.org"])]
    assert table.place(5, 1) == Place("list.xlsx", 5, 2)


@pytest.mark.parametrize(
    "content", [b"", b"PK", b"PK\x03\x04" + b"\0" * 40, b"email\na@example.org\n", packed({})]
)
def test_what_is_no_spreadsheet_is_told(content: bytes) -> None:
    assert code_of(content) == "list-unreadable"


def test_a_spreadsheet_without_words_is_told() -> None:
    assert code_of(workbook([])) == "file-empty"


def test_a_file_of_another_kind_is_told() -> None:
    assert code_of(b"x", "list.pdf") == "list-unreadable"
    assert code_of(b"x", "list") == "list-unreadable"


def test_a_file_larger_than_any_list_is_told() -> None:
    assert code_of(b"x" * 50_000_001, "list.csv") == "file-too-large"


def test_a_spreadsheet_that_unpacks_to_more_than_any_list_is_not_unpacked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert spreadsheet.LIMIT_UNPACKED_BYTES == 200_000_000
    monkeypatch.setattr(spreadsheet, "LIMIT_UNPACKED_BYTES", 3_000_000)
    fine, bomb = with_zeros(2_900_000), with_zeros(3_000_000)
    assert rows_of(fine) == [(1, ["email"])]
    assert len(bomb) < 10_000
    assert code_of(bomb) == "file-too-large"
    assert code_of(lying(with_zeros(4_000_000), 4_000_000)) == "file-too-large"
    assert code_of(lying(fine, 2_900_000)) == "list-unreadable"


def with_zeros(size: int) -> bytes:
    return workbook([["email"]], parts={"xl/media/zeros.bin": b"\0" * size})


def lying(content: bytes, size: int) -> bytes:
    """Return an archive whose part of zeros says that it is ten bytes long, with the checksum of those."""
    true, told = struct.pack("<I", zlib.crc32(b"\0" * size)), struct.pack("<I", zlib.crc32(b"\0" * 10))
    compressed = content[content.index(true) + 4 :][:4]
    before, after = (true + compressed + struct.pack("<I", size), told + compressed + struct.pack("<I", 10))
    assert content.count(before) == 2  # before the part, and in the directory
    return content.replace(before, after)


def far_apart(reference: str) -> bytes:
    row = "".join(c for c in reference if c.isdigit())
    cells = (
        f"<row r='1'><c r='A1' t='inlineStr'><is><t>email</t></is></c></row><row r='{row}'>"
        f"<c t='inlineStr'   r = '{reference}'><is><t>x</t></is></c></row>"
    )
    part = f'{HEAD}<worksheet xmlns="{MAIN}"><sheetData>{cells}</sheetData></worksheet>'
    return workbook([["email"]], parts={"xl/worksheets/sheet1.xml": part.encode()})


@pytest.mark.parametrize("reference", ["XFD1048576", "CW100000", "xfd1048576"])
def test_two_cells_far_apart_are_not_given_the_room_between_them(reference: str) -> None:
    assert code_of(far_apart(reference)) == "file-too-large"


def test_the_reader_would_end_the_whole_program_at_two_cells_far_apart() -> None:
    code = (
        "import io, resource, sys; from python_calamine import load_workbook;"
        "resource.setrlimit(resource.RLIMIT_AS, (1 << 32, 1 << 32));"
        "load_workbook(io.BytesIO(sys.stdin.buffer.read())).get_sheet_by_index(0)"
    )
    if sys.platform == "win32":
        pytest.skip("Windows has no limit of memory to set")
    done = subprocess.run(
        [sys.executable, "-c", code], input=far_apart("XFD1048576"), capture_output=True, check=False
    )
    assert done.returncode != 0, "python-calamine has learnt it: the count of cells may go"
    assert b"memory allocation" in done.stderr


def test_as_many_cells_as_are_allowed_are_read() -> None:
    assert LIMIT_CELLS == 100 * 100_000
    assert len(rows_of(far_apart("T50000"))) == 2


def test_a_reference_is_seen_wherever_the_file_is_cut_into_pieces() -> None:
    for shift in range(0, 60, 7):
        part = f"<worksheet xmlns='{MAIN}'><!--{'x' * ((1 << 20) - 150 + shift)}-->"
        part += "<sheetData><row r='1048576'><c r='XFD1048576'><v>1</v></c></row></sheetData></worksheet>"
        assert (
            code_of(workbook([["a"]], parts={"xl/worksheets/sheet1.xml": part.encode()})) == "file-too-large"
        )


def test_a_damaged_spreadsheet_is_told_whatever_is_damaged() -> None:
    good = workbook([["Outlet", "email"], ["Star", "a@example.org"]])
    dice = random.Random(7)
    told = 0
    for _ in range(300):
        content = bytearray(good)
        for _ in range(dice.randint(1, 6)):
            content[dice.randrange(len(content))] = dice.randrange(256)
        try:
            list(
                import_rows(
                    bytes(content[: dice.choice([len(content), dice.randrange(len(content))])]), "x.xlsx"
                ).rows
            )
        except ProblemsFound as error:
            told += 1
            assert {p.code for p in error.problems} <= {"list-unreadable", "file-empty", "file-too-large"}
    assert told > 100


def test_words_damaged_within_the_parts_are_told() -> None:
    dice, told = random.Random(8), 0
    for name in ("xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"):
        for _ in range(60):
            noise = bytes(dice.choice(b"<>/\"'= r1AXFD9xmlsheet&;") for _ in range(200))
            content = workbook([["email"], [date(2025, 1, 1)]], parts={name: noise})
            try:
                list(import_rows(content, "x.xlsx").rows)
            except ProblemsFound as error:
                told += 1
                assert {p.code for p in error.problems} <= {"list-unreadable", "file-empty", "file-too-large"}
    assert told > 100
