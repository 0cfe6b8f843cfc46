"""An archive's folder, and the one beside it where new things are made ready; opened, created, locked.

Not here: what is deposited (`store`), and what a crash left (`recover`).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from presskit.archive.layout import DECLARATION, LOG, ORIGIN, declarations, object_path
from presskit.archive.log import Log
from presskit.archive.readme import root_texts
from presskit.disk import one_at_a_time, settle, write_through
from presskit.errors import BadSettings, Place, PresskitError, Problem, Unreadable

DEFAULT_ORIGIN = "presskit/archive"


@dataclass(frozen=True, slots=True)
class Site:
    """Where an archive is."""

    root: Path  # the storage root
    origin: str  # the name of its log

    @property
    def work(self) -> Path:
        """The folder beside the archive: lock, staging, and what can be made anew."""
        return beside(self.root)

    @property
    def staging(self) -> Path:
        """Where a deposit is made ready; there only during one, or after a crash."""
        return self.work / "staging"

    @property
    def log(self) -> Log:
        """The archive's log."""
        return Log(self.root, self.work, self.origin)

    def folder(self, object_id: str) -> Path:
        """Return where an object lies or would lie."""
        return self.root / object_path(object_id)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Keep other writers out meanwhile, and say what the disk refuses.

        Raises:
            BadSettings: the folder beside the archive lies on another file system.
            Unreadable: something can not be written.
        """
        try:
            self.work.mkdir(exist_ok=True)
            require_one_device(self.root, self.work)
            with one_at_a_time(self.work / "lock"):
                yield
        except OSError as error:
            raise unwritable(self.root, error) from error

    def clear_staging(self) -> None:
        """Remove what was made ready."""
        shutil.rmtree(self.staging, ignore_errors=True)
        settle(self.work)

    def prune(self, folder: Path) -> int:
        """Remove empty folders from one upward, as far as the root; return how many.

        Source: OCFL 1.1, E073: a storage root has no empty folders.
        """
        count = 0
        with suppress(OSError):  # not empty, or not there
            while folder != self.root:
                if folder.exists():
                    folder.rmdir()
                    count += 1
                folder = folder.parent
        return count


def beside(root: Path) -> Path:
    """Return the work folder of an archive."""
    return root.with_name(root.name + ".work")


def open_site(root: Path) -> Site:
    """Return the archive in a folder.

    Raises:
        Unreadable: there is none.
        BadSettings: it is another kind of archive.
    """
    root = root.absolute()
    try:
        declaration = (root / DECLARATION).read_bytes()
        layout = (root / "ocfl_layout.json").read_bytes()
        config = (root / list(declarations())[2]).read_bytes()
        origin = (root / ORIGIN).read_text("utf-8").strip()
    except OSError as error:
        if _holds_nothing(root):
            fix = "the first presskit archive makes it; if it lies elsewhere, name it in data/house.yaml."
            problem = Problem(Place(str(root)), "", "there is no archive yet.", fix, "archive-missing")
            raise Unreadable(problem) from error
        raise foreign(root, f"it can not be read as an archive: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise foreign(root, "the name of its log can not be read.") from error
    if [declaration, layout, config] != list(declarations().values()) or not is_origin(origin):
        raise foreign(root, "this is not an archive that presskit writes to.")
    return Site(root, origin)


def _holds_nothing(root: Path) -> bool:
    try:
        return not any(root.iterdir())
    except OSError as error:
        return isinstance(error, FileNotFoundError)


def create_site(root: Path, origin: str = DEFAULT_ORIGIN) -> Site:
    """Make a new archive in a folder that is missing or empty; all of it or nothing; return it.

    Raises:
        Unreadable: something lies there already, or the disk refuses.
        WrongUsage: the origin is no name.
    """
    root = root.absolute()
    if not is_origin(origin):
        raise foreign(root, f"{origin!r} can not be the name of a log.")
    work = beside(root)
    try:
        work.mkdir(parents=True, exist_ok=True)
        with one_at_a_time(work / "lock"):
            if (root / DECLARATION).exists():  # somebody else was faster
                return open_site(root)
            if root.exists() and any(root.iterdir()):
                raise foreign(root, "something else than an archive lies there.")
            _create(root, work / "new", origin)
    except OSError as error:
        raise unwritable(root, error) from error
    return Site(root, origin)


def require_one_device(root: Path, work: Path) -> None:
    """Refuse a work folder from which nothing can be moved into the archive in one step."""
    if root.stat().st_dev != work.stat().st_dev:
        what = "the archive is the top folder of a disk, so nothing can be made ready beside it."
        fix = "put the archive into a folder below the top of that disk."
        raise BadSettings(Problem(Place(str(root)), "archive", what, fix, "archive-device"))


def foreign(root: Path, what: str) -> PresskitError:
    """Return what to raise where something is not an archive of ours."""
    fix = "name the folder of an archive presskit made, or a new one."
    return BadSettings(Problem(Place(str(root)), "archive", what, fix, "archive-foreign"))


def unwritable(root: Path, error: OSError) -> Unreadable:
    """Return what to raise where the disk refuses."""
    reason = error.strerror or type(error).__name__
    what = f"the archive can not be written: {reason}. What was deposited before is as it was."
    fix = "make room or see who may write there, then deposit again."
    return Unreadable(Problem(Place(str(root)), "archive", what, fix, "file-unwritable"))


def _create(root: Path, new: Path, origin: str) -> None:
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir()
    require_one_device(root.parent, new)
    files = declarations() | root_texts() | {ORIGIN: f"{origin}\n".encode(), LOG: b""}
    for name, content in files.items():
        target = new / name
        target.parent.mkdir(parents=True, exist_ok=True)
        write_through(target, content)
    for folder, _, _ in os.walk(new, topdown=False):
        settle(Path(folder))
    with suppress(FileNotFoundError):
        root.rmdir()  # Windows renames onto nothing only
    new.rename(root)
    settle(root.parent)


def is_origin(origin: str) -> bool:
    """Whether a log can have that name in checkpoints."""
    return 0 < len(origin) <= 200 and all("!" <= c <= "~" and c != "+" for c in origin)
