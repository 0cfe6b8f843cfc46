from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from presskit.clock import Boot, SystemClock
from presskit.send.outbox.decisions import believe_clock
from presskit.send.outbox.deliveries import held
from presskit.send.outbox.embargo import Armed, arm
from presskit.send.outbox.store import Outbox
from tests.faults.dispatch import ENDED, Dispatch, dispatch
from tests.faults.mailing import SLUG, addresses, fill, findings, new_outbox, states
from tests.servers.faketime import believing
from tests.servers.relay import Relay, relay

COUNT = 12
EMBARGO_SECONDS = 2.0
"""How long, from queueing, the news is under embargo."""

TRUE = 0.0


class Desk:
    """An outbox in which news waits for its time, and a sender whose wall clock can be told anything."""

    def __init__(self, outbox: Outbox, server: Relay, program: Dispatch, clock: Path, ends_at: float) -> None:
        self.outbox, self.server, self.program = outbox, server, program
        self.ends_at = ends_at  # seconds since 1970, by the true clock
        self._clock = clock

    def set_clock(self, ahead_seconds: float) -> None:
        """Let the sender's wall clock jump: so many seconds away from the true time."""
        new = self._clock.with_suffix(".new")
        new.write_text(f"{ahead_seconds:+.0f}", "ascii")
        new.replace(self._clock)

    def wait_until(self, after_embargo_seconds: float) -> None:
        """Wait, by the true clock."""
        time.sleep(max(0.0, self.ends_at + after_embargo_seconds - time.time()))

    def held(self) -> str:
        """Return why a person has to look."""
        return held(self.outbox).get(SLUG, "")

    def accepted_at(self) -> list[float]:
        """Return when the relay took each message, in seconds after the embargo, by the true clock."""
        return [message.at - self.ends_at for message in self.server.accepted()]


@contextmanager
def desk(folder: Path, *, armed: Armed | None = None, ahead_seconds: float = TRUE) -> Iterator[Desk]:
    """Queue news under embargo, and run a sender.

    Args:
        armed: where the clocks stood at queueing; as they truly stand if nothing is said.
        ahead_seconds: how far the sender's wall clock is ahead as it starts.
    """
    outbox, clock = new_outbox(folder), folder / "clock"
    clock.write_text("+0", "ascii")
    with (
        relay(folder) as server,
        dispatch(outbox.path, server.port, connections=2, environment=believing(clock)) as program,
    ):
        assert program.run() == ENDED, "nothing is queued; from now on it starts at once"
        ends_at = time.time() + EMBARGO_SECONDS
        when = datetime.fromtimestamp(ends_at, UTC)
        fill(outbox, addresses(COUNT), not_before=when, armed=armed or arm(SystemClock()))
        found = Desk(outbox, server, program, clock, ends_at)
        found.set_clock(ahead_seconds)
        program.start()
        yield found


def test_news_under_embargo_goes_when_its_time_has_come_and_not_before(tmp_path: Path) -> None:
    with desk(tmp_path) as found:
        assert found.program.end() == ENDED
        assert len(found.accepted_at()) == COUNT
        assert 0 <= min(found.accepted_at()) <= max(found.accepted_at()) < 30
        assert not findings(states(found.outbox), found.server.accepted())


@pytest.mark.parametrize("jump_seconds", [3600.0, 366 * 86_400.0])
def test_a_clock_that_jumps_far_ahead_while_it_waits_holds_the_news_for_a_person(
    jump_seconds: float, tmp_path: Path
) -> None:
    with desk(tmp_path) as found:
        found.wait_until(-1.5)
        found.set_clock(jump_seconds)
        assert found.program.end() == ENDED
        assert "jumped forward" in found.held()
        assert found.accepted_at() == []
        found.wait_until(0.2)
        found.set_clock(TRUE)
        assert found.program.run() == ENDED
        assert found.accepted_at() == [], "it is held until a person has looked"
        assert believe_clock(found.outbox, SLUG, arm(SystemClock())) == 1
        assert found.program.run() == ENDED
        assert len(found.accepted_at()) == COUNT


def test_a_clock_that_is_ahead_by_little_is_waited_for(tmp_path: Path) -> None:
    with desk(tmp_path) as found:
        found.wait_until(-1.5)
        found.set_clock(20.0)
        assert found.program.end() == ENDED
        assert found.held() == ""
        assert len(found.accepted_at()) == COUNT
        assert 0 <= min(found.accepted_at()) < 30


def test_a_clock_that_is_set_back_far_while_it_waits_holds_the_news_for_a_person(tmp_path: Path) -> None:
    with desk(tmp_path) as found:
        found.wait_until(-1.5)
        found.set_clock(-3600.0)
        assert found.program.end() == ENDED
        assert time.time() > found.ends_at
        assert "jumped back" in found.held()
        assert found.accepted_at() == []
        found.set_clock(TRUE)
        assert believe_clock(found.outbox, SLUG, arm(SystemClock())) == 1
        assert found.program.run() == ENDED
        assert len(found.accepted_at()) == COUNT


def test_a_clock_that_jumps_to_and_fro_by_little_sends_nothing_early_and_holds_nothing(
    tmp_path: Path,
) -> None:
    with desk(tmp_path) as found:
        for jump in (20.0, -10.0, 25.0, -25.0, 10.0, -20.0, TRUE):
            found.set_clock(jump)
            time.sleep(0.2)
        assert found.program.end() == ENDED
        assert found.held() == ""
        assert len(found.accepted_at()) == COUNT
        assert min(found.accepted_at()) >= 0


def test_after_a_new_start_of_the_machine_a_clock_nobody_keeps_right_is_not_believed(tmp_path: Path) -> None:
    now = arm(SystemClock())
    before = replace(now, boot=Boot("another start of the machine", 100.0))
    with desk(tmp_path, armed=before, ahead_seconds=86_400.0) as found:
        assert found.program.end() == ENDED
        assert "started anew" in found.held()
        assert found.accepted_at() == []


def test_a_clock_that_was_behind_at_queueing_and_is_set_right_holds_the_news(tmp_path: Path) -> None:
    now = arm(SystemClock())
    behind = replace(now, wall=now.wall - 3 * 3600.0)
    with desk(tmp_path, armed=behind) as found:
        assert found.program.end() == ENDED
        assert "jumped forward by 3 hours" in found.held()
        assert found.accepted_at() == []


def test_a_clock_that_was_ahead_at_queueing_and_is_set_right_holds_the_news(tmp_path: Path) -> None:
    now = arm(SystemClock())
    ahead = replace(now, wall=now.wall + 3 * 86_400.0)
    with desk(tmp_path, armed=ahead) as found:
        assert found.program.end() == ENDED
        assert "jumped back by 3 days" in found.held()
        assert found.accepted_at() == []
