from __future__ import annotations

import pytest

from presskit.archive.signed import find_signed
from presskit.errors import NotAllowed
from presskit.signoff.canon import digest

PDF, TEXT = b"the PDF", b"the text"
WANTED = {"a.pdf": digest(PDF), "a.txt": digest(TEXT)}


def test_the_first_place_that_has_the_signed_bytes_gives_them() -> None:
    asked: list[str] = []

    def later(name: str) -> bytes | None:
        asked.append(name)
        return {"a.txt": TEXT}.get(name)

    found = find_signed("a", WANTED, ({"a.pdf": PDF, "a.txt": b"built anew"}.get, later))
    assert found == {"a.pdf": PDF, "a.txt": TEXT}
    assert asked == ["a.txt"]


def test_what_no_place_has_is_named_with_all_the_others() -> None:
    with pytest.raises(NotAllowed) as lost:
        find_signed("a", WANTED, ({"a.pdf": b"other"}.get, lambda name: None))
    assert [(p.place.file, p.code) for p in lost.value.problems] == [
        ("output/a/a.pdf", "signed-file-lost"),
        ("output/a/a.txt", "signed-file-lost"),
    ]


def test_a_file_nobody_signed_is_nowhere() -> None:
    with pytest.raises(NotAllowed, match="signed-file-lost"):
        find_signed("a", {"a.pdf": ""}, ({"a.pdf": PDF}.get,))
