from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

import presskit.archive
from presskit.archive import layout
from presskit.archive.inventory import digest_of, write_sidecar
from presskit.archive.keeping import Keeper, open_archive
from presskit.archive.purge import purge
from presskit.archive.site import beside
from presskit.archive.store import Archive
from presskit.signoff.canon import digest
from presskit.signoff.envelope import (
    Signer,
    Statement,
    payload_of,
    pre_authentication,
    read,
    sign,
    with_ssh_signature,
)
from presskit.signoff.sshsig import read_armoured
from tests.archive.samples import AT, LIST_KIND, OFFICE, ORIGIN, SPEAKER, Sample, archive_of, deposit, key_of
from tests.signoff.office import FILES, PACK
from tests.signoff.office import key_of as office_key
from tests.signoff.office import start as office_of

SCRIPT = Path(presskit.archive.__file__).parent / "root" / "verify50.sh"
CLINIC = Sample()
SECOND = Sample(headline="City opens its first free clinic on Monday", reference="2026-15")
BRIDGE = Sample(slug="bridge-closes", headline="The Mill Street bridge closes")

pytestmark = pytest.mark.skipif(
    os.environ.get("CI") != "true" and not (shutil.which("jq") and shutil.which("openssl")),
    reason="needs jq and openssl: run .ci/judges",
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return archive_of(tmp_path_factory.mktemp("whole") / "archive", [CLINIC, SECOND, BRIDGE]).root


@pytest.fixture
def root(whole: Path, tmp_path: Path) -> Path:
    return shutil.copytree(whole, tmp_path / "archive")


def folder(root: Path, sample: Sample = CLINIC) -> Path:
    return root / layout.object_path(sample.object_id)


def verified(*arguments: object, **variables: str) -> tuple[int, str]:
    """The exit status and the last line of a stranger's check."""
    done = subprocess.run(
        ["sh", str(SCRIPT), *map(str, arguments)],
        capture_output=True,
        text=True,
        env={**os.environ, **variables},
        timeout=120,
    )
    printed = done.stdout.splitlines()
    assert len([line for line in printed if line.startswith("FAILED")]) == (done.returncode == 1)
    return done.returncode, printed[-1] if printed else done.stderr


def one_version(root: Path, version: str = "v2", key: Path | None = None) -> tuple[int, str]:
    return verified(folder(root), key or root / layout.key_name(OFFICE.key_id), version)


def rewrite(root: Path, change: Callable[[dict[str, Any]], object], sample: Sample = CLINIC) -> None:
    """Change the newest inventory and recompute what has no key: digests beside it, not the log."""
    newest = folder(root, sample) / f"v{layout.newest_version(folder(root, sample))}"
    inventory = json.loads((newest / "inventory.json").read_bytes())
    change(inventory)
    content = json.dumps(inventory).encode()
    for place in (newest, newest.parent):
        write(place, {"inventory.json": content, "inventory.json.sha512": write_sidecar(content)})


def with_file(root: Path, name: str, content: bytes) -> None:
    """Give the newest version a file with other content, and recompute the digests that need no key."""
    (folder(root) / "v2/content" / name).parent.mkdir(parents=True, exist_ok=True)
    (folder(root) / "v2/content" / name).write_bytes(content)

    def change(inventory: dict[str, Any]) -> None:
        state = inventory["versions"]["v2"]["state"]
        manifest = inventory["manifest"]
        for listed, names in list(state.items()):
            state[listed] = [other for other in names if other != name]
        state.setdefault(digest_of(content), []).append(name)
        manifest[digest_of(content)] = [f"v2/content/{name}"]
        for listed, names in list(state.items()):
            if not names:
                del state[listed]
        used = {listed for version in inventory["versions"].values() for listed in version["state"]}
        for listed in set(manifest) - used:
            for path in manifest.pop(listed):
                if path != f"v2/content/{name}":
                    (folder(root) / path).unlink()

    rewrite(root, change)


def signed_list(files: dict[str, bytes], signer: Signer = OFFICE) -> bytes:
    subjects = {name: digest(content) for name, content in files.items() if name != "manifest.dsse.json"}
    return sign(Statement(LIST_KIND, subjects, {"slug": "clinic-opens"}), signer)


def write(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def insider(root: Path, files: dict[str, bytes], *more: Sample) -> None:
    """Make the whole archive anew, with these files first, all signed by the office."""
    shutil.rmtree(root)
    shutil.rmtree(beside(root), ignore_errors=True)
    archive = archive_of(root, [])
    deposit(archive, CLINIC.object_id, files | {"manifest.dsse.json": signed_list(files)})
    for sample in more:
        deposit(archive, sample.object_id, sample.files())


# --- nothing wrong -------------------------------------------------------------------------------------


def test_an_untouched_archive_matches(root: Path) -> None:
    assert verified(root) == (0, "OK       everything matches")


def test_an_archive_without_a_deposit_matches(tmp_path: Path) -> None:
    assert verified(archive_of(tmp_path / "archive", []).root)[0] == 0


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 7, 8, 13])
def test_the_root_of_the_log_is_that_of_the_standard_at_any_length(tmp_path: Path, count: int) -> None:
    archive = archive_of(tmp_path / "archive", [])
    for number in range(count):
        archive.site.log.append({"action": "fixity", "object": f"urn:x:{number}"}, OFFICE)
    assert verified(archive.root)[0] == 0


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_one_untouched_version_matches(root: Path, version: str) -> None:
    assert one_version(root, version) == (0, "OK       everything matches")


