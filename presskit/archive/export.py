"""One archived version to a folder others can take: plain, or as a BagIt bag.

Paths and bytes out; the same bytes each time.  Not here: writing them to a disk, and what may be handed out
(`foi`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from presskit.archive.shelf import Shelf

DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"


def export_plain(shelf: Shelf, object_id: str, version: int) -> Mapping[str, bytes]:
    """Return the files of a version under their own names.

    Raises:
        WrongUsage: there is no such object or version.
        ArchiveDamaged: a file is not what was deposited.
    """
    return {name: shelf.read(object_id, name, version) for name in sorted(shelf.files(object_id, version))}


def export_bag(shelf: Shelf, object_id: str, version: int) -> Mapping[str, bytes]:
    """Return a version as a bag: a folder any archive's programs can check by themselves.

    Raises:
        WrongUsage: there is no such object or version.
        ArchiveDamaged: a file is not what was deposited.
    """
    payload = export_plain(shelf, object_id, version)
    facts = shelf.versions(object_id)[version]
    information = {
        "Bagging-Date": facts.created[: len("2026-01-01")],  # written in universal time
        "External-Description": facts.message,
        "External-Identifier": f"{object_id}/v{version}",
    }
    return bag(payload, information)


def bag(payload: Mapping[str, bytes], information: Mapping[str, str]) -> Mapping[str, bytes]:
    """Return files as a bag.

    Args:
        information: label → value, for bag-info.txt; empty ones are left out.

    Source: RFC 8493, 2 (required tag files: bagit.txt, a payload manifest; optional: bag-info.txt, a tag
    manifest), 2.2.2 (reserved labels), 5.1 (encoding of paths and line ends).
    """
    data = {f"data/{name}": payload[name] for name in sorted(payload)}
    size = sum(map(len, data.values()))
    lines = [f"{label}: {' '.join(value.split())}" for label, value in information.items() if value]
    lines += [f"Payload-Oxum: {size}.{len(data)}", f"Bag-Size: {_readable(size)}"]
    tags = {
        "bag-info.txt": "".join(f"{line}\n" for line in sorted(lines)).encode(),
        "bagit.txt": DECLARATION,
        "manifest-sha512.txt": _manifest(data),
    }
    return {**tags, "tagmanifest-sha512.txt": _manifest(tags), **data}


def _manifest(files: Mapping[str, bytes]) -> bytes:
    """Return the digests of files, one a line."""
    lines = (f"{hashlib.sha512(content).hexdigest()}  {_path(name)}\n" for name, content in files.items())
    return "".join(lines).encode()


def _path(name: str) -> str:
    """Return a path as manifests write it.  Source: RFC 8493, 2.1.3."""
    return name.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _readable(size: int) -> str:
    """Return a size for people, "1.2 MB"."""
    for factor, unit in ((10**9, "GB"), (10**6, "MB"), (10**3, "kB")):
        if size >= factor:
            return f"{size / factor:.1f} {unit}"
    return f"{size} bytes"
