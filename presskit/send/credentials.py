"""Who the office is to its mail servers: a name from the environment, and the password that goes with it.

A password never lies in the office's folder.  It is taken from the first of these that is set::

    PRESSKIT_SMTP_PASSWORD_FILE     the first line of this file
    PRESSKIT_SMTP_PASSWORD          the password itself
    the system's keyring            under presskit-smtp:<host> and the name

PRESSKIT_SMTP_USER is the name; without it nobody logs in.  For reading bounces the same with IMAP.
Not here: logging in (`relay`, `bounces`).
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from stat import S_IROTH
from threading import Thread
from typing import Literal

from presskit.errors import BadSettings, Place, Problem

Service = Literal["smtp", "imap"]

LIMIT_BYTES = 10_000
"""The longest password that is read from a file."""

PATIENCE_SECONDS = 30.0
"""How long the keyring may take, which may ask a person to unlock it."""


@dataclass(frozen=True, slots=True)
class Login:
    """A name and its password."""

    user: str
    password: str = field(repr=False)  # never in a log or a trace


def credentials(service: Service, host: str, environment: Mapping[str, str]) -> Login | None:
    """Return who logs in to a mail server; ``None`` if nobody is named, for a server that asks for nobody.

    Raises:
        BadSettings: a name without a password, a password without a name, or a file that can not be read.
    """
    prefix = _prefix(service)
    user = environment.get(f"{prefix}_USER", "").strip()
    password = _given(service, environment)
    if not user:
        if password is None:
            return None
        what = f"a password is set, but {prefix}_USER, the name it belongs to, is not."
        raise BadSettings(_missing(f"{prefix}_USER", what, f"set {prefix}_USER, or take the password away."))
    if password is None:
        name = f"presskit-{service}:{host}"
        password, why = _from_keyring(name, user)
        if not password:
            what = f"{prefix}_USER is set, but no password goes with it; the system's keyring {why}."
            raise BadSettings(_missing(f"{prefix}_PASSWORD", what, _ways(prefix, name, user)))
    return Login(user, password)


def password_file(service: Service, environment: Mapping[str, str]) -> Path | None:
    """Return the file a password is taken from; ``None`` if it comes from elsewhere."""
    named = environment.get(f"{_prefix(service)}_PASSWORD_FILE")
    return Path(named) if named else None


def exposed(file: Path) -> Problem | None:
    """Return a warning if everybody on this machine may read a file that holds a secret.

    Why: it stops nobody from sending, since the secrets of a container lie so by default.
    """
    try:
        if sys.platform == "win32" or not file.is_file() or not file.stat().st_mode & S_IROTH:
            return None
    except OSError:
        return None
    what = "everybody with an account on this machine can read this."
    fix = f"let its owner alone read it: chmod 600 {file}"
    return Problem(Place(str(file)), "", what, fix, "secret-exposed", "warning")


def _prefix(service: Service) -> str:
    return f"PRESSKIT_{service.upper()}"


def _given(service: Service, environment: Mapping[str, str]) -> str | None:
    """Return the password of the environment; ``None`` if it has none."""
    if (file := password_file(service, environment)) is not None:
        return _first_line(file, f"{_prefix(service)}_PASSWORD_FILE")
    return environment.get(f"{_prefix(service)}_PASSWORD") or None


def _first_line(file: Path, variable: str) -> str:
    """Return the first line of a file without its end."""
    try:
        with file.open("rb") as found:
            first = found.read(LIMIT_BYTES + 1).split(b"\n", 1)[0]
        line = first.decode().removesuffix("\r")
        why = "" if line else "its first line is empty"
        if len(first) > LIMIT_BYTES:
            why = "its first line is too long"
    except OSError as error:
        why = error.strerror or type(error).__name__
    except UnicodeDecodeError:
        why = "it is not text in UTF-8"
    if why:
        what = f"no password can be read here: {why}."
        raise BadSettings(_missing(str(file), what, f"correct the file, or the name in {variable}."))
    return line


def _from_keyring(name: str, user: str) -> tuple[str | None, str]:
    """Return the password the system keeps, or why there is none.

    Why: a keyring without a desktop raises whatever its backend does, or waits for a window nobody sees; so
    it is asked on a thread of its own, which dies with the program.
    """
    try:
        import keyring
    except ImportError:
        return None, "can not be asked, since presskit's part for it is not installed"
    answer: list[tuple[str | None, str]] = []

    def ask() -> None:
        try:
            answer.append((keyring.get_password(name, user), "has none"))
        except Exception as error:
            answer.append((None, f"can not be asked ({type(error).__name__})"))

    asking = Thread(target=ask, daemon=True)
    asking.start()
    asking.join(PATIENCE_SECONDS)
    return answer[0] if answer else (None, f"gave no answer in {PATIENCE_SECONDS:.0f} seconds")


def _ways(prefix: str, name: str, user: str) -> str:
    install = "" if find_spec("keyring") else "pip install 'presskit-pipeline[keyring]', then "
    file = f"name a file that holds it in {prefix}_PASSWORD_FILE"
    return f"{file}, or keep it in the keyring: {install}keyring set {name} {user}"


def _missing(place: str, what: str, fix: str) -> Problem:
    return Problem(Place(place), "", what, fix, "password-missing")
