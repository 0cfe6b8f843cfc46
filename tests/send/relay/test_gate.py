from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from presskit.send.outbox.claims import Done, claim, mark_dot, note
from presskit.send.outbox.decisions import go_on, retry_failed
from presskit.send.outbox.deliveries import halted
from presskit.send.outbox.store import Outbox
from presskit.send.relay.gate import LOOK_SECONDS, Gate, Release, under_way
from tests.send.post import NOON, NOW, SLUG, at_once, people, put, take


@dataclass
class Records:
    """Sign-off as a test wants it, and what it was asked."""

    withdrawn: dict[str, str] = field(default_factory=dict)
    asked: list[Release] = field(default_factory=list)
    grown: int = 0

    def why_not(self, release: Release) -> str | None:
        self.asked.append(release)
        return self.withdrawn.get(release.slug)

    def mark(self) -> int:
        return self.grown

    def withdraw(self, slug: str, why: str = "an approval was withdrawn") -> None:
        self.withdrawn[slug] = why
        self.grown += 1

    def gate(self, outbox: Outbox) -> Gate:
        return Gate(outbox, self.why_not, self.mark)


def test_what_is_approved_goes_and_is_looked_into_once(outbox: Outbox) -> None:
    records = Records()
    gate = records.gate(outbox)
    put(outbox, people(1), words={"kit@en-CA.json": "{}"})
    for _ in range(3):
        gate.look(NOW)
    assert records.asked == [Release(SLUG, 1, "now", {"kit@en-CA.json": "{}"}, {}, NOW)]
    assert take(outbox).slug == SLUG


def test_what_nobody_noted_in_the_log_is_noticed_all_the_same(outbox: Outbox) -> None:
    records = Records()
    gate = records.gate(outbox)
    put(outbox, people(1))
    gate.look(NOW)
    records.withdrawn[SLUG] = "a record was taken away"
    gate.look(NOW + LOOK_SECONDS - 1)
    assert halted(outbox) == {}
    gate.look(NOW + LOOK_SECONDS)
    assert halted(outbox) == {SLUG: "a record was taken away"}


def test_a_withdrawn_approval_halts_the_release_and_no_other(outbox: Outbox) -> None:
    records = Records()
    gate = records.gate(outbox)
    put(outbox, people(2))
    put(outbox, people(1), slug="second")
    gate.look(NOW)
    claimed = take(outbox)
    records.withdraw(SLUG)
    for _ in range(3):
        gate.look(NOW)
    assert len(records.asked) == 4  # two releases, twice
    assert halted(outbox) == {SLUG: "an approval was withdrawn"}
    assert not mark_dot(outbox, claimed, b"head", NOW, at_once)
    assert take(outbox).slug == "second"


def test_what_is_queued_later_is_looked_into(outbox: Outbox) -> None:
    records = Records()
    gate = records.gate(outbox)
    gate.look(NOW)
    records.withdrawn[SLUG] = "never approved"
    put(outbox, people(1))
    gate.look(NOW)
    assert claim(outbox, NOW, at_once) is None


def test_a_halt_that_is_lifted_without_an_approval_comes_back(outbox: Outbox) -> None:
    records = Records()
    gate = records.gate(outbox)
    put(outbox, people(1))
    records.withdraw(SLUG)
    gate.look(NOW)
    go_on(outbox, SLUG)
    gate.look(NOW)
    assert claim(outbox, NOW, at_once) is None
    records.withdrawn.clear()
    go_on(outbox, SLUG)
    gate.look(NOW)
    assert take(outbox).slug == SLUG


def test_what_is_tried_again_after_its_approval_was_withdrawn_does_not_go(outbox: Outbox) -> None:
    records = Records()
    gate = records.gate(outbox)
    put(outbox, people(1))
    note(outbox, Done(take(outbox), "failed", NOW, 550, "no"))
    records.withdraw(SLUG)
    gate.look(NOW)
    assert halted(outbox) == {}
    retry_failed(outbox, SLUG, NOON)
    gate.look(NOW)
    assert claim(outbox, NOW, at_once) is None


def test_records_that_can_not_be_read_open_no_gate(outbox: Outbox) -> None:
    def why_not(release: Release) -> str | None:
        raise OSError("the disk is gone")

    gate = Gate(outbox, why_not, lambda: 0)
    put(outbox, people(1))
    for _ in range(2):
        with pytest.raises(OSError, match="the disk is gone"):
            gate.look(NOW)


def test_a_test_needs_no_approval_and_what_is_over_is_not_looked_into(outbox: Outbox) -> None:
    put(outbox, people(1), kind="test")
    put(outbox, people(1), slug="second")
    assert [release.slug for release in under_way(outbox)] == ["second"]
    note(outbox, Done(take(outbox), "sent", NOW))
    note(outbox, Done(take(outbox), "sent", NOW))
    assert under_way(outbox) == ()


def test_what_goes_early_is_told_from_what_goes_at_its_time(outbox: Outbox) -> None:
    put(outbox, people(1), kind="early")
    assert [release.kind for release in under_way(outbox)] == ["early"]
