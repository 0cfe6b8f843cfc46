from __future__ import annotations

import os
import sys
import unicodedata
from datetime import UTC, datetime
from pathlib import Path

import pytest

from presskit.errors import ExitCode, PresskitError, Unreadable, WrongUsage
from presskit.first_office import start_office, starter
from presskit.workspace import LIMIT_BYTES, Workspace, find_workspace

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@pytest.fixture
def office(tmp_path: Path) -> Workspace:
    (tmp_path / "office" / "data").mkdir(parents=True)
    (tmp_path / "office" / "data" / "house.yaml").write_bytes(b"name: Office\n")
    return find_workspace(tmp_path / "office", NOW)


def code_of(error: pytest.ExceptionInfo[PresskitError]) -> str:
    (problem,) = error.value.problems
    return problem.code


def tree(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


# --- finding -----------------------------------------------------------------------------------------


def test_a_project_is_found_from_any_folder_in_it(office: Workspace) -> None:
    deep = office.root / "data" / "releases" / "bridge" / "photos"
    deep.mkdir(parents=True)
    assert find_workspace(deep, NOW) == Workspace(office.root, NOW)


def test_outside_of_any_project_the_message_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match="presskit init DIR") as error:
        find_workspace(tmp_path, NOW)
    assert code_of(error) == "project-missing"
    assert error.value.exit_code == ExitCode.USAGE


# --- reading -----------------------------------------------------------------------------------------


def test_a_file_is_read_as_it_stands(office: Workspace) -> None:
    assert office.read("data/house.yaml") == b"name: Office\n"


@pytest.mark.parametrize(
    "path",
    [
        *("../secret", "data/../../secret", "/etc/passwd", "C:/secret", "C:secret", "//server/share/secret"),
        *("data\\house.yaml", "\\\\server\\share", "", ".", "data//house.yaml", "data/\0", "data/a\nb"),
    ],
)
def test_a_path_that_is_not_inside_the_project_is_refused(office: Workspace, path: str) -> None:
    (office.root.parent / "secret").write_bytes(b"not for presskit")
    with pytest.raises(Unreadable) as error:
        office.read(path)
    assert code_of(error) == "path-outside"
    assert not office.exists(path)


def test_a_link_that_leads_out_of_the_project_is_refused(office: Workspace) -> None:
    (office.root.parent / "secret").write_bytes(b"not for presskit")
    (office.root / "data" / "link.yaml").symlink_to(office.root.parent / "secret")
    (office.root / "data" / "folder").symlink_to(office.root.parent)
    for path in ("data/link.yaml", "data/folder/secret"):
        with pytest.raises(Unreadable) as error:
            office.read(path)
        assert code_of(error) == "path-outside"
    with pytest.raises(Unreadable):
        office.names("data/folder")


def test_a_link_within_the_project_is_followed(office: Workspace) -> None:
    (office.root / "data" / "link.yaml").symlink_to("house.yaml")
    assert office.read("data/link.yaml") == b"name: Office\n"


def test_a_link_to_itself_is_a_missing_file(office: Workspace) -> None:
    (office.root / "data" / "ring").symlink_to("ring")
    with pytest.raises(Unreadable) as error:
        office.read("data/ring")
    assert code_of(error) == "file-missing"


def test_a_missing_file_is_answered_with_the_name_it_comes_near(office: Workspace) -> None:
    with pytest.raises(Unreadable, match=r"did you mean “house\.yaml”") as error:
        office.read("data/House.YAML")
    assert code_of(error) == "file-missing"
    assert error.value.exit_code == ExitCode.UNREADABLE
    with pytest.raises(Unreadable, match="put the file there"):
        office.read("nowhere/at-all.yaml")


def test_a_file_above_the_limit_is_not_read(office: Workspace) -> None:
    (office.root / "data" / "big").write_bytes(b"x" * 1001)
    assert len(office.read("data/big", 1001)) == 1001
    with pytest.raises(Unreadable, match="1,000 bytes") as error:
        office.read("data/big", 1000)
    assert code_of(error) == "file-too-large"
    assert len(office.read("data/big")) < LIMIT_BYTES


