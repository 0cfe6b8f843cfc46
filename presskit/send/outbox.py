"""The outbox: one SQLite file that knows of every delivery how far it got, through any crash.

Why it can be trusted: each transaction is on the disk before the next step is taken (write-ahead log,
``synchronous=FULL``), and one delivery exists once for one revision of a release and one mailbox (UNIQUE).
Not here: what is put into it (`queue`), taken out (`claims`) and asked of it (`deliveries`, `suppression`).

Source: sqlite.org, "Write-Ahead Logging" and "PRAGMA synchronous".
"""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any

from presskit.errors import Place, Problem, Unreadable

OUTBOX = "data/mail/outbox.db"
"""Where the outbox lies in the office's folder."""

VERSION = 1
PATIENCE_SECONDS = 30.0
"""How long to wait for another process that writes."""

_SCHEMA = """
create table meta(name text primary key, value blob not null) strict;
create table body(sha256 text primary key, content blob not null) strict;  -- as it goes over the wire
create table mailing(
  id integer primary key,
  queued_at real not null,
  kind text not null,                  -- now, at, embargo, early, test
  not_before real not null,            -- nothing is offered to the relay before
  zone text not null,                  -- the office's
  wall real, boot real, boot_id text,  -- both clocks when it was queued to wait; none: it need not wait
  held text not null default '',       -- why a person has to look first
  settled integer not null default 0   -- nothing waits in it
) strict;
create index unsettled on mailing(settled);
create table edition(                  -- a release in a mailing
  id integer primary key,
  mailing integer not null references mailing,
  slug text not null, revision integer not null, reference text not null,
  language text not null,
  headline text not null,
  letterhead text not null,            -- JSON: what the heads of all its messages share
  words text not null                  -- JSON: what its signatures are on
) strict;
create table variant(                  -- an edition with certain files attached
  id integer primary key,
  edition integer not null references edition,
  files text not null,
  content blob not null,               -- the lines of the head that say what the body is
  sha256 text not null references body
) strict;
create table delivery(
  id integer primary key,
  mailing integer not null references mailing,
  variant integer not null references variant,
  slug text not null, revision integer not null,
  test integer not null default 0,     -- the mailing, if it is a test
  key text not null,                   -- one for all spellings of a mailbox
  typed text not null, envelope text not null, domain text not null,
  name text not null, outlet text not null, list text not null, language text not null,
  message_id text not null unique,
  answers text not null default '',    -- Message-ID of the message this one corrects
  state text not null default 'queued',
  attempts integer not null default 0,
  due real not null,                   -- next attempt
  code integer, reply text not null default '', at real,
  head blob,                           -- as it was offered last; a second copy is the same, byte for byte
  unique (slug, revision, test, key)
) strict;
create index claimable on delivery(mailing, state, due);
create index mailbox on delivery(key);
create table attempt(delivery integer not null, at real not null, event text not null, code integer,
  reply text not null) strict;
create index attempts_of on attempt(delivery);
create table suppressed(key text primary key, typed text not null, reason text not null, at real not null,
  source text not null, detail text not null) strict;
create table event(                    -- a bounce, a wish: each counts once
  id text primary key,
  delivery integer, key text not null, kind text not null, status text not null, detail text not null,
  at real not null
) strict;
create index events_of on event(key, at);
create table halt(slug text primary key, at real not null, reason text not null) strict;  -- '': everything
"""


class Outbox:
    """An open outbox; threads of one process share it and take turns."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._turn = RLock()
        self.path = path

    @classmethod
    def open(cls, path: Path) -> Outbox:
        """Return the outbox in a file, which is made if there is none, for the owner's eyes only.

        Raises:
            Unreadable: it can not be opened, is none, or is one of a newer presskit.
        """
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if not path.exists():
                os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
            connection = sqlite3.connect(
                path, timeout=PATIENCE_SECONDS, isolation_level=None, check_same_thread=False
            )
            connection.row_factory = sqlite3.Row
            connection.execute("pragma journal_mode=wal")
            connection.execute("pragma synchronous=full")
            connection.execute("pragma foreign_keys=on")
            outbox = cls(connection, path)
            outbox._prepare()
        except (OSError, sqlite3.Error) as error:
            raise _unusable(path, str(error)) from error
        return outbox

    def _prepare(self) -> None:
        """Make the tables if the file is new."""
        with self.transaction() as rows:
            version = rows.execute("pragma user_version").fetchone()[0]
            if version == VERSION:
                return
            if version:
                raise _unusable(self.path, "it was made by a newer presskit")
            for statement in _SCHEMA.split(";\n"):
                rows.execute(statement)
            rows.execute("insert into meta values ('key', ?)", (secrets.token_bytes(32),))
            rows.execute(f"pragma user_version={VERSION}")

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Do all of what is in it, on disk when it ends, or nothing.

        Raises:
            sqlite3.Error: it could not be done; nothing was.
        """
        with self._turn:
            self._connection.execute("begin immediate")
            try:
                yield self._connection
                self._connection.execute("commit")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("rollback")
                raise

    def rows(self, question: str, *values: Any) -> list[sqlite3.Row]:  # noqa: ANN401 (whatever SQLite takes)
        """Return the rows a question gives."""
        with self._turn:
            return self._connection.execute(question, values).fetchall()

    def value(self, question: str, *values: Any) -> Any:  # noqa: ANN401
        """Return the first value of the first row; ``None`` if there is none."""
        found = self.rows(question, *values)
        return found[0][0] if found else None

    @property
    def key(self) -> bytes:
        """The secret that makes Message-IDs and return addresses nobody else can make."""
        return bytes(self.value("select value from meta where name='key'"))

    def sound(self) -> str:
        """Return "ok" if the file is whole, else what SQLite finds wrong with it."""
        return str(self.value("pragma integrity_check(1)"))

    def close(self) -> None:
        """Close it."""
        with self._turn:
            self._connection.close()


def _unusable(path: Path, why: str) -> Unreadable:
    what = f"the outbox can not be used: {why}."
    fix = "put it back from a copy; never delete it, since it knows who has got what."
    return Unreadable(Problem(Place(path.as_posix()), "", what, fix, "outbox-unusable"))
