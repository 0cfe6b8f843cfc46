from __future__ import annotations

import ast
from pathlib import Path

import pytest

import presskit.load.media
from presskit.errors import CODES, Place, PresskitError, ProblemsFound, Unreadable, WrongUsage
from presskit.load.media import list_names, load_list
from presskit.load.media.entries import LIMIT_PROBLEMS
from presskit.model.media import Address, MediaList, Recipient
from presskit.workspace import Workspace
from tests.load.media.conftest import Keep, told

HEAD = "outlet,reporter,email,language,region,beat,accepts_embargo,formats,consent\n"
FINE = HEAD + 'The Star,Jane Doe,jane@example.org,en-CA,East,"crime; courts",yes,pdf docx,asked us\n'

BAD: dict[str, tuple[str, list[str]]] = {
    "email-invalid": (
        HEAD + "The Star,Jane,jane@example,,,,,,x\n",
        ["2:15 email: “jane@example” is no e-mail address: its domain has no period."],
    ),
    "address-twice": (
        HEAD + "A,,Desk@bücher.example,,,,,,x\nB,,desk@xn--bcher-kva.example,,,,,,x\n",
        ["3:4 email: “desk@xn--bcher-kva.example” is on this list already, in line 2."],
    ),
    "language-invalid": (
        HEAD + "A,,a@example.org,klingonese,,,,,x\n",
        ["2:18 language: “klingonese” is not a language tag."],
    ),
    "value-not-allowed": (
        HEAD + "A,,a@example.org,,,,perhaps,,x\nA,,b@example.org,,,,,pdf word,x\n",
        [
            "2:21 accepts_embargo: “perhaps” is neither yes nor no.",
            "3:22 formats: a kit has no file of the format “word”.",
        ],
    ),
    "character-forbidden": (
        HEAD + 'The \x00Star,,a@example.org,,,,,,x\n"A\tB",J\u202ex,b@example.org,,,,,,x\n',
        [
            "2:1 here stands U+0000 NULL, which can not be seen in print.",
            "3:1 “A B” holds a tab.",
            "3:7 here stands U+202E RIGHT-TO-LEFT OVERRIDE, which can not be seen in print.",
        ],
    ),
    "line-break": (
        HEAD + 'A,"Jane\r\nBcc: all@example.org",a@example.org,,,,,,x\nB,,bad,,,,,,x\n',
        [
            "2:3 “Jane Bcc: all@example.org” has several lines where one is wanted.",
            "4:4 email: “bad” is no e-mail address: it has no @.",
        ],
    ),
    "text-too-long": (
        HEAD + f"{'A' * 201},,a@example.org,,,,,,{'x' * 1001}\n",
        [
            "2:1 outlet: this text has 201 characters; 200 are the most.",
            "2:223 consent: this text has 1,001 characters; 1,000 are the most.",
        ],
    ),
    "field-missing": (
        HEAD + "A,Jane,,,,,,,x\nB\n",
        ["2:8 email: no address is written here.", "3:1 email: no address is written here."],
    ),
    "field-unknown": (
        "outlet,email,acepts_embargo,phone,consent,no\nA,a@example.org,no,555,x,7\n",
        [
            "1:14 there is no column “acepts_embargo” in a list.",
            "warning 1:29 there is no column “phone” in a list.",
            "warning 1:43 there is no column “no” in a list.",
        ],
    ),
    "field-twice": (
        "email,E-Mail,consent\na@example.org,b@example.org,x\n",
        ["1:7 “E-Mail” names the same column as “email”."],
    ),
    "table-cells": (
        "outlet,email,consent\nStar, The,a@example.org,x\n",
        ["2:25 this row has 4 cells, and the first line names 3 columns."],
    ),
    "csv-syntax": (
        HEAD + 'A,"Jane "Doe"",a@example.org,,,,,,x\n',
        ["2 something stands behind a closing quotation mark in this row."],
    ),
    "file-empty": (HEAD, ["nobody is on this list."]),
}


