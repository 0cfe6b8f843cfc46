"""Words and fields to the archived versions that have them, by an index that can be thrown away.

The index is one SQLite file outside the archive.  It follows the archive's log; what is missing, damaged, of
an older presskit or of another log is made anew.  Not here: whether a version is as it was (`verify`).
"""

from __future__ import annotations

import os
import re
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import astuple, dataclass, replace
from datetime import date
from itertools import starmap
from pathlib import Path

from presskit.archive.index import A_DAY, Journal, Row, first_place, read_journal, rows_of, unread
from presskit.archive.shelf import Shelf
from presskit.disk import one_at_a_time
from presskit.errors import Place, Problem, Unreadable

SCHEMA = 1
"""Of the index; raised when a text would be entered in another way."""

QUERY_LIMIT = 1000
"""How much of what is asked for is looked at, in characters."""

_TABLES = f"""
PRAGMA page_size = 8192;
PRAGMA user_version = {SCHEMA};
CREATE TABLE journal (bytes INTEGER, last TEXT);
CREATE TABLE version (
    place INTEGER PRIMARY KEY, slug TEXT, number INTEGER, reference TEXT, issued TEXT, headline TEXT,
    language TEXT, state TEXT
);
CREATE VIRTUAL TABLE words USING fts5(
    headline, text, speakers, agencies, columnsize = 0, tokenize = 'unicode61 remove_diacritics 2'
);
INSERT INTO words (words, rank) VALUES ('hashsize', 33554432);
"""

_QUERY = """
SELECT slug, number, reference, issued, version.headline, language, state, {snippet}
FROM {tables} WHERE {conditions} ORDER BY {place} DESC LIMIT ?
"""


