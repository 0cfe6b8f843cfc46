"""Turns a command into a program that runs for as long as a test needs it, and surely no longer.

Not here: what the program is.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

HOST = "127.0.0.1"
_LISTEN = "0A"  # state in /proc/net/tcp
_SESSION = 3  # field of /proc/<pid>/stat after the name


class NotUp(Exception):
    """A server ended, or did not get ready in time."""


@dataclass(frozen=True, slots=True)
class Running:
    """A program and all it started."""

    process: subprocess.Popen[bytes]
    said: Path  # what it writes to stdout and stderr

    def pids(self) -> set[int]:
        """Return the processes of its session."""
        return {pid for pid, session in _sessions() if session == self.process.pid}


@contextmanager
def running(command: Sequence[str], folder: Path, env: Mapping[str, str] | None = None) -> Iterator[Running]:
    """Run a command in a session of its own, which is killed in the end with all that is in it."""
    folder.mkdir(parents=True, exist_ok=True)
    said = folder / "said.txt"
    with said.open("wb") as out:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    started = Running(process, said)
    try:
        yield started
    finally:
        while left := started.pids() - _zombies():
            for pid in left:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.005)
        process.wait()


def wait_for(ready: Callable[[], bool], server: Running, seconds: float = 30.0) -> None:
    """Wait until a server is ready.

    Raises:
        NotUp: it ended, or the time is over.
    """
    end = time.monotonic() + seconds
    while not ready():
        if server.process.poll() is not None or time.monotonic() > end:
            raise NotUp(
                f"{server.process.args!r} is not up and said: {server.said.read_text('utf-8')[-2000:]}"
            )
        time.sleep(0.01)


def is_open(port: int) -> bool:
    """Whether something takes connections there."""
    with suppress(OSError), socket.create_connection((HOST, port), 1):
        return True
    return False


def free_port() -> int:
    """Return a port nobody listens at, for a server that does not choose one itself."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def listening(pids: Iterable[int]) -> set[tuple[str, int]]:
    """Return the addresses and ports at which processes take connections.

    Source: proc(5), /proc/<pid>/fd and /proc/net/tcp.
    """
    sockets = {link for pid in pids for link in _links(Path(f"/proc/{pid}/fd"))}
    found = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with suppress(FileNotFoundError):
            for row in Path(table).read_text("ascii").splitlines()[1:]:
                fields = row.split()
                if fields[3] == _LISTEN and f"socket:[{fields[9]}]" in sockets:
                    address, _, port = fields[1].partition(":")
                    found.add((_address(address), int(port, 16)))
    return found


def _address(words: str) -> str:
    """Return an address of /proc/net/tcp: 32-bit words, each with its last byte first."""
    raw = b"".join(bytes.fromhex(words[at : at + 8])[::-1] for at in range(0, len(words), 8))
    return socket.inet_ntop(socket.AF_INET if len(raw) == 4 else socket.AF_INET6, raw)


def _links(folder: Path) -> Iterator[str]:
    with suppress(OSError):  # the process has ended
        for entry in folder.iterdir():
            with suppress(OSError):
                yield str(entry.readlink())


def _sessions() -> Iterator[tuple[int, int]]:
    for pid, fields in _processes():
        yield pid, int(fields[_SESSION])


def _zombies() -> set[int]:
    return {pid for pid, fields in _processes() if fields[0] == "Z"}


def _processes() -> Iterator[tuple[int, list[str]]]:
    """Yield each process, and what /proc/<pid>/stat says after its name."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with suppress(OSError):
                yield (
                    int(folder.name),
                    (folder / "stat").read_text("utf-8", "replace").rpartition(")")[2].split(),
                )
