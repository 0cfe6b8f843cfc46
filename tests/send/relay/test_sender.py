from __future__ import annotations

import errno
import signal
import sqlite3
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Literal

import pytest

from presskit.errors import NotAllowed, Unreadable
from presskit.model.mail import Relay
from presskit.send.outbox.claims import Claim, Done
from presskit.send.outbox.decisions import cancel, halt, retry_failed, settle_doubt
from presskit.send.outbox.deliveries import counts, deliveries_of
from presskit.send.outbox.embargo import arm
from presskit.send.outbox.store import OUTBOX, Outbox
from presskit.send.outbox.suppression import suppress
from presskit.send.relay import pace
from presskit.send.relay import sender as module
from presskit.send.relay.connection import Connection, RelayProblem
from presskit.send.relay.gate import Gate, Release
from presskit.send.relay.opening import open_relay
from presskit.send.relay.sender import Ended, Letter, Rules, Sender, only_sender
from tests.send.post import (
    NOON,
    SLUG,
    HandClock,
    PowerCut,
    WornDisk,
    letters,
    new_outbox,
    people,
    person,
    put,
    states,
    tomorrow,
)
from tests.send.talk import HANG_UP, Script, Talk, talk

ONE = Rules(connections=1, patience_seconds=0.5, first_wait_seconds=60.0)
KEPT = "250 2.0.0 kept"


def connect_to(port: int) -> Connection:
    return open_relay(Relay(host="127.0.0.1", port=port, security="none"), None, "desk.example.org", Path())


def open_gate(outbox: Outbox) -> Gate:
    return Gate(outbox, lambda release: None, lambda: 0)


def run(
    outbox: Outbox, relay: Talk, rules: Rules = ONE, clock: HandClock | None = None, **parts: Any
) -> Ended:
    sender = Sender(
        outbox,
        parts.get("connect", partial(connect_to, relay.port)),
        parts.get("letters", letters(outbox)),
        parts.get("gate", open_gate(outbox)),
        clock or HandClock(),
        rules,
        parts.get("tell", lambda done: None),
    )
    return sender.run()


