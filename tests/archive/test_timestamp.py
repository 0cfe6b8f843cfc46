from __future__ import annotations

import hashlib
import socket
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from presskit.archive import timestamp
from presskit.archive.timestamp import check_token, request_token
from presskit.errors import ArchiveDamaged, BadSettings, PresskitError, Unreadable
from tests.archive.authority import LONG_NAME, serving, stamps
from tests.signoff.certificates import root

DIGEST = hashlib.sha256(b"checkpoint").digest()


@pytest.fixture(scope="module")
def token(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    with serving(stamps(tmp_path_factory.mktemp("tsa"), root())) as url:
        return request_token(DIGEST, url)


def test_a_stamp_says_when_and_by_whom(token: bytes) -> None:
    stamp = check_token(token, DIGEST, [root().pem])
    assert abs(stamp.at - datetime.now(UTC)) < timedelta(minutes=5)
    assert stamp.authority == f"{LONG_NAME} · Example Police Service"


def test_a_root_may_be_pem_or_der_and_one_of_several(token: bytes) -> None:
    assert check_token(token, DIGEST, [root("Another Root").der, root().der])


def test_the_answer_as_kept_is_what_openssl_reads(token: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.tsr").write_bytes(token)
    (tmp_path / "root.pem").write_bytes(root().pem)
    command = ("openssl", "ts", "-verify", "-digest", DIGEST.hex(), "-in", tmp_path / "a.tsr")
    done = subprocess.run((*command, "-CAfile", tmp_path / "root.pem"), capture_output=True, text=True)
    assert "Verification: OK" in done.stdout


def test_sha_512_is_stamped_too(tmp_path: Path) -> None:
    digest = hashlib.sha512(b"checkpoint").digest()
    with serving(stamps(tmp_path, root())) as url:
        assert check_token(request_token(digest, url), digest, [root().pem])


def test_a_stamp_is_refused_for_another_digest(token: bytes) -> None:
    assert "timestamp-invalid" in str(refused(lambda: check_token(token, bytes(32), [root().pem])))


def test_a_stamp_is_refused_under_another_root(token: bytes) -> None:
    error = refused(lambda: check_token(token, DIGEST, [root("Another Root").pem]))
    assert isinstance(error, ArchiveDamaged)


def test_a_stamp_whose_time_was_changed_is_refused(token: bytes) -> None:
    year = f"{datetime.now(UTC):%Y}".encode()
    changed = token.replace(b"\x18\x0f" + year, b"\x18\x0f2001")
    assert changed != token
    assert isinstance(refused(lambda: check_token(changed, DIGEST, [root().pem])), ArchiveDamaged)


@pytest.mark.parametrize("rubbish", [b"", b"0", b"0\x80", b"0\x84\xff\xff\xff\xff", b"<html>", b"0\x02\x01"])
def test_rubbish_is_no_stamp(rubbish: bytes) -> None:
    assert isinstance(refused(lambda: check_token(rubbish, DIGEST, [root().pem])), ArchiveDamaged)


def test_a_stamp_cut_short_anywhere_is_refused(token: bytes) -> None:
    for length in range(0, len(token), 37):
        assert isinstance(refused(lambda: check_token(token[:length], DIGEST, [root().pem])), ArchiveDamaged)  # noqa: B023 (called at once)


def test_a_stamp_that_brings_its_chain_unsorted_is_read(tmp_path: Path) -> None:
    with serving(stamps(tmp_path, root(), chain=True)) as url:
        token = request_token(DIGEST, url)
    assert timestamp._in_order(token) != token, "the test's authority sent its certificates sorted"
    assert sorted(timestamp._in_order(token)) == sorted(token)
    assert check_token(token, DIGEST, [root().pem]).authority.startswith(LONG_NAME)


def test_without_a_root_nothing_is_believed(token: bytes) -> None:
    assert isinstance(refused(lambda: check_token(token, DIGEST, [])), BadSettings)


def test_a_root_that_is_no_certificate_is_named(token: bytes) -> None:
    error = refused(lambda: check_token(token, DIGEST, [b"-----BEGIN CERTIFICATE-----\nx"]))
    assert "a root certificate can not be read" in str(error)


def test_an_authority_that_says_no_is_quoted(tmp_path: Path) -> None:
    with serving(stamps(tmp_path, root(), digests="sha512")) as url:
        error = refused(lambda: request_token(DIGEST, url))
    assert isinstance(error, Unreadable)
    assert "it refused: Message digest algorithm is not supported" in str(error)


def test_an_authority_that_is_down_is_named() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))  # bound and not listening: nobody answers
        url = f"http://127.0.0.1:{held.getsockname()[1]}/"
        assert f"{url} gave no time stamp: no answer came" in str(refused(lambda: request_token(DIGEST, url)))


def test_an_authority_that_never_answers_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        error = refused(lambda: request_token(DIGEST, url, timeout_seconds=0.1))
        assert "timed out" in str(error)


def test_an_answer_that_is_no_stamp_is_told() -> None:
    with serving(lambda _: b"<html>busy</html>") as url:
        assert "what it answered is no time stamp" in str(refused(lambda: request_token(DIGEST, url)))


def test_a_server_error_is_told() -> None:
    with serving(lambda _: b"", status=503) as url:
        assert "503" in str(refused(lambda: request_token(DIGEST, url)))


def test_a_million_bytes_are_not_read() -> None:
    with serving(lambda _: bytes(1_000_000)) as url:
        assert "more than 64 kB" in str(refused(lambda: request_token(DIGEST, url)))


def test_a_redirect_is_not_followed(tmp_path: Path) -> None:
    with (
        serving(stamps(tmp_path, root())) as elsewhere,
        serving(lambda _: b"", status=302, headers=(("Location", elsewhere),)) as url,
    ):
        assert "302" in str(refused(lambda: request_token(DIGEST, url)))


def test_an_old_answer_does_not_pass_for_a_new_one(token: bytes) -> None:
    with serving(lambda _: token) as url:
        assert "its stamp is for something else" in str(refused(lambda: request_token(DIGEST, url)))


def test_a_stamp_for_something_else_is_not_taken(tmp_path: Path) -> None:
    stamp = stamps(tmp_path, root())
    with serving(lambda question: stamp(question.replace(DIGEST, bytes(32)))) as url:
        assert "its stamp is for something else" in str(refused(lambda: request_token(DIGEST, url)))


@pytest.mark.parametrize(
    "url",
    [
        "http://tsa.example.org/",
        "file:///etc/hosts",
        "ftp://tsa.example.org",
        "https://",
        "",
        "http://[",
        "tsa",
    ],
)
def test_only_encrypted_addresses_are_asked(url: str) -> None:
    error = refused(lambda: request_token(DIGEST, url))
    assert isinstance(error, BadSettings)
    assert "https://" in str(error)


def test_without_the_extra_the_fix_is_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rfc3161_client", None)
    for ask in (lambda: request_token(DIGEST, "https://x"), lambda: check_token(b"", DIGEST, [])):
        error = refused(ask)
        assert isinstance(error, BadSettings)
        assert "pip install 'presskit-pipeline[timestamp]'" in str(error)


def test_the_module_can_be_imported_without_the_extra() -> None:
    code = "import sys, presskit.archive.timestamp; sys.exit('rfc3161_client' in sys.modules)"
    assert subprocess.run((sys.executable, "-c", code)).returncode == 0


def refused(call: Callable[[], object]) -> PresskitError:
    with pytest.raises(PresskitError) as caught:
        call()
    return caught.value
