"""Who signs: the options that name a key, and the passphrase that opens it.

Not here: what is signed (the commands), and what a key is (`signoff.keys`).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from presskit.errors import NotAllowed, Place, Problem, WrongUsage

if TYPE_CHECKING:
    from presskit.signoff.envelope import Signer
    from presskit.signoff.keys import Key

LIMIT_BYTES = 10_000

key_option = click.option(
    "--key", "key_name", metavar="NAME", help="Sign with this key of yours; needless if you have only one."
)
ssh_option = click.option(
    "--ssh-key",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Sign with this key of OpenSSH (ed25519) instead.",
)


def signer_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that name a key."""
    return key_option(ssh_option(command))


def chosen_signer(key_name: str | None, ssh_file: Path | None) -> Signer:
    """Return what signs: the key of OpenSSH that was named, else a key of presskit's.

    Raises:
        WrongUsage: there is no such key, or it is not clear which.
        NotAllowed: the passphrase is wrong.
    """
    if ssh_file is None:
        return chosen_key(key_name)
    if key_name is not None:
        what, fix = "--key and --ssh-key were both named.", "name one of them."
        raise WrongUsage(Problem(Place("key"), "", what, fix, "usage-wrong"))
    from presskit.signoff.sshkeygen import ssh_key

    return ssh_key(ssh_file)


def chosen_key(name: str | None) -> Key:
    """Return a key of presskit's, opened; for the errors see `chosen_signer`."""
    from presskit.signoff.keybox import key_folder, key_names, open_key

    folder = key_folder()
    names = key_names(folder)
    if name is None and len(names) != 1:
        what = "you have several keys." if names else "you have no key yet."
        fix = f"name one with --key: {', '.join(names)}." if names else "make one: presskit key new NAME"
        raise WrongUsage(Problem(Place("key"), "", what, fix, "key-unknown"))
    chosen = name or names[0]
    if chosen not in names:
        open_key(chosen, "", folder)  # says that there is none
    return open_key(chosen, passphrase(f"Passphrase of {chosen}"), folder)


def passphrase(prompt: str, *, twice: bool = False, variable: str = "PRESSKIT_PASSPHRASE") -> str:
    """Return a passphrase: from the file or the variable that is set, else as it is typed.

    Args:
        twice: ask for it again, since it can not be seen.
        variable: with _FILE behind it, the name of a file; as it is, the passphrase.
    """
    if file := os.environ.get(f"{variable}_FILE"):
        try:
            with Path(file).open("rb") as found:
                return found.read(LIMIT_BYTES).decode().rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            what = f"the passphrase can not be read: {getattr(error, 'strerror', None) or 'it is not text'}."
            fix = f"correct {variable}_FILE, or take it away and type the passphrase."
            raise WrongUsage(Problem(Place(file), "", what, fix, "passphrase-missing")) from error
    if variable in os.environ:
        return os.environ[variable]
    if not sys.stdin.isatty():
        what = "nobody is there to type the passphrase."
        fix = f"name a file that holds it in {variable}_FILE."
        raise NotAllowed(Problem(Place("key"), "", what, fix, "passphrase-missing"))
    typed = click.prompt(prompt, hide_input=True, confirmation_prompt=twice, err=True)
    return str(typed)
