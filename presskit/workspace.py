"""The folders and the clock: the only door to disk and time.

A path goes in as text from the project folder, with forward slashes; bytes come out, and built files go
back all or none.  Not here: what the bytes mean (`load`), or what is written (`writers`).
"""

from __future__ import annotations

import errno
import shutil
import stat
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PureWindowsPath

from presskit.disk import append_line, one_at_a_time, settle, whole_lines, write_through
from presskit.errors import Place, Problem, Unreadable, WrongUsage

HOUSE = "data/house.yaml"
"""The file that makes a folder a project."""

SIGN_OFF_LOG = "data/sign-off/log.jsonl"
"""The file that orders all sign-off records; without it nothing was ever signed, and all is a draft."""

LIMIT_BYTES = 5_000_000
"""The largest file read when the caller sets no limit: about a thousand pages of YAML."""

JOURNAL_BYTES = 200_000_000
"""The largest journal that is read: half a million records."""

_STAGING = ".presskit-staging"  # being written; means nothing yet
_UNDO = ".presskit-undo"  # whole: what it takes to undo the save in progress
_DONE = ".presskit-done"  # the save is complete; only rubbish left


@dataclass(frozen=True, slots=True)
class Workspace:
    """Where things are, and what time it is for this run."""

    root: Path  # the project folder, absolute, without links
    now: datetime  # aware; read once per run

    def read(self, path: str, limit_bytes: int = LIMIT_BYTES) -> bytes:
        """Return the bytes of one file of the project.

        An accent may be typed composed or decomposed, whatever way the disk has it.

        Raises:
            Unreadable: the path leads out of the project, or the file is missing, no plain file, too large
                or may not be read.
        """
        found = self._inside(path)
        if found is None:
            raise Unreadable(self._missing(path))
        try:
            if not stat.S_ISREG(found.stat().st_mode):
                raise Unreadable(
                    _problem(path, "this is not a file.", "name a plain file.", "file-unreadable")
                )
            with found.open("rb") as file:
                content = file.read(limit_bytes + 1)
        except OSError as error:
            what = f"this file can not be read: {_reason(error)}."
            raise Unreadable(
                _problem(path, what, "see who may read it, then try again.", "file-unreadable")
            ) from error
        if len(content) > limit_bytes:
            what = f"this file has more than the {limit_bytes:,} bytes that are read of such a file."
            raise Unreadable(
                _problem(
                    path, what, "see whether it is the right file, or make it smaller.", "file-too-large"
                )
            )
        return content

    def exists(self, path: str) -> bool:
        """Whether there is a file or folder of that name in the project."""
        try:
            return self._inside(path) is not None
        except Unreadable:
            return False

    def names(self, folder: str, suffix: str = "") -> tuple[str, ...]:
        """Return the sorted names of files and folders in a folder, hidden ones left out; () if it is absent.

        Names come with composed accents (NFC), so that they sort the same on every system.

        Raises:
            Unreadable: the folder leads out of the project, is a file, or may not be read.
        """
        found = self._inside(folder)
        if found is None:
            return ()
        try:
            names = [unicodedata.normalize("NFC", entry.name) for entry in found.iterdir()]
        except OSError as error:
            what = f"this folder can not be read: {_reason(error)}."
            raise Unreadable(
                _problem(folder, what, "see who may read it, then try again.", "file-unreadable")
            ) from error
        return tuple(sorted(name for name in names if name.endswith(suffix) and not name.startswith(".")))

    def save(self, folder: str, files: Mapping[str, bytes]) -> tuple[Path, ...]:
        """Write files into a folder below ``output/``, all or none; return their paths in the order given.

        A file that has the same bytes already is left alone.  Saves wait for each other.

        What is promised:

        - When this raises (disk full, no right to write, a file held open on Windows), every old file is as
          it was and nothing else is left.  Ctrl-C leaves all old files or all new ones.
        - When the program is killed or the power fails, every file is whole, old or new, at any moment.  Old
          and new ones may stand side by side until the next save into the folder: it starts by undoing
          a save that did not end.

        Raises:
            Unreadable: a file can not be written, or ``output/`` leads out of the project.
        """
        output = self.root / "output"
        target = self._new_place(f"output/{folder}")
        paths = tuple(self._new_place(f"output/{folder}/{name}") for name in files)
        try:
            target.mkdir(parents=True, exist_ok=True)
            with one_at_a_time(output / ".lock"):
                _undo(target)
                _replace(target, files)
        except OSError as error:
            with suppress(OSError):
                target.rmdir()  # only if it is empty
            named = Path(error.filename).name if isinstance(error.filename, str) else ""
            place = f"output/{folder}/{named}" if named in files else f"output/{folder}"
            raise Unreadable(unwritable(place, error)) from error
        return paths

    def discard(self, folder: str, names: Iterable[str]) -> None:
        """Delete built files in a folder below ``output/`` that nobody is to use any more.

        Raises:
            Unreadable: one can not be deleted, or ``output/`` leads out of the project.
        """
        for name in names:
            path = f"output/{folder}/{name}"
            try:
                self._new_place(path).unlink(missing_ok=True)
            except OSError as error:
                raise Unreadable(unwritable(path, error)) from error

    def add(self, path: str, content: bytes, *, replace: bool = False) -> Path:
        """Write one file of the office, with the folders above it, until the disk has it; return its path.

        Raises:
            Unreadable: it can not be written, or (unless ``replace``) there is one already.
        """
        target = self._new_place(path)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            _write_new(target, content, replace=replace)
            settle(*(folder for folder in target.parents if folder.is_relative_to(self.root)))
        except FileExistsError as error:
            raise Unreadable(taken(path)) from error
        except OSError as error:
            raise Unreadable(unwritable(path, error)) from error
        return target

    @contextmanager
    def locked(self, folder: str) -> Iterator[None]:
        """Keep other processes out of a folder, made if need be, as long as they ask here too.

        Raises:
            Unreadable: it can not be written.
        """
        try:
            place = self._new_place(folder)
            place.mkdir(parents=True, exist_ok=True)
            lock = one_at_a_time(place / ".lock")
            lock.__enter__()
        except OSError as error:
            raise Unreadable(unwritable(folder, error)) from error
        try:
            yield
        finally:
            lock.__exit__(None, None, None)

    def journal(self, path: str) -> bytes:
        """Return the whole lines of a journal; b"" if there is none.

        Raises:
            Unreadable: it can not be read.
        """
        found = self._inside(path)
        try:
            return b"" if found is None else whole_lines(found, JOURNAL_BYTES)
        except OSError as error:
            fix = "see who may read it, then try again."
            what = f"this journal can not be read: {_reason(error)}."
            raise Unreadable(_problem(path, what, fix, "file-unreadable")) from error

    def mark(self, path: str) -> tuple[int, int]:
        """Return size and time of a journal, bytes and nanoseconds: others once it has grown, (0, 0) if none.

        Raises:
            Unreadable: the path leads out of the project, or the file may not be looked at.
        """
        found = self._inside(path)
        try:
            facts = None if found is None else found.stat()
        except OSError as error:
            what = f"this journal can not be read: {_reason(error)}."
            fix = "see who may read it, then try again."
            raise Unreadable(_problem(path, what, fix, "file-unreadable")) from error
        return (facts.st_size, facts.st_mtime_ns) if facts else (0, 0)

    def append(self, path: str, line: bytes) -> None:
        """Add a line to a journal and wait until the disk has it; call it while the folder is locked.

        Raises:
            Unreadable: it can not be written.
        """
        try:
            append_line(self._new_place(path), line)
        except OSError as error:
            raise Unreadable(unwritable(path, error)) from error

    def _new_place(self, path: str) -> Path:
        """Return where a file or folder is to be written; the folders on the way may be missing."""
        target = self.root.joinpath(*self._parts(path))
        if not target.parent.resolve().is_relative_to(self.root):
            raise Unreadable(_outside(path))
        return target

    def _inside(self, path: str) -> Path | None:
        """Return where the path leads, without links; ``None`` if nothing is there."""
        found = self.root
        for part in self._parts(path):
            below = _entry(found, part)
            if below is None:
                return None
            found = below
        try:
            found = found.resolve(strict=True)
        except (OSError, RuntimeError):  # a link to nothing, or in a ring
            return None
        if not found.is_relative_to(self.root):
            raise Unreadable(_outside(path))
        return found

    def _parts(self, path: str) -> list[str]:
        """Return the names on the way from the project folder.

        Why: a path from a data file may come from any system, so both kinds of absolute path are refused.
        """
        parts = path.split("/")
        windows = PureWindowsPath(path)
        strange = windows.drive or windows.root or "\\" in path or any(ord(c) < 32 for c in path)
        if strange or any(part in ("", ".", "..") for part in parts):
            raise Unreadable(_outside(path))
        return parts

    def _missing(self, path: str) -> Problem:
        """Say that there is no such file, and which name there comes near."""
        from difflib import get_close_matches  # only when something is wrong

        folder, _, name = path.rpartition("/")
        there = self.names(folder) if folder and self.exists(folder) else ()
        folded = {n.casefold(): n for n in there}
        near = folded.get(name.casefold()) or next(iter(get_close_matches(name, there, 1, 0.75)), None)
        fix = f"did you mean “{near}”?" if near else "put the file there, or correct its name."
        return _problem(path, "there is no such file.", fix, "file-missing")


