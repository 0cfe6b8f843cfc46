"""Where a person's own keys lie: encrypted files outside every office's folder.

Not here: what a key file holds (`keys`), and asking for passphrases (`cli`).
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path

from presskit.disk import settle, write_through
from presskit.errors import NotAllowed, Place, Problem, Unreadable, WrongUsage
from presskit.model.base import ID_PATTERN
from presskit.signoff.keys import BadKey, Key, PublicKey, new_key, read_public, seal, unseal

LIMIT_BYTES = 20_000
PASSPHRASE_CHARACTERS = 12
"""The shortest passphrase that is taken."""


def key_folder(environment: Mapping[str, str] = os.environ, home: Path | None = None) -> Path:
    """Return the folder of a person's keys: PRESSKIT_KEYS, else where the system keeps settings.

    Source: XDG Base Directory Specification 0.8; Known Folders of Windows; Apple's File System Guide.
    """
    if named := environment.get("PRESSKIT_KEYS"):
        return Path(named).absolute()
    at_home = home or Path.home()
    if sys.platform == "win32":
        return Path(environment.get("APPDATA") or at_home / "AppData" / "Roaming") / "presskit" / "keys"
    if sys.platform == "darwin":
        return at_home / "Library" / "Application Support" / "presskit" / "keys"
    return Path(environment.get("XDG_CONFIG_HOME") or at_home / ".config") / "presskit" / "keys"


def make_key(name: str, passphrase: str, folder: Path) -> PublicKey:
    """Make a key and keep it encrypted; return its public half, which is kept beside it.

    Raises:
        WrongUsage: the name or the passphrase will not do, or there is a key of that name.
        Unreadable: it can not be written.
    """
    if not re.fullmatch(ID_PATTERN, name):
        fix = "use lower-case letters, digits and single hyphens."
        raise WrongUsage(_problem(name, f"“{name}” can not be the name of a key.", fix, "key-name"))
    if len(passphrase) < PASSPHRASE_CHARACTERS:
        what = f"the passphrase has {len(passphrase)} characters."
        fix = (
            f"take {PASSPHRASE_CHARACTERS} or more; four or five words that do not belong together are good."
        )
        raise WrongUsage(_problem(name, what, fix, "passphrase-short"))
    key, private, public = new_key(), folder / f"{name}.key", folder / f"{name}.pub"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if private.exists() or public.exists():
            fix = "choose another name; a key is never written over."
            raise WrongUsage(_problem(name, f"there is a key “{name}” already.", fix, "key-name"))
        _write_private(private, seal(key, passphrase.encode()))
        write_through(public, f"{key.public.line} {name}\n".encode())
        settle(folder)
    except OSError as error:
        what = f"the key can not be written: {error.strerror}."
        fix = "see who may write to that folder, or name another one in PRESSKIT_KEYS."
        raise Unreadable(Problem(Place(folder.as_posix()), "", what, fix, "file-unwritable")) from error
    return key.public


def key_names(folder: Path) -> tuple[str, ...]:
    """Return the names of the keys in a folder, sorted."""
    try:
        return tuple(sorted(path.stem for path in folder.glob("*.key")))
    except OSError:
        return ()


def open_key(name: str, passphrase: str, folder: Path) -> Key:
    """Return a key, opened.

    Raises:
        WrongUsage: there is no key of that name.
        NotAllowed: the passphrase is wrong.
    """
    content = _read(folder, name, ".key")
    try:
        return unseal(content, passphrase.encode())
    except BadKey as error:
        fix = "try again; nobody can open a key whose passphrase is lost: make a new one."
        raise NotAllowed(_problem(name, f"{error}.", fix, "passphrase-wrong")) from error


def public_key(name: str, folder: Path) -> PublicKey:
    """Return the public half of a key.

    Raises:
        WrongUsage: there is no key of that name, or its file is no public key.
    """
    try:
        return read_public(_read(folder, name, ".pub").decode("utf-8", "replace"))
    except BadKey as error:
        raise WrongUsage(
            _problem(name, f"{error}.", "make it again, or ask its owner.", "key-unknown")
        ) from error


def _read(folder: Path, name: str, suffix: str) -> bytes:
    there = key_names(folder)
    try:
        if re.fullmatch(ID_PATTERN, name):
            with (folder / f"{name}{suffix}").open("rb") as file:
                return file.read(LIMIT_BYTES)
    except FileNotFoundError:
        pass
    except OSError as error:
        what = f"the key can not be read: {error.strerror}."
        raise Unreadable(_problem(name, what, "see who may read it.", "file-unreadable")) from error
    listed = f"you have: {', '.join(there)}." if there else "make one: presskit key new NAME"
    raise WrongUsage(_problem(name, f"there is no key “{name}” in {folder}.", listed, "key-unknown"))


def _write_private(file: Path, content: bytes) -> None:
    """Write a file only its owner may read, from the first moment on."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())


def _problem(name: str, what: str, fix: str, code: str) -> Problem:
    return Problem(Place(f"key {name}"), "", what, fix, code)
