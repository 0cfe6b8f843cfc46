from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from time import sleep

import keyring
import pytest
from keyring.backend import KeyringBackend

from presskit.errors import BadSettings, Problem
from presskit.load.convert import convert_source
from presskit.load.yaml import parse
from presskit.model.house import House
from presskit.send import credentials as module
from presskit.send.credentials import Login, Service, credentials, exposed

HOST = "mail.example.org"
USER = {"PRESSKIT_SMTP_USER": "press"}
HOUSE = """\
name: {en: City of Example}
short_name: {en: Example}
domain: example.org
time_zone: America/Toronto
language: en-CA
mail:
  sender: press@example.org
  relay:
    host: mail.example.org
    PLACE: "hunter2"
"""


class Kept(KeyringBackend):
    """A keyring as the system's are plugged in; what it keeps, or what it does when it is asked."""

    priority = 1

    def __init__(self, answer: Callable[[str, str], str | None]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.answer = answer

    def get_password(self, service: str, username: str) -> str | None:
        return self.answer(service, username)

    def set_password(self, service: str, username: str, password: str) -> None:
        raise AssertionError("presskit reads passwords only")


KeepAs = Callable[[Callable[[str, str], str | None]], None]


@pytest.fixture
def keep() -> Iterator[KeepAs]:
    """Let the system have another keyring."""
    before = keyring.get_keyring()
    yield lambda answer: keyring.set_keyring(Kept(answer))
    keyring.set_keyring(before)


@pytest.fixture(autouse=True)
def empty(keep: KeepAs) -> None:
    """A keyring with nothing in it, whatever this machine has."""
    keep(lambda service, user: None)


def refused(environment: dict[str, str], service: Service = "smtp") -> Problem:
    with pytest.raises(BadSettings) as error:
        credentials(service, HOST, environment)
    (problem,) = error.value.problems
    assert problem.code == "password-missing"
    return problem


def test_nobody_logs_in_if_nobody_is_named(keep: KeepAs) -> None:
    keep(lambda service, user: "found without being asked for")
    assert credentials("smtp", HOST, {}) is None
    assert credentials("smtp", HOST, {"PRESSKIT_IMAP_USER": "a", "PRESSKIT_IMAP_PASSWORD": "b"}) is None


def test_name_and_password_come_from_the_environment() -> None:
    environment = {**USER, "PRESSKIT_SMTP_PASSWORD": " with spaces "}
    assert credentials("smtp", HOST, environment) == Login("press", " with spaces ")


def test_the_mailbox_has_a_login_of_its_own() -> None:
    environment = {**USER, "PRESSKIT_IMAP_USER": "bounces", "PRESSKIT_IMAP_PASSWORD": "other"}
    assert credentials("imap", HOST, environment) == Login("bounces", "other")


@pytest.mark.parametrize("content", [b"hunter2", b"hunter2\n", b"hunter2\r\n", b"hunter2\nanother line\n"])
def test_of_a_file_the_first_line_counts_without_its_end(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_bytes(content)
    environment = {**USER, "PRESSKIT_SMTP_PASSWORD_FILE": str(file)}
    assert credentials("smtp", HOST, environment) == Login("press", "hunter2")


def test_a_file_goes_before_the_variable_and_both_before_the_keyring(tmp_path: Path, keep: KeepAs) -> None:
    keep(lambda service, user: "from the keyring")
    file = tmp_path / "password"
    file.write_text("from the file")
    environment = {**USER, "PRESSKIT_SMTP_PASSWORD": "from the variable"}
    assert credentials("smtp", HOST, environment) == Login("press", "from the variable")
    environment["PRESSKIT_SMTP_PASSWORD_FILE"] = str(file)
    assert credentials("smtp", HOST, environment) == Login("press", "from the file")


def test_the_keyring_is_asked_for_the_host_and_the_name(keep: KeepAs) -> None:
    kept = {("presskit-smtp:mail.example.org", "press"): "deep secret"}
    keep(lambda service, user: kept.get((service, user)))
    assert credentials("smtp", HOST, USER) == Login("press", "deep secret")
    with pytest.raises(BadSettings):
        credentials("smtp", "other.example.org", USER)


def test_the_password_is_never_shown() -> None:
    assert repr(Login("press", "hunter2")) == "Login(user='press')"


def test_a_name_without_a_password_is_told_with_all_ways_to_give_one() -> None:
    problem = refused({**USER, "PRESSKIT_SMTP_PASSWORD": ""})
    assert str(problem) == (
        "PRESSKIT_SMTP_PASSWORD: PRESSKIT_SMTP_USER is set, but no password goes with it;"
        " the system's keyring has none.\n"
        "    fix: name a file that holds it in PRESSKIT_SMTP_PASSWORD_FILE, or keep it in the keyring:"
        " keyring set presskit-smtp:mail.example.org press  [password-missing]"
    )


def test_a_password_without_a_name_is_told() -> None:
    problem = refused({"PRESSKIT_IMAP_PASSWORD": "hunter2"}, "imap")
    assert problem.place.file == "PRESSKIT_IMAP_USER"
    assert problem.what == "a password is set, but PRESSKIT_IMAP_USER, the name it belongs to, is not."
    assert "hunter2" not in str(problem)


def test_without_the_keyring_installed_its_installation_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    problem = refused(USER)
    assert (
        "the system's keyring can not be asked, since presskit's part for it is not installed" in problem.what
    )
    assert "pip install 'presskit-pipeline[keyring]', then keyring set presskit-smtp:" in problem.fix


def test_a_keyring_that_fails_is_no_password_and_is_told(keep: KeepAs) -> None:
    def fail(service: str, user: str) -> str | None:
        raise RuntimeError("no desktop, and a secret in the message")

    keep(fail)
    problem = refused(USER)
    assert "the system's keyring can not be asked (RuntimeError)" in problem.what
    assert "secret in the message" not in str(problem)


def test_a_keyring_that_waits_for_a_window_nobody_sees_does_not_hang(
    keep: KeepAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE_SECONDS", 0.05)

    def wait(service: str, user: str) -> str | None:
        sleep(2)
        return "too late"

    keep(wait)
    assert "gave no answer in 0 seconds" in refused(USER).what


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "its first line is empty"),
        (b"\nhunter2", "its first line is empty"),
        (b"\xff\xfe", "it is not text in UTF-8"),
        (None, "No such file or directory"),
    ],
)
def test_a_file_without_a_password_is_told_with_why(content: bytes | None, why: str, tmp_path: Path) -> None:
    file = tmp_path / "password"
    if content is not None:
        file.write_bytes(content)
    problem = refused({**USER, "PRESSKIT_SMTP_PASSWORD_FILE": str(file)})
    assert problem.place.file == str(file)
    assert problem.what == f"no password can be read here: {why}."
    assert problem.fix == "correct the file, or the name in PRESSKIT_SMTP_PASSWORD_FILE."


