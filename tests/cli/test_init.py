from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

from tests.cli.conftest import Call, Said


def test_an_office_is_made_and_its_next_steps_work_as_they_are_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: Call
) -> None:
    monkeypatch.chdir(tmp_path)
    made = call("init", "Bureau des médias")
    assert (made.code, made.out) == (0, "Bureau des médias\n")
    steps = [line.strip() for line in made.err.splitlines() if line.startswith("  ")]
    assert len(steps) == 3
    for step in steps:
        program, *args = shlex.split(step)
        if program == "cd":
            monkeypatch.chdir(args[0])
        else:
            assert program == "presskit"
            said = call(*args)
            assert said.code == 0, said.err
    assert sorted(p.name for p in Path("data/releases").iterdir())[-1] == "my-first-release"


def test_the_schema_editors_look_for_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: Call
) -> None:
    monkeypatch.chdir(tmp_path)
    call("init", "office")
    schema = json.loads((tmp_path / "office/data/release.schema.json").read_text("utf-8"))
    assert "headline" in schema["properties"]


def test_an_office_is_made_in_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: Call
) -> None:
    monkeypatch.chdir(tmp_path)
    said = call("init", ".")
    assert said.code == 0
    assert "cd " not in said.err
    assert Path("data/house.yaml").is_file()


def test_a_folder_with_an_office_in_it_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: Call
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "mine.yaml").write_text("mine")
    said = call("init", ".")
    assert (said.code, said.out) == (3, "")
    assert "[file-exists]" in said.err
    assert [p.name for p in tmp_path.rglob("*")] == ["data", "mine.yaml"]


def test_quiet_says_nothing_but_where_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: Call
) -> None:
    monkeypatch.chdir(tmp_path)
    assert call("init", "office", "--quiet") == Said(0, "office\n", "")


def test_a_folder_that_can_not_be_made_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: Call
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("")
    said = call("init", "file/office")
    assert (said.code, said.out) == (3, "")
    assert "[file-unwritable]" in said.err
