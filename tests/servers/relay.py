"""Turns a list of faults into a relay on this machine, and its log into what it accepted.

Not here: the server itself (`faulty`), and relays that encrypt (`secure`).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.servers import faulty
from tests.servers.faulty import DOUBTFUL, Fault
from tests.servers.running import HOST, Running, running, wait_for


@dataclass(frozen=True, slots=True)
class Accepted:
    """A message the relay took responsibility for."""

    message_id: str
    recipients: tuple[str, ...]
    sender: str  # of the envelope
    sha256: str  # of the message as received, without the dots that were stuffed in
    bytes: int
    too_long: bool  # a line of it is longer than mail may have
    bare_newlines: int  # lines that do not end in CRLF, and CR within a line
    at: float  # seconds since 1970, by the relay's clock


@dataclass(frozen=True, slots=True)
class Failed:
    """A fault the relay made."""

    kind: Fault
    about: str  # the recipient, or "connection", or "message"

    @property
    def is_doubtful(self) -> bool:
        """Whether a sender can not know after it if the message was accepted."""
        return self.kind in DOUBTFUL


@dataclass(frozen=True, slots=True)
class Relay:
    """A mail server that fails as it was told to."""

    port: int
    log: Path
    running: Running
    host: str = HOST

    def accepted(self) -> list[Accepted]:
        """Return what it accepted, in order."""
        notes = self._notes("accepted")
        return [Accepted(**{**note, "recipients": tuple(note["recipients"])}) for note in notes]

    def faults(self) -> list[Failed]:
        """Return the faults it made, in order."""
        return [Failed(note["kind"], note["about"]) for note in self._notes("fault")]

    def most_connections(self) -> int:
        """Return how many connections were open at once."""
        return max((note["most"] for note in self._notes("connections")), default=0)

    def _notes(self, event: str) -> Iterator[dict[str, Any]]:
        text = self.log.read_text("utf-8") if self.log.exists() else ""
        for line in text[: text.rfind("\n") + 1].splitlines():
            note = json.loads(line)
            if note.pop("event") == event:
                yield note


@contextmanager
def relay(
    folder: Path,
    faults: Mapping[Fault, float] | None = None,
    *,
    seed: int = 1,
    answer_seconds: float = 0.0,
    stall_seconds: float = 0.0,
) -> Iterator[Relay]:
    """Run a relay whose log lies in a folder.

    Args:
        faults: chance of each, 0 to 1; those not named never happen. Addresses that begin with `bad` are
            always refused.
        answer_seconds: how much later each acceptance is answered, and `stall_seconds` one that stalls.
    """
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "relay.jsonl"
    chances = json.dumps(dict(faults or {}))
    waits = ("--answer-seconds", str(answer_seconds), "--stall-seconds", str(stall_seconds))
    program = (sys.executable, faulty.__file__, str(log), chances, "--seed", str(seed), *waits)
    with running(program, folder / "server") as server:
        wait_for(lambda: b"\n" in server.said.read_bytes(), server)
        yield Relay(int(server.said.read_text("utf-8").split()[0]), log, server)
