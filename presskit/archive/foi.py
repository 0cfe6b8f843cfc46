"""Archived versions to a package for a freedom of information request: public, personal, advice.

What nobody has classified counts as personal.  Not here: deciding what is released, which the records officer
does, and whether the archive is whole (`verify`).
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from presskit.archive.contents import DELIVERIES, PERSONAL, SUMMARY, fields_in
from presskit.archive.shelf import Shelf
from presskit.signoff.canon import digest
from presskit.signoff.envelope import BadEnvelope, Envelope, read

Category = Literal["public", "personal", "advice"]

FACTS = "slug", "headline", "reference", "issued", "embargo", "language", "corrects", "withdraws"
"""Of `version.json`: what the release itself says to everybody."""

ADVICE_FIELDS = "decision", "at", "reason", "note", "break_glass"
"""Of a record's predicate: what was said.  All others, known or not, say who and how, and are personal."""

Record = tuple[str, Envelope | None]
"""Number of a record, and what it holds; ``None`` if it can not be read."""

_RECORD = re.compile(r"sign-off/(\d*)[^/]*\.dsse\.json")

_README = """\
PACKAGE FOR A REQUEST UNDER FREEDOM OF INFORMATION

{object_id}
{versions}

This package was made from the office's archive. It sorts every file; it decides nothing. Before
anything is handed out, somebody with the authority to do so has to look at it.

public/     {public}
            The release as it went out, what it says of itself (number, dates, language), and to how many
            of the media it was sent.{embargoes}

personal/   {personal}
            Personal data: mails, papers and notes that show an answer, names and contact details, who
            approved what and how, who it was sent to, photos as they came from the camera. Look at
            every file; black out or leave out what must not be released. Files of a kind that is not
            known lie here too.

advice/     {advice}
            What was said while the release was prepared: rejections with their reasons, notes,
            comments, words as they were shown for approval. It may be exempt as advice or
            recommendations. Reasons and notes are free text: look for names in them.

index.csv names every file, why it lies where it lies, its SHA-256 and its size. Names of files can be
personal data themselves, so index.csv is for the office.

sign-off.txt in personal/ and decisions.txt in advice/ say in plain text what the signed records
(*.dsse.json) hold; a record has the same number in both. The signed records prove the decisions; they
are kept as they are, and lie in personal/.
"""


class Sorted(NamedTuple):
    """Where a file goes."""

    category: Category
    why: str


@dataclass(frozen=True, slots=True)
class Part:
    """One file of the package."""

    path: str
    sorted: Sorted
    content: bytes


def foi_package(shelf: Shelf, object_id: str, versions: Iterable[int]) -> Mapping[str, bytes]:
    """Return the files of a package for a request about some versions of a release.

    Raises:
        WrongUsage: there is no such object or version.
        ArchiveDamaged: a file is not what was deposited.
    """
    parts: list[Part] = []
    embargoes: list[str] = []
    numbers = sorted(set(versions))
    for version in numbers:
        files = {
            name: shelf.read(object_id, name, version) for name in sorted(shelf.files(object_id, version))
        }
        facts = fields_in(files.get("version.json", b""))
        parts += _parts(version, files, facts)
        if isinstance(facts.get("embargo"), str):
            embargoes.append(f"version {version}, {facts['embargo']}")
    parts.sort(key=lambda part: part.path)
    package = {part.path: part.content for part in parts}
    package["index.csv"] = _index(parts)
    package["README.txt"] = _readme(object_id, numbers, parts, embargoes)
    return package


def _parts(version: int, files: Mapping[str, bytes], facts: Mapping[str, Any]) -> Iterator[Part]:
    """Yield the files of one version, each in its place, and what is made from its records."""
    records = [
        (found[1] or "without a number", _envelope(content))
        for name, content in files.items()
        if (found := _RECORD.fullmatch(name))
    ]
    issued = _issued(records, facts) | _mailed(files)
    for name, content in files.items():
        place = _sorted(name, content, issued)
        yield Part(f"{place.category}/v{version}/{name}", place, content)
    made = {
        "facts.txt": (Sorted("public", "what the release says of itself"), _facts(facts)),
        "decisions.txt": (Sorted("advice", "decisions, reasons and notes"), _decisions(records)),
        "sign-off.txt": (Sorted("personal", "who approved what, and how"), _sign_off(records)),
    }
    for name, (place, text) in made.items():
        yield Part(f"{place.category}/v{version}/{name}", place, text.encode())