def find_workspace(start: Path, now: datetime) -> Workspace:
    """Return the project that a folder lies in: the nearest folder upward that holds data/house.yaml.

    Raises:
        WrongUsage: there is none.
    """
    folder = start.resolve()
    for candidate in (folder, *folder.parents):
        with suppress(OSError):  # a folder one may not look into
            if (candidate / HOUSE).is_file():
                return Workspace(candidate, now)
    what = f"neither this folder nor one above it holds {HOUSE}, so there is no office here."
    fix = "go to the office's folder, name it with --project DIR, or make one with: presskit init DIR"
    raise WrongUsage(_problem(start.as_posix(), what, fix, "project-missing"))


def _entry(folder: Path, name: str) -> Path | None:
    """Return the entry of that name, however its accents are encoded on disk."""
    try:
        if (direct := folder / name).exists():
            return direct
        wanted = unicodedata.normalize("NFC", name)
        if wanted.isascii():
            return None
        return next((e for e in folder.iterdir() if unicodedata.normalize("NFC", e.name) == wanted), None)
    except OSError:  # no folder, one that may not be searched, or too long a name
        return None


def _replace(target: Path, files: Mapping[str, bytes]) -> None:
    """Put the changed files in place; on any failure put everything back.

    Why: the three names of the one work folder are the journal.  Renaming a folder is one step on every
    system, so at any moment its name says whether an unfinished save has to be undone.
    """
    before = {name: _present(target / name) for name in files}
    changed = [name for name, content in files.items() if before[name] != content]
    if not changed:
        return
    staging, undo, done = target / _STAGING, target / _UNDO, target / _DONE
    try:
        for part in ("before", "absent", "after"):
            (staging / part).mkdir(parents=True)
        for name in changed:
            old = before[name]
            write_through(staging / ("absent" if old is None else "before") / name, old or b"")
            write_through(staging / "after" / name, files[name])
        settle(staging / "before", staging / "absent", staging / "after", staging)
        staging.rename(undo)
        settle(target)
        for name in changed:
            (undo / "after" / name).replace(target / name)
        settle(target)
        undo.rename(done)
    except BaseException:
        _undo(target)
        raise
    shutil.rmtree(done, ignore_errors=True)


