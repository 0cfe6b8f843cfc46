"""A bucket of an S3-compatible server as presskit uses it: read, list, and write over nothing unseen.

Every write is conditional: a key is new, or still what was read.  That is all the locking there is.  Not
here: what the keys mean (`s3_object`, `s3_log`).

Source: Amazon S3 API Reference, PutObject (If-None-Match, If-Match; 412, and 409 to try again).
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from presskit.archive.names import why_bad_name
from presskit.archive.s3.refused import (
    busy,
    damaged,
    extra_missing,
    in_plain_words,
    unconditional,
    wrong_address,
)

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import GetObjectOutputTypeDef

LIMIT_BYTES = 2_000_000_000
"""The largest key that is read."""

KEYS_LIMIT = 5_000_000
TRIES = 100
"""How often something is tried anew because somebody else was faster; each time that one is done."""

_MARK = {"presskit": "deposit"}  # tells uploads a crash left from what somebody else put there
_NOBODYS_ETAG = '"00000000000000000000000000000000"'
_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Retention:
    """How long a bucket with Object Lock keeps what is deposited, whoever asks to delete it."""

    mode: Literal[
        "GOVERNANCE", "COMPLIANCE"
    ]  # COMPLIANCE: nobody can shorten it, not even by order of a court
    until: datetime


@dataclass(frozen=True, slots=True)
class Stored:
    """What lay under a key."""

    content: bytes
    etag: str  # names this state of the key


@dataclass(frozen=True, slots=True)
class Entry:
    """A key in a list."""

    etag: str
    size_bytes: int
    changed: datetime


@dataclass(slots=True)
class Bucket:
    """All keys below one prefix of a bucket; paths are relative to it."""

    client: S3Client
    name: str
    prefix: str  # "" or "folder/"
    retention: Retention | None = None
    is_sure: bool = False  # that the server obeys conditions

    @property
    def url(self) -> str:
        """The address, as people write it."""
        return f"s3://{self.name}/{self.prefix}".rstrip("/")

    def get(self, path: str) -> Stored | None:
        """Return what lies under a path; ``None`` if nothing does.

        Raises:
            Unreadable: the server refuses, or gives no answer.
            ArchiveDamaged: it is larger than anything presskit deposits.
        """
        with self._answer(path) as answer:
            if answer is None:
                return None
            return Stored(answer["Body"].read(), answer["ETag"])

    def fetch(self, path: str, to: Path) -> str | None:
        """Write what lies under a path into a new file; return its etag, ``None`` if nothing lies there."""
        with self._answer(path) as answer:
            if answer is None:
                return None
            with to.open("xb") as file:
                for chunk in answer["Body"].iter_chunks(_CHUNK_BYTES):
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            return answer["ETag"]

    def put(self, path: str, content: bytes, over: str = "", *, keep: bool = False) -> bool:
        """Write a path if nothing lies there, or still what has the etag ``over``; whether that was so.

        Args:
            keep: under the bucket's retention, if there is one.

        Why: a write whose answer got lost is sent again and then finds itself there, so whoever is told
            "no" has to look what lies there.
        """
        from botocore.exceptions import ClientError

        condition: dict[str, Any] = {"IfMatch": over} if over else {"IfNoneMatch": "*"}
        if keep and self.retention is not None:
            condition["ObjectLockMode"] = self.retention.mode
            condition["ObjectLockRetainUntilDate"] = self.retention.until
        checksum = base64.b64encode(hashlib.sha256(content).digest()).decode()
        with in_plain_words(self.url):
            for _ in range(TRIES):
                try:
                    self.client.put_object(
                        Bucket=self.name,
                        Key=self.prefix + path,
                        Body=content,
                        ChecksumAlgorithm="SHA256",
                        ChecksumSHA256=checksum,
                        Metadata=_MARK,
                        **condition,
                    )
                except ClientError as error:
                    code = error.response["Error"].get("Code")
                    if code == "PreconditionFailed" or (over and code == "NoSuchKey"):
                        return False
                    if code != "ConditionalRequestConflict":
                        raise
                else:
                    return True
        raise busy(self.url, f"others write {path} all the time.")

    def listing(self, below: str = "") -> dict[str, Entry]:
        """Return all paths that begin so, in order.

        Raises:
            ArchiveDamaged: there are more than any archive has.
        """
        found: dict[str, Entry] = {}
        with in_plain_words(self.url):
            pages = self.client.get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=self.name, Prefix=self.prefix + below):
                for entry in page.get("Contents", []):
                    path = entry["Key"][len(self.prefix) :]
                    found[path] = Entry(entry["ETag"], entry["Size"], entry["LastModified"])
                if len(found) > KEYS_LIMIT:
                    raise damaged(self.url, f"there are more than {KEYS_LIMIT:,} keys.")
        return dict(sorted(found.items()))

    def delete(self, path: str) -> None:
        """Remove a path."""
        with in_plain_words(self.url):
            self.client.delete_object(Bucket=self.name, Key=self.prefix + path)

    def is_upload(self, path: str) -> bool:
        """Whether presskit put it there."""
        from botocore.exceptions import ClientError

        with in_plain_words(self.url):
            try:
                answer = self.client.head_object(Bucket=self.name, Key=self.prefix + path)
            except ClientError as error:
                if error.response["Error"].get("Code") in ("404", "NoSuchKey"):
                    return False  # somebody else removed it
                raise
            return answer["Metadata"] == _MARK

    def require_conditions(self, path: str, content: bytes) -> None:
        """Refuse a server that writes over what it was told to leave; asked once.

        Args:
            path: where this content lies already, so that even such a server changes nothing.
        """
        if not self.is_sure:
            if self.put(path, content) or self.put(path, content, _NOBODYS_ETAG):
                raise unconditional(self.url)
            self.is_sure = True

    @contextmanager
    def _answer(self, path: str) -> Iterator[GetObjectOutputTypeDef | None]:
        from botocore.exceptions import ClientError

        with in_plain_words(self.url):
            try:
                answer = self.client.get_object(Bucket=self.name, Key=self.prefix + path)
            except ClientError as error:
                if error.response["Error"].get("Code") != "NoSuchKey":
                    raise
                yield None
                return
            with answer["Body"]:
                if answer.get("ContentLength", LIMIT_BYTES + 1) > LIMIT_BYTES:
                    raise damaged(path, f"it has more than {LIMIT_BYTES:,} bytes.")
                yield answer


def open_bucket(url: str, *, retention: Retention | None = None, timeout_seconds: float = 30) -> Bucket:
    """Return a bucket; key, region and server come from the environment or AWS's own settings.

    Raises:
        BadSettings: boto3 is not installed, or the address or AWS's settings can not be used.
    """
    name, prefix = parse_address(url)
    try:
        import boto3.session
        from botocore.config import Config
    except ModuleNotFoundError as error:
        raise extra_missing(error.name) from error
    config = Config(
        connect_timeout=timeout_seconds,
        read_timeout=timeout_seconds,
        request_checksum_calculation="when_required",  # each write brings its SHA-256
        response_checksum_validation="when_required",  # each read is held to the inventory's SHA-512
    )
    try:
        with in_plain_words(url):
            client = boto3.session.Session().client("s3", config=config)
    except ValueError as error:
        raise wrong_address(url, f"the address of its server can not be used: {error}.") from error
    return Bucket(client, name, prefix, retention)


def parse_address(url: str) -> tuple[str, str]:
    """Return the bucket and the prefix an address names; the prefix ends with a slash or is empty.

    Raises:
        BadSettings: it is no address of a bucket, or there is more in it.
    """
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise wrong_address(url, "this is no address.") from error
    if "@" in parts.netloc:
        raise wrong_address(url.replace(parts.netloc, "…"), "there is a key in the address.")
    if parts.scheme != "s3" or parts.query or parts.fragment:
        raise wrong_address(url, "this is no address of a bucket.")
    if not re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", parts.netloc):
        raise wrong_address(url, f"{parts.netloc!r} can not be the name of a bucket.")
    prefix = parts.path.strip("/")
    if prefix and (reason := why_bad_name(prefix)):
        raise wrong_address(url, f"the folder {prefix!r} {reason}.")
    return parts.netloc, f"{prefix}/" if prefix else ""
