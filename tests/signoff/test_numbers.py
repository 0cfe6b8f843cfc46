from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from presskit.errors import NotAllowed
from presskit.model.house import SignOff
from presskit.signoff.acts import Closed
from presskit.signoff.canon import Value
from presskit.signoff.chain import Chain, next_line, read_chain
from presskit.signoff.numbers import Allotted, allot
from tests.signoff.office import SmallOffice, start

YEARLY = SignOff(reference="{year}-{number:4}")


class Log:
    """A log as far as numbers look at it."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []

    @property
    def chain(self) -> Chain:
        return read_chain(b"".join(line + b"\n" for line in self.lines))

    def close(self, kit: str, year: int = 2026, typed: str | None = None, policy: SignOff = YEARLY) -> str:
        """Allot a number and note it, as a sign-off does."""
        found = allot(f"example.org/{kit}", typed, date(year, 3, 1), policy, self.chain)
        facts: dict[str, Value] = {"record": kit, **found.facts}
        self.lines.append(next_line(self.lines[-1] if self.lines else None, facts))
        return found.reference


def test_numbers_follow_each_other_and_start_anew_with_the_year() -> None:
    log = Log()
    assert [log.close("a"), log.close("b"), log.close("c")] == ["2026-0001", "2026-0002", "2026-0003"]
    assert [log.close("d", 2027), log.close("e", 2026)] == ["2027-0001", "2026-0004"]


def test_a_release_signed_off_again_keeps_its_number() -> None:
    log = Log()
    assert [log.close("a"), log.close("b"), log.close("a"), log.close("c")] == [
        "2026-0001",
        "2026-0002",
        "2026-0001",
        "2026-0003",
    ]


def test_it_keeps_its_number_also_in_another_year() -> None:
    log = Log()
    assert [log.close("a"), log.close("a", 2027), log.close("b", 2027)] == [
        "2026-0001",
        "2026-0001",
        "2027-0001",
    ]


def test_a_number_without_year_goes_on_for_ever() -> None:
    log, policy = Log(), SignOff(reference="NR {number}")
    assert [log.close(kit, year, policy=policy) for kit, year in (("a", 2026), ("b", 2027))] == [
        "NR 1",
        "NR 2",
    ]


def test_the_first_number_is_the_one_the_house_says() -> None:
    log, policy = Log(), SignOff(reference="{year}-{number:3}", first_number=118)
    assert [log.close(kit, policy=policy) for kit in "ab"] == ["2026-118", "2026-119"]
    assert log.close("c", 2027, policy=policy) == "2027-118"


def test_an_office_that_numbers_nothing_gives_no_number() -> None:
    assert allot("example.org/a", None, date(2026, 1, 1), SignOff(), Chain(())) == Allotted("", {})


def test_a_number_that_was_typed_is_kept_and_given_to_nobody_else() -> None:
    log = Log()
    assert log.close("a", typed="2026-0002") == "2026-0002"
    assert [log.close(kit) for kit in "bcd"] == ["2026-0001", "2026-0003", "2026-0004"]
    with pytest.raises(NotAllowed) as refused:
        log.close("e", typed="2026-0002")
    assert [problem.code for problem in refused.value.problems] == ["reference-taken"]
    assert log.close("a", typed="2026-0002") == "2026-0002"


def test_a_number_typed_after_it_was_allotted_stays_the_release_s() -> None:
    log = Log()
    assert log.close("a") == "2026-0001"
    assert log.close("a", typed="2026-0001") == "2026-0001"
    assert log.close("b") == "2026-0002"
    assert log.close("a") == "2026-0001"


def test_a_number_typed_once_stays_when_it_is_taken_out_of_the_file() -> None:
    log = Log()
    assert [log.close("a", typed="X-1"), log.close("a"), log.close("b")] == ["X-1", "X-1", "2026-0001"]


def test_a_changed_pattern_goes_on_counting() -> None:
    log = Log()
    log.close("a")
    assert log.close("b", policy=SignOff(reference="NR-{year}-{number:2}")) == "NR-2026-02"


# --- in an office --------------------------------------------------------------------------------------


def numbered(folder: Path, *slugs: str) -> SmallOffice:
    """An office that numbers its releases, with some releases of which all parts are approved."""
    office = start(folder)
    office.edit("reference: 2025-14\n", "")
    with (office.root / "data/house.yaml").open("a") as house:
        house.write('sign_off:\n  reference: "{year}-{number:4}"\n')
    for slug in slugs:
        shutil.copytree(office.root / "data/releases/clinic", office.root / f"data/releases/{slug}")
    for slug in slugs:
        office.approve_all(slug)
        office.sign_kit("person:chief", slug=slug)
    return office


def test_only_the_signature_that_closes_gets_a_number_and_the_record_says_it(tmp_path: Path) -> None:
    office = numbered(tmp_path, "a")
    assert [entry for entry in office.ledger().chain.entries if "reference" in entry.facts] == []
    asked: list[str] = []

    def build(number: str) -> dict[str, bytes]:
        asked.append(number)
        return {"a.pdf": number.encode()}

    closed = office.sign_kit("person:deputy", slug="a", build=build)
    assert isinstance(closed, Closed)
    closing = office.state("a").kit.closing
    assert closing is not None
    assert (closed.reference, asked, closing.decision.reference) == ("2025-0001", ["2025-0001"], "2025-0001")


def test_a_build_that_fails_takes_no_number(tmp_path: Path) -> None:
    office = numbered(tmp_path, "a", "b")

    def fail(number: str) -> dict[str, bytes]:
        raise OSError(number)

    with pytest.raises(OSError, match="2025-0001"):
        office.sign_kit("person:deputy", slug="a", build=fail)
    closed = office.sign_kit("person:deputy", slug="b")
    assert isinstance(closed, Closed)
    assert closed.reference == "2025-0001"


def test_an_edited_release_is_signed_off_again_under_its_number(tmp_path: Path) -> None:
    office = numbered(tmp_path, "a", "b")
    assert isinstance(first := office.sign_kit("person:deputy", slug="a"), Closed)
    assert isinstance(office.sign_kit("person:deputy", slug="b"), Closed)
    office.edit("City opens", "City closes", "data/releases/a/release.yaml")
    again = office.clear("a")
    assert (first.reference, again.reference) == ("2025-0001", "2025-0001")


CLOSER = """
import sys
from pathlib import Path
from tests.signoff.office import SmallOffice
office = SmallOffice(Path(sys.argv[1]), int(sys.argv[2]))
for slug in sys.argv[3:]:
    print(office.sign_kit("person:deputy", slug=slug).reference)
