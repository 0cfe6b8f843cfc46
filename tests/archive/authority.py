"""A time-stamp authority on this machine: a small HTTP server whose answers `openssl ts -reply` makes."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.signoff.certificates import Holder, authority

SETTINGS = """
[tsa]
default_tsa = this
[this]
serial = {folder}/serial
signer_cert = {folder}/signer.pem
signer_key = {folder}/signer.key
signer_digest = sha256
default_policy = 1.3.6.1.4.1.99999.1
digests = {digests}
accuracy = secs:1
tsa_name = yes
ess_cert_id_alg = sha256
{chain}
"""
LONG_NAME = "An Authority Whose Certificate Is Longer Than Its Root's"
Answer = Callable[[bytes], bytes]


def require_openssl() -> None:
    """Skip the running test where there is no openssl; fail it when CI=true."""
    if shutil.which("openssl") is None:
        reason = "openssl is not on this machine: run .ci/judges"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)


def stamps(folder: Path, by: Holder, *, chain: bool = False, digests: str = "sha256,sha512") -> Answer:
    """Return what makes time stamps, its certificate given by a root.

    Args:
        chain: send the root's certificate along.
        digests: the ones that are stamped; others are refused.
    """
    require_openssl()
    signer = authority(LONG_NAME, by)
    (folder / "signer.pem").write_bytes(signer.pem)
    (folder / "signer.key").write_bytes(signer.key_pem)
    (folder / "root.pem").write_bytes(by.pem)
    (folder / "serial").write_text("01\n")
    settings = folder / "tsa.cnf"
    certificates = f"certs = {folder}/root.pem" if chain else ""
    settings.write_text(SETTINGS.format(folder=folder, digests=digests, chain=certificates))

    def answer(question: bytes) -> bytes:
        (folder / "question.tsq").write_bytes(question)
        made = folder / "answer.tsr"
        command = ("openssl", "ts", "-reply", "-config", settings, "-queryfile", folder / "question.tsq")
        subprocess.run((*command, "-out", made), check=True, capture_output=True)
        return made.read_bytes()

    return answer


@contextmanager
def serving(answer: Answer, status: int = 200, headers: tuple[tuple[str, str], ...] = ()) -> Iterator[str]:
    """Serve the answers on this machine; the address."""

    class Desk(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            question = self.rfile.read(int(self.headers["Content-Length"]))
            asked = self.headers["Content-Type"] == "application/timestamp-query"
            body = answer(question) if asked else b""
            self.send_response(status)
            for header in headers:
                self.send_header(*header)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing on the test's output."""

    server = HTTPServer(("127.0.0.1", 0), Desk)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
