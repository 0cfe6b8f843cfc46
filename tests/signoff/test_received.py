from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from presskit.errors import NotAllowed
from presskit.signoff.envelope import payload_of, pre_authentication
from presskit.signoff.keyring import adding, delegating
from presskit.signoff.keys import PublicKey, read_public
from presskit.signoff.received import receive
from presskit.signoff.records import Logged, statement_of
from tests.signoff.office import FIRE, KIT, POLICE, QUOTE, SmallOffice, decision, start

if shutil.which("ssh-keygen") is None:
    pytest.skip("ssh-keygen is not on this machine", allow_module_level=True)


@pytest.fixture
def office(tmp_path: Path) -> SmallOffice:
    return start(tmp_path / "office")


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """Somebody's key of OpenSSH."""
    file = tmp_path / "id"
    command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(file)]
    subprocess.run(command, check=True, capture_output=True)
    return file


def public(key: Path) -> PublicKey:
    return read_public(Path(f"{key}.pub").read_text())


def add(office: SmallOffice, key: Path, who: str, name: str) -> None:
    office.ring(adding(public(key), who, name, (), after=who))


def signed(key: Path, message: bytes) -> str:
    command = ["ssh-keygen", "-Y", "sign", "-n", "signoff@presskit", "-f", str(key)]
    return subprocess.run(command, input=message, check=True, capture_output=True).stdout.decode()


def enter(
    office: SmallOffice,
    key: Path,
    who: str,
    *names: str,
    change: Callable[[bytes], bytes] = bytes,
    **said: object,
) -> Logged:
    standing = office.standing()
    taken = replace(decision(standing.scopes, who, *names), **said)  # type: ignore[arg-type]
    message = change(pre_authentication(payload_of(statement_of(taken, standing.scopes.kit))))
    return receive(office.standing(), message, signed(key, message), office.workspace)


def answer(office: SmallOffice, name: str) -> str:
    return next(found.answer for found in office.state().parts if found.part.name == name)


def test_an_approval_signed_elsewhere_is_entered(office: SmallOffice, key: Path) -> None:
    add(office, key, "agency:fire", "Example Fire Service")
    record = enter(office, key, "agency:fire", FIRE)
    assert (office.root / record.file).is_file()
    assert "approve-agency-fire" in record.file
    assert answer(office, FIRE) == "approved"


def test_a_rejection_signed_elsewhere_is_entered_too(office: SmallOffice, key: Path) -> None:
    add(office, key, "agency:fire", "Example Fire Service")
    record = enter(office, key, "agency:fire", FIRE, act="reject", reason="Not involved")
    assert "reject-agency-fire" in record.file
    assert answer(office, FIRE) == "rejected"


def test_a_delegate_answers_in_their_own_name(office: SmallOffice, key: Path) -> None:
    add(office, key, "person:spokesperson", "Spokesperson")
    office.ring(delegating("person:mayor", "person:spokesperson", after="now"))
    enter(office, key, "person:spokesperson", QUOTE)
    assert answer(office, QUOTE) == "approved"


REFUSED: dict[str, Callable[[SmallOffice, Path], object]] = {
    "a part that is somebody else's": lambda o, k: enter(o, k, "agency:fire", POLICE),
    "one's own part and another's": lambda o, k: enter(o, k, "agency:fire", FIRE, POLICE),
    "the whole kit": lambda o, k: enter(o, k, "agency:fire", KIT),
    "in somebody else's name": lambda o, k: enter(o, k, "person:mayor", QUOTE),
    "an editor's act": lambda o, k: enter(o, k, "agency:fire", FIRE, act="submit"),
    "vouched for": lambda o, k: enter(o, k, "agency:fire", FIRE, method="mail"),
    "with files of a kit": lambda o, k: enter(o, k, "agency:fire", FIRE, files={"a.pdf": "0" * 64}),
    "of other words": lambda o, k: enter(o, k, "agency:fire", scopes={FIRE: "0" * 64}),
    "another file": lambda o, k: enter(o, k, "agency:fire", FIRE, change=lambda m: m + b"\n"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_would_not_count_is_not_entered(office: SmallOffice, key: Path, name: str) -> None:
    add(office, key, "agency:fire", "Example Fire Service")
    before = office.records()
    with pytest.raises(NotAllowed) as refused:
        REFUSED[name](office, key)
    assert {p.code for p in refused.value.problems} <= {"answer-invalid", "role-lacking", "name-differs"}
    assert office.records() == before


def test_a_speaker_the_ring_knows_by_another_name_is_refused(office: SmallOffice, key: Path) -> None:
    add(office, key, "person:mayor", "Somebody Else")
    with pytest.raises(NotAllowed, match="the key ring knows person:mayor"):
        enter(office, key, "person:mayor", QUOTE)
    assert office.records() == []