def test_a_folder_is_no_file(office: Workspace) -> None:
    with pytest.raises(Unreadable) as error:
        office.read("data")
    assert code_of(error) == "file-unreadable"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no named pipes in folders")
def test_a_pipe_is_refused_instead_of_waited_for(office: Workspace) -> None:
    os.mkfifo(office.root / "data" / "pipe")
    with pytest.raises(Unreadable) as error:
        office.read("data/pipe")
    assert code_of(error) == "file-unreadable"


@pytest.mark.parametrize("on_disk", ["NFC", "NFD"])
@pytest.mark.parametrize("asked", ["NFC", "NFD"])
def test_accents_are_found_whichever_way_they_are_encoded(
    office: Workspace, on_disk: str, asked: str
) -> None:
    folder, name = "Communiqué", "événement à Orléans.jpg"
    there = office.root / unicodedata.normalize(on_disk, folder)  # type: ignore[arg-type]
    there.mkdir()
    (there / unicodedata.normalize(on_disk, name)).write_bytes(b"jpeg")  # type: ignore[arg-type]
    path = unicodedata.normalize(asked, f"{folder}/{name}")  # type: ignore[arg-type]
    assert office.read(path) == b"jpeg"
    assert office.names(unicodedata.normalize(asked, folder)) == (name,)  # type: ignore[arg-type]


def test_names_are_sorted_without_hidden_ones_and_by_suffix(office: Workspace) -> None:
    for name in ("b.yaml", "a.yaml", ".DS_Store", "c.txt"):
        (office.root / "data" / name).write_bytes(b"")
    (office.root / "data" / "rosters").mkdir()
    assert office.names("data") == ("a.yaml", "b.yaml", "c.txt", "house.yaml", "rosters")
    assert office.names("data", ".yaml") == ("a.yaml", "b.yaml", "house.yaml")
    assert office.names("data/nothing") == ()


def test_names_of_a_file_can_not_be_read(office: Workspace) -> None:
    with pytest.raises(Unreadable) as error:
        office.names("data/house.yaml")
    assert code_of(error) == "file-unreadable"


# --- saving ------------------------------------------------------------------------------------------


def test_saved_files_stand_below_output_and_nothing_else_is_left(office: Workspace) -> None:
    paths = office.save("bridge", {"bridge.txt": b"text", "bridge.pdf": b"pdf"})
    folder = office.root / "output" / "bridge"
    assert paths == (folder / "bridge.txt", folder / "bridge.pdf")
    assert tree(office.root / "output") == {
        "bridge/bridge.txt": b"text",
        "bridge/bridge.pdf": b"pdf",
        ".lock": b"",
    }
    assert sorted(p.name for p in folder.iterdir()) == ["bridge.pdf", "bridge.txt"]


def test_an_unchanged_file_is_left_alone_and_others_of_the_folder_are_kept(office: Workspace) -> None:
    text, pdf = office.save("bridge", {"bridge.txt": b"text", "bridge.pdf": b"old"})
    os.utime(text, (1, 1))
    os.utime(pdf, (1, 1))
    (pdf.parent / "notes of a colleague.txt").write_bytes(b"keep me")
    office.save("bridge", {"bridge.txt": b"text", "bridge.pdf": b"new"})
    assert text.stat().st_mtime == 1
    assert pdf.stat().st_mtime > 1
    assert tree(pdf.parent) == {
        "bridge.txt": b"text",
        "bridge.pdf": b"new",
        "notes of a colleague.txt": b"keep me",
    }


@pytest.mark.parametrize("folder", ["../data", "/tmp/x", "a/../../data", ""])
def test_nothing_is_saved_outside_of_output(office: Workspace, folder: str) -> None:
    before = tree(office.root.parent)
    with pytest.raises(Unreadable) as error:
        office.save(folder, {"house.yaml": b"gone"})
    assert code_of(error) == "path-outside"
    assert tree(office.root.parent) == before


