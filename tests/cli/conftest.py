from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache
from itertools import count
from pathlib import Path

import pytest

from presskit.cli import main
from presskit.cli import run as cli_run
from presskit.first_office import start_office
from presskit.signoff import keybox
from presskit.signoff.keys import unseal
from presskit.workspace import Workspace
from tests.signed_office import HOLDERS, PASSPHRASE, Desk, Stage, Stages, keep_keys

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)

FINE = """\
headline: The bridge opens
issued: 2026-11-23
dateline: ORILLIA, ON
contacts: [ijfs-media]
body:
  - It opens on Monday.
"""


@dataclass(frozen=True)
class Said:
    """What one call of the command said."""

    code: int
    out: str
    err: str


Call = Callable[..., Said]
GoTo = Callable[[Stage], Desk]
Write = Callable[[str, str], Path]


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """An office made from the starter; the current folder is its top."""
    workspace = start_office(tmp_path.resolve() / "press office", NOW)
    monkeypatch.chdir(workspace.root)
    return workspace


@pytest.fixture
def write(office: Workspace) -> Write:
    """Write a file of the office, over an old one too."""
    return lambda path, text: office.add(path, text.encode(), replace=True)


@pytest.fixture
def fine(write: Write) -> str:
    """The slug of a release without problems."""
    write("data/releases/bridge-opening/release.yaml", FINE)
    return "bridge-opening"


@pytest.fixture
def broken(write: Write) -> str:
    """The slug of a release with a field presskit does not know."""
    write("data/releases/broken/release.yaml", FINE + "headlin: twice\n")
    return "broken"


opened_once = cache(unseal)
"""Opens a key file; the same file and passphrase take a third of a second the first time only."""


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each call of the command comes a minute after the one before, from the office's first day on."""
    minutes = count(200)

    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Clock:
            return cls.fromtimestamp((NOW + timedelta(minutes=next(minutes))).timestamp(), tz)

    monkeypatch.setattr(cli_run, "datetime", Clock)


@pytest.fixture
def keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of one's own keys: those of everybody in the signed office."""
    folder = tmp_path / "keys"
    keep_keys(folder, *HOLDERS)
    monkeypatch.setenv("PRESSKIT_KEYS", str(folder))
    monkeypatch.setenv("PRESSKIT_PASSPHRASE", PASSPHRASE)
    monkeypatch.delenv("PRESSKIT_PASSPHRASE_FILE", raising=False)
    monkeypatch.setattr(keybox, "unseal", opened_once)
    return folder


@pytest.fixture
def go_to(stages: Stages, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keys: Path, clock: None) -> GoTo:
    """Go to the signed office as it is at a stage."""

    def go(stage: Stage) -> Desk:
        desk = stages.copy(stage, tmp_path / "signed office")
        monkeypatch.chdir(desk.root)
        return desk

    return go


@pytest.fixture
def mail(tmp_path: Path) -> str:
    """An answer that came by mail."""
    file = tmp_path / "answer.eml"
    file.write_text("We agree.")
    return str(file)


@pytest.fixture
def call(capfd: pytest.CaptureFixture[str]) -> Call:
    """Run the command in this process."""

    def run(*args: str) -> Said:
        capfd.readouterr()
        code = main(args)
        out, err = capfd.readouterr()
        return Said(code, out, err)

    return run


@pytest.fixture
def start() -> Call:
    """Run the command as a program of its own, in the current folder."""

    def run(*args: str, env: dict[str, str] | None = None, code: str = "") -> Said:
        done = subprocess.run(
            program(*args, code=code), capture_output=True, env=environment(env), check=False
        )
        return Said(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run


def program(*args: str, code: str = "") -> list[str]:
    """The command line of presskit, or of a few lines that call it."""
    return [sys.executable, *(["-c", code] if code else ["-m", "presskit"]), *args]


def environment(extra: dict[str, str] | None = None) -> dict[str, str]:
    """The variables a program gets: ours without wishes about colours, and where presskit is."""
    ours = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
    return {**ours, "PYTHONPATH": str(Path(__file__).parents[2]), **(extra or {})}
