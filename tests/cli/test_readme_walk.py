from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from email import message_from_bytes
from pathlib import Path

import pytest

from presskit.workspace import Workspace
from tests.cli.conftest import environment
from tests.servers.running import free_port

README = Path(__file__).parents[2] / "README.md"
README_PORT = "2525"
NEEDED = "jq", "openssl", "ssh-keygen"


def walk() -> str:
    """The README's own commands from the first key to the FOI package, in order."""
    blocks = re.findall(
        r"^<!-- walk -->\n```sh\n(.*?)^```$", README.read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    assert len(blocks) >= 8
    return "".join(blocks)


@pytest.fixture
def as_a_new_user(tmp_path: Path) -> dict[str, str]:
    """The variables of somebody who has no key yet, with `presskit` on the path."""
    lacking = [name for name in NEEDED if shutil.which(name) is None]
    if lacking and os.environ.get("CI") != "true":
        pytest.skip(f"the walk needs {', '.join(lacking)}")
    commands = tmp_path / "bin"
    commands.mkdir()
    presskit = commands / "presskit"
    presskit.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m presskit "$@"\n')
    presskit.chmod(0o755)
    own = {"PRESSKIT_KEYS": str(tmp_path / "keys"), "PRESSKIT_PASSPHRASE": "four words for this walk"}
    return environment({**own, "PATH": f"{commands}:{os.environ['PATH']}"})


def test_a_new_user_gets_from_the_first_key_to_the_foi_package_by_the_readme(
    office: Workspace, as_a_new_user: dict[str, str]
) -> None:
    port, house = str(free_port()), office.root / "data/house.yaml"  # others may have the README's port
    house.write_text(house.read_text("utf-8").replace(README_PORT, port), "utf-8")
    script = f"trap 'kill $! || true' EXIT\n{walk().replace(README_PORT, port)}"  # ends the server, too
    done = subprocess.run(
        ["sh", "-eu"],
        input=script.encode(),
        cwd=office.root,
        env=as_a_new_user,
        capture_output=True,
        check=False,
    )
    said = done.stdout.decode() + done.stderr.decode()
    assert done.returncode == 0, said
    assert "number: 2025-0001" in said
    assert "everything is as it was deposited" in said
    assert "OK       everything matches" in said
    assert (office.root / "output/ijfs-world-day/ijfs-world-day-audit.pdf").is_file()
    assert (office.root / "as-it-went-out/kit/ijfs-world-day.pdf").read_bytes() == (
        office.root / "output/ijfs-world-day/ijfs-world-day.pdf"
    ).read_bytes()
    assert "3 sent" in said
    assert "ijfs-world-day: version 2\n" in said
    inbox = [message_from_bytes(p.read_bytes()) for p in sorted((office.root / "inbox/new").iterdir())]
    assert sorted(message["To"].rpartition("<")[2].rstrip(">") for message in inbox) == [
        "city@daily.example.org",
        "news@radio.example.org",
        "pupitre@quotidien.example.org",
        "you@example.org",
    ]
    assert "DRAFT" not in (office.root / "output/ijfs-world-day/ijfs-world-day.txt").read_text("utf-8")
    assert (office.root / "request-17/README.txt").is_file()
    assert (office.root / "for-the-archives/bagit.txt").is_file()
    assert (office.root / "data/releases/ijfs-world-day-correction/release.yaml").is_file()
