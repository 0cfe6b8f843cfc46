from __future__ import annotations

import re
import signal
from pathlib import Path

import pytest

from presskit.workspace import Workspace
from tests.cli.conftest import FINE, Call, Said, Write


def test_0_a_kit_was_built_and_stdout_holds_its_paths(fine: str, start: Call) -> None:
    said = start("build", fine, "--format", "text", "--format", "html")
    assert said == Said(0, f"output/{fine}/{fine}.html\noutput/{fine}/{fine}.txt\n", "")


def test_1_a_release_has_problems_and_stdout_stays_empty(broken: str, start: Call) -> None:
    said = start("build", broken)
    assert (said.code, said.out) == (1, "")
    assert f"data/releases/{broken}/release.yaml:7:1: " in said.err
    assert "[field-unknown]" in said.err
    assert not Path("output", broken).exists()


def test_1_a_check_prints_its_finds_on_stdout(broken: str, start: Call) -> None:
    said = start("check", broken)
    assert said.code == 1
    assert "[field-unknown]" in said.out
    assert said.err == "1 release checked: 1 error.\n"


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["build", "bridge-opning"], "did you mean “bridge-opening”?  [release-unknown]"),
        (["check", "bridge-opning"], "[release-unknown]"),
        (["show", "bridge-opning"], "[release-unknown]"),
        (["build", "bridge-opening", "--format", "htlm"], "did you mean “html”?  [format-unknown]"),
        (["build"], "[usage-wrong]"),
        (["build", "bridge-opening", "--all"], "[usage-wrong]"),
        (["build", "--fromat", "pdf"], "--format"),
        (["biuld"], "did you mean “build”?"),
        (["dance"], "choose one of: init, new,"),
        (["--project", "nowhere", "check"], "[usage-wrong]"),
        (["show"], "[usage-wrong]"),
    ],
)
def test_2_the_command_was_called_wrongly(args: list[str], message: str, fine: str, start: Call) -> None:
    said = start(*args)
    assert (said.code, said.out) == (2, "")
    assert message in said.err
    assert "Traceback" not in said.err


def test_2_there_is_no_office_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, start: Call) -> None:
    monkeypatch.chdir(tmp_path)
    said = start("check")
    assert (said.code, said.out) == (2, "")
    assert "presskit init DIR" in said.err


def test_3_a_file_can_not_be_read(fine: str, office: Workspace, start: Call) -> None:
    (office.root / "data" / "people.yaml").unlink(missing_ok=True)
    (office.root / "data" / "people.yaml").mkdir()
    said = start("build", fine)
    assert (said.code, said.out) == (3, "")
    assert "data/people.yaml: " in said.err


def test_3_the_kit_can_not_be_written(fine: str, office: Workspace, start: Call) -> None:
    (office.root / "output").rmdir()
    (office.root / "output").write_text("a file in the way")
    said = start("build", fine, "--format", "text")
    assert (said.code, said.out) == (3, "")
    assert "[file-unwritable]" in said.err


def test_4_the_settings_are_wrong(fine: str, write: Write, start: Call) -> None:
    write("templates/news-release/theme.yaml", "page: letter\n")
    said = start("build", fine, "--format", "text")
    assert (said.code, said.out) == (4, "")
    assert "templates/news-release/theme.yaml" in said.err


def test_the_worst_of_several_releases_counts_and_the_others_are_built(
    fine: str, broken: str, write: Write, start: Call
) -> None:
    write("data/releases/another/release.yaml", FINE)
    said = start("build", broken, fine, "another", "--format", "text")
    assert said.code == 1
    assert said.out == f"output/{fine}/{fine}.txt\noutput/another/another.txt\n"
    assert said.err.endswith(f"\n1 error. Not built: {broken}.\n")


BUG = """
import sys
from presskit.cli import main, run
def find_workspace(start, now):
    raise KeyError("a bug {in braces} “quoted”")
run.find_workspace = find_workspace
sys.exit(main(sys.argv[1:]))
"""


def test_70_a_bug_is_said_shortly_and_its_trace_is_in_a_file(tmp_path: Path, start: Call) -> None:
    said = start("check", code=BUG, env={"TMPDIR": str(tmp_path)})
    assert (said.code, said.out) == (70, "")
    assert len(said.err.splitlines()) == 2
    assert "KeyError" in said.err
    named = re.search(r"report it with this file: (\S+)  \[bug\]", said.err)
    assert named
    assert "a bug {in braces} “quoted”" in Path(named[1]).read_text("utf-8")
    assert "Traceback" in Path(named[1]).read_text("utf-8")


def test_70_without_a_temp_folder_the_trace_is_shown(start: Call) -> None:
    program = BUG.replace("sys.exit", "import tempfile\ntempfile.mkstemp = open\nsys.exit").replace(
        "tempfile.mkstemp = open", "def mkstemp(**names):\n    raise OSError\ntempfile.mkstemp = mkstemp"
    )
    said = start("check", code=program)
    assert said.code == 70
    assert "Traceback" in said.err


STOPPED = """
import os, signal, sys, time
from presskit import pipeline
from presskit.cli import main
def build(*args, **named):
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(60)
pipeline.build = build
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.skipif(not hasattr(signal, "pthread_kill"), reason="POSIX signals")
def test_130_ctrl_c_ends_without_a_trace(fine: str, start: Call) -> None:
    said = start("build", fine, code=STOPPED)
    assert (said.code, said.out) == (130, "")
    assert said.err.strip() == "stopped."
