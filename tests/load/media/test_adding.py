from __future__ import annotations

import pytest

from presskit.errors import PresskitError, ProblemsFound, Unreadable, WrongUsage
from presskit.load.media import Added, Wanted, add_list, import_rows, load_list
from presskit.workspace import Workspace
from tests.load.media.conftest import Keep, told

CSV = "data/media-lists/desk.csv"
ROWS = "Name,Mail,Langue,Embargo\nJane,jane@example.org,EN_ca,x\nZoé,zoe@example.org,,\n"


def add(
    workspace: Workspace, text: str, wanted: Wanted | None = None, *, name: str = "desk", merge: bool = False
) -> Added:
    return add_list(workspace, name, import_rows(text.encode(), "in.csv"), wanted or Wanted(), merge=merge)


def kept(workspace: Workspace, path: str = CSV) -> str:
    return workspace.read(path).decode()


def test_a_new_list_is_written_as_one_form_of_table_with_its_settings(workspace: Workspace) -> None:
    added = add(workspace, ROWS, Wanted("partners", "fr", 'they said: "yes"'))
    assert kept(workspace) == (
        "outlet,reporter,email,language,region,beat,accepts_embargo,formats,consent\n"
        ",Jane,jane@example.org,en-CA,,,yes,,\n"
        ",Zoé,zoe@example.org,,,,no,,\n"
    )
    found = load_list(workspace, "desk")
    assert (found.settings.kind, found.settings.language) == ("partners", "fr")
    assert found.settings.consent == 'they said: "yes"'
    assert [one.language for one in found.recipients] == ["en-CA", "fr"]
    assert (len(added.new), added.known, added.warnings) == (2, (), ())
    assert added.file == workspace.root / CSV


def test_a_new_list_is_of_the_media_unless_something_else_is_said(workspace: Workspace) -> None:
    added = add(workspace, ROWS)
    assert load_list(workspace, "desk").settings.kind == "media"
    assert [problem.code for problem in added.warnings] == ["consent-missing"]


def test_with_one_mistake_nothing_is_written_and_all_are_told(workspace: Workspace) -> None:
    with pytest.raises(ProblemsFound) as caught:
        add(workspace, ROWS + "A,bad,xx-yy-zz,\nB,jane@example.org,,\n")
    assert [told(problem) for problem in caught.value.problems] == [
        "4:3 email: “bad” is no e-mail address: it has no @. [email-invalid]",
        "4:7 language: “xx-yy-zz” is not a language tag. [language-invalid]",
        "5:3 email: “jane@example.org” is on this list already, in line 2. [address-twice]",
    ]
    assert not workspace.exists("data/media-lists")


def test_rows_without_an_address_are_left_out_and_told(workspace: Workspace) -> None:
    added = add(workspace, "Name,Mail\nA,a@example.org\nB,\nC,\n", Wanted(consent="x"))
    what = "2 rows have no address and are left out, this being the first."
    assert [told(problem) for problem in added.warnings] == [f"warning 3:3 email: {what} [field-missing]"]
    assert len(load_list(workspace, "desk").recipients) == 1


def test_a_table_in_which_nobody_has_an_address_makes_no_list(workspace: Workspace) -> None:
    with pytest.raises(ProblemsFound) as caught:
        add(workspace, "Name,Mail\nB,\n")
    assert [problem.code for problem in caught.value.problems] == ["file-empty", "field-missing"]


def test_a_list_that_is_there_is_never_written_over(keep: Keep) -> None:
    workspace = keep("email,consent\na@example.org,x\n")
    before = kept(workspace)
    with pytest.raises(Unreadable, match="add to it with --merge"):
        add(workspace, ROWS)
    assert kept(workspace) == before
    settings_alone = keep("", "kind: other\n", "half")
    (workspace.root / "data/media-lists/half.csv").unlink()
    with pytest.raises(Unreadable, match="there is a list “half” already"):
        add(settings_alone, ROWS, name="half")


