"""The rules of OCFL an inventory can break by itself, each with its code in the specification.

A file of unknown origin in, broken rules out.  Not here: what depends on other files (`structure`), and an
inventory that is in order (`inventory`).

Source: OCFL 1.1, 3.5, and its list of validation codes (E001 to E112).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

LIMIT_BYTES = 20_000_000
"""The largest inventory that is read: some 50,000 files."""

LENGTHS = {"md5": 32, "sha1": 40, "sha256": 64, "sha512": 128, "sha512/256": 64, "blake2b-512": 128}
"""Digests an inventory may use, and their length in hexadecimal digits."""

_TYPES = {f"https://ocfl.io/{version}/spec/#inventory" for version in ("1.0", "1.1")}
_HEXADECIMAL = re.compile(r"[0-9a-fA-F]+")
_OUTSIDE = re.compile(r"(^|/)\.{0,2}(/|$)|\0")  # a part that is empty, "." or ".."; or what no name has
_CREATED = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII)


class Broken(NamedTuple):
    """One rule that does not hold."""

    code: str  # of the specification, "E036"
    what: str  # a sentence


def parsed(content: bytes) -> tuple[Any, tuple[Broken, ...]]:
    """Return the JSON object in a file, or the rule that keeps it from being one."""
    if len(content) > LIMIT_BYTES:
        return None, (Broken("E033", f"it has more than {LIMIT_BYTES:,} bytes"),)
    try:
        document = json.loads(content.decode("utf-8"), object_pairs_hook=_once, parse_constant=_never)
    except (ValueError, RecursionError) as error:
        return None, (Broken("E033", f"it is not JSON: {str(error)[:80]}"),)
    if not isinstance(document, dict):
        return None, (Broken("E033", "it is no JSON object"),)
    return document, ()


def broken_rules(document: Mapping[str, Any]) -> Iterator[Broken]:
    """Yield the rules an inventory breaks; later ones are tried only where the earlier ones let them."""
    found = [*_head(document), *_blocks(document)]
    yield from found
    if found:
        return
    length = LENGTHS[document["digestAlgorithm"]]
    content = document.get("contentDirectory", "content")
    yield from _numbers(document["versions"], document["head"])
    yield from _manifest(document["manifest"], document["versions"], content, length)
    used: set[str] = set()
    for name, block in document["versions"].items():
        yield from _version(name, block, length, used)
    known = {digest.lower() for digest in document["manifest"]}
    for digest in sorted(used - known):
        yield Broken("E050", f"a version lists content {digest[:16]}… that the manifest does not have")
    for digest in sorted(known - used):
        yield Broken("E107", f"the manifest has content {digest[:16]}… that no version lists")
    yield from _fixity(document.get("fixity", {}), document["manifest"])


def _head(document: Mapping[str, Any]) -> Iterator[Broken]:
    """Yield what is wrong with the single fields."""
    for field in ("id", "type", "digestAlgorithm", "head"):
        if field not in document:
            yield Broken("E036", f"it has no field {field!r}")
    if "id" in document and (not isinstance(document["id"], str) or not document["id"]):
        yield Broken("E037", "its id is no text")
    if "type" in document and (not isinstance(document["type"], str) or document["type"] not in _TYPES):
        yield Broken("E038", f"its type {_quoted(document['type'])} is not that of an inventory")
    if document.get("digestAlgorithm", "sha512") not in ("sha512", "sha256"):
        yield Broken("E025", f"it names content by {_quoted(document['digestAlgorithm'])}")
    if "head" in document and not isinstance(document["head"], str):
        yield Broken("E040", "its newest version is no text")
    content = document.get("contentDirectory", "content")
    if not isinstance(content, str) or not content or "/" in content:
        yield Broken("E017", f"its folder of content is called {_quoted(content)}")
    elif content in (".", ".."):
        yield Broken("E018", f"its folder of content is called {_quoted(content)}")


def _blocks(document: Mapping[str, Any]) -> Iterator[Broken]:
    """Yield what is missing of the large blocks, or of the wrong kind."""
    for field, code in (("manifest", "E041"), ("versions", "E044")):
        if field not in document:
            yield Broken("E041", f"it has no block {field!r}")
        elif not isinstance(document[field], dict):
            yield Broken(code, f"its block {field!r} is no JSON object")
    fixity = document.get("fixity", {})
    if not isinstance(fixity, dict):
        yield Broken("E111", "its block 'fixity' is no JSON object")
    versions = document.get("versions")
    if isinstance(versions, dict):
        if not versions:
            yield Broken("E008", "it has no version")
        for name, block in versions.items():
            if not isinstance(block, dict):
                yield Broken("E047", f"its version {_quoted(name)} is no JSON object")


def _numbers(versions: Mapping[str, Any], head: str) -> Iterator[Broken]:
    """Yield what is wrong with the sequence of versions: 1, 2, 3 without a gap."""
    for name in versions:
        if not re.fullmatch(r"v\d{1,8}", name, re.ASCII) or not int(name[1:]):
            yield Broken("E046", f"a version is called {_quoted(name)}")
            return
    numbers = sorted(int(name[1:]) for name in versions)
    if numbers[0] != 1:
        yield Broken("E009", f"its first version is number {numbers[0]}")
    if numbers != list(range(numbers[0], numbers[0] + len(numbers))):
        yield Broken("E010", "its version numbers have a gap or a number twice")
    padded = {len(name) for name in versions if name[1] == "0"}
    if padded and {len(name) for name in versions} != padded:
        yield Broken("E012", "its version numbers are padded with zeros in part")
    if head != max(versions, key=lambda name: int(name[1:])):
        yield Broken("E040", f"its newest version is not {_quoted(head)}")


def _manifest(
    manifest: Mapping[str, Any], versions: Mapping[str, Any], content: str, length: int
) -> Iterator[Broken]:
    paths: list[str] = []
    yield from _lists(manifest, length, "manifest", Codes("E025", "E091", "E096"), paths)
    for path in paths:
        if path.startswith("/") or path.endswith("/"):
            yield Broken("E100", f"the path {_quoted(path)} begins or ends with a slash")
        elif _steps_out(path):
            yield Broken("E099", f"the path {_quoted(path)} has a part that is empty, “.” or “..”")
        elif path.split("/")[0] not in versions or path.split("/")[1:2] != [content] or path.count("/") < 2:
            yield Broken("E042", f"the path {_quoted(path)} does not lead into a version's content")
    yield from _distinct(paths, "E101")


def _version(name: str, block: Mapping[str, Any], length: int, used: set[str]) -> Iterator[Broken]:
    created = block.get("created")
    if "created" not in block:
        yield Broken("E048", f"its version {name} has no date")
    elif not isinstance(created, str) or not _CREATED.fullmatch(created) or not _is_date(created):
        yield Broken("E049", f"the date of version {name} is {_quoted(created)}")
    if not isinstance(block.get("message", ""), str):
        yield Broken("E094", f"the message of version {name} is no text")
    user = block.get("user", {"name": "nobody"})
    if not isinstance(user, dict) or not isinstance(user.get("name"), str) or not user["name"]:
        yield Broken("E054", f"the depositor of version {name} has no name")
    elif not isinstance(user.get("address", ""), str):
        yield Broken("E054", f"the address of the depositor of version {name} is no text")
    if not isinstance(block.get("state"), dict):
        yield Broken("E048" if "state" not in block else "E050", f"its version {name} lists no files")
        return
    names: list[str] = []
    yield from _lists(block["state"], length, f"version {name}", Codes("E050", "E050", "E050"), names)
    used.update(digest.lower() for digest in block["state"])
    for path in names:
        if path.startswith("/") or path.endswith("/"):
            yield Broken("E053", f"the file name {_quoted(path)} begins or ends with a slash")
        elif _steps_out(path):
            yield Broken("E052", f"the file name {_quoted(path)} has a part that is empty, “.” or “..”")
    yield from _distinct(names, "E095")


def _fixity(fixity: Mapping[str, Any], manifest: Mapping[str, list[str]]) -> Iterator[Broken]:
    lists = [paths for paths in manifest.values() if isinstance(paths, list)]
    listed = {path for paths in lists for path in paths if isinstance(path, str)}
    for algorithm, block in fixity.items():
        if not isinstance(block, dict):
            yield Broken("E057", f"its further digests {_quoted(algorithm)} are no JSON object")
            continue
        paths: list[str] = []
        codes = Codes("E057", "E057", "E097")
        yield from _lists(block, LENGTHS.get(algorithm, 0), f"block {_quoted(algorithm)}", codes, paths)
        for path in sorted(set(paths) - listed):
            yield Broken("E057", f"the further digests name {_quoted(path)}, which the manifest does not")


class Codes(NamedTuple):
    """Which rule it is that a block of digests breaks."""

    form: str  # a digest that is none
    kind: str  # no list of texts
    twice: str  # one digest in two spellings


def _lists(
    block: Mapping[str, Any], length: int, where: str, codes: Codes, paths: list[str]
) -> Iterator[Broken]:
    """Yield what is wrong with a block of digest → list of paths, and add its paths."""
    for digest, listed in block.items():
        if length and not _is_hexadecimal(digest, length):
            yield Broken(codes.form, f"the {where} has {_quoted(digest)} for a digest")
        if not isinstance(listed, list) or not listed or not all(isinstance(p, str) for p in listed):
            yield Broken(codes.kind, f"the {where} has no list of paths at {_quoted(digest)}")
        else:
            paths.extend(listed)
    if len({digest.lower() for digest in block}) != len(block):
        yield Broken(codes.twice, f"the {where} has a digest twice, in capitals and in small letters")


def _distinct(paths: Iterable[str], code: str) -> Iterator[Broken]:
    """Yield paths that stand twice, or as a file and as a folder."""
    seen: set[str] = set()
    for path in paths:
        if path in seen:
            yield Broken(code, f"{_quoted(path)} stands twice")
        seen.add(path)
    for path in seen:
        parent, slash, _ = path.rpartition("/")
        while slash:
            if parent in seen:
                yield Broken(code, f"{_quoted(parent)} is a file and a folder")
            parent, slash, _ = parent.rpartition("/")


def _steps_out(path: str) -> bool:
    return _OUTSIDE.search(path) is not None


def _is_hexadecimal(digest: str, length: int) -> bool:
    return len(digest) == length and _HEXADECIMAL.fullmatch(digest) is not None


def _is_date(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a field stands twice")
    return found


def _never(name: str) -> None:
    raise ValueError(f"{name} is no value")


def _quoted(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)[:80] if isinstance(value, str) else repr(value)[:80]
