"""What a bucket's server refuses, or does not answer, as problems in plain words.

Not here: asking it (`s3_bucket`).

Source: Amazon S3 API Reference, "Error responses".
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from presskit.errors import ArchiveDamaged, BadSettings, Place, PresskitError, Problem, Unreadable

_DENIED = frozenset(
    "401 403 AccessDenied AllAccessDisabled ExpiredToken InvalidAccessKeyId InvalidToken "
    "SignatureDoesNotMatch RequestTimeTooSkewed".split()
)
_NOT_LOCKED = frozenset(("InvalidRequest", "ObjectLockConfigurationNotFoundError"))
_NO_KEY = frozenset(
    "NoCredentialsError PartialCredentialsError ProfileNotFound CredentialRetrievalError".split()
)
_NO_ANSWER = frozenset(
    "EndpointConnectionError ConnectTimeoutError ReadTimeoutError ConnectionClosedError ProxyConnectionError "
    "SSLError HTTPClientError ResponseStreamingError IncompleteReadError ConnectionError".split()
)


@contextmanager
def in_plain_words(url: str) -> Iterator[None]:
    """Turn whatever boto3 raises meanwhile into a problem of ours.

    Raises:
        BadSettings: no key, a wrong address, no Object Lock where one is asked for, or conditions unknown.
        Unreadable: no bucket, no permission, no answer.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        raise _refused(url, str(error.response.get("Error", {}).get("Code", "")), str(error)) from error
    except BotoCoreError as error:
        raise _failed(url, type(error).__name__, str(error)) from error


def unconditional(url: str) -> BadSettings:
    """Return what to raise where a server writes over what it was told to leave."""
    what = "its server does not keep two writers apart: it ignores If-None-Match or If-Match."
    fix = "use a server that knows conditional writes, as Amazon S3 does; nothing was deposited."
    return BadSettings(Problem(Place(url), "archive", what, fix, "bucket-unconditional"))


def wrong_address(url: str, what: str) -> BadSettings:
    """Return what to raise where an address leads to no bucket."""
    fix = "write it as s3://bucket/folder; keys and server come from the environment or AWS's own settings."
    return BadSettings(Problem(Place(url), "archive", what, fix, "bucket-address"))


def extra_missing(name: str | None) -> BadSettings:
    """Return what to raise where boto3 is not installed."""
    what = f"an archive in a bucket needs “{name}”, which is not installed."
    fix = "install it: pip install 'presskit-pipeline[s3]'."
    return BadSettings(Problem(Place("archive"), "", what, fix, "extra-missing"))


def busy(url: str, what: str) -> Unreadable:
    """Return what to raise where others were faster time and again."""
    fix = "deposit again; what was deposited before is as it was."
    return Unreadable(Problem(Place(url), "archive", what, fix, "bucket-silent"))


def damaged(path: str, what: str) -> ArchiveDamaged:
    """Return what to raise where something in a bucket is not what it was."""
    fix = "mirror the bucket and run presskit verify on the copy; put it right from another copy."
    return ArchiveDamaged(Problem(Place(path), "archive", what, fix, "archive-damaged"))


def _refused(url: str, code: str, words: str) -> PresskitError:
    if code == "NoSuchBucket":
        what, fix = (
            "there is no such bucket.",
            "correct the name, or have the bucket made; presskit makes none.",
        )
        return Unreadable(Problem(Place(url), "archive", what, fix, "bucket-missing"))
    if code in _DENIED:
        what = f"the server does not let this key in ({code})."
        fix = "ask who keeps the bucket for the right to list, read, write and delete in it."
        return Unreadable(Problem(Place(url), "archive", what, fix, "bucket-refused"))
    if code == "NotImplemented":
        return unconditional(url)
    if code in _NOT_LOCKED and "lock" in words.lower():
        what, fix = "this bucket has no Object Lock.", "have it turned on, or ask for no retention."
        return BadSettings(Problem(Place(url), "archive", what, fix, "bucket-unlocked"))
    return _silent(url, f"the server refused: {words[:300]}.")


def _failed(url: str, kind: str, words: str) -> PresskitError:
    if kind in _NO_KEY:
        what = f"no key for the bucket: {words[:300]}."
        fix = "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE."
        return BadSettings(Problem(Place(url), "archive", what, fix, "bucket-key"))
    if kind in _NO_ANSWER:
        return _silent(url, f"no answer from its server: {words[:300]}.")
    return wrong_address(url, f"the bucket can not be asked: {words[:300]}.")


def _silent(url: str, what: str) -> Unreadable:
    fix = "see whether the server runs and the network is there, then try again; nothing deposited is lost."
    return Unreadable(Problem(Place(url), "archive", what, fix, "bucket-silent"))
