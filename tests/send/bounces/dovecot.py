"""Turns Debian's Dovecot into a mailbox of one test's own, read by IMAP with encryption and without.

It runs with the rights of an ordinary user in a folder of its own; nobody outside this machine can reach it.
Not here: the messages in it (`samples`).

Source: doc.dovecot.org/2.3, "Rootless Installation".
"""

from __future__ import annotations

import grp
import itertools
import os
import pwd
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from presskit.send.credentials import Login
from tests.conformance.judges import require
from tests.servers.certificates import Authority
from tests.servers.running import HOST, free_port, is_open, running, wait_for

LOGIN = Login("büro", "früh-und-spät")

_SETTINGS = """\
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = {host}
ssl = yes
ssl_cert = <{chain}
ssl_key = <{key}
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_username_chars =
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
mail_location = maildir:{folder}/mail
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}
}}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {plain_port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
"""


@dataclass(frozen=True, slots=True)
class Dovecot:
    """A mailbox of its own."""

    tls_port: int
    plain_port: int
    authority: Path  # whoever trusts it trusts the server
    folder: Path
    user: pwd.struct_passwd
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def deliver(self, content: bytes, box: str = "") -> Path:
        """Put a message into the inbox, or into a folder as the disk calls it; return where it lies."""
        place = self.folder / "mail" / box / "new"
        for made in (place.parent, place, place.with_name("cur"), place.with_name("tmp")):
            made.mkdir(exist_ok=True)
            os.chown(made, self.user.pw_uid, self.user.pw_gid)
        file = place / f"{next(self._numbers):09}.test"
        file.write_bytes(content)
        os.chown(file, self.user.pw_uid, self.user.pw_gid)
        return file


@contextmanager
def dovecot() -> Iterator[Dovecot]:
    """Run Dovecot on free ports with an empty inbox."""
    require("dovecot")
    user = pwd.getpwnam("daemon") if os.geteuid() == 0 else pwd.getpwuid(os.getuid())
    folder = Path(tempfile.mkdtemp(prefix="presskit-dovecot-"))
    try:
        authority = Authority(folder)
        certificate = authority.good()
        tls_port, plain_port = free_port(), free_port()
        settings = _SETTINGS.format(
            folder=folder,
            host=HOST,
            chain=certificate.chain,
            key=certificate.key,
            user=user.pw_name,
            group=grp.getgrgid(user.pw_gid).gr_name,
            password=LOGIN.password,
            plain_port=plain_port,
            tls_port=tls_port,
        )
        (folder / "dovecot.conf").write_text(settings, "utf-8")
        server = Dovecot(tls_port, plain_port, authority.file, folder, user)
        (folder / "mail").mkdir()
        for file in (folder, *folder.iterdir()):
            os.chown(file, user.pw_uid, user.pw_gid)
        as_user = ("setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups")
        command = (str(shutil.which("dovecot")), "-F", "-c", str(folder / "dovecot.conf"))
        with running((*(as_user if os.geteuid() == 0 else ()), *command), folder / "started") as started:
            wait_for(lambda: is_open(tls_port), started)
            yield server
    finally:
        shutil.rmtree(folder)
