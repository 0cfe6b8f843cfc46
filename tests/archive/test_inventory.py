from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from presskit.archive import rules
from presskit.archive.inventory import (
    BadInventory,
    Inventory,
    Version,
    digest_of,
    next_inventory,
    read_inventory,
    write_inventory,
    write_sidecar,
)
from presskit.archive.layout import object_path
from presskit.archive.names import collision, why_bad_name

FACTS = Version("2026-11-23T09:30:00Z", "signed off", "Communications desk", "mailto:desk@example.org", {})


def two_versions() -> Inventory:
    first, _ = next_inventory(None, "urn:x:1", {"a.txt": b"one", "b.txt": b"one", "c.txt": b"two"}, FACTS)
    return next_inventory(first, "urn:x:1", {"a.txt": b"one", "d/e.txt": b"three"}, FACTS)[0]


def test_content_is_stored_once_for_all_names_and_versions() -> None:
    first, content = next_inventory(None, "urn:x:1", {"b.txt": b"one", "a.txt": b"one"}, FACTS)
    assert content == {"v1/content/a.txt": b"one"}
    second, content = next_inventory(first, "urn:x:1", {"b.txt": b"one", "new.txt": b"new"}, FACTS)
    assert content == {"v2/content/new.txt": b"new"}
    assert second.versions["v1"].names().keys() == {"a.txt", "b.txt"}
    assert second.manifest[digest_of(b"one")] == ("v1/content/a.txt",)


def test_an_inventory_comes_back_as_it_was_written() -> None:
    inventory = two_versions()
    assert read_inventory(write_inventory(inventory)) == inventory
    assert inventory.head == "v2"


def test_the_sidecar_is_what_sha512sum_writes() -> None:
    assert write_sidecar(b"abc") == (
        b"ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
        b"2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f inventory.json\n"
    )


def test_an_object_lies_where_the_extension_says() -> None:
    assert object_path("object-01") == "3c0/ff4/240/object-01"
    assert object_path("..hor/rib:le-$id") == "487/326/d8c/%2e%2ehor%2frib%3ale-%24id"
    long = "abcdefghij" * 10 + "k"
    digest = hashlib.sha256(long.encode()).hexdigest()
    assert object_path(long).rpartition("/")[2] == "abcdefghij" * 10 + "-" + digest


Change = Callable[[dict[str, Any]], object]
D = digest_of(b"one")


def manifest_path(path: str) -> Change:
    return lambda i: i["manifest"].update({D: [path]})


def logical(path: str) -> Change:
    return lambda i: i["versions"]["v1"]["state"].update({D: [path]})


def version(**fields: object) -> Change:
    return lambda i: i["versions"]["v1"].update(fields)