def _sorted(name: str, content: bytes, issued: frozenset[tuple[str, str]]) -> Sorted:
    """Return where a file goes."""
    if (name, digest(content)) in issued:
        return Sorted("public", "went out as it is")
    if name.startswith("sign-off/evidence/"):
        return Sorted("personal", "shows an answer: a mail, a call or a paper")
    if name.startswith(PERSONAL):
        return Sorted("personal", "names who it was sent to, with addresses and what their mail servers said")
    if _RECORD.fullmatch(name):
        return Sorted("personal", "names who decided")
    if re.fullmatch(r"words/[^/]+\.json", name):
        return Sorted("advice", "words as they were shown for approval")
    match name:
        case "release.yaml":
            return Sorted("advice", "the draft, with the editors' comments")
        case _ if name == SUMMARY and fields_in(content):
            return Sorted("public", "how many it went to; names nobody")
        case "registers.json":
            return Sorted("personal", "contact details of people and agencies")
        case "version.json" | "manifest.dsse.json":
            return Sorted("personal", "the office's own record of the deposit")
        case _ if name.startswith("photos/"):
            return Sorted("personal", "may hold where and when it was taken, and by whom")
        case _ if name.startswith(("kit/", f"{DELIVERIES}message-")):
            return Sorted("personal", "no record says that it went out")
        case _:
            return Sorted("personal", "of a kind that is not known")


def _issued(records: Iterable[Record], facts: Mapping[str, Any]) -> frozenset[tuple[str, str]]:
    """Return name and digest of the files that were signed off to go out; none if the release was not."""
    if facts.get("state") != "signed_off":
        return frozenset()
    return frozenset(
        (f"kit/{name.removeprefix('file:')}", found)
        for _, record in records
        if record is not None and record.statement.predicate.get("decision") == "approve"
        for name, found in record.statement.subjects.items()
        if name.startswith("file:")
    )


def _mailed(files: Mapping[str, bytes]) -> frozenset[tuple[str, str]]:
    """Return name and digest of the messages that somebody got; one that only waits has not gone out."""
    try:
        return frozenset(
            (str(message["file"]), str(message["sha256"]))
            for mailing in fields_in(files.get(SUMMARY, b"")).get("mailings", ())
            for message in mailing["messages"]
            if message["states"].get("sent")
        )
    except (KeyError, TypeError, AttributeError):  # it is no summary of ours
        return frozenset()


# --- plain text ----------------------------------------------------------------------------------------


def _facts(facts: Mapping[str, Any]) -> str:
    return _table((name, facts[name]) for name in FACTS if isinstance(facts.get(name), str))


def _decisions(records: Iterable[Record]) -> str:
    """Return what was said about which words; not by whom."""
    return _blocks(
        (number, [("about", " ".join(_about(record))), *_fields(record, advice=True)])
        for number, record in records
        if record is not None
    )


def _sign_off(records: Iterable[Record]) -> str:
    """Return who decided, and how it is known."""
    return _blocks((number, _who(record)) for number, record in records)


def _who(record: Envelope | None) -> list[tuple[str, str]]:
    if record is None:
        return [("record", "can not be read")]
    keys = " ".join(signature.key_id for signature in record.signatures)
    return [*_fields(record, advice=False), ("signed with", keys)]


def _about(record: Envelope) -> Iterator[str]:
    """Yield the parts of the release a record is about, without the release's name."""
    for name in record.statement.subjects:
        yield name.rpartition("#")[2].removeprefix("block:").removeprefix("file:")


def _fields(record: Envelope, *, advice: bool) -> Iterator[tuple[str, str]]:
    predicate = record.statement.predicate
    wanted = [name for name in ADVICE_FIELDS if name in predicate] if advice else sorted(predicate)
    for name in wanted:
        if advice or name == "decision" or name not in ADVICE_FIELDS:
            value = predicate[name]
            yield (
                name,
                value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str),
            )


def _blocks(records: Iterable[tuple[str, Iterable[tuple[str, str]]]]) -> str:
    return "\n".join(f"Record {number}\n{_table(rows)}" for number, rows in records) or "No records.\n"


def _table(rows: Iterable[tuple[str, str]]) -> str:
    """Return names and values, a line each; further lines of a value stand below its first."""
    kept = list(rows)
    width = max((len(name) for name, _ in kept), default=0) + 2
    gap = "\n" + " " * width
    return "".join(f"{name:{width}}{gap.join(value.splitlines())}\n" for name, value in kept)


def _index(parts: Iterable[Part]) -> bytes:
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(("path", "category", "why", "sha256", "bytes"))
    rows.writerows((part.path, *part.sorted, digest(part.content), len(part.content)) for part in parts)
    return text.getvalue().encode()


def _readme(
    object_id: str, versions: Iterable[int], parts: Iterable[Part], embargoes: Iterable[str]
) -> bytes:
    counts = {"public": 0, "personal": 0, "advice": 0}
    for part in parts:
        counts[part.sorted.category] += 1
    files = {name: f"{count} file{'s' * (count != 1)}" for name, count in counts.items()}
    under = "".join(f"\n            Under embargo, so not public before: {one}." for one in embargoes)
    named = "Versions: " + ", ".join(map(str, versions))
    return _README.format(object_id=object_id, versions=named, embargoes=under, **files).encode()


def _envelope(content: bytes) -> Envelope | None:
    try:
        return read(content)
    except BadEnvelope:
        return None
