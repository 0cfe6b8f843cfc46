from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from presskit.send.outbox.decisions import go_on, halt, settle_doubt
from presskit.send.outbox.suppression import suppress
from tests.faults.dispatch import BUSY, ENDED, FAILED, Way, dispatch
from tests.faults.mailing import SLUG, addresses, fill, findings, new_outbox, recipient, states
from tests.servers.faulty import Fault
from tests.servers.relay import relay

FAULTS: dict[Fault, float] = {
    "connect_drop": 0.02,
    "banner_421": 0.02,
    "greeting_long": 0.05,
    "mail_451": 0.05,
    "mail_garbage": 0.02,
    "rcpt_450": 0.05,
    "rcpt_drop": 0.02,
    "data_452": 0.03,
    "data_drop": 0.05,
    "dot_451": 0.04,
    "dot_421": 0.02,
    "accepted_drop": 0.03,
    "accepted_garbage": 0.01,
    "accepted_overlong": 0.01,
    "accepted_long": 0.05,
    "accepted_stall": 0.005,
}
ACKNOWLEDGED_AFTER_SECONDS = 0.003


@pytest.mark.parametrize(("connections", "seed"), [(1, 1), (2, 2), (4, 3), (4, 4)])
@pytest.mark.parametrize("faults", [{}, FAULTS], ids=["sound relay", "faulty relay"])
def test_killed_at_any_moment_nobody_gets_it_twice_and_nobody_is_lost(
    faults: dict[Fault, float], connections: int, seed: int, tmp_path: Path
) -> None:
    outbox = new_outbox(tmp_path)
    fill(outbox, addresses(200, every_refused=50))
    waits = {"answer_seconds": ACKNOWLEDGED_AFTER_SECONDS, "stall_seconds": 5.0}
    with (
        relay(tmp_path, faults, seed=seed, **waits) as server,
        dispatch(outbox.path, server.port, connections=connections) as program,
    ):
        kills = program.run_with_kills(seed, within_seconds=0.15)
    found, made = states(outbox), server.faults()
    assert kills >= 5
    assert len({fault.kind for fault in made}) >= (8 if faults else 0)
    assert not findings(found, server.accepted())
    refused = {address for address, state in found.items() if state == "failed"}
    assert {address.split("@")[0] for address in refused} == {"bad49", "bad99", "bad149", "bad199"}
    doubts = Counter(found.values())["in_doubt"]
    assert doubts <= kills * connections + sum(fault.is_doubtful for fault in made)
    assert outbox.sound() == "ok"


def test_without_kills_only_a_relay_that_hangs_up_leaves_doubts(tmp_path: Path) -> None:
    outbox = new_outbox(tmp_path)
    fill(outbox, addresses(200))
    with (
        relay(tmp_path, FAULTS, stall_seconds=5.0) as server,
        dispatch(outbox.path, server.port, connections=4) as program,
    ):
        assert program.run() == ENDED
    doubts = Counter(states(outbox).values())["in_doubt"]
    assert not findings(states(outbox), server.accepted())
    assert 0 < doubts <= sum(fault.is_doubtful for fault in server.faults())


def test_a_sound_relay_is_sent_everything_once_over_no_more_connections_than_agreed(tmp_path: Path) -> None:
    outbox = new_outbox(tmp_path)
    fill(outbox, addresses(200))
    with relay(tmp_path) as server, dispatch(outbox.path, server.port, connections=3) as program:
        assert program.run() == ENDED
    assert set(states(outbox).values()) == {"sent"}
    assert not findings(states(outbox), server.accepted())
    assert server.most_connections() == 3


@pytest.mark.parametrize(("way", "fault"), [("send, then mark", "twice"), ("mark twenty, then send", "lost")])
def test_the_same_checks_find_what_other_ways_of_marking_do(way: Way, fault: str, tmp_path: Path) -> None:
    outbox = new_outbox(tmp_path)
    fill(outbox, addresses(150))
    with (
        relay(tmp_path, answer_seconds=ACKNOWLEDGED_AFTER_SECONDS) as server,
        dispatch(outbox.path, server.port, way=way) as program,
    ):
        assert program.run_with_kills(1, within_seconds=0.15) >= 5
    assert getattr(findings(states(outbox), server.accepted()), fault)


