"""Ways to break an object of OCFL, each with the rule it breaks: the bad fixtures of these tests.

A good object is built by hand with the standard library, so that neither our writer nor an outside judge is
taken for the measure.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from presskit.archive.layout import object_path

OBJECT_ID = "urn:presskit:example.org:bridge"
Document = dict[str, Any]
Hurt = Callable[[Path], object]


def sha512(content: bytes) -> str:
    return hashlib.sha512(content).hexdigest()


def good_object(root: Path) -> Path:
    """Write three versions of an object; return its folder."""
    folder = root / object_path(OBJECT_ID)
    manifest: Document = {}
    versions: Document = {}
    for number in (1, 2, 3):
        files = {"release.yaml": b"revision %d" % number, "photos/a.jpg": b"same", "photos/b.jpg": b"same"}
        state: Document = {}
        for name, content in sorted(files.items()):
            digest = sha512(content)
            state.setdefault(digest, []).append(name)
            if digest not in manifest:
                manifest[digest] = [f"v{number}/content/{name}"]
                target = folder / manifest[digest][0]
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
        versions[f"v{number}"] = {
            "created": f"2026-11-0{number}T09:30:00Z",
            "message": "signed off",
            "user": {"name": "desk", "address": "mailto:desk@example.org"},
            "state": state,
        }
        document = {
            "id": OBJECT_ID,
            "type": "https://ocfl.io/1.1/spec/#inventory",
            "digestAlgorithm": "sha512",
            "head": f"v{number}",
            "manifest": manifest,
            "versions": versions,
        }
        write_list(folder / f"v{number}", document)
        write_list(folder, document)
    (folder / "0=ocfl_object_1.1").write_bytes(b"ocfl_object_1.1\n")
    return folder


def write_list(folder: Path, document: Document, algorithm: str = "sha512") -> None:
    content = json.dumps(document, indent=2).encode()
    (folder / "inventory.json").write_bytes(content)
    digest = hashlib.new(algorithm, content).hexdigest()
    (folder / f"inventory.json.{algorithm}").write_text(f"{digest} inventory.json\n")


def read_list(folder: Path) -> Document:
    found: Document = json.loads((folder / "inventory.json").read_bytes())
    return found


def in_lists(change: Callable[[Document], object], *places: str) -> Hurt:
    """Change lists, with their sidecars made right: the root's and the newest version's if none is named."""

    def hurt(folder: Path) -> None:
        for place in places or ("", "v3"):
            document = read_list(folder / place)
            change(document)
            write_list(folder / place, document)

    return hurt


def raw(path: str, content: bytes) -> Hurt:
    def hurt(folder: Path) -> None:
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)

    return hurt


def gone(path: str) -> Hurt:
    def hurt(folder: Path) -> None:
        target = folder / path
        shutil.rmtree(target) if target.is_dir() else target.unlink()

    return hurt


def both(*hurts: Hurt) -> Hurt:
    return lambda folder: [hurt(folder) for hurt in hurts]


ALL = ("", "v1", "v2", "v3")
V1 = sha512(b"revision 1")


def version_1(**fields: object) -> Hurt:
    return in_lists(lambda d: d["versions"]["v1"].update(fields), *ALL)


def path_of_version_1(path: str) -> Hurt:
    return in_lists(lambda d: d["manifest"].update({V1: [path]}), *ALL)


def name_of_version_1(name: str) -> Hurt:
    return in_lists(lambda d: d["versions"]["v1"]["state"].update({V1: [name]}), *ALL)


def without(field: str) -> Hurt:
    return in_lists(lambda d: d.pop(field))


def with_(**fields: object) -> Hurt:
    return in_lists(lambda d: d.update(fields))


@dataclass(frozen=True)
class Bad:
    """One broken object."""

    code: str  # what we must say
    hurt: Hurt
    ocfl: str = ""  # what ocfl-py says, where it is not that code; some lists break ocfl-py 2.1.0 itself

    @property
    def rule(self) -> str:
        return self.ocfl or self.code


BAD: dict[str, Bad] = {
    "a file too many in the object": Bad("E001", raw("notes.txt", b"x")),
    "a folder too many in the object": Bad("E001", raw("notes/a.txt", b"x")),
    "no declaration": Bad("E003", gone("0=ocfl_object_1.1")),
    "two declarations": Bad("E003", raw("0=ocfl_object_1.0", b"ocfl_object_1.0\n")),
    "a strange declaration": Bad(
        "E006", both(gone("0=ocfl_object_1.1"), raw("0=ocfl_object_11", b"ocfl_object_11\n")), "E003"
    ),
    "a declaration that says something else": Bad("E007", raw("0=ocfl_object_1.1", b"ocfl_object_1.0\n")),
    "no versions in the list": Bad("E008", with_(versions={}, head="v0")),
    "no first version in the list": Bad("E009", in_lists(lambda d: d["versions"].pop("v1"))),
    "a version left out": Bad("E010", in_lists(lambda d: d["versions"].pop("v2"))),
    "a file beside the content": Bad("E015", raw("v2/notes.txt", b"x")),
    "a folder of content with a slash": Bad("E017", with_(contentDirectory="a/b")),
    "a folder of content above": Bad("E018", with_(contentDirectory="..")),
    "a folder of content named late": Bad("E042", with_(contentDirectory="content2")),
    "a file nobody deposited": Bad("file-untracked", raw("v3/content/x.txt", b"x"), "E023"),
    "a file nobody deposited, deep": Bad("file-untracked", raw("v1/content/a/b/x.txt", b"x"), "E023"),
    "an empty folder in the content": Bad("E024", lambda f: (f / "v2/content/empty").mkdir()),
    "a weak digest": Bad("E025", with_(digestAlgorithm="md5")),
    "a list that is not JSON": Bad("E033", raw("inventory.json", b"{")),
    "a list that is a list": Bad("E033", raw("inventory.json", b"[]"), "E036"),
    "no id": Bad("E036", without("id")),
    "no type": Bad("E036", without("type")),
    "no kind of digest": Bad("E036", without("digestAlgorithm")),
    "no head": Bad("E036", without("head")),
    "an empty id": Bad("E037", with_(id="")),
    "another id in an old list": Bad("E037", in_lists(lambda d: d.update(id="urn:x"), "v2")),
    "a strange type": Bad("E038", with_(type="inventory")),
    "a head that is not the newest": Bad("E040", with_(head="v2")),
    "a head that does not exist": Bad("E040", with_(head="v9")),
    "a head that is a number": Bad("E040", with_(head=3)),
    "an old list that says to be newer": Bad("E040", lambda f: copy_list(f, "v3", "v2"), "E066"),
    "no manifest": Bad("E041", without("manifest"), "ocfl-py broke: TypeError"),
    "no block of versions": Bad("E041", without("versions")),
    "a manifest that is a list": Bad("E041", with_(manifest=[])),
    "a path outside of the versions": Bad("E042", path_of_version_1("x/content/a")),
    "a path beside the content": Bad("E042", path_of_version_1("v1/a")),
    "versions that are a list": Bad("E044", with_(versions=[])),
    "a version without a folder": Bad("E046", gone("v2")),
    "a version nobody knows": Bad("E046", raw("v4/content/a", b"x")),
    "a version without a date": Bad("E048", in_lists(lambda d: d["versions"]["v1"].pop("created"), *ALL)),
    "a version without files": Bad(
        "E048", in_lists(lambda d: d["versions"]["v1"].pop("state"), *ALL), "ocfl-py broke: KeyError"
    ),
    "a date without offset": Bad("E049", version_1(created="2026-11-01T09:30:00")),
    "a date without seconds": Bad("E049", version_1(created="2026-11-01T09:30Z")),
    "a date that is a number": Bad("E049", version_1(created=2026)),
    "a state with unknown content": Bad(
        "E050", in_lists(lambda d: d["versions"]["v1"]["state"].update({sha512(b"?"): ["x"]}), *ALL)
    ),
    "a state that is a list": Bad("E050", version_1(state=[]), "ocfl-py broke: AttributeError"),
    "names that are no list": Bad(
        "E050", in_lists(lambda d: d["versions"]["v1"]["state"].update({V1: "release.yaml"}), *ALL)
    ),
    "a name upward": Bad("E052", name_of_version_1("../x")),
    "an absolute name": Bad("E053", name_of_version_1("/x")),
    "a user who is a text": Bad("E054", version_1(user="desk")),
    "an address that is a number": Bad("E054", version_1(user={"name": "desk", "address": 5})),
    "a further digest of nothing": Bad("E057", with_(fixity={"md5": {"a" * 32: ["v1/content/none"]}})),
    "further digests that are a list": Bad("E111", with_(fixity=[])),
    "a further digest that is wrong": Bad(
        "file-changed", with_(fixity={"md5": {"a" * 32: ["v1/content/release.yaml"]}}), "E093"
    ),
    "a further digest twice": Bad(
        "E097", with_(fixity={"md5": {c * 32: ["v1/content/release.yaml"] for c in "aA"}})
    ),
    "no digest beside the list": Bad("E058", gone("inventory.json.sha512")),
    "no digest beside an old list": Bad("E058", gone("v1/inventory.json.sha512")),
    "a wrong digest beside the list": Bad(
        "E060", raw("inventory.json.sha512", b"0" * 128 + b" inventory.json\n")
    ),
    "a wrong digest beside an old list": Bad(
        "E060", raw("v1/inventory.json.sha512", b"0" * 128 + b" inventory.json\n")
    ),
    "a digest that is none": Bad("E061", raw("inventory.json.sha512", b"see below\n")),
    "no list": Bad("E063", gone("inventory.json")),
    "a list unlike the newest version's": Bad(
        "E064", in_lists(lambda d: d["versions"]["v3"].update(message="x"), "")
    ),
    "another file in an old list": Bad(
        "E066", in_lists(lambda d: d["versions"]["v1"]["state"].update({V1: ["other.yaml"]}), "v1", "v2")
    ),
    "a file in the folder of extensions": Bad("E067", raw("extensions/a.txt", b"x")),
    "a path that is no list": Bad(
        "E091", in_lists(lambda d: d["manifest"].update({V1: "v1/content/release.yaml"})), "E050"
    ),
    "a changed file": Bad("file-changed", raw("v1/content/release.yaml", b"revision 9"), "E092"),
    "a file cut to nothing": Bad("file-changed", raw("v2/content/release.yaml", b""), "E092"),
    "a missing file": Bad("file-missing", gone("v1/content/release.yaml"), "E092"),
    "a message that is a number": Bad("E094", version_1(message=5)),
    "a name twice": Bad("E095", name_of_version_1("photos/a.jpg")),
    "a name that is a folder": Bad("E095", name_of_version_1("photos")),
    "a digest in two spellings": Bad(
        "E096", in_lists(lambda d: d["manifest"].update({V1.upper(): ["v1/content/x"]}))
    ),
    "a path upward": Bad("E099", path_of_version_1("v1/content/../../../x")),
    "an absolute path": Bad("E100", path_of_version_1("/v1/content/release.yaml")),
    "a path twice": Bad("E101", path_of_version_1("v1/content/photos/a.jpg")),
    "an old list of a newer OCFL": Bad("E103", lambda folder: older(folder, "", "v2", "v3")),
    "content nobody uses": Bad(
        "E107", in_lists(lambda d: d["manifest"].update({sha512(b"?"): ["v3/content/z"]}))
    ),
}


def copy_list(folder: Path, source: str, target: str) -> None:
    for name in ("inventory.json", "inventory.json.sha512"):
        shutil.copy(folder / source / name, folder / target / name)


def with_sha256(folder: Path) -> None:
    """The same object, as an archive of others may have it: SHA-256."""
    digests = {
        sha512(c): hashlib.sha256(c).hexdigest() for c in (b"same", *(b"revision %d" % n for n in (1, 2, 3)))
    }

    def change(document: Document) -> None:
        document["digestAlgorithm"] = "sha256"
        document["manifest"] = {digests[k]: v for k, v in document["manifest"].items()}
        for version in document["versions"].values():
            version["state"] = {digests[k]: v for k, v in version["state"].items()}

    for place in ALL:
        document = read_list(folder / place)
        change(document)
        (folder / place / "inventory.json.sha512").unlink()
        write_list(folder / place, document, "sha256")


def with_padded_numbers(folder: Path) -> None:
    for number in (1, 2, 3):
        (folder / f"v{number}").rename(folder / f"v00{number}")
    for place in ("", "v001", "v002", "v003"):
        text = (folder / place / "inventory.json").read_text()
        for number in (1, 2, 3):
            text = text.replace(f'"v{number}', f'"v00{number}')
        write_list(folder / place, json.loads(text))


GOOD: dict[str, Hurt] = {
    "as it was written": lambda folder: None,
    "SHA-256": with_sha256,
    "numbers padded with zeros": with_padded_numbers,
    "digests in capitals": lambda folder: capitals(folder),
    "further digests": with_(
        fixity={"md5": {hashlib.md5(b"revision 1").hexdigest(): ["v1/content/release.yaml"]}}
    ),
    "a folder of content with another name": lambda folder: other_content(folder),
    "a folder for logs": raw("logs/2026.txt", b"moved to another disk"),
    "an extension": raw("extensions/0009-digest-algorithms/a.txt", b"x"),
    "OCFL 1.0": lambda folder: older(folder),
    "a date with an offset and fractions": version_1(created="2026-11-01T09:30:00.25-05:00"),
}


def capitals(folder: Path) -> None:
    for place in ALL:
        text = (folder / place / "inventory.json").read_text().replace(V1, V1.upper())
        write_list(folder / place, json.loads(text))


def other_content(folder: Path) -> None:
    for number in (1, 2, 3):
        (folder / f"v{number}" / "content").rename(folder / f"v{number}" / "stuff")
    for place in ALL:
        text = (folder / place / "inventory.json").read_text().replace("/content/", "/stuff/")
        write_list(folder / place, json.loads(text) | {"contentDirectory": "stuff"})


def older(folder: Path, *places: str) -> None:
    (folder / "0=ocfl_object_1.1").unlink()
    (folder / "0=ocfl_object_1.0").write_bytes(b"ocfl_object_1.0\n")
    for place in places or ALL:
        write_list(
            folder / place, read_list(folder / place) | {"type": "https://ocfl.io/1.0/spec/#inventory"}
        )