def _undo(target: Path) -> None:
    """Undo a save that did not end, if there is one; doing it twice does no harm."""
    undo = target / _UNDO
    if undo.is_dir():
        for copy in sorted((undo / "before").iterdir()):
            copy.replace(target / copy.name)
        for mark in sorted((undo / "absent").iterdir()):
            (target / mark.name).unlink(missing_ok=True)
        settle(target)
        undo.rename(target / _STAGING)
    for rubbish in (_STAGING, _DONE):
        shutil.rmtree(target / rubbish, ignore_errors=True)


def _present(file: Path) -> bytes | None:
    """Return the bytes of a built file; ``None`` if there is none."""
    if file.is_symlink():
        raise OSError(errno.ELOOP, "it is a link, not a file", str(file))
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return None


def _write_new(target: Path, content: bytes, *, replace: bool) -> None:
    """Write one file under a temporary name, then give it its own."""
    if not replace and (target.exists() or target.is_symlink()):
        raise FileExistsError(errno.EEXIST, "it exists", str(target))
    temporary = target.with_name(f".{target.name}.presskit-staging")
    temporary.unlink(missing_ok=True)
    try:
        write_through(temporary, content)
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _problem(path: str, what: str, fix: str, code: str) -> Problem:
    return Problem(Place(path), "", what, fix, code)


def _outside(path: str) -> Problem:
    fix = "name a file of the project from its top folder, with forward slashes."
    return _problem(path, "this leads out of the project folder.", fix, "path-outside")


def taken(path: str) -> Problem:
    """Return the problem of a name that is taken."""
    fix = "choose another name, or move away what is there; nothing was changed."
    return _problem(path, "there is something of this name already.", fix, "file-exists")


def unwritable(path: str, error: OSError) -> Problem:
    """Return the problem of a file or folder that can not be written."""
    what = f"this can not be written: {_reason(error)}."
    fix = "see whether the disk has room, you may write there, and no other program has the file open."
    return _problem(path, what, fix, "file-unwritable")


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__