def _until(come: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not come():
        assert time.monotonic() < end
        time.sleep(0.002)


def reached(relay: Talk) -> list[str]:
    """Return whom each message it accepted is for, by its head."""
    heads = [message.partition(b"\r\n\r\n")[0].decode() for message in relay.messages]
    lines = [line for head in heads for line in head.split("\r\n") if line.startswith("To: ")]
    return [line.partition("<")[2].rstrip(">") for line in lines]


def test_each_gets_one_message_and_the_run_ends(outbox: Outbox) -> None:
    put(outbox, people(7))
    with talk() as relay:
        ended = run(outbox, relay, Rules(connections=3))
    assert ended == Ended({"sent": 7}, 0, None, None)
    assert sorted(reached(relay)) == sorted(who.address.key for who in people(7))
    assert states(outbox) == ["sent"] * 7
    assert {d.reply for d in deliveries_of(outbox, SLUG)} == {"2.0.0 kept"}
    assert outbox.value("select settled from mailing") == 1


def test_nothing_due_needs_no_relay(outbox: Outbox) -> None:
    put(outbox, people(1), not_before=tomorrow())
    with talk() as relay:
        ended = run(outbox, relay)
    assert ended.next_due == tomorrow().timestamp()
    assert relay.connections == 0


def test_a_connection_takes_so_many_messages_and_no_more(outbox: Outbox) -> None:
    put(outbox, people(7))
    with talk() as relay:
        run(outbox, relay, Rules(connections=1, messages_per_connection=3))
    assert relay.connections == 3
    assert relay.verbs.count("QUIT") == 3
    assert len(relay.messages) == 7


def test_a_refused_mailbox_stops_no_other(outbox: Outbox) -> None:
    put(outbox, people(3))
    with talk({"RCPT": ["250 ok", "550 5.1.1 no such user", "250 ok"]}) as relay:
        ended = run(outbox, relay)
    assert ended.outcomes == {"sent": 2, "failed": 1}
    assert states(outbox) == ["sent", "failed", "sent"]
    assert relay.connections == 1


def test_only_what_failed_is_tried_again(outbox: Outbox) -> None:
    put(outbox, people(3))
    with talk({"RCPT": ["250 ok", "550 5.1.1 no such user", "250 ok"]}) as relay:
        run(outbox, relay)
        retry_failed(outbox, SLUG, NOON)
        assert run(outbox, relay).outcomes == {"sent": 1}
    assert sorted(reached(relay)) == sorted(who.address.key for who in people(3))


def test_what_is_put_off_is_tried_again_later_and_given_up_in_the_end(outbox: Outbox) -> None:
    clock = HandClock()
    put(outbox, people(1))
    with talk({"RCPT": "450 4.2.1 busy"}) as relay:
        for attempt in (1, 2):
            ended = run(outbox, relay, Rules(connections=1, tries=3), clock)
            assert ended.outcomes == {"put_off": 1}
            assert ended.next_due is not None
            wait = ended.next_due - clock.wall
            assert 30 * attempt <= wait <= 60 * attempt
            clock.passes(wait + 1)
        assert run(outbox, relay, Rules(connections=1, tries=3), clock).outcomes == {"failed": 1}
    (delivery,) = deliveries_of(outbox, SLUG)
    assert (delivery.state, delivery.attempts) == ("failed", 3)
    assert delivery.reply == "given up after 3 attempts: 4.2.1 busy"


@pytest.mark.parametrize(("at", "paused"), [("RCPT", 3), ("DATA", 3), ("MAIL", 1)])
def test_a_domain_that_wants_to_be_left_alone_is_and_no_other(at: str, paused: int, outbox: Outbox) -> None:
    put(outbox, people(6))
    fine = "354 go on" if at == "DATA" else "250 ok"
    with talk({at: ["451 4.7.1 slow down", fine]}) as relay:
        ended = run(outbox, relay)
    assert ended.outcomes == {"put_off": 1, "sent": 6 - paused}
    assert states(outbox) == ["queued"] * paused + ["sent"] * (6 - paused)
    assert [d.attempts for d in deliveries_of(outbox, SLUG)][:paused] == [1, 0, 0][:paused]


@pytest.mark.parametrize("goodbye", [HANG_UP, "421 4.4.2 idle for too long"])
def test_a_connection_closed_between_messages_costs_no_attempt_and_no_time(
    goodbye: str, outbox: Outbox
) -> None:
    put(outbox, people(4))
    with talk({"MAIL": ["250 ok", goodbye]}) as relay:
        ended = run(outbox, relay)
    assert ended.outcomes == {"sent": 4}
    assert relay.connections == 4
    assert {d.attempts for d in deliveries_of(outbox, SLUG)} == {1}


@pytest.mark.parametrize("at", ["greeting", "MAIL"])
@pytest.mark.parametrize("reply", [HANG_UP, "421 4.3.2 busy"])
def test_a_relay_that_can_not_be_reached_burns_nothing(
    at: str, reply: str, outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "FIRST_TRY_SECONDS", 0.02)
    put(outbox, people(3))
    with talk({at: reply}) as relay:
        ended = run(outbox, relay, Rules(connections=2, patience_seconds=0.1))
    assert ended.trouble is not None
    assert (ended.trouble.code, ended.trouble.lasting) == ("relay-unreachable", False)
    assert ended.outcomes == {}
    assert 3 <= relay.connections <= 10
    assert states(outbox) == ["queued"] * 3
    assert {d.attempts for d in deliveries_of(outbox, SLUG)} == {0}


def test_a_relay_that_comes_back_in_time_gets_it_all(outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "FIRST_TRY_SECONDS", 0.02)
    put(outbox, people(3))
    with talk({"greeting": "421 busy"}, {"MAIL": "421 still busy"}, {}) as relay:
        ended = run(outbox, relay, Rules(connections=1, patience_seconds=30.0))
    assert (ended.outcomes, ended.trouble) == ({"sent": 3}, None)


def test_a_relay_that_takes_fewer_connections_than_it_is_offered_gets_it_all(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "FIRST_TRY_SECONDS", 0.01)
    put(outbox, people(30))
    taken = threading.Lock()

    def connect(port: int) -> Connection:
        if not taken.acquire(blocking=False):
            raise RelayProblem("too many connections", False)
        return connect_to(port)

    with talk() as relay:
        rules = Rules(connections=3, patience_seconds=0.2)
        parts = {"connect": partial(connect, relay.port), "tell": lambda done: time.sleep(0.01)}
        ended = run(outbox, relay, rules, None, **parts)
    assert (ended.outcomes, ended.trouble) == ({"sent": 30}, None)
    assert relay.connections == 1


@pytest.mark.parametrize(
    ("mail", "code"), [("530 5.7.0 log in first", "relay-login"), ("550 5.7.1 not yours", "relay-sender")]
)
def test_a_relay_that_takes_nothing_from_us_ends_the_run(mail: str, code: str, outbox: Outbox) -> None:
    put(outbox, people(5))
    with talk({"MAIL": mail}) as relay:
        ended = run(outbox, relay, Rules(connections=1, patience_seconds=600))
    assert ended.trouble is not None
    assert (ended.trouble.code, ended.trouble.lasting) == (code, True)
    assert states(outbox) == ["queued"] * 5
    assert relay.verbs.count("MAIL") == 1


def test_settings_that_are_wrong_end_the_run_at_once(outbox: Outbox) -> None:
    def connect() -> Connection:
        raise RelayProblem("the certificate can not be trusted", True, "relay-certificate")

    put(outbox, people(2))
    with talk() as relay:
        ended = run(outbox, relay, Rules(connections=2, patience_seconds=600), connect=connect)
    assert ended.trouble == RelayProblem("the certificate can not be trusted", True, "relay-certificate")
    assert states(outbox) == ["queued"] * 2


def test_an_end_without_an_answer_is_in_doubt_and_not_sent_again(outbox: Outbox) -> None:
    put(outbox, people(3))
    with talk({"dot": [KEPT, HANG_UP]}, {}) as relay:
        ended = run(outbox, relay)
        assert ended.outcomes == {"sent": 2, "in_doubt": 1}
        assert run(outbox, relay).outcomes == {}
    assert states(outbox) == ["sent", "in_doubt", "sent"]
    assert len(relay.dots) == 3


def test_what_was_in_doubt_is_sent_again_byte_for_byte(outbox: Outbox) -> None:
    clock = HandClock()
    put(outbox, people(1))
    with talk({"dot": HANG_UP}, {}) as relay:
        offered = list[Letter]()
        box = letters(outbox)

        def listening(claimed: Claim, now: float) -> Letter:
            offered.append(box(claimed, now))
            return offered[-1]

        run(outbox, relay, clock=clock, letters=listening)
        clock.passes(86_400)
        settle_doubt(outbox, SLUG, "resend", clock.now())
        run(outbox, relay, clock=clock, letters=listening)
    assert len(offered) == 2
    assert offered[0] == offered[1]
    assert relay.messages == [offered[0].head + offered[0].body]


def test_a_relay_that_answers_before_the_end_is_asked_again_later(outbox: Outbox) -> None:
    put(outbox, people(1))
    with talk({"DATA": "354 go on\r\n250 kept"}) as relay:
        assert run(outbox, relay).outcomes == {"put_off": 1}
    assert (relay.dots, states(outbox)) == ([], ["queued"])


def test_a_message_that_can_not_be_made_stops_only_itself(outbox: Outbox) -> None:
    put(
        outbox,
        [person("a@example.com"), person("b@example.com", reporter="B\r\nBcc: x"), person("c@example.com")],
    )
    with talk() as relay:
        ended = run(outbox, relay)
    assert ended.outcomes == {"sent": 2, "failed": 1}
    assert states(outbox) == ["sent", "failed", "sent"]
    assert "no message can be made" in list(deliveries_of(outbox, SLUG))[1].reply


def test_an_outbox_that_can_not_be_read_fails_no_delivery(outbox: Outbox) -> None:
    def unread(claimed: Claim, now: float) -> Letter:
        outbox.rows("select * from body_that_is_gone")
        raise AssertionError

    put(outbox, people(2))
    with talk() as relay, pytest.raises(Unreadable):
        run(outbox, relay, letters=unread)
    assert "failed" not in states(outbox)


def test_who_wants_no_more_mail_while_the_run_goes_on_gets_none(outbox: Outbox) -> None:
    def tell(done: Done) -> None:
        suppress(outbox, "desk2@outlet0.example.com", "unsubscribed", NOON, source="test")

    put(outbox, people(4))
    with talk() as relay:
        run(outbox, relay, tell=tell)
    assert states(outbox) == ["sent", "sent", "left_out", "sent"]
    assert len(relay.messages) == 3


@pytest.mark.parametrize("stopped", ["", SLUG])
def test_a_halt_while_the_run_goes_on_ends_it(stopped: str, outbox: Outbox) -> None:
    put(outbox, people(4))
    with talk() as relay:
        ended = run(outbox, relay, tell=lambda done: bool(halt(outbox, stopped, NOON, "a name is wrong")))
    assert states(outbox) == ["sent", "queued", "queued", "queued"]
    assert ended.next_due is None


def test_an_approval_withdrawn_while_a_message_is_offered_stops_it_before_its_end(outbox: Outbox) -> None:
    @dataclass
    class Records:
        grown: int = 0
        withdrawn: str | None = None

        def why_not(self, release: Release) -> str | None:
            return self.withdrawn

    records = Records()
    box = letters(outbox)

    def withdraw(claimed: Claim, now: float) -> Letter:
        records.withdrawn, records.grown = "an approval was withdrawn", 1
        return box(claimed, now)

    put(outbox, people(2))
    with talk() as relay:
        gate = Gate(outbox, records.why_not, lambda: records.grown)
        ended = run(outbox, relay, gate=gate, letters=withdraw)
    assert relay.verbs.count("DATA") == 1
    assert relay.dots == []
    assert states(outbox) == ["queued", "queued"]
    assert ended.outcomes == {}


def test_what_is_cancelled_while_it_is_offered_does_not_go(outbox: Outbox) -> None:
    box = letters(outbox)

    def cancelled(claimed: Claim, now: float) -> Letter:
        cancel(outbox, SLUG, NOON)
        return box(claimed, now)

    put(outbox, people(2))
    with talk() as relay:
        run(outbox, relay, letters=cancelled)
    assert relay.dots == []
    assert states(outbox) == ["cancelled", "cancelled"]


def test_an_embargo_is_waited_for_and_nothing_offered_before(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "IDLE_SECONDS", 0.001)
    clock, seen = HandClock(), list[float]()

    @dataclass
    class Ticking(HandClock):
        """Goes on by a minute each time somebody looks."""

        def now(self) -> Any:
            clock.passes(60)
            return clock.now()

        def boot(self) -> Any:
            return clock.boot()

    def connect(port: int) -> Connection:
        seen.append(clock.wall)
        return connect_to(port)

    put(outbox, people(2), kind="embargo", not_before=tomorrow(1), armed=arm(clock))
    with talk() as relay:
        rules = Rules(connections=1, waits=True)
        ended = run(outbox, relay, rules, Ticking(), connect=partial(connect, relay.port))
    assert ended.outcomes == {"sent": 2}
    assert min(seen) >= tomorrow(1).timestamp()


def test_a_clock_put_back_ends_the_wait_and_is_told(outbox: Outbox) -> None:
    clock = HandClock()
    put(outbox, people(1), kind="embargo", not_before=tomorrow(1), armed=arm(clock))
    clock.jumps(-7200)
    clock.passes(3600)
    with talk() as relay:
        ended = run(outbox, relay, Rules(connections=1, waits=True), clock)
    assert ended.next_due is None
    assert outbox.value("select held from mailing").startswith("the clock jumped back by 2 hours")
    assert relay.connections == 0


def test_a_run_that_waits_takes_on_what_comes_due(outbox: Outbox) -> None:
    clock = HandClock()
    put(outbox, people(1))
    with talk({"RCPT": ["450 4.2.1 busy", "250 ok"]}) as relay:
        rules = Rules(connections=1, waits=True, first_wait_seconds=60.0)
        ended = run(outbox, relay, rules, clock, tell=lambda done: clock.passes(120))
    assert ended.outcomes == {"put_off": 1, "sent": 1}


def test_messages_are_paced_from_the_first_on(outbox: Outbox) -> None:
    put(outbox, people(5))
    with talk() as relay:
        started = time.monotonic()
        run(outbox, relay, Rules(connections=2, per_minute=600))
        took = time.monotonic() - started
    assert took >= 4 * 0.1
    assert len(relay.messages) == 5
    assert outbox.value("select settled from mailing") == 1


def test_what_was_sent_is_noted_before_the_next_waits_for_its_turn(outbox: Outbox) -> None:
    seen = list[str]()

    def tell(done: Done) -> None:
        watcher = threading.Timer(0.15, lambda: seen.append(states(outbox)[0]))
        watcher.start()
        watchers.append(watcher)

    put(outbox, people(2))
    watchers = list[threading.Timer]()
    with talk() as relay:
        run(outbox, relay, Rules(connections=1, per_minute=100), tell=tell)
    for watcher in watchers:
        watcher.join()
    assert seen[0] == "sent"


def test_who_listens_no_more_loses_nothing(outbox: Outbox) -> None:
    def tell(done: Done) -> None:
        raise BrokenPipeError

    put(outbox, people(2))
    with talk() as relay, pytest.raises(BrokenPipeError):
        run(outbox, relay, tell=tell)
    assert states(outbox) == ["sent", "queued"]
    assert len(relay.messages) == 1


def test_ctrl_c_ends_the_run_after_the_messages_under_way(outbox: Outbox) -> None:
    main, pressed = threading.main_thread().ident, threading.Event()
    assert main is not None

    def press(done: Done) -> None:
        if not pressed.is_set():
            pressed.set()
            signal.pthread_kill(main, signal.SIGINT)
        time.sleep(0.02)

    put(outbox, people(100))
    with talk() as relay, pytest.raises(KeyboardInterrupt):
        run(outbox, relay, Rules(connections=2), tell=press)
    found = Counter(states(outbox))
    assert set(found) == {"sent", "queued"}
    assert found["sent"] == len(relay.messages) < 50


def test_one_process_sends_at_a_time(tmp_path: Path) -> None:
    file = tmp_path / "outbox.db"
    with only_sender(file), pytest.raises(NotAllowed, match="sender-busy"), only_sender(file):
        raise AssertionError("two at once")
    with only_sender(file):
        assert file.with_name("sender.lock").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no flock")
def test_where_it_can_not_be_told_who_sends_nobody_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def flock(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    with pytest.raises(Unreadable, match="No such file"), only_sender(tmp_path / "gone" / "outbox.db"):
        raise AssertionError("without a lock")
    monkeypatch.setattr("fcntl.flock", flock)
    with pytest.raises(Unreadable, match="No locks available"), only_sender(tmp_path / "outbox.db"):
        raise AssertionError("without a lock")


def test_what_a_crash_left_is_put_right_before_anything_is_sent(outbox: Outbox) -> None:
    put(outbox, people(3))
    with outbox.transaction() as rows:
        rows.execute("update delivery set state='dot' where id=1")
        rows.execute("update delivery set state='sending', attempts=1 where id=2")
    with talk() as relay:
        ended = run(outbox, relay)
    assert (ended.recovered, ended.outcomes) == (1, {"sent": 2})
    assert states(outbox) == ["in_doubt", "sent", "sent"]
    assert reached(relay) == ["desk1@outlet0.example.com", "desk2@outlet0.example.com"]


@dataclass
class Sweep:
    """What happened at each commit at which a disk broke."""

    commits: int = 0
    doubts: list[int] = field(default_factory=list)


REPLIES: Script = {"RCPT": ["250 ok", "550 5.1.1 no such user", "450 4.2.1 busy", "250 ok"]}


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_disk_that_breaks_at_any_commit_makes_no_second_copy_and_loses_nothing(
    when: Literal["before", "after"], tmp_path: Path
) -> None:
    sweep = Sweep()
    with talk(REPLIES, {}) as relay:
        for number in range(1, 60):
            relay.messages.clear()
            relay.dots.clear()
            relay.connections = 0
            with closing(WornDisk.open(tmp_path / str(number) / OUTBOX)) as outbox:
                put(outbox, people(5))
                outbox.commits, outbox.breaks = 0, (when, number)
                if not _breaks(outbox, relay):
                    break
                sweep.commits += 1
                _mend_and_finish(outbox, relay, sweep)
    assert 10 < sweep.commits < 40
    assert 0 < sum(sweep.doubts) <= sweep.commits
    assert max(sweep.doubts) == 1


def _breaks(outbox: WornDisk, relay: Talk) -> bool:
    """Run until the disk breaks; False if it did not."""
    try:
        run(outbox, relay)
    except Unreadable as told:
        assert "make room on the disk" in told.problems[0].fix
        return True
    except PowerCut:
        return True
    return False


def _mend_and_finish(outbox: WornDisk, relay: Talk, sweep: Sweep) -> None:
    accepted = Counter(reached(relay))
    marked = dict(zip((who.address.key for who in people(5)), states(outbox), strict=True))
    assert all(marked[mailbox] in ("dot", "sent") for mailbox in accepted)
    assert all(mailbox in accepted for mailbox, state in marked.items() if state == "sent")
    outbox.breaks = None
    clock = HandClock()
    run(outbox, relay, clock=clock)
    clock.passes(60)
    run(outbox, relay, clock=clock)
    copies, found = Counter(reached(relay)), counts(outbox, SLUG)[1]
    sweep.doubts.append(found.get("in_doubt", 0))
    assert max(copies.values()) == 1
    assert len(copies) >= found["sent"]
    assert sum(found[state] for state in ("sent", "failed", "in_doubt") if state in found) == 5


def test_a_commit_that_fails_before_the_dot_leaves_the_dot_unwritten(tmp_path: Path) -> None:
    with closing(WornDisk.open(tmp_path / OUTBOX)) as outbox, talk() as relay:
        put(outbox, people(1))
        outbox.commits, outbox.breaks = 0, ("before", 3)  # recover, claim, dot
        with pytest.raises(Unreadable, match="full"):
            run(outbox, relay)
        assert relay.verbs.count("DATA") == 1
        assert relay.dots == []
        _until(lambda: relay.ended == 1)
        assert b"QUIT" not in relay.broken_off[0]  # which would be text
        outbox.breaks = None
        assert run(outbox, relay).outcomes == {"sent": 1}


def test_another_program_that_reads_and_writes_disturbs_nothing(tmp_path: Path) -> None:
    stop, errors = threading.Event(), list[BaseException]()

    def disturb() -> None:
        try:
            with closing(new_outbox(tmp_path)) as other:
                while not stop.is_set():
                    with other.transaction() as rows:
                        rows.execute("insert or replace into meta values ('noise', x'00')")
                    counts(other, SLUG)
                    stop.wait(0.002)
        except (sqlite3.Error, Unreadable) as error:
            errors.append(error)

    with closing(new_outbox(tmp_path)) as outbox, talk() as relay:
        put(outbox, people(30))
        noise = threading.Thread(target=disturb)
        noise.start()
        ended = run(outbox, relay, Rules(connections=2))
        stop.set()
        noise.join()
    assert errors == []
    assert ended.outcomes == {"sent": 30}
    assert len(relay.messages) == 30
