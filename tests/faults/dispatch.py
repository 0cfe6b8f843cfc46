"""Turns an outbox into mail, in a program that can be killed: ``python -m tests.faults.dispatch``.

For each line it reads it sends in a new process, which it kills after so many seconds if the line says so,
and writes how that ended.  Besides presskit's own way there are two others, which the same checks have to
find fault with.  Not here: what is checked (`mailing`).
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal, get_args

from presskit.clock import SystemClock
from presskit.errors import NotAllowed
from presskit.model.mail import Relay as RelaySettings
from presskit.send.outbox.claims import Claim
from presskit.send.outbox.store import Outbox
from presskit.send.relay import connection as relay
from presskit.send.relay import sender
from presskit.send.relay.gate import Gate
from presskit.send.relay.letters import LetterBox
from presskit.send.relay.opening import open_relay
from presskit.send.relay.sender import Rules, Sender, only_sender

Way = Literal["two marks", "send, then mark", "mark twenty, then send"]

ENDED, FAILED, BUSY, KILLED = 0, 1, 3, -signal.SIGKILL
"""How a process ends: nothing is left to send; it could not go on; another one is sending; it was killed."""

_ROOT = Path(__file__).parents[2]
_TWENTY = 20


class _Unsure(SystemClock):
    """A clock nobody keeps right."""

    def synchronised(self) -> bool:
        return False


def send(path: Path, port: int, way: Way, connections: int) -> None:
    """Send all there is, in one of the ways."""
    settings = RelaySettings(host="127.0.0.1", port=port, security="none")
    connect = partial(open_relay, settings, None, "desk.example.org", path.parent)
    outbox = Outbox.open(path)
    letters = LetterBox(outbox, "bounces@example.org", None)
    match way:
        case "two marks":
            relay.ANSWER_SECONDS, sender.IDLE_SECONDS = 1.0, 0.2  # as long waits as a test has time for
            rules = Rules(connections, tries=50, first_wait_seconds=0.05, waits=True)
            gate = Gate(outbox, lambda release: None, lambda: 0)
            with only_sender(path):
                Sender(outbox, connect, letters, gate, _Unsure(), rules).run()
        case "send, then mark":
            _one_by_one(outbox, connect, letters, 1, mark_after=True)
        case "mark twenty, then send":
            _one_by_one(outbox, connect, letters, _TWENTY, mark_after=False)


def _one_by_one(
    outbox: Outbox,
    connect: Callable[[], relay.Connection],
    letters: LetterBox,
    at_once: int,
    *,
    mark_after: bool,
) -> None:
    """Send as many systems do: with one mark for each delivery, before or after."""
    connection = connect()
    while rows := outbox.rows("select * from delivery where state='queued' order by id limit ?", at_once):
        if not mark_after:
            _mark(outbox, rows)
        for row in rows:
            letter = letters(_claim(row), time.time())
            connection.offer(letter.sender, row["envelope"], letter.head, letter.body)
            connection.end()
            if mark_after:
                _mark(outbox, [row])


def _mark(outbox: Outbox, rows: list[sqlite3.Row]) -> None:
    with outbox.transaction() as marked:
        marked.executemany("update delivery set state='sent' where id=?", [(row["id"],) for row in rows])


def _claim(row: sqlite3.Row) -> Claim:
    names = set(Claim.__dataclass_fields__) - {"edition"}
    return Claim(edition=1, **{name: row[name] for name in row.keys() if name in names})  # noqa: SIM118


@dataclass(frozen=True, slots=True)
class Dispatch:
    """The program, seen by who started it."""

    process: subprocess.Popen[str]

    def start(self, kill_after_seconds: float | None = None) -> None:
        """Let it send in a new process, which is killed then or never."""
        assert self.process.stdin
        self.process.stdin.write(f"{kill_after_seconds or ''}\n")
        self.process.stdin.flush()

    def end(self) -> int:
        """Wait for that process, and return how it ended: `ENDED`, `FAILED`, `BUSY` or `KILLED`."""
        assert self.process.stdout
        return int(self.process.stdout.readline())

    def run(self, kill_after_seconds: float | None = None) -> int:
        """Start and end."""
        self.start(kill_after_seconds)
        return self.end()

    def run_with_kills(self, seed: int, within_seconds: float, limit: int = 60) -> int:
        """Start and kill, again and again, until nothing is left to send; return how often it was killed."""
        chance, kills = random.Random(seed), 0
        while (ended := self.run(chance.uniform(0.001, within_seconds) if kills < limit else None)) == KILLED:
            kills += 1
        assert ended == ENDED
        return kills


@contextmanager
def dispatch(
    outbox: Path,
    port: int,
    *,
    way: Way = "two marks",
    connections: int = 1,
    disk_bytes: int = 0,
    environment: Mapping[str, str] | None = None,
) -> Iterator[Dispatch]:
    """Run the program.

    Args:
        disk_bytes: how large a file may grow until the disk is full; 0: there is room.
    """
    options = ("--way", way, "--connections", str(connections), "--disk-bytes", str(disk_bytes))
    with subprocess.Popen(
        (sys.executable, "-m", __name__, str(outbox), str(port), *options),
        cwd=_ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            yield Dispatch(process)
        finally:
            os.killpg(process.pid, signal.SIGKILL)


def main() -> None:
    """Start over for each line of stdin."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("outbox", type=Path)
    parser.add_argument("port", type=int)
    parser.add_argument("--way", choices=get_args(Way), default="two marks")
    parser.add_argument("--connections", type=int, default=1)
    parser.add_argument("--disk-bytes", type=int, default=0)
    chosen = parser.parse_args()
    if chosen.disk_bytes:
        resource.setrlimit(resource.RLIMIT_FSIZE, (chosen.disk_bytes, chosen.disk_bytes))
    for line in iter(sys.stdin.readline, ""):
        number = os.fork()
        if number == 0:
            _send_and_exit(chosen)
        status = _buried(number, float(line) if line.strip() else None)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def _buried(number: int, kill_after_seconds: float | None) -> int:
    """Return the status a process ends with, killed or not."""
    if kill_after_seconds is not None:
        end = time.monotonic() + kill_after_seconds
        while time.monotonic() < end:
            found, status = os.waitpid(number, os.WNOHANG)
            if found:
                return status
            time.sleep(0.001)
        os.kill(number, signal.SIGKILL)
    return os.waitpid(number, 0)[1]


def _send_and_exit(chosen: argparse.Namespace) -> None:
    try:
        send(chosen.outbox, chosen.port, chosen.way, chosen.connections)
    except NotAllowed:
        os._exit(BUSY)
    except BaseException as error:
        sys.stderr.write(f"{error!r}\n")
        sys.stderr.flush()
        os._exit(FAILED)
    os._exit(ENDED)


if __name__ == "__main__":
    main()
