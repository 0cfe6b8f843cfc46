from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from presskit.clock import Boot
from presskit.send.outbox.claims import claim, mark_dot, next_due
from presskit.send.outbox.decisions import believe_clock
from presskit.send.outbox.deliveries import held
from presskit.send.outbox.embargo import TOLERANCE_SECONDS, Armed, Waiting, arm, judged_by
from tests.send.post import NOW, SLUG, HandClock, new_outbox, people, put, tomorrow

HOUR, DAY = 3600.0, 86_400.0
AT = NOW + DAY


def waiting(clock: HandClock) -> Waiting:
    return Waiting(1, AT, arm(clock))


def test_arming_notes_both_clocks() -> None:
    assert arm(HandClock()) == Armed(NOW, Boot("first start", 1000.0))
    assert arm(HandClock(has_boot=False)) == Armed(NOW, None)


def test_the_time_has_come_when_both_clocks_say_so() -> None:
    clock = HandClock()
    mailing = waiting(clock)
    clock.passes(DAY - 0.5)
    assert judged_by(clock)(mailing) is False
    clock.passes(0.5)
    assert judged_by(clock)(mailing) is True


def test_what_was_to_go_at_once_asks_the_wall_clock_alone() -> None:
    clock = HandClock(has_boot=False)
    assert judged_by(clock)(Waiting(1, AT, None)) is False
    clock.jumps(DAY)
    assert judged_by(clock)(Waiting(1, AT, None)) is True


def test_a_clock_put_forward_does_not_break_an_embargo() -> None:
    clock = HandClock()
    mailing = waiting(clock)
    clock.jumps(DAY)
    assert judged_by(clock)(mailing) == "the clock jumped forward by 24 hours since this was queued"


def test_a_clock_put_forward_between_times_does_not_break_an_embargo() -> None:
    clock = HandClock()
    mailing = waiting(clock)
    clock.passes(HOUR)
    clock.jumps(DAY - HOUR)
    assert judged_by(clock)(mailing) == "the clock jumped forward by 23 hours since this was queued"


@pytest.mark.parametrize("drift", [0.5, TOLERANCE_SECONDS])
def test_a_clock_that_runs_ahead_a_little_is_waited_for(drift: float) -> None:
    clock = HandClock()
    mailing = waiting(clock)
    clock.jumps(drift)
    clock.passes(DAY - drift)
    assert judged_by(clock)(mailing) is False
    clock.passes(drift)
    assert judged_by(clock)(mailing) is True


def test_a_clock_that_runs_ahead_by_more_is_not() -> None:
    clock = HandClock()
    mailing = waiting(clock)
    clock.jumps(TOLERANCE_SECONDS + 1)
    clock.passes(DAY - TOLERANCE_SECONDS - 1)
    assert judged_by(clock)(mailing) == "the clock jumped forward by 31 seconds since this was queued"


def test_a_clock_that_runs_ahead_is_believed_once_the_time_has_come_by_the_other() -> None:
    clock = HandClock()
    mailing = waiting(clock)
    clock.jumps(HOUR)
    clock.passes(DAY)
    assert judged_by(clock)(mailing) is True


def test_a_clock_put_back_is_told_when_the_time_has_come_by_the_other() -> None:
    clock = HandClock()
    mailing = waiting(clock)
    clock.jumps(-HOUR)
    clock.passes(DAY - 1)
    assert judged_by(clock)(mailing) is False
    clock.passes(1)
    assert judged_by(clock)(mailing) == "the clock jumped back by 60 minutes since this was queued"


def test_a_clock_that_lags_a_little_is_waited_for() -> None:
    clock = HandClock()
    mailing = waiting(clock)
    clock.jumps(-TOLERANCE_SECONDS)
    clock.passes(DAY)
    assert judged_by(clock)(mailing) is False
    clock.passes(TOLERANCE_SECONDS)
    assert judged_by(clock)(mailing) is True


def test_a_clock_put_forward_and_back_again_is_forgiven() -> None:
    clock = HandClock()
    mailing = waiting(clock)
    clock.jumps(DAY)
    clock.jumps(-DAY)
    clock.passes(DAY)
    assert judged_by(clock)(mailing) is True


def test_after_a_restart_the_system_has_to_say_that_its_clock_is_kept_right() -> None:
    clock = HandClock()
    mailing = waiting(clock)
    clock.starts_anew()
    assert judged_by(clock)(mailing) is False
    clock.passes(DAY)
    verdict = judged_by(clock)(mailing)
    assert isinstance(verdict, str) and verdict.startswith("the machine was started anew")
    clock.is_kept_right = True
    assert judged_by(clock)(mailing) is True


