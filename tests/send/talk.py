"""Turns a list of replies into a relay that gives just these: one that lies, babbles, or hangs up on cue.

Not here: relays that behave, or fail by lot (`tests.servers`).
"""

from __future__ import annotations

import socket
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import BinaryIO

HOST = "127.0.0.1"
HANG_UP, SILENCE = "(hangs up)", ""
FINE: Mapping[str, str] = {
    "greeting": "220 relay.example.org ESMTP",
    "EHLO": "250-relay.example.org\r\n250-8BITMIME\r\n250 SIZE 1000000",
    "MAIL": "250 2.1.0 ok",
    "RCPT": "250 2.1.5 ok",
    "DATA": "354 go on",
    "dot": "250 2.0.0 kept",
    "RSET": "250 2.0.0 ok",
    "QUIT": "221 2.0.0 bye",
}

Script = Mapping[str, str | Sequence[str | bytes]]
"""What a relay says to each command, one reply after the other, the last for ever.

"greeting" is said first, "message" while a message comes, and "dot" to its end.
"""


@dataclass(slots=True)
class Talk:
    """A relay, and what it heard."""

    port: int
    heard: list[str] = field(default_factory=list)  # commands, of all connections
    messages: list[bytes] = field(default_factory=list)  # that it said yes to, as they came over the wire
    dots: list[str] = field(default_factory=list)  # whom each message that was ended is for
    broken_off: list[bytes] = field(default_factory=list)  # messages without an end
    connections: int = 0
    ended: int = 0  # of the connections
    stop: Event = field(default_factory=Event)

    @property
    def verbs(self) -> list[str]:
        """The first words of what it heard."""
        return [command.partition(" ")[0] for command in self.heard]


@contextmanager
def talk(*scripts: Script) -> Iterator[Talk]:
    """Run a relay that follows a script on each connection, the last script on all that come after."""
    with socket.create_server((HOST, 0)) as listening:
        listening.settimeout(0.05)
        talking = Talk(listening.getsockname()[1])
        doorman = Thread(target=_welcome, args=(listening, talking, scripts or ({},)))
        doorman.start()
        try:
            yield talking
        finally:
            talking.stop.set()
            doorman.join()


def _welcome(listening: socket.socket, talking: Talk, scripts: Sequence[Script]) -> None:
    threads = []
    while not talking.stop.is_set():
        with suppress(TimeoutError):
            wire, _ = listening.accept()
            script = scripts[min(talking.connections, len(scripts) - 1)]
            talking.connections += 1
            threads.append(Thread(target=_serve, args=(wire, talking, script)))
            threads[-1].start()
    for thread in threads:
        thread.join()


def _serve(wire: socket.socket, talking: Talk, script: Script) -> None:
    wire.settimeout(10)
    try:
        _follow(wire, talking, script)
    finally:
        talking.ended += 1


def _follow(wire: socket.socket, talking: Talk, script: Script) -> None:
    with suppress(OSError, _HangUp), wire, wire.makefile("rb") as lines:
        conversation = _Conversation(wire, script)
        conversation.say("greeting")
        mailbox = ""
        while line := lines.readline():
            command = line.decode("utf-8", "replace").strip()
            verb = command.partition(" ")[0].upper()
            talking.heard.append(verb + command[len(verb) :])
            if verb == "RCPT":
                mailbox = command.partition("<")[2].partition(">")[0]
            if conversation.say(verb).startswith("354"):
                conversation.say("message")
                message = _message(lines)
                if not message.endswith(b"\r\n.\r\n"):
                    talking.broken_off.append(message)
                    return
                talking.dots.append(mailbox)
                if conversation.comes("dot").startswith("2"):  # kept before it is said
                    talking.messages.append(message.removesuffix(b".\r\n"))
                conversation.say("dot")


def _message(lines: BinaryIO) -> bytes:
    """Return a message up to its end, or as far as it came."""
    found = []
    while line := lines.readline():
        found.append(line)
        if line == b".\r\n":
            break
    return b"".join(found)


class _HangUp(Exception):
    """The connection ends here."""


class _Conversation:
    """How far a script was followed on a connection."""

    def __init__(self, wire: socket.socket, script: Script) -> None:
        self._wire, self._script, self._turns = wire, script, Counter[str]()

    def comes(self, about: str) -> str:
        """Return what is said next, and say nothing yet."""
        reply = self._next(about)
        return reply if isinstance(reply, str) else reply.decode("latin-1")

    def say(self, about: str) -> str:
        """Say what comes next; return it."""
        said, reply = self.comes(about), self._next(about)
        self._turns[about] += 1
        if reply == HANG_UP:
            raise _HangUp
        if reply:
            self._wire.sendall(reply if isinstance(reply, bytes) else reply.encode() + b"\r\n")
        return said

    def _next(self, about: str) -> str | bytes:
        unknown = SILENCE if about == "message" else "502 5.5.1 not known"
        found = self._script.get(about, FINE.get(about, unknown))
        replies = [found] if isinstance(found, str) else list(found)
        return replies[min(self._turns[about], len(replies) - 1)]