def problems_of(workspace: Workspace, name: str = "desk") -> list[str]:
    with pytest.raises(PresskitError) as caught:
        load_list(workspace, name)
    assert all(p.fix.strip() and p.code in CODES for p in caught.value.problems)
    return [told(problem) for problem in caught.value.problems]


@pytest.mark.parametrize("code", BAD)
def test_what_is_wrong_with_a_list_is_told_with_its_place(code: str, keep: Keep) -> None:
    content, expected = BAD[code]
    found = problems_of(keep(content))
    assert [line.rpartition(" [")[0] for line in found] == expected
    assert any(line.endswith(f"[{code}]") for line in found)


ELSEWHERE = {
    "consent-missing": "below",
    "list-unknown": "below",
    "list-untyped": "below",
    "problems-many": "below",
    "file-exists": "test_adding",
    "file-too-large": "test_intake",
    "filter-wrong": "test_filters",
    "id-invalid": "test_adding",
    "list-unreadable": "test_intake",
    "usage-wrong": "test_adding",
}


def test_every_code_of_lists_has_a_bad_file_or_a_test_of_its_own() -> None:
    files = list(Path(presskit.load.media.__path__[0]).glob("*.py"))
    assert len(files) > 10
    texts = {
        node.value
        for file in files
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert texts & set(CODES) == set(BAD) | set(ELSEWHERE)


def test_an_entry_is_read_with_all_that_is_known(keep: Keep) -> None:
    address = Address("jane@example.org", "jane@example.org", "jane@example.org")
    [jane] = load_list(keep(FINE), "desk").recipients
    assert jane == Recipient(
        address,
        "desk",
        Place("data/media-lists/desk.csv", 2),
        "Jane Doe",
        "The Star",
        "en-CA",
        "East",
        ("crime", "courts"),
        True,
        ("pdf", "docx"),
        "asked us",
    )


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_list_may_be_written_by_any_spreadsheet(mark: bytes, end: str, delimiter: str, keep: Keep) -> None:
    lines = ["Organisation,Nom,Courriel,Langue,Consentement", "Le Nord,Rédaction,r@example.org,fr,x", ""]
    content = mark + end.join(lines).replace(",", delimiter).encode()
    [found] = load_list(keep(content), "desk").recipients
    assert (found.outlet, found.reporter, found.language) == ("Le Nord", "Rédaction", "fr")
    assert found.place.line == 2


@pytest.mark.parametrize(
    ("header", "delimiter"),
    [
        ('email;"outlet, newsroom";consent', ";"),
        ('"outlet;name",email,consent', ","),
        ("email;notes, remarks, doubts", ";"),
        ("email\tconsent", "\t"),
        ("email", ","),
    ],
)
def test_the_columns_known_decide_what_separates_cells(header: str, delimiter: str, keep: Keep) -> None:
    columns = header.count(delimiter) + 1
    row = ["x"] * columns
    row[[name.strip('"') for name in header.split(delimiter)].index("email")] = "a@example.org"
    found = load_list(keep(f"{header}\n{delimiter.join(row)}\n"), "desk")
    assert [one.address.typed for one in found.recipients] == ["a@example.org"]


@pytest.mark.parametrize(
    ("names", "reporter"),
    [
        ("Name", "Jane"),
        ("Full Name", "Jane"),
        ("JOURNALIST", "Jane"),
        ("Nom", "Jane"),
        ("First Name", "Jane"),
        ("prénom", "Jane"),
        ("last_name", "Jane"),
    ],
)
def test_columns_are_known_by_the_names_people_give_them(names: str, reporter: str, keep: Keep) -> None:
    [found] = load_list(keep(f"{names},e-mail,consent\nJane,a@example.org,x\n"), "desk").recipients
    assert found.reporter == reporter


def test_a_first_and_a_last_name_make_one(keep: Keep) -> None:
    [found] = load_list(keep("Nachname,Vorname,Mail,consent\nDoe,Jane,a@example.org,x\n"), "desk").recipients
    assert found.reporter == "Jane Doe"


def test_a_second_address_of_an_entry_is_not_taken_for_a_misspelt_column(keep: Keep) -> None:
    found = load_list(
        keep("E-mail Address,E-mail 2 Address,consent\na@example.org,b@example.org,x\n"), "desk"
    )
    assert [one.address.typed for one in found.recipients] == ["a@example.org"]
    assert [problem.code for problem in found.warnings] == ["field-unknown"]


def test_settings_fill_in_what_entries_do_not_say(keep: Keep) -> None:
    workspace = keep(
        "email,language,consent\na@example.org,,\nb@example.org,fr,asked us\n",
        "kind: media\nlanguage: en-CA\nconsent: published address\n",
    )
    found = load_list(workspace, "desk")
    assert [(one.language, one.consent) for one in found.recipients] == [
        ("en-CA", "published address"),
        ("fr", "asked us"),
    ]
    assert found.warnings == ()
    assert found.settings.attach == ("pdf",)


def test_nobody_is_known_to_agree_unless_it_is_written_somewhere(keep: Keep) -> None:
    found = load_list(keep("email,consent\na@example.org,x\nb@example.org,\nc@example.org, \n"), "desk")
    [warning] = found.warnings
    what = "2 entries do not say why the office may write there, this being the first."
    assert told(warning) == f"warning 3 consent: {what} [consent-missing]"
    assert "desk.yaml" in warning.fix


@pytest.mark.parametrize(
    ("cell", "wishes"),
    [("", None), ("none", ()), ("docx, PDF", ("pdf", "docx")), ("text|html", ("html", "text"))],
)
def test_wishes_for_files_are_none_some_or_as_the_list_says(
    cell: str, wishes: tuple[str, ...] | None, keep: Keep
) -> None:
    [found] = load_list(keep(f'email,formats,consent\na@example.org,"{cell}",x\n'), "desk").recipients
    assert found.wishes == wishes


@pytest.mark.parametrize(
    ("cell", "tag"),
    [
        ("fr", "fr"),
        ("FR_ca", "fr-CA"),
        ("iu-cans-ca", "iu-Cans-CA"),
        ("Français", "fr"),
        ("English", "en"),
        ("", ""),
    ],
)
def test_a_language_is_understood_as_people_write_it(cell: str, tag: str, keep: Keep) -> None:
    [found] = load_list(keep(f"email,language,consent\na@example.org,{cell},x\n"), "desk").recipients
    assert found.language == tag


def test_a_list_without_settings_goes_nowhere_and_is_told_what_to_write(keep: Keep) -> None:
    workspace = keep(FINE, None)
    with pytest.raises(ProblemsFound) as caught:
        load_list(workspace, "desk")
    [problem] = caught.value.problems
    assert problem.code == "list-untyped"
    workspace.add("data/media-lists/desk.yaml", problem.fix.partition("example  ")[2].encode())
    assert load_list(workspace, "desk").settings.kind == "media"


def test_mistakes_of_settings_and_entries_are_told_together(keep: Keep) -> None:
    workspace = keep(HEAD + "A,,bad,,,,,,x\n", "kind: press\nlangauge: en\n")
    assert problems_of(workspace) == [
        "2:4 email: “bad” is no e-mail address: it has no @. [email-invalid]",
        "1:7 kind: “press” is not among the values for this field: media, partners, staff, other. "
        "[value-not-allowed]",
        "2:1 langauge: there is no such field here. [field-unknown]",
    ]


def test_settings_without_a_kind_are_told_which_kinds_there_are(keep: Keep) -> None:
    with pytest.raises(ProblemsFound, match="add it, for example  kind: media"):
        load_list(keep(FINE, "language: en\n"), "desk")


def test_a_list_nobody_made_is_told_with_the_name_that_comes_near(keep: Keep) -> None:
    with pytest.raises(WrongUsage, match="did you mean “desk”") as caught:
        load_list(keep(FINE), "desks")
    assert caught.value.problems[0].code == "list-unknown"


def test_the_names_of_lists_are_sorted_and_half_lists_are_among_them(keep: Keep) -> None:
    keep(FINE, name="north")
    workspace = keep(FINE, None, name="alone")
    workspace.add("data/media-lists/empty.yaml", b"kind: media\n")
    workspace.add("data/media-lists/notes.txt", b"")
    assert list_names(workspace) == ("alone", "empty", "north")
    with pytest.raises(Unreadable, match=r"empty\.csv: there is no such file"):
        load_list(workspace, "empty")


def test_an_office_without_lists_has_no_names(workspace: Workspace) -> None:
    assert list_names(workspace) == ()


def test_a_list_is_called_like_an_id(keep: Keep) -> None:
    with pytest.raises(ProblemsFound, match="rename the file to my-list"):
        load_list(keep(FINE, name="My List"), "My List")


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16"])
def test_another_encoding_is_told_how_to_save_the_list(encoding: str, keep: Keep) -> None:
    workspace = keep(FINE.replace("Jane", "Zoé").encode(encoding))
    with pytest.raises(ProblemsFound, match="save it as “CSV UTF-8”") as caught:
        load_list(workspace, "desk")
    assert caught.value.problems[0].code == "file-not-text"


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\n\n", b"\r\n"])
def test_an_empty_file_is_told_how_to_start(content: bytes, keep: Keep) -> None:
    assert problems_of(keep(content)) == ["this file is empty. [file-empty]"]


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (HEAD + '"' + "x" * 10_000_000 + "\n", "a cell of more than a hundred thousand characters"),
        (HEAD + "x" * 10_000_000 + "\n", "a cell of more than a hundred thousand characters"),
        ("x" * 10_000_000, "a cell of more than a hundred thousand characters"),
        ('email,consent\na@example.org,"x\nb@example.org,x\n', "opened in this row and never closed"),
        (HEAD + "," * 9_000_000 + "x\n", "this row has 9,000,001 cells"),
    ],
    ids=["quoted", "bare", "header", "unclosed", "commas"],
)
def test_a_file_that_is_no_list_is_told_and_does_no_harm(content: str, what: str, keep: Keep) -> None:
    assert what in "\n".join(problems_of(keep(content)))


