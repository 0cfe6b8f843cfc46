"""A key that stays with OpenSSH: signing is done by ``ssh-keygen``, with its agent and its passphrases.

Not here: what such a signature is (`sshsig`).
"""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from presskit.errors import NotAllowed, Place, Problem, WrongUsage
from presskit.signoff.keys import BadKey, PublicKey, read_public
from presskit.signoff.sshsig import NAMESPACE, BadSignature, read_armoured

SECONDS = 120
"""How long a person may take to type the passphrase or to touch the key."""


@dataclass(frozen=True, slots=True)
class SshKey:
    """A key file of OpenSSH, private or (with an agent) public."""

    file: Path
    public: PublicKey

    @property
    def key_id(self) -> str:
        """What records name it by."""
        return self.public.key_id

    @property
    def kind(self) -> Literal["sshsig"]:
        """How its signatures are written."""
        return "sshsig"

    def sign(self, message: bytes) -> bytes:
        """Return the signature over a message, in the binary form of PROTOCOL.sshsig.

        Raises:
            NotAllowed: ssh-keygen did not sign.
        """
        command = ["ssh-keygen", "-Y", "sign", "-n", NAMESPACE, "-f", str(self.file)]
        try:
            done = subprocess.run(command, input=message, capture_output=True, timeout=SECONDS, check=True)
            return read_armoured(done.stdout.decode("ascii", "replace")).blob
        except subprocess.CalledProcessError as error:
            why = error.stderr.decode("utf-8", "replace").strip() or "it gave no reason"
        except (OSError, subprocess.TimeoutExpired, BadSignature) as error:
            why = str(error)
        fix = "see whether ssh-keygen is installed and can use that key."
        place = Place(self.file.as_posix())
        raise NotAllowed(Problem(place, "", f"ssh-keygen did not sign: {why}.", fix, "ssh-failed"))


def ssh_key(file: Path) -> SshKey:
    """Return a key of OpenSSH by its file; its public half has to lie beside it as .pub.

    Raises:
        WrongUsage: there is no public half, or it is of another kind than ssh-ed25519.
    """
    public = file if file.suffix == ".pub" else file.with_name(f"{file.name}.pub")
    try:
        return SshKey(file, read_public(public.read_bytes()[:10_000].decode("utf-8", "replace")))
    except (OSError, BadKey) as error:
        what = f"this can not be used: {error}."
        fix = "name an ed25519 key of OpenSSH (ssh-keygen -t ed25519) with its .pub beside it."
        raise WrongUsage(Problem(Place(public.as_posix()), "", what, fix, "key-unknown")) from error
