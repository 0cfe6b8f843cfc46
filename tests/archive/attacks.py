"""Twenty attacks on an archive, by people who know the format; some of them hold the office's key.

Each is a function of an archive as `deposits.filled` makes it.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from presskit.archive.inventory import digest_of, write_sidecar
from presskit.archive.log import Log
from presskit.archive.store import Archive
from presskit.signoff.canon import Value
from presskit.signoff.chain import next_line
from tests.archive.deposits import BRIDGE, BUDGET, OFFICE, kit, put

Resign = Callable[[Path, int], None]
"""Makes the signed list of a version fit again, with the office's key: the insider's part."""

Document = dict[str, Any]
PDF = "kit/bridge.pdf"


def rewrite_lists(archive: Archive, object_id: str, change: Callable[[Document], object]) -> None:
    """Change all lists of an object, with their sidecars."""
    folder = archive.site.folder(object_id)
    for place in sorted(path.parent for path in folder.rglob("inventory.json")):
        document = json.loads((place / "inventory.json").read_bytes())
        change(document)
        content = json.dumps(document, indent=1, sort_keys=True).encode()
        (place / "inventory.json").write_bytes(content)
        (place / "inventory.json.sha512").write_bytes(write_sidecar(content))


def substitute(archive: Archive, name: str, change: Callable[[bytes], bytes]) -> None:
    """Change a file in all versions, and all digests with it."""
    folder = archive.site.folder(BRIDGE)
    document = json.loads((folder / "inventory.json").read_bytes())
    changed: dict[str, str] = {}
    for version in document["versions"].values():
        for digest, names in version["state"].items():
            if name in names and digest not in changed:
                file = folder / document["manifest"][digest][0]
                file.write_bytes(change(file.read_bytes()))
                changed[digest] = digest_of(file.read_bytes())

    def digests(block: Document) -> Document:
        return {changed.get(digest, digest): names for digest, names in block.items()}

    def fix(document: Document) -> None:
        document["manifest"] = digests(document["manifest"])
        for version in document["versions"].values():
            version["state"] = digests(version["state"])

    rewrite_lists(archive, BRIDGE, fix)


def rewrite_log(archive: Archive) -> None:
    """Write the log and its checkpoint anew from what lies there: needs the office's key."""
    log = archive.site.log
    lines: list[bytes] = []
    for entry in log.chain().entries:
        object_id, version = str(entry.facts["object"]), entry.facts["version"]
        file = archive.site.folder(object_id) / f"v{version}" / "inventory.json"
        if file.exists():
            facts: dict[str, Value] = {k: v for k, v in entry.facts.items() if k not in ("seq", "prev")}
            facts["inventory_sha512"] = digest_of(file.read_bytes())
            lines.append(next_line(lines[-1] if lines else None, facts))
    sign_anew(log, lines)


def sign_anew(log: Log, lines: list[bytes]) -> None:
    log.file.write_bytes(b"".join(line + b"\n" for line in lines))
    (log.work / "frontier.json").unlink(missing_ok=True)
    log.sign(OFFICE)


def roll_back(archive: Archive, object_id: str, to: int) -> None:
    folder = archive.site.folder(object_id)
    for version in range(to + 1, 4):
        shutil.rmtree(folder / f"v{version}")
    for name in ("inventory.json", "inventory.json.sha512"):
        shutil.copy(folder / f"v{to}" / name, folder / name)


def content(archive: Archive, version: int, name: str) -> Path:
    return archive.site.folder(BRIDGE) / f"v{version}" / "content" / name


def flip_a_bit(archive: Archive) -> None:
    file = content(archive, 3, PDF)
    found = file.read_bytes()
    file.write_bytes(found[:100] + bytes([found[100] ^ 1]) + found[101:])


def delete_the_word_file(archive: Archive) -> None:
    content(archive, 1, "kit/bridge.docx").unlink()


def slip_in_a_file(archive: Archive) -> None:
    content(archive, 3, "kit/extra.pdf").write_bytes(b"%PDF extra")


def swap_the_pdfs_of_two_versions(archive: Archive) -> None:
    one, two = content(archive, 1, PDF), content(archive, 2, PDF)
    first, second = one.read_bytes(), two.read_bytes()
    one.write_bytes(second)
    two.write_bytes(first)


def cut_the_list(archive: Archive) -> None:
    file = archive.site.folder(BRIDGE) / "inventory.json"
    file.write_bytes(file.read_bytes()[:200])


def replace_the_pdf(archive: Archive) -> None:
    substitute(archive, PDF, lambda found: found + b"%evil")