def test_with_hundreds_of_mistakes_a_list_is_not_read_to_its_end(keep: Keep) -> None:
    workspace = keep("email\n" + "bad\n" * 5000)
    found = problems_of(workspace)
    assert len(found) == LIMIT_PROBLEMS + 1
    assert found[-1].endswith("[problems-many]")
    assert found[-1].startswith(f"{LIMIT_PROBLEMS + 2}:1 ")


def test_blank_rows_count_as_lines_and_not_as_entries(keep: Keep) -> None:
    found = load_list(keep("\nemail,consent\n\na@example.org,x\n,\n\nb@example.org,x\n"), "desk")
    assert [one.place.line for one in found.recipients] == [4, 7]


def test_words_of_many_entries_are_in_memory_once(keep: Keep) -> None:
    rows = "".join(f"The Star,r{n}@example.org,crime; courts,en-CA,x\n" for n in range(3))
    found = load_list(keep("outlet,email,beat,language,consent\n" + rows), "desk")
    for words in ("outlet", "beat", "language", "consent"):
        assert len({id(getattr(one, words)) for one in found.recipients}) == 1


def test_a_list_may_be_compared_and_kept(keep: Keep) -> None:
    first, again = load_list(keep(FINE), "desk"), load_list(keep(FINE), "desk")
    assert isinstance(first, MediaList)
    assert first == again
    assert hash(first.recipients) == hash(again.recipients)
