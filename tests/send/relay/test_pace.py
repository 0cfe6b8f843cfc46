from __future__ import annotations

import random

import pytest

from presskit.send.relay.pace import LONGEST_WAIT_SECONDS, Pace, Patience, wait_seconds


def test_waits_double_and_none_is_longer_than_four_hours() -> None:
    chance = random.Random(1)
    for attempts in range(1, 51):
        whole = min(4 * 3600.0, 60.0 * 2 ** (attempts - 1))
        waits = [wait_seconds(attempts, chance) for _ in range(50)]
        assert all(whole / 2 <= wait <= whole for wait in waits)
        assert len(set(waits)) > 40
    assert LONGEST_WAIT_SECONDS == 4 * 3600


def test_eight_tries_take_an_hour_or_two() -> None:
    chance = random.Random(1)
    assert 3600 < sum(wait_seconds(attempts, chance) for attempts in range(1, 8)) < 2 * 3600 + 900


def test_messages_are_spread_over_the_minute() -> None:
    pace = Pace(30)
    assert [pace.wait_for_turn(100.0) for _ in range(4)] == [0.0, 2.0, 4.0, 6.0]
    assert pace.wait_for_turn(107.5) == 0.5
    assert pace.wait_for_turn(120.0) == 0.0
    assert pace.wait_for_turn(120.0) == 2.0  # a rest is not made up for


def test_without_a_rate_nobody_waits() -> None:
    pace = Pace(0)
    assert [pace.wait_for_turn(5.0) for _ in range(3)] == [0.0] * 3


def test_a_relay_that_can_not_be_reached_is_tried_ever_more_seldom() -> None:
    patience = Patience(1000.0)
    assert [patience.wait_seconds(0.0, failures) for failures in (1, 2, 3, 7, 8, 2000)] == [
        1,
        2,
        4,
        60,
        60,
        60,
    ]


@pytest.mark.parametrize(("now", "found"), [(10.0, 2.0), (18.0, 2.0), (18.5, 1.5), (20.0, None)])
def test_patience_ends_after_a_last_try(now: float, found: float | None) -> None:
    patience = Patience(10.0)
    assert patience.wait_seconds(10.0, 1) == 1.0
    assert patience.wait_seconds(now, 2) == found


def test_patience_starts_over_as_soon_as_anybody_has_reached_the_relay() -> None:
    patience = Patience(10.0)
    patience.wait_seconds(0.0, 1)
    patience.renew()
    assert patience.wait_seconds(100.0, 1) == 1.0
    assert patience.wait_seconds(110.0, 2) is None
