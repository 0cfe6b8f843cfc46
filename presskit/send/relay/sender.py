"""The sender: what is due out of the outbox to the relay, over several connections, one process at a time.

Every step is safe to be the last: see `claims` for what a crash leaves, and `relay` for what each answer
means.  Not here: what is queued (`outbox.queue`), and how a message is made (`letters`).
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock, Thread
from time import monotonic
from typing import Protocol

from presskit.clock import Clock
from presskit.disk import alone
from presskit.errors import NotAllowed, Place, PresskitError, Problem, Unreadable
from presskit.send.outbox.claims import (
    Claim,
    Done,
    Outcome,
    claim,
    look_at_clocks,
    mark_dot,
    next_due,
    note,
    recover,
)
from presskit.send.outbox.embargo import Timely, judged_by
from presskit.send.outbox.store import Outbox
from presskit.send.relay.connection import Connection, InDoubt, PutOff, Refused, RelayProblem, Stale
from presskit.send.relay.gate import Gate
from presskit.send.relay.pace import FIRST_WAIT_SECONDS, Pace, Patience, wait_seconds

IDLE_SECONDS, MOMENT_SECONDS = 5.0, 0.2
"""How long to wait at most before looking again."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One message, ready for the wire."""

    sender: str  # where bounces go
    head: bytes
    body: bytes  # dots doubled, without the final one


class Letters(Protocol):
    """What makes the message of a delivery."""

    def __call__(self, claimed: Claim, now: float) -> Letter:
        """Return it; a second copy is the same as the first, byte for byte."""