@pytest.mark.parametrize("missing", ["when armed", "now", "always"])
def test_without_a_second_clock_the_system_has_to_say_so_too(missing: str) -> None:
    clock = HandClock(has_boot=missing == "now")
    mailing = waiting(clock)
    clock.started = Boot("first start", 5.0) if missing == "when armed" else None
    clock.passes(DAY)
    verdict = judged_by(clock)(mailing)
    assert isinstance(verdict, str) and verdict.startswith("this machine has no second clock")
    clock.is_kept_right = True
    assert judged_by(clock)(mailing) is True


def test_a_clock_kept_right_does_not_excuse_a_jump() -> None:
    clock = HandClock(is_kept_right=True)
    mailing = waiting(clock)
    clock.jumps(DAY)
    assert isinstance(judged_by(clock)(mailing), str)


def started_anew_wrong(clock: HandClock) -> None:
    clock.starts_anew()
    clock.jumps(2 * DAY)


TROUBLES: dict[str, Callable[[HandClock], None]] = {
    "forward": lambda clock: clock.jumps(3 * DAY),
    "forward a little": lambda clock: clock.jumps(20),
    "back": lambda clock: clock.jumps(-3 * DAY),
    "restart": HandClock.starts_anew,
    "restart and forward": started_anew_wrong,
    "no boot clock any more": lambda clock: setattr(clock, "started", None),
    "nothing": lambda clock: None,
}


@pytest.mark.parametrize("trouble", TROUBLES)
@pytest.mark.parametrize("after", [0.0, HOUR, DAY - 10])
def test_nothing_is_taken_on_before_its_time_by_the_true_clock(
    trouble: str, after: float, tmp_path: Path
) -> None:
    with closing(new_outbox(tmp_path)) as outbox:
        clock = HandClock()
        put(outbox, people(1), kind="embargo", not_before=tomorrow(), armed=arm(clock))
        timely, true, taken = judged_by(clock), 0.0, -1.0
        for number, step in enumerate([after, *[2.0] * 40, HOUR, *[DAY] * 8]):
            clock.passes(step)
            true += step
            if number == 0:
                TROUBLES[trouble](clock)
            if taken < 0 and claim(outbox, clock.wall, timely) is not None:
                taken = true
        assert taken == -1 or taken >= DAY
        assert taken >= DAY or held(outbox)


def test_a_clock_that_jumps_while_the_message_is_offered_stops_it(tmp_path: Path) -> None:
    with closing(new_outbox(tmp_path)) as outbox:
        clock = HandClock()
        put(outbox, people(1), kind="embargo", not_before=tomorrow(), armed=arm(clock))
        clock.passes(DAY)
        claimed = claim(outbox, clock.wall, judged_by(clock))
        assert claimed is not None
        clock.jumps(-HOUR)
        assert not mark_dot(outbox, claimed, b"head", clock.wall, judged_by(clock))
        clock.jumps(HOUR)
        assert mark_dot(outbox, claimed, b"head", clock.wall, judged_by(clock))


def test_a_restart_in_the_middle_of_a_mailing_holds_nothing(tmp_path: Path) -> None:
    with closing(new_outbox(tmp_path)) as outbox:
        clock = HandClock()
        put(outbox, people(2), kind="embargo", not_before=tomorrow(), armed=arm(clock))
        clock.passes(DAY)
        assert claim(outbox, clock.wall, judged_by(clock)) is not None
        clock.starts_anew()
        assert claim(outbox, clock.wall, judged_by(clock)) is not None


def test_what_was_held_waits_for_its_time_by_the_clock_a_person_found_right(tmp_path: Path) -> None:
    with closing(new_outbox(tmp_path)) as outbox:
        clock = HandClock()
        put(outbox, people(1), kind="embargo", not_before=tomorrow(), armed=arm(clock))
        clock.jumps(2 * DAY)
        timely = judged_by(clock)
        assert claim(outbox, clock.wall, timely) is None
        assert next_due(outbox) is None
        clock.jumps(-2 * DAY)  # a person sets it right, and says so
        assert believe_clock(outbox, SLUG, arm(clock)) == 1
        assert claim(outbox, clock.wall, timely) is None
        clock.passes(DAY)
        assert claim(outbox, clock.wall, timely) is not None
