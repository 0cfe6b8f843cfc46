from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from presskit.cli.doctor import table
from presskit.send.health.rows import Row
from presskit.send.outbox.store import OUTBOX, Outbox
from presskit.workspace import Workspace
from tests.cli.conftest import Call, GoTo, Write
from tests.servers.certificates import Authority
from tests.servers.secure import SecureRelay, secure_relay

MAIL = """\
mail:
  sender: press@example.org
  bounces: bounces@example.org
  relay:
    host: localhost
    port: {port}
    ca_file: authority.pem
"""
LIST = "email,reporter\njane@example.com,Jane Roe\n"
FOUND = (
    ("This computer", Row("presskit", "ok", "0.1.0, on Python 3.11.7")),
    (
        "This computer",
        Row(
            "clock",
            "look",
            "it is Mon, 23 Nov 2026 09:30:00 -0500, time zone America/Toronto; "
            "the system does not say that it is kept right",
            "compare it with a clock you trust, or have the system keep it right: timedatectl set-ntp true",
        ),
    ),
    (
        "Mail to the media",
        Row(
            "relay",
            "wrong",
            "mail.example.org does not let press in: 5.7.8 no\x1b[2J",
            "correct PRESSKIT_SMTP_USER and the password that goes with it.",
            "relay-login",
        ),
    ),
    (
        "Mail to the media",
        Row("DKIM", "ok", f"this has to stand in the DNS: press._domainkey.example.org TXT p={'A' * 90}="),
    ),
)


@pytest.fixture(autouse=True)
def nobody_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """No passwords of whoever runs the tests."""
    for name in list(os.environ):
        if name.startswith(("PRESSKIT_SMTP_", "PRESSKIT_IMAP_")):
            monkeypatch.delenv(name)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[SecureRelay]:
    """A relay that lets in one name; its authority's certificate is in authority.pem beside the office."""
    with secure_relay("starttls", Authority(tmp_path).good(), login=("press", "deep secret")) as relay:
        yield relay


Mailing = Callable[[Path], None]


@pytest.fixture
def mailing(server: SecureRelay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Mailing:
    """Give an office all that sending needs."""
    monkeypatch.setenv("PRESSKIT_SMTP_USER", "press")
    monkeypatch.setenv("PRESSKIT_SMTP_PASSWORD", "deep secret")

    def set_up(root: Path) -> None:
        (root / "authority.pem").write_bytes((tmp_path / "authority.pem").read_bytes())
        house = root / "data" / "house.yaml"
        kept = re.sub(r"(?ms)^mail:.*?^$", "", house.read_text("utf-8"))
        house.write_text(f"{kept}\n{MAIL.format(port=server.port)}", "utf-8")
        lists = root / "data" / "media-lists"
        lists.mkdir()
        (lists / "press.csv").write_text(LIST)
        (lists / "press.yaml").write_text("kind: media\nconsent: published address\n")
        Outbox.open(root / OUTBOX).close()

    return set_up


def everything(root: Path) -> dict[Path, tuple[int, bytes]]:
    files = [path for path in root.rglob("*") if path.is_file()]
    assert len(files) > 30
    return {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in files}


def rows(said: str) -> dict[str, dict[str, str]]:
    return {check["subject"]: check for check in json.loads(said)["checks"]}


def test_a_new_office_has_nothing_wrong_and_is_told_what_comes_next(office: Workspace, call: Call) -> None:
    said = call("doctor", "--offline")
    assert said.code == 0, said.out
    assert [line for line in said.out.splitlines() if line and line[0] != " "] == [
        "This computer",
        "The office",
        "Mail to the media",
    ]
    assert "  look   key ring          there is none yet, so nothing can be signed off\n" in said.out
    assert "  ok     outbox            nothing was ever sent\n" in said.out
    assert " things looked at: " in said.err
    assert "wrong" not in said.err


def test_an_office_that_is_set_up_is_fine_and_stays_as_it_was(
    go_to: GoTo, call: Call, mailing: Mailing, server: SecureRelay
) -> None:
    desk = go_to("archived")
    mailing(desk.root)
    before = everything(desk.root)
    said = call("doctor", "--json")
    found = rows(said.out)
    assert said.code == 0, said.out
    assert found["login"]["fact"] == "press is let in"
    assert found["list press"]["fact"] == "1 recipient"
    assert found["archive"]["fact"] == "in output/archive, 2 entries in its log"
    assert found["outbox"]["fact"] == "whole; 0 deliveries waiting to be sent"
    assert server.received == []
    assert everything(desk.root) == before


def test_one_thing_that_is_wrong_makes_the_exit_code_and_is_never_all_that_is_told(
    go_to: GoTo, call: Call, mailing: Mailing, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailing(go_to("founded").root)
    monkeypatch.setenv("PRESSKIT_SMTP_PASSWORD", "hunter2")
    said = call("doctor")
    assert said.code == 1
    assert "  wrong  relay             localhost does not let press in: 535 5.7.8" in said.out
    assert "  ok     list press        1 recipient\n" in said.out
    assert "1 wrong" in said.err
    assert "hunter2" not in said.out + said.err


def test_offline_the_relay_is_not_asked(go_to: GoTo, call: Call, mailing: Mailing) -> None:
    mailing(go_to("founded").root)
    found = rows(call("doctor", "--offline", "--json").out)
    assert (found["relay"]["verdict"], found["relay"]["fact"]) == ("look", "not asked")
    assert "login" not in found


def test_a_house_that_can_not_be_read_is_told_with_what_can_be_looked_at(write: Write, call: Call) -> None:
    write("data/house.yaml", "name: x\n")
    said = call("doctor", "--json")
    found = rows(said.out)
    assert said.code == json.loads(said.out)["exit_code"] == 1
    assert (found["files"]["verdict"], found["presskit"]["verdict"]) == ("wrong", "ok")
    assert found["all else"]["fact"] == "can not be looked at before house.yaml can be read"


def test_a_broken_register_hides_nothing_else(write: Write, call: Call) -> None:
    write("data/people.yaml", "- id: x\n  nam: y\n")
    found = rows(call("doctor", "--offline", "--json").out)
    assert (found["files"]["verdict"], found["files"]["code"]) == ("wrong", "field-missing")
    assert [found[name]["verdict"] for name in ("fonts", "sender", "outbox")] == ["ok"] * 3


def test_without_an_office_it_is_wrong_usage(
    tmp_path: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    said = call("doctor")
    assert said.code == 2
    assert "[project-missing]" in said.err


def test_each_check_has_the_fields_programs_rely_on(office: Workspace, call: Call) -> None:
    answer = json.loads(call("doctor", "--offline", "--json").out)
    assert (answer["presskit"], answer["command"], answer["exit_code"]) == (1, "doctor", 0)
    assert {tuple(check) for check in answer["checks"]} == {
        ("group", "subject", "verdict", "fact", "fix", "code")
    }


def test_the_table_fits_a_terminal(golden: Callable[[str, str], None]) -> None:
    golden("cli/doctor.txt", table(FOUND, colour=False, width=80) + "\n")


def test_in_a_file_each_fact_is_one_line() -> None:
    lines = table(FOUND, colour=False, width=0).splitlines()
    assert len(lines) == 3 + 4 + 2
    assert lines[2].endswith("the system does not say that it is kept right")


def test_colours_are_for_terminals_only(office: Workspace, start: Call) -> None:
    plain = start("doctor", "--offline")
    assert "\x1b" not in plain.out
    assert "\x1b[32mok   \x1b[0m" in start("doctor", "--offline", env={"FORCE_COLOR": "1"}).out