def test_what_a_person_has_sent_again_is_the_same_byte_for_byte(tmp_path: Path) -> None:
    outbox = new_outbox(tmp_path)
    fill(outbox, addresses(60))
    with (
        relay(tmp_path / "first", {"accepted_drop": 0.3}) as server,
        dispatch(outbox.path, server.port, connections=2) as program,
    ):
        program.run_with_kills(1, within_seconds=0.1)
        first = {message.message_id: message for message in server.accepted()}
    doubtful = {address for address, state in states(outbox).items() if state == "in_doubt"}
    assert settle_doubt(outbox, SLUG, "resend", datetime.now(UTC)) == len(doubtful) > 5
    time.sleep(1.1)  # into another second, so that a Date made anew would differ
    with (
        relay(tmp_path / "second") as server,
        dispatch(outbox.path, server.port, connections=2) as program,
    ):
        assert program.run() == ENDED
        second = server.accepted()
    assert {address for message in second for address in message.recipients} == doubtful
    again = [(first[m.message_id], m) for m in second if m.message_id in first]
    assert len(again) > 5
    assert [m.sha256 for _, m in again] == [m.sha256 for m, _ in again]
    assert [(m.sender, m.recipients) for _, m in again] == [(m.sender, m.recipients) for m, _ in again]
    assert set(states(outbox).values()) == {"sent"}


def test_a_second_sender_refuses_and_what_is_queued_twice_is_sent_once(tmp_path: Path) -> None:
    outbox = new_outbox(tmp_path)
    fill(outbox, addresses(150))
    with (
        relay(tmp_path, answer_seconds=ACKNOWLEDGED_AFTER_SECONDS) as server,
        dispatch(outbox.path, server.port, connections=2) as first,
        dispatch(outbox.path, server.port, connections=2) as second,
    ):
        first.start()
        _wait_until(lambda: len(server.accepted()) > 10)
        assert second.run() == BUSY
        assert fill(outbox, addresses(160)).deliveries == 10
        assert first.end() == ENDED
    assert not findings(states(outbox), server.accepted())
    assert len(server.accepted()) == 160


def test_a_halt_by_another_process_stops_the_run_at_once(tmp_path: Path) -> None:
    outbox = new_outbox(tmp_path)
    fill(outbox, addresses(300))
    with (
        relay(tmp_path, answer_seconds=ACKNOWLEDGED_AFTER_SECONDS) as server,
        dispatch(outbox.path, server.port, connections=2) as program,
    ):
        program.start()
        _wait_until(lambda: len(server.accepted()) > 10)
        halt(outbox, SLUG, datetime.now(UTC), "An approval was taken back.")
        halted = time.time()
        assert program.end() == ENDED
        late = [message for message in server.accepted() if message.at > halted]
        assert len(late) <= 2  # whose end was under way
        assert 10 < len(server.accepted()) < 200
        go_on(outbox, SLUG)
        assert program.run() == ENDED
    assert not findings(states(outbox), server.accepted())


def test_who_unsubscribes_while_it_is_sent_gets_nothing(tmp_path: Path) -> None:
    outbox = new_outbox(tmp_path)
    fill(outbox, addresses(300))
    late = [recipient(address).address.key for address in addresses(300)][250:]
    with (
        relay(tmp_path, answer_seconds=ACKNOWLEDGED_AFTER_SECONDS) as server,
        dispatch(outbox.path, server.port, connections=2) as program,
    ):
        program.start()
        _wait_until(lambda: len(server.accepted()) > 10)
        for address in late:
            suppress(outbox, address, "unsubscribed", datetime.now(UTC), source="test")
        assert program.end() == ENDED
    reached = {address for message in server.accepted() for address in message.recipients}
    assert len(reached) == 250
    assert reached.isdisjoint(late)


def test_a_full_disk_ends_the_run_before_the_end_of_a_message_is_written(tmp_path: Path) -> None:
    outbox = new_outbox(tmp_path)
    fill(outbox, addresses(200))
    with relay(tmp_path) as server:
        size = outbox.path.with_name("outbox.db-wal").stat().st_size
        limit = size + 200_000
        with dispatch(outbox.path, server.port, connections=4, disk_bytes=limit) as program:
            assert program.run() == FAILED
        accepted = len(server.accepted())
        assert 0 < accepted < 200
        with dispatch(outbox.path, server.port, connections=4) as program:
            assert program.run() == ENDED
    assert not findings(states(outbox), server.accepted())
    assert Counter(states(outbox).values())["in_doubt"] <= 4


def _wait_until(come: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not come():
        assert time.monotonic() < end
        time.sleep(0.005)