@dataclass(frozen=True, slots=True)
class Found:
    """An archived version that has what was asked for."""

    slug: str
    version: int  # from 1
    reference: str  # "" if it has none
    issued: str  # year-month-day
    headline: str
    language: str
    state: str  # as it stood when it was archived
    snippet: str  # of its text, around the words


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked for; all of it has to hold."""

    words: str = ""  # words, "phrases", begin*
    slug: str | None = None
    speaker: str | None = None  # id, or words of the name or title
    agency: str | None = None
    language: str | None = None  # "fr" finds fr-CA too
    since: date | None = None  # day of issue, both ends included
    until: date | None = None
    reference: str | None = None


def find(
    shelf: Shelf,
    index_path: Path,
    query: str = "",
    *,
    slug: str | None = None,
    speaker: str | None = None,
    agency: str | None = None,
    language: str | None = None,
    since: date | None = None,
    until: date | None = None,
    reference: str | None = None,
    limit: int = 50,
) -> tuple[Found, ...]:
    """Return the versions that have all that is asked for, the last issued first.

    Case and accents do not count.  Words in quotation marks have to stand side by side; a word that ends
    with a star stands for all that begin with it.

    Args:
        index_path: the file of the index, outside of the archive.

    Raises:
        Unreadable: the index can not be written.
    """
    question = Question(query, slug, speaker, agency, language, since, until, reference)
    try:
        with suppress(sqlite3.DatabaseError), closing(_opened(index_path)) as index:
            if _is_current(index, shelf.root):
                return _answers(index, question, limit)
        update(shelf, index_path)
        try:
            with closing(_opened(index_path)) as index:
                return _answers(index, question, limit)
        except sqlite3.DatabaseError:
            update(shelf, index_path, anew=True)
            with closing(_opened(index_path)) as index:
                return _answers(index, question, limit)
    except (OSError, sqlite3.DatabaseError) as error:
        raise _unwritable(index_path, error) from error


def update(shelf: Shelf, index_path: Path, *, anew: bool = False) -> None:
    """Bring the index up to date; ``anew`` makes it from nothing.  Processes wait for each other.

    Raises:
        OSError, sqlite3.DatabaseError: it can not be written.
    """
    index_path.parent.mkdir(parents=True, exist_ok=True)
    with one_at_a_time(index_path.with_name(index_path.name + ".lock")):
        if not anew:
            with suppress(sqlite3.DatabaseError), closing(_opened(index_path)) as index:
                if _is_current(index, shelf.root) or _follow(index, shelf.root):
                    return
        _make(shelf.root, index_path)


# --- the file ------------------------------------------------------------------------------------------


def _opened(index_path: Path) -> sqlite3.Connection:
    """Return the index that is there.

    Raises:
        sqlite3.DatabaseError: there is none.
    """
    connection = sqlite3.connect(f"{index_path.absolute().as_uri()}?mode=rw", timeout=30, uri=True)
    connection.isolation_level = None  # BEGIN and COMMIT stand in the code
    return connection


def _is_current(index: sqlite3.Connection, root: Path) -> bool:
    """Whether the index is ours and has every line of the log.

    Raises:
        sqlite3.DatabaseError: it is no index.
    """
    known = _known(index)
    return known is not None and not unread(root, known)


def _known(index: sqlite3.Connection) -> Journal | None:
    """Return how far the index has read the log; ``None`` if it is of another presskit."""
    if index.execute("PRAGMA user_version").fetchone() != (SCHEMA,):
        return None
    match index.execute("SELECT bytes, last FROM journal").fetchall():
        case [(int(read), str(last))]:
            return Journal(read, last)
        case _:
            return None


def _follow(index: sqlite3.Connection, root: Path) -> bool:
    """Enter what the log has more than the index; whether that was possible.

    Why: after a removal by law the index is made anew, so that nothing of it is left in the file.
    """
    known = _known(index)
    new = read_journal(root, known) if known is not None else None
    if new is None or new.purges:
        return False
    index.execute("BEGIN IMMEDIATE")
    _enter(index, rows_of(root, new.deposits))
    index.execute("UPDATE journal SET bytes = ?, last = ?", astuple(new.end))
    index.execute("COMMIT")
    return True


def _make(root: Path, index_path: Path) -> None:
    """Make the index anew beside the old one, then put it in its place."""
    new = read_journal(root, Journal())
    assert new is not None  # the beginning of the log always fits
    handle, name = tempfile.mkstemp(prefix=index_path.name, suffix=".new", dir=index_path.parent)
    os.close(handle)
    scratch = Path(name)
    try:
        with closing(sqlite3.connect(scratch, isolation_level=None)) as index:
            index.execute("PRAGMA journal_mode = OFF")
            index.execute("PRAGMA synchronous = OFF")
            index.executescript(_TABLES)
            index.execute("BEGIN")
            _enter(index, rows_of(root, new.deposits))
            index.execute("INSERT INTO journal VALUES (?, ?)", astuple(new.end))
            index.execute("COMMIT")
        _sync(scratch)
        # first the old index, then what it was being changed by: that must never meet another file
        index_path.unlink(missing_ok=True)
        index_path.with_name(index_path.name + "-journal").unlink(missing_ok=True)
        scratch.replace(index_path)
    finally:
        scratch.unlink(missing_ok=True)


def _sync(file: Path) -> None:
    with file.open("rb+") as written:
        os.fsync(written.fileno())


def _enter(index: sqlite3.Connection, rows: Iterable[Row]) -> None:
    for row in rows:
        facts = (row.slug, row.number, row.reference, row.issued, row.headline, row.language, row.state)
        index.execute("INSERT OR REPLACE INTO version VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (row.place, *facts))
        index.execute(
            "INSERT INTO words (rowid, headline, text, speakers, agencies) VALUES (?, ?, ?, ?, ?)",
            (row.place, row.headline, row.text(), row.speakers, row.agencies),
        )


# --- the question --------------------------------------------------------------------------------------


def _answers(index: sqlite3.Connection, question: Question, limit: int) -> tuple[Found, ...]:
    """Return what the index has; it is read from the last day of issue backwards, and no further."""
    match = " AND ".join(_matching(question))
    place = "words.rowid" if match else "version.place"
    asked: dict[str, str | int] = {"words MATCH ?": match} if match else {}
    asked |= dict(_conditions(question, place))
    query = _QUERY.format(
        snippet="snippet(words, 1, '', '', '…', 20)" if match else "''",
        tables="words JOIN version ON version.place = words.rowid" if match else "version",
        conditions=" AND ".join(asked) or "1",
        place=place,
    )
    rows = index.execute(query, (*asked.values(), max(0, limit))).fetchall()
    return tuple(replace(found, snippet=" ".join(found.snippet.split())) for found in starmap(Found, rows))


def _matching(question: Question) -> Iterator[str]:
    """Yield the parts of what FTS5 is asked for; people's words stand in quotation marks in it."""
    for columns, words in (
        ("headline text", question.words),
        ("speakers", question.speaker or ""),
        ("agencies", question.agency or ""),
    ):
        phrases = list(_phrases(words))
        if phrases:
            yield f"{{{columns}}} : ({' AND '.join(phrases)})"


def _phrases(words: str) -> Iterator[str]:
    plain = words[:QUERY_LIMIT].encode("utf-8", "replace").decode()
    plain = plain.translate({0: " ", **dict.fromkeys(map(ord, "“”„«»"), '"')})
    for phrase, word in re.findall(r'"([^"]*)(?:"|$)|([^\s"]+)', plain):
        text = phrase or word
        if any(character.isalnum() for character in text):
            yield f'"{text.rstrip("*")}"' + ("*" if text.endswith("*") else "")


def _conditions(question: Question, place: str) -> Iterator[tuple[str, str | int]]:
    """Yield the conditions on fields, each with its value."""
    if question.since is not None:
        yield f"{place} >= ?", first_place(question.since)
    if question.until is not None:
        yield f"{place} < ?", first_place(question.until) + A_DAY
    if question.slug is not None:
        yield "slug = ?", question.slug
    if question.reference is not None:
        yield "reference = ? COLLATE NOCASE", question.reference
    if question.language is not None:
        yield "language || '-' LIKE replace(?, '%', '') || '-%'", question.language


def _unwritable(index_path: Path, error: Exception) -> Unreadable:
    what = f"the index of the archive can not be written: {error}."
    fix = "make room or see who may write there; the archive itself is as it was."
    return Unreadable(Problem(Place(str(index_path)), "", what, fix, "file-unwritable"))