def test_a_file_without_end_is_refused_and_not_read_for_ever() -> None:
    problem = refused({**USER, "PRESSKIT_SMTP_PASSWORD_FILE": "/dev/zero"})
    assert problem.what == "no password can be read here: its first line is too long."


def test_a_secret_everybody_can_read_is_pointed_out_and_stops_nobody(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("hunter2")
    file.chmod(0o640)
    assert exposed(file) is None
    file.chmod(0o644)
    problem = exposed(file)
    assert problem is not None
    assert (problem.severity, problem.code) == ("warning", "secret-exposed")
    assert problem.fix == f"let its owner alone read it: chmod 600 {file}"
    assert exposed(tmp_path / "none") is None


@pytest.mark.parametrize("field", ["password", "user"])
def test_a_password_in_a_file_of_the_office_is_refused_and_its_place_is_told(field: str) -> None:
    text = HOUSE.replace("PLACE", field)
    house, problems = convert_source(House, parse(text.encode(), "data/house.yaml", "house#"), "house#")
    assert house is None
    (problem,) = problems
    assert (problem.code, problem.place.line) == ("field-unknown", 10)
    assert "PRESSKIT_SMTP_PASSWORD_FILE or the system's keyring" in problem.fix
    assert "hunter2" not in str(problem)