def test_a_file_name_can_not_lead_out_of_the_kit(office: Workspace) -> None:
    with pytest.raises(Unreadable) as error:
        office.save("bridge", {"../../data/house.yaml": b"gone"})
    assert code_of(error) == "path-outside"
    assert office.read("data/house.yaml") == b"name: Office\n"


@pytest.mark.parametrize("link", ["output", "output/bridge"])
def test_an_output_folder_that_leads_out_of_the_project_is_refused(office: Workspace, link: str) -> None:
    elsewhere = office.root.parent / "elsewhere"
    elsewhere.mkdir()
    (office.root / link).parent.mkdir(exist_ok=True)
    (office.root / link).symlink_to(elsewhere)
    with pytest.raises(Unreadable) as error:
        office.save("bridge", {"bridge.txt": b"text"})
    assert code_of(error) == "path-outside"
    assert list(elsewhere.iterdir()) == []


def test_a_link_in_the_place_of_a_file_is_not_followed(office: Workspace) -> None:
    (office.root / "output" / "bridge").mkdir(parents=True)
    (office.root / "output" / "bridge" / "bridge.txt").symlink_to(office.root / "data" / "house.yaml")
    with pytest.raises(Unreadable) as error:
        office.save("bridge", {"bridge.txt": b"text"})
    assert code_of(error) == "file-unwritable"
    assert office.read("data/house.yaml") == b"name: Office\n"


# --- adding ------------------------------------------------------------------------------------------


def test_a_new_file_gets_its_folders_and_an_old_one_is_never_touched(office: Workspace) -> None:
    path = office.add("data/releases/bridge/release.yaml", b"headline:\n")
    assert path.read_bytes() == b"headline:\n"
    with pytest.raises(Unreadable) as error:
        office.add("data/releases/bridge/release.yaml", b"other")
    assert code_of(error) == "file-exists"
    assert path.read_bytes() == b"headline:\n"
    assert [p.name for p in path.parent.iterdir()] == ["release.yaml"]


def test_a_file_is_replaced_only_when_asked(office: Workspace) -> None:
    office.add("data/release.schema.json", b"{}")
    assert office.add("data/release.schema.json", b"[]", replace=True).read_bytes() == b"[]"


def test_a_link_is_never_written_through_to_the_outside(office: Workspace) -> None:
    (office.root / "data" / "releases").symlink_to(office.root.parent)
    with pytest.raises(Unreadable) as error:
        office.add("data/releases/bridge/release.yaml", b"")
    assert code_of(error) == "path-outside"
    assert not (office.root.parent / "bridge").exists()


# --- starting ----------------------------------------------------------------------------------------


def test_a_new_office_has_everything_the_starter_has(tmp_path: Path) -> None:
    office = start_office(tmp_path / "Bureau des médias", NOW)
    assert sorted(p.name for p in office.root.iterdir()) == ["data", "output", "templates"]
    shipped = {
        f"{part}/{path}"
        for part in ("data", "templates")
        for path in tree(starter() / part)
        if not any(name.startswith(".") for name in path.split("/"))
    }
    assert len(shipped) > 5
    assert set(tree(office.root)) == shipped
    assert find_workspace(office.root, NOW) == office


def test_a_folder_with_other_things_in_it_can_become_an_office(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_bytes(b"ours")
    office = start_office(tmp_path, NOW)
    assert (office.root / "README.md").read_bytes() == b"ours"
    assert office.exists("data/house.yaml")


@pytest.mark.parametrize("taken", ["data", "templates", "output"])
def test_what_is_there_is_never_overwritten(tmp_path: Path, taken: str) -> None:
    (tmp_path / taken).mkdir()
    (tmp_path / taken / "mine").write_bytes(b"mine")
    with pytest.raises(Unreadable) as error:
        start_office(tmp_path, NOW)
    assert code_of(error) == "file-exists"
    assert tree(tmp_path) == {f"{taken}/mine": b"mine"}