def test_it_is_found_from_any_folder(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root.parent)
    shutil.copy(root / "checkpoint", "kept.txt")
    assert verified("archive", "kept.txt")[0] == 0
    monkeypatch.chdir(folder(root))
    assert verified(".", "../../../../" + layout.key_name(OFFICE.key_id), "v1")[0] == 0


def test_a_torn_last_line_of_the_log_does_not_count(root: Path) -> None:
    with (root / layout.LOG).open("ab") as journal:
        journal.write(b'{"action":"dep')
    assert verified(root)[0] == 0


@pytest.mark.parametrize("shell", ["dash", "bash"])
def test_every_shell_says_the_same(root: Path, shell: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not on this machine")
    assert subprocess.run([shell, SCRIPT, root], capture_output=True).returncode == 0
    (folder(root) / "v1/content/kit/clinic-opens.pdf").write_bytes(b"x")
    assert subprocess.run([shell, SCRIPT, root], capture_output=True).returncode == 1


def test_calls_it_can_not_make_out_end_with_2(root: Path, tmp_path: Path) -> None:
    assert verified()[0] == 2
    assert verified(tmp_path)[0] == 2
    assert verified(root, "no-such-file")[0] == 2
    assert verified(folder(root), "no-such-key", "v1")[0] == 2


def test_it_does_not_start_without_its_programs(root: Path, tmp_path: Path) -> None:
    for name in ("sh", "openssl", "sha256sum", "sha512sum", "base64"):
        (tmp_path / name).symlink_to(str(shutil.which(name)))
    assert verified(root, PATH=str(tmp_path)) == (2, "verify50.sh: the program jq is missing\n")


def test_the_script_is_clean_in_the_eyes_of_shellcheck() -> None:
    if shutil.which("shellcheck") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("shellcheck is not on this machine: run .ci/judges")
        pytest.skip("shellcheck is not on this machine: run .ci/judges")
    done = subprocess.run(["shellcheck", SCRIPT], capture_output=True, text=True)
    assert done.stdout == ""


# --- an office's own archive: the keys of those who approved stand in its key ring ----------------------


@pytest.fixture(scope="module")
def office_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    office = office_of(tmp_path_factory.mktemp("office"))
    closed = office.clear()
    assert closed.reference
    hand, draft = office.hand("person:officer"), office.draft()
    archive = open_archive(draft.registers.house, office.workspace, create=True)
    keeper = Keeper(archive, office_key("person:officer"), hand.holder, office.workspace)
    keeper.keep(draft, office.standing(), FILES, PACK)
    return archive.root


def test_what_an_office_deposits_matches(office_archive: Path) -> None:
    assert verified(office_archive) == (0, "OK       everything matches")


def test_without_the_key_ring_nobody_knows_who_approved(office_archive: Path, tmp_path: Path) -> None:
    root = shutil.copytree(office_archive, tmp_path / "archive")
    shutil.rmtree(next(root.glob("*/*/*/*key-ring")))
    status, said = verified(root)
    assert status == 1
    assert said.endswith("no known key has signed this record")


# --- damage to the objects -----------------------------------------------------------------------------


def wrong_sidecar(root: Path) -> None:
    (folder(root) / "inventory.json.sha512").write_text("0" * 128 + " inventory.json\n")


def no_sidecar(root: Path) -> None:
    (folder(root) / "inventory.json.sha512").unlink()


def wrong_old_sidecar(root: Path) -> None:
    (folder(root) / "v1/inventory.json.sha512").write_text("0" * 128 + " inventory.json\n")


def other_inventory(root: Path) -> None:
    content = (folder(root) / "inventory.json").read_bytes() + b"\n"
    write(folder(root), {"inventory.json": content, "inventory.json.sha512": write_sidecar(content)})


def old_inventory(root: Path) -> None:
    for name in ("inventory.json", "inventory.json.sha512"):
        shutil.copy(folder(root) / "v1" / name, folder(root) / name)


def garbled_inventory(root: Path) -> None:
    content = b'{"id": '
    for place in ("", "v2"):
        write(
            folder(root) / place, {"inventory.json": content, "inventory.json.sha512": write_sidecar(content)}
        )


def other_history(root: Path) -> None:
    rewrite(root, lambda i: i["versions"]["v1"].update(created="2020-01-01T00:00:00Z"))


def flipped_bit(root: Path) -> None:
    file = folder(root) / "v1/content/kit/clinic-opens.pdf"
    file.write_bytes(bytes([file.read_bytes()[0] ^ 1]) + file.read_bytes()[1:])


def missing_file(root: Path) -> None:
    (folder(root) / "v1/content/kit/clinic-opens.docx").unlink()


def extra_file(root: Path) -> None:
    (folder(root) / "v2/content/extra.txt").write_text("x")


def extra_file_beside_the_versions(root: Path) -> None:
    (folder(root) / "extra.txt").write_text("x")


def newest_version_gone(root: Path) -> None:
    shutil.rmtree(folder(root) / "v2")


def first_version_gone(root: Path) -> None:
    shutil.rmtree(folder(root) / "v1")


def newline_in_a_name(root: Path) -> None:
    (folder(root) / "v2/content/a\nb").write_text("x")


def backslash_in_a_name(root: Path) -> None:
    (folder(root) / "v2/content/a\\b").write_text("x")


def bell_in_a_name(root: Path) -> None:
    (folder(root) / "v2/content/a\ab").write_text("x")


def a_link(root: Path) -> None:
    file = folder(root) / "v1/content/kit/clinic-opens.pdf"
    file.rename(root.parent / "elsewhere.pdf")
    file.symlink_to(root.parent / "elsewhere.pdf")


def a_name_that_leads_out(root: Path) -> None:
    rewrite(root, lambda i: i["versions"]["v2"]["state"].update({next(iter(i["manifest"])): ["../x"]}))


def no_declaration(root: Path) -> None:
    (folder(root) / "0=ocfl_object_1.1").write_text("ocfl_object_1.0\n")


def a_name_twice(root: Path) -> None:
    def change(inventory: dict[str, Any]) -> None:
        one, other = list(inventory["versions"]["v2"]["state"])[:2]
        inventory["versions"]["v2"]["state"][one] += inventory["versions"]["v2"]["state"][other]

    rewrite(root, change)


def another_head(root: Path) -> None:
    rewrite(root, lambda inventory: inventory.update(head="v1"))


def a_version_left_out(root: Path) -> None:
    rewrite(root, lambda inventory: inventory["versions"].pop("v1"))


def content_no_version_has(root: Path) -> None:
    write(folder(root), {"v2/content/spare": b"spare"})
    rewrite(root, lambda i: i["manifest"].update({digest_of(b"spare"): ["v2/content/spare"]}))


OBJECT_DAMAGE: dict[Callable[[Path], None], str] = {
    wrong_sidecar: "an inventory is not the one its digest was taken of: ./inventory.json: FAILED",
    no_sidecar: ". has no inventory.json with its digest",
    wrong_old_sidecar: "an inventory is not the one its digest was taken of: v1/inventory.json: FAILED",
    other_inventory: "inventory.json is not the one of the newest version, v2",
    old_inventory: "the files of the inventory are not those on disk: ./v2/content/",
    garbled_inventory: "inventory.json can not be read: ",
    other_history: "v1/inventory.json tells another history than inventory.json",
    flipped_bit: "content is damaged: v1/content/kit/clinic-opens.pdf: FAILED",
    missing_file: "the files of the inventory are not those on disk: ./v1/content/kit/clinic-opens.docx",
    extra_file: "the files of the inventory are not those on disk: ./v2/content/extra.txt",
    extra_file_beside_the_versions: "the files of the inventory are not those on disk: ./extra.txt",
    newest_version_gone: "v2 has no inventory.json with its digest",
    first_version_gone: "v1 has no inventory.json with its digest",
    newline_in_a_name: "a name with a line break, a control character or a backslash: ./",
    backslash_in_a_name: "a name with a line break, a control character or a backslash: ./",
    bell_in_a_name: "a name with a line break, a control character or a backslash: ./",
    a_link: "neither file nor folder: ./",
    a_name_that_leads_out: 'inventory.json has a name no file may have: "../x"',
    no_declaration: "/",
    a_name_twice: "inventory.json has a name twice in one version: ",
    another_head: "inventory.json names v1 as its newest version, and lists 2",
    a_version_left_out: "inventory.json has ",
    content_no_version_has: "inventory.json has content no version uses, or lacks some: ",
}


@pytest.mark.parametrize("hurt", OBJECT_DAMAGE, ids=lambda hurt: hurt.__name__)
def test_damage_to_an_object_is_noticed(root: Path, hurt: Callable[[Path], None]) -> None:
    hurt(root)
    status, said = one_version(root)
    assert status == 1
    assert said.startswith(f"FAILED   {OBJECT_DAMAGE[hurt]}")
    assert verified(root)[0] == 1


# --- damage that recomputes all digests, but has no key ------------------------------------------------


def file_nobody_signed(root: Path) -> None:
    with_file(root, "kit/more.pdf", b"more")


def other_pdf(root: Path) -> None:
    with_file(root, "kit/clinic-opens.pdf", b"other")


def no_list(root: Path) -> None:
    def change(inventory: dict[str, Any]) -> None:
        state = inventory["versions"]["v2"]["state"]
        listed = next(listed for listed, names in state.items() if names == ["manifest.dsse.json"])
        del state[listed]
        (folder(root) / inventory["manifest"].pop(listed)[0]).unlink()

    rewrite(root, change)


def list_of_another_signer(root: Path) -> None:
    with_file(root, "manifest.dsse.json", signed_list(SECOND.files(), key_of("stranger")))


def list_altered(root: Path) -> None:
    envelope = json.loads(SECOND.files()["manifest.dsse.json"])
    envelope["payload"] = json.loads(signed_list(CLINIC.files()))["payload"]
    with_file(root, "manifest.dsse.json", json.dumps(envelope).encode())


def list_of_another_kind(root: Path) -> None:
    envelope = json.loads(SECOND.files()["manifest.dsse.json"])
    with_file(root, "manifest.dsse.json", json.dumps(envelope | {"payloadType": "text/plain"}).encode())


def list_in_no_base64(root: Path) -> None:
    envelope = json.loads(SECOND.files()["manifest.dsse.json"])
    with_file(root, "manifest.dsse.json", json.dumps(envelope | {"payload": "%"}).encode())


def record_for_a_list(root: Path) -> None:
    with_file(root, "manifest.dsse.json", sign(Statement("urn:presskit:sign-off:v1", {}, {}), OFFICE))


UNSIGNED = "v2: no known key has signed the list of its files"
SIGNED_DAMAGE: dict[Callable[[Path], None], str] = {
    file_nobody_signed: "v2 holds other files than its signed list: kit/more.pdf",
    other_pdf: "a file of v2 is not the one in its signed list: v2/content/kit/clinic-opens.pdf: FAILED",
    no_list: "v2 has no signed list of its files, manifest.dsse.json",
    list_of_another_signer: UNSIGNED,
    list_altered: UNSIGNED,
    list_of_another_kind: f"{UNSIGNED}: it is of another kind, text/plain",
    list_in_no_base64: f"{UNSIGNED}: its text is not written in base64",
    record_for_a_list: "v2: manifest.dsse.json is no list of files",
}


@pytest.mark.parametrize("hurt", SIGNED_DAMAGE, ids=lambda hurt: hurt.__name__)
def test_what_the_signed_list_does_not_say_is_noticed(root: Path, hurt: Callable[[Path], None]) -> None:
    hurt(root)
    assert one_version(root) == (1, f"FAILED   {SIGNED_DAMAGE[hurt]}")
    assert verified(root)[0] == 1


def test_a_list_signed_with_another_key_than_the_one_given_is_noticed(root: Path) -> None:
    status, said = one_version(root, key=root / layout.key_name(SPEAKER.key_id))
    assert (status, said) == (1, f"FAILED   {UNSIGNED}")


def test_a_version_that_is_not_there_is_noticed(root: Path) -> None:
    assert one_version(root, "v3") == (1, "FAILED   there is no version v3")


# --- an insider who can sign the list, but not the records ---------------------------------------------


def quote_edited(files: dict[str, bytes]) -> str:
    files["words/quote.rivers@en-CA.json"] = CLINIC.block("quote.rivers", words=["We waited too long."])
    return "v1: nobody approved what stands there now: words/quote.rivers@en-CA.json"


def whole_edited(files: dict[str, bytes]) -> str:
    files["words/kit@en-CA.json"] = b'{"kit":"other"}'
    return "v1: nobody approved what stands there now: words/kit@en-CA.json"


def words_nobody_approved(files: dict[str, bytes]) -> str:
    files["words/quote.stranger@en-CA.json"] = b"{}"
    return "v1: nobody approved what stands there now: words/quote.stranger@en-CA.json"


def approved_pdf_replaced(files: dict[str, bytes]) -> str:
    files["kit/clinic-opens.pdf"] = b"other"
    return "v1: nobody approved what stands there now: kit/clinic-opens.pdf"


def approval_taken_out(files: dict[str, bytes]) -> str:
    del files["sign-off/0003-rivers.dsse.json"]
    return "v1: nobody approved what stands there now: words/quote.rivers@en-CA.json"


def approvers_name_changed(files: dict[str, bytes]) -> str:
    name = "sign-off/0003-rivers.dsse.json"
    envelope, other = json.loads(files[name]), json.loads(files["sign-off/0001-rivers.dsse.json"])
    files[name] = json.dumps(envelope | {"payload": other["payload"]}).encode()
    return "no known key has signed this record"


INSIDER_DAMAGE = (
    quote_edited,
    whole_edited,
    words_nobody_approved,
    approved_pdf_replaced,
    approval_taken_out,
    approvers_name_changed,
)


@pytest.mark.parametrize("hurt", INSIDER_DAMAGE)
def test_an_insider_can_not_change_what_was_approved(
    root: Path, hurt: Callable[[dict[str, bytes]], str]
) -> None:
    files = CLINIC.files()
    insider(root, files)
    assert verified(root)[0] == 0
    expected = hurt(files)
    insider(root, files)
    for status, said in (verified(root), one_version(root, "v1")):
        assert status == 1
        assert said.endswith(expected)


# --- damage to the root --------------------------------------------------------------------------------


def lines(root: Path) -> list[bytes]:
    return (root / layout.LOG).read_bytes().splitlines(keepends=True)


def log_gone(root: Path) -> None:
    (root / layout.LOG).unlink()


def log_line_changed(root: Path) -> None:
    first, second, third = lines(root)
    (root / layout.LOG).write_bytes(first + second.replace(b'"version":2', b'"version":3') + third)


def log_line_taken_out(root: Path) -> None:
    first, _, third = lines(root)
    (root / layout.LOG).write_bytes(first + third)


def log_lines_swapped(root: Path) -> None:
    first, second, third = lines(root)
    (root / layout.LOG).write_bytes(second + first + third)


def log_with_a_zero_byte(root: Path) -> None:
    first, second, third = lines(root)
    (root / layout.LOG).write_bytes(first.replace(b"deposit", b"depo\0sit") + second + third)


def log_cut_short(root: Path) -> None:
    (root / layout.LOG).write_bytes(b"".join(lines(root)[:2]))


def last_line_changed(root: Path) -> None:
    *before, last = lines(root)
    (root / layout.LOG).write_bytes(b"".join(before) + last.replace(b'"at":"2026', b'"at":"2020'))


def checkpoint_gone(root: Path) -> None:
    (root / "checkpoint").unlink()


def checkpoint_altered(root: Path) -> None:
    note = (root / "checkpoint").read_text()
    (root / "checkpoint").write_text(note.replace("\n3\n", "\n2\n"))


def checkpoint_of_another_key(root: Path) -> None:
    (root / layout.key_name(OFFICE.key_id)).unlink()


def checkpoint_of_another_log(root: Path) -> None:
    (root / layout.ORIGIN).write_text("example.com/archive\n")


def checkpoint_is_rubbish(root: Path) -> None:
    (root / "checkpoint").write_text("all is well\n")


def key_swapped(root: Path) -> None:
    (root / layout.key_name(OFFICE.key_id)).write_bytes(key_of("stranger").public.pem)


def key_is_rubbish(root: Path) -> None:
    (root / layout.key_name(OFFICE.key_id)).write_bytes(b"key")


def checkpoint_without_a_number(root: Path) -> None:
    (root / "checkpoint").write_text(f"{ORIGIN}\n-1\n")


def key_of_another_kind(root: Path) -> None:
    pem = (
        X25519PrivateKey.generate().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    (root / layout.key_name(OFFICE.key_id)).write_bytes(pem)


def object_gone(root: Path) -> None:
    shutil.rmtree(folder(root, BRIDGE))


def version_removed_cleanly(root: Path) -> None:
    shutil.rmtree(folder(root) / "v2")
    old_inventory(root)


def version_nobody_logged(root: Path) -> None:
    kept = {name: (root / name).read_bytes() for name in (layout.LOG, layout.CHECKPOINT)}
    deposit(Archive.open(root), CLINIC.object_id, CLINIC.files())
    write(root, kept)


def back_dated(root: Path) -> None:
    rewrite(root, lambda i: i["versions"]["v2"].update(created="2020-01-01T00:00:00Z"))


def object_elsewhere(root: Path) -> None:
    (root / "aaa/bbb/ccc").mkdir(parents=True)
    folder(root, BRIDGE).rename(root / "aaa/bbb/ccc" / folder(root, BRIDGE).name)


def object_twice(root: Path) -> None:
    shutil.copytree(folder(root, BRIDGE), folder(root, BRIDGE).with_name("twice"))


def object_in_place_of_another(root: Path) -> None:
    shutil.rmtree(folder(root, BRIDGE))
    shutil.copytree(folder(root), folder(root, BRIDGE))


def file_between_objects(root: Path) -> None:
    (folder(root).parent / "notes.txt").write_text("x")


GONE = "log.jsonl has a version that is missing or is another one now"
ROOT_DAMAGE: dict[Callable[[Path], None], str] = {
    log_gone: "log.jsonl is missing",
    log_line_changed: "log.jsonl: line 3 does not follow from the one before it",
    log_line_taken_out: "log.jsonl: line 2 does not follow from the one before it",
    log_lines_swapped: "log.jsonl: line 1 does not follow from the one before it",
    log_with_a_zero_byte: "log.jsonl holds bytes that are no text",
    log_cut_short: "checkpoint saw 3 lines, log.jsonl has 2: newer ones were taken away",
    last_line_changed: "checkpoint: the first 3 lines of log.jsonl are not those it saw",
    checkpoint_gone: "checkpoint is missing",
    checkpoint_altered: "checkpoint: no known key has signed this checkpoint",
    checkpoint_of_another_key: "checkpoint: no known key has signed this checkpoint",
    checkpoint_of_another_log: "checkpoint is of another log, example.org/archive",
    checkpoint_is_rubbish: "checkpoint is of another log, all is well",
    key_swapped: f"{layout.key_name(OFFICE.key_id)} is not named after the key in it",
    key_is_rubbish: f"./{layout.key_name(OFFICE.key_id)} is no public key",
    checkpoint_without_a_number: "checkpoint is no checkpoint: it names no number of lines",
    key_of_another_kind: f"./{layout.key_name(OFFICE.key_id)} is no Ed25519 key",
    object_gone: f"{GONE}: {BRIDGE.object_id} v1 ",
    version_removed_cleanly: f"{GONE}: {CLINIC.object_id} v2 ",
    version_nobody_logged: f"a version that is not in log.jsonl: {CLINIC.object_id} v3 ",
    back_dated: f"{GONE}: {CLINIC.object_id} v2 ",
    object_elsewhere: f"./aaa/bbb/ccc/{Path(layout.object_path(BRIDGE.object_id)).name} does not lie",
    object_twice: f"{BRIDGE.object_id} is there twice",
    object_in_place_of_another: f"./{layout.object_path(BRIDGE.object_id)} does not lie where",
    file_between_objects: "a file that belongs to no object: ./",
}


@pytest.mark.parametrize("hurt", ROOT_DAMAGE, ids=lambda hurt: hurt.__name__)
def test_damage_to_the_root_is_noticed(root: Path, hurt: Callable[[Path], None]) -> None:
    hurt(root)
    status, said = verified(root)
    assert status == 1
    assert said.startswith(f"FAILED   {ROOT_DAMAGE[hurt]}")


def test_only_a_checkpoint_from_outside_shows_that_everything_was_written_anew(
    root: Path, tmp_path: Path
) -> None:
    kept = shutil.copy(root / "checkpoint", tmp_path / "kept-from-an-e-mail.txt")
    assert verified(root, kept)[0] == 0
    insider(root, BRIDGE.files())
    assert verified(root)[0] == 0
    status, said = verified(root, kept)
    assert (status, said) == (1, f"FAILED   {kept} saw 3 lines, log.jsonl has 1: newer ones were taken away")
    insider(root, BRIDGE.files(), SECOND, BRIDGE)
    assert verified(root)[0] == 0
    status, said = verified(root, kept)
    assert (status, said) == (1, f"FAILED   {kept}: the first 3 lines of log.jsonl are not those it saw")


# --- removal by law ------------------------------------------------------------------------------------


@pytest.fixture
def purged(root: Path) -> Path:
    purge(Archive.open(root), CLINIC.object_id, ground="order", user_name="office", at=AT, signer=OFFICE)
    return root


def stub(root: Path) -> Path:
    return root / layout.purged_name(CLINIC.object_id)


def test_an_archive_matches_after_a_removal_by_law(purged: Path) -> None:
    assert verified(purged)[0] == 0


def stub_gone(root: Path) -> None:
    stub(root).unlink()


def stub_altered(root: Path) -> None:
    stub(root).write_bytes(stub(root).read_bytes() + b"\n")


def stub_nobody_logged(root: Path) -> None:
    shutil.copy(stub(root), root / layout.purged_name(BRIDGE.object_id))


PURGE_DAMAGE: dict[Callable[[Path], None], str] = {
    stub_gone: f"./{layout.purged_name(CLINIC.object_id)}, what stays of {CLINIC.object_id}, is missing",
    stub_altered: f"./{layout.purged_name(CLINIC.object_id)} is not what was logged when",
    stub_nobody_logged: "a removal that is not in log.jsonl, or not here: ./purged-",
}


@pytest.mark.parametrize("hurt", PURGE_DAMAGE, ids=lambda hurt: hurt.__name__)
def test_damage_to_what_stays_of_a_removal_is_noticed(purged: Path, hurt: Callable[[Path], None]) -> None:
    hurt(purged)
    status, said = verified(purged)
    assert status == 1
    assert said.startswith(f"FAILED   {PURGE_DAMAGE[hurt]}")


def test_what_was_removed_by_law_must_not_come_back(purged: Path, whole: Path) -> None:
    shutil.copytree(folder(whole), folder(purged))
    status, said = verified(purged)
    assert status == 1
    assert said.startswith(f"FAILED   a version that is not in log.jsonl: {CLINIC.object_id} v1 ")


# --- signatures made with ssh-keygen -------------------------------------------------------------------


def ssh_signed(statement: Statement, folder: Path) -> bytes:
    """A record signed with the speaker's key by ssh-keygen itself."""
    private = SPEAKER.private.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())
    (folder / "key").write_bytes(private)
    (folder / "key").chmod(0o600)
    (folder / "message").write_bytes(pre_authentication(payload_of(statement)))
    command = ("ssh-keygen", "-q", "-Y", "sign", "-f", "key", "-n", "signoff@presskit", "message")
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return with_ssh_signature(payload_of(statement), read_armoured((folder / "message.sig").read_text()))


@pytest.fixture
def by_ssh(tmp_path: Path) -> Path:
    """An archive in which the speaker approved with an SSH key, and no other way."""
    if shutil.which("ssh-keygen") is None and os.environ.get("CI") != "true":
        pytest.skip("ssh-keygen is not on this machine: run .ci/judges")
    files = CLINIC.files()
    approval = read(files["sign-off/0003-rivers.dsse.json"]).statement
    files["sign-off/0003-rivers.dsse.json"] = ssh_signed(approval, tmp_path)
    files["manifest.dsse.json"] = signed_list(files)
    archive = archive_of(tmp_path / "archive", [])
    deposit(archive, CLINIC.object_id, files)
    return archive.root


def test_a_signature_made_with_ssh_keygen_is_checked(by_ssh: Path) -> None:
    assert verified(by_ssh)[0] == 0
    assert b"skipped" not in subprocess.run(["sh", SCRIPT, by_ssh], capture_output=True).stdout


def test_a_signature_made_with_ssh_keygen_over_something_else_is_noticed(
    by_ssh: Path, tmp_path: Path
) -> None:
    files = {name: Archive.open(by_ssh).read(CLINIC.object_id, name) for name in CLINIC.files()}
    name = "sign-off/0003-rivers.dsse.json"
    other = json.loads(ssh_signed(Statement("urn:presskit:other:v1", {}, {}), tmp_path / "archive.work"))
    files[name] = json.dumps(json.loads(files[name]) | {"signatures": other["signatures"]}).encode()
    insider(by_ssh, files)
    assert verified(by_ssh)[1].endswith("0003-rivers.dsse.json: no known key has signed this record")


def test_without_ssh_keygen_it_says_what_it_skipped(by_ssh: Path, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    for folder in ("/bin", "/usr/bin"):
        for program in Path(folder).iterdir():
            if program.name != "ssh-keygen" and not (tmp_path / "bin" / program.name).exists():
                (tmp_path / "bin" / program.name).symlink_to(program)
    done = subprocess.run(
        ["sh", SCRIPT, by_ssh], capture_output=True, text=True, env={"PATH": str(tmp_path / "bin")}
    )
    assert done.returncode == 0
    said = [line for line in done.stdout.splitlines() if line.startswith("skipped")]
    assert said == [
        "skipped  v1/content/sign-off/0003-rivers.dsse.json: its signature (sshsig) can not be checked here; "
        "for sshsig, install ssh-keygen"
    ]
