"""Turns messages into lines of a log: a mail server that fails on purpose and never lies; run on its own.

What it accepts is on the disk before it says so, and so is each fault it makes; whatever a sender believes
can be held against that log.  It needs nothing but Python, so that it starts at once.
Not here: encryption and passwords (`secure`), starting it from a test (`relay`).
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import os
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Literal, NoReturn, get_args

Fault = Literal[
    "connect_drop",  # hangs up instead of greeting
    "banner_421",
    "greeting_long",  # two thousand lines, and right
    "mail_451",
    "mail_530",  # wants a password first
    "mail_garbage",  # an answer that is none
    "rcpt_450",
    "rcpt_drop",
    "data_452",
    "data_drop",  # hangs up while the message comes
    "dot_451",  # the message is whole, and is put off
    "dot_421",  # the same, and hangs up
    "dot_554",
    "accepted_drop",  # accepted, and hangs up without saying so: RFC 1047
    "accepted_garbage",
    "accepted_overlong",  # one line longer than any client reads
    "accepted_long",  # two hundred lines, and right
    "accepted_stall",  # accepted, and says so too late
]
FAULTS: tuple[Fault, ...] = get_args(Fault)

DOUBTFUL = frozenset(
    {"data_drop", "accepted_drop", "accepted_garbage", "accepted_overlong", "accepted_stall"}
)
"""After which a sender can not know; `data_drop`, for it may have sent all before it notices."""

_LINE_LIMIT_BYTES = 1 << 22
_TEXT_LINE_BYTES = 1000  # with CRLF: RFC 5321, 4.5.3.1.6
_DROP_WITHIN_BYTES = 40_000


@dataclass(frozen=True, slots=True)
class Settings:
    """How it fails."""

    log: Path
    chances: dict[str, float]  # of each fault, 0 to 1
    seed: int = 1
    answer_seconds: float = 0.0  # each acceptance is answered this much later
    stall_seconds: float = 0.0  # so is one that stalls


class _HangUp(Exception):
    """The connection ends here."""


@dataclass(slots=True)
class _Message:
    """What is being sent on a connection."""

    sender: str = ""
    recipients: list[str] = field(default_factory=list)


class Server:
    """Keeps the log, and decides what fails."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._log = os.open(settings.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._turns: Counter[str] = Counter()
        self._open = self._most = 0

    def note(self, event: str, **facts: Any) -> None:
        """Put a line on the disk."""
        line = json.dumps({"event": event, "at": time.time(), **facts})
        os.write(self._log, line.encode() + b"\n")
        os.fsync(self._log)

    def fails(self, fault: Fault, about: str) -> bool:
        """Decide by lot, and note it.

        The lot hangs on what it is about and how often that came, never on timing.
        """
        self._turns[f"{fault} {about}"] += 1
        lot = Random(f"{self.settings.seed} {fault} {about} {self._turns[f'{fault} {about}']}").random()
        if lot >= self.settings.chances.get(fault, 0.0):
            return False
        self.note("fault", kind=fault, about=about)
        return True

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection to its end."""
        self._open += 1
        if self._open > self._most:
            self._most = self._open
            self.note("connections", most=self._most)
        try:
            await _Connection(self, reader, writer).run()
        except (_HangUp, OSError, ValueError, asyncio.IncompleteReadError):
            pass  # either side has gone
        finally:
            self._open -= 1
            writer.close()


class _Connection:
    """One connection, command by command."""

    def __init__(self, server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.server, self._reader, self._writer = server, reader, writer
        self._message: _Message | None = None
        self._greeted = False

    async def run(self) -> None:
        if self.server.fails("connect_drop", "connection"):
            return
        if self.server.fails("banner_421", "connection"):
            await self._say("421 4.3.2 busy")
            return
        await self._say("220 relay.example.org ESMTP")
        while line := await self._reader.readline():
            verb, _, rest = line.decode("utf-8", "replace").strip().partition(" ")
            match verb.upper():
                case "EHLO" | "HELO":
                    await self._hello(verb.upper())
                case "MAIL":
                    await self._mail(_path(rest))
                case "RCPT":
                    await self._rcpt(_path(rest))
                case "DATA":
                    await self._data()
                case "RSET":
                    self._message = None
                    await self._say("250 2.0.0 ok")
                case "NOOP":
                    await self._say("250 2.0.0 ok")
                case "QUIT":
                    await self._say("221 2.0.0 bye")
                    return
                case _:
                    await self._say("502 5.5.1 not known")

    async def _say(self, line: str) -> None:
        self._writer.write(line.encode("latin-1") + b"\r\n")
        await self._writer.drain()

    async def _hello(self, verb: str) -> None:
        self._greeted, self._message = True, None
        if verb == "HELO":
            await self._say("250 relay.example.org")
            return
        extra = 2000 if self.server.fails("greeting_long", "connection") else 0
        lines = ["relay.example.org", *(f"X-LINE-{number}" for number in range(extra))]
        lines += ["8BITMIME", "ENHANCEDSTATUSCODES", "SIZE 20000000"]
        await self._say("\r\n".join([*(f"250-{line}" for line in lines[:-1]), f"250 {lines[-1]}"]))

    async def _mail(self, sender: str) -> None:
        if not self._greeted or self._message is not None:
            await self._say("503 5.5.1 not now")
        elif self.server.fails("mail_530", "message"):
            await self._say("530 5.7.0 Authentication required")
        elif self.server.fails("mail_451", "message"):
            await self._say("451 4.7.1 greylisted")
        elif self.server.fails("mail_garbage", "message"):
            await self._say("\x00\xff?? %s %n 2")
        else:
            self._message = _Message(sender)
            await self._say("250 2.1.0 ok")

    async def _rcpt(self, recipient: str) -> None:
        if self._message is None:
            await self._say("503 5.5.1 not now")
        elif recipient.startswith("bad"):
            await self._say("550 5.1.1 no such user")
        elif self.server.fails("rcpt_450", recipient):
            await self._say("450 4.2.1 mailbox busy")
        elif self.server.fails("rcpt_drop", recipient):
            raise _HangUp
        else:
            self._message.recipients.append(recipient)
            await self._say("250 2.1.5 ok")

    async def _data(self) -> None:
        message, self._message = self._message, None
        if message is None or not message.recipients:
            await self._say("503 5.5.1 no valid recipients")
            return
        about = message.recipients[0]
        if self.server.fails("data_452", about):
            await self._say("452 4.3.1 disk full")
            return
        await self._say("354 go on")
        facts = await self._receive(about)
        if self.server.fails("dot_451", about):
            await self._say("451 4.3.0 try later")
        elif self.server.fails("dot_421", about):
            await self._say("421 4.3.2 shutting down")
            raise _HangUp
        elif self.server.fails("dot_554", about):
            await self._say("554 5.6.0 content refused")
        else:
            self.server.note("accepted", sender=message.sender, recipients=message.recipients, **facts)
            await self._acknowledge(about)

    async def _receive(self, about: str) -> dict[str, Any]:
        """Read to the dot, and return what came, dots unstuffed."""
        drop_after = _DROP_WITHIN_BYTES + 1
        if self.server.settings.chances.get("data_drop"):
            drop_after = Random(f"{self.server.settings.seed} {about}").randrange(_DROP_WITHIN_BYTES)
        digest, size, longest, bare, message_id = hashlib.sha256(), 0, 0, 0, ""
        asked = False
        while (line := await self._reader.readline()) != b".\r\n":
            if not line.endswith(b"\n"):
                raise _HangUp  # lost before the dot: not accepted
            if size >= drop_after and not asked:
                asked = True
                if self.server.fails("data_drop", about):
                    raise _HangUp
            text = line.removeprefix(b".")
            digest.update(text)
            size, longest = size + len(text), max(longest, len(text))
            bare += not line.endswith(b"\r\n") or b"\r" in line[:-2]
            if not message_id and text.lower().startswith(b"message-id:"):
                message_id = text.partition(b":")[2].decode("utf-8", "replace").strip()
        found = {"message_id": message_id, "sha256": digest.hexdigest(), "bytes": size}
        return {**found, "too_long": longest > _TEXT_LINE_BYTES, "bare_newlines": bare}

    async def _acknowledge(self, about: str) -> None:
        """Say that it was accepted, or fail to."""
        await asyncio.sleep(self.server.settings.answer_seconds)
        if self.server.fails("accepted_drop", about):
            raise _HangUp
        if self.server.fails("accepted_garbage", about):
            await self._say("\xff\xfeaccepted?")
        elif self.server.fails("accepted_overlong", about):
            await self._say("250 2.0.0 " + "x" * 100_000)
        elif self.server.fails("accepted_long", about):
            await self._say("\r\n".join(["250-2.0.0 ok"] * 200 + ["250 2.0.0 ok"]))
        elif self.server.fails("accepted_stall", about):
            await asyncio.sleep(self.server.settings.stall_seconds)
            await self._say("250 2.0.0 ok, at last")
        else:
            await self._say("250 2.0.0 ok")


def _path(argument: str) -> str:
    """Return the address of ``FROM:<a@example.org> SIZE=1``."""
    return argument[argument.index("<") + 1 : argument.index(">")]


async def listen(settings: Settings) -> NoReturn:
    """Serve on a free port of this machine alone, whose number is the one line on stdout."""
    serving = await asyncio.start_server(Server(settings).serve, "127.0.0.1", 0, limit=_LINE_LIMIT_BYTES)
    sys.stdout.write(f"{serving.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    async with serving:
        await serving.serve_forever()
    raise AssertionError("it serves for ever")


def _settings() -> Settings:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("log", type=Path)
    parser.add_argument("chances", type=json.loads, help='{"mail_451": 0.05}')
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--answer-seconds", type=float, default=0.0)
    parser.add_argument("--stall-seconds", type=float, default=0.0)
    settings = Settings(**vars(parser.parse_args()))
    if unknown := set(settings.chances) - set(FAULTS):
        parser.error(f"no such fault: {', '.join(sorted(unknown))}")
    return settings


if __name__ == "__main__":
    asyncio.run(listen(_settings()))
