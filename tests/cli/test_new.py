from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import TypeAdapter, ValidationError

from presskit.load.suggest import as_id
from presskit.model.base import Slug
from presskit.workspace import Workspace
from tests.cli.conftest import Call


def filled_in(text: str) -> str:
    """Put words into the blanks a new release has."""
    values = {"headline": "The bridge opens", "dateline": "ORILLIA, ON", "contacts": "[ijfs-media]"}
    for name, value in values.items():
        text, times = re.subn(f"^{name}:", f"{name}: {value}", text, flags=re.MULTILINE)
        assert times == 1
    assert "  -\n" in text
    return text.replace("  -\n", "  - On Monday.\n")


def test_a_new_release_lacks_nothing_but_its_blanks(office: Workspace, call: Call) -> None:
    said = call("new", "bridge-opening")
    path = Path("data/releases/bridge-opening/release.yaml")
    assert (said.code, said.out) == (0, f"{path}\n")
    assert said.err.splitlines()[-1] == "  presskit check bridge-opening"
    blank = call("check", "bridge-opening")
    assert blank.code == 1
    finds = [line for line in blank.out.splitlines() if not line.startswith(" ")]
    assert {line.split()[1] for line in finds} == {"headline:", "body[0]:"}
    path.write_text(filled_in(path.read_text("utf-8")), "utf-8")
    filled = call("check", "bridge-opening")
    assert (filled.code, filled.out) == (0, "")


def test_every_field_offered_is_one_presskit_knows(office: Workspace, call: Call) -> None:
    call("new", "bridge-opening")
    path = Path("data/releases/bridge-opening/release.yaml")
    lines = filled_in(path.read_text("utf-8")).splitlines()
    comments = ("# yaml", "# One", "#   presskit", "# The text")
    shown = (line if line.startswith(comments) else re.sub("^# ?", "", line) for line in lines)
    path.write_text("\n".join(shown) + "\n", "utf-8")
    said = call("check", "bridge-opening")
    needed = {"photo-missing", "speaker-unknown", "boilerplate-unknown"}
    assert set(re.findall(r"\[([a-z-]+)\]$", said.out, re.MULTILINE)) == needed, said.out


def test_the_first_line_leads_editors_to_the_schema(office: Workspace, call: Call) -> None:
    (office.root / "data" / "release.schema.json").unlink()
    call("new", "bridge-opening")
    path = Path("data/releases/bridge-opening/release.yaml")
    first = path.read_text("utf-8").splitlines()[0]
    assert first.startswith("# yaml-language-server: $schema=")
    assert (path.parent / first.partition("=")[2]).resolve() == office.root / "data" / "release.schema.json"
    assert (office.root / "data" / "release.schema.json").is_file()


def test_a_release_that_is_there_is_never_touched(fine: str, office: Workspace, call: Call) -> None:
    before = office.read(f"data/releases/{fine}/release.yaml")
    said = call("new", fine)
    assert (said.code, said.out) == (3, "")
    assert "[file-exists]" in said.err
    assert office.read(f"data/releases/{fine}/release.yaml") == before


@pytest.mark.parametrize(
    ("typed", "proper"),
    [
        ("Bridge Opening", "bridge-opening"),
        ("Événement à Orléans", "evenement-a-orleans"),
        ("../../etc", "etc"),
        ("a--b", "a-b"),
        ("-x-", "x"),
    ],
)
def test_a_name_no_folder_should_have_is_answered_with_a_proper_one(
    typed: str, proper: str, office: Workspace, call: Call
) -> None:
    said = call("new", "--", typed)
    assert (said.code, said.out) == (2, "")
    assert f"write it as {proper}" in said.err
    assert "[slug-format]" in said.err
    assert not office.exists(f"data/releases/{proper}")


def test_a_name_without_letters_is_answered_with_the_rule(office: Workspace, call: Call) -> None:
    assert "use lower-case letters" in call("new", "…").err


@pytest.mark.parametrize(
    "name",
    ["a", "a-b", "2027-budget", "A", "a--b", "-a", "a-", "a_b", "é", "", "a" * 80, "a" * 81, "a b", "a.b"],
)
def test_names_are_taken_exactly_when_a_slug_may_be_so(name: str) -> None:
    try:
        TypeAdapter(Slug).validate_python(name)
    except ValidationError:
        assert as_id(name) != name or name == ""
    else:
        assert as_id(name) == name


@pytest.mark.parametrize("slug", ["archive", "key-ring"])
def test_a_name_the_archive_needs_is_not_given_away(slug: str, office: Workspace, call: Call) -> None:
    said = call("new", slug)
    assert (said.code, said.out) == (2, "")
    assert f"“{slug}” can not be a release's name: " in said.err
    assert f"give it another name: {slug}-news, for example.  [slug-format]" in said.err
    assert not (office.root / "data" / "releases" / slug).exists()
