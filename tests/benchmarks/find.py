"""How long it takes to find words among thousands of archived versions, beside reading all of their texts."""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from presskit.archive import layout
from presskit.archive.find import Found, find, update
from presskit.archive.inventory import Inventory, Version, digest_of, next_inventory, write_inventory
from presskit.archive.store import Archive
from presskit.signoff.chain import next_line
from tests.archive.samples import ORIGIN, Sample

VERSIONS = 20_000
WORDS = 400  # of a release
TURNS = 9

_SEED = random.Random(1)
_VOCABULARY = ["".join(_SEED.choices("abcdefghijklmnoprstuvw", k=_SEED.randint(3, 10))) for _ in range(8000)]
_WEIGHTS = [1 / (place + 2) for place in range(len(_VOCABULARY))]  # as in any language (Zipf)
COMMON, RARE = _VOCABULARY[3], _VOCABULARY[-3]


def search(versions: int = VERSIONS) -> Iterator[tuple[str, str]]:
    """Yield what was done, and how long it took in milliseconds."""
    with tempfile.TemporaryDirectory() as folder:
        archive = _archive(Path(folder) / "archive", versions)
        index = Path(folder) / "index"
        yield (
            f"index of {versions:,} versions made anew",
            f"{_ms(lambda: update(archive, index, anew=True)):.0f}",
        )
        _grow(archive, [Sample("the-newest", issued="2026-11-23")])
        yield "one version more, and a question", f"{_ms(lambda: find(archive, index, RARE)):.1f}"
        questions: dict[str, Callable[[], object]] = {
            "a rare word": lambda: find(archive, index, RARE),
            "a word of nearly every release": lambda: find(archive, index, COMMON),
            "two such words": lambda: find(archive, index, f"{COMMON} {_VOCABULARY[5]}"),
            "the beginning of a word": lambda: find(archive, index, f"{RARE[:3]}*"),
            "two words side by side": lambda: find(archive, index, f'"{COMMON} {_VOCABULARY[5]}"'),
            "a common word in one year": lambda: find(
                archive, index, COMMON, since=date(2001, 1, 1), until=date(2001, 12, 31)
            ),
            "a speaker": lambda: find(archive, index, speaker="rivers"),
            "no word, in French": lambda: find(archive, index, language="fr"),
            "a word that is nowhere": lambda: find(archive, index, "zzzz"),
        }
        for name, question in questions.items():
            yield name, f"{statistics.median(_ms(question) for _ in range(TURNS)):.1f}"
        _same(find(archive, index, RARE, limit=versions), scan(archive.root, RARE))
        yield "a rare word, by reading every text", f"{_ms(lambda: scan(archive.root, RARE)):.0f}"


def scan(root: Path, word: str) -> set[str]:
    """Return the slugs of releases that have a word, as grep would."""
    texts = root.glob("*/*/*/*/v*/content/kit/*.txt")
    return {text.stem for text in texts if word in text.read_text("utf-8").split()}


def _same(found: tuple[Found, ...], read: set[str]) -> None:
    if {version.slug for version in found} != read or not read:
        raise SystemExit("the index and the texts do not have the same releases")


def _ms(run: Callable[[], object]) -> float:
    started = time.perf_counter()
    run()
    return (time.perf_counter() - started) * 1000


def _archive(root: Path, versions: int) -> Archive:
    archive = Archive.open(root, create=True, origin=ORIGIN)
    _grow(archive, _releases(versions))
    return archive


def _releases(versions: int) -> Iterator[Sample]:
    for number in range(versions // 2):
        words = iter(_SEED.choices(_VOCABULARY, _WEIGHTS, k=WORDS))
        text = "\n\n".join(" ".join(next(words) for _ in range(40)) for _ in range(WORDS // 40))
        sample = Sample(
            slug=f"release-{number:05}",
            headline=text[:60],
            text=text,
            language="fr-CA" if number % 5 == 0 else "en-CA",
            issued=(date(1976, 1, 1) + timedelta(days=number * 18_000 // versions)).isoformat(),
        )
        yield sample
        yield replace(sample, text=f"{text} corrected", reference="2")


def _grow(archive: Archive, samples: Iterator[Sample] | list[Sample]) -> None:
    """Lay versions down without waiting for the disk and without signatures, which nobody reads here."""
    lines = (archive.root / layout.LOG).read_bytes().splitlines()
    last = lines[-1] if lines else None
    inventories: dict[str, Inventory] = {}
    with (archive.root / layout.LOG).open("ab") as journal:
        for sample in samples:
            files = sample.printed() | {f"words/{n}.json": words for n, words in sample.scopes().items()}
            before = inventories.pop(sample.object_id, None)
            facts = Version("2026-11-23T09:00:00Z", "", "Press office", "", {})
            inventory, fresh = next_inventory(before, sample.object_id, files, facts)
            inventories[sample.object_id] = inventory
            content = write_inventory(inventory)
            folder = archive.root / layout.object_path(sample.object_id)
            for name, written in {**fresh, f"{inventory.head}/{layout.INVENTORY}": content}.items():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_bytes(written)
            said = {"action": "deposit", "object": sample.object_id, "at": facts.created}
            last = next_line(
                last, {**said, "version": len(inventory.versions), "inventory_sha512": digest_of(content)}
            )
            journal.write(last + b"\n")