BROKEN: dict[str, tuple[str, Change]] = {
    "no id": ("E036", lambda i: i.pop("id")),
    "no head": ("E036", lambda i: i.pop("head")),
    "empty id": ("E037", lambda i: i.update(id="")),
    "an id that is a number": ("E037", lambda i: i.update(id=1)),
    "another type": ("E038", lambda i: i.update(type="https://ocfl.io/9.9/spec/#inventory")),
    "a weak digest": ("E025", lambda i: i.update(digestAlgorithm="md5")),
    "an old head": ("E040", lambda i: i.update(head="v1")),
    "a head that is a number": ("E040", lambda i: i.update(head=2)),
    "content in a path": ("E017", lambda i: i.update(contentDirectory="a/b")),
    "content above": ("E018", lambda i: i.update(contentDirectory="..")),
    "no manifest": ("E041", lambda i: i.pop("manifest")),
    "a manifest that is a list": ("E041", lambda i: i.update(manifest=[])),
    "versions that are a list": ("E044", lambda i: i.update(versions=[])),
    "no versions": ("E008", lambda i: i.update(versions={})),
    "a version that is a text": ("E047", lambda i: i["versions"].update(v1="x")),
    "a version with a strange name": ("E046", lambda i: i["versions"].update(one=i["versions"]["v1"])),
    "version nought": ("E046", lambda i: i["versions"].update(v0=i["versions"]["v1"])),
    "no first version": ("E009", lambda i: i["versions"].pop("v1")),
    "a gap": ("E010", lambda i: i["versions"].update(v4=i["versions"]["v2"])),
    "some numbers padded": ("E012", lambda i: i["versions"].update(v03=i["versions"].pop("v2"))),
    "a digest that is none": ("E025", lambda i: i["manifest"].update(beef=["v1/content/x"])),
    "a path that is no list": ("E091", lambda i: i["manifest"].update({D: "v1/content/a.txt"})),
    "a digest twice": ("E096", lambda i: i["manifest"].update({D.upper(): ["v1/content/z"]})),
    "an absolute path": ("E100", manifest_path("/etc/passwd")),
    "a path upward": ("E099", manifest_path("v1/content/../../../x")),
    "a path with nothing in it": ("E099", manifest_path("v1/content//x")),
    "a path beside the content": ("E042", manifest_path("v1/x")),
    "a path in no version": ("E042", manifest_path("v7/content/x")),
    "a path twice": ("E101", lambda i: i["manifest"].update({D: ["v1/content/c.txt"]})),
    "a path through a file": ("E101", manifest_path("v1/content/c.txt/x")),
    "no date": ("E048", lambda i: i["versions"]["v1"].pop("created")),
    "a date without offset": ("E049", version(created="2026-11-23T09:30:00")),
    "a date without seconds": ("E049", version(created="2026-11-23T09:30Z")),
    "a day that does not exist": ("E049", version(created="2026-02-30T09:30:00Z")),
    "a message that is a number": ("E094", version(message=1)),
    "a user without a name": ("E054", version(user={"address": "x"})),
    "a user that is a text": ("E054", version(user="desk")),
    "no state": ("E048", lambda i: i["versions"]["v1"].pop("state")),
    "a state that is a list": ("E050", version(state=[])),
    "a state with unknown content": (
        "E050",
        lambda i: i["versions"]["v1"]["state"].update({digest_of(b"?"): ["x"]}),
    ),
    "an absolute name": ("E053", logical("/a")),
    "a name upward": ("E052", logical("a/../../b")),
    "a name twice": ("E095", logical("c.txt")),
    "a name that is a folder": ("E095", logical("c.txt/x")),
    "content nobody uses": ("E107", lambda i: i["manifest"].update({digest_of(b"?"): ["v1/content/z"]})),
    "fixity that is a list": ("E111", lambda i: i.update(fixity=[])),
    "fixity of a file nobody knows": (
        "E057",
        lambda i: i.update(fixity={"md5": {"0" * 32: ["v1/content/none"]}}),
    ),
    "fixity with a digest twice": (
        "E097",
        lambda i: i.update(fixity={"md5": {"a" * 32: ["v1/content/a.txt"], "A" * 32: ["v1/content/a.txt"]}}),
    ),
}


@pytest.mark.parametrize(("code", "change"), BROKEN.values(), ids=BROKEN.keys())
def test_an_inventory_that_breaks_a_rule_is_refused_by_that_rule(code: str, change: Change) -> None:
    document = json.loads(write_inventory(two_versions()))
    change(document)
    with pytest.raises(BadInventory) as error:
        read_inventory(json.dumps(document).encode())
    assert code in {rule.code for rule in error.value.broken}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"\xff",
        b"{",
        b'{"id": "a", "id": "b"}',
        b'{"id": NaN}',
        b"[" * 100_000,
        b'"' + b"x" * (rules.LIMIT_BYTES + 1) + b'"',
    ],
    ids=["empty", "list", "binary", "cut", "field twice", "no number", "deep", "large"],
)
def test_what_is_no_inventory_is_said(content: bytes) -> None:
    with pytest.raises(BadInventory) as error:
        read_inventory(content)
    assert [rule.code for rule in error.value.broken] == ["E033"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


@example("type", [])
@example("manifest", {"": [[None]]})
@given(st.sampled_from(["id", "type", "digestAlgorithm", "head", "manifest", "versions", "fixity"]), JSON)
def test_no_value_of_a_field_surprises_the_reader(field: str, value: object) -> None:
    document = json.loads(write_inventory(two_versions()))
    document[field] = value
    try:
        inventory = read_inventory(json.dumps(document).encode())
    except BadInventory:
        return
    assert inventory.object_id == document["id"]


@given(st.sampled_from(["created", "message", "user", "state"]), JSON)
def test_no_value_of_a_version_surprises_the_reader(field: str, value: object) -> None:
    document = json.loads(write_inventory(two_versions()))
    document["versions"]["v1"][field] = value
    try:
        read_inventory(json.dumps(document).encode())
    except BadInventory as error:
        assert error.broken


@given(st.text(st.sampled_from("ab/.\\:\0\né "), max_size=8))
def test_a_name_that_may_be_deposited_stays_in_its_folder(name: str) -> None:
    if why_bad_name(name) is None:
        assert ".." not in name.split("/")
        assert not set(name) & set("\\:\0\n")
        assert all(name.split("/"))


def test_names_that_differ_are_no_collision() -> None:
    assert collision(["a", "b/a", "b/c", "A2"]) is None
    assert collision(["b/a", "B/c"]) is None
