"""How fast the whole outbox sends, beside a client that keeps nothing and a loop that makes every message.

All take turns in one run against the same smtp-sink, which takes mail as fast as it gets it.  Not here: what
becomes of mail when something fails (`tests.faults`).
"""

from __future__ import annotations

import csv
import json
import os
import smtplib
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from functools import partial
from pathlib import Path

from presskit.clock import SystemClock
from presskit.load.media import load_list
from presskit.model.mail import Relay
from presskit.send.message.body import Attachment, Prepared, prepare
from presskit.send.outbox.deliveries import counts
from presskit.send.outbox.store import OUTBOX, Outbox
from presskit.send.relay.gate import Gate
from presskit.send.relay.letters import LetterBox
from presskit.send.relay.opening import open_relay
from presskit.send.relay.sender import Rules, Sender, only_sender
from presskit.workspace import Workspace
from presskit.writers.mail import MailBody
from tests.faults.mailing import SLUG, addresses, fill, new_outbox
from tests.send.sample import letterhead
from tests.servers.postfix import smtp_sink, smtp_source
from tests.servers.running import HOST

PDF = os.urandom(300_000)
TEXT = "Twelve arrests were made in the operation.\n\n" * 60
HTML = "<html><body>" + "<p>Twelve arrests were made in the operation.</p>" * 60 + "</body></html>"
MESSAGES, PLAIN_MESSAGES = 1000, 200
ROUNDS = 3
SOURCE_CONNECTIONS = 4
MANY = 100_000


def body() -> Prepared:
    """Return a release with its PDF, 417 kB on the wire."""
    return prepare(MailBody(TEXT, HTML, ()), (Attachment("kit.pdf", "application/pdf", PDF),), "en-CA")


def sending() -> Iterator[tuple[str, ...]]:
    """Yield rows of what sent, messages a second, and the ratio to smtp-source: medians of all rounds."""
    size = len(body().body)
    rates: dict[str, list[float]] = {}
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as name, smtp_sink(Path(name)) as port:
            source = MESSAGES / smtp_source(port, MESSAGES, size, SOURCE_CONNECTIONS)
            rates.setdefault(f"smtp-source, connections: {SOURCE_CONNECTIONS}", []).append(source)
            for connections in (1, 2, 4):
                rate = MESSAGES / _outbox_seconds(Path(name) / str(connections), port, connections)
                rates.setdefault(f"presskit: whole outbox, connections: {connections}", []).append(rate)
            rates.setdefault("smtplib, each message made anew, connections: 1", []).append(
                PLAIN_MESSAGES / _plain_seconds(port)
            )
    (fastest, *_) = map(statistics.median, rates.values())
    for what, found in rates.items():
        rate = statistics.median(found)
        yield f"{what}; {size // 1000} kB each", f"{rate:.0f}", f"{rate / fastest:.2f}"


def _outbox_seconds(folder: Path, port: int, connections: int) -> float:
    """Return how long the outbox takes to send a mailing, from its first claim to its last mark."""
    outbox = new_outbox(folder)
    fill(outbox, addresses(MESSAGES), body=body())
    settings = Relay(host=HOST, port=port, security="none")
    connect = partial(open_relay, settings, None, "desk.example.org", folder)
    letters = LetterBox(outbox, "bounces@example.org", None)
    gate = Gate(outbox, lambda release: None, lambda: 0)
    with only_sender(outbox.path):
        sender = Sender(outbox, connect, letters, gate, SystemClock(), Rules(connections))
        began = time.perf_counter()
        sender.run()
        took = time.perf_counter() - began
    assert counts(outbox, SLUG) == {1: {"sent": MESSAGES}}
    outbox.close()
    return took


def _plain_seconds(port: int) -> float:
    """Return how long a loop takes as many programs have it: one connection, a message made for each."""
    began = time.perf_counter()
    with smtplib.SMTP(HOST, port, local_hostname="desk.example.org") as client:
        for address in addresses(PLAIN_MESSAGES):
            message = EmailMessage()
            message["From"], message["To"] = "press@example.org", address
            message["Subject"], message["Date"] = letterhead().subject, format_datetime(datetime.now(UTC))
            message.set_content(TEXT)
            message.add_alternative(HTML, subtype="html")
            message.add_attachment(PDF, "application", "pdf", filename="kit.pdf")
            client.send_message(message)
    return time.perf_counter() - began


def queueing() -> Iterator[tuple[str, ...]]:
    """Yield rows of what was done with many recipients, seconds, and how the peak of memory grew, in MB."""
    for count in (MANY // 10, MANY):
        said = subprocess.run(
            (sys.executable, "-m", __name__, str(count)), check=True, capture_output=True, text=True
        )
        for what, seconds, megabytes in json.loads(said.stdout):
            yield f"{count:,} recipients {what}", f"{seconds:.1f}", f"{megabytes:.0f}"


def _queue_many(count: int) -> list[tuple[str, float, float]]:
    """Queue for so many recipients, in this process alone: once as they come, and once from a list."""
    rows, content = [], body()

    def measured(what: str, began: float, before: int) -> None:
        grown = (_peak_kb() - before) / 1024
        rows.append((what, time.perf_counter() - began, grown))

    with tempfile.TemporaryDirectory() as name:
        began, before = time.perf_counter(), _peak_kb()
        fill(new_outbox(Path(name)), addresses(count), body=content)
        measured("queued", began, before)
        _write_list(Path(name), count)
        began, before = time.perf_counter(), _peak_kb()
        found = load_list(Workspace(Path(name), datetime.now(UTC)), "many")
        measured("read from their list", began, before)
        began, before = time.perf_counter(), _peak_kb()
        Outbox.open(Path(name) / OUTBOX).close()
        people = (recipient.address.envelope for recipient in found.recipients)
        fill(Outbox.open(Path(name) / OUTBOX), people, slug="another", body=content)
        measured("of that list queued", began, before)
    return rows


def _write_list(root: Path, count: int) -> None:
    folder = root / "data/media-lists"
    folder.mkdir(parents=True)
    (folder / "many.yaml").write_text("kind: media\nconsent: public newsroom addresses\n", "utf-8")
    with (folder / "many.csv").open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(("outlet", "reporter", "email", "language"))
        rows.writerows(("Outlet", f"Desk {n}", address, "en") for n, address in enumerate(addresses(count)))


def _peak_kb() -> int:
    """Return the most memory this program had at once.

    Why: getrusage would count what the process had before it became this program.
    """
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.partition("VmHWM:")[2].split()[0])


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_queue_many(int(sys.argv[1]))))
