from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from presskit.errors import NotAllowed, Problem
from presskit.signoff.chain import next_line, read_chain
from presskit.signoff.keyring import revoking
from presskit.signoff.ledger import LOG, Ledger, NewRecord, add_record, folder_of
from tests.signoff.office import AFTER_RING, FIRE, POLICE, QUOTE, SmallOffice, key_of, start


@pytest.fixture
def office(tmp_path: Path) -> SmallOffice:
    office = start(tmp_path)
    office.clear()
    return office


def found(office: SmallOffice) -> list[tuple[str, str]]:
    """What is wrong with the records: code and file."""
    return [(problem.code, problem.place.file) for problem in office.standing().problems()]


def answer(office: SmallOffice, name: str) -> str:
    return next(part.answer for part in office.state().parts if part.part.name == name)


def record_of(office: SmallOffice, who: str) -> Path:
    return next(path for path in office.records() if f"approve-{who}" in path.name)


def lines(office: SmallOffice) -> list[bytes]:
    return (office.root / LOG).read_bytes().splitlines()


def write(office: SmallOffice, log: list[bytes], rest: bytes = b"") -> None:
    (office.root / LOG).write_bytes(b"".join(line + b"\n" for line in log) + rest)


def test_what_was_added_counts_and_nothing_is_wrong(office: SmallOffice) -> None:
    assert office.state().cleared
    assert found(office) == []
    facts = [entry.facts for entry in office.ledger().chain.entries]
    assert [entry["seq"] for entry in facts] == list(range(AFTER_RING + 6))
    assert all((office.root / str(entry["record"])).is_file() for entry in facts)


def test_a_record_that_was_changed_does_not_count_and_is_named(office: SmallOffice) -> None:
    record = record_of(office, "person-mayor")
    record.write_bytes(record.read_bytes() + b" ")
    assert answer(office, QUOTE) == "missing"
    assert found(office) == [("record-changed", f"{folder_of('clinic')}/{record.name}")]
    assert answer(office, FIRE) == "approved"


def test_a_record_that_is_missing_is_named(office: SmallOffice) -> None:
    record = record_of(office, "agency-fire")
    record.unlink()
    assert (answer(office, FIRE), answer(office, POLICE)) == ("missing", "approved")
    assert found(office) == [("record-missing", f"{folder_of('clinic')}/{record.name}")]


def test_a_record_that_became_a_folder_or_a_link_out_of_the_office_is_named(office: SmallOffice) -> None:
    fire, police = record_of(office, "agency-fire"), record_of(office, "agency-police")
    outside = office.root.parent / "outside.json"
    outside.write_bytes(police.read_bytes())
    fire.unlink()
    fire.mkdir()
    police.unlink()
    police.symlink_to(outside)
    assert {code for code, _ in found(office)} == {"record-missing"}
    outside.unlink()


def test_a_record_the_log_does_not_name_does_not_count_and_is_named(office: SmallOffice) -> None:
    rejected = office.reject("person:mayor", QUOTE)
    write(office, lines(office)[:-1])
    assert answer(office, QUOTE) == "approved"
    assert found(office) == [("record-left-out", rejected.file)]


def changed(log: list[bytes], at: int) -> list[bytes]:
    return [*log[:at], log[at].replace(b"approve-person-mayor", b"approve-person-major"), *log[at + 1 :]]


def removed(log: list[bytes], at: int) -> list[bytes]:
    return [*log[:at], *log[at + 1 :]]


@pytest.mark.parametrize("hurt", [changed, removed])
def test_a_log_somebody_has_changed_is_said_and_added_to_no_more(
    office: SmallOffice, hurt: Callable[[list[bytes], int], list[bytes]]
) -> None:
    log = lines(office)
    at = next(number for number, line in enumerate(log) if b"approve-person-mayor" in line)
    write(office, hurt(log, at))
    broken = office.ledger().broken
    assert isinstance(broken, Problem)
    assert broken.code == "log-broken"
    assert at + 1 <= broken.place.line <= at + 2
    with pytest.raises(NotAllowed) as refused:
        office.approve("person:mayor", QUOTE)
    assert [problem.code for problem in refused.value.problems] == ["log-broken"]
    assert answer(office, POLICE) == "missing"


@pytest.mark.parametrize("part", [0, 1, 2, 100, -2, -1])
def test_a_torn_last_line_is_dropped_and_the_next_record_follows(office: SmallOffice, part: int) -> None:
    log = lines(office)
    write(office, log[:-1], log[-1][:part])
    assert not office.state().cleared
    assert office.ledger().broken is None
    office.sign_kit("person:deputy")
    assert office.state().cleared
    assert office.ledger().broken is None


