from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import presskit.load
import presskit.model
from presskit.errors import CODES, BadSettings, PresskitError, ProblemsFound
from presskit.load.office import load_registers
from presskit.load.release import load_release
from tests.projects import office

BAD = Path(__file__).parent / "bad"
FILES = sorted(BAD.glob("*/*.yaml"))
HOMES = {
    "release": "releases/bad/release.yaml",
    "house": "house.yaml",
    "people": "people.yaml",
    "agencies": "agencies.yaml",
    "roster": "rosters/partners.yaml",
    "boilerplate": "boilerplates/city.yaml",
}
ELSEWHERE = {  # codes no YAML file of the data can show
    "file-not-text": "test_characters",
    "file-too-large": "test_yaml",
    "follow-up-impossible": "test_follow_up",
    "pack-unknown": "test_pack",
    "path-outside": "test_photos",
    "photo-colours": "test_photos",
    "photo-damaged": "test_photos",
    "photo-too-large": "test_photos",
    "reason-missing": "test_follow_up",
    "release-unknown": "test_release",
    "slug-format": "test_release",
    "template-missing": "test_pack",
    "value-invalid": "test_pack",
    "wording-missing": "test_pack",
}


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_a_bad_file_is_told_where_and_what_as_its_last_lines_say(file: Path, tmp_path: Path) -> None:
    workspace = office("city", tmp_path)
    target = workspace.root / "data" / HOMES[file.parent.name]
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(file.read_bytes())
    with pytest.raises(PresskitError) as caught:
        registers, places = load_registers(workspace)
        load_release("bad", registers, workspace, places)
    problems = caught.value.problems
    expected = re.findall(r"^# error (.+)$", file.read_text("utf-8"), re.MULTILINE)
    found = [
        (f"{p.place.line}:{p.place.column} " if p.place.line else "")
        + (f"{p.field}: " if p.field else "")
        + p.what
        for p in problems
    ]
    assert found == expected
    assert type(caught.value) is (BadSettings if file.parent.name == "house" else ProblemsFound)
    assert all(p.fix.strip() and p.code in CODES for p in problems)
    assert file.stem == "everything-at-once" or file.stem.partition(".")[0] in {p.code for p in problems}


def test_every_code_of_loading_has_a_bad_file_or_a_test_of_its_own() -> None:
    shown = {file.stem.partition(".")[0] for file in FILES} - {"everything-at-once"}
    assert len(shown) > 30
    assert shown | set(ELSEWHERE) == codes_given()
    assert shown & set(ELSEWHERE) == set()


def codes_given() -> set[str]:
    folders = [Path(module.__path__[0]) for module in (presskit.load, presskit.model)]
    files = [path for folder in folders for path in folder.glob("*.py") if path.name != "house.py"]
    trees = [ast.parse(path.read_text("utf-8")) for path in files]  # labels of a pack are tested with compose
    texts = {node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    return {text for text in texts if isinstance(text, str)} & set(CODES)
