"""The archive at the size of an office's years: deposits, and everything checked, beside ocfl-py and bagit.

Both peers run in an environment of their own (`.ci/judges`); each checks the same bytes in the same run.
"""

from __future__ import annotations

import json
import random
import shutil
import statistics
import subprocess
import tempfile
import time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from presskit.archive.keeping import archived_ring
from presskit.archive.layout import object_folders
from presskit.archive.proof import Proof
from presskit.archive.store import Archive
from presskit.archive.verify import verify
from presskit.signoff.keys import Key
from tests.archive.forgery import archive_of
from tests.conformance.judges import judges_folder, why_absent
from tests.signed_office import OBJECT, Stages

OBJECTS, VERSIONS = 1000, 3
BAGS = 100
LOG_LINES = 20_000
AT = datetime(2026, 1, 1, tzinfo=UTC)
KEY = Key(Ed25519PrivateKey.from_private_bytes(bytes(32)))
SIZES = {"kit/a.pdf": 60_000, "kit/a-press.pdf": 50_000, "kit/a.docx": 25_000, "kit/a.html": 12_000} | {
    f"words/{number}.json": 1_200 for number in range(5)
}

PEERS = """
import json, logging, sys, time
import bagit
from ocfl import Object
logging.disable(logging.CRITICAL)
given = json.load(sys.stdin)
answer = {}
for turn in range(2):
    started = time.perf_counter()
    for folder in given["objects"]:
        assert Object().validate(objdir=folder, log_warnings=False, log_errors=False)[0]
    answer["ocfl-py"] = time.perf_counter() - started
for folder in given["bags"]:
    bagit.make_bag(folder, checksums=["sha512"])
for turn in range(2):
    started = time.perf_counter()
    for folder in given["bags"]:
        bagit.Bag(folder).validate()
    answer["bagit"] = time.perf_counter() - started
json.dump(answer, sys.stdout)
"""


def rows(objects: int = OBJECTS) -> list[tuple[str, ...]]:
    """Return rows of what was done, the figure, and its unit."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        archive = Archive.open(folder / "archive", create=True)
        taken = _fill(archive, objects)
        found = [
            ("deposit, a version of 153 kB in 9 files: median", f"{statistics.median(taken):.1f}", "ms"),
            ("the same, the slowest of a hundred", f"{sorted(taken)[len(taken) * 99 // 100]:.1f}", "ms"),
            ("the same, behind a log of 20,000 lines: median", f"{_behind_a_long_log(archive):.1f}", "ms"),
        ]
        seconds = min(_verify_seconds(archive) for _ in range(2))
        found.append(
            (f"verify, {objects} objects x {VERSIONS} versions", f"{objects / seconds:.0f}", "objects/s")
        )
        found.append(_proof(folder))
        return [*found, *_peers(archive, folder, objects)]


def _fill(archive: Archive, objects: int) -> list[float]:
    """Deposit all versions; return how long each took, in milliseconds."""
    rng = random.Random(7)
    taken = []
    for version in range(VERSIONS):
        for number in range(objects):
            files = {name: rng.randbytes(size) for name, size in SIZES.items()}
            started = time.perf_counter()
            _deposit(archive, number, files, version)
            taken.append((time.perf_counter() - started) * 1000)
    return taken


def _deposit(archive: Archive, number: int, files: dict[str, bytes], expect: int) -> None:
    archive.deposit(
        f"urn:presskit:example.org:release-{number}",
        files,
        message="signed off",
        user_name="desk",
        user_address="mailto:desk@example.org",
        at=AT,
        expect=expect,
        signer=KEY,
    )


def _behind_a_long_log(archive: Archive) -> float:
    """Return the median of deposits into a new archive whose log is long."""
    other = Archive.open(archive.root.with_name("long"), create=True)
    line = {"action": "deposit", "at": "2026-01-01T00:00:00Z", "inventory_sha512": "0" * 128, "version": 1}
    facts = (
        line | {"object": f"urn:presskit:example.org:old-{n}", "prev": "0" * 64, "seq": n}
        for n in range(LOG_LINES)
    )
    text = "".join(json.dumps(found, sort_keys=True, separators=(",", ":")) + "\n" for found in facts)
    other.site.log.file.write_text(text)
    return statistics.median(_fill(other, 20))


def _verify_seconds(archive: Archive) -> float:
    started = time.perf_counter()
    assert verify(archive, keys=[KEY.public], checkpoints=[archive.checkpoint()]) == ()
    return time.perf_counter() - started


def _proof(folder: Path) -> tuple[str, str, str]:
    """Return the row that says how long the signatures of a real signed-off version take to check."""
    desk = Stages(folder / "stages").copy("archived", folder / "office")
    archive, domain = archive_of(desk), desk.office.registers.house.domain
    proof = Proof({domain: archived_ring(archive, domain)})
    readers = {name: partial(archive.read, OBJECT, name) for name in archive.files(OBJECT)}
    content = {name: partial(bytes, read()) for name, read in readers.items()}
    records = sum(name.startswith("sign-off/") and name.endswith(".dsse.json") for name in content)
    taken = []
    for _ in range(50):
        started = time.perf_counter()
        assert list(proof(OBJECT, 1, content)) == []
        taken.append((time.perf_counter() - started) * 1000)
    what = f"who signed what of one version: {records} records, {len(content)} files"
    return what, f"{statistics.median(taken):.1f}", "ms"


def _peers(archive: Archive, folder: Path, objects: int) -> list[tuple[str, ...]]:
    if reason := why_absent("ocfl-py"):
        return [(reason, "", "")]
    folders = list(object_folders(archive.root))
    bags = []
    for number, source in enumerate(folders[:BAGS]):
        bags += [str(folder / "bags" / f"{number}-{version}") for version in range(1, VERSIONS + 1)]
        for version in range(1, VERSIONS + 1):
            shutil.copytree(source / f"v{version}" / "content", folder / "bags" / f"{number}-{version}")
    python = judges_folder() / "ocfl-py/bin/python"
    given = json.dumps({"objects": list(map(str, folders)), "bags": bags})
    done = subprocess.run([python, "-c", PEERS], input=given, capture_output=True, text=True, check=True)
    seconds = json.loads(done.stdout)
    return [
        ("ocfl-py, validate the same objects", f"{objects / seconds['ocfl-py']:.0f}", "objects/s"),
        (
            f"bagit, validate {len(bags)} of the versions as bags, three for an object",
            f"{len(bags) / VERSIONS / seconds['bagit']:.0f}",
            "objects/s",
        ),
    ]
