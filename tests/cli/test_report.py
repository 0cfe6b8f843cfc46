from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from presskit.cli import report
from presskit.errors import Place, Problem
from presskit.workspace import Workspace
from tests.cli.conftest import FINE, Call, Write, environment, program

ESCAPE = "\x1b["
FIRST = Problem(
    Place("data/a.yaml", 2, 1), "headline", "“x” is short.", "write more.", "headline-short", "warning"
)
SECOND = Problem(Place("data/a.yaml", 10, 3), "", "is missing.", "add it.", "body-missing")
OTHER = Problem(Place("data/b.yaml"), "", "is missing.", "add it.", "file-missing")


def test_problems_are_listed_by_file_in_reading_order() -> None:
    assert report.listing([OTHER, SECOND, FIRST, FIRST]) == f"{FIRST}\n{SECOND}\n\n{OTHER}"


def test_colours_change_nothing_but_the_colour() -> None:
    coloured = report.listing([FIRST, SECOND, OTHER], colour=True)
    assert coloured.count(ESCAPE) == 3 * 2 * 2 + 3
    assert re.sub(r"\x1b\[\d*m", "", coloured) == report.listing([FIRST, SECOND, OTHER])


def test_what_was_quoted_can_not_steer_the_terminal() -> None:
    evil = Problem(
        Place("a\x1b[2J.yaml"), "headline", "“\x1b]0;owned\x07\x9b31m” is wrong.", "mend it.", "x-y"
    )
    assert report.listing([evil]).isprintable() is False  # the line end
    assert report.listing([evil]).replace("\n", "").isprintable()
    assert "\\x1b]0;owned\\x07\\x9b31m" in report.listing([evil])


@pytest.mark.parametrize(
    ("problems", "words"),
    [([], "no problems"), ([FIRST], "1 warning"), ([FIRST, SECOND, OTHER, OTHER], "2 errors, 1 warning")],
)
def test_problems_are_counted_in_words(problems: list[Problem], words: str) -> None:
    assert report.count(problems) == words


@pytest.mark.parametrize(
    ("env", "expected"),
    [
        ({}, False),
        ({"FORCE_COLOR": "1"}, True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ({"NO_COLOR": ""}, False),
    ],
)
def test_colours_are_for_terminals_unless_forced(
    env: dict[str, str], expected: bool, broken: str, start: Call
) -> None:
    assert (ESCAPE in start("check", broken, env=env).out) == expected
    assert (ESCAPE in start("build", broken, env=env).err) == expected


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
@pytest.mark.parametrize(
    ("env", "expected"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)]
)
def test_a_terminal_gets_colours_unless_it_says_no(env: dict[str, str], expected: bool, broken: str) -> None:
    ours, theirs = os.openpty()
    wishes = environment({"TERM": "xterm", **env})
    done = subprocess.run(program("build", broken), stderr=theirs, env=wishes, check=False)
    os.close(theirs)
    text = os.read(ours, 100_000).decode()
    os.close(ours)
    assert done.returncode == 1
    assert "[field-unknown]" in text
    assert (ESCAPE in text) == expected


IMPATIENT = """
import sys
from presskit.cli import main, outcome
outcome.PATIENCE_SECONDS = 0.0
sys.exit(main(["build", "--all", "--format", "text"]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
def test_a_long_run_shows_on_a_terminal_how_far_it_is_and_nowhere_else(
    fine: str, write: Write, start: Call
) -> None:
    write("data/releases/another/release.yaml", FINE)
    ours, theirs = os.openpty()
    wishes = environment({"TERM": "xterm", "COLUMNS": "100"})
    subprocess.run(program(code=IMPATIENT), stdout=subprocess.PIPE, stderr=theirs, env=wishes, check=True)
    os.close(theirs)
    shown = os.read(ours, 100_000).decode()
    os.close(ours)
    assert "%" in shown
    assert fine in shown
    assert "%" not in start(code=IMPATIENT).err


def test_json_is_all_there_is_on_stdout_and_nothing_on_stderr(
    fine: str, broken: str, office: Workspace, call: Call
) -> None:
    said = call("build", broken, fine, "--format", "text", "--json")
    answer = json.loads(said.out)
    assert (said.code, said.err) == (1, "")
    assert (answer["presskit"], answer["command"], answer["exit_code"]) == (1, "build", 1)
    first, second = answer["releases"]
    assert (first["slug"], first["exit_code"], first["files"]) == (broken, 1, [])
    assert {"file", "line", "column", "field", "what", "fix", "code", "severity"} == set(first["problems"][0])
    assert second["files"] == [{"format": "text", "path": str(Path("output", fine, f"{fine}.txt"))}]


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["build", "nowhere"], "release-unknown"),
        (["check", "--wrong"], "usage-wrong"),
        (["show"], "usage-wrong"),
    ],
)
def test_a_mistake_is_json_too_when_json_was_asked_for(
    args: list[str], code: str, office: Workspace, call: Call
) -> None:
    said = call(*args, "--json")
    answer = json.loads(said.out)
    assert (said.code, said.err, answer["exit_code"]) == (2, "", 2)
    assert [problem["code"] for problem in answer["problems"]] == [code]


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX pipes")
@pytest.mark.parametrize(
    "args", [["--help"], ["show", "bridge-opening"], ["build", "bridge-opening", "-f", "text"]]
)
def test_a_reader_who_leaves_is_no_mistake(args: list[str], fine: str) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    command = program(*args)
    done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, env=environment(), check=False)
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a file that is always full is Linux's")
def test_a_result_that_can_not_be_written_is_said(fine: str) -> None:
    command = program("show", fine)
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, env=environment(), check=False)
    assert done.returncode == 3
    assert b"standard output: the result can not be written: No space left" in done.stderr


def test_a_terminal_that_lacks_a_character_gets_its_number(broken: str, start: Call) -> None:
    said = start("check", broken, env={"PYTHONIOENCODING": "ascii"})
    assert said.code == 1
    assert "\\u201c" in said.out
    answer = json.loads(start("check", broken, "--json", env={"PYTHONIOENCODING": "ascii"}).out)
    assert "“" in answer["releases"][0]["problems"][0]["fix"]