def appended(office: SmallOffice, **facts: object) -> None:
    """Add a line that hangs together with those before it, as anybody can who may write the log."""
    log = lines(office)
    write(office, [*log, next_line(log[-1], facts)])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"record": 5},
        {"record": ["x"], "sha256": "0"},
        {"record": "data/releases/clinic/sign-off/../../../../../etc/passwd", "sha256": "0"},
        {"record": "data/releases/clinic/sign-off/\\x", "sha256": "0"},
        {"record": "data/releases/clinic/sign-off/", "sha256": "0", "at": "yesterday"},
        {"at": "2026-11-23"},
        {"at": "9999-12-31T23:59:59-14:00"},
        {"at": "0001-01-01T00:00:00+14:00"},
        {"at": 5},
        {"reference": ["2026-1"], "kit": 5, "series": [], "number": "1"},
    ],
    ids=str,
)
def test_an_odd_line_in_the_log_stops_nobody(office: SmallOffice, facts: dict[str, object]) -> None:
    appended(office, **facts)
    names_a_record = str(facts.get("record")).startswith(folder_of("clinic"))
    assert office.state().stage == ("approved" if names_a_record else "signed_off")
    office.reject("person:mayor", QUOTE)
    assert answer(office, QUOTE) == "rejected"


def test_a_line_that_names_an_old_record_again_changes_nothing(office: SmallOffice) -> None:
    office.reject("person:mayor", QUOTE)
    approved = next(e.facts for e in office.ledger().chain.entries if "approve-person-mayor" in str(e.facts))
    appended(office, record=approved["record"], sha256=approved["sha256"], at=approved["at"])
    assert office.ledger().broken is None
    assert answer(office, QUOTE) == "rejected"


def test_a_clock_that_goes_back_leaves_the_log_in_order(office: SmallOffice) -> None:
    newest = json.loads(lines(office)[-1])["at"]
    office.minutes = -10_000
    office.reject("person:mayor", QUOTE)
    assert json.loads(lines(office)[-1])["at"] == newest


def test_nothing_is_added_if_what_makes_the_record_raises(office: SmallOffice) -> None:
    before = lines(office), office.records()

    def refuse(ledger: Ledger) -> NewRecord:
        raise KeyError("no")

    with pytest.raises(KeyError):
        add_record(folder_of("clinic"), office.workspace, refuse)
    assert (lines(office), office.records()) == before


ADDER = """
import sys
from pathlib import Path
from tests.signoff.office import QUOTE, SmallOffice
office = SmallOffice(Path(sys.argv[1]), int(sys.argv[2]))
for turn in range(25):
    office.reject("person:mayor", QUOTE, reason=f"{sys.argv[2]} {turn}")
"""


def test_two_people_adding_at_once_both_count_and_leave_no_gap(office: SmallOffice) -> None:
    before = len(lines(office))
    adders = [subprocess.Popen([sys.executable, "-c", ADDER, office.root, at]) for at in ("100", "5000")]
    assert [adder.wait(120) for adder in adders] == [0, 0]
    chain = read_chain((office.root / LOG).read_bytes())
    assert (chain.broken_at, len(chain.entries)) == (None, before + 50)
    rejections = [one for one in office.state().counted if one.decision.act == "reject"]
    assert len({one.decision.reason for one in rejections}) == 50
    assert found(office) == []


def test_whoever_takes_away_the_file_of_a_rejection_clears_nothing(office: SmallOffice) -> None:
    rejected = office.reject("person:mayor", QUOTE)
    assert office.state().stage == "in_review"
    (office.root / rejected.file).unlink()
    assert office.state().stage == "approved"
    with pytest.raises(NotAllowed) as refused:
        office.sign_kit("person:deputy")
    assert [problem.code for problem in refused.value.problems] == ["record-missing"]
    (office.root / rejected.file).write_bytes(b"{}")
    assert office.state().stage == "approved"


def test_whoever_damages_the_line_of_a_rejection_clears_nothing(office: SmallOffice) -> None:
    office.reject("person:mayor", QUOTE)
    log = lines(office)
    write(office, [*log[:-1], log[-1][:-1]])
    assert office.state().stage == "approved"


def test_whoever_takes_away_the_file_of_a_revocation_clears_nothing(tmp_path: Path) -> None:
    office = start(tmp_path)
    office.approve_all()
    office.sign_kit("person:chief")
    revoked = office.ring(revoking(key_of("person:deputy").key_id, "stolen", after=""))
    (office.root / revoked.file).unlink()
    with pytest.raises(NotAllowed) as refused:
        office.sign_kit("person:deputy")
    assert [problem.code for problem in refused.value.problems] == ["record-missing"]
    assert office.state().stage == "approved"


def test_a_record_missing_from_another_release_holds_up_that_one_only(office: SmallOffice) -> None:
    shutil.copytree(office.root / "data/releases/clinic", office.root / "data/releases/other")
    shutil.rmtree(office.root / "data/releases/other/sign-off")
    (office.root / office.approve("person:mayor", QUOTE, slug="other").file).unlink()
    assert office.state().cleared
