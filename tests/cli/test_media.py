from __future__ import annotations

import json
from pathlib import Path

import pytest

from presskit.workspace import Workspace
from tests.cli.conftest import Call, Said
from tests.load.media.workbook import workbook

ROWS = """\
Organisation;Nom;Courriel;Langue;Rubrique;Embargo
Le Nord;Rédaction;nouvelles@nord.example;Français;faits divers, justice;oui
"Star, The";Jane Doe;jane@star.example;en_ca;crime;non
=cmd|x;Bob;bob@wire.example;;;non
"""


def fine(said: Said) -> Said:
    assert said.code == 0, said.err
    return said


@pytest.fixture
def ontario(office: Workspace, call: Call, tmp_path: Path) -> Path:
    """The file of a list that the office has taken over."""
    file = tmp_path / "reporters.csv"
    file.write_text(ROWS, "utf-8")
    fine(call("media", "import", str(file), "--list", "ontario", "--consent", "published address"))
    return file


def test_a_list_is_taken_over_checked_shown_and_handed_out(ontario: Path, call: Call, tmp_path: Path) -> None:
    assert Path("data/media-lists/ontario.csv").is_file()
    assert fine(call("media", "check")) == Said(0, "", "1 list checked: no problems.\n")
    shown = fine(call("media", "show"))
    assert shown.out == "ontario  (media): 3 entries; 1 any language, 1 en-CA, 1 fr; 1 accept embargoes\n"
    assert shown.err == "3 addresses on 1 list.\n"
    target = tmp_path / "crime.csv"
    said = fine(
        call(
            "media", "export", "ontario", "--where", "beat = crime or not outlet ~ nord", "--to", str(target)
        )
    )
    assert (said.out, said.err) == (f"{target}\n", "2 entries.\n")
    assert target.read_bytes().startswith(b"\xef\xbb\xbfoutlet,reporter,email,")
    assert "'=cmd|x,Bob,bob@wire.example" in target.read_text("utf-8")
    again = fine(call("media", "import", str(target), "--list", "crime"))
    assert again.err == "2 entries added.\n"


def test_entries_are_shown_line_by_line(ontario: Path, call: Call) -> None:
    said = fine(call("media", "show", "--where", "language = fr or accepts_embargo"))
    assert said.out == (
        "nouvelles@nord.example  Rédaction  Le Nord  fr  faits divers, justice  accepts embargoes\n"
    )
    assert said.err == "1 address on 1 list.\n"


def test_an_export_on_the_terminal_is_the_table_alone(ontario: Path, call: Call) -> None:
    said = fine(call("media", "export", "ontario", "--where", "accepts_embargo"))
    assert said.out == (
        "outlet,reporter,email,language,region,beat,accepts_embargo,formats,consent\n"
        "Le Nord,Rédaction,nouvelles@nord.example,fr,,faits divers; justice,yes,,published address\n"
    )


def test_an_export_writes_over_nothing(ontario: Path, call: Call) -> None:
    before = ontario.read_bytes()
    said = call("media", "export", "ontario", "--to", str(ontario))
    assert (said.code, said.out) == (3, "")
    assert "[file-exists]" in said.err
    assert ontario.read_bytes() == before
    nowhere = call("media", "export", "ontario", "--to", str(ontario.parent / "no" / "folder.csv"))
    assert nowhere.code == 3
    assert "[file-unwritable]" in nowhere.err


def test_addresses_that_were_there_are_told_when_a_list_is_added_to(ontario: Path, call: Call) -> None:
    ontario.write_text("Name,Mail\nAnn,ann@star.example\nJane,JANE@star.example\n", "utf-8")
    refused = call("media", "import", str(ontario), "--list", "ontario")
    assert refused.code == 3
    assert "add to it with --merge" in refused.err
    said = fine(call("media", "import", str(ontario), "--list", "ontario", "--merge"))
    assert said.out == f"{Path('data/media-lists/ontario.csv')}\n"
    assert said.err == (
        "1 entry added.\n"
        "1 address was on the list already; nothing of that is changed:\n"
        "  jane@star.example  (line 3)\n"
    )


def test_of_many_addresses_that_were_there_some_are_told_and_the_rest_counted(
    office: Workspace, call: Call, tmp_path: Path
) -> None:
    file = tmp_path / "many.csv"
    file.write_text("mail,consent\n" + "".join(f"r{n}@x.test,x\n" for n in range(1234)), "utf-8")
    fine(call("media", "import", str(file), "--list", "many"))
    said = fine(call("media", "import", str(file), "--list", "many", "--merge"))
    assert said.err.splitlines()[1].startswith("1,234 addresses were on the list already")
    assert len(said.err.splitlines()) == 2 + 20 + 1
    assert said.err.splitlines()[-1] == "  … and 1,214 more."