def test_what_is_added_comes_behind_what_is_there_which_keeps_every_cell(keep: Keep) -> None:
    workspace = keep(
        '\ufeffMail;Telefon;Vorname\nJANE@example.org;"5;5";Jane\nb@example.org\n',
        "kind: media\nconsent: published\n",
    )
    added = add(workspace, ROWS, Wanted(consent="asked us", language="fr"), merge=True)
    assert kept(workspace) == (
        "Mail,Telefon,Vorname,reporter,language,accepts_embargo,consent\n"
        "JANE@example.org,5;5,Jane,,,,\n"
        "b@example.org,,,,,,\n"
        "zoe@example.org,,,Zoé,fr,no,asked us\n"
    )
    assert [one.address.key for one in added.new] == ["zoe@example.org"]
    [(there, gone)] = added.known
    assert (there.address.typed, gone.address.typed) == ("JANE@example.org", "jane@example.org")
    found = {one.address.key: one for one in load_list(workspace, "desk").recipients}
    assert (found["jane@example.org"].reporter, found["jane@example.org"].accepts_embargo) == ("Jane", False)
    assert (found["zoe@example.org"].reporter, found["zoe@example.org"].consent) == ("Zoé", "asked us")
    assert kept(workspace, "data/media-lists/desk.yaml") == "kind: media\nconsent: published\n"


def test_adding_the_same_again_changes_nothing(workspace: Workspace) -> None:
    add(workspace, ROWS)
    before = kept(workspace)
    added = add(workspace, ROWS, merge=True)
    assert (added.new, len(added.known)) == ((), 2)
    assert kept(workspace) == before


def test_nothing_is_added_to_a_list_that_has_mistakes(keep: Keep) -> None:
    workspace = keep("email,consent\nbad,x\n")
    with pytest.raises(ProblemsFound) as caught:
        add(workspace, ROWS, merge=True)
    assert caught.value.problems[0].place.file == CSV
    assert kept(workspace) == "email,consent\nbad,x\n"


@pytest.mark.parametrize(
    ("name", "wanted", "merge", "code"),
    [
        ("My List", Wanted(), False, "id-invalid"),
        ("../out", Wanted(), False, "id-invalid"),
        ("x" * 81, Wanted(), False, "id-invalid"),
        ("desc", Wanted(), True, "list-unknown"),
        ("desk", Wanted(kind="staff"), True, "usage-wrong"),
        ("new", Wanted(language="martian"), False, "language-invalid"),
        ("new", Wanted(consent="x" * 1001), False, "text-too-long"),
        ("new", Wanted(consent="a\x1b[31m"), False, "character-forbidden"),
    ],
)
def test_what_is_said_wrongly_is_told_and_nothing_is_written(
    name: str, wanted: Wanted, merge: bool, code: str, keep: Keep
) -> None:
    workspace = keep("email,consent\na@example.org,x\n")
    with pytest.raises(WrongUsage) as caught:
        add(workspace, ROWS, wanted, name=name, merge=merge)
    assert [problem.code for problem in caught.value.problems] == [code]
    assert workspace.names("data/media-lists") == ("desk.csv", "desk.yaml")
    assert kept(workspace) == "email,consent\na@example.org,x\n"


def test_a_formula_that_comes_in_is_no_formula_in_the_offices_file(workspace: Workspace) -> None:
    add(workspace, "outlet,email\n=HYPERLINK(0),a@example.org\n'=x,b@example.org\n")
    lines = kept(workspace).splitlines()
    assert lines[1].startswith("'=HYPERLINK(0),")
    assert lines[2].startswith("'=x,")
    add(workspace, "outlet,email\n@SUM(0),c@example.org\n", merge=True)
    assert kept(workspace).splitlines()[3].startswith("'@SUM(0),")
    found = load_list(workspace, "desk").recipients
    assert [one.outlet for one in found] == ["=HYPERLINK(0)", "=x", "@SUM(0)"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\\n"])
def test_a_line_end_never_comes_in(end: str, workspace: Workspace) -> None:
    add(workspace, f'outlet,email\n"Star{end}Bcc: all@example.org",a@example.org\n', Wanted(consent="x"))
    [found] = load_list(workspace, "desk").recipients
    assert found.outlet in ("Star Bcc: all@example.org", "Star\\nBcc: all@example.org")
    with pytest.raises(PresskitError):
        add(workspace, f'outlet,email\nA,"b@example.org{end}Bcc: all@example.org"\n', name="other")
