"""A real server of buckets on this machine, by HTTP, which can be told to fail."""

from __future__ import annotations

import copy
import os
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import cache
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import unquote

import moto.backends
import pytest
from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import make_server

from presskit.archive.s3.archive import S3Archive
from presskit.archive.s3.bucket import Bucket, open_bucket
from presskit.archive.s3.object import by_object, unfinished
from presskit.archive.s3.site import create_site, open_site
from presskit.archive.store import Archive
from tests.archive.deposits import ORIGIN, found_in

_numbers = count(1)


def _nothing(asked: str) -> None:
    pass


@dataclass(slots=True)
class Server:
    """Obeys conditions one request at a time; its faults are set by a test and end with it."""

    asked: list[str] = field(default_factory=list)  # "PUT bucket/key", since it was well
    writes: int = 0  # how many of them were writes
    dies_at: int | None = None  # number of the write, from 0, at which it hangs up for good
    is_dead: bool = False
    doubles: int | None = None  # number of the write that comes twice, as after a lost answer
    loses: str = "nothing"  # the answer to the first request that ends so is lost
    ignores: tuple[str, ...] = ()  # headers it does not look at
    refuses: tuple[str, str] | None = None  # status and code it answers everything with
    before: Callable[[str], None] = _nothing  # called with what is asked
    after: Callable[[str], None] = _nothing
    _application: Any = field(default_factory=lambda: DomainDispatcherApplication(create_backend_app))
    _lock: Any = field(default_factory=threading.Lock)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = unquote(environ["RAW_URI"].partition("?")[0].lstrip("/"))
        with self._lock:
            asked = f"{environ['REQUEST_METHOD']} {path}"
            self.asked.append(asked)
        self.before(asked)
        is_write = not asked.startswith(("GET", "HEAD"))
        if self.is_dead or (is_write and self.writes == self.dies_at):
            self.is_dead = True
            _hang_up(environ)
        if self.refuses is not None:
            status, code = self.refuses
            start_response(status, [("Content-Type", "application/xml"), ("Connection", "close")])
            return [f"<Error><Code>{code}</Code><Message>{code}</Message></Error>".encode()]
        for header in self.ignores:
            environ.pop(header, None)
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        with self._lock:
            if is_write and self.writes == self.doubles:
                list(self._application({**environ, "wsgi.input": BytesIO(body)}, lambda *_: None))
            answer = self._application({**environ, "wsgi.input": BytesIO(body)}, start_response)
            self.writes += is_write
        self.after(asked)
        if asked.endswith(self.loses):
            self.loses = "nothing"
            _hang_up(environ)
        return answer  # type: ignore[no-any-return]

    def well(self) -> None:
        """Fail no more."""
        self.asked, self.writes = [], 0
        self.dies_at = self.doubles = self.refuses = None
        self.is_dead = False
        self.loses, self.ignores = "nothing", ()
        self.before = self.after = _nothing


def _hang_up(environ: dict[str, Any]) -> NoReturn:
    with suppress(OSError):  # who asked is gone
        environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
    raise ConnectionResetError


class _Quiet(MotoRequestHandler):
    """Writes no line for each request."""

    def log(self, type: str, message: str, *args: Any) -> None:
        pass


@contextmanager
def serving(server: Server) -> Iterator[str]:
    """Run it, and give its address."""
    listening = make_server("127.0.0.1", 0, server, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.server_port}"
    finally:
        listening.shutdown()
        thread.join()
        listening.server_close()


def settings(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Set what boto3 reads, and nothing of this machine's own."""
    for name, value in {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_MAX_ATTEMPTS": "1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "NO_PROXY": "127.0.0.1",
    }.items():
        monkeypatch.setenv(name, value)
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL_S3"):
        monkeypatch.delenv(name, raising=False)


@cache
def _client(endpoint: str) -> Bucket:
    """One client for all tests, for making one takes longer than a deposit."""
    return open_bucket("s3://presskit/office/archive", timeout_seconds=10)


def new_bucket(*, locked: bool = False) -> Bucket:
    """A new bucket, with nothing in it."""
    bucket = replace(_client(os.environ["AWS_ENDPOINT_URL"]), name=f"presskit-{next(_numbers)}")
    bucket.client.create_bucket(Bucket=bucket.name, ObjectLockEnabledForBucket=locked)
    return bucket


def new_s3_archive() -> S3Archive:
    return S3Archive(create_site(new_bucket(), ORIGIN))


def anew(archive: S3Archive) -> S3Archive:
    """The same archive, as another program sees it."""
    return S3Archive(open_site(replace(archive.bucket, is_sure=False)))


def faults(archive: S3Archive, copy: Path) -> list[str]:
    """What is wrong with it as it lies on the server's disk, but for uploads that are no version yet."""
    paths = contents(archive.bucket)
    idle = [path for folder, inner in by_object(paths).items() for path in unfinished(folder, inner)]
    for path in paths.keys() - set(idle):
        (copy / path).parent.mkdir(parents=True, exist_ok=True)
        (copy / path).write_bytes(paths[path])
    return [str(finding) for finding in found_in(Archive.open(copy))]


def slip_in(archive: S3Archive, key: str, content: bytes = b"evil") -> None:
    """Put something there as anybody with the bucket's key can, under names no HTTP library sends too."""
    _disk().put_object(archive.bucket.name, archive.bucket.prefix + key, content)


def copied(archive: S3Archive) -> S3Archive:
    """The same bucket once more, as the server's disk would be copied."""
    bucket = new_bucket()
    _disk().buckets[bucket.name].keys = copy.deepcopy(_disk().buckets[archive.bucket.name].keys)
    return S3Archive(replace(archive.site, bucket=bucket))


def contents(bucket: Bucket) -> dict[str, bytes]:
    """Everything below the bucket's prefix, from the server's disk."""
    keys = _disk().buckets[bucket.name].keys
    return {k[len(bucket.prefix) :]: keys[k].value for k in sorted(keys) if k.startswith(bucket.prefix)}


def _disk() -> Any:
    return moto.backends.get_backend("s3")["123456789012"]["aws"]
