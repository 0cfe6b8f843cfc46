"""Turns Debian's Postfix into a relay of one test's own, and into a sink and a source as fast as mail gets.

Needs root: Postfix gives up its rights process by process.  Nothing of it is installed, and no mail leaves
this machine.  Not here: what it hands mail on to (`relay`).

Source: postconf(5), master(5), smtp-sink(1), smtp-source(1).
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conformance.judges import SERVERS, judges_folder, require
from tests.servers.running import HOST, NotUp, Running, free_port, is_open, running, wait_for

_SERVICES = """\
{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""

_SETTINGS = """\
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
command_directory = {unpacked}/usr/sbin
daemon_directory = {unpacked}/usr/lib/postfix/sbin
shlib_directory = {unpacked}/usr/lib/postfix
meta_directory = {unpacked}/etc/postfix
maillog_file = {folder}/maillog
maillog_file_prefixes = {folder}
import_environment = MAIL_CONFIG POSTLOG_SERVICE POSTLOG_HOSTNAME
 LD_LIBRARY_PATH={unpacked}/usr/lib/postfix
mail_owner = daemon
setgid_group = mail
default_privs = nobody
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
myhostname = relay.example.org
mydestination =
local_recipient_maps =
alias_maps =
alias_database =
relayhost = [127.0.0.1]:{next_port}
smtp_address_preference = ipv4
smtp_tls_security_level = none
smtputf8_enable = yes
message_size_limit = 50000000
"""

_FOLDERS = (
    "active bounce corrupt defer deferred flush hold incoming maildrop pid private public saved trace".split()
)


@dataclass(frozen=True, slots=True)
class Postfix:
    """A relay of its own, with a queue on the disk and a log."""

    port: int
    folder: Path
    running: Running
    host: str = HOST

    def log(self) -> str:
        """Return all it has logged."""
        file = self.folder / "maillog"
        return file.read_text("utf-8") if file.exists() else ""

    def queue_id(self, message_id: str) -> str | None:
        """Return under which name it keeps, or kept, a message."""
        found = re.search(rf" (\w+): message-id={re.escape(message_id)}$", self.log(), re.MULTILINE)
        return found and found[1]

    def status(self, message_id: str, seconds: float = 20.0) -> str:
        """Return what became of a message, `sent`, `deferred` or `bounced`, once the log says so.

        Raises:
            NotUp: it does not say within the time.
        """
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            queue_id = self.queue_id(message_id)
            if queue_id and (found := re.search(rf" {queue_id}: .*\bstatus=(\w+)", self.log())):
                return found[1]
            time.sleep(0.02)
        raise NotUp(f"the log does not say what became of {message_id}:\n{self.log()[-2000:]}")


def _program(name: str) -> str:
    return str(judges_folder().resolve() / "unpacked" / "usr" / "sbin" / name)


def _environment() -> dict[str, str]:
    libraries = judges_folder().resolve() / "unpacked" / "usr" / "lib" / "postfix"
    return {**os.environ, "LD_LIBRARY_PATH": str(libraries)}


@contextmanager
def postfix_relay(next_port: int) -> Iterator[Postfix]:
    """Run Postfix on a free port; it hands everything on to another port of this machine.

    Why: in a folder of its own, for the folders of a test are closed to those whose rights Postfix takes.
    """
    require("postfix")
    if os.geteuid() != 0:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("Postfix runs as root only")
    folder = Path(tempfile.mkdtemp(prefix="presskit-postfix-"))
    folder.chmod(0o755)
    try:
        port = free_port()
        configuration = _lay_out(folder, port, next_port)
        master = str(judges_folder().resolve() / SERVERS["postfix"])
        with running((master, "-c", str(configuration), "-d"), folder / "run", _environment()) as started:
            wait_for(lambda: is_open(port), started)
            yield Postfix(port, folder, started)
    finally:
        shutil.rmtree(folder)


def _lay_out(folder: Path, port: int, next_port: int) -> Path:
    configuration, queue, data = folder / "etc", folder / "queue", folder / "data"
    for made in (configuration, queue, data):
        made.mkdir()
    unpacked = judges_folder().resolve() / "unpacked"
    settings = _SETTINGS.format(folder=folder, unpacked=unpacked, next_port=next_port)
    (configuration / "main.cf").write_text(settings, "utf-8")
    (configuration / "master.cf").write_text(_SERVICES.format(port=f"{HOST}:{port}"), "utf-8")
    shutil.chown(data, "daemon")
    for name in _FOLDERS:
        (queue / name).mkdir(mode=0o700)
        if name != "pid":
            shutil.chown(queue / name, "daemon")
    shutil.chown(queue / "public", "daemon", "mail")
    (queue / "public").chmod(0o710)
    return configuration


@contextmanager
def smtp_sink(folder: Path) -> Iterator[int]:
    """Run smtp-sink, which takes all mail and keeps none; give its port."""
    require("postfix")
    port = free_port()
    rights = ("-u", "nobody") if os.geteuid() == 0 else ()
    command = (_program("smtp-sink"), *rights, f"{HOST}:{port}", "500")
    with running(command, folder / "smtp-sink", _environment()) as started:
        wait_for(lambda: is_open(port), started)
        yield port


def smtp_source(port: int, messages: int, bytes_each: int, connections: int) -> float:
    """Send messages as fast as a client can that makes and marks nothing; return how many seconds it took."""
    require("postfix")
    load = ("-s", str(connections), "-m", str(messages), "-l", str(bytes_each))
    envelope = ("-f", "press@example.org", "-t", "reporter@example.com")
    began = time.perf_counter()
    subprocess.run(
        (_program("smtp-source"), "-d", *load, *envelope, f"{HOST}:{port}"), env=_environment(), check=True
    )
    return time.perf_counter() - began
