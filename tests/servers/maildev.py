"""Turns messages into what another program than Python reads in them: maildev, a mail server with a page.

Not here: what a test expects to be read.
"""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.conformance.judges import SERVERS, judges_folder, require
from tests.servers.running import HOST, NotUp, Running, free_port, is_open, running, wait_for


@dataclass(frozen=True, slots=True)
class Maildev:
    """A mail server that parses what it gets."""

    port: int
    page_port: int
    running: Running
    host: str = HOST

    def message(self, message_id: str, seconds: float = 20.0) -> dict[str, Any]:
        """Return how it reads a message: subject, from, to, text, html, headers, attachments.

        Raises:
            NotUp: it has none of that id within the time.
        """
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for read in json.loads(self._get("email")):
                if read["headers"].get("message-id") == message_id:
                    return dict(read)
            time.sleep(0.02)
        raise NotUp(f"maildev has no message {message_id}")

    def attachment(self, read: dict[str, Any], name: str) -> bytes:
        """Return the content of the attachment with a file's name."""
        (kept,) = (a["generatedFileName"] for a in read["attachments"] if a["fileName"] == name)
        return self._get(f"email/{read['id']}/attachment/{quote(kept)}")

    def _get(self, path: str) -> bytes:
        with urllib.request.urlopen(f"http://{self.host}:{self.page_port}/{path}") as answer:
            return bytes(answer.read())


@contextmanager
def maildev(folder: Path) -> Iterator[Maildev]:
    """Run it."""
    require("maildev")
    port, page_port = free_port(), free_port()
    program = ("node", str(judges_folder().resolve() / SERVERS["maildev"]))
    mail = ("--ip", HOST, "--smtp", str(port), "--mail-directory", str(folder / "kept"))
    page = ("--web-ip", HOST, "--web", str(page_port))
    with running((*program, *mail, *page), folder / "maildev") as started:
        wait_for(lambda: is_open(port) and is_open(page_port), started)
        yield Maildev(port, page_port, started)