def edit_the_quote(archive: Archive) -> None:
    substitute(archive, "release.yaml", lambda found: found.replace(b"revision", b"rewriting"))


def change_who_approved(archive: Archive) -> None:
    substitute(archive, "sign-off/0001-approved.dsse.json", lambda f: f.replace(b"desk", b"boss"))


def take_out_a_sign_off(archive: Archive) -> None:
    folder = archive.site.folder(BRIDGE)

    def fix(document: Document) -> None:
        for version in document["versions"].values():
            for digest, names in list(version["state"].items()):
                if names[0].startswith("sign-off/"):
                    del version["state"][digest]
                    for path in document["manifest"].pop(digest, []):
                        (folder / path).unlink(missing_ok=True)
                        if (folder / path).parent.exists() and not any((folder / path).parent.iterdir()):
                            (folder / path).parent.rmdir()

    rewrite_lists(archive, BRIDGE, fix)


def back_date(archive: Archive) -> None:
    def fix(document: Document) -> None:
        for version in document["versions"].values():
            version["created"] = "2020-01-01T00:00:00Z"

    rewrite_lists(archive, BRIDGE, fix)


def remove_the_newest_version(archive: Archive) -> None:
    roll_back(archive, BRIDGE, 2)


def delete_the_release(archive: Archive) -> None:
    folder = archive.site.folder(BRIDGE)
    shutil.rmtree(folder)
    archive.site.prune(folder.parent)


def serve_one_release_as_another(archive: Archive) -> None:
    folder = archive.site.folder(BRIDGE)
    shutil.rmtree(folder)
    shutil.copytree(archive.site.folder(BUDGET), folder)
    rewrite_lists(archive, BRIDGE, lambda document: document.update(id=BRIDGE))


def replay_an_old_sign_off(archive: Archive) -> None:
    substitute(archive, "release.yaml", lambda found: found + b"lead: something else\n")


def add_an_unsigned_version(archive: Archive) -> None:
    log, checkpoint = archive.site.log.file.read_bytes(), archive.checkpoint()
    put(archive, BRIDGE, kit("bridge", 3) | {PDF: b"%PDF evil"})
    archive.site.log.file.write_bytes(log)
    (archive.root / "checkpoint").write_bytes(checkpoint)


def replace_the_pdf_and_rewrite_the_log(archive: Archive) -> None:
    replace_the_pdf(archive)
    rewrite_log(archive)


def delete_the_release_and_rewrite_the_log(archive: Archive) -> None:
    delete_the_release(archive)
    rewrite_log(archive)


def insider_replaces_the_pdf_and_signs_anew(archive: Archive, resign: Resign | None = None) -> None:
    replace_the_pdf(archive)
    if resign is not None:
        for version in (1, 2, 3):
            resign(archive.site.folder(BRIDGE), version)
    rewrite_log(archive)


def insider_erases_the_newest_version_everywhere(archive: Archive) -> None:
    remove_the_newest_version(archive)
    rewrite_log(archive)


def everything_is_rolled_back(archive: Archive) -> None:
    for object_id in (BRIDGE, BUDGET):
        roll_back(archive, object_id, 1)
    log = archive.site.log
    sign_anew(log, log.file.read_bytes().splitlines()[:2])


Attack = Callable[[Archive], None]

ATTACKS: dict[str, tuple[Attack, frozenset[str]]] = {
    f"{number:02} {attack.__name__.replace('_', ' ')}": (attack, frozenset(layers.split()))
    for number, (attack, layers) in enumerate(
        [
            (flip_a_bit, "fixity signature"),
            (delete_the_word_file, "fixity signature"),
            (slip_in_a_file, "fixity"),
            (swap_the_pdfs_of_two_versions, "fixity signature"),
            (cut_the_list, "structure"),
            (replace_the_pdf, "signature log"),
            (edit_the_quote, "signature log"),
            (change_who_approved, "signature log"),
            (take_out_a_sign_off, "signature log"),
            (back_date, "log"),
            (remove_the_newest_version, "log"),
            (delete_the_release, "log"),
            (serve_one_release_as_another, "signature log"),
            (replay_an_old_sign_off, "signature log"),
            (add_an_unsigned_version, "signature log"),
            (replace_the_pdf_and_rewrite_the_log, "signature checkpoint"),
            (delete_the_release_and_rewrite_the_log, "checkpoint"),
            (insider_replaces_the_pdf_and_signs_anew, "signature checkpoint"),
            (insider_erases_the_newest_version_everywhere, "checkpoint"),
            (everything_is_rolled_back, "checkpoint"),
        ],
        1,
    )
}
"""Name → attack, and the layers that must notice it; all others must be silent."""