@pytest.mark.parametrize("name", ["reporters.xlsx", "REPORTERS.XLSX", "book.vcf"])
def test_spreadsheets_and_address_books_are_taken_over(
    name: str, office: Workspace, call: Call, tmp_path: Path
) -> None:
    content = {
        ".xlsx": workbook([["Name", "E-Mail"], ["Zoé", "zoe@star.example"]]),
        ".vcf": "BEGIN:VCARD\nVERSION:4.0\nFN:Zoé\nEMAIL:zoe@star.example\nEND:VCARD\n".encode(),
    }
    (tmp_path / name).write_bytes(content[Path(name).suffix.lower()])
    options = ("--list", "stars", "--kind", "partners", "--language", "fr-CA", "--consent", "they asked")
    fine(call("media", "import", str(tmp_path / name), *options))
    answer = json.loads(fine(call("media", "show", "stars", "--json")).out)
    assert answer["lists"] == [
        {
            "name": "stars",
            "kind": "partners",
            "title": None,
            "entries": 1,
            "languages": {"fr-CA": 1},
            "accept_embargo": 0,
        }
    ]
    assert answer["entries"] == [
        {
            "email": "zoe@star.example",
            "list": "stars",
            "line": 2,
            "reporter": "Zoé",
            "outlet": "",
            "language": "fr-CA",
            "region": "",
            "beat": [],
            "accepts_embargo": False,
            "formats": None,
            "consent": "they asked",
        }
    ]


def test_what_is_wrong_with_any_list_is_printed_and_stops_no_other(ontario: Path, call: Call) -> None:
    folder = Path("data/media-lists")
    (folder / "north.csv").write_text("mail,consent\nbad,x\njane@star.example,x\n", "utf-8")
    (folder / "north.yaml").write_text("kind: media\n", "utf-8")
    (folder / "half.yaml").write_text("kind: media\n", "utf-8")
    said = call("media", "check")
    assert said.code == 3
    assert "data/media-lists/north.csv:2:1: email: “bad” is no e-mail address" in said.out
    assert "data/media-lists/half.csv: there is no such file." in said.out
    assert said.err == "3 lists checked: 2 errors.\n"
    assert call("media", "check", "north").code == 1
    answer = json.loads(call("media", "check", "ontario", "north", "--json").out)
    assert (answer["command"], answer["exit_code"]) == ("media", 1)
    assert [(one["name"], one["exit_code"], len(one["problems"])) for one in answer["lists"]] == [
        ("ontario", 0, 0),
        ("north", 1, 1),
    ]


def test_addresses_on_several_lists_are_told(ontario: Path, call: Call) -> None:
    folder = Path("data/media-lists")
    (folder / "south.csv").write_text(
        "mail,consent\nJane@star.example,x\nnouvelles@nord.example,x\n", "utf-8"
    )
    (folder / "south.yaml").write_text("kind: media\n", "utf-8")
    said = fine(call("media", "check"))
    assert said.err.splitlines()[0] == (
        "“ontario” and “south” share 2 addresses, such as jane@star.example; "
        "a release to both goes there once, as “ontario” says."
    )
    pairs = json.loads(call("media", "check", "--json").out)["duplicates"]
    assert [(pair["kept"]["list"], pair["dropped"]["list"], pair["dropped"]["line"]) for pair in pairs] == [
        ("ontario", "south", 2),
        ("ontario", "south", 3),
    ]
    assert not pairs[1]["kept"]["accepts_embargo"]
    assert len(fine(call("media", "show", "ontario", "south")).out.splitlines()) == 3


def test_warnings_are_printed_and_stop_nothing(office: Workspace, call: Call, tmp_path: Path) -> None:
    file = tmp_path / "in.csv"
    file.write_text("mail,phone\na@x.test,555\n,556\n", "utf-8")
    said = fine(call("media", "import", str(file), "--list", "in"))
    assert [code in said.err for code in ("[field-unknown]", "[field-missing]", "[consent-missing]")] == [
        True
    ] * 3
    checked = fine(call("media", "check"))
    assert "[consent-missing]" in checked.out
    assert checked.err == "1 list checked: 1 warning.\n"


@pytest.mark.parametrize(
    ("args", "code", "told"),
    [
        (("show", "ontaro"), 2, "did you mean “ontario”?  [list-unknown]"),
        (("show", "--where", "langage = fr"), 2, "--where:1:1: there is no field “langage”."),
        (("export", "ontario", "--where", "beat ="), 2, "[filter-wrong]"),
        (("import", "nowhere.csv", "--list", "x"), 2, "[file-unreadable]"),
        (("import", "data/house.yaml", "--list", "x"), 1, "[list-unreadable]"),
        (
            ("import", "data/media-lists/ontario.csv", "--list", "My List"),
            2,
            "write it as my-list  [id-invalid]",
        ),
    ],
)
def test_what_was_called_wrongly_is_told(
    args: tuple[str, ...], code: int, told: str, ontario: Path, call: Call
) -> None:
    said = call("media", *args)
    assert (said.code, said.out) == (code, "")
    assert told in said.err


def test_an_office_without_lists_is_no_mistake(office: Workspace, call: Call) -> None:
    assert fine(call("media", "check")).err == "0 lists checked: no problems.\n"
    assert fine(call("media", "show")).err == "0 addresses on 0 lists.\n"


def test_a_shell_completes_lists(ontario: Path, start: Call) -> None:
    env = {"_PRESSKIT_COMPLETE": "fish_complete", "COMP_WORDS": "presskit media show on", "COMP_CWORD": "on"}
    assert "ontario" in start(env=env).out


def test_every_help_of_lists_fits_a_terminal(call: Call) -> None:
    for name in ("import", "check", "show", "export"):
        said = fine(call("media", name, "--help"))
        assert [line for line in said.out.splitlines() if len(line) > 100] == []