"""


def test_two_people_signing_off_at_once_get_every_number_once_and_leave_no_gap(tmp_path: Path) -> None:
    left, right = ["a", "b", "c", "d", "e", "f"], ["g", "h", "i", "j", "k", "l"]
    office = numbered(tmp_path, *left, *right)
    closers = [
        subprocess.Popen(
            [sys.executable, "-c", CLOSER, office.root, at, *slugs], stdout=subprocess.PIPE, text=True
        )
        for at, slugs in (("1000", left), ("1000", right))
    ]
    said = [closer.communicate(timeout=120)[0].split() for closer in closers]
    assert [closer.returncode for closer in closers] == [0, 0]
    assert sorted(said[0] + said[1]) == [f"2025-{number:04}" for number in range(1, 13)]
    assert all(office.state(slug).cleared for slug in left + right)


def test_two_people_signing_off_the_same_release_close_it_once(tmp_path: Path) -> None:
    office = numbered(tmp_path, "a")
    closers = [
        subprocess.Popen([sys.executable, "-c", CLOSER, office.root, "1000", "a"], stderr=subprocess.DEVNULL)
        for _ in range(2)
    ]
    assert sorted(closer.wait(60) for closer in closers) == [0, 1]
    numbers = [e.facts["reference"] for e in office.ledger().chain.entries if "reference" in e.facts]
    assert numbers == ["2025-0001"]
    assert office.state("a").cleared