@dataclass(frozen=True, slots=True)
class Rules:
    """How the sender behaves."""

    connections: int = 2
    messages_per_connection: int = 100
    per_minute: int = 0
    tries: int = 8
    patience_seconds: float = 120.0  # with a relay that can not be reached
    first_wait_seconds: float = FIRST_WAIT_SECONDS
    waits: bool = False  # for what is due later; else the run ends when nothing is due


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended."""

    outcomes: Mapping[Outcome, int]
    recovered: int  # in doubt because of a crash before this run
    trouble: RelayProblem | None  # what ended it early
    next_due: float | None  # of what is left; none: nothing waits


@dataclass(slots=True)
class _Shared:
    """What the threads of a run share."""

    stop: Event
    pace: Pace
    patience: Patience
    turn: Lock = field(default_factory=Lock)
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    trouble: RelayProblem | None = None
    failed: BaseException | None = None  # a disk that is full, a bug


@contextmanager
def only_sender(outbox: Path) -> Iterator[None]:
    """Be the only process that sends from an outbox; the system frees the lock of a killed one.

    Raises:
        NotAllowed: another one is sending.
        Unreadable: it can not be told whether one is.
    """
    lock = outbox.with_name("sender.lock")
    with ExitStack() as stack:
        try:
            is_alone = stack.enter_context(alone(lock))
        except OSError as error:
            what = f"the lock of whoever sends can not be taken: {error.strerror}."
            fix = "let presskit write this folder, and keep it on a disk of this machine."
            raise Unreadable(Problem(Place(lock.as_posix()), "", what, fix, "outbox-unusable")) from error
        if not is_alone:
            what = "another presskit is sending from this outbox."
            fix = "wait until it has ended; what is queued is sent by whichever runs."
            raise NotAllowed(Problem(Place(outbox.name), "", what, fix, "sender-busy"))
        yield


class Sender:
    """Sends what is due; make one for each run, inside of `only_sender`."""

    def __init__(
        self,
        outbox: Outbox,
        connect: Callable[[], Connection],
        letters: Letters,
        gate: Gate,
        clock: Clock,
        rules: Rules,
        tell: Callable[[Done], None] = lambda done: None,
    ) -> None:
        self._outbox, self._connect, self._letters, self._gate = outbox, connect, letters, gate
        self._clock, self._rules, self._tell = clock, rules, tell
        self._timely: Timely = judged_by(clock)
        self._chance = random.Random()
        self._shared = _Shared(Event(), Pace(rules.per_minute), Patience(rules.patience_seconds))

    def run(self) -> Ended:
        """Send until nothing is due, or with `waits` until nothing is left.

        Ctrl-C ends it after the messages under way.
        """
        recovered = recover(self._outbox, self._now())
        threads = [Thread(target=self._work_safely, daemon=True) for _ in range(self._rules.connections)]
        for thread in threads:
            thread.start()
        try:
            while any(thread.is_alive() for thread in threads):
                for thread in threads:
                    thread.join(0.2)
        except KeyboardInterrupt:
            self._shared.stop.set()
            for thread in threads:
                thread.join()
            raise
        if self._shared.failed is not None:
            raise self._shared.failed
        return Ended(self._shared.outcomes, recovered, self._shared.trouble, next_due(self._outbox))

    def _now(self) -> float:
        return self._clock.now().timestamp()

    def _work_safely(self) -> None:
        try:
            self._work()
        except BaseException as error:
            self._shared.failed = error
            self._shared.stop.set()

    def _work(self) -> None:
        """Take on one delivery after the other until there is none.

        Why: what became of an attempt is noted together with the next claim, which saves a wait for the disk;
        but never left unnoted while something else is waited for.
        """
        connection: Connection | None = None
        done: Done | None = None
        failures = 0  # one after the other
        try:
            while not self._shared.stop.is_set():
                if done is not None and (self._rules.per_minute or not self._takes_more(connection)):
                    note(self._outbox, done)
                    done = None
                if done is None and not self._is_due():
                    _left(connection)
                    connection = None
                    if not self._waits_for_more():
                        break
                    continue
                try:
                    connection = self._ready(connection)
                    if self._shared.stop.wait(self._shared.pace.wait_for_turn(monotonic())):
                        break
                    self._gate.look(self._now())
                    claimed, done = claim(self._outbox, self._now(), self._timely, done), None
                    if claimed is not None:
                        done = self._attempt(claimed, connection)
                        failures = 0
                    elif self._is_due():  # the other clock is not there yet
                        self._shared.stop.wait(MOMENT_SECONDS)
                except RelayProblem as problem:
                    failures += 1
                    self._bear(problem, failures)
        finally:
            try:
                if done is not None:
                    note(self._outbox, done)
            finally:
                _left(connection)

    def _takes_more(self, connection: Connection | None) -> bool:
        if connection is None or connection.is_closed:
            return False
        return connection.messages < self._rules.messages_per_connection

    def _is_due(self) -> bool:
        due = next_due(self._outbox)
        return due is not None and due <= self._now()

    def _waits_for_more(self) -> bool:
        """Wait a moment for what is due later; False if there is nothing to wait for."""
        look_at_clocks(self._outbox, self._timely)
        due = next_due(self._outbox)
        if not self._rules.waits or due is None:
            return False
        self._shared.stop.wait(min(IDLE_SECONDS, max(0.05, due - self._now())))
        return True

    def _ready(self, connection: Connection | None) -> Connection:
        """Return a connection that takes one more message.

        Raises:
            RelayProblem: there is none.
        """
        if connection is not None:
            if self._takes_more(connection):
                return connection
            connection.quit()
        return self._connect()

    def _bear(self, problem: RelayProblem, failures: int) -> None:
        """Wait before the relay is tried again; end the run if that does not help, or has not for long."""
        wait = None if problem.lasting else self._shared.patience.wait_seconds(monotonic(), failures)
        if wait is None:
            self._shared.trouble = problem
            self._shared.stop.set()
        else:
            self._shared.stop.wait(wait)

    def _attempt(self, claimed: Claim, connection: Connection) -> Done:
        """Offer one delivery to the relay, and say what became of it.

        Raises:
            RelayProblem: the relay takes no messages now; the delivery waits as it did.
        """
        try:
            done = self._offered(claimed, connection)
        except RelayProblem:
            note(self._outbox, Done(claimed, "given_back", self._now()))
            raise
        if done.outcome == "given_back":
            return done
        self._shared.patience.renew()
        with self._shared.turn:
            self._shared.outcomes[done.outcome] += 1
            try:
                self._tell(done)
            except Exception as error:  # whoever listens has gone; what was sent is noted all the same
                self._shared.failed = error
                self._shared.stop.set()
        return done

    def _offered(self, claimed: Claim, connection: Connection) -> Done:
        """Offer a delivery.

        Raises:
            RelayProblem: the relay takes no messages at all now; nothing was offered.
            Unreadable: the outbox can not be written; no end of a message was.
        """
        try:
            letter = self._letters(claimed, self._now())
        except PresskitError:  # the outbox
            raise
        except Exception as error:  # nothing was offered; one odd delivery does not stop all others
            return Done(claimed, "failed", self._now(), 0, f"no message can be made: {error}")
        try:
            connection.offer(letter.sender, claimed.envelope, letter.head, letter.body)
        except Refused as refused:
            return Done(claimed, "failed", self._now(), refused.code, refused.reply)
        except PutOff as put_off:
            return self._put_off(claimed, put_off)
        except Stale:
            return Done(claimed, "given_back", self._now())
        try:
            self._gate.look(self._now())
            may_end = mark_dot(self._outbox, claimed, letter.head, self._now(), self._timely)
        except BaseException:
            connection.drop()  # without its end, the message is not accepted
            raise
        if not may_end:
            connection.drop()
            return Done(claimed, "given_back", self._now())
        try:
            code, reply = connection.end()
        except Refused as refused:
            return Done(claimed, "failed", self._now(), refused.code, refused.reply)
        except PutOff as put_off:
            return self._put_off(claimed, put_off)
        except InDoubt as doubt:
            return Done(claimed, "in_doubt", self._now(), 0, doubt.reply)
        return Done(claimed, "sent", self._now(), code, reply)

    def _put_off(self, claimed: Claim, put_off: PutOff) -> Done:
        """Try again later, or give up."""
        now = self._now()
        if claimed.attempts >= self._rules.tries:
            reply = f"given up after {claimed.attempts} attempts: {put_off.reply}"
            return Done(claimed, "failed", now, put_off.code, reply)
        due = now + wait_seconds(claimed.attempts, self._chance, self._rules.first_wait_seconds)
        annoyed = put_off.knows_mailbox and (put_off.code == 421 or put_off.reply.startswith("4.7."))
        return Done(claimed, "put_off", now, put_off.code, put_off.reply, due, annoyed)


def _left(connection: Connection | None) -> None:
    """Take leave of the relay, if there is a connection."""
    if connection is not None:
        connection.quit()
