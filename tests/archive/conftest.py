"""A server of buckets for all tests that ask for one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.archive.s3.buckets import Server, serving, settings


@pytest.fixture(scope="session")
def served() -> Iterator[tuple[Server, str]]:
    server = Server()
    with serving(server) as url:
        yield server, url


@pytest.fixture
def server(served: tuple[Server, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """The server, well, and this machine's settings for it."""
    server, url = served
    settings(url, monkeypatch)
    server.well()
    yield server
    server.well()
