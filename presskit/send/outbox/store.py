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
from typing import Any, Self

from presskit.disk import settle
from presskit.errors import Place, Problem, Unreadable

OUTBOX = "data/mail/outbox.db"
"""Where the outbox lies in the office's folder."""

VERSION = 1
APPLICATION = 0x70724D6C
"""What tells this file from those of other programs: “prMl”.  Source: sqlite.org, "PRAGMA application_id"."""
PATIENCE_SECONDS = 30.0
"""How long to wait for another process that writes."""

_SCHEMA = """
create table meta(name text primary key, value blob not null) strict;
create table body(
  sha256 text primary key,
  content blob not null                -- as it goes over the wire
) strict;
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
  words text not null,                 -- JSON: what its signatures are on
  files text not null                  -- JSON: SHA-256 of the kit's files
) strict;
create index editions_of on edition(mailing);
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
  unwanted integer not null default 0, -- cancelled while it was under way
  due real not null,                   -- next attempt
  code integer, reply text not null default '', at real,
  head blob,                           -- as it was offered last; a second copy is the same, byte for byte
  unique (slug, revision, test, key)
) strict;
create index claimable on delivery(mailing, state, due);
create index of_domain on delivery(domain, state, due);
create index of_release on delivery(slug);
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
create table halt(
  slug text primary key,               -- '': everything
  at real not null, reason text not null
) strict;
"""


class Outbox:
    """An open outbox; threads of one process share it and take turns."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._turn = RLock()
        self.path = path

    @classmethod
    def open(cls, path: Path) -> Self:
        """Return the outbox in a file, which is made if there is none, for the owner's eyes only.

        Raises:
            Unreadable: it can not be opened, is none, has lost all it held, or is one of a newer presskit.
        """
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if not path.exists():
                cls._found(path)
            if not path.stat().st_size:
                raise _unusable(path, "it is empty")
            return cls._connected(path)
        except (OSError, sqlite3.Error) as error:
            raise _unusable(path, str(error)) from error

    @classmethod
    def _found(cls, path: Path) -> None:
        """Make a new outbox elsewhere and put it in its place whole, unless another process was faster.

        Why: a file that is empty has lost what it held, whatever crashed; it is never a new one.
        """
        scratch = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        try:
            os.close(os.open(scratch, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
            cls._connected(scratch).close()
            try:
                os.link(scratch, path)
            except FileExistsError:
                return
            except OSError:  # a file system without second names
                scratch.rename(path)
            settle(path.parent)
        finally:
            scratch.unlink(missing_ok=True)

    @classmethod
    def _connected(cls, path: Path) -> Self:
        connection = sqlite3.connect(
            path, timeout=PATIENCE_SECONDS, isolation_level=None, check_same_thread=False
        )
        connection.row_factory = sqlite3.Row
        outbox = cls(connection, path)
        try:
            outbox._prepare()
        except BaseException:
            connection.close()
            raise
        return outbox

    @classmethod
    def nowhere(cls) -> Outbox:
        """Return an empty outbox in memory, for whoever only looks where there is none yet."""
        connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        connection.row_factory = sqlite3.Row
        outbox = cls(connection, Path(OUTBOX))
        outbox._prepare()
        return outbox

    def _prepare(self) -> None:
        """Make the tables if the file is new.

        Raises:
            Unreadable: it is no outbox of ours.
        """
        with _told(self.path):
            self._connection.execute("pragma synchronous=full")
            self._connection.execute("pragma foreign_keys=on")
        if self._made_by() != (APPLICATION, VERSION):
            self._make()
        with _told(self.path):
            self._keep_a_log()

    def _keep_a_log(self) -> None:
        """Have the file written by way of a log beside it, so that nobody who reads has to wait.

        Why it need not work: another process may be at just that, and what is written is safe either way.
        """
        try:
            self._connection.execute("pragma journal_mode=wal")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise

    def _made_by(self) -> tuple[int, int]:
        return self.value("pragma application_id"), self.value("pragma user_version")

    def _make(self) -> None:
        with self.transaction() as rows:
            application, version = self._made_by()
            if (application, version) == (APPLICATION, VERSION):
                return  # another process made them a moment ago
            if application == APPLICATION:
                raise _unusable(self.path, "it was made by a newer presskit")
            if rows.execute("select 1 from sqlite_master").fetchone() is not None:
                raise _unusable(self.path, "another program made it")
            for statement in _SCHEMA.split(";\n"):
                rows.execute(statement)
            rows.execute("insert into meta values ('key', ?)", (secrets.token_bytes(32),))
            rows.execute(f"pragma application_id={APPLICATION}")
            rows.execute(f"pragma user_version={VERSION}")

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Do all of what is in it, on disk when it ends, or nothing.

        Raises:
            Unreadable: it could not be done, the disk being full, say; nothing was.
        """
        with self._turn, _told(self.path):
            self._connection.execute("begin immediate")
            try:
                yield self._connection
                self._connection.execute("commit")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("rollback")
                raise

    def rows(self, question: str, *values: Any) -> list[sqlite3.Row]:  # noqa: ANN401 (whatever SQLite takes)
        """Return the rows a question gives.

        Raises:
            Unreadable: the file can not be read.
        """
        with self._turn, _told(self.path):
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


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Say what SQLite can not do the way people are told; a wrong question of ours stays a bug.

    Raises:
        Unreadable: the disk is full or fails, the file is damaged, or others write all the time.
    """
    try:
        yield
    except (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.InterfaceError):
        raise
    except sqlite3.Error as error:
        raise _unusable(path, str(error), getattr(error, "sqlite_errorcode", 0) & 0xFF) from error


_FIXES = {
    sqlite3.SQLITE_BUSY: "another program is writing to it; try again when that has ended.",
    sqlite3.SQLITE_FULL: "make room on the disk, then start again; what was noted is kept.",
    sqlite3.SQLITE_IOERR: "see whether the disk has room and is sound, then start again.",
    sqlite3.SQLITE_READONLY: "let presskit write the file and its folder.",
    sqlite3.SQLITE_CANTOPEN: "let presskit write the file and its folder.",
}


def _unusable(path: Path, why: str, code: int = 0) -> Unreadable:
    what = f"the outbox can not be used: {why}."
    fix = _FIXES.get(code, "put it back from a copy; never delete it, since it knows who has got what.")
    return Unreadable(Problem(Place(path.as_posix()), "", what, fix, "outbox-unusable"))
